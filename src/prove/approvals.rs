//! The claims about approvals: some set of good slots without a conflict meets every quorum in force.
//!
//! The sets are found by trying every number of first slots of each function. That is the definition of the
//! reference meaning, and not the method of the emitter.

use crate::emit::answer::Denial;
use crate::emit::policy::{Domain, Group, Policy, Quorum, slots};
use crate::emit::reason::Reason;
use crate::prove::claim::{Claim, domains, every, plain, quoted, some};
use crate::prove::inputs::{holds, known};
use std::collections::BTreeSet;

/// At most this many sets are tried.
const MOST_TRIED: usize = 1 << 16;

/// A place for one approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'p> {
    domain: &'p str,
    function: &'p str,
    place: usize,
}

/// A domain and its quorum in force.
type InForce<'p> = (&'p str, &'p Domain, &'p Quorum);

/// The claims: for each slot that every set takes, what makes it good; and then for all slots together.
pub fn claims(policy: &Policy, group: &Group) -> Result<Vec<Claim>, String> {
    let domains = domains(policy, group)?;
    let mut cases = Vec::new();
    let mut common: Option<Vec<Slot>> = None;
    for (condition, quorums) in combinations(&domains)? {
        let sets = sets(&quorums).ok_or_else(|| format!("`{}` can be approved in too many ways to try them all", group.id))?;
        for set in &sets {
            common = Some(match common {
                None => set.clone(),
                Some(before) => before.into_iter().filter(|slot| set.contains(slot)).collect(),
            });
        }
        let met = some(sets.iter().map(|set| approved(policy, set)));
        cases.push(format!("{condition} && ({met})"));
    }
    let mut claims = Vec::new();
    for slot in common.unwrap_or_default() {
        for (reason, condition) in parts(policy, slot) {
            let there = format!("context.approvals has {} && {condition}", quoted(&slot.key()));
            claims.push(Claim {
                denial: Denial::at(slot.domain, slot.function, &slot.key(), reason),
                condition: there,
            });
        }
    }
    let guards = domains.iter().map(|(_, domain)| known(domain));
    let enough = every(guards.chain([some(cases)]));
    claims.push(plain(Reason::SamePerson, enough));
    Ok(claims)
}

/// Every combination of the possible quorums of each domain, with its condition.
fn combinations<'p>(domains: &[(&'p str, &'p Domain)]) -> Result<Vec<(String, Vec<InForce<'p>>)>, String> {
    let mut all: Vec<(Vec<String>, Vec<InForce>)> = vec![(Vec::new(), Vec::new())];
    for (id, domain) in domains {
        let mut each: Vec<(String, &Quorum)> = Vec::new();
        let usual = match &domain.emergency {
            None => "true",
            Some(emergency) => {
                each.push(("context has emergency".to_owned(), &emergency.quorum));
                "!(context has emergency)"
            }
        };
        let mut before = vec![usual.to_owned()];
        for tier in &domain.tiers {
            let condition = match &tier.condition {
                None => "true".to_owned(),
                Some(condition) => holds(condition, domain)?,
            };
            each.push((every(before.iter().cloned().chain([condition.clone()])), &tier.quorum));
            before.push(format!("!({condition})"));
        }
        let longer = all.iter().flat_map(|(conditions, quorums)| {
            each.iter().map(move |(condition, quorum)| {
                let conditions = conditions.iter().cloned().chain([condition.clone()]).collect();
                let quorums = quorums.iter().copied().chain([(*id, *domain, *quorum)]).collect();
                (conditions, quorums)
            })
        });
        all = longer.collect();
    }
    Ok(all.into_iter().map(|(conditions, quorums)| (every(conditions), quorums)).collect())
}

/// The smallest sets of slots that meet these quorums, found by trying all; `None` if there are too many.
fn sets<'p>(quorums: &[InForce<'p>]) -> Option<Vec<Vec<Slot<'p>>>> {
    let rows: Vec<(&str, &str, usize)> = quorums
        .iter()
        .flat_map(|(id, _, quorum)| {
            let functions = quorum.functions().into_iter();
            functions.map(move |function| (*id, function, quorum.most(function) as usize))
        })
        .collect();
    let tries = rows.iter().try_fold(1_usize, |tries, (_, _, most)| tries.checked_mul(most + 1))?;
    if tries > MOST_TRIED {
        return None;
    }
    let taken = |number: usize| {
        let mut rest = number;
        let take = |(_, _, most): &(&str, &str, usize)| {
            let taken = rest % (most + 1);
            rest /= most + 1;
            taken
        };
        rows.iter().map(take).collect::<Vec<usize>>()
    };
    let meets = |taken: &Vec<usize>| {
        quorums.iter().all(|(id, _, quorum)| {
            quorum.met(&|function| {
                let row = rows.iter().zip(taken).find(|((domain, of, _), _)| domain == id && *of == function);
                row.map_or(0, |(_, taken)| *taken as u32)
            })
        })
    };
    let meeting: Vec<Vec<usize>> = (0..tries).map(taken).filter(meets).collect();
    // A set that includes another one asks for more and allows no more.
    let fewer = |one: &Vec<usize>, other: &Vec<usize>| one != other && one.iter().zip(other).all(|(one, other)| one <= other);
    let smallest = meeting.iter().filter(|set| !meeting.iter().any(|other| fewer(other, set)));
    let slots = |taken: &Vec<usize>| {
        let of = |((domain, function, _), taken): (&(&'p str, &'p str, usize), &usize)| {
            let (domain, function) = (*domain, *function);
            (0..*taken).map(move |place| Slot { domain, function, place })
        };
        rows.iter().zip(taken).flat_map(of).collect()
    };
    Some(smallest.map(slots).collect())
}

/// The condition that every slot of a set is good, and that no person fills two that exclude each other.
fn approved(policy: &Policy, set: &[Slot]) -> String {
    let good = set.iter().map(|slot| {
        let parts = parts(policy, *slot).into_iter().map(|(_, condition)| condition);
        every([format!("context.approvals has {}", quoted(&slot.key()))].into_iter().chain(parts))
    });
    let mut different = Vec::new();
    for (place, one) in set.iter().enumerate() {
        for other in set[..place].iter().filter(|other| excludes(policy, one, other)) {
            different.push(format!("!({}.by.human == {}.by.human)", one.text(), other.text()));
        }
    }
    every(good.chain(different))
}

/// Whether one person cannot fill both.
fn excludes(policy: &Policy, one: &Slot, other: &Slot) -> bool {
    let allows = |id: &str| policy.domains.get(id).is_some_and(|domain| domain.same_person);
    match one.function == other.function {
        true => one.domain == other.domain,
        false => !allows(one.domain) || !allows(other.domain),
    }
}

/// What makes an existing approval a good one.
pub fn parts(policy: &Policy, slot: Slot) -> Vec<(Reason, String)> {
    let given = slot.text();
    let domain = policy.domains.get(slot.domain);
    let valid = domain.map_or(-1, |domain| domain.valid);
    let longest = domain
        .and_then(|domain| domain.seats.get(slot.function))
        .and_then(|seats| seats.values().map(Vec::len).max());
    // A function that nobody holds today still has a tag for somebody's first window.
    let windows = (1..=longest.unwrap_or(0).max(1)).map(|number| match number {
        1 => format!("{}/{}", slot.domain, slot.function),
        _ => format!("{}/{}#{number}", slot.domain, slot.function),
    });
    let held = windows.map(|tag| {
        let tag = quoted(&tag);
        let both = [format!("{given}.at"), "context.now".to_owned()]
            .map(|time| format!("{given}.by.getTag({tag}).starts <= {time} && {time} < {given}.by.getTag({tag}).ends"));
        format!("{given}.by.hasTag({tag}) && {}", both.join(" && "))
    });
    let human = format!("{given}.by.human");
    let mut own = vec![
        format!("(context has on_behalf_of && context.on_behalf_of.human == {human})"),
        format!("(context.requested_by has human && context.requested_by.human == {human})"),
    ];
    let mut principals = policy.agents.values().flat_map(|agent| agent.principals.values());
    if principals.any(|principal| principal.human.is_some()) {
        own.push(format!(
            "(principal.hasTag(context.principal) && principal.getTag(context.principal) has human && \
             principal.getTag(context.principal).human == {human})"
        ));
    }
    let mut fresh = format!("{given}.at >= 0 && {given}.at <= context.now && context.now - {given}.at <= {valid}");
    if domain.is_some_and(|domain| domain.emergency.is_some()) {
        own.push(format!("(context has emergency && context.emergency.declared_by.human == {human})"));
        fresh += &format!(" && (!(context has emergency) || (context has emergency && context.emergency.at <= {given}.at))");
    }
    vec![
        (Reason::Missing, "true".to_owned()),
        (Reason::BoundElsewhere, format!("context.binding == {given}.for")),
        (Reason::Ineligible, some(held)),
        (Reason::Ineligible, format!("!({})", own.join(" || "))),
        (Reason::Stale, fresh),
    ]
}

impl<'p> Slot<'p> {
    /// Every slot that the quorums of a domain name.
    pub fn all(id: &'p str, domain: &'p Domain) -> Vec<Slot<'p>> {
        let functions: BTreeSet<&str> = domain.quorums().flat_map(Quorum::functions).collect();
        let of = |function: &'p str| {
            (0..domain.most(function) as usize).map(move |place| Slot {
                domain: id,
                function,
                place,
            })
        };
        functions.into_iter().flat_map(of).collect()
    }

    /// The key among the approvals.
    pub fn key(&self) -> String {
        let mut keys = slots(self.domain, self.function, self.place as u32 + 1);
        keys.pop().unwrap_or_default()
    }

    /// The function.
    pub fn function(&self) -> &'p str {
        self.function
    }

    fn text(&self) -> String {
        format!("context.approvals[{}]", quoted(&self.key()))
    }
}
