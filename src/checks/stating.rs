//! Edits that state a fact. Writing the fact does not make it true, so the edit asks nobody to write something
//! untrue.

use crate::model::{Agent, At, Identity, Ledger, LedgerId, Model, PeopleQuorum, Rollback, Said, System};
use crate::words::few;

/// An edit that states a fact about something, with who can confirm it: whoever manages it, otherwise security.
pub fn only_if(model: &Model, edit: &str, managed_by: Option<&Said<At<PeopleQuorum>>>) -> String {
    let mut names: Vec<&str> = Vec::new();
    if let Some(quorum) = managed_by.and_then(Said::known) {
        managers(model, &quorum.value, &mut names);
    }
    match names.is_empty() {
        true => said_by(edit, "security"),
        false => said_by(edit, &few(&names)),
    }
}

/// The same with somebody who can confirm it. If the files name no manager, that somebody is security.
pub fn said_by(edit: &str, who: &str) -> String {
    // Words continue after a comma; text to write is set apart from words.
    let gap = if edit.ends_with(',') { " " } else { "  " };
    format!("{edit}{gap}only if it is so; if not, make it so first ({who} can say)")
}

/// The same for an agent: its owner can confirm it.
pub fn of_agent(model: &Model, agent: &Agent, edit: &str) -> String {
    let owner = agent.owner.map(|owner| &*model.people[owner.value.index()].meta.name);
    said_by(edit, owner.unwrap_or("security"))
}

/// The same for a rollback: whoever runs it can confirm it.
pub fn of_rollback(model: &Model, rollback: &Rollback, edit: &str) -> String {
    let owner = rollback.owner.map(|owner| &*owner.value.meta(model).name);
    said_by(edit, owner.unwrap_or("security"))
}

/// The same for a system: whoever manages it can confirm it.
pub fn of_system(model: &Model, system: &System, edit: &str) -> String {
    only_if(model, edit, Some(&system.managed_by))
}

/// The same for how an identity is issued: whoever runs the issuer can confirm it.
pub fn of_identity(model: &Model, identity: &Identity, edit: &str) -> String {
    let issuer = identity.issued_by.map(|system| &model.systems[system.index()].managed_by);
    only_if(model, edit, issuer)
}

/// The same for how a ledger keeps its records.
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
