//! Cuts the arguments of an item into pieces. A line may be broken between two pieces.

use crate::format::breaks_between;
use crate::format::comments::Comment;
use crate::syntax::tree::{Token, TokenKind};
use std::collections::VecDeque;

/// Arguments that stay together: up to a comma, or up to a comment.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// The arguments, separated by spaces.
    pub(super) text: String,
    /// The comment at the end of the line. A line break must follow it.
    pub(super) trailing: Option<Comment>,
    /// Comments below the piece, each on a separate line.
    pub(super) below: Vec<Comment>,
}

impl Piece {
    /// Whether a line break must follow the piece, because a comment does.
    pub(super) fn is_commented(&self) -> bool {
        self.trailing.is_some() || !self.below.is_empty()
    }
}

/// Returns all arguments on one line, without comments.
pub(super) fn flat(text: &str, tokens: &[Token]) -> String {
    let texts: Vec<String> = pieces(text, tokens, &[]).into_iter().map(|piece| piece.text).collect();
    texts.join(" ")
}

/// Returns the arguments with their comments, in pieces.
pub(super) fn pieces(text: &str, tokens: &[Token], comments: &[Comment]) -> Vec<Piece> {
    let mut cutting = Cutting {
        text,
        comments: comments.iter().copied().collect(),
        pieces: Vec::new(),
        glued: true,
        last: 0,
    };
    cutting.tokens(tokens);
    cutting.pieces
}

struct Cutting<'a> {
    text: &'a str,
    comments: VecDeque<Comment>,
    pieces: Vec<Piece>,
    /// Whether the next argument follows without a space.
    glued: bool,
    /// Where the last argument ended.
    last: u32,
}

impl Cutting<'_> {
    fn tokens(&mut self, tokens: &[Token]) {
        for token in tokens {
            let (start, end) = (token.extent.start, token.extent.end);
            match token.kind {
                TokenKind::Comma => self.comma(start, end),
                TokenKind::Group => {
                    self.word("(", start, start + 1);
                    self.bracketed(&token.inside, ")", end);
                }
                TokenKind::PathList => self.path_list(token),
                TokenKind::Text
                | TokenKind::Unterminated
                | TokenKind::Date
                | TokenKind::Duration
                | TokenKind::Number
                | TokenKind::Name
                | TokenKind::Currency
                | TokenKind::Question
                | TokenKind::Symbol
                | TokenKind::Unknown => self.word(token.extent.of(self.text), start, end),
            }
        }
    }

    fn path_list(&mut self, token: &Token) {
        let Some((prefix, names)) = token.inside.split_first() else {
            return;
        };
        let (start, end) = (prefix.extent.start, prefix.extent.end);
        self.word(prefix.extent.of(self.text), start, end);
        self.glued = true;
        if token.extent.of(self.text).ends_with('*') {
            self.word("*", token.extent.end - 1, token.extent.end);
        } else {
            self.word("{", end, end);
            self.bracketed(names, "}", token.extent.end);
        }
    }

    fn bracketed(&mut self, inside: &[Token], close: &str, end: u32) {
        self.glued = true;
        self.tokens(inside);
        self.glued = true;
        self.word(close, end - 1, end);
    }

    fn word(&mut self, word: &str, start: u32, end: u32) {
        self.comments_before(start);
        let glued = self.glued;
        match self
            .pieces
            .last_mut()
            .filter(|piece| !piece.is_commented() && (glued || !piece.text.ends_with(',')))
        {
            Some(piece) => {
                if !glued {
                    piece.text.push(' ');
                }
                piece.text.push_str(word);
            }
            None => self.pieces.push(Piece {
                text: word.to_owned(),
                ..Piece::default()
            }),
        }
        self.glued = false;
        self.last = end;
    }

    /// Puts a comma directly after its argument, even if a comment was between the two.
    fn comma(&mut self, start: u32, end: u32) {
        self.comments_before(start);
        match self.pieces.last_mut() {
            Some(piece) => piece.text.push(','),
            None => self.pieces.push(Piece {
                text: ",".to_owned(),
                ..Piece::default()
            }),
        }
        self.glued = false;
        self.last = end;
    }

    fn comments_before(&mut self, start: u32) {
        while let Some(comment) = self.comments.pop_front_if(|comment| comment.extent.start < start) {
            let own_line = breaks_between(self.text, self.last, comment.extent.start);
            match self.pieces.last_mut() {
                Some(piece) if own_line || piece.is_commented() => piece.below.push(comment),
                Some(piece) => piece.trailing = Some(comment),
                None => self.pieces.push(Piece {
                    below: vec![comment],
                    ..Piece::default()
                }),
            }
        }
    }
}
