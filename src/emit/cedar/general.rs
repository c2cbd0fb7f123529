//! What every request must meet, whatever it is about: revision, credential, task, calls, the person acted for.

use crate::emit::answer::Denial;
use crate::emit::cedar::entities::waived_tag;
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{
    Expression, Kind, action, all, any, choice, context, context_has, entity, number, principal, resource, text,
};
use crate::emit::cedar::words::{cited, sources};
use crate::emit::policy::{Group, MOST_CALLERS, Policy, Task};
use crate::emit::reason::Reason;
use crate::words::day;
use std::collections::{BTreeMap, BTreeSet};

/// The tasks that can do one of the operations of a group.
pub fn tasks_of<'a>(policy: &'a Policy, group: &Group) -> BTreeMap<&'a str, &'a Task> {
    let reaches = |task: &Task| {
        let of = |action: &String| task.scope.get(action).is_some_and(|scope| !scope.is_disjoint(&group.resources));
        group.actions.iter().any(of)
    };
    policy
        .tasks
        .iter()
        .filter(|(_, task)| reaches(task))
        .map(|(id, task)| (id.as_str(), task))
        .collect()
}

/// The requirements of every request; `tasks` are those whose places the comments show.
pub fn requirements(policy: &Policy, tasks: &BTreeMap<&str, &Task>) -> Vec<Requirement> {
    let mut asked = vec![revision(policy), credential(policy, tasks)];
    asked.extend(task(tasks));
    asked.extend([calls(policy), callers(policy), acts_for(policy, tasks)]);
    asked
}

fn revision(policy: &Policy) -> Requirement {
    Requirement {
        id: "revision".to_owned(),
        denial: Denial::plain(Reason::StalePolicy),
        premise: Expression::Boolean(true),
        note: format!("the request was made for this revision of {}", policy.workspace),
        source: String::new(),
        condition: context("revision").equals(text(&policy.revision)),
    }
}

fn credential(policy: &Policy, tasks: &BTreeMap<&str, &Task>) -> Requirement {
    let issued = || context("credential").get("issued_at");
    let expires = || context("credential").get("expires_at");
    let agents = agent_sources(policy, tasks);
    Requirement {
        id: "credential".to_owned(),
        denial: Denial::plain(Reason::Credential),
        premise: Expression::Boolean(true),
        note: cited(
            "the agent appears as itself, with a live credential whose lifetime is allowed",
            agents.clone(),
        ),
        source: sources(agents),
        condition: all([
            principal().has_tag(context("principal")),
            issued().at_least(number(0)),
            issued().at_most(context("now")),
            context("now").below(expires()),
            expires().minus(issued()).at_most(principal().tag(context("principal")).get("ttl")),
        ]),
    }
}

fn agent_sources<'a>(policy: &'a Policy, tasks: &BTreeMap<&str, &Task>) -> BTreeSet<&'a str> {
    tasks
        .values()
        .filter_map(|task| policy.agents.get(&task.agent))
        .map(|agent| agent.source.as_str())
        .collect()
}

fn task(tasks: &BTreeMap<&str, &Task>) -> [Requirement; 4] {
    let places: BTreeSet<&str> = tasks.values().map(|task| task.source.as_str()).collect();
    let task = || context("task");
    let one = |id: &str, reason: Reason, sentence: &str, condition: Expression| Requirement {
        id: id.to_owned(),
        denial: Denial::plain(reason),
        premise: if reason == Reason::OutOfScope {
            Expression::Boolean(true)
        } else {
            own_task()
        },
        note: cited(sentence, places.clone()),
        source: sources(places.clone()),
        condition,
    };
    [
        one("task", Reason::OutOfScope, "the task is one of this agent", own_task()),
        one(
            "window",
            Reason::Expired,
            "the task has begun and is not over",
            all([
                task().has("starts"),
                task().get("starts").at_most(context("now")),
                context("now").below(task().get("ends")),
            ]),
        ),
        one(
            "purpose",
            Reason::Purpose,
            "the purpose of the request is that of the task",
            all([task().has("purpose"), task().get("purpose").equals(context("purpose"))]),
        ),
        one(
            "requested_by",
            Reason::Ineligible,
            "whoever asked is active and may start the task, or is a schedule or an outsider that the task allows",
            started(),
        ),
    ]
}

/// The condition that the task belongs to this agent. If it belongs to another agent, the answer reports only
/// that.
pub fn own_task() -> Expression {
    all([context("task").has("agent"), context("task").get("agent").equals(principal())])
}

/// The condition that the one who asked may start the task.
fn started() -> Expression {
    let who = || context("requested_by");
    let task = || context("task");
    let named = || task().get("started_by").contains(who());
    all([
        task().has("started_by"),
        choice(
            who().has("human"),
            all([active(who()), any([task().get("anybody"), named()])]),
            named(),
        ),
    ])
}

/// The condition that a person who is known to be in the policy is active now.
pub fn active(person: Expression) -> Expression {
    all([
        person.clone().get("starts").at_most(context("now")),
        context("now").below(person.get("ends")),
    ])
}

/// The condition that an action which is allowed only while a waiver is in force is requested before its end:
/// one requirement for each end.
pub fn waivers(group: &Group, tasks: &BTreeMap<&str, &Task>) -> Vec<Requirement> {
    let mut ends: BTreeMap<i64, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for task in tasks.values() {
        for action in &group.actions {
            let waived = task.waived.get(action).into_iter().flatten();
            for (_, end) in waived.filter(|(resource, _)| group.resources.contains(*resource)) {
                let (actions, sources) = ends.entry(*end).or_default();
                actions.insert(action);
                sources.insert(&task.source);
            }
        }
    }
    let one = |(end, (actions, places)): (i64, (BTreeSet<&str>, BTreeSet<&str>))| {
        let task = || context("task");
        let outside = actions.iter().map(|name| {
            let tag = || text(&waived_tag(name, end));
            let matches = match group.actions.len() {
                1 => Expression::Boolean(true),
                _ => action().equals(entity(Kind::Action, name)),
            };
            all([matches, task().has_tag(tag()), task().tag(tag()).contains(resource())]).negate()
        });
        Requirement {
            id: format!("waiver/{end}"),
            denial: Denial::plain(Reason::Expired),
            premise: own_task(),
            note: cited(
                &format!("what a waiver relieves is refused once the waiver has ended, {}", day(end)),
                places.clone(),
            ),
            source: sources(places),
            condition: any([context("now").below(number(end)), all(outside)]),
        }
    };
    ends.into_iter().map(one).collect()
}

/// The condition that the task includes this operation, which is one of the group's.
pub fn scope(group: &Group, tasks: &BTreeMap<&str, &Task>) -> Requirement {
    let places: BTreeSet<&str> = tasks.values().map(|task| task.source.as_str()).collect();
    let one = |name: &String| {
        let only = group.actions.len() == 1;
        let matches = if only {
            Expression::Boolean(true)
        } else {
            action().equals(entity(Kind::Action, name))
        };
        let task = || context("task");
        all([matches, task().has_tag(text(name)), task().tag(text(name)).contains(resource())])
    };
    Requirement {
        id: "scope".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note: cited("the task includes this action on this data", places.clone()),
        source: sources(places),
        condition: any(group.actions.iter().map(one)),
    }
}

fn calls(policy: &Policy) -> Requirement {
    let workspace = || entity(Kind::Workspace, &policy.workspace);
    Requirement {
        id: "calls".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note: "every call on the way here is one that the workspace allows".to_owned(),
        source: String::new(),
        condition: all([workspace().has("calls"), workspace().get("calls").contains_all(context("hops"))]),
    }
}

/// The condition that each agent in the chain has a current task of its own. A chain longer than any legal one
/// is refused too.
fn callers(policy: &Policy) -> Requirement {
    let longest = policy.longest_chain();
    let callers = policy.calls.iter().filter_map(|(caller, ..)| policy.agents.get(caller));
    let windows = callers.map(|agent| agent.current.len()).max().unwrap_or(0).max(1);
    let chain = || context("callers");
    let on_task = |place: String| {
        let caller = || chain().get(&place);
        let held = (1..=windows).map(|number| {
            let tag = || text(&number.to_string());
            all([
                caller().has_tag(tag()),
                caller().tag(tag()).get("starts").at_most(context("now")),
                context("now").below(caller().tag(tag()).get("ends")),
            ])
        });
        choice(chain().has(&place), any(held), Expression::Boolean(true))
    };
    let beyond = (longest < MOST_CALLERS).then(|| chain().has(&(longest + 1).to_string()).negate());
    let note = match longest {
        0 => "no agent of the workspace calls another, so the request does not come by a call".to_owned(),
        _ => "every agent on the way here has a task of its own that has begun and is not over".to_owned(),
    };
    Requirement {
        id: "callers".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note,
        source: String::new(),
        condition: all((1..=longest).map(|place| on_task(place.to_string())).chain(beyond)),
    }
}

fn acts_for(policy: &Policy, tasks: &BTreeMap<&str, &Task>) -> Requirement {
    let agents = agent_sources(policy, tasks);
    let person = || context("on_behalf_of");
    Requirement {
        id: "on_behalf_of".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note: cited(
            "the agent acts for an active person for whom it may do this; an agent that acts for nobody names nobody",
            agents.clone(),
        ),
        source: sources(agents),
        condition: all([
            principal().has("acts_for"),
            choice(
                context_has("on_behalf_of"),
                all([
                    person().has("human"),
                    active(person()),
                    context("delegation").has("bounds"),
                    context("delegation").get("bounds").contains_any(person().get("bounds")),
                ]),
                principal().get("acts_for").negate(),
            ),
        ]),
    }
}
