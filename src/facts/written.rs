//! Constants as the files write them.

use crate::syntax::ast::Literal;
use crate::syntax::phrase::decimals;

/// `10_000`, `200 EUR`, `true`, a word.
pub fn constant(literal: &Literal) -> String {
    match literal {
        Literal::Integer(number) => grouped(*number),
        Literal::Boolean(value) => value.to_string(),
        Literal::Word(word) => word.to_string(),
        Literal::Money(money) => {
            let places = decimals(&money.currency);
            let unit = 10_i64.pow(places as u32);
            let whole = grouped(money.minor / unit);
            // Below one unit the sign would be lost with the whole part.
            let sign = if money.minor < 0 && money.minor > -unit { "-" } else { "" };
            match money.minor % unit {
                0 => format!("{whole} {}", money.currency),
                rest => format!("{sign}{whole}.{:0places$} {}", rest.abs(), money.currency),
            }
        }
    }
}

/// `24h`, `7d`, `90s`.
pub fn duration(seconds: i64) -> String {
    match seconds {
        s if s % 86_400 == 0 && s > 86_400 => format!("{}d", s / 86_400),
        s if s % 3_600 == 0 => format!("{}h", s / 3_600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// `10_000`
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.push(&digits[..first]);
    }
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", groups.join("_"))
}

/// A text in quotes, on one line whatever is in it, so that it cannot be taken for more than a text.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            // What ends a line for some reader: controls and the separators of lines and paragraphs.
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
