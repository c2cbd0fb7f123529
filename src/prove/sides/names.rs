//! Replaces the ids in a sentence with the names that people use.

use crate::model::{Meta, Model};
use std::collections::BTreeMap;

/// The names by id, of both sides.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Those of two models; where they differ, the new one's.
    pub(super) fn of(old: &Model, new: &Model) -> Names {
        let mut names = BTreeMap::new();
        for model in [old, new] {
            let plain = |meta: &Meta| (meta.id.to_string(), meta.name.to_string());
            let titled = |meta: &Meta| (meta.id.to_string(), meta.shown().to_owned());
            names.extend(model.people.iter().map(|one| titled(&one.meta)));
            names.extend(model.functions.iter().map(|one| plain(&one.meta)));
            names.extend(model.teams.iter().map(|one| plain(&one.meta)));
            names.extend(model.purposes.iter().map(|one| plain(&one.meta)));
            names.extend(model.data.iter().map(|one| plain(&one.meta)));
            names.extend(model.actions.iter().map(|one| plain(&one.meta)));
            names.extend(model.systems.iter().map(|one| plain(&one.meta)));
            names.extend(model.identities.iter().map(|one| plain(&one.meta)));
            names.extend(model.agents.iter().map(|one| plain(&one.meta)));
            names.extend(model.tasks.iter().map(|one| plain(&one.meta)));
            names.extend(model.domains.iter().map(|one| plain(&one.meta)));
        }
        Names(names)
    }

    /// A sentence with the names in place of the ids. An id without a name stays as it is.
    pub(super) fn applied(&self, sentence: &str) -> String {
        let parts = sentence.split('`').enumerate();
        let named = parts.map(|(at, part)| match at % 2 {
            0 => part.to_owned(),
            _ => self.one(part).unwrap_or_else(|| format!("`{part}`")),
        });
        named.collect()
    }

    fn one(&self, id: &str) -> Option<String> {
        if let Some(name) = self.0.get(id) {
            return Some(name.clone());
        }
        let (left, right) = id.split_once('/')?;
        let (of, what) = (self.0.get(left)?, self.0.get(right)?);
        // A class of data in a system, or a function in a domain.
        Some(format!("{what} in {of}"))
    }

    /// Everything that something is called by: its id, its name, its title.
    pub(super) fn all(&self, id: &str) -> Vec<String> {
        let short = id.rsplit('.').next().unwrap_or(id).to_owned();
        let mut all = vec![id.to_owned(), short];
        all.extend(self.0.get(id).cloned());
        all
    }
}

/// Whether a text holds a name as a whole word.
pub(super) fn names(text: &str, name: &str) -> bool {
    let edge = |letter: Option<char>| !letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let mut found = text.match_indices(name);
    !name.is_empty() && found.any(|(at, _)| edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next()))
}
