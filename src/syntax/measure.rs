//! Reports arguments that a clause can hold but that have no effect or are misleading: a period of zero, a number
//! of people out of range, or an invisible character.

use crate::diagnostic::Diagnostic;
use crate::source::unseen::{called, joins};
use crate::syntax::ast::{Argument, Value};
use crate::syntax::vocabulary::Clause;

/// The largest number of people that a clause can require.
const MOST_PEOPLE: i64 = 1000;

/// Clauses with text that only people read. Their text does not identify anything.
const PROSE: &[&str] = &[
    "title",
    "reason",
    "note",
    "text",
    "ask",
    "publisher",
    "edition",
    "published",
    "source",
    "verified",
    "status",
    "cited_by",
    "skip",
];

/// Returns the errors in the arguments of a clause.
pub(super) fn errors(clause: &Clause, arguments: &[Argument]) -> Vec<Diagnostic> {
    let mut errors: Vec<Diagnostic> = arguments.iter().filter_map(|argument| one(clause, argument)).collect();
    if clause.word == "require" && clause.signature.starts_with("credential") && !arguments.iter().any(|argument| argument.slot != "select")
    {
        let header = arguments.iter().map(|argument| argument.span).next();
        errors.extend(header.map(|span| {
            Diagnostic::error(span, "`require credential` does not require anything here")
                .help("write what you require: `credential ttl 1h just_in_time revoked`, or one of the three")
        }));
    }
    errors
}

fn one(clause: &Clause, argument: &Argument) -> Option<Diagnostic> {
    let prose = PROSE.contains(&clause.word) || ["title", "reason", "why"].contains(&argument.slot);
    match &argument.value {
        Value::Integer(number) if ["approvers", "absence"].contains(&argument.slot) && !(1..=MOST_PEOPLE).contains(number) => {
            let what = match argument.slot {
                "absence" => "cannot be required to be absent",
                _ => "cannot be required",
            };
            let help = format!("write a number from 1 to {MOST_PEOPLE}");
            Some(Diagnostic::error(argument.span, format!("{number} people {what}")).help(help))
        }
        Value::Duration(0) if clause.word == "limit" => {
            Some(Diagnostic::error(argument.span, "a limit over zero time does not limit anything").help("write a period, as `per 24h`"))
        }
        Value::Duration(0) if clause.word == "require" && !clause.signature.starts_with("waiver") && argument.slot != "lasts" => {
            Some(Diagnostic::error(argument.span, "a requirement cannot be zero time").help("write a duration, as `15m`, `4h` or `30d`"))
        }
        Value::Text(text) if !prose => {
            let character = text.chars().find(|character| joins(*character))?;
            let message = format!(
                "a {} is invisible, so two names that look the same here may differ",
                called(character)
            );
            Some(Diagnostic::error(argument.span, message).help("delete the character; only a title may contain it"))
        }
        Value::Text(_)
        | Value::Integer(_)
        | Value::Duration(_)
        | Value::Name(_)
        | Value::Word(_)
        | Value::Date(_)
        | Value::Literal(_)
        | Value::Grant(_)
        | Value::Select(_)
        | Value::Quorum(_)
        | Value::Condition(_)
        | Value::Use(..) => None,
    }
}
