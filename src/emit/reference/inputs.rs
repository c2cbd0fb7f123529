//! The inputs of a policy: their types and bounds, the conditions of tiers, limits.

use crate::emit::policy::{Comparison, Condition, Constant, Domain, Input, Limit, window_text};
use crate::emit::reference::shape::{Given, Request};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The key of a limit's total; a limit for one request has none.
pub(crate) fn total_key(owner: &str, limit: &Limit) -> Option<String> {
    limit.per.map(|per| format!("{owner}/{}/{}", limit.input, window_text(per)))
}

/// Whether every input that a domain declares exists, with the right type and within its bounds.
pub(crate) fn declared(domain: &Domain, inputs: &BTreeMap<&str, Given>) -> bool {
    domain
        .inputs
        .iter()
        .all(|(name, input)| inputs.get(name.as_str()).is_some_and(|given| fits(input, given)))
}

/// Whether a value is one that an input takes.
pub(crate) fn fits(input: &Input, given: &Given) -> bool {
    match (input, given) {
        (Input::Money { currency, from, to }, Given::Money(amount, given)) => currency == given && from <= amount && amount <= to,
        (Input::Integer { from, to }, Given::Number(number)) => from <= number && number <= to,
        (Input::OneOf { words }, Given::Word(word)) => words.iter().any(|known| known == word),
        (Input::Boolean, Given::Boolean(_)) | (Input::Text, Given::Word(_)) => true,
        (Input::Money { .. } | Input::Integer { .. } | Input::OneOf { .. } | Input::Boolean | Input::Text, _) => false,
    }
}

/// The first tier that holds.
pub(crate) fn tier(domain: &Domain, inputs: &BTreeMap<&str, Given>) -> Option<usize> {
    domain
        .tiers
        .iter()
        .position(|tier| tier.condition.as_ref().is_none_or(|condition| holds(condition, inputs)))
}

/// Whether a limit is kept by a request.
pub(crate) fn within(limit: &Limit, owner: &str, request: &Request) -> bool {
    let value = request.inputs.get(limit.input.as_str()).and_then(|given| measured(limit, given));
    let Some(value) = value.filter(|value| (0..=limit.most).contains(value)) else {
        return false;
    };
    match total_key(owner, limit) {
        Some(key) => request
            .totals
            .get(key.as_str())
            .is_some_and(|total| (0..=limit.most).contains(total) && value <= limit.most - total),
        None => true,
    }
}

/// The number in a value that is in the unit of a limit.
pub(crate) fn measured(limit: &Limit, given: &Given) -> Option<i64> {
    match given {
        Given::Number(number) => (limit.unit == "integer").then_some(*number),
        Given::Money(amount, currency) => (limit.unit == *currency).then_some(*amount),
        Given::Boolean(_) | Given::Word(_) => None,
    }
}

fn holds(condition: &Condition, inputs: &BTreeMap<&str, Given>) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, inputs)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, inputs)),
        Condition::Not(part) => !holds(part, inputs),
        Condition::Compare(name, comparison, constant) => inputs
            .get(name.as_str())
            .and_then(|given| order(given, constant))
            .is_some_and(|order| compares(*comparison, order)),
        Condition::Among(name, constants) => inputs
            .get(name.as_str())
            .is_some_and(|given| constants.iter().any(|constant| order(given, constant) == Some(Ordering::Equal))),
    }
}

/// How a value compares to a constant of its own kind.
fn order(given: &Given, constant: &Constant) -> Option<Ordering> {
    match (given, constant) {
        (Given::Number(number) | Given::Money(number, _), Constant::Number(other)) => Some(number.cmp(other)),
        (Given::Boolean(boolean), Constant::Boolean(other)) => Some(boolean.cmp(other)),
        (Given::Word(word), Constant::Word(other)) => Some((*word).cmp(other.as_str())),
        (Given::Number(_) | Given::Money(..) | Given::Boolean(_) | Given::Word(_), _) => None,
    }
}

fn compares(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::AtMost => order.is_le(),
        Comparison::Below => order.is_lt(),
        Comparison::AtLeast => order.is_ge(),
        Comparison::Above => order.is_gt(),
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
    }
}
