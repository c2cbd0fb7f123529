//! The entities of a build, by kind and id.

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::shape;
use crate::prove::against::data::windows::Span;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// All of them.
pub struct Entities(BTreeMap<String, BTreeMap<String, Entity>>);

/// One.
pub struct Entity(Value);

impl Entities {
    /// Reads `entities.json`. The error reports anything that this version does not write.
    pub fn read(text: &str) -> Result<Entities, String> {
        let list: Vec<Value> = serde_json::from_str(text).map_err(|error| format!("the Cedar entities do not parse: {error}"))?;
        let mut all: BTreeMap<String, BTreeMap<String, Entity>> = BTreeMap::new();
        for entity in list {
            let (Some(kind), Some(id)) = (entity["uid"]["type"].as_str(), entity["uid"]["id"].as_str()) else {
                return Err("a Cedar entity has not both a type and an id".to_owned());
            };
            shape::check(kind, &entity).map_err(|error| format!("the Cedar entity {kind}::{id:?}: {error}"))?;
            let (kind, id) = (kind.to_owned(), id.to_owned());
            let name = format!("{kind}::{id:?}");
            if all.entry(kind).or_default().insert(id, Entity(entity)).is_some() {
                return Err(format!("the Cedar entity {name} is there twice"));
            }
        }
        Ok(Entities(all))
    }

    /// The entities of a kind, in the order of their ids.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = (&str, &Entity)> {
        let of = self.0.get(kind.name()).into_iter().flatten();
        of.map(|(id, entity)| (id.as_str(), entity))
    }

    /// One entity.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Entity> {
        self.0.get(kind.name())?.get(id)
    }
}

impl Entity {
    /// An attribute; null if it is missing.
    pub fn attribute(&self, name: &str) -> &Value {
        &self.0["attrs"][name]
    }

    /// The tags.
    pub fn tags(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["tags"].as_object().into_iter().flatten()
    }

    /// A tag; null if it is missing.
    pub fn tag(&self, name: &str) -> &Value {
        &self.0["tags"][name]
    }

    /// The time in which the entity exists.
    pub fn span(&self) -> Span {
        span(&self.0["attrs"])
    }

    /// The texts of an attribute that is a set.
    pub fn texts(&self, name: &str) -> BTreeSet<String> {
        let list = self.attribute(name).as_array().into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The ids of the entities of an attribute that is a set.
    pub fn ids(&self, name: &str) -> BTreeSet<String> {
        ids(self.attribute(name))
    }
}

/// The time between `starts` and `ends` of a record, both of which are numbers in everything that was read.
pub fn span(record: &Value) -> Span {
    let second = |name: &str, otherwise: i64| record[name].as_i64().unwrap_or(otherwise);
    (second("starts", i64::MIN), second("ends", i64::MAX))
}

/// The ids of the entities of a set.
pub fn ids(set: &Value) -> BTreeSet<String> {
    let list = set.as_array().into_iter().flatten();
    list.filter_map(|one| one["__entity"]["id"].as_str()).map(str::to_owned).collect()
}
