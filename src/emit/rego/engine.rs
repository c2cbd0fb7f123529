//! Asks the emitted policy for decisions, within the process itself.

use crate::emit::answer::Answer;
use crate::emit::rego::Rego;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::rvm::program::Program;
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

const ENTRY: &str = "data.quorate.authz.evaluation";

/// Far more than any decision takes. At this number the engine stops and the answer is no.
const INSTRUCTIONS: usize = 200_000_000;

/// The policy, compiled and loaded; many threads can ask it.
pub struct Engine {
    program: Arc<Program>,
    data: regorus::Value,
    idle: Mutex<Vec<RegoVM>>,
}

/// What it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer. It never allows with an error.
    pub answer: Answer,
    /// What went wrong, if anything did.
    pub error: Option<String>,
}

impl Engine {
    /// Compiles the module and loads the data.
    pub fn new(rego: &Rego) -> Result<Engine, String> {
        let mut engine = regorus::Engine::new();
        let failed = |error: &dyn std::fmt::Display| format!("the emitted Rego does not load: {error}");
        for (name, text) in [("policy.rego", &rego.module), ("reasons.rego", &rego.reasons)] {
            engine.add_policy(name.to_owned(), text.clone()).map_err(|error| failed(&error))?;
        }
        let compiled = engine.compile_with_entrypoint(&ENTRY.into()).map_err(|error| failed(&error))?;
        let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).map_err(|error| failed(&error))?;
        let data = regorus::Value::deserialize(&rego.data).map_err(|error| failed(&error))?;
        let engine = Engine {
            program,
            data,
            idle: Mutex::default(),
        };
        engine.machine().map(|machine| engine.rest(machine))?;
        Ok(engine)
    }

    /// The answer to one request.
    pub fn decide(&self, request: &Value) -> Outcome {
        self.evaluate(request).unwrap_or_else(|error| Outcome {
            error: Some(error),
            ..Outcome::default()
        })
    }

    fn evaluate(&self, request: &Value) -> Result<Outcome, String> {
        let mut machine = self.machine()?;
        machine.set_input(regorus::Value::deserialize(request).map_err(|error| error.to_string())?);
        let answer = machine.execute().map_err(|error| error.to_string())?;
        self.rest(machine);
        let answer = serde_json::to_value(answer).map_err(|error| error.to_string())?;
        let answer = Answer::read(&answer).ok_or_else(|| format!("this is not an answer: {answer}"))?;
        Ok(Outcome { answer, error: None })
    }

    fn machine(&self) -> Result<RegoVM, String> {
        if let Some(machine) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(machine);
        }
        let mut machine = RegoVM::new();
        machine.load_program(self.program.clone());
        machine.set_data(self.data.clone()).map_err(|error| error.to_string())?;
        machine.set_max_instructions(INSTRUCTIONS);
        Ok(machine)
    }

    fn rest(&self, machine: RegoVM) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(machine);
    }
}
