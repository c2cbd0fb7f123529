//! Every name that a policy knows, for requests that use another name than the right one.

use crate::emit::policy::Policy;
use std::collections::BTreeSet;

/// The names of a policy.
pub(super) struct World<'p> {
    pub actions: BTreeSet<&'p str>,
    pub resources: BTreeSet<&'p str>,
    pub purposes: BTreeSet<&'p str>,
}

impl<'p> World<'p> {
    pub(super) fn of(policy: &'p Policy) -> World<'p> {
        let scopes = || policy.tasks.values().flat_map(|task| &task.scope);
        let actions = policy
            .groups
            .iter()
            .flat_map(|group| &group.actions)
            .chain(scopes().map(|(action, _)| action));
        let resources = policy
            .groups
            .iter()
            .flat_map(|group| &group.resources)
            .chain(scopes().flat_map(|(_, resources)| resources));
        let of_domains = policy.domains.values().flat_map(|domain| domain.purposes.iter().flatten());
        let purposes = policy.tasks.values().filter_map(|task| task.purpose.as_ref()).chain(of_domains);
        World {
            actions: actions.map(String::as_str).collect(),
            resources: resources.map(String::as_str).collect(),
            purposes: purposes.map(String::as_str).collect(),
        }
    }
}
