//! Adds the comma before the digest of an approved scope. A line can break after it.

use crate::source::FileId;
use crate::syntax::parse::parse;
use crate::syntax::tree::{Extent, Node, TokenKind};
use crate::upgrade::edits::{Replacement, apply};

/// Returns the text with a comma before each `scope "…"` that has none.
pub(super) fn before_scope(file: FileId, text: &str) -> String {
    let (tree, _) = parse(file, text);
    let mut edits = Vec::new();
    commas(text, &tree.nodes, &mut edits);
    apply(text, edits)
}

fn commas(text: &str, nodes: &[Node], edits: &mut Vec<Replacement>) {
    for node in nodes {
        if node.word.of(text) == "approved" {
            let three = node.tokens.windows(3);
            edits.extend(three.filter_map(|three| {
                let [before, word, digest] = three else {
                    return None;
                };
                let lacks = before.kind == TokenKind::Date && word.extent.of(text) == "scope" && digest.kind == TokenKind::Text;
                let end = before.extent.end;
                lacks.then(|| Replacement {
                    extent: Extent { start: end, end },
                    text: ",".to_owned(),
                })
            }));
        }
        if let Some(block) = &node.block {
            commas(text, &block.nodes, edits);
        }
    }
}
