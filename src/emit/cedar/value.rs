//! Converts JSON of the projection to values of the engine. The engine can read JSON too, but that would take
//! most of a decision's time.

use crate::emit::cedar::tree::Kind;
use cedar_policy::{EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use serde_json::Value;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The entity types of the namespace, parsed once.
pub struct Types(BTreeMap<&'static str, EntityTypeName>);

impl Types {
    /// All of them.
    pub fn new() -> Result<Types, String> {
        let kinds = [
            Kind::Agent,
            Kind::Action,
            Kind::Asset,
            Kind::Person,
            Kind::Task,
            Kind::Caller,
            Kind::Delegation,
            Kind::Workspace,
        ];
        let types = kinds.map(|kind| {
            let parsed = EntityTypeName::from_str(kind.name()).map_err(|error| error.to_string())?;
            Ok((kind.name(), parsed))
        });
        Ok(Types(types.into_iter().collect::<Result<_, String>>()?))
    }

    /// An entity.
    pub fn entity(&self, kind: &str, id: &str) -> Result<EntityUid, String> {
        let kind = self.0.get(kind).ok_or_else(|| format!("`{kind}` is not an entity type"))?;
        Ok(EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id)))
    }

    /// The entity that `{ "type", "id" }` names; `None` for any other value.
    pub fn reference(&self, value: &Value) -> Option<Result<EntityUid, String>> {
        let (kind, id) = (value.get("type")?.as_str()?, value.get("id")?.as_str()?);
        Some(self.entity(kind, id))
    }

    /// The fields of an object.
    pub fn fields(&self, value: &Value) -> Result<Vec<(String, RestrictedExpression)>, String> {
        let fields = value.as_object().into_iter().flatten();
        fields.map(|(key, value)| Ok((key.clone(), self.expression(value)?))).collect()
    }

    fn expression(&self, value: &Value) -> Result<RestrictedExpression, String> {
        match value {
            Value::Bool(value) => Ok(RestrictedExpression::new_bool(*value)),
            Value::String(text) => Ok(RestrictedExpression::new_string(text.clone())),
            Value::Number(number) => {
                let whole = number.as_i64().ok_or_else(|| format!("{number} is not a whole number"))?;
                Ok(RestrictedExpression::new_long(whole))
            }
            Value::Array(values) => {
                let values = values.iter().map(|value| self.expression(value));
                Ok(RestrictedExpression::new_set(values.collect::<Result<Vec<_>, _>>()?))
            }
            Value::Object(_) => match value.get("__entity").and_then(|entity| self.reference(entity)) {
                Some(entity) => Ok(RestrictedExpression::new_entity_uid(entity?)),
                None => RestrictedExpression::new_record(self.fields(value)?).map_err(|error| error.to_string()),
            },
            Value::Null => Err("null is not a value".to_owned()),
        }
    }
}
