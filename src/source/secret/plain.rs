//! A text as it reads once its escapes are taken for what they stand for, and where each character of it is written.

use super::{Place, Secret};

/// A text without escapes.
pub(super) struct Plain {
    /// The text as it reads.
    pub text: String,
    /// For each byte of it, the first byte of what is written for it and one past the last.
    places: Vec<(usize, usize)>,
}

impl Plain {
    /// Of a text; none where it reads as it is written.
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
                // What follows a backslash that is itself escaped is not an escape.
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

    /// A place in the text as it reads, as a place in the text as it is written.
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

/// The character that `\u{…}` at the beginning of a text stands for, and how long that is. Only what can be part of a
/// secret.
fn escape(text: &str) -> Option<(char, usize)> {
    let (code, _) = text.strip_prefix("\\u{")?.split_once('}')?;
    let character = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
    let seen = character.is_ascii_graphic() && !matches!(character, '"' | '\\');
    seen.then_some((character, "\\u{}".len() + code.len()))
}
