//! What a change does to accountability, for people, for scripts, and as a comment on a pull request.

use crate::compile::Compilation;
use crate::diff::{Change, Kind, Place, Side, Weight};
use crate::report::markdown::{escaped, fenced};
use serde_json::{Value, json};

/// A comment may have so many characters; so many are kept free for what stands below.
const LONGEST: usize = 64_000;

/// Two compilations, how each was named, and what differs.
pub struct Difference<'a> {
    /// As it was.
    pub old: &'a Compilation,
    /// As it is to be.
    pub new: &'a Compilation,
    /// What differs, what is weaker first.
    pub changes: &'a [Change],
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

    /// For people.
    pub fn human(&self) -> String {
        let mut out = format!("{}\n", self.verdict());
        for weight in [Weight::Weaker, Weight::Stronger, Weight::Changed] {
            let mut first = true;
            for change in self.changes.iter().filter(|change| change.weight == weight) {
                let word = match change.kind {
                    Kind::Opened => "opened",
                    Kind::Closed => "closed",
                    _ => weight.word(),
                };
                let gap = if std::mem::take(&mut first) { "\n" } else { "" };
                out += &format!("{gap}{word:<10}{}\n", change.sentence);
                if !change.detail.is_empty() {
                    out += &format!("          {}\n", change.detail);
                }
                if let Some(cited) = self.cited(change.place) {
                    out += &format!("          at {cited}\n");
                }
            }
        }
        if !self.changes.is_empty() {
            out += &format!("\n{}\n", self.counts());
        }
        out
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
            "changes": changes,
        });
        format!("{document:#}\n")
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

    /// A comment on a pull request: what got weaker in a table, the rest folded.
    pub fn markdown(&self) -> String {
        let mut out = format!("<!-- quorate-diff -->\n### {}\n\n", self.verdict());
        if self.changes.is_empty() {
            return out.trim_end().to_owned() + "\n";
        }
        out += &format!("{}\n", escaped(&self.counts()));
        let (weaker, rest): (Vec<&Change>, Vec<&Change>) = self.changes.iter().partition(|change| change.weight == Weight::Weaker);
        if !weaker.is_empty() {
            out += "\n";
            self.table(&mut out, &weaker);
        }
        if !rest.is_empty() && out.chars().count() < LONGEST {
            out += "\n<details><summary>What else changes</summary>\n\n";
            self.table(&mut out, &rest);
            out += "\n</details>\n";
        }
        out
    }

    fn table(&self, out: &mut String, changes: &[&Change]) {
        *out += "| | What | Where |\n|---|---|---|\n";
        let mut length = out.chars().count();
        for (index, change) in changes.iter().enumerate() {
            let detail = match change.detail.is_empty() {
                true => String::new(),
                false => format!("<br>{}", escaped(&change.detail)),
            };
            let place = self.cited(change.place).map_or(String::new(), |cited| fenced(&cited));
            let row = format!(
                "| {} | **{}**{detail} | {place} |\n",
                change.weight.word(),
                escaped(&change.sentence)
            );
            length += row.chars().count();
            if length > LONGEST {
                *out += &format!("\n{} more are not shown here. `quorate diff` shows them.\n", changes.len() - index);
                return;
            }
            *out += &row;
        }
    }
}
