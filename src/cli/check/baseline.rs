//! Findings that existed when the team adopted Quorate. `check` accepts them; other commands do not.

use crate::cli::fmt::replace;
use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::workspace::reason;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const SCHEMA: &str = "quorate/baseline/1";

/// The content of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    schema: String,
    /// The findings of each workspace, by its name.
    workspaces: BTreeMap<String, Vec<Entry>>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    code: String,
    name: String,
    subject: String,
    fingerprint: String,
}

impl Entry {
    fn of(finding: &Diagnostic) -> Option<Entry> {
        let code = finding.code?;
        Some(Entry {
            code: code.id.to_owned(),
            name: code.name.to_owned(),
            subject: finding.finding.subject.clone(),
            fingerprint: finding.finding.fingerprint.clone(),
        })
    }

    /// `GOV103 missing-function of acme.consent`
    pub(super) fn words(&self) -> String {
        format!("{} {} of {}", self.code, self.name, self.subject)
    }
}

impl Baseline {
    /// The findings that fail now: open, and at the level that fails or above it.
    pub(super) fn of(checked: &[Compilation], fails: Level) -> Result<Baseline, String> {
        let mut workspaces: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for compilation in checked {
            let mut entries: Vec<Entry> = compilation
                .open()
                .filter(|finding| finding.level >= fails)
                .filter_map(Entry::of)
                .collect();
            entries.sort();
            entries.dedup();
            if workspaces.insert(compilation.workspace.clone(), entries).is_some() {
                return Err(format!(
                    "two workspaces are called {}: write a baseline for each",
                    compilation.workspace
                ));
            }
        }
        Ok(Baseline {
            schema: SCHEMA.to_owned(),
            workspaces,
        })
    }

    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Baseline, String> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read the baseline {shown}: {}", reason(&error)))?;
        let broken = |why: String| format!("the baseline {shown} is broken: {why}; restore it, or write it again");
        let baseline: Baseline = serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        if baseline.schema != SCHEMA {
            return Err(broken(format!(
                "its schema is `{}`, but this version reads `{SCHEMA}`",
                baseline.schema
            )));
        }
        for (workspace, entries) in &baseline.workspaces {
            let mut seen = BTreeSet::new();
            for entry in entries {
                let digits = entry.fingerprint.strip_prefix("sha256:").unwrap_or(&entry.fingerprint);
                if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
                    return Err(broken(format!("`{}` is not a fingerprint", entry.fingerprint)));
                }
                if !seen.insert(&entry.fingerprint) {
                    return Err(broken(format!("the baseline lists {} twice in {workspace}", entry.words())));
                }
            }
        }
        Ok(baseline)
    }

    /// Writes the file, all of it or nothing.
    pub(super) fn write(&self, path: &Path) -> Result<(), String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())? + "\n";
        replace(path, &text).map_err(|error| format!("cannot write the baseline {}: {}", path.display(), reason(&error)))
    }

    /// How many findings it holds.
    pub(super) fn len(&self) -> usize {
        self.workspaces.values().map(Vec::len).sum()
    }

    /// Marks the findings that it accepts, removes its lines whose finding no longer exists, and returns those.
    pub(super) fn apply(&mut self, compilation: &mut Compilation) -> Result<Vec<Entry>, String> {
        let Some(entries) = self.workspaces.get_mut(&compilation.workspace) else {
            let known: Vec<&str> = self.workspaces.keys().map(String::as_str).collect();
            return Err(format!(
                "it is the baseline of {}, not of {}",
                known.join(", "),
                compilation.workspace
            ));
        };
        let mut standing: BTreeSet<Entry> = BTreeSet::new();
        let listed: BTreeSet<&Entry> = entries.iter().collect();
        for finding in &mut compilation.findings {
            let Some(entry) = Entry::of(finding).filter(|_| finding.finding.waived_by.is_none()) else {
                continue;
            };
            finding.finding.in_baseline = listed.contains(&entry);
            standing.insert(entry);
        }
        let (kept, stale) = std::mem::take(entries).into_iter().partition(|entry| standing.contains(entry));
        *entries = kept;
        Ok(stale)
    }
}
