//! One person can change the governance files alone.

use crate::checks::approvals::{help_for, steps_to};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::changes;
use crate::facts::eligible::eligible_for_changes;
use crate::facts::verdict::Behind;
use crate::model::{FunctionId, Meta, PersonId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV708"),
    page: include_str!("../../docs/codes/unguarded-governance.md"),
    looks_at: |_| 1,
    run,
};

/// The edit where the files ask for too little.
const OF_THREE: &str = "changes approve 2 of (business, security, privacy)  with an `owner` for each";

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let Some(workspace) = &model.workspace else {
        // Without a `workspace`, nobody states who may change the files. The finding is then at the first file.
        if let Some(meta) = any_declaration(context) {
            let at = meta.span;
            let message = "the files do not say who may change them";
            let finding = context
                .finding(&CHECK, Kind::Workspace, meta, at, message)
                .label(at, "this workspace has no `workspace` declaration");
            out.push(named(finding, &model.name).help(format!(
                "workspace {} {{ changes approve 2 of (business, security, privacy); owner business … }}",
                model.name
            )));
        }
        return;
    };
    let meta = &workspace.meta;
    if workspace.changes.is_none() {
        let message = "the workspace has no `changes`";
        out.push(say(
            context,
            meta,
            meta.span,
            message,
            "anyone who can write to them can change who decides".to_owned(),
        ));
        return;
    }
    out.extend(taken(context, &CHECK, model.as_of));
}

fn say(context: &Context<'_>, meta: &Meta, at: Span, message: &str, label: String) -> Diagnostic {
    let finding = context.finding(&CHECK, Kind::Workspace, meta, at, message).label(at, label);
    finding.help(OF_THREE)
}

/// What is wrong with the clauses about changes of these files, as of a day.
pub(super) fn taken(context: &Context<'_>, check: &Check, day: Date) -> Option<Diagnostic> {
    let model = context.model;
    let workspace = model.workspace.as_ref()?;
    let meta = &workspace.meta;
    let quorum = workspace.changes.as_ref()?;
    let when = if day > model.as_of { format!("from {day} ") } else { String::new() };
    let finding = |message: String, label: &str| {
        let finding = context.finding(check, Kind::Workspace, meta, quorum.span, message);
        finding.label(quorum.span, label)
    };
    let Some(takes) = changes::takes(model, day) else {
        let message = format!("{when}none of the people named can change these files, so somebody else does");
        let finding = finding(message, "requires people who are not there");
        let functions = quorum.value.functions().into_iter();
        let empty = |function: &FunctionId| eligible_for_changes(model, *function, day).is_empty();
        let empty = functions
            .filter(empty)
            .map(|function| &*model.functions[function.index()].meta.name);
        let empty: Vec<&str> = empty.collect();
        let ids = quorum
            .value
            .functions()
            .into_iter()
            .filter(|function| eligible_for_changes(model, *function, day).is_empty());
        let ids = ids.map(|function| &*model.functions[function.index()].meta.id);
        let finding = finding.magnitude(Mark::Nobody).ids(ids);
        return Some(match empty.first() {
            Some(function) => finding.help(format!("owner {function} …  with an active person, in workspace {}", meta.name)),
            None => finding.help(OF_THREE),
        });
    };
    if takes.people >= 2 {
        return None;
    }
    let of = |person: PersonId| &*model.people[person.index()].meta.name;
    let name = takes
        .together
        .first()
        .map_or("one person whom the files do not name", |person| of(*person));
    let others: Vec<&str> = takes.alone.iter().map(|person| of(*person)).collect();
    let can = match (takes.together.is_empty(), others.len()) {
        (true, _) => format!("{when}{name} can change these files"),
        (false, 0 | 1) => format!("{when}{name} alone can change these files"),
        (false, _) => format!("{when}{} can each change these files alone", few(&others)),
    };
    let able = takes.together.iter().chain(&takes.alone);
    let able = able.map(|person| &*model.people[person.index()].meta.id);
    let mut finding = finding(can, "and so change who decides everything else")
        .magnitude(Magnitude::new().count(takes.people).mark(Mark::Of).count(takes.nominal))
        .ids(able);
    if takes.nominal < 2 {
        return Some(finding.help(OF_THREE));
    }
    // The clause already asks for more people. Everything that one person stands behind must change, all in one
    // edit.
    let held = takes
        .held
        .iter()
        .map(|(function, control_path)| (*function, Behind::ControlPath(control_path.clone())));
    let all: Vec<(FunctionId, Behind)> = takes.slots.iter().cloned().chain(held).collect();
    let mut told: Vec<(Span, String)> = Vec::new();
    let mut helps: Vec<String> = Vec::new();
    let place = format!("workspace {}", meta.name);
    for (function, behind) in &all {
        let mut who = name;
        if let Behind::ControlPath(control_path) = behind {
            let holds = |person: &&PersonId| control_path.formula.known(&BTreeSet::from([**person]));
            who = takes
                .together
                .iter()
                .chain(&takes.alone)
                .find(holds)
                .map_or(name, |person| of(*person));
            let help = help_for(model, control_path, *function, &place);
            if !helps.contains(&help) {
                helps.push(help);
            }
        }
        for step in steps_to(model, ("these files", quorum.span), *function, behind, who, &[]) {
            if !told.contains(&step) {
                told.push(step);
            }
        }
    }
    for (span, text) in told {
        finding = finding.step(span, text);
    }
    Some(finding.help(helps.join(";  ")))
}

fn named(mut finding: Diagnostic, workspace: &str) -> Diagnostic {
    finding.finding.subject = workspace.to_owned();
    finding
}

fn any_declaration<'a>(context: &'a Context<'_>) -> Option<&'a Meta> {
    let model = context.model;
    let agents = model.agents.iter().map(|agent| &agent.meta);
    let domains = model.domains.iter().map(|domain| &domain.meta);
    let people = model.people.iter().map(|person| &person.meta);
    let systems = model.systems.iter().map(|system| &system.meta);
    agents
        .chain(domains)
        .chain(people)
        .chain(systems)
        .filter(|meta| !meta.library)
        .min_by_key(|meta| meta.span)
}
