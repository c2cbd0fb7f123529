//! Weaker forms of a quorum, each one edit away.

use crate::syntax::tree::{Extent, Token, TokenKind};

/// An edit inside a quorum: what is replaced by what, and in words.
pub(super) struct Edit {
    pub extent: Extent,
    pub with: String,
    pub words: String,
}

/// Every weaker form of the quorum in these tokens. The part after `when` or `otherwise` stays as it is.
pub(super) fn weaker(tokens: &[Token], text: &str) -> Vec<Edit> {
    let end = tokens
        .iter()
        .position(|token| ["when", "otherwise"].contains(&token.extent.of(text)))
        .unwrap_or(tokens.len());
    let mut edits = Vec::new();
    let quorum = &tokens[..end];
    if let [only] = quorum
        && only.kind == TokenKind::Name
        && only.extent.of(text) != "none"
    {
        edits.push(Edit {
            extent: only.extent,
            with: "none".to_owned(),
            words: format!("`none` for `{}`", only.extent.of(text)),
        });
    }
    joined(quorum, text, &mut edits);
    edits
}

/// Terms joined by `and` or by `or`; each term joined by `and` can be left out.
fn joined(tokens: &[Token], text: &str, edits: &mut Vec<Edit>) {
    let word = |token: &Token| token.extent.of(text).to_owned();
    let terms: Vec<&[Token]> = tokens.split(|token| ["and", "or"].contains(&&*word(token))).collect();
    if tokens.iter().any(|token| word(token) == "and") {
        left_out(&terms, text, edits);
    }
    terms.into_iter().for_each(|tokens| term(tokens, text, edits));
}

/// Each of several parts left out, with what joins it to the others.
fn left_out(parts: &[&[Token]], text: &str, edits: &mut Vec<Edit>) {
    let extents: Vec<Extent> = parts.iter().filter_map(|part| whole(part)).collect();
    if extents.len() < 2 || extents.len() != parts.len() {
        return;
    }
    for (index, extent) in extents.iter().enumerate() {
        let gone = match extents.get(index + 1) {
            Some(next) => Extent {
                start: extent.start,
                end: next.start,
            },
            None => Extent {
                start: extents[index - 1].end,
                end: extent.end,
            },
        };
        edits.push(Edit {
            extent: gone,
            with: String::new(),
            words: format!("without `{}`", extent.of(text)),
        });
    }
}

/// A function, a number of people of it, a number of several, or a quorum in parentheses.
fn term(tokens: &[Token], text: &str, edits: &mut Vec<Edit>) {
    if let [number, rest @ ..] = tokens
        && number.kind == TokenKind::Number
        && let Ok(count) = number.extent.of(text).replace('_', "").parse::<u32>()
        && count > 1
    {
        let what = rest.first().map_or("", |token| token.extent.of(text));
        edits.push(Edit {
            extent: number.extent,
            with: (count - 1).to_string(),
            words: format!("`{} {what}` for `{count} {what}`", count - 1),
        });
    }
    let all = tokens.first().is_some_and(|token| token.extent.of(text) == "all");
    for group in tokens.iter().filter(|token| token.kind == TokenKind::Group) {
        let parts: Vec<&[Token]> = group.inside.split(|token| token.kind == TokenKind::Comma).collect();
        if all {
            left_out(&parts, text, edits);
        }
        parts.into_iter().for_each(|part| joined(part, text, edits));
    }
}

fn whole(tokens: &[Token]) -> Option<Extent> {
    let (first, last) = (tokens.first()?, tokens.last()?);
    Some(Extent {
        start: first.extent.start,
        end: last.extent.end,
    })
}
