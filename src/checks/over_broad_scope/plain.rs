//! Finds personal or restricted data that arrives in another system under a class without these flags, if an
//! agent reaches the data there.

use super::CHECK;
use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Magnitude, Mark};
use crate::facts::atom::AtomId;
use crate::model::flow::{Location, Step, steps};
use crate::model::{DataId, Flags, Model, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

/// The data that one line renames.
struct Renamed<'m> {
    /// One of its steps.
    step: Step<'m>,
    /// The flags that the new name lacks.
    lost: Flags,
    /// The classes that have those flags.
    classes: BTreeSet<DataId>,
    /// The atoms of it that agents reach.
    atoms: BTreeSet<AtomId>,
}

pub(super) fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut reached: BTreeMap<(SystemId, DataId), Vec<AtomId>> = BTreeMap::new();
    for (index, atom) in context.facts.atoms.list.iter().enumerate() {
        if context.facts.points_of[index].0 > 0 {
            reached.entry((atom.system, atom.data)).or_default().push(AtomId(index as u32));
        }
    }
    // One line is one finding, however many classes it carries: one edit fixes it.
    let mut found: BTreeMap<(Span, DataId), Renamed<'_>> = BTreeMap::new();
    for step in steps(model).into_iter().filter(|step| !step.anonymised && step.from.1 != step.to.1) {
        let Some(lost) = lost(model, step.from.1, step.to.1) else {
            continue;
        };
        // The finding is where the data gets the other name. It covers all places to which the data flows on
        // under that name.
        let on = context.flows.places(step.to).into_iter();
        let still = |place: &Location| model.arrived.get(place).is_some_and(|flags| flags.and(lost) == *flags);
        let places = std::iter::once(step.to).chain(on.filter(still));
        let atoms: Vec<AtomId> = places.filter_map(|place| reached.get(&place)).flatten().copied().collect();
        if !atoms.is_empty() {
            let renamed = found.entry((step.feed.span, step.to.1)).or_insert(Renamed {
                step,
                lost,
                classes: BTreeSet::new(),
                atoms: BTreeSet::new(),
            });
            renamed.lost = renamed.lost.and(lost);
            renamed.classes.insert(step.from.1);
            renamed.atoms.extend(atoms);
        }
    }
    out.extend(found.into_values().map(|renamed| say(context, &renamed)));
}

/// The flags of a class that another class lacks.
fn lost(model: &Model, from: DataId, other: DataId) -> Option<Flags> {
    let (class, other) = (model.data[from.index()].flags, model.data[other.index()].flags);
    let lost = Flags {
        personal: class.personal && !other.personal,
        restricted: class.restricted && !other.restricted,
        ..Flags::default()
    };
    (lost != Flags::default()).then_some(lost)
}

fn say(context: &Context<'_>, renamed: &Renamed<'_>) -> Diagnostic {
    let (step, lost, classes) = (&renamed.step, renamed.lost, &renamed.classes);
    let atoms: Vec<AtomId> = renamed.atoms.iter().copied().collect();
    let model = context.model;
    let own = &model.systems[step.from.0.index()].meta;
    let to = &model.data[step.to.1.index()].meta;
    let names: Vec<&str> = classes.iter().map(|class| &*model.data[class.index()].meta.name).collect();
    let there = &model.systems[step.to.0.index()].meta;
    let words: Vec<&str> = [(lost.personal, "personal"), (lost.restricted, "restricted")]
        .into_iter()
        .filter_map(|(is, word)| is.then_some(word))
        .collect();
    let (what, neither) = (words.join(" and "), words.join(" or "));
    let becomes = if names.len() == 1 { "becomes" } else { "become" };
    let from = few(&names);
    let agents = atoms.iter().map(|atom| context.facts.points_of[atom.index()].1);
    let agent = agents.min().map_or("an agent", |agent| &*model.agents[agent.index()].meta.name);
    let at = step.feed.span;
    let message = format!(
        "{from} {becomes} {} in {}, which is not {neither}, and {agent} reaches it",
        to.name, there.name
    );
    let label = match names.len() {
        1 => format!("{from} is {what}, and still counts as that under another name"),
        _ => format!("some of it is {what}, and still counts as that under another name"),
    };
    let mut finding = context.finding(&CHECK, Kind::System, own, at, message).label(at, label);
    let places = atoms.iter().map(|atom| context.facts.atoms.get(*atom).system);
    if let Some(place) = places.into_iter().find(|place| *place != step.to.0) {
        let place = &model.systems[place.index()].meta;
        finding = finding.related(place.span, format!("and goes on to {}", place.name));
    }
    finding = finding.related(to.span, format!("{} is not declared as that", to.name));
    finding.finding.selector = format!("plain {} {}", to.id, there.id);
    let ids = classes.iter().map(|class| &model.data[class.index()].meta.id);
    finding = finding.magnitudes(ids.map(|id| Magnitude::from(Mark::From).id(id).mark(Mark::To).id(&to.id)));
    context.points(&mut finding, &atoms);
    finding
        .help(format!(
            "{}  in data {}, or have it arrive as a class that is",
            words.join("; "),
            to.name
        ))
        .help(format!(
            "as {} anonymised \"why\"  in system {}, only if nobody can be identified from it any more; if not, make it so first. Privacy can say",
            to.name, own.name
        ))
}
