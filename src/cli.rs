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

/// The text below the help of the whole program.
const EXITS: &str = "\
Exit codes:  0 clean   1 findings   2 could not check (neither)
Example:     quorate check governance --format github --output sarif=quorate.sarif
Read more:   `quorate explain CODE` for each check; README.md and docs/ for the language, proof and enforcement";

/// Governance as code: who is accountable when an AI agent changes data incorrectly?
#[derive(Parser)]
#[command(name = "quorate", version, about, after_help = EXITS)]
struct Cli {
    #[command(flatten)]
    common: Common,
    /// The date, if it comes before the command
    #[arg(long = "as-of", id = "day", value_name = "DATE", value_parser = day, hide = true)]
    day: Option<Date>,
    /// The number of threads, if it comes before the command
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
    /// Check, emit policies, compare them with the model in both engines, and write the evidence
    Build(build::Build),
    /// Write the evidence reports
    Report(report::Report),
    /// Run the workspace's own tests, in the reference evaluator and in both engines
    Test(test::Test),
    /// Prove with an SMT solver what the policies cannot do, for every possible request
    Prove(prove::Prove),
    /// Answer requests as the policies of the workspace do, one JSON object per line
    Decide(decide::Decide),
    /// Format `.gov` files
    Fmt(fmt::Fmt),
    /// Show who is accountable when an agent does something to some data
    Who(who::Who),
    /// Show how a change affects accountability: who can no longer block what, and what agents newly reach or are newly allowed
    Diff(diff::Diff),
    /// Print the resolved model as JSON
    Model(model::Model),
    /// Show the page of a check, or list all checks
    Explain(explain::Explain),
    /// List what the standard library holds, and how to use it
    Std(library::Library),
    /// Write the completion script of a shell
    Completions(completions::Completions),
    /// Write the manual pages, for `man`
    Man(man::Manual),
}

impl Command {
    /// The reading options of a command that reads workspaces.
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

/// The options of every command.
#[derive(Args)]
struct Common {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// Leave out the summary
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print nothing: the exit code is the answer
    #[arg(long, global = true)]
    silent: bool,
    /// Also print which files were read
    #[arg(short, long, global = true, conflicts_with_all = ["quiet", "silent"])]
    verbose: bool,
}

/// How workspaces are read.
#[derive(Args, Clone, Default)]
struct Reading {
    /// The date to check as of, such as 2027-03-31 [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// The folder that paths in messages are relative to [default: the current folder]
    #[arg(long, value_name = "ROOT")]
    relative_to: Option<PathBuf>,
    /// How many threads to use [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

/// Parses a date.
fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "write a date as year-month-day, such as 2027-03-31".to_owned())
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Not a finding at the level that fails.
    Clean,
    /// Findings at the level that fails.
    Findings,
    /// The workspace could not be checked: neither clean nor findings.
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

/// Where output goes, and in which style.
struct Terminal {
    out: Box<dyn Write + Send>,
    error: Box<dyn Write + Send>,
    common: Common,
    reading: Reading,
    /// Shows the person who waits what is being done.
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

    /// The date the user gave, or today.
    fn as_of(&self) -> Date {
        self.reading.as_of.unwrap_or_else(|| {
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs());
            jiff::Timestamp::from_second(now as i64).map_or(Date::constant(1970, 1, 1), |now| now.to_zoned(jiff::tz::TimeZone::UTC).date())
        })
    }

    /// Loads and compiles the workspace at a path.
    fn compile(&mut self, path: &Path) -> Compilation {
        self.progress.say("reading files …");
        self.compiled(load(path))
    }

    /// Compiles the loaded files.
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

    /// Lists the files that were read, one per line.
    fn say_read(&mut self, loaded: &Loaded) {
        for (index, file) in loaded.sources.files.iter().enumerate() {
            let shown = loaded.sources.shown(FileId(index as u32));
            if file.origin != Origin::Library {
                // A failure to print this does not change the verdict.
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

    /// The same, with every finding at its built-in level, for commands that go ahead only without findings.
    fn checked_by_built_in_levels(&mut self, path: &Path) -> (Compilation, Vec<TestRun>) {
        let (mut compilation, runs) = self.checked(path);
        compilation.by_built_in_levels();
        (compilation, runs)
    }

    /// The result for paths that cannot be read.
    fn unread(&mut self, errors: Vec<Diagnostic>) -> Compilation {
        self.compiled(Loaded::refused(errors))
    }

    /// Prints the errors in the files, and says that Quorate did not look for gaps.
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
