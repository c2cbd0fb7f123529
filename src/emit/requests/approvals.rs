//! Requests that differ from an approved one in an approval.

use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::draft::{Approval, BINDING, Draft};
use crate::emit::requests::plan::{self, Need, Pins, Planned, able, holds};
use crate::emit::requests::site::Site;
use std::collections::BTreeSet;

/// Somebody unknown.
const UNKNOWN: &str = "nobody.at.all";

/// Every approval: missing, by somebody else, at another time, for something else.
pub(super) fn neighbours(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    for need in &base.needs {
        let Some(approval) = base.draft.approvals.get(&need.slot) else {
            continue;
        };
        let slot = &need.slot;
        let change = |change: &dyn Fn(&mut Approval)| base.draft.with(|draft| draft.approvals.get_mut(slot).into_iter().for_each(change));
        book.push(
            "missing",
            &format!("nobody in `{slot}`"),
            base.draft.with(|draft| draft.approvals.remove(slot)),
        );
        for (about, person) in strangers(site, need, &base.draft) {
            book.push(
                "ineligible",
                &format!("{about} in `{slot}`"),
                change(&|approval| approval.by = person.to_owned()),
            );
        }
        let (now, valid) = (base.draft.now, need.domain.valid);
        let times = [
            ("just fresh", now.saturating_sub(valid)),
            ("stale by a second", now.saturating_sub(valid).saturating_sub(1)),
            ("this second", now),
            ("a second ahead", now + 1),
            ("before time began", -1),
        ];
        for (about, at) in times {
            book.push(
                "stale",
                &format!("`{slot}` is {about}"),
                change(&|approval| approval.at = at.max(-1)),
            );
        }
        book.push(
            "bound_elsewhere",
            &format!("`{slot}` is for something else"),
            change(&|approval| approval.bound = "sha256:another".to_owned()),
        );
        if let Some(alone) = alone(site, case, base, need) {
            let by = alone.approvals.get(slot).map(|approval| approval.by.clone());
            book.push(
                "requester",
                &format!("`{slot}` by the one who asked, who approves nothing else"),
                alone.with(|draft| draft.requested_by = by),
            );
        }
        let by = approval.by.clone();
        book.push(
            "requester",
            &format!("`{slot}` by the one who asked"),
            base.draft.with(|draft| draft.requested_by = Some(by.clone())),
        );
        book.push(
            "requester",
            &format!("`{slot}` by the one acted for"),
            base.draft.with(|draft| draft.on_behalf_of = Some(by.clone())),
        );
    }
    doubled(site, case, base, book);
    moved(base, book);
    extra(site, base, book);
}

/// If the person in this slot also fills another one: the same request with somebody in this slot who fills no
/// other.
fn alone(site: &Site, case: &Case, base: &Planned, need: &Need) -> Option<Draft> {
    let of = |slot: &String| base.draft.approvals.get(slot).map(|approval| approval.by.as_str());
    let others: BTreeSet<&str> = base
        .needs
        .iter()
        .filter(|other| other.slot != need.slot)
        .filter_map(|other| of(&other.slot))
        .collect();
    if !others.contains(of(&need.slot)?) {
        return None;
    }
    let person = able(need, base.draft.now)
        .into_iter()
        .map(|(person, _)| person)
        .find(|person| !others.contains(person))?;
    let mut pins: Pins = base
        .needs
        .iter()
        .filter_map(|other| Some((other.slot.as_str(), of(&other.slot)?)))
        .collect();
    pins.insert(need.slot.as_str(), person);
    plan::at(site, case, &base.needs, base.draft.now, &pins)
}

/// People who do not hold the seat now: one of the same domain, one of another domain, one who holds it at another
/// time, and somebody unknown.
fn strangers<'p>(site: &Site<'p>, need: &Need<'p>, draft: &Draft) -> Vec<(&'static str, &'p str)> {
    let used: BTreeSet<&str> = draft
        .approvals
        .values()
        .map(|approval| approval.by.as_str())
        .chain(draft.on_behalf_of.as_deref())
        .collect();
    let seats = need.domain.seats.get(&need.function);
    let windows = |person: &str| seats.and_then(|seats| seats.get(person));
    let never = |person: &str| windows(person).is_none() && !used.contains(person);
    let elsewhere = |person: &str| {
        need.domain.seats.values().any(|seats| {
            seats
                .get(person)
                .is_some_and(|windows| windows.iter().any(|window| holds(window, draft.now)))
        })
    };
    let not_now = |person: &str| {
        !used.contains(person) && windows(person).is_some_and(|windows| !windows.iter().any(|window| holds(window, draft.now)))
    };
    let people = || site.policy.people.keys().map(String::as_str);
    let other_domain = |person: &str| {
        site.policy
            .domains
            .values()
            .any(|domain| domain.seats.get(&need.function).is_some_and(|seats| seats.contains_key(person)))
    };
    let found = [
        (
            "another function of the domain",
            people().find(|person| never(person) && elsewhere(person)),
        ),
        (
            "the function of another domain",
            people().find(|person| never(person) && other_domain(person)),
        ),
        (
            "somebody without a seat",
            people().find(|person| never(person) && !elsewhere(person) && !other_domain(person)),
        ),
        ("somebody at another time", people().find(|person| not_now(person))),
        ("somebody unknown", Some(UNKNOWN)),
    ];
    found.into_iter().filter_map(|(about, person)| Some((about, person?))).collect()
}

/// One person in two slots: the person in the first slot, and then somebody who could fill either.
fn doubled(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    for (index, one) in base.needs.iter().enumerate() {
        for two in &base.needs[index + 1..] {
            let about = format!("one person in `{}` and `{}`", one.slot, two.slot);
            let now = base.draft.now;
            let others: Vec<&str> = able(two, now).into_iter().map(|(person, _)| person).collect();
            let both = able(one, now)
                .into_iter()
                .map(|(person, _)| person)
                .filter(|person| others.contains(person));
            let planned = both.take(4).find_map(|person| {
                let pins = Pins::from([(one.slot.as_str(), person), (two.slot.as_str(), person)]);
                plan::at(site, case, &base.needs, now, &pins)
            });
            if let Some(draft) = planned {
                book.push("doubled", &format!("{about}, who holds both seats"), draft.value());
            }
            if let Some(holder) = base.draft.approvals.get(&one.slot).map(|approval| approval.by.clone()) {
                let doubled = base.draft.with(|draft| {
                    draft
                        .approvals
                        .get_mut(&two.slot)
                        .into_iter()
                        .for_each(|approval| approval.by = holder.clone())
                });
                book.push("doubled", &about, doubled);
            }
        }
    }
}

/// An approval in the second slot of a function and none in the first.
fn moved(base: &Planned, book: &mut Book) {
    for need in &base.needs {
        let slots = need.domain.slots(need.domain_id);
        let free = slots
            .iter()
            .filter(|(slot, function)| *function == need.function && !base.draft.approvals.contains_key(slot));
        for (slot, _) in free {
            let moved = base.draft.with(|draft| {
                let approval = draft.approvals.remove(&need.slot);
                draft.approvals.extend(approval.map(|approval| (slot.clone(), approval)));
            });
            book.push("moved", &format!("`{slot}` in place of `{}`", need.slot), moved);
        }
    }
}

/// Extra approvals never refuse.
fn extra(site: &Site, base: &Planned, book: &mut Book) {
    let (draft, now) = (&base.draft, base.draft.now);
    let all: Vec<(&String, _)> = site.policy.domains.iter().collect();
    let free = all
        .iter()
        .flat_map(|(id, domain)| domain.slots(id))
        .filter(|(slot, _)| !draft.approvals.contains_key(slot))
        .map(|(slot, _)| slot);
    let holder = draft.approvals.values().next().map_or(UNKNOWN, |approval| approval.by.as_str());
    let everywhere = draft.with(|draft| {
        for (slot, _) in all.iter().flat_map(|(id, domain)| domain.slots(id)) {
            let approval = Approval {
                by: UNKNOWN.to_owned(),
                at: now,
                bound: BINDING.to_owned(),
            };
            draft.approvals.entry(slot).or_insert(approval);
        }
    });
    book.push("extra", "every other slot too", everywhere);
    for slot in free.take(4) {
        for by in [UNKNOWN, holder] {
            let approval = Approval {
                by: by.to_owned(),
                at: now,
                bound: BINDING.to_owned(),
            };
            book.push(
                "extra",
                &format!("`{slot}` too"),
                draft.with(|draft| draft.approvals.insert(slot.clone(), approval)),
            );
        }
    }
}
