//! `quorate report`

use crate::cli::folder::{self, MANIFEST, Refusal, with_manifest};
use crate::cli::{Exit, Terminal, Workspace};
use crate::report::evidence::Report as Evidence;
use crate::report::tables::tables;
use crate::report::{csv, html, json, markdown, xlsx};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
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
    /// One page for a browser, and for paper
    Html,
    /// Markdown
    Md,
    /// JSON, whose schema is published
    Json,
    /// CSV, a file for each table: controls, findings, domains, agents, people, waivers
    Csv,
    /// A spreadsheet with the same tables
    Xlsx,
}

impl Format {
    /// The files of this format by name, or why one of them cannot be written.
    fn files(self, report: &Evidence, as_of: Date) -> Result<Vec<(String, Vec<u8>)>, String> {
        let one = |name: &str, written: Result<Vec<u8>, String>| match written {
            Ok(bytes) => Ok(vec![(name.to_owned(), bytes)]),
            Err(message) => Err(format!("{name}: {message}")),
        };
        match self {
            Format::Html => one("report.html", html::render(report).map(String::into_bytes)),
            Format::Md => one("report.md", markdown::render(report).map(String::into_bytes)),
            Format::Json => one("evidence.json", json::render(report).map(String::into_bytes)),
            Format::Xlsx => one("report.xlsx", xlsx::render(&tables(report), as_of)),
            Format::Csv => {
                let each = tables(report).into_iter().map(|table| {
                    let name = format!("{}.csv", table.name);
                    match csv::render(&table) {
                        Ok(bytes) => Ok((name, bytes)),
                        Err(message) => Err(format!("{name}: {message}")),
                    }
                });
                each.collect()
            }
        }
    }
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
        if !report.frameworks_unknown.is_empty() {
            for unknown in &report.frameworks_unknown {
                writeln!(terminal.error, "error: no framework is called `{unknown}`")?;
            }
            writeln!(terminal.error, "  help: `quorate std std` lists the frameworks that Quorate ships")?;
            return Ok(Exit::CouldNotCheck);
        }
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut exit = Exit::Clean;
        for format in &self.format {
            match format.files(&report, compilation.options.as_of) {
                Ok(written) => files.extend(written),
                // The other formats do not depend on this one.
                Err(message) => {
                    writeln!(terminal.error, "error: {message}")?;
                    exit = Exit::CouldNotCheck;
                }
            }
        }
        if files.is_empty() {
            writeln!(terminal.error, "nothing is written")?;
            return Ok(Exit::CouldNotCheck);
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
        Ok(exit)
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
