//! What a declaration leaves unstated where agents change records, and what may therefore be anything.

use crate::checks::requirements::because;
use crate::checks::stating::said_by;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::unstated::{Subject, Unstated, unstated};
use crate::facts::unstated_reach::path;
use crate::model::{Model, PeopleQuorum, PersonId, Requirement};
use crate::syntax::vocabulary::{Kind, Place, clauses};
use crate::words::{few, listed};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV710"),
    page: include_str!("../../docs/codes/unstated.md"),
    looks_at: |context| {
        let model = context.model;
        model.people.len() + model.teams.len() + model.agents.len() + model.systems.len() + model.identities.len()
    },
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let lacking = unstated(context.model);
    if lacking.is_empty() {
        return;
    }
    let relevant: Vec<bool> = (0..context.facts.atoms.list.len() as u32)
        .map(|index| {
            let atom = AtomId(index);
            let reached = context.facts.points_of[atom.index()].0 > 0;
            reached && (context.facts.atoms.get(atom).mutates(context.model) || stated(context, atom).is_some())
        })
        .collect();
    for (subject, clauses, atoms) in path(context.model, context.facts, context.flows, &lacking, &relevant) {
        out.push(say(context, subject, &clauses, &atoms));
    }
}

/// The rule of a standard that wants nothing left unstated at an atom.
fn stated(context: &Context<'_>, atom: AtomId) -> Option<ApplicableRule> {
    let applicable = &context.facts.applicable[atom.index()];
    applicable
        .iter()
        .find(|applicable| matches!(applicable.rule(context.model).requirement, Requirement::Stated))
        .copied()
}

/// The first such rule, for something that may reach any of its atoms.
fn anywhere(model: &Model) -> Option<ApplicableRule> {
    let standards = model.adoption.standards.iter();
    let rules = standards.flat_map(|standard| {
        let rules = model.standards[standard.index()].rules.iter().enumerate();
        rules.map(|(index, rule)| (*standard, index, rule))
    });
    let mut stated = rules.filter(|(_, _, rule)| matches!(rule.requirement, Requirement::Stated));
    stated.next().map(|(standard, index, rule)| ApplicableRule {
        standard,
        rule: index as u32,
        conditional: rule.select.as_ref().is_some_and(|select| select.when.is_some()),
    })
}

fn say(context: &Context<'_>, subject: Subject, clauses: &[Unstated], atoms: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let (kind, meta) = (subject.kind(), subject.meta(model));
    let said: Vec<&str> = clauses.iter().map(|clause| clause.says).collect();
    let words: Vec<String> = clauses.iter().map(|clause| format!("`{}`", clause.word)).collect();
    let gone = clauses.iter().find_map(|clause| clause.left);
    let mut finding = match gone.filter(|_| clauses.len() == 1) {
        Some(at) => {
            let message = format!("everybody named in `managed_by` of {} has left", meta.name);
            let label = format!(
                "{}; somebody else does it now, and the files do not say who",
                have_left(model, subject)
            );
            context.finding(&CHECK, kind, meta, at, message).label(at, label)
        }
        None => {
            let message = format!("{} does not say {}", meta.name, listed(&said));
            let at = meta.span;
            let label = format!("without {} the answer may be anything", listed(&words));
            context.finding(&CHECK, kind, meta, at, message).label(at, label)
        }
    };
    if let Some(at) = gone {
        finding = finding.magnitude(Mark::Left);
        if clauses.len() > 1 {
            finding = finding.related(at, format!("`managed_by` is there, but {}", have_left(model, subject)));
        }
    }
    match subject {
        Subject::Agent(agent) => {
            context.points_by(&mut finding, agent, atoms);
        }
        _ => context.points(&mut finding, atoms),
    }
    let mut selector: Vec<&str> = clauses.iter().map(|clause| clause.word).collect();
    selector.sort_unstable();
    let applicable = atoms.iter().find_map(|atom| stated(context, *atom));
    let open = clauses.iter().any(|clause| clause.opens());
    if let Some(applicable) = applicable.or_else(|| anywhere(model).filter(|_| open)) {
        finding = because(context, finding, applicable);
        finding.level = Level::Error;
        selector.insert(0, "stated");
    }
    finding.finding.selector = selector.join(", ");
    let edits = clauses.iter().map(|clause| match clause.left {
        Some(_) => "managed_by …  with the people who do it now".to_owned(),
        None => edit(kind, clause),
    });
    let edits: Vec<String> = edits.collect();
    let who = match subject {
        Subject::Agent(agent) => model.agents[agent.index()]
            .owner
            .map(|owner| &model.people[owner.value.index()].meta),
        _ => None,
    };
    finding.help(said_by(&edits.join("; "), who.map_or("security", |owner| &owner.name)))
}

/// `ines left on 2026-10-01`
fn have_left(model: &Model, subject: Subject) -> String {
    let mut people = BTreeSet::new();
    if let Some(managers) = subject.managed_by(model) {
        named(model, &managers.value, &mut people);
    }
    let each = people.iter().filter_map(|person| {
        let person = &model.people[person.index()];
        let last = person.until.filter(|last| last.value < model.as_of)?;
        Some(format!("{} left on {}", person.meta.name, last.value))
    });
    match people.is_empty() {
        true => "it is a team without members".to_owned(),
        false => few(&each.collect::<Vec<String>>()),
    }
}

fn named(model: &Model, quorum: &PeopleQuorum, into: &mut BTreeSet<PersonId>) {
    match quorum {
        PeopleQuorum::None => {}
        PeopleQuorum::Person(person, _) => {
            into.insert(*person);
        }
        PeopleQuorum::Team(_, team, _) => into.extend(model.teams[team.index()].everybody().iter().map(|person| person.value)),
        PeopleQuorum::Threshold(_, parts) => parts.iter().for_each(|part| named(model, part, into)),
    }
}

/// The clause to write.
fn edit(kind: Kind, clause: &Unstated) -> String {
    let rows = || clauses(Place::In(kind)).iter().filter(|row| row.word == clause.word);
    let none = rows().any(|row| row.signature.starts_with("none"));
    let block = rows().any(|row| row.opens.is_some());
    match (none, block) {
        (true, _) => format!("{} …, or `{} none`", clause.word, clause.word),
        (false, true) => format!("{} {{ … }}", clause.word),
        (false, false) => format!("{} …", clause.word),
    }
}
