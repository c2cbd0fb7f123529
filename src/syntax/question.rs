//! Reads `TODO "question"`, which asks people for a value that only they can know.

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::constant::unescape;
use crate::syntax::phrase::{Cursor, SyntaxError};
use crate::syntax::tree::{Extent, Token, TokenKind};

/// The word in the place of a value that is not known yet.
pub(super) const WORD: &str = "TODO";

/// Returns the questions among some tokens, including those in parentheses, in order.
pub(super) fn of(file: FileId, text: &str, tokens: &[Token], last: Extent) -> Vec<Diagnostic> {
    let mut questions = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Question => {
                let rest = Cursor {
                    file,
                    text,
                    tokens: &tokens[index + 1..],
                    last,
                };
                questions.push(asked(token.extent, &rest));
            }
            TokenKind::Group => questions.extend(of(file, text, &token.inside, token.extent)),
            _ => {}
        }
    }
    questions
}

/// Returns one question. `rest` begins after the word.
pub(super) fn asked(word: Extent, rest: &Cursor<'_>) -> Diagnostic {
    let said = rest.peek().filter(|token| token.kind == TokenKind::Text);
    let at = Extent {
        start: word.start,
        end: said.map_or(word.end, |token| token.extent.end),
    };
    let said = said.and_then(|token| unescape(token, rest).ok()).unwrap_or_default();
    let message = match said.trim() {
        "" => "a question is still open here".to_owned(),
        said => said.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    Diagnostic {
        question: Some(String::new()),
        ..Diagnostic::error(at.within(rest.file), message)
    }
}

/// Returns what belongs in the place of a question, taken from the error that the clause gave there.
pub(super) fn wanted(error: &SyntaxError) -> Option<String> {
    let what = error.message.strip_suffix(" belongs here, not `TODO`")?;
    Some(
        match error
            .help
            .first()
            .and_then(|help| help.strip_prefix("one of these words belongs here: "))
        {
            Some(words) => format!("one of these words: {words}"),
            None => what.to_owned(),
        },
    )
}
