//! Rewrites a text in its one canonical form. Only the order of clauses, the spaces and the line breaks change.

mod arguments;
mod attach;
mod body;
mod comments;
mod fill;
mod item;
mod lines;
mod order;
mod rows;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::format::attach::Body;
use crate::source::FileId;
use crate::syntax::parse;
use crate::syntax::tree::{Extent, Node, TokenKind};
use crate::syntax::vocabulary::Place;

/// The longest line. The formatter breaks longer lines after a comma.
const WIDTH: usize = 100;

/// Returns the canonical form of a file. If the syntax of the file has errors, returns these errors.
///
/// Only the syntax must be correct. An unknown clause stays below the line that it was below.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    arranged(file, text, |_, _| ())
}

/// Returns the canonical form of a file, with small facts that belong together on one line.
pub fn filled(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let joined = arranged(file, text, fill::join)?;
    // The number of lines of a declaration is known only after its clauses are joined.
    arranged(file, &joined, fill::close_up)
}

fn arranged(file: FileId, text: &str, more: impl FnOnce(&str, &mut Body)) -> Result<String, Vec<Diagnostic>> {
    let (tree, mut diagnostics) = parse::parse(file, text);
    dangling_commas(file, &tree.nodes, &mut diagnostics);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let mut whole = attach::file(text, &tree);
    order::arrange(text, &mut whole.body, Some(Place::File));
    more(text, &mut whole.body);
    Ok(body::file(text, &whole).text())
}

/// Returns the difference between two texts as a unified diff, with a name for each side; empty if the texts are
/// equal.
pub fn difference(old: &str, new: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    diff.unified_diff().header(before, after).to_string()
}

/// Adds an error for each comma with nothing after it. An item continues over line breaks after a comma, so such a
/// comma would include the next line.
fn dangling_commas(file: FileId, nodes: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    for node in nodes {
        if let Some(comma) = node.tokens.last().filter(|token| token.kind == TokenKind::Comma) {
            let diagnostic = Diagnostic::error(comma.extent.within(file), "nothing follows this comma");
            diagnostics.push(diagnostic.help("remove the comma, or write what belongs behind it"));
        }
        if let Some(block) = &node.block {
            dangling_commas(file, &block.nodes, diagnostics);
        }
    }
}

/// The number of columns of a text.
fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Whether two places are on different lines.
fn breaks_between(text: &str, start: u32, end: u32) -> bool {
    let between = Extent { start, end };
    between.of(text).contains('\n')
}
