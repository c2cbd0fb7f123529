//! Within the horizon a window closes or opens, and a decision that is in order today no longer is.

mod elsewhere;
mod window;
mod wording;

use crate::checks::approvals::{Case, alone as alone_in, enough, forged, helps, people, said_elsewhere, several, steps};
use crate::checks::requirements::because;
use crate::checks::single_function_control::{self, Alone};
use crate::checks::stating::said_by;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::GroupId;
use crate::facts::applicable::ApplicableRule;
use crate::facts::as_of::{AsOf, days, named_functions};
use crate::facts::atom::AtomId;
use crate::facts::verdict::{Possible, Verdict, solve_at};
use crate::model::{DomainId, Quorum, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use window::{Window, of_managers, windows};
use wording::{Gravity, Worse};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV123"),
    page: include_str!("../../docs/codes/lapsing-approval.md"),
    looks_at: |context| context.facts.groups.iter().filter(|group| !group.domains.is_empty()).count(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Vec<Worse>, Vec<AtomId>)> = BTreeMap::new();
    for index in 0..context.facts.groups.len() {
        let id = GroupId(index as u32);
        for worse in of_group(context, id) {
            let entry = found.entry(worse.subject).or_default();
            entry.0.push(worse);
            entry.1.extend(context.atoms(id));
        }
    }
    // If the approval is lost on the same day, the review is one more thing that the same people fix.
    let days = found
        .iter()
        .filter_map(|(domain, (all, _))| Some((*domain, all.iter().map(|worse| worse.day).min()?)));
    elsewhere::reviews(context, &days.collect(), out);
    elsewhere::files(context, out);
    for (all, mut atoms) in found.into_values() {
        atoms.sort_unstable();
        atoms.dedup();
        if let Some(mut finding) = wording::together(context.model, all) {
            context.points(&mut finding, &atoms);
            out.push(finding);
        }
    }
}

/// What gets worse about a decision, on each day when something gets worse.
fn of_group(context: &Context<'_>, id: GroupId) -> Vec<Worse> {
    let model = context.model;
    let group = &context.facts.groups[id.index()];
    let today = &context.facts.verdicts[id.index()];
    let mut found = Vec::new();
    let Some(domain) = group.domains.first().copied() else {
        return found;
    };
    if context.atoms(id).is_empty() || today.too_large {
        return found;
    }
    let last = model.as_of.saturating_add(context.horizon.days());
    for day in days(model, group, last) {
        let then = solve_at(model, group, &AsOf::of(day));
        if then.too_large {
            continue;
        }
        // The edit goes where a window closes or opens. Where only control changes, it goes to the first
        // domain.
        let applicable = group
            .domains
            .iter()
            .flat_map(|domain| named_functions(model, *domain).into_iter().map(|function| (*domain, function)));
        let windows = windows(context, applicable, day);
        let subject = windows.first().map_or(domain, |(domain, ..)| *domain);
        found.extend(worse(context, id, today, &then, &Lapse { day, subject, windows }));
    }
    found
}

/// A day, and what ends or begins before it.
struct Lapse {
    day: Date,
    subject: DomainId,
    windows: Vec<Window>,
}

/// Decisions that people can make today, but that they cannot make on a later day, or only in a way that no
/// longer meets a standard.
fn worse(context: &Context<'_>, id: GroupId, today: &Verdict, then: &Verdict, lapse: &Lapse) -> Vec<Worse> {
    let mut found = Vec::new();
    let group = &context.facts.groups[id.index()];
    for (now, later) in today.cells.iter().zip(&then.cells) {
        let case = |cell, answer, emergency| Case {
            group: id,
            domain: group.domains[0],
            cell,
            answer,
            emergency,
            atoms: context.atoms(id),
        };
        let normal = (case(now, &now.normal, false), case(later, &later.normal, false));
        let urgent = now.emergency.as_ref().zip(later.emergency.as_ref());
        let urgent = urgent.map(|(before, after)| (case(now, before, true), case(later, after, true)));
        for (before, after) in std::iter::once(normal).chain(urgent) {
            let one = |gravity: Gravity, finding: Diagnostic| Worse {
                day: lapse.day,
                subject: lapse.subject,
                gravity,
                lacking: match gravity {
                    Gravity::Nobody | Gravity::Away => wording::lacking(context, &before, &after, lapse.day),
                    Gravity::Functions | Gravity::OneFunction | Gravity::OneHand | Gravity::TooFew => Vec::new(),
                },
                finding,
            };
            if before.answer.nominal.is_some() && after.answer.nominal.is_none() {
                found.push(one(Gravity::Nobody, say(context, &after, lapse, None)));
                continue;
            }
            let fine = broken(context, &before);
            let hand = !in_one_hand(context, &before) && in_one_hand(context, &after);
            for rule in broken(context, &after).into_iter().filter(|rule| !fine.contains(rule)) {
                let requirement = &rule.rule(context.model).requirement;
                let gravity = if matches!(requirement, Requirement::Approval(_)) {
                    Gravity::Functions
                } else if matches!(requirement, Requirement::Absence(_)) {
                    Gravity::Away
                } else {
                    Gravity::TooFew
                };
                // Somebody who can do it alone implies fewer people than required.
                if !(hand && gravity == Gravity::TooFew) {
                    found.push(one(gravity, say(context, &after, lapse, Some(rule))));
                }
            }
            let alone = single_function_control::alone(context, &before);
            for new in single_function_control::alone(context, &after) {
                if !alone.iter().any(|old| old.what == new.what) && !hand {
                    found.push(one(Gravity::OneFunction, one_function(context, &after, lapse, &new)));
                }
            }
            if hand {
                found.push(one(Gravity::OneHand, one_hand(context, &after, lapse)));
            }
        }
    }
    found
}

/// Whether one person can bring about the decision, or make every approval appear, although several people seem
/// necessary.
fn in_one_hand(context: &Context<'_>, case: &Case<'_>) -> bool {
    let alone =
        case.answer.effective == Some(1) && several(&case.answer.coalition) && !said_elsewhere(context, case, &case.answer.coalition);
    alone || forged(case.answer).is_some_and(|filled| !said_elsewhere(context, case, filled))
}

fn one_hand(context: &Context<'_>, case: &Case<'_>, lapse: &Lapse) -> Diagnostic {
    let model = context.model;
    let day = lapse.day;
    let domain = &model.domains[lapse.subject.index()];
    let at = case.span_in(context, lapse.subject);
    let decided = format!("{}{}", domain.meta.name, case.circumstance());
    let appears = forged(case.answer);
    let filled = appears.unwrap_or(&case.answer.coalition);
    let person = match appears {
        Some(_) => case.answer.forger,
        None => case.answer.together.first().copied(),
    };
    let name = person.map_or("one person whom the files do not name", |person| {
        &model.people[person.index()].meta.name
    });
    let alone = if person.is_some() { " alone" } else { "" };
    let (message, label) = match appears {
        Some(_) => (
            match filled.len() {
                1 => format!("from {day} {name}{alone} can make the approval of {decided} appear"),
                _ => format!("from {day} {name}{alone} can make every approval of {decided} appear"),
            },
            "from that day nobody needs to have approved",
        ),
        None => (
            format!("from {day} {name}{alone} can bring about {decided}"),
            "from that day one person is enough",
        ),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    for (span, text) in steps(context, filled, name, &[]) {
        finding = finding.step(span, text);
    }
    let able = match appears {
        Some(_) => (&case.answer.forgers, case.answer.forger.is_none()),
        None => (&case.answer.alone, case.answer.unnamed),
    };
    alone_in(context, case, &mut finding, able.0, able.1);
    let finding = finding.magnitude(Magnitude::new().day(Some(day)).mark(Mark::OneHand));
    // If control changes, the window that ends is that of the people who had the control.
    let mut windows = of_managers(context, lapse.subject, filled, day);
    windows.extend(lapse.windows.iter().cloned());
    let finding = closing(finding, &windows);
    helps(context, filled, finding)
}

fn one_function(context: &Context<'_>, case: &Case<'_>, lapse: &Lapse, alone: &Alone) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[lapse.subject.index()];
    let at = case.span_in(context, lapse.subject);
    let message = format!("from {} {}", lapse.day, alone.sentence);
    let label = "from that day the people of one function control all approvals";
    let finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let (function, thing) = &alone.what;
    let function = &model.functions[function.index()].meta;
    let magnitude = Magnitude::new().day(Some(lapse.day)).mark(Mark::OneHand).id(&function.id).id(thing);
    let finding = finding.magnitude(magnitude).related(alone.at, "this is what they control");
    let finding = closing(finding, &lapse.windows);
    let edit = format!(
        "managed_by …  with somebody who does not act as {} from {} on,",
        function.name, lapse.day
    );
    finding.help(said_by(&edit, "security"))
}

/// Shows the windows. Where one code covers all of them, a finding of that code includes this one.
fn closing(mut finding: Diagnostic, windows: &[Window]) -> Diagnostic {
    let mut told = Vec::new();
    for (_, span, text, _) in windows {
        if !told.contains(&text) {
            finding = finding.related(*span, text.clone());
            told.push(text);
        }
    }
    let codes: Vec<Option<&'static str>> = windows.iter().map(|(.., code)| *code).collect();
    if let Some(Some(first)) = codes.first().copied().filter(|first| codes.iter().all(|code| code == first)) {
        finding.finding.follows = vec![first];
    }
    finding
}

/// The rules about who decides that an answer does not meet.
fn broken(context: &Context<'_>, case: &Case<'_>) -> Vec<ApplicableRule> {
    let broken = |applicable: &ApplicableRule| match &applicable.rule(context.model).requirement {
        Requirement::Approvers(wanted) => case.answer.effective.is_some_and(|people| people < *wanted as usize),
        Requirement::Approval(quorum) => case.answer.possible.iter().any(|possible| !meets(possible, quorum)),
        Requirement::Absence(wanted) => !case.emergency && case.answer.resilience.is_some_and(|away| away < *wanted as usize),
        Requirement::Bound(_)
        | Requirement::Rollback(..)
        | Requirement::Evidence(..)
        | Requirement::Credential(..)
        | Requirement::Basis
        | Requirement::Scope
        | Requirement::Stop(_)
        | Requirement::Enforcement
        | Requirement::Emergency(..)
        | Requirement::Waiver(_)
        | Requirement::Stated => false,
    };
    let mut rules: Vec<ApplicableRule> = case
        .rules(context)
        .into_iter()
        .map(|(applicable, _)| applicable)
        .filter(broken)
        .collect();
    // The rule that asks for the most is shown.
    rules.sort_by_key(|applicable| match &applicable.rule(context.model).requirement {
        Requirement::Approval(quorum) => Reverse(quorum.functions().len()),
        _ => Reverse(0),
    });
    rules
}

fn meets(possible: &Possible, quorum: &Quorum) -> bool {
    quorum.met(&|function| possible.functions.get(&function).copied().unwrap_or(0))
}

fn say(context: &Context<'_>, case: &Case<'_>, lapse: &Lapse, broken: Option<ApplicableRule>) -> Diagnostic {
    let model = context.model;
    let day = lapse.day;
    let domain = &model.domains[lapse.subject.index()];
    let at = case.span_in(context, lapse.subject);
    let needed = case.answer.needed.iter();
    let needed: Vec<&str> = needed.map(|person| &*model.people[person.index()].meta.name).collect();
    let circumstance = case.circumstance();
    let decide = format!("{}{circumstance}", domain.meta.name);
    let requirement = broken.map(|applicable| &applicable.rule(model).requirement);
    let (message, label) = match requirement {
        Some(Requirement::Absence(_)) => (
            format!(
                "from {day} nobody can decide {decide} while {} {} away",
                listed(&needed),
                if needed.len() == 1 { "is" } else { "are" }
            ),
            "today one person can be absent; from that day nobody can".to_owned(),
        ),
        Some(Requirement::Approvers(wanted)) => (
            format!(
                "from {day} fewer than the required {wanted} people can decide {decide}: {}",
                case.answer.effective.unwrap_or(0)
            ),
            format!("from that day met by {}", people(model, &case.answer.coalition)),
        ),
        Some(Requirement::Approval(quorum)) => {
            let way = case.answer.possible.iter().find(|possible| !meets(possible, quorum));
            let by = way.map_or("nobody".to_owned(), |way| people(model, &way.filled));
            (
                format!("from {day} {decide} can be decided without all the required functions"),
                format!("from that day met by {by}"),
            )
        }
        Some(_) | None => (
            format!("from {day} nobody can decide {decide}"),
            "today this can be met; from that day it cannot".to_owned(),
        ),
    };
    let finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    let requires = match requirement {
        None => Magnitude::from(Mark::Nobody),
        Some(Requirement::Approval(_)) => Magnitude::from(Mark::Functions),
        Some(Requirement::Absence(_)) => Magnitude::from(Mark::Away).known(case.answer.resilience),
        Some(_) => Magnitude::from(Mark::People).known(case.answer.effective),
    };
    let finding = finding.magnitude(case.magnitude(context, Magnitude::new().day(Some(day)).and(requires)));
    let finding = closing(finding, &lapse.windows);
    let finding = match broken {
        Some(applicable) => because(context, finding, applicable),
        None => finding,
    };
    finding.help(match requirement {
        Some(Requirement::Approvers(_) | Requirement::Approval(_)) => {
            let enough = enough(context, case).unwrap_or_else(|| "approve …  with more people".to_owned());
            format!("{enough}  and no other way to decide, in domain {}", domain.meta.name)
        }
        Some(_) | None => format!(
            "name before {day} who can approve from then on: owner … deputy …  in domain {}",
            domain.meta.name
        ),
    })
}
