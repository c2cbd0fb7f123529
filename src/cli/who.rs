//! `quorate who`: the question the project exists for.

use crate::cli::{Exit, Terminal};
use crate::compile::Meaning;
use crate::facts::AtomId;
use crate::report::who::{self, Question};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Who {
    /// The agent
    #[arg(required_unless_present = "task")]
    agent: Option<String>,
    /// The action, as write or write.update
    #[arg(required_unless_present = "task")]
    action: Option<String>,
    /// The class of data, as customer.consent
    #[arg(required_unless_present = "task")]
    data: Option<String>,
    /// `in SYSTEM`; every system without it
    #[arg(value_name = "in SYSTEM", num_args = 0..=2)]
    place: Vec<String>,
    /// Print the scope of a task and its digest instead
    #[arg(long, value_name = "TASK", conflicts_with_all = ["agent"])]
    task: Option<String>,
    /// The workspace
    #[arg(long, default_value = ".", value_name = "PATH")]
    path: PathBuf,
}

impl Who {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let compilation = terminal.compile(&self.path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        if let Some(task) = &self.task {
            return self.scope(terminal, meaning, task);
        }
        let words = [&self.agent, &self.action, &self.data].map(|word| word.as_deref().unwrap_or_default());
        let system = match &self.place[..] {
            [] => None,
            [word, system] if word == "in" => Some(system.as_str()),
            [system] if system != "in" => Some(system.as_str()),
            _ => return refuse(terminal, "write `in` and the name of a system at the end"),
        };
        let question = match Question::read(&meaning.model, words[0], words[1], words[2], system) {
            Ok(question) => question,
            Err(message) => return refuse(terminal, &message),
        };
        let atoms: Vec<AtomId> = question.atoms(meaning);
        if atoms.is_empty() {
            // What it changes elsewhere may arrive there.
            let coming = who::arrival::coming(meaning, &question);
            if !coming.is_empty() {
                for block in who::arrival::arriving(&compilation, meaning, &question, &coming) {
                    writeln!(terminal.out, "{block}")?;
                }
                return Ok(Exit::Clean);
            }
            return refuse(
                terminal,
                &format!("{} cannot reach that: no task, credential or call of it leads there", words[0]),
            );
        }
        for block in who::answer(&compilation, meaning, &question, &atoms) {
            writeln!(terminal.out, "{block}")?;
        }
        Ok(Exit::Clean)
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

fn refuse(terminal: &mut Terminal, message: &str) -> std::io::Result<Exit> {
    writeln!(terminal.error, "error: {message}")?;
    Ok(Exit::CouldNotCheck)
}
