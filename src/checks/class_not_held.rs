//! A line that names a class which the system does not hold.

use crate::checks::stating::{of_system, only_if};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Mark, catalogue};
use crate::facts::atom::holds;
use crate::model::system::Feed;
use crate::model::{DataId, Grant, Meta, Model, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::few;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV307"),
    page: include_str!("../../docs/codes/class-not-held.md"),
    looks_at: |context| {
        let model = context.model;
        model.tasks.len() + model.identities.len() + model.domains.len() + model.rollbacks.len() + model.systems.len()
    },
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
        // What a domain decides about may come later. Only a system that the domain names must hold the class.
        let placed: Vec<Grant> = domain.covers.iter().filter(|grant| !grant.systems.is_empty()).cloned().collect();
        grants(context, Kind::Domain, &domain.meta, &placed, out);
    }
    for agent in &model.agents {
        for acts in &agent.acts_for {
            grants(context, Kind::Agent, &agent.meta, &acts.within, out);
        }
    }
    for ledger in &model.ledgers {
        for ((classes, systems), at) in ledger.keeps.iter().zip(&ledger.keeps_spans) {
            spoken(context, Kind::Ledger, &ledger.meta, (classes, systems, *at), out);
        }
    }
    for rollback in &model.rollbacks {
        for ((classes, systems), at) in rollback.restores.iter().zip(&rollback.restores_spans) {
            // A line of several classes in several systems means the pairs that exist. Where a flow brings a
            // class, the flow is the line at fault.
            let there = |class: &DataId, system| held(model, *class, system) || flows_to(model, *class, system);
            let lacking = systems
                .iter()
                .copied()
                .filter(|system| !classes.iter().any(|class| there(class, *system)));
            let lacking: Vec<SystemId> = lacking.collect();
            let anywhere = |class: &DataId| (0..model.systems.len() as u32).any(|system| there(class, SystemId(system)));
            if let Some(first) = classes.first().filter(|_| match systems.is_empty() {
                true => !classes.iter().any(anywhere),
                false => !lacking.is_empty(),
            }) {
                spoken(context, Kind::Rollback, &rollback.meta, (&[*first], &lacking, *at), out);
            }
        }
    }
    for (index, system) in model.systems.iter().enumerate() {
        for feed in system.feeds.known().into_iter().flatten() {
            fed(context, SystemId(index as u32), feed, out);
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
                let own = SystemId(model.systems.iter().position(|other| other.meta.id == system.meta.id).unwrap_or(0) as u32);
                let placed = Grant {
                    systems: vec![own],
                    ..grant.clone()
                };
                grants(context, Kind::System, &system.meta, std::slice::from_ref(&placed), out);
            }
        }
    }
}

/// Whether a system holds some part of a class.
fn held(model: &Model, class: DataId, system: SystemId) -> bool {
    model.data[class.index()].leaves.iter().any(|leaf| holds(model, system, *leaf))
}

/// Whether some part of a class flows to a system, whatever the system declares that it holds.
fn flows_to(model: &Model, class: DataId, system: SystemId) -> bool {
    let leaves = &model.data[class.index()].leaves;
    let feeds = model.systems.iter().filter_map(|system| system.feeds.known()).flatten();
    let mut downstream_rules = feeds.filter(|feed| feed.to == system).flat_map(|feed| &feed.carries);
    downstream_rules.any(|carried| model.data[carried.arrives.index()].leaves.iter().any(|leaf| leaves.contains(leaf)))
}

/// A flow from a system that does not hold the class, or to a system that does not declare it.
fn fed(context: &Context<'_>, from: SystemId, feed: &Feed, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let (source, target) = (&model.systems[from.index()].meta, &model.systems[feed.to.index()].meta);
    for (leaves, arrives) in feed.carries.iter().map(|carried| (carried.data, carried.arrives)) {
        let sides = [
            (
                leaves,
                from,
                held(model, leaves, from) || flows_to(model, leaves, from),
                "the system does not hold data of this class, so none can flow on",
            ),
            (
                arrives,
                feed.to,
                held(model, arrives, feed.to),
                "the data is there, but no `holds` declares it",
            ),
        ];
        for (class, place, right, label) in sides {
            if right {
                continue;
            }
            let own = &model.systems[place.index()];
            let (class, place) = (&model.data[class.index()].meta, &own.meta);
            let message = format!(
                "{} feeds {} with {}, which {} does not hold",
                source.name, target.name, class.name, place.name
            );
            let finding = context
                .finding(&CHECK, Kind::System, source, feed.span, message)
                .label(feed.span, label);
            let mut finding = finding.related(place.span, "this line says what it holds");
            finding.finding.selector = format!("feeds {} {} {}", target.id, class.id, place.id);
            let edit = format!("holds {}  in {}", class.name, place.name);
            let finding = finding.help(of_system(model, own, &edit));
            out.push(finding.help("leave it out of `feeds`"));
        }
    }
}

fn grants(context: &Context<'_>, kind: Kind, meta: &Meta, grants: &[Grant], out: &mut Vec<Diagnostic>) {
    for grant in grants {
        spoken(context, kind, meta, (&grant.data, &grant.systems, grant.span), out);
    }
}

/// Classes in systems, as one line names them.
fn spoken(
    context: &Context<'_>,
    kind: Kind,
    meta: &Meta,
    (classes, systems, at): (&[DataId], &[SystemId], Span),
    out: &mut Vec<Diagnostic>,
) {
    let model = context.model;
    for data in classes {
        let class = &model.data[data.index()];
        // Where a line names no system, some system must hold the class.
        let everywhere: Vec<SystemId> = (0..model.systems.len() as u32).map(SystemId).collect();
        let held = |system: &SystemId| class.leaves.iter().any(|leaf| holds(model, *system, *leaf));
        let lacking: Vec<&str> = match systems.is_empty() {
            true if everywhere.iter().any(held) => Vec::new(),
            true => vec!["any system"],
            false => systems
                .iter()
                .filter(|system| !held(system))
                .map(|system| &*model.systems[system.index()].meta.name)
                .collect(),
        };
        let Some(first) = lacking.first() else {
            continue;
        };
        let all = few(&lacking);
        let message = match systems.is_empty() {
            true => format!("{} names {}, which no system holds", meta.name, class.meta.name),
            false => format!(
                "{} refers to {} in {all}, which {} not hold it",
                meta.name,
                class.meta.name,
                if lacking.len() == 1 { "does" } else { "do" }
            ),
        };
        let mut finding = context
            .finding(&CHECK, kind, meta, at, message)
            .label(at, "this line has no effect, although it looks as if it did");
        if let Some(system) = systems.iter().find(|system| !held(system)) {
            finding = finding.related(model.systems[system.index()].meta.span, "this line says what it holds");
        }
        finding.finding.selector = class.meta.id.to_string();
        finding = match systems.is_empty() {
            true => finding.magnitude(Mark::AnySystem),
            false => finding.ids(
                systems
                    .iter()
                    .filter(|system| !held(system))
                    .map(|system| &model.systems[system.index()].meta.id),
            ),
        };
        let place = if systems.is_empty() { "the system that has it" } else { first };
        let edit = format!("holds {}  in {place}", class.meta.name);
        out.push(finding.help(only_if(model, &edit, None)).help("name another system"));
    }
}
