//! The request that a test describes: everything that the test does not state is in order.

use crate::emit::policy::{Domain, FOREVER, Input, Limit, Policy, StartedBy, Task, Window, slots};
use crate::emit::reference::group;
use crate::emit::requests::cases::{Inputs, of_unit};
use crate::emit::requests::draft::{Approval, BINDING, Draft};
use crate::emit::requests::plan::holds;
use crate::emit::requests::site::{Site, principal};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The one who asks where nobody else is left.
const NOBODY: &str = "nobody";

/// Quorate tries at most this many ways to assign approvals to slots, if a test gives more approvals than
/// there are slots.
const ARRANGEMENTS: usize = 64;

/// The content of a request.
pub struct TestRequest<'a> {
    /// The agent's id.
    pub agent: &'a str,
    /// The id of the task that the agent states in the request.
    pub task: &'a str,
    /// What that task is for, where the policy does not have the task.
    pub purpose: Option<&'a str>,
    /// A leaf action.
    pub action: &'a str,
    /// `system/class`
    pub resource: &'a str,
    /// Values of inputs; those left out take the smallest that is allowed.
    pub inputs: &'a BTreeMap<String, Value>,
    /// When.
    pub now: i64,
    /// Who asked: a person's id, `schedule` or `outsider`. If `None`, somebody who is active and approves
    /// nothing.
    pub by: Option<&'a str>,
    /// Function, person, and when the approval was given; it is given in every governing domain that has the function.
    pub approvals: &'a [(&'a str, &'a str, i64)],
}

/// The requests; it is enough that one of them is decided as expected. There is more than one only if more
/// people approved as a function than a domain has slots.
pub fn requests(policy: &Policy, wanted: &TestRequest<'_>) -> Vec<Value> {
    // A task that is not approved is not in the policy. The agent may still name it.
    let unknown = Task {
        agent: wanted.agent.to_owned(),
        purpose: wanted.purpose.map(ToOwned::to_owned),
        window: Window { starts: 0, ends: FOREVER },
        scope: BTreeMap::new(),
        waived: BTreeMap::new(),
        started_by: StartedBy::default(),
        limits: Vec::new(),
        source: String::new(),
    };
    let Some(agent) = policy.agents.get(wanted.agent) else {
        return Vec::new();
    };
    let domains = group(policy, wanted.action, wanted.resource).map_or(Vec::new(), |group| {
        let known = |id: &'_ String| policy.domains.get_key_value(id).map(|(id, domain)| (id.as_str(), domain));
        group.domains.iter().filter_map(known).collect()
    });
    let (principal, life) = principal(agent);
    let site = Site {
        policy,
        domains,
        task_id: wanted.task,
        task: policy.tasks.get(wanted.task).unwrap_or(&unknown),
        agent,
        principal,
        life,
        action: wanted.action,
        resource: wanted.resource,
        bystanders: policy.people.keys().map(String::as_str).collect(),
    };
    let mut draft = site.draft(&inputs(&site, wanted.inputs));
    draft.agent = wanted.agent.to_owned();
    draft.at(wanted.now, life);
    let humans: BTreeSet<Option<&str>> = wanted.approvals.iter().map(|(_, by, _)| policy.human(by)).collect();
    let free = |person: &&str| !humans.contains(&policy.human(person));
    // The person for whom the agent may do it, if there is one, and preferably one who does not approve.
    let mut acts_for: Vec<&str> = agent.acts_for.keys().map(String::as_str).collect();
    acts_for.sort_by_key(|person| (!site.acts_for(person, wanted.now), !free(person)));
    draft.on_behalf_of = acts_for.first().map(|person| (*person).to_owned());
    let somebody = || site.askers(wanted.now).find(free).unwrap_or(NOBODY).to_owned();
    draft.requested_by = Some(wanted.by.map_or_else(somebody, ToOwned::to_owned));
    arrangements(&site, wanted)
        .into_iter()
        .map(|approvals| draft.with(|draft: &mut Draft| draft.approvals = approvals))
        .collect()
}

/// The inputs that matter here: the given ones, otherwise the smallest.
fn inputs(site: &Site, given: &BTreeMap<String, Value>) -> Inputs {
    let mut inputs = Inputs::new();
    let of_domains = site.domains.iter().flat_map(|(_, domain)| domain.inputs.keys());
    let of_limits = site.limits().map(|(_, limit)| &limit.input);
    for name in of_domains.chain(of_limits) {
        inputs.insert(name.clone(), smallest(site, name));
    }
    for (name, value) in given.iter().filter(|(name, _)| site.policy.inputs.contains(*name)) {
        let mut value = value.clone();
        // An amount without a currency is in the declared one.
        if let (Some(""), Some(declared)) = (
            value["currency"].as_str(),
            inputs.get(name).and_then(|value| value["currency"].as_str()),
        ) {
            value["currency"] = declared.into();
        }
        inputs.insert(name.clone(), value);
    }
    inputs
}

/// The smallest value that every declaration of an input takes.
fn smallest(site: &Site, name: &str) -> Value {
    let declared: Vec<&Input> = site.domains.iter().filter_map(|(_, domain)| domain.inputs.get(name)).collect();
    let limits: Vec<&Limit> = site.limits().map(|(_, limit)| limit).filter(|limit| limit.input == name).collect();
    // A limited value is not negative.
    let floor = limits.first().map(|_| 0);
    let least = |from: fn(&Input) -> Option<i64>| declared.iter().filter_map(|input| from(input)).chain(floor).max().unwrap_or(0);
    match declared.first() {
        Some(Input::Money { currency, .. }) => of_unit(
            currency,
            least(|input| match input {
                Input::Money { from, .. } => Some(*from),
                Input::Integer { .. } | Input::OneOf { .. } | Input::Boolean | Input::Text => None,
            }),
        ),
        Some(Input::Integer { .. }) => json!(least(|input| match input {
            Input::Integer { from, .. } => Some(*from),
            Input::Money { .. } | Input::OneOf { .. } | Input::Boolean | Input::Text => None,
        })),
        Some(Input::OneOf { words }) => {
            let everywhere = |word: &&String| {
                declared.iter().all(|input| match input {
                    Input::OneOf { words } => words.contains(*word),
                    Input::Money { .. } | Input::Integer { .. } | Input::Boolean | Input::Text => false,
                })
            };
            json!(words.iter().find(everywhere).or_else(|| words.first()))
        }
        Some(Input::Boolean) => json!(false),
        Some(Input::Text) => json!(""),
        None => of_unit(limits.first().map_or("integer", |limit| limit.unit.as_str()), 0),
    }
}

/// The approvals assigned to slots. An extra approval never causes a denial, so each given approval may be the
/// one that counts.
fn arrangements(site: &Site, wanted: &TestRequest<'_>) -> Vec<BTreeMap<String, Approval>> {
    let functions: BTreeSet<&str> = wanted.approvals.iter().map(|(function, ..)| *function).collect();
    let mut all = vec![BTreeMap::new()];
    for (id, domain) in &site.domains {
        for function in &functions {
            let slots = slots(id, function, domain.most(function));
            let given = given(domain, function, wanted);
            if slots.is_empty() {
                continue;
            }
            let turns = if given.len() > slots.len() { given.len() } else { 1 };
            let longer = all.iter().flat_map(|before| {
                let (slots, given) = (&slots, &given);
                (0..turns).map(move |turn| {
                    let mut longer: BTreeMap<String, Approval> = before.clone();
                    let turned = given.iter().cycle().skip(turn).take(given.len());
                    longer.extend(slots.iter().cloned().zip(turned.cloned()));
                    longer
                })
            });
            all = longer.take(ARRANGEMENTS).collect();
        }
    }
    all
}

/// The approvals as a function; those that are good by themselves come first.
fn given(domain: &Domain, function: &str, wanted: &TestRequest<'_>) -> Vec<Approval> {
    let mut given: Vec<(bool, Approval)> = Vec::new();
    for (_, by, at) in wanted.approvals.iter().filter(|(as_what, ..)| *as_what == function) {
        let windows = domain.seats.get(function).and_then(|seats| seats.get(*by));
        let held = windows
            .into_iter()
            .flatten()
            .any(|window| holds(window, *at) && holds(window, wanted.now));
        let good = held && wanted.now - at <= domain.valid;
        let approval = Approval {
            by: (*by).to_owned(),
            at: *at,
            bound: BINDING.to_owned(),
        };
        given.push((!good, approval));
    }
    given.sort_by_key(|(bad, _)| *bad);
    given.into_iter().map(|(_, approval)| approval).collect()
}
