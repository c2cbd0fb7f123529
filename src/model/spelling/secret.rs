//! References to secrets: where one is kept, in one form.

use crate::model::spelling::url::steps;
use unicode_normalization::UnicodeNormalization;

/// The one form of a reference: the word for the store without regard to case, the path in it as it stands, without escapes, empty
/// steps and slashes around it.
pub fn secret(text: &str) -> String {
    let text: String = text.trim().nfc().collect();
    let (store, path) = match text.split_once(':') {
        Some((store, path)) => (store.trim_end().to_lowercase() + ":", path.trim_start()),
        None => (String::new(), &*text),
    };
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, tail) = path.split_at(end);
    let path: Vec<String> = steps(path).iter().map(|step| step.trim().to_owned()).collect();
    format!("{store}{}{}", path.join("/"), tail.trim_end_matches(['?', '#', '/']))
}

/// The same without what says which version of a secret is meant, and without what one store writes in some paths and not in others.
pub(super) fn any_version(form: &str) -> String {
    let end = form.find(['?', '#']).unwrap_or(form.len());
    let (path, tail) = form.split_at(end);
    let version = |part: &str| {
        let key = part
            .trim_start_matches(['?', '#', '&'])
            .split(['=', ':'])
            .next()
            .unwrap_or("")
            .to_lowercase();
        key.contains("version") || is_version(part.trim_start_matches(['?', '#', '&']))
    };
    let parts: Vec<&str> = tail
        .split_inclusive('&')
        .filter(|part| !version(part.trim_end_matches('&')))
        .collect();
    let mut steps: Vec<&str> = path.split('/').collect();
    while steps.len() > 1 && steps.last().is_some_and(|step| is_version(step) || is_hash(step)) {
        steps.pop();
        if steps.len() > 1 && steps.last().is_some_and(|step| matches!(*step, "versions" | "version")) {
            steps.pop();
        }
    }
    if steps.first().is_some_and(|step| step.starts_with("vault:")) {
        // The second version of its store has `data` behind the name of the store.
        if steps.get(1) == Some(&"data") && steps.len() > 2 {
            steps.remove(1);
        }
    }
    let mut path = steps.join("/");
    if let Some((name, version)) = path
        .rsplit_once(['@', ':'])
        .filter(|(name, _)| name.contains(':') || name.contains('/'))
        && (is_version(version) || is_hash(version))
    {
        path = name.to_owned();
    }
    format!("{path}{}", parts.concat().trim_end_matches('&'))
}

/// `3`, `v3`, `latest` and the like.
fn is_version(text: &str) -> bool {
    let figures = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let words = ["latest", "current", "previous", "awscurrent", "awsprevious", "awspending"];
    (!figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit())) || words.contains(&&*text.to_lowercase())
}

/// The 32 letters by which a store names a version.
fn is_hash(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
