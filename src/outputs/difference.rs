//! What a change does to accountability, for people, for scripts, and as a comment on a pull request.

use crate::compile::Compilation;
use crate::diff::{Change, Place, Side, Weight};
use crate::prove::sides::Policies;
use serde_json::{Value, json};

mod human;
mod markdown;

/// Two compilations, how each was named, and what differs.
pub struct Difference<'a> {
    /// As it was.
    pub old: &'a Compilation,
    /// As it is to be.
    pub new: &'a Compilation,
    /// What differs, what is weaker first.
    pub changes: &'a [Change],
    /// What came of comparing the policies.
    pub policies: &'a Policies,
}

impl Difference<'_> {
    /// How many changes go one way.
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

    /// How many there are of each.
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

    /// What came of comparing the policies, in words.
    fn policies(&self) -> String {
        match self.policies {
            Policies::Same => "the same on both sides".to_owned(),
            Policies::Not(because) => format!("not compared: {because}"),
            Policies::Asked { by, more: 0, fresh: 0, .. } => {
                format!("nothing is allowed that was refused, as {by} showed for every request")
            }
            Policies::Asked { by, more: 0, fresh, .. } => format!(
                "nothing is allowed that was refused, as {by} showed for every request that both sides decide; {} new",
                plural(*fresh, "operation is", "operations are")
            ),
            Policies::Asked { by, more, .. } => {
                format!("more is allowed than before in {}, as {by} found", plural(*more, "way", "ways"))
            }
        }
    }

    fn side(&self, place: Place) -> &Compilation {
        match place.side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The path and the line; what is gone stands in what was.
    fn cited(&self, place: Option<Place>) -> Option<String> {
        let place = place?;
        let cited = self.side(place).sources.cite_shown(place.span);
        Some(match place.side {
            Side::Old => format!("{cited} (as it was)"),
            Side::New => cited,
        })
    }

    /// For scripts, schema `quorate/diff/1`.
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
        let (by, because, [questions, more, fresh]) = match self.policies {
            Policies::Same => (None, None, [0; 3]),
            Policies::Not(because) => (None, Some(because), [0; 3]),
            Policies::Asked {
                by,
                questions,
                more,
                fresh,
            } => (Some(by), None, [*questions, *more, *fresh]),
        };
        json!({
            "compared": because.is_none(),
            "by": by,
            "because": because,
            "questions": questions,
            "more": more,
            "new_operations": fresh,
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

fn plural(count: usize, one: &str, several: &str) -> String {
    match count {
        1 => format!("one {one}"),
        _ => format!("{count} {several}"),
    }
}
