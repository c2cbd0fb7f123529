//! Finds an emergency that has no end or no review, or that requires less than the standard does.

mod on_behalf;
pub(super) mod review;

use crate::checks::approvals::{Case, alone, by_domain, cases, counted, people, several, witness};
use crate::checks::requirements::{because, because_of, by_rule, strictness};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::verdict::ways;
use crate::model::{Domain, DomainId, Emergency, FunctionId, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{self, duration, literal};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV114"),
    page: include_str!("../../docs/codes/emergency-gap.md"),
    looks_at: |context| context.model.domains.iter().filter(|domain| domain.emergency.is_some()).count(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let atoms = by_domain(context);
    for (index, domain) in context.model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        if let Some(emergency) = &domain.emergency {
            let atoms = atoms.get(&id).map_or(&[][..], |atoms| atoms);
            // The fewer approvals an emergency asks for, the more severe the rest is.
            let applicable = emergency
                .approve
                .as_ref()
                .and_then(|approve| ways(&approve.value))
                .unwrap_or_default();
            let applicable = applicable.iter().map(|way| {
                way.iter().fold(Magnitude::from(Mark::Takes), |magnitude, (function, count)| {
                    magnitude.count(*count).id(&context.model.functions[function.index()].meta.id)
                })
            });
            let applicable: Vec<Magnitude> = applicable.collect();
            let asked_for = standard(context, atoms);
            let bounds = beyond(context, domain, emergency, atoms);
            for mut finding in unstated(context, domain, emergency)
                .into_iter()
                .chain(bounds)
                .chain(nobody(context, domain, emergency))
                .chain(review::of(context, id, emergency, context.model.as_of))
                .chain(on_behalf::of(context, id, emergency))
            {
                context.points(&mut finding, atoms);
                finding.finding.applicable = asked_for.clone();
                out.push(finding.magnitudes(applicable.clone()));
            }
        }
    }
    review::never_asked(context, out);
    too_long(context, out);
    too_few(context, out);
}

fn finding(context: &Context<'_>, domain: &Domain, selector: &str, at: Span, message: String, label: String) -> Diagnostic {
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.selector = selector.to_owned();
    finding
}

/// The standard that limits emergencies where the domain governs, and the place of that rule.
fn standard(context: &Context<'_>, atoms: &[AtomId]) -> Option<(String, Span)> {
    let model = context.model;
    let applicable = atoms.iter().flat_map(|atom| &context.facts.applicable[atom.index()]);
    let mut rules = applicable.filter(|applicable| matches!(applicable.rule(model).requirement, Requirement::Emergency(..)));
    let applicable = rules.next()?;
    let standard = &model.standards[applicable.standard.index()].meta;
    Some((standard.id.to_string(), applicable.rule(model).span))
}

/// An emergency that asks nobody is not a quorum: whoever declares it decides. No standard permits it, no
/// setting lowers the finding and no waiver relieves it.
fn nobody(context: &Context<'_>, domain: &Domain, emergency: &Emergency) -> Option<Diagnostic> {
    let approve = emergency.approve.as_ref()?;
    let asks_nobody = |way: &BTreeMap<FunctionId, u32>| way.values().all(|count| *count == 0);
    if !ways(&approve.value)?.iter().any(asks_nobody) {
        return None;
    }
    let name = &domain.meta.name;
    let message = format!("an emergency in {name} needs no approval");
    let label = "anyone who declares one can act without approval".to_owned();
    let mut finding = finding(context, domain, "nobody", approve.span, message, label);
    finding.finding.firm = true;
    finding.finding.follows = vec!["GOV101"];
    let function = domain.seats.first();
    let function = function.map_or("…", |seat| &*context.model.functions[seat.function.index()].meta.name);
    Some(finding.help(format!("approve {function}  in the emergency of domain {name}")))
}

/// What an emergency must state whatever the standard.
fn unstated(context: &Context<'_>, domain: &Domain, emergency: &Emergency) -> Vec<Diagnostic> {
    let (name, at) = (&domain.meta.name, emergency.span);
    let mut found = Vec::new();
    if emergency.approve.is_none() {
        let message = format!("an emergency in {name} has no `approve`");
        let label = "without `approve` the emergency has no effect".to_owned();
        let finding = finding(context, domain, "approve", at, message, label);
        found.push(finding.help(format!("approve …  in the emergency of domain {name}")));
    }
    if emergency.lasts.is_none() {
        let message = format!("an emergency in {name} never ends");
        let label = "what was allowed in an emergency stays allowed".to_owned();
        let finding = finding(context, domain, "lasts", at, message, label);
        found.push(finding.help(format!("lasts 30m  in the emergency of domain {name}")));
    }
    if emergency.review.is_none() {
        let message = format!("nobody reviews an emergency in {name} afterwards");
        let label = "nobody checks what was done in an emergency".to_owned();
        let finding = finding(context, domain, "review", at, message, label);
        found.push(finding.help(format!(
            "review {} within 24h  in the emergency of domain {name}",
            review::others(context, domain, emergency)
        )));
    }
    found
}

/// In seconds. How long an emergency may last, and how late its review may be, where no standard says.
const LASTS: i64 = 7 * 86_400;
const REVIEWED: i64 = 30 * 86_400;

/// Times that are too long to be a limit, where no standard sets one.
fn beyond(context: &Context<'_>, domain: &Domain, emergency: &Emergency, atoms: &[AtomId]) -> Vec<Diagnostic> {
    let name = &domain.meta.name;
    let rules = atoms.iter().flat_map(|atom| &context.facts.applicable[atom.index()]);
    let set = rules.filter_map(|applicable| match applicable.rule(context.model).requirement {
        Requirement::Emergency(_, lasts, review) => Some((lasts.is_some(), review.is_some())),
        _ => None,
    });
    let (lasts, review) = set.fold((false, false), |all, one| (all.0 || one.0, all.1 || one.1));
    let reviewed = emergency.review.as_ref().map(|(_, within)| *within);
    let bounds = [
        ("lasts", "lasts", emergency.lasts.filter(|_| !lasts), LASTS, emergency.lasts_span),
        (
            "within",
            "review … within",
            reviewed.filter(|_| !review),
            REVIEWED,
            emergency.review_span,
        ),
    ];
    let mut found = Vec::new();
    for (word, clause, said, most, at) in bounds {
        let Some(said) = said.filter(|said| *said > most) else {
            continue;
        };
        let (said_text, most_text) = (duration(said), duration(most));
        let (message, label) = match word {
            "lasts" => (
                format!("an emergency in {name} lasts {said_text}"),
                format!("after {most_text} it is not an emergency any more"),
            ),
            _ => (
                format!("an emergency in {name} is reviewed within {said_text}"),
                format!("after {most_text} it is too late to correct mistakes"),
            ),
        };
        let mut finding = finding(context, domain, word, at.unwrap_or(emergency.span), message, label);
        finding.level = Level::Warning;
        let edit = format!(
            "{clause} {}  at the most, in the emergency of domain {name}",
            literal::duration(most)
        );
        let finding = finding.magnitude(Magnitude::new().count(said)).help(edit);
        found.push(shortened(finding, emergency, word, most));
    }
    found
}

/// Adds the edit that shortens an emergency. People must keep the deadline of a review, so people choose it.
fn shortened(finding: Diagnostic, emergency: &Emergency, word: &str, most: i64) -> Diagnostic {
    match emergency.lasts_span.filter(|_| word == "lasts") {
        Some(span) => finding.edit(span, format!("lasts {}", literal::duration(most))),
        None => finding,
    }
}

/// An emergency that lasts longer, or is reviewed later, than the standard permits.
fn too_long(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Emergency(_, lasts, review) => Some((lasts, review)),
        _ => None,
    });
    let mut found: BTreeMap<(DomainId, &str), (i64, ApplicableRule, Vec<AtomId>)> = BTreeMap::new();
    for (applicable, (lasts, review), atoms) in rules {
        for atom in atoms {
            for id in &context.facts.group(atom).domains {
                let Some(emergency) = &model.domains[id.index()].emergency else {
                    continue;
                };
                let reviewed = emergency.review.as_ref().map(|(_, within)| *within);
                for (word, said, most) in [("lasts", emergency.lasts, lasts), ("within", reviewed, review)] {
                    if let Some((_, most)) = said.zip(most).filter(|(said, most)| said > most) {
                        let entry = found.entry((*id, word)).or_insert_with(|| (most, applicable, Vec::new()));
                        if most < entry.0 {
                            (entry.0, entry.1) = (most, applicable);
                        }
                        entry.2.push(atom);
                    }
                }
            }
        }
    }
    for ((id, word), (most, applicable, mut atoms)) in found {
        let domain = &model.domains[id.index()];
        let Some(emergency) = &domain.emergency else {
            continue;
        };
        let name = &domain.meta.name;
        let allowed = duration(most);
        let mut finding = if word == "lasts" {
            let at = emergency.lasts_span.unwrap_or(emergency.span);
            let said = duration(emergency.lasts.unwrap_or(0));
            let message = format!("an emergency in {name} lasts {said}, longer than the {allowed} allowed");
            finding(context, domain, word, at, message, "too long for an emergency".to_owned())
        } else {
            let at = emergency.review_span.unwrap_or(emergency.span);
            let said = duration(emergency.review.as_ref().map_or(0, |(_, within)| *within));
            let message = format!("an emergency in {name} is reviewed within {said}, later than the {allowed} allowed");
            finding(context, domain, word, at, message, "too late to correct mistakes".to_owned())
        };
        atoms.sort_unstable();
        atoms.dedup();
        context.points(&mut finding, &atoms);
        let mut finding = because_of(context, finding, applicable, &atoms);
        finding.finding.selector = word.to_owned();
        finding = finding.magnitude(Magnitude::new().count(match word {
            "lasts" => emergency.lasts.unwrap_or(0),
            _ => emergency.review.as_ref().map_or(0, |(_, within)| *within),
        }));
        let edit = match word {
            "lasts" => format!("lasts {}", literal::duration(most)),
            _ => format!("review … within {}", literal::duration(most)),
        };
        let finding = finding.help(format!("{edit}  in the emergency of domain {name}"));
        out.push(shortened(finding, emergency, word, most));
    }
}

/// An emergency with fewer people than the standard permits.
fn too_few(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: BTreeMap<DomainId, (Short, Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context).iter().filter(|case| case.emergency) {
        let (Some(nominal), Some(effective)) = (case.answer.nominal, case.answer.effective) else {
            continue;
        };
        for (applicable, atoms) in emergency_rules(context, case) {
            let Requirement::Emergency(wanted, ..) = applicable.rule(model).requirement else {
                continue;
            };
            let wanted = wanted as usize;
            // Other findings report an emergency that asks nobody, and one person behind several names.
            let said =
                (nominal == 0 && atoms.iter().any(|atom| grave(context, *atom))) || (effective == 1 && several(&case.answer.coalition));
            if effective >= wanted || said {
                continue;
            }
            // The emergency may belong to another domain than the first that governs.
            let domain = case.urgent(context);
            let short = (effective, Reverse(wanted));
            let new = || few(context, case, domain, applicable, wanted);
            let entry = found.entry(domain).or_insert_with(|| (short, new(), Vec::new()));
            if short < entry.0 {
                let magnitude = std::mem::take(&mut entry.1.finding.magnitude);
                (entry.0, entry.1) = (short, new().magnitudes(magnitude));
            }
            entry
                .1
                .finding
                .magnitude
                .insert(case.magnitude(context, Magnitude::new().count(effective)));
            alone(context, case, &mut entry.1, &case.answer.alone, case.answer.unnamed);
            entry.2.extend(atoms);
        }
    }
    counted(context, found.into_values().map(|(_, finding, atoms)| (finding, atoms)), out);
}

/// How many people suffice, and how many are required. The fewest come first, and of these the largest
/// shortfall.
type Short = (usize, Reverse<usize>);

fn emergency_rules(context: &Context<'_>, case: &Case<'_>) -> Vec<(ApplicableRule, Vec<AtomId>)> {
    let mut rules: BTreeMap<ApplicableRule, Vec<AtomId>> = BTreeMap::new();
    for atom in case.atoms {
        for applicable in &context.facts.applicable[atom.index()] {
            let here = !applicable.conditional || case.cell.cell.rules.contains(&(applicable.standard, applicable.rule));
            if here && matches!(applicable.rule(context.model).requirement, Requirement::Emergency(..)) {
                rules.entry(*applicable).or_default().push(*atom);
            }
        }
    }
    let mut rules: Vec<(ApplicableRule, Vec<AtomId>)> = rules.into_iter().collect();
    rules.sort_by_key(|(applicable, _)| strictness(context.model, *applicable));
    rules
}

fn grave(context: &Context<'_>, atom: AtomId) -> bool {
    let flags = context.facts.atoms.get(atom).flags(context.model);
    flags.mutates || flags.discloses || flags.restricted
}

fn few(context: &Context<'_>, case: &Case<'_>, subject: DomainId, applicable: ApplicableRule, wanted: usize) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[subject.index()];
    let at = case.span_in(context, subject);
    let effective = case.answer.effective.unwrap_or(0);
    let people_word = |count: usize| words::counted(count, "person", "people");
    let suffice = if effective == 1 { "suffices" } else { "suffice" };
    let message = format!(
        "in an emergency {} {suffice} for {}, fewer than the {wanted} required",
        people_word(effective),
        domain.meta.name
    );
    let label = match case.answer.nominal == case.answer.effective {
        true => format!("met by {}", people(model, &case.answer.least)),
        false => format!(
            "looks like {}, but {effective} can do it with everything they control",
            people_word(case.answer.nominal.unwrap_or(0))
        ),
    };
    let mut finding = finding(context, domain, "approve", at, message, label);
    witness(model, &mut finding, &case.answer.coalition);
    let mut finding = because(context, finding, applicable);
    finding.finding.selector = "approvers".to_owned();
    let functions = domain
        .seats
        .iter()
        .take(wanted)
        .map(|seat| &*model.functions[seat.function.index()].meta.name);
    let functions: Vec<&str> = functions.collect();
    finding.help(format!(
        "approve {}  in the emergency of domain {}",
        functions.join(" and "),
        domain.meta.name
    ))
}
