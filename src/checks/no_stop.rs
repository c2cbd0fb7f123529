//! An agent that nobody can stop, or not fast enough.

use crate::checks::calling::{by_call, cited};
use crate::checks::coming::Coming;
use crate::checks::requirements::{PerSubject, agents, because_of, by_rule, changed};
use crate::checks::stating::of_agent;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::model::{Agent, AgentId, Model, Requirement, Rule, TaskId};
use crate::syntax::vocabulary::Kind;
use crate::words::{duration, literal};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV405"),
    page: include_str!("../../docs/codes/no-stop.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // The first unmet rule makes the finding. The decision points behind it are those of all of the rules.
    let mut found: PerSubject<AgentId> = PerSubject::new();
    let mut rules = by_rule(context, asked_for);
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, within, _)| within.unwrap_or(i64::MAX));
    for (applicable, within, atoms) in rules {
        for (id, mut atoms) in agents(context, &atoms) {
            let now: BTreeSet<AtomId> = context.facts.reach[id.index()].now().map(|(atom, _)| atom).collect();
            atoms.retain(|atom| now.contains(atom));
            if atoms.is_empty() {
                continue;
            }
            if let Some(finding) = say(context, id, (applicable, within), &atoms, None)
                && !found.more(&id, &atoms)
            {
                found.add(id, finding, atoms);
            }
        }
    }
    let mut later: PerSubject<AgentId> = PerSubject::new();
    let mut coming: Vec<(AgentId, &Coming)> = context.coming().all().collect();
    coming.sort_by_key(|(id, coming)| (coming.day, coming.task, !coming.calls.is_empty(), *id));
    for together in coming.chunk_by(|(_, one), (_, other)| one.task == other.task) {
        let mut rules = rules_for(context, together[0].1.task);
        rules.sort_by_key(|(_, within, _)| within.unwrap_or(i64::MAX));
        for (id, coming) in together {
            for (applicable, within, atoms) in &rules {
                if let Some(finding) = say(context, *id, (*applicable, *within), atoms, Some(coming)).filter(|_| !found.has(id))
                    && !later.more(id, atoms)
                {
                    later.add(*id, finding, atoms.iter().copied());
                }
            }
        }
    }
    for (id, atoms) in agents(context, &changed(context)) {
        if !found.has(&id)
            && !later.has(&id)
            && let Some(finding) = unstated(context, id, &atoms)
        {
            later.add(id, finding, atoms);
        }
    }
    for (id, mut finding, atoms) in found.into_all().chain(later.into_all()) {
        context.points_by(&mut finding, id, &atoms);
        out.push(finding);
    }
}

/// An agent that changes something and has no `stop`, where no standard asks.
fn unstated(context: &Context<'_>, id: AgentId, atoms: &[AtomId]) -> Option<Diagnostic> {
    let agent = &context.model.agents[id.index()];
    if agent.stop.is_some() {
        return None;
    }
    let at = agent.meta.span;
    let message = format!("the files do not say how {} can be stopped", agent.meta.name);
    let mut finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, at, message)
        .label(at, "says no `stop`");
    finding.level = Level::Warning;
    finding = finding.magnitude(Mark::Nobody);
    if let Some(atom) = atoms.first() {
        finding = by_call(context, finding, id, *atom);
    }
    Some(finding.help(stopped(context.model, agent, None)))
}

/// How fast a rule wants a stop; the inner `None` if it does not say, the outer one if the rule is about
/// something else.
fn asked_for(rule: &Rule) -> Option<Option<i64>> {
    match rule.requirement {
        Requirement::Stop(within) => Some(within),
        _ => None,
    }
}

/// The rules about what a task lets its agent do, each with its atoms.
fn rules_for(context: &Context<'_>, task: TaskId) -> Vec<(ApplicableRule, Option<i64>, Vec<AtomId>)> {
    let mut found: BTreeMap<ApplicableRule, (Option<i64>, Vec<AtomId>)> = BTreeMap::new();
    for atom in context.facts.scope(task) {
        let downstream_rules = context.facts.downstream_rules[atom.index()].iter().map(|own| &own.applicable);
        for applicable in context.facts.applicable[atom.index()].iter().chain(downstream_rules) {
            if let Some(within) = asked_for(applicable.rule(context.model)) {
                found.entry(*applicable).or_insert((within, Vec::new())).1.push(*atom);
            }
        }
    }
    found
        .into_iter()
        .map(|(applicable, (within, atoms))| (applicable, within, atoms))
        .collect()
}

/// What is wrong with the stop of an agent, for what it does already or for a task that begins on a day.
fn say(
    context: &Context<'_>,
    id: AgentId,
    (applicable, most): (ApplicableRule, Option<i64>),
    atoms: &[AtomId],
    coming: Option<&Coming<'_>>,
) -> Option<Diagnostic> {
    let agent = &context.model.agents[id.index()];
    let name = &agent.meta.name;
    let (at, message, label) = match (&agent.stop, most) {
        (None, _) => (agent.meta.span, format!("nobody can stop {name}"), "says no `stop`".to_owned()),
        (Some(stop), Some(most)) => match stop.within {
            Some(within) if within <= most => return None,
            Some(within) => {
                let message = format!(
                    "stopping {name} takes {}, longer than the {} allowed",
                    duration(within),
                    duration(most)
                );
                (stop.span, message, "it keeps changing records for that long".to_owned())
            }
            None => (
                stop.span,
                format!("the files do not say how fast {name} can be stopped"),
                format!("the standard requires {}", duration(most)),
            ),
        },
        (Some(_), None) => return None,
    };
    let model = context.model;
    let message = match coming {
        Some(Coming { task, day, calls }) => {
            let task = &model.tasks[task.index()];
            let (name, whose) = (&task.meta.name, &model.agents[task.agent.index()].meta.name);
            match calls.is_empty() {
                true => format!("{message}, and its task {name} begins on {day}"),
                false => format!("{message}, and {name} of {whose}, which it starts, begins on {day}"),
            }
        }
        None => message,
    };
    let finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    let finding = because_of(context, finding, applicable, atoms);
    let within = agent.stop.as_ref().and_then(|stop| stop.within);
    let finding = finding.magnitude(match agent.stop {
        Some(_) => Magnitude::new().known(within),
        None => Mark::Nobody.into(),
    });
    let finding = match (atoms.first(), coming) {
        (Some(atom), None) => by_call(context, finding, id, *atom),
        (_, Some(Coming { task, day, calls })) => {
            let task = &model.tasks[task.index()];
            let finding = cited(context, finding, id, calls);
            let starts = task.starts.map_or(task.meta.span, |starts| starts.span);
            finding.related(starts, format!("{} begins on {day}", task.meta.name))
        }
        (None, None) => finding,
    };
    Some(finding.help(stopped(context.model, agent, most)))
}

/// The line to write: whoever stops the agent stays, and the time is the required one.
fn stopped(model: &Model, agent: &Agent, most: Option<i64>) -> String {
    let within = most.map_or(String::new(), |most| format!(" within {}", literal::duration(most)));
    match &agent.stop {
        Some(stop) => of_agent(
            model,
            agent,
            &format!("stop {} by {}{within}", stop.means, stop.by.meta(model).name),
        ),
        None => of_agent(model, agent, &format!("stop kill_switch by …{within}")),
    }
}
