//! The only people who answer for whether, or on what basis, also run the tool.

use crate::checks::approvals::by_domain;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Witness, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::{Holder, eligible};
use crate::model::{DomainId, FunctionId, Model, PeopleQuorum, PersonId, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV110"),
    page: include_str!("../../docs/codes/tool-owner-decides.md"),
    looks_at: |context| context.model.domains.iter().map(|domain| domain.seats.len()).sum(),
    run,
};

/// The questions that the tool owner must not answer.
const QUESTIONS: [&str; 3] = ["scope", "use_case", "lawful_basis"];

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let managers: Vec<BTreeMap<PersonId, Span>> = model
        .systems
        .iter()
        .map(|system| {
            let mut people = BTreeMap::new();
            if let Some(managed_by) = system.managed_by.known() {
                collect(model, &managed_by.value, &mut people);
            }
            people
        })
        .collect();
    for (domain, atoms) in by_domain(context) {
        let systems: BTreeSet<SystemId> = atoms.iter().map(|atom| context.facts.atoms.get(*atom).system).collect();
        let functions: BTreeSet<FunctionId> = model.domains[domain.index()].seats.iter().map(|seat| seat.function).collect();
        let faults: Vec<Fault> = functions
            .into_iter()
            .filter_map(|function| fault(model, domain, function, &systems, &managers))
            .collect();
        if !faults.is_empty() {
            out.push(say(context, domain, &atoms, &faults));
        }
    }
}

/// The people of a quorum, each with where it is written.
fn collect(model: &Model, quorum: &PeopleQuorum, into: &mut BTreeMap<PersonId, Span>) {
    let human = |person: PersonId| model.people[person.index()].human;
    match quorum {
        PeopleQuorum::None => {}
        PeopleQuorum::Person(person, span) => {
            into.insert(human(*person), *span);
        }
        PeopleQuorum::Team(_, team, span) => {
            let everybody = model.teams[team.index()].everybody();
            into.extend(everybody.into_iter().map(|person| (human(person.value), *span)));
        }
        PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| collect(model, part, into)),
    }
}

/// A function that only tool owners can act as.
struct Fault {
    function: FunctionId,
    question: String,
    holders: Vec<(Holder, SystemId, Span)>,
}

fn fault(
    model: &Model,
    domain: DomainId,
    function: FunctionId,
    systems: &BTreeSet<SystemId>,
    managers: &[BTreeMap<PersonId, Span>],
) -> Option<Fault> {
    let decides = &model.functions[function.index()].decides;
    let question = decides.iter().find(|question| QUESTIONS.contains(&&***question))?;
    let runs = |holder: Holder| {
        systems
            .iter()
            .find_map(|system| Some((*system, *managers[system.index()].get(&holder.person)?)))
            .map(|(system, span)| (holder, system, span))
    };
    // One person who runs none of the systems is enough.
    let eligible = eligible(model, domain, function, model.as_of);
    let holders: Vec<(Holder, SystemId, Span)> = eligible.into_iter().map(runs).collect::<Option<_>>()?;
    (!holders.is_empty()).then(|| Fault {
        function,
        question: question.replace('_', " "),
        holders,
    })
}

fn say(context: &Context<'_>, domain: DomainId, atoms: &[AtomId], faults: &[Fault]) -> Diagnostic {
    let model = context.model;
    let own = &model.domains[domain.index()];
    let first = &faults[0];
    let function = &model.functions[first.function.index()].meta.name;
    let mut names: Vec<&str> = first
        .holders
        .iter()
        .map(|(holder, ..)| &*model.people[holder.named.index()].meta.name)
        .collect();
    names.dedup();
    let mut systems: Vec<&str> = first
        .holders
        .iter()
        .map(|(_, system, _)| &*model.systems[system.index()].meta.name)
        .collect();
    systems.sort_unstable();
    systems.dedup();
    let at = first.holders[0].0.span;
    let (only, verb) = match names.len() {
        1 => (format!("{}, who runs {}, alone", names[0], listed(&systems)), "can answer"),
        _ => (format!("only the people who run {}", listed(&systems)), "can answer"),
    };
    let message = format!("{only} {verb} for {} in {}", first.question, own.meta.name);
    let label = match names.len() {
        1 => format!("only {0} holds {function}, and {0} runs the tool", names[0]),
        _ => format!("{} hold {function}, and each of them runs a tool", listed(&names)),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &own.meta, at, message).label(at, label);
    let mut told: BTreeSet<(PersonId, SystemId)> = BTreeSet::new();
    for fault in faults {
        let function = &model.functions[fault.function.index()].meta.id;
        for (holder, system, _) in &fault.holders {
            let person = &model.people[holder.person.index()].meta.id;
            finding = finding.magnitude(Magnitude::new().id(function).id(person).id(&model.systems[system.index()].meta.id));
        }
    }
    for (holder, system, span) in faults.iter().flat_map(|fault| &fault.holders) {
        if told.insert((holder.person, *system)) {
            let person = &model.people[holder.named.index()];
            let system = &model.systems[system.index()].meta.name;
            finding = finding.related(*span, format!("{} manages {system}", person.meta.name));
            finding.finding.witness.push(Witness {
                person: person.meta.id.to_string(),
                name: person.meta.shown().to_owned(),
                stands_for: function.to_string(),
                because: format!("{}, and manages {system}", holder.because),
                span: holder.span,
            });
        }
    }
    for fault in &faults[1..] {
        let function = &model.functions[fault.function.index()].meta.name;
        finding = finding.related(
            fault.holders[0].0.span,
            format!("the same is true of {function}, for {}", fault.question),
        );
    }
    context.points(&mut finding, atoms);
    finding.help(format!(
        "owner {function} …  with somebody who answers for the use, not for the tool, in domain {}",
        own.meta.name
    ))
}
