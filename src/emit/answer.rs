//! The answer to a request, the same for every decider: allowed, or denied with every reason.

use crate::emit::obligation::Obligation;
use crate::emit::reason::Reason;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One reason for a denial. It names no person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denial {
    /// Why.
    pub reason: Reason,
    /// The domain that denies, if a domain does.
    pub domain: Option<String>,
    /// The approval that the denial is about, if there is one.
    pub place: Option<Place>,
}

/// Where an approval is required.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The function.
    pub function: String,
    /// The key among the approvals of a request.
    pub slot: String,
}

/// An answer. It has denials exactly if it does not allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the agent may do it.
    pub allow: bool,
    /// Every reason for the denial.
    pub denials: BTreeSet<Denial>,
    /// What must be done because the action is allowed; empty if it is denied.
    pub obligations: BTreeSet<Obligation>,
}

impl Denial {
    /// A denial by no particular domain.
    pub fn plain(reason: Reason) -> Denial {
        Denial {
            reason,
            domain: None,
            place: None,
        }
    }

    /// A denial by a domain.
    pub fn by(domain: &str, reason: Reason) -> Denial {
        Denial {
            domain: Some(domain.to_owned()),
            ..Denial::plain(reason)
        }
    }

    /// A denial by a domain because of an approval.
    pub fn at(domain: &str, function: &str, slot: &str, reason: Reason) -> Denial {
        Denial {
            place: Some(Place {
                function: function.to_owned(),
                slot: slot.to_owned(),
            }),
            ..Denial::by(domain, reason)
        }
    }

    /// In short: `missing at consent/privacy`, `limit in consent`, `stale_policy`.
    pub fn code(&self) -> String {
        let code = self.reason.code();
        match (&self.place, &self.domain) {
            (Some(place), _) => format!("{code} at {}", place.slot),
            (None, Some(domain)) => format!("{code} in {domain}"),
            (None, None) => code.to_owned(),
        }
    }

    /// The form in answers.
    pub fn json(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("reason".to_owned(), json!(self.reason.code()));
        fields.extend(self.domain.iter().map(|domain| ("domain".to_owned(), json!(domain))));
        if let Some(place) = &self.place {
            fields.insert("function".to_owned(), json!(place.function));
            fields.insert("slot".to_owned(), json!(place.slot));
        }
        Value::Object(fields)
    }

    fn read(value: &Value) -> Option<Denial> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let place = text("function").zip(text("slot")).map(|(function, slot)| Place { function, slot });
        Some(Denial {
            reason: Reason::of(&text("reason")?)?,
            domain: text("domain"),
            place,
        })
    }
}

impl Answer {
    /// The answer with these denials, or yes if there are none.
    pub fn of(denials: BTreeSet<Denial>) -> Answer {
        Answer {
            allow: denials.is_empty(),
            denials,
            obligations: BTreeSet::new(),
        }
    }

    /// Yes, with what must be done because of it.
    pub fn yes(obligations: BTreeSet<Obligation>) -> Answer {
        Answer {
            allow: true,
            obligations,
            ..Answer::default()
        }
    }

    /// No, for one reason.
    pub fn no(reason: Reason) -> Answer {
        Answer::of(BTreeSet::from([Denial::plain(reason)]))
    }

    /// The reasons, each once.
    pub fn reasons(&self) -> BTreeSet<Reason> {
        self.denials.iter().map(|denial| denial.reason).collect()
    }

    /// The domains that deny.
    pub fn domains(&self) -> BTreeSet<&str> {
        self.denials.iter().filter_map(|denial| denial.domain.as_deref()).collect()
    }

    /// The slots that need an approval, or another approval than they have.
    pub fn open(&self) -> BTreeSet<&str> {
        let places = self.denials.iter().filter_map(|denial| denial.place.as_ref());
        places.map(|place| place.slot.as_str()).collect()
    }

    /// The form of AuthZEN; Rego returns the same.
    pub fn json(&self, revision: &str) -> Value {
        let codes: BTreeSet<&str> = self.reasons().into_iter().map(Reason::code).collect();
        json!({
            "decision": self.allow,
            "context": {
                "reasons": codes,
                "open": self.open(),
                "domains": self.domains(),
                "denials": self.denials.iter().map(Denial::json).collect::<Vec<_>>(),
                "obligations": self.obligations.iter().map(Obligation::json).collect::<Vec<_>>(),
                "revision": revision,
            },
        })
    }

    /// Reads what [`json`](Answer::json) writes; `None` if it has another form.
    pub fn read(value: &Value) -> Option<Answer> {
        let list = |key: &str| value.get("context")?.get(key)?.as_array();
        Some(Answer {
            allow: value.get("decision")?.as_bool()?,
            denials: list("denials")?.iter().map(Denial::read).collect::<Option<_>>()?,
            obligations: list("obligations")?.iter().map(Obligation::read).collect::<Option<_>>()?,
        })
    }
}
