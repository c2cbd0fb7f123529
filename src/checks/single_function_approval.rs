//! One function suffices where more are required, or nobody approves what changes, discloses or is restricted.

use crate::checks::approvals::{Case, cases, counted, demands, functions, people, quorum_text, tighten, whole, witness};
use crate::checks::requirements::because;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::verdict::Possible;
use crate::model::{DomainId, FunctionId, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV101"),
    page: include_str!("../../docs/codes/single-function-approval.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Two clauses take two edits, so they are two faults.
    let mut found: BTreeMap<(DomainId, Span), (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        for possible in &case.answer.possible {
            let fault = match possible.functions.len() {
                0 => nobody(context, &case),
                1 => one(context, &case, possible),
                _ => None,
            };
            if let Some((mut finding, atoms)) = fault {
                let at = case.span(context.model);
                finding.finding.clause = Some(at);
                let magnitude = std::mem::take(&mut finding.finding.magnitude);
                let entry = found.entry((case.domain, at)).or_insert_with(|| (finding, Vec::new()));
                entry.0.finding.magnitude.extend(magnitude);
                entry.1.extend(atoms);
            }
        }
    }
    counted(context, found.into_values(), out);
}

/// `approve none` on what mutates, discloses or is restricted, whatever the standard; and on anything that a
/// standard wants approved.
fn nobody(context: &Context<'_>, case: &Case<'_>) -> Option<(Diagnostic, Vec<AtomId>)> {
    let model = context.model;
    let grave = |atom: &AtomId| {
        let flags = context.facts.atoms.get(*atom).flags(model);
        flags.mutates || flags.discloses || flags.restricted
    };
    let atoms: Vec<AtomId> = case.atoms.iter().copied().filter(grave).collect();
    let domain = &model.domains[case.domain.index()];
    let message = |atoms: &[AtomId]| format!("{} needs no approval at all{}", operation(context, atoms), case.circumstance());
    let applicable = case
        .rules(context)
        .into_iter()
        .find(|(applicable, _)| match &applicable.rule(model).requirement {
            Requirement::Approvers(count) => *count > 0,
            Requirement::Approval(quorum) => !quorum.met(&|_| 0),
            _ => false,
        });
    let at = case.span(model);
    let finding = match (atoms.first(), &applicable) {
        (Some(atom), _) => {
            let flags = context.facts.atoms.get(*atom).flags(model);
            let why = match (flags.mutates, flags.discloses) {
                (true, _) => "it changes records, and every change of records needs an approval",
                (false, true) => "it sends data out, and sending data out needs an approval",
                (false, false) => "the data is restricted, and reading it needs an approval",
            };
            context
                .finding(&CHECK, Kind::Domain, &domain.meta, at, message(&atoms))
                .label(at, why)
        }
        (None, Some((_, spoken_of))) => context
            .finding(&CHECK, Kind::Domain, &domain.meta, at, message(spoken_of))
            .label(at, "nobody has to approve this"),
        (None, None) => return None,
    };
    let finding = match &applicable {
        Some((applicable, _)) => because(context, finding, *applicable),
        None => finding,
    };
    let atoms = match (atoms.is_empty(), applicable) {
        (true, Some((_, spoken_of))) => spoken_of,
        _ => atoms,
    };
    let help = match case.emergency {
        true => format!(
            "approve …  with a function that can act in haste, in the emergency of domain {}",
            domain.meta.name
        ),
        false => edit(context, case, &[]),
    };
    Some((finding.help(help).magnitude(case.magnitude(context, Mark::Nobody)), atoms))
}

/// `` `read.view` of customer.identity and customer.billing ``: the first action, with all the data it is done to.
fn operation(context: &Context<'_>, atoms: &[AtomId]) -> String {
    let names = || atoms.iter().map(|atom| context.facts.atoms.get(*atom).names(context.model));
    let first = names().next().map_or("", |(action, ..)| action);
    let data: BTreeSet<&str> = names().filter(|(action, ..)| *action == first).map(|(_, data, _)| data).collect();
    let data: Vec<&str> = data.into_iter().collect();
    match &data[..] {
        [one, two, _, rest @ ..] => format!("`{first}` of {one}, {two} and {} more classes", rest.len() + 1),
        all => format!("`{first}` of {}", listed(all)),
    }
}

fn one(context: &Context<'_>, case: &Case<'_>, possible: &Possible) -> Option<(Diagnostic, Vec<AtomId>)> {
    let model = context.model;
    let (applicable, atoms) = case
        .rules(context)
        .into_iter()
        .find(|(applicable, _)| unmet(context, *applicable, possible))?;
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let present: Vec<FunctionId> = possible.functions.keys().copied().collect();
    let only = functions(model, present.iter().copied());
    let message = format!("{only} alone can decide {}{}", domain.meta.name, case.circumstance());
    let suffice = if possible.people == 1 { "suffices" } else { "suffice" };
    let label = format!(
        "{} {suffice}, without anybody from another function",
        people(model, &possible.filled)
    );
    let finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let mut finding = finding.magnitude(case.magnitude(
        context,
        present.iter().fold(Magnitude::new().count(possible.people), |magnitude, function| {
            magnitude.id(&model.functions[function.index()].meta.id)
        }),
    ));
    witness(model, &mut finding, &possible.filled);
    let finding = because(context, finding, applicable).help(edit(context, case, &present));
    Some((tighten(context, case, &demands(context, case), finding), atoms))
}

fn unmet(context: &Context<'_>, applicable: ApplicableRule, possible: &Possible) -> bool {
    match &applicable.rule(context.model).requirement {
        Requirement::Approvers(count) => possible.people < *count as usize,
        Requirement::Approval(quorum) => !quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0)),
        _ => false,
    }
}

/// The functions that the standards name, or as many people as they ask for.
fn edit(context: &Context<'_>, case: &Case<'_>, present: &[FunctionId]) -> String {
    let rules = demands(context, case);
    if !rules.is_empty() {
        return whole(context, case, &rules);
    }
    let count = |(applicable, _): (ApplicableRule, Vec<AtomId>)| match &applicable.rule(context.model).requirement {
        Requirement::Approvers(count) => Some(*count as usize),
        _ => None,
    };
    let wanted = case.rules(context).into_iter().filter_map(count).max();
    quorum_text(context, case, wanted.unwrap_or(1).max(1), present)
}
