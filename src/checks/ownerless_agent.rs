//! An agent without an owner, or whose owner has left.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::model::AgentId;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV122"),
    page: include_str!("../../docs/codes/ownerless-agent.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for index in 0..model.agents.len() {
        let id = AgentId(index as u32);
        if let Some(mut finding) = look(context, id) {
            let points = &context.facts.reach[index].points;
            context.points_by(&mut finding, id, points.iter().map(|(atom, _)| atom));
            out.push(finding);
        }
    }
}

fn look(context: &Context<'_>, id: AgentId) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let name = &agent.meta.name;
    let finding = |span, message: String| context.finding(&CHECK, Kind::Agent, &agent.meta, span, message);
    let Some(owner) = agent.owner else {
        let at = agent.meta.span;
        let finding = finding(at, format!("nobody is accountable for the agent {name}")).label(at, "it has no owner");
        return Some(finding.help(format!("owner …  with a person, in agent {name}")));
    };
    let person = &model.people[owner.value.index()];
    let until = person.until?;
    if until.value >= model.as_of.saturating_add(context.horizon.days()) {
        return None;
    }
    let gone = until.value < model.as_of;
    let (verb, label) = match gone {
        true => ("left", "nobody is accountable for this agent any more"),
        false => ("leaves", "after that day nobody is accountable for this agent"),
    };
    let message = format!("{} owns the agent {name} and {verb} on {}", person.meta.name, until.value);
    let mut finding = finding(owner.span, message).label(owner.span, label);
    finding.level = if gone { Level::Error } else { Level::Warning };
    let finding = finding.related(until.span, "the last day is here");
    let finding = finding.ids([&person.meta.id]);
    Some(finding.help(format!(
        "owner …  with the person who is accountable after {}, in agent {name}",
        person.meta.name
    )))
}
