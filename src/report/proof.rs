//! What came of a proof, for people and for scripts.

use crate::prove::proof::{Proof, Verdict};

/// For people: a line for each claim, and below it what speaks against it.
pub fn text(proof: &Proof) -> String {
    let mut lines = Vec::new();
    for shown in &proof.shown {
        let word = match shown.verdict {
            Verdict::Proved => "proved",
            Verdict::Refuted { .. } => "refuted",
            Verdict::NotProved { .. } => "not proved",
        };
        lines.push(format!("{word:<11}{}", shown.claim()));
        let below: Vec<&str> = match &shown.verdict {
            Verdict::Proved => Vec::new(),
            Verdict::Refuted { examples } => examples.iter().map(|example| example.sentence.as_str()).collect(),
            Verdict::NotProved { because } => because.iter().map(String::as_str).collect(),
        };
        lines.extend(below.iter().map(|line| format!("{:<11}{line}", "")));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// For scripts.
pub fn json(proof: &Proof) -> String {
    serde_json::to_string_pretty(proof).map_or(String::new(), |text| text + "\n")
}
