//! A decision of which nothing is kept.

use crate::checks::no_rollback::without;
use crate::checks::requirements::{because, by_rule};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV501"),
    page: include_str!("../../docs/codes/no-evidence.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut said: BTreeSet<DomainId> = BTreeSet::new();
    for (asked, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Evidence(..)).then_some(())) {
        for (domain, atoms) in without(context, &atoms, |domain| model.domains[domain.index()].evidence.is_some()) {
            if !said.insert(domain) {
                continue;
            }
            let own = &model.domains[domain.index()];
            let at = own.meta.span;
            let message = format!("nothing is kept of decisions under {}", own.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Domain, &own.meta, at, message)
                .label(at, "names no ledger, so nobody can show who authorised what");
            let mut finding = because(context, finding, asked);
            context.points(&mut finding, &atoms);
            out.push(finding.help("evidence …  with a ledger"));
        }
    }
}
