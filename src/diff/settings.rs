//! Compares the levels that `quorate.toml` sets.

use crate::compile::Compilation;
use crate::diagnostic::{Level, catalogue};
use crate::diff::{Change, Kind, Place, Side, Weight};
use crate::source::Span;
use std::collections::BTreeSet;

/// Returns the checks whose level is set differently than before.
pub(super) fn changes(old: &Compilation, new: &Compilation) -> Vec<Change> {
    let (before, after) = (&old.options.levels, &new.options.levels);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let built_in = catalogue::CODES.iter().find(|code| code.name == name).map(|code| code.level);
        let level = |set: Option<&(Option<Level>, Span)>| set.map_or(built_in, |(level, _)| *level);
        let (was, is) = (level(before.get(name)), level(after.get(name)));
        if was == is {
            continue;
        }
        let word = |level: Option<Level>| level.map_or("off", Level::word);
        let place = match (after.get(name), before.get(name)) {
            (Some((_, span)), _) => Some(Place {
                side: Side::New,
                span: *span,
            }),
            (None, Some((_, span))) => Some(Place {
                side: Side::Old,
                span: *span,
            }),
            (None, None) => None,
        };
        changes.push(Change {
            weight: if is < was { Weight::Weaker } else { Weight::Stronger },
            kind: Kind::Level,
            subject: format!("check {name}"),
            sentence: format!("the settings set {name} to {}, and it was {}", word(is), word(was)),
            detail: String::new(),
            place,
        });
    }
    changes
}
