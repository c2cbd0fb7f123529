//! The result of a proof.

use serde::Serialize;
use std::collections::BTreeMap;

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No request is allowed without what the governing domains require, and some request is allowed.
    Required,
    /// No policy of a file can err.
    NeverErrs,
    /// The explanation of denials refuses what the permits do not allow, and nothing else.
    Explained,
    /// Nothing is allowed that an earlier build refused.
    Within,
}

impl Kind {
    /// The claims that are about one build.
    pub const ALL: [Kind; 3] = [Kind::Required, Kind::NeverErrs, Kind::Explained];
}

/// The result for a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It holds for every request.
    Proved,
    /// A request refutes it; the request was tried in the real engine.
    Refuted {
        /// One for each action.
        examples: Vec<Example>,
    },
    /// Neither proved nor refuted.
    NotProved {
        /// Why.
        because: Vec<String>,
    },
}

/// A request for which something does not hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Example {
    /// The action.
    pub action: String,
    /// The request in words, and what it lacks.
    pub sentence: String,
    /// The missing requirements, as codes of reasons.
    pub lacking: Vec<String>,
}

/// A claim with its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The kind of claim.
    pub kind: Kind,
    /// What the claim is about: a group of operations, or a file.
    pub of: String,
    /// The governing domains if the claim is about a group; otherwise empty.
    pub domains: Vec<String>,
    /// The actions that the claim covers.
    pub actions: Vec<String>,
    /// The number of questions that the solver answered.
    pub questions: usize,
    /// The result.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// `quorate/proof/1`
    pub schema: &'static str,
    /// The workspace.
    pub workspace: String,
    /// The revision of its policies.
    pub revision: String,
    /// The domains that the proof is limited to; empty if it covers all domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// The files that the proof is about, each with its digest.
    pub files: BTreeMap<String, String>,
    /// The files of the earlier build that these are compared with, each with its digest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub against: BTreeMap<String, String>,
    /// The solver and its version.
    pub solver: String,
    /// The claims, each with its result.
    pub shown: Vec<Shown>,
}

impl Shown {
    /// Whether it holds.
    pub fn is_proved(&self) -> bool {
        match self.verdict {
            Verdict::Proved => true,
            Verdict::Refuted { .. } | Verdict::NotProved { .. } => false,
        }
    }

    /// Whether it has a counterexample.
    pub fn is_refuted(&self) -> bool {
        match self.verdict {
            Verdict::Refuted { .. } => true,
            Verdict::Proved | Verdict::NotProved { .. } => false,
        }
    }

    /// What was to be shown, in words.
    pub fn claim(&self) -> String {
        match self.kind {
            Kind::Required => format!("{}: no request is allowed without everything that it needs", self.of),
            Kind::NeverErrs => format!("{}: no policy can fail with an error", self.of),
            Kind::Explained => format!("{}: denies what policies.cedar does not allow, and nothing else", self.of),
            Kind::Within if self.domains.is_empty() => format!("{}: has no data that allows more than before", self.of),
            Kind::Within => format!("{}: allows nothing that was denied before", self.of),
        }
    }
}

impl Proof {
    /// Whether there is at least one claim, and every claim holds.
    pub fn is_whole(&self) -> bool {
        !self.shown.is_empty() && self.shown.iter().all(Shown::is_proved)
    }

    /// Whether some claim has a counterexample.
    pub fn is_refuted(&self) -> bool {
        self.shown.iter().any(Shown::is_refuted)
    }
}
