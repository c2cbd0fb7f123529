//! Quorums, coalitions and clauses in words.

use crate::facts::control::Formula;
use crate::model::domain::{ApprovalPlace, Domain, Gate, Limit};
use crate::model::{At, DataId, Grant, IdentityKind, OnFailure, PeopleQuorum, Quorum, Said};
use crate::report::evidence::Line;
use crate::report::evidence::reading::Reading;
use crate::words::duration;
use std::collections::BTreeSet;

/// `a and b`, `a or b`, `2 of (a, b, c)`.
fn joined(need: u32, parts: &[String]) -> String {
    match (need as usize, parts) {
        (_, []) => "nobody".to_owned(),
        (_, [one]) => one.clone(),
        (1, _) => parts.join(" or "),
        (need, _) if need == parts.len() => parts.join(" and "),
        _ => format!("{need} of ({})", parts.join(", ")),
    }
}

/// The same for people: `a and b together` if all of several are needed.
fn together(need: u32, parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    let text = joined(need, &parts);
    match parts.len() > 1 && need as usize == parts.len() {
        true => format!("{text} together"),
        false => text,
    }
}

impl Reading<'_> {
    /// A quorum over functions.
    pub(in crate::report) fn quorum(&self, quorum: &Quorum) -> String {
        match quorum {
            Quorum::None => "no approval".to_owned(),
            Quorum::Seat(1, function) => self.model.functions[function.index()].meta.name.to_string(),
            Quorum::Seat(need, function) => format!("{need} people as {}", self.model.functions[function.index()].meta.name),
            Quorum::Threshold(need, parts) => {
                let inner = |part: &Quorum| match part {
                    Quorum::Threshold(..) => format!("({})", self.quorum(part)),
                    Quorum::None | Quorum::Seat(..) => self.quorum(part),
                };
                joined(*need, &parts.iter().map(inner).collect::<Vec<_>>())
            }
        }
    }

    /// Who can change something.
    pub(in crate::report) fn people(&self, quorum: &PeopleQuorum) -> String {
        match quorum {
            PeopleQuorum::None => "nobody".to_owned(),
            PeopleQuorum::Person(person, _) => self.person(*person),
            PeopleQuorum::Team(1, team, _) => format!("anyone in {}", self.model.teams[team.index()].meta.shown()),
            PeopleQuorum::Team(need, team, _) => format!("{need} people in {}", self.model.teams[team.index()].meta.shown()),
            PeopleQuorum::Threshold(need, parts) => together(*need, parts.iter().map(|part| self.people(part))),
        }
    }

    /// Who can change something, if the files state it.
    pub(in crate::report) fn managed(&self, said: &Said<At<PeopleQuorum>>) -> Option<Line> {
        said.known().map(|at| Line {
            text: self.people(&at.value),
            at: self.at(at.span),
        })
    }

    /// The persons of a coalition that can do something: one such coalition if there are several.
    pub(in crate::report) fn able(&self, formula: &Formula) -> String {
        match formula {
            Formula::Never => "nobody".to_owned(),
            Formula::Unknown => "somebody whom the files do not name".to_owned(),
            Formula::Left => "the people named have left".to_owned(),
            Formula::Person(person) => self.person(*person),
            Formula::Team(team, _) => format!("anyone who decides who is in {}", self.model.teams[team.index()].meta.shown()),
            Formula::Threshold(1, parts) => {
                let able: BTreeSet<String> = parts
                    .iter()
                    .filter(|part| !matches!(part, Formula::Never))
                    .map(|part| self.able(part))
                    .collect();
                joined(1, &able.into_iter().collect::<Vec<_>>())
            }
            Formula::Threshold(need, parts) => together(*need, parts.iter().map(|part| self.able(part))),
        }
    }

    /// `write customer.profile, customer.consent in crm`
    pub(in crate::report) fn grant(&self, grant: &Grant) -> String {
        let model = self.model;
        let data = |ids: &[DataId]| {
            ids.iter()
                .map(|id| &*model.data[id.index()].meta.name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut text = format!("{} {}", model.actions[grant.action.index()].meta.name, data(&grant.data));
        if !grant.except.is_empty() {
            text += &format!(" except {}", data(&grant.except));
        }
        if !grant.systems.is_empty() {
            let systems: Vec<&str> = grant.systems.iter().map(|id| &*model.systems[id.index()].meta.name).collect();
            text += &format!(" in {}", systems.join(", "));
        }
        text
    }
}

/// `5_000 records in 24 hours`
pub(in crate::report) fn limit(limit: &Limit) -> String {
    let per = limit
        .per
        .map_or("in one request".to_owned(), |seconds| format!("in {}", duration(seconds)));
    format!("{} {} {per}", limit.most.to_source(), limit.input)
}

/// For how long an approval is valid, and for what.
pub(in crate::report) fn validity(domain: &Domain) -> String {
    let bound = match domain.binds_action {
        true => "each for this one change",
        false => "each for the task",
    };
    format!("{bound}, valid for {}", duration(domain.valid))
}

/// What remains possible while people are absent: how many may be, at worst; `None` if nobody can decide at all.
pub(in crate::report) fn resilience(away: Option<usize>) -> String {
    match away {
        None => "nobody can decide, even if everybody is present".to_owned(),
        Some(usize::MAX) => "nobody is needed".to_owned(),
        Some(0) => "if one person is absent, it may be that nobody can decide".to_owned(),
        Some(1) => "still possible if any one person is absent".to_owned(),
        Some(away) => format!("still possible if any {away} people are absent"),
    }
}

/// When a tier applies, in the words of the file.
pub(in crate::report) fn gate(gate: &Gate, text: &str) -> Option<String> {
    match gate {
        Gate::Always => None,
        Gate::Otherwise => Some("otherwise".to_owned()),
        Gate::When(_) => Some(format!(
            "when {}",
            text.split_once(" when ").map_or(text, |(_, condition)| condition)
        )),
    }
}

/// `workload identity`
pub(in crate::report) fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Workload => "workload identity",
        IdentityKind::Delegated => "a user's identity, delegated",
        IdentityKind::ServiceAccount => "service account",
        IdentityKind::User => "a person's account",
        IdentityKind::ApiKey => "API key",
    }
}

/// What happens when the enforcement point cannot decide.
pub(in crate::report) fn on_failure(on_failure: OnFailure) -> &'static str {
    match on_failure {
        OnFailure::Deny => "denies if it fails",
        OnFailure::Allow => "allows everything if it fails",
    }
}

/// Where approvals are kept.
pub(in crate::report) fn place(reading: &Reading<'_>, place: ApprovalPlace) -> String {
    match place {
        ApprovalPlace::Signed => "each signed by the approver".to_owned(),
        ApprovalPlace::In(system) => format!("kept in {}", reading.model.systems[system.index()].meta.shown()),
    }
}
