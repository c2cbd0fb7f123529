//! `quorate who`: the question that Quorate exists to answer.

use crate::cli::{Exit, Reading, Terminal};
use crate::compile::Meaning;
use crate::facts::AtomId;
use crate::report::who::{self, Question};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Args)]
pub(super) struct Who {
    /// The agent, the action such as write.update, the data class such as customer.consent, and optionally `in SYSTEM`;
    /// a path may come first
    #[arg(value_name = "[PATH] AGENT ACTION DATA [in SYSTEM]", num_args = 0.., required_unless_present = "task")]
    words: Vec<String>,
    /// Print the scope of this task and its digest instead
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// The workspace
    #[arg(long, value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: Reading,
}

impl Who {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (path, words) = self.split();
        let compilation = terminal.compile(&path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        if let Some(task) = &self.task {
            return match words {
                [] => self.scope(terminal, meaning, task),
                [word, ..] => refuse(terminal, &format!("`--task` takes a path and nothing else: remove `{word}`")),
            };
        }
        let (words, system) = match words {
            [agent, action, data] => ([agent, action, data], None),
            [agent, action, data, word, system] if word == "in" => ([agent, action, data], Some(system.as_str())),
            [agent, action, data, system] if system != "in" => ([agent, action, data], Some(system.as_str())),
            [_, _, _, ..] => return refuse(terminal, "write `in` and the name of a system at the end"),
            _ => {
                return refuse(
                    terminal,
                    "write an agent, an action and a class of data, as `campaign write.update customer.consent`",
                );
            }
        };
        let question = match Question::read(&meaning.model, words[0], words[1], words[2], system) {
            Ok(question) => question,
            Err(message) => return refuse(terminal, &message),
        };
        let atoms: Vec<AtomId> = question.atoms(meaning);
        if atoms.is_empty() {
            // Its changes elsewhere may flow into this data.
            let coming = who::arrival::coming(meaning, &question);
            if !coming.is_empty() {
                for block in who::arrival::downstream_rules(&compilation, meaning, &question, &coming) {
                    writeln!(terminal.out, "{block}")?;
                }
                return Ok(Exit::Clean);
            }
            return refuse(
                terminal,
                &format!(
                    "{} cannot reach that: none of its tasks, credentials or calls leads there",
                    words[0]
                ),
            );
        }
        for block in who::answer(&compilation, meaning, &question, &atoms) {
            writeln!(terminal.out, "{block}")?;
        }
        Ok(Exit::Clean)
    }

    /// The path and the words of the question.
    fn split(&self) -> (PathBuf, &[String]) {
        match (&self.path, &self.words[..]) {
            (Some(path), words) => (path.clone(), words),
            (None, [first, rest @ ..]) if names_a_path(first, rest) => (first.into(), rest),
            (None, words) => (".".into(), words),
        }
    }

    fn scope(&self, terminal: &mut Terminal, meaning: &Meaning, name: &str) -> std::io::Result<Exit> {
        let tasks = meaning
            .model
            .tasks
            .iter()
            .position(|task| *task.meta.name == *name || *task.meta.id == *name);
        let Some(index) = tasks else {
            let near = crate::syntax::nearest(name, meaning.model.tasks.iter().map(|task| &*task.meta.name));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return refuse(terminal, &format!("no task is called `{name}`{hint}"));
        };
        let task = crate::model::TaskId(index as u32);
        write!(
            terminal.out,
            "{}",
            crate::facts::scope::statement(&meaning.model, &meaning.facts, task)
        )?;
        writeln!(
            terminal.out,
            "\nscope \"{}\"",
            crate::facts::scope::digest(&meaning.model, &meaning.facts, task)
        )?;
        Ok(Exit::Clean)
    }
}

/// Whether the first word is a path: it looks like one, or it is a folder and an agent and an action follow.
fn names_a_path(first: &str, rest: &[String]) -> bool {
    let written = first.contains(['/', '\\']) || matches!(first, "." | "..") || first.ends_with(".gov");
    let action = |word: &String| word.starts_with("read") || word.starts_with("write");
    written || (Path::new(first).is_dir() && !rest.first().is_some_and(action))
}

fn refuse(terminal: &mut Terminal, message: &str) -> std::io::Result<Exit> {
    writeln!(terminal.error, "error: {message}")?;
    Ok(Exit::CouldNotCheck)
}
