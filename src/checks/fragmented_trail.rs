//! One identity of several agents reaches systems that answer to different people.

use crate::checks::shared_identity::{points, shared};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Mark, catalogue};
use crate::facts::atom::expand;
use crate::model::{AgentId, IdentityId, LedgerId, Party, SystemId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV203"),
    page: include_str!("../../docs/codes/fragmented-trail.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (identity, agents) in shared(context) {
        let answers = answers(context, identity);
        let mut different: Vec<(SystemId, &Answering)> = Vec::new();
        // By name, so that the message stays the same when declarations move.
        let mut by_name: Vec<_> = answers.iter().collect();
        by_name.sort_by_key(|(system, _)| &context.model.systems[system.index()].meta.name);
        for (system, answering) in by_name {
            if !different.iter().any(|(_, other)| *other == answering) {
                different.push((*system, answering));
            }
        }
        if different.len() >= 2 {
            out.push(say(context, identity, agents, &different));
        }
    }
}

/// Who answers for a system that one identity reaches: the owners and the ledgers of the domains.
type Answering = (BTreeSet<Party>, BTreeSet<Option<LedgerId>>);

fn answers(context: &Context<'_>, identity: IdentityId) -> BTreeMap<SystemId, Answering> {
    let model = context.model;
    let mut answers: BTreeMap<SystemId, Answering> = BTreeMap::new();
    for atom in model.identities[identity.index()]
        .access
        .iter()
        .flat_map(|grant| expand(model, grant))
    {
        let Some(id) = context.facts.atoms.find(atom) else {
            continue;
        };
        // Another finding reports what no domain decides. It is not a broken trail.
        for domain in &context.facts.group(id).domains {
            let answering = answers.entry(atom.system).or_default();
            let domain = &model.domains[domain.index()];
            answering.0.extend(domain.seats.iter().map(|seat| seat.owner.value));
            answering.1.insert(domain.evidence.map(|ledger| ledger.value));
        }
    }
    answers
}

fn say(context: &Context<'_>, id: IdentityId, agents: &[(AgentId, Vec<Span>)], different: &[(SystemId, &Answering)]) -> Diagnostic {
    let model = context.model;
    let identity = &model.identities[id.index()];
    let mut names: Vec<&str> = agents.iter().map(|(agent, _)| &*model.agents[agent.index()].meta.name).collect();
    names.sort_unstable();
    let systems: Vec<&str> = different
        .iter()
        .map(|(system, _)| &*model.systems[system.index()].meta.name)
        .collect();
    let message = format!(
        "{} reach {} with one identity, {}, so nobody can trace approvals to an agent",
        listed(&names),
        listed(&systems),
        identity.meta.name
    );
    let at = identity.meta.span;
    let owners = different.iter().any(|(_, (owners, _))| *owners != different[0].1.0);
    let label = match owners {
        true => "different people answer for each of these systems, and a log entry does not show which agent acted",
        false => "each of these systems keeps its records in a different ledger, so no ledger shows everything done with this identity",
    };
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
        .label(at, label);
    points(context, &mut finding, id, agents);
    let ledgers = different.iter().any(|(_, (_, ledgers))| *ledgers != different[0].1.1);
    finding = finding
        .magnitudes(owners.then_some(Mark::Owners))
        .magnitudes(ledgers.then_some(Mark::Ledgers));
    finding = finding.ids(different.iter().map(|(system, _)| &model.systems[system.index()].meta.id));
    for (agent, steps) in agents {
        if let Some(span) = steps.first() {
            finding = finding.related(*span, format!("{} runs as it here", model.agents[agent.index()].meta.name));
        }
    }
    for (system, (owners, ledgers)) in different {
        let owners: Vec<&str> = owners.iter().map(|owner| party(context, *owner)).collect();
        let system = &model.systems[system.index()].meta;
        let ledgers: Vec<&str> = ledgers
            .iter()
            .map(|ledger| ledger.map_or("no ledger", |ledger| &model.ledgers[ledger.index()].meta.name))
            .collect();
        finding = finding.related(
            system.span,
            format!(
                "{} answers to {}, and is recorded in {}",
                system.name,
                listed(&owners),
                listed(&ledgers)
            ),
        );
    }
    finding.help("give each agent its own identity of kind workload")
}

fn party<'a>(context: &'a Context<'_>, party: Party) -> &'a str {
    let model = context.model;
    match party {
        Party::Person(person) => &model.people[person.index()].meta.name,
        Party::Team(team) => &model.teams[team.index()].meta.name,
        Party::Agent(agent) => &model.agents[agent.index()].meta.name,
        Party::Identity(identity) => &model.identities[identity.index()].meta.name,
    }
}
