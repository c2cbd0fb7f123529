//! `quorate report`

use crate::cli::folder::{self, MANIFEST, Refusal, with_manifest};
use crate::cli::{Exit, Terminal, Workspace};
use crate::report::evidence::Report as Evidence;
use crate::report::{html, json, markdown};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Report {
    #[command(flatten)]
    pub(super) workspace: Workspace,
    /// The folder to write; an earlier report in it is replaced as a whole
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The frameworks to report on, by name [default: those adopted]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    framework: Vec<String>,
    /// The formats to write
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["html", "md", "json"])]
    format: Vec<Format>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Md,
    Json,
}

impl Report {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (compilation, _) = terminal.checked(&self.workspace.path);
        if compilation.meaning.is_none() {
            return terminal.could_not_check(&compilation);
        }
        terminal.progress.say("writing the report …");
        let wanted = Some(&self.framework[..]).filter(|wanted| !wanted.is_empty());
        let report = Evidence::of(&compilation, wanted, None);
        if let Some(unknown) = report.frameworks_unknown.first() {
            writeln!(terminal.error, "error: no framework is called `{unknown}`")?;
            return Ok(Exit::CouldNotCheck);
        }
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for format in &self.format {
            let (name, text) = match format {
                Format::Html => ("report.html", html::render(&report)),
                Format::Md => ("report.md", markdown::render(&report)),
                Format::Json => ("evidence.json", json::render(&report)),
            };
            match text {
                Ok(text) => {
                    files.insert(name.to_owned(), text.into_bytes());
                }
                Err(message) => {
                    writeln!(terminal.error, "error: {name}: {message}\nnothing is written")?;
                    return Ok(Exit::CouldNotCheck);
                }
            }
        }
        let about = json!({ "schema": "quorate/manifest/1", "version": env!("CARGO_PKG_VERSION"), "workspace": compilation.workspace,
            "as_of": compilation.options.as_of.to_string(), "sources": { "digest": compilation.sources_digest(), "files": compilation.file_count() }, "signed": false });
        let files = with_manifest(files, about);
        if let Err(refusal) = folder::write(&self.output, &files) {
            return refused(terminal, &self.output.to_string_lossy(), &refusal);
        }
        if !terminal.common.quiet {
            let names: Vec<&str> = files.keys().map(String::as_str).filter(|name| *name != MANIFEST).collect();
            writeln!(
                terminal.error,
                "written    {} ({}) · unsigned · {}",
                self.output.display(),
                names.join(", "),
                crate::cli::check::summary(&compilation)
            )?;
        }
        Ok(Exit::Clean)
    }
}

/// Prints why a folder was not written.
pub(super) fn refused(terminal: &mut Terminal, shown: &str, refusal: &Refusal) -> std::io::Result<Exit> {
    let shown = shown.replace('\\', "/");
    match refusal {
        Refusal::NotOurs => writeln!(
            terminal.error,
            "error: {shown} contains files that Quorate did not write, so Quorate does not touch it\n  help: name another folder, or empty this one"
        )?,
        Refusal::Disk(error) => writeln!(terminal.error, "error: cannot write {shown}: {}", crate::workspace::reason(error))?,
    }
    Ok(Exit::CouldNotCheck)
}
