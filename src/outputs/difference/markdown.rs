//! Writes a difference as a comment on a pull request.

use crate::diff::{Change, Weight};
use crate::outputs::difference::{Difference, named, word};
use crate::report::markdown::{escaped, fenced};

/// The most characters of the text. The rest of the permitted length of a comment is reserved for the lines below
/// the tables.
const LONGEST: usize = 64_000;

impl Difference<'_> {
    /// A comment on a pull request: a table of the weaker changes, with the other changes folded.
    pub fn markdown(&self) -> String {
        let mut out = format!("<!-- quorate-diff -->\n### {}\n\n", self.verdict());
        if !self.is_anything() {
            return out.trim_end().to_owned() + "\n";
        }
        out += &format!("{}\n\nPolicies: {}\n", escaped(&self.counts()), escaped(&self.policies()));
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
                false => {
                    let parts: Vec<String> = change.detail.split("; ").map(escaped).collect();
                    format!("<br>{}", parts.join("<br>"))
                }
            };
            let place = self.cited(change.place).map_or(String::new(), |cited| fenced(&cited));
            let row = format!("| {} | **{}**{detail} | {place} |\n", word(change), escaped(named(change)));
            length += row.chars().count();
            if length > LONGEST {
                *out += &format!("\n{} more are not shown here. `quorate diff` shows them.\n", changes.len() - index);
                return;
            }
            *out += &row;
        }
    }
}
