//! An agent that gets more by calling another agent than its own tasks allow.

use crate::checks::approval_laundering::{approvals, circumstance, functions, magnitude, not_known, span};
use crate::checks::calling::{chain, cited};
use crate::checks::delegated_access::beyond_bounds;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Mark, catalogue};
use crate::facts::GroupId;
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::entailment::{Gap, Side, TooLarge, Unmet, gap, gaps};
use crate::model::{ActionId, AgentId, Call, DataId, Model, PurposeId, TaskId};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV601"),
    page: include_str!("../../docs/codes/call-escalation.md"),
    looks_at: |context| {
        context
            .model
            .agents
            .iter()
            .filter_map(|agent| agent.calls.known())
            .map(Vec::len)
            .sum()
    },
    run,
};

/// A task of another agent that an agent can start, with the calls that lead there.
struct Called<'a> {
    caller: AgentId,
    task: TaskId,
    calls: Vec<&'a Call>,
}

/// Results for pairs of decisions that were compared already, under the rules for the first one.
type Known = BTreeMap<((GroupId, GroupId), Vec<ApplicableRule>), Result<Option<Gap>, TooLarge>>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut known = Known::new();
    for (index, agent) in model.agents.iter().enumerate() {
        let caller = AgentId(index as u32);
        let mut said: BTreeSet<(AgentId, Option<TaskId>)> = BTreeSet::new();
        for call in agent.calls.known().into_iter().flatten() {
            let loose = call.task.is_none_or(|task| model.tasks[task.index()].agent != call.agent);
            if loose && said.insert((call.agent, call.task)) {
                out.push(without_task(context, caller, call));
            }
        }
        let own = own(context, caller);
        let reach = &context.facts.reach[index].called;
        for called in &reach.tasks {
            let calls = chain(model, caller, &reach.path(called), called.task);
            // A call for no task has a finding of its own, wherever in the chain it is.
            if calls.iter().any(|call| call.task.is_none()) {
                continue;
            }
            let called = Called {
                caller,
                task: called.task,
                calls,
            };
            out.extend(less(context, &called, &own, &mut known));
            out.extend(unneeded(context, &called, &own));
        }
    }
}

/// What an agent's own tasks let it do, by action and class.
fn own(context: &Context<'_>, agent: AgentId) -> BTreeMap<(ActionId, DataId), Vec<AtomId>> {
    let reach = &context.facts.reach[agent.index()];
    let mut own: BTreeMap<(ActionId, DataId), Vec<AtomId>> = BTreeMap::new();
    if !reach.called.tasks.is_empty() {
        for id in reach.scope() {
            let atom = context.facts.atoms.get(id);
            own.entry((atom.action, atom.data)).or_default().push(id);
        }
    }
    own
}

fn without_task(context: &Context<'_>, caller: AgentId, call: &Call) -> Diagnostic {
    let model = context.model;
    let agent = &model.agents[caller.index()];
    let callee = &model.agents[call.agent.index()];
    let (message, label, selector) = match call.task {
        None => (
            format!("{} may call {} for anything", agent.meta.name, callee.meta.name),
            "names no task, so the caller can start every task".to_owned(),
            format!("{} for anything", callee.meta.id),
        ),
        Some(task) => {
            let task = &model.tasks[task.index()];
            let other = &model.agents[task.agent.index()].meta.name;
            (
                format!(
                    "{} calls {} for {}, a task of {other}",
                    agent.meta.name, callee.meta.name, task.meta.name
                ),
                format!("nobody has approved this task for {}", callee.meta.name),
                format!("{} for {}", callee.meta.id, task.meta.id),
            )
        }
    };
    let mut finding = context
        .finding(&CHECK, Kind::Agent, &agent.meta, call.span, message)
        .label(call.span, label);
    let current = &context.facts.reach[call.agent.index()].current;
    let mut atoms: Vec<AtomId> = current.iter().flat_map(|task| context.facts.scope(*task)).copied().collect();
    sort(context, &mut atoms);
    finding.finding.selector = selector;
    context.points_by(&mut finding, caller, &atoms);
    finding.help(format!("calls {} doing …  with the task it is called for", callee.meta.name))
}

/// Changes to records come first: the first is shown.
fn sort(context: &Context<'_>, atoms: &mut Vec<AtomId>) {
    atoms.sort_unstable_by_key(|atom| (context.facts.atoms.get(*atom).gravity(context.model), *atom));
    atoms.dedup();
}

/// The same action on the same class in another system, through the called agent, if fewer functions must
/// approve it there than anything the caller may do itself.
fn less(
    context: &Context<'_>,
    called: &Called<'_>,
    own: &BTreeMap<(ActionId, DataId), Vec<AtomId>>,
    known: &mut Known,
) -> Option<Diagnostic> {
    let mut found: Vec<(AtomId, AtomId, Gap)> = Vec::new();
    for id in context.facts.scope(called.task) {
        let atom = context.facts.atoms.get(*id);
        let Some(mine) = own.get(&(atom.action, atom.data)).filter(|mine| !mine.contains(id)) else {
            continue;
        };
        let mut least: Option<(AtomId, Gap)> = None;
        let mut lighter = true;
        for other in mine {
            match short(context, *id, *other, known) {
                Ok(Some(gap)) => least = least.or(Some((*other, gap))),
                Ok(None) => lighter = false,
                Err(TooLarge) => return Some(not_known(context.model, context.facts.group(*id).domains[0])),
            }
        }
        if let Some((other, gap)) = least.filter(|_| lighter) {
            found.push((*id, other, gap));
        }
    }
    found.sort_by_key(|(id, other, _)| (context.facts.atoms.get(*id).gravity(context.model), *id, *other));
    found.first().map(|first| say_less(context, called, first, &found))
}

/// What the decision about `own` requires and the decision about `callee` does not. Other findings report an
/// unmet standard there, and an atom that no domain decides.
fn short(context: &Context<'_>, callee: AtomId, own: AtomId, known: &mut Known) -> Result<Option<Gap>, TooLarge> {
    let model = context.model;
    let (there, here) = (context.facts.group(callee), context.facts.group(own));
    if there.domains.is_empty() {
        return Ok(None);
    }
    let rules = approvals(model, &context.facts.applicable[callee.index()]);
    let groups = (context.facts.group_of[callee.index()], context.facts.group_of[own.index()]);
    if let Some(found) = known.get(&(groups, rules.clone())) {
        return found.clone();
    }
    let source = |rules| Side {
        domains: &there.domains,
        rules,
    };
    let target = Side {
        domains: &here.domains,
        rules: &[],
    };
    let found = gap(model, source(&[]), target).and_then(|found| match found {
        Some(_) => gap(model, source(&rules), target).map(|still| still.and(found)),
        None => Ok(None),
    });
    known.insert((groups, rules), found.clone());
    found
}

fn say_less(context: &Context<'_>, called: &Called<'_>, first: &(AtomId, AtomId, Gap), all: &[(AtomId, AtomId, Gap)]) -> Diagnostic {
    let model = context.model;
    let (id, other, gap) = first;
    let agent = &model.agents[called.caller.index()];
    let (action, class, system) = context.facts.atoms.get(*id).names(model);
    let (_, _, own_system) = context.facts.atoms.get(*other).names(model);
    let missing = functions(model, &gap.missing);
    let message = format!(
        "through {}, {} gets `{action}` of {class} in {system} without {missing}{}",
        calling(model, called),
        agent.meta.name,
        circumstance(gap)
    );
    let at = called.calls[0].span;
    let label = format!("in {own_system} this needs {missing} as well");
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    let groups = |id: AtomId, own: AtomId| (context.facts.group_of[id.index()], context.facts.group_of[own.index()]);
    let pairs: BTreeMap<(GroupId, GroupId), &Gap> = all.iter().map(|(id, other, gap)| (groups(*id, *other), gap)).collect();
    for ((there, here), gap) in pairs {
        let domains = |group: GroupId| Side {
            domains: &context.facts.groups[group.index()].domains,
            rules: &[],
        };
        let every = gaps(model, domains(there), domains(here)).unwrap_or_default();
        let every = every.iter().chain([gap]).map(|gap| magnitude(model, domains(there).domains, gap));
        finding = finding.magnitudes(every);
    }
    finding = path(context, finding, called);
    let theirs = context.facts.group(*id).domains[0];
    let ours = context.facts.group(*other).domains[0];
    let tier = gap.cell.tiers.first().copied().flatten();
    finding = finding.related(span(model, theirs, tier, gap.emergency), format!("required in {system}"));
    let (ours, tier) = match gap.unmet {
        Unmet::Domain(domain, tier) => (domain, tier),
        Unmet::Rule(_) => (ours, None),
    };
    finding = finding.related(span(model, ours, tier, tier.is_none()), format!("required in {own_system}"));
    let atoms: Vec<AtomId> = all.iter().map(|(id, ..)| *id).collect();
    counted(context, finding, called, "less", &atoms).help(format!(
        "approve what {} asks for, in {}",
        model.domains[ours.index()].meta.name,
        model.domains[theirs.index()].meta.name
    ))
}

/// What an agent reaches only by a call, and none of its purposes needs.
fn unneeded(context: &Context<'_>, called: &Called<'_>, own: &BTreeMap<(ActionId, DataId), Vec<AtomId>>) -> Option<Diagnostic> {
    let model = context.model;
    let agent = &model.agents[called.caller.index()];
    let reach = &context.facts.reach[called.caller.index()];
    let purposes = reach.current.iter().filter_map(|task| model.tasks[task.index()].purpose.as_ref());
    let needs: BTreeSet<DataId> = purposes
        .flat_map(|purpose| &model.purposes[purpose.value.index()].needs)
        .flat_map(|data| model.data[data.index()].leaves.iter().copied())
        .collect();
    // `needs` is about reading and excuses no change. A class that an agent changes itself belongs to its work.
    let changes: BTreeSet<DataId> = own
        .keys()
        .filter(|(action, _)| model.actions[action.index()].flags.mutates)
        .map(|(_, data)| *data)
        .collect();
    let own_purposes: BTreeSet<PurposeId> = reach
        .current
        .iter()
        .filter_map(|task| model.tasks[task.index()].purpose.as_ref())
        .map(|purpose| purpose.value)
        .collect();
    // Whoever decides about the change has stated that it is for this purpose.
    let meant = |id: AtomId| {
        let mut domains = context.facts.group(id).domains.iter();
        domains.all(|domain| {
            let mut purposes = model.domains[domain.index()].purposes.iter().flatten();
            purposes.any(|purpose| own_purposes.contains(purpose))
        })
    };
    let needed = |id: AtomId| {
        let atom = context.facts.atoms.get(id);
        match atom.mutates(model) {
            true => changes.contains(&atom.data) || (needs.contains(&atom.data) && meant(id)),
            false => needs.contains(&atom.data),
        }
    };
    let only = |id: &AtomId| {
        let place = reach.points.binary_search_by_key(id, |(atom, _)| *atom);
        place.is_ok_and(|place| !reach.points[place].1.scope && !reach.points[place].1.access)
    };
    let mut atoms: Vec<AtomId> = context
        .facts
        .scope(called.task)
        .iter()
        .copied()
        .filter(|id| only(id) && !needed(*id))
        .collect();
    sort(context, &mut atoms);
    let first = context.facts.atoms.get(*atoms.first()?);
    let (action, class, system) = first.names(model);
    let (does, why) = match first.mutates(model) && needs.contains(&first.data) {
        true => ("changes", "none of its purposes allows changing it"),
        false => ("reaches", "none of its purposes needs it"),
    };
    let message = format!(
        "{} {does} {class} in {system} only by {}, and {why}",
        agent.meta.name,
        calling(model, called)
    );
    let at = called.calls[0].span;
    let label = match atoms.len() {
        1 => format!("starts `{action}` of {class}"),
        count => format!("starts `{action}` of {class}, and {} more", count - 1),
    };
    let mut finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
    finding.level = Level::Warning;
    let callee = context.model.tasks[called.task.index()].agent;
    if beyond_bounds(context, called.caller, callee, &atoms) {
        finding.finding.follows = vec!["GOV605"];
    }
    finding = path(context, finding, called);
    if does == "changes" {
        finding = finding.magnitude(Mark::Changes);
    }
    let finding = counted(context, finding, called, "need", &atoms);
    Some(finding.help(match does {
        "changes" => format!("approve a task for {} with `{action} {class}`, or remove the call", agent.meta.name),
        _ => format!(
            "write a task for {} whose purpose needs {class}, or remove the call",
            agent.meta.name
        ),
    }))
}

/// `calling helper`, `calling middle, and through it helper`
fn calling(model: &Model, called: &Called<'_>) -> String {
    let first = &model.agents[called.calls[0].agent.index()].meta.name;
    match called.calls.len() {
        1 => format!("calling {first}"),
        _ => format!("calling {first}, and through it {}", callee(model, called)),
    }
}

fn callee<'a>(model: &'a Model, called: &Called<'_>) -> &'a str {
    let agent = called.calls.last().map_or(called.caller, |call| call.agent);
    &model.agents[agent.index()].meta.name
}

/// The further calls of the chain, and the task at its end.
fn path(context: &Context<'_>, mut finding: Diagnostic, called: &Called<'_>) -> Diagnostic {
    let model = context.model;
    let first = called.calls[0];
    finding = cited(context, finding, first.agent, &called.calls[1..]);
    let task = &model.tasks[called.task.index()].meta;
    finding.related(task.span, format!("{} does {}", callee(model, called), task.name))
}

fn counted(context: &Context<'_>, mut finding: Diagnostic, called: &Called<'_>, face: &str, atoms: &[AtomId]) -> Diagnostic {
    finding.finding.selector = format!("{face} {}", context.model.tasks[called.task.index()].meta.id);
    context.points_by(&mut finding, called.caller, atoms);
    finding
}
