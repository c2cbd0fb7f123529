//! Parses text to a [`Tree`] with the grammar, and reports every error.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::source::unseen::{called, unseen};
use crate::syntax::habit::separated;
use crate::syntax::lookalike::lookalike;
use crate::syntax::tree::{Block, Extent, Node, Token, TokenKind, Tree};
use pest::Parser;
use pest::iterators::Pair;

use grammar::{Grammar, Rule};

/// The code generated from the grammar.
#[allow(missing_docs, reason = "the parser generator writes no documentation for all it writes")]
mod grammar {
    /// The parser of `grammar/gov.pest`.
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/gov.pest"]
    pub struct Grammar;
}

/// The deepest nesting. Nobody can read deeper nesting, and the parser still has enough stack at this depth.
const DEEPEST: usize = 64;

/// The longest line in bytes. People cannot review a longer line, and a report cannot show it.
const LONGEST_LINE: usize = 20_000;

/// Parses a text. If it cannot be parsed at all, the tree is empty and a diagnostic gives the reason.
pub fn parse(file: FileId, text: &str) -> (Tree, Vec<Diagnostic>) {
    let mut reading = Reading {
        file,
        diagnostics: Vec::new(),
        tree: Tree::default(),
    };
    let mut errors = hidden(file, text);
    errors.extend(unreadable(file, text));
    if !errors.is_empty() {
        return (reading.tree, errors);
    }
    match Grammar::parse(Rule::file, text) {
        Ok(pairs) => {
            let mut nodes = Vec::new();
            for pair in pairs.flat_map(Pair::into_inner) {
                nodes = reading.entry(pair, nodes);
            }
            reading.tree.nodes = nodes;
            reading.lift_unclosed(text);
        }
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) => at,
                pest::error::InputLocation::Span((at, _)) => at,
            } as u32;
            let extent = Extent { start: at, end: at };
            reading
                .diagnostics
                .push(Diagnostic::error(extent.within(file), "the rest of this file cannot be read"));
        }
    }
    (reading.tree, reading.diagnostics)
}

/// Returns an error for each line with a character that makes the text look different from what it is.
fn hidden(file: FileId, text: &str) -> Vec<Diagnostic> {
    let point = |at: usize| {
        Extent {
            start: at as u32,
            end: at as u32,
        }
        .within(file)
    };
    if let Some(at) = text.find('\0') {
        return vec![Diagnostic::error(point(at), "this file contains a zero byte, so it is not a text")];
    }
    if !text.contains('\n')
        && let Some(at) = text.find('\r')
    {
        let message = "each line of this file ends with a carriage return (U+000D) alone, so the whole file would be read as one line";
        return vec![Diagnostic::error(point(at), message).help("save the file with lines that end with a line feed (`LF`, or `CR LF`)")];
    }
    let mut errors = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        // Some editors write a byte order mark at the start of a file, and carriage returns at the ends of lines.
        let read = line.trim_end_matches('\r');
        let first = read.char_indices().find(|(at, character)| match character {
            '\r' => true,
            '\u{feff}' => start + at > 0,
            other => unseen(*other),
        });
        if let Some((at, character)) = first {
            let message = format!(
                "a {} is invisible, and makes this text look different from what it is",
                called(character)
            );
            let help = match character {
                '\r' | '\u{2028}' | '\u{2029}' => "replace it with a line break, or delete it; some editors already show a line break here",
                _ => "delete the character; your editor shows it if you turn on control characters",
            };
            errors.push(Diagnostic::error(point(start + at), message).help(help));
        }
        start += line.len() + 1;
    }
    errors
}

/// Returns an error if a line is too long or the nesting too deep. It scans the text before parsing.
fn unreadable(file: FileId, text: &str) -> Option<Diagnostic> {
    let point = |at: usize| {
        Extent {
            start: at as u32,
            end: at as u32,
        }
        .within(file)
    };
    let mut start = 0;
    for line in text.split('\n') {
        if line.len() > LONGEST_LINE {
            let message = format!("this line is longer than {LONGEST_LINE} bytes, too long to be reviewed");
            return Some(Diagnostic::error(point(start), message).help("break it after a comma"));
        }
        start += line.len() + 1;
    }
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\n' => in_text = false,
            b'\\' if in_text => {
                bytes.next_if(|(_, next)| *next != b'\n');
            }
            b'"' => in_text = !in_text,
            b'/' if !in_text && matches!(bytes.peek(), Some((_, b'/'))) => while bytes.next_if(|(_, next)| *next != b'\n').is_some() {},
            b'{' | b'(' if !in_text => {
                depth += 1;
                if depth > DEEPEST {
                    let message = format!("braces and parentheses are nested more than {DEEPEST} deep here");
                    let help = if byte == b'{' {
                        "move the inner declarations to the top of the file"
                    } else {
                        "say it with fewer parentheses"
                    };
                    return Some(Diagnostic::error(point(at), message).help(help));
                }
            }
            b'}' | b')' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

struct Reading {
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    tree: Tree,
}

fn extent(pair: &Pair<'_, Rule>) -> Extent {
    let span = pair.as_span();
    Extent {
        start: span.start() as u32,
        end: span.end() as u32,
    }
}

impl Reading {
    fn report(&mut self, at: Extent, message: &str) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(at.within(self.file), message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Adds one entry of a file or block to `nodes`. Documentation waits at the end of `nodes` for its item.
    fn entry(&mut self, pair: Pair<'_, Rule>, mut nodes: Vec<Node>) -> Vec<Node> {
        let at = extent(&pair);
        match pair.as_rule() {
            Rule::module_doc => self.tree.module_docs.push(at),
            Rule::doc => self.waiting(&mut nodes).docs.push(at),
            Rule::COMMENT => self.tree.comments.push(at),
            Rule::item => {
                let node = self.item(pair);
                match nodes.last_mut().filter(|last| last.word.start == u32::MAX) {
                    Some(last) => {
                        let docs = std::mem::take(&mut last.docs);
                        *last = Node { docs, ..node };
                    }
                    None => nodes.push(node),
                }
            }
            Rule::stray_brace => {
                self.report(at, "this brace closes nothing");
            }
            Rule::broken => self.broken(pair),
            _ => {}
        }
        nodes
    }

    fn waiting<'a>(&mut self, nodes: &'a mut Vec<Node>) -> &'a mut Node {
        let nowhere = Extent {
            start: u32::MAX,
            end: u32::MAX,
        };
        if nodes.last().is_none_or(|last| last.word.start != u32::MAX) {
            nodes.push(Node {
                word: nowhere,
                tokens: Vec::new(),
                block: None,
                docs: Vec::new(),
                extent: nowhere,
            });
        }
        let last = nodes.len() - 1;
        &mut nodes[last]
    }

    fn item(&mut self, pair: Pair<'_, Rule>) -> Node {
        let mut node = Node {
            word: extent(&pair),
            tokens: Vec::new(),
            block: None,
            docs: Vec::new(),
            extent: extent(&pair),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::word => node.word = extent(&part),
                Rule::COMMENT => self.tree.comments.push(extent(&part)),
                Rule::block => node.block = Some(self.block(part)),
                _ => node.tokens.extend(self.token(part)),
            }
        }
        node.extent = Extent {
            start: node.word.start,
            end: node.block.as_ref().map_or(node.header().end, |block| block.close.end),
        };
        node
    }

    fn block(&mut self, pair: Pair<'_, Rule>) -> Block {
        let whole = extent(&pair);
        let mut block = Block {
            open: Extent {
                start: whole.start,
                end: whole.start + 1,
            },
            close: Extent {
                start: whole.end,
                end: whole.end,
            },
            nodes: Vec::new(),
        };
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::close => block.close = extent(&part),
                _ => block.nodes = self.entry(part, std::mem::take(&mut block.nodes)),
            }
        }
        block.nodes.retain(|node| node.word.start != u32::MAX);
        block
    }

    fn token(&mut self, pair: Pair<'_, Rule>) -> Option<Token> {
        let at = extent(&pair);
        let kind = match pair.as_rule() {
            Rule::comma => TokenKind::Comma,
            Rule::group => TokenKind::Group,
            Rule::text => TokenKind::Text,
            Rule::unterminated => {
                self.report(at, "this text has no closing quote")
                    .help
                    .push("end it with `\"` on the same line".into());
                TokenKind::Unterminated
            }
            Rule::date => TokenKind::Date,
            Rule::duration => TokenKind::Duration,
            Rule::number => TokenKind::Number,
            Rule::path_list => TokenKind::PathList,
            Rule::name => TokenKind::Name,
            Rule::currency => TokenKind::Currency,
            Rule::question => TokenKind::Question,
            Rule::symbol => TokenKind::Symbol,
            Rule::COMMENT => {
                self.tree.comments.push(at);
                return None;
            }
            _ => TokenKind::Unknown,
        };
        let at = match kind {
            TokenKind::Comma => Extent {
                start: at.start,
                end: at.start + 1,
            },
            _ => at,
        };
        let inside = match kind {
            TokenKind::Group | TokenKind::PathList => {
                let parts: Vec<Pair<'_, Rule>> = pair.into_inner().collect();
                parts.into_iter().flat_map(|part| self.inside(part)).collect()
            }
            _ => {
                let comments: Vec<Extent> = pair.into_inner().map(|part| extent(&part)).collect();
                self.tree.comments.extend(comments);
                Vec::new()
            }
        };
        Some(Token { kind, extent: at, inside })
    }

    fn inside(&mut self, pair: Pair<'_, Rule>) -> Vec<Token> {
        match pair.as_rule() {
            Rule::names => {
                let parts: Vec<Pair<'_, Rule>> = pair.into_inner().collect();
                parts.into_iter().flat_map(|part| self.inside(part)).collect()
            }
            Rule::path_prefix | Rule::star => vec![Token {
                kind: TokenKind::Name,
                extent: extent(&pair),
                inside: Vec::new(),
            }],
            _ => self.token(pair).into_iter().collect(),
        }
    }

    /// Reports text that is not an item. The items in its braces are not read, because their meaning depends on
    /// their parent.
    fn broken(&mut self, pair: Pair<'_, Rule>) {
        let mut at: Option<Extent> = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::broken_text => {
                    let piece = extent(&part);
                    if piece.of(pair.get_input()).starts_with("//") {
                        self.tree.comments.push(piece);
                    } else {
                        at = Some(Extent {
                            start: at.map_or(piece.start, |at| at.start),
                            end: piece.end,
                        });
                    }
                }
                Rule::COMMENT => self.tree.comments.push(extent(&part)),
                _ => {}
            }
        }
        let whole = extent(&pair);
        let at = at.unwrap_or(Extent {
            start: whole.start,
            end: whole.start + 1,
        });
        let text = at.of(pair.get_input()).trim();
        let word = text.split(['"', '{', '(', ',']).next().unwrap_or(text).trim();
        if let Some(looks) = lookalike(word) {
            let end = at.start + word.len() as u32;
            let shown = format!("`{word}` cannot begin a declaration or a clause");
            self.report(Extent { start: at.start, end }, &shown).help.push(looks);
        } else if let Some(help) = separated(text) {
            let end = at.start + text.split_whitespace().next().unwrap_or(text).len() as u32;
            let shown = "nothing belongs between a word and its value";
            self.report(Extent { start: at.start, end }, shown).help.push(help);
        } else if text.is_empty() || text == "{" {
            self.report(at, "a block has to follow a word")
                .help
                .push("write what the block is of in front of `{`".into());
        } else if let Some(quote) = text.find('"').filter(|_| text.matches('"').count() % 2 == 1) {
            let start = at.start + quote as u32;
            let end = at.start + text.len() as u32;
            self.report(Extent { start, end }, "this text has no closing quote")
                .help
                .push("end it with `\"` on the same line".into());
        } else if text.contains('(') != text.contains(')') || text.matches('(').count() != text.matches(')').count() {
            self.report(at, "a parenthesis is left open here")
                .help
                .push("close it with `)`; a line break inside parentheses is fine".into());
        } else if text.starts_with(|letter: char| letter.is_ascii_lowercase()) && whole.end > at.end {
            self.report(
                Extent {
                    start: whole.end - 1,
                    end: whole.end,
                },
                "a line break is missing after this brace",
            )
            .help
            .push("write what follows a block on a new line".into());
        } else if text.starts_with("/*") || text.starts_with('#') || text.starts_with("--") {
            self.report(at, "this is not a word of the language")
                .help
                .push("a comment begins with `//` and goes to the end of the line".into());
        } else {
            let first = text.split_whitespace().next().unwrap_or(text);
            let shown = format!("`{first}` cannot begin a declaration or a clause");
            let end = at.start + first.len() as u32;
            let help = "each line begins with a word in small letters: a kind such as `agent`, or a clause such as `owner`";
            self.report(Extent { start: at.start, end }, &shown).help.push(help.into());
        }
    }

    /// A block that is not closed contains the rest of the file. Items below it at the left margin were meant to
    /// be outside, so this moves them out. One error reports the brace.
    #[expect(clippy::while_let_loop, reason = "the loop also ends where a block is cut in two")]
    fn lift_unclosed(&mut self, text: &str) {
        let end = text.len() as u32;
        let mut lifted = Vec::new();
        let Some(last) = self.tree.nodes.last_mut() else {
            return;
        };
        let mut culprit: Option<Extent> = None;
        let mut node = last;
        loop {
            let Some(block) = node
                .block
                .as_mut()
                .filter(|block| block.close.start == end && block.close.end == end)
            else {
                break;
            };
            culprit = Some(block.open);
            let margin = |node: &Node| node.word.start == 0 || text.as_bytes()[node.word.start as usize - 1] == b'\n';
            if let Some(first) = block.nodes.iter().position(margin) {
                lifted = block.nodes.split_off(first);
                break;
            }
            match block.nodes.last_mut() {
                Some(inner) => node = inner,
                None => break,
            }
        }
        if let Some(open) = culprit {
            self.diagnostics.insert(
                0,
                Diagnostic::error(open.within(self.file), "this brace is not closed").help("close the block with `}` where it ends"),
            );
            let more = !lifted.is_empty();
            self.tree.nodes.extend(lifted);
            if more {
                // The moved items may end in another block that is open because of the same missing brace. One
                // error is enough.
                let count = self.diagnostics.len();
                self.lift_unclosed(text);
                let surplus = self.diagnostics.len() - count;
                self.diagnostics.drain(0..surplus);
            }
        }
    }
}
