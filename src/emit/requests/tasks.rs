//! Requests that lack only a task that includes them: each as another task of the same agent would make it.

use crate::emit::policy::Task;
use crate::emit::reference;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::plan;
use crate::emit::requests::site::Site;
use std::collections::BTreeMap;

/// The most other tasks of one sort that are looked at.
const SOME: usize = 6;

/// The most actions of the group that are looked at.
const ACTIONS: usize = 8;

/// Each action of the group as tasks of the agent that do not take it in, with their purposes, their limits and their
/// time.
pub(super) fn beside<'p>(site: &Site<'p>, case: &Case<'p>, book: &mut Book) {
    let Some(group) = reference::group(site.policy, site.action, site.resource) else {
        return;
    };
    let own: Vec<(&'p String, &'p Task)> = site.policy.tasks.iter().filter(|(_, task)| task.agent == site.task.agent).collect();
    for action in group.actions.iter().take(ACTIONS) {
        let takes_in = |task: &Task| task.scope.get(action).is_some_and(|scope| scope.contains(site.resource));
        // Those come nearest that take in the same data, and then those that take in the same action.
        let mut by_nearness: BTreeMap<(bool, bool), Vec<(&'p String, &'p Task)>> = BTreeMap::new();
        for (id, task) in own.iter().copied().filter(|(_, task)| !takes_in(task)) {
            let same = task.scope.values().any(|scope| scope.contains(site.resource));
            let nearness = (!same, !task.scope.contains_key(action));
            by_nearness.entry(nearness).or_default().push((id, task));
        }
        for (id, task) in by_nearness.into_values().flat_map(|all| all.into_iter().take(SOME)) {
            let other = Site {
                task_id: id,
                task,
                action,
                ..site.clone()
            };
            if let Some(base) = plan::first(&other, case) {
                book.push(
                    "out_of_scope",
                    &format!("`{action}` as `{id}`, which does not take it in"),
                    base.draft.value(),
                );
            }
        }
    }
}
