//! Puts the clauses of a block in canonical order.

use crate::format::arguments;
use crate::format::attach::{Body, Entry};
use crate::syntax::vocabulary::{self, Clause, Kind, Place};
use std::collections::BTreeMap;

/// The clause of a task that its grants come before.
const BELOW_GRANTS: &str = "limit";

/// Puts the items of a body and of its blocks in the order of the vocabulary. Items of equal rank keep their
/// order.
///
/// At the top of a file only `module` and `use` have a rank. Items of an unknown block keep their order.
pub(super) fn arrange(text: &str, body: &mut Body, place: Option<Place>) {
    let mut above = 0;
    let mut ranked: Vec<(usize, String, Entry)> = Vec::new();
    for mut entry in body.entries.drain(..) {
        let word = entry.node.word.of(text);
        entry.clause = place.and_then(|place| row(place, word, entry.node.block.is_some()));
        let rank = place.and_then(|place| rank(place, word)).unwrap_or(above);
        above = rank;
        if let Some(braces) = &mut entry.braces {
            let inside = entry.clause.and_then(|clause| clause.opens);
            arrange(text, &mut braces.body, inside);
        }
        let name = match (place, word) {
            (Some(Place::File), "use") => arguments::flat(text, &entry.node.tokens),
            _ => String::new(),
        };
        ranked.push((rank, name, entry));
    }
    ranked.sort_by(|(one, name, _), (other, other_name, _)| (one, name).cmp(&(other, other_name)));
    body.entries = ranked.into_iter().map(|(_, _, entry)| entry).collect();
    blank_lines(&mut body.entries);
}

/// Keeps a blank line above a line that several items share, whichever of them is the first now.
fn blank_lines(entries: &mut [Entry]) {
    let mut firsts: BTreeMap<usize, usize> = BTreeMap::new();
    for index in 0..entries.len() {
        let first = *firsts.entry(entries[index].row).or_insert(index);
        if first < index && entries[index].blank && entries[index].leading.is_empty() {
            entries[index].blank = false;
            match entries[first].leading.first_mut() {
                Some(line) => line.blank = true,
                None => entries[first].blank = true,
            }
        }
    }
}

/// The row of a word. If it has several, an item with a block takes the row that opens a block.
fn row(place: Place, word: &str, has_block: bool) -> Option<&'static Clause> {
    let rows = || vocabulary::clauses(place).iter().filter(|clause| clause.word == word);
    rows().find(|clause| has_block && clause.opens.is_some()).or_else(|| rows().next())
}

/// The rank of a word in its block; `None` for an unknown word. Ranks are doubled, so that items without a row fit
/// between two others.
fn rank(place: Place, word: &str) -> Option<usize> {
    let clauses = vocabulary::clauses(place);
    let order = |word: &str| clauses.iter().find(|clause| clause.word == word).map(|clause| clause.order * 2);
    match (place, clauses.iter().find(|clause| clause.word == word)) {
        (Place::File, Some(_)) if word == "module" => Some(0),
        (Place::File, Some(_)) if word == "use" => Some(1),
        (Place::File, _) => Some(2),
        (_, Some(clause)) if is_flag(clause) => clauses.iter().find(|clause| is_flag(clause)).map(|flag| flag.order * 2),
        (_, Some(_)) => order(word),
        (Place::In(Kind::Task), None) => order(BELOW_GRANTS).map(|order| order - 1),
        (_, None) => None,
    }
}

/// Whether a clause is a word without a value. All these flags have the same rank, so they keep their order.
fn is_flag(clause: &Clause) -> bool {
    clause.signature.is_empty() && clause.opens.is_none()
}
