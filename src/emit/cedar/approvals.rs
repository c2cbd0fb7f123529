//! Approvals: each slot good, from different people where required, and as many as the quorums in force ask
//! for.

use crate::emit::answer::Denial;
use crate::emit::cedar::quorum::{self, Cases, Quorums, Slot};
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Expression, all, any, choice, context, context_has, number, principal, text};
use crate::emit::cedar::words::{cited, different_people, sources};
use crate::emit::policy::{Agent, Domain, Group, Policy, Quorum};
use crate::emit::reason::Reason;
use crate::words::{duration, list};
use std::collections::BTreeSet;

/// What is known at a place in a permit about whether an emergency is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// It may be.
    Perhaps,
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl Declared {
    /// The state as a condition, where it is known.
    pub fn condition(self) -> Option<Expression> {
        match self {
            Declared::Perhaps => None,
            Declared::Yes => Some(context_has("emergency")),
            Declared::No => Some(context_has("emergency").negate()),
        }
    }

    /// What is known if a condition holds, and what is known if it does not.
    fn after(self, condition: &Expression) -> [Declared; 2] {
        match *condition == context_has("emergency") {
            true => [Declared::Yes, Declared::No],
            false => [self, self],
        }
    }
}

/// The approvals of a group.
pub struct Approvals<'a> {
    policy: &'a Policy,
    group: &'a Group,
    quorums: Quorums,
    common: BTreeSet<Slot>,
    /// The cases in which the approvals are required; all cases if empty.
    only: Vec<Expression>,
}

impl<'a> Approvals<'a> {
    /// The approvals that the domains of a group require.
    pub fn of(policy: &'a Policy, group: &'a Group) -> Result<Approvals<'a>, String> {
        let quorums = quorum::of_group(policy, group)?;
        let common = quorums.cases.common();
        Ok(Approvals {
            policy,
            group,
            quorums,
            common,
            only: Vec::new(),
        })
    }

    /// The same with and without an emergency, where a domain uses one.
    pub fn by_emergency(self) -> Vec<Approvals<'a>> {
        match &self.quorums.cases {
            Cases::Fork { condition, .. } if *condition == context_has("emergency") => {
                let mut halves: Vec<Approvals> = self.halves().into_iter().flatten().collect();
                // The usual case first.
                halves.reverse();
                halves
            }
            _ => vec![self],
        }
    }

    /// The same approvals in two parts, either of which is enough: two cases, or two halves of the ways. `None`
    /// where there is only one way.
    pub fn halves(&self) -> Option<[Approvals<'a>; 2]> {
        let halves = self.quorums.cases.halves()?;
        Some(halves.map(|(condition, cases)| Approvals {
            policy: self.policy,
            group: self.group,
            common: cases.common(),
            quorums: Quorums {
                guards: self.quorums.guards.clone(),
                cases,
            },
            only: self.only.iter().cloned().chain(condition).collect(),
        }))
    }

    /// What a permit requires: one by one the slots that every way takes, then the rest case by case.
    pub fn requirements(&self) -> Vec<Requirement> {
        // A clause of its own needs its own guard: validation does not look at other clauses.
        let known = match self.declared() {
            Declared::Yes => Declared::Perhaps,
            other => other,
        };
        let mut asked: Vec<Requirement> = self.common.iter().map(|slot| self.slot(slot, known)).collect();
        let different = self.different(&self.common, &BTreeSet::new());
        if !different.is_empty() {
            let given = self.common.iter().map(|slot| context("approvals").has(&slot.key));
            asked.push(self.requirement("different", Reason::SamePerson, self.different_note(), all(given.chain(different))));
        }
        // A clause of the permit tests whether an emergency is declared. If one can be declared, the test is
        // repeated before the parts of the emergency are read.
        let declared = self.declared().condition();
        let known = |condition: &&Expression| declared.as_ref() == Some(*condition);
        if !(self.only.iter().all(|condition| known(&condition)) && self.quorums.cases.is_only(&self.common)) {
            let needless = |condition: &&Expression| self.declared() == Declared::No && known(condition);
            let cases = self
                .only
                .iter()
                .filter(|condition| !needless(condition))
                .cloned()
                .chain([self.cases(&self.quorums.cases, &self.common, self.declared())]);
            let rest = quorum::guarded(&self.quorums.guards, all(cases));
            asked.push(self.requirement("quorum", Reason::Missing, self.quorum_note(), rest));
        }
        asked
    }

    /// The condition that good approvals of different people meet all of these quorums.
    pub fn joint(&self, quorums: &[(&str, &Quorum)]) -> Result<Expression, String> {
        let ways = quorum::joint_ways(self.group, quorums)?;
        let nothing = BTreeSet::new();
        Ok(any_way(ways.iter().map(|way| self.way(way, &nothing, Declared::Perhaps)).collect()))
    }

    /// What is known about an emergency in all remaining cases.
    pub fn declared(&self) -> Declared {
        match &self.only[..] {
            only if only.contains(&context_has("emergency")) => Declared::Yes,
            only if only.contains(&context_has("emergency").negate()) => Declared::No,
            _ => Declared::Perhaps,
        }
    }

    /// Whether no approvals suffice.
    pub fn cannot_be(&self) -> bool {
        self.quorums.cases.has_no_way()
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
    fn slot(&self, slot: &Slot, known: Declared) -> Requirement {
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
            denial: Denial::at(&slot.domain, &slot.function, &slot.key, Reason::Missing),
            premise: Expression::Boolean(true),
            note: cited(&sentence, places.clone()),
            source: sources(places),
            condition: good(self.policy, slot, known),
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
            denial: Denial::plain(reason),
            premise: Expression::Boolean(true),
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

    fn cases(&self, cases: &Cases, done: &BTreeSet<Slot>, known: Declared) -> Expression {
        match cases {
            Cases::Ways(ways) => any_way(ways.iter().map(|way| self.way(way, done, known)).collect()),
            Cases::Fork {
                condition,
                then,
                otherwise,
            } => {
                let [yes, no] = known.after(condition);
                choice(condition.clone(), self.cases(then, done, yes), self.cases(otherwise, done, no))
            }
            Cases::Noted(_, inner) if !self.quorums.cases.forks() => self.cases(inner, done, known),
            Cases::Noted(note, inner) => self.cases(inner, done, known).noted(note.clone()),
        }
    }

    /// The conditions for a way: its slots that are not done yet, and that nobody fills two slots that exclude
    /// each other.
    fn way(&self, way: &BTreeSet<Slot>, done: &BTreeSet<Slot>, known: Declared) -> Expression {
        let open = way - done;
        let mut parts: Vec<Expression> = open.iter().map(|slot| self.part(slot, open.len() > 1, known)).collect();
        let conflicts = |other: &&Slot| open.iter().any(|slot| quorum::conflict(self.policy, slot, other));
        let against = done.iter().filter(conflicts);
        let given = against.map(|slot| context("approvals").has(&slot.key));
        let different = all(given.chain(self.different(&open, done)));
        if different != Expression::Boolean(true) {
            parts.push(different.noted("different people".to_owned()));
        }
        if parts.len() > 1 { Expression::All(parts) } else { all(parts) }
    }

    /// A good approval as one part of a way, under its own comment if there are several.
    fn part(&self, slot: &Slot, several: bool, known: Declared) -> Expression {
        let good = good(self.policy, slot, known);
        if !several {
            return good;
        }
        let title = self.policy.domains.get(&slot.domain).map(|domain| domain.title.as_str());
        match title {
            Some(title) if self.group.domains.len() > 1 => good.noted([title, ": ", &who(slot)].concat()),
            Some(_) | None => good.noted(who(slot)),
        }
    }

    /// Inequalities among some slots, and between them and others. They may be read only where the approvals
    /// are known to exist.
    fn different(&self, slots: &BTreeSet<Slot>, others: &BTreeSet<Slot>) -> Vec<Expression> {
        let mut pairs = Vec::new();
        for one in slots {
            for two in slots.iter().filter(|two| *two > one).chain(others) {
                if quorum::conflict(self.policy, one, two) {
                    pairs.push(human(one).differs(human(two)));
                }
            }
        }
        pairs
    }
}

/// The condition that a slot has a good approval.
pub fn good(policy: &Policy, slot: &Slot, known: Declared) -> Expression {
    let by = || approval(slot).get("by");
    let at = || approval(slot).get("at");
    let held = |tag: &String| {
        let window = || by().tag(text(tag));
        // `at` is not after `now` (see below), so this is the whole window.
        all([
            by().has_tag(text(tag)),
            window().get("starts").at_most(at()),
            context("now").below(window().get("ends")),
        ])
    };
    let count = quorum::most_windows(policy, slot);
    let windows = quorum::window_tags(&slot.domain, &slot.function, count);
    all([context("approvals").has(&slot.key), bound(slot), any(windows.iter().map(held))]
        .into_iter()
        .chain(not_own(policy, slot, known))
        .chain([fresh(policy, slot, known)]))
}

/// The condition that an existing approval is for this exact change.
pub fn bound(slot: &Slot) -> Expression {
    approval(slot).get("for").equals(context("binding"))
}

/// The human who gave an existing approval. Its approver must be known to be a person of the policy.
pub fn human(slot: &Slot) -> Expression {
    approval(slot).get("by").get("human")
}

/// The condition that the approver, a person of the policy, is somebody else than the one acted for, the one
/// who asked, the one whose account the agent runs as and, in an emergency of the domain, the one who declared
/// it.
pub fn not_own(policy: &Policy, slot: &Slot, known: Declared) -> Vec<Expression> {
    let same = |person: Expression| all([person.clone().has("human"), person.get("human").equals(human(slot))]);
    let runs_as = || principal().tag(context("principal"));
    let mut own = vec![
        all([context_has("on_behalf_of"), same(context("on_behalf_of"))]),
        same(context("requested_by")),
    ];
    // Where no agent can appear as somebody's account, there is nothing to compare.
    let runs_as_somebody = |agent: &Agent| agent.principals.values().any(|principal| principal.human.is_some());
    if policy.agents.values().any(runs_as_somebody) {
        own.push(all([principal().has_tag(context("principal")), same(runs_as())]));
    }
    own.extend(declared(policy, slot, known).map(|declared| all([declared, same(context("emergency").get("declared_by"))])));
    own.into_iter().map(Expression::negate).collect()
}

/// The condition that an emergency is declared and that the domain of a slot uses it; `None` if that is
/// impossible. Where the state is known, there is nothing to test.
fn declared(policy: &Policy, slot: &Slot, known: Declared) -> Option<Expression> {
    policy.domains.get(&slot.domain)?.emergency.as_ref()?;
    match known {
        Declared::Perhaps => Some(context_has("emergency")),
        Declared::Yes => Some(Expression::Boolean(true)),
        Declared::No => None,
    }
}

/// The condition that an existing approval is neither too old nor from the future, nor from before an emergency
/// of the domain.
pub fn fresh(policy: &Policy, slot: &Slot, known: Declared) -> Expression {
    let at = || approval(slot).get("at");
    let valid = policy.domains.get(&slot.domain).map(|domain| domain.valid).unwrap_or(0);
    let since = declared(policy, slot, known).map(|declared| all([declared, at().below(context("emergency").get("at"))]).negate());
    all([
        at().at_least(number(0)),
        at().at_most(context("now")),
        context("now").minus(at()).at_most(number(valid)),
    ]
    .into_iter()
    .chain(since))
}

/// `business`, or for a further slot `another person of business`.
pub fn who(slot: &Slot) -> String {
    let first = [&slot.domain, "/", &slot.function].concat() == slot.key;
    let another = if first { "" } else { "another person of " };
    [another, &slot.function].concat()
}

/// The approval in a slot.
pub fn approval(slot: &Slot) -> Expression {
    context("approvals").get(&slot.key)
}

/// One of these ways; a way that requires nothing makes the others superfluous.
pub fn any_way(ways: Vec<Expression>) -> Expression {
    match ways.iter().find(|way| **way == Expression::Boolean(true)) {
        Some(nothing) => nothing.clone(),
        None => any(ways),
    }
}
