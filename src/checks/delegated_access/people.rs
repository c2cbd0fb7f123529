//! The people for whom an agent acts: whether they are still there, and whether the rights it uses are theirs.

use super::{CHECK, counted};
use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::account::Accounts;
use crate::model::agent::ActsFor;
use crate::model::{AgentId, IdentityId, Party};
use crate::syntax::vocabulary::Kind;

/// Somebody who has left, or leaves within the horizon; of a team, everybody.
pub(super) fn left(context: &Context<'_>, id: AgentId, acts: &ActsFor) -> Option<Diagnostic> {
    let model = context.model;
    let last = acts.principal.last_day(model)?;
    let agent = &model.agents[id.index()];
    let others = acts.principal.meta(model);
    let (name, day) = (&agent.meta.name, last.value);
    let level = context.leaving(day)?;
    let gone = level == Level::Error;
    let team = matches!(acts.principal, Party::Team(_));
    let then = match (team, gone) {
        (false, true) => format!("who left on {day}"),
        (false, false) => format!("who leaves on {day}"),
        (true, true) => "and everybody in it has left".to_owned(),
        (true, false) => format!("and after {day} all its members have left"),
    };
    let label = match gone {
        true => "the agent still uses the rights of a person who has left",
        false => "after that day the agent would still use the rights of a person who has left",
    };
    let message = format!("{name} acts for {}, {then}", others.name);
    let mut finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, acts.span, message)
        .label(acts.span, label)
        .related(
            last.span,
            if team {
                "the last of them has this last day"
            } else {
                "the last day is here"
            },
        );
    finding.level = level;
    let finding = counted(context, finding, id, &format!("left {}", others.id));
    Some(
        finding
            .help(format!("remove `acts_for {}` from agent {name}", others.name))
            .help(format!("acts_for …  with an active person, in agent {name}")),
    )
}

/// Delegated identities of an agent that use the account of somebody for whom it does not act, or who has left.
pub(super) fn on_whose_rights(context: &Context<'_>, accounts: &Accounts<'_>, id: AgentId) -> Vec<Diagnostic> {
    let identities = context.facts.reach[id.index()].identities.iter();
    identities
        .filter_map(|identity| of_another(context, accounts, id, *identity))
        .collect()
}

fn of_another(context: &Context<'_>, accounts: &Accounts<'_>, id: AgentId, identity: IdentityId) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let own = &model.identities[identity.index()];
    let known = accounts.person(own).filter(|_| own.is_delegated())?;
    let (person, principal) = (known.person, known.principal);
    let human = |party: Party| {
        let mut people = party.people(model).into_iter();
        people.any(|other| model.people[other.index()].human == person.human)
    };
    let (name, theirs) = (&agent.meta.name, &person.meta.name);
    let first = agent.acts_for.first()?;
    let finding = |acts: &ActsFor, message: String, label: String| {
        context
            .finding(&CHECK, Kind::Agent, &agent.meta, acts.span, message)
            .label(acts.span, label)
            .related(principal.span, format!("{} is known as {} here", own.meta.name, principal.value))
    };
    let Some(acts) = agent.acts_for.iter().find(|acts| human(acts.principal)) else {
        let others = &first.principal.meta(model).name;
        let message = format!("{name} acts with the rights of {theirs}, for whom it does not act");
        let label = format!("acts for {others}, on an account of {theirs}");
        let finding = finding(first, message, label).related(known.account, format!("the account is {theirs}'s"));
        let whose = match first.principal {
            Party::Team(_) => format!("somebody in {others}"),
            Party::Person(_) | Party::Agent(_) | Party::Identity(_) => others.to_string(),
        };
        let finding = finding
            .help(format!("principal …  of {whose}, in identity {}", own.meta.name))
            .help(format!("acts_for {theirs} within {{ … }}  in agent {name}"));
        return Some(counted(context, finding, id, &format!("as {}", person.meta.id)));
    };
    // If the agent names a person directly, the finding is at its `acts_for` line.
    let until = person.until.filter(|_| matches!(acts.principal, Party::Team(_)))?;
    let level = context.leaving(until.value)?;
    let gone = level == Level::Error;
    let all = acts.principal.last_day(model).and_then(|last| context.leaving(last.value));
    if all.is_some() {
        return None;
    }
    let leaves = if gone { "left" } else { "leaves" };
    let message = format!("{name} acts with the rights of {theirs}, who {leaves} on {}", until.value);
    let label = format!(
        "others in {} are active, and the account is {theirs}'s",
        acts.principal.meta(model).name
    );
    let mut finding = finding(acts, message, label).related(until.span, "the last day is here");
    finding.level = level;
    let finding = finding.help(format!("principal …  of an active person, in identity {}", own.meta.name));
    Some(counted(context, finding, id, &format!("as {}", person.meta.id)))
}
