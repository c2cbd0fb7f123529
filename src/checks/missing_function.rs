//! An approving set that lacks a function the standard requires.

use crate::checks::approvals::{Case, cases, counted, demanded, functions, people, tighten, whole, witness};
use crate::checks::requirements::{because, listed, strictness};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::verdict::Possible;
use crate::model::{DomainId, FunctionId, Model, Requirement, Rule};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
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
            let unmet: Vec<&(Asked, Vec<AtomId>)> = rules.iter().filter(|(asked, _)| !met(context.model, *asked, possible)).collect();
            if unmet.is_empty() {
                continue;
            }
            let asked: Vec<Asked> = demanded(context.model, unmet.iter().map(|(asked, _)| *asked));
            let entry = found.entry((case.domain, case.span(context.model))).or_insert_with(|| Found {
                case,
                possible,
                asked: Vec::new(),
                all: Vec::new(),
                extent: BTreeSet::new(),
                atoms: Vec::new(),
            });
            // The approving set that omits the most is shown.
            if asked.len() > entry.asked.len() {
                (entry.case, entry.possible, entry.asked) = (case, possible, asked.clone());
            }
            for one in &asked {
                let lacking = lacking(context.model, *one, possible).into_iter();
                let lacking = lacking.fold(Extent::from(Mark::Missing), |lacking, (function, count)| {
                    lacking.count(count).id(function_id(context, function))
                });
                let (_, standard, text) = strictness(context.model, *one);
                let rule = lacking.mark(Mark::Rule).id(standard).quoted(text);
                entry.extent.insert(case.extent(context, rule));
                if !entry.all.contains(one) {
                    entry.all.push(*one);
                }
            }
            entry.atoms.extend(unmet.into_iter().flat_map(|(_, atoms)| atoms.iter().copied()));
        }
    }
    let found = found.into_values().map(|one| {
        let finding = say(context, &one).extents(one.extent);
        (finding, one.atoms)
    });
    counted(context, found, out);
}

/// What was found about one clause.
struct Found<'a> {
    case: &'a Case<'a>,
    possible: &'a Possible,
    /// The rules that this approving set does not meet.
    asked: Vec<Asked>,
    /// The rules that some approving set does not meet.
    all: Vec<Asked>,
    extent: BTreeSet<Extent>,
    atoms: Vec<AtomId>,
}

/// Whether an approving set meets a rule. Another check covers rules that do not ask for functions.
fn met(model: &Model, asked: Asked, possible: &Possible) -> bool {
    match &asked.rule(model).requirement {
        Requirement::Approval(quorum) => quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0)),
        _ => true,
    }
}

/// The functions of which an approving set has fewer people than a rule asks for, with how many it asks for.
fn lacking(model: &Model, asked: Asked, possible: &Possible) -> Vec<(FunctionId, u32)> {
    let Requirement::Approval(quorum) = &asked.rule(model).requirement else {
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
    for (function, most) in found.asked.iter().flat_map(|asked| lacking(model, *asked, possible)) {
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
            format!("met by {}; nobody has to ask {}", people(model, &possible.filled), listed(&no_more))
        }
        None => format!(
            "met by {}; nobody has to ask {}",
            people(model, &possible.filled),
            functions(model, absent.iter().copied())
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.clause = Some(at);
    witness(model, &mut finding, &possible.filled);
    let mut all = found.all.clone();
    all.sort_by_key(|asked| strictness(model, *asked));
    let all = demanded(model, all);
    let first = all.first().copied();
    for asked in all.iter().skip(1) {
        finding = finding.related(asked.rule(model).span, "and here");
    }
    if let Some(asked) = first {
        finding = because(context, finding, asked);
        finding.related.rotate_right(1);
    }
    let rules: Vec<&Rule> = all.iter().map(|asked| asked.rule(model)).collect();
    let finding = finding.help(whole(context, case, &rules));
    tighten(context, case, &rules, finding)
}
