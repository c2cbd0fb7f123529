//! Proves that `explain.cedar` refuses exactly what `policies.cedar` does not allow.
//!
//! One question about both files would take a solver hours. So each direction is asked in parts, and each part
//! is shown from fewer conditions than there are:
//!
//! |* No reason refuses a request that a permit allows: no request satisfies both a permit and a reason. Each choice
//! |  (`if`) makes two cases of its policy. If some parts of one case exclude some parts of another, the two cases
//! |  have no request in common. If that is so for all cases, it is so for the two policies.
//! |* A permit allows every request that no reason refuses. For the data of a permit, its parts are shown one after
//! |  the other, for requests to which no reason applies. A part that is already shown may be assumed for the next:
//! |  if it does not hold, its own question reports that. A reason refuses every request in one of its cases. A part
//! |  that follows from some of the reasons follows from all. A part of a reason that is assumed anyway can be left
//! |  out.
//!
//! A policy that errs on a request has no effect on it. So a separate proof shows that no reason errs (see
//! [`errors`](crate::prove::errors)). The data that a domain governs, and the limits that a task has, are in
//! the data file. Both directions are asked for requests with the data of this build.

use crate::emit::cedar::entities::GOVERNED;
use crate::prove::pieces::{Parts, among, behind, cases, flat, head, headed, is_place, key, negated, parts, resources, spoken};
use crate::prove::slice::words;
use crate::prove::solver::{Stuck, Worker, unsupported};
use crate::prove::subject::{Subject, heeds};
use cedar_policy::{Effect, Policy, PolicySet, RequestEnv};
use cedar_policy_symcc::{CompiledPolicy, CompiledPolicySet};
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};

/// The first reason that may refuse something that a permit allows.
pub fn refused(worker: &mut Worker, subject: &Subject, permit: &Policy, action: &str, env: &RequestEnv) -> Result<Option<String>, Stuck> {
    let own = resources(permit).map_err(Stuck::Open)?;
    let allowed = cases(&parts(permit).map_err(Stuck::Open)?);
    for reason in reasons(subject, own.as_ref(), env)? {
        let refusing = cases(&parts(reason).map_err(Stuck::Open)?);
        let mut known = known(subject, action, [reason]);
        if let Some(own) = &own {
            known.extend(subject.limits.absent(action, own, reason).map_err(Stuck::Open)?);
        }
        for one in &allowed {
            for other in &refusing {
                if !exclude(worker, subject, (permit, one), (reason, other), &known, env)? {
                    return Ok(Some(reason.id().to_string()));
                }
            }
        }
    }
    Ok(None)
}

/// Whether two cases have no request in common.
fn exclude(
    worker: &mut Worker,
    subject: &Subject,
    (permit, one): (&Policy, &Parts),
    (reason, other): (&Policy, &Parts),
    known: &[Value],
    env: &RequestEnv,
) -> Result<bool, Stuck> {
    if other.iter().any(|part| one.contains(&negated(part))) {
        return Ok(true);
    }
    for (at, part) in other.iter().enumerate().rev().filter(|(_, part)| !one.contains(part)) {
        let right = behind(&other[..at], part);
        let about = spoken(&right);
        let left = one.iter().filter(|part| is_place(part) || words(part).is_subset(&about));
        let left: Parts = known.iter().chain(left).cloned().collect();
        let left = headed(&head(permit, &spoken(&left)), "permit", 0, &left).map_err(Stuck::Open)?;
        let right = headed(&head(reason, &about), "permit", 1, &right).map_err(Stuck::Open)?;
        let disjoint = subject.once(key("disjoint", [&left, &right]), || {
            let schema = subject.narrow.of([&left, &right]).map_err(Stuck::Open)?;
            let compiled = |policy: &Policy| CompiledPolicy::compile(policy, env, &schema).ok();
            // A slice that cannot be compiled by itself gives no answer; another slice may.
            let (Some(left), Some(right)) = (compiled(&left), compiled(&right)) else {
                return Ok(false);
            };
            worker.ask(async |compiler| compiler.check_matches_disjoint_opt(&left, &right).await)
        })?;
        if disjoint {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The first part of a permit that may fail although no reason refuses, for its data.
///
/// `given` is assumed to hold: see [`complementary`].
pub fn unexplained(
    worker: &mut Worker,
    subject: &Subject,
    permit: &Policy,
    given: &Parts,
    env: &RequestEnv,
) -> Result<Option<String>, Stuck> {
    let own = resources(permit).map_err(Stuck::Open)?;
    let mut refusing: Vec<Parts> = Vec::new();
    for reason in reasons(subject, own.as_ref(), env)? {
        // Only reasons that are about all the data of the permit.
        let of = resources(reason).map_err(Stuck::Open)?;
        if of.is_none_or(|of| own.as_ref().is_some_and(|own| own.is_subset(&of))) {
            let parts: Parts = parts(reason)
                .map_err(Stuck::Open)?
                .into_iter()
                .filter(|part| !is_place(part))
                .collect();
            refusing.extend(cases(&parts));
        }
    }
    let mut goals = Vec::new();
    let asked: Parts = parts(permit)
        .map_err(Stuck::Open)?
        .into_iter()
        .filter(|part| !given.contains(part))
        .collect();
    goals_of(&asked, given, &mut goals);
    // A part that does not follow at once may follow once a choice is known, whichever way it goes.
    let mut known: Vec<Value> = Vec::new();
    for part in goals.iter().flat_map(|(under, _)| under) {
        let choice = part["!"].get("arg").unwrap_or(part);
        if !known.contains(choice) {
            known.push(choice.clone());
        }
    }
    // The goals that are shown, as indexes. A goal that does not follow yet may follow once others are shown.
    let mut shown: BTreeSet<usize> = (0..goals.len()).filter(|at| is_place(&goals[*at].1)).collect();
    let mut waiting: VecDeque<usize> = (0..goals.len()).filter(|at| !shown.contains(at)).collect();
    let mut since = 0;
    while let Some(at) = waiting.pop_front() {
        let (under, goal) = &goals[at];
        let taken = |under: &[Value]| -> Parts {
            let before = shown.iter().map(|at| &goals[*at]);
            let before = before.filter(|(of, _)| of.iter().all(|part| under.contains(part)));
            under.iter().chain(before.map(|(_, goal)| goal)).cloned().collect()
        };
        let mut ask = |under: &[Value]| follows(worker, subject, permit, &taken(under), goal, &refusing, env);
        let mut holds = ask(under)?;
        for choice in &known {
            if !holds {
                let one = [under.as_slice(), std::slice::from_ref(choice)].concat();
                let other = [under.as_slice(), &[negated(choice)]].concat();
                holds = ask(&one)? && ask(&other)?;
            }
        }
        if holds {
            shown.insert(at);
            since = 0;
            continue;
        }
        waiting.push_back(at);
        since += 1;
        if since == waiting.len() {
            let first = waiting.iter().min().map(|at| words(&goals[*at].1)).unwrap_or_default();
            let words: Vec<String> = first.into_iter().collect();
            return Ok(Some(words.join(", ")));
        }
    }
    Ok(None)
}

/// The part of a permit whose opposite is a part of the other permit of its group, if there are two. For every
/// request one of the two can apply, and only its other parts can be missing.
pub fn complementary(permit: &Policy, of_group: &[&Policy]) -> Result<Parts, String> {
    let [one, other] = of_group else {
        return Ok(Parts::new());
    };
    if resources(one)? != resources(other)? {
        return Ok(Parts::new());
    }
    let (own, one, other) = (parts(permit)?, parts(one)?, parts(other)?);
    let opposed = own.into_iter().find(|part| {
        let opposite = negated(part);
        (one.contains(part) && other.contains(&opposite)) || (other.contains(part) && one.contains(&opposite))
    });
    Ok(opposed.into_iter().collect())
}

/// Each part that must hold, and under which choices.
fn goals_of(parts: &[Value], under: &Parts, into: &mut Vec<(Parts, Value)>) {
    for part in parts {
        let Some(choice) = part.get("if-then-else") else {
            into.push((under.clone(), part.clone()));
            continue;
        };
        for (chosen, then) in [(choice["if"].clone(), &choice["then"]), (negated(&choice["if"]), &choice["else"])] {
            let under: Parts = under.iter().cloned().chain(flat(&chosen)).collect();
            goals_of(&flat(then), &under, into);
        }
    }
}

/// Whether a part of a permit holds, if the parts in `taken` hold and no reason refuses.
fn follows(
    worker: &mut Worker,
    subject: &Subject,
    permit: &Policy,
    taken: &[Value],
    goal: &Value,
    refusing: &[Parts],
    env: &RequestEnv,
) -> Result<bool, Stuck> {
    let opposite = negated(goal);
    let possible = refusing
        .iter()
        .filter(|case| !case.iter().any(|part| taken.contains(&negated(part))));
    let left_over: Vec<Parts> = possible
        .map(|case| case.iter().filter(|part| !taken.contains(part)).cloned().collect())
        .collect();
    if taken.contains(goal) || left_over.iter().any(|case| *case == [opposite.clone()]) {
        return Ok(true);
    }
    // An assumed part stays if the others cannot be compiled without it.
    let about = words(goal);
    let rest = |case: &Parts| spoken(case.iter().filter(|part| !taken.contains(part)));
    let reduced = refusing
        .iter()
        .filter(|case| !case.iter().any(|part| taken.contains(&negated(part))));
    let reduced: Vec<Parts> = reduced
        .map(|case| {
            let rest = rest(case);
            case.iter()
                .filter(|part| !taken.contains(part) || words(part).is_subset(&rest))
                .cloned()
                .collect()
        })
        .collect();
    let near = reduced.iter().filter(|case| spoken(*case).is_subset(&about));
    let near: Vec<&Parts> = near.collect();
    let wide = reduced
        .iter()
        .filter(|case| about.is_subset(&spoken(*case)) || spoken(*case).is_subset(&about));
    let wide: Vec<&Parts> = wide.collect();
    for chosen in [near, wide] {
        if chosen.is_empty() {
            continue;
        }
        let mut subjects = about.clone();
        subjects.extend(chosen.iter().flat_map(|case| spoken(*case)));
        let known: Parts = taken.iter().filter(|part| words(part).is_subset(&subjects)).cloned().collect();
        let head = head(permit, &subjects);
        let mut left = vec![headed(&head, "permit", 0, &known).map_err(Stuck::Open)?];
        for (number, case) in chosen.iter().enumerate() {
            left.push(headed(&head, "forbid", number + 1, case).map_err(Stuck::Open)?);
        }
        let right = headed(&head, "permit", 0, &behind(taken, goal)).map_err(Stuck::Open)?;
        let implied = subject.once(key("implies", left.iter().chain([&right])), || {
            let schema = subject.narrow.of(left.iter().chain([&right])).map_err(Stuck::Open)?;
            let compiled = |policies: Vec<Policy>| {
                let set = PolicySet::from_policies(policies).map_err(|error| Stuck::Open(error.to_string()))?;
                CompiledPolicySet::compile(&set, env, &schema).map_err(|error| Stuck::Open(unsupported(&error)))
            };
            let (Ok(left), Ok(right)) = (compiled(left.clone()), compiled(vec![right.clone()])) else {
                return Ok(false);
            };
            worker.ask(async |compiler| compiler.check_implies_opt(&left, &right).await)
        })?;
        if implied {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a request for data outside of the permits may lack a reason.
pub fn ungoverned(worker: &mut Worker, subject: &Subject, action: &str, env: &RequestEnv) -> Result<bool, Stuck> {
    let mut taken = BTreeSet::new();
    for permit in subject.permits.policies().filter(|permit| heeds(permit, env)) {
        let own = resources(permit).map_err(Stuck::Open)?;
        taken.extend(own.ok_or_else(|| Stuck::Open(format!("`{}` names no data", permit.id())))?);
    }
    let any = |text: &str| Policy::parse(None, text).map_err(|error| Stuck::Open(error.to_string()));
    let (everything, nothing) = (
        any("permit (principal, action, resource);")?,
        any("forbid (principal, action, resource);")?,
    );
    let about_data: Vec<&Policy> = reasons(subject, None, env)?
        .into_iter()
        .filter(|reason| goes_by_data(reason))
        .collect();
    let mut known = known(subject, action, about_data.iter().copied());
    if !taken.is_empty() {
        known.push(negated(&among(&taken)));
    }
    let mut left = vec![headed(&everything, "permit", 0, &known).map_err(Stuck::Open)?];
    left.extend(about_data.into_iter().cloned());
    let schema = subject.narrow.of(&left).map_err(Stuck::Open)?;
    let compiled = |policies: Vec<Policy>| {
        let set = PolicySet::from_policies(policies).map_err(|error| Stuck::Open(error.to_string()))?;
        CompiledPolicySet::compile(&set, env, &schema).map_err(|error| Stuck::Open(unsupported(&error)))
    };
    let (left, right) = (compiled(left)?, compiled(vec![nothing])?);
    Ok(!worker.ask(async |compiler| compiler.check_implies_opt(&left, &right).await)?)
}

/// The reasons that an action can reach, for the data of a permit.
fn reasons<'s>(subject: &'s Subject, own: Option<&BTreeSet<String>>, env: &RequestEnv) -> Result<Vec<&'s Policy>, Stuck> {
    let mut reasons = Vec::new();
    for reason in subject
        .ordered()
        .filter(|reason| reason.effect() == Effect::Forbid && heeds(reason, env))
    {
        let other = resources(reason).map_err(Stuck::Open)?;
        if !own.zip(other.as_ref()).is_some_and(|(own, other)| own.is_disjoint(other)) {
            reasons.push(reason);
        }
    }
    Ok(reasons)
}

/// Whether a policy depends on which data are governed.
pub fn goes_by_data(policy: &Policy) -> bool {
    policy.to_json().is_ok_and(|json| words(&json["conditions"]).contains(GOVERNED))
}

/// What the data state about an action, if a reason depends on it: on which resources it is governed.
fn known<'r>(subject: &Subject, action: &str, reasons: impl IntoIterator<Item = &'r Policy>) -> Parts {
    if !reasons.into_iter().any(goes_by_data) {
        return Vec::new();
    }
    let attribute = json!({ ".": { "left": { "Var": "resource" }, "attr": GOVERNED } });
    let named = json!({ "contains": { "left": attribute, "right": { "Var": "action" } } });
    let governed = subject.governed.get(action).cloned().unwrap_or_default();
    vec![match governed.is_empty() {
        true => negated(&named),
        false => json!({ "if-then-else": { "if": among(&governed), "then": named, "else": negated(&named) } }),
    }]
}
