//! People: when they are active, which functions they hold and when, and which entries are one human.

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::entities::{Entities, Entity, span};
use crate::prove::against::data::humans::Humans;
use crate::prove::against::data::windows::{Span, beyond, told};
use std::collections::BTreeMap;

/// A sentence for each thing that is wider.
pub fn wider(today: &Entities, earlier: &Entities) -> Vec<String> {
    let mut sentences = Vec::new();
    for (id, person) in today.all(Kind::Person) {
        let before = earlier.get(Kind::Person, id);
        let more = before.map(|before| beyond(&[person.span()], &[before.span()]));
        match more {
            None => sentences.push(format!("`{id}` is new among the people")),
            Some(more) if more.is_empty() => {}
            Some(more) => sentences.push(format!("`{id}` is there {}, and was not before", told(&more))),
        }
        let held = before.map(seats).unwrap_or_default();
        for (seat, windows) in seats(person) {
            let more = beyond(&windows, held.get(&seat).map_or(&[][..], Vec::as_slice));
            if !more.is_empty() {
                let (domain, function) = &seat;
                let times = told(&more);
                sentences.push(format!(
                    "`{id}` may approve as `{function}` of `{domain}` {times}, and could not before"
                ));
            }
        }
    }
    sentences.extend(Humans::new(today, earlier).parted());
    sentences
}

/// The windows of each seat of a person: a function of a domain. `#` and a number distinguish the tags of one
/// seat.
fn seats(person: &Entity) -> BTreeMap<(String, String), Vec<Span>> {
    let mut seats: BTreeMap<(String, String), Vec<Span>> = BTreeMap::new();
    for (tag, window) in person.tags() {
        let seat = tag.split('#').next().unwrap_or(tag);
        let (domain, function) = seat.split_once('/').unwrap_or((seat, ""));
        seats
            .entry((domain.to_owned(), function.to_owned()))
            .or_default()
            .push(span(window));
    }
    seats
}
