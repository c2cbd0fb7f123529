//! Both models as JSON, declaration by declaration, with the location of each declaration.

use crate::diff::renamed::{self, Renamed};
use crate::diff::{Both, Place, Side};
use crate::model::{Meta, Model, canonical};
use crate::source::Span;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Sections of the canonical model that hold declarations, each with the word for one of them.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    ("functions", "function"),
    ("people", "person"),
    ("teams", "team"),
    ("purposes", "purpose"),
    ("data", "data"),
    ("actions", "action"),
    ("providers", "provider"),
    ("systems", "system"),
    ("enforcements", "enforcement"),
    ("identities", "identity"),
    ("agents", "agent"),
    ("tasks", "task"),
    ("waivers", "waiver"),
    ("domains", "domain"),
    ("delegations", "delegation"),
    ("rollbacks", "rollback"),
    ("ledgers", "ledger"),
    ("standards", "standard"),
];

/// Both models as JSON.
pub(super) struct Declared {
    /// The old model.
    pub old: Value,
    /// The new model.
    pub new: Value,
    /// The people and identities that were renamed. `old` already uses the new names.
    pub renamed: Renamed,
    places: [BTreeMap<(&'static str, String), Span>; 2],
}

impl Declared {
    pub(super) fn of(both: Both<'_>) -> Declared {
        let (mut old, new) = (canonical::value(&both.old.model), canonical::value(&both.new.model));
        let renamed = renamed::found(&old, &new);
        if !renamed.is_empty() {
            renamed::applied(&mut old, &renamed);
        }
        Declared {
            old,
            new,
            renamed,
            places: [places(&both.old.model), places(&both.new.model)],
        }
    }

    /// The ids of a section that exist on one side or on both, in order.
    pub(super) fn ids(&self, section: &str) -> BTreeSet<&str> {
        let own = |side| object(side, section).into_iter().flat_map(Map::keys).map(String::as_str);
        own(&self.old).chain(own(&self.new)).collect()
    }

    /// The old and the new version of a declaration.
    pub(super) fn pair(&self, section: &str, id: &str) -> (Option<&Value>, Option<&Value>) {
        let own = |side| object(side, section).and_then(|all| all.get(id));
        (own(&self.old), own(&self.new))
    }

    /// The location of a declaration: on the new side, or else on the old side.
    pub(super) fn place(&self, section: &'static str, id: &str) -> Option<Place> {
        let key = (section, id.to_owned());
        let [old, new] = &self.places;
        let new = new.get(&key).map(|span| Place {
            side: Side::New,
            span: *span,
        });
        new.or_else(|| {
            old.get(&key).map(|span| Place {
                side: Side::Old,
                span: *span,
            })
        })
    }
}

fn object<'v>(side: &'v Value, section: &str) -> Option<&'v Map<String, Value>> {
    side.get(section)?.as_object()
}

fn places(model: &Model) -> BTreeMap<(&'static str, String), Span> {
    let mut all = BTreeMap::new();
    let mut add = |section: &'static str, meta: &Meta| {
        all.insert((section, meta.id.to_string()), meta.span);
    };
    model.functions.iter().for_each(|one| add("functions", &one.meta));
    model.people.iter().for_each(|one| add("people", &one.meta));
    model.teams.iter().for_each(|one| add("teams", &one.meta));
    model.purposes.iter().for_each(|one| add("purposes", &one.meta));
    model.data.iter().for_each(|one| add("data", &one.meta));
    model.actions.iter().for_each(|one| add("actions", &one.meta));
    model.providers.iter().for_each(|one| add("providers", &one.meta));
    model.systems.iter().for_each(|one| add("systems", &one.meta));
    model.enforcements.iter().for_each(|one| add("enforcements", &one.meta));
    model.identities.iter().for_each(|one| add("identities", &one.meta));
    model.agents.iter().for_each(|one| add("agents", &one.meta));
    model.tasks.iter().for_each(|one| add("tasks", &one.meta));
    model.waivers.iter().for_each(|one| add("waivers", &one.meta));
    model.domains.iter().for_each(|one| add("domains", &one.meta));
    model.delegations.iter().for_each(|one| add("delegations", &one.meta));
    model.rollbacks.iter().for_each(|one| add("rollbacks", &one.meta));
    model.ledgers.iter().for_each(|one| add("ledgers", &one.meta));
    model.standards.iter().for_each(|one| add("standards", &one.meta));
    all
}
