//! An approving set that lacks a function the standard asks for.

use crate::checks::approvals::{Case, cases, counted, functions, people, tighten, whole, witness};
use crate::checks::requirements::{because, listed};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::verdict::Possible;
use crate::model::{DomainId, FunctionId, Quorum, Requirement};
use crate::syntax::vocabulary::Kind;
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV103"),
    page: include_str!("../../docs/codes/missing-function.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        let mut rules: Vec<(Asked, &Quorum, Vec<AtomId>)> = Vec::new();
        for (asked, atoms) in case.rules(context) {
            if let Requirement::Approval(quorum) = &asked.rule(context.model).requirement {
                rules.push((asked, quorum, atoms));
            }
        }
        // The rule that asks for the most is the one to show: what meets it meets the others.
        rules.sort_by_key(|(_, quorum, _)| Reverse(quorum.functions().len()));
        for (asked, quorum, atoms) in rules {
            let met = |possible: &Possible| quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0));
            if let Some(possible) = case
                .answer
                .possible
                .iter()
                .find(|possible| !possible.functions.is_empty() && !met(possible))
            {
                let entry = found
                    .entry(case.domain)
                    .or_insert_with(|| (say(context, &case, asked, quorum, possible), Vec::new()));
                entry.1.extend(atoms);
            }
        }
    }
    counted(context, found.into_values(), out);
}

fn say(context: &Context<'_>, case: &Case<'_>, asked: Asked, quorum: &Quorum, possible: &Possible) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let count = |function: FunctionId| possible.functions.get(&function).copied().unwrap_or(0);
    let missing: Vec<FunctionId> = quorum
        .functions()
        .into_iter()
        .filter(|function| count(*function) < quorum.most(*function))
        .collect();
    // Of a function that is asked, and of too few people, it would be untrue to say that it is not asked.
    let (short, absent): (Vec<FunctionId>, Vec<FunctionId>) = missing.iter().partition(|function| count(**function) > 0);
    let name = |function: &FunctionId| &*model.functions[function.index()].meta.name;
    let mut lacking = match absent.is_empty() {
        true => Vec::new(),
        false => vec![format!("without {}", functions(model, absent.iter().copied()))],
    };
    lacking.extend(short.iter().map(|function| {
        let (has, most) = (count(*function), quorum.most(*function));
        format!("with {has} {} where {most} are asked for", name(function))
    }));
    let message = format!("{} can be changed {}{}", domain.meta.name, listed(&lacking), case.circumstance());
    let questions = absent
        .iter()
        .flat_map(|function| &model.functions[function.index()].decides)
        .filter(|question| {
            let mut present = possible.functions.keys();
            !present.any(|function| model.functions[function.index()].decides.contains(question))
        })
        .take(1)
        .map(|question| question.replace('_', " "));
    let unanswered: Vec<String> = questions.collect();
    let label = match unanswered.first() {
        Some(question) => format!("met by {}; nobody answers for {question}", people(model, &possible.filled)),
        None if absent.is_empty() => {
            let no_more = short
                .iter()
                .map(|function| format!("{} more {}", quorum.most(*function) - count(*function), name(function)));
            let no_more: Vec<String> = no_more.collect();
            format!("met by {}; {} need not be asked", people(model, &possible.filled), listed(&no_more))
        }
        None => format!(
            "met by {}; {} need not be asked",
            people(model, &possible.filled),
            functions(model, absent.iter().copied())
        ),
    };
    let finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let mut finding = finding.extent(functions(model, missing.iter().copied()));
    witness(model, &mut finding, &possible.filled);
    let rule = asked.rule(model);
    let finding = because(context, finding, asked).help(whole(context, case, rule));
    tighten(context, case, rule, finding)
}
