//! Collects the lines of the output, and aligns the comments at their ends.

use crate::format::{WIDTH, columns};

/// The number of spaces between a line and the comment at its end.
const GAP: usize = 2;

/// One line.
#[derive(Debug)]
struct Row {
    /// The number of blocks around it.
    depth: usize,
    /// Its text, indented; empty for a blank line.
    code: String,
    /// The comment at its end.
    comment: Option<String>,
}

/// The lines of the output so far.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rows: Vec<Row>,
}

impl Lines {
    /// One line.
    pub(super) fn of(depth: usize, code: String) -> Lines {
        let mut lines = Lines::default();
        lines.add(depth, code);
        lines
    }

    /// Adds a line.
    pub(super) fn add(&mut self, depth: usize, code: String) {
        self.rows.push(Row {
            depth,
            code,
            comment: None,
        });
    }

    /// Adds a blank line.
    pub(super) fn blank(&mut self) {
        self.add(0, String::new());
    }

    /// Puts a comment at the end of the last line.
    pub(super) fn comment(&mut self, comment: &str) {
        if let Some(row) = self.rows.last_mut() {
            row.comment = Some(comment.to_owned());
        }
    }

    /// Adds the lines of an item.
    pub(super) fn append(&mut self, other: Lines) {
        self.rows.extend(other.rows);
    }

    /// How many lines there are.
    pub(super) fn count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the whole text. Comments at the ends of adjacent lines of a block are in one column if they fit.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for run in self
            .rows
            .chunk_by(|one, other| one.comment.is_some() && other.comment.is_some() && one.depth == other.depth)
        {
            let code = run.iter().map(|row| columns(&row.code)).max().unwrap_or(0);
            let comment = run.iter().filter_map(|row| row.comment.as_deref().map(columns)).max().unwrap_or(0);
            let aligned = code + GAP + comment <= WIDTH;
            for row in run {
                out.push_str(&row.code);
                if let Some(comment) = &row.comment {
                    let reach = if aligned { code } else { columns(&row.code) };
                    out.push_str(&" ".repeat(reach - columns(&row.code) + GAP));
                    out.push_str(comment);
                }
                out.push('\n');
            }
        }
        out
    }
}
