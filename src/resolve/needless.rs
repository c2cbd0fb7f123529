//! Finds `use` lines, and names in them, that a file does not need.

use crate::resolve::Names;
use crate::resolve::walk::{brought, walk};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{Import, Item, Value};
use crate::syntax::parse;
use crate::syntax::tree::Extent;

/// Returns the stretches of the `use` lines that you can remove from a file without changing what any name means:
/// whole lines, and names in a list, in order. The result is empty if the file has an error or a name cannot be
/// found, because its line is then unknown.
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
    // Removes these lines in a second reading and checks that every name still means the same.
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

/// The position that identifies an import: that of a name in a line, or that of the whole line.
fn place(import: &Import, line: Span) -> u32 {
    match import {
        Import::All => line.start,
        Import::One(_, _, span) => span.start,
    }
}

/// Returns what to remove from a list in braces, with one stretch for adjacent names. `None` without a list, or if
/// there is a comment in it.
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
    // The comma after the last remaining name is removed too.
    if let Some(start) = from {
        let kept = text[..start as usize].trim_end().trim_end_matches(',');
        cuts.push(Extent {
            start: kept.trim_end().len() as u32,
            end: text[..close].trim_end().len() as u32,
        });
    }
    Some(cuts)
}

/// Returns a text without some stretches. The stretches are in order.
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

/// Returns what to remove from a text with an item: the whole line if the item is alone on it, otherwise the item
/// and the `;` after it.
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
