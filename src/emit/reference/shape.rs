//! The shape of a request: only known keys and the right types, at every level. A request of another shape is
//! not read further.

use crate::emit::policy::{MOST_CALLERS, Policy};
use crate::emit::reference::inputs::total_key;
use crate::emit::reference::known::Known;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The largest integer of a request; the smallest is its negative. Every JSON reader keeps these exact.
pub(crate) const LARGEST: i64 = (1 << 53) - 1;

/// A request of the right shape.
pub(crate) struct Request<'r> {
    pub agent: &'r str,
    pub principal: &'r str,
    pub action: &'r str,
    pub resource: &'r str,
    pub task: &'r str,
    pub purpose: &'r str,
    pub inputs: BTreeMap<&'r str, Given<'r>>,
    pub now: i64,
    pub revision: &'r str,
    pub binding: &'r str,
    pub approvals: BTreeMap<&'r str, Approval<'r>>,
    pub issued_at: i64,
    pub expires_at: i64,
    pub totals: BTreeMap<&'r str, i64>,
    pub evidence: BTreeMap<&'r str, Ready>,
    pub rollback: BTreeMap<&'r str, Ready>,
    pub via: Vec<&'r str>,
    pub on_behalf_of: Option<&'r str>,
    pub requested_by: &'r str,
    pub emergency: Option<Declared<'r>>,
}

/// The value of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given<'r> {
    Number(i64),
    Boolean(bool),
    Word(&'r str),
    Money(i64, &'r str),
}

/// An approval.
pub(crate) struct Approval<'r> {
    pub by: &'r str,
    pub at: i64,
    pub bound: &'r str,
}

/// Whether a ledger or a rollback is ready.
pub(crate) struct Ready {
    pub ready: bool,
    pub checked_at: i64,
}

/// A declared emergency.
pub(crate) struct Declared<'r> {
    pub by: &'r str,
    pub at: i64,
}

/// Reads a request, or nothing if it is malformed.
pub(super) fn read<'r>(policy: &Policy, known: &dyn Known, request: &'r Value) -> Option<Request<'r>> {
    let top = fields(request, &["subject", "action", "resource", "context"], &[])?;
    let subject = fields(&top["subject"], &["type", "id", "properties"], &[])?;
    let properties = fields(&subject["properties"], &["principal"], &[])?;
    let action = fields(&top["action"], &["name"], &[])?;
    let resource = fields(&top["resource"], &["type", "id"], &[])?;
    if subject["type"] != "agent" || resource["type"] != "data" {
        return None;
    }
    let required = [
        "task",
        "purpose",
        "inputs",
        "now",
        "revision",
        "binding",
        "approvals",
        "credential",
        "totals",
        "evidence",
        "rollback",
        "requested_by",
    ];
    let context = fields(&top["context"], &required, &["via", "on_behalf_of", "emergency"])?;
    let credential = fields(&context["credential"], &["issued_at", "expires_at"], &[])?;
    let optional = |key: &str| context.get(key).map_or(Some(None), |value| value.as_str().map(Some));
    Some(Request {
        agent: subject["id"].as_str()?,
        principal: properties["principal"].as_str()?,
        action: action["name"].as_str()?,
        resource: resource["id"].as_str()?,
        task: context["task"].as_str()?,
        purpose: context["purpose"].as_str()?,
        inputs: entries(&context["inputs"], |name| policy.inputs.contains(name), given)?,
        now: integer(&context["now"]).filter(|now| *now >= 0)?,
        revision: context["revision"].as_str()?,
        binding: context["binding"].as_str()?,
        approvals: entries(&context["approvals"], |key| is_slot(policy, key), approval)?,
        issued_at: integer(&credential["issued_at"])?,
        expires_at: integer(&credential["expires_at"])?,
        totals: entries(&context["totals"], |key| is_total(policy, key), integer)?,
        evidence: entries(&context["evidence"], |id| known.ledger(id), ready)?,
        rollback: entries(&context["rollback"], |id| known.rollback(id), ready)?,
        via: context
            .get("via")
            .map_or(Some(Vec::new()), |via| via.as_array()?.iter().map(Value::as_str).collect())
            .filter(|via: &Vec<&str>| via.len() <= MOST_CALLERS)?,
        on_behalf_of: optional("on_behalf_of")?,
        requested_by: context["requested_by"].as_str()?,
        emergency: context.get("emergency").map_or(Some(None), |value| declared(value).map(Some))?,
    })
}

/// A whole number between -2^53 and 2^53. `1.0` is whole: engines that read JSON by value cannot distinguish it
/// from `1`.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    let whole = match value.as_i64() {
        Some(number) => number,
        None => {
            let number = value.as_f64()?;
            if number.fract() != 0.0 || number.abs() > LARGEST as f64 {
                return None;
            }
            number as i64
        }
    };
    (-LARGEST..=LARGEST).contains(&whole).then_some(whole)
}

/// The value of an input.
pub(crate) fn given(value: &Value) -> Option<Given<'_>> {
    match value {
        Value::Bool(boolean) => Some(Given::Boolean(*boolean)),
        Value::Number(_) => integer(value).map(Given::Number),
        Value::String(word) => Some(Given::Word(word)),
        Value::Object(_) => {
            let money = fields(value, &["amount", "currency"], &[])?;
            Some(Given::Money(integer(&money["amount"])?, money["currency"].as_str()?))
        }
        Value::Null | Value::Array(_) => None,
    }
}

fn approval(value: &Value) -> Option<Approval<'_>> {
    let approval = fields(value, &["by", "at", "for"], &[])?;
    Some(Approval {
        by: approval["by"].as_str()?,
        at: integer(&approval["at"])?,
        bound: approval["for"].as_str()?,
    })
}

fn ready(value: &Value) -> Option<Ready> {
    let entry = fields(value, &["ready", "checked_at"], &[])?;
    Some(Ready {
        ready: entry["ready"].as_bool()?,
        checked_at: integer(&entry["checked_at"])?,
    })
}

fn declared(value: &Value) -> Option<Declared<'_>> {
    let declared = fields(value, &["declared_by", "at", "id"], &[])?;
    declared["id"].as_str().filter(|id| !id.is_empty())?;
    Some(Declared {
        by: declared["declared_by"].as_str()?,
        at: integer(&declared["at"])?,
    })
}

/// An object with all of the required keys, perhaps some of the optional ones, and no other.
fn fields<'r>(value: &'r Value, required: &[&str], optional: &[&str]) -> Option<&'r Map<String, Value>> {
    let object = value.as_object()?;
    let known = |key: &String| required.contains(&key.as_str()) || optional.contains(&key.as_str());
    (required.iter().all(|key| object.contains_key(*key)) && object.keys().all(known)).then_some(object)
}

/// An object whose keys are known and whose values can all be read.
fn entries<'r, T>(value: &'r Value, known: impl Fn(&str) -> bool, read: impl Fn(&'r Value) -> Option<T>) -> Option<BTreeMap<&'r str, T>> {
    let pairs = value.as_object()?.iter();
    pairs
        .map(|(key, value)| if known(key) { Some((key.as_str(), read(value)?)) } else { None })
        .collect()
}

/// Whether some domain of the policy has this slot.
fn is_slot(policy: &Policy, key: &str) -> bool {
    owners(key).any(|owner| {
        policy
            .domains
            .get(owner)
            .is_some_and(|domain| domain.slots(owner).iter().any(|(slot, _)| slot == key))
    })
}

/// Whether some limit of a task or domain has this total.
fn is_total(policy: &Policy, key: &str) -> bool {
    owners(key).any(|owner| {
        let of_task = policy.tasks.get(owner).into_iter().flat_map(|task| &task.limits);
        let of_domain = policy.domains.get(owner).into_iter().flat_map(|domain| &domain.limits);
        of_task
            .chain(of_domain)
            .any(|limit| total_key(owner, limit).as_deref() == Some(key))
    })
}

/// Every text before a `/` of a key: one of them may be an id.
fn owners(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').map(|(position, _)| &key[..position])
}
