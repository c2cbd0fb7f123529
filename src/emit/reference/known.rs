//! Look-ups in a policy other than by name: through all of it, or in an index made once for many requests.

use crate::emit::answer::Answer;
use crate::emit::policy::{Group, Policy};
use crate::emit::reference::answer;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

/// What can be looked up in a policy.
pub(super) trait Known {
    /// The index of the group of an operation, if it is in exactly one.
    fn group(&self, action: &str, resource: &str) -> Option<usize>;
    /// Whether a domain keeps its evidence in this ledger.
    fn ledger(&self, id: &str) -> bool;
    /// Whether this rollback can undo the changes of a domain.
    fn rollback(&self, id: &str) -> bool;
}

impl Known for Policy {
    fn group(&self, action: &str, resource: &str) -> Option<usize> {
        let groups = self.groups.iter().enumerate();
        let mut groups = groups.filter(|(_, group)| group.actions.contains(action) && group.resources.contains(resource));
        match (groups.next(), groups.next()) {
            (Some((place, _)), None) => Some(place),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    fn ledger(&self, id: &str) -> bool {
        self.domains.values().any(|domain| domain.evidence.as_deref() == Some(id))
    }

    fn rollback(&self, id: &str) -> bool {
        self.domains.values().any(|domain| domain.rollbacks.iter().any(|name| name == id))
    }
}

/// The reference meaning prepared for many requests: the time for one does not grow with the policy.
pub struct Reference<P> {
    policy: P,
    index: Index,
}

#[derive(Default)]
struct Index {
    /// By action and resource; `None` where two groups claim the operation.
    operations: BTreeMap<String, BTreeMap<String, Option<usize>>>,
    ledgers: BTreeSet<String>,
    rollbacks: BTreeSet<String>,
}

impl<P: Borrow<Policy>> Reference<P> {
    /// Of a policy.
    pub fn of(policy: P) -> Reference<P> {
        let whole: &Policy = policy.borrow();
        let mut index = Index {
            ledgers: whole.domains.values().filter_map(|domain| domain.evidence.clone()).collect(),
            rollbacks: whole.domains.values().flat_map(|domain| domain.rollbacks.clone()).collect(),
            ..Index::default()
        };
        for (place, group) in whole.groups.iter().enumerate() {
            for action in &group.actions {
                let resources = index.operations.entry(action.clone()).or_default();
                for resource in &group.resources {
                    let entry = resources.entry(resource.clone());
                    entry.and_modify(|claimed| *claimed = None).or_insert(Some(place));
                }
            }
        }
        Reference { policy, index }
    }

    /// Decides a request.
    pub fn decide(&self, request: &serde_json::Value) -> Answer {
        answer(self.policy.borrow(), &self.index, request)
    }

    /// The group an operation is in, if it is in exactly one.
    pub fn group(&self, action: &str, resource: &str) -> Option<&Group> {
        self.index.group(action, resource).map(|place| &self.policy().groups[place])
    }

    /// The policy that it decides with.
    pub fn policy(&self) -> &Policy {
        self.policy.borrow()
    }
}

impl Known for Index {
    fn group(&self, action: &str, resource: &str) -> Option<usize> {
        *self.operations.get(action)?.get(resource)?
    }

    fn ledger(&self, id: &str) -> bool {
        self.ledgers.contains(id)
    }

    fn rollback(&self, id: &str) -> bool {
        self.rollbacks.contains(id)
    }
}
