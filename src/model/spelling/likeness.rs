//! Names that may mean the same, though nothing makes it certain, and why.

use crate::model::spelling::address::{is_address, undotted};
use crate::model::spelling::secret::reference;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// The most names that are reported as perhaps the same as one. If all are tags of one mailbox, each would be
/// reported with each.
const MOST_ALIKE: usize = 8;

/// The most names that are reported as included by one with `*`.
const MOST_TAKEN: usize = 100;

/// Why two names may mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Letters of one look like those of the other.
    Letters,
    /// A tag after `+`.
    Tag,
    /// Dots before the `@`.
    Dots,
    /// An account under an address, and the address.
    Account,
    /// Versions of one secret.
    Version,
    /// A secret, and a field of it.
    Field,
    /// A secret with and without what its store adds to the name.
    Added,
    /// Signs between the parts of a name.
    Signs,
    /// A `*` in one that includes the other.
    Wildcard,
}

impl Why {
    /// One sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Why::Letters => "some letters of one only look like those of the other",
            Why::Tag => "at many mail hosts the part after `+` is a tag of the same mailbox",
            Why::Dots => "many mail hosts ignore dots before the `@`",
            Why::Account => "one is an account name that contains the other, an address",
            Why::Version => "they are versions or paths of one secret, and anyone who can read one can usually read the other",
            Why::Field => "one is a field of the other, and anyone who reads the whole reads the field",
            Why::Added => "the store adds the six letters at the end to the name of a secret, and the name alone is the same secret",
            Why::Signs => "they differ only in the signs between their parts, which many systems ignore",
            Why::Wildcard => "the `*` in one matches the other",
        }
    }
}

/// Canonical forms, searchable for those that may mean the same.
#[derive(Debug)]
pub struct Likenesses<T> {
    /// The key is the form without the parts that may make no difference.
    by_core: BTreeMap<String, Vec<(String, T)>>,
    /// By the form.
    by_form: BTreeMap<String, T>,
}

impl<T: Copy> Likenesses<T> {
    /// An empty collection.
    pub fn new() -> Likenesses<T> {
        Likenesses {
            by_core: BTreeMap::new(),
            by_form: BTreeMap::new(),
        }
    }

    /// Adds a name by its canonical form and its core. Of several with one form, the first counts.
    pub fn add(&mut self, form: &str, core: String, of: T) {
        let entry = self.by_core.entry(core).or_default();
        if !self.by_form.contains_key(form) {
            entry.push((form.to_owned(), of));
            self.by_form.insert(form.to_owned(), of);
        }
    }

    /// The names with another form and the same core.
    pub fn like(&self, form: &str, core: &str) -> impl Iterator<Item = (&str, T)> {
        let found = self.by_core.get(core).into_iter().flatten();
        let others = found.filter(move |(other, _)| other != form).take(MOST_ALIKE);
        others.map(|(other, of)| (&**other, *of))
    }

    /// The names that a form with `*` includes.
    pub fn within<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = (&'a str, T)> {
        let start = pattern.split('*').next().unwrap_or("").to_owned();
        let known = self
            .by_form
            .range(start.clone()..)
            .take_while(move |(form, _)| form.starts_with(&start));
        let taken = known.filter(move |(form, _)| *form != pattern && pattern.contains('*') && takes_in(pattern, form));
        taken.take(MOST_TAKEN).map(|(form, of)| (&**form, *of))
    }
}

impl<T: Copy> Default for Likenesses<T> {
    fn default() -> Self {
        Likenesses::new()
    }
}

/// A name without everything that may make no difference.
pub fn core(form: &str) -> String {
    undecorated(&signs(&letters(form)))
}

/// A reference to a secret without everything that may make no difference.
pub fn secret_core(form: &str) -> String {
    reference(&letters(form)).whole
}

/// Why two names with one core and different forms may be one.
pub fn why(one: &str, other: &str) -> Why {
    let [first, second] = [one, other].map(letters);
    if first == second {
        return Why::Letters;
    }
    let [first, second] = [first, second].map(|name| signs(&name));
    if first == second {
        return Why::Signs;
    }
    let address = |form: &str| form.rsplit_once(':').map_or(form, |(_, rest)| rest).to_owned();
    if is_address(&first) != is_address(&second) {
        return Why::Account;
    }
    match untagged(&address(&first)) == untagged(&address(&second)) {
        true => Why::Tag,
        false => Why::Dots,
    }
}

/// Why two references to secrets with one core and different forms may be one; `None` for two fields of one
/// secret, which are two.
pub fn why_secret(one: &str, other: &str) -> Option<Why> {
    let [first, second] = [one, other].map(letters);
    if first == second {
        return Some(Why::Letters);
    }
    let [first, second] = [first, second].map(|form| reference(&form));
    let apart = |one: &Option<String>, other: &Option<String>| one.is_some() && other.is_some() && one != other;
    if apart(&first.field, &second.field) || apart(&first.added, &second.added) {
        return None;
    }
    Some(match (first.field == second.field, first.added == second.added) {
        (false, _) => Why::Field,
        (true, false) => Why::Added,
        (true, true) => Why::Version,
    })
}

/// The text with exactly one separator between two parts, whatever separators were there, and none at its ends.
fn signs(form: &str) -> String {
    let parts = form.split([':', '/', '\\']).filter(|part| !part.is_empty());
    parts.collect::<Vec<&str>>().join(":")
}

/// An address without its issuer, its tag and its dots; an account without the sign before a name.
fn undecorated(form: &str) -> String {
    let address = form.rsplit_once(':').map_or(form, |(_, rest)| rest);
    match address.rsplit_once('@') {
        Some(("", _)) => form.replacen(":@", ":", 1),
        Some((local, host)) if is_address(address) => {
            let local = undotted(&untagged(local));
            format!("{local}@{host}")
        }
        Some(_) | None => form.to_owned(),
    }
}

fn untagged(address: &str) -> String {
    let (local, host) = address
        .rsplit_once('@')
        .map_or((address, None), |(local, host)| (local, Some(host)));
    let name = local.split_once('+').map_or(local, |(name, _)| name);
    host.map_or_else(|| name.to_owned(), |host| format!("{name}@{host}"))
}

/// Replaces letters of other scripts by the letters that they look like. Letters that every keyboard has stay
/// distinct.
fn letters(form: &str) -> String {
    if form.is_ascii() {
        return form.to_owned();
    }
    let mut out = String::new();
    let mut held = [0; 4];
    for letter in form.nfd() {
        match letter.is_ascii() {
            true => out.push(letter),
            // By the Unicode tables, `m` and the two letters `rn` look alike.
            false => {
                let seen: String = skeleton(letter.encode_utf8(&mut held)).collect();
                out.push_str(&seen.replace("rn", "m").to_lowercase());
            }
        }
    }
    out
}

/// Whether a text in which `*` stands for anything includes another text.
fn takes_in(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
