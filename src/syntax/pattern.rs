//! What a clause takes, as a pattern that its arguments are matched against.
//!
//! A signature in the vocabulary is text: `FUNCTION PARTY:owner [deputy PARTY:deputy,...]`. A word in capitals is a
//! slot (its name after the colon, else the word itself), a small word stands for itself (kept as an argument if a
//! name follows it), `[…]` may be left out, `X,...` repeats with commas and `X&...` with `and`, `(a|b):slot` is one of
//! these words, `(X Y),...` repeats a sequence, and `(X,...)` without a colon is in parentheses.
//! A comma before a word, as in `[,scope TEXT]`, may be left out, as files of 0.1 do; a line can be broken behind it.

use crate::syntax::vocabulary::Kind;

/// What a slot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The name that is declared.
    New,
    /// A name of one of these kinds.
    Reference(&'static [Kind]),
    /// A name of nothing that is declared.
    Identifier,
    /// A dotted path.
    Path,
    /// What `use` takes.
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

/// How a list is parted.
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
    /// A word that stands for itself; kept under a slot if it has one.
    Keyword(&'static str, Option<&'static str>),
    /// A slot.
    Slot(&'static str, Slot),
    /// One of these words.
    Choice(&'static str, Vec<&'static str>),
    /// What may be left out.
    Optional(Vec<Pattern>),
    /// What repeats.
    List(Vec<Pattern>, Separator),
    /// A comma that may be left out.
    Comma,
    /// What stands in parentheses.
    Group(Vec<Pattern>),
}

/// Every kind of which a declaration can be the subject of a finding.
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
