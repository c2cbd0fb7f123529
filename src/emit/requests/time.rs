//! Requests at the edges of windows: the first and the last second, one before and one after.

use crate::emit::reference::shape::LARGEST;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::draft::Draft;
use crate::emit::requests::plan::{self, Pins, Planned, holds};
use crate::emit::requests::site::Site;
use serde_json::Value;
use std::collections::BTreeSet;

/// Quorate looks at no more than this many windows of one function.
const PEOPLE: usize = 16;

/// The windows whose edges have been reached: domain, function, person, first second; and whether in an emergency.
pub(super) type Seats<'p> = BTreeSet<(&'p str, String, &'p str, i64, bool)>;

/// The edges of every window of somebody who could be in a slot, once for each seat.
pub(super) fn seat_edges<'p>(site: &Site<'p>, case: &Case<'p>, base: &Planned<'p>, done: &mut Seats<'p>, book: &mut Book) {
    for need in &base.needs {
        let Some(seats) = need.domain.seats.get(&need.function) else {
            continue;
        };
        for (person, window) in seats
            .iter()
            .flat_map(|(person, windows)| windows.iter().map(move |window| (person, window)))
            .take(PEOPLE)
        {
            let key = (
                need.domain_id,
                need.function.clone(),
                person.as_str(),
                window.starts,
                case.emergency,
            );
            if done.contains(&key) {
                continue;
            }
            let slot = need.slot.as_str();
            let pins = Pins::from([(slot, person.as_str())]);
            let about = format!("`{person}` in `{slot}`");
            let given_at = |draft: &Draft, at: i64| {
                draft.with(|draft| {
                    draft.approvals.get_mut(slot).into_iter().for_each(|approval| approval.at = at);
                    // An emergency is declared before anything is approved in it.
                    draft
                        .emergency
                        .iter_mut()
                        .for_each(|(_, declared)| *declared = at.max(0).min(*declared));
                })
            };
            let planned = |now: i64| {
                if (0..LARGEST).contains(&now) && holds(&site.task.window, now) {
                    plan::at(site, case, &base.needs, now, &pins)
                } else {
                    None
                }
            };
            let before = book.len();
            if let Some(first) = planned(window.starts) {
                book.push("window", &format!("{about}: the first second"), first.value());
                book.push("window", &format!("{about}: a second early"), at(site, &first, window.starts - 1));
            }
            let later = window.starts.saturating_add((need.domain.valid - 1).clamp(0, 30));
            if let Some(later) = planned(later) {
                book.push(
                    "window",
                    &format!("{about}: given in the first second"),
                    given_at(&later, window.starts),
                );
                book.push(
                    "window",
                    &format!("{about}: given a second early"),
                    given_at(&later, window.starts - 1),
                );
            }
            if let Some(last) = planned(window.ends - 1) {
                book.push("window", &format!("{about}: the last second"), last.value());
                let mut after = last.clone();
                after.at(window.ends, site.life);
                book.push("window", &format!("{about}: given and used after"), after.value());
                book.push("window", &format!("{about}: used after"), given_at(&after, window.ends - 1));
            }
            if book.len() > before {
                done.insert(key);
            }
        }
    }
}

/// The edges of a task.
pub(super) fn task_edges(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    let window = &site.task.window;
    for (about, now) in [
        ("a second before", window.starts - 1),
        ("the first second of", window.starts),
        ("the last second of", window.ends - 1),
        ("a second after", window.ends),
    ] {
        if (0..LARGEST).contains(&now) {
            let planned = plan::at(site, case, &base.needs, now, &Pins::new()).map(|draft| draft.value());
            let request = planned.unwrap_or_else(|| at(site, &base.draft, now));
            book.push("expired", &format!("{about} `{}`", site.task_id), request);
            if now == 0 {
                let early = plan::at(site, case, &base.needs, now, &Pins::new());
                let issued = early.map(|draft| draft.with(|draft| (draft.issued_at, draft.expires_at) = (-1, site.life - 1)));
                issued
                    .into_iter()
                    .for_each(|request| book.push("credential", "issued before time began, and live", request));
            }
        }
    }
}

/// The same people at another time.
fn at(site: &Site, draft: &Draft, now: i64) -> Value {
    draft.with(|draft| draft.at(now, site.life))
}
