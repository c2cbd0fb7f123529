//! How names that systems use for somebody or something are compared: addresses, accounts, principals,
//! references to secrets.
//!
//! Each has one canonical form. Spellings that certainly mean the same have the same form. Spellings that only
//! may mean the same have different forms, and [`likeness`] states why the two may be one. Policies compare
//! principals letter by letter; this is only for the model.

use crate::model::spelling::address::is_address;
use crate::model::{Model, Person};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

mod address;
pub mod likeness;
mod secret;
mod url;

pub use secret::secret;

/// The form of a service account without a stated trust domain: it may be any.
const ANY_DOMAIN: &str = "spiffe:*/ns/";

/// Prefixes by which systems mark the kind of an address.
const KINDS_OF_ADDRESS: [&str; 9] = [
    "mailto:",
    "smtp:",
    "email:",
    "mail:",
    "user:",
    "upn:",
    "userprincipalname:",
    "acct:",
    "serviceaccount:",
];

/// The prefixes of account names that do not belong to a person.
const SOFTWARE: [&str; 11] = [
    "spiffe:",
    "svc:",
    "service:",
    "sa:",
    "bot:",
    "app:",
    "robot:",
    "machine:",
    "workload:",
    "service_account:",
    "serviceaccount:",
];

/// The canonical forms of addresses, accounts and principals, which are compared with each other.
#[derive(Debug, Default)]
pub struct Spellings {
    /// For each service account of a namespace, as `marketing/sa/campaign`, the trust domains that have one.
    domains: BTreeMap<String, BTreeSet<String>>,
}

impl Spellings {
    /// The spellings of a model. A service account without a trust domain equals the one with a trust domain,
    /// if there is exactly one.
    pub fn of(model: &Model) -> Spellings {
        let people = model.people.iter().flat_map(Person::names);
        let principals = model.identities.iter().filter_map(|identity| identity.principal.as_ref());
        let mut spellings = Spellings::default();
        for name in people.chain(principals) {
            let form = form(&name.value);
            let account = form.strip_prefix("spiffe:").and_then(|id| id.split_once("/ns/"));
            if let Some((domain, account)) = account.filter(|(domain, _)| *domain != "*") {
                spellings.domains.entry(account.to_owned()).or_default().insert(domain.to_owned());
            }
        }
        spellings
    }

    /// The canonical form of an address, an account or a principal.
    pub fn name(&self, text: &str) -> String {
        let form = form(text);
        let domains = form
            .strip_prefix(ANY_DOMAIN)
            .and_then(|account| Some((account, self.domains.get(account)?)));
        match domains.map(|(account, domains)| (account, domains.len(), domains.first())) {
            Some((account, 1, Some(domain))) => format!("spiffe:{domain}/ns/{account}"),
            _ => form,
        }
    }
}

/// Whether a name in canonical form is one that only software has.
pub fn is_software(form: &str) -> bool {
    let host = form.rsplit_once('@').map_or("", |(_, host)| host);
    SOFTWARE.iter().any(|word| form.starts_with(word)) || host.ends_with(".gserviceaccount.com") || form.ends_with("[bot]")
}

/// Whether two texts have the same letters, however Unicode composes them.
pub fn same_letters(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

fn form(text: &str) -> String {
    let text = address::bare(&tidy(text));
    if let Some((scheme, rest)) = text.split_once("://") {
        return url::form(scheme, rest);
    }
    if let Some(account) = service_account(&text) {
        return account;
    }
    match text.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("spiffe") => url::form(scheme, rest),
        Some((issuer, rest)) if is_address(rest) => format!("{}:{}", lower(issuer), address::form(rest)),
        None if is_address(&text) => address::form(&text),
        Some(_) | None => lower(text.trim_end_matches('/')),
    }
}

/// The SPIFFE id, by the usual template, of a Kubernetes service account as the cluster, a mesh or a cloud
/// writes it.
fn service_account(text: &str) -> Option<String> {
    let small = lower(text);
    if let Some(group) = small.strip_prefix("system:serviceaccounts") {
        // The group of all accounts, or of those of a namespace.
        let namespace = group.strip_prefix(':').filter(|namespace| !namespace.is_empty()).unwrap_or("*");
        return Some(format!("{ANY_DOMAIN}{namespace}/sa/*"));
    }
    if let Some((namespace, name)) = small.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
        return Some(format!("{ANY_DOMAIN}{namespace}/sa/{name}"));
    }
    let bare = small.strip_prefix("serviceaccount:").unwrap_or(&small);
    let pool = bare.strip_suffix(']').and_then(|rest| rest.split_once('['));
    if let Some((domain, (namespace, name))) = pool.and_then(|(domain, inner)| Some((domain, inner.split_once('/')?)))
        && domain.ends_with(".svc.id.goog")
    {
        return Some(format!("spiffe:{domain}/ns/{namespace}/sa/{name}"));
    }
    match text.split('/').collect::<Vec<_>>()[..] {
        [domain, "ns", _, "sa", _] if !domain.is_empty() && !domain.contains(':') => Some(url::form("spiffe", text)),
        _ => None,
    }
}

/// One composed form of each letter, no space at the ends, single spaces inside, and none beside a separator.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    for letter in text.trim().nfc() {
        let parts = |letter: char| matches!(letter, ':' | '/' | '@' | ',' | '=' | '\\');
        if letter.is_whitespace() {
            if !out.ends_with(parts) && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            if parts(letter) && out.ends_with(' ') {
                out.pop();
            }
            out.push(letter);
        }
    }
    out
}

/// In small letters, composed.
fn lower(text: &str) -> String {
    text.to_lowercase().nfc().collect()
}
