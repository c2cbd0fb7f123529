//! Whether the approvals of a request are enough for all of its governing domains at once.
//!
//! The definition asks for a set of good slots without a conflict that meets every quorum. What counts of a function is how many of
//! its first slots are all in the set, so a set is one number for each function of each domain: so many of its first slots. A smaller
//! set has no more conflicts and meets no more, so a function that conflicts with nothing takes all of its slots at once.

use crate::emit::policy::{Domain, Quorum, slots};
use crate::emit::reference::Reason;
use crate::emit::reference::shape::Request;
use std::collections::{BTreeMap, BTreeSet};

/// The governing domains, each with the quorum in force.
type Governing<'g> = BTreeMap<&'g str, (&'g Domain, &'g Quorum)>;

/// A function in a domain, with who holds each of its first slots that are good.
struct Row<'g> {
    domain: &'g str,
    function: &'g str,
    same_person: bool,
    holders: Vec<&'g str>,
}

/// Why the approvals are not enough; nothing if they are.
pub(super) fn lacking(governing: &Governing, request: &Request) -> BTreeSet<Reason> {
    let mut rows = Vec::new();
    let mut causes = BTreeSet::new();
    for (id, (domain, quorum)) in governing {
        for function in quorum.functions() {
            let mut holders = Vec::new();
            let mut unbroken = true;
            for slot in slots(id, function, quorum.most(function)) {
                let faults = faults(domain, function, &slot, request);
                unbroken &= faults.is_empty();
                causes.extend(faults);
                if unbroken {
                    holders.extend(request.approvals.get(slot.as_str()).map(|approval| approval.by));
                }
            }
            rows.push(Row {
                domain: id,
                function,
                same_person: domain.same_person,
                holders,
            });
        }
    }
    let all: Vec<usize> = rows.iter().map(|row| row.holders.len()).collect();
    if !met(governing, &rows, &all) {
        // A quorum of more parts than it has cannot be met by any approval.
        return if causes.is_empty() {
            BTreeSet::from([Reason::Missing])
        } else {
            causes
        };
    }
    if chosen(governing, &rows, &mut Vec::new()) {
        BTreeSet::new()
    } else {
        BTreeSet::from([Reason::SamePerson])
    }
}

/// What keeps a slot from being good.
pub(super) fn faults(domain: &Domain, function: &str, slot: &str, request: &Request) -> BTreeSet<Reason> {
    let Some(approval) = request.approvals.get(slot) else {
        return BTreeSet::from([Reason::Missing]);
    };
    let windows = domain.seats.get(function).and_then(|seats| seats.get(approval.by));
    let held = windows.is_some_and(|windows| {
        windows.iter().any(|window| {
            [approval.at, request.now]
                .iter()
                .all(|time| window.starts <= *time && *time < window.ends)
        })
    });
    let own = [request.on_behalf_of, request.requested_by].contains(&Some(approval.by));
    let fresh = approval.at >= 0 && (0..=domain.valid).contains(&(request.now - approval.at));
    let conjuncts = [
        (Reason::Ineligible, held && !own),
        (Reason::Stale, fresh),
        (Reason::BoundElsewhere, approval.bound == request.binding),
    ];
    conjuncts
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(reason, _)| reason)
        .collect()
}

/// Whether every quorum is met by so many of the first slots of each row.
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

/// Whether what is taken of the first rows can be gone on with to a set that meets every quorum and has no conflict.
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

/// Whether the first slots of a row, `most` of them, conflict with each other or with what is taken of the other rows.
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
