//! The command line: it loads, calls [`compile`](crate::compile), picks a renderer and returns an exit code.
#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads the clock and the environment and writes files"
)]

use crate::compile::{Compilation, Options, compile};
use crate::diagnostic::render::Style;
use crate::emit::trial::{self, Deciders, Trial};
use crate::workspace::load;
use clap::{Args, ColorChoice, Parser, Subcommand};
use jiff::civil::Date;
use output::Output;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

mod build;
mod check;
mod decide;
mod explain;
mod fix;
mod fmt;
mod folder;
mod model;
mod output;
mod prove;
mod report;
mod test;
mod who;

/// Governance as code: who is accountable when an AI agent changes data incorrectly?
#[derive(Parser)]
#[command(name = "quorate", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
    /// The resolved model as JSON
    Model(model::Model),
    /// Show the page of a check, or the list of all
    Explain(explain::Explain),
}

/// What every command takes.
#[derive(Args)]
struct Common {
    /// The day the workspace is read as of, as 2027-03-31 [default: today, UTC]
    #[arg(long, global = true, value_name = "DATE")]
    as_of: Option<Date>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// Say less: no summary
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How many threads to use [default: one for each core]
    #[arg(long, global = true, value_name = "N")]
    jobs: Option<usize>,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    let cli = match Cli::try_parse() {
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
    if let Some(jobs) = cli.common.jobs {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    let mut terminal = Terminal {
        out: Box::new(std::io::BufWriter::new(Output::to(std::io::stdout()))),
        error: Box::new(Output::to(std::io::stderr())),
        common: cli.common,
    };
    let outcome = match &cli.command {
        Command::Check(check) => check.run(&mut terminal),
        Command::Build(build) => build.run(&mut terminal),
        Command::Report(report) => report.run(&mut terminal),
        Command::Test(test) => test.run(&mut terminal),
        Command::Prove(prove) => prove.run(&mut terminal),
        Command::Decide(decide) => decide.run(&mut terminal),
        Command::Fmt(fmt) => fmt.run(&mut terminal),
        Command::Who(who) => who.run(&mut terminal),
        Command::Model(model) => model.run(&mut terminal),
        Command::Explain(explain) => explain.run(&mut terminal),
    };
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
}

impl Terminal {
    /// How diagnostics are drawn on standard output.
    fn style(&self) -> Style {
        let wanted = match self.common.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let plain = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty())
                    || std::env::var("TERM").is_ok_and(|term| term == "dumb");
                std::io::stdout().is_terminal() && !plain
            }
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        Style {
            color: wanted,
            width: columns.unwrap_or(110_usize).clamp(60, 160),
        }
    }

    /// The day that was asked for, or today.
    fn as_of(&self) -> Date {
        self.common.as_of.unwrap_or_else(|| {
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs());
            jiff::Timestamp::from_second(now as i64).map_or(Date::constant(1970, 1, 1), |now| now.to_zoned(jiff::tz::TimeZone::UTC).date())
        })
    }

    /// Loads and compiles a workspace.
    fn compile(&self, path: &std::path::Path) -> Compilation {
        let loaded = load(path);
        let options = Options {
            as_of: self.as_of(),
            horizon: loaded.settings.horizon(),
            name: loaded.settings.name.clone(),
            levels: loaded.settings.levels,
        };
        let mut compilation = compile(loaded.sources, options, loaded.slips);
        compilation.left_out = loaded.left_out;
        compilation
    }

    /// Loads and compiles a workspace, and runs its tests.
    fn checked(&self, path: &std::path::Path) -> (Compilation, Vec<Trial>) {
        let mut compilation = self.compile(path);
        let trials = trial::hold(&mut compilation, Deciders::All);
        compilation.hold_levels();
        (compilation, trials)
    }

    /// The same, with every finding by its built-in level: for what is let through on the strength of there being none.
    fn checked_by_built_in_levels(&self, path: &std::path::Path) -> (Compilation, Vec<Trial>) {
        let (mut compilation, trials) = self.checked(path);
        compilation.by_built_in_levels();
        (compilation, trials)
    }

    /// Says what is wrong with the text, and that nothing is said about gaps.
    fn could_not_check(&mut self, compilation: &Compilation) -> std::io::Result<Exit> {
        let style = self.style();
        for slip in &compilation.slips {
            write!(self.out, "{}", crate::diagnostic::render::render(&compilation.sources, slip, style))?;
        }
        self.out.flush()?;
        if !self.common.quiet {
            let count = compilation.slips.len();
            let errors = if count == 1 {
                "1 error".to_owned()
            } else {
                format!("{count} errors")
            };
            writeln!(self.error, "could not check: {errors}, so nothing is said about gaps")?;
        }
        Ok(Exit::CouldNotCheck)
    }
}

/// The workspace a command reads.
#[derive(Args)]
struct Workspace {
    /// A workspace folder, or one `.gov` file
    #[arg(default_value = ".")]
    path: PathBuf,
}
