//! That a policy cannot err, condition by condition.
//!
//! Cedar looks at the parts of a conjunction in order and stops at the first that does not hold. So where a part is looked at, all before it
//! hold; and if it cannot err where some of these hold, it cannot err where all do.

use crate::prove::pieces::{head, headed, key, parts};
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

/// For each part of the conditions of a policy: that part behind those before it which have to do with it.
fn slices(policy: &Policy) -> Result<Vec<Policy>, String> {
    let parts = parts(policy)?;
    let of = |at: usize| {
        let own = words(&parts[at]);
        let guards = parts[..at].iter().filter(|guard| words(guard).is_subset(&own));
        let slice: Vec<Value> = guards.chain([&parts[at]]).cloned().collect();
        headed(&head(policy, &own), "permit", at, &slice)
    };
    (0..parts.len()).map(of).collect()
}
