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

    /// At most so many, in the order they came: one of each kind, then a second of each, and so on.
    pub(super) fn cut(self, limit: usize) -> Vec<Derived> {
        let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (index, derived) in self.requests.iter().enumerate() {
            let place = places.entry(derived.kind).or_default();
            order.push((*place, index));
            *place += 1;
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
}
