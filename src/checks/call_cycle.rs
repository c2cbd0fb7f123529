//! Agents that call each other in a circle.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{AgentId, Model};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, VecDeque};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV604"),
    page: include_str!("../../docs/codes/call-cycle.md"),
    looks_at: |context| {
        context
            .model
            .agents
            .iter()
            .filter_map(|agent| agent.calls.known())
            .map(Vec::len)
            .sum()
    },
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut graph: DiGraphMap<AgentId, Span> = DiGraphMap::new();
    for (index, agent) in model.agents.iter().enumerate() {
        for call in agent.calls.known().into_iter().flatten() {
            let id = AgentId(index as u32);
            // A task that has ended starts nothing. If there are several clauses, the first is shown.
            let ended = call.task.is_some_and(|task| model.tasks[task.index()].ended(model.as_of));
            if !ended && !graph.contains_edge(id, call.agent) {
                graph.add_edge(id, call.agent, call.span);
            }
        }
    }
    let mut circles: Vec<Vec<AgentId>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|agents| agents.len() > 1 || graph.contains_edge(agents[0], agents[0]))
        .collect();
    circles.iter_mut().for_each(|agents| agents.sort_unstable());
    circles.sort();
    for agents in circles {
        out.push(say(context, &graph, &agents));
    }
}

fn say(context: &Context<'_>, graph: &DiGraphMap<AgentId, Span>, agents: &[AgentId]) -> Diagnostic {
    let model = context.model;
    let first = agents[0];
    let circle = shortest(graph, first);
    let own = &model.agents[first.index()];
    let members: Vec<&str> = circle.iter().map(|(agent, _)| name(model, *agent)).collect();
    let message = match members.len() {
        0 | 1 => format!("{} calls itself", own.meta.name),
        2 => format!("{} call each other", listed(&members)),
        _ => format!("{} call each other in a circle", listed(&members)),
    };
    let at = circle.first().map_or(own.meta.span, |(_, span)| *span);
    let label = match agents.len() - circle.len() {
        0 if circle.len() < 2 => "the files do not say where it ends".to_owned(),
        0 => "the files do not say where it ends, or which agent acts first".to_owned(),
        more => format!("the files do not say where it ends; {more} more agents are in circles with these"),
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, &own.meta, at, message).label(at, label);
    finding = finding.ids(agents.iter().map(|agent| &model.agents[agent.index()].meta.id));
    for (place, (agent, span)) in circle.iter().enumerate().skip(1) {
        let next = circle.get(place + 1).map_or(first, |(next, _)| *next);
        finding = finding.related(*span, format!("{} calls {}", name(model, *agent), name(model, next)));
    }
    let through = context.facts.reach[first.index()].points.iter();
    let mut points: Vec<AtomId> = through.filter(|(_, routes)| routes.through).map(|(atom, _)| *atom).collect();
    points.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(model), *atom));
    context.points_by(&mut finding, first, &points);
    finding.help(match circle.len() {
        0 | 1 => "remove this call",
        _ => "remove one of these calls, or let an agent outside the circle make the calls",
    })
}

fn name(model: &Model, agent: AgentId) -> &str {
    &model.agents[agent.index()].meta.name
}

/// The agents of the shortest cycle through one agent, that one first, each with the call to the next.
fn shortest(graph: &DiGraphMap<AgentId, Span>, start: AgentId) -> Vec<(AgentId, Span)> {
    let mut before: BTreeMap<AgentId, (AgentId, Span)> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(agent) = next.pop_front() {
        let mut calls: Vec<(AgentId, Span)> = graph.edges(agent).map(|(_, to, span)| (to, *span)).collect();
        calls.sort();
        for (to, span) in calls {
            if to == start {
                let mut circle = vec![(agent, span)];
                while let Some((from, span)) = before.get(&circle[0].0).filter(|_| circle[0].0 != start) {
                    circle.insert(0, (*from, *span));
                }
                return circle;
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(to) {
                entry.insert((agent, span));
                next.push_back(to);
            }
        }
    }
    Vec::new()
}
