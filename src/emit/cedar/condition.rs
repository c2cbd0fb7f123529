//! Inputs of a request: their keys, what values they take, and conditions on them.

use crate::emit::cedar::tree::{Expression, Operator, all, any, context, number, text};
use crate::emit::policy::{Comparison, Condition, Constant, Domain, Input};
use std::collections::BTreeSet;

/// The kind of a value, which is the end of its key in `context.inputs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A whole number.
    Integer,
    /// An amount and a currency.
    Money,
    /// Yes or no.
    Boolean,
    /// A string.
    Text,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Shape; 4] = [Shape::Boolean, Shape::Integer, Shape::Money, Shape::Text];

    /// The key of an input whose value has this shape.
    pub fn key(self, input: &str) -> String {
        let kind = match self {
            Shape::Integer => "integer",
            Shape::Money => "money",
            Shape::Boolean => "boolean",
            Shape::Text => "text",
        };
        [input, ":", kind].concat()
    }

    fn of(input: &Input) -> Shape {
        match input {
            Input::Money { .. } => Shape::Money,
            Input::Integer { .. } => Shape::Integer,
            Input::Boolean => Shape::Boolean,
            Input::OneOf { .. } | Input::Text => Shape::Text,
        }
    }
}

/// A value of the request, and what must hold before it can be read.
pub struct Value {
    /// The condition that it exists, with the right type and currency.
    pub present: Expression,
    /// The value: a Long, a Bool or a String.
    pub value: Expression,
}

/// The value of a declared input.
pub fn declared(name: &str, input: &Input) -> Value {
    match input {
        Input::Money { currency, .. } => measured(name, currency),
        Input::Integer { .. } | Input::Boolean | Input::OneOf { .. } | Input::Text => plain(name, Shape::of(input)),
    }
}

/// The value of an input in a unit: `integer`, or a currency.
pub fn measured(name: &str, unit: &str) -> Value {
    if unit == "integer" {
        return plain(name, Shape::Integer);
    }
    let money = plain(name, Shape::Money);
    let currency = money.value.clone().get("currency").equals(text(unit));
    Value {
        present: all([money.present, currency]),
        value: money.value.get("amount"),
    }
}

fn plain(name: &str, shape: Shape) -> Value {
    let key = shape.key(name);
    Value {
        present: context("inputs").has(&key),
        value: context("inputs").get(&key),
    }
}

/// The condition that a declared input exists, has the right type and is within its bounds.
pub fn within_bounds(name: &str, input: &Input) -> Expression {
    let Value { present, value } = declared(name, input);
    match input {
        Input::Money { from, to, .. } | Input::Integer { from, to } => {
            all([present, value.clone().at_least(number(*from)), value.at_most(number(*to))])
        }
        Input::OneOf { words } => all([present, value.among(words.iter().map(|word| text(word)).collect())]),
        Input::Boolean | Input::Text => present,
    }
}

/// What must hold before the conditions of a domain's tiers can be read.
pub fn guards(domain: &Domain) -> Vec<Expression> {
    let mut names = BTreeSet::new();
    domain
        .tiers
        .iter()
        .filter_map(|tier| tier.condition.as_ref())
        .for_each(|condition| collect(condition, &mut names));
    names
        .into_iter()
        .filter_map(|name| domain.inputs.get(name).map(|input| declared(name, input).present))
        .collect()
}

fn collect<'a>(condition: &'a Condition, names: &mut BTreeSet<&'a str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, names)),
        Condition::Not(inner) => collect(inner, names),
        Condition::Compare(name, ..) | Condition::Among(name, _) => {
            names.insert(name);
        }
    }
}

/// A condition, which may be read only after its guards.
pub fn expression(condition: &Condition, domain: &Domain) -> Result<Expression, String> {
    match condition {
        Condition::All(parts) => Ok(all(parts
            .iter()
            .map(|part| expression(part, domain))
            .collect::<Result<Vec<_>, _>>()?)),
        Condition::Any(parts) => Ok(any(parts
            .iter()
            .map(|part| expression(part, domain))
            .collect::<Result<Vec<_>, _>>()?)),
        Condition::Not(inner) => Ok(expression(inner, domain)?.negate()),
        Condition::Compare(name, comparison, constant) => {
            let (value, constant) = typed(name, constant, domain)?;
            let ordered = matches!(constant, Expression::Number(_));
            let operator = match comparison {
                Comparison::Equal => Operator::Equal,
                Comparison::Unequal => Operator::Unequal,
                Comparison::AtMost if ordered => Operator::AtMost,
                Comparison::Below if ordered => Operator::Below,
                Comparison::AtLeast if ordered => Operator::AtLeast,
                Comparison::Above if ordered => Operator::Above,
                Comparison::AtMost | Comparison::Below | Comparison::AtLeast | Comparison::Above => {
                    return Err(format!("the input `{name}` has no order, so it cannot be compared with `<` or `>`"));
                }
            };
            Ok(value.compare(operator, constant))
        }
        Condition::Among(name, constants) => {
            let pairs: Vec<(Expression, Expression)> = constants
                .iter()
                .map(|constant| typed(name, constant, domain))
                .collect::<Result<_, _>>()?;
            let Some((value, _)) = pairs.first().cloned() else {
                return Ok(Expression::Boolean(false));
            };
            Ok(value.among(pairs.into_iter().map(|(_, constant)| constant).collect()))
        }
    }
}

/// The value of an input and a constant it is compared with, if they have the same type.
fn typed(name: &str, constant: &Constant, domain: &Domain) -> Result<(Expression, Expression), String> {
    let Some(input) = domain.inputs.get(name) else {
        return Err(format!(
            "a condition of the domain `{}` uses the undeclared input `{name}`",
            domain.title
        ));
    };
    let constant = match (input, constant) {
        (Input::Money { .. } | Input::Integer { .. }, Constant::Number(value)) => number(*value),
        (Input::Boolean, Constant::Boolean(value)) => Expression::Boolean(*value),
        (Input::OneOf { .. } | Input::Text, Constant::Word(word)) => text(word),
        (_, Constant::Number(_) | Constant::Boolean(_) | Constant::Word(_)) => {
            return Err(format!("the input `{name}` is compared with a value of another type"));
        }
    };
    Ok((declared(name, input).value, constant))
}
