//! `use` lines, and names in them, that bring in nothing which a file could not name without them.

use crate::resolve::Names;
use crate::resolve::walk::{brought, walk};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{Import, Item, Value};
use crate::syntax::parse;
use crate::syntax::tree::Extent;

/// What can be taken out of the `use` lines of a file, so that every name in it still means what it means: whole lines,
/// and names in a list, in order. Nothing where a name cannot be found, since it is not known then which line was to
/// bring it in.
pub fn needless(sources: &Sources, names: &Names, file: FileId) -> Vec<Extent> {
    let text = &sources.file(file).text;
    let (mut whole, errors) = parse(file, text);
    if !errors.is_empty() || !whole.items.iter().any(is_use) {
        return Vec::new();
    }
    let (needed, before, missing) = brought(sources, names, &mut whole);
    if !missing.is_empty() {
        return Vec::new();
    }
    // What the walk says is needless is tried: without it every name has to mean the same.
    let (mut less, _) = parse(file, text);
    let mut cuts = Vec::new();
    less.items.retain_mut(|item| {
        let header = item.header;
        let Some(Value::Use(_, imports)) = item.arguments.first_mut().map(|argument| &mut argument.value) else {
            return true;
        };
        let stays = |import: &Import| needed.contains(&place(import, header));
        if !imports.iter().any(stays) {
            cuts.push(removed(text, header));
            return false;
        }
        if let Some(of_list) = out_of_list(text, header, imports, stays) {
            cuts.extend(of_list);
            imports.retain(stays);
        }
        true
    });
    if cuts.is_empty() {
        return cuts;
    }
    let (after, errors) = walk(sources, names, &mut less);
    match after == before && errors.is_empty() {
        true => cuts,
        false => Vec::new(),
    }
}

fn is_use(item: &Item) -> bool {
    item.clause.word == "use"
}

/// The place that brings something in: a name in a line, or the whole line.
fn place(import: &Import, line: Span) -> u32 {
    match import {
        Import::All => line.start,
        Import::One(_, _, span) => span.start,
    }
}

/// What goes from a list in braces, a stretch for names that follow each other. None where a comment stands among them.
fn out_of_list(text: &str, line: Span, imports: &[Import], stays: impl Fn(&Import) -> bool) -> Option<Vec<Extent>> {
    let close = text[..line.end as usize].rfind('}')?;
    if text[line.start as usize..close].contains("//") {
        return None;
    }
    let mut cuts = Vec::new();
    let mut from = None;
    for import in imports {
        let here = place(import, line);
        if !stays(import) {
            from = from.or(Some(here));
        } else if let Some(start) = from.take() {
            cuts.push(Extent { start, end: here });
        }
    }
    // Behind the last name that stays, the comma goes as well.
    if let Some(start) = from {
        let kept = text[..start as usize].trim_end().trim_end_matches(',');
        cuts.push(Extent {
            start: kept.trim_end().len() as u32,
            end: text[..close].trim_end().len() as u32,
        });
    }
    Some(cuts)
}

/// A text without some stretches of it, which are in order.
pub fn without(text: &str, cuts: &[Extent]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for gone in cuts {
        out.push_str(&text[done..gone.start as usize]);
        done = gone.end as usize;
    }
    out.push_str(&text[done..]);
    out
}

/// What to remove from a text with an item: its whole line if it has one, otherwise the `;` after it.
pub fn removed(text: &str, item: Span) -> Extent {
    let mut start = item.start as usize;
    let mut end = item.end as usize;
    let behind = text[end..].trim_start_matches([' ', '\t']);
    if let Some(rest) = behind.strip_prefix(';') {
        end = text.len() - rest.len();
    }
    let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[begin..start].trim_start_matches('\u{feff}');
    let rest = text[end..].trim_start_matches([' ', '\t', '\r']);
    if before.trim().is_empty() && (rest.is_empty() || rest.starts_with('\n')) {
        start -= before.len();
        end = text.len() - rest.strip_prefix('\n').unwrap_or(rest).len();
    }
    Extent {
        start: start as u32,
        end: end as u32,
    }
}
