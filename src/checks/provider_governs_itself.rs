//! An agent whose enforcement, evidence and stop are all under the control of the provider that runs its model.

use crate::checks::stating::{of_agent, only_if};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{AgentId, EnforcementId, LedgerId, Model, ProviderId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV606"),
    page: include_str!("../../docs/codes/provider-governs-itself.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

/// Something that governs an agent: its name, its place, and its operator if the files name one.
struct Means<'a> {
    name: String,
    text: &'a str,
    span: Span,
    operator: Option<ProviderId>,
    magnitude: Magnitude,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for index in 0..context.model.agents.len() {
        out.extend(look(context, AgentId(index as u32)));
    }
}

fn look(context: &Context<'_>, id: AgentId) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let stop = agent.stop.as_ref()?;
    let own = context.facts.reach[id.index()].points.iter();
    let changes: Vec<AtomId> = own
        .filter(|(atom, routes)| routes.itself() && context.facts.atoms.get(*atom).mutates(model))
        .map(|(atom, _)| *atom)
        .collect();
    let mut enforcements: BTreeSet<EnforcementId> = BTreeSet::new();
    let mut ledgers: BTreeSet<LedgerId> = BTreeSet::new();
    let groups: BTreeSet<_> = changes.iter().map(|atom| context.facts.group_of[atom.index()]).collect();
    for group in groups {
        let group = &context.facts.groups[group.index()];
        enforcements.extend(&group.enforcements);
        let kept = group.domains.iter().filter_map(|domain| model.domains[domain.index()].evidence);
        ledgers.extend(kept.map(|at| at.value));
    }
    let mut means: BTreeMap<&str, Vec<Means<'_>>> = BTreeMap::new();
    for enforcement in enforcements {
        let own = &model.enforcements[enforcement.index()];
        means.entry("enforcement").or_default().push(Means {
            name: own.meta.name.to_string(),
            text: "checks what it does",
            span: own.meta.span,
            operator: own.operated_by.known().copied(),
            magnitude: Magnitude::new().id(&own.meta.id),
        });
    }
    for ledger in ledgers {
        let own = &model.ledgers[ledger.index()];
        means.entry("evidence").or_default().push(Means {
            name: own.meta.name.to_string(),
            text: "keeps the evidence",
            span: own.meta.span,
            operator: own.operated_by,
            magnitude: Magnitude::new().id(&own.meta.id),
        });
    }
    means.entry("stop").or_default().push(Means {
        name: stop.means.to_string(),
        text: "stops it",
        span: stop.span,
        operator: stop.operated_by,
        magnitude: Magnitude::new().word(&stop.means),
    });
    let all: Vec<&Means<'_>> = means.values().flatten().collect();
    let operators: Vec<ProviderId> = all.iter().filter_map(|one| one.operator).collect();
    // If nobody says who runs the model, it may be the operator of most of the rest.
    let provider = match agent.provider {
        Some(provider) => provider,
        None => *operators.first().filter(|_| operators.len() > 1)?,
    };
    let same = |operator: &ProviderId| root(model, *operator) == root(model, provider);
    // A safeguard without a named operator may be the provider's as well, but at least one operator must be
    // known. Another check reports what is missing altogether.
    if operators.is_empty() || !operators.iter().all(same) || means.len() < 3 {
        return None;
    }
    let name = &agent.meta.name;
    let owner = provider;
    let provider = &model.providers[owner.index()].meta.name;
    let (said, unstated): (Vec<&Means<'_>>, Vec<&Means<'_>>) = all.into_iter().partition(|one| one.operator.is_some());
    let message = match (agent.provider, unstated.is_empty()) {
        (None, _) => format!("{provider} may run {name} as well as what checks, records and stops it"),
        (Some(_), true) => format!("{provider} runs {name}, and all that checks, records and stops it"),
        (Some(_), false) => format!("{provider} runs {name}, and the files do not show that anybody else checks, records or stops it"),
    };
    let at = agent.meta.span;
    let names: Vec<&str> = said.iter().map(|one| &*one.name).collect();
    let label = match unstated.is_empty() {
        _ if agent.provider.is_none() => format!("has no `provider`; {} at {provider}", listed(&names)),
        true => format!("{} fail together with it, and {provider} controls what they report", listed(&names)),
        false => {
            let others: Vec<&str> = unstated.iter().map(|one| &*one.name).collect();
            format!(
                "{} at {provider}; the files do not say who runs {}",
                listed(&names),
                listed(&others)
            )
        }
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    for one in said {
        finding = finding.related(one.span, format!("{} {}, at {provider}", one.name, one.text));
    }
    for one in unstated {
        finding = finding.related(one.span, format!("{} {}; it has no `operated_by`", one.name, one.text));
    }
    finding = finding
        .ids([&model.providers[owner.index()].meta.id])
        .magnitudes(means.values().flatten().map(|one| match one.operator {
            Some(operator) => one.magnitude.clone().id(&model.providers[operator.index()].meta.id),
            None => one.magnitude.clone().mark(Mark::Unstated),
        }));
    context.points_by(&mut finding, id, &changes);
    if agent.provider.is_none() {
        finding = finding.magnitude(Magnitude::from(Mark::Unstated).word("provider")).help(of_agent(
            model,
            agent,
            "provider …  with the company that runs its model,",
        ));
    }
    Some(finding.help(only_if(
        model,
        "operated_by …  with somebody else, at the enforcement, at the ledger or in `stop`,",
        None,
    )))
}

/// The company that owns a provider, through all steps.
fn root(model: &Model, provider: ProviderId) -> ProviderId {
    let mut at = provider;
    while let Some(above) = model.providers[at.index()].part_of {
        at = above;
    }
    at
}
