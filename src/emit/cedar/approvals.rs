//! Approvals: each slot good, by different people where it takes different people, as many as the quorums in force ask for.

use crate::emit::cedar::quorum::{self, Cases, Quorums, Slot};
use crate::emit::cedar::requirement::{Reason, Requirement};
use crate::emit::cedar::tree::{Expression, all, any, choice, context, context_has, number, text};
use crate::emit::cedar::words::{cited, different_people, duration, list, sources};
use crate::emit::policy::{Domain, Group, Policy};
use std::collections::BTreeSet;

/// How much is looked at: each takes in those before it. A permit looks at everything; a reason is the first that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// There is an approval.
    Given,
    /// It is for this very change.
    Bound,
    /// By somebody who can give it.
    Eligible,
    /// Not too long ago.
    Fresh,
    /// By different people.
    Different,
}

impl Depth {
    /// Every depth with the reason it stands for.
    pub const ALL: [(Depth, Reason); 5] = [
        (Depth::Given, Reason::Missing),
        (Depth::Bound, Reason::BoundElsewhere),
        (Depth::Eligible, Reason::Ineligible),
        (Depth::Fresh, Reason::Stale),
        (Depth::Different, Reason::SamePerson),
    ];
}

/// The approvals of a group.
pub struct Approvals<'a> {
    policy: &'a Policy,
    group: &'a Group,
    quorums: Quorums,
    common: BTreeSet<Slot>,
}

impl<'a> Approvals<'a> {
    /// Those that the domains of a group ask for.
    pub fn of(policy: &'a Policy, group: &'a Group) -> Result<Approvals<'a>, String> {
        let quorums = quorum::of_group(policy, group)?;
        let common = quorums.cases.common();
        Ok(Approvals {
            policy,
            group,
            quorums,
            common,
        })
    }

    /// What a permit asks for: the slots that every way takes one by one, then the rest case by case.
    pub fn requirements(&self) -> Vec<Requirement> {
        let mut asked: Vec<Requirement> = self.common.iter().map(|slot| self.slot(slot)).collect();
        let different = self.different(&self.common, &BTreeSet::new());
        if !different.is_empty() {
            let given = self.common.iter().map(|slot| context("approvals").has(&slot.key));
            asked.push(self.requirement("different", Reason::SamePerson, self.different_note(), all(given.chain(different))));
        }
        if !self.quorums.cases.is_only(&self.common) {
            let rest = quorum::guarded(
                &self.quorums.guards,
                self.cases(&self.quorums.cases, Depth::Different, &self.common),
            );
            asked.push(self.requirement("quorum", Reason::Missing, self.quorum_note(), rest));
        }
        asked
    }

    /// Everything up to a depth, as one expression that needs nothing else.
    pub fn up_to(&self, depth: Depth) -> Expression {
        let nothing = BTreeSet::new();
        let guards = if self.quorums.cases.forks() {
            self.quorums.guards.as_slice()
        } else {
            &[]
        };
        quorum::guarded(guards, self.cases(&self.quorums.cases, depth, &nothing))
    }

    /// Whether it takes nobody, whatever the case.
    pub fn ask_nothing(&self) -> bool {
        self.common.is_empty() && self.quorums.cases.is_only(&self.common)
    }

    /// Where it is written.
    pub fn sources(&self) -> String {
        sources(self.domains().flat_map(|domain| self.tier_sources(domain)))
    }

    /// What it takes, in words.
    pub fn quorum_note(&self) -> String {
        if self.quorums.cases.forks() {
            let titles = self.domains().map(|domain| domain.title.as_str());
            let sources = self.domains().map(|domain| domain.source.as_str());
            return cited(&format!("{}: who has to approve, case by case", list(titles, "and")), sources);
        }
        self.quorums.cases.notes().join("; ")
    }

    /// The requirement that an approval is given in a slot.
    fn slot(&self, slot: &Slot) -> Requirement {
        let Some(domain) = self.policy.domains.get(&slot.domain) else {
            return self.requirement(&slot.key, Reason::Missing, String::new(), Expression::Boolean(false));
        };
        let sentence = format!(
            "{}: {} approves, for this very change, within {}",
            domain.title,
            who(slot),
            duration(domain.valid)
        );
        let places: BTreeSet<&str> = self.tier_sources(domain);
        Requirement {
            id: format!("approval/{}", slot.key),
            reason: Reason::Missing,
            note: cited(&sentence, places.clone()),
            source: sources(places),
            condition: self.good(slot, Depth::Different),
        }
    }

    fn tier_sources<'b>(&self, domain: &'b Domain) -> BTreeSet<&'b str> {
        let emergency = domain.emergency.iter().map(|emergency| emergency.source.as_str());
        let tiers = domain.tiers.iter().map(|tier| tier.source.as_str());
        tiers.chain(emergency).collect()
    }

    fn requirement(&self, id: &str, reason: Reason, note: String, condition: Expression) -> Requirement {
        Requirement {
            id: format!("approval/{id}"),
            reason,
            note,
            source: self.sources(),
            condition,
        }
    }

    fn domains(&self) -> impl Iterator<Item = &'a Domain> {
        let policy = self.policy;
        self.group.domains.iter().filter_map(|id| policy.domains.get(id))
    }

    fn different_note(&self) -> String {
        let functions: BTreeSet<&str> = self.common.iter().map(|slot| slot.function.as_str()).collect();
        let places: Vec<&str> = self.domains().flat_map(|domain| self.tier_sources(domain)).collect();
        let sentence = match (functions.len(), self.group.domains.len()) {
            (1, 1) => format!("{}: {}", list(functions, "and"), different_people(self.common.len())),
            (count, 1) if count == self.common.len() => {
                format!("{} are {}", list(functions, "and"), different_people(count))
            }
            (_, _) => format!("{}: different people, each as one function only", list(functions, "and")),
        };
        cited(&sentence, places)
    }

    fn cases(&self, cases: &Cases, depth: Depth, done: &BTreeSet<Slot>) -> Expression {
        match cases {
            Cases::Ways(ways) => any_way(ways.iter().map(|way| self.way(way, depth, done)).collect()),
            Cases::Fork {
                condition,
                then,
                otherwise,
            } => choice(condition.clone(), self.cases(then, depth, done), self.cases(otherwise, depth, done)),
            Cases::Noted(_, inner) if !self.quorums.cases.forks() => self.cases(inner, depth, done),
            Cases::Noted(note, inner) => self.cases(inner, depth, done).noted(note.clone()),
        }
    }

    /// The slots of a way that are not done, and that nobody stands in two that exclude each other.
    fn way(&self, way: &BTreeSet<Slot>, depth: Depth, done: &BTreeSet<Slot>) -> Expression {
        let open = way - done;
        let mut parts: Vec<Expression> = open.iter().map(|slot| self.part(slot, depth, open.len() > 1)).collect();
        if depth >= Depth::Different {
            let conflicts = |other: &&Slot| open.iter().any(|slot| quorum::conflict(self.policy, slot, other));
            let against = done.iter().filter(conflicts);
            let given = against.map(|slot| context("approvals").has(&slot.key));
            let different = all(given.chain(self.different(&open, done)));
            if different != Expression::Boolean(true) {
                parts.push(different.noted("different people".to_owned()));
            }
        }
        if parts.len() > 1 { Expression::All(parts) } else { all(parts) }
    }

    /// A good approval as one part of a way, under its own comment where there are several.
    fn part(&self, slot: &Slot, depth: Depth, several: bool) -> Expression {
        let good = self.good(slot, depth);
        if !several || depth == Depth::Given {
            return good;
        }
        let title = self.policy.domains.get(&slot.domain).map(|domain| domain.title.as_str());
        match title {
            Some(title) if self.group.domains.len() > 1 => good.noted([title, ": ", &who(slot)].concat()),
            Some(_) | None => good.noted(who(slot)),
        }
    }

    /// Inequalities among some slots, and between them and others; to be read where the approvals are known to be there.
    fn different(&self, slots: &BTreeSet<Slot>, others: &BTreeSet<Slot>) -> Vec<Expression> {
        let mut pairs = Vec::new();
        for one in slots {
            for two in slots.iter().filter(|two| *two > one).chain(others) {
                if quorum::conflict(self.policy, one, two) {
                    pairs.push(approval(one).get("by").differs(approval(two).get("by")));
                }
            }
        }
        pairs
    }

    /// That the approval in a slot is good, as far as this depth looks.
    fn good(&self, slot: &Slot, depth: Depth) -> Expression {
        let by = || approval(slot).get("by");
        let at = || approval(slot).get("at");
        let mut parts = vec![context("approvals").has(&slot.key)];
        if depth >= Depth::Bound {
            parts.push(approval(slot).get("for").equals(context("binding")));
        }
        if depth >= Depth::Eligible {
            let held = |tag: &String| {
                let window = || by().tag(text(tag));
                // `at` is not after `now` (see below), so this is the whole window.
                all([
                    by().has_tag(text(tag)),
                    window().get("starts").at_most(at()),
                    context("now").below(window().get("ends")),
                ])
            };
            let count = quorum::most_windows(self.policy, slot);
            parts.push(any(quorum::window_tags(&slot.domain, &slot.function, count).iter().map(held)));
            for other in ["on_behalf_of", "requested_by"] {
                parts.push(all([context_has(other), context(other).equals(by())]).negate());
            }
        }
        if depth >= Depth::Fresh {
            let valid = self.policy.domains.get(&slot.domain).map(|domain| domain.valid).unwrap_or(0);
            parts.extend([
                at().at_least(number(0)),
                at().at_most(context("now")),
                context("now").minus(at()).at_most(number(valid)),
            ]);
        }
        all(parts)
    }
}

/// `business`, or for a further slot `another person of business`.
fn who(slot: &Slot) -> String {
    let first = [&slot.domain, "/", &slot.function].concat() == slot.key;
    let another = if first { "" } else { "another person of " };
    [another, &slot.function].concat()
}

fn approval(slot: &Slot) -> Expression {
    context("approvals").get(&slot.key)
}

/// One of these ways; a way that asks for nothing makes the others idle.
fn any_way(ways: Vec<Expression>) -> Expression {
    match ways.iter().find(|way| **way == Expression::Boolean(true)) {
        Some(nothing) => nothing.clone(),
        None => any(ways),
    }
}
