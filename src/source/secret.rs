//! Finds secrets in a text by the prefixes of their issuers, and redacts them before other code reads the text.
//!
//! The replacement has the same length as the secret, so all locations in the text stay the same. It contains a
//! short hash, which distinguishes two secrets and from which nobody can recover them.

use crate::source::digest::sha256;
use plain::Plain;

mod plain;

/// A secret that was found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secret {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Its kind, as `a GitHub token`.
    pub what: &'static str,
}

/// A known prefix, and the characters that follow it.
struct Form {
    prefix: &'static str,
    /// The least number of characters after the prefix.
    least: usize,
    /// The characters that may follow besides letters and digits.
    also: &'static [u8],
    what: &'static str,
}

const fn form(prefix: &'static str, least: usize, also: &'static [u8], what: &'static str) -> Form {
    Form { prefix, least, also, what }
}

/// The known prefixes. A longer prefix is listed before a shorter one that it begins with.
const FORMS: &[Form] = &[
    form("AKIA", 16, b"", "an AWS access key"),
    form("ASIA", 16, b"", "an AWS access key"),
    form("AIza", 30, b"_-", "a Google API key"),
    form("GOCSPX-", 16, b"_-", "a Google client secret"),
    form("ya29.", 16, b"_-", "a Google access token"),
    form("github_pat_", 16, b"_", "a GitHub token"),
    form("ghp_", 16, b"", "a GitHub token"),
    form("gho_", 16, b"", "a GitHub token"),
    form("ghu_", 16, b"", "a GitHub token"),
    form("ghs_", 16, b"", "a GitHub token"),
    form("ghr_", 16, b"", "a GitHub token"),
    form("glpat-", 16, b"_-", "a GitLab token"),
    form("gldt-", 16, b"_-", "a GitLab token"),
    form("glrt-", 16, b"_-", "a GitLab token"),
    form("glptt-", 16, b"_-", "a GitLab token"),
    form("sk-proj-", 16, b"_-", "an API key of a model provider"),
    form("sk-ant-", 16, b"_-", "an API key of a model provider"),
    form("sk-svcacct-", 16, b"_-", "an API key of a model provider"),
    form("sk-admin-", 16, b"_-", "an API key of a model provider"),
    form("sk-or-", 16, b"_-", "an API key of a model provider"),
    form("sk-", 20, b"", "an API key of a model provider"),
    form("sk_live_", 16, b"", "a Stripe key"),
    form("rk_live_", 16, b"", "a Stripe key"),
    form("sk_test_", 16, b"", "a Stripe key"),
    form("rk_test_", 16, b"", "a Stripe key"),
    form("whsec_", 16, b"", "a Stripe key"),
    form("xoxa-", 10, b"-", "a Slack token"),
    form("xoxb-", 10, b"-", "a Slack token"),
    form("xoxe-", 10, b"-", "a Slack token"),
    form("xoxp-", 10, b"-", "a Slack token"),
    form("xoxr-", 10, b"-", "a Slack token"),
    form("xoxs-", 10, b"-", "a Slack token"),
    form("xapp-", 16, b"-", "a Slack token"),
    form("npm_", 16, b"", "an npm token"),
    form("pypi-", 32, b"_-", "a PyPI token"),
    form("hf_", 16, b"", "a Hugging Face token"),
    form("hvs.", 16, b"_-", "a Vault token"),
    form("SG.", 32, b"_-.", "a SendGrid key"),
    form("dop_v1_", 32, b"", "a DigitalOcean token"),
    form("dckr_pat_", 16, b"_-", "a Docker token"),
    form("shpat_", 16, b"", "a Shopify token"),
    form("AGE-SECRET-KEY-1", 32, b"", "an age key"),
];

/// The beginning and the end of a private key.
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// A secret and the positions of its bytes to redact.
pub(super) struct Place {
    secret: Secret,
    hidden: Vec<usize>,
}

/// Returns a text with its secrets redacted, for output that quotes a text.
pub fn struck(text: &str) -> String {
    strike(text.to_owned(), find(text)).0
}

/// Redacts the secrets in the text that they were found in. Returns the new text and the secrets.
pub(super) fn strike(text: String, places: Vec<Place>) -> (String, Vec<Secret>) {
    let mut bytes = text.into_bytes();
    for Place { hidden, .. } in &places {
        let value: Vec<u8> = hidden.iter().map(|at| bytes[*at]).collect();
        let digest = sha256(&value);
        let mark = &digest["sha256:".len()..][..5];
        let words = format!("[redacted-{mark}]");
        for at in hidden {
            bytes[*at] = b'*';
        }
        // A line break must not split the words, so they go in the first stretch without a gap that is long
        // enough.
        let whole = hidden
            .windows(words.len())
            .find(|stretch| stretch[words.len() - 1] == stretch[0] + words.len() - 1);
        if let Some(stretch) = whole {
            bytes[stretch[0]..stretch[0] + words.len()].copy_from_slice(words.as_bytes());
        }
    }
    let text = String::from_utf8(bytes).expect("characters of one byte replace others");
    (text, places.into_iter().map(|place| place.secret).collect())
}

/// Finds every secret in a text, in order, whether it is written with escapes or not.
pub(super) fn find(text: &str) -> Vec<Place> {
    match Plain::of(text) {
        Some(plain) => find_plain(&plain.text).into_iter().map(|place| plain.written(place)).collect(),
        None => find_plain(text),
    }
}

fn find_plain(text: &str) -> Vec<Place> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let starts = matches!(
            bytes[at],
            b'A' | b'G' | b'S' | b'd' | b'e' | b'g' | b'h' | b'n' | b'p' | b'r' | b's' | b'w' | b'x' | b'y' | b'-'
        );
        let inside = at > 0 && bytes[at - 1].is_ascii_alphanumeric() && bytes[at] != b'-';
        // The letter of an escape, as in `
        // `, is not part of a word.
        let escaped = at > 1 && bytes[at - 2] == b'\\';
        let place = match starts && (!inside || escaped) {
            true => private_key(text, at).or_else(|| web_token(bytes, at)).or_else(|| token(bytes, at)),
            false => password(bytes, at),
        };
        match place {
            Some(place) => {
                at = place.secret.end as usize;
                found.push(place);
            }
            None => at += 1,
        }
    }
    found
}

fn run(bytes: &[u8], from: usize, also: &[u8]) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || also.contains(byte))
        .count()
}

fn token(bytes: &[u8], at: usize) -> Option<Place> {
    let form = FORMS.iter().find(|form| bytes[at..].starts_with(form.prefix.as_bytes()))?;
    let from = at + form.prefix.len();
    let length = run(bytes, from, form.also);
    let value = &bytes[from..from + length];
    // A word in small letters, or one repeated character, is an example in a text and not a secret.
    let telling = value.iter().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let varied = value.iter().any(|byte| *byte != value[0]);
    let amazon = matches!(form.prefix, "AKIA" | "ASIA");
    let fits = match amazon {
        true => length == form.least && !value.iter().any(u8::is_ascii_lowercase),
        false => length >= form.least && telling,
    };
    (fits && varied).then(|| place(at, from + length, form.what, (from..from + length).collect()))
}

/// Finds the password in an address such as `postgres://user:…@host`, if the `://` is at this position.
fn password(bytes: &[u8], at: usize) -> Option<Place> {
    let from = at + "://".len();
    if !bytes[at..].starts_with(b"://") || at == 0 || !bytes[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_control() || matches!(byte, b'/' | b'"' | b'?' | b'#');
    let length = bytes[from..].iter().take_while(|byte| !ends(byte)).count();
    let authority = &bytes[from..from + length];
    let end = from + authority.iter().rposition(|byte| *byte == b'@')?;
    let start = from + bytes[from..end].iter().position(|byte| *byte == b':')? + 1;
    let value = &bytes[start..end];
    let varied = value.iter().any(|byte| *byte != value[0]);
    // A placeholder in an explanation or a template is not a password.
    let spoken = value.first().is_none_or(|first| b"$<[{%*".contains(first))
        || ["password", "passwd", "pass", "pwd", "secret"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    // The address of an image with its digest, as `docker://image:tag@sha256:…`, has no password.
    let digest = bytes[end + 1..].starts_with(b"sha256:");
    let known = digest || token(bytes, start).is_some() || web_token(bytes, start).is_some();
    (varied && !spoken && !known).then(|| place(start, end, "a password in an address", (start..end).collect()))
}

/// Finds a JSON web token: three parts separated by dots. The first part is a JSON object.
fn web_token(bytes: &[u8], at: usize) -> Option<Place> {
    let from = at + 3;
    if !bytes[at..].starts_with(b"eyJ") {
        return None;
    }
    let head = run(bytes, from, b"_-");
    let body = (bytes.get(from + head) == Some(&b'.')).then(|| run(bytes, from + head + 1, b"_-"))?;
    let second = from + head + 1 + body;
    if head < 8 || body < 8 || bytes.get(second) != Some(&b'.') {
        return None;
    }
    let end = second + 1 + run(bytes, second + 1, b"_-.");
    Some(place(at, end, "a JSON web token", (from..end).collect()))
}

/// Finds a private key in PEM format: on one line, in the lines of a comment, or on separate lines.
fn private_key(text: &str, at: usize) -> Option<Place> {
    let bytes = text.as_bytes();
    let title = bytes[at..].strip_prefix(BEGIN.as_bytes())?;
    let length = title
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b' ')
        .count();
    let named = std::str::from_utf8(&title[..length]).unwrap_or("").contains("PRIVATE KEY");
    if !named || !title[length..].starts_with(b"-----") {
        return None;
    }
    let body = at + BEGIN.len() + length + "-----".len();
    let mut hidden = Vec::new();
    let mut end = body;
    for (number, (start, line)) in lines(text, body).enumerate() {
        let (start, line) = match number {
            0 => (start, line),
            _ => inner(start, line),
        };
        let last = line.find(END);
        let key = &line[..last.unwrap_or(line.len())];
        let material = key.trim_end_matches(['"', ' ', '\t', ';', '}']);
        let only = material.bytes().all(base64);
        // If the key has no end marker, a short line may be a clause.
        let goes_on = number == 0 || last.is_some() || (only && (closes(text, start + line.len()) || material.len() >= 32));
        if !goes_on {
            break;
        }
        let quote = match number {
            0 => material.find('"').unwrap_or(material.len()),
            _ => material.len(),
        };
        let places = (start..start + quote).filter(|place| base64(bytes[*place]) && bytes[*place - 1] != b'\\');
        // The text after a beginning that is only mentioned consists of words.
        let spoken = number == 0 && !material.as_bytes().split(|byte| !base64(*byte)).any(|part| part.len() >= 16);
        if !spoken {
            hidden.extend(places);
            end = start + last.unwrap_or(quote);
        }
        if last.is_some() || quote < material.len() {
            break;
        }
    }
    Some(place(at, end.max(body), "a private key", hidden))
}

/// Whether a key ends on one of the next lines, and all lines before that belong to the key.
fn closes(text: &str, from: usize) -> bool {
    for (number, (start, line)) in lines(text, from).enumerate() {
        let (_, line) = match number {
            0 => (start, line),
            _ => inner(start, line),
        };
        if line.starts_with(END) {
            return true;
        }
        if number > 200 || !line.bytes().all(base64) {
            return false;
        }
    }
    false
}

/// The rest of the line at a position and the lines after it, each with its start.
fn lines(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut next = from;
    text[from..].split('\n').map(move |line| {
        let start = next;
        next += line.len() + 1;
        (start, line)
    })
}

/// A line and its start without the white space and the slashes at the beginning.
fn inner(start: usize, line: &str) -> (usize, &str) {
    let rest = line.trim_start();
    let rest = match rest.strip_prefix("//") {
        Some(rest) => rest.trim_start_matches(['/', '!']).trim_start(),
        None => rest,
    };
    (start + line.len() - rest.len(), rest)
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn place(start: usize, end: usize, what: &'static str, hidden: Vec<usize>) -> Place {
    Place {
        secret: Secret {
            start: start as u32,
            end: end as u32,
            what,
        },
        hidden,
    }
}

#[cfg(test)]
mod tests;
