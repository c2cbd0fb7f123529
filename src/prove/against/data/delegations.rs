//! For whom an agent may do what. Bounds link people and operations, but their names mean nothing, so people
//! are compared.

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::entities::Entities;
use std::collections::{BTreeMap, BTreeSet};

/// A sentence for each agent that may now do something for somebody for whom it could not before.
pub fn wider(today: &Entities, earlier: &Entities) -> Vec<String> {
    let (mut now, mut before) = (Bounds::of(today), Bounds::of(earlier));
    let mut new: BTreeMap<(String, BTreeSet<String>), BTreeSet<String>> = BTreeMap::new();
    for (id, delegation) in today.all(Kind::Delegation) {
        let people = now.people(delegation.texts("bounds"));
        let held = earlier
            .get(Kind::Delegation, id)
            .map(|delegation| before.people(delegation.texts("bounds")))
            .unwrap_or_default();
        let more = &people - &held;
        if !more.is_empty() {
            let (agent, operation) = id.split_once('>').unwrap_or((id, ""));
            let operation = operation.replacen('>', " of ", 1);
            new.entry((agent.to_owned(), more)).or_default().insert(operation);
        }
    }
    let tell = |((agent, people), operations): ((String, BTreeSet<String>), BTreeSet<String>)| {
        let people: Vec<String> = people.iter().map(|id| format!("`{id}`")).collect();
        let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
        let (people, operations) = (people.join(", "), operations.join(", "));
        format!("`{agent}` may act for {people} in {operations} now, and could not before")
    };
    new.into_iter().map(tell).collect()
}

/// Who belongs to each bound.
struct Bounds {
    of: BTreeMap<String, BTreeSet<String>>,
    /// Many operations have the same bounds, so their people are collected once.
    known: BTreeMap<BTreeSet<String>, BTreeSet<String>>,
}

impl Bounds {
    fn of(entities: &Entities) -> Bounds {
        let mut of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, person) in entities.all(Kind::Person) {
            for bound in person.texts("bounds") {
                of.entry(bound).or_default().insert(id.to_owned());
            }
        }
        Bounds {
            of,
            known: BTreeMap::new(),
        }
    }

    fn people(&mut self, bounds: BTreeSet<String>) -> BTreeSet<String> {
        if let Some(people) = self.known.get(&bounds) {
            return people.clone();
        }
        let people: BTreeSet<String> = bounds.iter().filter_map(|bound| self.of.get(bound)).flatten().cloned().collect();
        self.known.insert(bounds, people.clone());
        people
    }
}
