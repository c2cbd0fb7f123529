//! Writes the difference between two compilations for people, for scripts, and as a comment on a pull request.

use crate::compile::Compilation;
use crate::diff::{Change, Kind, Place, Side, Weight};
use crate::prove::sides::Policies;
use crate::words::counted;
use serde_json::{Value, json};

mod human;
mod markdown;

/// Two compilations and their differences.
pub struct Difference<'a> {
    /// The old side.
    pub old: &'a Compilation,
    /// The new side.
    pub new: &'a Compilation,
    /// The differences, the weaker ones first.
    pub changes: &'a [Change],
    /// The result of comparing the policies.
    pub policies: &'a Policies,
}

impl Difference<'_> {
    /// The number of changes in one direction.
    pub fn count(&self, weight: Weight) -> usize {
        self.changes.iter().filter(|change| change.weight == weight).count()
    }

    /// The verdict, in one sentence.
    pub fn verdict(&self) -> &'static str {
        match (self.count(Weight::Weaker), self.changes.len()) {
            (0, 0) => "No change to accountability.",
            (0, _) => "This change does not weaken accountability.",
            (_, _) => "This change weakens accountability.",
        }
    }

    /// Whether there is more to report than the verdict, such as policies that were not compared.
    fn is_anything(&self) -> bool {
        !self.changes.is_empty() || *self.policies != Policies::Same
    }

    /// The number of changes in each direction, in words.
    fn counts(&self) -> String {
        let of = |weight: Weight| format!("{} {}", self.count(weight), weight.word());
        format!(
            "{}, {}, {} · as of {}",
            of(Weight::Weaker),
            of(Weight::Stronger),
            of(Weight::Changed),
            self.new.options.as_of
        )
    }

    /// The result of comparing the policies, in words.
    fn policies(&self) -> String {
        match self.policies {
            Policies::Same => "the same on both sides".to_owned(),
            Policies::Not(because) => format!("not compared: {because}"),
            Policies::Compared {
                by,
                more: 0,
                fresh,
                approved,
                ..
            } => {
                let beside = [
                    (*fresh, "operation is new", "operations are new"),
                    (*approved, "task has its scope approved now", "tasks have their scopes approved now"),
                ];
                let beside = beside.into_iter().filter(|(count, ..)| *count > 0);
                let beside: Vec<String> = beside.map(|(count, one, several)| counted(count, one, several)).collect();
                let of = if beside.is_empty() { "" } else { " that both sides decide; " };
                format!(
                    "{by} proved for every request{of} that nothing is allowed that was refused{}",
                    beside.join("; ")
                )
            }
            Policies::Compared { by, more, .. } => {
                format!(
                    "{by} found that more is allowed than before in {}; other lines say which",
                    counted(*more, "way", "ways")
                )
            }
        }
    }

    fn side(&self, place: Place) -> &Compilation {
        match place.side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The path and line of a location. A location on the old side is marked.
    fn cited(&self, place: Option<Place>) -> Option<String> {
        let place = place?;
        let cited = self.side(place).sources.cite_shown(place.span);
        Some(match place.side {
            Side::Old => format!("{cited} (as it was)"),
            Side::New => cited,
        })
    }

    /// The difference as JSON for scripts, schema `quorate/diff/1`.
    pub fn json(&self) -> String {
        let changes: Vec<Value> = self.changes.iter().map(|change| self.one(change)).collect();
        let verdict = match (self.count(Weight::Weaker), self.changes.len()) {
            (0, 0) => "same",
            (0, _) => "not_weaker",
            (_, _) => "weaker",
        };
        let document = json!({
            "schema": "quorate/diff/1",
            "as_of": self.new.options.as_of.to_string(),
            "workspaces": { "old": self.old.workspace, "new": self.new.workspace },
            "verdict": verdict,
            "counts": {
                "weaker": self.count(Weight::Weaker),
                "stronger": self.count(Weight::Stronger),
                "changed": self.count(Weight::Changed),
            },
            "policies": self.compared(),
            "changes": changes,
        });
        format!("{document:#}\n")
    }

    fn compared(&self) -> Value {
        let (by, because, [questions, more, fresh, approved]) = match self.policies {
            Policies::Same => (None, None, [0; 4]),
            Policies::Not(because) => (None, Some(because), [0; 4]),
            Policies::Compared {
                by,
                questions,
                more,
                fresh,
                approved,
            } => (Some(by), None, [*questions, *more, *fresh, *approved]),
        };
        json!({
            "compared": because.is_none(),
            "by": by,
            "because": because,
            "questions": questions,
            "more": more,
            "new_operations": fresh,
            "approved_tasks": approved,
        })
    }

    fn one(&self, change: &Change) -> Value {
        let place = change.place.map(|place| {
            let sources = &self.side(place).sources;
            let position = sources.position(place.span.file, place.span.start);
            let side = match place.side {
                Side::Old => "old",
                Side::New => "new",
            };
            json!({ "side": side, "path": sources.shown(place.span.file), "line": position.line, "column": position.column })
        });
        json!({
            "weight": change.weight.word(),
            "kind": change.kind.word(),
            "subject": change.subject,
            "sentence": change.sentence,
            "detail": change.detail,
            "place": place,
        })
    }
}

/// The first word for a change: `opened` or `closed` for a finding, and the direction for any other change.
fn word(change: &Change) -> &'static str {
    match change.kind {
        Kind::Opened => "opened",
        Kind::Closed => "closed",
        _ => change.weight.word(),
    }
}

fn is_finding(change: &Change) -> bool {
    matches!(change.kind, Kind::Opened | Kind::Closed)
}

/// The sentence of a change. For a finding it is only the code and the name, because the word before it states
/// whether it is open or closed.
fn named(change: &Change) -> &str {
    let ends = [" is open", " is closed"];
    let finding = ends.iter().find_map(|end| change.sentence.strip_suffix(end));
    finding.filter(|_| is_finding(change)).unwrap_or(&change.sentence)
}
