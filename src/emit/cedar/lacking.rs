//! How `explain.cedar` explains approvals: for each slot that a domain asks for, why the approval in it does
//! not count.

use crate::emit::answer::Denial;
use crate::emit::cedar::approvals::{Approvals, Declared, any_way, approval, bound, fresh, good, human, not_own, who};
use crate::emit::cedar::condition;
use crate::emit::cedar::domain::{fits, sound};
use crate::emit::cedar::quorum::{self, Slot, conflict};
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Expression, all, any, choice, context, context_has, text};
use crate::emit::cedar::words::{cited, sources};
use crate::emit::mention::{Mention, mentions};
use crate::emit::policy::{Domain, Group, Policy, Quorum, slots};
use crate::emit::reason::Reason;
use crate::words::{duration, list};
use std::collections::BTreeSet;

const TRUE: Expression = Expression::Boolean(true);
const FALSE: Expression = Expression::Boolean(false);

/// The condition for a case; an error where it would be too large.
type Said = Result<Expression, String>;

/// The condition for the quorums in force, one in each domain.
type OfQuorums<'f> = dyn Fn(&[(&str, &Quorum)]) -> Said + 'f;

/// Everything that the approvals of a group can lack.
pub fn requirements(policy: &Policy, group: &Group) -> Result<Vec<Requirement>, String> {
    let lacking = Lacking {
        policy,
        group,
        domains: group
            .domains
            .iter()
            .filter_map(|id| Some((id.as_str(), policy.domains.get(id)?)))
            .collect(),
        approvals: Approvals::of(policy, group)?,
    };
    let mut asked = Vec::new();
    for (id, domain) in &lacking.domains {
        asked.extend(lacking.unknown(id, domain)?);
        for slot in slots_of(id, domain) {
            asked.extend(lacking.of_slot(domain, &slot)?);
        }
    }
    asked.extend(lacking.same_person()?);
    // A slot that is never required cannot be missing.
    asked.retain(|requirement| requirement.premise != FALSE);
    Ok(asked)
}

struct Lacking<'a> {
    policy: &'a Policy,
    group: &'a Group,
    domains: Vec<(&'a str, &'a Domain)>,
    approvals: Approvals<'a>,
}

impl Lacking<'_> {
    /// No tier holds, or its quorum cannot be met at all.
    fn unknown(&self, id: &str, domain: &Domain) -> Result<Option<Requirement>, String> {
        let premise = in_force(domain, &|quorum| match quorum {
            None => Ok(TRUE),
            Some(quorum) => self.asked(id, quorum, &|mention| mention.function.is_none()),
        })?;
        let sentence = format!("{}: the domain requires something that people can give", domain.title);
        Ok(Some(Requirement {
            id: format!("{id}/quorum"),
            denial: Denial::by(id, Reason::Missing),
            note: cited(&sentence, places(domain)),
            source: sources(places(domain)),
            premise,
            condition: FALSE,
        }))
    }

    /// What can be wrong with the approval in a slot, wherever the slot is needed.
    fn of_slot(&self, domain: &Domain, slot: &Slot) -> Result<Vec<Requirement>, String> {
        let number = number(&slot.domain, domain, slot);
        let premise = in_force(domain, &|quorum| match quorum {
            None => Ok(FALSE),
            Some(quorum) => self.asked(&slot.domain, quorum, &|mention| {
                mention.function == Some(&slot.function) && mention.count >= number
            }),
        })?;
        let given = || context("approvals").has(&slot.key);
        let if_given = |holds: Expression| choice(given(), holds, TRUE);
        let one = |reason: Reason, sentence: &str, condition: Expression| Requirement {
            id: format!("approval/{}/{}", reason.code(), slot.key),
            denial: Denial::at(&slot.domain, &slot.function, &slot.key, reason),
            note: cited(
                &format!("{}: the approval of {} {sentence}", domain.title, who(slot)),
                places(domain),
            ),
            source: sources(places(domain)),
            premise: premise.clone(),
            condition,
        };
        let held = any(self.windows(slot));
        let eligible = all([held].into_iter().chain(not_own(self.policy, slot, Declared::Perhaps)));
        let within = format!("was given within {}", duration(domain.valid));
        Ok(vec![
            one(Reason::Missing, "is there", given()),
            one(Reason::BoundElsewhere, "is for this very change", if_given(bound(slot))),
            one(
                Reason::Ineligible,
                "is from somebody who could give it then and can give it now",
                if_given(eligible),
            ),
            one(Reason::Stale, &within, if_given(fresh(self.policy, slot, Declared::Perhaps))),
        ])
    }

    /// Each way to hold the seat of a slot, both when the approval was given and now.
    fn windows(&self, slot: &Slot) -> Vec<Expression> {
        let (by, at) = (|| approval(slot).get("by"), || approval(slot).get("at"));
        let held = |tag: &String| {
            let starts = || by().tag(text(tag)).get("starts");
            let ends = || by().tag(text(tag)).get("ends");
            all([
                by().has_tag(text(tag)),
                starts().at_most(at()),
                at().below(ends()),
                starts().at_most(context("now")),
                context("now").below(ends()),
            ])
        };
        let count = quorum::most_windows(self.policy, slot);
        quorum::window_tags(&slot.domain, &slot.function, count).iter().map(held).collect()
    }

    /// The condition that one of these mentions counts: no part around it is met.
    fn asked(&self, id: &str, quorum: &Quorum, wanted: &dyn Fn(&Mention) -> bool) -> Said {
        let mut chains = Vec::new();
        for mention in mentions(quorum).iter().filter(|mention| wanted(mention)) {
            let unmet = mention.within.iter().map(|part| Ok(self.met(id, part)?.negate()));
            chains.push(all(unmet.collect::<Result<Vec<_>, String>>()?));
        }
        Ok(any_way(chains))
    }

    /// The condition that good approvals meet a part of a quorum, whoever gave them.
    fn met(&self, id: &str, part: &Quorum) -> Said {
        let ways = quorum::joint_ways(self.group, &[(id, part)])?;
        let way = |way: &BTreeSet<Slot>| all(way.iter().map(|slot| good(self.policy, slot, Declared::Perhaps)));
        Ok(any_way(ways.iter().map(way).collect()))
    }

    /// Enough good approvals, but from too few different people.
    fn same_person(&self) -> Result<Vec<Requirement>, String> {
        let titles = self.domains.iter().map(|(_, domain)| domain.title.as_str());
        let all_places = || self.domains.iter().flat_map(|(_, domain)| places(domain));
        let sentence = format!("{}: different people where different people are required", list(titles, "and"));
        let one = |id: String, denial: Denial, premise: Expression| Requirement {
            id,
            denial,
            note: cited(&sentence, all_places()),
            source: sources(all_places()),
            premise,
            condition: FALSE,
        };
        let code = Reason::SamePerson.code();
        if !self.policy.tells_slots(self.group) {
            let premise = self.case_by_case(&|quorums| {
                let doubled = self.approvals.joint(quorums)?.negate();
                Ok(both(self.all_met(quorums)?, doubled))
            })?;
            let denial = Denial::plain(Reason::SamePerson);
            return Ok(vec![one(format!("approval/{code}"), denial, premise)]);
        }
        let mut asked = Vec::new();
        for (id, domain) in &self.domains {
            for slot in slots_of(id, domain) {
                let premise = self.case_by_case(&|quorums| self.doubled(&slot, quorums))?;
                let denial = Denial::at(id, &slot.function, &slot.key, Reason::SamePerson);
                asked.push(one(format!("approval/{code}/{}", slot.key), denial, premise));
            }
        }
        Ok(asked)
    }

    /// The condition that the person in a slot also fills another slot that needs another person, and that this
    /// is the problem.
    fn doubled(&self, slot: &Slot, quorums: &[(&str, &Quorum)]) -> Said {
        let named: BTreeSet<Slot> = quorums.iter().flat_map(|(id, quorum)| named(id, quorum)).collect();
        let others = named.iter().filter(|other| *other != slot && conflict(self.policy, slot, other));
        // If every slot is required, a request fills every slot. Then two slots with one person are one person
        // too few.
        let whole = quorums
            .iter()
            .all(|(_, quorum)| mentions(quorum).iter().all(|mention| mention.within.is_empty()));
        let same = |other: &Slot| human(other).equals(human(slot));
        if !named.contains(slot) {
            return Ok(FALSE);
        }
        if whole {
            return Ok(both(self.all_met(quorums)?, any(others.map(same))));
        }
        let twice = others.map(|other| all([good(self.policy, other, Declared::Perhaps), same(other)]));
        let doubled = both(good(self.policy, slot, Declared::Perhaps), any(twice));
        let lacking = both(self.all_met(quorums)?, self.approvals.joint(quorums)?.negate());
        Ok(both(lacking, doubled))
    }

    fn all_met(&self, quorums: &[(&str, &Quorum)]) -> Said {
        let each = quorums.iter().map(|(id, quorum)| self.met(id, quorum));
        Ok(all(each.collect::<Result<Vec<_>, _>>()?))
    }

    /// The condition on the quorums that are in force, for all domains at once, if each domain has one.
    fn case_by_case(&self, said: &OfQuorums) -> Said {
        let known = all(self.domains.iter().map(|(_, domain)| fits(domain)));
        let usual = self.tiers(false, &mut Vec::new(), said)?;
        let sound: Vec<Expression> = self.domains.iter().filter_map(|(_, domain)| sound(domain)).collect();
        if sound.is_empty() {
            return Ok(both(known, usual));
        }
        let urgent = both(all(sound), self.tiers(true, &mut Vec::new(), said)?);
        Ok(both(known, fork(context_has("emergency"), urgent, usual)))
    }

    fn tiers<'s>(&'s self, emergency: bool, before: &mut Vec<(&'s str, &'s Quorum)>, said: &OfQuorums) -> Said {
        let Some((id, domain)) = self.domains.get(before.len()) else {
            return said(before);
        };
        let mut next = |quorum: &'s Quorum| {
            before.push((id, quorum));
            let said = self.tiers(emergency, before, said);
            before.pop();
            said
        };
        if let Some(declared) = domain.emergency.as_ref().filter(|_| emergency) {
            return next(&declared.quorum);
        }
        let mut otherwise = FALSE;
        for tier in domain.tiers.iter().rev() {
            let then = next(&tier.quorum)?;
            otherwise = match &tier.condition {
                None => then,
                Some(condition) => fork(condition::expression(condition, domain)?, then, otherwise),
            };
        }
        Ok(otherwise)
    }
}

/// The condition for the quorum in force in a domain, or for a domain without one; only where it is known which
/// applies.
fn in_force(domain: &Domain, said: &dyn Fn(Option<&Quorum>) -> Said) -> Said {
    let mut usual = said(None)?;
    for tier in domain.tiers.iter().rev() {
        let then = said(Some(&tier.quorum))?;
        usual = match &tier.condition {
            None => then,
            Some(condition) => fork(condition::expression(condition, domain)?, then, usual),
        };
    }
    let known = fits(domain);
    let Some((emergency, sound)) = domain.emergency.as_ref().zip(sound(domain)) else {
        return Ok(both(known, usual));
    };
    let urgent = both(sound, said(Some(&emergency.quorum))?);
    Ok(both(known, fork(context_has("emergency"), urgent, usual)))
}

/// Both conditions; false if one of them is always false.
fn both(one: Expression, other: Expression) -> Expression {
    if one == FALSE || other == FALSE { FALSE } else { all([one, other]) }
}

/// An expression that is `then` if a condition holds and `otherwise` if it does not, as short as possible.
fn fork(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
    match (then == otherwise, then == FALSE, otherwise == FALSE) {
        (false, true, false) => both(condition.negate(), otherwise),
        (false, false, true) => both(condition, then),
        (true, _, _) | (false, false, false) | (false, true, true) => choice(condition, then, otherwise),
    }
}

/// Every slot of a domain.
fn slots_of(id: &str, domain: &Domain) -> Vec<Slot> {
    let slots = domain.slots(id).into_iter();
    slots.map(|(key, function)| slot(id, function, key)).collect()
}

/// Every slot that a quorum names.
fn named(id: &str, quorum: &Quorum) -> Vec<Slot> {
    let of = |function: &str| {
        let keys = slots(id, function, quorum.most(function)).into_iter();
        keys.map(|key| slot(id, function.to_owned(), key)).collect::<Vec<_>>()
    };
    quorum.functions().into_iter().flat_map(of).collect()
}

fn slot(id: &str, function: String, key: String) -> Slot {
    Slot {
        domain: id.to_owned(),
        function,
        key,
    }
}

/// Which slot of its function it is, the first being 1.
fn number(id: &str, domain: &Domain, slot: &Slot) -> u32 {
    let keys = slots(id, &slot.function, domain.most(&slot.function));
    keys.iter().position(|key| *key == slot.key).map_or(0, |place| place as u32 + 1)
}

/// Where a domain states who approves.
fn places(domain: &Domain) -> BTreeSet<&str> {
    let emergency = domain.emergency.iter().map(|emergency| emergency.source.as_str());
    domain.tiers.iter().map(|tier| tier.source.as_str()).chain(emergency).collect()
}
