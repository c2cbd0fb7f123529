//! The quorums in force over a group of domains: which sets of slots suffice in which case.

use crate::emit::cedar::condition;
use crate::emit::cedar::tree::{Expression, all, context_has};
use crate::emit::cedar::words::{cited, quorum};
use crate::emit::policy::{Domain, Emergency, Group, Policy, Quorum, slots, ways};
use std::collections::{BTreeMap, BTreeSet};

/// A group with more ways than this gets no policy: nobody could read it.
pub const MOST_WAYS: usize = 4_096;

/// A place for one approval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The domain.
    pub domain: String,
    /// The function.
    pub function: String,
    /// The key in `context.approvals`.
    pub key: String,
}

/// Which slots must be filled, case by case.
#[derive(Clone, Debug)]
pub enum Cases {
    /// One of these sets; if empty, the request is refused.
    Ways(Vec<BTreeSet<Slot>>),
    /// Different cases, depending on whether a condition holds.
    Fork {
        /// The condition.
        condition: Expression,
        /// Where it holds.
        then: Box<Cases>,
        /// Where it does not.
        otherwise: Box<Cases>,
    },
    /// The cases that follow, with a text of what they require.
    Noted(String, Box<Cases>),
}

/// The cases of a group, and what must hold before their conditions can be read.
pub struct Quorums {
    /// Inputs that the conditions use are there.
    pub guards: Vec<Expression>,
    /// The cases.
    pub cases: Cases,
}

/// The quorums of a group.
pub fn of_group(policy: &Policy, group: &Group) -> Result<Quorums, String> {
    let domains: Vec<(&str, &Domain)> = group
        .domains
        .iter()
        .map(|id| {
            policy
                .domains
                .get(id)
                .map(|domain| (id.as_str(), domain))
                .ok_or_else(|| format!("the group `{}` refers to an unknown domain `{id}`", group.id))
        })
        .collect::<Result<_, _>>()?;
    let mut guards: Vec<Expression> = Vec::new();
    for guard in domains.iter().flat_map(|(_, domain)| condition::guards(domain)) {
        if !guards.contains(&guard) {
            guards.push(guard);
        }
    }
    let mut growth = Growth {
        group,
        emergency: false,
        ways: 0,
    };
    let start = vec![BTreeSet::new()];
    let usual = growth.grow(&domains, &start)?;
    let cases = if domains.iter().any(|(_, domain)| domain.emergency.is_some()) {
        growth.emergency = true;
        let emergency = growth.grow(&domains, &start)?;
        Cases::Fork {
            condition: context_has("emergency"),
            then: Box::new(emergency),
            otherwise: Box::new(usual),
        }
    } else {
        usual
    };
    Ok(Quorums { guards, cases })
}

/// Every set of slots that meets these quorums of some domains of a group.
pub fn joint_ways(group: &Group, quorums: &[(&str, &Quorum)]) -> Result<Vec<BTreeSet<Slot>>, String> {
    let growth = Growth {
        group,
        emergency: false,
        ways: 0,
    };
    quorums
        .iter()
        .try_fold(vec![BTreeSet::new()], |before, (id, quorum)| growth.joined(&before, id, quorum))
}

struct Growth<'a> {
    group: &'a Group,
    /// Whether an emergency is declared, so that it replaces the tiers of the domains that have one.
    emergency: bool,
    /// How many ways there are so far.
    ways: usize,
}

impl Growth<'_> {
    /// The cases of the remaining domains, after these sets of slots of the domains before.
    fn grow(&mut self, domains: &[(&str, &Domain)], before: &[BTreeSet<Slot>]) -> Result<Cases, String> {
        let Some(((id, domain), rest)) = domains.split_first() else {
            self.ways += before.len().max(1);
            return if self.ways > MOST_WAYS {
                Err(self.too_many())
            } else {
                Ok(Cases::Ways(before.to_vec()))
            };
        };
        let declared = domain.emergency.as_ref().filter(|_| self.emergency);
        if let Some(Emergency { quorum: asked, source, .. }) = declared {
            let cases = self.grow(rest, &self.joined(before, id, asked)?)?;
            let sentence = format!("{}, in an emergency: {}", domain.title, quorum(asked));
            let note = cited(&sentence, [source.as_str()]);
            return Ok(Cases::Noted(note, Box::new(cases)));
        }
        // From the last tier to the first: each precedes what follows it.
        let mut otherwise = Cases::Ways(Vec::new());
        for tier in domain.tiers.iter().rev() {
            let cases = self.grow(rest, &self.joined(before, id, &tier.quorum)?)?;
            let sentence = format!("{}: {}", domain.title, tier.text);
            let note = cited(&sentence, [tier.source.as_str()]);
            let noted = Cases::Noted(note, Box::new(cases));
            otherwise = match &tier.condition {
                None => noted,
                Some(condition) => Cases::Fork {
                    condition: condition::expression(condition, domain)?,
                    then: Box::new(noted),
                    otherwise: Box::new(otherwise),
                },
            };
        }
        Ok(otherwise)
    }

    /// Every set so far with every minimal way to meet a quorum.
    fn joined(&self, before: &[BTreeSet<Slot>], id: &str, quorum: &Quorum) -> Result<Vec<BTreeSet<Slot>>, String> {
        let ways = ways(quorum, MOST_WAYS).ok_or_else(|| self.too_many())?;
        if before.len().saturating_mul(ways.len()) > MOST_WAYS {
            return Err(self.too_many());
        }
        let slots_of = |(function, need): (&String, &u32)| {
            let slot = |key| Slot {
                domain: id.to_owned(),
                function: function.clone(),
                key,
            };
            slots(id, function, *need).into_iter().map(slot).collect::<Vec<_>>()
        };
        let ways: Vec<BTreeSet<Slot>> = ways.iter().map(|way| way.iter().flat_map(slots_of).collect()).collect();
        Ok(before.iter().flat_map(|set| ways.iter().map(move |way| set | way)).collect())
    }

    fn too_many(&self) -> String {
        format!(
            "the domains of `{}` can be satisfied in more than {MOST_WAYS} ways, too many for a readable policy",
            self.group.id
        )
    }
}

impl Cases {
    /// The slots that every way of every case takes.
    pub fn common(&self) -> BTreeSet<Slot> {
        let mut sets = Vec::new();
        self.collect(&mut sets);
        let mut sets = sets.into_iter();
        let first = sets.next().cloned().unwrap_or_default();
        sets.fold(first, |common, set| &common & set)
    }

    /// Whether nothing is required beyond these slots.
    pub fn is_only(&self, slots: &BTreeSet<Slot>) -> bool {
        match self {
            Cases::Ways(ways) => ways.iter().any(|way| way.is_subset(slots)),
            Cases::Fork { then, otherwise, .. } => then.is_only(slots) && otherwise.is_only(slots),
            Cases::Noted(_, inner) => inner.is_only(slots),
        }
    }

    /// Whether no set of slots is enough, whatever the case.
    pub fn has_no_way(&self) -> bool {
        let mut sets = Vec::new();
        self.collect(&mut sets);
        sets.is_empty()
    }

    /// The comments of it, in order, each once.
    pub fn notes(&self) -> Vec<&str> {
        match self {
            Cases::Ways(_) => Vec::new(),
            Cases::Fork { then, otherwise, .. } => {
                let mut notes = then.notes();
                notes.extend(otherwise.notes());
                let mut seen = BTreeSet::new();
                notes.retain(|note| seen.insert(*note));
                notes
            }
            Cases::Noted(note, inner) => std::iter::once(note.as_str()).chain(inner.notes()).collect(),
        }
    }

    /// Two parts that together are equal to this, each with its condition.
    pub fn halves(&self) -> Option<[(Option<Expression>, Cases); 2]> {
        match self {
            Cases::Ways(ways) if ways.len() < 2 => None,
            Cases::Ways(ways) => {
                let (front, back) = ways.split_at(ways.len() / 2);
                Some([front, back].map(|half| (None, Cases::Ways(half.to_vec()))))
            }
            Cases::Fork {
                condition,
                then,
                otherwise,
            } => Some([
                (Some(condition.clone()), then.as_ref().clone()),
                (Some(condition.clone().negate()), otherwise.as_ref().clone()),
            ]),
            Cases::Noted(note, inner) => {
                let halves = inner.halves()?;
                Some(halves.map(|(condition, cases)| (condition, Cases::Noted(note.clone(), Box::new(cases)))))
            }
        }
    }

    /// Whether there is more than one case.
    pub fn forks(&self) -> bool {
        match self {
            Cases::Ways(_) => false,
            Cases::Fork { .. } => true,
            Cases::Noted(_, inner) => inner.forks(),
        }
    }

    fn collect<'a>(&'a self, sets: &mut Vec<&'a BTreeSet<Slot>>) {
        match self {
            Cases::Ways(ways) => sets.extend(ways),
            Cases::Fork { then, otherwise, .. } => {
                then.collect(sets);
                otherwise.collect(sets);
            }
            Cases::Noted(_, inner) => inner.collect(sets),
        }
    }
}

/// The most windows that anybody has as a function of a domain; at least one, so that there is always something
/// to look up.
pub fn most_windows(policy: &Policy, slot: &Slot) -> usize {
    let none = BTreeMap::new();
    let seat = policy
        .domains
        .get(&slot.domain)
        .and_then(|domain| domain.seats.get(&slot.function))
        .unwrap_or(&none);
    seat.values().map(Vec::len).max().unwrap_or(0).max(1)
}

/// The tags under which a person's windows are kept: `domain/function`, then `domain/function#2` and so on.
pub fn window_tags(domain: &str, function: &str, count: usize) -> Vec<String> {
    let first = [domain, "/", function].concat();
    (1..=count)
        .map(|number| {
            if number == 1 {
                first.clone()
            } else {
                [&first, "#", &number.to_string()].concat()
            }
        })
        .collect()
}

/// Whether one person cannot fill both slots.
pub fn conflict(policy: &Policy, one: &Slot, two: &Slot) -> bool {
    let allows = |slot: &Slot| policy.domains.get(&slot.domain).is_some_and(|domain| domain.same_person);
    if one.function == two.function {
        one.domain == two.domain
    } else {
        !(allows(one) && allows(two))
    }
}

/// All of these, after the guards.
pub fn guarded(guards: &[Expression], condition: Expression) -> Expression {
    all(guards.iter().cloned().chain([condition]))
}

/// The resource of a group, if it has only one.
pub fn only_resource(group: &Group) -> Option<String> {
    let mut resources = group.resources.iter();
    match (resources.next(), resources.next()) {
        (Some(only), None) => Some(only.clone()),
        (Some(_) | None, _) => None,
    }
}
