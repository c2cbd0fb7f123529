//! Cells: classes of input values that no condition distinguishes, found by reasoning over intervals.

use crate::model::domain::Gate;
use crate::model::{DomainId, Input, InputKind, Model, StandardId};
use crate::syntax::ast::{Comparison, Condition, Literal, Money};
use std::collections::{BTreeMap, BTreeSet};

/// At most this many combinations of input values are tried; with more, the decision counts as one that could
/// not be checked.
const MOST: usize = 200_000;

/// Values of inputs.
pub type Values = BTreeMap<Box<str>, Literal>;

/// A class of input values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// For each governing domain, the tier that applies; `None` if no tier takes these values.
    pub tiers: Vec<Option<usize>>,
    /// The rules with `when` that hold here.
    pub rules: BTreeSet<(StandardId, u32)>,
    /// One combination of values in the cell; empty if no input matters.
    pub sample: Values,
}

/// The cells of a decision; `None` if there are too many to try.
pub fn cells(model: &Model, domains: &[DomainId]) -> Option<Vec<Cell>> {
    let conditional = conditional(model);
    let mut cells: Vec<Cell> = Vec::new();
    for sample in samples(model, domains)? {
        let tiers = domains.iter().map(|domain| tier(model, *domain, &sample)).collect();
        // A rule whose input no governing domain declares may apply, so it counts as applicable.
        let rules = conditional
            .iter()
            .filter(|(_, condition)| holds(condition, &sample).unwrap_or(true))
            .map(|(rule, _)| *rule)
            .collect();
        let cell = Cell { tiers, rules, sample };
        // The last values of a cell are shown: for `amount <= 200 EUR`, `with amount 200 EUR` is clearer than 0
        // EUR.
        match cells
            .iter_mut()
            .find(|other| other.tiers == cell.tiers && other.rules == cell.rules)
        {
            Some(known) => known.sample = cell.sample,
            None => cells.push(cell),
        }
    }
    Some(cells)
}

/// Values of the inputs that some condition names, at least one combination for each cell; `None` if there are
/// too many.
pub fn samples(model: &Model, domains: &[DomainId]) -> Option<impl Iterator<Item = Values> + use<>> {
    choices(model, domains, &|input| most(model, domains, input))
}

/// The same, as if there were no limits.
pub fn samples_without_limits(model: &Model, domains: &[DomainId]) -> Option<impl Iterator<Item = Values> + use<>> {
    choices(model, domains, &|_| None)
}

fn choices(model: &Model, domains: &[DomainId], most: &dyn Fn(&Input) -> Option<i64>) -> Option<impl Iterator<Item = Values> + use<>> {
    let conditional = conditional(model);
    let mut inputs: BTreeMap<Box<str>, &Input> = BTreeMap::new();
    for domain in domains {
        for input in &model.domains[domain.index()].inputs {
            inputs.entry(input.name.clone()).or_insert(input);
        }
    }
    let mut constants: BTreeMap<Box<str>, BTreeSet<Literal>> = BTreeMap::new();
    for domain in domains {
        for tier in &model.domains[domain.index()].tiers {
            if let Gate::When(condition) = &tier.gate {
                collect(condition, &mut constants);
            }
        }
    }
    for (_, condition) in &conditional {
        collect(condition, &mut constants);
    }
    let mut choices: Vec<(Box<str>, Vec<Literal>)> = Vec::new();
    let mut product = 1_usize;
    for (name, constants) in &constants {
        if let Some(input) = inputs.get(name) {
            let values = representatives(&input.kind, constants, most(input));
            product = product.checked_mul(values.len().max(1)).filter(|product| *product <= MOST)?;
            choices.push((name.clone(), values));
        }
    }
    Some((0..product).map(move |number| {
        let mut rest = number;
        let mut sample = Values::new();
        for (name, values) in &choices {
            if !values.is_empty() {
                sample.insert(name.clone(), values[rest % values.len()].clone());
                rest /= values.len();
            }
        }
        sample
    }))
}

/// The most of an input that every governing domain lets through. More is refused, whoever approves.
fn most(model: &Model, domains: &[DomainId], input: &Input) -> Option<i64> {
    let limits = domains.iter().flat_map(|domain| &model.domains[domain.index()].limits);
    // If the total was below zero before, one request can use more than the limit.
    let adds_up = match input.kind {
        InputKind::Integer(from, _) | InputKind::Money(_, from, _) => from >= 0,
        InputKind::OneOf(_) | InputKind::Boolean | InputKind::Text => false,
    };
    let of_input = limits.filter(|limit| limit.input == input.name && (limit.per.is_none() || adds_up));
    of_input
        .filter_map(|limit| match &limit.most {
            Literal::Integer(number) => Some(*number),
            Literal::Money(money) => Some(money.minor),
            Literal::Boolean(_) | Literal::Word(_) => None,
        })
        .min()
}

/// The rules in force that have a `when`.
fn conditional(model: &Model) -> Vec<((StandardId, u32), &Condition)> {
    let mut found = Vec::new();
    for standard in &model.adoption.standards {
        for (index, rule) in model.standards[standard.index()].rules.iter().enumerate() {
            if let Some(condition) = rule.select.as_ref().and_then(|select| select.when.as_ref()) {
                found.push(((*standard, index as u32), condition));
            }
        }
    }
    found
}

/// The first tier of a domain that takes these values.
pub fn tier(model: &Model, domain: DomainId, values: &Values) -> Option<usize> {
    model.domains[domain.index()].tiers.iter().position(|tier| match &tier.gate {
        Gate::Always | Gate::Otherwise => true,
        Gate::When(condition) => holds(condition, values).unwrap_or(false),
    })
}

fn collect(condition: &Condition, into: &mut BTreeMap<Box<str>, BTreeSet<Literal>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, into)),
        Condition::Not(part) => collect(part, into),
        Condition::Compare(name, _, literal, _) => {
            into.entry(name.text.clone()).or_default().insert(literal.clone());
        }
        Condition::Among(name, literals, _) => into.entry(name.text.clone()).or_default().extend(literals.iter().cloned()),
    }
}

/// At least one value from each interval between the constants, up to the most that is let through.
fn representatives(kind: &InputKind, constants: &BTreeSet<Literal>, most: Option<i64>) -> Vec<Literal> {
    let numbers = |from: i64, to: i64| {
        let to = most.map_or(to, |most| to.min(most)).max(from);
        let mut values = BTreeSet::from([from, to]);
        for constant in constants {
            let number = match constant {
                Literal::Integer(number) => *number,
                Literal::Money(money) => money.minor,
                Literal::Boolean(_) | Literal::Word(_) => continue,
            };
            values.extend(
                [number.saturating_sub(1), number, number.saturating_add(1)]
                    .into_iter()
                    .filter(|value| (from..=to).contains(value)),
            );
        }
        values
    };
    match kind {
        InputKind::Integer(from, to) => numbers(*from, *to).into_iter().map(Literal::Integer).collect(),
        InputKind::Money(currency, from, to) => numbers(*from, *to)
            .into_iter()
            .map(|minor| {
                Literal::Money(Money {
                    minor,
                    currency: currency.clone(),
                })
            })
            .collect(),
        InputKind::OneOf(words) => words.iter().cloned().map(Literal::Word).collect(),
        InputKind::Boolean => vec![Literal::Boolean(false), Literal::Boolean(true)],
        InputKind::Text => Vec::new(),
    }
}

/// Whether a condition holds; `None` where it names an input that has no value.
pub fn holds(condition: &Condition, values: &Values) -> Option<bool> {
    match condition {
        Condition::All(parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(|part| holds(part, values)).collect();
            match parts.contains(&Some(false)) {
                true => Some(false),
                false => parts.into_iter().collect::<Option<Vec<bool>>>().map(|_| true),
            }
        }
        Condition::Any(parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(|part| holds(part, values)).collect();
            match parts.contains(&Some(true)) {
                true => Some(true),
                false => parts.into_iter().collect::<Option<Vec<bool>>>().map(|_| false),
            }
        }
        Condition::Not(part) => holds(part, values).map(|holds| !holds),
        Condition::Compare(name, comparison, literal, _) => {
            let value = values.get(&name.text)?;
            let order = compare(value, literal)?;
            Some(match comparison {
                Comparison::AtMost => order.is_le(),
                Comparison::Below => order.is_lt(),
                Comparison::AtLeast => order.is_ge(),
                Comparison::Above => order.is_gt(),
                Comparison::Equal => order.is_eq(),
                Comparison::Unequal => order.is_ne(),
            })
        }
        Condition::Among(name, literals, _) => {
            let value = values.get(&name.text)?;
            Some(
                literals
                    .iter()
                    .any(|literal| compare(value, literal) == Some(std::cmp::Ordering::Equal)),
            )
        }
    }
}

fn compare(value: &Literal, literal: &Literal) -> Option<std::cmp::Ordering> {
    match (value, literal) {
        (Literal::Integer(value), Literal::Integer(literal)) => Some(value.cmp(literal)),
        (Literal::Money(value), Literal::Money(literal)) if value.currency == literal.currency => Some(value.minor.cmp(&literal.minor)),
        (Literal::Boolean(value), Literal::Boolean(literal)) => Some(value.cmp(literal)),
        (Literal::Word(value), Literal::Word(literal)) => Some(value.cmp(literal)),
        _ => None,
    }
}

/// The sample of a cell in words, as `amount 200 EUR`; empty if no input matters.
pub fn described(sample: &Values) -> String {
    sample
        .iter()
        .map(|(name, value)| format!("{name} {}", value.to_source()))
        .collect::<Vec<_>>()
        .join(", ")
}
