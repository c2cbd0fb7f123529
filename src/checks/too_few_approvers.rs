//! Fewer people than the standard requires, counting how many approvals each person can bring about.

use crate::checks::approvals::{Case, all_named, cases, counted, follows, people, steps, witness};
use crate::checks::requirements::because;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::model::{DomainId, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV104"),
    page: include_str!("../../docs/codes/too-few-approvers.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // One entry for each clause that asks for too few people. If people control more approvals than the clause
    // shows, the edit belongs elsewhere, and the key has no clause.
    let mut found: BTreeMap<(DomainId, Option<Span>), Found> = BTreeMap::new();
    for case in cases(context) {
        let (Some(effective), Some(nominal)) = (case.answer.effective, case.answer.nominal) else {
            continue;
        };
        for (applicable, atoms) in case.rules(context) {
            let Requirement::Approvers(wanted) = applicable.rule(context.model).requirement else {
                continue;
            };
            if effective < 2 || effective >= wanted as usize {
                continue;
            }
            let clause = (effective == nominal).then(|| case.span(context.model));
            let short = (effective, Reverse(wanted));
            let new = || Found {
                short,
                finding: say(context, &case, applicable, clause),
                magnitude: BTreeSet::new(),
                atoms: Vec::new(),
            };
            let entry = found.entry((case.domain, clause)).or_insert_with(new);
            if short < entry.short {
                (entry.short, entry.finding) = (short, say(context, &case, applicable, clause));
            }
            // The strictest rule comes first; less strict rules ask for no more than that.
            entry.magnitude.insert(case.magnitude(context, Magnitude::new().count(effective)));
            entry.atoms.extend(atoms);
        }
    }
    let found = found.into_values().map(|one| (one.finding.magnitudes(one.magnitude), one.atoms));
    counted(context, found, out);
}

/// What was found about one clause.
struct Found {
    short: (usize, Reverse<u32>),
    finding: Diagnostic,
    magnitude: BTreeSet<Magnitude>,
    atoms: Vec<AtomId>,
}

fn say(context: &Context<'_>, case: &Case<'_>, applicable: ApplicableRule, clause: Option<Span>) -> Diagnostic {
    let model = context.model;
    let (effective, nominal) = (case.answer.effective.unwrap_or(0), case.answer.nominal.unwrap_or(0));
    let wanted = match applicable.rule(model).requirement {
        Requirement::Approvers(wanted) => wanted,
        _ => 0,
    };
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let message = format!(
        "{effective} people can bring about {} where {wanted} are required{}",
        domain.meta.name,
        case.circumstance()
    );
    let label = match effective < nominal {
        true => format!("looks like {nominal} people, but {effective} can do it with everything they control"),
        false => format!("met by {}", people(model, &case.answer.least)),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.clause = clause;
    finding.finding.follows = follows(&case.answer.coalition);
    witness(model, &mut finding, &case.answer.coalition);
    for step in steps(context, &case.answer.coalition, "", &case.answer.together) {
        finding = finding.step(step.0, step.1);
    }
    let finding = because(context, finding, applicable).help(format!(
        "let {wanted} people decide, and let at least as many manage what the decision depends on"
    ));
    match clause {
        Some(_) => all_named(context, case, wanted as usize, finding),
        None => finding,
    }
}
