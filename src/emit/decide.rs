//! A policy made ready once, to answer any number of requests.

use crate::emit::agreement::Decider;
use crate::emit::answer::Answer;
use crate::emit::engines::Engines;
use crate::emit::policy::Policy;
use crate::emit::{reference, sentence};
use serde_json::Value;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The meaning of the model, Cedar and Rego, which must agree.
    All,
    /// The meaning of the model alone.
    Model,
    /// Cedar alone.
    Cedar,
    /// Rego alone.
    Rego,
}

/// The policy in the engines that are asked. Many threads can ask it.
pub struct Decisions {
    policy: Policy,
    engines: Option<Engines>,
    asked: Asked,
}

impl Decisions {
    /// Loads the engines, or says what one of them cannot say of the policy.
    pub fn of(policy: Policy, asked: Asked) -> Result<Decisions, String> {
        let engines = match asked {
            Asked::Model => None,
            Asked::All | Asked::Cedar | Asked::Rego => Some(Engines::of(&policy)?),
        };
        Ok(Decisions { policy, engines, asked })
    }

    /// The answer to a request. Where those who are asked do not agree, or one cannot decide, there is none, and nothing is allowed.
    pub fn answer(&self, request: &Value) -> Result<Answer, String> {
        let Some(engines) = &self.engines else {
            return Ok(reference::decide(&self.policy, request));
        };
        let [cedar, rego] = engines.deciders();
        match self.asked {
            Asked::Model => Ok(reference::decide(&self.policy, request)),
            Asked::Cedar => cedar.answer(request),
            Asked::Rego => rego.answer(request),
            Asked::All => self.agreed(request, [cedar, rego]),
        }
    }

    fn agreed(&self, request: &Value, engines: [&dyn Decider; 2]) -> Result<Answer, String> {
        let answer = reference::decide(&self.policy, request);
        for engine in engines {
            if engine.answer(request)? != answer {
                return Err(format!("{} and the model do not agree", engine.name()));
            }
        }
        Ok(answer)
    }

    /// Why a request is denied, in plain words.
    pub fn sentences(&self, answer: &Answer) -> Vec<String> {
        sentence::sentences(&self.policy, answer)
    }

    /// The revision that a request must carry.
    pub fn revision(&self) -> &str {
        &self.policy.revision
    }
}
