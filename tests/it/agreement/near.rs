//! Random requests near the boundaries of a model: derived ones with a few things changed, mostly for what another derived request has
//! in the same place.

use crate::random::Random;
use quorate::emit::requests::Derived;
use serde_json::{Value, json};

/// What stands in the place of something of another type.
const OTHER: usize = 9;

/// Makes `count` requests.
pub fn requests(random: &mut Random, bases: &[Derived], count: usize) -> Vec<Derived> {
    let good: Vec<&Derived> = bases
        .iter()
        .filter(|derived| derived.kind == "allowed" || derived.kind == "task")
        .collect();
    let one = |number: usize| {
        let base = match (random.below(3), good.len()) {
            (0, _) | (_, 0) => &bases[random.below(bases.len())],
            (_, some) => good[random.below(some)],
        };
        let mut request = base.request.clone();
        for _ in 0..[0, 1, 1, 1, 1, 2, 2, 3][random.below(8)] {
            let other = random.below(bases.len());
            change(random, &bases[other].request, &mut request);
        }
        Derived {
            kind: "near",
            about: format!("request {number}, from {} ({})", base.kind, base.about),
            request,
        }
    };
    match bases.is_empty() {
        true => Vec::new(),
        false => (0..count).map(one).collect(),
    }
}

fn change(random: &mut Random, other: &Value, request: &mut Value) {
    match random.below(20) {
        0 => {
            let place = place(random, request);
            if let Some((last, parents)) = place.split_last()
                && let Some(parent) = at(request, parents).and_then(Value::as_object_mut)
            {
                parent.shift_remove(last);
            }
        }
        1 => {
            let mut place = place(random, request);
            place.pop();
            if let Some(parent) = at(request, &place).and_then(Value::as_object_mut) {
                parent.insert("another".to_owned(), json!(1));
            }
        }
        2 => {
            let place = place(random, request);
            let value = random.below(OTHER);
            if let Some(old) = at(request, &place) {
                *old = another_type(value, old);
            }
        }
        3..=5 => swap(random, request),
        6..=8 => drop_approval(random, request),
        9..=13 => shift(random, request),
        _ => {
            // What another request has there, whatever it is.
            let place = place(random, other);
            let mut other = other.clone();
            let Some((last, parents)) = place.split_last() else { return };
            if let Some(value) = at(&mut other, &place).cloned()
                && let Some(parent) = at(request, parents).and_then(Value::as_object_mut)
            {
                parent.insert(last.clone(), value);
            }
        }
    }
}

/// The way to something in a request, drawn at each step among what is there.
fn place(random: &mut Random, request: &Value) -> Vec<String> {
    let mut place = Vec::new();
    let mut here = request;
    while let Value::Object(fields) = here {
        if fields.is_empty() || place.len() > 1 && random.below(4) == 0 {
            break;
        }
        // Most of a request is in its context.
        let chosen = if place.is_empty() && random.below(3) > 0 {
            fields.len() - 1
        } else {
            random.below(fields.len())
        };
        let Some((key, field)) = fields.iter().nth(chosen) else { break };
        place.push(key.clone());
        here = field;
    }
    place
}

fn at<'r>(request: &'r mut Value, place: &[String]) -> Option<&'r mut Value> {
    place.iter().try_fold(request, |value, key| value.get_mut(key))
}

fn another_type(chosen: usize, old: &Value) -> Value {
    [
        json!(null),
        json!(true),
        json!(1.5),
        json!("1"),
        json!([]),
        json!({}),
        json!(9_007_199_254_740_992_i64),
        json!({ "amount": 1, "currency": "EUR" }),
        json!([old]),
    ][chosen]
        .clone()
}

fn approvals(request: &mut Value) -> Option<&mut serde_json::Map<String, Value>> {
    request.get_mut("context")?.get_mut("approvals")?.as_object_mut()
}

/// Two approvals change hands, or one person gives both.
fn swap(random: &mut Random, request: &mut Value) {
    let Some(approvals) = approvals(request).filter(|all| all.len() > 1) else {
        return;
    };
    let [one, two] = [random.below(approvals.len()), random.below(approvals.len())];
    let keys: Vec<String> = approvals.keys().cloned().collect();
    let by = |approvals: &serde_json::Map<String, Value>, place: usize| approvals[&keys[place]].get("by").cloned();
    let (Some(first), Some(second)) = (by(approvals, one), by(approvals, two)) else {
        return;
    };
    let mut put = |place: usize, by: Value| {
        approvals
            .get_mut(&keys[place])
            .and_then(|one| one.get_mut("by"))
            .map(|old| *old = by)
    };
    put(one, second);
    if random.below(2) == 0 {
        put(two, first);
    }
}

fn drop_approval(random: &mut Random, request: &mut Value) {
    if let Some(approvals) = approvals(request).filter(|all| !all.is_empty()) {
        let key = approvals.keys().nth(random.below(approvals.len())).cloned().unwrap_or_default();
        approvals.shift_remove(&key);
    }
}

/// Some number is a little more or less.
fn shift(random: &mut Random, request: &mut Value) {
    for _ in 0..8 {
        let place = place(random, request);
        if let Some(number) = at(request, &place).filter(|value| value.is_i64())
            && let Some(old) = number.as_i64()
        {
            let by = [1, -1, 1, -1, 30, -30, 60, -60, 301, 3_600, 86_400][random.below(11)];
            *number = json!(old.saturating_add(by));
            return;
        }
    }
}
