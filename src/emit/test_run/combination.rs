//! The combinations that a test tries: each agent with each attempt, each line of inputs, of approvals and of who
//! asked.

use crate::facts::atom::{Atom, expand};
use crate::model::agent::Starter;
use crate::model::workspace::Inputs;
use crate::model::{AgentId, At, Given, Model, TaskId, Test};

/// The most combinations that are tried; more is a mistake in the test.
pub(super) const MOST: usize = 10_000;

/// One of the things that a test tries.
#[derive(Clone, Copy)]
pub(super) struct Combination<'t> {
    pub agent: AgentId,
    /// The task that the test names.
    pub task: Option<TaskId>,
    pub atom: Atom,
    pub inputs: Option<&'t At<Inputs>>,
    pub approved: Option<&'t At<Vec<Given>>>,
    pub asked: Option<&'t At<Starter>>,
}

/// Every combination in the order of the lines; none if there are too many.
pub(super) fn every<'t>(model: &Model, test: &'t Test) -> Option<Vec<Combination<'t>>> {
    let mut atoms: Vec<Atom> = Vec::new();
    for grant in &test.attempts {
        for atom in expand(model, grant) {
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
            if atoms.len() > MOST {
                return None;
            }
        }
    }
    let inputs = alternatives(&test.inputs);
    let approved = alternatives(&test.approved);
    let asked = alternatives(&test.asked);
    let sizes = [test.agents.len(), atoms.len(), inputs.len(), approved.len(), asked.len()];
    sizes
        .iter()
        .try_fold(1_usize, |product, size| product.checked_mul(*size))
        .filter(|product| *product <= MOST)?;
    let mut all = Vec::new();
    for At { value: (agent, task), .. } in &test.agents {
        for atom in &atoms {
            for inputs in &inputs {
                for approved in &approved {
                    all.extend(asked.iter().map(|asked| Combination {
                        agent: *agent,
                        task: *task,
                        atom: *atom,
                        inputs: *inputs,
                        approved: *approved,
                        asked: *asked,
                    }));
                }
            }
        }
    }
    Some(all)
}

/// The lines of a clause; one entry without a line if the clause is missing.
fn alternatives<T>(lines: &[At<T>]) -> Vec<Option<&At<T>>> {
    match lines {
        [] => vec![None],
        lines => lines.iter().map(Some).collect(),
    }
}
