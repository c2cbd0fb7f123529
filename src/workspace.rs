//! Finds and reads files: the one place that touches the disk to read a workspace.
#![expect(clippy::disallowed_methods, reason = "the one room that reads files")]

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Origin, SourceFile, Sources};
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

mod files;
mod settings;

pub use settings::Settings;

static LIBRARY: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stdlib");

/// A workspace as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// The texts, the library's first.
    pub sources: Sources,
    /// What `quorate.toml` says.
    pub settings: Settings,
    /// Folders that `quorate.toml` leaves out, each with the number of `.gov` files in it.
    pub left_out: Vec<(String, usize)>,
    /// What could not be read. Where there is anything, nothing can be checked.
    pub slips: Vec<Diagnostic>,
}

/// The standard library alone.
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

/// Reads a workspace folder, or one `.gov` file as a workspace of its own.
pub fn load(path: &Path) -> Loaded {
    let mut loaded = Loaded {
        sources: library(),
        settings: Settings::default(),
        left_out: Vec::new(),
        slips: Vec::new(),
    };
    let shown = slashes(path);
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => {
            let message = format!("cannot read {shown}: {}", reason(&error));
            loaded
                .slips
                .push(Diagnostic::unplaced(message).help("name a folder with `.gov` files, or one `.gov` file"));
            return loaded;
        }
    };
    let (root, files) = match metadata.is_dir() {
        true => {
            loaded.settings(path);
            (path.to_path_buf(), loaded.find(path))
        }
        false if path.extension().is_some_and(|end| end == "gov") => {
            if !metadata.is_file() {
                loaded.slips.push(
                    Diagnostic::unplaced(format!("{shown} is no ordinary file"))
                        .help("name a folder with `.gov` files, or one `.gov` file"),
                );
                return loaded;
            }
            let root = path
                .parent()
                .filter(|parent| !parent.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            (root.to_path_buf(), vec![path.to_path_buf()])
        }
        false => {
            loaded.slips.push(
                Diagnostic::unplaced(format!("{shown} is no `.gov` file")).help("name a folder with `.gov` files, or one `.gov` file"),
            );
            return loaded;
        }
    };
    if files.is_empty() && loaded.slips.is_empty() {
        let message = format!("there is no `.gov` file in {shown}, so nothing was checked");
        loaded
            .slips
            .push(Diagnostic::unplaced(message).help("`quorate explain nothing-governed` says what a workspace needs at the least"));
    }
    let read: Vec<Result<SourceFile, Box<Diagnostic>>> = files.par_iter().map(|file| read(&root, file)).collect();
    for file in read {
        match file {
            Ok(file) => loaded.sources.files.push(file),
            Err(slip) => loaded.slips.push(*slip),
        }
    }
    loaded
}

impl Loaded {
    fn settings(&mut self, root: &Path) {
        let path = root.join("quorate.toml");
        if std::fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            self.slips.push(Diagnostic::unplaced("quorate.toml is no ordinary file"));
            return;
        }
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => {
                self.slips
                    .push(Diagnostic::unplaced(format!("cannot read quorate.toml: {}", reason(&error))));
                return;
            }
        };
        let file = SourceFile::new("quorate.toml".to_owned(), text, Origin::Settings);
        let id = FileId(self.sources.files.len() as u32);
        let (settings, slips) = settings::read(id, &file);
        self.settings = settings;
        self.slips.extend(slips);
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
            let message = format!("{name} is no UTF-8 text: line {line} holds a byte that belongs to no character");
            Err(Box::new(Diagnostic::unplaced(message).help("save the file as UTF-8")))
        }
    }
}

fn relative(root: &Path, path: &Path) -> String {
    slashes(path.strip_prefix(root).unwrap_or(path))
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Why the disk said no, in small letters and without the number that only a programmer can use.
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

/// The `.gov` files at or below a path, in order, or what is wrong with the path.
pub fn gov_files(path: &Path) -> Result<Vec<PathBuf>, Vec<String>> {
    let shown = slashes(path);
    match std::fs::metadata(path) {
        Err(error) => Err(vec![format!("cannot read {shown}: {}", reason(&error))]),
        Ok(metadata) if metadata.is_file() && path.extension().is_some_and(|end| end == "gov") => Ok(vec![path.to_path_buf()]),
        Ok(metadata) if metadata.is_file() => Err(vec![format!("{shown} is no `.gov` file")]),
        Ok(_) => {
            let mut loaded = Loaded {
                sources: Sources::default(),
                settings: Settings::default(),
                left_out: Vec::new(),
                slips: Vec::new(),
            };
            loaded.settings(path);
            // What is wrong with the settings is for `check` to say, and every member is to be written in one form.
            loaded.settings.members.clear();
            loaded.slips.clear();
            let files = loaded.find(path);
            match loaded.slips.is_empty() {
                true => Ok(files),
                false => Err(loaded.slips.into_iter().map(|slip| slip.message).collect()),
            }
        }
    }
}
