//! Both real engines with an emitted policy in them.

use crate::emit::agreement::Decider;
use crate::emit::answer::Answer;
use crate::emit::cedar::{self, Cedar};
use crate::emit::policy::Policy;
use crate::emit::rego::{self, Rego};
use serde_json::Value;

/// The versions that Cargo has locked.
const LOCKED: &str = include_str!("../../Cargo.lock");

/// The engines that decide the derived requests, each with its version: `cedar-policy 4.14.1`.
pub fn versions() -> Vec<String> {
    let version = |name: &str| {
        let package = LOCKED
            .split("[[package]]")
            .find(|package| package.contains(&format!("\nname = \"{name}\"\n")));
        let line = package.and_then(|package| package.lines().find_map(|line| line.strip_prefix("version = ")));
        format!(
            "{name} {}",
            line.map_or("of an unknown version", |version| version.trim_matches('"'))
        )
    };
    ["cedar-policy", "regorus"].map(version).to_vec()
}

/// Cedar and Rego.
pub struct Engines {
    cedar: CedarDecider,
    rego: RegoDecider,
}

impl Engines {
    /// The engines with the emitted files, or why one cannot load them.
    pub fn new(cedar: &Cedar, rego: &Rego) -> Result<Engines, String> {
        Ok(Engines {
            cedar: CedarDecider::new(cedar)?,
            rego: RegoDecider::new(rego)?,
        })
    }

    /// The engines with a policy, or the part of the policy that one of the targets cannot express.
    pub fn of(policy: &Policy) -> Result<Engines, String> {
        Ok(Engines {
            cedar: CedarDecider::of(policy)?,
            rego: RegoDecider::of(policy)?,
        })
    }

    /// Cedar's.
    pub fn cedar(&self) -> &cedar::Engine {
        &self.cedar.0
    }

    /// Both, in a fixed order.
    pub fn deciders(&self) -> [&dyn Decider; 2] {
        [&self.cedar, &self.rego]
    }

    /// Cedar with every policy, for callers that do not use the index.
    pub fn whole(&self) -> impl Decider + '_ {
        Whole(&self.cedar.0)
    }
}

/// Cedar, by its index.
pub struct CedarDecider(cedar::Engine);

impl CedarDecider {
    /// With the emitted files.
    pub fn new(cedar: &Cedar) -> Result<CedarDecider, String> {
        Ok(CedarDecider(cedar::Engine::new(cedar)?))
    }

    /// The engine with a policy, or the part of the policy that Cedar cannot express.
    pub fn of(policy: &Policy) -> Result<CedarDecider, String> {
        CedarDecider::new(&cedar::emit(policy).map_err(|loss| loss.to_string())?)
    }
}

impl Decider for CedarDecider {
    fn name(&self) -> &'static str {
        "Cedar"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        sound(self.0.decide(request))
    }
}

/// Cedar with every policy.
struct Whole<'e>(&'e cedar::Engine);

impl Decider for Whole<'_> {
    fn name(&self) -> &'static str {
        "Cedar without the index"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        sound(self.0.decide_whole(request))
    }
}

/// The answer, if no policy erred.
fn sound(outcome: cedar::Outcome) -> Result<Answer, String> {
    match outcome.errors.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(outcome.answer),
    }
}

/// Rego.
pub struct RegoDecider(rego::Engine);

impl RegoDecider {
    /// With the emitted files.
    pub fn new(rego: &Rego) -> Result<RegoDecider, String> {
        Ok(RegoDecider(rego::Engine::new(rego)?))
    }

    /// The engine with a policy, or the part of the policy that Rego cannot express.
    pub fn of(policy: &Policy) -> Result<RegoDecider, String> {
        let rego = rego::emit(policy);
        match rego.losses.first() {
            Some(loss) => Err(loss.to_string()),
            None => RegoDecider::new(&rego),
        }
    }
}

impl Decider for RegoDecider {
    fn name(&self) -> &'static str {
        "Rego"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        let outcome = self.0.decide(request);
        match outcome.error {
            Some(error) => Err(error),
            None => Ok(outcome.answer),
        }
    }
}

#[cfg(test)]
mod tests;
