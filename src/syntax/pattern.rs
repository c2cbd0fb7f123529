//! Parses signatures: what a clause takes, as patterns that its arguments are matched against.
//!
//! A signature in the vocabulary is a text such as `FUNCTION PARTY:owner [deputy PARTY:deputy,...]`. A word in
//! capitals is a slot; its name follows the colon, or is the default name of the word. A word in small letters is
//! a keyword; it is kept as an argument if a name follows it. `[…]` is optional. `X,...` repeats with commas, and
//! `X&...` with `and`. `(a|b):slot` is one of these words. `(X Y),...` repeats a sequence. `(X,...)` without a
//! colon is a group in parentheses. A comma before a word, as in `[,scope TEXT]`, is optional, because files of
//! version 0.1 do not have it. A line can be broken after it.

use crate::syntax::vocabulary::Kind;

/// What a slot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The name of a new declaration.
    New,
    /// A name of one of these kinds.
    Reference(&'static [Kind]),
    /// A name that does not refer to a declaration.
    Identifier,
    /// A dotted path.
    Path,
    /// The path of a `use` line.
    Use,
    /// The name or number of a check.
    Check,
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A duration.
    Duration,
    /// A day.
    Date,
    /// A currency.
    Currency,
    /// A constant.
    Literal,
    /// A grant.
    Grant,
    /// A selection.
    Select,
    /// A quorum of functions.
    Quorum,
    /// A quorum of people.
    PeopleQuorum,
    /// A condition.
    Condition,
}

/// The separator of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `and`
    And,
}

/// One part of what a clause takes.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// A keyword. It is kept as an argument if it has a slot.
    Keyword(&'static str, Option<&'static str>),
    /// A slot.
    Slot(&'static str, Slot),
    /// One of these words.
    Choice(&'static str, Vec<&'static str>),
    /// An optional part.
    Optional(Vec<Pattern>),
    /// A list of repeated parts.
    List(Vec<Pattern>, Separator),
    /// An optional comma.
    Comma,
    /// A part in parentheses.
    Group(Vec<Pattern>),
}

/// The kinds of declarations that a waiver can name.
const ANY: &[Kind] = &[
    Kind::Domain,
    Kind::Ownership,
    Kind::Safeguards,
    Kind::Agent,
    Kind::Identity,
    Kind::Task,
    Kind::System,
    Kind::Rollback,
    Kind::Ledger,
    Kind::Enforcement,
    Kind::Delegation,
    Kind::Team,
    Kind::Person,
    Kind::Purpose,
    Kind::Data,
    Kind::Action,
    Kind::Function,
    Kind::Provider,
    Kind::Waiver,
];

const PEOPLE: &[Kind] = &[Kind::Person, Kind::Team];

fn slot(word: &str) -> Option<(&'static str, Slot)> {
    Some(match word {
        "NEW" => ("new", Slot::New),
        "TITLE" => ("title", Slot::Text),
        "PATH" => ("path", Slot::Path),
        "USE" => ("use", Slot::Use),
        "IDENTIFIER" => ("identifier", Slot::Identifier),
        "CHECK" => ("check", Slot::Check),
        "SUBJECT" => ("subject", Slot::Reference(ANY)),
        "TEXT" => ("text", Slot::Text),
        "INTEGER" => ("integer", Slot::Integer),
        "DURATION" => ("duration", Slot::Duration),
        "DATE" => ("date", Slot::Date),
        "CURRENCY" => ("currency", Slot::Currency),
        "LITERAL" => ("literal", Slot::Literal),
        "GRANT" => ("grant", Slot::Grant),
        "SELECT" => ("select", Slot::Select),
        "QUORUM" => ("quorum", Slot::Quorum),
        "PEOPLE_QUORUM" => ("people", Slot::PeopleQuorum),
        "CONDITION" => ("condition", Slot::Condition),
        "FUNCTION" => ("function", Slot::Reference(&[Kind::Function])),
        "PERSON" => ("person", Slot::Reference(&[Kind::Person])),
        "PEOPLE" => ("people", Slot::Reference(PEOPLE)),
        "PARTY" => ("party", Slot::Reference(&[Kind::Person, Kind::Team, Kind::Agent, Kind::Identity])),
        "DELEGATE" => ("delegate", Slot::Reference(&[Kind::Person, Kind::Agent, Kind::Identity])),
        "MEMBER" => ("member", Slot::Reference(&[Kind::Person, Kind::Agent, Kind::Identity])),
        "DATA" => ("data", Slot::Reference(&[Kind::Data])),
        "PURPOSE" => ("purpose", Slot::Reference(&[Kind::Purpose])),
        "PROVIDER" => ("provider", Slot::Reference(&[Kind::Provider])),
        "ENFORCEMENT" => ("enforcement", Slot::Reference(&[Kind::Enforcement])),
        "SYSTEM" => ("system", Slot::Reference(&[Kind::System])),
        "IDENTITY" => ("identity", Slot::Reference(&[Kind::Identity])),
        "AGENT" => ("agent", Slot::Reference(&[Kind::Agent])),
        "TASK" => ("task", Slot::Reference(&[Kind::Task])),
        "DOMAIN" => ("domain", Slot::Reference(&[Kind::Domain])),
        "ROLLBACK" => ("rollback", Slot::Reference(&[Kind::Rollback])),
        "OWNERSHIP" => ("ownership", Slot::Reference(&[Kind::Ownership])),
        "SAFEGUARDS" => ("safeguards", Slot::Reference(&[Kind::Safeguards])),
        "LEDGER" => ("ledger", Slot::Reference(&[Kind::Ledger])),
        "STANDARD" => ("standard", Slot::Reference(&[Kind::Standard])),
        "ADOPTED" => ("adopted", Slot::Reference(&[Kind::Standard, Kind::Framework])),
        _ => return None,
    })
}

/// Reads a signature of the vocabulary.
pub fn read(signature: &'static str) -> Vec<Pattern> {
    let mut rest = signature;
    sequence(&mut rest, None)
}

fn sequence(rest: &mut &'static str, end: Option<char>) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    loop {
        *rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            return patterns;
        };
        if Some(first) == end {
            *rest = &rest[1..];
            return patterns;
        }
        patterns.extend(unit(rest, first));
    }
}

fn unit(rest: &mut &'static str, first: char) -> Vec<Pattern> {
    let one = match first {
        ',' => {
            *rest = &rest[1..];
            return vec![Pattern::Comma];
        }
        '[' => {
            *rest = &rest[1..];
            vec![Pattern::Optional(sequence(rest, Some(']')))]
        }
        '(' => {
            let inner = &rest[1..];
            let close = inner.find(')').unwrap_or(inner.len());
            if inner[..close].contains('|') {
                *rest = inner.get(close + 1..).unwrap_or("");
                let slot = suffix(rest).unwrap_or("word");
                vec![Pattern::Choice(slot, inner[..close].split('|').collect())]
            } else {
                *rest = inner;
                let parts = sequence(rest, Some(')'));
                if !rest.starts_with(",...") {
                    return vec![Pattern::Group(parts)];
                }
                parts
            }
        }
        _ => {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let word = &rest[..end.max(1)];
            *rest = &rest[end.max(1)..];
            let name = suffix(rest);
            vec![match slot(word) {
                Some((default, slot)) => Pattern::Slot(name.unwrap_or(default), slot),
                None => Pattern::Keyword(word, name),
            }]
        }
    };
    for (mark, separator) in [(",...", Separator::Comma), ("&...", Separator::And)] {
        if let Some(after) = rest.strip_prefix(mark) {
            *rest = after;
            return vec![Pattern::List(one, separator)];
        }
    }
    one
}

fn suffix(rest: &mut &'static str) -> Option<&'static str> {
    let after = rest.strip_prefix(':')?;
    let end = after
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(after.len());
    *rest = &after[end..];
    Some(&after[..end])
}
