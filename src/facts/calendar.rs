//! The days on which something in the model begins or ends.

use crate::model::Model;
use jiff::ToSpan;
use jiff::civil::Date;

/// A day, and what happens on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The day.
    pub on: Date,
    /// `dana_leave starts`
    pub what: String,
}

/// Every change from a day on, in order.
pub fn changes(model: &Model) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut add = |on: Option<Date>, what: String| changes.extend(on.map(|on| Change { on, what }));
    for person in &model.people {
        add(person.until.map(|until| until.value), format!("{} leaves", person.meta.name));
    }
    for delegation in &model.delegations {
        add(delegation.starts, format!("{} starts", delegation.meta.name));
        add(delegation.until, format!("{} ends", delegation.meta.name));
    }
    for task in &model.tasks {
        add(task.starts.map(|starts| starts.value), format!("task {} starts", task.meta.name));
        add(task.until.map(|until| until.value), format!("task {} ends", task.meta.name));
    }
    for waiver in &model.waivers {
        add(waiver.until.map(|until| until.value), format!("waiver {} ends", waiver.meta.name));
    }
    changes.retain(|change| change.on >= model.as_of);
    changes.sort();
    changes
}

/// How many days some windows cover together. The windows must come in the order in which they begin.
pub fn covered(windows: impl Iterator<Item = (Date, Date)>) -> i64 {
    let mut days = 0;
    let mut last: Option<Date> = None;
    for (from, to) in windows {
        let from = last.map_or(from, |last| from.max(last.saturating_add(1.day())));
        if from <= to {
            days += i64::from(from.until(to).map_or(0, |span| span.get_days())) + 1;
            last = Some(to);
        }
    }
    days
}
