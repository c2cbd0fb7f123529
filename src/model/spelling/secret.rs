//! References to secrets: where one is kept, in one form, and which parts may make no difference.

use crate::model::spelling::url::{host, steps};
use unicode_normalization::UnicodeNormalization;

/// Hosts of vaults that ignore the letter case of names and end each path with a version.
const CASELESS: [&str; 4] = [
    ".vault.azure.net",
    ".vault.azure.cn",
    ".vault.usgovcloudapi.net",
    ".managedhsm.azure.net",
];

/// The canonical form of a reference: the word for the store and the host without letter case, the path as it
/// stands, without escapes, empty steps and slashes around it.
pub fn secret(text: &str) -> String {
    let text: String = text.trim().nfc().collect();
    let (store, path) = match text.split_once(':') {
        Some((store, path)) => (store.trim_end().to_lowercase() + ":", path.trim_start()),
        None => (String::new(), &*text),
    };
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, tail) = path.split_at(end);
    let mut path: Vec<String> = steps(path).iter().map(|step| step.trim().to_owned()).collect();
    if matches!(&*store, "https:" | "http:")
        && let Some(first) = path.first_mut()
    {
        *first = host(first.strip_suffix(":443").unwrap_or(first));
        if caseless(first) {
            path = path.iter().map(|step| step.to_lowercase()).collect();
        }
    }
    format!("{store}{}{}", path.join("/"), tail.trim_end_matches(['?', '#', '/']))
}

fn caseless(host: &str) -> bool {
    CASELESS.iter().any(|ending| host.ends_with(ending))
}

/// A reference in its parts: which secret, without its version and without what one store writes in some paths
/// and not in others; the letters that a store adds to its name; and the field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Which secret.
    pub(super) whole: String,
    /// What the store adds.
    pub(super) added: Option<String>,
    /// Which field.
    pub(super) field: Option<String>,
}

/// The parts of a reference in its one form.
pub(super) fn reference(form: &str) -> Reference {
    if let Some(found) = cloud(form) {
        return found;
    }
    let end = form.find(['?', '#']).unwrap_or(form.len());
    let (path, tail) = form.split_at(end);
    let version = |part: &str| {
        let key = part.split(['=', ':']).next().unwrap_or("").to_lowercase();
        key.contains("version") || is_version(part)
    };
    let parts = tail.split(['?', '#', '&']).filter(|part| !part.is_empty() && !version(part));
    let mut field: Vec<&str> = parts.collect();
    let mut steps: Vec<&str> = path.split('/').collect();
    let first = steps.first().copied().unwrap_or("");
    if caseless(first) && steps.len() > 3 {
        steps.truncate(3);
    }
    if first.starts_with("op:") && steps.len() > 2 {
        field.extend(steps.drain(2..));
    }
    while steps.len() > 1 && steps.last().is_some_and(|step| is_version(step) || is_hash(step)) {
        steps.pop();
        if steps.len() > 1 && steps.last().is_some_and(|step| matches!(*step, "versions" | "version")) {
            steps.pop();
        }
    }
    if first.starts_with("vault:") {
        // The second version of its store has `data` after the name of the store.
        if steps.get(1) == Some(&"data") && steps.len() > 2 {
            steps.remove(1);
        }
    }
    let mut whole = steps.join("/");
    if let Some((name, version)) = whole
        .rsplit_once(['@', ':'])
        .filter(|(name, _)| name.contains(':') || name.contains('/'))
        && (is_version(version) || is_hash(version))
    {
        whole = name.to_owned();
    }
    let field = (!field.is_empty()).then(|| field.join("&"));
    Reference { whole, added: None, field }
}

/// `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbC123:FIELD:STAGE:VERSION`; everything after the name is
/// optional.
fn cloud(form: &str) -> Option<Reference> {
    let (store, rest) = form
        .split_once(":secret:")
        .filter(|(store, _)| store.contains(":secretsmanager:"))?;
    let mut parts = rest.split(':');
    let name = parts.next()?;
    let field = parts.next().filter(|field| !field.is_empty()).map(str::to_owned);
    let added = name.rsplit_once('-').filter(|(_, letters)| is_added(letters));
    Some(Reference {
        whole: format!("{store}:secret:{}", added.map_or(name, |(name, _)| name)),
        added: added.map(|(_, letters)| letters.to_owned()),
        field,
    })
}

/// Six random letters and digits. Lower-case letters alone are usually a word of the name.
fn is_added(text: &str) -> bool {
    let by_chance = text.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && by_chance
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
