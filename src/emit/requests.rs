//! Requests derived from a policy that reach every boundary of it: for each group and case one that should be
//! allowed, and every request that differs from it in one thing. The reference meaning decides what the answers
//! should be.

mod approvals;
mod book;
mod cases;
mod context;
mod draft;
pub mod from_test;
mod limits;
mod malformed;
mod pairs;
mod persons;
mod plan;
mod readiness;
mod site;
mod tasks;
mod time;
mod who;
mod world;

use crate::emit::policy::{Group, Policy};
use book::Book;
use cases::{Case, Tiers};
use malformed::Shapes;
use plan::Planned;
use serde_json::Value;
use site::Site;
use std::collections::{BTreeMap, BTreeSet};
use time::Seats;
use world::World;

/// The most tasks that are tried for a case before it counts as one that nothing satisfies.
const TASKS_TRIED: usize = 16;

/// With this many requests about a group, the edges of further tasks are left out.
const TASKS_UP_TO: usize = 8_192;

/// Quorate looks at no more than this many cases of a task whose agent acts for people.
const CASES: usize = 16;

/// A request and why it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// What it probes, one word: `allowed`, `missing`, `ineligible`, …
    pub kind: &'static str,
    /// What it is about, for a reader.
    pub about: String,
    /// The request.
    pub request: Value,
}

/// How many requests there are of each kind.
pub fn kinds(requests: &[Derived]) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for derived in requests {
        *kinds.entry(derived.kind).or_default() += 1;
    }
    kinds
}

/// Every request that was derived, and what was not tried.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The requests, group by group.
    pub requests: Vec<Derived>,
    /// The groups with requests that were left out, each with at least how many.
    pub left_out: BTreeMap<String, usize>,
    /// The groups with too many combinations to try all of them. For these groups, the requests cover every
    /// pair of values, or every pair of ways to approve.
    pub pairwise: BTreeSet<String>,
}

/// The requests of every group in order.
pub fn derive(policy: &Policy, limit_per_group: usize) -> Vec<Derived> {
    suite(policy, limit_per_group).requests
}

/// The requests of every group in order, at most `limit_per_group` for each group. If there are more, about as
/// many of each kind as of any other.
pub fn suite(policy: &Policy, limit_per_group: usize) -> Suite {
    let world = World::of(policy);
    let aliases = who::aliases(policy);
    let mut suite = Suite::default();
    let mut shapes = Shapes::new();
    for (group, sites) in policy.groups.iter().zip(site::by_group(policy)) {
        let mut book = Book::new(&group.id);
        of_group(policy, &world, &aliases, group, &sites, &mut shapes, &mut book);
        let (all, pairwise) = (book.len() + book.untried, book.pairwise);
        let kept = book.cut(limit_per_group);
        if kept.len() < all {
            suite.left_out.insert(group.id.clone(), all - kept.len());
        }
        if pairwise {
            suite.pairwise.insert(group.id.clone());
        }
        suite.requests.extend(kept);
    }
    suite
}

/// What two bases of a group differ in: the tier of each governing domain, and whether there is an emergency.
type Key = (Tiers, bool);

fn of_group<'p>(
    policy: &'p Policy,
    world: &World<'p>,
    aliases: &who::Aliases<'p>,
    group: &'p Group,
    sites: &[Site<'p>],
    shapes: &mut Shapes,
    book: &mut Book,
) {
    if sites.is_empty() {
        unreached(policy, group, book);
    }
    let mut found: BTreeSet<Key> = BTreeSet::new();
    let mut seats = Seats::new();
    let mut open: BTreeMap<Key, (&Site<'p>, Case<'p>)> = BTreeMap::new();
    for (index, site) in sites.iter().enumerate() {
        if index >= TASKS_TRIED && !found.is_empty() {
            break;
        }
        let cells = cases::of(site);
        book.pairwise |= cells.pairwise;
        for case in cells.cases {
            let key = (case.tiers.clone(), case.emergency);
            if found.contains(&key) {
                continue;
            }
            book.pairwise |= plan::in_pairs(&case);
            let planned = plan::every_way(site, &case);
            if planned.is_empty() {
                open.entry(key).or_insert((site, case));
                continue;
            }
            around(site, &case, &planned, &mut seats, book);
            who::neighbours(site, &case, &planned[0], aliases, book);
            let draft = &planned[0].draft;
            if found.is_empty() {
                malformed::neighbours(policy, draft, shapes, book);
            }
            // Other policies decide in an emergency, so this is asked again there.
            if !found.iter().any(|(_, emergency)| *emergency == case.emergency) {
                context::neighbours(world, site, draft, book);
                readiness::neighbours(draft, book);
                readiness::emergency(site, &case, &planned[0], book);
            }
            found.insert(key);
        }
        for inputs in cells.untaken {
            let draft = site.draft(&inputs);
            book.push("tier", "no tier takes the inputs", draft.value());
        }
    }
    for (key, (site, case)) in open {
        if !found.contains(&key) {
            let about = format!("{}: not everyone can approve", case.about());
            book.push("unreachable", &about, site.draft(&case.inputs).value());
            plan::lacking(site, &case)
                .into_iter()
                .for_each(|draft| book.push("unreachable", &about, draft.value()));
        }
    }
    for (index, site) in sites.iter().enumerate() {
        if book.len() > TASKS_UP_TO {
            book.untried += sites.len() - index;
            break;
        }
        of_task(world, site, aliases, index < TASKS_TRIED, &mut seats, book);
    }
}

/// The requests that differ in one thing from the bases of a case.
fn around<'p>(site: &Site<'p>, case: &Case<'p>, planned: &[Planned<'p>], seats: &mut Seats<'p>, book: &mut Book) {
    for base in planned {
        book.push("allowed", &case.about(), base.draft.value());
        approvals::neighbours(site, case, base, book);
        time::seat_edges(site, case, base, seats, book);
    }
    let base = &planned[0];
    limits::neighbours(site, case, base, book);
}

/// The requests for a task and the group, with `nearby` also for other tasks of its agent. One is allowed if
/// the purposes agree and somebody can approve while the task lasts.
fn of_task<'p>(world: &World, site: &Site<'p>, aliases: &who::Aliases<'p>, nearby: bool, seats: &mut Seats<'p>, book: &mut Book) {
    let cases = cases::of(site).cases;
    if !site.agent.acts_for.is_empty() {
        for case in cases.iter().take(CASES) {
            plan::every_way(site, case)
                .iter()
                .for_each(|base| persons::neighbours(site, case, base, book));
        }
    }
    // The one who declares it may be the one acted for.
    let urgent = cases.iter().filter(|case| case.emergency && !site.agent.acts_for.is_empty());
    for case in urgent.take(1) {
        if let Some(base) = plan::first(site, case) {
            who::neighbours(site, case, &base, aliases, book);
        }
    }
    for case in cases.iter().filter(|case| case.emergency && site.task.window.starts <= 0) {
        let base = plan::first(site, case);
        base.iter().for_each(|base| readiness::first_second(site, case, base, book));
    }
    let mut reached = false;
    for emergency in [false, true] {
        let mut planned = cases.iter().filter(|case| case.emergency == emergency);
        let planned = planned.find_map(|case| Some((case, plan::first(site, case)?)));
        let Some((case, base)) = planned else { continue };
        reached = true;
        book.push("task", &format!("{} by `{}`", case.about(), site.task_id), base.draft.value());
        time::task_edges(site, case, &base, book);
        if who::concerns(site) {
            who::neighbours(site, case, &base, aliases, book);
        }
        context::purposes(world, &base.draft, book);
        context::lives(site, &base.draft, book);
        if nearby {
            tasks::beside(site, case, book);
            time::seat_edges(site, case, &base, seats, book);
        }
        limits::unknown_totals(site, &base.draft, book);
        limits::totals(site, &base.draft, book);
    }
    if let Some(case) = cases.first().filter(|_| !reached) {
        book.push(
            "task",
            &format!("{} by `{}`, which nobody can approve", case.about(), site.task_id),
            site.draft(&case.inputs).value(),
        );
    }
}

/// A group that no task reaches: everything but the scope.
fn unreached(policy: &Policy, group: &Group, book: &mut Book) {
    let operation = group.actions.first().zip(group.resources.first());
    let (Some((id, task)), Some((action, resource))) = (policy.tasks.first_key_value(), operation) else {
        return;
    };
    let Some(site) = Site::new(policy, group, (id, task), (action, resource)) else {
        return;
    };
    let cases = cases::of(&site).cases;
    let base = cases.iter().find_map(|case| plan::first(&site, case));
    let draft = base.map_or_else(|| site.draft(&BTreeMap::new()), |base| base.draft);
    book.push("unreached", "no task reaches it", draft.value());
}

#[cfg(test)]
mod relaxed;
#[cfg(test)]
mod tests;
