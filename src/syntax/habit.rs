//! Recognises values and lines in the notation of other languages, and shows how to write them in this one.

use crate::source::FileId;
use crate::source::Span;
use crate::syntax::tree::{Token, TokenKind};

/// Currency signs, each with one currency as an example, because several currencies share a sign.
const SIGNS: &[(char, &str)] = &[('€', "EUR"), ('$', "USD"), ('£', "GBP"), ('¥', "JPY")];

/// Words for units of time, each with its letter in this language.
const TIMES: &[(&str, &str)] = &[
    ("second", "s"),
    ("minute", "m"),
    ("hour", "h"),
    ("day", "d"),
    ("week", "w"),
    ("year", "y"),
];

/// Words for a part of a group of people.
const PARTS: &[&str] = &["majority", "most", "half", "quorum", "both", "either", "one", "two", "three"];

/// Returns what to write instead of the token at which reading a line failed, if the token is in the notation of
/// another language.
pub(super) fn written(file: FileId, text: &str, clause: &str, tokens: &[Token], at: Span) -> Option<String> {
    let index = tokens.iter().position(|token| token.extent.within(file) == at)?;
    let said = |index: usize| tokens.get(index).map(|token| token.extent.of(text));
    let is = |index: usize, kind: TokenKind| tokens.get(index).is_some_and(|token| token.kind == kind);
    let token = said(index)?;
    let before = index.checked_sub(1).filter(|before| is(*before, TokenKind::Number)).and_then(said);
    money(token, before)
        .or_else(|| {
            let after = said(index + 1).filter(|_| is(index + 1, TokenKind::Number));
            let currency = after.filter(|_| is(index, TokenKind::Currency))?;
            Some(format!("write the currency behind the amount: `{currency} {token}`"))
        })
        .or_else(|| grouped(before, token, said(index + 1)))
        .or_else(|| {
            let (number, word) = match is(index, TokenKind::Number) {
                true => (token, said(index + 1)?),
                false => (before?, token),
            };
            time(number, word)
        })
        .or_else(|| part(tokens, text, index))
        .or_else(|| match (clause, token) {
            ("calls", "any" | "all") => Some("name each agent and what for: `calls AGENT doing TASK`; or write `calls none`".to_owned()),
            _ => None,
        })
        .or_else(|| underscores(token))
}

/// An amount with a currency sign, as `100 €` or `$100`.
fn money(token: &str, before: Option<&str>) -> Option<String> {
    let (sign, currency) = SIGNS.iter().find(|(sign, _)| token.contains(*sign))?;
    let digits = token.replace(*sign, "");
    let amount = if digits.is_empty() { before.unwrap_or("100") } else { &digits };
    let amount = amount.replace(',', "_");
    Some(format!(
        "write the letters of the currency behind the amount, as `{amount} {currency}`"
    ))
}

/// A number with a comma between thousands, as `1,000`.
fn grouped(before: Option<&str>, token: &str, after: Option<&str>) -> Option<String> {
    let three = |text: &&str| text.len() == 3 && text.chars().all(|digit| digit.is_ascii_digit());
    let after = after.filter(|_| token == ",").filter(three)?;
    let before = before?;
    Some(format!("write the number without a comma: `{before}_{after}`"))
}

/// A duration in words, as `7 years`.
fn time(number: &str, word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let single = word.strip_suffix('s').unwrap_or(&word);
    if single == "month" {
        let days = number.parse::<u32>().ok()?.checked_mul(30)?;
        return Some(format!("months differ in length; write days, as `{days}d`"));
    }
    let (_, letter) = TIMES.iter().find(|(name, _)| *name == single)?;
    Some(format!("write `{number}{letter}`"))
}

/// A part of a group in words, as `majority of committee`.
fn part(tokens: &[Token], text: &str, index: usize) -> Option<String> {
    let said = |index: usize| tokens.get(index).map(|token| token.extent.of(text));
    let head = index.checked_sub(1).and_then(said).filter(|_| said(index) == Some("of"))?;
    let of = said(index + 1).unwrap_or("business");
    PARTS
        .contains(&head)
        .then(|| format!("write how many: `2 {of}` is two of {of}, and `2 of (business, security, privacy)` is any two of a list"))
}

/// A name with hyphens, as in names of files and in addresses.
fn underscores(token: &str) -> Option<String> {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.' | '_');
    let hyphens = token.contains('-') && token.starts_with(|letter: char| letter.is_ascii_lowercase()) && token.chars().all(plain);
    let whole = token.replace(['-', '.'], "_");
    // The number of an edition at the end is not part of the name.
    let name = whole.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
    let edition = if name == whole { "" } else { ", and without an edition" };
    hyphens.then(|| format!("a name is written with `_`{edition}: `{name}`"))
}

/// Returns what to write for a line with a sign between the word and its value, as `engine: opa`.
pub(super) fn separated(line: &str) -> Option<String> {
    let word: String = line
        .chars()
        .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
        .collect();
    let rest = line[word.len()..].trim_start();
    let sign = rest.chars().next().filter(|sign| matches!(sign, ':' | '='))?;
    let value = rest[1..].split_whitespace().next().unwrap_or("…");
    (!word.is_empty()).then(|| format!("leave out the `{sign}`: `{word} {value}`"))
}
