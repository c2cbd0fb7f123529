//! Another agent, purpose or basis.

use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::scope::{Statement, UNSAID};
use crate::model::{AgentId, Model};
use crate::syntax::vocabulary::{Kind, Place, clauses};

/// The words that a clause with a choice accepts, and none.
pub(super) fn choices(kind: Kind, word: &str) -> impl Iterator<Item = &'static str> {
    let rows = clauses(Place::In(kind)).iter().filter(move |row| row.word == word);
    let known = rows
        .flat_map(|row| row.signature.split(':').next())
        .flat_map(|choice| choice.split(['(', '|', ')']))
        .filter(|word| !word.is_empty());
    known.chain([UNSAID])
}

/// The same statement with another agent, purpose or basis.
pub(super) fn others<'a>(model: &'a Model, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let agents = model.agents.iter().enumerate().map(move |(index, agent)| {
        let mut other = today.clone();
        other.runs(model, AgentId(index as u32));
        (other, format!("the approved scope was for the agent {}", agent.meta.name))
    });
    let ids = model.purposes.iter().map(|purpose| (&*purpose.meta.id, &*purpose.meta.name));
    let purposes = ids.chain([(UNSAID, "")]).map(move |(id, name)| {
        let mut other = today.clone();
        other.purpose = id.to_owned();
        let what = match name {
            "" => "the approved scope had no purpose".to_owned(),
            name => format!("the approved scope had `purpose {name}`"),
        };
        (other, what)
    });
    let bases = choices(Kind::Task, "basis").map(move |basis| {
        let mut other = today.clone();
        other.basis = basis.to_owned();
        let what = match basis {
            UNSAID => "the approved scope had no basis".to_owned(),
            basis => format!("the approved scope had `basis {basis}`"),
        };
        (other, what)
    });
    agents.chain(purposes).chain(bases)
}
