//! Both real engines with an emitted policy in them.

use crate::emit::agreement::Decider;
use crate::emit::answer::Answer;
use crate::emit::cedar::{self, Cedar};
use crate::emit::policy::Policy;
use crate::emit::rego::{self, Rego};
use serde_json::Value;

/// Cedar and Rego.
pub struct Engines {
    cedar: CedarDecider,
    rego: RegoDecider,
}

impl Engines {
    /// The engines with what was emitted, or why one cannot load it.
    pub fn new(cedar: &Cedar, rego: &Rego) -> Result<Engines, String> {
        Ok(Engines {
            cedar: CedarDecider(cedar::Engine::new(cedar)?),
            rego: RegoDecider(rego::Engine::new(rego)?),
        })
    }

    /// The engines with a policy, or what one of the targets cannot say of it.
    pub fn of(policy: &Policy) -> Result<Engines, String> {
        let cedar = cedar::emit(policy).map_err(|loss| loss.to_string())?;
        let rego = rego::emit(policy);
        match rego.losses.first() {
            Some(loss) => Err(loss.to_string()),
            None => Engines::new(&cedar, &rego),
        }
    }

    /// Cedar's.
    pub fn cedar(&self) -> &cedar::Engine {
        &self.cedar.0
    }

    /// Both, in a fixed order.
    pub fn deciders(&self) -> [&dyn Decider; 2] {
        [&self.cedar, &self.rego]
    }
}

struct CedarDecider(cedar::Engine);

impl Decider for CedarDecider {
    fn name(&self) -> &'static str {
        "Cedar"
    }

    fn answer(&self, request: &Value) -> Result<Answer, String> {
        let outcome = self.0.decide(request);
        match outcome.errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(outcome.answer),
        }
    }
}

struct RegoDecider(rego::Engine);

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
