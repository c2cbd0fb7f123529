//! `quorate decide`

use crate::cli::folder;
use crate::cli::{Exit, Reading, Terminal};
use crate::diagnostic::Level;
use crate::emit::answer::Answer;
use crate::emit::decide::{Decisions, EngineChoice};
use crate::emit::lower;
use crate::emit::reason::Reason;
use crate::emit::strict;
use crate::emit::waived::Waived;
use crate::words::counted;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

/// The most lines answered in one batch.
const TOGETHER: usize = 1_024;

/// The longest request in bytes, so that one line cannot fill the memory.
const LONGEST: usize = 1 << 20;

#[derive(Args)]
pub(super) struct Decide {
    /// A workspace folder, one `.gov` file, or a folder that `quorate build` wrote
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The requests, one JSON object per line; `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    requests: String,
    /// What answers
    #[arg(long, value_enum, default_value = "all")]
    engine: Engine,
    /// The format of the answers
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Add sentences to each JSON answer: why it denies, or which obligations it has
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    pub(super) reading: Reading,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// The model, Cedar and Rego, which must agree
    All,
    /// The model
    Model,
    /// Cedar
    Cedar,
    /// Rego
    Rego,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For scripts, one object per line
    Json,
    /// For people
    Human,
}

/// The answer to one line, and whether the line could be answered.
struct Said {
    text: String,
    answered: bool,
}

type Line = std::io::Result<Vec<u8>>;

impl Decide {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let decisions = match self.decisions(terminal)? {
            Ok(decisions) => decisions,
            Err(exit) => return Ok(exit),
        };
        let reader: Box<dyn Read + Send> = match self.requests.as_str() {
            "-" => Box::new(std::io::stdin()),
            path => match std::fs::File::open(Path::new(path)) {
                Ok(file) => Box::new(file),
                Err(error) => return refuse(terminal, &format!("cannot read {path}: {}", crate::workspace::reason(&error))),
            },
        };
        self.answer(terminal, &decisions, reader)
    }

    /// The deciders, or how the run ends without them.
    fn decisions(&self, terminal: &mut Terminal) -> std::io::Result<Result<Decisions, Exit>> {
        let choice = match self.engine {
            Engine::All => EngineChoice::All,
            Engine::Model => EngineChoice::Model,
            Engine::Cedar => EngineChoice::Cedar,
            Engine::Rego => EngineChoice::Rego,
        };
        let decisions = if folder::ours(&self.path) {
            folder::built(&self.path).and_then(|built| Decisions::built(&built, choice))
        } else {
            let (compilation, _) = terminal.checked_by_built_in_levels(&self.path);
            let Some(meaning) = &compilation.meaning else {
                return terminal.could_not_check(&compilation).map(Err);
            };
            if compilation.count(Level::Error) > 0 {
                let summary = crate::cli::check::summary(&compilation);
                writeln!(terminal.error, "{summary}\nnothing is decided while a gap is open")?;
                return Ok(Err(Exit::Findings));
            }
            let policy = lower::policy(
                &compilation.sources,
                &meaning.model,
                &meaning.facts,
                &compilation.serves(),
                &Waived::of(&compilation),
            );
            Decisions::of(policy, choice)
        };
        match decisions {
            Ok(decisions) => Ok(Ok(decisions)),
            Err(sentence) => refuse(terminal, &sentence).map(Err),
        }
    }

    /// Answers lines until there are none left. Lines that have arrived are answered before it waits for the next one.
    fn answer(&self, terminal: &mut Terminal, decisions: &Decisions, reader: Box<dyn Read + Send>) -> std::io::Result<Exit> {
        let lines = lines(reader);
        let (mut number, mut unanswered) = (0, 0);
        while let Ok(first) = lines.recv() {
            let mut batch: Vec<(usize, Vec<u8>)> = Vec::new();
            for line in [first].into_iter().chain(lines.try_iter().take(TOGETHER - 1)) {
                number += 1;
                match line {
                    Ok(line) if line.iter().all(u8::is_ascii_whitespace) => {}
                    Ok(line) => batch.push((number, line)),
                    Err(error) => {
                        return refuse(
                            terminal,
                            &format!("cannot read line {number}: {}", crate::workspace::reason(&error)),
                        );
                    }
                }
            }
            let said: Vec<Said> = batch.par_iter().map(|(number, line)| self.say(decisions, *number, line)).collect();
            for Said { text, answered } in said {
                writeln!(terminal.out, "{text}")?;
                unanswered += usize::from(!answered);
            }
            terminal.out.flush()?;
        }
        if unanswered == 0 {
            return Ok(Exit::Clean);
        }
        let lines = counted(unanswered, "line was", "lines were");
        writeln!(
            terminal.error,
            "error: {lines} denied because {} could not be decided",
            if unanswered == 1 { "it" } else { "they" }
        )?;
        Ok(Exit::CouldNotCheck)
    }

    fn say(&self, decisions: &Decisions, number: usize, line: &[u8]) -> Said {
        let read = match line.len() <= LONGEST {
            true => strict::read(line),
            false => Err("the line is longer than 1 MiB".to_owned()),
        };
        let (answer, error, answered) = match read {
            Ok(request) => match decisions.answer(&request) {
                Ok(answer) => {
                    let malformed = answer.reasons().contains(&Reason::Malformed);
                    (answer, malformed.then(|| decisions.malformed(&request)).flatten(), true)
                }
                // The deciders disagree, so the request is not allowed.
                Err(sentence) => (Answer::default(), Some(sentence), false),
            },
            // JSON that is not a request gets a decision: nobody can read it as a request. A line that is not
            // even JSON could not be read.
            Err(sentence) => {
                let json = line.len() <= LONGEST && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
                (Answer::no(Reason::Malformed), Some(sentence), json)
            }
        };
        let sentences: Vec<String> = decisions.sentences(&answer).into_iter().chain(error.clone()).collect();
        let text = match self.format {
            Format::Human if answer.allow && sentences.is_empty() => format!("{number} allowed"),
            Format::Human if answer.allow => format!("{number} allowed: {}", sentences.join("; ")),
            Format::Human => format!("{number} denied: {}", sentences.join("; ")),
            Format::Json => {
                let mut value = answer.json(decisions.revision());
                if self.explain {
                    value["context"]["sentences"] = json!(sentences);
                }
                if let Some(error) = &error {
                    value["context"]["error"] = json!(error);
                }
                value.to_string()
            }
        };
        Said { text, answered }
    }
}

fn refuse(terminal: &mut Terminal, sentence: &str) -> std::io::Result<Exit> {
    terminal.out.flush()?;
    writeln!(terminal.error, "error: {sentence}")?;
    Ok(Exit::CouldNotCheck)
}

/// The lines of a stream, read ahead while earlier ones are answered. It ends when its reader is gone.
fn lines(reader: Box<dyn Read + Send>) -> Receiver<Line> {
    let (send, receive) = sync_channel(TOGETHER);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        loop {
            let mut line = Vec::new();
            let (next, last) = match read_line(&mut reader, &mut line) {
                Ok(false) => return,
                Ok(true) => (Ok(line), false),
                Err(error) => (Err(error), true),
            };
            if send.send(next).is_err() || last {
                return;
            }
        }
    });
    receive
}

/// The next line, if there is one. It keeps only the beginning of a line that is too long.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    let read = reader.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', line)?;
    if read > LONGEST && !line.ends_with(b"\n") {
        reader.skip_until(b'\n')?;
    }
    Ok(read > 0)
}
