//! A workspace's derived requests as Rego takes them, each with what the emitted policy answers.

use crate::mutants::Workspace;
use quorate::emit::rego::{self, Rego};
use regorus::Value;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::rvm::program::Program;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

const ENTRY: &str = "data.quorate.authz.evaluation";

/// How two answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// What stands in the way.
    Reasons,
    /// Whether it is allowed, or that there is an answer at all.
    Decision,
}

/// An answer: the decision and the denials.
type Said = (Value, Value);

/// The number of requests for which another decision is tried after one was refused for other reasons.
const MORE: usize = 100;

struct Asked {
    input: Value,
    said: Said,
    kind: &'static str,
}

/// A workspace in Rego.
pub struct Loaded {
    pub name: &'static str,
    pub emitted: Rego,
    asked: Vec<Asked>,
    /// For each name the requests in which it is.
    naming: BTreeMap<String, BTreeSet<usize>>,
}

/// Which kinds of requests noticed edits of some class: asked first the next time. What is noticed does not hang on it.
#[derive(Default)]
pub struct Learned(Mutex<BTreeMap<String, BTreeSet<&'static str>>>);

/// The module and its reasons, compiled, or why they do not load.
pub fn program(module: &str, reasons: &str) -> Result<Arc<Program>, String> {
    let mut engine = regorus::Engine::new();
    for (name, text) in [("policy.rego", module), ("reasons.rego", reasons)] {
        engine
            .add_policy(name.to_owned(), text.to_owned())
            .map_err(|error| error.to_string())?;
    }
    let compiled = engine.compile_with_entrypoint(&ENTRY.into()).map_err(|error| error.to_string())?;
    Compiler::compile_from_policy(&compiled, &[ENTRY]).map_err(|error| error.to_string())
}

fn machine(program: &Arc<Program>, data: &Value) -> RegoVM {
    let mut machine = RegoVM::new();
    machine.load_program(program.clone());
    machine.set_data(data.clone()).expect("the data can be set");
    machine.set_max_instructions(1_000_000);
    machine
}

/// The answer, if there is one.
fn ask(machine: &mut RegoVM, input: &Value) -> Option<Said> {
    machine.set_input(input.clone());
    let answer = machine.execute().ok()?;
    let (decision, denials) = (&answer["decision"], &answer["context"]["denials"]);
    let whole = *decision != Value::Undefined && *denials != Value::Undefined;
    whole.then(|| (decision.clone(), denials.clone()))
}

impl Loaded {
    pub fn of(workspace: &Workspace) -> Loaded {
        let emitted = rego::emit(&workspace.policy);
        assert!(emitted.losses.is_empty(), "{}: {:?}", workspace.name, emitted.losses);
        // Those that fail in the fewest things come first, and of these some of every kind.
        let mut seen: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        let order = workspace
            .derived
            .iter()
            .zip(&workspace.answers)
            .enumerate()
            .map(|(index, (derived, answer))| {
                let nth = seen.entry((answer.denials.len(), derived.kind)).or_default();
                *nth += 1;
                (answer.denials.len(), *nth, index)
            });
        let order: BTreeSet<(usize, usize, usize)> = order.collect();
        let order: Vec<usize> = order.into_iter().map(|(_, _, index)| index).collect();
        let asked = order.iter().map(|index| {
            let (derived, answer) = (&workspace.derived[*index], &workspace.answers[*index]);
            let denials = answer.denials.iter().map(|denial| value(&denial.json()));
            Asked {
                input: value(&derived.request),
                // What is emitted answers as the model does: nothing else is written.
                said: (Value::Bool(answer.allow), Value::from(denials.collect::<BTreeSet<Value>>())),
                kind: derived.kind,
            }
        });
        let asked: Vec<Asked> = asked.collect();
        let mut naming: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (place, index) in order.iter().enumerate() {
            let request = &workspace.derived[*index].request;
            let mut names = BTreeSet::new();
            named(request, &mut names);
            let (action, resource) = (request["action"]["name"].as_str(), request["resource"]["id"].as_str());
            let governs = |group: &&quorate::emit::policy::Group| {
                action.is_some_and(|action| group.actions.contains(action))
                    && resource.is_some_and(|resource| group.resources.contains(resource))
            };
            let governing = workspace.policy.groups.iter().find(governs);
            names.extend(governing.into_iter().flat_map(|group| group.domains.iter().cloned()));
            for name in names {
                naming.entry(name).or_default().insert(place);
            }
        }
        Loaded {
            name: workspace.name,
            emitted,
            asked,
            naming,
        }
    }

    /// How an edited policy is noticed, looking for a difference that is at least this one. `names` are those that the edit is about.
    pub fn noticed(
        &self,
        program: &Arc<Program>,
        data: &Value,
        (class, names): (&str, &[String]),
        enough: Difference,
        learned: &Learned,
    ) -> Option<Difference> {
        let kinds = learned.0.lock().expect("nobody panics").get(class).cloned().unwrap_or_default();
        let mut named = vec![0_usize; self.asked.len()];
        for places in names.iter().filter_map(|name| self.naming.get(name)) {
            places.iter().for_each(|place| named[*place] += 1);
        }
        let most = named.iter().copied().max().unwrap_or(0);
        let mut order: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
        for (place, asked) in self.asked.iter().enumerate() {
            let rank = (most - named[place], !kinds.contains(asked.kind));
            order.entry(rank).or_default().push(place);
        }
        let mut machine = machine(program, data);
        let (mut noticed, mut left) = (None, usize::MAX);
        for place in order.into_values().flatten() {
            let asked = &self.asked[place];
            left = left.saturating_sub(1);
            let difference = match ask(&mut machine, &asked.input) {
                Some(answer) if answer == asked.said && left > 0 => continue,
                Some(answer) if answer == asked.said => break,
                Some(answer) if answer.0 == asked.said.0 => Difference::Reasons,
                Some(_) | None => Difference::Decision,
            };
            if noticed.is_none() {
                learned
                    .0
                    .lock()
                    .expect("nobody panics")
                    .entry(class.to_owned())
                    .or_default()
                    .insert(asked.kind);
                left = MORE;
            }
            noticed = noticed.max(Some(difference));
            if difference >= enough || left == 0 {
                break;
            }
        }
        noticed
    }
}

/// A JSON document as Rego has it.
pub fn value(json: &serde_json::Value) -> Value {
    Value::deserialize(json).expect("JSON is data")
}

/// Every name in a request: texts and keys, and their parts where there is a slash.
fn named(request: &serde_json::Value, names: &mut BTreeSet<String>) {
    let mut add = |text: &str| {
        names.extend(text.split('/').map(str::to_owned));
        names.insert(text.to_owned());
    };
    match request {
        serde_json::Value::String(text) => add(text),
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| named(part, names)),
        serde_json::Value::Object(fields) => {
            fields.keys().for_each(|key| add(key));
            fields.values().for_each(|field| named(field, names));
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}
