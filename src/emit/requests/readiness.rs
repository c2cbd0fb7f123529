//! Requests that differ in what is ready, or in the emergency that was declared.

use crate::emit::policy::CHECKED_WITHIN;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::draft::Draft;
use crate::emit::requests::plan::{self, Pins, Planned};
use crate::emit::requests::site::Site;
use std::collections::{BTreeMap, BTreeSet};

type Entries = BTreeMap<String, (bool, i64)>;

/// Evidence and rollbacks: not there, not ready, checked too long ago or in the future.
pub(super) fn neighbours(draft: &Draft, book: &mut Book) {
    of_entries(draft, "evidence", |draft| &mut draft.evidence, book);
    of_entries(draft, "rollback", |draft| &mut draft.rollback, book);
}

fn of_entries(draft: &Draft, kind: &'static str, entries: impl Fn(&mut Draft) -> &mut Entries, book: &mut Book) {
    let names: Vec<String> = entries(&mut draft.clone()).keys().cloned().collect();
    let now = draft.now;
    for name in names {
        book.push(
            kind,
            &format!("`{name}` is not said"),
            draft.with(|draft| entries(draft).remove(&name)),
        );
        for (about, entry) in [
            ("is not ready", (false, now)),
            ("was checked just in time", (true, now.saturating_sub(CHECKED_WITHIN))),
            ("was checked a second too long ago", (true, now.saturating_sub(CHECKED_WITHIN + 1))),
            ("was checked this second", (true, now)),
            ("is checked a second ahead", (true, now + 1)),
        ] {
            book.push(
                kind,
                &format!("`{name}` {about}"),
                draft.with(|draft| entries(draft).insert(name.clone(), entry)),
            );
        }
    }
}

/// An emergency at its beginning, in between and at its end; one that nobody declared; and one that no domain
/// uses.
pub(super) fn emergency(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    let (draft, now) = (&base.draft, base.draft.now);
    let free = |person: &&&str| {
        let named = draft.approvals.values().map(|approval| approval.by.as_str());
        let mut named = named.chain(draft.requested_by.as_deref()).chain(draft.on_behalf_of.as_deref());
        site.policy.active(person, now) && named.all(|other| site.policy.human(other) != site.policy.human(person))
    };
    let somebody = match &draft.emergency {
        Some((by, _)) => by.clone(),
        None => site
            .bystanders
            .iter()
            .find(free)
            .map(|person| (*person).to_owned())
            .unwrap_or_default(),
    };
    let declared = |by: &str, at: i64| draft.with(|draft| draft.emergency = Some((by.to_owned(), at)));
    if !case.emergency {
        book.push("emergency", "declared, with the approvals of every day", declared(&somebody, now));
        book.push(
            "emergency",
            "declared by somebody unknown, with the approvals of every day",
            declared("nobody.at.all", now),
        );
        return;
    }
    book.push("emergency", "not declared", draft.with(|draft| draft.emergency = None));
    book.push("emergency", "declared by somebody unknown", declared("nobody.at.all", now));
    book.push("emergency", "declared in this second", declared(&somebody, now));
    book.push("emergency", "declared a second ahead", declared(&somebody, now + 1));
    book.push("emergency", "declared before time began", declared(&somebody, -1));
    let lasting: BTreeSet<i64> = site
        .domains
        .iter()
        .filter_map(|(_, domain)| Some(domain.emergency.as_ref()?.lasts))
        .collect();
    for lasts in lasting {
        let last = now.saturating_sub(lasts).max(-1);
        book.push("emergency", "in its last second", declared(&somebody, last));
        book.push("emergency", "a second after it ended", declared(&somebody, last.saturating_sub(1)));
    }
    let approver = draft.approvals.values().next().map(|approval| approval.by.clone());
    if let Some(approver) = approver {
        book.push("emergency", "declared by an approver", declared(&approver, now));
    }
}

/// A request in the first possible second, with an emergency that was declared before it.
pub(super) fn first_second(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    if !case.emergency || site.task.window.starts > 0 {
        return;
    }
    if let Some(first) = plan::at(site, case, &base.needs, 0, &Pins::new()) {
        let early = first.with(|draft| draft.emergency = draft.emergency.take().map(|(by, _)| (by, -1)));
        book.push("emergency", "declared before time began, in its first second", early);
    }
}
