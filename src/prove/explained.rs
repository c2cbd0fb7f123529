//! Whether `explain.cedar` refuses exactly what `policies.cedar` does not allow.

use crate::emit::policy::Policy;
use crate::prove::claim::{quoted, some};
use crate::prove::general::{concerns, kinds};
use crate::prove::proof::Example;
use crate::prove::questions::{Found, open};
use crate::prove::solver::{Stuck, Worker};
use crate::prove::subject::{Subject, heeds};
use crate::prove::counterexample::{agent, allows, data};
use cedar_policy::PolicySet;
use cedar_policy_symcc::CompiledPolicySet;
use std::str::FromStr;

/// Asks it for one action, of all data.
pub fn holds(worker: &mut Worker, policy: &Policy, subject: &Subject, at: usize) -> Result<Found, Stuck> {
    let (action, env) = &subject.actions[at];
    let mut sides = Vec::new();
    for all in [&subject.permits, &subject.reasons] {
        let mut text: String = all.policies().filter(|one| heeds(one, env)).map(|one| format!("{one}\n")).collect();
        text.push_str(&assumed(policy, action));
        let set = PolicySet::from_str(&text).map_err(|error| Stuck::Open(error.to_string()))?;
        sides.push((CompiledPolicySet::compile(&set, env, &subject.schema).map_err(open)?, set));
    }
    let [(permits, permit_set), (reasons, reason_set)] = &sides[..] else {
        return Err(Stuck::Open("there are two files".to_owned()));
    };
    let against = worker.ask(async |compiler| compiler.check_equivalent_with_counterexample_opt(permits, reasons).await)?;
    let Some(found) = against else { return Ok(Found::Holds) };
    let allowed = match (allows(permit_set, &found), allows(reason_set, &found)) {
        (true, false) => "is allowed, and a reason is given against it",
        (false, true) => "is refused, and no reason is given",
        (true, true) | (false, false) => {
            return Err(Stuck::Broken("the solver found a request that is none when it is tried".to_owned()));
        }
    };
    let sentence = format!("{} that does {action} to {} {allowed}", agent(policy, &found), data(policy, None, &found));
    Ok(Found::Fails(Example {
        action: action.clone(),
        sentence,
        lacking: Vec::new(),
    }))
}

/// What is known of tasks, whatever else they hold: one that can do what a group decides has only limits of such tasks. It stands on
/// both sides, as requests that are not asked about. `policies.cedar` looks at those limits only; `explain.cedar` at all there are.
fn assumed(policy: &Policy, action: &str) -> String {
    let all = kinds(policy.tasks.values());
    let mut written = String::new();
    for group in policy.groups.iter().filter(|group| group.actions.contains(action)) {
        let own = kinds(policy.tasks.values().filter(|task| concerns(group, task)));
        let strange = all.keys().filter(|kind| !own.contains_key(*kind));
        let has: Vec<String> = strange
            .map(|(attribute, key)| format!("context.task[{}] has {}", quoted(attribute), quoted(key)))
            .collect();
        if has.is_empty() {
            continue;
        }
        let here = some(group.resources.iter().map(|id| format!("resource == Gov::Asset::{}", quoted(id))));
        written.push_str(&format!("forbid (principal, action, resource) when {{ ({here}) && ({}) }};\n", some(has)));
    }
    written
}
