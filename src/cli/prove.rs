//! `quorate prove`

mod cvc5;

use crate::cli::check::plural;
use crate::cli::{Exit, Terminal, Workspace};
use crate::diagnostic::Level;
use crate::emit::cedar;
use crate::emit::loss::told;
use crate::emit::lower;
use crate::emit::waived::Waived;
use crate::prove::proof::{Kind, Proof, Shown};
use crate::prove::questions::prove;
use crate::report;
use clap::{Args, ValueEnum};
use cvc5::Cvc5;
use std::io::Write;

#[derive(Args)]
pub(super) struct Prove {
    #[command(flatten)]
    workspace: Workspace,
    /// How the outcome is written
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For scripts
    Json,
}

impl Prove {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (compilation, _) = terminal.checked_by_built_in_levels(&self.workspace.path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        if compilation.count(Level::Error) > 0 {
            let summary = crate::cli::check::summary(&compilation);
            writeln!(terminal.error, "{summary}\nnothing is proved while a gap is open")?;
            return Ok(Exit::Findings);
        }
        let solver = match Cvc5::found() {
            Ok(solver) => solver,
            Err(sentence) => return refuse(terminal, &sentence),
        };
        let policy = lower::policy(
            &compilation.sources,
            &meaning.model,
            &meaning.facts,
            &compilation.serves(),
            &Waived::of(&compilation),
        );
        let emitted = match cedar::emit(&policy) {
            Ok(emitted) => emitted,
            Err(loss) => {
                let lines = told(&compilation.sources, &meaning.model, &meaning.facts, &policy, &loss);
                return refuse(terminal, &lines.join("\n  "));
            }
        };
        let proof = match prove(&policy, &emitted, &solver, &Kind::ALL) {
            Ok(proof) => proof,
            Err(sentence) => return refuse(terminal, &sentence),
        };
        match self.format {
            Format::Human => write!(terminal.out, "{}", report::proof::text(&proof))?,
            Format::Json => write!(terminal.out, "{}", report::proof::json(&proof))?,
        }
        terminal.out.flush()?;
        if !terminal.common.quiet {
            writeln!(terminal.error, "{}", summary(&proof))?;
        }
        Ok(exit(&proof))
    }
}

fn exit(proof: &Proof) -> Exit {
    match (proof.is_refuted(), proof.is_whole()) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::Clean,
        (false, false) => Exit::CouldNotCheck,
    }
}

fn summary(proof: &Proof) -> String {
    let refuted = proof.shown.iter().filter(|shown| shown.is_refuted()).count();
    let proved = proof.shown.iter().filter(|shown| shown.is_proved()).count();
    let questions: usize = proof.shown.iter().map(|shown: &Shown| shown.questions).sum();
    format!(
        "{} in {}: {proved} proved, {refuted} refuted, {} not proved · by {}",
        plural(proof.shown.len(), "claim"),
        plural(questions, "question"),
        proof.shown.len() - proved - refuted,
        proof.solver
    )
}

fn refuse(terminal: &mut Terminal, sentence: &str) -> std::io::Result<Exit> {
    writeln!(terminal.error, "error: {sentence}\nnothing is proved")?;
    Ok(Exit::CouldNotCheck)
}
