//! A task for a purpose that the owners of the data did not allow, or a task or domain without purposes.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{At, DomainId, Model, PurposeId, Task, TaskId};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV305"),
    page: include_str!("../../docs/codes/purpose-mismatch.md"),
    looks_at: |context| context.model.tasks.len() + context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, task) in model.tasks.iter().enumerate().filter(|(_, task)| !task.ended(model.as_of)) {
        let id = TaskId(index as u32);
        match task.purpose {
            None => out.push(without(context, id, task)),
            Some(purpose) => out.extend(elsewhere(context, id, task, purpose)),
        }
    }
    let unstated = |domain: &DomainId| model.domains[domain.index()].purposes.is_none();
    let mut atoms: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        for domain in group.domains.iter().copied().filter(unstated) {
            atoms.entry(domain).or_default().extend(&context.atoms_of[index]);
        }
    }
    for (domain, mut atoms) in atoms.into_iter().filter(|(_, atoms)| !atoms.is_empty()) {
        atoms.sort_unstable();
        out.push(open(context, domain, &atoms));
    }
}

/// A task without a purpose.
fn without(context: &Context<'_>, id: TaskId, task: &Task) -> Diagnostic {
    let at = task.meta.span;
    let message = format!("{} has no purpose", task.meta.name);
    let label = "without a purpose nobody can tell whether it is allowed";
    let finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
    let finding = points(context, finding, task, context.facts.scope(id));
    finding.help("purpose …  with one that the domains of its data allow")
}

/// A task for a purpose that a governing domain does not allow.
fn elsewhere(context: &Context<'_>, id: TaskId, task: &Task, purpose: At<PurposeId>) -> Option<Diagnostic> {
    let model = context.model;
    let scope = context.facts.scope(id);
    let forbids = |domain: &&DomainId| {
        let purposes = &model.domains[domain.index()].purposes;
        purposes.as_ref().is_some_and(|purposes| !purposes.contains(&purpose.value))
    };
    let mut domains: Vec<DomainId> = Vec::new();
    let mut atoms: Vec<AtomId> = Vec::new();
    for atom in scope {
        let forbidding: Vec<DomainId> = context.facts.group(*atom).domains.iter().filter(forbids).copied().collect();
        if !forbidding.is_empty() {
            atoms.push(*atom);
        }
        for domain in forbidding {
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
    }
    let first = domains.first()?;
    let name = &model.purposes[purpose.value.index()].meta.name;
    let governing: Vec<&str> = domains.iter().map(|domain| &*model.domains[domain.index()].meta.name).collect();
    let verb = if governing.len() == 1 { "does" } else { "do" };
    let message = format!("{} is for {name}, which {} {verb} not allow", task.meta.name, listed(&governing));
    let mut finding = context
        .finding(&CHECK, Kind::Task, &task.meta, purpose.span, message)
        .label(purpose.span, "data kept for one purpose is used for another here");
    for domain in &domains {
        let own = &model.domains[domain.index()];
        finding = finding.related(own.meta.span, format!("{} allows {}", own.meta.name, purposes(model, *domain)));
    }
    finding = finding.ids([&model.purposes[purpose.value.index()].meta.id]);
    finding = finding.ids(domains.iter().map(|domain| &model.domains[domain.index()].meta.id));
    let finding = points(context, finding, task, &atoms);
    let allowed = model.domains[first.index()].purposes.iter().flatten().next();
    let finding = match allowed {
        Some(allowed) => finding.help(format!(
            "purpose {}  if that is what {} is for",
            model.purposes[allowed.index()].meta.name,
            task.meta.name
        )),
        None => finding,
    };
    Some(finding.help(format!(
        "purposes … {name}  in {}, if the people who answer for it agree",
        listed(&governing)
    )))
}

fn purposes(model: &Model, domain: DomainId) -> String {
    let purposes = model.domains[domain.index()].purposes.iter().flatten();
    let names: Vec<&str> = purposes.map(|purpose| &*model.purposes[purpose.index()].meta.name).collect();
    match names.is_empty() {
        true => "the task has no `purpose`".to_owned(),
        false => listed(&names),
    }
}

/// A domain whose data may be used for anything.
fn open(context: &Context<'_>, domain: DomainId, atoms: &[AtomId]) -> Diagnostic {
    let own = &context.model.domains[domain.index()].meta;
    let at = own.span;
    let message = format!("{} does not limit what its data may be used for", own.name);
    let mut finding = context
        .finding(&CHECK, Kind::Domain, own, at, message)
        .label(at, "without `purposes` any task may use it for anything");
    context.points(&mut finding, atoms);
    finding.help("purposes …  with what the data was collected for")
}

fn points(context: &Context<'_>, mut finding: Diagnostic, task: &Task, atoms: &[AtomId]) -> Diagnostic {
    context.points_by(&mut finding, task.agent, atoms);
    finding
}
