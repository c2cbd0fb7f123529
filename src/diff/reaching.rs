//! Compares what each agent reaches: through its tasks, through its credentials, and through other agents.

use crate::diff::governing::said;
use crate::diff::renamed::Renamed;
use crate::diff::{Both, Change, Kind, Place, Side, Weight};
use crate::facts::Facts;
use crate::facts::atom::{Atom, expand};
use crate::model::{Agent, AgentId, Grant, Meta, Model};
use crate::words::at_most;
use std::collections::{BTreeMap, BTreeSet};

type Operation = [String; 3];

/// How an agent reaches something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Route {
    Task,
    Access,
    Others,
}

/// What each agent reaches by each route, under the id of the agent.
type Reach = BTreeMap<String, BTreeMap<Route, BTreeSet<Operation>>>;

/// Returns what agents reach now and what they no longer reach, and the same for the access of people, teams and
/// identities.
pub(super) fn changes(both: Both<'_>, renamed: &Renamed) -> Vec<Change> {
    let (before, after) = (reach(&both.old.model, &both.old.facts), reach(&both.new.model, &both.new.facts));
    let nothing = BTreeMap::new();
    let mut changes = Vec::new();
    let agents: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for id in agents {
        let (was, is) = (before.get(id).unwrap_or(&nothing), after.get(id).unwrap_or(&nothing));
        for route in [Route::Task, Route::Access, Route::Others] {
            let empty = BTreeSet::new();
            let (old, new) = (was.get(&route).unwrap_or(&empty), is.get(&route).unwrap_or(&empty));
            let gained: Vec<Operation> = new.difference(old).cloned().collect();
            let lost: Vec<Operation> = old.difference(new).cloned().collect();
            let about = About { both, id, route };
            changes.extend(about.gained(&gained, is));
            changes.extend(about.lost(&lost));
        }
    }
    changes.extend(granted(both, renamed));
    changes
}

struct About<'a> {
    both: Both<'a>,
    id: &'a str,
    route: Route,
}

impl About<'_> {
    fn gained(&self, operations: &[Operation], is: &BTreeMap<Route, BTreeSet<Operation>>) -> Option<Change> {
        let first = operations.first()?;
        let what = said(&self.both.new.model, operations);
        let allowed = is.get(&Route::Task).is_some_and(|allowed| allowed.contains(first));
        let detail = match self.route {
            Route::Task => self.approved(first),
            Route::Access | Route::Others if !allowed => "no task of its own allows it".to_owned(),
            Route::Access | Route::Others => String::new(),
        };
        // An operation that the agent's own task allows is not new reach: the credential exists for this task.
        let scope = is.get(&Route::Task);
        let beyond = operations
            .iter()
            .any(|operation| !scope.is_some_and(|scope| scope.contains(operation)));
        let weight = if self.route == Route::Task || beyond {
            Weight::Weaker
        } else {
            Weight::Changed
        };
        let sentence = match self.route {
            Route::Access => format!("{} can now {what} by its credentials", super::short(self.id)),
            Route::Task => format!("{} is now allowed {what}", super::short(self.id)),
            Route::Others => format!("{} can now have others do {what}", super::short(self.id)),
        };
        Some(self.change(weight, sentence, detail))
    }

    fn lost(&self, operations: &[Operation]) -> Option<Change> {
        operations.first()?;
        let what = said(&self.both.old.model, operations);
        let name = super::short(self.id);
        let sentence = match self.route {
            Route::Task => format!("{name} is no longer allowed {what}"),
            Route::Access => format!("{name} can no longer {what} by its credentials"),
            Route::Others => format!("{name} can no longer have others do {what}"),
        };
        Some(self.change(Weight::Stronger, sentence, String::new()))
    }

    /// The tasks that allow an operation, and whether somebody approved them, in words.
    fn approved(&self, operation: &Operation) -> String {
        let (model, facts) = (&self.both.new.model, &self.both.new.facts);
        let tasks = facts.scopes.iter().zip(&model.tasks).filter(|(scope, task)| {
            let own = model.agents.get(task.agent.index()).is_some_and(|agent| *agent.meta.id == *self.id);
            own && scope.iter().any(|atom| ids(model, facts.atoms.get(*atom)) == *operation)
        });
        let tasks: Vec<_> = tasks.map(|(_, task)| task).collect();
        let names: Vec<String> = tasks.iter().map(|task| task.meta.name.to_string()).collect();
        match tasks.iter().all(|task| task.approved.is_empty()) {
            true => format!("by {}, whose scope nobody has approved", at_most(&names, 2)),
            false => format!("by {}", at_most(&names, 2)),
        }
    }

    fn change(&self, weight: Weight, sentence: String, detail: String) -> Change {
        let place = |model: &Model, side| {
            let agent = model.agents.iter().find(|agent| *agent.meta.id == *self.id)?;
            Some(Place {
                side,
                span: agent.meta.span,
            })
        };
        Change {
            weight,
            kind: Kind::Reach,
            subject: format!("agent {}", self.id),
            sentence,
            detail,
            place: place(&self.both.new.model, Side::New).or_else(|| place(&self.both.old.model, Side::Old)),
        }
    }
}

fn ids(model: &Model, atom: Atom) -> Operation {
    let (action, data, system) = atom.metas(model);
    [action, data, system].map(|meta| meta.id.to_string())
}

/// Returns what agents reach. A task counts with all operations in its scope, even before it starts or after it
/// ends. Its dates are compared separately.
fn reach(model: &Model, facts: &Facts) -> Reach {
    let mut all = Reach::new();
    for (index, agent) in model.agents.iter().enumerate() {
        let own = all.entry(agent.meta.id.to_string()).or_default();
        let scoped = scoped(model, facts, agent);
        let mut others = BTreeSet::new();
        called(model, agent, &mut BTreeSet::from([AgentId(index as u32)]), &mut |agent| {
            others.extend(self::scoped(model, facts, agent));
        });
        own.insert(Route::Task, scoped);
        for (atom, routes) in &facts.reach[index].points {
            let operation = ids(model, facts.atoms.get(*atom));
            if routes.through && !routes.itself() {
                others.insert(operation.clone());
            }
            if routes.access {
                own.entry(Route::Access).or_default().insert(operation);
            }
        }
        own.insert(Route::Others, others);
    }
    all
}

fn scoped(model: &Model, facts: &Facts, agent: &Agent) -> BTreeSet<Operation> {
    let atoms = agent.tasks.iter().flat_map(|task| facts.scope(*task));
    atoms.map(|atom| ids(model, facts.atoms.get(*atom))).collect()
}

/// Calls `tell` for every agent that an agent calls, directly or through others.
fn called(model: &Model, agent: &Agent, seen: &mut BTreeSet<AgentId>, tell: &mut dyn FnMut(&Agent)) {
    for call in agent.calls.known().into_iter().flatten() {
        if seen.insert(call.agent) {
            let next = &model.agents[call.agent.index()];
            tell(next);
            called(model, next, seen, tell);
        }
    }
}

/// Returns what people, teams and identities may access now, and what they no longer may.
fn granted(both: Both<'_>, renamed: &Renamed) -> Vec<Change> {
    let (before, after) = (grants(&both.old.model, renamed), grants(&both.new.model, &Renamed::new()));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
    let mut changes = Vec::new();
    for key in keys {
        let empty = BTreeSet::new();
        let (old, new) = (
            before.get(&key).map_or(&empty, |(all, _)| all),
            after.get(&key).map_or(&empty, |(all, _)| all),
        );
        let gained: Vec<Operation> = new.difference(old).cloned().collect();
        let lost: Vec<Operation> = old.difference(new).cloned().collect();
        let place = match (after.get(&key), before.get(&key)) {
            (Some((_, meta)), _) => Some(Place {
                side: Side::New,
                span: meta.span,
            }),
            (None, Some((_, meta))) => Some(Place {
                side: Side::Old,
                span: meta.span,
            }),
            (None, None) => None,
        };
        let mut told = |weight, model: &Model, operations: &[Operation], verb: &str| {
            if !operations.is_empty() {
                changes.push(Change {
                    weight,
                    kind: Kind::Reach,
                    subject: format!("{} {}", key.0, key.1),
                    sentence: format!("the {} {} {verb} {}", key.0, super::short(&key.1), said(model, operations)),
                    detail: String::new(),
                    place,
                });
            }
        };
        told(Weight::Weaker, &both.new.model, &gained, "may now");
        told(Weight::Stronger, &both.old.model, &lost, "may no longer");
    }
    changes
}

type Granted<'m> = BTreeMap<(&'static str, String), (BTreeSet<Operation>, &'m Meta)>;

fn grants<'m>(model: &'m Model, renamed: &Renamed) -> Granted<'m> {
    let mut all = Granted::new();
    let mut add = |kind, meta: &'m Meta, access: &[Grant]| {
        let atoms = access.iter().flat_map(|grant| expand(model, grant));
        let operations = atoms.map(|atom| ids(model, atom)).collect();
        let id = renamed.get(&*meta.id).map_or(&*meta.id, String::as_str);
        all.insert((kind, id.to_owned()), (operations, meta));
    };
    model.people.iter().for_each(|one| add("person", &one.meta, &one.access));
    model.teams.iter().for_each(|one| add("team", &one.meta, &one.access));
    model.identities.iter().for_each(|one| add("identity", &one.meta, &one.access));
    all
}
