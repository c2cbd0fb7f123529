//! The tree of a file before its words are interpreted: items, tokens and comments.

use crate::source::FileId;
use crate::source::Span;

/// A stretch of the file that a tree belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Extent {
    /// The same stretch, with its file.
    pub fn within(self, file: FileId) -> Span {
        Span {
            file,
            start: self.start,
            end: self.end,
        }
    }

    /// Its text.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `,`
    Comma,
    /// `( … )`, with the tokens inside.
    Group,
    /// A string.
    Text,
    /// A string without its closing quote.
    Unterminated,
    /// `2027-03-31`
    Date,
    /// `15m`
    Duration,
    /// `10_000` or `19.90`
    Number,
    /// A name or a path.
    Name,
    /// `acme.people.*` or `acme.people.{…}`
    PathList,
    /// `EUR`
    Currency,
    /// `TODO`
    Question,
    /// A comparison, as `<=`.
    Symbol,
    /// Text that is not a token of the language.
    Unknown,
}

/// One argument of an item.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// Its location.
    pub extent: Extent,
    /// The tokens inside a group or a path list.
    pub inside: Vec<Token>,
}

/// One item: a word, its arguments, a block.
#[derive(Clone, Debug)]
pub struct Node {
    /// The first word.
    pub word: Extent,
    /// The tokens after it.
    pub tokens: Vec<Token>,
    /// The items in its braces.
    pub block: Option<Block>,
    /// The `///` lines above it.
    pub docs: Vec<Extent>,
    /// The location from the word to the end of the block.
    pub extent: Extent,
}

impl Node {
    /// The location from the word to the last argument, without the block.
    pub fn header(&self) -> Extent {
        Extent {
            start: self.word.start,
            end: self.tokens.last().map_or(self.word.end, |token| token.extent.end),
        }
    }
}

/// A pair of braces and its content.
#[derive(Clone, Debug)]
pub struct Block {
    /// The opening brace.
    pub open: Extent,
    /// The closing brace.
    pub close: Extent,
    /// The items.
    pub nodes: Vec<Node>,
}

/// A whole file.
#[derive(Debug, Default)]
pub struct Tree {
    /// The items.
    pub nodes: Vec<Node>,
    /// The `//!` lines.
    pub module_docs: Vec<Extent>,
    /// Every `//` comment, in order.
    pub comments: Vec<Extent>,
}

impl Tree {
    /// Returns the `//!` lines without the slashes.
    pub fn documentation(&self, text: &str) -> String {
        prose(&self.module_docs, text, "//!")
    }
}

/// Returns lines of documentation without the slashes.
pub fn prose(lines: &[Extent], text: &str, slashes: &str) -> String {
    let strip = |extent: &Extent| {
        let line = extent.of(text).trim_end();
        let line = line.strip_prefix(slashes).unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    lines.iter().map(strip).collect::<Vec<_>>().join("\n")
}
