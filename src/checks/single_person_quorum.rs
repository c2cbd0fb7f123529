//! A quorum of several functions that one person can meet alone.

use crate::checks::approvals::{Case, alone, cases, counted, follows, forged, helps, said_elsewhere, several, silence, steps, witness};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::control::Formula;
use crate::facts::verdict::{Behind, Filled};
use crate::model::{DomainId, PersonId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV102"),
    page: include_str!("../../docs/codes/single-person-quorum.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        let several = several(&case.answer.coalition);
        if case.answer.effective != Some(1) || !several || said_elsewhere(context, &case, &case.answer.coalition) {
            continue;
        }
        // If one person who approves nothing here in their own name makes approvals appear, that is
        // forgeable-approval.
        let in_own_name = case.answer.coalition.iter().any(|slot| matches!(slot.behind, Behind::Holder(_)));
        let told = forged(case.answer).is_some_and(|filled| !said_elsewhere(context, &case, filled));
        if told && !in_own_name {
            continue;
        }
        let entry = found.entry(case.domain).or_insert_with(|| (say(context, &case), Vec::new()));
        alone(context, &case, &mut entry.0, &case.answer.alone, case.answer.unnamed);
        entry.1.extend(case.atoms);
    }
    counted(context, found.into_values(), out);
}

fn say(context: &Context<'_>, case: &Case<'_>) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let at = case.span(model);
    let coalition = &case.answer.coalition;
    let person = the_person(coalition);
    let name = person.map_or("one person whom the files do not name", |person| {
        &model.people[person.index()].meta.name
    });
    let message = format!("{name} alone can bring about {}{}", decided(context, case), case.circumstance());
    let nominal = case.answer.nominal.unwrap_or(0);
    let label = match nominal {
        0 | 1 => "requires several functions, and one person holds them".to_owned(),
        _ => format!("looks like {nominal} people, but one is enough"),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.follows = follows(coalition);
    finding.finding.silence = silence(coalition);
    witness(model, &mut finding, coalition);
    if let Some(person) = person {
        // Whoever controls the slots that nobody holds in their own name is the same person.
        let person = &model.people[person.index()].meta;
        let id = person.id.to_string();
        let unnamed = finding.finding.witness.iter_mut().filter(|witness| witness.person.is_empty());
        unnamed.for_each(|witness| {
            witness.person.clone_from(&id);
            person.shown().clone_into(&mut witness.name);
        });
        finding.finding.alone.insert(id);
    }
    for (span, text) in steps(context, coalition, name, &[]) {
        finding = finding.step(span, text);
    }
    for domain in &context.facts.groups[case.group.index()].domains {
        if let Some(span) = model.domains[domain.index()].same_person.filter(|_| nominal <= 1) {
            finding = finding.step(span, "one person may approve for several functions here");
        }
    }
    // Where a standard asks for more than one person, a level in `quorate.toml` cannot remove this finding.
    let more = |applicable: &ApplicableRule| match &applicable.rule(model).requirement {
        Requirement::Approvers(count) => *count >= 2,
        Requirement::Approval(quorum) => quorum.functions().len() >= 2,
        _ => false,
    };
    if let Some((applicable, _)) = case.rules(context).into_iter().find(|(applicable, _)| more(applicable)) {
        let standard = &model.standards[applicable.standard.index()].meta;
        finding.finding.standard = Some((standard.id.to_string(), applicable.rule(model).span));
    }
    helped(context, case, finding)
}

/// `a change of customer.segment`, from the first decision point.
fn decided(context: &Context<'_>, case: &Case<'_>) -> String {
    let atom = context.facts.atoms.get(case.atoms[0]);
    let (action, data, _) = atom.names(context.model);
    match atom.mutates(context.model) {
        true => format!("a change of {data}"),
        false => format!("`{action}` of {data}"),
    }
}

/// The person behind every slot, if the files name that person.
fn the_person(coalition: &[Filled]) -> Option<PersonId> {
    let mut people = BTreeSet::new();
    for slot in coalition {
        match &slot.behind {
            Behind::Holder(holder) => {
                people.insert(holder.person);
            }
            Behind::ControlPath(control_path) => {
                if let Formula::Person(person) = &control_path.formula {
                    people.insert(*person);
                } else if let Formula::Threshold(..) = &control_path.formula {
                    let mut inside = BTreeSet::new();
                    control_path.formula.people(&mut inside);
                    let able: Vec<PersonId> = inside
                        .into_iter()
                        .filter(|person| control_path.formula.holds(&BTreeSet::from([*person])))
                        .collect();
                    people.extend(able.first());
                }
            }
        }
    }
    // If somebody holds a seat in their own name, that is the person; the same person controls the rest.
    let holder = coalition.iter().find_map(|slot| match &slot.behind {
        Behind::Holder(holder) => Some(holder.person),
        Behind::ControlPath(_) => None,
    });
    holder.or_else(|| people.into_iter().next())
}

fn helped(context: &Context<'_>, case: &Case<'_>, finding: Diagnostic) -> Diagnostic {
    let model = context.model;
    let mut finding = helps(context, &case.answer.coalition, finding);
    if finding.help.is_empty() {
        let domain = &model.domains[case.domain.index()];
        if domain.same_person.is_some() {
            finding = finding.help(format!("remove `same_person allowed` from domain {}", domain.meta.name));
        }
        finding = finding.help(format!(
            "owner {} …  with another person, in domain {}",
            model.functions[case.answer.coalition[0].function.index()].meta.name,
            domain.meta.name
        ));
    }
    finding
}
