//! Software among the people that holds no function: it is in a team, or it has its own entry as a person.

use crate::checks::Context;
use crate::checks::agent_approver::CHECK;
use crate::checks::agent_approver::held::{Software, named, software};
use crate::diagnostic::Diagnostic;
use crate::facts::identity::restorers;
use crate::facts::software::Entered;
use crate::model::{Meta, Model, Party, PersonId};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// One finding for each team that names software and for each person who is software, unless another finding
/// reports them.
pub(super) fn run(context: &Context<'_>, entered: &BTreeMap<PersonId, Entered>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let seated = seated(model);
    for (index, team) in model.teams.iter().enumerate() {
        if !seated.contains(&Party::Team((index as u32).into())) {
            let label = "a team consists of people; software cannot be held accountable for what a team decides";
            out.extend(say(context, (Kind::Team, &team.meta), named(model, team), label));
        }
    }
    let in_teams = seated.iter().flat_map(|party| party.people(model));
    let holders: BTreeSet<PersonId> = in_teams.collect();
    let restorers = restorers(model);
    for (person, entry) in entered {
        // The finding at the identity reports what an agent or a rollback runs as.
        let runs = context.users.contains_key(&entry.identity) || restorers.contains_key(&entry.identity);
        if !holders.contains(person) && !runs {
            let meta = &model.people[person.index()].meta;
            let label = "only a person can be held accountable; software cannot, even if it stops, starts or runs something";
            out.extend(say(
                context,
                (Kind::Person, meta),
                software(model, entered, Party::Person(*person)),
                label,
            ));
        }
    }
}

/// Everybody who holds a function, or to whom somebody hands one.
fn seated(model: &Model) -> BTreeSet<Party> {
    let workspace = model.workspace.iter().flat_map(|workspace| &workspace.seats);
    let seats = model.domains.iter().flat_map(|domain| &domain.seats).chain(workspace);
    let parties = seats.flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies));
    let receivers = model.delegations.iter().filter_map(|delegation| delegation.to);
    parties
        .map(|party| party.value)
        .chain(receivers.map(|to| Party::Person(to.value)))
        .collect()
}

fn say(context: &Context<'_>, (kind, meta): (Kind, &Meta), held: Vec<Software>, label: &str) -> Option<Diagnostic> {
    let first = held.first()?;
    let at = first.said.as_ref().map_or(meta.span, |(at, _)| *at);
    let message = format!("{} is not a person", first.name);
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    let mut edits = Vec::new();
    let mut otherwise = None;
    for (number, software) in held.into_iter().enumerate() {
        finding = finding.magnitude(software.magnitude);
        finding = match software.said.filter(|_| number > 0) {
            Some((at, text)) => finding.related(at, text),
            None => finding,
        };
        edits.push(
            software
                .edit
                .unwrap_or_else(|| format!("remove person {}, and name the person who is accountable", meta.name)),
        );
        otherwise = otherwise.or(software.otherwise);
    }
    let finding = finding.help(edits.join(";  "));
    Some(otherwise.into_iter().fold(finding, |finding, edit| finding.help(edit)))
}
