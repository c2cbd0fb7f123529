//! The scope of a task as one value that people approve: its digest, and whether they approved it.

use crate::facts::Facts;
use crate::facts::atom::Atom;
use crate::facts::written::{constant, duration};
use crate::model::agent::Starter;
use crate::model::{At, Limit, Model, TaskId};

pub use crate::source::digest::sha256;

/// What the digest covers: what the task may do, for what, on what basis, how much (`docs/glossary.md`, *Scope approval*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The id of the task.
    pub task: String,
    /// The id of the agent.
    pub agent: String,
    /// A line for each thing it may do, in order.
    pub may: Vec<String>,
    /// The id of the purpose.
    pub purpose: String,
    /// The lawful basis.
    pub basis: String,
    /// A line for each limit, in order.
    pub limits: Vec<String>,
    /// A line for each who may start it, in order. Of a task that says nothing there is none, so that the digest is the one that its approvers
    /// may have signed before there was anything to say.
    pub starters: Vec<String>,
}

impl Statement {
    /// Of a task.
    pub fn of(model: &Model, facts: &Facts, task: TaskId) -> Statement {
        let own = &model.tasks[task.index()];
        let mut may: Vec<String> = facts.scope(task).iter().map(|atom| line(model, facts.atoms.get(*atom))).collect();
        may.sort_unstable();
        let purpose = own.purpose.as_ref().map(|purpose| &model.purposes[purpose.value.index()].meta.id);
        let limit = |limit: &Limit| limit_line(&limit.input, &constant(&limit.most), limit.per);
        let mut limits: Vec<String> = own.limits.iter().map(limit).collect();
        limits.sort_unstable();
        let starter = |starter: &At<Starter>| match starter.value {
            Starter::Schedule => "started_by schedule".to_owned(),
            Starter::Outsider => "started_by outsider".to_owned(),
            Starter::People(party) => format!("started_by {}", party.meta(model).id),
        };
        let mut starters: Vec<String> = own.started_by.iter().map(starter).collect();
        starters.sort_unstable();
        Statement {
            task: own.meta.id.to_string(),
            agent: model.agents[own.agent.index()].meta.id.to_string(),
            may,
            purpose: purpose.map_or("unsaid", |purpose| purpose).to_owned(),
            basis: own.basis.as_ref().map_or("unsaid", |basis| &basis.value).to_owned(),
            limits,
            starters,
        }
    }

    /// It as it is digested.
    pub fn text(&self) -> String {
        let mut text = format!("task {}\nagent {}\n", self.task, self.agent);
        let mut add = |line: &str| {
            text.push_str(line);
            text.push('\n');
        };
        self.may.iter().for_each(|line| add(line));
        add(&format!("purpose {}", self.purpose));
        add(&format!("basis {}", self.basis));
        self.limits.iter().chain(&self.starters).for_each(|line| add(line));
        text
    }

    /// `sha256:…` of it.
    pub fn digest(&self) -> String {
        sha256(self.text().as_bytes())
    }
}

/// The lines that the digest covers.
pub fn statement(model: &Model, facts: &Facts, task: TaskId) -> String {
    Statement::of(model, facts, task).text()
}

/// The line of a limit.
pub fn limit_line(input: &str, most: &str, per: Option<i64>) -> String {
    let per = per.map_or(String::new(), |per| format!(" per {}", duration(per)));
    format!("limit {input} {most}{per}")
}

/// The line of something that a task may do.
pub fn line(model: &Model, atom: Atom) -> String {
    let (action, data, system) = atom.metas(model);
    format!("may {} {} in {}", action.id, data.id, system.id)
}

/// `sha256:…` of the statement.
pub fn digest(model: &Model, facts: &Facts, task: TaskId) -> String {
    Statement::of(model, facts, task).digest()
}
