//! The Rego target: one generic module in two files, the same for every workspace, and every name of the workspace in
//! `data.json`.

mod bundle;
mod condition;
mod data;
mod engine;
#[cfg(test)]
mod tests;

pub use bundle::bundle;
pub use engine::{Engine, Outcome};

use crate::emit::loss::Loss;
use crate::emit::policy::Policy;
use serde_json::{Value, json};

const MODULE: &str = include_str!("rego/policy.rego");
const REASONS: &str = include_str!("rego/reasons.rego");

/// What Open Policy Agent loads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rego {
    /// What decides, `policy.rego`; the same for every policy.
    pub module: String,
    /// What explains a denial, `reasons.rego`; the same for every policy.
    pub reasons: String,
    /// Every name and number, `data.json`.
    pub data: Value,
    /// The bundle's `.manifest`.
    pub manifest: String,
    /// The groups whose operations are denied because their logic is too large to write out, each with the
    /// reason; only absurd quorums cause this.
    pub losses: Vec<Loss>,
}

/// A policy for Open Policy Agent.
pub fn emit(policy: &Policy) -> Rego {
    let (data, losses) = data::of(policy);
    let manifest = json!({ "revision": policy.revision, "roots": ["quorate"], "rego_version": 1 });
    Rego {
        module: MODULE.to_owned(),
        reasons: REASONS.to_owned(),
        data,
        manifest: text(&manifest),
        losses,
    }
}

impl Rego {
    /// The files as they are written and bundled, in order of their names.
    pub fn files(&self) -> [(&'static str, String); 4] {
        [
            (".manifest", self.manifest.clone()),
            ("data.json", text(&self.data)),
            ("policy.rego", self.module.clone()),
            ("reasons.rego", self.reasons.clone()),
        ]
    }
}

fn text(value: &Value) -> String {
    format!("{value:#}\n")
}
