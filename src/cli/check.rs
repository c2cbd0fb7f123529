//! `quorate check`

use crate::cli::fix::{self, Fixed};
use crate::cli::{Exit, Terminal, Workspace};
use crate::compile::Compilation;
use crate::diagnostic::Level;
use crate::diagnostic::render::render;
use clap::{Args, ValueEnum};
use std::io::Write;

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    workspace: Workspace,
    /// How findings are written
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Make the edits that cannot weaken anything, then check
    #[arg(long)]
    fix: bool,
    /// The level from which findings fail
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, with the text
    Human,
    /// One line for each finding
    Concise,
    /// For scripts
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl Check {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (mut compilation, _) = terminal.checked(&self.workspace.path);
        if self.fix && compilation.slips.is_empty() {
            match fix::fix(terminal, &self.workspace.path, &compilation)? {
                Fixed::Nothing => {}
                Fixed::Written => compilation = terminal.checked(&self.workspace.path).0,
                Fixed::Refused => return Ok(Exit::CouldNotCheck),
            }
        }
        if !compilation.slips.is_empty() && !matches!(self.format, Format::Json) {
            return terminal.could_not_check(&compilation);
        }
        match self.format {
            Format::Human => {
                let style = terminal.style();
                for finding in &compilation.findings {
                    write!(terminal.out, "{}", render(&compilation.sources, finding, style))?;
                }
            }
            Format::Concise => {
                for finding in &compilation.findings {
                    let place = finding.span().map_or(String::new(), |span| {
                        let position = compilation.sources.position(span.file, span.start);
                        format!(
                            "{}:{}:{}: ",
                            compilation.sources.file(span.file).name,
                            position.line,
                            position.column
                        )
                    });
                    let code = finding.code.map_or(String::new(), |code| format!("[{}] {}", code.id, code.name));
                    let waived = finding.finding.waived_by.as_ref();
                    let waived = waived.map_or(String::new(), |waiver| format!(" (waived by {waiver})"));
                    writeln!(terminal.out, "{place}{}{code}: {}{waived}", finding.level.word(), finding.message)?;
                }
            }
            Format::Json => writeln!(terminal.out, "{}", crate::report::findings::json(&compilation))?,
        }
        terminal.out.flush()?;
        if !compilation.slips.is_empty() {
            return Ok(Exit::CouldNotCheck);
        }
        if !terminal.common.quiet {
            writeln!(terminal.error, "{}", summary(&compilation))?;
        }
        let threshold = match self.fail_on {
            FailOn::Error => Some(Level::Error),
            FailOn::Warning => Some(Level::Warning),
            FailOn::Note => Some(Level::Note),
            FailOn::Never => None,
        };
        let fails = threshold.is_some_and(|level| compilation.open().any(|finding| finding.level >= level));
        // The process ends here: freeing a large model piece by piece would only take time.
        std::mem::forget(compilation);
        Ok(if fails { Exit::Findings } else { Exit::Clean })
    }
}

/// `3 errors, 1 warning in 4 files · 3 agents, 4 domains, 38 decision points · as of 2026-11-23`, and on a line each what that did
/// not look at.
pub(super) fn summary(compilation: &Compilation) -> String {
    let counted =
        [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")].map(|(level, word)| (compilation.count(level), word));
    let found: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(*count, word))
        .collect();
    let unseen = compilation.unseen();
    let mut found = if found.is_empty() {
        unseen.no_gaps().to_owned()
    } else {
        found.join(", ")
    };
    if compilation.waived() > 0 {
        found += &format!(", {} waived", compilation.waived());
    }
    let first = format!(
        "{found} in {} · {} · as of {}",
        plural(compilation.file_count(), "file"),
        population(compilation),
        compilation.options.as_of
    );
    unseen.all_lines().iter().fold(first, |all, line| format!("{all}\n  {line}"))
}

/// `3 agents, 4 domains, 38 decision points`
pub(super) fn population(compilation: &Compilation) -> String {
    compilation.meaning.as_ref().map_or(String::new(), |meaning| {
        let agents = plural(meaning.model.agents.len(), "agent");
        let domains = plural(meaning.model.domains.len(), "domain");
        format!("{agents}, {domains}, {}", plural(meaning.facts.decision_points, "decision point"))
    })
}

/// `1 file`, `2 files`
pub(super) fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
