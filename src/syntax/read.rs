//! Reads items with the vocabulary: finds the clause of each line, and reads its arguments.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Argument, Item, Name, Value};
use crate::syntax::habit;
use crate::syntax::joined;
use crate::syntax::measure;
use crate::syntax::pattern::{Pattern, Separator};
use crate::syntax::phrase::{Cursor, RESERVED, SyntaxError, unknown};
use crate::syntax::question;
use crate::syntax::tree::{Extent, Node, Token, TokenKind, Tree, prose};
use crate::syntax::value::value;
use crate::syntax::vocabulary::{self, Absence, Clause, Kind, Place, Times};

/// The largest number of forms of a clause that a message shows.
const FORMS: usize = 3;

/// Reads every item of a file. Returns the items and the errors.
pub fn read_file(file: FileId, text: &str, tree: &Tree) -> (Vec<Item>, Vec<Diagnostic>) {
    let mut reader = Reader {
        file,
        text,
        diagnostics: Vec::new(),
    };
    let items = reader.items(&tree.nodes, Place::File);
    let mut declared = false;
    for item in &items {
        match item.clause.word {
            "module" | "use" if declared => {
                let message = format!("`{}` must come before the declarations", item.clause.word);
                reader
                    .diagnostics
                    .push(Diagnostic::error(item.header, message).help("move it to the top of the file"));
            }
            "module" | "use" => {}
            _ => declared = true,
        }
    }
    (items, reader.diagnostics)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn span(&self, extent: Extent) -> Span {
        extent.within(self.file)
    }

    fn items(&mut self, nodes: &[Node], place: Place) -> Vec<Item> {
        let known = |word: &str| vocabulary::clauses(place).iter().any(|clause| clause.word == word);
        let nodes: Vec<&Node> = nodes.iter().filter(|node| node.word.start != u32::MAX).collect();
        let mut items: Vec<Item> = Vec::with_capacity(nodes.len());
        let mut rest = &nodes[..];
        while let Some(node) = rest.first() {
            let joined = joined::lines(rest, self.text, self.file, known);
            let (count, meant) = joined.map_or((1, None), |(count, meant)| (count, Some(meant)));
            rest = &rest[count..];
            match meant {
                Some(meant) => {
                    self.diagnostics.push(meant.error);
                    meant.nodes.iter().for_each(|node| self.one(node, place, &mut items));
                }
                None => self.one(node, place, &mut items),
            }
        }
        self.none_beside_some(&items);
        items
    }

    /// Reads one line, and keeps it unless it is a duplicate of a clause that may occur once.
    fn one(&mut self, node: &Node, place: Place, items: &mut Vec<Item>) {
        let said = self.diagnostics.len();
        let Some(item) = self.item(node, place) else {
            let known = |word: &str| vocabulary::clauses(place).iter().any(|clause| clause.word == word);
            if let Some(meant) = joined::comma(node, self.text, self.file, known) {
                self.diagnostics.truncate(said);
                self.diagnostics.push(meant.error);
                meant.nodes.iter().for_each(|node| self.one(node, place, items));
            }
            return;
        };
        let once = item.clause.times == Times::Once;
        if let Some(earlier) = items
            .iter()
            .find(|earlier| once && earlier.clause.word == item.clause.word && earlier.clause.times == Times::Once)
        {
            let message = format!("there are two `{}` in one {}", item.clause.word, place_word(place));
            let diagnostic = Diagnostic::error(item.word, message)
                .label(item.word, "again here")
                .label(earlier.word, "first here");
            self.diagnostics.push(diagnostic.help("keep one of the two"));
            return;
        }
        items.push(item);
    }

    /// Reports a clause such as `feeds none` beside another `feeds`: only one of them can be true.
    fn none_beside_some(&mut self, items: &[Item]) {
        let is_none = |item: &&Item| item.clause.signature == "none";
        for none in items.iter().filter(is_none) {
            let word = none.clause.word;
            let Some(some) = items.iter().find(|item| item.clause.word == word && !is_none(item)) else {
                continue;
            };
            let message = format!("`{word} none` contradicts another `{word}`");
            let diagnostic = Diagnostic::error(none.header, message)
                .label(none.header, "this line says that there is none")
                .label(some.header, "this line says that there is one");
            self.diagnostics.push(diagnostic.help("keep the one that is true"));
        }
    }

    fn item(&mut self, node: &Node, place: Place) -> Option<Item> {
        let word = node.word.of(self.text);
        let clauses = vocabulary::clauses(place);
        let forms: Vec<&'static Clause> = clauses.iter().filter(|clause| clause.word == word).collect();
        if let Some(item) = self.open(node, place, &forms) {
            return item;
        }
        if forms.is_empty() && place.takes_grants() && !RESERVED.contains(&word) && self.may_be_grant(node, word, clauses) {
            return self.grant(node);
        }
        if forms.is_empty() {
            self.no_clause(node, word, place, clauses);
            return None;
        }
        let mut furthest: Option<(usize, SyntaxError, Vec<&Clause>)> = None;
        for clause in forms {
            let mut cursor = self.cursor(node);
            let mut arguments = Vec::new();
            let outcome = sequence(&mut cursor, &clause.pattern, &mut arguments).and_then(|()| match cursor.peek() {
                Some(_) => Err(surplus(&cursor, &node.tokens, clause, clauses)),
                None => Ok(()),
            });
            match outcome {
                Ok(()) => return Some(self.finish(node, clause, arguments)),
                Err(error) => {
                    let reached = node.tokens.len() - cursor.tokens.len();
                    match &mut furthest {
                        Some((best, _, forms)) if reached == *best => forms.push(clause),
                        Some((best, ..)) if reached < *best => {}
                        _ => furthest = Some((reached, error, vec![clause])),
                    }
                }
            }
        }
        if let Some((_, error, forms)) = furthest {
            // An unterminated text is already reported.
            if !node.tokens.iter().any(|token| token.kind == TokenKind::Unterminated) {
                let habit = error
                    .span()
                    .and_then(|at| habit::written(self.file, self.text, word, &node.tokens, at));
                let error = match habit {
                    Some(habit) => {
                        let mut error = error;
                        error.help = vec![habit];
                        *error
                    }
                    None if error.help.is_empty() => error.help(written(&forms)),
                    None => *error,
                };
                self.diagnostics.push(error);
            }
        }
        None
    }

    /// Reads a line with open questions. Returns `None` if there is no question. Otherwise the inner value is the
    /// item, if the line declares a name, so that others can refer to it. For other lines only the block is read.
    fn open(&mut self, node: &Node, place: Place, forms: &[&'static Clause]) -> Option<Option<Item>> {
        let mut questions = question::of(self.file, self.text, &node.tokens, node.word);
        if node.word.of(self.text) == question::WORD {
            let mut whole = question::asked(node.word, &self.cursor(node));
            whole.question = Some(match place {
                Place::File => "a declaration".to_owned(),
                _ => format!("a clause of {}", place.phrase()),
            });
            questions.insert(0, whole);
        }
        let first = questions.first()?.span()?;
        let mut best: Option<(usize, &'static Clause, Vec<Argument>, Option<SyntaxError>)> = None;
        for clause in forms {
            let (mut cursor, mut arguments) = (self.cursor(node), Vec::new());
            let error = sequence(&mut cursor, &clause.pattern, &mut arguments).err();
            let reached = node.tokens.len() - cursor.tokens.len();
            // Of several forms that fit equally, the last is the most useful: the first is usually `none`.
            if best.as_ref().is_none_or(|(most, ..)| reached >= *most) {
                best = Some((reached, clause, arguments, error));
            }
        }
        if let Some((.., Some(error))) = &best {
            match error.span().is_some_and(|at| at.start < first.start) {
                true => self.diagnostics.push((**error).clone()),
                false => questions[0].question = question::wanted(error).or(questions[0].question.take()),
            }
        }
        self.diagnostics.extend(questions);
        let named = |arguments: &[Argument]| arguments.iter().any(|argument| argument.slot == "new");
        let Some((_, clause, arguments, _)) = best else {
            return Some(None);
        };
        if clause.declares.is_some() && named(&arguments) {
            return Some(Some(self.finish(node, clause, arguments)));
        }
        if let (Some(block), Some(place)) = (&node.block, clause.opens) {
            self.items(&block.nodes, place);
        }
        Some(None)
    }

    fn cursor<'n>(&self, node: &'n Node) -> Cursor<'n>
    where
        'a: 'n,
    {
        Cursor {
            file: self.file,
            text: self.text,
            tokens: &node.tokens,
            last: node.word,
        }
    }

    fn finish(&mut self, node: &Node, clause: &'static Clause, arguments: Vec<Argument>) -> Item {
        let block = match (&node.block, clause.opens) {
            (Some(block), Some(place)) => self.items(&block.nodes, place),
            (Some(block), None) => {
                let message = format!("`{}` has no block", clause.word);
                self.diagnostics.push(Diagnostic::error(self.span(block.open), message));
                Vec::new()
            }
            (None, _) => Vec::new(),
        };
        self.diagnostics.extend(measure::errors(clause, &arguments));
        Item {
            clause,
            word: self.span(node.word),
            arguments: arguments.into(),
            block: block.into(),
            documentation: prose(&node.docs, self.text, "///").into(),
            header: self.span(node.header()),
            span: self.span(node.extent),
            declares: None,
        }
    }

    /// Whether a line that does not begin with a clause may be a grant. If the word is similar to a clause, it is
    /// more likely a mistyped clause.
    fn may_be_grant(&self, node: &Node, word: &str, clauses: &[Clause]) -> bool {
        let names = node.tokens.first().is_some_and(|token| token.kind == TokenKind::Name);
        let near = |clause: &Clause| clause.word.len().abs_diff(word.len()) <= 1 && strsim::damerau_levenshtein(clause.word, word) <= 1;
        names && (word.contains('.') || !clauses.iter().any(near))
    }

    fn grant(&mut self, node: &Node) -> Option<Item> {
        let mut cursor = self.cursor(node);
        let action = Name {
            span: self.span(node.word),
            kinds: &[Kind::Action],
            target: None,
        };
        let outcome = cursor.grant_of(action).and_then(|grant| match cursor.peek() {
            Some(_) => Err(surplus(&cursor, &node.tokens, vocabulary::grant_clause(), &[])),
            None => Ok(grant),
        });
        match outcome {
            Ok(grant) => {
                let argument = Argument {
                    slot: "grant",
                    span: grant.span,
                    value: Value::Grant(Box::new(grant)),
                };
                Some(self.finish(node, vocabulary::grant_clause(), vec![argument]))
            }
            Err(error) => {
                self.diagnostics
                    .push((*error).help("a grant is written `action data, data in system, system`"));
                None
            }
        }
    }

    fn no_clause(&mut self, node: &Node, word: &str, place: Place, clauses: &[Clause]) {
        let span = self.span(node.word);
        let message = match place {
            Place::File => format!("`{word}` is not a kind of declaration"),
            _ => format!("`{word}` is not a clause of {}", place.phrase()),
        };
        let mut diagnostic = Diagnostic::error(span, message);
        let words: Vec<&str> = clauses.iter().map(|clause| clause.word).collect();
        if matches!(place, Place::In(Kind::Ownership | Kind::Safeguards) if place.phrase().ends_with(word)) {
            let help = format!(
                "{} cannot name another one: a domain can name several, as `{word} one, another`",
                place.phrase()
            );
            diagnostic = diagnostic.help(help);
        } else if let Some(near) = crate::syntax::nearest(word, words.iter().copied()) {
            diagnostic = diagnostic.label(span, format!("did you mean `{near}`?"));
        } else if let Some(other) = vocabulary::sections()
            .iter()
            .find(|section| section.clauses.iter().any(|clause| clause.word == word))
        {
            diagnostic = diagnostic.help(format!("`{word}` belongs in {}", other.place.phrase()));
        } else {
            let mut known = words;
            known.dedup();
            if !known.is_empty() {
                diagnostic = diagnostic.help(format!("{} takes {}", place.phrase(), known.join(", ")));
            }
        }
        self.diagnostics.push(diagnostic);
    }
}

fn place_word(place: Place) -> &'static str {
    match place {
        Place::File => "file",
        Place::In(kind) => kind.word(),
        Place::Access | Place::Within | Place::Emergency | Place::Control | Place::Group | Place::Alias | Place::Milestone => "block",
    }
}

/// Returns how a clause is written, for example that `approve` is written `approve <quorum>` or `approve <quorum>
/// when <condition>`. `forms` are the forms that the line may have been meant as.
fn written(forms: &[&Clause]) -> String {
    let word = forms.first().map_or("", |clause| clause.word);
    let shown = |clause: &&Clause| format!("`{}`", format!("{} {}", clause.word, clause.signature_in_words()).trim_end());
    let mut forms: Vec<String> = forms
        .iter()
        .filter(|clause| clause.absence != Absence::Unknown)
        .map(shown)
        .collect();
    forms.truncate(FORMS);
    format!("`{word}` is written {}", forms.join(" or "))
}

/// Returns the error for tokens after the end of a clause.
fn surplus(cursor: &Cursor<'_>, tokens: &[Token], clause: &Clause, known: &[Clause]) -> SyntaxError {
    if let Some(error) = twice(cursor, tokens, clause) {
        return error;
    }
    let Some(token) = cursor.peek() else {
        return cursor.wanted("the end of the line");
    };
    let text = token.extent.of(cursor.text);
    let span = token.extent.within(cursor.file);
    if token.kind == TokenKind::Unknown {
        return Box::new(unknown(text, span));
    }
    let error = Diagnostic::error(span, format!("`{text}` does not belong in `{}`", clause.word));
    Box::new(match known.iter().any(|other| other.word == text) {
        true => error.help(format!("put `{text}` on a line of its own, or write `;` before it")),
        false => error,
    })
}

/// Returns the error for a part that is written twice, as `, scope "…", scope "…"`.
fn twice(cursor: &Cursor<'_>, tokens: &[Token], clause: &Clause) -> Option<SyntaxError> {
    let mut rest = cursor.clone();
    rest.take(TokenKind::Comma)?;
    let word = rest.word()?;
    let read = &tokens[..tokens.len() - cursor.tokens.len()];
    let earlier = read
        .iter()
        .find(|token| token.kind == TokenKind::Name && token.extent.of(cursor.text) == word)?;
    let here = rest.here();
    let error = Diagnostic::error(here, format!("there are two `{word}` in one `{}`", clause.word));
    let error = error
        .label(here, "again here")
        .label(earlier.extent.within(cursor.file), "first here");
    Some(Box::new(error.help("keep one of the two")))
}

fn sequence(cursor: &mut Cursor<'_>, patterns: &[Pattern], out: &mut Vec<Argument>) -> Result<(), SyntaxError> {
    patterns.iter().try_for_each(|pattern| one(cursor, pattern, out))
}

fn one(cursor: &mut Cursor<'_>, pattern: &Pattern, out: &mut Vec<Argument>) -> Result<(), SyntaxError> {
    match pattern {
        Pattern::Keyword(word, slot) => {
            let span = cursor.take_word(word).ok_or_else(|| cursor.wanted(&format!("`{word}`")))?;
            if let Some(slot) = slot {
                out.push(Argument {
                    slot,
                    value: Value::Word((*word).into()),
                    span,
                });
            }
            Ok(())
        }
        Pattern::Slot(slot, kind) => {
            let start = cursor.here();
            let value = value(cursor, *kind)?;
            let span = start.to(cursor.last.within(cursor.file));
            out.push(Argument { slot, value, span });
            Ok(())
        }
        Pattern::Choice(slot, words) => {
            let span = cursor.here();
            match cursor.word().filter(|word| words.contains(word)) {
                Some(word) => {
                    cursor.take(TokenKind::Name);
                    out.push(Argument {
                        slot,
                        value: Value::Word(word.into()),
                        span,
                    });
                    Ok(())
                }
                None => {
                    let listed = format!("one of these words belongs here: {}{}", words.join(", "), aside(slot));
                    let near = cursor.word().and_then(|word| crate::syntax::nearest(word, words.iter().copied()));
                    let error = cursor.wanted("another word");
                    Err(Box::new(match near {
                        Some(near) => error.label(span, format!("did you mean `{near}`?")).help(listed),
                        None => error.help(listed),
                    }))
                }
            }
        }
        Pattern::Comma => {
            cursor.take(TokenKind::Comma);
            Ok(())
        }
        Pattern::Optional(patterns) => {
            let before = (cursor.clone(), out.len());
            match sequence(cursor, patterns, out) {
                Err(_) if cursor.tokens.len() == before.0.tokens.len() && !asked(cursor, patterns) => {
                    *cursor = before.0;
                    out.truncate(before.1);
                    Ok(())
                }
                other => other,
            }
        }
        Pattern::List(patterns, separator) => {
            sequence(cursor, patterns, out)?;
            loop {
                let more = match separator {
                    Separator::Comma => cursor.take(TokenKind::Comma).is_some(),
                    Separator::And => cursor.take_word("and").is_some(),
                };
                match more {
                    true => sequence(cursor, patterns, out)?,
                    false => return Ok(()),
                }
            }
        }
        Pattern::Group(patterns) => {
            let group = cursor
                .take(TokenKind::Group)
                .ok_or_else(|| cursor.wanted("a list in parentheses"))?;
            let mut inside = cursor.inside(group);
            sequence(&mut inside, patterns, out)?;
            match inside.peek() {
                Some(_) => Err(inside.wanted("`,` or `)`")),
                None => Ok(()),
            }
        }
    }
}

/// Whether a question is in the place of an optional value: then it asks for that value.
fn asked(cursor: &Cursor<'_>, patterns: &[Pattern]) -> bool {
    let question = cursor.peek().is_some_and(|token| token.kind == TokenKind::Question);
    question && matches!(patterns.first(), Some(Pattern::Slot(..)))
}

/// A hint to add if a word is not in the list of a slot.
fn aside(slot: &str) -> &'static str {
    match slot {
        "question" => "; a function may decide none of these: leave `decides` out",
        _ => "",
    }
}
