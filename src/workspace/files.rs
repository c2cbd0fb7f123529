//! Finds the files of a folder to read. Quorate reads each `.gov` file, or reports why it does not.
#![expect(clippy::disallowed_methods, reason = "the one room that reads files")]

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::source::unseen::{joins, unseen};
use crate::workspace::locate::SETTINGS;
use crate::workspace::{Loaded, reason, relative};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;
use walkdir::{DirEntry, WalkDir};

impl Loaded {
    /// Returns every `.gov` file below the root, in the order of the paths. Leaves out folders named `.git`,
    /// folders that `quorate.toml` excludes, and folders that are separate workspaces. Ignore files of git have no
    /// effect.
    pub(super) fn find(&mut self, root: &Path, apart: &[PathBuf]) -> Vec<PathBuf> {
        let home = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let members = self.settings.members.clone();
        let excluded = self.settings.exclude.clone();
        let mut starts = self.folders(root, &home, &members, "member");
        let mut excluded = self.folders(root, &home, &excluded, "excluded folder");
        for folder in &excluded {
            self.left_out.push((relative(root, folder), counted(folder, &[])));
        }
        excluded.extend_from_slice(apart);
        match members.is_empty() {
            true => starts.push(root.to_path_buf()),
            false => {
                let known: Vec<PathBuf> = starts.iter().chain(&excluded).cloned().collect();
                self.left_out
                    .push(("what lies outside its members".to_owned(), counted(root, &known)));
            }
        }
        self.left_out.retain(|(_, files)| *files > 0);
        let mut files = Vec::new();
        for start in starts {
            let mut walk = walk(&start, &excluded);
            while let Some(entry) = walk.next() {
                match entry {
                    Ok(entry) if entry.file_type().is_dir() => {
                        if entry.path_is_symlink() && leads_out(&home, entry.path()) {
                            self.errors.push(Diagnostic::unplaced(format!(
                                "the folder {} points outside the workspace",
                                relative(root, entry.path())
                            )));
                            walk.skip_current_dir();
                        }
                    }
                    Ok(entry) if entry.file_name() == SETTINGS && entry.path().parent() != Some(root) => {
                        self.below.push(entry.into_path());
                    }
                    Ok(entry) => match unread(root, &home, &entry) {
                        Some(error) => self.errors.push(error),
                        None if is_gov(&entry) => files.push(entry.into_path()),
                        None => {}
                    },
                    Err(error) => {
                        let path = error.path().map_or(String::new(), |path| relative(root, path));
                        let why = match error.loop_ancestor() {
                            Some(_) => "it points back to a folder that contains it".to_owned(),
                            None => error.io_error().map_or("it cannot be opened".to_owned(), reason),
                        };
                        self.errors.push(Diagnostic::unplaced(format!("cannot read {path}: {why}")));
                    }
                }
            }
        }
        files.sort();
        files.dedup();
        files
    }

    /// Returns the folders that `quorate.toml` names, as paths below the root.
    fn folders(&mut self, root: &Path, home: &Path, named: &[(String, Span)], what: &str) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for (name, place) in named {
            let error = match std::fs::canonicalize(root.join(name)) {
                Ok(real) => match real.strip_prefix(home) {
                    Ok(below) => {
                        folders.push(root.join(below));
                        continue;
                    }
                    Err(_) => format!("the {what} {name} is outside the workspace"),
                },
                Err(error) => format!("cannot read the {what} {name}: {}", reason(&error)),
            };
            self.errors.push(Diagnostic::error(*place, error));
        }
        folders
    }
}

/// Walks a folder and everything below it, in order, without folders named `.git` and those in `without`.
pub(super) fn walk<'a>(
    start: &Path,
    without: &'a [PathBuf],
) -> walkdir::FilterEntry<walkdir::IntoIter, impl FnMut(&DirEntry) -> bool + use<'a>> {
    let taken = |entry: &DirEntry| entry.file_name() != ".git" && !without.iter().any(|folder| folder == entry.path());
    WalkDir::new(start)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || taken(entry))
}

/// The number of files at or below a folder that seem to be `.gov` files.
fn counted(folder: &Path, without: &[PathBuf]) -> usize {
    let found = walk(folder, without).filter_map(Result::ok);
    found.filter(|entry| !entry.file_type().is_dir() && seems_gov(entry.path())).count()
}

/// The error for a file that seems to be a `.gov` file and is not read; `None` for any other file.
fn unread(root: &Path, home: &Path, entry: &DirEntry) -> Option<Diagnostic> {
    if !seems_gov(entry.path()) {
        return None;
    }
    let shown = relative(root, entry.path());
    let named = |why: &str| format!("{} is not read: {why}", quoted(&shown));
    let rename = "rename it, or change its extension if it does not belong here";
    let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let hidden = |part: std::path::Component<'_>| {
        part.as_os_str().to_string_lossy().starts_with('.') && part.as_os_str() != "." && part.as_os_str() != ".."
    };
    if !entry.file_type().is_file() {
        let error = Diagnostic::unplaced(named("it is a pipe, a socket or a device, not an ordinary file"));
        return Some(error.help("remove it from the workspace, or change its extension"));
    }
    if !is_gov(entry) {
        return Some(Diagnostic::unplaced(named("the extension of a file must be `.gov`, in small letters")).help(rename));
    }
    if entry.path().file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
        let error = Diagnostic::unplaced(named("its name begins with a dot, so that most programs do not show it"));
        return Some(error.help(rename));
    }
    if below.components().any(hidden) {
        let error = Diagnostic::unplaced(named(
            "it lies in a folder whose name begins with a dot, so that most programs do not show it",
        ));
        return Some(error.help("move it, or name the folder under `exclude` in quorate.toml if it does not belong here"));
    }
    (entry.path_is_symlink() && leads_out(home, entry.path()))
        .then(|| Diagnostic::unplaced(format!("{shown} points outside the workspace")))
}

fn leads_out(home: &Path, path: &Path) -> bool {
    std::fs::canonicalize(path).is_ok_and(|real| !real.starts_with(home))
}

fn is_gov(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && entry.file_name().as_encoded_bytes().ends_with(b".gov")
}

/// Whether a name looks as if it ends with `.gov`: with `.GOV`, with a space or a dot after it, or with letters
/// that look like these. Some file systems and editors distinguish such endings, and others do not.
pub fn seems_gov(path: &Path) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    let name: String = name.to_string_lossy().nfkc().collect();
    let unseen = |letter: char| unseen(letter) || joins(letter) || letter.is_whitespace();
    let name: String = name.chars().filter(|letter| !unseen(*letter)).collect();
    let ending = name
        .trim_end_matches('.')
        .rsplit_once('.')
        .map_or(String::new(), |(_, ending)| ending.to_lowercase());
    ending == "gov" || (ending.chars().count() == 3 && skeleton(&ending).collect::<String>().to_lowercase() == "gov")
}

/// A name, in backticks if its end would be invisible otherwise.
fn quoted(name: &str) -> String {
    match name.ends_with(|letter: char| letter.is_whitespace() || letter == '.') {
        true => format!("`{name}`"),
        false => name.to_owned(),
    }
}
