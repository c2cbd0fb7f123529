//! The same permits for a hosted service, which takes policies one by one and limits their size.
//!
//! The sizes are those of Amazon Verified Permissions ("Quotas for Amazon Verified Permissions", user guide,
//! resources), without what the service raises on request. A policy for all resources counts against each of
//! them, so each permit names its resource.

use crate::emit::cedar::Cedar;
use crate::emit::cedar::approvals::Approvals;
use crate::emit::cedar::entities::entities;
use crate::emit::cedar::permit;
use crate::emit::cedar::print::compact;
use crate::emit::cedar::tree::{Kind, Statement};
use crate::emit::policy::{Group, MOST_CALLERS, Policy};
use cedar_policy::SchemaFragment;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of one policy.
pub const POLICY: usize = 10_000;
/// Bytes of all policies for one resource.
pub const RESOURCE: usize = 200_000;
/// Bytes of the schema.
pub const SCHEMA: usize = 100_000;
/// Bytes of one request with its entities.
pub const REQUEST: usize = 1_000_000;

/// The most bytes that a number in the id of a permit takes, with its sign.
const NUMBERED: usize = 8;

/// The files of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosted {
    /// `schema.json`, as the service takes it.
    pub schema: String,
    /// `policies.json`: a list of `{ id, statement }`.
    pub statements: String,
    /// `policies.cedar`: the same in one file, for tools that read one.
    pub policies: String,
    /// `sizes.json`: how large each part is, and how large it may be.
    pub sizes: String,
}

/// A permit by its id, the resource it names, and its text.
struct Piece {
    id: String,
    resource: String,
    text: String,
}

/// Writes the profile. The error lists every part that is too large even when it is divided as far as possible.
pub fn emit(policy: &Policy, cedar: &Cedar) -> Result<Hosted, Vec<String>> {
    let mut pieces = Vec::new();
    let mut faults = Vec::new();
    for group in &policy.groups {
        match of_group(policy, group) {
            Ok(of_group) => pieces.extend(of_group),
            Err(fault) => faults.push(fault),
        }
    }
    let mut by_resource: BTreeMap<&str, usize> = BTreeMap::new();
    for piece in &pieces {
        *by_resource.entry(&piece.resource).or_default() += piece.text.len();
    }
    let too_large = by_resource.iter().filter(|(_, bytes)| **bytes > RESOURCE);
    faults.extend(too_large.map(|(resource, bytes)| exceeds(&format!("the permits for {resource} are"), *bytes, RESOURCE)));
    let schema = service_schema(&cedar.schema).map_err(|fault| vec![fault])?;
    if schema.len() > SCHEMA {
        faults.push(exceeds("the schema is", schema.len(), SCHEMA));
    }
    let request = largest(policy, &entities(policy));
    if request > REQUEST {
        faults.push(exceeds("the entities that one request can take along are", request, REQUEST));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let sizes = json!({
        "schema": "quorate/hosted/1",
        "limits": { "policy": POLICY, "resource": RESOURCE, "schema": SCHEMA, "request": REQUEST },
        "bytes": {
            "policies": pieces.iter().map(|piece| (piece.id.clone(), json!(piece.text.len()))).collect::<serde_json::Map<_, _>>(),
            "resources": by_resource,
            "schema": schema.len(),
            "entities_of_one_request": request,
        },
    });
    let statements: Vec<Value> = pieces
        .iter()
        .map(|piece| json!({ "id": piece.id, "statement": piece.text }))
        .collect();
    Ok(Hosted {
        policies: pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join("\n"),
        statements: pretty(&Value::Array(statements)),
        sizes: pretty(&sizes),
        schema,
    })
}

fn exceeds(what: &str, bytes: usize, most: usize) -> String {
    format!("{what} {bytes} bytes, and a hosted service takes {most}")
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// The schema in the JSON form, which is the only one the service takes.
fn service_schema(schema: &str) -> Result<String, String> {
    let (fragment, _) =
        SchemaFragment::from_cedarschema_str(schema).map_err(|error| format!("the Cedar schema does not parse: {error}"))?;
    let value = fragment
        .to_json_value()
        .map_err(|error| format!("the Cedar schema has no JSON form: {error}"))?;
    Ok(format!("{value}\n"))
}

/// The permits of a group, for one resource each, divided until each is small enough.
fn of_group(policy: &Policy, group: &Group) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for resource in &group.resources {
        let one = Group {
            resources: BTreeSet::from([resource.clone()]),
            ..group.clone()
        };
        take_apart(policy, &one, &mut pieces)?;
    }
    let alone = pieces.len() == 1;
    let numbered = pieces.into_iter().enumerate().map(|(index, (resource, mut statement))| {
        let id = if alone {
            group.id.clone()
        } else {
            format!("{}#{}", group.id, index + 1)
        };
        named(&mut statement, id.clone());
        Piece {
            id,
            resource,
            text: compact(&statement),
        }
    });
    Ok(numbered.collect())
}

/// Divides first by actions, then by approvals: the two halves together allow what the whole allows.
fn take_apart(policy: &Policy, group: &Group, pieces: &mut Vec<(String, Statement)>) -> Result<(), String> {
    let actions: Vec<&String> = group.actions.iter().collect();
    let approvals = Approvals::of(policy, group)?.by_emergency();
    let too_large = |approvals: &Approvals| size(group, &permit::with_approvals(policy, group, approvals)) > POLICY;
    if actions.len() > 1 && approvals.iter().any(too_large) {
        let (front, back) = actions.split_at(actions.len() / 2);
        for half in [front, back] {
            let group = Group {
                actions: half.iter().map(|action| (*action).clone()).collect(),
                ..group.clone()
            };
            take_apart(policy, &group, pieces)?;
        }
        return Ok(());
    }
    approvals.iter().try_for_each(|approvals| halve(policy, group, approvals, pieces))
}

fn halve(policy: &Policy, group: &Group, approvals: &Approvals, pieces: &mut Vec<(String, Statement)>) -> Result<(), String> {
    if approvals.cannot_be() {
        return Ok(());
    }
    let statement = permit::with_approvals(policy, group, approvals);
    let bytes = size(group, &statement);
    if bytes <= POLICY {
        pieces.extend(group.resources.iter().map(|resource| (resource.clone(), statement.clone())));
        return Ok(());
    }
    match approvals.halves() {
        Some(halves) => halves.iter().try_for_each(|half| halve(policy, group, half, pieces)),
        None => Err(exceeds(
            &format!("one permit of {}, for a single case, is", group.id),
            bytes,
            POLICY,
        )),
    }
}

/// Keeps only the annotations of a permit that deciding needs, and gives it an id.
fn named(statement: &mut Statement, id: String) {
    statement.annotations.retain(|(name, _)| *name == permit::OBLIGATION);
    statement.annotations.insert(0, ("id", id));
}

/// How large a permit is, with the longest id it can get.
fn size(group: &Group, statement: &Statement) -> usize {
    let mut statement = statement.clone();
    named(&mut statement, group.id.clone());
    compact(&statement).len() + NUMBERED
}

/// The most bytes that the entities of one request can take: the workspace, an agent, a task, the callers, and
/// the people who approve, declare, ask or are acted for.
fn largest(policy: &Policy, entities: &Value) -> usize {
    let of = |kind: Kind| {
        let of_kind = entities
            .as_array()
            .into_iter()
            .flatten()
            .filter(move |entity| entity["uid"]["type"] == kind.name());
        of_kind.map(|entity| entity.to_string().len() + 1).max().unwrap_or(0)
    };
    let slots = |group: &Group| {
        let domains = group.domains.iter().filter_map(|id| policy.domains.get_key_value(id));
        domains.map(|(id, domain)| domain.slots(id).len()).sum::<usize>()
    };
    let people = policy.groups.iter().map(slots).max().unwrap_or(0) + 3;
    let callers = MOST_CALLERS * of(Kind::Caller);
    of(Kind::Workspace) + of(Kind::Agent) + of(Kind::Task) + of(Kind::Delegation) + callers + people * of(Kind::Person)
}
