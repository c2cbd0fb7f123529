//! A task scope that nobody, too few people or ineligible people approved, or that has changed since the
//! approval.

mod differs;

use crate::checks::requirements::because_of;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::facts::scope::digest;
use crate::facts::scope_approval::{Verdict, Why, further, judge, judge_by};
use crate::model::canonical;
use crate::model::domain::Gate;
use crate::model::{Approval, At, DomainId, Model, Task, TaskId};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use jiff::civil::Date;
use std::cell::Cell;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV311"),
    page: include_str!("../../docs/codes/unapproved-scope.md"),
    looks_at: |context| context.model.tasks.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let left = Cell::new(differs::IN_ALL);
    for (index, task) in model.tasks.iter().enumerate() {
        let id = TaskId(index as u32);
        let atoms = context.facts.scope(id);
        let mutating = atoms.iter().any(|atom| context.facts.atoms.get(*atom).mutates(model));
        // Other findings report a task that has ended and one without an end. A task that has not begun is
        // approved beforehand. Restricted data is not for everybody: where somebody must approve reading it,
        // somebody must approve the scope.
        let restricted = atoms.iter().any(|atom| restricted(context, *atom));
        if (mutating || restricted) && task.until.is_some() && !task.ended(model.as_of) {
            let found = say(context, task, id, atoms, &left);
            out.extend(found.map(|mut finding| {
                let applicable = |atom: &AtomId| Some((context.facts.asks_for_scope(model, *atom)?, *atom));
                let applicable: Vec<(ApplicableRule, AtomId)> = atoms.iter().filter_map(applicable).collect();
                match applicable.iter().map(|(applicable, _)| *applicable).min() {
                    Some(rule) => {
                        let atoms: Vec<AtomId> = applicable
                            .iter()
                            .filter(|(applicable, _)| *applicable == rule)
                            .map(|(_, atom)| *atom)
                            .collect();
                        because_of(context, finding, rule, &atoms)
                    }
                    None if mutating => finding,
                    None => {
                        finding.level = finding.level.min(Level::Warning);
                        finding
                    }
                }
            }));
            out.extend(one_more(context, task, id));
        }
    }
}

/// Whether an atom reads restricted data, and somebody must approve that or a standard asks for an approved
/// scope.
fn restricted(context: &Context<'_>, id: AtomId) -> bool {
    let atom = context.facts.atoms.get(id);
    let mut domains = context.facts.group(id).domains.iter();
    let mut decided = || domains.any(|domain| !named_functions(context.model, *domain).is_empty());
    let applicable = context.facts.asks_for_scope(context.model, id).is_some();
    !atom.mutates(context.model) && (applicable || (atom.flags(context.model).restricted && decided()))
}

/// Enough people have approved, and one more person whose approval does not count. Nothing is refused, but a
/// reader may rely on it.
fn one_more(context: &Context<'_>, task: &Task, id: TaskId) -> Option<Diagnostic> {
    let model = context.model;
    if judge(model, context.facts, id) != Verdict::Approved {
        return None;
    }
    let all = further(model, context.facts, id);
    let ((function, person, span, why), others) = all.split_first().map(|(first, others)| (*first, others))?;
    let [own, function] = [&model.people[person.index()].meta, &model.functions[function.index()].meta];
    let (message, label, _) = ineligible(&task.meta.name, &own.name, &function.name, why, model.as_of);
    let mut finding = context
        .finding(&CHECK, Kind::Task, &task.meta, span, message)
        .label(span, format!("{label}; the other approvals are enough"));
    finding.level = Level::Note;
    finding.finding.selector = "further".to_owned();
    finding.finding.operations = context.operations(context.facts.scope(id));
    finding = finding.magnitude(Magnitude::new().id(&own.id).mark(Mark::As).id(&function.id));
    let mut out = vec![format!("`{} {}`", function.name, own.name)];
    for (function, person, span, _) in others {
        let [own, function] = [&model.people[person.index()].meta, &model.functions[function.index()].meta];
        finding = finding
            .related(*span, format!("{} as {} does not count either", own.name, function.name))
            .magnitude(Magnitude::new().id(&own.id).mark(Mark::As).id(&function.id));
        out.push(format!("`{} {}`", function.name, own.name));
    }
    Some(finding.help(format!("leave {} out of `approved`", listed(&out))))
}

fn say(context: &Context<'_>, task: &Task, id: TaskId, atoms: &[AtomId], left: &Cell<usize>) -> Option<Diagnostic> {
    let model = context.model;
    let verdict = judge(model, context.facts, id);
    let at = task.approved.first().map_or(task.meta.span, |approval| approval.span);
    let name = &task.meta.name;
    let undecided = |atom: AtomId| context.facts.group(atom).domains.is_empty();
    let why = fault(model, &verdict);
    let (message, label, help, first) = match verdict {
        Verdict::Approved => return stale(context, task, id, left),
        // Where no domain decides about any change, no owners exist who could approve.
        Verdict::Nobody
            if atoms
                .iter()
                .all(|atom| undecided(*atom) || (!context.facts.atoms.get(*atom).mutates(model) && !restricted(context, *atom))) =>
        {
            return None;
        }
        Verdict::Nobody => {
            let message = format!("nobody has approved the scope of {name}");
            let changes = atoms.iter().find(|atom| context.facts.atoms.get(**atom).mutates(model));
            let reads = atoms.iter().find(|atom| restricted(context, **atom));
            match (changes, reads) {
                (None, Some(read)) => (
                    message,
                    "it reads restricted data, and no owner has approved that".to_owned(),
                    "approved …  by the owners who decide about that".to_owned(),
                    *read,
                ),
                (Some(_), _) | (None, None) => (
                    message,
                    "it changes records, and no owner has approved that".to_owned(),
                    "approved business …, security … on …  by the owners".to_owned(),
                    atoms[0],
                ),
            }
        }
        // Where nobody decides, nobody holds a function: that is the finding.
        Verdict::Ineligible { why: Why::NoSeat, .. } if atoms.iter().any(|atom| undecided(*atom)) => {
            return None;
        }
        Verdict::Ineligible {
            function,
            person,
            why,
            atom,
            ..
        } => {
            let person = &model.people[person.index()].meta.name;
            let function = &model.functions[function.index()].meta.name;
            let (message, label, help) = ineligible(name, person, function, why, model.as_of);
            (message, label, help, atom)
        }
        // If nobody could approve it, the finding is about the domain. A finding here would only follow from
        // that one.
        Verdict::TooFew { unreachable: true, .. } => return None,
        Verdict::TooFew { atom, domain, missing, .. } => {
            let missing: Vec<&str> = missing
                .iter()
                .map(|function| &*model.functions[function.index()].meta.name)
                .collect();
            let domain = &model.domains[domain.index()].meta.name;
            let (action, data, system) = context.facts.atoms.get(atom).names(model);
            let message = format!("too few have approved the scope of {name}");
            let decision = format!("`{action}` of {data} in {system}");
            let (label, help) = match missing.is_empty() {
                true => (
                    format!("{decision} takes a different person for each function ({domain})"),
                    "approved …  with another person for each function".to_owned(),
                ),
                false => {
                    let lacking = listed(&missing);
                    let edit: Vec<String> = missing.iter().map(|function| format!("{function} …")).collect();
                    (
                        format!("{decision} also takes {lacking} ({domain})"),
                        format!("approved …, {}  by the people who hold it", edit.join(", ")),
                    )
                }
            };
            (message, label, help, atom)
        }
    };
    let mut finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
    // The reason: whose approval does not count as what, and what is missing.
    finding = finding.magnitude(why);
    // The message names the first person who has not approved. The fingerprint covers the people who have
    // approved, and what the domains require.
    let given = task.approved.iter().flat_map(|approval| &approval.given);
    finding = finding.magnitudes(given.map(|(function, person, _)| {
        let function = &model.functions[function.index()].meta.id;
        Magnitude::new()
            .id(&model.people[person.index()].meta.id)
            .mark(Mark::As)
            .id(function)
    }));
    let domains: BTreeSet<DomainId> = atoms
        .iter()
        .flat_map(|atom| context.facts.group(*atom).domains.iter().copied())
        .collect();
    finding = finding.magnitudes(domains.iter().map(|domain| {
        let own = &model.domains[domain.index()];
        own.tiers.iter().fold(Magnitude::new().id(&own.meta.id), |magnitude, tier| {
            let magnitude = magnitude.part(canonical::quorum(context.model, &tier.quorum));
            match &tier.gate {
                Gate::Always | Gate::Otherwise => magnitude,
                Gate::When(when) => magnitude.part(canonical::condition(when)),
            }
        })
    }));
    context.points_by(&mut finding, task.agent, std::iter::once(&first).chain(atoms));
    Some(finding.help(help))
}

/// Why a scope is not approved, for a fingerprint.
fn fault(model: &Model, verdict: &Verdict) -> Magnitude {
    match verdict {
        Verdict::Approved => Magnitude::new(),
        Verdict::Nobody => Mark::Nobody.into(),
        Verdict::Ineligible { function, person, why, .. } => {
            let magnitude = Magnitude::new()
                .id(&model.people[person.index()].meta.id)
                .mark(Mark::As)
                .id(&model.functions[function.index()].meta.id);
            match why {
                Why::Future(day) => magnitude.mark(Mark::Future).day(Some(*day)),
                Why::Left(day) => magnitude.mark(Mark::Left).day(Some(*day)),
                Why::NotThen(day) => magnitude.mark(Mark::NotThen).day(Some(*day)),
                Why::NoSeat => magnitude.mark(Mark::NoSeat),
            }
        }
        Verdict::TooFew { domain, missing, .. } => {
            let magnitude = Magnitude::from(Mark::Missing).id(&model.domains[domain.index()].meta.id);
            let ids = missing.iter().map(|function| &*model.functions[function.index()].meta.id);
            ids.fold(magnitude, Magnitude::id)
        }
    }
}

/// Message, label and edit where somebody's approval does not count.
fn ineligible(task: &str, person: &str, function: &str, why: Why, today: Date) -> (String, String, String) {
    let another = format!("approved {function} …  by somebody who holds it");
    match why {
        Why::Future(day) => (
            format!("the approval of {task} by {person} is dated {day}, which is still to come"),
            format!("today is {today}, so nobody can have approved it on that day"),
            "on …  with the day on which they approved".to_owned(),
        ),
        Why::Left(day) => (
            format!("{person} approved the scope of {task} as {function} after leaving on {day}"),
            "a person who has left cannot approve".to_owned(),
            another,
        ),
        Why::NotThen(day) => (
            format!("{person} approved the scope of {task} as {function} and could not on {day}"),
            format!("{person} holds the function, but not on that day"),
            another,
        ),
        Why::NoSeat => (
            format!("{person} approved the scope of {task} as {function} and is not eligible for it"),
            format!("{person} is not named as {function} in a domain that decides this"),
            another,
        ),
    }
}

/// The people suffice. It remains to check whether they approved today's scope.
fn stale(context: &Context<'_>, task: &Task, id: TaskId, left: &Cell<usize>) -> Option<Diagnostic> {
    let digest = digest(context.model, context.facts, id);
    let name = &task.meta.name;
    let today = |scope: &At<Box<str>>| *scope.value == *digest;
    let another = task
        .approved
        .iter()
        .filter_map(|approval| approval.scope.as_ref())
        .find(|scope| !today(scope));
    if let Some(said) = another {
        let message = format!("the scope of {name} has changed since it was approved");
        let finding = context.finding(&CHECK, Kind::Task, &task.meta, task.approved[0].span, message);
        let differs = differs::what(context, id, &said.value, left);
        let label = match &differs {
            Some(what) => format!("they approved another scope than this one: {what}"),
            None => "they approved another scope than this one".to_owned(),
        };
        let finding = finding
            .label(task.approved[0].span, label)
            .related(said.span, "the digest of what they approved")
            .magnitude(Magnitude::new().part(&digest))
            .magnitude(Magnitude::new().quoted(&said.value));
        let on = task.approved.iter().find_map(|approval| approval.on);
        let finding = match differs {
            Some(_) => finding,
            None => {
                let then = on.map_or("then".to_owned(), |on| on.to_string());
                finding.related(
                    task.meta.span,
                    format!(
                        "Quorate could not find out which single change explains it: `quorate diff git:REV` shows what changed since {then}, and `quorate who --task {name}` shows what the digest covers today"
                    ),
                )
            }
        };
        return Some(finding.help(format!(
            "have it approved again, and write behind the new date  , scope \"{digest}\""
        )));
    }
    // A signer without a digest may have seen another task. If the others suffice, that does not matter.
    let bound = judge_by(context.model, context.facts, id, |approval| approval.scope.is_some());
    let open: Vec<&Approval> = task.approved.iter().filter(|approval| approval.scope.is_none()).collect();
    let first = open.first().filter(|_| bound != Verdict::Approved)?;
    let some = open.len() < task.approved.len();
    let message = match some {
        true => format!(
            "the approval of {name} does not say which scope {} approved",
            signers(context, &open)
        ),
        false => format!("the approval does not say which scope of {name} it covers"),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Task, &task.meta, first.span, message)
        .label(first.span, "nobody would notice a change of the task")
        .magnitude(Magnitude::new().part(&digest))
        .ids(signatures(context, &open));
    finding.level = Level::Note;
    for other in &open[1..] {
        finding = finding.related(other.span, "here as well");
    }
    let applicable = if some { "if they agree to the current scope, " } else { "" };
    Some(finding.help(format!("{applicable}add  , scope \"{digest}\"")))
}

/// `maria and sam`
fn signatures<'a>(context: &'a Context<'_>, approvals: &[&'a Approval]) -> impl Iterator<Item = &'a str> {
    let given = approvals.iter().flat_map(|approval| &approval.given);
    given.map(|(_, person, _)| &*context.model.people[person.index()].meta.id)
}

fn signers(context: &Context<'_>, approvals: &[&Approval]) -> String {
    let given = approvals.iter().flat_map(|approval| &approval.given);
    let mut names: Vec<&str> = Vec::new();
    for (_, person, _) in given {
        let name = &*context.model.people[person.index()].meta.name;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    listed(&names)
}
