//! Writes one item as lines.

use crate::format::arguments::{self, Piece};
use crate::format::attach::{Braces, Entry};
use crate::format::body;
use crate::format::lines::Lines;
use crate::format::{WIDTH, columns};
use crate::syntax::vocabulary::Place;

/// The number of spaces for each block.
const INDENT: usize = 2;

/// A shorter rest stays on its line, even if it exceeds the width.
const SHORTEST_REST: usize = 10;

/// Returns a line, indented for this depth of blocks.
pub(super) fn indented(depth: usize, code: &str) -> String {
    format!("{}{code}", " ".repeat(depth * INDENT))
}

/// The width of the first words of some items, so that their arguments begin in the same column.
pub(super) fn column<'a>(text: &str, entries: impl Iterator<Item = &'a Entry<'a>>) -> usize {
    let aligned = entries.filter(|entry| is_aligned(entry));
    aligned.map(|entry| columns(entry.node.word.of(text))).max().unwrap_or(0)
}

/// Whether the arguments of an item are aligned. They are for clauses, but not for declarations and special blocks
/// inside a block.
fn is_aligned(entry: &Entry) -> bool {
    let declares = entry.clause.is_some_and(|clause| {
        clause.declares.is_some()
            || match clause.opens {
                Some(Place::Control | Place::Group | Place::Alias | Place::Milestone) => true,
                Some(Place::File | Place::In(_) | Place::Access | Place::Within | Place::Emergency) | None => false,
            }
    });
    !declares && !entry.node.tokens.is_empty()
}

/// Returns the lines of an item, without the comments above it and after it. `column` is the width of the first
/// words in its block.
pub(super) fn lines(text: &str, entry: &Entry, depth: usize, column: usize) -> Lines {
    let word = entry.node.word.of(text);
    let start = match (entry.node.tokens.is_empty(), is_aligned(entry)) {
        (true, _) => indented(depth, word),
        (false, true) => indented(depth, &format!("{word:column$} ")),
        (false, false) => indented(depth, &format!("{word} ")),
    };
    let mut lines = Lines::default();
    match (&entry.braces, whole_line(text, entry, &start)) {
        (_, Some(line)) => lines.add(depth, line),
        (None, None) => broken(text, entry, depth, start, &mut lines),
        (Some(braces), None) => {
            broken(text, entry, depth, start, &mut lines);
            if let Some(comment) = braces.opening {
                lines.comment(comment.of(text));
            }
            lines.append(body::lines(text, &braces.body, depth + 1));
            lines.add(depth, indented(depth, "}"));
        }
    }
    lines
}

/// Returns an item with its block on one line, if the block may be on one line and fits there.
fn whole_line(text: &str, entry: &Entry, start: &str) -> Option<String> {
    let block = flat_block(text, entry.braces.as_ref()?).filter(|_| entry.inner.is_empty())?;
    let parts = [format!("{start}{}", arguments::flat(text, &entry.node.tokens)), block];
    Some(parts.join(" ")).filter(|line| columns(line) <= WIDTH)
}

/// Returns a block on one line, if it was on one line or is empty, and has no comments.
fn flat_block(text: &str, braces: &Braces) -> Option<String> {
    let body = &braces.body;
    if body.entries.is_empty() && body.rest.is_empty() && braces.opening.is_none() {
        return Some("{}".to_owned());
    }
    if !braces.on_one_line {
        return None;
    }
    let items: Option<Vec<String>> = body.entries.iter().map(|entry| flat(text, entry)).collect();
    items.map(|items| format!("{{ {} }}", items.join("; ")))
}

/// Returns an item on one line without the comments around it; `None` if it contains a comment, or a block that is
/// not on one line.
pub(super) fn flat(text: &str, entry: &Entry) -> Option<String> {
    if !entry.inner.is_empty() {
        return None;
    }
    let mut parts = vec![entry.node.word.of(text).to_owned()];
    if !entry.node.tokens.is_empty() {
        parts.push(arguments::flat(text, &entry.node.tokens));
    }
    if let Some(braces) = &entry.braces {
        parts.push(flat_block(text, braces)?);
    }
    Some(parts.join(" "))
}

/// Adds the head of an item. It is broken after comments, and after commas if it is too long.
fn broken(text: &str, entry: &Entry, depth: usize, start: String, lines: &mut Lines) {
    let mut pieces = arguments::pieces(text, &entry.node.tokens, &entry.inner);
    let hanging = " ".repeat(columns(&start));
    let mut line = start;
    if entry.braces.is_some() {
        match pieces.last_mut() {
            Some(piece) => piece.text.push_str(" {"),
            None => line.push_str(" {"),
        }
    }
    let mut begun = false;
    for (index, piece) in pieces.iter().enumerate() {
        if begun {
            let fits = columns(&line) + 1 + columns(&piece.text) <= WIDTH;
            if fits || length(&pieces[index..]) < SHORTEST_REST {
                line.push(' ');
            } else {
                lines.add(depth, std::mem::replace(&mut line, hanging.clone()));
            }
        }
        line.push_str(&piece.text);
        begun = !piece.is_commented();
        if !begun {
            lines.add(depth, std::mem::replace(&mut line, hanging.clone()));
            if let Some(comment) = piece.trailing {
                lines.comment(comment.of(text));
            }
            for comment in &piece.below {
                lines.add(depth, format!("{hanging}{}", comment.of(text)));
            }
        }
    }
    lines.add(depth, line);
}

fn length(pieces: &[Piece]) -> usize {
    let texts: usize = pieces.iter().map(|piece| columns(&piece.text)).sum();
    texts + pieces.len().saturating_sub(1)
}
