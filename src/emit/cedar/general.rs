//! What every request has to meet, whatever it is about: revision, credential, task, calls, the person acted for.

use crate::emit::answer::Denial;
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{
    Expression, Kind, action, all, any, choice, context, context_has, entity, number, principal, resource, text,
};
use crate::emit::cedar::words::{cited, sources};
use crate::emit::policy::{Group, Policy, Task};
use crate::emit::reason::Reason;
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

/// What is asked of every request; `tasks` are those whose places the comments show.
pub fn requirements(policy: &Policy, tasks: &BTreeMap<&str, &Task>) -> Vec<Requirement> {
    let mut asked = vec![revision(policy), credential(policy, tasks)];
    asked.extend(task(tasks));
    asked.extend([calls(policy), acts_for(policy, tasks)]);
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
            "the agent appears as itself, with a credential that is live and was issued for no longer than it may be",
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

fn task(tasks: &BTreeMap<&str, &Task>) -> [Requirement; 3] {
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
    ]
}

/// That the task is one of this agent. Of another's nothing else is said.
pub fn own_task() -> Expression {
    all([context("task").has("agent"), context("task").get("agent").equals(principal())])
}

/// That the task takes in this very operation, which is one of the group's.
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
        note: cited("the task takes in this action on this data", places.clone()),
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

fn acts_for(policy: &Policy, tasks: &BTreeMap<&str, &Task>) -> Requirement {
    let agents = agent_sources(policy, tasks);
    let persons = || principal().get("acts_for");
    Requirement {
        id: "on_behalf_of".to_owned(),
        denial: Denial::plain(Reason::OutOfScope),
        premise: Expression::Boolean(true),
        note: cited(
            "the agent acts for somebody it may act for, or for nobody if there is nobody",
            agents.clone(),
        ),
        source: sources(agents),
        condition: all([
            principal().has("acts_for"),
            choice(
                context_has("on_behalf_of"),
                persons().contains(context("on_behalf_of")),
                persons().is_empty(),
            ),
        ]),
    }
}
