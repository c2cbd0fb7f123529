//! Requests that lack only a task that includes them: each request names another task of the same agent.

use crate::emit::policy::Task;
use crate::emit::reference;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::plan;
use crate::emit::requests::site::Site;
use std::collections::BTreeMap;

/// Quorate looks at no more than this many other tasks of one sort.
const SOME: usize = 6;

/// Quorate looks at no more than this many actions of the group.
const ACTIONS: usize = 8;

/// Adds each action of the group as a request under the agent's tasks that do not include the action, with the
/// purposes, limits and time of these tasks.
pub(super) fn beside<'p>(site: &Site<'p>, case: &Case<'p>, book: &mut Book) {
    let Some(group) = reference::group(site.policy, site.action, site.resource) else {
        return;
    };
    let own: Vec<(&'p String, &'p Task)> = site.policy.tasks.iter().filter(|(_, task)| task.agent == site.task.agent).collect();
    for action in group.actions.iter().take(ACTIONS) {
        let takes_in = |task: &Task| task.scope.get(action).is_some_and(|scope| scope.contains(site.resource));
        // The nearest tasks are those that include the same data, and then those that include the same action.
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
                    &format!("`{action}` as `{id}`, which does not include it"),
                    base.draft.value(),
                );
            }
        }
    }
}
