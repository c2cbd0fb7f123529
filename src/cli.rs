//! The command line: it loads, calls [`compile`](crate::compile), picks a renderer and returns an exit code.
#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads the clock and the environment and writes files"
)]

use crate::compile::{Compilation, Options, compile};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::Style;
use crate::emit::test_run::{self, Deciders, TestRun};
use crate::source::{FileId, Origin};
use crate::words::plural;
use crate::workspace::locate::way;
use crate::workspace::{Loaded, load};
use clap::{Args, ColorChoice, FromArgMatches, Parser, Subcommand};
use jiff::civil::Date;
use output::Output;
use progress::Progress;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod build;
mod check;
mod completions;
mod decide;
mod diff;
mod explain;
mod fix;
mod fmt;
mod folder;
mod help;
mod init;
mod library;
mod man;
mod model;
mod new;
mod output;
mod progress;
mod prove;
mod report;
mod test;
mod text;
mod upgrade;
mod who;

/// What stands below the help of the whole.
const EXITS: &str = "\
Exit codes:  0 clean   1 findings   2 could not check, which is neither
Example:     quorate check governance --format github --output sarif=quorate.sarif
Read on:     `quorate explain CODE` for each check; README.md and docs/ for the language, proof and enforcement";

/// Governance as code: who is accountable when an AI agent changes data incorrectly?
#[derive(Parser)]
#[command(name = "quorate", version, about, after_help = EXITS)]
struct Cli {
    #[command(flatten)]
    common: Common,
    /// The day, where it stands before the command
    #[arg(long = "as-of", id = "day", value_name = "DATE", value_parser = day, hide = true)]
    day: Option<Date>,
    /// The number of threads, where it stands before the command
    #[arg(long = "jobs", id = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..), hide = true)]
    threads: Option<u16>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a first workspace, or copy an example
    Init(init::Init),
    /// Add an agent, a decision domain, a person, a team, a system or a task
    New(new::New),
    /// Find accountability gaps
    Check(check::Check),
    /// Check, emit policies, hold them against the model in both engines, write the evidence
    Build(build::Build),
    /// Write the evidence reports
    Report(report::Report),
    /// Run the workspace's own tests, against the reference meaning and both engines
    Test(test::Test),
    /// Show by a solver what the policies cannot do, for every request there can be
    Prove(prove::Prove),
    /// Answer requests, one JSON object a line, as the policies of the workspace do
    Decide(decide::Decide),
    /// Put `.gov` files into canonical form
    Fmt(fmt::Fmt),
    /// Who is accountable when an agent does something to some data
    Who(who::Who),
    /// What a change does to accountability: who can no longer block what, and what is reached or decided otherwise
    Diff(diff::Diff),
    /// The resolved model as JSON
    Model(model::Model),
    /// Show the page of a check, or the list of all
    Explain(explain::Explain),
    /// Show what the standard library holds, and how it is brought in
    Std(library::Library),
    /// Write what a shell needs to complete the command line
    Completions(completions::Completions),
    /// Write the manual, for `man`
    Man(man::Manual),
}

impl Command {
    /// How a command that reads workspaces reads them.
    fn reading(&self) -> Option<&Reading> {
        Some(match self {
            Command::Check(check) => &check.workspaces.reading,
            Command::Build(build) => &build.workspace.reading,
            Command::Report(report) => &report.workspace.reading,
            Command::Test(test) => &test.workspace.reading,
            Command::Prove(prove) => &prove.workspace.reading,
            Command::Model(model) => &model.workspace.reading,
            Command::Decide(decide) => &decide.reading,
            Command::Who(who) => &who.reading,
            Command::Diff(diff) => &diff.reading,
            Command::Init(_)
            | Command::New(_)
            | Command::Fmt(_)
            | Command::Explain(_)
            | Command::Std(_)
            | Command::Completions(_)
            | Command::Man(_) => {
                return None;
            }
        })
    }
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// Leave out the summary
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say nothing: the exit code is the answer
    #[arg(long, global = true)]
    silent: bool,
    /// Say what was read as well
    #[arg(short, long, global = true, conflicts_with_all = ["quiet", "silent"])]
    verbose: bool,
}

/// How workspaces are read.
#[derive(Args, Clone, Default)]
struct Reading {
    /// The day the workspace is read as of, as 2027-03-31 [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The folder that paths in messages begin at [default: where the command runs]
    #[arg(long, value_name = "ROOT")]
    relative_to: Option<PathBuf>,
    /// How many threads to use [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// A day, as it is written.
fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "a date is written year-month-day, as 2027-03-31".to_owned())
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at the level that fails.
    Clean,
    /// Findings at the level that fails.
    Findings,
    /// It could not be checked, which is neither.
    CouldNotCheck,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::CouldNotCheck => 2,
        })
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let parsed = help::command().try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                Exit::CouldNotCheck.into()
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    let mut reading = cli.command.reading().cloned().unwrap_or_default();
    reading.as_of = reading.as_of.or(cli.day);
    reading.jobs = reading.jobs.or(cli.threads);
    if let Some(jobs) = reading.jobs {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    let silent = cli.common.silent;
    let progress = match silent || cli.common.quiet {
        true => Progress::default(),
        false => Progress::on_terminal(),
    };
    let mut terminal = Terminal {
        out: match silent {
            true => Box::new(std::io::sink()),
            false => Box::new(std::io::BufWriter::new(Output::to(std::io::stdout(), &progress))),
        },
        error: match silent {
            true => Box::new(std::io::sink()),
            false => Box::new(Output::to(std::io::stderr(), &progress)),
        },
        common: cli.common,
        reading,
        progress,
    };
    if let Some(root) = terminal.reading.relative_to.clone().filter(|root| !root.is_dir()) {
        let _ = writeln!(terminal.error, "error: --relative-to {}: there is no such folder", root.display());
        return Exit::CouldNotCheck.into();
    }
    let outcome = match &cli.command {
        Command::Init(init) => init.run(&mut terminal),
        Command::New(new) => new.run(&mut terminal),
        Command::Check(check) => check.run(&mut terminal),
        Command::Build(build) => build.run(&mut terminal),
        Command::Report(report) => report.run(&mut terminal),
        Command::Test(test) => test.run(&mut terminal),
        Command::Prove(prove) => prove.run(&mut terminal),
        Command::Decide(decide) => decide.run(&mut terminal),
        Command::Fmt(fmt) => fmt.run(&mut terminal),
        Command::Who(who) => who.run(&mut terminal),
        Command::Diff(diff) => diff.run(&mut terminal),
        Command::Model(model) => model.run(&mut terminal),
        Command::Explain(explain) => explain.run(&mut terminal),
        Command::Std(library) => library.run(&mut terminal),
        Command::Completions(completions) => completions.run(&mut terminal),
        Command::Man(manual) => manual.run(&mut terminal),
    };
    terminal.progress.done();
    let outcome = outcome.and_then(|exit| terminal.out.flush().map(|()| exit));
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(terminal.error, "error: cannot write: {}", crate::workspace::reason(&error));
            Exit::CouldNotCheck.into()
        }
    }
}

/// Where output goes, and how.
struct Terminal {
    out: Box<dyn Write + Send>,
    error: Box<dyn Write + Send>,
    common: Common,
    reading: Reading,
    /// What is being done, for whoever waits.
    progress: Progress,
}

impl Terminal {
    /// How diagnostics are drawn on standard output.
    fn style(&self) -> Style {
        let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty() && value != "0");
        let color = match self.common.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty()) => false,
            ColorChoice::Auto if set("CLICOLOR_FORCE") || set("FORCE_COLOR") => true,
            ColorChoice::Auto => std::io::stdout().is_terminal() && std::env::var("TERM").is_ok_and(|term| term != "dumb"),
        };
        let columns: Option<usize> = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let columns = columns.or_else(|| terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0)));
        Style {
            color,
            width: columns.unwrap_or(110).clamp(60, 160),
            wrap: columns.is_some(),
        }
    }

    /// The day that was asked for, or today.
    fn as_of(&self) -> Date {
        self.reading.as_of.unwrap_or_else(|| {
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs());
            jiff::Timestamp::from_second(now as i64).map_or(Date::constant(1970, 1, 1), |now| now.to_zoned(jiff::tz::TimeZone::UTC).date())
        })
    }

    /// Loads and compiles the one workspace of a path.
    fn compile(&mut self, path: &Path) -> Compilation {
        self.progress.say("reading files …");
        self.compiled(load(path))
    }

    /// Compiles what was read.
    fn compiled(&mut self, loaded: Loaded) -> Compilation {
        let from = self.reading.relative_to.clone().unwrap_or_else(|| PathBuf::from("."));
        let base = loaded.root.as_ref().map_or(String::new(), |root| way(&from, root));
        self.compiled_at(loaded, base)
    }

    /// Compiles the loaded files; messages show their paths relative to this base.
    fn compiled_at(&mut self, mut loaded: Loaded, base: String) -> Compilation {
        loaded.sources.base = base;
        if self.common.verbose {
            self.say_read(&loaded);
        }
        let options = Options {
            as_of: self.as_of(),
            horizon: loaded.settings.horizon(),
            name: loaded.settings.name.clone(),
            levels: loaded.settings.levels,
        };
        let own = loaded.sources.files.iter().filter(|file| file.origin != Origin::Library);
        self.progress.say(format!("checking {} …", plural(own.count(), "file")));
        let mut compilation = compile(loaded.sources, options, loaded.errors);
        compilation.left_out = loaded.left_out;
        self.progress.done();
        compilation
    }

    /// Says what was read, a line for each file.
    fn say_read(&mut self, loaded: &Loaded) {
        for (index, file) in loaded.sources.files.iter().enumerate() {
            let shown = loaded.sources.shown(FileId(index as u32));
            if file.origin != Origin::Library {
                // What cannot be said here does not change the verdict.
                let _ = writeln!(self.error, "read     {shown}");
            }
        }
    }

    /// Loads and compiles a workspace, and runs its tests.
    fn checked(&mut self, path: &Path) -> (Compilation, Vec<TestRun>) {
        let compilation = self.compile(path);
        self.tried(compilation)
    }

    /// Runs the tests of a workspace.
    fn tried(&self, mut compilation: Compilation) -> (Compilation, Vec<TestRun>) {
        self.progress.say("running the tests of the workspace …");
        let runs = test_run::hold(&mut compilation, Deciders::All);
        compilation.hold_levels();
        self.progress.done();
        (compilation, runs)
    }

    /// The same, with every finding by its built-in level: for what is let through on the strength of there being none.
    fn checked_by_built_in_levels(&mut self, path: &Path) -> (Compilation, Vec<TestRun>) {
        let (mut compilation, runs) = self.checked(path);
        compilation.by_built_in_levels();
        (compilation, runs)
    }

    /// What comes of paths that cannot be read.
    fn unread(&mut self, errors: Vec<Diagnostic>) -> Compilation {
        self.compiled(Loaded::refused(errors))
    }

    /// Prints the errors of the text, and that gaps were not checked.
    fn could_not_check(&mut self, compilation: &Compilation) -> std::io::Result<Exit> {
        let style = self.style();
        for error in &compilation.errors {
            write!(
                self.out,
                "{}",
                crate::diagnostic::render::render(&compilation.sources, error, style)
            )?;
        }
        self.out.flush()?;
        if !self.common.quiet {
            writeln!(self.error, "{}", check::unchecked(compilation))?;
        }
        Ok(match compilation.only_questions() {
            true => Exit::Findings,
            false => Exit::CouldNotCheck,
        })
    }
}

/// The workspace a command reads.
#[derive(Args)]
struct Workspace {
    /// A workspace folder, or a file or folder in one
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// The workspaces a command reads.
#[derive(Args)]
struct Workspaces {
    /// Workspace folders, or files or folders in one
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    reading: Reading,
}
