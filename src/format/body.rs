//! Writes the ordered items as lines.

use crate::format::attach::{Body, Entry, Line, Whole};
use crate::format::item;
use crate::format::lines::Lines;
use crate::format::rows;

/// The lines of a file.
pub(super) fn file(text: &str, whole: &Whole) -> Lines {
    let mut lines = Lines::default();
    comments(text, &mut lines, &whole.preamble, 0);
    comments(text, &mut lines, &whole.documentation, 0);
    if !whole.documentation.is_empty() && !follows_closely(text, &whole.body) {
        lines.blank();
    }
    lines.append(self::lines(text, &whole.body, 0));
    lines
}

/// Whether a body is empty or begins with `module`. Neither needs a blank line above it.
fn follows_closely(text: &str, body: &Body) -> bool {
    match body.entries.first() {
        Some(entry) => body.head.is_empty() && entry.leading.is_empty() && entry.node.word.of(text) == "module",
        None => body.rest.is_empty(),
    }
}

/// The lines of a body at this depth of blocks; the top of a file is at depth 0.
pub(super) fn lines(text: &str, body: &Body, depth: usize) -> Lines {
    let rows = rows::of(text, &body.entries, depth);
    let column = match depth {
        0 => 0,
        _ => item::column(text, rows.iter().filter(|row| row.shared.is_none()).map(|row| row.first)),
    };
    let mut lines = Lines::default();
    comments(text, &mut lines, &body.head, depth);
    let mut above: Option<(&Entry, bool)> = None;
    for row in rows {
        let entry = row.first;
        let mut item = match row.shared {
            Some(line) => Lines::of(depth, line),
            None => item::lines(text, entry, depth, column),
        };
        if let Some(comment) = row.last.trailing {
            item.comment(comment.of(text));
        }
        let small = is_small(entry, &item);
        let blank = match above {
            None => !body.head.is_empty(),
            Some(_) if depth > 0 => entry.parted(),
            Some((above, above_small)) => {
                let word = entry.node.word.of(text);
                let adjacent = above_small && small && !entry.parted();
                above.node.word.of(text) != word || (word != "use" && !adjacent)
            }
        };
        if blank {
            lines.blank();
        }
        let mut leading = Lines::default();
        comments(text, &mut leading, &entry.leading, depth);
        if entry.blank && !entry.leading.is_empty() {
            leading.blank();
        }
        lines.append(leading);
        lines.append(item);
        above = Some((entry, small));
    }
    comments(text, &mut lines, &body.rest, depth);
    lines
}

/// Whether a declaration may follow another one without a blank line: it takes one line, or a block with one line
/// in it.
fn is_small(entry: &Entry, lines: &Lines) -> bool {
    let holds = entry.braces.as_ref().is_some_and(|braces| !braces.body.entries.is_empty());
    lines.count() == 1 || (holds && lines.count() == 3)
}

/// Adds comments, each on a separate line. The first one has no blank line above it.
fn comments(text: &str, lines: &mut Lines, comments: &[Line], depth: usize) {
    for line in comments {
        if line.blank && lines.count() > 0 {
            lines.blank();
        }
        lines.add(depth, item::indented(depth, line.comment.of(text)));
    }
}
