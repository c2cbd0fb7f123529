//! Text to its one canonical form. Nothing but the order of clauses, the spaces and the line breaks changes.

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

/// Longer lines are broken after a comma.
const WIDTH: usize = 100;

/// The canonical form of a file. A file whose text is broken has none, and what is wrong with it comes back.
///
/// Only the shape of the text has to be sound: a clause that nobody knows is kept below the line it stood below.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    arranged(file, text, |_, _| ())
}

/// The canonical form of a file in which small facts that are read together share lines.
pub fn filled(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let joined = arranged(file, text, fill::join)?;
    // How many lines a declaration takes is known when its clauses are joined.
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

/// What would change in a text, as a unified diff with the names of both sides; empty where nothing does.
pub fn difference(old: &str, new: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(old, new);
    diff.unified_diff().header(before, after).to_string()
}

/// After a comma an item continues over line breaks, so a comma with nothing after it would include the next
/// line.
fn dangling_commas(file: FileId, nodes: &[Node], diagnostics: &mut Vec<Diagnostic>) {
    for node in nodes {
        if let Some(comma) = node.tokens.last().filter(|token| token.kind == TokenKind::Comma) {
            let diagnostic = Diagnostic::error(comma.extent.within(file), "nothing follows this comma");
            diagnostics.push(diagnostic.help("take the comma out, or write what belongs behind it"));
        }
        if let Some(block) = &node.block {
            dangling_commas(file, &block.nodes, diagnostics);
        }
    }
}

/// How many columns a text takes.
fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Whether two places are on different lines.
fn breaks_between(text: &str, start: u32, end: u32) -> bool {
    let between = Extent { start, end };
    between.of(text).contains('\n')
}
