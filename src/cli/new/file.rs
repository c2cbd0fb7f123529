//! The file to which a declaration is added, and how it is written.

use super::draft::Draft;
use super::uses::uses;
use super::{New, Refusal, Written, disk, last, own};
use crate::cli::fmt::replace;
use crate::cli::text::Text;
use crate::format::format;
use crate::resolve::Names;
use crate::source::{FileId, Origin};
use crate::syntax::parse;
use crate::workspace::{Loaded, Place};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where a declaration goes.
pub(super) struct Target {
    /// Its path on the disk.
    path: PathBuf,
    /// The file among the sources; `None` if it is new.
    file: Option<FileId>,
    /// Its path from the root of the workspace.
    name: String,
}

impl Target {
    /// The file the user named, or the one with the most declarations of this kind, or the usual file for the kind.
    pub(super) fn find(new: &New, place: &Place, loaded: &Loaded, names: &Names) -> Result<Target, Refusal> {
        let files: BTreeMap<&str, FileId> = loaded
            .sources
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.origin == Origin::Workspace)
            .map(|(index, file)| (&*file.name, FileId(index as u32)))
            .collect();
        let at = |name: &str| Target {
            path: place.root.join(name),
            file: files.get(name).copied(),
            name: name.to_owned(),
        };
        if new.path.is_file() && new.path.file_name().is_some_and(|name| name != "quorate.toml") {
            let wanted = std::fs::canonicalize(&new.path).ok();
            let found = files
                .keys()
                .find(|name| std::fs::canonicalize(place.root.join(name)).ok() == wanted);
            return found
                .map(|name| at(name))
                .ok_or_else(|| Refusal::Why(format!("{} is not a file of the workspace", new.path.display())));
        }
        let mut counts: BTreeMap<FileId, usize> = BTreeMap::new();
        for known in own(names).filter(|known| known.kind == new.kind.kind()) {
            *counts.entry(known.span.file).or_default() += 1;
        }
        let most = counts.into_iter().min_by_key(|(file, count)| (std::cmp::Reverse(*count), *file));
        if let Some((file, _)) = most {
            return Ok(at(&loaded.sources.file(file).name));
        }
        // A workspace of one file stays a workspace of one file.
        match files.keys().collect::<Vec<_>>()[..] {
            [one] => Ok(at(one)),
            _ => Ok(at(new.kind.file())),
        }
    }

    /// Adds the draft to the file.
    pub(super) fn add(&self, draft: &Draft, loaded: &Loaded, names: &Names) -> Result<Written, Refusal> {
        let mut old = self.read()?;
        let shown = format!("{}{}", loaded.sources.base, self.name);
        let (parsed, _) = parse(FileId(0), &old.text);
        if !parsed.shaped {
            return Err(Refusal::Why(format!(
                "Quorate cannot add to {shown}: a brace, a quote or a line in it is broken\n  help: `quorate check` says where"
            )));
        }
        let canonical = format(FileId(0), &old.text).is_ok_and(|formatted| formatted == old.text);
        let module = match self.file {
            Some(file) => names.module(file).to_owned(),
            None => names.workspace.to_string(),
        };
        let mut text = uses(&old.text, &module, draft, names);
        if !text.is_empty() {
            let end = if text.ends_with('\n') { "\n" } else { "\n\n" };
            text.push_str(end);
        }
        text.push_str(&draft.text);
        if canonical && let Ok(formatted) = format(FileId(0), &text) {
            text = formatted;
        }
        old.text = text;
        let written = old.written();
        match self.file {
            Some(_) => replace(&self.path, &written).map_err(|error| disk("write", &shown, &error))?,
            None => create(&self.path, &written).map_err(|error| disk("write", &shown, &error))?,
        }
        Ok(Written {
            places: places(&old.text, &shown, draft),
            questions: draft.questions,
        })
    }

    /// The file as it is now; empty if it is new.
    fn read(&self) -> Result<Text, Refusal> {
        if self.file.is_none() {
            return Ok(Text::empty(self.path.clone()));
        }
        Text::read(self.path.clone()).map_err(|why| Refusal::Why(format!("cannot add to {}: {why}", self.name)))
    }
}

/// Writes a new file.
fn create(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    let outcome = file.write_all(text.as_bytes());
    if outcome.is_err() {
        let _ = std::fs::remove_file(path);
    }
    outcome
}

/// Where each declaration of the draft begins.
fn places(text: &str, shown: &str, draft: &Draft) -> Vec<(String, String)> {
    let (parsed, _) = parse(FileId(0), text);
    let found = parsed.items.iter().filter_map(|item| {
        let name = item.names("new").next()?.span;
        let what = (item.clause.declares?, text[name.start as usize..name.end as usize].to_owned());
        let line = text[..item.header.start as usize].matches('\n').count() + 1;
        let own = draft.declares.contains(&what);
        own.then(|| (format!("{} {}", what.0.word(), last(&what.1)), format!("{shown}:{line}")))
    });
    found.collect()
}
