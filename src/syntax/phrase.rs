//! Reads the phrases of the language from tokens, left to right: grants, selections, quorums and conditions.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::source::Span;
use crate::syntax::ast::{Comparison, Condition, Flag, Grant, InputName, Literal, Money, Name, Quorum, Select, Selector};
use crate::syntax::lookalike::lookalike;
use crate::syntax::tree::{Extent, Token, TokenKind};
use crate::syntax::vocabulary::Kind;
use crate::words::literal::decimals;

/// The reserved words. A declaration cannot have one of them as its name.
pub const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "of",
    "any",
    "all",
    "none",
    "when",
    "otherwise",
    "in",
    "for",
    "true",
    "false",
    "except",
];

/// An error in a clause; boxed because it is rare.
pub type SyntaxError = Box<Diagnostic>;

/// A position among tokens.
#[derive(Clone)]
pub struct Cursor<'a> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// The tokens that are left to read.
    pub tokens: &'a [Token],
    /// The token that was read last, for errors about missing parts.
    pub last: Extent,
}

impl<'a> Cursor<'a> {
    /// The next token.
    pub fn peek(&self) -> Option<&'a Token> {
        self.tokens.first()
    }

    /// Reads the next token if it has this kind.
    pub fn take(&mut self, kind: TokenKind) -> Option<&'a Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.tokens = &self.tokens[1..];
        self.last = token.extent;
        Some(token)
    }

    /// Whether the next token is this word.
    pub fn at_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    /// The text of the next token, if it is a name or a word.
    pub fn word(&self) -> Option<&'a str> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Name)?;
        Some(token.extent.of(self.text))
    }

    /// Reads this word if it is next, and returns its location.
    pub fn take_word(&mut self, word: &str) -> Option<Span> {
        match self.at_word(word) {
            true => self.take(TokenKind::Name).map(|token| token.extent.within(self.file)),
            false => None,
        }
    }

    /// Returns a cursor for the tokens in a group.
    pub fn inside(&self, group: &'a Token) -> Cursor<'a> {
        Cursor {
            tokens: &group.inside,
            last: Extent {
                start: group.extent.start,
                end: group.extent.start + 1,
            },
            ..self.clone()
        }
    }

    /// The location of the next token or, at the end, of the last one.
    pub fn here(&self) -> Span {
        self.peek().map_or(self.last, |token| token.extent).within(self.file)
    }

    /// Returns the error that `what` belongs here.
    pub fn wanted(&self, what: &str) -> SyntaxError {
        Box::new(match self.peek() {
            Some(token) if token.kind == TokenKind::Unknown => unknown(token.extent.of(self.text), self.here()),
            Some(token) => {
                let text = token.extent.of(self.text);
                Diagnostic::error(self.here(), format!("{what} belongs here, not `{text}`"))
            }
            None => {
                let error = Diagnostic::error(self.here(), format!("{what} is missing after this"));
                match self.last.of(self.text) {
                    word @ ("," | "and" | "or") => error.help(format!("write what belongs after `{word}`, or remove the `{word}`")),
                    _ => error,
                }
            }
        })
    }

    /// Reads a name that is looked up among these kinds.
    pub fn name(&mut self, kinds: &'static [Kind], what: &str) -> Result<Name, SyntaxError> {
        match self.word() {
            Some(word) if !RESERVED.contains(&word) => {
                let span = self.here();
                self.take(TokenKind::Name);
                Ok(Name { span, kinds, target: None })
            }
            _ => Err(self.wanted(what)),
        }
    }

    /// The text of a name.
    pub fn said(&self, name: &Name) -> &'a str {
        &self.text[name.span.start as usize..name.span.end as usize]
    }

    fn names(&mut self, kinds: &'static [Kind], what: &str) -> Result<Vec<Name>, SyntaxError> {
        let mut names = vec![self.name(kinds, what)?];
        while self.take(TokenKind::Comma).is_some() {
            names.push(self.name(kinds, what)?);
        }
        Ok(names)
    }

    /// Reads a whole number.
    pub fn integer(&mut self) -> Result<i64, SyntaxError> {
        let span = self.here();
        match self.take(TokenKind::Number) {
            Some(token) => {
                let text = token.extent.of(self.text).replace('_', "");
                text.parse().map_err(|_| match text.contains('.') {
                    true => Box::new(Diagnostic::error(span, format!("`{text}` is not a whole number"))),
                    false => Box::new(Diagnostic::error(span, "this number is too large").help("the largest is 9_223_372_036_854_775_807")),
                })
            }
            None => Err(self.wanted("a whole number")),
        }
    }

    /// Reads a constant: a number, an amount of money, `true` or `false`, or a word.
    pub fn literal(&mut self) -> Result<Literal, SyntaxError> {
        let span = self.here();
        if let Some(token) = self.take(TokenKind::Number) {
            let digits = token.extent.of(self.text).replace('_', "");
            if let Some(currency) = self.take(TokenKind::Currency) {
                let currency = currency.extent.of(self.text);
                return money(&digits, currency)
                    .map(Literal::Money)
                    .map_err(|message| Box::new(Diagnostic::error(span, message)));
            }
            return match digits.parse() {
                Ok(number) => Ok(Literal::Integer(number)),
                Err(_) if digits.contains('.') => {
                    let message = format!("`{digits}` has a fraction, and only money can have one");
                    Err(Box::new(
                        Diagnostic::error(span, message).help(format!("for money add the currency: `{digits} EUR`")),
                    ))
                }
                Err(_) => Err(Box::new(Diagnostic::error(span, "this number is too large"))),
            };
        }
        if let Some(token) = self.take(TokenKind::Text) {
            return Ok(Literal::Word(crate::syntax::constant::unescape(token, self)?.into()));
        }
        match self.word() {
            Some("true") => self.take(TokenKind::Name).map(|_| Literal::Boolean(true)),
            Some("false") => self.take(TokenKind::Name).map(|_| Literal::Boolean(false)),
            Some(word) if !RESERVED.contains(&word) => self.take(TokenKind::Name).map(|_| Literal::Word(word.into())),
            _ => None,
        }
        .ok_or_else(|| self.wanted("a value"))
    }

    /// Reads a grant, as `action data, … except data, … in system, …`.
    pub fn grant(&mut self) -> Result<Grant, SyntaxError> {
        let action = self.name(&[Kind::Action], "an action")?;
        self.grant_of(action)
    }

    /// Reads the rest of a grant after its action.
    pub fn grant_of(&mut self, action: Name) -> Result<Grant, SyntaxError> {
        let data = self.names(&[Kind::Data], "a class of data")?;
        let except = match self.take_word("except") {
            Some(_) => self.names(&[Kind::Data], "a class of data")?,
            None => Vec::new(),
        };
        let systems = match self.take_word("in") {
            Some(_) => self.names(&[Kind::System], "a system")?,
            None => Vec::new(),
        };
        let span = action.span.to(self.last.within(self.file));
        Ok(Grant {
            action,
            data,
            except,
            systems,
            span,
        })
    }

    /// Reads a selection, as `(action | flag | any) (data | flag | any) (in system)? (when condition)?`. Both
    /// sides are required.
    pub fn select(&mut self) -> Result<Select, SyntaxError> {
        let start = self.here();
        let action = self.selector(
            &[Kind::Action],
            &[Flag::Mutates, Flag::Discloses, Flag::Irreversible],
            "an action, or `mutates`, or `any`",
        )?;
        let data = self.selector(
            &[Kind::Data],
            &[Flag::Personal, Flag::Restricted],
            "a class of data, or `personal`, or `any`",
        )?;
        let system = match self.take_word("in") {
            Some(_) => Some(self.name(&[Kind::System], "a system")?),
            None => None,
        };
        let when = match self.take_word("when") {
            Some(_) => Some(self.condition()?),
            None => None,
        };
        let span = start.to(self.last.within(self.file));
        Ok(Select {
            action,
            data,
            system,
            when,
            span,
        })
    }

    fn selector(&mut self, kinds: &'static [Kind], flags: &[Flag], what: &str) -> Result<Selector, SyntaxError> {
        if self.take_word("any").is_some() {
            return Ok(Selector::Any);
        }
        if let Some(flag) = self.word().and_then(Flag::find) {
            if !flags.contains(&flag) {
                return Err(self.wanted(what));
            }
            self.take(TokenKind::Name);
            return Ok(Selector::Flag(flag));
        }
        self.name(kinds, what).map(Selector::Name)
    }

    /// Reads a quorum with names of these kinds.
    pub fn quorum(&mut self, kinds: &'static [Kind]) -> Result<Quorum, SyntaxError> {
        let start = self.here();
        let mut parts = vec![self.quorum_term(kinds)?];
        let mut joint: Option<(&str, Span)> = None;
        while let Some(word @ ("and" | "or")) = self.word() {
            let here = self.here();
            if let Some((first, at)) = joint.filter(|(first, _)| *first != word) {
                return Err(Box::new(both_readings(first, at, here)));
            }
            joint = Some((word, here));
            self.take(TokenKind::Name);
            parts.push(self.quorum_term(kinds)?);
        }
        let span = start.to(self.last.within(self.file));
        match joint {
            Some(("or", _)) => Ok(Quorum::Threshold(1, parts, span)),
            Some(_) => Ok(Quorum::Threshold(parts.len() as u32, parts, span)),
            None => Ok(parts.swap_remove(0)),
        }
    }

    fn quorum_term(&mut self, kinds: &'static [Kind]) -> Result<Quorum, SyntaxError> {
        let start = self.here();
        if let Some(span) = self.take_word("none") {
            return Ok(Quorum::None(span));
        }
        if let Some(group) = self.take(TokenKind::Group) {
            let mut inside = self.inside(group);
            let quorum = inside.quorum(kinds)?;
            return match inside.peek() {
                Some(_) => Err(inside.wanted("`and`, `or` or `)`")),
                None => Ok(quorum),
            };
        }
        let count = match self.word() {
            Some("any") => self.take(TokenKind::Name).map(|_| Count::Any),
            Some("all") => self.take(TokenKind::Name).map(|_| Count::All),
            _ => match self.peek().is_some_and(|token| token.kind == TokenKind::Number) {
                true => Some(Count::Number(self.integer()?)),
                false => None,
            },
        };
        let Some(count) = count else {
            let what = match kinds {
                [Kind::Function] => "a quorum such as `business and security`",
                _ => "a person or a quorum such as `2 of (sam, ines)`",
            };
            return Ok(Quorum::Seat(1, self.name(kinds, what)?));
        };
        if self.take_word("of").is_none() {
            return match count {
                Count::Number(number) if (1..=1000).contains(&number) => {
                    Ok(Quorum::Seat(number as u32, self.name(kinds, "a name, or `of`")?))
                }
                Count::Number(number) => Err(Box::new(Diagnostic::error(
                    start,
                    format!("a quorum cannot require {number} people").help_count(),
                ))),
                Count::Any | Count::All => Err(self.wanted("`of`")),
            };
        }
        let Some(group) = self.take(TokenKind::Group) else {
            return Err(self.wanted("a list in parentheses"));
        };
        let mut inside = self.inside(group);
        let mut parts = vec![inside.quorum(kinds)?];
        while inside.take(TokenKind::Comma).is_some() {
            parts.push(inside.quorum(kinds)?);
        }
        if inside.peek().is_some() {
            return Err(inside.wanted("`,` or `)`"));
        }
        let span = start.to(group.extent.within(self.file));
        let need = match count {
            Count::Any => 1,
            Count::All => parts.len() as u32,
            Count::Number(number) if number >= 1 && number <= parts.len() as i64 => number as u32,
            Count::Number(number) => {
                let message = format!("{number} of {} can never be reached", parts.len());
                return Err(Box::new(
                    Diagnostic::error(start, message).label(span, format!("the list has {}", parts.len())),
                ));
            }
        };
        Ok(Quorum::Threshold(need, parts, span))
    }

    /// Reads a condition on inputs.
    pub fn condition(&mut self) -> Result<Condition, SyntaxError> {
        let mut parts = vec![self.comparison()?];
        let mut joint: Option<(&str, Span)> = None;
        while let Some(word @ ("and" | "or")) = self.word() {
            let here = self.here();
            if let Some((first, at)) = joint.filter(|(first, _)| *first != word) {
                return Err(Box::new(both_readings(first, at, here)));
            }
            joint = Some((word, here));
            self.take(TokenKind::Name);
            parts.push(self.comparison()?);
        }
        match joint {
            Some(("or", _)) => Ok(Condition::Any(parts)),
            Some(_) => Ok(Condition::All(parts)),
            None => Ok(parts.swap_remove(0)),
        }
    }

    fn comparison(&mut self) -> Result<Condition, SyntaxError> {
        if self.take_word("not").is_some() {
            return Ok(Condition::Not(Box::new(self.comparison()?)));
        }
        if let Some(group) = self.take(TokenKind::Group) {
            let mut inside = self.inside(group);
            let condition = inside.condition()?;
            return match inside.peek() {
                Some(_) => Err(inside.wanted("`and`, `or` or `)`")),
                None => Ok(condition),
            };
        }
        let name = self.name(&[], "the name of an input")?;
        let input = InputName {
            text: self.said(&name).into(),
            span: name.span,
        };
        if self.take_word("in").is_some() {
            let Some(group) = self.take(TokenKind::Group) else {
                return Err(self.wanted("a list in parentheses"));
            };
            let mut inside = self.inside(group);
            let mut values = vec![inside.literal()?];
            while inside.take(TokenKind::Comma).is_some() {
                values.push(inside.literal()?);
            }
            if inside.peek().is_some() {
                return Err(inside.wanted("`,` or `)`"));
            }
            let span = input.span.to(self.last.within(self.file));
            return Ok(Condition::Among(input, values, span));
        }
        let Some(symbol) = self.take(TokenKind::Symbol) else {
            return Err(self.wanted("a comparison such as `<=`"));
        };
        let comparison = match symbol.extent.of(self.text) {
            "<=" => Comparison::AtMost,
            "<" => Comparison::Below,
            ">=" => Comparison::AtLeast,
            ">" => Comparison::Above,
            "==" => Comparison::Equal,
            _ => Comparison::Unequal,
        };
        let value = self.literal()?;
        let span = input.span.to(self.last.within(self.file));
        Ok(Condition::Compare(input, comparison, value, span))
    }
}

enum Count {
    Any,
    All,
    Number(i64),
}

trait HelpCount {
    fn help_count(self) -> String;
}

impl HelpCount for String {
    fn help_count(self) -> String {
        format!("{self}; write a number from 1 to 1000")
    }
}

/// The error that `and` beside `or` can be read in two ways.
fn both_readings(first: &str, at: Span, second: Span) -> Diagnostic {
    let (one, two) = match first {
        "and" => ("(a and b) or c", "a and (b or c)"),
        _ => ("(a or b) and c", "a or (b and c)"),
    };
    Diagnostic::error(second, "`and` beside `or` can be read in two ways")
        .label(second, "this one")
        .label(at, "beside this one")
        .help(format!("write `{one}`"))
        .help(format!("write `{two}`"))
}

/// Returns the error for text that is not a token.
pub fn unknown(text: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(span, format!("`{text}` is not a word of the language"));
    if let Some(help) = lookalike(text) {
        return diagnostic.help(help);
    }
    if text.chars().any(|c| c.is_uppercase() || !c.is_ascii()) && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return diagnostic.help("write names with a to z, 0 to 9 and `_`, beginning with a letter; a title in quotes may contain anything");
    }
    if text.contains('\u{201c}') || text.contains('\u{201d}') || text.contains('\'') {
        return diagnostic.help("write texts in straight double quotes: \"…\"");
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(['-', '/', '.']) {
        return diagnostic.help("a date is year, month, day: `2027-03-31`");
    }
    diagnostic
}

/// Returns an amount in the minor unit of its currency (ISO 4217).
fn money(digits: &str, currency: &str) -> Result<Money, String> {
    let places = decimals(currency);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > places {
        return Err(format!(
            "{currency} has {places} decimal places, and `{digits}` has {}",
            fraction.len()
        ));
    }
    let text = format!("{whole}{fraction:0<places$}");
    match text.parse() {
        Ok(minor) => Ok(Money {
            minor,
            currency: currency.into(),
        }),
        Err(_) => Err("this amount is too large".into()),
    }
}
