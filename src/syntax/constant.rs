//! Reads the values of texts, durations and dates.

use crate::diagnostic::Diagnostic;
use crate::source::unseen::unseen;
use crate::syntax::phrase::{Cursor, SyntaxError};
use crate::syntax::tree::Token;
use jiff::civil::Date;

/// Returns the text of a string token with its escapes decoded.
pub(super) fn unescape(token: &Token, cursor: &Cursor<'_>) -> Result<String, SyntaxError> {
    let text = token.extent.of(cursor.text);
    let text = &text[1..text.len() - 1];
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    let error = |what: &str| {
        Box::new(
            Diagnostic::error(token.extent.within(cursor.file), format!("`\\{what}` is not an escape in a text"))
                .help("the escapes are `\\\"`, `\\\\`, `\\n`, `\\t` and `\\u{…}` of a character that is seen"),
        )
    };
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(c @ ('"' | '\\')) => out.push(c),
            Some('u') => {
                let rest = chars.as_str();
                let code = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(code, _)| code);
                let scalar = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
                let scalar = scalar.filter(|scalar| !unseen(*scalar));
                let (Some(code), Some(scalar)) = (code, scalar) else {
                    return Err(error("u"));
                };
                out.push(scalar);
                chars = rest[code.len() + 2..].chars();
            }
            other => return Err(error(&other.map(String::from).unwrap_or_default())),
        }
    }
    Ok(out)
}

/// Returns a duration in seconds. A year is 365 days. Months are not a unit.
pub(super) fn duration(token: &Token, cursor: &Cursor<'_>) -> Result<i64, SyntaxError> {
    let text = token.extent.of(cursor.text).replace('_', "");
    let span = token.extent.within(cursor.file);
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let seconds: i64 = match &text[unit..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        "y" => 31_536_000,
        _ => {
            return Err(Box::new(Diagnostic::error(span, format!("`{text}` is not a duration")).help(
                "units are s, m (minutes), h, d, w and y; months are not of one length, so write days",
            )));
        }
    };
    let number: Option<i64> = text[..unit].parse().ok();
    match number
        .and_then(|number| number.checked_mul(seconds))
        .filter(|total| *total <= 31_536_000 * 1000)
    {
        Some(total) => Ok(total),
        None => Err(Box::new(
            Diagnostic::error(span, format!("`{text}` is too long")).help("the longest duration is 1000y"),
        )),
    }
}

pub(super) fn date(token: &Token, cursor: &Cursor<'_>) -> Result<Date, SyntaxError> {
    let text = token.extent.of(cursor.text);
    text.parse().map_err(|_| {
        let span = token.extent.within(cursor.file);
        Box::new(Diagnostic::error(span, format!("there is no day {text}")).help("a date is year, month, day: `2027-03-31`"))
    })
}
