//! Checks limits against the inputs that they bound.

use crate::diagnostic::Diagnostic;
use crate::model::build::Absence;
use crate::model::domain::Limit;
use crate::model::{Input, InputKind, Model};
use crate::syntax::ast::{Literal, Money};
use crate::words::literal::decimals;

/// A domain's limit in whole units of a money input becomes an amount in that input's currency. Returns errors
/// for limits that bound nothing, because the input is of another kind or in another currency. The limits of
/// tasks come separately, because any domain's input could justify them.
pub(super) fn settle(model: &mut Model) -> (Vec<Diagnostic>, Vec<Absence>) {
    let mut errors = Vec::new();
    let mut absences = Vec::new();
    for domain in &mut model.domains {
        for limit in &mut domain.limits {
            let Some(input) = domain.inputs.iter().find(|input| input.name == limit.input) else {
                continue;
            };
            if let (InputKind::Money(currency, ..), Literal::Integer(number)) = (&input.kind, &limit.most) {
                let minor = number.saturating_mul(10_i64.pow(decimals(currency) as u32));
                limit.most = Literal::Money(Money {
                    minor,
                    currency: currency.clone(),
                });
            }
            errors.extend(unbounded(limit, input));
        }
    }
    for task in &model.tasks {
        for limit in &task.limits {
            let domains = model.domains.iter().flat_map(|domain| &domain.inputs);
            let mut inputs = domains.filter(|input| input.name == limit.input).peekable();
            let first = inputs.peek().copied();
            // A whole number counts in the currency of the domain that decides.
            let fits = |input: &Input| unbounded(limit, input).is_none() || matches!(limit.most, Literal::Integer(_));
            if let Some(first) = first.filter(|_| !inputs.any(fits)) {
                absences.extend(unbounded(limit, first).map(|error| (limit.input.clone(), error)));
            }
        }
    }
    (errors, absences)
}

/// What is wrong with a limit on an input that it cannot bound.
fn unbounded(limit: &Limit, input: &Input) -> Option<Diagnostic> {
    let name = &input.name;
    let complaint = match (&input.kind, &limit.most) {
        (InputKind::Money(currency, from, _), Literal::Money(most)) if most.currency == *currency => {
            return idle(limit, input, most.minor, *from);
        }
        (InputKind::Integer(from, _), Literal::Integer(most)) => return idle(limit, input, *most, *from),
        (InputKind::Money(currency, ..), Literal::Money(most)) => {
            format!("`{name}` is in {currency}, but this is in {}", most.currency)
        }
        (InputKind::Money(currency, ..), _) => format!("`{name}` is money, so its limit is an amount such as `200 {currency}`"),
        (InputKind::Integer(..), _) => format!("`{name}` is a whole number"),
        (InputKind::OneOf(_) | InputKind::Boolean | InputKind::Text, _) => format!("`{name}` is not a number, so it cannot have a limit"),
    };
    Some(Diagnostic::error(limit.span, complaint).related(input.span, "the input is declared here"))
}

/// A limit under which nothing at all can be done is a mistake.
fn idle(limit: &Limit, input: &Input, most: i64, from: i64) -> Option<Diagnostic> {
    let nothing = match limit.per {
        Some(_) => most <= 0 && from >= 0,
        None => most < from || (most == 0 && from == 0),
    };
    let message = format!("this limit lets nothing through: no `{}` is that small", input.name);
    nothing.then(|| {
        Diagnostic::error(limit.span, message)
            .related(input.span, "the input is declared here")
            .help("write the largest value that you want to allow")
    })
}
