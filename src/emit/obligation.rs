//! What an enforcement point must do because a request was allowed.

use crate::emit::policy::{Domain, Quorum};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// The approvals of the domain are used up: they were for this one action.
    Consume,
    /// Somebody must review what was done in an emergency. The number is the seconds from its declaration.
    ReviewDue(i64),
}

/// A duty, and the domain that imposes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obligation {
    /// What must be done.
    pub duty: Duty,
    /// The domain.
    pub domain: String,
}

/// The obligations of an allowed request to a domain that governs it, with or without an emergency of the
/// domain.
pub fn owed(id: &str, domain: &Domain, emergency: bool) -> BTreeSet<Obligation> {
    let asks = |quorum: &Quorum| !quorum.met(&|_| 0);
    let used = domain.emergency.as_ref().filter(|_| emergency);
    let approved = match used {
        Some(emergency) => asks(&emergency.quorum),
        None => domain.tiers.iter().any(|tier| asks(&tier.quorum)),
    };
    let consumed = (domain.single_use && approved).then_some(Duty::Consume);
    let review = used.and_then(|emergency| emergency.review).map(Duty::ReviewDue);
    let owed = consumed.into_iter().chain(review);
    owed.map(|duty| Obligation {
        duty,
        domain: id.to_owned(),
    })
    .collect()
}

impl Duty {
    /// The word in answers and policies.
    pub fn code(self) -> &'static str {
        match self {
            Duty::Consume => "consume",
            Duty::ReviewDue(_) => "review_due",
        }
    }
}

impl Obligation {
    /// The form in answers.
    pub fn json(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("obligation".to_owned(), json!(self.duty.code()));
        fields.insert("domain".to_owned(), json!(self.domain));
        if let Duty::ReviewDue(within) = self.duty {
            fields.insert("within".to_owned(), json!(within));
        }
        Value::Object(fields)
    }

    /// Reads what [`json`](Obligation::json) writes.
    pub fn read(value: &Value) -> Option<Obligation> {
        let fields = value.as_object()?;
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        let (duty, known) = match text("obligation")? {
            "consume" => (Duty::Consume, 2),
            "review_due" => (Duty::ReviewDue(fields.get("within")?.as_i64()?), 3),
            _ => return None,
        };
        (fields.len() == known).then_some(())?;
        Some(Obligation {
            duty,
            domain: text("domain")?.to_owned(),
        })
    }
}

/// Several obligations in the form of an annotation: `consume acme.consent, review_due acme.consent within
/// 86400`. A space, a comma or a backslash in a name is escaped with a backslash.
pub fn words<'o>(obligations: impl IntoIterator<Item = &'o Obligation>) -> String {
    let each = obligations.into_iter().map(|obligation| {
        let (code, domain) = (obligation.duty.code(), escaped(&obligation.domain));
        match obligation.duty {
            Duty::Consume => format!("{code} {domain}"),
            Duty::ReviewDue(within) => format!("{code} {domain} within {within}"),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Reads what [`words`] writes.
pub fn of_words(text: &str) -> Option<BTreeSet<Obligation>> {
    let each = split(text)?.into_iter().map(|words| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (duty, domain) = match words[..] {
            ["consume", domain] => (Duty::Consume, domain),
            ["review_due", domain, "within", seconds] => (Duty::ReviewDue(seconds.parse().ok()?), domain),
            _ => return None,
        };
        Some(Obligation {
            duty,
            domain: domain.to_owned(),
        })
    });
    each.collect()
}

fn escaped(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, ' ' | ',' | '\\') {
            written.push('\\');
        }
        written.push(character);
    }
    written
}

/// The words of each obligation.
fn split(text: &str) -> Option<Vec<Vec<String>>> {
    let mut all = vec![vec![String::new()]];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let words = all.last_mut()?;
        match character {
            ' ' => words.push(String::new()),
            ',' => {
                (characters.next()? == ' ').then_some(())?;
                all.push(vec![String::new()]);
            }
            '\\' => words.last_mut()?.push(characters.next()?),
            plain => words.last_mut()?.push(plain),
        }
    }
    Some(all)
}
