//! In which formats findings are written, and where to.

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

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, with the text
    Human,
    /// One line for each finding
    Concise,
    /// For scripts
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, with a case for each check and declaration looked at
    Junit,
    /// Annotations of GitHub, and the summary of a step where the forge asks for one
    Github,
    /// Code quality of GitLab
    Gitlab,
    /// A comment on a pull request
    Markdown,
}

/// What a document needs to know beside the findings.
#[derive(Clone, Copy)]
pub(super) struct DocumentOptions {
    /// The level from which findings fail; none where nothing fails.
    pub(super) fails_from: Option<Level>,
    /// Whether waived findings are written as well, where a format can say that they are.
    pub(super) waived: Suppressed,
}

/// A file that findings are written to.
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

/// What is written where.
pub(super) struct Plan {
    /// The format on standard output, if anything is written there.
    pub(super) standard: Option<Format>,
    /// The files.
    pub(super) files: Vec<File>,
}

/// A file in a format.
pub(super) struct File {
    pub(super) format: Format,
    /// As it was named.
    shown: PathBuf,
    /// Where it is, with links followed: a link is not replaced by a file.
    path: PathBuf,
}

/// Settles what is written where, or says why that cannot be.
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
    // What `--format` says is for the file that has no format of its own, where there is one.
    let standard = match plain {
        0 => Some(format.unwrap_or(Format::Human)),
        _ => None,
    };
    Ok(Plan { standard, files })
}

/// Where a file is or will be, with links followed, so that one file is known under two names.
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

    /// What the document omits because its reader would not accept it.
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

/// Appends to the summary of a step, where the forge names a file for it.
pub(super) fn step_summary(checked: &[&Compilation]) -> Result<(), String> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let text = github_summary(checked);
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write the summary of the step: {}", reason(&error)))
}
