//! `quorate diff`

use crate::cli::fmt::replace;
use crate::cli::prove::cvc5::Cvc5;
use crate::cli::{Exit, Reading, Terminal, check};
use crate::compile::Compilation;
use crate::diff::{Weight, diff};
use crate::outputs::difference::Difference;
use crate::prove::sides::{Policies, compared};
use crate::prove::solver::PATIENCE;
use crate::workspace::reason;
use clap::{Args, ValueEnum};
use side::Side;
use std::io::Write;
use std::path::{Path, PathBuf};

mod git;
mod side;

#[derive(Args)]
pub(super) struct Diff {
    /// The old side: a path, `git:REV` for a revision of the repository of the other side, or `git:REV:PATH`
    #[arg(value_name = "OLD")]
    old: String,
    /// The new side, written in the same way
    #[arg(value_name = "NEW", default_value = ".")]
    new: String,
    /// The format of the difference
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Write the difference to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Which differences make the command exit with 1: weaker ones, any, or none
    #[arg(long, value_enum, default_value = "weaker")]
    fail_on: FailOn,
    /// Whether an SMT solver checks if the policies allow more than before
    #[arg(long, value_enum, value_name = "WHEN", default_value = "found", num_args = 0..=1, default_missing_value = "always", require_equals = true)]
    prove: Asking,
    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For scripts
    Json,
    /// A comment on a pull request
    Markdown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Weaker,
    Any,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Asking {
    /// If cvc5 is installed; the result says whether it was
    Found,
    /// Always; without cvc5 the command exits with 2
    Always,
    /// Never
    Never,
}

impl Diff {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let sides = side::sides(&self.old, &self.new);
        let (old, new) = match sides {
            Ok(sides) => sides,
            Err(message) => {
                writeln!(terminal.error, "error: {message}")?;
                return Ok(Exit::CouldNotCheck);
            }
        };
        let (old, new) = (read(terminal, &old), read(terminal, &new));
        let mut unread = false;
        for (compilation, said) in [(&old, &self.old), (&new, &self.new)] {
            if compilation.meaning.is_none() {
                unread = true;
                self.unread(terminal, compilation, said)?;
            }
        }
        if unread {
            return Ok(Exit::CouldNotCheck);
        }
        let mut changes = diff(&old, &new);
        let (policies, allowed) = compared(&old, &new, &changes, || self.solver());
        if let (Asking::Always, Policies::Not(because)) = (self.prove, &policies) {
            writeln!(terminal.error, "error: the policies cannot be compared: {because}")?;
            return Ok(Exit::CouldNotCheck);
        }
        changes.extend(allowed);
        changes.sort();
        let difference = Difference {
            old: &old,
            new: &new,
            changes: &changes,
            policies: &policies,
        };
        let document = match self.format {
            Format::Human => difference.human(),
            Format::Json => difference.json(),
            Format::Markdown => difference.markdown(),
        };
        match &self.output {
            None => write!(terminal.out, "{document}")?,
            Some(path) => {
                if let Err(message) = written(path, &document) {
                    writeln!(terminal.error, "error: {message}")?;
                    return Ok(Exit::CouldNotCheck);
                }
            }
        }
        let fails = match self.fail_on {
            FailOn::Weaker => difference.count(Weight::Weaker) > 0,
            FailOn::Any => !changes.is_empty(),
            FailOn::Never => false,
        };
        Ok(if fails { Exit::Findings } else { Exit::Clean })
    }

    /// The solver, if the options allow it.
    fn solver(&self) -> Result<Cvc5, String> {
        if self.prove == Asking::Never {
            return Err("`--prove=never` says so".to_owned());
        }
        Cvc5::found(PATIENCE).map_err(|sentence| match self.prove {
            Asking::Always => sentence,
            // Only a user who asked for the proof needs to know how to install it.
            Asking::Found | Asking::Never => sentence.split("; ").next().unwrap_or_default().to_owned(),
        })
    }

    /// Prints the errors of one side. The difference is then not printed.
    fn unread(&self, terminal: &mut Terminal, compilation: &Compilation, said: &str) -> std::io::Result<()> {
        let style = terminal.style();
        for error in &compilation.errors {
            let text = crate::diagnostic::render::render(&compilation.sources, error, style);
            write!(terminal.error, "{text}")?;
        }
        writeln!(terminal.error, "error: {said} cannot be read, so Quorate did not compare")?;
        if !terminal.common.quiet {
            writeln!(terminal.error, "{}", check::unchecked(compilation))?;
        }
        Ok(())
    }
}

/// Loads and compiles one side with its own settings, and runs its tests.
fn read(terminal: &mut Terminal, side: &Side) -> Compilation {
    let compilation = side.compile(terminal);
    terminal.tried(compilation).0
}

/// Writes a file, all of it or nothing.
fn written(path: &Path, document: &str) -> Result<(), String> {
    let told = |why: String| format!("cannot write {}: {why}", path.display());
    if path.is_dir() {
        return Err(told("it is a folder".to_owned()));
    }
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if real.exists() && !real.is_file() {
        return Err(told("it is a pipe or a device".to_owned()));
    }
    replace(&real, document).map_err(|error| told(reason(&error)))
}
