//! Compares who may approve as which function in each domain.

use crate::diff::renamed::Renamed;
use crate::diff::requirement::find;
use crate::diff::{Both, Change, Kind, Place, Side, Weight};
use crate::facts::eligible::eligible;
use crate::model::{DomainId, FunctionId, Model};
use crate::source::Span;
use crate::words::{at_most, counted};
use std::collections::BTreeMap;

/// The people who may approve as each function, by the ids of the natural persons.
type Holders = BTreeMap<String, BTreeMap<String, (String, Span)>>;

/// Returns the people who may approve now, and the people who no longer may.
pub(super) fn changes(both: Both<'_>, renamed: &Renamed) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, domain) in both.new.model.domains.iter().enumerate() {
        let Some(old) = find(&both.old.model, &domain.meta.id) else {
            continue;
        };
        let before = holders(&both.old.model, old, renamed);
        let after = holders(&both.new.model, DomainId(index as u32), &Renamed::new());
        let nobody = BTreeMap::new();
        let functions: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for function in functions {
            let (was, is) = (before.get(function).unwrap_or(&nobody), after.get(function).unwrap_or(&nobody));
            let gained: Vec<&(String, Span)> = is.iter().filter(|(id, _)| !was.contains_key(*id)).map(|(_, who)| who).collect();
            let lost: Vec<&(String, Span)> = was.iter().filter(|(id, _)| !is.contains_key(*id)).map(|(_, who)| who).collect();
            let names = |of: &[&(String, Span)]| at_most(&of.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), 4);
            let what = format!("as {} in {}", super::short(function), domain.meta.name);
            let (weight, sentence, place) = match (gained.first(), lost.first()) {
                (None, None) => continue,
                // More people than before can approve, each without the others.
                (Some(first), None) => {
                    let sentence = format!("{} may now approve {what}", names(&gained));
                    (
                        Weight::Weaker,
                        sentence,
                        Place {
                            side: Side::New,
                            span: first.1,
                        },
                    )
                }
                (None, Some(first)) => {
                    let sentence = format!("{} may no longer approve {what}", names(&lost));
                    (
                        Weight::Stronger,
                        sentence,
                        Place {
                            side: Side::Old,
                            span: first.1,
                        },
                    )
                }
                (Some(first), Some(_)) => {
                    let sentence = format!("{} may now approve {what} instead of {}", names(&gained), names(&lost));
                    let weight = if gained.len() > lost.len() {
                        Weight::Weaker
                    } else {
                        Weight::Changed
                    };
                    (
                        weight,
                        sentence,
                        Place {
                            side: Side::New,
                            span: first.1,
                        },
                    )
                }
            };
            changes.push(Change {
                weight,
                kind: Kind::Approver,
                subject: format!("domain {}", domain.meta.id),
                sentence,
                detail: match is.len() {
                    0 => "nobody may any more".to_owned(),
                    count => format!("that is {} now", counted(count, "person", "people")),
                },
                place: Some(place),
            });
        }
    }
    changes
}

fn holders(model: &Model, domain: DomainId, renamed: &Renamed) -> Holders {
    let mut all = Holders::new();
    for (index, function) in model.functions.iter().enumerate() {
        for holder in eligible(model, domain, FunctionId(index as u32), model.as_of) {
            let person = &model.people[holder.person.index()].meta;
            let own = all.entry(function.meta.id.to_string()).or_default();
            let id = renamed.get(&*person.id).map_or(&*person.id, String::as_str);
            own.insert(id.to_owned(), (person.shown().to_owned(), holder.span));
        }
    }
    all
}
