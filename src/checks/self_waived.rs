//! A waiver signed by too few people, or by a person whom it relieves.

use crate::checks::idle_waiver::unlisted;
use crate::checks::waivers::{Refusal, accepted, in_force, names};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::Waiver;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV702"),
    page: include_str!("../../docs/codes/self-waived.md"),
    looks_at: |context| context.model.waivers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Who may sign depends on what the waiver relieves, so this check runs after all others.
    let Some(standing) = context.standing else {
        return;
    };
    for waiver in &context.model.waivers {
        if !in_force(context.model, waiver) {
            continue;
        }
        // A refusal that concerns one waived finding is reported once.
        let mut refused: Vec<Refusal> = Vec::new();
        let named: Vec<&Diagnostic> = standing.iter().filter(|finding| names(waiver, finding)).collect();
        let mut missing: Vec<String> = unlisted(waiver, &named).collect();
        for finding in &named {
            for refusal in accepted(context, waiver, finding).err().into_iter().flatten() {
                if !refused.contains(&refusal) {
                    let mut said = say(context, waiver, finding, &refusal);
                    // Somebody who accepts it lists what the finding has become.
                    if let Some(help) = said.help.first_mut().filter(|_| !missing.is_empty()) {
                        help.push_str(&format!(";  {}", std::mem::take(&mut missing).join(", ")));
                    }
                    out.push(said);
                    refused.push(refusal);
                }
            }
        }
    }
}

fn say(context: &Context<'_>, waiver: &Waiver, relieved: &Diagnostic, refusal: &Refusal) -> Diagnostic {
    let model = context.model;
    let name = &waiver.meta.name;
    let approved = waiver.approved.as_ref().map_or(waiver.meta.span, |approval| approval.span);
    let person = |id: &crate::model::PersonId| model.people[id.index()].meta.name.to_string();
    let (at, message, label, rule) = match refusal {
        Refusal::Nobody => (
            waiver.meta.span,
            format!("nobody has accepted the waiver {name}"),
            "has no `approved`".to_owned(),
            None,
        ),
        Refusal::Ineligible(who, function, span) => {
            let function = &model.functions[function.index()].meta.name;
            (
                *span,
                format!(
                    "{} accepted the waiver {name} as {function} and is not eligible for it",
                    person(who)
                ),
                format!("was not eligible as {function} on that day, neither where the finding is nor for these files"),
                None,
            )
        }
        Refusal::Relieved(who, span) => (
            *span,
            format!("{} accepted the waiver {name}, and also benefits from it", person(who)),
            "nobody can waive a rule for themselves, and the other signatures are not enough".to_owned(),
            None,
        ),
        Refusal::Unmet(text, rule) => (
            approved,
            format!("too few people have accepted the waiver {name}"),
            format!("the waived rule requires {}", text.trim_start_matches("require ")),
            *rule,
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Waiver, &waiver.meta, at, message).label(at, label);
    finding.finding.selector = match refusal {
        Refusal::Nobody => String::new(),
        Refusal::Ineligible(who, ..) | Refusal::Relieved(who, _) => model.people[who.index()].meta.id.to_string(),
        Refusal::Unmet(text, _) => text.clone(),
    };
    if let Some(rule) = rule {
        finding = finding.related(rule, "a waiver needs the same approvals as the rule that it waives");
    }
    if let Some(span) = relieved.span() {
        finding = finding.related(span, format!("what it would waive: {}", relieved.message));
    }
    finding.help("approved …  by owners or deputies who satisfy the waived rule, without the people who benefit")
}
