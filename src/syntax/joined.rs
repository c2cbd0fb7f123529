//! Recognises several lines that the author meant as one, and one line meant as two. Each is reported once, and
//! read as the author meant it.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::tree::{Extent, Node, Token, TokenKind};

/// The nodes that result from joining or splitting, and the error about it.
pub(super) struct Meant {
    /// The nodes to read.
    pub nodes: Vec<Node>,
    /// The error.
    pub error: Diagnostic,
}

/// Joins the first node with those below it, if a line ends or begins with `and` or `or`. `known` states whether a
/// word begins a clause here. Returns the number of joined nodes, and the result.
pub(super) fn lines(nodes: &[&Node], text: &str, file: FileId, known: impl Fn(&str) -> bool) -> Option<(usize, Meant)> {
    let joins = |extent: Extent| matches!(extent.of(text), "and" | "or");
    let mut count = 1;
    let mut place: Option<(Extent, bool)> = None;
    while let (Some(node), Some(next)) = (nodes.get(count - 1), nodes.get(count)) {
        let last = node.tokens.last().filter(|_| node.block.is_none()).map(|token| token.extent);
        let ends = last.filter(|last| joins(*last) && !known(next.word.of(text)));
        let begins = Some(next.word).filter(|word| joins(*word) && node.block.is_none());
        let Some(at) = ends.or(begins) else { break };
        place.get_or_insert((at, ends.is_some()));
        count += 1;
    }
    let (at, ends) = place?;
    let whole = nodes[..count].iter().skip(1).fold(nodes[0].clone(), |mut whole, next| {
        whole.tokens.push(Token {
            kind: TokenKind::Name,
            extent: next.word,
            inside: Vec::new(),
        });
        whole.tokens.extend(next.tokens.iter().cloned());
        whole.block.clone_from(&next.block);
        whole.extent.end = next.extent.end;
        whole
    });
    let word = at.of(text);
    let message = match ends {
        true => format!("this line ends with `{word}`, but a line continues only after a comma or inside parentheses"),
        false => format!("a line cannot begin with `{word}`: a line continues only after a comma or inside parentheses"),
    };
    let mut header = whole.header();
    if let Some(at) = taken_in(nodes[0], text, &known) {
        header.start = nodes[0].tokens[at + 1].extent.start;
    }
    let error = Diagnostic::error(at.within(file), message).help(format!("on one line: {}", one_line(header, text)));
    let nodes = vec![whole];
    Some((count, Meant { nodes, error }))
}

/// Splits a node at a comma at the end of a line, if the comma joined it with the clause below.
pub(super) fn comma(node: &Node, text: &str, file: FileId, known: impl Fn(&str) -> bool) -> Option<Meant> {
    let at = taken_in(node, text, &known)?;
    let (comma, word) = (node.tokens[at].extent, node.tokens[at + 1].extent);
    let mut first = node.clone();
    let rest = first.tokens.split_off(at + 1);
    first.tokens.pop();
    first.block = None;
    first.extent.end = first.header().end;
    let second = Node {
        word,
        tokens: rest.into_iter().skip(1).collect(),
        block: node.block.clone(),
        docs: Vec::new(),
        extent: Extent {
            start: word.start,
            end: node.extent.end,
        },
    };
    let (above, below) = (first.word.of(text), word.of(text));
    let error = Diagnostic::error(
        comma.within(file),
        format!("this comma joins the line below it, `{below} …`, to `{above}`"),
    );
    let error = error.help(format!("remove the comma: `{}`", one_line(first.header(), text)));
    let nodes = vec![first, second];
    Some(Meant { nodes, error })
}

/// The index of a comma at the end of a line, if the next line begins with the first word of a clause.
fn taken_in(node: &Node, text: &str, known: &impl Fn(&str) -> bool) -> Option<usize> {
    let broken = |pair: &[Token]| text[pair[0].extent.end as usize..pair[1].extent.start as usize].contains('\n');
    let taken = |pair: &[Token]| pair[0].kind == TokenKind::Comma && pair[1].kind == TokenKind::Name && known(pair[1].extent.of(text));
    node.tokens.windows(2).position(|pair| taken(pair) && broken(pair))
}

fn one_line(stretch: Extent, text: &str) -> String {
    stretch.of(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
