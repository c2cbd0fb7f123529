//! Fewer people than the standard asks for, counting what each can bring about.

use crate::checks::approvals::{cases, counted, follows, people, steps, witness};
use crate::checks::requirements::because;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV104"),
    page: include_str!("../../docs/codes/too-few-approvers.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        let (Some(effective), Some(nominal)) = (case.answer.effective, case.answer.nominal) else {
            continue;
        };
        for (asked, atoms) in case.rules(context) {
            let Requirement::Approvers(wanted) = asked.rule(context.model).requirement else {
                continue;
            };
            if effective < 2 || effective >= wanted as usize {
                continue;
            }
            let entry = found.entry(case.domain).or_insert_with(|| {
                let domain = &context.model.domains[case.domain.index()];
                let at = case.span(context.model);
                let message = format!(
                    "{effective} people can bring about {} where {wanted} are asked for{}",
                    domain.meta.name,
                    case.circumstance()
                );
                let label = match effective < nominal {
                    true => format!("looks like {nominal} people; takes {effective}, counting what each can bring about"),
                    false => format!("met by {}", people(context.model, &case.answer.least)),
                };
                let finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
                let mut finding = finding.extent(effective);
                finding.finding.follows = follows(&case.answer.coalition);
                witness(context.model, &mut finding, &case.answer.coalition);
                for step in steps(context, &case.answer.coalition, "", &case.answer.together) {
                    finding = finding.step(step.0, step.1);
                }
                (
                    because(context, finding, asked)
                        .help(format!("let {wanted} people decide, and no fewer manage what stands behind them")),
                    Vec::new(),
                )
            });
            entry.1.extend(atoms);
        }
    }
    counted(context, found.into_values(), out);
}
