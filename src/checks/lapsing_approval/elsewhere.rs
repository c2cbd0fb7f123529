//! What lapses besides the approval of a decision: the review of an emergency, and who can change the
//! governance files.

use super::window::windows;
use super::{CHECK, closing};
use crate::checks::Context;
use crate::checks::emergency_gap::review;
use crate::checks::unguarded_governance::taken;
use crate::diagnostic::Diagnostic;
use crate::facts::as_of::{days_of_changes, days_of_functions};
use crate::model::{DomainId, FunctionId};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Reviews of emergencies that somebody else can give today, but not from some day on.
pub fn reviews(context: &Context<'_>, lapsed: &BTreeMap<DomainId, Date>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        let Some(emergency) = &domain.emergency else {
            continue;
        };
        if review::of(context, id, emergency, model.as_of).is_some() {
            continue;
        }
        let quorums = emergency.approve.iter().map(|at| &at.value);
        let quorums = quorums.chain(emergency.review.iter().map(|(quorum, _)| quorum));
        let functions: Vec<FunctionId> = quorums.flat_map(|quorum| quorum.functions()).collect();
        let days = days_of_functions(model, id, &functions, context.horizon());
        let Some((day, fault)) = days
            .into_iter()
            .find_map(|day| Some((day, review::of(context, id, emergency, day)?)))
        else {
            continue;
        };
        if lapsed.get(&id) == Some(&day) {
            continue;
        }
        let mut finding = fault;
        finding.message = format!("from {day} {}", finding.message);
        finding.code = Some(CHECK.code);
        finding.level = CHECK.code.level;
        let applicable = functions.iter().map(|function| (id, *function));
        let mut finding = closing(finding, &windows(context, applicable, day));
        finding.finding.selector = "review".to_owned();
        let mut atoms = crate::checks::approvals::by_domain(context).remove(&id).unwrap_or_default();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// Governance files that one person cannot change today, and can from some day on.
pub fn files(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    if taken(context, &CHECK, model.as_of).is_none() {
        let days = days_of_changes(model, context.horizon()).into_iter();
        out.extend(days.into_iter().find_map(|day| taken(context, &CHECK, day)));
    }
}
