//! The result of a proof, for people and for scripts.

use crate::prove::proof::{Proof, Shown, Verdict};

/// For people: a line for each claim, and below it the counterexample.
pub fn line(shown: &Shown) -> String {
    let word = match shown.verdict {
        Verdict::Proved => "proved",
        Verdict::Refuted { .. } => "refuted",
        Verdict::NotProved { .. } => "not proved",
    };
    let mut lines = format!("{word:<11}{}\n", shown.claim());
    let below: Vec<&str> = match &shown.verdict {
        Verdict::Proved => Vec::new(),
        Verdict::Refuted { examples } => examples.iter().map(|example| example.sentence.as_str()).collect(),
        Verdict::NotProved { because } => because.iter().map(String::as_str).collect(),
    };
    lines.extend(below.iter().map(|line| format!("{:<11}{line}\n", "")));
    lines
}

/// For scripts.
pub fn json(proof: &Proof) -> String {
    serde_json::to_string_pretty(proof).map_or(String::new(), |text| text + "\n")
}
