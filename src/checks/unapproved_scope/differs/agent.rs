//! Another autonomy of the agent, or another model, if the files name one.

use crate::checks::unapproved_scope::differs::Tried;
use crate::checks::unapproved_scope::differs::words::choices;
use crate::facts::scope::{Statement, UNSAID};
use crate::model::{Model, TaskId};
use crate::syntax::vocabulary::Kind;
use crate::words::literal;
use std::collections::BTreeSet;

/// The scope with another autonomy, with the model of another agent, and without a model.
pub(super) fn others<'a>(model: &'a Model, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let agent = &*model.agents[model.tasks[task.index()].agent.index()].meta.name;
    let autonomies = choices(Kind::Agent, "autonomy").map(move |autonomy| {
        let mut other = today.clone();
        other.autonomy = autonomy.to_owned();
        let what = match autonomy {
            UNSAID => format!("the approved scope had no autonomy for {agent}"),
            autonomy => format!("the approved scope had `autonomy {autonomy}` for {agent}"),
        };
        (other, what)
    });
    let models: BTreeSet<String> = model
        .agents
        .iter()
        .filter_map(|agent| agent.model.as_ref())
        .map(|said| literal::quoted(&said.value))
        .collect();
    let models = models.into_iter().map(Some).chain([None]).map(move |said| {
        let mut other = today.clone();
        let what = match &said {
            None => format!("the approved scope had no model for {agent}"),
            Some(said) => format!("the approved scope had `model {said}` for {agent}"),
        };
        other.model = said.unwrap_or_else(|| UNSAID.to_owned());
        (other, what)
    });
    autonomies.chain(models)
}
