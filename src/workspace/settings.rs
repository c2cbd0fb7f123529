//! Reads `quorate.toml`, and reports every error in it at its location.

use crate::compile::HORIZON;
use crate::diagnostic::catalogue::{self, NEVER_WAIVED};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::nearest;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys of `quorate.toml`. Any other key is an error.
pub const KEYS: &[&str] = &["name", "members", "exclude", "levels", "horizon"];

/// The content of `quorate.toml`.
#[derive(Debug, Default)]
pub struct Settings {
    /// The name of the workspace if no file states it.
    pub name: Option<String>,
    /// The folders below the root that belong to the workspace, each with its location in the settings. If the
    /// list is empty, all folders belong to it.
    pub members: Vec<(String, Span)>,
    /// The folders below the root that do not belong to the workspace, each with its location in the settings.
    pub exclude: Vec<(String, Span)>,
    /// Levels by the name of a check, and where they are set. `None` is `off`.
    pub levels: BTreeMap<String, (Option<Level>, Span)>,
    /// The number of days ahead that the checks look.
    pub horizon: Option<i64>,
}

impl Settings {
    /// The number of days ahead that the checks look.
    pub fn horizon(&self) -> i64 {
        self.horizon.unwrap_or(HORIZON)
    }
}

/// Reads the settings file with this number. Returns the settings and the errors.
pub(super) fn read(id: FileId, file: &SourceFile) -> (Settings, Vec<Diagnostic>) {
    let mut reading = Reading {
        file: id,
        settings: Settings::default(),
        errors: Vec::new(),
    };
    let (table, faults) = DeTable::parse_recoverable(&file.text);
    for error in &faults {
        let span = error.span().unwrap_or(0..0);
        let said = error.message().trim();
        let what = said.split_once(", expected").map_or(said, |(what, _)| what);
        let error = Diagnostic::error(reading.span(&span), format!("quorate.toml cannot be read here: {what}"));
        reading
            .errors
            .push(error.help("write a line as `key = \"value\"`, and levels below `[levels]`"));
    }
    // If the file has syntax errors, they are already reported, and no setting gets a value.
    if faults.is_empty() {
        reading.table(table.get_ref());
    }
    (reading.settings, reading.errors)
}

struct Reading {
    file: FileId,
    settings: Settings,
    errors: Vec<Diagnostic>,
}

impl Reading {
    fn span(&self, at: &Range<usize>) -> Span {
        Span {
            file: self.file,
            start: at.start as u32,
            end: at.end as u32,
        }
    }

    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match &**key.get_ref() {
                "name" => self.settings.name = self.text(value, "`name` is a name in quotes, as `name = \"acme\"`"),
                "horizon" => self.horizon(value),
                "members" => {
                    let written = "`members` is a list of folders, as `members = [\"marketing\", \"finance\"]`";
                    self.settings.members = self.list(value, written);
                }
                "exclude" => {
                    let written = "`exclude` is a list of folders, as `exclude = [\"drafts\"]`";
                    self.settings.exclude = self.list(value, written);
                }
                "targets" => {
                    let error = Diagnostic::error(self.span(&key.span()), "quorate.toml has no key `targets` any more");
                    self.errors
                        .push(error.help("remove it: `build` writes Cedar and Rego, and compares them"));
                }
                "levels" => match value.get_ref().as_table() {
                    Some(levels) => self.levels(levels),
                    None => self.strange(
                        value,
                        "write each level on its own line below `[levels]`, such as `unlimited-write = \"off\"`",
                    ),
                },
                other => {
                    let error = Diagnostic::error(self.span(&key.span()), format!("quorate.toml has no key `{other}`"));
                    let error = match nearest(other, KEYS.iter().copied()) {
                        Some(near) => error.help(format!("did you mean `{near}`?")),
                        None => error.help(format!("the keys are {}", KEYS.join(", "))),
                    };
                    self.errors.push(error);
                }
            }
        }
    }

    fn horizon(&mut self, value: &Spanned<DeValue<'_>>) {
        let number = value.get_ref().as_integer();
        let days = number.and_then(|days| i64::from_str_radix(&days.as_str().replace('_', ""), days.radix()).ok());
        match days.filter(|days| (0..=36_500).contains(days)) {
            Some(days) => self.settings.horizon = Some(days),
            None => self.strange(value, "`horizon` is a number of days from 0 to 36500"),
        }
    }

    fn levels(&mut self, levels: &DeTable<'_>) {
        let mut named: Vec<(&Spanned<_>, &Spanned<DeValue<'_>>)> = levels.iter().collect();
        named.sort_by_key(|(key, _)| key.span().start);
        // The first spelling of each check in the file.
        let mut spelt: BTreeMap<&'static str, (String, Span)> = BTreeMap::new();
        for (key, value) in named {
            let name: &str = key.get_ref();
            let at = self.span(&key.span()).to(self.span(&value.span()));
            let Some(code) = catalogue::find(name) else {
                let error = Diagnostic::error(self.span(&key.span()), format!("there is no check `{name}`"));
                let near = nearest(name, catalogue::CODES.iter().map(|code| code.name));
                self.errors.push(
                    near.into_iter()
                        .fold(error, |error, near| error.help(format!("did you mean `{near}`?"))),
                );
                continue;
            };
            if let Some((first, place)) = spelt.get(code.name) {
                let error = Diagnostic::error(at, format!("the level of {} {} is set twice", code.id, code.name))
                    .label(at, "again here")
                    .label(*place, format!("here, as `{first}`"));
                self.errors.push(error.help("keep the one that you mean"));
            }
            spelt.entry(code.name).or_insert_with(|| (name.to_owned(), at));
            let level = match value.get_ref().as_str() {
                Some("error") => Some(Level::Error),
                Some("warning") => Some(Level::Warning),
                Some("note") => Some(Level::Note),
                Some("off") => None,
                _ => {
                    self.strange(value, "the levels are \"error\", \"warning\", \"note\" and \"off\"");
                    continue;
                }
            };
            if NEVER_WAIVED.contains(&code.id) && level < Some(code.level) {
                let message = format!(
                    "nobody can lower the level of {} {}: it protects the rules themselves",
                    code.id, code.name
                );
                self.errors
                    .push(Diagnostic::error(at, message).help("remove the line, and fix the finding"));
                continue;
            }
            self.settings.levels.insert(code.name.to_owned(), (level, at));
        }
    }

    fn text(&mut self, value: &Spanned<DeValue<'_>>, written: &str) -> Option<String> {
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned);
        if text.is_none() {
            self.strange(value, written);
        }
        text
    }

    fn list(&mut self, value: &Spanned<DeValue<'_>>, written: &str) -> Vec<(String, Span)> {
        let Some(values) = value.get_ref().as_array() else {
            self.strange(value, written);
            return Vec::new();
        };
        let mut texts: Vec<(String, Span)> = Vec::new();
        for value in values.iter() {
            let at = self.span(&value.span());
            let Some(text) = self.text(value, written) else { continue };
            if let Some((_, first)) = texts.iter().find(|(other, _)| *other == text) {
                let error = Diagnostic::error(at, format!("one list contains `{text}` twice"));
                let error = error.label(at, "again here").label(*first, "first here");
                self.errors.push(error.help("keep one of the two"));
            }
            texts.push((text, at));
        }
        texts
    }

    fn strange(&mut self, value: &Spanned<DeValue<'_>>, written: &str) {
        let at = self.span(&value.span());
        self.errors
            .push(Diagnostic::error(at, "this value does not fit here").help(written));
    }
}
