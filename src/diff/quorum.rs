//! Compares two quorums of two models, by the names of the functions or people in them.

use crate::diff::short;
use crate::facts::entailment::Functions;
use crate::model::ways::ways;
use crate::model::{FunctionId, Quorum};
use serde_json::Value;

/// Names that both models use, each under one number.
#[derive(Default)]
pub(super) struct Terms {
    names: Vec<String>,
}

/// What one quorum lets through and the other one does not.
pub(super) struct Lacking {
    /// Who is missing by the other one, each with how many are asked for.
    pub missing: Functions,
}

/// What came of holding two quorums against each other.
pub(super) enum Compared {
    /// What the new one lets through, and what the old one did, that the other does not.
    Known(Option<Lacking>, Option<Lacking>),
    /// There are more ways than are tried.
    TooLarge,
}

impl Terms {
    /// A quorum as the canonical model writes it.
    pub(super) fn read(&mut self, value: &Value) -> Option<Quorum> {
        if value == "none" {
            return Some(Quorum::None);
        }
        let count = |word: &str| value.get(word).and_then(Value::as_u64).map(|count| count as u32);
        if let Some(parts) = value.get("of").and_then(Value::as_array) {
            let parts: Option<Vec<Quorum>> = parts.iter().map(|part| self.read(part)).collect();
            return Some(Quorum::Threshold(count("at_least")?, parts?));
        }
        let name = ["function", "person", "team"]
            .iter()
            .find_map(|word| value.get(word).and_then(Value::as_str).map(|name| format!("{word} {name}")))?;
        Some(Quorum::Seat(count("people").unwrap_or(1), self.number(name)))
    }

    fn number(&mut self, name: String) -> FunctionId {
        let known = self.names.iter().position(|other| *other == name);
        let index = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        FunctionId(index as u32)
    }

    /// What stands under a number, as `function std.functions.privacy`.
    pub(super) fn name(&self, function: FunctionId) -> &str {
        self.names.get(function.index()).map_or("", String::as_str)
    }

    /// Functions as people say them, as `2 privacy and security`.
    pub(super) fn said(&self, functions: &Functions) -> String {
        let names: Vec<String> = functions
            .iter()
            .map(|(function, count)| match count {
                0 | 1 => short(self.name(*function)).to_owned(),
                count => format!("{count} {}", short(self.name(*function))),
            })
            .collect();
        match names.is_empty() {
            true => "nobody".to_owned(),
            false => crate::words::listed(&names),
        }
    }

    /// A quorum as people write it.
    pub(super) fn written(&self, quorum: &Quorum) -> String {
        match quorum {
            Quorum::None => "nobody".to_owned(),
            Quorum::Seat(1, function) => short(self.name(*function)).to_owned(),
            Quorum::Seat(count, function) => format!("{count} {}", short(self.name(*function))),
            Quorum::Threshold(need, parts) => {
                let all = parts.len() as u32 == *need;
                let inner = parts.iter().map(|part| match part {
                    Quorum::Threshold(..) => format!("({})", self.written(part)),
                    Quorum::None | Quorum::Seat(..) => self.written(part),
                });
                let inner: Vec<String> = inner.collect();
                match (all, need) {
                    (true, _) => inner.join(" and "),
                    (false, 1) => inner.join(" or "),
                    (false, need) => format!("{need} of ({})", inner.join(", ")),
                }
            }
        }
    }
}

/// Holds two quorums against each other: each way to meet the one against the other one.
pub(super) fn compare(old: &Quorum, new: &Quorum) -> Compared {
    match (beyond(new, old), beyond(old, new)) {
        (Some(weaker), Some(stronger)) => Compared::Known(weaker, stronger),
        _ => Compared::TooLarge,
    }
}

/// The way through one quorum that is furthest from another one; none where each way meets it, or nothing where that is
/// not known.
fn beyond(one: &Quorum, other: &Quorum) -> Option<Option<Lacking>> {
    let (ways_here, ways_there) = (ways(one)?, ways(other)?);
    let mut all = Vec::new();
    for way in &ways_here {
        let count = |function: FunctionId| way.get(&function).copied().unwrap_or(0);
        if !other.met(&count) {
            let missing = ways_there.iter().map(|option| {
                let missing = option.iter().filter(|(function, need)| count(**function) < **need);
                missing.map(|(function, need)| (*function, *need)).collect::<Functions>()
            });
            all.extend(missing.min_by_key(|missing| (missing.len(), missing.clone())));
        }
    }
    let furthest = all.into_iter().max_by_key(|missing| missing.len());
    Some(furthest.map(|missing| Lacking { missing }))
}

/// The fewest approvals that meet a quorum; none where that is not known.
pub(super) fn fewest(quorum: &Quorum) -> Option<u32> {
    ways(quorum)?.iter().map(|way| way.values().sum()).min()
}
