//! Writes a comment on a pull request: a short table, with the most severe findings first. All text from the
//! workspace is escaped, so that forges do not interpret it.

use crate::compile::Compilation;
use crate::diagnostic::Diagnostic;
use crate::outputs::{at, counts, summary, title, worst_first};
use crate::report::markdown::{escaped, fenced};

/// The most characters of a comment.
const LONGEST: usize = 65_000;

/// The number of characters reserved for the text below the table.
const BELOW: usize = 400;

/// The most characters of one text in a cell. A longer text is cut.
const LONGEST_CELL: usize = 600;

/// Returns the comment.
pub fn markdown(checked: &[&Compilation]) -> String {
    document(checked, LONGEST)
}

/// Returns the document with at most `longest` characters. Its first line is a marker by which a later run finds
/// its comment again.
pub(super) fn document(checked: &[&Compilation], longest: usize) -> String {
    let all = worst_first(checked);
    let mut out = "<!-- quorate -->\n### Quorate\n\n".to_owned();
    let mut length = out.chars().count();
    let lines = summary(checked);
    for (index, line) in lines.iter().enumerate() {
        let line = format!("{}\n\n", escaped(&cut(line)));
        if length + line.chars().count() + BELOW > longest {
            out += &format!("{} more lines like these are not shown here.\n\n", lines.len() - index);
            break;
        }
        length += line.chars().count();
        out += &line;
    }
    if all.is_empty() {
        return out.trim_end().to_owned() + "\n";
    }
    let head = "| Level | Where | What | What to do |\n|---|---|---|---|\n";
    out += head;
    length += head.chars().count();
    let mut shown = 0;
    for (compilation, diagnostic) in &all {
        let row = row(compilation, diagnostic);
        length += row.chars().count();
        if length + BELOW > longest {
            break;
        }
        out += &row;
        shown += 1;
    }
    let rest = &all[shown..];
    if !rest.is_empty() {
        let levels = counts(rest.iter().map(|(_, diagnostic)| diagnostic.level));
        out += &format!("\nNot shown here: {levels}. `quorate check` shows them.\n");
    }
    out
}

fn row(compilation: &Compilation, diagnostic: &Diagnostic) -> String {
    let place = at(compilation, diagnostic).map_or(String::new(), |place| fenced(&format!("{}:{}", place.path, place.start.line)));
    let help = diagnostic.help.first().map_or(String::new(), |help| escaped(&cut(help)));
    let level = diagnostic.level.word();
    let (title, message) = (title(diagnostic), escaped(&cut(&diagnostic.message)));
    format!("| {level} | {place} | **{title}**<br>{message} | {help} |\n")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
