//! An agent that acts for people without a bound, or beyond what they may do themselves.

use crate::checks::stating::{of_identity, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::account::Accounts;
use crate::facts::atom::{Atom, AtomId, expand};
use crate::model::agent::ActsFor;
use crate::model::{Agent, AgentId, Grant, IdentityId, Model, Party, TaskId, Team};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

mod calls;
mod people;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV605"),
    page: include_str!("../../docs/codes/delegated-access.md"),
    looks_at: |context| context.model.agents.iter().map(|agent| agent.acts_for.len()).sum(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut unstated: BTreeMap<Party, Vec<(AgentId, Span)>> = BTreeMap::new();
    let mut own_rights: BTreeMap<IdentityId, Vec<(AgentId, Vec<AtomId>)>> = BTreeMap::new();
    let accounts = Accounts::of(model);
    for (index, agent) in model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        out.extend(for_nobody(context, id, agent));
        out.extend(calls::for_nobody(context, id));
        out.extend(people::on_whose_rights(context, &accounts, id));
        let mut said: BTreeSet<String> = BTreeSet::new();
        let mut bounded = !agent.acts_for.is_empty();
        for acts in &agent.acts_for {
            let theirs = all(model, access(model, acts.principal));
            if theirs.is_empty() {
                unstated.entry(acts.principal).or_default().push((id, acts.span));
            }
            out.extend(people::left(context, id, acts).filter(|found| said.insert(found.finding.selector.clone())));
            let found = match (acts.within.is_empty(), theirs.is_empty()) {
                (true, _) => Some(unbounded(context, id, acts)),
                (false, true) => None,
                (false, false) => beyond(context, id, acts, &theirs),
            };
            out.extend(found.filter(|found| said.insert(found.finding.selector.clone())));
            bounded &= !acts.within.is_empty() && !theirs.is_empty();
        }
        if bounded {
            out.extend(tasks(context, id, agent));
            out.extend(calls::beyond(context, id));
            let may = may(model, agent);
            for identity in &context.facts.reach[index].identities {
                let own = &model.identities[identity.index()];
                let delegated = own.is_delegated();
                let more = context.access_of[identity.index()].iter().copied();
                let more: Vec<AtomId> = more
                    .filter(|atom| !delegated && !may.contains(&context.facts.atoms.get(*atom)))
                    .collect();
                if !more.is_empty() {
                    own_rights.entry(*identity).or_default().push((id, more));
                }
            }
        }
    }
    out.extend(
        unstated
            .into_iter()
            .filter_map(|(party, agents)| without_access(context, party, &agents)),
    );
    out.extend(
        own_rights
            .into_iter()
            .map(|(identity, agents)| in_own_name(context, identity, &agents)),
    );
}

/// Whether some atoms of another agent are all beyond the bounds of an agent that acts for others. Then
/// starting them is a finding here.
pub(super) fn beyond_bounds(context: &Context<'_>, id: AgentId, callee: AgentId, atoms: &[AtomId]) -> bool {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let mut acts = agent.acts_for.iter();
    let said = acts.all(|acts| !acts.within.is_empty() && !all(model, access(model, acts.principal)).is_empty());
    let bounds = calls::bounds(model, agent);
    let callee = &model.agents[callee.index()];
    said && !agent.acts_for.is_empty() && atoms.iter().all(|atom| !bounds.hold(callee, context.facts.atoms.get(*atom)))
}

/// What a person or a team may do, as it declares.
fn access(model: &Model, party: Party) -> &[Grant] {
    match party {
        Party::Person(person) => &model.people[person.index()].access,
        Party::Team(team) => &model.teams[team.index()].access,
        Party::Agent(_) | Party::Identity(_) => &[],
    }
}

fn all(model: &Model, grants: &[Grant]) -> BTreeSet<Atom> {
    grants.iter().flat_map(|grant| expand(model, grant)).collect()
}

/// What an agent may do for others: what its bounds and their own access have in common.
fn may(model: &Model, agent: &Agent) -> BTreeSet<Atom> {
    let mut may = BTreeSet::new();
    for acts in &agent.acts_for {
        let theirs = all(model, access(model, acts.principal));
        may.extend(all(model, &acts.within).into_iter().filter(|atom| theirs.contains(atom)));
    }
    may
}

/// An agent that uses rights of users and does not say which users.
fn for_nobody(context: &Context<'_>, id: AgentId, agent: &Agent) -> Option<Diagnostic> {
    let model = context.model;
    let identities = context.facts.reach[id.index()].identities.iter();
    let mut delegated = identities.filter(|identity| model.identities[identity.index()].is_delegated());
    let identity = *delegated.next().filter(|_| agent.acts_for.is_empty())?;
    let name = &agent.meta.name;
    let message = format!("{name} acts with the rights of users, and the files do not say which users they are, or within which limits");
    let direct = agent.runs_as.iter().find(|at| at.value == identity);
    let (at, label) = match direct {
        Some(direct) => (
            direct.span,
            "this identity is delegated, and the agent has no `acts_for`".to_owned(),
        ),
        None => {
            let identity = &model.identities[identity.index()].meta.name;
            (
                agent.meta.span,
                format!("can become {identity}, which is delegated; the agent has no `acts_for`"),
            )
        }
    };
    let finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    Some(counted(context, finding, id, "nobody").help("acts_for … within { … }"))
}

fn unbounded(context: &Context<'_>, id: AgentId, acts: &ActsFor) -> Diagnostic {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let others = acts.principal.meta(model);
    let message = format!("{} acts for {} without a bound", agent.meta.name, others.name);
    let finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, acts.span, message)
        .label(acts.span, format!("it may do everything that {} may do", others.name));
    counted(context, finding, id, &format!("unbounded {}", others.id)).help(format!("acts_for {} within {{ … }}", others.name))
}

fn beyond(context: &Context<'_>, id: AgentId, acts: &ActsFor, theirs: &BTreeSet<Atom>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[id.index()];
    let others = acts.principal.meta(model);
    let mut more: Vec<(Atom, Span)> = Vec::new();
    for grant in &acts.within {
        let atoms = expand(model, grant).into_iter().filter(|atom| !theirs.contains(atom));
        more.extend(atoms.map(|atom| (atom, grant.span)));
    }
    let (first, at) = *more.iter().min_by_key(|(atom, span)| (!atom.mutates(model), *span, *atom))?;
    let (action, class, system) = first.names(model);
    let message = format!(
        "{} may `{action}` {class} in {system} for {}, who may not",
        agent.meta.name, others.name
    );
    let mut finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, at, message)
        .label(at, beyond_label(more.len()))
        .related(others.span, format!("this line says what {} may do", others.name));
    finding.finding.selector = format!("beyond {}", others.id);
    context.points_of(
        &mut finding,
        &[id],
        std::iter::once(first).chain(more.iter().map(|(atom, _)| *atom)),
    );
    Some(finding.help(format!("leave `{action} {class} in {system}` out of `within`")))
}

fn beyond_label(count: usize) -> String {
    match count {
        1 => "nobody can pass on rights that they do not have".to_owned(),
        count => format!("nobody can pass on rights that they do not have; they lack {} more", count - 1),
    }
}

/// Tasks of an agent that acts for others which ask for more than those others may do. Where `within` grants
/// too much, the finding is there.
fn tasks(context: &Context<'_>, id: AgentId, agent: &Agent) -> Vec<Diagnostic> {
    let model = context.model;
    let may = may(model, agent);
    let said: BTreeSet<Atom> = agent.acts_for.iter().flat_map(|acts| all(model, &acts.within)).collect();
    let mut found = Vec::new();
    let now = context.facts.reach[id.index()].current.iter().map(|task| (*task, None));
    let later = context.coming().of_agent(id).iter().filter(|coming| coming.calls.is_empty());
    for (task, begins) in now.chain(later.map(|coming| (coming.task, Some(coming.day)))) {
        let atoms = context.facts.scope(task).iter().copied();
        let more: Vec<AtomId> = atoms
            .filter(|atom| {
                let atom = context.facts.atoms.get(*atom);
                !may.contains(&atom) && !said.contains(&atom)
            })
            .collect();
        found.extend(task_beyond(context, id, (task, begins), &more));
    }
    found
}

fn task_beyond(context: &Context<'_>, id: AgentId, (task, begins): (TaskId, Option<Date>), more: &[AtomId]) -> Option<Diagnostic> {
    let model = context.model;
    let own = &model.tasks[task.index()];
    let agent = &model.agents[id.index()];
    let first = *more
        .iter()
        .min_by_key(|atom| (context.facts.atoms.get(**atom).gravity(model), **atom))?;
    let atom = context.facts.atoms.get(first);
    let (action, class, system) = atom.names(model);
    let grant = own.scope.iter().find(|grant| expand(model, grant).contains(&atom));
    let at = grant.map_or(own.meta.span, |grant| grant.span);
    let others: Vec<&str> = agent.acts_for.iter().map(|acts| &*acts.principal.meta(model).name).collect();
    let from = begins.map_or(String::new(), |day| format!(" from {day}"));
    let message = format!(
        "{} lets {} `{action}` {class} in {system}{from}, which is beyond what it may do for {}",
        own.meta.name,
        agent.meta.name,
        listed(&others)
    );
    let mut finding = context
        .finding(&CHECK, Kind::Task, &own.meta, at, message)
        .label(at, beyond_label(more.len()));
    for acts in &agent.acts_for {
        finding = finding.related(acts.span, "it acts within this");
    }
    context.points_by(&mut finding, id, std::iter::once(&first).chain(more));
    Some(finding.help(format!("leave `{action} {class} in {system}` out of {}", own.meta.name)))
}

/// A person or a team that agents act for and that has no `access`.
fn without_access(context: &Context<'_>, party: Party, agents: &[(AgentId, Span)]) -> Option<Diagnostic> {
    let model = context.model;
    let others = party.meta(model);
    let kind = match party {
        Party::Person(_) => Kind::Person,
        Party::Team(_) => Kind::Team,
        Party::Agent(_) | Party::Identity(_) => return None,
    };
    let (first, span) = agents[0];
    let agent = &model.agents[first.index()].meta.name;
    let message = format!(
        "the files do not say what {} may do, so nothing limits what {agent} does for them",
        others.name
    );
    let mut finding = context
        .finding(&CHECK, kind, others, others.span, message)
        .label(others.span, "says no `access`")
        .related(span, format!("{agent} acts for them"));
    // Where an agent acts for the team, the access of the members counts as the access of the team.
    let says = |team: &&Team| {
        let one = matches!(party, Party::Person(person) if team.everybody().iter().any(|member| member.value == person));
        one && !team.access.is_empty()
    };
    if let Some(team) = model.teams.iter().find(says) {
        let name = &team.meta.name;
        let related = format!("what members of {name} may do counts where an agent acts for {name}, not for one of them alone");
        finding = finding.related(team.meta.span, related);
    }
    let ids = agents.iter().map(|(agent, _)| &model.agents[agent.index()].meta.id);
    let mut finding = counted(context, finding.ids(ids), first, "");
    let each = agents
        .iter()
        .flat_map(|(agent, _)| own(context, *agent).into_iter().map(move |atom| (*agent, atom)));
    context.points_each(&mut finding, each);
    Some(finding.help(said_by("access { … }  what they may do themselves,", "security")))
}

/// An identity with rights of its own that an agent uses to act for others.
fn in_own_name(context: &Context<'_>, id: IdentityId, agents: &[(AgentId, Vec<AtomId>)]) -> Diagnostic {
    let model = context.model;
    let own = &model.identities[id.index()];
    let (agent, more) = &agents[0];
    let user = &model.agents[agent.index()];
    let first = more
        .iter()
        .min_by_key(|atom| (context.facts.atoms.get(**atom).gravity(model), **atom));
    let atom = context.facts.atoms.get(*first.unwrap_or(&more[0]));
    let (action, class, system) = atom.names(model);
    let others: Vec<&str> = user.acts_for.iter().map(|acts| &*acts.principal.meta(model).name).collect();
    let message = format!(
        "{} acts for {} as {}, which can `{action}` {class} in {system} and they cannot",
        user.meta.name,
        listed(&others),
        own.meta.name
    );
    let grant = own.access.iter().find(|grant| expand(model, grant).contains(&atom));
    let at = grant.map_or(own.meta.span, |grant| grant.span);
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &own.meta, at, message)
        .label(at, beyond_label(more.len()));
    for acts in &user.acts_for {
        finding = finding.related(acts.span, "on whose behalf");
    }
    finding = finding.ids(agents.iter().map(|(agent, _)| &model.agents[agent.index()].meta.id));
    let each = agents.iter().flat_map(|(agent, more)| more.iter().map(move |atom| (*agent, *atom)));
    context.points_each(&mut finding, std::iter::once((*agent, *first.unwrap_or(&more[0]))).chain(each));
    finding
        .help(of_identity(
            model,
            own,
            "kind delegated, so that it is worth no more than what the person may do,",
        ))
        .help(format!("leave `{action} {class} in {system}` out of its access"))
}

/// Counts what an agent reaches with its credentials and tasks, and shows the first change.
fn counted(context: &Context<'_>, mut finding: Diagnostic, id: AgentId, selector: &str) -> Diagnostic {
    finding.finding.selector = selector.to_owned();
    context.points_by(&mut finding, id, &own(context, id));
    finding
}

/// What an agent reaches with its credentials and tasks, the most severe first.
fn own(context: &Context<'_>, id: AgentId) -> Vec<AtomId> {
    let reach = &context.facts.reach[id.index()];
    let own = reach.points.iter().filter(|(_, routes)| routes.scope || routes.access);
    let mut points: Vec<AtomId> = own.map(|(atom, _)| *atom).collect();
    points.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(context.model), *atom));
    points
}
