//! One person who holds no function in a decision can make its approvals appear.

use crate::checks::approvals::{Case, alone, cases, counted, forged, helps, said_elsewhere, silence, steps, witness};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::verdict::Filled;
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV111"),
    page: include_str!("../../docs/codes/forgeable-approval.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        let Some(filled) = forged(case.answer).filter(|filled| !said_elsewhere(context, &case, filled)) else {
            continue;
        };
        let entry = found
            .entry(case.domain)
            .or_insert_with(|| (say(context, &case, filled), Vec::new()));
        alone(context, &case, &mut entry.0, &case.answer.forgers, case.answer.forger.is_none());
        entry.1.extend(case.atoms);
    }
    // Each domain decides who may accept it, so each has its finding. Where one edit fixes several, the finding
    // says so.
    let same: Vec<(DomainId, BTreeSet<String>, Vec<String>)> = found
        .iter()
        .map(|(domain, (finding, _))| (*domain, finding.finding.alone.clone(), finding.help.clone()))
        .collect();
    for (domain, (finding, _)) in &mut found {
        let others = same
            .iter()
            .filter(|(other, alone, help)| other != domain && *alone == finding.finding.alone && *help == finding.help);
        let others: Vec<&str> = others.map(|(other, ..)| &*context.model.domains[other.index()].meta.name).collect();
        if let Some(help) = finding.help.first_mut().filter(|_| !others.is_empty()) {
            help.push_str(&format!("  which mends {} as well", few(&others)));
        }
    }
    counted(context, found.into_values(), out);
}

fn say(context: &Context<'_>, case: &Case<'_>, filled: &[Filled]) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let person = case.answer.forger;
    let name = person.map_or("one person whom the files do not name", |person| {
        &model.people[person.index()].meta.name
    });
    let alone = if person.is_some() { " alone" } else { "" };
    let (what, label) = match filled.len() {
        1 => ("the approval", "nobody needs to have given the approval"),
        _ => ("every approval", "nobody needs to have given these approvals"),
    };
    let message = format!(
        "{name}{alone} can make {what} of {} appear{}",
        domain.meta.name,
        case.circumstance()
    );
    let label = match person {
        Some(_) => format!("{label}: {name} holds no function here"),
        None => label.to_owned(),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.silence = silence(filled);
    witness(model, &mut finding, filled);
    if let Some(person) = person {
        let person = &model.people[person.index()].meta;
        let id = person.id.to_string();
        let unnamed = finding.finding.witness.iter_mut().filter(|witness| witness.person.is_empty());
        unnamed.for_each(|witness| {
            witness.person.clone_from(&id);
            person.shown().clone_into(&mut witness.name);
        });
        finding.finding.alone.insert(id);
    }
    for (span, text) in steps(context, filled, name, &[]) {
        finding = finding.step(span, text);
    }
    let asks = |requirement: &Requirement| match requirement {
        Requirement::Approvers(count) => *count >= 1,
        Requirement::Approval(quorum) => !quorum.met(&|_| 0),
        Requirement::Bound(_)
        | Requirement::Rollback(..)
        | Requirement::Evidence(..)
        | Requirement::Credential(..)
        | Requirement::Basis
        | Requirement::Scope
        | Requirement::Stop(_)
        | Requirement::Enforcement
        | Requirement::Absence(_)
        | Requirement::Emergency(..)
        | Requirement::Waiver(_)
        | Requirement::Stated => false,
    };
    let mut rules = case.rules(context).into_iter().map(|(applicable, _)| applicable);
    if let Some(applicable) = rules.find(|applicable| asks(&applicable.rule(model).requirement)) {
        let standard = &model.standards[applicable.standard.index()].meta;
        finding.finding.standard = Some((standard.id.to_string(), applicable.rule(model).span));
    }
    helps(context, filled, finding)
}
