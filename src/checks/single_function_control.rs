//! A decision asks for several functions, and the people of one of them control what stands behind the
//! approvals of all.

use crate::checks::approvals::{Case, cases, counted, means_of_several, steps, witness};
use crate::checks::requirements::because;
use crate::checks::stating::{of_system, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::control::{ControlPath, Means};
use crate::facts::verdict::{Behind, OneFunction};
use crate::model::{EnforcementId, FunctionId, Meta, Model, Requirement, SystemId, TeamId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{few, listed};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV124"),
    page: include_str!("../../docs/codes/single-function-control.md"),
    looks_at: |context| cases(context).len(),
    run,
};

/// The thing that is controlled. Another check covers what software holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Team(TeamId),
    Place(SystemId),
    Enforcement(EnforcementId),
}

/// The questions of a function whose task it is to run the gate.
const GATE: [&str; 2] = ["runtime_access", "containment"];

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // One finding for each thing that somebody manages, however many decisions depend on it.
    let mut found: BTreeMap<(Thing, FunctionId), (Diagnostic, Vec<AtomId>)> = BTreeMap::new();
    for case in cases(context) {
        for one in &case.answer.one_function {
            let control_paths = control_paths(one);
            let Some(thing) = control_paths.first().and_then(|control_path| thing(control_path.means)) else {
                continue;
            };
            let Some((applicable, atoms)) = applicable(context, &case, one) else {
                continue;
            };
            let magnitude = magnitude(context, &case, one, &control_paths);
            let entry = found
                .entry((thing, one.function))
                .or_insert_with(|| (say(context, &case, one, &control_paths, thing, applicable), Vec::new()));
            entry.0.finding.magnitude.insert(magnitude);
            entry.1.extend(atoms);
        }
    }
    counted(context, found.into_values(), out);
}

/// The rule that also asks for another function.
fn applicable(context: &Context<'_>, case: &Case<'_>, one: &OneFunction) -> Option<(ApplicableRule, Vec<AtomId>)> {
    let alone = |applicable: &ApplicableRule| match &applicable.rule(context.model).requirement {
        Requirement::Approval(quorum) => !quorum.met(&|function| if function == one.function { u32::MAX } else { 0 }),
        _ => false,
    };
    case.rules(context).into_iter().find(|(applicable, _)| alone(applicable))
}

/// A function that decides alone by what its people control.
pub(super) struct Alone {
    /// The function, and the id of the first thing that its people control.
    pub what: (FunctionId, Box<str>),
    /// The fault as a sentence.
    pub sentence: String,
    /// The clause that states the control.
    pub at: Span,
}

/// The functions that decide a case alone by control, where a standard asks for more and running the gate is
/// not their task.
pub(super) fn alone(context: &Context<'_>, case: &Case<'_>) -> Vec<Alone> {
    let mut found = Vec::new();
    for one in &case.answer.one_function {
        let control_paths = control_paths(one);
        let Some(thing) = control_paths.first().and_then(|control_path| thing(control_path.means)) else {
            continue;
        };
        if applicable(context, case, one).is_some() && !is_its_task(context.model, one, &control_paths) {
            found.push(Alone {
                what: (one.function, declared(context.model, thing).1.id.clone()),
                sentence: sentence(context, case, one, &control_paths),
                at: control_paths[0].span,
            });
        }
    }
    found
}

/// Running the gate is the task of the people who decide about access while an agent runs, or who stop it.
fn is_its_task(model: &Model, one: &OneFunction, control_paths: &[&ControlPath]) -> bool {
    let is_gate = |control_path: &&ControlPath| matches!(control_path.means, Means::Enforcement(_) | Means::Series(..));
    let mut decides = model.functions[one.function.index()].decides.iter();
    control_paths.iter().all(is_gate) && decides.any(|question| GATE.contains(&&**question))
}

/// `security alone can decide consent: sam and priya manage the team approvers`
fn sentence(context: &Context<'_>, case: &Case<'_>, one: &OneFunction, control_paths: &[&ControlPath]) -> String {
    let model = context.model;
    let names: Vec<&str> = one.people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let does: Vec<String> = control_paths
        .iter()
        .map(|control_path| means_of_several(model, control_path.means))
        .collect();
    format!(
        "{} alone can decide {}{}: {} {}",
        model.functions[one.function.index()].meta.name,
        model.domains[case.domain.index()].meta.name,
        case.circumstance(),
        few(&names),
        listed(&does)
    )
}

/// The control paths that make it possible, each thing once.
fn control_paths(one: &OneFunction) -> Vec<&ControlPath> {
    let mut control_paths: Vec<&ControlPath> = Vec::new();
    for slot in &one.filled {
        if let Behind::ControlPath(control_path) = &slot.behind
            && control_paths.iter().all(|other| thing(other.means) != thing(control_path.means))
        {
            control_paths.push(control_path);
        }
    }
    // The edit goes to something other than the gate, if anything else is controlled.
    control_paths.sort_by_key(|control_path| thing(control_path.means));
    control_paths
}

fn thing(means: Means) -> Option<Thing> {
    match means {
        Means::Team(team) => Some(Thing::Team(team)),
        Means::Place(system) => Some(Thing::Place(system)),
        Means::Enforcement(enforcement) | Means::Series(enforcement, ..) => Some(Thing::Enforcement(enforcement)),
        Means::UnstatedPlace(_) | Means::Agent(_) | Means::Issuer(_) | Means::Identity(_) => None,
    }
}

fn declared(model: &Model, thing: Thing) -> (Kind, &Meta) {
    match thing {
        Thing::Team(id) => (Kind::Team, &model.teams[id.index()].meta),
        Thing::Place(id) => (Kind::System, &model.systems[id.index()].meta),
        Thing::Enforcement(id) => (Kind::Enforcement, &model.enforcements[id.index()].meta),
    }
}

fn magnitude(context: &Context<'_>, case: &Case<'_>, one: &OneFunction, control_paths: &[&ControlPath]) -> Magnitude {
    let model = context.model;
    let domain = &model.domains[case.domain.index()].meta.id;
    let mut magnitude = Magnitude::new().id(domain).id(&model.functions[one.function.index()].meta.id);
    for thing in control_paths.iter().filter_map(|control_path| thing(control_path.means)) {
        magnitude = magnitude.id(&declared(model, thing).1.id);
    }
    let mut able: Vec<&str> = one.able.iter().map(|person| &*model.people[person.index()].meta.id).collect();
    able.sort_unstable();
    case.magnitude(context, able.into_iter().fold(magnitude, Magnitude::id))
}

fn say(
    context: &Context<'_>,
    case: &Case<'_>,
    one: &OneFunction,
    control_paths: &[&ControlPath],
    thing: Thing,
    applicable: ApplicableRule,
) -> Diagnostic {
    let model = context.model;
    let (kind, meta) = declared(model, thing);
    let function = &model.functions[one.function.index()];
    let domain = &model.domains[case.domain.index()].meta;
    let names: Vec<&str> = one.people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let who = few(&names);
    let name = &function.meta.name;
    let message = sentence(context, case, one, control_paths);
    let at = control_paths[0].span;
    let label = match names.len() {
        2 => format!("both act as {name} in {}, and as nothing else", domain.name),
        count => format!("all {count} act as {name} in {}, and as nothing else", domain.name),
    };
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    witness(model, &mut finding, &one.filled);
    for (span, text) in steps(context, &one.filled, &who, &one.people) {
        finding = finding.step(span, text);
    }
    if is_its_task(model, one, control_paths) {
        finding.level = Level::Warning;
    }
    let place = format!("{} {}", kind.word(), meta.name);
    let finding = finding.help(
        match model
            .systems
            .iter()
            .find(|system| system.managed_by.known().is_some_and(|said| said.span == at))
        {
            Some(system) => {
                let own = &system.meta.name;
                of_system(
                    model,
                    system,
                    &format!("managed_by …  with somebody who does not act as {name}, in system {own},"),
                )
            }
            None => said_by(
                &format!("managed_by …  with somebody who does not act as {name}, in {place},"),
                "security",
            ),
        },
    );
    because(context, finding, applicable)
}
