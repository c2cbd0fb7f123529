//! Whether the approvals of a request are enough for all of its governing domains at once.
//!
//! The definition asks for a set of good slots without a conflict that meets every quorum. Slots count in
//! order: slot 3 of a function counts only if slots 1 and 2 are in the set too. So a set is one number for each
//! function of each domain: how many of its first slots it has. A smaller set never has more conflicts and
//! never meets more, so a function without conflicts takes all of its slots at once.

use crate::emit::answer::Denial;
use crate::emit::policy::{Domain, Policy, Quorum, Window, slots};
use crate::emit::reason::Reason;
use crate::emit::reference::shape::Request;
use std::collections::{BTreeMap, BTreeSet};

/// The governing domains, each with the quorum in force.
type Governing<'g> = BTreeMap<&'g str, (&'g Domain, &'g Quorum)>;

/// A function in a domain, with the human behind each of its first slots that are good.
struct Row<'g> {
    domain: &'g str,
    function: &'g str,
    same_person: bool,
    holders: Vec<&'g str>,
}

/// What each domain by itself lacks: the faults in the slots of every unmet part of its quorum. A part inside a
/// met part does not count.
pub(super) fn lacking(policy: &Policy, governing: &Governing, request: &Request) -> BTreeSet<Denial> {
    let mut denials = BTreeSet::new();
    for (id, (domain, quorum)) in governing {
        let good = |function: &str| {
            let slots = slots(id, function, quorum.most(function));
            let good = slots
                .iter()
                .take_while(|slot| faults(policy, domain, function, slot, request).is_empty());
            good.count() as u32
        };
        let mut open = BTreeSet::new();
        unmet(quorum, &good, &mut open);
        for (function, count) in open {
            let Some(function) = function else {
                denials.insert(Denial::by(id, Reason::Missing));
                continue;
            };
            for slot in slots(id, function, count) {
                let faults = faults(policy, domain, function, &slot, request).into_iter();
                denials.extend(faults.map(|reason| Denial::at(id, function, &slot, reason)));
            }
        }
    }
    denials
}

/// The seats that are not filled in unmet parts; without a function, a part that needs more parts than it has.
fn unmet<'q>(quorum: &'q Quorum, good: &dyn Fn(&str) -> u32, open: &mut BTreeSet<(Option<&'q str>, u32)>) {
    if quorum.met(good) {
        return;
    }
    match quorum {
        Quorum::None => {}
        Quorum::Seat(count, function) => drop(open.insert((Some(function), *count))),
        Quorum::Threshold(need, parts) => {
            if *need as usize > parts.len() {
                open.insert((None, 0));
            }
            parts.iter().for_each(|part| unmet(part, good, open));
        }
    }
}

/// The slots whose person also fills another slot that needs another person, if that is the only problem: every
/// quorum is met by itself, but not all of them by different people.
pub(super) fn doubled(policy: &Policy, governing: &Governing, request: &Request, tells_slots: bool) -> BTreeSet<Denial> {
    let rows = rows(policy, governing, request);
    if chosen(governing, &rows, &mut Vec::new()) {
        return BTreeSet::new();
    }
    if !tells_slots {
        return BTreeSet::from([Denial::plain(Reason::SamePerson)]);
    }
    let mut stands: Vec<(&Row, String, &str)> = Vec::new();
    for row in &rows {
        let (domain, quorum) = governing[row.domain];
        for slot in slots(row.domain, row.function, quorum.most(row.function)) {
            let good = faults(policy, domain, row.function, &slot, request).is_empty();
            if let Some(approval) = request.approvals.get(slot.as_str()).filter(|_| good) {
                stands.push((row, slot, policy.human(approval.by).unwrap_or(approval.by)));
            }
        }
    }
    let twice = |(row, slot, by): &&(&Row, String, &str)| {
        stands.iter().any(|(other, elsewhere, who)| {
            let excluded = match row.function == other.function {
                true => row.domain == other.domain && slot != elsewhere,
                false => !(row.same_person && other.same_person),
            };
            excluded && who == by
        })
    };
    let denials = stands.iter().filter(twice);
    denials
        .map(|(row, slot, _)| Denial::at(row.domain, row.function, slot, Reason::SamePerson))
        .collect()
}

fn rows<'g>(policy: &'g Policy, governing: &Governing<'g>, request: &Request<'g>) -> Vec<Row<'g>> {
    let mut rows = Vec::new();
    for (id, (domain, quorum)) in governing {
        for function in quorum.functions() {
            let slots = slots(id, function, quorum.most(function));
            let good = slots
                .iter()
                .take_while(|slot| faults(policy, domain, function, slot, request).is_empty());
            let holders = good.filter_map(|slot| {
                request
                    .approvals
                    .get(slot.as_str())
                    .map(|approval| policy.human(approval.by).unwrap_or(approval.by))
            });
            rows.push(Row {
                domain: id,
                function,
                same_person: domain.same_person,
                holders: holders.collect(),
            });
        }
    }
    rows
}

/// Why a slot is not good. In an emergency of the domain, the one who declared it fills no slot, and no earlier
/// approval counts.
fn faults(policy: &Policy, domain: &Domain, function: &str, slot: &str, request: &Request) -> BTreeSet<Reason> {
    let Some(approval) = request.approvals.get(slot) else {
        return BTreeSet::from([Reason::Missing]);
    };
    let windows = domain.seats.get(function).and_then(|seats| seats.get(approval.by));
    let held = windows.is_some_and(|windows| {
        let both = |window: &Window| window.holds(approval.at) && window.holds(request.now);
        windows.iter().any(both)
    });
    let urgent = request.emergency.as_ref().filter(|_| domain.emergency.is_some());
    let declared = urgent.map(|declared| declared.by);
    let concerned = [request.on_behalf_of, Some(request.requested_by), declared];
    let humans = concerned.into_iter().flatten().map(|person| policy.human(person));
    let agent = policy.agents.get(request.agent);
    let principal = agent.and_then(|agent| agent.principals.get(request.principal));
    // The data for the engines omit a principal that can do nothing.
    let principal = principal
        .filter(|principal| principal.life.is_some())
        .and_then(|principal| principal.human.as_deref());
    let human = policy.human(approval.by);
    let own = humans.chain([principal]).any(|other| other.is_some() && other == human);
    let fresh = approval.at >= 0 && (0..=domain.valid).contains(&(request.now - approval.at));
    let conjuncts = [
        (Reason::Ineligible, held && !own),
        (Reason::Stale, fresh && urgent.is_none_or(|declared| declared.at <= approval.at)),
        (Reason::BoundElsewhere, approval.bound == request.binding),
    ];
    conjuncts
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(reason, _)| reason)
        .collect()
}

/// Whether every quorum is met when this many of the first slots of each row are taken.
fn met(governing: &Governing, rows: &[Row], taken: &[usize]) -> bool {
    governing.iter().all(|(id, (_, quorum))| {
        quorum.met(&|function| {
            let row = rows
                .iter()
                .zip(taken)
                .find(|(row, _)| row.domain == *id && row.function == function);
            row.map_or(0, |(_, taken)| *taken as u32)
        })
    })
}

/// Whether the choice for the first rows can be extended to a set that meets every quorum and has no conflict.
fn chosen<'g>(governing: &Governing<'g>, rows: &[Row<'g>], taken: &mut Vec<usize>) -> bool {
    let rest = &rows[taken.len()..];
    let hoped: Vec<usize> = taken.iter().copied().chain(rest.iter().map(|row| row.holders.len())).collect();
    if !met(governing, rows, &hoped) {
        return false;
    }
    let Some(row) = rest.first() else { return true };
    let alone = !clashes(rows, taken.len(), row.holders.len(), &hoped);
    for most in (0..=row.holders.len()).rev() {
        if !clashes(&rows[..=taken.len()], taken.len(), most, taken) {
            taken.push(most);
            if chosen(governing, rows, taken) {
                return true;
            }
            taken.pop();
        }
        if alone {
            return false;
        }
    }
    false
}

/// Whether the first `most` slots of a row conflict with each other or with the choice for the other rows.
fn clashes(rows: &[Row], index: usize, most: usize, taken: &[usize]) -> bool {
    let row = &rows[index];
    let holders = &row.holders[..most];
    let within = holders.iter().enumerate().any(|(place, holder)| holders[..place].contains(holder));
    within
        || rows.iter().zip(taken).enumerate().any(|(other_index, (other, taken))| {
            let different = row.function != other.function && !(row.same_person && other.same_person);
            index != other_index && different && other.holders[..*taken].iter().any(|holder| holders.contains(holder))
        })
}
