//! An identity that an agent can assume lets it do more than its own.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::identity::{Reached, reached};
use crate::model::{AgentId, IdentityId, Model};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV207"),
    page: include_str!("../../docs/codes/impersonation-chain.md"),
    looks_at: |context| context.users.len(),
    run,
};

/// What one agent gains, and how it gets to the first identity.
struct Gain {
    agent: AgentId,
    atoms: BTreeSet<AtomId>,
    ways: Vec<Reached>,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut gains: BTreeMap<IdentityId, Vec<Gain>> = BTreeMap::new();
    for index in 0..context.model.agents.len() {
        for (own, gain) in gained(context, AgentId(index as u32)) {
            gains.entry(own).or_default().push(gain);
        }
    }
    for (own, gains) in gains {
        out.push(say(context, own, &gains));
    }
}

/// What an agent can do only by assuming another identity, listed by the identity that it starts from.
fn gained(context: &Context<'_>, id: AgentId) -> BTreeMap<IdentityId, Gain> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let reach = &context.facts.reach[id.index()];
    let mut gains: BTreeMap<IdentityId, Gain> = BTreeMap::new();
    if reach.identities.len() <= agent.runs_as.len() {
        return gains;
    }
    let access = |identity: IdentityId| context.access_of[identity.index()].iter().copied();
    let mut known: BTreeSet<AtomId> = agent.runs_as.iter().flat_map(|own| access(own.value)).collect();
    // The people an agent acts for bound its delegated access, whatever the assumed identity can do.
    let allowed: BTreeSet<AtomId> = reach.access().collect();
    for way in reached(model, agent) {
        let Some(own) = agent.runs_as.iter().find(|own| way.steps.len() > 1 && own.span == way.steps[0]) else {
            continue;
        };
        let more: BTreeSet<AtomId> = access(way.identity)
            .filter(|atom| allowed.contains(atom) && !known.contains(atom))
            .collect();
        if more.is_empty() {
            continue;
        }
        known.extend(&more);
        let gain = gains.entry(own.value).or_insert_with(|| Gain {
            agent: id,
            atoms: BTreeSet::new(),
            ways: Vec::new(),
        });
        gain.atoms.extend(more);
        gain.ways.push(way);
    }
    gains
}

fn say(context: &Context<'_>, own: IdentityId, gains: &[Gain]) -> Diagnostic {
    let model = context.model;
    let identity = &model.identities[own.index()].meta;
    let first = &gains[0];
    let mut atoms: Vec<AtomId> = first.atoms.iter().copied().collect();
    // Changes to records come first: the first is shown.
    atoms.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(model), *atom));
    let gives = |way: &&Reached| context.access_of[way.identity.index()].contains(&atoms[0]);
    let way = first.ways.iter().find(gives).unwrap_or(&first.ways[0]);
    let (action, data, system) = context.facts.atoms.get(atoms[0]).names(model);
    let agents: Vec<&str> = gains.iter().map(|gain| &*model.agents[gain.agent.index()].meta.name).collect();
    let assumed = &model.identities[way.identity.index()].meta;
    let message = format!(
        "{} can become {} and then `{action}` {data} in {system}, which {} cannot",
        few(&agents),
        assumed.name,
        identity.name
    );
    let at = way.steps[1];
    let mut finding = context
        .finding(&CHECK, Kind::Identity, identity, at, message)
        .label(at, "this clause lets the identity do more than its own access allows");
    for other in first.ways.iter().filter(|other| other.steps[1] != at) {
        let name = &model.identities[other.identity.index()].meta.name;
        finding = finding.label(other.steps[1], format!("and by this one, which leads to {name}"));
    }
    finding = path(model, finding, way);
    for gain in gains {
        let agent = &model.agents[gain.agent.index()].meta.id;
        let becomes = gain.ways.iter().map(|way| &model.identities[way.identity.index()].meta.id);
        finding = finding.magnitudes(becomes.map(|identity| Magnitude::new().id(agent).id(identity)));
    }
    let each = gains.iter().flat_map(|gain| gain.atoms.iter().map(|atom| (gain.agent, *atom)));
    context.points_each(&mut finding, std::iter::once((first.agent, atoms[0])).chain(each));
    finding
        .help(format!(
            "can_assume none  in {}, and what it needs under its own `access`",
            identity.name
        ))
        .help("use a separate agent for the work that needs the other identity, with an approved task")
}

/// The chain, each step with the clause that allows it.
fn path(model: &Model, finding: Diagnostic, way: &Reached) -> Diagnostic {
    let mut finding = finding;
    let mut at: Option<IdentityId> = None;
    for span in &way.steps {
        let next = match at {
            None => runs_as(model, *span),
            Some(identity) => becomes(model, identity, *span),
        };
        let Some(next) = next else {
            continue;
        };
        let name = &model.identities[next.index()].meta.name;
        let words = match at {
            None => format!("it runs as {name}"),
            Some(before) => format!("{} can become {name}", model.identities[before.index()].meta.name),
        };
        finding = finding.step(*span, words);
        at = Some(next);
    }
    finding
}

fn runs_as(model: &Model, span: Span) -> Option<IdentityId> {
    let all = model.agents.iter().flat_map(|agent| &agent.runs_as);
    all.filter(|own| own.span == span).map(|own| own.value).next()
}

fn becomes(model: &Model, identity: IdentityId, span: Span) -> Option<IdentityId> {
    let all = model.identities[identity.index()].can_assume.known().into_iter().flatten();
    all.filter(|assumed| assumed.span == span).map(|assumed| assumed.value).next()
}
