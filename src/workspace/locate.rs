//! Where workspaces are: the one that a file or folder belongs to, or those below a folder.
#![expect(clippy::disallowed_methods, reason = "the one room that reads files")]

use crate::diagnostic::Diagnostic;
use crate::workspace::{is_gov_file, reason, seems_gov, slashes, walk};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The name of the file that holds settings.
pub const SETTINGS: &str = "quorate.toml";

/// One workspace on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder that its paths begin at.
    pub root: PathBuf,
    /// The one file that it is, where it is a file for itself.
    pub only: Option<PathBuf>,
    /// Folders below the root that are workspaces of their own.
    pub apart: Vec<PathBuf>,
    /// The files and folders of it that were asked for, where that was not the root: it has to hold them.
    pub asked: Vec<PathBuf>,
}

impl Place {
    /// A folder.
    pub fn folder(root: &Path) -> Place {
        Place {
            root: root.to_path_buf(),
            only: None,
            apart: Vec::new(),
            asked: Vec::new(),
        }
    }

    fn asked_by(root: &Path, asked: &Path) -> Place {
        Place {
            asked: vec![asked.to_path_buf()],
            ..Place::folder(root)
        }
    }
}

/// The workspaces of several paths, each once, in the order in which they are asked for; with them what is wrong with a
/// path.
pub fn locate_all(paths: &[PathBuf]) -> (Vec<Place>, Vec<Diagnostic>) {
    let (mut places, mut errors): (Vec<Place>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    let real = |place: &Place| std::fs::canonicalize(place.only.as_ref().unwrap_or(&place.root)).ok();
    for path in paths {
        match locate(path) {
            Ok(found) => {
                for place in found {
                    match places.iter_mut().find(|known| real(known) == real(&place)) {
                        Some(known) => known.asked.extend(place.asked),
                        None => places.push(place),
                    }
                }
            }
            Err(error) => errors.push(*error),
        }
    }
    (places, errors)
}

/// The workspaces of a path: the one that holds it or, for a folder that belongs to none, those below it. There is at
/// least one.
pub fn locate(path: &Path) -> Result<Vec<Place>, Box<Diagnostic>> {
    let shown = slashes(path);
    let refused = |message: String| Box::new(Diagnostic::unplaced(message).help("name a folder with `.gov` files, or one `.gov` file"));
    let metadata = std::fs::metadata(path).map_err(|error| refused(format!("cannot read {shown}: {}", reason(&error))))?;
    if metadata.is_dir() {
        let root = if marked(path) { None } else { above(path) };
        return Ok(root.map_or_else(|| of_folder(path), |root| vec![Place::asked_by(&root, path)]));
    }
    if path.file_name().is_some_and(|name| name == SETTINGS) {
        return Ok(vec![Place::folder(parent(path))]);
    }
    if !is_gov_file(path) {
        return Err(refused(format!("{shown} is not a `.gov` file")));
    }
    if !metadata.is_file() {
        return Err(refused(format!("{shown} is a pipe, a socket or a device, not a file")));
    }
    let alone = Place {
        root: parent(path).to_path_buf(),
        only: Some(path.to_path_buf()),
        apart: Vec::new(),
        asked: Vec::new(),
    };
    let beside = naming(parent(path));
    let root = match (parent(path).join(SETTINGS).is_file(), &beside[..]) {
        (true, _) | (false, [_]) => Some(parent(path).to_path_buf()),
        // Several files in one folder that each say which workspace they are: each is one.
        (false, [_, _, ..]) => None,
        (false, []) => above(parent(path)),
    };
    Ok(vec![root.map_or(alone, |root| Place::asked_by(&root, path))])
}

fn of_folder(path: &Path) -> Vec<Place> {
    if marked(path) || naming(path).len() > 1 {
        return vec![Place::folder(path)];
    }
    let mut below: Vec<PathBuf> = Vec::new();
    let mut loose = false;
    let mut walk = walk(path, &[]);
    while let Some(entry) = walk.next() {
        let Ok(entry) = entry else {
            // Reading the files reports what cannot be read.
            loose = true;
            continue;
        };
        if entry.file_type().is_dir() && entry.depth() > 0 && (marked(entry.path()) || !naming(entry.path()).is_empty()) {
            below.push(entry.path().to_path_buf());
            walk.skip_current_dir();
        } else {
            // A file that only looks like the language is reported when the files are read, so it is not
            // skipped here.
            loose |= !entry.file_type().is_dir() && seems_gov(entry.path());
        }
    }
    let settled = below.iter().any(|folder| folder.join(SETTINGS).is_file());
    match (&below[..], loose) {
        // If one folder names the workspace and others beside it do not, they are one workspace.
        ([], _) => vec![Place::folder(path)],
        ([_], true) if !settled => vec![Place::folder(path)],
        (_, loose) => {
            let rest = loose.then(|| Place {
                apart: below.clone(),
                ..Place::folder(path)
            });
            below.iter().map(|folder| Place::folder(folder)).chain(rest).collect()
        }
    }
}

/// Whether a folder is the root of a workspace: it holds settings, or one file in it names the workspace.
fn marked(folder: &Path) -> bool {
    folder.join(SETTINGS).is_file() || naming(folder).len() == 1
}

/// The files in a folder that say what the workspace is called.
fn naming(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let files: BTreeSet<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_gov_file(path) && path.is_file())
        .collect();
    let names = |path: &PathBuf| std::fs::read(path).is_ok_and(|bytes| names_a_workspace(&String::from_utf8_lossy(&bytes)));
    files.into_iter().filter(names).collect()
}

/// Whether a text has a `workspace` declaration; no more of it is read.
fn names_a_workspace(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().any(|line| {
        let rest = line.trim_start().strip_prefix("workspace");
        rest.is_some_and(|rest| rest.starts_with([' ', '\t']) && rest.contains('{'))
    })
}

/// The nearest folder above that is the root of a workspace. A repository is never left.
fn above(folder: &Path) -> Option<PathBuf> {
    let real = std::fs::canonicalize(folder).ok()?;
    let mut shown = folder.to_path_buf();
    let mut own = real.as_path();
    loop {
        if own.join(".git").exists() {
            return None;
        }
        own = own.parent()?;
        shown = up(&shown);
        if marked(own) {
            return Some(shown);
        }
    }
}

/// The folder above, written as the path was.
fn up(path: &Path) -> PathBuf {
    let inner = path.components().any(|part| matches!(part, Component::Normal(_)));
    match path.components().next_back() {
        Some(Component::Normal(_)) if inner => match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        },
        Some(Component::CurDir) | None => PathBuf::from(".."),
        _ => path.join(".."),
    }
}

/// The folder that a file is in.
fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The way from one folder to another, with a slash at its end; empty where they are one. Never an absolute path: where
/// there is no way, on another drive say, it is empty as well.
pub fn way(from: &Path, to: &Path) -> String {
    let (Ok(from), Ok(to)) = (std::fs::canonicalize(from), std::fs::canonicalize(to)) else {
        return String::new();
    };
    let (one, other): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return String::new();
    }
    let ups = one[shared..].iter().map(|_| "..".to_owned());
    let downs = other[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    ups.chain(downs).map(|part| part + "/").collect()
}
