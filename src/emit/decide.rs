//! Policies that are loaded once and then answer any number of requests.

use crate::emit::agreement::Decider;
use crate::emit::answer::Answer;
use crate::emit::built::Built;
use crate::emit::cedar::{Index, schema};
use crate::emit::engines::{CedarDecider, RegoDecider};
use crate::emit::malformed::{Keys, field};
use crate::emit::policy::Policy;
use crate::emit::reference::Reference;
use crate::emit::sentence::Titles;
use serde_json::Value;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineChoice {
    /// The meaning of the model, Cedar and Rego, which must agree.
    All,
    /// The meaning of the model alone.
    Model,
    /// Cedar alone.
    Cedar,
    /// Rego alone.
    Rego,
}

/// Policies in the engines that are asked. Many threads can ask them.
///
/// The time for an answer hardly grows with the number of agents, people or domains: an operation leads to the few
/// policies that can affect it, and everything else is looked up by its name.
///
/// ```
/// use quorate::emit::decide::{Decisions, EngineChoice};
/// use quorate::emit::policy::Policy;
/// use serde_json::json;
///
/// // `Policy` comes from `lower::policy`; without a workspace there is nothing that an agent may do.
/// let decisions = Decisions::of(Policy::default(), EngineChoice::All)?;
/// let answer = decisions.answer(&json!({ "subject": { "type": "agent", "id": "acme.campaign" } }))?;
/// assert!(!answer.allow);
/// assert_eq!(decisions.sentences(&answer), ["the request does not have the required form"]);
/// # Ok::<(), String>(())
/// ```
pub struct Decisions {
    reference: Option<Reference<Policy>>,
    engines: Vec<Box<dyn Decider + Send>>,
    titles: Titles,
    revision: String,
    keys: Keys,
}

impl Decisions {
    /// Loads the selected engines. The error names the part of the policy that one of them cannot express.
    pub fn of(policy: Policy, choice: EngineChoice) -> Result<Decisions, String> {
        let mut engines: Vec<Box<dyn Decider + Send>> = Vec::new();
        if matches!(choice, EngineChoice::All | EngineChoice::Cedar) {
            engines.push(Box::new(CedarDecider::of(&policy)?));
        }
        if matches!(choice, EngineChoice::All | EngineChoice::Rego) {
            engines.push(Box::new(RegoDecider::of(&policy)?));
        }
        Ok(Decisions {
            titles: Titles::of(&policy),
            keys: schema::keys(&policy),
            revision: policy.revision.clone(),
            reference: matches!(choice, EngineChoice::All | EngineChoice::Model).then(|| Reference::of(policy)),
            engines,
        })
    }

    /// Loads the selected engines with built files. The meaning of the model is not available then.
    pub fn built(built: &Built, choice: EngineChoice) -> Result<Decisions, String> {
        let mut engines: Vec<Box<dyn Decider + Send>> = Vec::new();
        match choice {
            EngineChoice::Model => return Err("a built folder does not contain the model; choose `cedar`, `rego` or `all`".to_owned()),
            EngineChoice::All => {
                engines.push(Box::new(CedarDecider::new(&built.cedar)?));
                engines.push(Box::new(RegoDecider::new(&built.rego)?));
            }
            EngineChoice::Cedar => engines.push(Box::new(CedarDecider::new(&built.cedar)?)),
            EngineChoice::Rego => engines.push(Box::new(RegoDecider::new(&built.rego)?)),
        }
        Ok(Decisions {
            reference: None,
            engines,
            titles: Titles::read(&built.rego.data),
            keys: Index::read(&built.cedar.index)?.keys,
            revision: built.revision.clone(),
        })
    }

    /// The answer to a request. An error if the deciders disagree, or one cannot decide; then nothing is
    /// allowed.
    pub fn answer(&self, request: &Value) -> Result<Answer, String> {
        let mut first = self.reference.as_ref().map(|reference| ("the model", reference.decide(request)));
        for engine in &self.engines {
            let answer = engine.answer(request)?;
            match &first {
                Some((other, before)) if *before != answer => return Err(format!("{} and {other} do not agree", engine.name())),
                Some(_) => {}
                None => first = Some((engine.name(), answer)),
            }
        }
        first.map(|(_, answer)| answer).ok_or_else(|| "nobody is asked".to_owned())
    }

    /// Why a request is denied, or what must be done because it is allowed, in plain words.
    pub fn sentences(&self, answer: &Answer) -> Vec<String> {
        self.titles.sentences(answer)
    }

    /// The field of a request that does not have the shape of the contract, if there is one.
    pub fn malformed(&self, request: &Value) -> Option<String> {
        field(&self.keys, request)
    }

    /// The revision that a request must carry.
    pub fn revision(&self) -> &str {
        &self.revision
    }
}
