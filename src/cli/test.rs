//! `quorate test`

use crate::cli::{Exit, Terminal, Workspace};
use crate::compile::{Compilation, Meaning};
use crate::diagnostic::catalogue::Code;
use crate::diagnostic::render::render;
use crate::diagnostic::{Diagnostic, Level, catalogue};
use crate::emit::mutate::{Mutation, Notice, mutate};
use crate::emit::test_run::{Outcome, TestRun};
use crate::report::tests;
use crate::words::plural;
use clap::{Args, ValueEnum};
use std::io::Write;

static FAILING: &Code = catalogue::get("GOV705");

#[derive(Args)]
pub(super) struct Test {
    #[command(flatten)]
    pub(super) workspace: Workspace,
    /// Weaken one clause of the files at a time, and list each weakening that no finding and no test detects
    #[arg(long)]
    mutate: bool,
    /// The format of the result
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the text
    Human,
    /// For a build server, as JUnit XML
    Junit,
    /// For scripts
    Json,
}

impl Test {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (compilation, runs) = terminal.checked(&self.workspace.path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        if self.mutate {
            return self.weaken(terminal, &compilation, &runs);
        }
        match self.format {
            Format::Human => people(terminal, &compilation, meaning, &runs)?,
            Format::Junit => write!(terminal.out, "{}", tests::junit(&compilation, meaning, &runs))?,
            Format::Json => writeln!(terminal.out, "{}", tests::json(&compilation, meaning, &runs))?,
        }
        terminal.out.flush()?;
        let failed = count(&runs, |outcome| matches!(outcome, Outcome::Failed(_)));
        if !terminal.common.quiet {
            writeln!(terminal.error, "{}", summary(&compilation, &runs))?;
        }
        Ok(if failed > 0 { Exit::Findings } else { Exit::Clean })
    }

    fn weaken(&self, terminal: &mut Terminal, compilation: &Compilation, runs: &[TestRun]) -> std::io::Result<Exit> {
        let refusal = match self.format {
            Format::Junit => Some("weakenings are not test cases: write `--format human` or `--format json`"),
            Format::Human | Format::Json if count(runs, |outcome| matches!(outcome, Outcome::Failed(_))) > 0 => {
                Some("a test already fails, so Quorate did not try weaker files")
            }
            Format::Human | Format::Json => None,
        };
        if let Some(refusal) = refusal {
            writeln!(terminal.error, "error: {refusal}")?;
            return Ok(Exit::CouldNotCheck);
        }
        terminal.progress.say("weakening the files by one clause at a time …");
        let mutation = mutate(compilation);
        match self.format {
            Format::Json => writeln!(terminal.out, "{}", tests::weaker(compilation, &mutation))?,
            Format::Human | Format::Junit => {
                let style = terminal.style();
                for mutant in &mutation.unnoticed {
                    let (Notice::Write(help) | Notice::Nothing(help)) = mutant.notice;
                    let mut unnoticed = Diagnostic::unplaced(format!("nobody would notice {}", mutant.words))
                        .label(mutant.span, "no finding and no test depends on it")
                        .help(help);
                    unnoticed.level = Level::Warning;
                    write!(terminal.out, "{}", render(&compilation.sources, &unnoticed, style))?;
                }
                beyond(terminal, compilation, &mutation)?;
            }
        }
        terminal.out.flush()?;
        if !terminal.common.quiet {
            let unnoticed = mutation.unnoticed.len();
            let beyond = mutation.beyond.len();
            let all = mutation.by_check + mutation.by_test + unnoticed + beyond;
            writeln!(
                terminal.error,
                "{} tried: {} noticed by a check, {} only by a test, {unnoticed} by nobody, {beyond} beyond any test · as of {}",
                plural(all, "weakening"),
                mutation.by_check,
                mutation.by_test,
                compilation.options.as_of
            )?;
        }
        Ok(if mutation.unnoticed.is_empty() {
            Exit::Clean
        } else {
            Exit::Findings
        })
    }
}

/// Clauses that no test can cover, by reason, so that nobody assumes that a clause missing from the list was detected.
fn beyond(terminal: &mut Terminal, compilation: &Compilation, mutation: &Mutation) -> std::io::Result<()> {
    let mut reasons: Vec<&str> = Vec::new();
    for mutant in &mutation.beyond {
        let (Notice::Write(reason) | Notice::Nothing(reason)) = mutant.notice;
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    for reason in reasons {
        writeln!(terminal.out, "a test cannot notice it: {reason}")?;
        let same = |notice| matches!(notice, Notice::Write(other) | Notice::Nothing(other) if other == reason);
        for mutant in mutation.beyond.iter().filter(|mutant| same(mutant.notice)) {
            writeln!(terminal.out, "   {}  {}", compilation.sources.cite(mutant.span), mutant.words)?;
        }
        writeln!(terminal.out)?;
    }
    Ok(())
}

fn count(runs: &[TestRun], wanted: impl Fn(&Outcome) -> bool) -> usize {
    runs.iter().filter(|test_run| wanted(&test_run.outcome)).count()
}

/// One line for each test, then the failing tests in the form of findings.
fn people(terminal: &mut Terminal, compilation: &Compilation, meaning: &Meaning, runs: &[TestRun]) -> std::io::Result<()> {
    for test_run in runs {
        let title = meaning.model.tests[test_run.test].meta.shown().replace(['\n', '\t'], " ");
        let (mark, more) = match &test_run.outcome {
            Outcome::Passed if test_run.tried > 1 => ("✓", format!("  ({} combinations)", test_run.tried)),
            Outcome::Passed => ("✓", String::new()),
            Outcome::Failed(_) => ("✗", String::new()),
            Outcome::Skipped(reason) => ("–", format!("  not run: {reason}")),
        };
        writeln!(terminal.out, "{mark} {title}{more}")?;
    }
    let style = terminal.style();
    let mut failing: Vec<&Diagnostic> = compilation
        .findings
        .iter()
        .filter(|finding| finding.code == Some(FAILING))
        .collect();
    if !failing.is_empty() {
        writeln!(terminal.out)?;
    }
    for finding in failing.drain(..) {
        write!(terminal.out, "{}", render(&compilation.sources, finding, style))?;
    }
    Ok(())
}

/// `7 tests pass, 1 fails, 1 not run · Cedar, Rego and the model agree · as of 2026-11-23`
fn summary(compilation: &Compilation, runs: &[TestRun]) -> String {
    if runs.is_empty() {
        return format!(
            "no tests in {}, so nothing was tried · as of {}",
            plural(compilation.file_count(), "file"),
            compilation.options.as_of
        );
    }
    let passed = count(runs, |outcome| matches!(outcome, Outcome::Passed));
    let failed = count(runs, |outcome| matches!(outcome, Outcome::Failed(_)));
    let skipped = count(runs, |outcome| matches!(outcome, Outcome::Skipped(_)));
    let mut parts = vec![format!(
        "{} {}",
        plural(passed, "test"),
        if passed == 1 { "passes" } else { "pass" }
    )];
    if failed > 0 {
        parts.push(format!("{failed} {}", if failed == 1 { "fails" } else { "fail" }));
    }
    if skipped > 0 {
        parts.push(format!("{skipped} not run"));
    }
    let tried: usize = runs.iter().map(|test_run| test_run.tried).sum();
    format!(
        "{} · {} put to the model, Cedar and Rego · as of {}",
        parts.join(", "),
        plural(tried, "decision"),
        compilation.options.as_of
    )
}
