//! What of a scope is another than what was approved. Of that only the digest is known, so one change after another is taken back until the
//! digest is the one that was signed.

use crate::checks::Context;
use crate::facts::atom::{Atom, holds};
use crate::facts::scope::{Statement, limit_line, line};
use crate::model::{ActionId, DataId, Model, SystemId, TaskId};
use crate::syntax::ast::{Literal, Money};
use crate::syntax::vocabulary::{Kind, Place, clauses};
use std::cell::Cell;

/// So many digests are tried for one task.
const MOST: usize = 60_000;

/// So many are tried for all tasks together, so that the time does not grow with how many have changed.
pub const IN_ALL: usize = 1_000_000;

/// The times for which limits usually hold, in seconds, and none.
const TIMES: [Option<i64>; 6] = [
    None,
    Some(3_600),
    Some(86_400),
    Some(7 * 86_400),
    Some(30 * 86_400),
    Some(90 * 86_400),
];

/// What one would have to change back, as a sentence, so that the scope has this digest; nothing where no single change gives it.
///
/// `left` says how many digests may still be tried.
pub fn what(context: &Context<'_>, task: TaskId, signed: &str, left: &Cell<usize>) -> Option<String> {
    let model = context.model;
    let today = Statement::of(model, context.facts, task);
    let all = added(context, task, &today)
        .chain(words(model, &today))
        .chain(limits(context, task, &today))
        .chain(gone(model, &today));
    let mut all = all.take(MOST.min(left.get()));
    let same = |(statement, _): &Tried| {
        left.set(left.get() - 1);
        statement.digest() == signed
    };
    all.find(same).map(|(_, what)| what)
}

type Tried = (Statement, String);

/// Without one of the lines that stand there today, and without everything that one grant brings.
fn added<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let model = context.model;
    let atoms = context.facts.scope(task).iter().map(|atom| context.facts.atoms.get(*atom));
    let one = atoms.map(move |atom| {
        let mut less = today.clone();
        let out = line(model, atom);
        less.may.retain(|line| *line != out);
        (less, format!("what was approved did not have {}", told(model, atom)))
    });
    let grants = model.tasks[task.index()].scope.iter().map(move |grant| {
        let out: Vec<String> = crate::facts::atom::expand(model, grant)
            .into_iter()
            .map(|atom| line(model, atom))
            .collect();
        let mut less = today.clone();
        less.may.retain(|line| !out.contains(line));
        let action = &model.actions[grant.action.index()].meta.name;
        let data: Vec<&str> = grant.data.iter().map(|data| &*model.data[data.index()].meta.name).collect();
        (less, format!("what was approved did not have `{action} {}`", data.join(", ")))
    });
    let starters = today.starters.iter().map(move |starter| {
        let mut less = today.clone();
        less.starters.retain(|line| line != starter);
        (less, format!("what was approved did not have `{}`", short(starter)))
    });
    one.chain(grants).chain(starters)
}

/// With another agent, purpose or basis.
fn words<'a>(model: &'a Model, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let agents = model.agents.iter().map(move |agent| {
        let mut other = today.clone();
        other.agent = agent.meta.id.to_string();
        (other, format!("what was approved was for the agent {}", agent.meta.name))
    });
    let ids = model.purposes.iter().map(|purpose| (&*purpose.meta.id, &*purpose.meta.name));
    let purposes = ids.chain([("unsaid", "")]).map(move |(id, name)| {
        let mut other = today.clone();
        other.purpose = id.to_owned();
        let what = match name {
            "" => "what was approved said no purpose".to_owned(),
            name => format!("what was approved said `purpose {name}`"),
        };
        (other, what)
    });
    // The lawful bases that the language knows, and none.
    let rows = clauses(Place::In(Kind::Task)).iter().filter(|row| row.word == "basis");
    let known = rows
        .flat_map(|row| row.signature.split(['(', '|', ')', ':']))
        .filter(|word| !word.is_empty());
    let bases = known.chain(["unsaid"]).map(move |basis| {
        let mut other = today.clone();
        other.basis = basis.to_owned();
        let what = match basis {
            "unsaid" => "what was approved said no basis".to_owned(),
            basis => format!("what was approved said `basis {basis}`"),
        };
        (other, what)
    });
    agents.chain(purposes).chain(bases)
}

/// Without one limit, and with another round figure or another usual time in it.
fn limits<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let limits = context.model.tasks[task.index()].limits.iter();
    limits.flat_map(move |limit| {
        let own = limit_line(&limit.input, &limit.most, limit.per);
        let other = move |new: Option<String>| {
            let mut other = today.clone();
            other.limits.retain(|line| *line != own);
            let what = match &new {
                None => format!("what was approved did not have `{own}`"),
                Some(line) => format!("what was approved said `{line}`"),
            };
            other.limits.extend(new);
            other.limits.sort_unstable();
            (other, what)
        };
        let figures = round().map(|figure| match &limit.most {
            Literal::Money(money) => Literal::Money(Money {
                minor: figure * 100,
                currency: money.currency.clone(),
            }),
            Literal::Integer(_) | Literal::Boolean(_) | Literal::Word(_) => Literal::Integer(figure),
        });
        let with = |most: &Literal, per| Some(limit_line(&limit.input, most, per));
        let times = TIMES.into_iter().map(move |per| with(&limit.most, per));
        let figures = figures.flat_map(move |most| [with(&most, limit.per), with(&most, Some(86_400))]);
        std::iter::once(None).chain(times).chain(figures).map(other)
    })
}

/// Two figures with any number of zeros after them.
fn round() -> impl Iterator<Item = i64> {
    (0..8_u32).flat_map(|zeros| (1..100).map(move |figures| figures * 10_i64.pow(zeros)))
}

/// With one thing more that some agent could be allowed.
fn gone<'a>(model: &'a Model, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let leaf = |leaves: usize| leaves == 1;
    let actions = (0..model.actions.len()).filter(move |at| leaf(model.actions[*at].leaves.len()));
    actions.flat_map(move |action| {
        let systems = 0..model.systems.len();
        systems.flat_map(move |system| {
            let system = SystemId(system as u32);
            let data = (0..model.data.len()).map(|data| DataId(data as u32));
            let held = data.filter(move |data| model.data[data.index()].leaves == [*data] && holds(model, system, *data));
            held.map(move |data| {
                let atom = Atom {
                    action: ActionId(action as u32),
                    data,
                    system,
                };
                let mut more = today.clone();
                more.may.push(line(model, atom));
                more.may.sort_unstable();
                (more, format!("what was approved had {} as well", told(model, atom)))
            })
        })
    })
}

/// `` `write.delete customer.consent in crm` ``
fn told(model: &Model, atom: Atom) -> String {
    let (action, data, system) = atom.names(model);
    format!("`{action} {data} in {system}`")
}

/// A line with the last part of its id.
fn short(line: &str) -> String {
    match line.split_once(' ') {
        Some((word, id)) => format!("{word} {}", id.rsplit('.').next().unwrap_or(id)),
        None => line.to_owned(),
    }
}
