//! A waiver that is not in force: without an end, ended, not begun, or too long.

use crate::checks::waivers::{Lapse, lapses};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::Waiver;
use crate::syntax::vocabulary::Kind;
use crate::words::plural;

mod again;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV701"),
    page: include_str!("../../docs/codes/expired-waiver.md"),
    looks_at: |context| context.model.waivers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for waiver in &context.model.waivers {
        let lapses = lapses(context.model, waiver);
        if lapses.is_empty() {
            out.extend(again::found(context, waiver));
        }
        out.extend(lapses.into_iter().map(|lapse| say(context, waiver, lapse)));
    }
}

fn say(context: &Context<'_>, waiver: &Waiver, lapse: Lapse) -> Diagnostic {
    let name = &waiver.meta.name;
    let until = waiver.until.map_or(waiver.meta.span, |until| until.span);
    let granted = waiver.granted.map_or(waiver.meta.span, |granted| granted.span);
    let anew = "have it accepted again with a new `granted` and `until`, or remove the waiver and fix the finding";
    let (at, message, label, help) = match lapse {
        Lapse::NoEnd => (
            waiver.meta.span,
            format!("the waiver {name} has no end"),
            "a waiver without an end is a rule that nobody approved".to_owned(),
            "until …  with the last day it holds".to_owned(),
        ),
        Lapse::NoBeginning => (
            waiver.meta.span,
            format!("the waiver {name} does not say when it was accepted"),
            "nobody can tell how long it has applied".to_owned(),
            "granted …  with the day it was accepted".to_owned(),
        ),
        Lapse::NoReason => (
            waiver.meta.span,
            format!("the waiver {name} has no reason"),
            "has no `reason`".to_owned(),
            "reason \"…\"  with what you do instead in the meantime".to_owned(),
        ),
        Lapse::Ended(day) => (
            until,
            format!("the waiver {name} ended on {day}"),
            "it no longer waives anything".to_owned(),
            anew.to_owned(),
        ),
        Lapse::NotYet(day) => (
            granted,
            format!("the waiver {name} begins only on {day}"),
            "until then it does not waive anything".to_owned(),
            "the day on which it was in fact accepted".to_owned(),
        ),
        Lapse::Backwards => (
            until,
            format!("the waiver {name} ends before it begins"),
            "it never applies".to_owned(),
            "until …  with a day after `granted`".to_owned(),
        ),
        Lapse::TooLong { days, most, .. } => (
            until,
            format!("the waiver {name} lasts {}", plural(days as usize, "day")),
            format!("the standard allows a waiver for {}", plural(most as usize, "day")),
            format!("until …  within {} of `granted`", plural(most as usize, "day")),
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Waiver, &waiver.meta, at, message).label(at, label);
    if let Lapse::TooLong { rule, .. } = lapse {
        finding = finding.related(rule, "asked for here");
    }
    finding.finding.selector = selector(lapse).to_owned();
    finding.help(help)
}

/// What distinguishes several lapses of one waiver.
fn selector(lapse: Lapse) -> &'static str {
    match lapse {
        Lapse::NoEnd => "until",
        Lapse::NoBeginning => "granted",
        Lapse::NoReason => "reason",
        Lapse::Ended(_) => "ended",
        Lapse::NotYet(_) => "begins",
        Lapse::Backwards => "backwards",
        Lapse::TooLong { .. } => "term",
    }
}
