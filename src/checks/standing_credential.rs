//! A credential without an end, too long-lived, or standing.

use crate::checks::requirements::{because, by_rule, duration, identities};
use crate::checks::{Check, Context};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::catalogue;
use crate::facts::written;
use crate::model::{Identity, IdentityId, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV205"),
    page: include_str!("../../docs/codes/standing-credential.md"),
    looks_at: |context| context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<IdentityId> = BTreeSet::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Credential(ttl, just_in_time, _) => Some((ttl, just_in_time)),
        _ => None,
    });
    // Where several standards ask, the finding is about the shortest time.
    rules.sort_by_key(|(_, (ttl, _), _)| ttl.unwrap_or(i64::MAX));
    for (asked, (ttl, just_in_time), atoms) in rules {
        for (id, touched) in identities(context, &atoms) {
            let identity = &context.model.identities[id.index()];
            let Some((face, (at, fault, label, help))) = fault(identity, ttl, just_in_time).filter(|_| said.insert(id)) else {
                continue;
            };
            let message = format!("the credential of {} {fault}", identity.meta.name);
            let mut finding = because(
                context,
                context
                    .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                    .label(at, label),
                asked,
            );
            // A life that is too long and a standing credential are two faults, whichever is seen first.
            finding.finding.selector = format!("{} {face}", finding.finding.selector);
            context.points_as(&mut finding, id, &touched);
            let lives = identity.credential.ttl.map_or(String::new(), |ttl| ttl.value.to_string());
            out.push(finding.help(help).extent(lives));
        }
    }
}

/// Where a fault is, what it is, what follows, what to write.
type Fault = (Span, String, String, String);

/// The first fault, and the clause that it is one of.
fn fault(identity: &Identity, most: Option<i64>, just_in_time: bool) -> Option<(&'static str, Fault)> {
    let credential = &identity.credential;
    let wanted = most.map_or("1h".to_owned(), written::duration);
    match (credential.ttl, most) {
        (Some(ttl), Some(most)) if ttl.value > most => {
            let fault = format!("lives {}, longer than the {} asked for", duration(ttl.value), duration(most));
            return Some((
                "ttl",
                (
                    ttl.span,
                    fault,
                    "whoever steals it has it that long".to_owned(),
                    format!("ttl {wanted}"),
                ),
            ));
        }
        _ => {}
    }
    if let Some(issued) = credential.just_in_time.filter(|issued| just_in_time && !issued.value) {
        let label = "it exists while no task is carried out".to_owned();
        return Some((
            "issued",
            (
                issued.span,
                "is standing, not issued when it is needed".to_owned(),
                label,
                "issued just_in_time".to_owned(),
            ),
        ));
    }
    if credential.ttl.is_none() && most.is_some() {
        return Some((
            "ttl",
            (
                identity.meta.span,
                "has no end".to_owned(),
                "nothing says how long it lives, so it may live for ever".to_owned(),
                format!("ttl {wanted}"),
            ),
        ));
    }
    if credential.just_in_time.is_none() && just_in_time {
        let label = "nothing says when it is issued, so it may be standing".to_owned();
        return Some((
            "issued",
            (
                identity.meta.span,
                "may be standing".to_owned(),
                label,
                "issued just_in_time".to_owned(),
            ),
        ));
    }
    None
}
