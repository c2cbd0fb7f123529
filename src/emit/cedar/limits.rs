//! Limits. Those of a domain are written into its permit; those of a task are data of the task.

use crate::emit::answer::Denial;
use crate::emit::cedar::condition::{Value, measured};
use crate::emit::cedar::general::own_task;
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Expression, all, choice, context, number};
use crate::emit::cedar::words::{cited, sources};
use crate::emit::policy::{Limit, Task, window_text};
use crate::emit::reason::Reason;
use crate::words::duration;
use std::collections::BTreeMap;

/// The first part of the key of a total of the request's own task.
pub const OWN_TASK: &str = "task";

/// The key of a total.
pub fn total_key(owner: &str, input: &str, per: i64) -> String {
    [owner, "/", input, "/", &window_text(per)].concat()
}

/// The attribute of a task that holds limits of one kind.
pub fn attribute(per: Option<i64>) -> &'static str {
    match per {
        None => "limits",
        Some(_) => "windows",
    }
}

/// The key of a limit within that attribute.
pub fn limit_key(limit: &Limit) -> String {
    match limit.per {
        None => [&limit.input, ":", &limit.unit].concat(),
        Some(per) => [&limit.input, "/", &window_text(per), ":", &limit.unit].concat(),
    }
}

/// The condition that a value and the total before it stay within the limit. Every number is bounded before a
/// subtraction.
fn within(limit: &Limit, most: Expression, total: Option<&str>) -> Expression {
    let Value { present, value } = measured(&limit.input, &limit.unit);
    let positive = value.clone().at_least(number(0));
    let Some(key) = total else {
        return all([present, positive, value.at_most(most)]);
    };
    let total = context("totals").get(key);
    all([
        present,
        positive,
        context("totals").has(key),
        total.clone().at_least(number(0)),
        total.clone().at_most(most.clone()),
        value.at_most(most.minus(total)),
    ])
}

/// What the limits of a domain require.
pub fn of_domain(id: &str, title: &str, limits: &[Limit]) -> Vec<Requirement> {
    let one = |(number_of, limit): (usize, &Limit)| {
        let total = limit.per.map(|per| total_key(id, &limit.input, per));
        let sentence = format!("{title}: {} at most {}{}", measure(limit), limit.most, span(limit));
        Requirement {
            id: format!("{id}/limit/{}", number_of + 1),
            denial: Denial::by(id, Reason::Limit),
            premise: Expression::Boolean(true),
            note: cited(&sentence, [limit.source.as_str()]),
            source: limit.source.clone(),
            condition: within(limit, number(limit.most), total.as_deref()),
        }
    };
    limits.iter().enumerate().map(one).collect()
}

fn measure(limit: &Limit) -> String {
    match limit.unit.as_str() {
        "integer" => limit.input.clone(),
        currency => format!("{} in the smallest unit of {currency}", limit.input),
    }
}

fn span(limit: &Limit) -> String {
    limit
        .per
        .map(|per| format!(" within {}", duration(per)))
        .unwrap_or_else(|| " for one request".to_owned())
}

/// What the limits of these tasks require: one requirement for each kind of limit among them.
pub fn of_tasks(tasks: &BTreeMap<&str, &Task>) -> Vec<Requirement> {
    let mut kinds: BTreeMap<(&'static str, String), Vec<&Limit>> = BTreeMap::new();
    for limit in tasks.values().flat_map(|task| &task.limits) {
        kinds.entry((attribute(limit.per), limit_key(limit))).or_default().push(limit);
    }
    kinds
        .iter()
        .map(|((attribute, key), limits)| of_kind(attribute, key, limits))
        .collect()
}

fn of_kind(attribute: &str, key: &str, limits: &[&Limit]) -> Requirement {
    let task = || context("task").get(attribute);
    let limit = limits[0];
    let total = limit.per.map(|per| total_key(OWN_TASK, &limit.input, per));
    let held = within(limit, task().get(key), total.as_deref());
    let sentence = format!(
        "{} stays within the limit that the task has{}, if it has one",
        measure(limit),
        span(limit)
    );
    Requirement {
        id: format!("task/limit/{key}"),
        denial: Denial::plain(Reason::Limit),
        premise: own_task(),
        note: cited(&sentence, limits.iter().map(|limit| limit.source.as_str())),
        source: sources(limits.iter().map(|limit| limit.source.as_str())),
        condition: all([
            context("task").has(attribute),
            choice(task().has(key), held, Expression::Boolean(true)),
        ]),
    }
}
