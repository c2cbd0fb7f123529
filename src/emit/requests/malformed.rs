//! Requests of the wrong shape: each key left out, each value of each wrong type, a key too many at each level.

use crate::emit::policy::Policy;
use crate::emit::reference::decide;
use crate::emit::reference::inputs::total_key;
use crate::emit::reference::shape::LARGEST;
use crate::emit::requests::book::Book;
use crate::emit::requests::draft::Draft;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What has been asked of the shape: the place in a request, and what was wrong there.
pub(super) type Shapes = BTreeSet<(String, String)>;

/// Everything that can be wrong with the shape of a request, and some shapes that are only unusual. The shape is
/// checked before anything else, whatever the request is about. So a fault that was tried next to one allowed request
/// is not tried again next to another.
pub(super) fn neighbours(policy: &Policy, draft: &Draft, shapes: &mut Shapes, book: &mut Book) {
    let allowed = decide(policy, &draft.value()).allow;
    let mut new = |path: &str, wrong: String| !allowed || shapes.insert((path.to_owned(), wrong));
    let mut full = draft.clone();
    full.via = full.via.or_else(|| Some(Vec::new()));
    full.emergency = full
        .emergency
        .or_else(|| Some((policy.people.keys().next().cloned().unwrap_or_default(), full.now)));
    let full = full.value();
    for path in paths(&full) {
        let shown = path.join("/");
        let Some(value) = found(&mut full.clone(), &path).cloned() else {
            continue;
        };
        if let [parents @ .., last] = path.as_slice()
            && new(&shown, "left out".to_owned())
        {
            let mut without = full.clone();
            if let Some(Value::Object(parent)) = found(&mut without, parents) {
                parent.remove(last);
            }
            book.push("malformed", &format!("`{shown}` is left out"), without);
        }
        for wrong in wrong(&value) {
            if !new(&shown, wrong.to_string()) {
                continue;
            }
            let about = format!("`{shown}` is {wrong}");
            book.push("malformed", &about, changed(&full, &path, |value| *value = wrong.clone()));
        }
        if value.is_object() && new(&shown, "a key too many".to_owned()) {
            let more = changed(&full, &path, |value| value["surprise"] = json!(true));
            book.push("malformed", &format!("`{shown}` has a key too many"), more);
        }
    }
    // The loop above does not cover an absent `on_behalf_of`. A wrong person there would be refused anyway, so this
    // value has the wrong type.
    if draft.on_behalf_of.is_none() && new("context/on_behalf_of", "5".to_owned()) {
        let wrong = changed(&draft.value(), &["context".to_owned()], |context| {
            context["on_behalf_of"] = json!(5)
        });
        book.push("malformed", "`context/on_behalf_of` is 5", wrong);
    }
    unknown_keys(policy, draft, book);
}

/// Keys of the right shape that the policy does not know, and some that it knows but that nothing here asks
/// for.
fn unknown_keys(policy: &Policy, draft: &Draft, book: &mut Book) {
    let value = draft.value();
    let ready = json!({ "ready": true, "checked_at": draft.now });
    let approval = json!({ "by": "nobody.at.all", "at": draft.now, "for": "sha256:another" });
    let mut keys = vec![
        ("approvals", "no.such/slot".to_owned(), approval.clone()),
        ("inputs", "no_such_input".to_owned(), json!(1)),
        ("totals", "no.such/total/24h".to_owned(), json!(0)),
        ("evidence", "no.such.ledger".to_owned(), ready.clone()),
        ("rollback", "no.such.rollback".to_owned(), ready.clone()),
    ];
    if let Some((slot, _)) = draft.approvals.first_key_value() {
        keys.push(("approvals", format!("{slot}/99"), approval.clone()));
    }
    // A total of this task that only another task has a limit for, one of another task, and one of no task at all.
    for (id, task) in policy.tasks.iter().filter(|(id, _)| **id != draft.task).take(4) {
        for limit in &task.limits {
            let key = |owner: &str| total_key(owner, limit).map(|key| ("totals", key, json!(0)));
            let owners = [draft.task.as_str(), id.as_str(), "task"];
            keys.extend(
                owners
                    .into_iter()
                    .filter_map(key)
                    .filter(|(_, key, _)| !draft.totals.contains_key(key)),
            );
        }
    }
    for (id, domain) in &policy.domains {
        keys.extend(
            domain
                .evidence
                .iter()
                .map(|ledger| ("evidence", ledger.clone(), ready.clone()))
                .filter(|(_, key, _)| !draft.evidence.contains_key(key)),
        );
        keys.extend(
            domain
                .rollbacks
                .iter()
                .map(|rollback| ("rollback", rollback.clone(), ready.clone()))
                .filter(|(_, key, _)| !draft.rollback.contains_key(key)),
        );
        keys.extend(
            domain
                .slots(id)
                .first()
                .map(|(slot, _)| ("approvals", format!("{slot}/1"), approval.clone())),
        );
        if keys.len() > 48 {
            break;
        }
    }
    for (place, key, entry) in keys {
        let path = ["context".to_owned(), place.to_owned()];
        book.push(
            "unknown_key",
            &format!("`{key}` in {place}"),
            changed(&value, &path, |value| value[&key] = entry.clone()),
        );
    }
}

/// Values that are not of the type of this one. One value has the right type: an empty text. A whole number written
/// with a fraction is left out: a reader of the text of a request refuses it, and a reader of the parsed value cannot
/// tell.
fn wrong(value: &Value) -> Vec<Value> {
    let all = [
        json!(null),
        json!(true),
        json!(7),
        json!("7"),
        json!([]),
        json!({}),
        json!(["7"]),
        json!([7]),
    ];
    let mut wrong: Vec<Value> = all
        .into_iter()
        .filter(|other| std::mem::discriminant(other) != std::mem::discriminant(value))
        .collect();
    match value {
        Value::Number(_) => {
            wrong.extend([
                json!(1.5),
                json!(LARGEST),
                json!(LARGEST + 1),
                json!(-LARGEST),
                json!(-LARGEST - 1),
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(1e300),
            ]);
        }
        Value::String(_) => wrong.push(json!("")),
        Value::Array(_) => wrong.extend([json!([7]), json!([null]), json!([["7"]])]),
        Value::Null | Value::Bool(_) | Value::Object(_) => {}
    }
    wrong
}

/// The path of every value in a value, the whole one first.
fn paths(value: &Value) -> Vec<Vec<String>> {
    let inner = value
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(key, value)| paths(value).into_iter().map(|rest| [key.clone()].into_iter().chain(rest).collect()));
    [Vec::new()].into_iter().chain(inner).collect()
}

fn changed(request: &Value, path: &[String], change: impl FnOnce(&mut Value)) -> Value {
    let mut request = request.clone();
    if let Some(value) = found(&mut request, path) {
        change(value);
    }
    request
}

fn found<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(key))
}
