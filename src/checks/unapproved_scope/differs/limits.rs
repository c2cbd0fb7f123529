//! Another figure in a limit, another time, or no such limit.

use crate::checks::Context;
use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::scope::{Statement, limit_line};
use crate::model::TaskId;
use crate::syntax::ast::{Literal, Money};

/// The times for which limits usually hold, in seconds, and none.
const TIMES: [Option<i64>; 6] = [
    None,
    Some(3_600),
    Some(86_400),
    Some(7 * 86_400),
    Some(30 * 86_400),
    Some(90 * 86_400),
];

/// The scope without one limit, and with another round figure or another usual time in it.
pub(super) fn others<'a>(context: &'a Context<'_>, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let limits = context.model.tasks[task.index()].limits.iter();
    limits.flat_map(move |limit| {
        let own = limit_line(&limit.input, &limit.most, limit.per);
        let other = move |new: Option<String>| {
            let mut other = today.clone();
            other.limits.retain(|line| *line != own);
            let what = match &new {
                None => format!("the approved scope did not have `{own}`"),
                Some(line) => format!("the approved scope had `{line}`"),
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
