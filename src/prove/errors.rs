//! Proves that a policy cannot err, leaf by leaf.
//!
//! Cedar evaluates the parts of a conjunction in order and stops at the first that does not hold. So where it
//! evaluates a part, all parts before it hold. If the part cannot err where some of these hold, it cannot err
//! where all do.

use crate::prove::pieces::{Parts, flat, head, headed, key, negated, parts};
use crate::prove::slice::words;
use crate::prove::solver::{Stuck, Worker, unsupported};
use crate::prove::subject::Subject;
use cedar_policy::{Policy, RequestEnv};
use cedar_policy_symcc::CompiledPolicy;
use serde_json::Value;

/// Whether no request makes a policy err.
pub fn never(worker: &mut Worker, subject: &Subject, policy: &Policy, env: &RequestEnv) -> Result<bool, Stuck> {
    for slice in slices(policy).map_err(Stuck::Open)? {
        match subject.once(key("errs", [&slice]), || whole(worker, subject, &slice, env)) {
            Ok(true) => {}
            Ok(false) | Err(Stuck::Open(_)) => return whole(worker, subject, policy, env),
            Err(broken) => return Err(broken),
        }
    }
    Ok(true)
}

fn whole(worker: &mut Worker, subject: &Subject, policy: &Policy, env: &RequestEnv) -> Result<bool, Stuck> {
    let schema = subject.narrow.of([policy]).map_err(Stuck::Open)?;
    let compiled = CompiledPolicy::compile(policy, env, &schema).map_err(|error| Stuck::Open(unsupported(&error)))?;
    worker.ask(async |compiler| compiler.check_never_errors_opt(&compiled).await)
}

/// For each leaf of the conditions of a policy: the leaf after the related parts that hold where it is
/// evaluated.
fn slices(policy: &Policy) -> Result<Vec<Policy>, String> {
    let mut leaves = Vec::new();
    of_parts(&parts(policy)?, &Parts::new(), &mut leaves);
    let of = |(at, (before, leaf)): (usize, &(Parts, Value))| {
        let own = words(leaf);
        let guards = before.iter().filter(|guard| words(guard).is_subset(&own));
        let slice: Parts = guards.chain([leaf]).cloned().collect();
        headed(&head(policy, &own), "permit", at, &slice)
    };
    leaves.iter().enumerate().map(of).collect()
}

/// The leaves of parts that are evaluated one after the other, each with what holds there.
fn of_parts(parts: &[Value], before: &Parts, into: &mut Vec<(Parts, Value)>) {
    let mut before = before.clone();
    for part in parts {
        of_part(part, &before, into);
        before.push(part.clone());
    }
}

/// A choice evaluates one of its branches. An alternative evaluates its second half only if the first does not
/// hold. A negation changes nothing.
fn of_part(part: &Value, before: &Parts, into: &mut Vec<(Parts, Value)>) {
    let after = |holds: &Value| -> Parts { before.iter().cloned().chain(flat(holds)).collect() };
    if let Some(choice) = part.get("if-then-else") {
        let condition = &choice["if"];
        of_parts(&flat(condition), before, into);
        of_parts(&flat(&choice["then"]), &after(condition), into);
        of_parts(&flat(&choice["else"]), &after(&negated(condition)), into);
    } else if let Some(either) = part.get("||") {
        of_parts(&flat(&either["left"]), before, into);
        of_parts(&flat(&either["right"]), &after(&negated(&either["left"])), into);
    } else if let Some(inner) = part["!"].get("arg") {
        of_parts(&flat(inner), before, into);
    } else if part.get("&&").is_some() {
        of_parts(&flat(part), before, into);
    } else {
        into.push((before.clone(), part.clone()));
    }
}
