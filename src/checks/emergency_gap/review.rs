//! The review of an emergency: somebody other than the approvers can give it, and it leaves out no function.

use super::finding;
use crate::checks::Context;
use crate::checks::approvals::{Case, cases, counted};
use crate::checks::requirements::because;
use crate::diagnostic::{Diagnostic, Magnitude, Mark};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::facts::verdict::ways;
use crate::model::{Domain, DomainId, Emergency, FunctionId, PersonId, Quorum, Requirement};
use crate::words::{listed, literal};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// How many of each function.
type Way = BTreeMap<FunctionId, u32>;

/// `business and privacy`: functions held in the domain that do not approve in an emergency.
pub fn others(context: &Context<'_>, domain: &Domain, emergency: &Emergency) -> String {
    let approve = emergency.approve.as_ref().map_or(Vec::new(), |approve| approve.value.functions());
    let others = domain
        .seats
        .iter()
        .map(|seat| seat.function)
        .filter(|function| !approve.contains(function));
    let names: Vec<&str> = others
        .take(2)
        .map(|function| &*context.model.functions[function.index()].meta.name)
        .collect();
    match names.is_empty() {
        true => "…".to_owned(),
        false => names.join(" and "),
    }
}

/// A review that nobody can give on a day, or that the approvers can give themselves.
pub fn of(context: &Context<'_>, id: DomainId, emergency: &Emergency, day: Date) -> Option<Diagnostic> {
    let model = context.model;
    let domain = &model.domains[id.index()];
    let (quorum, _) = emergency.review.as_ref()?;
    let at = emergency.review_span.unwrap_or(emergency.span);
    let name = &domain.meta.name;
    let fault = |message: String, label: String, help: String| finding(context, domain, "review", at, message, label).help(help);
    let said = ways(quorum)?;
    if said.iter().any(BTreeMap::is_empty) {
        return Some(fault(
            format!("nobody reviews an emergency in {name} afterwards"),
            "`none` reviews nothing".to_owned(),
            format!(
                "review {} within 24h  in the emergency of domain {name}",
                others(context, domain, emergency)
            ),
        ));
    }
    let able = |function: FunctionId, count: u32| {
        let mut people: Vec<_> = eligible(model, id, function, day).into_iter().map(|holder| holder.person).collect();
        people.sort_unstable();
        people.dedup();
        people.len() >= count as usize
    };
    if !said.iter().any(|way| way.iter().all(|(function, count)| able(*function, *count))) {
        let missing = |function: &FunctionId| !able(*function, quorum.most(*function));
        let missing: Vec<FunctionId> = quorum.functions().into_iter().filter(missing).collect();
        let names: Vec<&str> = missing
            .iter()
            .map(|function| &*model.functions[function.index()].meta.name)
            .collect();
        return Some(
            fault(
                format!("nobody can review an emergency in {name}"),
                format!("too few can act as {} on {day}", listed(&names)),
                format!("owner {} …  in domain {name}", names.first().unwrap_or(&"…")),
            )
            .magnitude(Mark::Nobody)
            .ids(missing.iter().map(|function| &model.functions[function.index()].meta.id)),
        );
    }
    let approve = emergency.approve.as_ref()?;
    let given = ways(&approve.value)?;
    let inside = |review: &BTreeMap<FunctionId, u32>| {
        given.iter().any(|approve| {
            review
                .iter()
                .all(|(function, count)| approve.get(function).is_some_and(|many| many >= count))
        })
    };
    let Some(own) = said.iter().find(|way| inside(way)) else {
        let (person, approves, reviews) = same_people(context, (id, day), &given, &said)?;
        let name_of = |function: FunctionId| &*model.functions[function.index()].meta.name;
        let same = Magnitude::new()
            .id(&model.people[person.index()].meta.id)
            .id(&model.functions[reviews.index()].meta.id);
        let person = &model.people[person.index()].meta.name;
        return Some(
            fault(
                format!("the people who approve an emergency in {name} can also review it"),
                format!(
                    "{person} can approve as {} and then review as {}",
                    name_of(approves),
                    name_of(reviews)
                ),
                format!("review …  by a function that {person} does not hold, in the emergency of domain {name}"),
            )
            .magnitude(same)
            .related(approve.span, "they approve here"),
        );
    };
    let functions: Vec<&str> = own.keys().map(|function| &*model.functions[function.index()].meta.name).collect();
    Some(
        fault(
            format!("the people who approve an emergency in {name} also review it"),
            format!("the review can be given by {}, who approved", listed(&functions)),
            format!("review …  by a function that does not approve, in the emergency of domain {name}"),
        )
        .ids(own.keys().map(|function| &model.functions[function.index()].meta.id))
        .related(approve.span, "they approve here"),
    )
}

/// A review that only the approvers can give, as other functions: one of these people, the function that this
/// person approves as, and the function that this person reviews as.
fn same_people(
    context: &Context<'_>,
    (id, day): (DomainId, Date),
    given: &[Way],
    said: &[Way],
) -> Option<(PersonId, FunctionId, FunctionId)> {
    let model = context.model;
    let able = |function: FunctionId| -> BTreeSet<PersonId> {
        let holders = eligible(model, id, function, day);
        holders.into_iter().map(|holder| holder.person).collect()
    };
    let slots = |way: &Way| -> Vec<(FunctionId, BTreeSet<PersonId>)> {
        way.iter()
            .flat_map(|(function, count)| std::iter::repeat_n((*function, able(*function)), *count as usize))
            .collect()
    };
    let pairs = given.iter().flat_map(|approve| said.iter().map(move |review| (approve, review)));
    for (approve, review) in pairs {
        let (approve, review) = (slots(approve), slots(review));
        let mut tried = 0;
        let mut seated = vec![None; approve.len()];
        if !review.is_empty() && both(&approve, &review, &mut seated, &mut tried) {
            let first = seated.iter().zip(&approve).find_map(|(seat, (function, _))| {
                let (person, reviews): (PersonId, usize) = (*seat)?;
                Some((person, *function, review[reviews].0))
            });
            return first;
        }
    }
    None
}

/// A function that the quorum asks for, and the people who can fill it.
type Slot = (FunctionId, BTreeSet<PersonId>);

/// The search tries at most this many placements.
const MOST_TRIED: usize = 10_000;

/// Whether every reviewer can be an approver: each review slot gets a person who fills an approval slot, and
/// others can fill the remaining approval slots. `seated` holds who fills an approval slot, and which review
/// slot that person fills as well.
fn both(approve: &[Slot], review: &[Slot], seated: &mut Vec<Option<(PersonId, usize)>>, tried: &mut usize) -> bool {
    *tried += 1;
    if *tried > MOST_TRIED {
        return false;
    }
    let placed: Vec<PersonId> = seated.iter().flatten().map(|(person, _)| *person).collect();
    let Some((_, able)) = review.get(placed.len()) else {
        // The others only have to exist; who they are does not matter.
        let left: Vec<&Slot> = approve
            .iter()
            .zip(&*seated)
            .filter(|(_, seat)| seat.is_none())
            .map(|(slot, _)| slot)
            .collect();
        return filled(&left, &mut placed.into_iter().collect());
    };
    for person in able.iter().filter(|person| !placed.contains(person)) {
        for place in 0..approve.len() {
            if seated[place].is_none() && approve[place].1.contains(person) {
                seated[place] = Some((*person, placed.len()));
                if both(approve, review, seated, tried) {
                    return true;
                }
                seated[place] = None;
            }
        }
    }
    false
}

/// Whether different people who are not taken can fill some slots.
fn filled(slots: &[&Slot], taken: &mut BTreeSet<PersonId>) -> bool {
    let Some(((_, able), rest)) = slots.split_first().map(|(first, rest)| (*first, rest)) else {
        return true;
    };
    able.iter().any(|person| {
        taken.insert(*person) && {
            let fine = filled(rest, taken);
            taken.remove(person);
            fine
        }
    })
}

/// Functions that the standard asks for and that neither approve an emergency nor review it. An emergency may
/// postpone the approval of a function. It may not omit it.
pub fn never_asked(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context).iter().filter(|case| case.emergency) {
        let Some((domain, emergency)) = urgent(context, case) else {
            continue;
        };
        // Another finding reports a missing review, or one that the approvers give.
        if of(context, domain, emergency, context.model.as_of).is_some() {
            continue;
        }
        let Some(reviews) = emergency.review.as_ref().and_then(|(quorum, _)| ways(quorum)) else {
            continue;
        };
        // If a rule applies to the emergency itself and its approval does not meet it, that is
        // missing-function.
        let binding = case.rules(context);
        let eased = |applicable: &ApplicableRule| binding.iter().all(|(bound, _)| bound != applicable);
        for (applicable, atoms) in case
            .rules_before_easing(context)
            .into_iter()
            .filter(|(applicable, _)| eased(applicable))
        {
            let Requirement::Approval(quorum) = &applicable.rule(context.model).requirement else {
                continue;
            };
            if let Some((review, missing)) = left_out(case, quorum, &reviews) {
                let entry = found
                    .entry(domain)
                    .or_insert_with(|| (say(context, domain, emergency, applicable, (quorum, &review, &missing)), Vec::new()));
                let left = missing
                    .iter()
                    .map(|function| Magnitude::from(Mark::Without).id(&context.model.functions[function.index()].meta.id));
                entry.0.finding.magnitude.extend(left);
                entry.1.extend(atoms);
            }
        }
    }
    counted(context, found.into_values(), out);
}

/// The first governing domain that has an emergency.
fn urgent<'c>(context: &'c Context<'_>, case: &Case<'_>) -> Option<(DomainId, &'c Emergency)> {
    let domains = &context.facts.groups[case.group.index()].domains;
    domains.iter().find_map(|domain| {
        let emergency = context.model.domains[domain.index()].emergency.as_ref()?;
        emergency.approve.is_some().then_some((*domain, emergency))
    })
}

/// A review that, together with some approving set, leaves out something that a quorum asks for; and the part
/// that is left out.
fn left_out(case: &Case<'_>, quorum: &Quorum, reviews: &[Way]) -> Option<(Way, Vec<FunctionId>)> {
    let given = case.answer.possible.iter().filter(|possible| !possible.functions.is_empty());
    given.into_iter().find_map(|possible| {
        reviews.iter().find_map(|review| {
            let count = |function: FunctionId| {
                let of = |way: &Way| way.get(&function).copied().unwrap_or(0);
                of(&possible.functions) + of(review)
            };
            if quorum.met(&count) {
                return None;
            }
            let short = |function: &FunctionId| count(*function) < quorum.most(*function);
            let missing = quorum.functions().into_iter().filter(short).collect();
            Some((review.clone(), missing))
        })
    })
}

fn say(
    context: &Context<'_>,
    id: DomainId,
    emergency: &Emergency,
    applicable: ApplicableRule,
    (quorum, review, missing): (&Quorum, &Way, &[FunctionId]),
) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[id.index()];
    let at = emergency.review_span.unwrap_or(emergency.span);
    let names = |functions: &mut dyn Iterator<Item = &FunctionId>| -> Vec<&str> {
        functions.map(|function| &*model.functions[function.index()].meta.name).collect()
    };
    let left = listed(&names(&mut missing.iter()));
    let verb = if missing.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{left} {verb} never asked about an emergency in {}, not even in the review",
        domain.meta.name
    );
    let label = format!("the review can be given by {} alone", listed(&names(&mut review.keys())));
    let approve = emergency.approve.as_ref().map_or(Vec::new(), |approve| approve.value.functions());
    let all = quorum.functions();
    let wanted = names(&mut all.iter().filter(|function| !approve.contains(function)));
    let finding = finding(context, domain, "review", at, message, label);
    let finding = finding.magnitudes(
        missing
            .iter()
            .map(|function| Magnitude::from(Mark::Without).id(&model.functions[function.index()].meta.id)),
    );
    let mut finding = because(context, finding, applicable);
    finding.finding.selector = "review".to_owned();
    let within = emergency.review.as_ref().map_or(0, |(_, within)| *within);
    finding.help(format!(
        "review {} within {}  in the emergency of domain {}",
        wanted.join(" and "),
        literal::duration(within),
        domain.meta.name
    ))
}
