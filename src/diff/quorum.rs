//! Compares the quorums of two models by the names of the functions or people in them.

use crate::diff::short;
use crate::facts::entailment::Functions;
use crate::model::ways::ways;
use crate::model::{FunctionId, Quorum};
use serde_json::Value;

/// The names in both models. A name has the same number in both.
#[derive(Default)]
pub(super) struct Terms {
    names: Vec<String>,
}

/// What is missing when one quorum is met and the other is not.
pub(super) struct Lacking {
    /// The functions whose approvals are missing, each with the number of approvals that the other quorum
    /// requires.
    pub missing: Functions,
}

/// The result of comparing two quorums.
pub(super) enum Compared {
    /// First what the new quorum no longer requires, then what it requires in addition.
    Known(Option<Lacking>, Option<Lacking>),
    /// A quorum can be met in too many ways to try them all.
    TooLarge,
}

impl Terms {
    /// Reads a quorum from the canonical model.
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

    /// The name with a number, as `function std.functions.privacy`.
    pub(super) fn name(&self, function: FunctionId) -> &str {
        self.names.get(function.index()).map_or("", String::as_str)
    }

    /// Functions for display, as `2 privacy and security`.
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

    /// A quorum for display.
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

/// Compares two quorums: checks each way to meet one of them against the other.
pub(super) fn compare(old: &Quorum, new: &Quorum) -> Compared {
    match (beyond(new, old), beyond(old, new)) {
        (Some(weaker), Some(stronger)) => Compared::Known(weaker, stronger),
        _ => Compared::TooLarge,
    }
}

/// Looks at each way to meet `one` that does not meet `other`, and returns what is missing in the way that lacks
/// most. The inner `None` means that each way to meet `one` meets `other`. The outer `None` means that there are
/// too many ways.
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

/// The fewest approvals that meet a quorum; `None` if there are too many ways to meet it.
pub(super) fn fewest(quorum: &Quorum) -> Option<u32> {
    ways(quorum)?.iter().map(|way| way.values().sum()).min()
}
