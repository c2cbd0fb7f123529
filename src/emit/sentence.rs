//! An answer in plain words, one sentence for each reason and domain.

use crate::emit::answer::{Answer, Denial, Place};
use crate::emit::obligation::{Duty, Obligation};
use crate::emit::policy::{CHECKED_WITHIN, Domain, Policy};
use crate::emit::reason::Reason;
use crate::words::{duration, list};
use serde_json::Value;
use std::collections::BTreeMap;

/// The names in sentences about domains.
pub struct Titles(BTreeMap<String, Said>);

/// The names for one domain.
struct Said {
    title: String,
    /// For how many seconds an approval is valid.
    valid: i64,
    /// The names of its inputs, in order.
    inputs: Vec<String>,
}

impl Titles {
    /// Those of a policy.
    pub fn of(policy: &Policy) -> Titles {
        let said = |domain: &Domain| Said {
            title: domain.title.clone(),
            valid: domain.valid,
            inputs: names(domain.inputs.keys()),
        };
        Titles(policy.domains.iter().map(|(id, domain)| (id.clone(), said(domain))).collect())
    }

    /// Reads the titles from the data of a Rego policy.
    pub fn read(data: &Value) -> Titles {
        let said = |domain: &Value| {
            Some(Said {
                title: domain["title"].as_str()?.to_owned(),
                valid: domain["valid"].as_i64()?,
                inputs: names(domain["inputs"].as_object().into_iter().flat_map(serde_json::Map::keys)),
            })
        };
        let domains = data["quorate"]["domains"].as_object().into_iter().flatten();
        Titles(domains.filter_map(|(id, domain)| Some((id.clone(), said(domain)?))).collect())
    }

    /// Why a request is denied, in the order of the reasons; or what must be done because it is allowed. The
    /// sentences name no person.
    pub fn sentences(&self, answer: &Answer) -> Vec<String> {
        type Places<'a> = Vec<&'a Place>;
        let mut by_domain: BTreeMap<(Reason, Option<&str>), Places> = BTreeMap::new();
        for Denial { reason, domain, place } in &answer.denials {
            by_domain.entry((*reason, domain.as_deref())).or_default().extend(place);
        }
        by_domain
            .iter()
            .map(|((reason, domain), places)| sentence(self, *reason, *domain, places))
            .chain(answer.obligations.iter().map(|owed| self.duty(owed)))
            .collect()
    }

    fn duty(&self, owed: &Obligation) -> String {
        let title = self.0.get(&owed.domain).map_or(owed.domain.as_str(), |said| &said.title);
        match owed.duty {
            Duty::Consume => format!("this uses up the approvals for {title}"),
            Duty::ReviewDue(within) => format!("a review for {title} is due within {} of the emergency", duration(within)),
        }
    }
}

/// The names of inputs, without the currency after some of them.
fn names<'a>(keys: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = keys
        .map(|key| key.split_once(':').map_or(&**key, |(name, _)| name).to_owned())
        .collect();
    names.dedup();
    names
}

fn sentence(titles: &Titles, reason: Reason, id: Option<&str>, places: &[&Place]) -> String {
    let domain = id.and_then(|id| titles.0.get(id));
    let title = domain.map(|said| said.title.as_str()).or(id).unwrap_or("a domain");
    let who: Vec<String> = places.iter().map(|place| who(id.unwrap_or_default(), place)).collect();
    let several = who.len() > 1;
    let who = list(who.iter().map(String::as_str), "and");
    let approval = if several { "the approvals of" } else { "the approval of" };
    let is = if several { "are" } else { "is" };
    match reason {
        Reason::Missing if places.is_empty() => format!("{title} has no quorum that anybody could satisfy for this request"),
        Reason::Missing => format!("{who} {} not approved for {title}", if several { "have" } else { "has" }),
        Reason::Ineligible if places.is_empty() => "the person who asked has left, is unknown, or may not start this task".to_owned(),
        Reason::Ineligible => format!("{approval} {who} for {title} {is} from a person who may not give it"),
        Reason::Stale => {
            let valid = domain.map_or("allowed".to_owned(), |said| duration(said.valid));
            format!("{approval} {who} for {title} {is} older than {valid}, from the future, or from before the emergency")
        }
        Reason::BoundElsewhere => {
            let was = if several { "were" } else { "was" };
            format!("{approval} {who} for {title} {was} given for another change")
        }
        Reason::SamePerson if places.is_empty() => "the approvals are from too few different people".to_owned(),
        Reason::SamePerson => format!("{approval} {who} for {title} {is} from one person, but different people are required"),
        Reason::OutOfScope => "the task, a call on the way or the person acted for does not let the agent do this to this data".to_owned(),
        Reason::Expired => "the task has ended or has not begun, or a waiver that this depends on has ended".to_owned(),
        Reason::Purpose if id.is_some() => format!("{title} does not allow this purpose"),
        Reason::Purpose => "the purpose is not that of the task".to_owned(),
        Reason::Credential => "the agent does not use its own identity with a valid credential that is short-lived enough".to_owned(),
        Reason::Limit if id.is_some() => {
            let inputs: Vec<String> = domain
                .map_or(&[][..], |said| &said.inputs)
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let inputs = match inputs.is_empty() {
                true => "an input".to_owned(),
                false => list(inputs.iter().map(String::as_str), "or"),
            };
            format!("{inputs}, which {title} needs, is missing, out of bounds or over a limit")
        }
        Reason::Limit => "an input is missing or over a limit of the task".to_owned(),
        Reason::Emergency => format!(
            "the emergency does not apply to {title}: it is over, or the person who declared it has left, asked for this, or is the person the agent acts for"
        ),
        Reason::UnknownTool => "the files do not say what this tool does".to_owned(),
        Reason::StalePolicy => "the request is for another revision of the policies".to_owned(),
        Reason::NotReady => {
            let within = duration(CHECKED_WITHIN);
            format!("the evidence or the rollback of {title} is not ready, or was not checked within {within}")
        }
        Reason::Malformed => "the request does not have the required form".to_owned(),
    }
}

/// `privacy`, or for a further slot `another person of privacy`.
fn who(domain: &str, place: &Place) -> String {
    let name = place.function.rsplit('.').next().unwrap_or(&place.function);
    let first = [domain, "/", &place.function].concat() == place.slot;
    let another = if first { "" } else { "another person of " };
    [another, name].concat()
}
