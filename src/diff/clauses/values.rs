//! Compares two values of one clause by its rule.

use crate::diff::quorum::{Compared, Terms, compare};
use crate::diff::rules::Rule;
use crate::diff::{Weight, short};
use crate::model::Quorum;
use crate::words::{at_most, literal};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The result of comparing two values.
pub(super) struct Judged {
    pub weight: Weight,
    /// The text of the change. If it is missing, the report shows both values.
    pub words: Option<String>,
}

impl Judged {
    fn plain(weight: Weight) -> Vec<Judged> {
        vec![Judged { weight, words: None }]
    }

    fn told(weight: Weight, words: String) -> Judged {
        Judged {
            weight,
            words: Some(words),
        }
    }
}

/// Whether the files leave a value out.
fn unstated(value: &Value) -> bool {
    value.is_null() || value == "unsaid"
}

/// Returns in which directions two values differ. The caller passes values that are not equal.
pub(super) fn judge(rule: Rule, clause: &str, was: &Value, is: &Value) -> Vec<Judged> {
    match rule {
        Rule::Elsewhere => Vec::new(),
        Rule::Neutral => Judged::plain(Weight::Changed),
        Rule::Stated => Judged::plain(match (unstated(was), unstated(is)) {
            (false, true) => Weight::Weaker,
            (true, false) => Weight::Stronger,
            _ => Weight::Changed,
        }),
        Rule::MoreWeaker => more(was, is, Weight::Weaker, Weight::Stronger),
        Rule::Feeds => feeds(was, is),
        Rule::FewerWeaker => more(was, is, Weight::Stronger, Weight::Weaker),
        Rule::Approve => approve(was, is),
        Rule::Manage => manage(was, is),
        Rule::Seats => seats(was, is),
        Rule::Limits => limits(was, is),
        Rule::Approved => approved(was, is),
        // A task or a waiver without a last day does not apply, so a first last day is not a restriction. A
        // delegation without a last day does apply, and gets the same weight.
        Rule::LaterWeaker if clause == "until" && was.is_null() => Judged::plain(Weight::Changed),
        Rule::Requirements => Judged::plain(Weight::Changed),
        Rule::LongerWeaker
        | Rule::ShorterWeaker
        | Rule::LaterWeaker
        | Rule::EarlierWeaker
        | Rule::Ranked(_)
        | Rule::YesWeaker
        | Rule::NoWeaker => Judged::plain(ordered(rule, was, is)),
    }
}

/// Returns the direction of a change between two values that can be ranked by safety.
fn ordered(rule: Rule, was: &Value, is: &Value) -> Weight {
    let order = match rule {
        Rule::EarlierWeaker if was.is_null() => return Weight::Changed,
        Rule::Ranked(words) => {
            // A word that is not in the list ranks where the list has the empty word. A value that is left out
            // ranks before all others, or where the list has `unsaid`.
            let place = |word: &str| words.iter().position(|own| *own == word).map(|place| place + 1);
            let rank = |value: &Value| match value.as_str().filter(|_| !unstated(value)) {
                Some(word) => place(word).or_else(|| place("")),
                None => Some(place("unsaid").unwrap_or(0)),
            };
            match (rank(was), rank(is)) {
                (Some(was), Some(is)) => was.cmp(&is),
                _ => return Weight::Changed,
            }
        }
        _ if unstated(was) || unstated(is) => unstated(was).cmp(&unstated(is)).reverse(),
        Rule::LongerWeaker | Rule::YesWeaker | Rule::LaterWeaker => plain(is, was),
        Rule::ShorterWeaker | Rule::NoWeaker | Rule::EarlierWeaker => plain(was, is),
        _ => return Weight::Changed,
    };
    // `Less` means that the old value is less safe than the new one.
    match order {
        Ordering::Less => Weight::Stronger,
        Ordering::Equal => Weight::Changed,
        Ordering::Greater => Weight::Weaker,
    }
}

fn plain(one: &Value, two: &Value) -> Ordering {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.as_i64().cmp(&two.as_i64()),
        (Value::Bool(one), Value::Bool(two)) => one.cmp(two),
        (Value::String(one), Value::String(two)) => one.cmp(two),
        _ => Ordering::Equal,
    }
}

/// Compares two lists as sets. `came` is the direction of an addition, and `went` that of a removal.
fn more(was: &Value, is: &Value, came: Weight, went: Weight) -> Vec<Judged> {
    let (Some(old), Some(new)) = (was.as_array(), is.as_array()) else {
        // A list that is left out may contain anything.
        return Judged::plain(match (unstated(was), unstated(is)) {
            (false, true) => Weight::Weaker,
            (true, false) => Weight::Stronger,
            _ => Weight::Changed,
        });
    };
    let added: Vec<String> = new.iter().filter(|one| !old.contains(one)).map(one).collect();
    let gone: Vec<String> = old.iter().filter(|one| !new.contains(one)).map(one).collect();
    let mut found = Vec::new();
    if !added.is_empty() {
        found.push(Judged::told(came, format!("has {} now", at_most(&added, 4))));
    }
    if !gone.is_empty() {
        found.push(Judged::told(went, format!("has {} no longer", at_most(&gone, 4))));
    }
    found
}

fn quorums(old: &Quorum, new: &Quorum, terms: &Terms) -> Vec<Judged> {
    let words = || format!("takes {} now, and took {}", terms.written(new), terms.written(old));
    match compare(old, new) {
        Compared::TooLarge => vec![Judged::told(Weight::Weaker, format!("{}, which cannot be compared", words()))],
        Compared::Known(weaker, stronger) => {
            let mut found = Vec::new();
            if let Some(lacking) = weaker {
                found.push(Judged::told(
                    Weight::Weaker,
                    format!("can do without {} now: it {}", terms.said(&lacking.missing), words()),
                ));
            }
            if let Some(lacking) = stronger {
                found.push(Judged::told(
                    Weight::Stronger,
                    format!("asks for {} as well: it {}", terms.said(&lacking.missing), words()),
                ));
            }
            found
        }
    }
}

fn approve(was: &Value, is: &Value) -> Vec<Judged> {
    let mut terms = Terms::default();
    match (terms.read(was), terms.read(is)) {
        (Some(old), Some(new)) => quorums(&old, &new, &terms),
        _ => judge(Rule::Stated, "", was, is),
    }
}

/// Compares who can change something. Nobody is the safest value, and a value that is left out is the least safe.
fn manage(was: &Value, is: &Value) -> Vec<Judged> {
    let nobody = |value: &Value| value == "none";
    if nobody(was) || nobody(is) {
        return Judged::plain(if nobody(is) { Weight::Stronger } else { Weight::Weaker });
    }
    approve(was, is)
}

/// Compares functions and their holders. An additional holder is weaker; a holder who replaces another is neither
/// weaker nor stronger.
fn seats(was: &Value, is: &Value) -> Vec<Judged> {
    let pairs = |value: &Value| -> BTreeSet<String> {
        let seats = value.as_array().into_iter().flatten();
        let held = seats.flat_map(|seat| {
            let function = short(seat["function"].as_str().unwrap_or("")).to_owned();
            let deputies = seat["deputies"].as_array().into_iter().flatten();
            let all: Vec<String> = std::iter::once(&seat["owner"])
                .chain(deputies)
                .map(|party| format!("{} as {function}", one(party)))
                .collect();
            all
        });
        held.collect()
    };
    let (old, new) = (pairs(was), pairs(is));
    let added: Vec<String> = new.difference(&old).cloned().collect();
    let gone: Vec<String> = old.difference(&new).cloned().collect();
    let weight = match added.len().cmp(&gone.len()) {
        Ordering::Greater => Weight::Weaker,
        Ordering::Less if added.is_empty() => Weight::Stronger,
        Ordering::Less | Ordering::Equal => Weight::Changed,
    };
    let mut found = Vec::new();
    if !added.is_empty() {
        found.push(Judged::told(weight, format!("has {} now", at_most(&added, 4))));
    }
    if !gone.is_empty() {
        let weight = if added.is_empty() { weight } else { Weight::Changed };
        found.push(Judged::told(weight, format!("has {} no longer", at_most(&gone, 4))));
    }
    match found.is_empty() {
        true => Judged::plain(Weight::Changed),
        false => found,
    }
}

/// Compares the limits of inputs, each for its period.
fn limits(was: &Value, is: &Value) -> Vec<Judged> {
    type Key = (String, Option<i64>);
    let read = |value: &Value| -> BTreeMap<Key, (i64, String)> {
        let limits = value.as_array().into_iter().flatten();
        let own = limits.map(|limit| {
            let most = &limit["most"];
            let number = most.as_i64().or_else(|| most["amount"].as_i64()).unwrap_or(0);
            let key = (one(&limit["input"]), limit["per"].as_i64());
            (key, (number, most["currency"].as_str().unwrap_or("").to_owned()))
        });
        own.collect()
    };
    let (old, new) = (read(was), read(is));
    let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let of = match key.1 {
            Some(per) => format!("`{}` in {}", key.0, literal::duration(per)),
            None => format!("`{}`", key.0),
        };
        match (old.get(key), new.get(key)) {
            (Some(_), None) => found.push(Judged::told(Weight::Weaker, format!("holds {of} no longer"))),
            (None, Some(_)) => found.push(Judged::told(Weight::Stronger, format!("holds {of} now"))),
            (Some(before), Some(after)) if before != after => {
                let weight = match (before.1 == after.1, before.0.cmp(&after.0)) {
                    (false, _) | (_, Ordering::Equal) => Weight::Changed,
                    (true, Ordering::Less) => Weight::Weaker,
                    (true, Ordering::Greater) => Weight::Stronger,
                };
                let words = match weight {
                    Weight::Weaker => format!("lets through more of {of}"),
                    Weight::Stronger => format!("lets through less of {of}"),
                    Weight::Changed => format!("holds {of} in another currency"),
                };
                found.push(Judged::told(weight, words));
            }
            _ => {}
        }
    }
    found
}

/// Compares data flows without their duration.
fn feeds(was: &Value, is: &Value) -> Vec<Judged> {
    let timeless = |value: &Value| -> Value {
        let mut value = value.clone();
        for feed in value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            feed.remove("within");
        }
        value
    };
    match more(&timeless(was), &timeless(is), Weight::Weaker, Weight::Stronger) {
        found if found.is_empty() => vec![Judged::told(Weight::Changed, "takes another time".to_owned())],
        found => found,
    }
}

/// Compares the approvers, and then the other parts of the approval.
fn approved(was: &Value, is: &Value) -> Vec<Judged> {
    let names = |value: &Value| -> Value {
        let all = value.as_array().into_iter().flatten().filter_map(|one| one["by"].as_array());
        all.flatten().cloned().collect::<Vec<_>>().into()
    };
    let (old, new) = (names(was), names(is));
    match old == new {
        true => vec![Judged::told(Weight::Changed, "is of another day or scope".to_owned())],
        false => more(&old, &new, Weight::Stronger, Weight::Weaker),
    }
}

/// One element of a list, for display.
fn one(value: &Value) -> String {
    match value {
        Value::String(text) => text.split(' ').map(short).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            let parts = fields.iter().filter(|(_, value)| !value.is_null());
            let parts: Vec<String> = parts
                .map(|(name, value)| match fields.len() {
                    1 => one(value),
                    _ => format!("{name} {}", one(value)),
                })
                .collect();
            parts.join(" ")
        }
        Value::Array(all) => match all.is_empty() {
            true => "nothing".to_owned(),
            false => all.iter().map(one).collect::<Vec<_>>().join(" and "),
        },
        other => other.to_string(),
    }
}

/// A value, for display.
pub(super) fn shown(rule: Rule, value: &Value) -> String {
    match (rule, value) {
        (_, Value::Null) => "not said".to_owned(),
        (_, Value::String(text)) if text == "unsaid" => "not said".to_owned(),
        (Rule::LongerWeaker | Rule::ShorterWeaker, Value::Number(number)) => {
            number.as_i64().map_or_else(|| number.to_string(), literal::duration)
        }
        (Rule::LaterWeaker | Rule::EarlierWeaker, Value::String(day)) => day.clone(),
        (Rule::Ranked(_), Value::String(word)) => format!("`{word}`"),
        (_, Value::Bool(true)) => "so".to_owned(),
        (_, Value::Bool(false)) => "not so".to_owned(),
        (_, value) => one(value),
    }
}
