//! Requests that differ in a name, in the credential or in the call chain.

use crate::emit::policy::{Group, MOST_CALLERS, OUTSIDER, Policy, SCHEDULE};
use crate::emit::reference;
use crate::emit::requests::book::Book;
use crate::emit::requests::draft::Draft;
use crate::emit::requests::site::{Site, principal};
use crate::emit::requests::world::World;

/// The most neighbours of one sort.
const SOME: usize = 4;
const UNKNOWN: &str = "no.such/name";

/// Revision, credential, agent, task, purpose, operation, chain, the person acted for.
pub(super) fn neighbours(world: &World, site: &Site, draft: &Draft, book: &mut Book) {
    book.push("stale_policy", "another revision", draft.with(|draft| draft.revision.push('0')));
    credentials(site, draft, book);
    agents(site, draft, book);
    tasks(site.policy, draft, book);
    purposes(world, draft, book);
    if let Some(group) = reference::group(site.policy, site.action, site.resource) {
        operations(world, site, group, draft, book);
    }
    chains(site.policy, draft, book);
    persons(site, draft, book);
}

/// Other purposes.
pub(super) fn purposes(world: &World, draft: &Draft, book: &mut Book) {
    for purpose in world.purposes.iter().copied().take(4 * SOME).chain([UNKNOWN, ""]) {
        book.push(
            "purpose",
            &format!("for `{purpose}`"),
            draft.with(|draft| draft.purpose = purpose.to_owned()),
        );
    }
}

fn credentials(site: &Site, draft: &Draft, book: &mut Book) {
    let now = draft.now;
    let mut lives = vec![
        ("issued this second", now, now + 1),
        ("not yet issued", now + 1, now + 2),
        ("expired this second", now.saturating_sub(site.life).max(0), now),
        ("expired before it was issued", now, now - 1),
        ("issued before time began", -1, now + 1),
    ];
    if let Some(longest) = site.agent.principals.get(site.principal).and_then(|principal| principal.life) {
        let issued_at = now.saturating_sub(longest / 2).max(0);
        lives.push(("as long-lived as can be", issued_at, issued_at.saturating_add(longest)));
        lives.push(("too long-lived", issued_at, issued_at.saturating_add(longest).saturating_add(1)));
    }
    for (about, issued_at, expires_at) in lives {
        book.push(
            "credential",
            about,
            draft.with(|draft| (draft.issued_at, draft.expires_at) = (issued_at, expires_at)),
        );
    }
    self::lives(site, draft, book);
    let known = site
        .policy
        .agents
        .values()
        .flat_map(|agent| agent.principals.keys())
        .map(String::as_str);
    let own = site.agent.principals.keys().map(String::as_str);
    for principal in own.take(4 * SOME).chain(known.take(4 * SOME)).chain([UNKNOWN, ""]) {
        book.push(
            "principal",
            &format!("as `{principal}`"),
            draft.with(|draft| draft.principal = principal.to_owned()),
        );
    }
}

/// A credential of each principal of the agent that lives as long as it may, and a second longer.
pub(super) fn lives(site: &Site, draft: &Draft, book: &mut Book) {
    let now = draft.now;
    for (principal, of) in site.agent.principals.iter().take(4 * SOME) {
        for (about, more) in [("as long as can be", 0), ("a second too long", 1)] {
            let Some(life) = of.life else { continue };
            let issued_at = now.saturating_sub(life / 2).max(0);
            let own = draft.with(|draft| {
                draft.principal.clone_from(principal);
                (draft.issued_at, draft.expires_at) = (issued_at, issued_at.saturating_add(life).saturating_add(more));
            });
            book.push("principal", &format!("as `{principal}`, with a credential that lives {about}"), own);
        }
    }
}

/// Other agents: by name only, and with a credential that is their own.
fn agents(site: &Site, draft: &Draft, book: &mut Book) {
    let mut others: Vec<(&String, _)> = site.policy.agents.iter().filter(|(id, _)| **id != draft.agent).collect();
    let same = |id: &String| {
        site.policy.tasks.values().any(|task| {
            task.agent == *id
                && task
                    .scope
                    .get(site.action)
                    .is_some_and(|resources| resources.contains(site.resource))
        })
    };
    others.sort_by_key(|(id, _)| !same(id));
    for (id, agent) in others.into_iter().take(SOME) {
        book.push(
            "agent",
            &format!("`{id}`, with a credential of `{}`", draft.agent),
            draft.with(|draft| draft.agent.clone_from(id)),
        );
        let (principal, life) = principal(agent);
        let own = draft.with(|draft| {
            draft.agent.clone_from(id);
            draft.principal = principal.to_owned();
            draft.issued_at = draft.now;
            draft.expires_at = draft.now + life;
            draft.on_behalf_of = agent
                .acts_for
                .keys()
                .find(|person| draft.approvals.values().all(|approval| approval.by != **person))
                .cloned();
        });
        book.push("agent", &format!("`{id}`, for a task of `{}`", draft.agent), own);
    }
    book.push("agent", "unknown", draft.with(|draft| draft.agent = UNKNOWN.to_owned()));
}

/// Other tasks, each once with the purpose of the original task and once with its own.
fn tasks(policy: &Policy, draft: &Draft, book: &mut Book) {
    let mut others: Vec<(&String, _)> = policy.tasks.iter().filter(|(id, _)| **id != draft.task).collect();
    let reaches = |scope: &std::collections::BTreeMap<String, std::collections::BTreeSet<String>>| {
        scope
            .get(&draft.action)
            .is_some_and(|resources| resources.contains(&draft.resource))
    };
    others.sort_by_key(|(_, task)| (task.agent != draft.agent, !reaches(&task.scope)));
    let (own, foreign): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, task)| task.agent == draft.agent);
    for (id, task) in own.into_iter().take(SOME).chain(foreign.into_iter().take(SOME)) {
        book.push("task", &format!("as `{id}`"), draft.with(|draft| draft.task.clone_from(id)));
        let own = draft.with(|draft| {
            draft.task.clone_from(id);
            draft.purpose = task.purpose.clone().unwrap_or_default();
        });
        book.push("task", &format!("as `{id}` and for its purpose"), own);
    }
    book.push("task", "unknown", draft.with(|draft| draft.task = UNKNOWN.to_owned()));
}

/// Operations of the group that are not in the task's scope, of the scope that are not in the group, of the same class
/// or system, and others.
fn operations(world: &World, site: &Site, group: &Group, draft: &Draft, book: &mut Book) {
    let in_scope = |action: &str, resource: &str| site.task.scope.get(action).is_some_and(|resources| resources.contains(resource));
    let (system, class) = parts(site.resource);
    let sort = |action: &str, resource: &str| match (
        group.actions.contains(action) && group.resources.contains(resource),
        in_scope(action, resource),
    ) {
        (true, false) => 0,
        (false, true) => 1,
        (true, true) => 2,
        (false, false) if parts(resource).0 == system => 3,
        (false, false) if parts(resource).1 == class => 4,
        (false, false) => 5,
    };
    let mut counts = [0; 6];
    for resource in world.resources.iter().filter(|resource| **resource != site.resource) {
        let count = &mut counts[sort(site.action, resource)];
        *count += 1;
        if *count <= SOME {
            book.push(
                "resource",
                &format!("`{resource}`"),
                draft.with(|draft| draft.resource = (*resource).to_owned()),
            );
        }
    }
    counts = [0; 6];
    for action in world.actions.iter().filter(|action| **action != site.action) {
        let count = &mut counts[sort(action, site.resource)];
        *count += 1;
        if *count <= SOME {
            book.push(
                "action",
                &format!("`{action}`"),
                draft.with(|draft| draft.action = (*action).to_owned()),
            );
        }
    }
    for resource in [UNKNOWN, system, class, ""] {
        book.push(
            "resource",
            &format!("`{resource}`, which is unknown"),
            draft.with(|draft| draft.resource = resource.to_owned()),
        );
    }
    book.push("action", "unknown", draft.with(|draft| draft.action = UNKNOWN.to_owned()));
}

fn parts(resource: &str) -> (&str, &str) {
    resource.split_once('/').unwrap_or((resource, ""))
}

/// Call chains: none, legal ones of one and two calls, and chains that nobody allowed.
fn chains(policy: &Policy, draft: &Draft, book: &mut Book) {
    let via = |callers: &[&str]| draft.with(|draft| draft.via = Some(callers.iter().map(|caller| (*caller).to_owned()).collect()));
    book.push("via", "called by nobody", via(&[]));
    book.push("via", "called by somebody unknown", via(&[UNKNOWN]));
    book.push("via", "called by itself", via(&[&draft.agent]));
    let own = [draft.agent.as_str(); MOST_CALLERS + 1];
    book.push("via", "called by itself as often as may be", via(&own[1..]));
    book.push("malformed", "called by itself once more than may be", via(&own));
    let calling = policy.calls.iter().filter(|(_, callee, _)| *callee == draft.agent);
    let (legal, other): (Vec<_>, Vec<_>) = calling.partition(|(_, _, task)| *task == draft.task);
    for (caller, ..) in legal.into_iter().take(SOME) {
        book.push("via", &format!("called by `{caller}`"), via(&[caller]));
        book.push(
            "via",
            &format!("called by `{caller}`, and that by somebody unknown"),
            via(&[UNKNOWN, caller]),
        );
        book.push(
            "via",
            &format!("called by `{caller}`, the other way round"),
            via(&[caller, &draft.agent]),
        );
        book.push("via", &format!("called by `{caller}`, and that by itself"), via(&[caller, caller]));
        for (first, ..) in policy.calls.iter().filter(|(_, callee, _)| callee == caller).take(SOME) {
            book.push("via", &format!("called by `{first}` through `{caller}`"), via(&[first, caller]));
            book.push("via", &format!("called by `{first}` for `{caller}`"), via(&[caller, first]));
        }
    }
    for (caller, _, task) in other.into_iter().take(SOME) {
        book.push(
            "via",
            &format!("called by `{caller}`, which may call it for `{task}`"),
            via(&[caller]),
        );
    }
    for agent in policy.agents.keys().take(SOME) {
        book.push("via", &format!("called by `{agent}`"), via(&[agent]));
    }
}

/// The person acted for, and the one who asked.
fn persons(site: &Site, draft: &Draft, book: &mut Book) {
    book.push("on_behalf_of", "for nobody", draft.with(|draft| draft.on_behalf_of = None));
    let acts_for = &site.agent.acts_for;
    let others = site
        .policy
        .people
        .keys()
        .filter(|person| !acts_for.contains_key(*person))
        .take(SOME);
    let agents = site.policy.agents.keys().take(1);
    let left = site.policy.people.iter().filter(|(_, person)| !person.window.holds(draft.now));
    let left = left.map(|(id, _)| id).take(SOME);
    let all = acts_for
        .keys()
        .take(SOME)
        .chain(others)
        .chain(left)
        .chain(agents)
        .map(String::as_str);
    for person in all.chain([UNKNOWN, SCHEDULE, OUTSIDER, ""]) {
        book.push(
            "on_behalf_of",
            &format!("for `{person}`"),
            draft.with(|draft| draft.on_behalf_of = Some(person.to_owned())),
        );
        book.push(
            "requested_by",
            &format!("asked by `{person}`"),
            draft.with(|draft| draft.requested_by = Some(person.to_owned())),
        );
    }
}
