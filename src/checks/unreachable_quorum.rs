//! A quorum that no eligible people can meet, or only with the one who asks.

mod askers;

use crate::checks::approvals::{Case, cases, counted};
use crate::checks::unreachable_quorum::askers::{Asker, Askers, Tie, held_alone};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::eligible;
use crate::model::{DomainId, FunctionId, Party, PersonId, Quorum, Seat};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV105"),
    page: include_str!("../../docs/codes/unreachable-quorum.md"),
    looks_at: |context| cases(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    let mut urgent: BTreeMap<DomainId, (Diagnostic, Vec<AtomId>, DomainId)> = BTreeMap::new();
    let mut applicable: BTreeMap<(DomainId, bool), (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    let all = cases(context);
    let askers = Askers::of(context, &all);
    for case in all {
        if let Some(asker) = askers.stuck(&case).filter(|_| case.answer.nominal.is_some()) {
            let (subject, finding) = say_asker(context, &case, asker);
            let place = (subject, case.emergency);
            let entry = applicable.entry(place).or_insert_with(|| (finding, Vec::new()));
            let person = &context.model.people[asker.person.index()].meta.id;
            let magnitude = case.magnitude(context, Mark::ActsFor).id(person);
            entry.0.finding.magnitude.insert(magnitude);
            entry.1.extend(case.atoms);
            continue;
        }
        if case.answer.nominal.is_some() || context.facts.verdicts[case.group.index()].too_large {
            continue;
        }
        // Tiers that leave a request out are ambiguous-tier. This check covers a domain without any tier, on
        // the normal path.
        let unstated = |(domain, applicable): (DomainId, Option<&Quorum>)| {
            applicable.is_none() && (case.emergency || !context.model.domains[domain.index()].tiers.is_empty())
        };
        if case.quorums(context).into_iter().any(unstated) {
            continue;
        }
        let (subject, finding) = say(context, &case);
        let magnitude = case.magnitude(context, Mark::Nobody);
        if case.emergency {
            let entry = urgent.entry(subject).or_insert_with(|| (finding, Vec::new(), case.domain));
            entry.0.finding.magnitude.insert(magnitude);
            entry.1.extend(case.atoms);
        } else {
            let entry = found.entry(subject).or_insert_with(|| (finding, Vec::new()));
            entry.0.finding.magnitude.insert(magnitude);
            entry.1.extend(case.atoms);
        }
    }
    // What blocks every decision also blocks an emergency, and is reported once.
    let label = |of: &Diagnostic| of.labels.first().map(|label| label.text.clone());
    urgent.retain(|_, (finding, _, domain)| found.get(domain).is_none_or(|(normal, _)| label(normal) != label(finding)));
    let urgent = urgent.into_values().map(|(finding, atoms, _)| (finding, atoms));
    // The findings about the one who asks are treated in the same way.
    let normal: BTreeSet<DomainId> = applicable
        .keys()
        .filter(|(_, emergency)| !emergency)
        .map(|(domain, _)| *domain)
        .collect();
    applicable.retain(|(domain, emergency), _| !emergency || !normal.contains(domain));
    counted(context, found.into_values().chain(urgent).chain(applicable.into_values()), out);
}

/// The finding if people remain who can decide, but not for the one who asks.
fn say_asker(context: &Context<'_>, case: &Case<'_>, asker: Asker) -> (DomainId, Diagnostic) {
    let model = context.model;
    let subject = match case.emergency {
        true => case.urgent(context),
        false => case.domain,
    };
    let domain = &model.domains[subject.index()];
    let at = case.span_in(context, subject);
    let person = &model.people[asker.person.index()].meta.name;
    let (when, tied) = match asker.tie {
        Tie::ActsFor(agent, party) => {
            let agent = &model.agents[agent.index()].meta.name;
            let tied = match party {
                Party::Team(team) => format!(
                    "{agent} acts for {} here, and {person} is in it",
                    model.teams[team.index()].meta.name
                ),
                Party::Person(_) | Party::Agent(_) | Party::Identity(_) => format!("{agent} acts for {person} here"),
            };
            (format!("on behalf of {person}"), tied)
        }
        Tie::Starts(task) => {
            let task = &model.tasks[task.index()].meta.name;
            (
                format!("when {person} starts {task}"),
                format!("only people who must approve {task} may start it"),
            )
        }
    };
    let message = format!("nobody can decide {} {when}{}", domain.meta.name, case.circumstance());
    let held = held_alone(context, case, asker.person);
    let label = match held.is_empty() {
        true => format!("without {person} too few people are left, and nobody may approve what they asked for or what is done for them"),
        false => format!(
            "only {person} can approve as {}, and nobody may approve what they asked for or what is done for them",
            listed(&held)
        ),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
        .label(at, label)
        .related(asker.span, tied);
    finding.finding.selector = match case.emergency {
        true => "asker in an emergency".to_owned(),
        false => "asker".to_owned(),
    };
    let function = held.first().map_or(String::new(), |function| format!("{function} "));
    let help = format!(
        "owner {function}…  with one more person than {person}, in domain {}",
        domain.meta.name
    );
    (subject, finding.help(help))
}

/// The finding, and the domain to edit. In an emergency, that is the first domain with an emergency.
fn say(context: &Context<'_>, case: &Case<'_>) -> (DomainId, Diagnostic) {
    let model = context.model;
    let subject = match case.emergency {
        true => case.urgent(context),
        false => case.domain,
    };
    let domain = &model.domains[subject.index()];
    let at = case.span_in(context, subject);
    let finding = |message: String| {
        let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message);
        if case.emergency {
            finding.finding.selector = "emergency".to_owned();
        }
        finding
    };
    for (governing, applicable) in case.quorums(context) {
        let own = &model.domains[governing.index()];
        let Some(quorum) = applicable else {
            let message = format!("{} says nothing about a request{}", own.meta.name, case.circumstance());
            let finding = finding(message).label(at, "no tier applies to it, so nobody can ever approve it");
            return (subject, finding.help("approve business and security otherwise"));
        };
        let empty = quorum
            .functions()
            .into_iter()
            .filter(|function| eligible(model, governing, *function, model.as_of).is_empty());
        let names: Vec<&str> = empty.map(|function| &*model.functions[function.index()].meta.name).collect();
        if !names.is_empty() {
            let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
            let label = format!("nobody can approve as {} on {}", listed(&names), model.as_of);
            let software = |seat: &Seat| {
                let mut parties = std::iter::once(&seat.owner).chain(&seat.deputies);
                names.contains(&&*model.functions[seat.function.index()].meta.name)
                    && parties.any(|party| matches!(party.value, Party::Agent(_) | Party::Identity(_)))
            };
            let mut finding = finding(message);
            if own.seats.iter().any(software) {
                finding.finding.follows = vec!["GOV107", "GOV108"];
            }
            let help = format!("owner {} …  with an active person, in domain {}", names[0], own.meta.name);
            return (subject, finding.label(at, label).help(help));
        }
    }
    let message = format!("nobody can decide {}{}", domain.meta.name, case.circumstance());
    let label = too_few(context, case);
    let finding = finding(message).label(at, label);
    (
        subject,
        finding.help(format!("owner …  with one more person, in domain {}", domain.meta.name)),
    )
}

/// `only rosa can approve as business and security, and it takes more people than that`
fn too_few(context: &Context<'_>, case: &Case<'_>) -> String {
    let model = context.model;
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    let mut functions: BTreeSet<FunctionId> = BTreeSet::new();
    for (domain, quorum) in case.quorums(context) {
        for function in quorum.into_iter().flat_map(Quorum::functions) {
            people.extend(eligible(model, domain, function, model.as_of).iter().map(|holder| holder.person));
            functions.insert(function);
        }
    }
    let people: Vec<&str> = people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let functions: Vec<&str> = functions
        .iter()
        .map(|function| &*model.functions[function.index()].meta.name)
        .collect();
    match people.len() {
        1..=4 => format!(
            "only {} can approve as {}, and the quorum needs more different people",
            listed(&people),
            listed(&functions)
        ),
        _ => "the quorum needs more different people than there are".to_owned(),
    }
}
