//! Compares which domains decide what: what no domain decides any more, and what other domains decide now.

use crate::diff::requirement::Asking;
use crate::diff::{Both, Change, Kind, Place, Side, Weight};
use crate::facts::atom::expand;
use crate::model::{DomainId, Model};
use crate::words::at_most;
use std::collections::{BTreeMap, BTreeSet};

/// The ids of an action, a class of data and a system.
type Operation = [String; 3];

/// Operations, by the domains that decided them before and the domains that decide them now.
type Moved = BTreeMap<(BTreeSet<String>, BTreeSet<String>), Vec<Operation>>;

/// Returns the operations that other domains decide now, or that no domain decides any more.
pub(super) fn changes(both: Both<'_>) -> Vec<Change> {
    let (before, after) = (governing(&both.old.model), governing(&both.new.model));
    let nobody = BTreeSet::new();
    let mut moved = Moved::new();
    let operations: BTreeSet<&Operation> = before.keys().chain(after.keys()).collect();
    for operation in operations {
        let (was, is) = (before.get(operation).unwrap_or(&nobody), after.get(operation).unwrap_or(&nobody));
        if was != is && known(&both.old.model, operation) && known(&both.new.model, operation) {
            moved.entry((was.clone(), is.clone())).or_default().push(operation.clone());
        }
    }
    let mut changes = Vec::new();
    for ((was, is), operations) in moved {
        let about = said(&both.new.model, &operations);
        match (was.is_empty(), is.is_empty()) {
            (_, true) => changes.push(change(
                both,
                Weight::Weaker,
                &was,
                format!("nobody decides {about} any more"),
                "decided it before",
            )),
            (true, false) => changes.push(change(
                both,
                Weight::Stronger,
                &is,
                format!("{about} is decided now"),
                "decides it; nobody did before",
            )),
            (false, false) => {
                let ids = |model: &Model, names: &BTreeSet<String>| -> Vec<DomainId> {
                    let found = names.iter().filter_map(|name| super::requirement::find(model, name));
                    found.collect()
                };
                let asking = Asking::of(both, ids(&both.old.model, &was), ids(&both.new.model, &is));
                let found = asking.changes();
                let why = format!("this is about {about}");
                if found.is_empty() {
                    changes.push(change(
                        both,
                        Weight::Changed,
                        &is,
                        format!("other domains decide {about}"),
                        "decides it now, and asks for the same",
                    ));
                }
                changes.extend(found.into_iter().map(|found| Change {
                    detail: format!("{}; {why}", found.detail),
                    ..found
                }));
            }
        }
    }
    changes
}

fn change(both: Both<'_>, weight: Weight, domains: &BTreeSet<String>, sentence: String, verb: &str) -> Change {
    let names: Vec<String> = domains.iter().map(|id| super::short(id).to_owned()).collect();
    let first = domains.first().map_or("", String::as_str);
    let place = |model: &Model, side| {
        let domain = model.domains.iter().find(|domain| *domain.meta.id == *first)?;
        Some(Place {
            side,
            span: domain.meta.span,
        })
    };
    Change {
        weight,
        kind: Kind::Governing,
        subject: format!("domain {first}"),
        sentence,
        detail: format!("{} {verb}", at_most(&names, 4)),
        place: place(&both.new.model, Side::New).or_else(|| place(&both.old.model, Side::Old)),
    }
}

/// Every operation that a domain covers, with the ids of these domains.
fn governing(model: &Model) -> BTreeMap<Operation, BTreeSet<String>> {
    let mut all: BTreeMap<Operation, BTreeSet<String>> = BTreeMap::new();
    for domain in &model.domains {
        for atom in domain.covers.iter().flat_map(|grant| expand(model, grant)) {
            let (action, data, system) = atom.metas(model);
            let operation = [action, data, system].map(|meta| meta.id.to_string());
            all.entry(operation).or_default().insert(domain.meta.id.to_string());
        }
    }
    all
}

/// Whether a model declares the action, the class and the system. An operation that does not exist does not
/// need a domain.
fn known(model: &Model, [action, data, system]: &Operation) -> bool {
    let held = model.systems.iter().any(|own| *own.meta.id == **system);
    held && model.data.iter().any(|own| *own.meta.id == **data) && model.actions.iter().any(|own| *own.meta.id == **action)
}

/// Operations in words, as `write.update customer.consent in crm and 3 more`.
pub(super) fn said(model: &Model, operations: &[Operation]) -> String {
    let names: Vec<String> = operations.iter().take(2).map(|operation| one(model, operation)).collect();
    match operations.len() - names.len() {
        0 => at_most(&names, 2),
        _ => format!("{} and {} more", names[0], operations.len() - 1),
    }
}

fn one(model: &Model, [action, data, system]: &Operation) -> String {
    let action = model
        .actions
        .iter()
        .find(|own| *own.meta.id == **action)
        .map_or(&**action, |own| &own.meta.name);
    let data = model
        .data
        .iter()
        .find(|own| *own.meta.id == **data)
        .map_or(&**data, |own| &own.meta.name);
    format!("{action} {data} in {}", super::short(system))
}
