//! Derived requests in the form of the `cedar` command line, so that anybody can repeat the decisions (`cedar
//! run-tests`).

use crate::emit::cedar::engine::Engine;
use crate::emit::requests::Derived;
use serde_json::{Value, json};

/// The file of the entities, next to the cases.
const ENTITIES: &str = "entities.json";

/// A list, with a line for each request that reaches the policies: the projected request, whether a permit
/// allows it and which, and that nothing errs. The name of a case is the number of its line in `vectors.jsonl`.
///
/// A request that does not project, or that the schema does not admit, is refused before any policy is asked.
/// No Cedar command can show that.
pub fn cases(engine: &Engine, requests: &[Derived]) -> String {
    let cases = requests.iter().enumerate().filter_map(|(index, derived)| {
        let name = format!("line {}: {}, {}", index + 1, derived.kind, derived.about);
        case(engine, &derived.request, &name)
    });
    let cases: Vec<String> = cases.map(|case| case.to_string()).collect();
    match cases.is_empty() {
        true => "[]\n".to_owned(),
        false => format!("[\n{}\n]\n", cases.join(",\n")),
    }
}

fn case(engine: &Engine, request: &Value, name: &str) -> Option<Value> {
    let (admitted, context) = engine.admitted(request)?;
    let outcome = engine.decide(request);
    Some(json!({
        "name": name,
        "request": {
            "principal": admitted.principal()?.to_string(),
            "action": admitted.action()?.to_string(),
            "resource": admitted.resource()?.to_string(),
            "context": context,
        },
        "entities": ENTITIES,
        "decision": if outcome.answer.allow { "allow" } else { "deny" },
        "reason": outcome.permits,
        "num_errors": 0,
    }))
}
