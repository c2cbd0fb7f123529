//! Finds workspaces: the one that a file or folder belongs to, or those below a folder.
#![expect(clippy::disallowed_methods, reason = "the one room that reads files")]

use crate::diagnostic::Diagnostic;
use crate::workspace::{is_gov_file, reason, seems_gov, slashes, walk};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The name of the settings file.
pub const SETTINGS: &str = "quorate.toml";

/// One workspace on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder that its paths are relative to.
    pub root: PathBuf,
    /// Its only file, if the workspace is a single file.
    pub only: Option<PathBuf>,
    /// Folders below the root that are separate workspaces.
    pub apart: Vec<PathBuf>,
    /// The requested files and folders, if the request was not for the root. The workspace must contain them.
    pub asked: Vec<PathBuf>,
}

impl Place {
    /// The workspace with a folder as its root.
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

/// Returns the workspaces of several paths, each once, in the order of the paths. Also returns the errors in the
/// paths.
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

/// Returns the workspaces of a path: the one that contains it or, for a folder outside any workspace, those below
/// it. The list is never empty.
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
        // If several files in one folder declare a workspace, each file is a separate workspace.
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
            // The error is reported when the files are read.
            loose = true;
            continue;
        };
        if entry.file_type().is_dir() && entry.depth() > 0 && (marked(entry.path()) || !naming(entry.path()).is_empty()) {
            below.push(entry.path().to_path_buf());
            walk.skip_current_dir();
        } else {
            // A file that only looks like a `.gov` file is reported when the files are read, so it is not skipped
            // here.
            loose |= !entry.file_type().is_dir() && seems_gov(entry.path());
        }
    }
    let settled = below.iter().any(|folder| folder.join(SETTINGS).is_file());
    match (&below[..], loose) {
        // If one folder declares the workspace and there are files beside it, all belong to that workspace.
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

/// Whether a folder is the root of a workspace: it has settings, or exactly one of its files declares the
/// workspace.
fn marked(folder: &Path) -> bool {
    folder.join(SETTINGS).is_file() || naming(folder).len() == 1
}

/// The files in a folder that declare a workspace.
fn naming(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let files: BTreeSet<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_gov_file(path) && path.is_file())
        .collect();
    let names = |path: &PathBuf| std::fs::read(path).is_ok_and(|bytes| names_a_workspace(&String::from_utf8_lossy(&bytes)));
    files.into_iter().filter(names).collect()
}

/// Whether a text seems to have a `workspace` declaration. Looks only at how its lines begin.
fn names_a_workspace(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().any(|line| {
        let rest = line.trim_start().strip_prefix("workspace");
        rest.is_some_and(|rest| rest.starts_with([' ', '\t']) && rest.contains('{'))
    })
}

/// The nearest folder above that is the root of a workspace. The search stops at the root of the git repository.
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

/// The parent folder, written in the same way as the path.
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

/// The relative path from one folder to another, with a slash at its end; empty if they are the same. If there is
/// no relative path, for example to another drive, it is empty as well: it is never absolute.
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
