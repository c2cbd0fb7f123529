//! Addresses: the text around them, and their canonical form.

use crate::model::spelling::url::{decoded, host};
use crate::model::spelling::{KINDS_OF_ADDRESS, lower, tidy};

/// Hosts of a provider that documents that it ignores dots before the `@`.
const WITHOUT_DOTS: [&str; 2] = ["gmail.com", "googlemail.com"];

/// Whether a text is an address and nothing else.
pub(super) fn is_address(text: &str) -> bool {
    text.rsplit_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !text.contains(':') && !host.contains('/'))
}

/// Removes what is written before or around an address: its kind, a name, angle brackets. Any other text stays
/// as it is.
pub(super) fn bare(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        let inner = text.strip_suffix('>').and_then(|rest| Some(rest.rsplit_once('<')?.1));
        let kind = KINDS_OF_ADDRESS.iter().find_map(|kind| {
            let start = text.get(..kind.len())?;
            start
                .eq_ignore_ascii_case(kind)
                .then(|| (*kind, text[kind.len()..].trim_start_matches('/')))
        });
        let inside = match (inner, kind) {
            (Some(inner), _) => inner.to_owned(),
            // Only a web scheme may contain escapes or end with a query.
            (None, Some(("mailto:" | "acct:", rest))) => decoded(rest.split_once('?').map_or(rest, |(rest, _)| rest)),
            (None, Some((_, rest))) => rest.to_owned(),
            (None, None) => return text,
        };
        if !inside.contains('@') {
            return text;
        }
        text = tidy(&inside);
    }
}

/// The canonical form of an address: mail systems ignore letter case and the final dot of a host.
pub(super) fn form(address: &str) -> String {
    let Some((local, at)) = address.rsplit_once('@') else {
        return lower(address);
    };
    let quoted = local.strip_prefix('"').and_then(|local| local.strip_suffix('"'));
    let (local, host) = (lower(quoted.unwrap_or(local)), host(at));
    match WITHOUT_DOTS.contains(&&*host) {
        true => format!("{}@{}", undotted(&local), WITHOUT_DOTS[0]),
        false => format!("{local}@{host}"),
    }
}

/// The part before the `@`, without the dots in front of a tag.
pub(super) fn undotted(local: &str) -> String {
    match local.split_once('+') {
        Some((name, tag)) => format!("{}+{tag}", name.replace('.', "")),
        None => local.replace('.', ""),
    }
}
