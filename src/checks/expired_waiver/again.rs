//! Waivers of one finding, one after the other, that together last longer than one waiver may.

use super::CHECK;
use crate::checks::Context;
use crate::checks::waivers::longest;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::calendar::covered;
use crate::model::Waiver;
use crate::syntax::vocabulary::Kind;
use crate::words::{few, plural};
use jiff::ToSpan;
use jiff::civil::Date;

/// The first and last day on which a waiver is in force, both included.
fn days(waiver: &Waiver) -> Option<(Date, Date)> {
    let window = (waiver.granted?.value, waiver.until?.value);
    (window.0 <= window.1).then_some(window)
}

/// A waiver in force that, with other waivers of the same finding, lasts longer than the standard permits for
/// one: within twice that time, or in all longer than twice that time.
pub(super) fn found(context: &Context<'_>, waiver: &Waiver) -> Option<Diagnostic> {
    let model = context.model;
    let (seconds, rule) = longest(model)?;
    let most = seconds / 86_400;
    let (granted, until) = days(waiver)?;
    let same = |other: &&Waiver| {
        let mut listed = other.fingerprints.iter();
        listed.any(|listed| waiver.fingerprints.iter().any(|own| own.value == listed.value))
    };
    // The finding is about the waiver that was accepted last.
    let before = |other: &&Waiver| {
        let order = |waiver: &Waiver, (granted, until): (Date, Date)| (granted, until, waiver.meta.id.clone());
        days(other).is_some_and(|own| order(other, own) < order(waiver, (granted, until)))
    };
    let mut earlier: Vec<&Waiver> = model.waivers.iter().filter(same).filter(before).collect();
    earlier.sort_by_key(|other| (days(other), &other.meta.id));
    let first = until.saturating_sub((2 * most - 1).days());
    let windows = || earlier.iter().copied().chain([waiver]).filter_map(days);
    let lately = windows().map(|(from, to)| (from.max(first), to.min(until)));
    let lately = covered(lately.filter(|(from, to)| from <= to));
    let all = covered(windows());
    if earlier.is_empty() || (lately <= most && all <= 2 * most) {
        return None;
    }
    let name = &waiver.meta.name;
    let names: Vec<&str> = earlier.iter().map(|other| &*other.meta.name).collect();
    let at = waiver.until.map_or(waiver.meta.span, |until| until.span);
    let message = format!(
        "together with {}, the waiver {name} waives one finding for {}",
        few(&names),
        plural(all as usize, "day")
    );
    let label = format!(
        "the standard allows a waiver for {}; a finding that is waived again and again is a rule that nobody approved",
        plural(most as usize, "day")
    );
    let mut finding = context.finding(&CHECK, Kind::Waiver, &waiver.meta, at, message).label(at, label);
    finding.level = Level::Warning;
    finding = finding.ids(earlier.iter().map(|other| &other.meta.id));
    for other in earlier {
        if let Some((from, to)) = days(other) {
            finding = finding.related(other.meta.span, format!("{} holds from {from} to {to}", other.meta.name));
        }
    }
    finding.finding.selector = "again".to_owned();
    Some(finding.related(rule, "asked for here").help("fix the finding, or change the rule"))
}
