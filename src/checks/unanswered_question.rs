//! A change of data about people where one of the questions has no owner.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::facts::GroupId;
use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::model::{DomainId, FunctionId, Model, Party};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV121"),
    page: include_str!("../../docs/codes/unanswered-question.md"),
    looks_at: |context| context.facts.groups.iter().filter(|group| !group.domains.is_empty()).count(),
    run,
};

/// One question for each of the three functions of the guidance.
const QUESTIONS: [&str; 3] = ["scope", "containment", "lawful_basis"];

/// Questions that nobody answers.
struct Open {
    questions: BTreeSet<usize>,
    atoms: Vec<AtomId>,
    /// The domains that decide together.
    governing: Vec<DomainId>,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: BTreeMap<DomainId, Open> = BTreeMap::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        let atoms = context.atoms(GroupId(index as u32)).iter().copied().filter(|atom| {
            let flags = context.facts.atoms.get(*atom).flags(model);
            flags.mutates && flags.personal
        });
        let atoms: Vec<AtomId> = atoms.collect();
        let Some(first) = group.domains.first().filter(|_| !atoms.is_empty()) else {
            continue;
        };
        let open =
            (0..QUESTIONS.len()).filter(|question| !group.domains.iter().any(|domain| answered(model, *domain, QUESTIONS[*question])));
        let open: BTreeSet<usize> = open.collect();
        if !open.is_empty() {
            let entry = found.entry(*first).or_insert_with(|| Open {
                questions: BTreeSet::new(),
                atoms: Vec::new(),
                governing: group.domains.clone(),
            });
            entry.questions.extend(open);
            entry.atoms.extend(atoms);
        }
    }
    for (domain, mut open) in found {
        open.atoms.sort_unstable();
        open.atoms.dedup();
        out.push(say(context, domain, &open));
    }
}

/// Whether somebody who is accountable in a domain answers a question. Other checks look at who holds the seat.
fn answered(model: &Model, domain: DomainId, question: &str) -> bool {
    model.domains[domain.index()].seats.iter().any(|seat| {
        let decides = &model.functions[seat.function.index()].decides;
        let accountable = match seat.owner.value {
            Party::Person(_) | Party::Agent(_) | Party::Identity(_) => true,
            Party::Team(team) => model.teams[team.index()].lead.is_some(),
        };
        accountable && decides.iter().any(|other| &**other == question)
    })
}

fn say(context: &Context<'_>, id: DomainId, open: &Open) -> Diagnostic {
    let model = context.model;
    let domain = &model.domains[id.index()];
    let at = domain.meta.span;
    let words: Vec<String> = open
        .questions
        .iter()
        .map(|question| QUESTIONS[*question].replace('_', " "))
        .collect();
    let (_, data, _) = context.facts.atoms.get(open.atoms[0]).names(model);
    let message = format!("nobody is accountable for {} when {data} changes", listed(&words));
    let label = match open.governing.len() {
        1 => "no owner here holds a function that decides it".to_owned(),
        _ => {
            let names: Vec<&str> = open
                .governing
                .iter()
                .map(|domain| &*model.domains[domain.index()].meta.name)
                .collect();
            format!("no owner in {} holds a function that decides it", listed(&names))
        }
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding = finding.magnitudes(open.questions.iter().map(|question| Magnitude::new().word(QUESTIONS[*question])));
    context.points(&mut finding, &open.atoms);
    let named = named_functions(model, id);
    let named = |question: &usize| {
        let decides = |function: &FunctionId| {
            model.functions[function.index()]
                .decides
                .iter()
                .any(|other| &**other == QUESTIONS[*question])
        };
        named.iter().any(decides)
    };
    if domain.seats.is_empty() || open.questions.iter().all(named) {
        finding.finding.follows = vec!["GOV109"];
    }
    for question in &open.questions {
        let decides = |function: &&crate::model::Function| function.decides.iter().any(|other| &**other == QUESTIONS[*question]);
        let function = model.functions.iter().find(decides).map_or("…", |function| &*function.meta.name);
        finding = finding.help(format!("owner {function} …  in domain {}", domain.meta.name));
    }
    finding
}
