//! The two sides of a difference: folders, or revisions of a repository, which are written to a temporary folder.

use crate::cli::Terminal;
use crate::cli::diff::git;
use crate::compile::Compilation;
use crate::workspace::load;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// One side.
pub(super) enum Side {
    /// A path, as the user wrote it.
    Path(PathBuf),
    /// A revision.
    Revision {
        /// The temporary folder with its files, deleted with this value.
        holder: TempDir,
        /// The path in it.
        inside: PathBuf,
        /// The revision, as the user wrote it.
        revision: String,
    },
}

impl Side {
    /// The path to read.
    fn folder(&self) -> PathBuf {
        match self {
            Side::Path(path) => path.clone(),
            Side::Revision { holder, inside, .. } => holder.path().join(inside),
        }
    }

    /// Reads it. Messages show the paths of a revision in the repository, never those of the temporary folder.
    pub(super) fn compile(&self, terminal: &mut Terminal) -> Compilation {
        let loaded = load(&self.folder());
        let Side::Revision { holder, revision, .. } = self else {
            return terminal.compiled(loaded);
        };
        let root = loaded.root.as_ref().and_then(|root| root.strip_prefix(holder.path()).ok());
        let base = match root
            .map(|root| root.to_string_lossy().replace('\\', "/"))
            .filter(|root| !root.is_empty())
        {
            Some(root) => format!("git:{revision}:{root}/"),
            None => format!("git:{revision}:"),
        };
        let mut compilation = terminal.compiled_at(loaded, base);
        let folder = holder.path().to_string_lossy().replace('\\', "/");
        let own = format!("git:{revision}:");
        for error in &mut compilation.errors {
            let text = error.message.replace(&format!("{folder}/"), &own);
            error.message = text.replace(&folder, &own);
        }
        compilation
    }
}

/// How the user named a side.
enum Said<'a> {
    Path(&'a Path),
    /// A revision, and a path in it if the user gave one.
    Revision(&'a str, Option<&'a str>),
}

fn said(text: &str) -> Result<Said<'_>, String> {
    let Some(rest) = text.strip_prefix("git:") else {
        return Ok(Said::Path(Path::new(text)));
    };
    let (revision, path) = match rest.split_once(':') {
        Some((revision, path)) => (revision, Some(path)),
        None => (rest, None),
    };
    if revision.is_empty() {
        return Err(format!(
            "`{text}` does not name a revision; write `git:main`, or `git:main:governance` for a folder of it"
        ));
    }
    Ok(Said::Revision(revision, path))
}

/// Both sides. A revision without a path is read at the path of the other side.
pub(super) fn sides(old: &str, new: &str) -> Result<(Side, Side), String> {
    let (old, new) = (said(old)?, said(new)?);
    Ok((side(&old, &new)?, side(&new, &old)?))
}

fn side(own: &Said<'_>, other: &Said<'_>) -> Result<Side, String> {
    let (revision, path) = match own {
        Said::Path(path) => return Ok(Side::Path(path.to_path_buf())),
        Said::Revision(revision, path) => (*revision, *path),
    };
    let (from, inside) = match (path, other) {
        (Some(path), Said::Path(other)) => (git::folder(other), git::within(path)?),
        (Some(path), Said::Revision(..)) => (PathBuf::from("."), git::within(path)?),
        (None, Said::Path(other)) => (git::folder(other), git::inside(other)?),
        (None, Said::Revision(_, Some(path))) => (PathBuf::from("."), git::within(path)?),
        (None, Said::Revision(_, None)) => (PathBuf::from("."), git::inside(Path::new("."))?),
    };
    let holder = git::written(&from, revision, &inside)?;
    Ok(Side::Revision {
        holder,
        inside,
        revision: revision.to_owned(),
    })
}
