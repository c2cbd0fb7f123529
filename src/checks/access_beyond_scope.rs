//! A credential that can do what no task allows.

use crate::checks::shared_identity::{before, shared};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{AtomId, expand};
use crate::model::{AgentId, Grant, IdentityId, Meta, Model, Party, Task};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{few, listed};
use jiff::civil::Date;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV301"),
    page: include_str!("../../docs/codes/access-beyond-scope.md"),
    looks_at: |context| context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let shared: Vec<IdentityId> = shared(context).into_iter().map(|(identity, _)| identity).collect();
    for (identity, users) in context.users {
        let own = &model.identities[identity.index()];
        let scopes: Vec<(AgentId, BTreeSet<AtomId>)> = users.iter().map(|(agent, _)| (*agent, allowed(context, *agent))).collect();
        let held: Vec<&(AgentId, BTreeSet<AtomId>)> = scopes
            .iter()
            .filter(|(agent, _)| !super::write_without_task::without(context, *agent))
            .collect();
        if held.is_empty() {
            continue;
        }
        let (of_others, beyond): (Vec<AtomId>, Vec<AtomId>) = context.access_of[identity.index()]
            .iter()
            .copied()
            .partition(|atom| scopes.iter().any(|(_, allowed)| allowed.contains(atom)));
        if !beyond.is_empty() {
            out.push(say(context, *identity, &own.meta, &beyond));
        }
        let more = held.into_iter().map(|(agent, allowed)| {
            let more = of_others.iter().copied().filter(|atom| !allowed.contains(atom));
            (*agent, more.collect::<Vec<AtomId>>())
        });
        let more: Vec<(AgentId, Vec<AtomId>)> = more.filter(|(_, atoms)| !atoms.is_empty()).collect();
        if !more.is_empty() {
            let head = shared.iter().copied().find(|head| head == identity).or_else(|| {
                let mut heads = shared.iter().copied();
                heads.find(|head| becomes(context, *head, *identity))
            });
            out.push(by_sharing(context, (*identity, head.unwrap_or(*identity)), &more));
        }
    }
}

/// Whether exactly the agents that share `one` can become `other` through it.
fn becomes(context: &Context<'_>, one: IdentityId, other: IdentityId) -> bool {
    let agents = |identity: IdentityId| context.users.get(&identity).into_iter().flatten().map(|(agent, _)| *agent);
    agents(one).eq(agents(other)) && before(context.model, other).contains(&one)
}

/// What the tasks of an agent allow. An ended task counts too: what it no longer allows follows from its end.
fn allowed(context: &Context<'_>, agent: AgentId) -> BTreeSet<AtomId> {
    let model = context.model;
    let tasks = model.agents[agent.index()].tasks.iter();
    let begun = tasks.filter(|task| {
        let task = &model.tasks[task.index()];
        task.starts.is_none_or(|starts| starts.value <= model.as_of)
    });
    begun.flat_map(|task| context.facts.scope(*task).iter().copied()).collect()
}

/// The first task to begin that will allow this atom to an agent that can act as this identity.
fn coming<'a>(context: &Context<'a>, identity: IdentityId, atom: AtomId) -> Option<(&'a Task, Date)> {
    let model = context.model;
    let agents = context.users.get(&identity).into_iter().flatten();
    let tasks = agents.flat_map(|(agent, _)| &model.agents[agent.index()].tasks);
    let asking = tasks.filter(|task| context.facts.scope(**task).binary_search(&atom).is_ok());
    let coming = asking.filter_map(|task| {
        let task = &model.tasks[task.index()];
        let starts = task
            .starts
            .filter(|starts| starts.value > model.as_of && !task.ended(starts.value))?;
        Some((task, starts.value))
    });
    coming.min_by_key(|(_, day)| *day)
}

/// What a credential lets some agents do only because another agent that shares it has a task for it. This
/// follows from the sharing, and the finding about the sharing reports it.
fn by_sharing(context: &Context<'_>, (identity, head): (IdentityId, IdentityId), more: &[(AgentId, Vec<AtomId>)]) -> Diagnostic {
    let model = context.model;
    let meta = &model.identities[identity.index()].meta;
    let grave = |atom: &AtomId| (context.facts.atoms.get(*atom).gravity(model), *atom);
    // Changes to records come first: the first is shown.
    let shown = more
        .iter()
        .flat_map(|(agent, atoms)| atoms.iter().map(move |atom| (grave(atom), *agent, *atom)));
    let (agent, atom) = shown.min().map_or((more[0].0, more[0].1[0]), |(_, agent, atom)| (agent, atom));
    let mut names: Vec<&str> = more.iter().map(|(agent, _)| &*model.agents[agent.index()].meta.name).collect();
    names.sort_unstable();
    let own = &model.agents[agent.index()].meta.name;
    // Under the finding about the sharing, only this sentence is left. So it names every agent.
    let mut cans: Vec<(bool, String)> = more
        .iter()
        .map(|(other, atoms)| (*other != agent, can(context, *other, atoms)))
        .collect();
    cans.sort();
    let cans: Vec<String> = cans.into_iter().map(|(_, can)| can).collect();
    let whose = if cans.len() == 1 { "its" } else { "their" };
    let message = format!("as {}, {}, which no task of {whose} own allows", meta.name, few(&cans));
    let at = grant(context, identity, atom).unwrap_or(meta.span);
    let label = match names.len() {
        1 => "a task of another agent needs this".to_owned(),
        _ => format!(
            "a task of another agent needs this; {} can do more with it than their own tasks allow",
            few(&names)
        ),
    };
    let subject = &model.identities[head.index()].meta;
    let mut finding = context.finding(&CHECK, Kind::Identity, subject, at, message).label(at, label);
    let mut agents: Vec<&str> = more.iter().map(|(agent, _)| &*model.agents[agent.index()].meta.id).collect();
    agents.sort_unstable();
    finding.finding.selector = format!("{} as {}", agents.join(", "), meta.id);
    let each = more.iter().flat_map(|(agent, atoms)| atoms.iter().map(move |atom| (*agent, *atom)));
    context.points_each(&mut finding, std::iter::once((agent, atom)).chain(each));
    finding.finding.follows = vec!["GOV201"];
    finding.help(format!("give {own} a separate identity of kind workload, without this access"))
}

/// `campaign can `write.delete` customer.consent in crm and 3 more`
fn can(context: &Context<'_>, agent: AgentId, atoms: &[AtomId]) -> String {
    let name = &context.model.agents[agent.index()].meta.name;
    let gravest = atoms
        .iter()
        .min_by_key(|atom| (context.facts.atoms.get(**atom).gravity(context.model), **atom));
    let Some(atom) = gravest else {
        return name.to_string();
    };
    let (action, data, system) = context.facts.atoms.get(*atom).names(context.model);
    match atoms.len() {
        1 => format!("{name} can `{action}` {data} in {system}"),
        count => format!("{name} can `{action}` {data} in {system} and {} more", count - 1),
    }
}

fn say(context: &Context<'_>, identity: IdentityId, meta: &Meta, beyond: &[AtomId]) -> Diagnostic {
    let model = context.model;
    let mut order = beyond.to_vec();
    // Changes to records come first: the first is shown.
    order.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(model), *atom));
    let (at, atom) = order
        .iter()
        .find_map(|atom| grant(context, identity, *atom).map(|span| (span, *atom)))
        .unwrap_or((meta.span, order[0]));
    let (action, data, system) = context.facts.atoms.get(atom).names(model);
    if let Some(agent) = delegated(context, identity) {
        return say_delegated(context, agent, identity, (at, atom), &order);
    }
    let coming = coming(context, identity, atom);
    let (before, today) = match coming {
        Some((_, day)) => (format!(" before {day}"), "today "),
        None => (String::new(), ""),
    };
    let way = by_way(context, identity);
    let who = way.as_ref().map(|way| few(&way.agents));
    let message = match &who {
        Some(who) => format!(
            "as {}, {who} can `{action}` {data} in {system}, which no task allows{before}",
            meta.name
        ),
        None => format!("{} can `{action}` {data} in {system}, which no task allows{before}", meta.name),
    };
    let whose = who.as_deref().unwrap_or("the agents that run as it");
    let label = match order.len() {
        1 => format!("{today}no task of {whose} needs this"),
        count => format!("{today}no task of {whose} needs this, nor {} more", count - 1),
    };
    let mut finding = context.finding(&CHECK, Kind::Identity, meta, at, message).label(at, label);
    context.points_as(&mut finding, identity, &order);
    // The agents that can do this are part of the fault: nobody has accepted that another one can.
    let users = context.users.get(&identity).into_iter().flatten();
    finding = finding.ids(users.map(|(agent, _)| &model.agents[agent.index()].meta.id));
    for (span, step) in way.iter().flat_map(|way| &way.steps) {
        finding = finding.step(*span, step.clone());
    }
    let Some((task, day)) = coming else {
        let finding = finding.help(format!(
            "leave `{action} {data} in {system}` out of the access of {}, or approve a task that needs it",
            meta.name
        ));
        return match way {
            Some(way) => finding.help(format!("leave {} out of `can_assume` of {}", meta.name, way.before)),
            None => finding,
        };
    };
    let begins = format!("{} begins on {day}", task.meta.name);
    let finding = finding.related(task.starts.map_or(task.meta.span, |starts| starts.span), &begins);
    finding.help(format!(
        "leave `{action} {data} in {system}` out of the access of {} until {begins}",
        meta.name
    ))
}

/// How agents come to an identity that none of them runs as.
struct ByWay<'a> {
    /// The agents that come to it.
    agents: Vec<&'a str>,
    /// The way of the first agent, clause by clause.
    steps: Vec<(Span, String)>,
    /// The identity that can become it.
    before: &'a str,
}

/// How agents come to an identity by `can_assume`; `None` where some agent runs as it.
fn by_way<'a>(context: &Context<'a>, identity: IdentityId) -> Option<ByWay<'a>> {
    let model = context.model;
    let users = context.users.get(&identity)?;
    if users.iter().any(|(_, steps)| steps.len() < 2) {
        return None;
    }
    let mut agents: Vec<(&str, AgentId, &Vec<Span>)> = users
        .iter()
        .map(|(agent, steps)| (&*model.agents[agent.index()].meta.name, *agent, steps))
        .collect();
    agents.sort_unstable_by_key(|(name, ..)| *name);
    let (name, agent, way) = agents.first()?;
    let mut all = model.agents[agent.index()].runs_as.iter();
    let mut at = all.find(|own| Some(&own.span) == way.first())?.value;
    let mut steps = vec![(*way.first()?, format!("{name} runs as {}", model.identities[at.index()].meta.name))];
    let mut before = at;
    for span in &way[1..] {
        let mut assumed = model.identities[at.index()].can_assume.known().into_iter().flatten();
        let next = assumed.find(|assumed| assumed.span == *span)?.value;
        let [own, other] = [at, next].map(|id| &model.identities[id.index()].meta.name);
        steps.push((*span, format!("{own} can become {other}")));
        (before, at) = (at, next);
    }
    Some(ByWay {
        agents: agents.iter().map(|(name, ..)| *name).collect(),
        steps,
        before: &model.identities[before.index()].meta.name,
    })
}

/// The agent whose access comes from the people it acts for, not from an identity.
fn delegated(context: &Context<'_>, identity: IdentityId) -> Option<AgentId> {
    let own = &context.model.identities[identity.index()];
    let mut users = context.users.get(&identity)?.iter().map(|(agent, _)| *agent);
    let acts = |agent: &AgentId| !context.model.agents[agent.index()].acts_for.is_empty();
    users.find(acts).filter(|_| own.access.is_empty())
}

/// The same for what an agent may do for others. The edit goes into the bound, since the identity grants
/// nothing.
fn say_delegated(context: &Context<'_>, id: AgentId, identity: IdentityId, (at, atom): (Span, AtomId), order: &[AtomId]) -> Diagnostic {
    let agent = &context.model.agents[id.index()];
    let name = &agent.meta.name;
    let (action, data, system) = context.facts.atoms.get(atom).names(context.model);
    let whom = agent.acts_for.iter().map(|acts| &*acts.principal.meta(context.model).name);
    let whom = listed(&whom.collect::<Vec<&str>>());
    let before = coming(context, identity, atom).map_or(String::new(), |(_, day)| format!(" before {day}"));
    let message = format!("for {whom}, {name} can `{action}` {data} in {system}, which no task allows{before}");
    let label = match order.len() {
        1 => "none of its tasks needs this".to_owned(),
        count => format!("none of its tasks needs this, nor {} more", count - 1),
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    context.points_by(&mut finding, id, std::iter::once(&atom).chain(order));
    finding.help(format!(
        "leave `{action} {data} in {system}` out of what {name} may do for {whom}, or approve a task that needs it"
    ))
}

/// The line that grants an atom to an identity.
fn grant(context: &Context<'_>, identity: IdentityId, atom: AtomId) -> Option<Span> {
    let model = context.model;
    let wanted = context.facts.atoms.get(atom);
    let in_grants = |grants: &[Grant]| {
        grants
            .iter()
            .find(|grant| expand(model, grant).contains(&wanted))
            .map(|grant| grant.span)
    };
    let own = in_grants(&model.identities[identity.index()].access);
    own.or_else(|| {
        let agents = context.users.get(&identity).into_iter().flatten();
        agents
            .flat_map(|(agent, _)| &model.agents[agent.index()].acts_for)
            .find_map(|acts| in_grants(&acts.within).or_else(|| in_grants(others(model, acts.principal))))
    })
}

fn others(model: &Model, party: Party) -> &[Grant] {
    match party {
        Party::Person(person) => &model.people[person.index()].access,
        Party::Team(team) => &model.teams[team.index()].access,
        Party::Agent(_) | Party::Identity(_) => &[],
    }
}
