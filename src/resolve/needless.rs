//! `use` lines that bring in nothing which a file could not name without them.

use crate::resolve::Names;
use crate::resolve::walk::{brought, walk};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::Item;
use crate::syntax::parse;
use crate::syntax::tree::Extent;
use std::collections::BTreeSet;

/// The headers of the `use` lines that can be taken out of a file, so that every name in it still means what it means. None where a name
/// cannot be found, since it is not known then which line was to bring it in.
pub fn needless(sources: &Sources, names: &Names, file: FileId) -> Vec<Span> {
    let text = &sources.file(file).text;
    let (mut whole, slips) = parse(file, text);
    if !slips.is_empty() || !whole.items.iter().any(is_use) {
        return Vec::new();
    }
    let (needed, before, missing) = brought(sources, names, &mut whole);
    let lines = whole
        .items
        .iter()
        .filter(|item| is_use(item) && !needed.contains(&item.header.start));
    let lines: Vec<Span> = lines.map(|item| item.header).collect();
    if lines.is_empty() || !missing.is_empty() {
        return Vec::new();
    }
    // What the walk says is needless is tried: without the lines every name has to mean the same.
    let starts: BTreeSet<u32> = lines.iter().map(|line| line.start).collect();
    let (mut less, _) = parse(file, text);
    less.items.retain(|item| !(is_use(item) && starts.contains(&item.header.start)));
    let (after, slips) = walk(sources, names, &mut less);
    match after == before && slips.is_empty() {
        true => lines,
        false => Vec::new(),
    }
}

fn is_use(item: &Item) -> bool {
    item.clause.word == "use"
}

/// A text without some of its lines, and without what parted them from others. Comments behind them stay.
pub fn without(text: &str, lines: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for line in lines {
        let gone = removed(text, *line);
        out.push_str(&text[done..gone.start as usize]);
        done = gone.end as usize;
    }
    out.push_str(&text[done..]);
    out
}

/// What has to go from a text with an item: its whole line where it has one, and otherwise the `;` behind it.
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
