//! A stop that one person holds and nobody else can use.

use crate::checks::Context;
use crate::checks::dependent_rollback::{Bad, CHECK, changed_by, first_bad, owned, stopped};
use crate::checks::stating::of_agent;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::software::Entered;
use crate::model::{AgentId, Party, PersonId};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with the stop of an agent that changes something, where one person alone can use it, today or
/// from a day within the horizon: the agent continues while that person is away.
pub(super) fn stop(context: &Context<'_>, id: AgentId, software: &BTreeMap<PersonId, Entered>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let stop = agent.stop.as_ref()?;
    let points = changed_by(context, id);
    if points.is_empty() {
        return None;
    }
    // Software that has an entry as a person counts as nobody. Another finding reports the entry.
    let (when, people, person) = first_bad(context, Some(stop.by), |people: &BTreeSet<PersonId>| {
        let mut left = people.iter().filter(|person| !software.contains_key(person));
        left.next().copied().filter(|_| left.next().is_none())
    })?;
    let person = &model.people[person.index()].meta.name;
    let (name, from) = (&agent.meta.name, when.from());
    let label = match stop.by {
        Party::Team(team) => format!(
            "{} has no other member: nobody can stop it while {person} is away",
            model.teams[team.index()].meta.name
        ),
        Party::Person(_) | Party::Agent(_) | Party::Identity(_) => {
            format!("nobody stands in for {person}, so nobody can stop it during an absence")
        }
    };
    let message = format!("{from}only {person} can stop {name}");
    let finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, stop.span, message)
        .label(stop.span, label);
    let mut finding = owned(context, when.shown(finding), &[id], &people);
    finding.level = Level::Warning;
    finding.finding.selector = "one person".to_owned();
    stopped(context, id, &mut finding, &points);
    let there = match when {
        Bad::Today => String::new(),
        Bad::Later(day, _) => format!(" from {day} on"),
    };
    let help = match stop.by {
        Party::Team(team) => {
            let team = &model.teams[team.index()].meta.name;
            let edit = format!("members …  with somebody else who can stop it{there}, in team {team},");
            of_agent(model, agent, &edit)
        }
        Party::Person(_) | Party::Agent(_) | Party::Identity(_) => {
            let edit = format!("stop {} by …  with a team in which somebody stands in for {person},", stop.means);
            of_agent(model, agent, &edit)
        }
    };
    Some(finding.help(help))
}
