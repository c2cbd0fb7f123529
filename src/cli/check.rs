//! `quorate check`

use crate::cli::fix::{self, Fixed, Way};
use crate::cli::{Exit, Terminal, Workspaces};
use crate::compile::Compilation;
use crate::diagnostic::Level;
use crate::outputs::sarif::Suppressed;
use crate::words::plural;
use crate::workspace::{Place, load_place, locate_all};
use baseline::Baseline;
use clap::{Args, ValueEnum};
use formats::{DocumentOptions, Format, Output};
use std::io::Write;
use std::path::PathBuf;

mod baseline;
mod formats;
mod people;

pub(super) use people::{population, sorted, summary, unchecked};

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) workspaces: Workspaces,
    /// The format of the findings on standard output
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write findings to a file, in the format before `=` or that of `--format`; may be given more than once
    #[arg(long, value_name = "[FORMAT=]FILE")]
    output: Vec<Output>,
    /// Also write waived findings to SARIF, marked as suppressed; for archives, because code scanning shows them as open
    #[arg(long)]
    include_waived: bool,
    /// Apply the edits that cannot weaken anything, then check, and say why the rest is left to people (docs/fix.md)
    #[arg(long)]
    fix: bool,
    /// Print what `--fix` would change as a diff, and write nothing
    #[arg(long, requires = "fix", conflicts_with_all = ["format", "prune_baseline"])]
    diff: bool,
    /// The lowest level of a finding that makes the command exit with 1
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
    /// Accept the findings listed in this file, and fail if one of them no longer exists
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Remove findings that no longer exist from the baseline
    #[arg(long, requires = "baseline")]
    prune_baseline: bool,
    /// Write the findings that fail now to a new baseline file, and accept them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix"])]
    write_baseline: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The level, or `None` if findings never fail.
    fn level(self) -> Option<Level> {
        match self {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Note => Some(Level::Note),
            FailOn::Never => None,
        }
    }
}

impl Check {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let plan = match formats::plan(self.format, &self.output) {
            Ok(plan) => plan,
            Err(message) => {
                writeln!(terminal.error, "error: {message}")?;
                return Ok(Exit::CouldNotCheck);
            }
        };
        let (places, errors) = locate_all(&self.workspaces.paths);
        if !errors.is_empty() {
            // If a path cannot be read, nobody knows which workspace it meant.
            let unread = terminal.unread(errors);
            return self.tell(terminal, &plan, vec![unread]);
        }
        if let Some(line) = people::several(&self.workspaces.paths, &places).filter(|_| !terminal.common.quiet) {
            writeln!(terminal.error, "{line}")?;
        }
        let mut checked = Vec::new();
        for place in &places {
            match self.one(terminal, place)? {
                Some(compilation) => checked.push(compilation),
                None => return Ok(Exit::CouldNotCheck),
            }
        }
        let stale = match self.held_against(terminal, &mut checked)? {
            Ok(stale) => stale,
            Err(message) => {
                writeln!(terminal.error, "error: {message}")?;
                return Ok(Exit::CouldNotCheck);
            }
        };
        let exit = self.tell(terminal, &plan, checked)?;
        Ok(if stale { exit.max(Exit::Findings) } else { exit })
    }

    /// Marks the findings that a baseline accepts, or writes a baseline. Returns whether some of its lines are stale, or
    /// why it cannot be read or written.
    fn held_against(&self, terminal: &mut Terminal, checked: &mut [Compilation]) -> std::io::Result<Result<bool, String>> {
        // If a workspace cannot be read, its findings are unknown.
        if checked.iter().any(|compilation| !compilation.errors.is_empty()) {
            return Ok(Ok(false));
        }
        if let Some(path) = &self.write_baseline {
            let Some(level) = self.fail_on.level() else {
                return Ok(Err(
                    "with `--fail-on never` nothing fails, so there is nothing to write to a baseline".to_owned(),
                ));
            };
            if path.exists() {
                let shown = path.display();
                return Ok(Err(format!(
                    "{shown} already exists, and a baseline only shrinks: `--baseline {shown} --prune-baseline` removes closed findings"
                )));
            }
            let written = Baseline::of(checked, level).and_then(|mut baseline| {
                baseline.write(path)?;
                for compilation in checked.iter_mut() {
                    baseline.apply(compilation)?;
                }
                Ok(baseline.len())
            });
            return Ok(match written {
                Ok(count) => {
                    if !terminal.common.quiet {
                        let count = plural(count, "finding");
                        writeln!(
                            terminal.error,
                            "{count} written to {}; each stays open in `build` and in reports",
                            path.display()
                        )?;
                    }
                    Ok(false)
                }
                Err(message) => Err(message),
            });
        }
        let Some(path) = &self.baseline else {
            return Ok(Ok(false));
        };
        let mut baseline = match Baseline::read(path) {
            Ok(baseline) => baseline,
            Err(message) => return Ok(Err(message)),
        };
        let mut stale = Vec::new();
        for compilation in checked.iter_mut() {
            match baseline.apply(compilation) {
                Ok(more) => stale.extend(more),
                Err(why) => return Ok(Err(format!("{}: {why}", path.display()))),
            }
        }
        if stale.is_empty() {
            return Ok(Ok(false));
        }
        if self.prune_baseline {
            if let Err(message) = baseline.write(path) {
                return Ok(Err(message));
            }
            if !terminal.common.quiet {
                writeln!(terminal.error, "{} taken out of {}", plural(stale.len(), "line"), path.display())?;
            }
            return Ok(Ok(false));
        }
        for entry in &stale {
            writeln!(
                terminal.error,
                "stale: {} is in {} but is no longer open",
                entry.words(),
                path.display()
            )?;
        }
        writeln!(terminal.error, "a baseline only shrinks: `--prune-baseline` removes these lines")?;
        Ok(Ok(true))
    }

    /// Checks one workspace. `None` if its files should have been changed and could not be.
    fn one(&self, terminal: &mut Terminal, place: &Place) -> std::io::Result<Option<Compilation>> {
        terminal.progress.say("reading files …");
        let compilation = terminal.compiled(load_place(place));
        let (compilation, _) = terminal.tried(compilation);
        if !self.fix || !compilation.errors.is_empty() {
            return Ok(Some(compilation));
        }
        let way = if self.diff { Way::Show } else { Way::Write };
        Ok(match fix::fix(terminal, place, &compilation, way)? {
            Fixed::Nothing => Some(compilation),
            Fixed::Written => {
                let compilation = terminal.compiled(load_place(place));
                Some(terminal.tried(compilation).0)
            }
            Fixed::Refused => None,
        })
    }

    /// Writes the findings, to standard output and to files.
    fn tell(&self, terminal: &mut Terminal, plan: &formats::Plan, checked: Vec<Compilation>) -> std::io::Result<Exit> {
        let all: Vec<&Compilation> = checked.iter().collect();
        let asked = DocumentOptions {
            fails_from: self.fail_on.level(),
            waived: match self.include_waived {
                true => Suppressed::Written,
                false => Suppressed::LeftOut,
            },
        };
        terminal.progress.say("writing the findings …");
        for output in &plan.files {
            if let Err(message) = output.write(&all, asked) {
                writeln!(terminal.error, "error: {message}")?;
                return Ok(Exit::CouldNotCheck);
            }
        }
        // Standard output holds nothing but the diff, so that it can be applied.
        if let Some(format) = plan.standard.filter(|_| !self.diff) {
            match format {
                Format::Human => people::human(terminal, &all)?,
                Format::Concise => people::concise(terminal, &all)?,
                _ => format.write(&all, asked, &mut terminal.out)?,
            }
        }
        terminal.out.flush()?;
        let mut formats = plan.files.iter().map(|file| file.format).chain(plan.standard);
        if let Some(sentence) = formats.find_map(|format| format.left_out(&all, asked)) {
            writeln!(terminal.error, "{sentence}")?;
        }
        if self.fix
            && !terminal.common.quiet
            && let Some(level) = self.fail_on.level()
        {
            fix::left(terminal, &all, level)?;
        }
        if plan.standard == Some(Format::Github)
            && let Err(message) = formats::step_summary(&all)
        {
            writeln!(terminal.error, "error: {message}")?;
            return Ok(Exit::CouldNotCheck);
        }
        let mut exit = Exit::Clean;
        for compilation in &all {
            people::verdict(terminal, compilation, all.len() > 1)?;
            exit = exit.max(self.exit(compilation));
        }
        // The process ends here: freeing a large model piece by piece would only take time.
        std::mem::forget(checked);
        Ok(exit)
    }

    fn exit(&self, compilation: &Compilation) -> Exit {
        if compilation.only_questions() {
            return Exit::Findings;
        }
        if !compilation.errors.is_empty() {
            return Exit::CouldNotCheck;
        }
        let fails = |level| {
            let mut open = compilation.open();
            open.any(|finding| finding.level >= level && !finding.finding.in_baseline)
        };
        match self.fail_on.level().is_some_and(fails) {
            true => Exit::Findings,
            false => Exit::Clean,
        }
    }
}
