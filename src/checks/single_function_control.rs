//! A decision asks for several functions, and the people of one of them control what stands behind the
//! approvals of all.

use crate::checks::approvals::{Case, cases, counted, means_of_several, steps, witness};
use crate::checks::requirements::{because, few, listed};
use crate::checks::stating::{of_system, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Level, catalogue};
use crate::facts::asked::Asked;
use crate::facts::atom::AtomId;
use crate::facts::control::{Grip, Means};
use crate::facts::verdict::{Behind, OneFunction};
use crate::model::{EnforcementId, FunctionId, Meta, Model, Requirement, SystemId, TeamId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
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
            let grips = grips(one);
            let Some(thing) = grips.first().and_then(|grip| thing(grip.means)) else {
                continue;
            };
            let Some((asked, atoms)) = asked(context, &case, one) else {
                continue;
            };
            let extent = extent(context, &case, one, &grips);
            let entry = found
                .entry((thing, one.function))
                .or_insert_with(|| (say(context, &case, one, &grips, thing, asked), Vec::new()));
            entry.0.finding.extent.insert(extent);
            entry.1.extend(atoms);
        }
    }
    counted(context, found.into_values(), out);
}

/// The rule that also asks for another function.
fn asked(context: &Context<'_>, case: &Case<'_>, one: &OneFunction) -> Option<(Asked, Vec<AtomId>)> {
    let alone = |asked: &Asked| match &asked.rule(context.model).requirement {
        Requirement::Approval(quorum) => !quorum.met(&|function| if function == one.function { u32::MAX } else { 0 }),
        _ => false,
    };
    case.rules(context).into_iter().find(|(asked, _)| alone(asked))
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
        let grips = grips(one);
        let Some(thing) = grips.first().and_then(|grip| thing(grip.means)) else {
            continue;
        };
        if asked(context, case, one).is_some() && !is_its_task(context.model, one, &grips) {
            found.push(Alone {
                what: (one.function, declared(context.model, thing).1.id.clone()),
                sentence: sentence(context, case, one, &grips),
                at: grips[0].span,
            });
        }
    }
    found
}

/// Running the gate is the task of the people who decide about access while an agent runs, or who stop it.
fn is_its_task(model: &Model, one: &OneFunction, grips: &[&Grip]) -> bool {
    let is_gate = |grip: &&Grip| matches!(grip.means, Means::Enforcement(_) | Means::Series(..));
    let mut decides = model.functions[one.function.index()].decides.iter();
    grips.iter().all(is_gate) && decides.any(|question| GATE.contains(&&**question))
}

/// `security alone can decide consent: sam and priya manage the team approvers`
fn sentence(context: &Context<'_>, case: &Case<'_>, one: &OneFunction, grips: &[&Grip]) -> String {
    let model = context.model;
    let names: Vec<&str> = one.people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let does: Vec<String> = grips.iter().map(|grip| means_of_several(model, grip.means)).collect();
    format!(
        "{} alone can decide {}{}: {} {}",
        model.functions[one.function.index()].meta.name,
        model.domains[case.domain.index()].meta.name,
        case.circumstance(),
        few(&names),
        listed(&does)
    )
}

/// The grips that make it possible, each thing once.
fn grips(one: &OneFunction) -> Vec<&Grip> {
    let mut grips: Vec<&Grip> = Vec::new();
    for slot in &one.filled {
        if let Behind::Grip(grip) = &slot.behind
            && grips.iter().all(|other| thing(other.means) != thing(grip.means))
        {
            grips.push(grip);
        }
    }
    // The edit goes to something other than the gate, if anything else is controlled.
    grips.sort_by_key(|grip| thing(grip.means));
    grips
}

fn thing(means: Means) -> Option<Thing> {
    match means {
        Means::Team(team) => Some(Thing::Team(team)),
        Means::Place(system) => Some(Thing::Place(system)),
        Means::Enforcement(enforcement) | Means::Series(enforcement, ..) => Some(Thing::Enforcement(enforcement)),
        Means::UnsaidPlace(_) | Means::Agent(_) | Means::Issuer(_) | Means::Identity(_) => None,
    }
}

fn declared(model: &Model, thing: Thing) -> (Kind, &Meta) {
    match thing {
        Thing::Team(id) => (Kind::Team, &model.teams[id.index()].meta),
        Thing::Place(id) => (Kind::System, &model.systems[id.index()].meta),
        Thing::Enforcement(id) => (Kind::Enforcement, &model.enforcements[id.index()].meta),
    }
}

fn extent(context: &Context<'_>, case: &Case<'_>, one: &OneFunction, grips: &[&Grip]) -> Extent {
    let model = context.model;
    let domain = &model.domains[case.domain.index()].meta.id;
    let mut extent = Extent::new().id(domain).id(&model.functions[one.function.index()].meta.id);
    for thing in grips.iter().filter_map(|grip| thing(grip.means)) {
        extent = extent.id(&declared(model, thing).1.id);
    }
    let mut able: Vec<&str> = one.able.iter().map(|person| &*model.people[person.index()].meta.id).collect();
    able.sort_unstable();
    case.extent(context, able.into_iter().fold(extent, Extent::id))
}

fn say(context: &Context<'_>, case: &Case<'_>, one: &OneFunction, grips: &[&Grip], thing: Thing, asked: Asked) -> Diagnostic {
    let model = context.model;
    let (kind, meta) = declared(model, thing);
    let function = &model.functions[one.function.index()];
    let domain = &model.domains[case.domain.index()].meta;
    let names: Vec<&str> = one.people.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    let who = few(&names);
    let name = &function.meta.name;
    let message = sentence(context, case, one, grips);
    let at = grips[0].span;
    let label = match names.len() {
        2 => format!("both act as {name} in {}, and as nothing else", domain.name),
        count => format!("all {count} act as {name} in {}, and as nothing else", domain.name),
    };
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    witness(model, &mut finding, &one.filled);
    for (span, text) in steps(context, &one.filled, &who, &one.people) {
        finding = finding.step(span, text);
    }
    if is_its_task(model, one, grips) {
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
    because(context, finding, asked)
}
