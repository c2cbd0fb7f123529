//! `quorate init`: a first workspace, or a copy of an example.

use crate::cli::{Exit, Terminal};
use crate::source::FileId;
use crate::syntax::{declarable, nearest, parse};
use crate::words::plural;
use crate::workspace::{gov_files, locate, reason};
use clap::Args;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

static FIRST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/init");
static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples");

/// The name of the workspace in the template.
const NAME: &str = "governance";

/// The files of a first workspace, in the order in which a person should read them.
const READ: [&str; 5] = ["workspace.gov", "people.gov", "systems.gov", "agents.gov", "decisions.gov"];

#[derive(Args)]
pub(super) struct Init {
    /// The folder to write to; it is created if necessary
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// Copy an example instead; `--example list` lists them
    #[arg(long, value_name = "NAME")]
    example: Option<String>,
}

impl Init {
    pub(super) fn run(&self, terminal: &mut Terminal) -> io::Result<Exit> {
        let files = match &self.example {
            None => first(&workspace_name(&self.folder)),
            Some(name) if name == "list" => {
                for (name, title) in examples() {
                    writeln!(terminal.out, "{name:<24}  {title}")?;
                }
                return Ok(Exit::Clean);
            }
            Some(name) => match example(name) {
                Some(files) => files,
                None => {
                    writeln!(terminal.error, "error: there is no example `{name}`")?;
                    let names: Vec<&str> = examples().into_keys().collect();
                    match nearest(name, names.iter().copied()) {
                        Some(near) => writeln!(terminal.error, "  did you mean `{near}`?")?,
                        None => writeln!(terminal.error, "  the examples are {}", names.join(", "))?,
                    }
                    return Ok(Exit::CouldNotCheck);
                }
            },
        };
        let shown = shown(&self.folder);
        if let Some(why) = self.refused(&files) {
            writeln!(terminal.error, "error: {why}\nnothing is written")?;
            return Ok(Exit::CouldNotCheck);
        }
        if let Err(error) = write(&self.folder, &files) {
            writeln!(
                terminal.error,
                "error: cannot write to {}: {}\nnothing is written",
                self.folder.display(),
                reason(&error)
            )?;
            return Ok(Exit::CouldNotCheck);
        }
        if terminal.common.quiet {
            return Ok(Exit::Clean);
        }
        self.say(terminal, &shown, &files)?;
        Ok(Exit::Clean)
    }

    /// Prints what was written, and what to do next.
    fn say(&self, terminal: &mut Terminal, shown: &str, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
        names.sort_by_key(|name| (READ.iter().position(|other| other == name).unwrap_or(READ.len()), *name));
        let texts = files.values().filter_map(|bytes| std::str::from_utf8(bytes).ok());
        let (lines, questions) = texts.fold((0, 0), |(lines, questions), text| {
            let (_, errors) = parse(FileId(0), text);
            let open = errors.iter().filter(|error| error.question.is_some()).count();
            (lines + text.lines().count(), questions + open)
        });
        let sum = match questions {
            0 => plural(lines, "line"),
            _ => format!("{}, {} for you", plural(lines, "line"), plural(questions, "question")),
        };
        let place = if shown == "." { String::new() } else { format!(" in {shown}") };
        writeln!(terminal.out, "created{place}  {}  ({sum})", names.join("  "))?;
        let (check, inside) = match shown {
            "." => ("quorate check".to_owned(), String::new()),
            _ => (format!("quorate check {shown}"), format!(" --in {shown}")),
        };
        let mut next = vec![(
            check,
            if questions > 0 {
                "shows what is still open"
            } else {
                "says what it finds"
            },
        )];
        if self.example.is_none() {
            next.push((
                format!("quorate new person NAME{inside}"),
                "adds a person who is accountable for something",
            ));
            next.push((
                format!("quorate new agent NAME{inside}"),
                "adds an agent with every clause its checks ask for",
            ));
        }
        let width = next.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
        for (index, (command, what)) in next.iter().enumerate() {
            let word = if index == 0 { "next" } else { "" };
            writeln!(terminal.out, "{word:<7}  {command:<width$}  {what}")?;
        }
        Ok(())
    }

    /// Why nothing can be written, if something prevents it.
    fn refused(&self, files: &BTreeMap<String, Vec<u8>>) -> Option<String> {
        let folder = &self.folder;
        let shown = folder.display();
        match std::fs::metadata(folder) {
            Ok(found) if !found.is_dir() => return Some(format!("{shown} is a file; name a folder")),
            Ok(_) => {}
            // A missing folder is created, inside the nearest one that exists.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return inside(folder),
            Err(error) => return Some(format!("cannot read {shown}: {}", reason(&error))),
        }
        let mut there: Vec<String> = files
            .keys()
            .filter(|name| std::fs::symlink_metadata(folder.join(name)).is_ok())
            .cloned()
            .collect();
        if std::fs::symlink_metadata(folder.join("quorate.toml")).is_ok() {
            there.push("quorate.toml".to_owned());
        }
        let gov = gov_files(folder).unwrap_or_default();
        there.extend(
            gov.iter()
                .map(|path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")),
        );
        there.sort();
        there.dedup();
        if there.is_empty() {
            return inside(folder);
        }
        let more = there.len().saturating_sub(5);
        there.truncate(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!(
            "{} there already: {}{more}\n  help: name another folder, or add to these files with `quorate new`",
            if there.len() == 1 { "a file is" } else { "files are" },
            there.join(", ")
        ))
    }
}

/// Why a folder cannot become a workspace: the files would belong to another workspace.
fn inside(folder: &Path) -> Option<String> {
    let mut ways = folder.ancestors().map(|path| match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    });
    let nearest = ways.find(|path| path.is_dir())?;
    let place = locate(nearest).ok()?.into_iter().next()?;
    let root = std::fs::canonicalize(&place.root).ok()?;
    let real = std::fs::canonicalize(nearest).ok()?;
    // The nearest existing folder may itself be the root of another workspace.
    let other = root != real || (nearest != folder && holds_workspace(nearest));
    let above = real.starts_with(&root);
    (other && above).then(|| {
        format!(
            "{} is inside the workspace at {}, and would be part of it\n  help: name a folder outside, or add to the workspace with `quorate new`",
            folder.display(),
            place.root.display()
        )
    })
}

/// Whether a folder is itself the root of a workspace.
fn holds_workspace(folder: &Path) -> bool {
    folder.join("quorate.toml").is_file()
        || std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|end| end == "gov"))
}

/// The files of a first workspace.
fn first(name: &str) -> BTreeMap<String, Vec<u8>> {
    let files = FIRST.files().filter_map(|file| {
        let text = file.contents_utf8()?;
        let text = text
            .replace(&format!("use {NAME}."), &format!("use {name}."))
            .replace(&format!("workspace {NAME} "), &format!("workspace {name} "));
        Some((file.path().to_string_lossy().into_owned(), text.into_bytes()))
    });
    files.collect()
}

/// The name of the workspace: the name of its folder, if that is a valid name.
fn workspace_name(folder: &Path) -> String {
    let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let name = real.file_name().map_or(String::new(), |name| name.to_string_lossy().to_lowercase());
    let name = name.replace(['-', ' ', '.'], "_");
    match declarable(&name) && name != "std" {
        true => name,
        false => NAME.to_owned(),
    }
}

/// The files of an example.
fn example(name: &str) -> Option<BTreeMap<String, Vec<u8>>> {
    let folder = EXAMPLES.dirs().find(|folder| folder.path().as_os_str() == name)?;
    let files = folder.files().filter_map(|file| {
        let name = file.path().file_name()?.to_string_lossy().into_owned();
        Some((name, file.contents().to_vec()))
    });
    Some(files.collect())
}

/// The examples, each with the first line of its page.
fn examples() -> BTreeMap<&'static str, &'static str> {
    let folders = EXAMPLES.dirs().filter_map(|folder| {
        let page = folder
            .files()
            .find(|file| file.path().file_name().is_some_and(|name| name == "README.md"));
        let title = page.and_then(|page| page.contents_utf8()?.lines().next());
        Some((folder.path().to_str()?, title.unwrap_or_default().trim_start_matches('#').trim()))
    });
    folders.collect()
}

/// The folder, as the user types it in the next command.
fn shown(folder: &Path) -> String {
    let text = folder.to_string_lossy().replace('\\', "/");
    match text.trim_end_matches('/') {
        "" if text.starts_with('/') => "/".to_owned(),
        "" | "." => ".".to_owned(),
        text => text.to_owned(),
    }
}

/// Writes the files, all of them or none: if one cannot be written, those before it are removed again. It
/// replaces no file.
fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let made = !folder.is_dir();
    std::fs::create_dir_all(folder)?;
    let mut written: Vec<PathBuf> = Vec::new();
    let outcome = files.iter().try_for_each(|(name, bytes)| {
        let path = folder.join(name);
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
        written.push(path);
        file.write_all(bytes)?;
        file.sync_all()
    });
    if outcome.is_err() {
        for path in &written {
            let _ = std::fs::remove_file(path);
        }
        if made {
            let _ = std::fs::remove_dir(folder);
        }
    }
    outcome
}
