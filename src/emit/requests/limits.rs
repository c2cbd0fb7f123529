//! Requests that differ from an approved one in an input or a total.

use crate::emit::reference::inputs::{measured, total_key};
use crate::emit::reference::shape::given;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::{Case, led_to, of_unit, values};
use crate::emit::requests::draft::Draft;
use crate::emit::requests::plan::{self, Planned};
use crate::emit::requests::site::Site;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every input on both sides of every boundary, with the approvals it had and with those of the tier it then comes to.
pub(super) fn neighbours(site: &Site, case: &Case, base: &Planned, book: &mut Book) {
    for other in &case.others {
        book.push(
            "tier",
            &format!("{}: {}", case.about(), shown(other)),
            base.draft.with(|draft| draft.inputs = other.clone()),
        );
    }
    for (name, values) in values(site) {
        for (value, fits) in values {
            let kind = if fits { "tier" } else { "bound" };
            let mut inputs = case.inputs.clone();
            inputs.insert(name.clone(), value);
            let about = format!("{}: {}", case.about(), shown(&inputs));
            book.push(kind, &about, base.draft.with(|draft| draft.inputs = inputs.clone()));
            let led = led_to(site, &inputs).filter(|led| !case.emergency && led.tiers != case.tiers);
            if let Some(planned) = led.and_then(|led| plan::first(site, &led)) {
                book.push(kind, &format!("{about}, approved as such"), planned.draft.value());
            }
        }
        let without = base.draft.with(|draft| draft.inputs.remove(&name));
        book.push("bound", &format!("`{name}` is not given"), without);
        let now = json!(base.draft.now);
        for other in [
            json!(true),
            json!("a word"),
            json!(1),
            json!({ "amount": 1, "currency": "XXX" }),
            now,
        ] {
            let about = format!("`{name}` is {other}");
            book.push("bound", &about, base.draft.with(|draft| draft.inputs.insert(name.clone(), other)));
        }
    }
    totals(site, &base.draft, book);
}

/// Totals of this task for limits that only other tasks have.
pub(super) fn unknown_totals(site: &Site, draft: &Draft, book: &mut Book) {
    let others = site.policy.tasks.values().flat_map(|task| &task.limits);
    let keys: BTreeSet<String> = others.filter_map(|limit| total_key(site.task_id, limit)).collect();
    for key in keys.into_iter().filter(|key| !draft.totals.contains_key(key)).take(4) {
        let about = format!("`{key}` in totals, which this task does not limit");
        book.push("unknown_key", &about, draft.with(|draft| draft.totals.insert(key, 0)));
    }
}

/// Every total on both sides of its limit, and every limit reached at once.
pub(super) fn totals(site: &Site, draft: &Draft, book: &mut Book) {
    let values = values(site);
    for (owner, limit) in site.limits() {
        for number in [limit.most, limit.most.saturating_add(1), -1] {
            let about = format!("`{}` of `{owner}` is {number}", limit.input);
            book.push(
                "limit",
                &about,
                draft.with(|draft| draft.inputs.insert(limit.input.clone(), of_unit(&limit.unit, number))),
            );
        }
        // If no domain declares the input, only the limit shows what type it has.
        for other in [json!(1), json!({ "amount": 1, "currency": "XXX" })] {
            let about = format!("`{}`, which `{owner}` limits, is {other}", limit.input);
            book.push("limit", &about, draft.with(|draft| draft.inputs.insert(limit.input.clone(), other)));
        }
        let Some(key) = total_key(owner, limit) else {
            continue;
        };
        let measures = draft
            .inputs
            .get(&limit.input)
            .and_then(given)
            .and_then(|given| measured(limit, &given));
        let left = limit.most.saturating_sub(measures.unwrap_or(0));
        // Of nothing, all that is left is left.
        let positive = values.get(&limit.input).into_iter().flatten().filter(|(_, fits)| *fits);
        let positive = positive.filter_map(|(value, _)| Some((value, measured(limit, &given(value)?)?)));
        let other = positive.filter(|(_, number)| measures.is_some_and(|now| now <= 0) && *number > 0);
        for (value, number) in other.take(1) {
            for total in [limit.most - number, limit.most - number + 1] {
                let about = format!("`{key}` is {total}, and `{}` is {value}", limit.input);
                let request = draft.with(|draft| {
                    draft.inputs.insert(limit.input.clone(), value.clone());
                    draft.totals.insert(key.clone(), total)
                });
                book.push("limit", &about, request);
            }
        }
        for total in [
            left.saturating_sub(1),
            left,
            left.saturating_add(1),
            limit.most,
            limit.most.saturating_add(1),
            0,
            -1,
        ] {
            book.push(
                "limit",
                &format!("`{key}` is {total}"),
                draft.with(|draft| draft.totals.insert(key.clone(), total)),
            );
        }
        book.push(
            "limit",
            &format!("`{key}` is not given"),
            draft.with(|draft| draft.totals.remove(&key)),
        );
    }
}

fn shown(inputs: &std::collections::BTreeMap<String, Value>) -> String {
    inputs
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect::<Vec<_>>()
        .join(", ")
}
