//! An agent that can read credentials of a system that issues agent identities: with the credential it can act
//! as the identity.

use super::CHECK;
use crate::checks::Context;
use crate::checks::calling::by_call;
use crate::checks::stating::of_identity;
use crate::checks::undecided::place;
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark};
use crate::facts::atom::AtomId;
use crate::facts::flow::graph::{Arrival, Location};
use crate::model::{AgentId, DataId, IdentityId, Model, SystemId};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

/// The system whose credentials can be read, and how they arrive there; `None` where they are stored in that
/// system.
type Lying = (SystemId, Option<Arrival>);

pub(super) fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let classes = classes(model);
    let mut issued: BTreeMap<SystemId, Vec<IdentityId>> = BTreeMap::new();
    for identity in context.users.keys() {
        if let Some(system) = model.identities[identity.index()].issued_by {
            issued.entry(system).or_default().push(*identity);
        }
    }
    let says_none = |identity: &IdentityId| model.identities[identity.index()].issued_by.is_none();
    let nameless: Vec<IdentityId> = context.users.keys().copied().filter(says_none).collect();
    let mut lying: BTreeMap<Location, Vec<Lying>> = BTreeMap::new();
    for system in issued.keys() {
        for class in classes {
            lying.entry((*system, *class)).or_default().push((*system, None));
            for arrival in context.flows.from((*system, *class)) {
                lying.entry(arrival.at).or_default().push((*system, Some(arrival)));
            }
        }
    }
    let read = |atom: &AtomId| {
        let own = context.facts.atoms.get(*atom);
        let there = lying.get(&(own.system, own.data)).filter(|_| !own.mutates(model));
        there.map(|there| (*atom, there))
    };
    for (index, reach) in context.facts.reach.iter().enumerate() {
        let found: Vec<(AtomId, &Vec<Lying>)> = reach.points.iter().filter_map(|(atom, _)| read(atom)).collect();
        match found.is_empty() {
            false => out.extend(say(context, AgentId(index as u32), &found, &issued)),
            true => out.extend(unstated(context, AgentId(index as u32), classes, &nameless)),
        }
    }
}

/// An agent that reads credentials while some agent identity has no stated issuer: the issuer may be this
/// system.
fn unstated(context: &Context<'_>, id: AgentId, classes: &[DataId], nameless: &[IdentityId]) -> Option<Diagnostic> {
    let model = context.model;
    let reach = &context.facts.reach[id.index()];
    let identity = nameless
        .iter()
        .find(|identity| reach.identities.contains(identity))
        .or(nameless.first())?;
    let reads = |atom: &AtomId| {
        let own = context.facts.atoms.get(*atom);
        !own.mutates(model) && classes.contains(&own.data)
    };
    let atoms: Vec<AtomId> = reach.points.iter().map(|(atom, _)| *atom).filter(reads).collect();
    let atom = *atoms.first()?;
    let agent = &model.agents[id.index()];
    let (action, class, system) = context.facts.atoms.get(atom).names(model);
    let meta = &model.identities[identity.index()].meta;
    let own = reach.identities.contains(identity);
    let user = context.users.get(identity).and_then(|users| users.first());
    let whom = match user {
        Some((user, _)) if !own => &*model.agents[user.index()].meta.name,
        Some(_) | None => "it",
    };
    let at = place(context, id, atom);
    let message = format!(
        "{} can `{action}` {class} in {system}, and the files do not say what issues the identity of {whom}",
        agent.meta.name
    );
    let label = "anyone who reads a credential can act as the identity it was issued for";
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    if !own {
        finding.level = Level::Warning;
    }
    finding = finding.related(meta.span, format!("{} has no `issued_by`", meta.name));
    finding = by_call(context, finding, id, atom);
    finding.finding.selector = "reads".to_owned();
    let silent = nameless.iter().map(|identity| model.identities[identity.index()].meta.span);
    finding.finding.silence = silent.map(|span| (span, "issued_by")).collect();
    let ids = nameless.iter().map(|identity| &*model.identities[identity.index()].meta.id);
    finding = finding.magnitudes(ids.map(|id| Magnitude::from(Mark::Issues).id(id).mark(Mark::Unstated)));
    context.points_by(&mut finding, id, &atoms);
    Some(finding.help(of_identity(
        model,
        &model.identities[identity.index()],
        &format!("issued_by …  with the system that issues it, in identity {},", meta.name),
    )))
}

/// The leaves of the library's class of credentials.
fn classes(model: &Model) -> &[DataId] {
    let class = model.data.iter().find(|data| &*data.meta.id == "std.access.access.credential");
    class.map_or(&[], |class| &class.leaves)
}

fn say(
    context: &Context<'_>,
    id: AgentId,
    found: &[(AtomId, &Vec<Lying>)],
    issued: &BTreeMap<SystemId, Vec<IdentityId>>,
) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let own = &context.facts.reach[id.index()].identities;
    let mut all: Vec<(bool, AtomId, &Lying)> = Vec::new();
    for (atom, lying) in found {
        for one in *lying {
            let others = !own
                .iter()
                .any(|identity| model.identities[identity.index()].issued_by == Some(one.0));
            all.push((others, *atom, one));
        }
    }
    // The identities of the agent itself come before those of others.
    all.sort_by_key(|(others, atom, (system, arrival))| (*others, arrival.is_some(), *atom, *system));
    let (others, atom, (issuer, arrival)) = *all.first()?;
    let (action, class, system) = context.facts.atoms.get(atom).names(model);
    let of_issuer = issued.get(issuer)?;
    let identity = *of_issuer.iter().find(|identity| own.contains(identity)).or(of_issuer.first())?;
    let issued_name = &model.identities[identity.index()].meta.name;
    let user = context.users.get(&identity).and_then(|users| users.first());
    let user = user.map_or(&*agent.meta.name, |(user, _)| &*model.agents[user.index()].meta.name);
    let name = &agent.meta.name;
    let runs = match others {
        true => format!("the identity of {user}"),
        false => "its own identity".to_owned(),
    };
    let from = &model.systems[issuer.index()].meta.name;
    let what = match arrival {
        None => format!("which issues {issued_name}, {runs}"),
        Some(_) => format!("where the credentials of {from} arrive, which issues {issued_name}, {runs}"),
    };
    let at = place(context, id, atom);
    let message = format!("{name} can `{action}` {class} in {system}, {what}");
    let label = "anyone who reads a credential can act as the identity it was issued for";
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    if let Some(arrival) = arrival {
        for (span, to) in arrival.way.iter().zip(&arrival.systems) {
            let to = &model.systems[to.index()].meta.name;
            finding = finding.step(*span, format!("what lies there flows to {to}"));
        }
    }
    let meta = &model.identities[identity.index()].meta;
    finding = finding.related(meta.span, format!("{issued_name} is issued by {from}"));
    finding = by_call(context, finding, id, atom);
    finding.finding.selector = "reads".to_owned();
    let issuers = all
        .iter()
        .map(|(_, _, (system, _))| Magnitude::from(Mark::Reads).id(&model.systems[system.index()].meta.id));
    finding = finding.magnitudes(issuers).ids([&meta.id]);
    let atoms: Vec<AtomId> = found.iter().map(|(atom, _)| *atom).collect();
    context.points_by(&mut finding, id, &atoms);
    Some(
        finding
            .help(format!("remove `{action} {class} in {system}` from what {name} can do"))
            .help("keep credentials of agents in a system that no agent can read".to_owned()),
    )
}
