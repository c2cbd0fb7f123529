//! An agent that nobody can stop, or not fast enough.

use crate::checks::calling::by_call;
use crate::checks::requirements::{agents, because_of, by_rule, duration};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::written;
use crate::model::{Agent, AgentId, Model, Requirement, Rule, TaskId};
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV405"),
    page: include_str!("../../docs/codes/no-stop.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<AgentId> = BTreeSet::new();
    let mut rules = by_rule(context, asked_for);
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, within, _)| within.unwrap_or(i64::MAX));
    for (asked, within, atoms) in rules {
        for (id, atoms) in agents(context, &atoms) {
            if !said.contains(&id) {
                let found = say(context, id, (asked, within), &atoms, None);
                said.extend(found.iter().map(|_| id));
                out.extend(found);
            }
        }
    }
    for (task, day) in context.beginning() {
        let agent = context.model.tasks[task.index()].agent;
        let mut rules = rules_for(context, task);
        rules.sort_by_key(|(_, within, _)| within.unwrap_or(i64::MAX));
        for (asked, within, atoms) in rules {
            if !said.contains(&agent) {
                let found = say(context, agent, (asked, within), &atoms, Some((task, day)));
                said.extend(found.iter().map(|_| agent));
                out.extend(found);
            }
        }
    }
}

/// How fast a rule asks for a stop; none within if it does not say.
fn asked_for(rule: &Rule) -> Option<Option<i64>> {
    match rule.requirement {
        Requirement::Stop(within) => Some(within),
        _ => None,
    }
}

/// The rules about what a task lets its agent do, each with what it speaks of.
fn rules_for(context: &Context<'_>, task: TaskId) -> Vec<(Asked, Option<i64>, Vec<AtomId>)> {
    let mut found: BTreeMap<Asked, (Option<i64>, Vec<AtomId>)> = BTreeMap::new();
    for atom in context.facts.scope(task) {
        let arriving = context.facts.arriving[atom.index()].iter().map(|own| &own.asked);
        for asked in context.facts.asked[atom.index()].iter().chain(arriving) {
            if let Some(within) = asked_for(asked.rule(context.model)) {
                found.entry(*asked).or_insert((within, Vec::new())).1.push(*atom);
            }
        }
    }
    found.into_iter().map(|(asked, (within, atoms))| (asked, within, atoms)).collect()
}

/// What is wrong with the stop of an agent, for what it does already or for a task that begins on a day.
fn say(
    context: &Context<'_>,
    id: AgentId,
    (asked, most): (Asked, Option<i64>),
    atoms: &[AtomId],
    coming: Option<(TaskId, Date)>,
) -> Option<Diagnostic> {
    let agent = &context.model.agents[id.index()];
    let name = &agent.meta.name;
    let (at, message, label) = match (&agent.stop, most) {
        (None, _) => (agent.meta.span, format!("nobody can stop {name}"), "says no `stop`".to_owned()),
        (Some(stop), Some(most)) => match stop.within {
            Some(within) if within <= most => return None,
            Some(within) => {
                let message = format!(
                    "stopping {name} takes {}, longer than the {} asked for",
                    duration(within),
                    duration(most)
                );
                (stop.span, message, "it goes on changing records that long".to_owned())
            }
            None => (
                stop.span,
                format!("nothing says how fast {name} can be stopped"),
                format!("{} are asked for", duration(most)),
            ),
        },
        (Some(_), None) => return None,
    };
    let message = match coming {
        Some((task, day)) => format!(
            "{message}, and its task {} begins on {day}",
            context.model.tasks[task.index()].meta.name
        ),
        None => message,
    };
    let finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    let finding = because_of(context, finding, asked, atoms);
    let within = agent.stop.as_ref().and_then(|stop| stop.within);
    let within = within.map_or("unsaid".to_owned(), |within| within.to_string());
    let finding = finding.extent(match agent.stop {
        Some(_) => within,
        None => "no stop".to_owned(),
    });
    let mut finding = match (atoms.first(), coming) {
        (Some(atom), None) => by_call(context, finding, id, *atom),
        (_, Some((task, day))) => {
            let task = &context.model.tasks[task.index()];
            let starts = task.starts.map_or(task.meta.span, |starts| starts.span);
            finding.related(starts, format!("{} begins on {day}", task.meta.name))
        }
        (None, None) => finding,
    };
    finding.finding.operations = context.operations(atoms);
    finding.finding.decision_points = atoms.len();
    finding.finding.decision = atoms.first().map(|atom| context.decision(id, *atom));
    Some(finding.help(stopped(context.model, agent, most)))
}

/// The line as it would be written: what stops the agent already stays, and the time is what is asked for.
fn stopped(model: &Model, agent: &Agent, most: Option<i64>) -> String {
    let within = most.map_or(String::new(), |most| format!(" within {}", written::duration(most)));
    match &agent.stop {
        Some(stop) => format!(
            "stop {} by {}{within}  once it is as fast as that",
            stop.means,
            stop.by.meta(model).name
        ),
        None => format!("stop kill_switch by …{within}"),
    }
}
