//! That `explain.cedar` refuses what `policies.cedar` does not allow, and nothing else.
//!
//! One question about both files would take a solver hours, so each way is asked in parts, and each part follows from fewer conditions than
//! there are:
//!
//! * What a permit allows, no reason refuses: there is no request that both a permit and a reason take in. Each choice (`if`) in either makes
//!   two cases of it, and what two cases take in is no more than what some parts of each take in. So where some parts of each exclude each
//!   other, the cases do; and where all cases do, the policies do.
//! * What no reason refuses, a permit allows: of the data of a permit, its parts hold one after the other where no reason takes a request in.
//!   Those that have been shown may be taken to hold, for if one does not, that one is what is wrong. A reason refuses what one of its cases takes
//!   in. What follows although only some reasons are looked at follows from all of them. A part of a reason that is taken to hold anyway can
//!   be left away.
//!
//! What a policy says of a request where it errs is nothing at all, so that no reason errs has to be shown beside this (see
//! [`errors`](crate::prove::errors)). Which data any domain governs and which limits a task has is data; both ways are asked of requests for
//! which it is as this build has it.

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

/// Whether two cases take no request in together.
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
            // A slice that cannot be put by itself is no answer; there may be another.
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

/// What the first part of a permit speaks of that may not hold although no reason refuses, of its data.
///
/// `given` is taken to hold: see [`complementary`].
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
        // Only what is about all the data of the permit.
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
    // Where a part does not follow at once, it may where a choice is known, whichever way it goes.
    let mut known: Vec<Value> = Vec::new();
    for part in goals.iter().flat_map(|(under, _)| under) {
        let choice = part["!"].get("arg").unwrap_or(part);
        if !known.contains(choice) {
            known.push(choice.clone());
        }
    }
    // What has been shown, as places among the goals; what does not follow yet may follow once others have been shown.
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

/// The part of a permit whose opposite is a part of the other permit of its group, where there are two: of every request one of them
/// can speak, and what it takes besides is all that can be missing.
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

/// Each part that has to hold, and under which choices.
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

/// Whether a part of a permit holds where these are taken to hold and no reason refuses.
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
    // A part that is taken to hold stays where the others cannot be put without it.
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

/// Whether a request for other data than those of the permits may go without a reason.
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

/// The reasons that an action can come to, of the data of a permit.
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

/// Whether a policy goes by which data are governed.
pub fn goes_by_data(policy: &Policy) -> bool {
    policy.to_json().is_ok_and(|json| words(&json["conditions"]).contains(GOVERNED))
}

/// What the data say of an action, where a reason goes by it: on which data it is governed.
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
