//! The formats of findings, and where they are written.

use crate::cli::fmt::replace_by;
use crate::compile::Compilation;
use crate::diagnostic::Level;
use crate::outputs::github::{github, github_summary};
use crate::outputs::gitlab::gitlab;
use crate::outputs::junit::junit;
use crate::outputs::markdown::markdown;
use crate::outputs::sarif::{Suppressed, left_out, sarif};
use crate::report::findings;
use crate::words::grouped;
use crate::workspace::reason;
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the source text
    Human,
    /// One line per finding
    Concise,
    /// For scripts
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, with a case for each check and declaration it looked at
    Junit,
    /// GitHub annotations, and the step summary if GitHub provides one
    Github,
    /// GitLab code quality
    Gitlab,
    /// A comment on a pull request
    Markdown,
}

/// The options of a document of findings.
#[derive(Clone, Copy)]
pub(super) struct DocumentOptions {
    /// The lowest level that fails, or `None` if findings never fail.
    pub(super) fails_from: Option<Level>,
    /// Whether to include waived findings, if the format can mark them.
    pub(super) waived: Suppressed,
}

/// A file for findings.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// The format, if the option names one with the file.
    format: Option<Format>,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Output, String> {
        let (format, path) = match text.split_once('=') {
            Some((format, path)) => (Some(Format::from_str(format, false)?), path),
            None => (None, text),
        };
        match path {
            "" => Err("the name of a file is missing".to_owned()),
            path => Ok(Output { format, path: path.into() }),
        }
    }
}

/// Which format goes where.
pub(super) struct Plan {
    /// The format on standard output, if anything is written there.
    pub(super) standard: Option<Format>,
    /// The files.
    pub(super) files: Vec<File>,
}

/// A file in a format.
pub(super) struct File {
    pub(super) format: Format,
    /// The path as the user wrote it.
    shown: PathBuf,
    /// The path with links followed, so that a link is not replaced by a file.
    path: PathBuf,
}

/// Decides which format goes where, or returns why it cannot.
pub(super) fn plan(format: Option<Format>, outputs: &[Output]) -> Result<Plan, String> {
    let plain = outputs.iter().filter(|output| output.format.is_none()).count();
    if plain > 1 {
        return Err("say the format of each file, as `--output sarif=quorate.sarif --output junit=quorate.xml`".to_owned());
    }
    let mut files = Vec::new();
    let mut names: BTreeSet<PathBuf> = BTreeSet::new();
    for output in outputs {
        let shown = output.path.display();
        let real = real(&output.path);
        if !names.insert(real.clone()) {
            return Err(format!("two formats cannot be written to one file, {shown}"));
        }
        let Some(format) = output.format.or(format) else {
            return Err(format!("say the format of {shown}, as `--output sarif={shown}`"));
        };
        if real.is_dir() {
            return Err(format!("cannot write {shown}: it is a folder"));
        }
        if real.exists() && !real.is_file() {
            return Err(format!(
                "cannot write {shown}: it is a pipe or a device; `--format` says what standard output gets"
            ));
        }
        files.push(File {
            format,
            shown: output.path.clone(),
            path: real,
        });
    }
    // `--format` applies to the file without a format, if there is one.
    let standard = match plain {
        0 => Some(format.unwrap_or(Format::Human)),
        _ => None,
    };
    Ok(Plan { standard, files })
}

/// The path of a file, with links followed, so that two names of one file compare equal.
fn real(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    std::fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = std::fs::canonicalize(parent.unwrap_or(Path::new(".")));
        match (folder, path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.to_path_buf(),
        }
    })
}

impl Format {
    /// Writes the document, with a line break at its end.
    pub(super) fn write(self, checked: &[&Compilation], asked: DocumentOptions, out: &mut dyn Write) -> std::io::Result<()> {
        let whole = match self {
            Format::Human => return super::people::plain(checked, out),
            Format::Concise => return super::people::lines(checked, true, out),
            Format::Json => return findings::json(checked, out),
            Format::Github => return github(checked, out),
            Format::Gitlab => return gitlab(checked, out),
            Format::Sarif => sarif(checked, asked.waived),
            Format::Junit => junit(checked, asked.fails_from),
            Format::Markdown => markdown(checked),
        };
        out.write_all(ended(whole).as_bytes())
    }

    /// What the document leaves out because its reader does not accept more.
    pub(super) fn left_out(self, checked: &[&Compilation], asked: DocumentOptions) -> Option<String> {
        let (found, cut) = match self {
            Format::Sarif => left_out(checked, asked.waived),
            _ => return None,
        };
        (cut > 0).then(|| {
            format!(
                "SARIF has the {} most severe of {} findings, because code scanning does not read more; `--output json=FILE` writes all",
                grouped(found - cut),
                grouped(found)
            )
        })
    }
}

impl File {
    /// Writes it, all of it or nothing.
    pub(super) fn write(&self, checked: &[&Compilation], asked: DocumentOptions) -> Result<(), String> {
        replace_by(&self.path, |out| self.format.write(checked, asked, out))
            .map_err(|error| format!("cannot write {}: {}", self.shown.display(), reason(&error)))
    }
}

/// A document with a line break at its end.
fn ended(text: String) -> String {
    match text.is_empty() || text.ends_with('\n') {
        true => text,
        false => text + "\n",
    }
}

/// Appends to the step summary, if GitHub names a file for it.
pub(super) fn step_summary(checked: &[&Compilation]) -> Result<(), String> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let text = github_summary(checked);
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write the summary of the step: {}", reason(&error)))
}
