//! A waiver signed by too few, or by the one whom it relieves.

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
    // Who may sign depends on what is relieved, so this is looked at when everything else has been found.
    let Some(standing) = context.standing else {
        return;
    };
    for waiver in &context.model.waivers {
        if !in_force(context.model, waiver) {
            continue;
        }
        // What is said of one finding that it waives is said once.
        let mut refused: Vec<Refusal> = Vec::new();
        let named: Vec<&Diagnostic> = standing.iter().filter(|finding| names(waiver, finding)).collect();
        let mut missing: Vec<String> = unlisted(waiver, &named).collect();
        for finding in &named {
            for refusal in accepted(context, waiver, finding).err().into_iter().flatten() {
                if !refused.contains(&refusal) {
                    let mut said = say(context, waiver, finding, &refusal);
                    // Whoever accepts it lists what it has become.
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
                format!("held no seat as {function} that day, neither for what is waived nor for these files"),
                None,
            )
        }
        Refusal::Relieved(who, span) => (
            *span,
            format!("{} accepted the waiver {name}, and is the one whom it relieves", person(who)),
            "nobody waives a rule for themselves, and the others who signed do not suffice".to_owned(),
            None,
        ),
        Refusal::Unmet(text, rule) => (
            approved,
            format!("too few have accepted the waiver {name}"),
            format!("what it relieves takes {}", text.trim_start_matches("require ")),
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
        finding = finding.related(rule, "it takes as many to waive this as to satisfy it");
    }
    if let Some(span) = relieved.span() {
        finding = finding.related(span, format!("what it would relieve: {}", relieved.message));
    }
    finding.help("approved …  by owners or deputies who satisfy the rule that is waived, without those whom it relieves")
}
