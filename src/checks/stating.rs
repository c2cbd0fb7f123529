//! Edits that state a fact: they are true or not whatever is written, so nobody is invited to write what is not so.

use crate::checks::requirements::few;
use crate::model::{At, Identity, Ledger, LedgerId, Model, PeopleQuorum, Said};

/// An edit that states a fact about something, with who can say whether it is so: whoever manages it.
pub fn only_if(model: &Model, edit: &str, managed_by: Option<&Said<At<PeopleQuorum>>>) -> String {
    let mut names: Vec<&str> = Vec::new();
    if let Some(quorum) = managed_by.and_then(Said::known) {
        managers(model, &quorum.value, &mut names);
    }
    let say = match names.is_empty() {
        true => String::new(),
        false => format!(" ({} can say)", few(&names)),
    };
    format!("{edit}  only if it is so; if not, make it so first{say}")
}

/// The same of how an identity is issued: whoever runs what issues it can say.
pub fn of_identity(model: &Model, identity: &Identity, edit: &str) -> String {
    let issuer = identity.issued_by.map(|system| &model.systems[system.index()].managed_by);
    only_if(model, edit, issuer)
}

/// The same of how a ledger keeps what is in it.
pub fn of_ledger(model: &Model, ledger: &Ledger, edit: &str) -> String {
    only_if(model, edit, Some(&ledger.managed_by))
}

/// `approvals signed  in ledger approvals_ledger`, as a fact.
pub fn signed(model: &Model, ledger: LedgerId) -> String {
    let own = &model.ledgers[ledger.index()];
    of_ledger(model, own, &format!("approvals signed  in ledger {}", own.meta.name))
}

fn managers<'a>(model: &'a Model, quorum: &PeopleQuorum, names: &mut Vec<&'a str>) {
    let name = match quorum {
        PeopleQuorum::None => return,
        PeopleQuorum::Person(person, _) => &*model.people[person.index()].meta.name,
        PeopleQuorum::Team(_, team, _) => &*model.teams[team.index()].meta.name,
        PeopleQuorum::Threshold(_, parts) => {
            parts.iter().for_each(|part| managers(model, part, names));
            return;
        }
    };
    if !names.contains(&name) {
        names.push(name);
    }
}
