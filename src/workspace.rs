//! Finds and reads files. Only this module touches the disk to read a workspace.
#![expect(clippy::disallowed_methods, reason = "the one room that reads files")]

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Origin, SourceFile, Sources};
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod files;
pub mod locate;
mod settings;

pub use files::seems_gov;
use files::walk;
pub use locate::{Place, locate, locate_all};
pub use settings::{KEYS, Settings};

static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib");

/// A workspace that was read from the disk.
#[derive(Debug)]
pub struct Loaded {
    /// The folder that its paths are relative to; `None` without a workspace.
    pub root: Option<PathBuf>,
    /// The files, with the standard library first.
    pub sources: Sources,
    /// The settings in `quorate.toml`.
    pub settings: Settings,
    /// Folders that `quorate.toml` leaves out, each with the number of `.gov` files in it.
    pub left_out: Vec<(String, usize)>,
    /// The `quorate.toml` files below the root, which are not read.
    below: Vec<PathBuf>,
    /// The errors found while reading. If there are any, Quorate does not check anything.
    pub errors: Vec<Diagnostic>,
}

/// Returns the files of the standard library.
pub fn library() -> Sources {
    let mut files = Vec::new();
    collect(&LIBRARY, &mut files);
    files.sort_by(|one: &SourceFile, two| one.name.cmp(&two.name));
    Sources {
        files,
        base: String::new(),
    }
}

fn collect(folder: &Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in folder
        .files()
        .filter(|file| file.path().extension().is_some_and(|end| end == "gov"))
    {
        let name = format!("std/{}", slashes(file.path()));
        let text = file.contents_utf8().unwrap_or_default().to_owned();
        files.push(SourceFile::new(name, text, Origin::Library));
    }
    folder.dirs().for_each(|inner| collect(inner, files));
}

/// Reads the workspace of a path. It is an error if there is none, or more than one.
pub fn load(path: &Path) -> Loaded {
    let told = |error: Diagnostic| Loaded::refused(vec![error]);
    match locate(path) {
        Ok(places) => match &places[..] {
            [place] => load_place(place),
            _ => {
                let roots: Vec<String> = places.iter().map(|place| slashes(&place.root)).collect();
                let message = format!("{} holds {} workspaces: {}", slashes(path), roots.len(), roots.join(", "));
                told(Diagnostic::unplaced(message).help("name one of them"))
            }
        },
        Err(error) => told(*error),
    }
}

/// Reads a workspace.
pub fn load_place(place: &Place) -> Loaded {
    let mut loaded = Loaded::empty();
    let root = &place.root;
    loaded.root = Some(root.clone());
    let files = match &place.only {
        Some(file) => vec![file.clone()],
        None => {
            loaded.settings(root);
            loaded.find(root, &place.apart)
        }
    };
    let below = std::mem::take(&mut loaded.below).into_iter().map(|path| {
        let message = format!("{} is not used: settings belong at the root of a workspace", relative(root, &path));
        Diagnostic::unplaced(message)
            .help("remove it, or name its folder under `exclude` in the quorate.toml at the root, and check that folder separately")
    });
    loaded.errors.extend(below);
    if loaded.errors.is_empty() {
        loaded.errors.extend(missing(place, &files));
    }
    if files.is_empty() && loaded.errors.is_empty() {
        let message = format!("there is no `.gov` file in {}, so nothing was checked", slashes(root));
        loaded.errors.push(
            Diagnostic::unplaced(message)
                .help("`quorate init` writes a first workspace; `quorate explain nothing-governed` says what one needs"),
        );
    }
    let read: Vec<Result<SourceFile, Box<Diagnostic>>> = files.par_iter().map(|file| read(root, file)).collect();
    for file in read {
        match file {
            Ok(file) => loaded.sources.files.push(file),
            Err(error) => loaded.errors.push(*error),
        }
    }
    loaded
}

/// Returns an error for each requested path with no file that the workspace reads. A verdict about other files
/// would not be one about this path.
fn missing(place: &Place, files: &[PathBuf]) -> Vec<Diagnostic> {
    if place.asked.is_empty() {
        return Vec::new();
    }
    let held: BTreeSet<PathBuf> = files.iter().filter_map(|file| std::fs::canonicalize(file).ok()).collect();
    let absent = place.asked.iter().filter(|asked| {
        let Ok(real) = std::fs::canonicalize(asked) else {
            return true;
        };
        held.range(real.clone()..).next().is_none_or(|file| !file.starts_with(&real))
    });
    let told = absent.map(|asked| {
        let message = format!("{} holds no file of the workspace at {}", slashes(asked), slashes(&place.root));
        Diagnostic::unplaced(message)
            .help("quorate.toml excludes it, or it has no `.gov` file; name the workspace, or give the folder its own quorate.toml")
    });
    told.collect()
}

impl Loaded {
    /// The result for a path without a workspace that can be read.
    pub fn refused(errors: Vec<Diagnostic>) -> Loaded {
        Loaded { errors, ..Loaded::empty() }
    }

    fn empty() -> Loaded {
        Loaded {
            root: None,
            sources: library(),
            settings: Settings::default(),
            left_out: Vec::new(),
            below: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Loaded {
    fn settings(&mut self, root: &Path) {
        let path = root.join("quorate.toml");
        if std::fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            self.errors.push(Diagnostic::unplaced("quorate.toml is not an ordinary file"));
            return;
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                self.errors
                    .push(Diagnostic::unplaced(format!("cannot read quorate.toml: {}", reason(&error))));
                return;
            }
        };
        let file = SourceFile::new("quorate.toml".to_owned(), text, Origin::Settings);
        let id = FileId(self.sources.files.len() as u32);
        let (settings, errors) = settings::read(id, &file);
        self.settings = settings;
        self.errors.extend(errors);
        self.sources.files.push(file);
    }
}

fn read(root: &Path, path: &Path) -> Result<SourceFile, Box<Diagnostic>> {
    let name = relative(root, path);
    let bytes = std::fs::read(path).map_err(|error| Box::new(Diagnostic::unplaced(format!("cannot read {name}: {}", reason(&error)))))?;
    if bytes.len() > u32::MAX as usize {
        return Err(Box::new(Diagnostic::unplaced(format!("{name} is larger than 4 GiB"))));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text, Origin::Workspace)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = format!("{name} is not valid UTF-8 (line {line})");
            Err(Box::new(Diagnostic::unplaced(message).help("save the file as UTF-8")))
        }
    }
}

/// Whether the name of a file ends with `.gov`.
fn is_gov_file(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "gov")
}

fn relative(root: &Path, path: &Path) -> String {
    slashes(path.strip_prefix(root).unwrap_or(path))
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The error of the file system as text, in lower case and without its number, which helps only programmers.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it is not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        std::io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// Returns the `.gov` files at or below a path, in order, or the errors in the path.
pub fn gov_files(path: &Path) -> Result<Vec<PathBuf>, Vec<String>> {
    let shown = slashes(path);
    match std::fs::metadata(path) {
        Err(error) => Err(vec![format!("cannot read {shown}: {}", reason(&error))]),
        Ok(metadata) if metadata.is_file() && path.extension().is_some_and(|end| end == "gov") => Ok(vec![path.to_path_buf()]),
        Ok(metadata) if metadata.is_file() => Err(vec![format!("{shown} is not a `.gov` file")]),
        Ok(_) => {
            let mut loaded = Loaded::empty();
            loaded.settings(path);
            // `check` reports errors in the settings. All members are formatted, so they do not limit the search.
            loaded.settings.members.clear();
            loaded.errors.clear();
            let files = loaded.find(path, &[]);
            match loaded.errors.is_empty() {
                true => Ok(files),
                false => Err(loaded.errors.into_iter().map(|error| error.message).collect()),
            }
        }
    }
}
