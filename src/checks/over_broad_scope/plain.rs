//! Data about people, or restricted data, that arrives elsewhere under a class that is neither, where an agent reaches it.

use super::CHECK;
use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Extent, Mark};
use crate::facts::atom::AtomId;
use crate::facts::spread::Arrival;
use crate::model::{DataId, Model, SystemId};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut reached: BTreeMap<(SystemId, DataId), Vec<AtomId>> = BTreeMap::new();
    for (index, atom) in context.facts.atoms.list.iter().enumerate() {
        if context.facts.points_of[index].0 > 0 {
            reached.entry((atom.system, atom.data)).or_default().push(AtomId(index as u32));
        }
    }
    for (index, system) in model.systems.iter().enumerate() {
        let carried = system.feeds.known().into_iter().flatten().flat_map(|feed| &feed.carries);
        let mut leaves: Vec<DataId> = carried
            .flat_map(|(from, _)| model.data[from.index()].leaves.iter().copied())
            .collect();
        leaves.sort_unstable();
        leaves.dedup();
        for leaf in leaves {
            let from = (SystemId(index as u32), leaf);
            // It is told of where it gets the other name, with all places to which it goes on under that.
            let renamed = context.flows.from(from).into_iter();
            for first in renamed.filter(|arrival| arrival.way.len() == 1 && lost(model, leaf, arrival.at.1).is_some()) {
                let on = context.flows.places(first.at).into_iter();
                let places = std::iter::once(first.at).chain(on.filter(|place| lost(model, leaf, place.1).is_some()));
                let atoms: Vec<AtomId> = places.filter_map(|place| reached.get(&place)).flatten().copied().collect();
                if !atoms.is_empty() {
                    out.push(say(context, from, &first, &atoms));
                }
            }
        }
    }
}

/// What a class is that another is not.
fn lost(model: &Model, class: DataId, other: DataId) -> Option<&'static str> {
    let (class, other) = (model.data[class.index()].flags, model.data[other.index()].flags);
    match (class.personal && !other.personal, class.restricted && !other.restricted) {
        (true, true) => Some("personal and restricted"),
        (true, false) => Some("personal"),
        (false, true) => Some("restricted"),
        (false, false) => None,
    }
}

fn say(context: &Context<'_>, (system, class): (SystemId, DataId), arrival: &Arrival, atoms: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let own = &model.systems[system.index()].meta;
    let (from, to) = (&model.data[class.index()].meta, &model.data[arrival.at.1.index()].meta);
    let there = &model.systems[arrival.at.0.index()].meta;
    let what = lost(model, class, arrival.at.1).unwrap_or("personal");
    let agents = atoms.iter().map(|atom| context.facts.points_of[atom.index()].1);
    let agent = agents.min().map_or("an agent", |agent| &*model.agents[agent.index()].meta.name);
    let at = arrival.way.first().copied().unwrap_or(own.span);
    let message = format!(
        "{} becomes {} in {}, which is not {what}, and {agent} reaches it",
        from.name, to.name, there.name
    );
    let label = format!("{} is {what}, under whatever name it arrives", from.name);
    let mut finding = context.finding(&CHECK, Kind::System, own, at, message).label(at, label);
    let places = atoms.iter().map(|atom| context.facts.atoms.get(*atom).system);
    if let Some(place) = places.into_iter().find(|place| *place != arrival.at.0) {
        let place = &model.systems[place.index()].meta;
        finding = finding.related(place.span, format!("and goes on to {}", place.name));
    }
    finding = finding.related(to.span, format!("{} says nothing of the kind", to.name));
    finding.finding.selector = format!("plain {} {} {}", from.id, to.id, there.id);
    finding = finding.extent(Extent::from(Mark::From).id(&from.id).mark(Mark::To).id(&to.id));
    context.points(&mut finding, atoms);
    let words: Vec<&str> = what.split(" and ").collect();
    finding.help(format!(
        "{}  in data {}, or have it arrive as a class that is",
        words.join("; "),
        to.name
    ))
}
