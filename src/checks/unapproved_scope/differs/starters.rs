//! Others who may start the task.

use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::scope::{Statement, starter_line, starter_lines};
use crate::model::agent::Starter;
use crate::model::{Model, Party, PersonId, TaskId, TeamId};

/// The scope without one starter, with one more, with one replaced, and with no `started_by` clause.
pub(super) fn others<'a>(model: &'a Model, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let own = &model.tasks[task.index()].started_by;
    let with = move |out: Option<Starter>, new: Option<Starter>| {
        let left = own.iter().map(|said| said.value).filter(move |own| Some(*own) != out);
        let mut other = today.clone();
        other.starters = starter_lines(left.chain(new).map(|starter| starter_line(model, starter)));
        other
    };
    let unstated = std::iter::once_with(move || {
        let mut other = today.clone();
        other.starters = starter_lines(std::iter::empty());
        (other, "the approved scope did not state who starts it".to_owned())
    });
    let fewer = own.iter().map(|said| said.value).map(move |out| {
        let told = told(model, out);
        (with(Some(out), None), format!("the approved scope did not have {told}"))
    });
    let more = all(model).map(move |new| {
        let told = told(model, new);
        let what = match own.is_empty() {
            true => format!("the approved scope had {told}"),
            false => format!("the approved scope had {told} as well"),
        };
        (with(None, Some(new)), what)
    });
    let another = own.iter().map(|said| said.value).flat_map(move |out| {
        all(model).map(move |new| {
            let what = format!("the approved scope had {}", told(model, new));
            (with(Some(out), Some(new)), what)
        })
    });
    unstated.chain(fewer).chain(more).chain(another)
}

/// Whoever may start a task.
fn all(model: &Model) -> impl Iterator<Item = Starter> {
    let people = (0..model.people.len()).map(|person| Party::Person(PersonId(person as u32)));
    let teams = (0..model.teams.len()).map(|team| Party::Team(TeamId(team as u32)));
    let parties = people.chain(teams).map(Starter::People);
    [Starter::Schedule, Starter::Outsider].into_iter().chain(parties)
}

/// `` `started_by schedule` ``
fn told(model: &Model, starter: Starter) -> String {
    match starter {
        Starter::Schedule => "`started_by schedule`".to_owned(),
        Starter::Outsider => "`started_by outsider`".to_owned(),
        Starter::People(party) => format!("`started_by {}`", party.meta(model).name),
    }
}
