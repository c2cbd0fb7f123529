//! Waivers and the standards that limit them: which are in force, and which findings they relieve
//! (`docs/glossary.md`, *Waiver and baseline*).

use crate::checks::precedence;
use crate::checks::{Check, Context, idle_waiver, self_waived, with_context};
use crate::diagnostic::catalogue::NEVER_WAIVED;
use crate::diagnostic::{Diagnostic, Related};
use crate::facts::Facts;
use crate::model::{Model, Requirement, Waiver};
use crate::source::Span;
use jiff::civil::Date;
use std::collections::BTreeSet;

mod ending;
mod signers;

pub use signers::{Refusal, accepted, domains};

/// The checks that run after every other check, because they look at its findings.
static LAST: &[&Check] = &[&self_waived::CHECK, &idle_waiver::CHECK];

/// Why a waiver is not in force, whatever it waives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// It has no end.
    NoEnd,
    /// It has no beginning.
    NoBeginning,
    /// It has no reason.
    NoReason,
    /// It ended on this day.
    Ended(Date),
    /// It begins on this day.
    NotYet(Date),
    /// It ends before it begins.
    Backwards,
    /// It lasts more days than the standard allows.
    TooLong {
        /// How many days it lasts.
        days: i64,
        /// How many a standard allows.
        most: i64,
        /// Where the standard says so.
        rule: Span,
    },
}

/// Why a waiver is not in force on the day of the model: everything that it lacks, and what is wrong with its
/// days. Empty if it is in force.
pub fn lapses(model: &Model, waiver: &Waiver) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    let until = waiver.until.map(|until| until.value);
    let granted = waiver.granted.map(|granted| granted.value);
    if until.is_none() {
        lapses.push(Lapse::NoEnd);
    }
    if granted.is_none() {
        lapses.push(Lapse::NoBeginning);
    }
    if waiver.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
        lapses.push(Lapse::NoReason);
    }
    if until.zip(granted).is_some_and(|(until, granted)| until < granted) {
        lapses.push(Lapse::Backwards);
        return lapses;
    }
    if let Some(until) = until.filter(|until| *until < model.as_of) {
        // Somebody who accepts it again chooses both days again.
        lapses.push(Lapse::Ended(until));
        return lapses;
    }
    if let Some(granted) = granted.filter(|granted| *granted > model.as_of) {
        lapses.push(Lapse::NotYet(granted));
    }
    if let (Some((until, granted)), Some((seconds, rule))) = (until.zip(granted), longest(model)) {
        // The waiver is in force on both days.
        let days = i64::from(granted.until(until).map_or(i32::MAX, |span| span.get_days())).saturating_add(1);
        let most = seconds / 86_400;
        if days > most {
            lapses.push(Lapse::TooLong { days, most, rule });
        }
    }
    lapses
}

/// Whether a waiver is in force on the day of the model.
pub fn in_force(model: &Model, waiver: &Waiver) -> bool {
    lapses(model, waiver).is_empty()
}

/// The shortest maximum term of a waiver among the standards in force.
pub fn longest(model: &Model) -> Option<(i64, Span)> {
    let standards = model.adoption.standards.iter().map(|id| &model.standards[id.index()]);
    let terms = standards
        .flat_map(|standard| &standard.rules)
        .filter_map(|rule| match rule.requirement {
            Requirement::Waiver(seconds) => Some((seconds, rule.span)),
            _ => None,
        });
    terms.min()
}

/// Whether a waiver names a check at the subject of a finding.
pub fn names(waiver: &Waiver, finding: &Diagnostic) -> bool {
    let facts = &finding.finding;
    waiver.waives.iter().any(|waived| {
        finding.code.is_some_and(|code| code.name == &*waived.check)
            && facts.subject_kind == waived.kind.word()
            && facts.subject == *waived.subject
    })
}

/// Whether a waiver lists a finding. A finding that is not listed did not exist at the time, or nobody looked
/// at it.
pub fn lists(waiver: &Waiver, finding: &Diagnostic) -> bool {
    let fingerprint = &finding.finding.fingerprint;
    names(waiver, finding) && waiver.fingerprints.iter().any(|listed| *listed.value == **fingerprint)
}

/// Marks the findings that waivers relieve, and returns what is wrong with the waivers.
pub fn apply(model: &Model, facts: &Facts, horizon: i64, found: &mut [Diagnostic]) -> Vec<Diagnostic> {
    if model.waivers.is_empty() {
        return Vec::new();
    }
    let standing = found.to_vec();
    let (relieved, faults) = with_context(model, facts, &[], horizon, Some(&standing), |context| {
        let mut faults = Vec::new();
        for check in LAST {
            (check.run)(context, &mut faults);
        }
        let relieved = relieved(context, &standing);
        faults.extend(ending::run(context, &standing, &relieved));
        (relieved, faults)
    });
    for finding in found.iter_mut().filter(|finding| finding.finding.firm) {
        let waiver = model.waivers.iter().find(|waiver| lists(waiver, finding));
        if let Some(waiver) = waiver {
            finding.related.push(Related {
                code: None,
                taken: None,
                span: waiver.meta.span,
                message: "nobody can waive this; you have to edit the files".to_owned(),
            });
        }
    }
    for (index, waiver) in relieved {
        let facts = &mut found[index].finding;
        let waiver = &model.waivers[waiver];
        facts.waived_by.get_or_insert_with(|| waiver.meta.id.to_string());
        facts.waived_until = facts.waived_until.max(waiver.until.map(|until| until.value));
    }
    faults
}

/// Which waiver relieves which finding: the findings that the waiver lists, and the findings that fold into
/// them.
fn relieved(context: &Context<'_>, standing: &[Diagnostic]) -> BTreeSet<(usize, usize)> {
    let below = precedence::below(standing);
    let waivable =
        |index: usize| !standing[index].finding.firm && standing[index].code.is_some_and(|code| !NEVER_WAIVED.contains(&code.id));
    let mut relieved = BTreeSet::new();
    for (number, waiver) in context.model.waivers.iter().enumerate() {
        if !in_force(context.model, waiver) {
            continue;
        }
        for (index, finding) in standing.iter().enumerate() {
            if waivable(index) && lists(waiver, finding) && accepted(context, waiver, finding).is_ok() {
                relieved.insert((index, number));
                // A waiver can accept that two entries are one person. That does not make them two people, so
                // the findings that follow from it stay open.
                let follows = |other: usize| standing[other].finding.because.as_ref() == Some(&finding.finding.subject);
                let under = below[index].iter().filter(|other| waivable(**other) && !follows(**other));
                relieved.extend(under.map(|other| (*other, number)));
            }
        }
    }
    relieved
}
