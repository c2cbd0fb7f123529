//! In which formats findings are written, and where to.

use crate::cli::fmt::replace;
use crate::compile::Compilation;
use crate::report::findings;
use crate::workspace::reason;
use clap::ValueEnum;
use std::collections::BTreeSet;
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
}

/// A file that findings are written to.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// The format, where it is said with the file.
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
    format: Format,
    path: PathBuf,
}

/// Settles what is written where, or says why that cannot be.
pub(super) fn plan(format: Option<Format>, outputs: &[Output]) -> Result<Plan, String> {
    let plain = outputs.iter().filter(|output| output.format.is_none()).count();
    if plain > 1 {
        return Err("say the format of each file, as `--output sarif=quorate.sarif --output junit=quorate.xml`".to_owned());
    }
    let mut files = Vec::new();
    let mut names: BTreeSet<&Path> = BTreeSet::new();
    for output in outputs {
        let shown = output.path.display();
        if !names.insert(&output.path) {
            return Err(format!("two formats cannot be written to one file, {shown}"));
        }
        let Some(format) = output.format.or(format) else {
            return Err(format!("say the format of {shown}, as `--output sarif={shown}`"));
        };
        if output.path.is_dir() {
            return Err(format!("cannot write {shown}: it is a folder"));
        }
        files.push(File {
            format,
            path: output.path.clone(),
        });
    }
    // What `--format` says is for the file that has no format of its own, where there is one.
    let standard = match plain {
        0 => Some(format.unwrap_or(Format::Human)),
        _ => None,
    };
    Ok(Plan { standard, files })
}

impl Format {
    /// The document, with a line break at its end.
    pub(super) fn document(self, checked: &[&Compilation]) -> String {
        match self {
            Format::Human => super::people::plain(checked),
            Format::Concise => super::people::lines(checked, true),
            Format::Json => findings::json(checked) + "\n",
        }
    }
}

impl File {
    /// Writes it, all of it or nothing.
    pub(super) fn write(&self, checked: &[&Compilation]) -> Result<(), String> {
        replace(&self.path, &self.format.document(checked))
            .map_err(|error| format!("cannot write {}: {}", self.path.display(), reason(&error)))
    }
}
