//! Where a request is made: a task and one operation of it that is in a group.

use crate::emit::policy::{Agent, Domain, Group, Limit, Policy, SCHEDULE, Task};
use crate::emit::reference::inputs::total_key;
use crate::emit::requests::draft::Draft;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The life of a credential in a request, in seconds, if the policy does not limit it or allows more.
const LIFE: i64 = 900;

/// A task and an operation.
#[derive(Clone)]
pub(super) struct Site<'p> {
    pub policy: &'p Policy,
    /// The governing domains.
    pub domains: Vec<(&'p str, &'p Domain)>,
    pub task_id: &'p str,
    pub task: &'p Task,
    pub agent: &'p Agent,
    pub principal: &'p str,
    /// Of a credential, in seconds.
    pub life: i64,
    pub action: &'p str,
    pub resource: &'p str,
    /// Some of the people who may ask or declare an emergency. People without a seat in the domains come first.
    pub bystanders: Vec<&'p str>,
}

/// Quorate looks at no more than this many people without a seat, and this many with one.
const BYSTANDERS: usize = 12;

/// For each group the tasks that reach it, each with its first operation in the group; tasks that can be allowed
/// come first.
pub(super) fn by_group(policy: &Policy) -> Vec<Vec<Site<'_>>> {
    let mut operations: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, group) in policy.groups.iter().enumerate() {
        for action in &group.actions {
            operations.extend(group.resources.iter().map(|resource| ((action.as_str(), resource.as_str()), index)));
        }
    }
    let mut sites: Vec<Vec<Site>> = vec![Vec::new(); policy.groups.len()];
    for (id, task) in &policy.tasks {
        let mut reached: BTreeMap<usize, (&str, &str)> = BTreeMap::new();
        let scope = task
            .scope
            .iter()
            .flat_map(|(action, resources)| resources.iter().map(|resource| (action.as_str(), resource.as_str())));
        for operation in scope {
            if let Some(index) = operations.get(&operation) {
                reached.entry(*index).or_insert(operation);
            }
        }
        for (index, operation) in reached {
            sites[index].extend(Site::new(policy, &policy.groups[index], (id, task), operation));
        }
    }
    for sites in &mut sites {
        sites.sort_by_key(|site| !site.sound());
    }
    sites
}

impl<'p> Site<'p> {
    /// Nothing if the agent or a domain is not in the policy.
    pub(super) fn new(
        policy: &'p Policy,
        group: &'p Group,
        (task_id, task): (&'p str, &'p Task),
        (action, resource): (&'p str, &'p str),
    ) -> Option<Site<'p>> {
        let agent = policy.agents.get(&task.agent)?;
        let domains = group
            .domains
            .iter()
            .map(|id| Some((id.as_str(), policy.domains.get(id)?)))
            .collect::<Option<Vec<_>>>()?;
        let (principal, life) = principal(agent);
        Some(Site {
            policy,
            bystanders: bystanders(policy, &domains, task),
            domains,
            task_id,
            task,
            agent,
            principal,
            life,
            action,
            resource,
        })
    }

    /// Whether purpose and credential can be right here.
    fn sound(&self) -> bool {
        let agrees = |purpose: &String| {
            self.domains
                .iter()
                .all(|(_, domain)| domain.purposes.as_ref().is_none_or(|purposes| purposes.contains(purpose)))
        };
        let lives = self
            .agent
            .principals
            .get(self.principal)
            .is_some_and(|principal| principal.life.is_some_and(|life| life > 0));
        lives && self.task.purpose.as_ref().is_some_and(agrees)
    }

    /// The limits that hold here, each with its owner.
    pub(super) fn limits(&self) -> impl Iterator<Item = (&'p str, &'p Limit)> {
        let of_domains = self
            .domains
            .iter()
            .flat_map(|(id, domain)| domain.limits.iter().map(move |limit| (*id, limit)));
        of_domains.chain(self.task.limits.iter().map(|limit| (self.task_id, limit)))
    }

    /// Everything but approvals, emergency and the right time.
    pub(super) fn draft(&self, inputs: &BTreeMap<String, Value>) -> Draft {
        let totals = self.limits().filter_map(|(owner, limit)| Some((total_key(owner, limit)?, 0)));
        let domains = || self.domains.iter().map(|(_, domain)| domain);
        let purpose = self
            .task
            .purpose
            .as_deref()
            .or_else(|| domains().find_map(|domain| Some(domain.purposes.as_ref()?.first()?.as_str())));
        let mut draft = Draft {
            agent: self.task.agent.clone(),
            principal: self.principal.to_owned(),
            action: self.action.to_owned(),
            resource: self.resource.to_owned(),
            task: self.task_id.to_owned(),
            purpose: purpose.unwrap_or_default().to_owned(),
            inputs: inputs.clone(),
            now: 0,
            revision: self.policy.revision.clone(),
            approvals: BTreeMap::new(),
            issued_at: 0,
            expires_at: 0,
            totals: totals.collect(),
            evidence: domains()
                .flat_map(|domain| &domain.evidence)
                .map(|ledger| (ledger.clone(), (true, 0)))
                .collect(),
            rollback: domains()
                .flat_map(|domain| &domain.rollbacks)
                .map(|rollback| (rollback.clone(), (true, 0)))
                .collect(),
            via: None,
            on_behalf_of: self.agent.acts_for.keys().next().cloned(),
            requested_by: None,
            emergency: None,
        };
        let now = self.task.window.starts.max(0);
        draft.requested_by = Some(self.askers(now).next().unwrap_or(SCHEDULE).to_owned());
        draft.at(now, self.life);
        draft
    }

    /// Some of the people who may ask at a time. People without a seat come first.
    pub(super) fn askers(&self, now: i64) -> impl Iterator<Item = &'p str> {
        let (policy, starters) = (self.policy, &self.task.started_by);
        let may = |person: &&str| starters.only.as_ref().is_none_or(|only| only.contains(*person));
        let people = self.bystanders.iter().copied().filter(may);
        let people = people.filter(move |person| policy.active(person, now));
        let words = starters.words.iter().map(String::as_str);
        // A word (`schedule`, `outsider`) can ask without taking the place of an approver.
        let (free, seated): (Vec<&str>, Vec<&str>) = people.partition(|person| !self.seated(person));
        free.into_iter().chain(words).chain(seated)
    }

    fn seated(&self, person: &str) -> bool {
        let mut seats = self.domains.iter().flat_map(|(_, domain)| domain.seats.values());
        seats.any(|seats| seats.contains_key(person))
    }

    /// Whether the agent may do the operation for a person who is active at a time.
    pub(super) fn acts_for(&self, person: &str, now: i64) -> bool {
        let bound = self.agent.acts_for.get(person).and_then(|bound| self.agent.bounds.get(bound));
        let within = bound.and_then(|bound| bound.get(self.action));
        self.policy.active(person, now) && within.is_some_and(|resources| resources.contains(self.resource))
    }
}

fn bystanders<'p>(policy: &'p Policy, domains: &[(&str, &'p Domain)], task: &'p Task) -> Vec<&'p str> {
    let seats = || domains.iter().flat_map(|(_, domain)| domain.seats.values());
    let seated = |person: &&str| seats().any(|seats| seats.contains_key(*person));
    let people = policy.people.keys().map(String::as_str);
    let free = people.filter(|person| !seated(person)).take(BYSTANDERS);
    // Some people without a seat, some who may start the task, and some who hold seats.
    let starters = task.started_by.only.iter().flatten().map(String::as_str).take(BYSTANDERS);
    let holders: BTreeSet<&str> = seats().flat_map(|seats| seats.keys().map(String::as_str)).collect();
    let mut all: Vec<&str> = Vec::new();
    for person in free.chain(starters).chain(holders.into_iter().take(BYSTANDERS)) {
        if !all.contains(&person) {
            all.push(person);
        }
    }
    all
}

/// The principal that an agent appears as, and how long its credential lives. It is a principal with a limited
/// credential life, if the agent has one.
pub(super) fn principal(agent: &Agent) -> (&str, i64) {
    let living = agent
        .principals
        .iter()
        .find_map(|(name, principal)| Some((name.as_str(), principal.life.filter(|life| *life > 0)?.min(LIFE))));
    let any = agent.principals.first_key_value().map_or("", |(principal, _)| principal);
    living.unwrap_or((any, LIFE))
}
