//! The scope of a task as one value that people approve: its digest, and whether they approved it.

use crate::facts::Facts;
use crate::facts::atom::Atom;
use crate::model::agent::Starter;
use crate::model::{AgentId, Call, Limit, Model, TaskId};
use crate::syntax::ast::Literal;
use crate::words::literal;

pub use crate::source::digest::sha256;

/// The word for something unstated.
pub const UNSAID: &str = "unsaid";

/// What the digest covers: which agent may do what, how it runs, for what, on what basis, how much, and who starts it
/// (`docs/glossary.md`, *Scope approval*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The id of the task.
    pub task: String,
    /// The id of the agent.
    pub agent: String,
    /// The model that the agent runs on, in quotes.
    pub model: String,
    /// How freely the agent acts.
    pub autonomy: String,
    /// A line for each agent that the agent calls, in order.
    pub calls: Vec<String>,
    /// A line for each thing it may do, in order.
    pub may: Vec<String>,
    /// A line for each thing that the tool calls of the task do, in order.
    pub tools: Vec<String>,
    /// The id of the purpose.
    pub purpose: String,
    /// The lawful basis.
    pub basis: String,
    /// A line for each limit, in order.
    pub limits: Vec<String>,
    /// A line for each person or word that may start it, in order.
    pub starters: Vec<String>,
}

impl Statement {
    /// The statement of a task.
    pub fn of(model: &Model, facts: &Facts, task: TaskId) -> Statement {
        let own = &model.tasks[task.index()];
        let atoms: Vec<Atom> = facts.scope(task).iter().map(|atom| facts.atoms.get(*atom)).collect();
        let purpose = own.purpose.as_ref().map(|purpose| &model.purposes[purpose.value.index()].meta.id);
        let limit = |limit: &Limit| limit_line(&limit.input, &limit.most, limit.per);
        let mut statement = Statement {
            task: own.meta.id.to_string(),
            agent: String::new(),
            model: String::new(),
            autonomy: String::new(),
            calls: Vec::new(),
            may: sorted(atoms.iter().map(|atom| line(model, *atom))),
            tools: facts.tools.lines(model, &facts.tools.inside(atoms.iter().copied())),
            purpose: purpose.map_or(UNSAID, |purpose| purpose).to_owned(),
            basis: own.basis.as_ref().map_or(UNSAID, |basis| &basis.value).to_owned(),
            limits: sorted(own.limits.iter().map(limit)),
            starters: starter_lines(own.started_by.iter().map(|starter| starter_line(model, starter.value))),
        };
        statement.runs(model, own.agent);
        statement
    }

    /// Adds that an agent carries the task out, with everything that its declaration states.
    pub fn runs(&mut self, model: &Model, agent: AgentId) {
        let own = &model.agents[agent.index()];
        let call = |call: &Call| call_line(model, call.agent, call.task);
        self.agent = own.meta.id.to_string();
        self.model = own.model.as_ref().map_or(UNSAID.to_owned(), |said| literal::quoted(&said.value));
        self.autonomy = own.autonomy.as_ref().map_or(UNSAID, |said| &said.value).to_owned();
        self.calls = match own.calls.known() {
            None => vec![format!("calls {UNSAID}")],
            Some(calls) => call_lines(calls.iter().map(call)),
        };
    }

    /// The text that is digested.
    pub fn text(&self) -> String {
        let mut text = format!(
            "task {}\nagent {}\nmodel {}\nautonomy {}\n",
            self.task, self.agent, self.model, self.autonomy
        );
        let mut add = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        self.calls.iter().chain(&self.may).chain(&self.tools).for_each(|line| add(line));
        add(&format!("purpose {}", self.purpose));
        add(&format!("basis {}", self.basis));
        self.limits.iter().chain(&self.starters).for_each(|line| add(line));
        text
    }

    /// Its digest, as `sha256:…`.
    pub fn digest(&self) -> String {
        sha256(self.text().as_bytes())
    }
}

/// The lines that the digest covers.
pub fn statement(model: &Model, facts: &Facts, task: TaskId) -> String {
    Statement::of(model, facts, task).text()
}

/// Lines in order, each once.
pub fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The line of a limit.
pub fn limit_line(input: &str, most: &Literal, per: Option<i64>) -> String {
    let per = per.map_or(String::new(), |per| format!(" per {}", literal::duration(per)));
    // A word can be any text, so it could contain what looks like another line.
    let most = match most {
        Literal::Word(word) => literal::quoted(word),
        Literal::Integer(_) | Literal::Boolean(_) | Literal::Money(_) => most.to_source(),
    };
    format!("limit {input} {most}{per}")
}

/// The line of something that a task may do.
pub fn line(model: &Model, atom: Atom) -> String {
    let (action, data, system) = atom.metas(model);
    format!("may {} {} in {}", action.id, data.id, system.id)
}

/// The line of a called agent, for one task or for any.
pub fn call_line(model: &Model, agent: AgentId, task: Option<TaskId>) -> String {
    let task = task.map_or("any task", |task| &model.tasks[task.index()].meta.id);
    format!("calls {} doing {task}", model.agents[agent.index()].meta.id)
}

/// The lines of the called agents, or one line that states there are none.
pub fn call_lines(calls: impl Iterator<Item = String>) -> Vec<String> {
    let calls = sorted(calls);
    match calls.is_empty() {
        true => vec!["calls none".to_owned()],
        false => calls,
    }
}

/// The line of somebody who may start a task.
pub fn starter_line(model: &Model, starter: Starter) -> String {
    match starter {
        Starter::Schedule => "started_by schedule".to_owned(),
        Starter::Outsider => "started_by outsider".to_owned(),
        Starter::People(party) => format!("started_by {}", party.meta(model).id),
    }
}

/// The lines of those who may start a task, or one line that states it is any person.
pub fn starter_lines(starters: impl Iterator<Item = String>) -> Vec<String> {
    let starters = sorted(starters);
    match starters.is_empty() {
        true => vec!["started_by any person".to_owned()],
        false => starters,
    }
}

/// `sha256:…` of the statement.
pub fn digest(model: &Model, facts: &Facts, task: TaskId) -> String {
    Statement::of(model, facts, task).digest()
}
