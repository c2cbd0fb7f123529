//! Requests of an agent that acts for people: for whom it acts, and whether that person approves.

use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::plan::{self, Pins, Planned, able};
use crate::emit::requests::site::Site;

/// For nobody, for somebody else, and for somebody who approves: that person could approve if somebody else were acted
/// for.
pub(super) fn neighbours(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    let acts_for = &site.agent.acts_for;
    if acts_for.is_empty() {
        return;
    }
    let draft = &base.draft;
    book.push("on_behalf_of", "for nobody", draft.with(|draft| draft.on_behalf_of = None));
    if let Some(other) = site.policy.people.keys().find(|person| !acts_for.contains_key(*person)) {
        let about = format!("for `{other}`, for whom it does not act");
        book.push("on_behalf_of", &about, draft.with(|draft| draft.on_behalf_of = Some(other.clone())));
    }
    for need in &base.needs {
        let slot = need.slot.as_str();
        let both = able(need, draft.now).into_iter().find(|(person, _)| acts_for.contains_key(*person));
        let Some((person, _)) = both else { continue };
        if let Some(pinned) = plan::at(site, case, &base.needs, draft.now, &Pins::from([(slot, person)])) {
            book.push(
                "on_behalf_of",
                &format!("`{person}` in `{slot}`, for somebody else"),
                pinned.value(),
            );
            let own = pinned.with(|draft| draft.on_behalf_of = Some(person.to_owned()));
            book.push("requester", &format!("`{slot}` by the one acted for"), own);
        }
    }
}
