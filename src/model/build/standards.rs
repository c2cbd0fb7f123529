//! Checks conditions of standards against the inputs of domains: a condition that can never hold requires
//! nothing.

use crate::diagnostic::Diagnostic;
use crate::model::build::Absence;
use crate::model::{Input, InputKind, Model};
use crate::source::Span;
use crate::syntax::ast::{Condition, Literal};
use crate::syntax::nearest;

/// The words in a `when` of a standard that no input of that name accepts in any domain.
pub(super) fn settle(model: &Model) -> Vec<Absence> {
    let mut errors = Vec::new();
    for rule in model.standards.iter().flat_map(|standard| &standard.rules) {
        if let Some(condition) = rule.select.as_ref().and_then(|select| select.when.as_ref()) {
            compared(condition, &mut |name, literals, span| {
                errors.extend(strange(model, name, literals, span).into_iter().map(|error| (name.into(), error)))
            });
        }
    }
    errors
}

/// Each input that a condition compares, and with what.
fn compared(condition: &Condition, each: &mut impl FnMut(&str, &[Literal], Span)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| compared(part, each)),
        Condition::Not(part) => compared(part, each),
        Condition::Compare(name, _, literal, span) => each(&name.text, std::slice::from_ref(literal), *span),
        Condition::Among(name, literals, span) => each(&name.text, literals, *span),
    }
}

fn strange(model: &Model, name: &str, literals: &[Literal], span: Span) -> Vec<Diagnostic> {
    let domains = model.domains.iter().flat_map(|domain| &domain.inputs);
    let inputs: Vec<&Input> = domains.filter(|input| &*input.name == name).collect();
    let Some(first) = inputs.first() else {
        // A domain without the input cannot tell whether the condition holds. That is checked where the domain
        // decides.
        return Vec::new();
    };
    let unknown = literals
        .iter()
        .filter(|literal| !inputs.iter().any(|input| takes(&input.kind, literal)));
    let words: Vec<&str> = inputs.iter().flat_map(|input| words(&input.kind)).collect();
    unknown
        .map(|literal| {
            let said = match literal {
                Literal::Word(word) => format!("no domain has an input `{name}` that can be `{word}`"),
                Literal::Integer(_) | Literal::Money(_) | Literal::Boolean(_) => {
                    format!("no domain has an input `{name}` that can be compared with this")
                }
            };
            let error = Diagnostic::error(span, said).related(first.span, "the input is declared here");
            let near = match literal {
                Literal::Word(word) => nearest(word, words.iter().copied()),
                Literal::Integer(_) | Literal::Money(_) | Literal::Boolean(_) => None,
            };
            match near {
                Some(near) => error.label(span, format!("did you mean `{near}`?")),
                None if words.is_empty() => error,
                None => error.help(format!("`{name}` is one of {}", words.join(", "))),
            }
        })
        .collect()
}

/// Whether an input can be compared with a constant. A number can be compared with any, since its bounds may be
/// narrower.
fn takes(kind: &InputKind, literal: &Literal) -> bool {
    match (kind, literal) {
        (InputKind::OneOf(words), Literal::Word(word)) => words.contains(word),
        (InputKind::Money(currency, ..), Literal::Money(money)) => money.currency == *currency,
        (InputKind::Integer(..), Literal::Integer(_)) | (InputKind::Boolean, Literal::Boolean(_)) => true,
        (InputKind::OneOf(_) | InputKind::Money(..) | InputKind::Integer(..) | InputKind::Boolean | InputKind::Text, _) => false,
    }
}

fn words(kind: &InputKind) -> Vec<&str> {
    match kind {
        InputKind::OneOf(words) => words.iter().map(|word| &**word).collect(),
        InputKind::Money(..) | InputKind::Integer(..) | InputKind::Boolean | InputKind::Text => Vec::new(),
    }
}
