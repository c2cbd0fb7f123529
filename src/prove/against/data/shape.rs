//! The form of the entities of a build. Any other content of such a file is from another version. Nobody knows
//! what that content allows, so a comparison that ignored it would promise something unchecked.

use crate::emit::cedar::entities::GOVERNED;
use crate::emit::cedar::tree::Kind;
use serde_json::{Map, Value};

/// What a value is.
#[derive(Clone, Copy)]
enum Of {
    Number,
    Truth,
    Text,
    Texts,
    Entity,
    Entities,
    /// A record of numbers, whatever their names.
    Numbers,
    /// A record with these fields; optional fields are marked.
    Record(&'static [Field]),
}

/// A name, its value, and whether it is optional.
type Field = (&'static str, Of, bool);

/// A kind of entity: its attributes, and the value of each tag if it has tags.
type Row = (Kind, &'static [Field], Option<Of>);

const WINDOW: Of = Of::Record(&[("starts", Of::Number, false), ("ends", Of::Number, false)]);

const ROWS: [Row; 7] = [
    (
        Kind::Agent,
        &[("acts_for", Of::Truth, false), ("source", Of::Text, false)],
        Some(Of::Record(&[("ttl", Of::Number, false), ("human", Of::Text, true)])),
    ),
    (
        Kind::Person,
        &[
            ("human", Of::Text, false),
            ("starts", Of::Number, false),
            ("ends", Of::Number, false),
            ("bounds", Of::Texts, false),
        ],
        Some(WINDOW),
    ),
    (
        Kind::Task,
        &[
            ("agent", Of::Entity, false),
            ("starts", Of::Number, false),
            ("ends", Of::Number, false),
            ("source", Of::Text, false),
            ("purpose", Of::Text, true),
            ("limits", Of::Numbers, false),
            ("windows", Of::Numbers, false),
            ("started_by", Of::Entities, false),
            ("anybody", Of::Truth, false),
        ],
        Some(Of::Entities),
    ),
    (Kind::Caller, &[], Some(WINDOW)),
    (Kind::Delegation, &[("bounds", Of::Texts, false)], None),
    (Kind::Asset, &[(GOVERNED, Of::Entities, false)], None),
    (Kind::Workspace, &[("calls", Of::Texts, false)], None),
];

/// The error names the part of an entity that is unknown.
pub fn check(kind: &str, entity: &Value) -> Result<(), String> {
    let Some((_, attributes, tag)) = ROWS.iter().find(|(row, ..)| row.name() == kind) else {
        return Err("this version does not know that kind of entity".to_owned());
    };
    let Some(whole) = entity.as_object() else {
        return Err("it is not a record".to_owned());
    };
    for (name, value) in whole {
        let known = match name.as_str() {
            "uid" => true,
            "attrs" => is(value, Of::Record(attributes)).map(|()| true)?,
            "parents" => value.as_array().is_some_and(Vec::is_empty),
            "tags" => tags(value, *tag).map(|()| true)?,
            _ => false,
        };
        if !known {
            return Err(format!("this version does not know its `{name}`"));
        }
    }
    match whole.contains_key("attrs") {
        true => Ok(()),
        false => Err("it has no `attrs`".to_owned()),
    }
}

fn tags(value: &Value, each: Option<Of>) -> Result<(), String> {
    let tags = value.as_object().ok_or("its tags are not a record")?;
    for (name, value) in tags {
        let of = each.ok_or_else(|| format!("this version does not know its tag `{name}`"))?;
        is(value, of).map_err(|error| format!("its tag `{name}`: {error}"))?;
    }
    Ok(())
}

fn is(value: &Value, of: Of) -> Result<(), String> {
    let all = |list: &Value, of: Of| list.as_array().is_some_and(|list| list.iter().all(|one| is(one, of).is_ok()));
    let fits = match of {
        Of::Number => value.is_i64(),
        Of::Truth => value.is_boolean(),
        Of::Text => value.is_string(),
        Of::Texts => all(value, Of::Text),
        Of::Entity => value["__entity"]["id"].is_string(),
        Of::Entities => all(value, Of::Entity),
        Of::Numbers => value.as_object().is_some_and(|record| record.values().all(Value::is_i64)),
        Of::Record(fields) => return record(value.as_object().ok_or("it is not a record")?, fields),
    };
    match fits {
        true => Ok(()),
        false => Err("it differs from what this version writes".to_owned()),
    }
}

fn record(record: &Map<String, Value>, fields: &[Field]) -> Result<(), String> {
    for (name, value) in record {
        let (_, of, _) = fields
            .iter()
            .find(|(field, ..)| field == name)
            .ok_or_else(|| format!("this version does not know its `{name}`"))?;
        is(value, *of).map_err(|error| format!("`{name}`: {error}"))?;
    }
    match fields.iter().find(|(name, _, optional)| !optional && !record.contains_key(*name)) {
        None => Ok(()),
        Some((name, ..)) => Err(format!("it has no `{name}`")),
    }
}
