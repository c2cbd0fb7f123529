//! An approving set that lacks a function the standard requires.

use crate::checks::approvals::{Case, cases, counted, demanded, functions, people, tighten, whole, witness};
use crate::checks::requirements::{because, strictness};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::verdict::Possible;
use crate::model::{DomainId, FunctionId, Model, Requirement, Rule};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV103"),
    page: include_str!("../../docs/codes/missing-function.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let cases = cases(context);
    // Two clauses take two edits, so they are two faults. What several standards miss in one clause takes one
    // edit.
    let mut found: BTreeMap<(DomainId, Span), Found<'_>> = BTreeMap::new();
    for case in &cases {
        let rules = case.rules(context);
        for possible in case.answer.possible.iter().filter(|possible| !possible.functions.is_empty()) {
            let unmet: Vec<&(ApplicableRule, Vec<AtomId>)> = rules
                .iter()
                .filter(|(applicable, _)| !met(context.model, *applicable, possible))
                .collect();
            if unmet.is_empty() {
                continue;
            }
            let applicable: Vec<ApplicableRule> = demanded(context.model, unmet.iter().map(|(applicable, _)| *applicable));
            let entry = found.entry((case.domain, case.span(context.model))).or_insert_with(|| Found {
                case,
                possible,
                applicable: Vec::new(),
                all: Vec::new(),
                magnitude: BTreeSet::new(),
                atoms: Vec::new(),
            });
            // The approving set that omits the most is shown.
            if applicable.len() > entry.applicable.len() {
                (entry.case, entry.possible, entry.applicable) = (case, possible, applicable.clone());
            }
            for one in &applicable {
                let lacking = lacking(context.model, *one, possible).into_iter();
                let lacking = lacking.fold(Magnitude::from(Mark::Missing), |lacking, (function, count)| {
                    lacking.count(count).id(function_id(context, function))
                });
                let (_, standard, text) = strictness(context.model, *one);
                let rule = lacking.mark(Mark::Rule).id(standard).quoted(text);
                entry.magnitude.insert(case.magnitude(context, rule));
                if !entry.all.contains(one) {
                    entry.all.push(*one);
                }
            }
            entry.atoms.extend(unmet.into_iter().flat_map(|(_, atoms)| atoms.iter().copied()));
        }
    }
    let found = found.into_values().map(|one| {
        let finding = say(context, &one).magnitudes(one.magnitude);
        (finding, one.atoms)
    });
    counted(context, found, out);
}

/// What was found about one clause.
struct Found<'a> {
    case: &'a Case<'a>,
    possible: &'a Possible,
    /// The rules that this approving set does not meet.
    applicable: Vec<ApplicableRule>,
    /// The rules that some approving set does not meet.
    all: Vec<ApplicableRule>,
    magnitude: BTreeSet<Magnitude>,
    atoms: Vec<AtomId>,
}

/// Whether an approving set meets a rule. Another check covers rules that do not ask for functions.
fn met(model: &Model, applicable: ApplicableRule, possible: &Possible) -> bool {
    match &applicable.rule(model).requirement {
        Requirement::Approval(quorum) => quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0)),
        _ => true,
    }
}

/// The functions of which an approving set has fewer people than a rule asks for, with how many it asks for.
fn lacking(model: &Model, applicable: ApplicableRule, possible: &Possible) -> Vec<(FunctionId, u32)> {
    let Requirement::Approval(quorum) = &applicable.rule(model).requirement else {
        return Vec::new();
    };
    let count = |function: &FunctionId| possible.functions.get(function).copied().unwrap_or(0);
    let wanted = quorum.functions().into_iter().map(|function| (function, quorum.most(function)));
    wanted.filter(|(function, most)| count(function) < *most).collect()
}

fn function_id<'a>(context: &'a Context<'_>, function: FunctionId) -> &'a str {
    &context.model.functions[function.index()].meta.id
}

fn say(context: &Context<'_>, found: &Found<'_>) -> Diagnostic {
    let model = context.model;
    let Found { case, possible, .. } = found;
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let mut missing: BTreeMap<FunctionId, u32> = BTreeMap::new();
    for (function, most) in found.applicable.iter().flat_map(|applicable| lacking(model, *applicable, possible)) {
        let entry = missing.entry(function).or_default();
        *entry = most.max(*entry);
    }
    // If the quorum asks for a function but for too few people, it would be untrue to say that it does not ask
    // for it.
    let count = |function: &FunctionId| possible.functions.get(function).copied().unwrap_or(0);
    let (short, absent): (Vec<FunctionId>, Vec<FunctionId>) = missing.keys().partition(|function| count(function) > 0);
    let name = |function: &FunctionId| &*model.functions[function.index()].meta.name;
    let mut unasked = match absent.is_empty() {
        true => Vec::new(),
        false => vec![format!("without {}", functions(model, absent.iter().copied()))],
    };
    unasked.extend(short.iter().map(|function| {
        let (has, most) = (count(function), missing[function]);
        format!("with {has} {} where {most} are required", name(function))
    }));
    let message = format!("{} can be changed {}{}", domain.meta.name, listed(&unasked), case.circumstance());
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
                .map(|function| format!("{} more {}", missing[function] - count(function), name(function)));
            let no_more: Vec<String> = no_more.collect();
            format!("met by {}, without {}", people(model, &possible.filled), listed(&no_more))
        }
        None => format!(
            "met by {}, without {}",
            people(model, &possible.filled),
            functions(model, absent.iter().copied())
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.clause = Some(at);
    witness(model, &mut finding, &possible.filled);
    let mut all = found.all.clone();
    all.sort_by_key(|applicable| strictness(model, *applicable));
    let all = demanded(model, all);
    let first = all.first().copied();
    for applicable in all.iter().skip(1) {
        finding = finding.related(applicable.rule(model).span, "and here");
    }
    if let Some(applicable) = first {
        finding = because(context, finding, applicable);
        finding.related.rotate_right(1);
    }
    let rules: Vec<&Rule> = all.iter().map(|applicable| applicable.rule(model)).collect();
    let finding = finding.help(whole(context, case, &rules));
    tighten(context, case, &rules, finding)
}
