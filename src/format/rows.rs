//! Finds the clauses of a block that share a line.

use crate::format::attach::Entry;
use crate::format::item;
use crate::format::{WIDTH, columns};

/// Items that share a line, or one item with its own lines.
pub(super) struct Row<'a> {
    /// The first item. The comments above the row belong to it.
    pub(super) first: &'a Entry<'a>,
    /// The last item. The comment at the end of the line belongs to it.
    pub(super) last: &'a Entry<'a>,
    /// The line, if several items share it.
    pub(super) shared: Option<String>,
}

/// Returns the rows of a body at this depth of blocks. Clauses joined by `;` stay together as far as they fit. At
/// the top of a file, no items share a line.
pub(super) fn of<'a>(text: &str, entries: &'a [Entry<'a>], depth: usize) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let (count, shared) = match depth {
            0 => (1, None),
            _ => fitting(text, rest, depth),
        };
        let (row, below) = rest.split_at(count);
        rows.push(Row {
            first,
            last: row.last().unwrap_or(first),
            shared,
        });
        rest = below;
    }
    rows
}

/// Returns how many items, from the first, shared a line and fit on it, with this line if there are several.
fn fitting(text: &str, entries: &[Entry], depth: usize) -> (usize, Option<String>) {
    let mut shared: Option<String> = None;
    let mut count = 1;
    for (above, entry) in entries.iter().zip(entries.iter().skip(1)) {
        if above.row != entry.row || above.trailing.is_some() || !entry.leading.is_empty() {
            break;
        }
        let line = shared.clone().or_else(|| Some(item::indented(depth, &item::flat(text, above)?)));
        let longer = line.zip(item::flat(text, entry)).map(|(line, flat)| format!("{line}; {flat}"));
        let Some(longer) = longer.filter(|line| columns(line) <= WIDTH) else {
            break;
        };
        shared = Some(longer);
        count += 1;
    }
    (count, shared)
}
