//! The lines to write instead where a change flows to a place that more people would have had to approve.

use super::{Laundered, functions, take_in};
use crate::facts::eligible::eligible;
use crate::facts::entailment::{Functions, Gap};
use crate::model::{DomainId, FunctionId, Model};
use crate::words::counted;
use std::collections::BTreeSet;

/// The line for each clause that allows too much. The new line meets everything that is required where the
/// change arrives.
pub(super) fn edit(model: &Model, found: &Laundered<'_>) -> String {
    let from = &found.from;
    let one_for_all = from.iter().all(|domain| model.domains[domain.index()].same_person.is_some());
    let urgent = model.domains[from[0].index()]
        .emergency
        .as_ref()
        .is_some_and(|own| own.approve.is_some());
    // Where the emergency has a quorum of its own, the edit goes into that line, whichever tier would take the
    // values.
    let clause = |gap: &Gap| match gap.emergency && urgent {
        true => (None, true),
        false => (gap.cell.tiers[0], false),
    };
    let mut clauses: Vec<(Option<usize>, bool, &Gap)> = Vec::new();
    for gap in std::iter::once(&found.first).chain(&found.every) {
        let clause = clause(gap);
        if !clauses.iter().any(|(tier, emergency, _)| (*tier, *emergency) == clause) {
            clauses.push((clause.0, clause.1, gap));
        }
    }
    let lines = clauses.into_iter().map(|(tier, emergency, first)| {
        let here = |gap: &&Gap| clause(gap) == (tier, emergency);
        let (few, unmet): (Vec<&Gap>, Vec<&Gap>) = found.every.iter().filter(here).partition(|gap| gap.few.is_some());
        let mut applicable = first.given.clone();
        // People who approve as this line asks have also approved in each weaker way. So they lack everything
        // that is missing in those ways.
        loop {
            let before = applicable.clone();
            let has = |(function, count): (&FunctionId, &u32)| before.get(function).is_some_and(|own| own >= count);
            for gap in unmet.iter().filter(|gap| gap.given.iter().all(has)) {
                take_in(&mut applicable, &gap.missing);
            }
            if applicable == before {
                break;
            }
        }
        let gate = gate(model, from[0], tier, emergency);
        let wanted = few.iter().filter_map(|gap| gap.few).max_by_key(|(_, wanted)| *wanted);
        let people = match (wanted, one_for_all) {
            (Some((people, _)), true) => people,
            _ => applicable.values().sum(),
        };
        match wanted.map_or(0, |(_, wanted)| wanted).saturating_sub(people) {
            0 => format!("approve {}{gate}", functions(model, &applicable)),
            lacking if one_for_all && !unmet.is_empty() => {
                format!(
                    "approve {}{gate};  {}",
                    functions(model, &applicable),
                    more(model, from, &applicable, lacking)
                )
            }
            lacking => format!("{}{gate}", more(model, from, &applicable, lacking)),
        }
    });
    lines.collect::<Vec<String>>().join(";  ")
}

/// ` when records <= 100`, ` otherwise`, or the emergency in which the line stands.
fn gate(model: &Model, domain: DomainId, tier: Option<usize>, emergency: bool) -> String {
    if emergency {
        return "  in the emergency".to_owned();
    }
    let text = tier.map_or("", |tier| &*model.domains[domain.index()].tiers[tier].text);
    let gate = [" when ", " otherwise"].iter().filter_map(|word| text.find(word)).min();
    text[gate.unwrap_or(text.len())..].to_owned()
}

/// The line by which this many more people must approve: more of a function that enough people hold.
fn more(model: &Model, from: &[DomainId], given: &Functions, lacking: u32) -> String {
    let held = |function: FunctionId| {
        let people = eligible(model, from[0], function, model.as_of)
            .into_iter()
            .map(|holder| holder.person);
        people.collect::<BTreeSet<_>>().len()
    };
    let one_for_all = from.iter().all(|domain| model.domains[domain.index()].same_person.is_some());
    let enough = given
        .iter()
        .find(|(function, count)| held(**function) >= (**count + lacking) as usize);
    match enough.filter(|_| !one_for_all) {
        Some((function, count)) => {
            let mut raised = given.clone();
            raised.insert(*function, count + lacking);
            format!("approve {}", functions(model, &raised))
        }
        None if one_for_all => format!(
            "leave out `same_person allowed`  in domain {}, or approve …  with {} more",
            model.domains[from[0].index()].meta.name,
            counted(lacking as usize, "person", "people")
        ),
        None => format!(
            "approve …  with {} more, each a different person",
            counted(lacking as usize, "person", "people")
        ),
    }
}
