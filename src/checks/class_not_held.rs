//! A grant that names a class the system does not hold.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::holds;
use crate::model::{Grant, Meta};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV307"),
    page: include_str!("../../docs/codes/class-not-held.md"),
    looks_at: |context| context.model.tasks.len() + context.model.identities.len() + context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for task in &model.tasks {
        grants(context, Kind::Task, &task.meta, &task.scope, out);
    }
    for identity in &model.identities {
        grants(context, Kind::Identity, &identity.meta, &identity.access, out);
    }
    for domain in &model.domains {
        // What a domain decides about may come later; only a system that it names has to hold it.
        let placed: Vec<Grant> = domain.covers.iter().filter(|grant| !grant.systems.is_empty()).cloned().collect();
        grants(context, Kind::Domain, &domain.meta, &placed, out);
    }
    for agent in &model.agents {
        for acts in &agent.acts_for {
            grants(context, Kind::Agent, &agent.meta, &acts.within, out);
        }
    }
    for team in &model.teams {
        grants(context, Kind::Team, &team.meta, &team.access, out);
    }
    for person in &model.people {
        grants(context, Kind::Person, &person.meta, &person.access, out);
    }
    for system in &model.systems {
        for tool in &system.tools {
            let nowhere = tool.does.iter().filter(|grant| grant.systems.is_empty());
            for grant in nowhere {
                // A tool acts in its own system.
                let own =
                    crate::model::SystemId(model.systems.iter().position(|other| other.meta.id == system.meta.id).unwrap_or(0) as u32);
                let placed = Grant {
                    systems: vec![own],
                    ..grant.clone()
                };
                grants(context, Kind::System, &system.meta, std::slice::from_ref(&placed), out);
            }
        }
    }
}

fn grants(context: &Context<'_>, kind: Kind, meta: &Meta, grants: &[Grant], out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for grant in grants {
        for data in &grant.data {
            let class = &model.data[data.index()];
            // Where no system is named, somebody has to hold it.
            let everywhere: Vec<crate::model::SystemId> = (0..model.systems.len() as u32).map(crate::model::SystemId).collect();
            let held = |system: &crate::model::SystemId| class.leaves.iter().any(|leaf| holds(model, *system, *leaf));
            let lacking: Vec<&str> = match grant.systems.is_empty() {
                true if everywhere.iter().any(held) => Vec::new(),
                true => vec!["any system"],
                false => grant
                    .systems
                    .iter()
                    .filter(|system| !held(system))
                    .map(|system| &*model.systems[system.index()].meta.name)
                    .collect(),
            };
            let Some(first) = lacking.first() else {
                continue;
            };
            let message = match grant.systems.is_empty() {
                true => format!("{} speaks of {}, which no system holds", meta.name, class.meta.name),
                false => format!("{} speaks of {} in {first}, which does not hold it", meta.name, class.meta.name),
            };
            let at = grant.span;
            let mut finding = context
                .finding(&CHECK, kind, meta, at, message)
                .label(at, "this says nothing, and somebody thinks it does");
            if let Some(system) = grant.systems.iter().find(|system| !held(system)) {
                finding = finding.related(model.systems[system.index()].meta.span, "what it holds is said here");
            }
            finding.finding.selector = format!("{} in {first}", class.meta.id);
            let place = if grant.systems.is_empty() {
                "the system that has it"
            } else {
                first
            };
            out.push(finding.help(format!("holds {}  in {place}, or name another system", class.meta.name)));
        }
    }
}
