//! Delegations of one function to one person, with days between them, that together last longer than an
//! absence.

use super::{CHECK, MOST, alike, days_of};
use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Mark};
use crate::facts::calendar::covered;
use crate::model::Delegation;
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use jiff::ToSpan;
use jiff::civil::Date;

/// The period, in days, over which delegations are added up.
const OVER: i64 = 180;

/// A delegation on whose last day all delegations of the same function to the same person cover more than
/// [`MOST`] of the last [`OVER`] days.
pub(super) fn found(context: &Context<'_>, index: usize) -> Option<Diagnostic> {
    let model = context.model;
    let own = &model.delegations[index];
    let until = own.until.filter(|until| *until >= model.as_of)?;
    let first = until.saturating_sub((OVER - 1).days());
    let begins = |delegation: &Delegation| delegation.starts.unwrap_or(model.as_of);
    let within = |delegation: &Delegation| {
        let window = (begins(delegation).max(first), delegation.until?.min(until));
        (window.0 <= window.1).then_some(window)
    };
    let mut others: Vec<(&Delegation, (Date, Date))> = Vec::new();
    for other in model.delegations.iter().filter(|other| alike(model, own, other)) {
        if let Some(window) = within(other) {
            others.push((other, window));
        }
    }
    others.sort_by_key(|(other, window)| (*window, &other.meta.id));
    let days = covered(others.iter().map(|(_, window)| *window));
    // Where one delegation alone takes up too many days, that one has its own finding.
    if days <= MOST || others.len() < 2 {
        return None;
    }
    let name = &own.meta.name;
    let earlier = others.iter().filter(|(other, _)| other.meta.id != own.meta.id);
    let earlier: Vec<&Delegation> = earlier.map(|(other, _)| *other).collect();
    let names: Vec<&str> = earlier.iter().map(|other| &*other.meta.name).collect();
    let at = own.until_span.unwrap_or(own.meta.span);
    let message = format!("with {}, the delegation {name} takes up {days} of {OVER} days", few(&names));
    let label = format!("more than {MOST} of {OVER} days is not an absence but a permanent arrangement");
    let mut finding = context.finding(&CHECK, Kind::Delegation, &own.meta, at, message).label(at, label);
    for other in &earlier {
        let to = other.until.map_or(String::new(), |until| format!(" to {until}"));
        finding = finding.related(other.meta.span, format!("{} runs from {}{to}", other.meta.name, begins(other)));
        finding = finding.magnitude(days_of(Mark::First, other));
    }
    finding.finding.selector = "until".to_owned();
    let finding = finding.magnitude(days_of(Mark::Continued, own));
    Some(finding.help(format!("name a deputy, or end {name} sooner")))
}
