//! A folder of results: written as a whole or not at all, and read back only if unchanged.

use crate::emit::built::Built;
use crate::facts::scope::sha256;
use crate::workspace::reason;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The file that marks a folder as written by quorate.
pub(super) const MANIFEST: &str = "manifest.json";

/// Adds the manifest: the digest and size of every file, and the fields of the caller.
pub(super) fn with_manifest(mut files: BTreeMap<String, Vec<u8>>, mut about: Value) -> BTreeMap<String, Vec<u8>> {
    let listed = files
        .iter()
        .map(|(path, bytes)| json!({ "path": path, "sha256": &sha256(bytes)["sha256:".len()..], "bytes": bytes.len() }));
    about["files"] = listed.collect();
    let text = serde_json::to_string_pretty(&about).unwrap_or_default() + "\n";
    files.insert(MANIFEST.to_owned(), text.into_bytes());
    files
}

/// Why a folder was not written.
pub(super) enum Refusal {
    /// It holds a file that Quorate did not write.
    NotOurs,
    /// The file system reported an error.
    Disk(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Disk(error)
    }
}

/// Writes to a temporary folder beside the target and then renames it, so that the output is never half written.
pub(super) fn write(wanted: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Refusal> {
    let exists = match std::fs::read_dir(wanted) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if exists && !ours(wanted) {
        return Err(Refusal::NotOurs);
    }
    let parent = wanted
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let name = wanted
        .file_name()
        .map_or("quorate".into(), |name| name.to_string_lossy().into_owned());
    let fresh = parent.join(format!(".{name}.{}.new", std::process::id()));
    let old = parent.join(format!(".{name}.{}.old", std::process::id()));
    let outcome = fill(&fresh, files).and_then(|()| replace(wanted, &fresh, &old));
    if outcome.is_err() {
        // Removing what a failed attempt left behind may fail; that does no harm.
        let _ = std::fs::remove_dir_all(&fresh);
    }
    outcome.map_err(Refusal::from)
}

/// Whether Quorate wrote this folder.
pub(super) fn ours(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&manifest).unwrap_or_default();
    manifest["schema"]
        .as_str()
        .is_some_and(|schema| schema.starts_with("quorate/manifest/"))
}

/// The policies in the folder of a build. A file whose digest differs from the manifest is refused.
pub(super) fn built(folder: &Path) -> Result<Built, String> {
    let text = |path: &str| {
        let bytes = std::fs::read(folder.join(path)).map_err(|error| format!("cannot read {path}: {}", reason(&error)))?;
        String::from_utf8(bytes).map_err(|_| format!("cannot read {path}: it is not UTF-8"))
    };
    let manifest: Value = serde_json::from_str(&text(MANIFEST)?).map_err(|error| format!("{MANIFEST} does not parse: {error}"))?;
    let listed = manifest["files"].as_array().into_iter().flatten();
    let digests: BTreeMap<&str, &str> = listed
        .filter_map(|file| Some((file["path"].as_str()?, file["sha256"].as_str()?)))
        .collect();
    Built::of(|path| {
        let text = text(path)?;
        match digests.get(path) {
            Some(digest) if sha256(text.as_bytes()).strip_prefix("sha256:") == Some(*digest) => Ok(text),
            Some(_) => Err(format!(
                "{path} has changed since Quorate wrote it: {MANIFEST} has another digest for it"
            )),
            None => Err(format!("{MANIFEST} does not list {path}")),
        }
    })
}

fn fill(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    for (path, bytes) in files {
        let path: PathBuf = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

fn replace(wanted: &Path, fresh: &Path, old: &Path) -> io::Result<()> {
    if !wanted.exists() {
        return std::fs::rename(fresh, wanted);
    }
    std::fs::rename(wanted, old)?;
    if let Err(error) = std::fs::rename(fresh, wanted) {
        std::fs::rename(old, wanted)?;
        return Err(error);
    }
    std::fs::remove_dir_all(old)
}
