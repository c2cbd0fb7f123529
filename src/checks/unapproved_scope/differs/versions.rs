//! Another version of the model that the agent runs on.

use crate::checks::unapproved_scope::differs::Tried;
use crate::facts::scope::Statement;
use crate::model::{Model, TaskId};
use crate::words::literal;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use std::ops::Range;

/// The text that names the model, with other figures in one place.
pub(super) fn others<'a>(model: &'a Model, task: TaskId, today: &'a Statement) -> impl Iterator<Item = Tried> + 'a {
    let agent = &model.agents[model.tasks[task.index()].agent.index()];
    let texts = agent.model.iter().flat_map(|said| versions(&said.value));
    texts.map(move |text| {
        let mut other = today.clone();
        other.model = literal::quoted(&text);
        let what = format!("the approved scope had `model {}` for {}", other.model, agent.meta.name);
        (other, what)
    })
}

/// The text with other digits for each run of digits, without each, and with one more after each.
fn versions(text: &str) -> impl Iterator<Item = String> {
    let stretches = figures(text).into_iter();
    stretches.flat_map(move |at| {
        let found = &text[at.clone()];
        let with = |new: &str| format!("{}{new}{}", &text[..at.start], &text[at.end..]);
        let mut all: Vec<String> = values(found).iter().map(|new| with(new)).collect();
        // `large-4.1` may have been `large-4` before, and the other way round.
        if let Some(before) = text[..at.start].strip_suffix(['-', '.', '_', ' ', '@', ':']) {
            all.push(format!("{before}{}", &text[at.end..]));
        }
        for sign in ['-', '.'] {
            all.extend((0..=20).map(|more| with(&format!("{found}{sign}{more}"))));
        }
        all
    })
}

/// Where the runs of digits of a text are. A date is one run, with its separators.
fn figures(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(|letter: char| letter.is_ascii_digit()).map(|at| from + at) {
        let run = |from: usize| {
            text[from..]
                .find(|letter: char| !letter.is_ascii_digit())
                .map_or(text.len(), |at| from + at)
        };
        let day = text.get(start..start + 10).filter(|day| day.parse::<Date>().is_ok());
        let end = day.map_or(run(start), |_| start + 10);
        found.push(start..end);
        from = end;
    }
    found
}

/// Other digits that may have stood in place of these.
fn values(found: &str) -> Vec<String> {
    let around = |day: Date, format: &str| {
        let days = -3 * 366..=3 * 366_i64;
        let others = days.filter_map(|days| day.checked_add(span(days)).ok());
        others.map(|day| day.strftime(format).to_string()).collect()
    };
    if let Some(day) = found.contains('-').then(|| found.parse::<Date>().ok()).flatten() {
        return around(day, "%Y-%m-%d");
    }
    match (found.len(), Date::strptime("%Y%m%d", found)) {
        (8, Ok(day)) => around(day, "%Y%m%d"),
        (1 | 2, _) => {
            let plain = (0..=99).map(|number| number.to_string());
            let filled = (0..=99).map(|number| format!("{number:02}"));
            plain.chain(filled).collect()
        }
        (3, _) => (0..=999).map(|number| format!("{number:03}")).collect(),
        // A month, as `2411`, a day of a year, as `0613`, or a year.
        (4, _) => {
            let months = (15..=40).flat_map(|year| (1..=12).map(move |month| format!("{year:02}{month:02}")));
            let days = (1..=12).flat_map(|month| (1..=31).map(move |day| format!("{month:02}{day:02}")));
            let years = (2015..=2040).map(|year: u32| year.to_string());
            months.chain(days).chain(years).collect()
        }
        // A month with its century, as `202411`.
        (6, _) => {
            let months = (2015..=2040).flat_map(|year: u32| (1..=12).map(move |month: u32| format!("{year}{month:02}")));
            months.collect()
        }
        _ => Vec::new(),
    }
}

fn span(days: i64) -> Span {
    days.days()
}
