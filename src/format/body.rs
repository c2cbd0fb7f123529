//! Items, once in order, to lines.

use crate::format::attach::{Body, Entry, Line, Whole};
use crate::format::item;
use crate::format::lines::Lines;

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

/// Whether a body begins with `module`, or is empty: no blank line is wanted above it then.
fn follows_closely(text: &str, body: &Body) -> bool {
    match body.entries.first() {
        Some(entry) => body.head.is_empty() && entry.leading.is_empty() && entry.node.word.of(text) == "module",
        None => body.rest.is_empty(),
    }
}

/// The lines of a body, so many blocks deep; the top of a file is in none.
pub(super) fn lines(text: &str, body: &Body, depth: usize) -> Lines {
    let column = match depth {
        0 => 0,
        _ => item::column(text, body),
    };
    let mut lines = Lines::default();
    comments(text, &mut lines, &body.head, depth);
    let mut above: Option<(&Entry, bool)> = None;
    for entry in &body.entries {
        let item = item::lines(text, entry, depth, column);
        let on_one_line = item.count() == 1;
        let blank = match above {
            None => !body.head.is_empty(),
            Some(_) if depth > 0 => entry.parted(),
            Some((above, above_on_one_line)) => {
                let word = entry.node.word.of(text);
                let adjacent = above_on_one_line && on_one_line && !entry.parted();
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
        above = Some((entry, on_one_line));
    }
    comments(text, &mut lines, &body.rest, depth);
    lines
}

/// Comments on lines of their own. The first line has no blank line above it.
fn comments(text: &str, lines: &mut Lines, comments: &[Line], depth: usize) {
    for line in comments {
        if line.blank && lines.count() > 0 {
            lines.blank();
        }
        lines.add(depth, item::indented(depth, line.comment.of(text)));
    }
}
