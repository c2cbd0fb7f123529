//! Builds the [`Policy`] from model and facts.

use crate::emit::policy::{
    Agent, Comparison, Condition, Constant, Domain, Emergency, FOREVER, Group, Input, Limit, OUTSIDER, Operations, Person, Policy,
    Principal, Quorum, SCHEDULE, StartedBy, Task, Tier, Window,
};
use crate::emit::waived::{Ends, Waived};
use crate::facts::account::Accounts;
use crate::facts::delegation::bounds_of;
use crate::facts::eligible::holders;
use crate::facts::scope::sha256;
use crate::facts::scope_approval::{Verdict, judge};
use crate::facts::{Atom, Facts};
use crate::model::agent::Starter;
use crate::model::domain::Gate;
use crate::model::{self, AgentId, DomainId, InputKind, Model, TaskId};
use crate::source::Sources;
use crate::syntax::ast;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// `sha256:…` of the canonical model.
pub fn revision(model: &Model) -> String {
    sha256(model::canonical::text(model).as_bytes())
}

/// The policy of a model. Each domain's policy serves `controls`; `waived` is what is allowed only while a
/// waiver is in force.
pub fn policy(sources: &Sources, model: &Model, facts: &Facts, controls: &[String], waived: &Waived) -> Policy {
    let lowering = Lowering {
        sources,
        model,
        facts,
        waived,
        accounts: Accounts::of(model),
    };
    let mut agents: BTreeMap<String, Agent> = (0..model.agents.len()).map(|index| lowering.agent(AgentId(index as u32))).collect();
    let tasks: BTreeMap<String, Task> = (0..model.tasks.len())
        .filter_map(|index| lowering.task(TaskId(index as u32)))
        .collect();
    for task in tasks.values() {
        if let Some(agent) = agents.get_mut(&task.agent) {
            agent.current.push(task.window);
        }
    }
    for agent in agents.values_mut() {
        agent.current = merged(std::mem::take(&mut agent.current));
    }
    let domains: BTreeMap<String, Domain> = (0..model.domains.len())
        .map(|index| lowering.domain(DomainId(index as u32), controls))
        .collect();
    let people = model.people.iter().map(|person| {
        let accounts = person.accounts.known().into_iter().flatten();
        let lowered = Person {
            human: lowering.id(person.human),
            window: window(None, person.until.map(|until| until.value)),
            accounts: accounts.map(|account| account.value.to_string()).collect(),
        };
        (person.meta.id.to_string(), lowered)
    });
    let of_domains = domains.values().flat_map(|domain| {
        domain
            .inputs
            .keys()
            .cloned()
            .chain(domain.limits.iter().map(|limit| limit.input.clone()))
    });
    let of_tasks = tasks.values().flat_map(|task| task.limits.iter().map(|limit| limit.input.clone()));
    let inputs = of_domains.chain(of_tasks).collect();
    Policy {
        workspace: model.name.to_string(),
        revision: revision(model),
        agents,
        people: people.collect(),
        groups: lowering.groups(),
        calls: lowering.calls(),
        inputs,
        tasks,
        domains,
    }
}

/// The first second of a day.
pub fn day(date: Date) -> i64 {
    date.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |at| at.timestamp().as_second())
}

/// The days from one to another, the last included.
fn window(starts: Option<Date>, until: Option<Date>) -> Window {
    Window {
        starts: starts.map_or(0, |date| day(date).max(0)),
        ends: until.map_or(FOREVER, |date| (day(date) + 86_400).min(FOREVER)),
    }
}

/// Windows in order, merged where they touch, without empty ones.
fn merged(mut windows: Vec<Window>) -> Vec<Window> {
    windows.retain(|window| window.starts < window.ends);
    windows.sort_unstable();
    let mut out: Vec<Window> = Vec::new();
    for window in windows {
        match out.last_mut() {
            Some(last) if window.starts <= last.ends => last.ends = last.ends.max(window.ends),
            _ => out.push(window),
        }
    }
    out
}

struct Lowering<'a> {
    sources: &'a Sources,
    model: &'a Model,
    facts: &'a Facts,
    waived: &'a Waived,
    accounts: Accounts<'a>,
}

impl Lowering<'_> {
    fn agent(&self, id: AgentId) -> (String, Agent) {
        let agent = &self.model.agents[id.index()];
        let mut principals: BTreeMap<String, Principal> = BTreeMap::new();
        for identity in &self.facts.reach[id.index()].identities {
            let identity = &self.model.identities[identity.index()];
            if let Some(principal) = &identity.principal {
                let of = Principal {
                    life: identity.credential.ttl.map(|ttl| ttl.value),
                    human: self.accounts.person(identity).map(|known| self.id(known.person.human)),
                };
                principals.insert(principal.value.to_string(), of);
            }
        }
        let (acts_for, bounds) = self.bounds(id);
        (
            agent.meta.id.to_string(),
            Agent {
                principals,
                acts_for,
                bounds,
                current: Vec::new(),
                source: self.sources.cite(agent.meta.span),
            },
        )
    }

    fn id(&self, person: model::PersonId) -> String {
        self.model.people[person.index()].meta.id.to_string()
    }

    /// The people for whom an agent acts, each with the name of a bound, and the bounds.
    fn bounds(&self, id: AgentId) -> (BTreeMap<String, String>, BTreeMap<String, Operations>) {
        let mut names: BTreeMap<BTreeSet<Atom>, String> = BTreeMap::new();
        let mut acts_for = BTreeMap::new();
        for (person, may) in bounds_of(self.model, id) {
            let number = names.len() + 1;
            let name = names
                .entry(may)
                .or_insert_with(|| format!("{}/{number}", self.model.agents[id.index()].meta.id));
            acts_for.insert(self.id(person), name.clone());
        }
        let bounds = names.into_iter().map(|(may, name)| {
            let mut operations = Operations::new();
            for atom in may {
                let (action, resource) = operation(self.model, atom);
                operations.entry(action).or_default().insert(resource);
            }
            (name, operations)
        });
        (acts_for, bounds.collect())
    }

    /// Who may start a task. If the task names a human, that human's other declarations may start it too.
    fn started_by(&self, task: &model::Task) -> StartedBy {
        let mut started_by = StartedBy::default();
        for starter in &task.started_by {
            match starter.value {
                Starter::Schedule => drop(started_by.words.insert(SCHEDULE.to_owned())),
                Starter::Outsider => drop(started_by.words.insert(OUTSIDER.to_owned())),
                Starter::People(party) => {
                    let humans: BTreeSet<_> = party
                        .people(self.model)
                        .iter()
                        .map(|person| self.model.people[person.index()].human)
                        .collect();
                    let same = self.model.people.iter().filter(|person| humans.contains(&person.human));
                    let only = started_by.only.get_or_insert_default();
                    only.extend(same.map(|person| person.meta.id.to_string()));
                }
            }
        }
        started_by
    }

    /// A task whose scope is approved, or whose unapproved scope a waiver relieves. A task that changes nothing
    /// needs no approved scope unless a standard asks for it.
    fn task(&self, id: TaskId) -> Option<(String, Task)> {
        let task = &self.model.tasks[id.index()];
        let atoms = self.facts.scope(id);
        let asks = |atom: &crate::facts::AtomId| {
            self.facts.atoms.get(*atom).mutates(self.model) || self.facts.asks_for_scope(self.model, *atom).is_some()
        };
        if atoms.iter().any(asks) && judge(self.model, self.facts, id) != Verdict::Approved && !self.waived.of_scope(&task.meta) {
            return None;
        }
        let until = task.until?;
        let mut scope = Operations::new();
        let mut waived = Ends::new();
        for atom in atoms {
            let (action, resource) = self.operation(*atom);
            if let Some(ends) = self.waived.until(self.model, self.facts, id, *atom) {
                waived.entry(action.clone()).or_default().insert(resource.clone(), ends);
            }
            scope.entry(action).or_default().insert(resource);
        }
        let lowered = Task {
            agent: self.model.agents[task.agent.index()].meta.id.to_string(),
            purpose: task
                .purpose
                .map(|purpose| self.model.purposes[purpose.value.index()].meta.id.to_string()),
            window: window(task.starts.map(|at| at.value), Some(until.value)),
            scope,
            waived,
            started_by: self.started_by(task),
            limits: self.limits(&task.limits),
            source: self.sources.cite(task.meta.span),
        };
        Some((task.meta.id.to_string(), lowered))
    }

    /// The action and the resource of an atom, as requests name them.
    fn operation(&self, atom: crate::facts::AtomId) -> (String, String) {
        operation(self.model, self.facts.atoms.get(atom))
    }

    fn limits(&self, limits: &[model::Limit]) -> Vec<Limit> {
        let limits = limits.iter().filter_map(|limit| {
            let (unit, most) = match &limit.most {
                ast::Literal::Integer(number) => ("integer".to_owned(), *number),
                ast::Literal::Money(money) => (money.currency.to_string(), money.minor),
                ast::Literal::Boolean(_) | ast::Literal::Word(_) => return None,
            };
            Some(Limit {
                input: limit.input.to_string(),
                unit,
                most,
                per: limit.per,
                source: self.sources.cite(limit.span),
            })
        });
        limits.collect()
    }

    fn domain(&self, id: DomainId, controls: &[String]) -> (String, Domain) {
        let domain = &self.model.domains[id.index()];
        let function = |function: model::FunctionId| self.model.functions[function.index()].meta.id.to_string();
        let mut seats: BTreeMap<String, BTreeMap<String, Vec<Window>>> = BTreeMap::new();
        let functions: BTreeSet<model::FunctionId> = domain.seats.iter().map(|seat| seat.function).collect();
        for seat in functions {
            let mut people: BTreeMap<String, Vec<Window>> = BTreeMap::new();
            for holder in holders(self.model, id, seat) {
                let person = self.model.people[holder.named.index()].meta.id.to_string();
                people.entry(person).or_default().push(window(holder.starts, holder.until));
            }
            let people = people
                .into_iter()
                .map(|(person, windows)| (person, merged(windows)))
                .filter(|(_, windows)| !windows.is_empty());
            seats.insert(function(seat), people.collect());
        }
        let tiers = domain.tiers.iter().map(|tier| Tier {
            condition: match &tier.gate {
                Gate::Always | Gate::Otherwise => None,
                Gate::When(when) => Some(condition(when)),
            },
            quorum: self.quorum(&tier.quorum),
            text: tier.text.to_string(),
            source: self.sources.cite(tier.span),
        });
        let emergency = domain.emergency.as_ref().and_then(|emergency| {
            let quorum = &emergency.approve.as_ref()?.value;
            // An emergency that asks nobody is a gap, whatever the settings. No policy contains it.
            let asks_nobody = quorum.met(&|_| 0);
            (!asks_nobody).then_some(())?;
            Some(Emergency {
                quorum: self.quorum(quorum),
                lasts: emergency.lasts?,
                review: emergency.review.as_ref().map(|(_, within)| *within),
                source: self.sources.cite(emergency.span),
            })
        });
        let lowered = Domain {
            title: domain.meta.shown().to_owned(),
            seats,
            tiers: tiers.collect(),
            same_person: domain.same_person.is_some(),
            valid: domain.valid,
            single_use: domain.binds_action,
            inputs: domain.inputs.iter().map(|one| (one.name.to_string(), input(&one.kind))).collect(),
            limits: self.limits(&domain.limits),
            purposes: domain.purposes.as_ref().map(|all| {
                all.iter()
                    .map(|purpose| self.model.purposes[purpose.index()].meta.id.to_string())
                    .collect()
            }),
            rollbacks: domain
                .rollbacks
                .iter()
                .map(|at| self.model.rollbacks[at.value.index()].meta.id.to_string())
                .collect(),
            evidence: domain.evidence.map(|at| self.model.ledgers[at.value.index()].meta.id.to_string()),
            emergency,
            source: self.sources.cite(domain.meta.span),
            controls: controls.to_vec(),
        };
        (domain.meta.id.to_string(), lowered)
    }

    fn quorum(&self, quorum: &model::Quorum) -> Quorum {
        match quorum {
            model::Quorum::None => Quorum::None,
            model::Quorum::Seat(count, function) => Quorum::Seat(*count, self.model.functions[function.index()].meta.id.to_string()),
            model::Quorum::Threshold(need, parts) => Quorum::Threshold(*need, parts.iter().map(|part| self.quorum(part)).collect()),
        }
    }

    /// Operations under the same domains, as rectangles of actions and resources: actions with the same resources go
    /// together.
    fn groups(&self) -> Vec<Group> {
        type Operations = BTreeMap<String, BTreeSet<String>>;
        let mut by_domains: BTreeMap<Vec<String>, Operations> = BTreeMap::new();
        for (index, group) in self.facts.group_of.iter().enumerate() {
            let domains = &self.facts.groups[group.index()].domains;
            if domains.is_empty() {
                continue;
            }
            let mut ids: Vec<String> = domains
                .iter()
                .map(|domain| self.model.domains[domain.index()].meta.id.to_string())
                .collect();
            ids.sort_unstable();
            let (action, resource) = self.operation(crate::facts::AtomId(index as u32));
            by_domains.entry(ids).or_default().entry(action).or_default().insert(resource);
        }
        let mut groups = Vec::new();
        for (domains, operations) in by_domains {
            let mut rectangles: BTreeMap<BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
            for (action, resources) in operations {
                rectangles.entry(resources).or_default().insert(action);
            }
            for (number, (resources, actions)) in rectangles.into_iter().enumerate() {
                let id = match number {
                    0 => domains.join("+"),
                    _ => format!("{}#{}", domains.join("+"), number + 1),
                };
                groups.push(Group {
                    id,
                    domains: domains.clone(),
                    actions,
                    resources,
                });
            }
        }
        groups
    }

    fn calls(&self) -> BTreeSet<(String, String, String)> {
        let mut calls = BTreeSet::new();
        for agent in &self.model.agents {
            for call in agent.calls.known().into_iter().flatten() {
                let callee = &self.model.agents[call.agent.index()];
                let tasks = call.task.map_or_else(|| callee.tasks.clone(), |task| vec![task]);
                for task in tasks {
                    calls.insert((
                        agent.meta.id.to_string(),
                        callee.meta.id.to_string(),
                        self.model.tasks[task.index()].meta.id.to_string(),
                    ));
                }
            }
        }
        calls
    }
}

/// The action and the resource of an atom, as requests name them.
pub fn operation(model: &Model, atom: Atom) -> (String, String) {
    let (action, data, system) = atom.metas(model);
    (action_name(action), format!("{}/{}", system.id, data.id))
}

/// An action as requests name it: `write.update` for those of the library, with the module for an organisation's own.
pub fn action_name(action: &model::Meta) -> String {
    match action.library {
        true => action.name.to_string(),
        false => action.id.to_string(),
    }
}

fn input(kind: &InputKind) -> Input {
    match kind {
        InputKind::Money(currency, from, to) => Input::Money {
            currency: currency.to_string(),
            from: *from,
            to: *to,
        },
        InputKind::Integer(from, to) => Input::Integer { from: *from, to: *to },
        InputKind::OneOf(words) => Input::OneOf {
            words: words.iter().map(|word| word.to_string()).collect(),
        },
        InputKind::Boolean => Input::Boolean,
        InputKind::Text => Input::Text,
    }
}

fn condition(when: &ast::Condition) -> Condition {
    match when {
        ast::Condition::All(parts) => Condition::All(parts.iter().map(condition).collect()),
        ast::Condition::Any(parts) => Condition::Any(parts.iter().map(condition).collect()),
        ast::Condition::Not(part) => Condition::Not(Box::new(condition(part))),
        ast::Condition::Compare(name, comparison, value, _) => {
            Condition::Compare(name.text.to_string(), self::comparison(*comparison), constant(value))
        }
        ast::Condition::Among(name, values, _) => Condition::Among(name.text.to_string(), values.iter().map(constant).collect()),
    }
}

fn comparison(comparison: ast::Comparison) -> Comparison {
    match comparison {
        ast::Comparison::AtMost => Comparison::AtMost,
        ast::Comparison::Below => Comparison::Below,
        ast::Comparison::AtLeast => Comparison::AtLeast,
        ast::Comparison::Above => Comparison::Above,
        ast::Comparison::Equal => Comparison::Equal,
        ast::Comparison::Unequal => Comparison::Unequal,
    }
}

fn constant(literal: &ast::Literal) -> Constant {
    match literal {
        ast::Literal::Integer(number) => Constant::Number(*number),
        ast::Literal::Money(money) => Constant::Number(money.minor),
        ast::Literal::Boolean(value) => Constant::Boolean(*value),
        ast::Literal::Word(word) => Constant::Word(word.to_string()),
    }
}

/// `people.json`: every account of every person.
pub fn accounts(policy: &Policy) -> BTreeMap<String, String> {
    let pairs = policy
        .people
        .iter()
        .flat_map(|(id, person)| person.accounts.iter().map(move |account| (account.clone(), id.clone())));
    pairs.collect()
}
