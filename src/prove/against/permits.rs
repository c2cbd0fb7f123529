//! Whether a permit allows what the permits of an earlier build for the same data refused.

use crate::emit::answer::Denial;
use crate::emit::cedar::entities::waived_mark;
use crate::emit::policy::{Group, Policy};
use crate::prove::against::Earlier;
use crate::prove::counterexample::{allows, told};
use crate::prove::differences::said;
use crate::prove::equivalent::goes_by_data;
use crate::prove::pieces::{Parts, among, behind, head, headed, is_place, key, parts, resources, spoken};
use crate::prove::proof::Example;
use crate::prove::rows::Found;
use crate::prove::slice::words;
use crate::prove::solver::{Stuck, Worker, unsupported};
use crate::prove::subject::{Subject, heeds};
use crate::words::list;
use cedar_policy::{Authorizer, PolicySet, RequestEnv};
use cedar_policy_symcc::CompiledPolicySet;
use std::collections::{BTreeMap, BTreeSet};

/// Two builds, and what to compare.
pub struct Comparison<'a> {
    /// The model of today.
    pub policy: &'a Policy,
    /// What was emitted today.
    pub subject: &'a Subject,
    /// What was emitted before.
    pub earlier: &'a Earlier,
    /// The group of the permit.
    pub group: &'a Group,
    /// The action.
    pub action: &'a str,
    /// The same for the solver.
    pub env: &'a RequestEnv,
}

impl Comparison<'_> {
    /// What the permit allows that was refused before.
    pub fn of(&self, worker: &mut Worker, permit: &cedar_policy::Policy) -> Result<Found, Stuck> {
        let own = resources(permit)
            .map_err(Stuck::Open)?
            .ok_or_else(|| Stuck::Open(format!("`{}` names no data", permit.id())))?;
        let mut alike: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
        for id in own {
            let before = self.before(&id).map(|permit| permit.id().to_string()).collect();
            alike.entry(before).or_default().insert(id);
        }
        let mut examples = Vec::new();
        for data in alike.values() {
            let before: Vec<&cedar_policy::Policy> = data.first().into_iter().flat_map(|id| self.before(id)).collect();
            let found = match before.is_empty() {
                true if self.earlier.common => Found::Holds,
                true => Found::Fails(vec![self.unheard(data)]),
                false => self.same_data(worker, permit, data, &before)?,
            };
            match found {
                Found::Holds => {}
                Found::Fails(more) => examples.extend(more),
                Found::Open(why) => return Ok(Found::Open(why)),
            }
        }
        Ok(match examples.is_empty() {
            true => Found::Holds,
            false => Found::Fails(examples),
        })
    }

    /// The earlier permits for this action on this resource.
    fn before(&self, data: &str) -> impl Iterator<Item = &cedar_policy::Policy> {
        let ids = self.earlier.of_data.get(data).into_iter().flatten();
        ids.filter_map(|id| self.earlier.permits.policy(id))
            .filter(|permit| heeds(permit, self.env))
    }

    fn unheard(&self, data: &BTreeSet<String>) -> Example {
        let names: Vec<String> = data.iter().map(|id| format!("`{id}`")).collect();
        let names = list(names.iter().map(String::as_str), "and");
        Example {
            action: self.action.to_owned(),
            sentence: format!(
                "{} of {names} may be allowed now; no permit of the earlier build was about it",
                self.action
            ),
            lacking: Vec::new(),
        }
    }

    fn same_data(
        &self,
        worker: &mut Worker,
        permit: &cedar_policy::Policy,
        data: &BTreeSet<String>,
        before: &[&cedar_policy::Policy],
    ) -> Result<Found, Stuck> {
        let asked = self.asked(permit)?;
        let mut taken = asked.clone();
        let mut earlier: Vec<Parts> = Vec::new();
        for other in before {
            let limits = self.subject.limits.absent(self.action, data, other);
            taken.extend(limits.map_err(Stuck::Open)?);
            let mut asked = self.asked(other)?;
            // A condition that a waiver must be in force is about tasks, so it is data.
            let mark = waived_mark(self.action);
            asked.retain(|part| !words(part).iter().any(|word| word.starts_with(&mark)));
            earlier.push(asked);
        }
        let missing = |asked: &Parts| asked.iter().filter(|part| !taken.contains(part)).count();
        earlier.sort_by_key(missing);
        for asked in &earlier {
            if self.follow(worker, permit, &taken, asked)? {
                return Ok(Found::Holds);
            }
        }
        taken.insert(0, among(data));
        self.whole(worker, permit, data, &taken, &earlier)
    }

    fn asked(&self, permit: &cedar_policy::Policy) -> Result<Parts, Stuck> {
        let parts = parts(permit).map_err(Stuck::Open)?;
        Ok(parts.into_iter().filter(|part| !is_place(part)).collect())
    }

    /// Whether each of these parts follows from the related parts of the permit.
    fn follow(&self, worker: &mut Worker, permit: &cedar_policy::Policy, taken: &Parts, asked: &Parts) -> Result<bool, Stuck> {
        for (at, part) in asked.iter().enumerate().filter(|(_, part)| !taken.contains(part)) {
            let right = behind(&asked[..at], part);
            let about = spoken(&right);
            let left: Parts = taken.iter().filter(|part| words(part).is_subset(&about)).cloned().collect();
            let head = head(permit, &about);
            let left = headed(&head, "permit", 0, &left).map_err(Stuck::Open)?;
            let right = headed(&head, "permit", 0, &right).map_err(Stuck::Open)?;
            let holds = self.subject.once(key("before", [&left, &right]), || {
                let Ok((left, right)) = self.compiled([vec![left.clone()], vec![right.clone()]]) else {
                    return Ok(false);
                };
                worker.ask(async |compiler| compiler.check_implies_opt(&left, &right).await)
            });
            match holds {
                Ok(true) => {}
                Ok(false) | Err(Stuck::Open(_)) => return Ok(false),
                Err(broken) => return Err(broken),
            }
        }
        Ok(true)
    }

    fn compiled(&self, sides: [Vec<cedar_policy::Policy>; 2]) -> Result<(CompiledPolicySet, CompiledPolicySet), Stuck> {
        let schema = self.earlier.narrow.of(sides.iter().flatten()).map_err(Stuck::Open)?;
        let [left, right] = sides.map(|side| {
            let set = PolicySet::from_policies(side).map_err(|error| Stuck::Open(error.to_string()))?;
            CompiledPolicySet::compile(&set, self.env, &schema).map_err(|error| Stuck::Open(unsupported(&error)))
        });
        Ok((left?, right?))
    }

    /// A request that the permit allows and none of the earlier ones does.
    fn whole(
        &self,
        worker: &mut Worker,
        permit: &cedar_policy::Policy,
        data: &BTreeSet<String>,
        taken: &Parts,
        earlier: &[Parts],
    ) -> Result<Found, Stuck> {
        let head = head(permit, &BTreeSet::new());
        let left = vec![headed(&head, "permit", 0, taken).map_err(Stuck::Open)?];
        let right: Result<Vec<_>, String> = earlier
            .iter()
            .enumerate()
            .map(|(at, asked)| headed(&head, "permit", at, asked))
            .collect();
        let right = right.map_err(Stuck::Open)?;
        let (today, before) = self.compiled([left.clone(), right.clone()])?;
        let against = worker.ask(async |compiler| compiler.check_implies_with_counterexample_opt(&today, &before).await)?;
        let Some(found) = against else {
            return Ok(Found::Holds);
        };
        let set = |policies: Vec<cedar_policy::Policy>| PolicySet::from_policies(policies).map_err(|error| Stuck::Open(error.to_string()));
        if !allows(&set(left)?, &found) || allows(&set(right)?, &found) {
            return Err(Stuck::Broken("the solver's counterexample does not reproduce".to_owned()));
        }
        // The request that was found has invented data, so a reason about data means nothing here.
        let mut reasons = Vec::new();
        for reason in self.earlier.reasons.policies().filter(|reason| !goes_by_data(reason)) {
            let limits = self.subject.limits.absent(self.action, data, reason).map_err(Stuck::Open)?;
            reasons.extend(limits.is_empty().then(|| reason.clone()));
        }
        let reasons = set(reasons)?;
        let response = Authorizer::new().is_authorized(&found.request, &reasons, &found.entities);
        let lacking: BTreeSet<Denial> = said(&reasons, &response);
        Ok(Found::Fails(vec![told(
            self.policy,
            Some(self.group),
            self.action,
            &lacking,
            &found,
        )]))
    }
}
