//! Decodes the escapes in a text, and remembers where each character is written.

use super::{Place, Secret};

/// A text with its escapes decoded.
pub(super) struct Plain {
    /// The decoded text.
    pub text: String,
    /// For each decoded byte, the start and the end of its form in the original text.
    places: Vec<(usize, usize)>,
}

impl Plain {
    /// Decodes a text; `None` if it has no `\u{…}` escapes.
    pub fn of(text: &str) -> Option<Plain> {
        if !text.contains("\\u{") {
            return None;
        }
        let mut plain = Plain {
            text: String::with_capacity(text.len()),
            places: Vec::with_capacity(text.len()),
        };
        let mut at = 0;
        while let Some(next) = text[at..].chars().next() {
            let rest = &text[at..];
            let (stands_for, length) = match escape(rest) {
                Some((character, length)) => (character.to_string(), length),
                // The text after an escaped backslash is not an escape.
                None if rest.starts_with("\\\\") => ("\\\\".to_owned(), 2),
                None => (next.to_string(), next.len_utf8()),
            };
            let single = stands_for.len() == length;
            let places = (0..stands_for.len()).map(|byte| match single {
                true => (at + byte, at + byte + 1),
                false => (at, at + length),
            });
            plain.places.extend(places);
            plain.text.push_str(&stands_for);
            at += length;
        }
        Some(plain)
    }

    /// Converts a location in the decoded text to a location in the original text.
    pub fn written(&self, place: Place) -> Place {
        let Place { secret, hidden } = place;
        let start = self.places.get(secret.start as usize).map_or(0, |(start, _)| *start);
        let end = self
            .places
            .get((secret.end as usize).saturating_sub(1))
            .map_or(start, |(_, end)| *end);
        let mut hidden: Vec<usize> = hidden
            .iter()
            .filter_map(|byte| self.places.get(*byte))
            .flat_map(|(start, end)| *start..*end)
            .collect();
        hidden.dedup();
        Place {
            secret: Secret {
                start: start as u32,
                end: end as u32,
                what: secret.what,
            },
            hidden,
        }
    }
}

/// The character of a `\u{…}` at the beginning of a text, and the length of the escape. Decodes only characters
/// that can be part of a secret.
fn escape(text: &str) -> Option<(char, usize)> {
    let (code, _) = text.strip_prefix("\\u{")?.split_once('}')?;
    let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
    let seen = character.is_ascii_graphic() && !matches!(character, '"' | '\\');
    seen.then_some((character, "\\u{}".len() + code.len()))
}
