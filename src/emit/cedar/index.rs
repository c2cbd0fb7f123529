//! `index.json`: for each operation the policies that can affect it, so that a decision reads only these.
//!
//! Cedar evaluates every policy that it is given, one after the other. If the head of a statement names
//! actions, and its head or first condition names resources, it cannot apply to any other operation, nor err
//! there: Cedar evaluates the head first, then the conditions in order, and stops at the first that does not
//! hold. So such a statement is not loaded for other operations. A statement that does not name both is always
//! loaded.

use crate::emit::cedar::schema;
use crate::emit::cedar::tree::{Expression, Kind, Statement, Variable};
use crate::emit::policy::Policy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The form of the file.
const SCHEMA: &str = "quorate/cedar-index/1";

/// The records of a request that have keys of their own.
const KEYS: [&str; 5] = ["approvals", "evidence", "inputs", "rollback", "totals"];

/// The index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The form of the file.
    pub schema: String,
    /// The revision of the policies.
    pub revision: String,
    /// For each action and each resource, the number of its slice.
    pub operations: BTreeMap<String, BTreeMap<String, usize>>,
    /// What to load for an operation. Each slice is complete: it also contains what is always loaded.
    pub slices: Vec<Slice>,
    /// What to load for an operation that is not in the index.
    pub otherwise: Slice,
    /// The keys that a request may use, as in the schema.
    pub keys: BTreeMap<String, BTreeSet<String>>,
}

/// Policies by their ids, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// Of `policies.cedar`.
    pub policies: Vec<String>,
    /// Of `explain.cedar`.
    pub explain: Vec<String>,
}

impl Index {
    /// The index of the statements of both files.
    pub fn of(policy: &Policy, permits: &[Statement], reasons: &[Statement]) -> Index {
        let mut named: BTreeMap<(&str, &str), [Vec<usize>; 2]> = BTreeMap::new();
        let mut always: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for (file, statements) in [permits, reasons].into_iter().enumerate() {
            for (number, statement) in statements.iter().enumerate() {
                let Some((actions, resources)) = concerns(statement) else {
                    always[file].push(number);
                    continue;
                };
                for action in &actions {
                    for resource in &resources {
                        named.entry((*action, *resource)).or_default()[file].push(number);
                    }
                }
            }
        }
        let ids = |statements: &[Statement], numbers: &[usize], always: &[usize]| {
            let numbers: BTreeSet<usize> = numbers.iter().chain(always).copied().collect();
            numbers.into_iter().map(|number| id(&statements[number])).collect::<Vec<_>>()
        };
        let slice = |numbers: &[Vec<usize>; 2]| Slice {
            policies: ids(permits, &numbers[0], &always[0]),
            explain: ids(reasons, &numbers[1], &always[1]),
        };
        let mut index = Index {
            schema: SCHEMA.to_owned(),
            revision: policy.revision.clone(),
            operations: BTreeMap::new(),
            slices: Vec::new(),
            otherwise: slice(&[Vec::new(), Vec::new()]),
            keys: schema::keys(policy),
        };
        let mut known: BTreeMap<[Vec<usize>; 2], usize> = BTreeMap::new();
        for ((action, resource), numbers) in named {
            let place = *known.entry(numbers).or_insert_with_key(|numbers| {
                index.slices.push(slice(numbers));
                index.slices.len() - 1
            });
            let resources = index.operations.entry(action.to_owned()).or_default();
            resources.insert(resource.to_owned(), place);
        }
        index
    }

    /// As the file is written.
    pub fn text(&self) -> Result<String, String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        Ok(text + "\n")
    }

    /// The file read again.
    pub fn read(text: &str) -> Result<Index, String> {
        let index: Index =
            serde_json::from_str(text).map_err(|error| format!("the index of the Cedar policies does not parse: {error}"))?;
        if index.schema != SCHEMA {
            return Err(format!(
                "the index of the Cedar policies has the form {:?}, not {SCHEMA:?}",
                index.schema
            ));
        }
        if let Some(missing) = KEYS.into_iter().find(|name| !index.keys.contains_key(*name)) {
            return Err(format!(
                "the index of the Cedar policies does not say which {missing} a request may name"
            ));
        }
        Ok(index)
    }
}

/// The actions and the resources outside of which a statement cannot apply; `None` unless it names both.
fn concerns(statement: &Statement) -> Option<(Vec<&str>, Vec<&str>)> {
    if statement.actions.is_empty() {
        return None;
    }
    let actions = statement.actions.iter().map(String::as_str).collect();
    if let Some(resource) = &statement.resource {
        return Some((actions, vec![resource]));
    }
    let first = statement.clauses.first().filter(|clause| !clause.unless)?;
    let Expression::Contains(values, of) = &first.condition else {
        return None;
    };
    match (&**values, &**of) {
        (Expression::Set(values), Expression::Variable(Variable::Resource)) => {
            let asset = |value| match value {
                &Expression::Entity(Kind::Asset, ref id) => Some(id.as_str()),
                _ => None,
            };
            Some((actions, values.iter().map(asset).collect::<Option<_>>()?))
        }
        (_, _) => None,
    }
}

fn id(statement: &Statement) -> String {
    let id = statement.annotations.iter().find(|(name, _)| *name == "id");
    id.map(|(_, id)| id.clone()).unwrap_or_default()
}
