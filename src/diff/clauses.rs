//! Compares every other clause of the declarations one by one, so that no change goes unreported.

use crate::diff::declared::{Declared, SECTIONS};
use crate::diff::rules::{Rule, rule};
use crate::diff::{Change, Kind, Place, Weight, short};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use values::{Judged, judge, shown};

mod requirements;
mod values;

/// Returns the changes in the clauses of each declaration, and the declarations that exist on one side only.
pub(super) fn changes(declared: &Declared) -> Vec<Change> {
    let mut found = Found {
        declared,
        changes: Vec::new(),
    };
    for (section, word) in SECTIONS {
        for id in declared.ids(section) {
            match declared.pair(section, id) {
                (Some(old), Some(new)) => found.declaration(section, word, id, old, new),
                (None, Some(_)) => found.alone(section, word, id, true),
                (Some(_), None) => found.alone(section, word, id, false),
                (None, None) => {}
            }
        }
    }
    for (section, word) in [("changes", "the changes of the workspace"), ("adopts", "the workspace")] {
        let empty = Value::Object(Map::new());
        let own = |side: &'_ Value| side.get(section).cloned().unwrap_or_else(|| empty.clone());
        found.clauses(section, word, "workspace", None, &own(&declared.old), &own(&declared.new));
    }
    found.changes
}

struct Found<'a> {
    declared: &'a Declared,
    changes: Vec<Change>,
}

impl Found<'_> {
    fn declaration(&mut self, section: &'static str, word: &str, id: &str, old: &Value, new: &Value) {
        let of = format!("{word} {}", short(id));
        let subject = format!("{word} {id}");
        let place = self.declared.place(section, id);
        if section == "standards" {
            for (weight, sentence) in requirements::changes(old, new) {
                self.tell(weight, Kind::Clause, &subject, format!("{of} {sentence}"), place);
            }
            return;
        }
        self.clauses(section, &of, &subject, place, old, new);
    }

    /// Compares two values of one declaration clause by clause.
    fn clauses(&mut self, section: &str, of: &str, subject: &str, place: Option<Place>, old: &Value, new: &Value) {
        let keys = |value: &Value| {
            value
                .as_object()
                .into_iter()
                .flat_map(Map::keys)
                .cloned()
                .collect::<BTreeSet<String>>()
        };
        for clause in &keys(old) | &keys(new) {
            let none = Value::Null;
            let (was, is) = (old.get(&clause).unwrap_or(&none), new.get(&clause).unwrap_or(&none));
            if was == is {
                continue;
            }
            // If both sides have the clause, its own clauses are compared one by one.
            if ["stop", "emergency", "review"].contains(&&*clause) && !(was.is_null() || is.is_null()) {
                self.clauses(&clause, &format!("the {clause} of {of}"), subject, place, was, is);
                continue;
            }
            let rule = rule(section, &clause);
            if rule == Rule::Elsewhere {
                continue;
            }
            let kind = if section == "waivers" { Kind::Waiver } else { Kind::Clause };
            for Judged { weight, words } in judge(rule, &clause, was, is) {
                let words = words.unwrap_or_else(|| format!("is {}, and was {}", shown(rule, is), shown(rule, was)));
                self.tell(weight, kind, subject, format!("`{clause}` of {of} {words}"), place);
            }
        }
    }

    /// Reports a declaration that exists on one side only. Only waivers, delegations, tasks and standards count as
    /// weaker or stronger here; the effects of other declarations are reported separately.
    fn alone(&mut self, section: &'static str, word: &str, id: &str, new: bool) {
        let weight = match (section, new) {
            ("waivers" | "delegations" | "tasks", true) | ("standards", false) => Weight::Weaker,
            ("waivers" | "delegations" | "tasks", false) | ("standards", true) => Weight::Stronger,
            _ => Weight::Changed,
        };
        let kind = if section == "waivers" { Kind::Waiver } else { Kind::Clause };
        let is = if new { "is new" } else { "is gone" };
        let place = self.declared.place(section, id);
        self.tell(weight, kind, &format!("{word} {id}"), format!("{word} {} {is}", short(id)), place);
    }

    fn tell(&mut self, weight: Weight, kind: Kind, subject: &str, sentence: String, place: Option<Place>) {
        self.changes.push(Change {
            weight,
            kind,
            subject: subject.to_owned(),
            sentence,
            detail: String::new(),
            place,
        });
    }
}
