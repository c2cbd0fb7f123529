//! Quorums, coalitions and clauses in words.

use crate::checks::requirements::duration;
use crate::facts::control::{Formula, Means};
use crate::model::domain::{ApprovalPlace, Gate};
use crate::model::{At, DataId, EnforcementId, Grant, IdentityKind, OnFailure, PeopleQuorum, Quorum, Said};
use crate::report::evidence::Line;
use crate::report::evidence::reading::Reading;
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

/// A number of things: `1 person`, `2 people`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// A duration, or that the files do not state it.
pub(super) fn lasting(seconds: Option<i64>) -> Option<String> {
    seconds.map(duration)
}

impl Reading<'_> {
    /// A quorum over functions.
    pub(super) fn quorum(&self, quorum: &Quorum) -> String {
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
    pub(super) fn people(&self, quorum: &PeopleQuorum) -> String {
        match quorum {
            PeopleQuorum::None => "nobody".to_owned(),
            PeopleQuorum::Person(person, _) => self.person(*person),
            PeopleQuorum::Team(1, team, _) => format!("anyone in {}", self.model.teams[team.index()].meta.shown()),
            PeopleQuorum::Team(need, team, _) => format!("{need} people in {}", self.model.teams[team.index()].meta.shown()),
            PeopleQuorum::Threshold(need, parts) => joined(*need, &parts.iter().map(|part| self.people(part)).collect::<Vec<_>>()),
        }
    }

    /// Who can change something, if the files state it.
    pub(super) fn managed(&self, said: &Said<At<PeopleQuorum>>) -> Option<Line> {
        said.known().map(|at| Line {
            text: self.people(&at.value),
            at: self.at(at.span),
        })
    }

    /// The persons of a coalition that can do something: one such coalition if there are several.
    pub(super) fn able(&self, formula: &Formula) -> String {
        match formula {
            Formula::Never => "nobody".to_owned(),
            Formula::Unknown => "nobody said who".to_owned(),
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
            Formula::Threshold(need, parts) => joined(*need, &parts.iter().map(|part| self.able(part)).collect::<Vec<_>>()),
        }
    }

    /// How an approval can be made to appear.
    pub(super) fn means(&self, means: Means) -> String {
        let model = self.model;
        match means {
            Means::Team(team) => format!("decides who is in {}", model.teams[team.index()].meta.shown()),
            Means::Place(system) => format!(
                "administers {}, where the approvals are kept",
                model.systems[system.index()].meta.shown()
            ),
            Means::UnsaidPlace(_) => "can write where the approvals are kept, which the files do not say".to_owned(),
            Means::Series(first, second, more) => {
                let name = |id: EnforcementId| model.enforcements[id.index()].meta.shown();
                let more = if more == 0 { String::new() } else { format!(", and {more} more,") };
                format!("decides what {} and {}{more} let through", name(first), name(second))
            }
            Means::Enforcement(enforcement) => {
                format!("decides what {} lets through", model.enforcements[enforcement.index()].meta.shown())
            }
            Means::Agent(agent) => format!(
                "owns the agent {}, which holds the function",
                model.agents[agent.index()].meta.shown()
            ),
            Means::Issuer(agent) => format!(
                "issues the identity of the agent {}, which holds the function",
                model.agents[agent.index()].meta.shown()
            ),
            Means::Identity(identity) => format!(
                "owns or issues the identity {}, which holds the function",
                model.identities[identity.index()].meta.shown()
            ),
        }
    }

    /// `write customer.profile, customer.consent in crm`
    pub(super) fn grant(&self, grant: &Grant) -> String {
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

/// When a tier applies, in the words of the file.
pub(super) fn gate(gate: &Gate, text: &str) -> Option<String> {
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
pub(super) fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Workload => "workload identity",
        IdentityKind::Delegated => "a user's identity, delegated",
        IdentityKind::ServiceAccount => "service account",
        IdentityKind::User => "a person's account",
        IdentityKind::ApiKey => "API key",
    }
}

/// What happens when the enforcement point cannot decide.
pub(super) fn on_failure(on_failure: OnFailure) -> &'static str {
    match on_failure {
        OnFailure::Deny => "denies if it fails",
        OnFailure::Allow => "allows everything if it fails",
    }
}

/// Where approvals are kept.
pub(super) fn place(reading: &Reading<'_>, place: ApprovalPlace) -> String {
    match place {
        ApprovalPlace::Signed => "each signed by the approver".to_owned(),
        ApprovalPlace::In(system) => format!("kept in {}", reading.model.systems[system.index()].meta.shown()),
    }
}
