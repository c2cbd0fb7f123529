//! A revision of a repository, read with the program `git` and written to a temporary folder.

use crate::workspace::{reason, seems_gov};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The folder of a path, in which git is started.
pub(super) fn folder(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.to_path_buf(),
        false => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            parent.unwrap_or(Path::new(".")).to_path_buf()
        }
    }
}

/// A path inside a repository, as the user wrote it.
pub(super) fn within(path: &str) -> Result<PathBuf, String> {
    let mut inside = PathBuf::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => inside.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(format!("`{path}` is not a path inside a repository; write a path from its root"));
            }
        }
    }
    Ok(inside)
}

/// The path relative to the root of its repository.
pub(super) fn inside(path: &Path) -> Result<PathBuf, String> {
    let output = run(&folder(path), &["rev-parse", "--show-prefix"])?;
    let prefix = said(output, || format!("{} is not in a git repository", path.display()))?;
    let mut inside = PathBuf::from(prefix.trim_end_matches('\n'));
    if !path.is_dir() {
        inside.extend(path.file_name());
    }
    // Without the slash that git adds at the end.
    Ok(inside.components().collect())
}

/// Writes the content of a revision at a path to a temporary folder. It writes only files that can belong to a
/// workspace. A link is written as a link, so that it is refused as in any folder.
pub(super) fn written(from: &Path, revision: &str, inside: &Path) -> Result<TempDir, String> {
    let root = said(run(from, &["rev-parse", "--show-toplevel"])?, || {
        format!("{} is not in a git repository", from.display())
    })?;
    let root = PathBuf::from(root.trim_end_matches('\n'));
    let commit = commit(&root, revision)?;
    let output = run(&root, &["ls-tree", "-r", "-z", "--full-tree", &commit])?;
    if !output.status.success() {
        return Err(failed(&format!("the files of {revision} cannot be listed"), &output));
    }
    let entries = entries(&output.stdout, revision, inside)?;
    if entries.is_empty() {
        let place = if inside.as_os_str().is_empty() { Path::new(".") } else { inside };
        return Err(format!("{} does not exist in {revision}, or has no `.gov` file", place.display()));
    }
    let holder = TempDir::with_prefix("quorate").map_err(|error| format!("cannot write a folder for {revision}: {}", reason(&error)))?;
    // The search for a workspace stops at the root of a repository, and this folder represents one.
    std::fs::create_dir(holder.path().join(".git")).map_err(|error| format!("cannot write a folder for {revision}: {}", reason(&error)))?;
    copy(&root, revision, &entries, holder.path())?;
    Ok(holder)
}

/// The commit of a revision.
fn commit(root: &Path, revision: &str) -> Result<String, String> {
    let name = format!("{revision}^{{commit}}");
    let output = run(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name])?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let empty = !run(root, &["rev-parse", "--verify", "--quiet", "HEAD"])?.status.success();
    let all = run(root, &["rev-list", "--all", "--max-count=1"])?;
    if empty && all.stdout.is_empty() {
        return Err(format!("the repository has no commits yet, so there is no revision `{revision}`"));
    }
    let shallow = run(root, &["rev-parse", "--is-shallow-repository"])?;
    let help = match String::from_utf8_lossy(&shallow.stdout).trim() == "true" {
        true => "this is a shallow clone without it; fetch it first, with `git fetch --unshallow`, or with `fetch-depth: 0` in a workflow",
        false => "name a branch, a tag or a commit; a remote branch is `origin/main` until you check it out",
    };
    Err(format!("the repository has no revision `{revision}`: {help}"))
}

/// One file of a revision.
struct Entry {
    /// `100644`, `100755`, `120000` for a link.
    mode: String,
    object: String,
    path: PathBuf,
}

/// The files of the workspaces at or below a path, or of the one that contains it.
fn entries(listed: &[u8], revision: &str, inside: &Path) -> Result<Vec<Entry>, String> {
    let mut all = Vec::new();
    let mut holds = false;
    for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let line = std::str::from_utf8(line).map_err(|_| format!("{revision} has a file whose name is not valid UTF-8"))?;
        let (head, path) = line
            .split_once('\t')
            .ok_or_else(|| format!("git lists the files of {revision} in an unknown form"))?;
        let mut head = head.split(' ');
        let (mode, kind, object) = (head.next(), head.next(), head.next());
        let path = within(path)?;
        holds |= path.starts_with(inside);
        if let (Some(mode), Some("blob"), Some(object)) = (mode, kind, object)
            && wanted(mode, &path)
        {
            all.push(Entry {
                mode: mode.to_owned(),
                object: object.to_owned(),
                path,
            });
        }
    }
    if !holds {
        all.clear();
    }
    Ok(all)
}

/// Whether a file can belong to a workspace: by its name, as in any folder, or because it is a link.
fn wanted(mode: &str, path: &Path) -> bool {
    mode == "120000" || seems_gov(path) || path.file_name().is_some_and(|name| name == "quorate.toml")
}

/// Writes files, all read from one run of git.
fn copy(root: &Path, revision: &str, entries: &[Entry], to: &Path) -> Result<(), String> {
    let mut child = git(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| missing(&error))?;
    let told = |what: &str| format!("git does not give {what} of {revision}");
    let (Some(mut asking), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(told("the files"));
    };
    let mut answers = BufReader::new(answers);
    let mut outcome = Ok(());
    for entry in entries {
        let shown = entry.path.display().to_string();
        outcome = one(&mut asking, &mut answers, entry).map_err(|_| told(&shown)).and_then(|bytes| {
            place(&to.join(&entry.path), entry, &bytes).map_err(|error| format!("cannot write {shown} of {revision}: {}", reason(&error)))
        });
        if outcome.is_err() {
            break;
        }
    }
    drop(asking);
    drop(answers);
    // Once every file is there, the exit code of git does not matter.
    let _ = child.wait();
    outcome
}

/// The bytes of one file.
fn one(asking: &mut impl Write, answers: &mut impl BufRead, entry: &Entry) -> std::io::Result<Vec<u8>> {
    let broken = || std::io::Error::other("no such object");
    writeln!(asking, "{}", entry.object)?;
    asking.flush()?;
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let mut parts = head.split_whitespace();
    let (_, Some("blob"), Some(size)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(broken());
    };
    let size: u64 = size.parse().map_err(|_| broken())?;
    let mut bytes = Vec::new();
    answers.by_ref().take(size).read_to_end(&mut bytes)?;
    // Git ends each file with a line break.
    let mut end = [0];
    answers.read_exact(&mut end)?;
    if bytes.len() as u64 == size { Ok(bytes) } else { Err(broken()) }
}

fn place(path: &Path, entry: &Entry, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    if entry.mode == "120000" {
        return link(path, bytes);
    }
    std::fs::write(path, bytes)
}

#[cfg(unix)]
fn link(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let target = PathBuf::from(String::from_utf8_lossy(bytes).into_owned());
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // As git does on systems without links: a file that holds the target.
    std::fs::write(path, bytes)
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .env("LC_ALL", "C")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Result<Output, String> {
    if !folder.is_dir() {
        return Err(format!("cannot read {}: it is not there", folder.display()));
    }
    git(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(&error))
}

fn missing(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "Quorate needs the program `git` to read a revision; install it, or name a folder".to_owned(),
        _ => format!("git cannot be started: {}", reason(error)),
    }
}

fn said(output: Output, otherwise: impl FnOnce() -> String) -> Result<String, String> {
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(|_| "the path of the repository is not valid UTF-8".to_owned()),
        false => Err(failed(&otherwise(), &output)),
    }
}

/// A failure of git, with the first line of its message.
fn failed(what: &str, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or("").trim_start_matches("fatal: ");
    match line.is_empty() {
        true => what.to_owned(),
        false => format!("{what}: {line}"),
    }
}
