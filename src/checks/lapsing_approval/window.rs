//! Windows in which people can act that close or open before a day.

use crate::checks::Context;
use crate::checks::approvals::means_of_several;
use crate::facts::as_of::managers_of;
use crate::facts::eligible::holders;
use crate::facts::verdict::{Behind, Filled};
use crate::model::{DomainId, FunctionId};
use crate::source::Span;
use jiff::civil::Date;

/// A window that closes or opens: in which domain, where it is written, what it is, and the code that covers
/// it.
pub type Window = (DomainId, Span, String, Option<&'static str>);

/// The windows of people who can act as some functions that close or open between today and a day.
pub fn windows(context: &Context<'_>, applicable: impl Iterator<Item = (DomainId, FunctionId)>, day: Date) -> Vec<Window> {
    let model = context.model;
    let mut found = Vec::new();
    for (domain, function) in applicable {
        for holder in holders(model, domain, function) {
            let person = &model.people[holder.named.index()];
            let name = &model.functions[function.index()].meta.name;
            // Somebody whom the domain names directly, not as a member of a team.
            let direct = matches!(&*holder.because, "owner" | "deputy");
            let by = holder.delegation.map(|delegation| &model.delegations[delegation]);
            if let Some((starts, delegation)) = holder.starts.zip(by).filter(|(starts, _)| *starts > model.as_of && holder.on(day)) {
                let text = format!(
                    "{} begins on {starts}; through it, {} approves as {name}",
                    delegation.meta.name, person.meta.name
                );
                found.push((domain, holder.span, text, Some("GOV112")));
            }
            let Some(until) = holder.until.filter(|until| holder.on(model.as_of) && *until < day) else {
                continue;
            };
            match by.filter(|delegation| delegation.until == Some(until)) {
                Some(delegation) => found.push((
                    domain,
                    delegation.until_span.unwrap_or(delegation.meta.span),
                    format!(
                        "{} ends on {until}; through it, {} approves as {name}",
                        delegation.meta.name, person.meta.name
                    ),
                    None,
                )),
                None => found.push((
                    domain,
                    person.until.map_or(person.meta.span, |until| until.span),
                    format!(
                        "{} leaves on {until}, and approves as {name} until then ({})",
                        person.meta.name, holder.because
                    ),
                    direct.then_some("GOV115"),
                )),
            }
        }
    }
    found
}

/// The last days, between today and a day, of people who control something that makes approvals appear without
/// their approvers.
pub fn of_managers(context: &Context<'_>, domain: DomainId, filled: &[Filled], day: Date) -> Vec<Window> {
    let model = context.model;
    let mut found = Vec::new();
    for slot in filled {
        let Behind::ControlPath(control_path) = &slot.behind else {
            continue;
        };
        for manager in managers_of(model, control_path.means) {
            let person = &model.people[manager.index()];
            if let Some(until) = person.until.filter(|until| until.value >= model.as_of && until.value < day) {
                let text = format!(
                    "{} leaves on {}, one of the people who {}",
                    person.meta.name,
                    until.value,
                    means_of_several(model, control_path.means)
                );
                found.push((domain, until.span, text, None));
            }
        }
    }
    found
}
