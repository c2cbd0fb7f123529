//! Writes a difference for people, in 80 columns.

use crate::diagnostic::render::wrapped;
use crate::diff::{Change, Weight};
use crate::outputs::difference::{Difference, is_finding, named, word};

/// The longest line. Only a path may be longer.
const WIDTH: usize = 80;

/// The spaces below the first word of a line.
const INDENT: &str = "          ";

/// The most changes of one sort that the list shows.
const TOLD: usize = 10;

impl Difference<'_> {
    /// The difference for people: the verdict, the changes that it is based on, the other changes, and the totals.
    pub fn human(&self) -> String {
        let mut out = format!("{}\n", self.verdict());
        for weight in [Weight::Weaker, Weight::Stronger, Weight::Changed] {
            let own = self.changes.iter().filter(|change| change.weight == weight);
            let (findings, others): (Vec<&Change>, Vec<&Change>) = own.partition(|change| is_finding(change));
            for block in [others, findings] {
                self.block(&mut out, &block);
            }
        }
        if self.is_anything() {
            let policies = wrapped(&format!("policies  {}", self.policies()), INDENT, WIDTH);
            out += &format!("\n{policies}\n{}\n", self.counts());
        }
        out
    }

    fn block(&self, out: &mut String, changes: &[&Change]) {
        if changes.is_empty() {
            return;
        }
        out.push('\n');
        // A line about one more change would take as much space as the change itself.
        let told = if changes.len() == TOLD + 1 { TOLD + 1 } else { TOLD };
        for change in changes.iter().take(told) {
            self.told(out, change);
        }
        if let Some(more) = changes.len().checked_sub(told).filter(|more| *more > 0) {
            *out += &format!("{INDENT}and {more} more; `--format json` has them all\n");
        }
    }

    fn told(&self, out: &mut String, change: &Change) {
        let word = word(change);
        let cited = self.cited(change.place).unwrap_or_default();
        let first = match is_finding(change) && !change.detail.is_empty() {
            true => format!("{word:<10}{}: {}", named(change), change.detail),
            false => format!("{word:<10}{}", change.sentence),
        };
        let details = change.detail.split("; ").filter(|part| !part.is_empty() && !is_finding(change));
        let mut lines: Vec<String> = vec![wrapped(&first, INDENT, WIDTH)];
        lines.extend(details.map(|part| wrapped(&format!("{INDENT}{part}"), INDENT, WIDTH)));
        for line in lines {
            *out += &format!("{line}\n");
        }
        if !cited.is_empty() {
            *out += &format!("{INDENT}{cited}\n");
        }
    }
}
