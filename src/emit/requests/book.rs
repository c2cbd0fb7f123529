//! The requests of one group as they are derived, each once.

use crate::emit::requests::Derived;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The requests of one group.
pub(super) struct Book {
    group: String,
    requests: Vec<Derived>,
    seen: BTreeSet<String>,
    /// Whether some combinations were only tried in pairs.
    pub pairwise: bool,
    /// How many tasks were left out.
    pub untried: usize,
}

impl Book {
    pub(super) fn new(group: &str) -> Book {
        Book {
            group: group.to_owned(),
            requests: Vec::new(),
            seen: BTreeSet::new(),
            pairwise: false,
            untried: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    /// Adds a request, unless the same one is there.
    pub(super) fn push(&mut self, kind: &'static str, about: &str, request: Value) {
        if self.seen.insert(request.to_string()) {
            self.requests.push(Derived {
                kind,
                about: format!("{}: {about}", self.group),
                request,
            });
        }
    }

    /// At most `limit` requests, in the order they came: one of each sort, then a second of each, and so on. A
    /// sort is a kind, in an emergency or not. Within a sort, requests alternate: the next that came, then the
    /// next of the task with the fewest so far.
    pub(super) fn cut(self, limit: usize) -> Vec<Derived> {
        let mut sorts: BTreeMap<(&str, bool), Vec<usize>> = BTreeMap::new();
        for (index, derived) in self.requests.iter().enumerate() {
            let urgent = derived.request["context"].get("emergency").is_some();
            sorts.entry((derived.kind, urgent)).or_default().push(index);
        }
        let mut order: Vec<(usize, usize)> = Vec::new();
        for came in sorts.values() {
            let by_task = self.by_task(came);
            let mut seen = BTreeSet::new();
            let both = came.iter().zip(&by_task).flat_map(|(one, other)| [*one, *other]);
            order.extend(both.filter(|index| seen.insert(*index)).enumerate());
        }
        order.sort_unstable();
        let kept: BTreeSet<usize> = order.into_iter().take(limit).map(|(_, index)| index).collect();
        self.requests
            .into_iter()
            .enumerate()
            .filter(|(index, _)| kept.contains(index))
            .map(|(_, derived)| derived)
            .collect()
    }

    /// The first of each task, then the second of each, and so on.
    fn by_task(&self, came: &[usize]) -> Vec<usize> {
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        let mut order: Vec<(usize, usize)> = Vec::new();
        for index in came {
            let task = self.requests[*index].request["context"]["task"].as_str().unwrap_or_default();
            let rank = taken.entry(task).or_default();
            order.push((*rank, *index));
            *rank += 1;
        }
        order.sort_unstable();
        order.into_iter().map(|(_, index)| index).collect()
    }
}
