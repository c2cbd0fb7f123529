//! `quorate prove`

pub(super) mod cvc5;
mod earlier;

use crate::cli::{Exit, Terminal, Workspace};
use crate::diagnostic::Level;
use crate::emit::cedar;
use crate::emit::loss::told;
use crate::emit::lower;
use crate::emit::policy::Policy;
use crate::emit::waived::Waived;
use crate::prove::against::{Earlier, Files};
use crate::prove::proof::{Kind, Proof, Shown};
use crate::prove::questions::{Wanted, governed, prove};
use crate::prove::solver::PATIENCE;
use crate::report;
use crate::words::plural;
use clap::{Args, ValueEnum};
use cvc5::Cvc5;
use earlier::Texts;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Args)]
pub(super) struct Prove {
    #[command(flatten)]
    pub(super) workspace: Workspace,
    /// Prove only the claims about the permits of this domain; may be given more than once
    #[arg(long = "domain", value_name = "DOMAIN")]
    domains: Vec<String>,
    /// Prove instead that the policies allow nothing that the earlier build in this folder refused
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// The longest time for one question to the solver, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = PATIENCE.as_secs(), value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// The format of the result
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
        let asking = "asking the solver …";
        terminal.progress.say(asking);
        let solver = match Cvc5::found(Duration::from_secs(self.timeout)) {
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
        let domains = match self.domains(&policy) {
            Ok(domains) => domains,
            Err(sentence) => return refuse(terminal, &sentence),
        };
        let earlier = match self.against.as_deref().map(|folder| earlier(folder, &emitted)).transpose() {
            Ok(earlier) => earlier,
            Err(sentence) => return refuse(terminal, &sentence),
        };
        let (started, human, quiet) = (Instant::now(), self.format == Format::Human, terminal.common.quiet);
        let mut written = Ok(());
        let mut told = |shown: &Shown| {
            let mut tell = || {
                if human {
                    write!(terminal.out, "{}", report::proof::line(shown))?;
                    terminal.out.flush()?;
                }
                match quiet {
                    true => Ok(()),
                    false => writeln!(terminal.error, "{:>9.1} s  {}", started.elapsed().as_secs_f64(), shown.of),
                }
            };
            if written.is_ok() {
                written = tell();
            }
            terminal.progress.say(asking);
        };
        let wanted = Wanted {
            kinds: match earlier {
                None => &Kind::ALL,
                Some(_) => &[Kind::Within],
            },
            domains: &domains,
            earlier: earlier.as_ref(),
            told: &mut told,
        };
        let proof = prove(&policy, &emitted, &solver, wanted);
        written?;
        let proof = match proof {
            Ok(proof) => proof,
            Err(sentence) if human => return refuse(terminal, &format!("{sentence}; the lines above do not count")),
            Err(sentence) => return refuse(terminal, &sentence),
        };
        if !human {
            write!(terminal.out, "{}", report::proof::json(&proof))?;
        }
        terminal.out.flush()?;
        if !terminal.common.quiet {
            writeln!(terminal.error, "{}", summary(&proof))?;
        }
        Ok(exit(&proof))
    }
}

impl Prove {
    /// The ids of the domains that the user named.
    fn domains(&self, policy: &Policy) -> Result<BTreeSet<String>, String> {
        let mut domains = BTreeSet::new();
        for name in &self.domains {
            let called = |id: &&String| *id == name || id.rsplit('.').next() == Some(name);
            let ids: BTreeSet<String> = policy.domains.keys().filter(called).cloned().collect();
            if ids.is_empty() {
                return Err(format!("there is no domain `{name}` in this workspace"));
            }
            if !policy.groups.iter().any(|group| governed(group, &ids)) {
                return Err(format!(
                    "the domain `{name}` does not govern an action, so there is nothing to prove"
                ));
            }
            domains.extend(ids);
        }
        Ok(domains)
    }
}

fn earlier(folder: &Path, today: &cedar::Cedar) -> Result<Earlier, String> {
    let texts = Texts::read(folder)?;
    let earlier = Earlier::new(texts.files(), Files::of(today));
    earlier.map_err(|sentence| format!("{}: {sentence}", folder.display()))
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
    let alone = match proof.domains.is_empty() {
        true => String::new(),
        false => format!(" · of {} alone", proof.domains.join(", ")),
    };
    let against = match proof.against.is_empty() {
        true => "",
        false => " · compared with the earlier build only",
    };
    format!(
        "{} in {}: {proved} proved, {refuted} refuted, {} not proved{alone}{against} · by {}",
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
