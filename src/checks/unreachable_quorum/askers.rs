//! People who would have to approve what they ask for: what an agent does on their behalf, or what they alone
//! may start.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::facts::GroupId;
use crate::facts::eligible::eligible;
use crate::facts::reach::on_behalf;
use crate::model::agent::Starter;
use crate::model::{AgentId, Model, Party, PersonId, Quorum, TaskId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How somebody comes to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// An agent acts for the person, or for a team that the person is in.
    ActsFor(AgentId, Party),
    /// A task that nobody else may start.
    Starts(TaskId),
}

/// Somebody without whom nobody can decide, and who asks for the decision.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The human.
    pub person: PersonId,
    /// How.
    pub tie: Tie,
    /// The clause that makes the person the one who asks.
    pub span: Span,
}

/// By decision.
#[derive(Default)]
pub struct Askers {
    acting: BTreeMap<(GroupId, PersonId), Asker>,
    starting: BTreeMap<GroupId, Vec<(TaskId, Span, BTreeSet<PersonId>)>>,
}

impl Askers {
    /// The people who ask for something that nobody can decide without them.
    pub fn of(context: &Context<'_>, cases: &[Case<'_>]) -> Askers {
        let mut needed: BTreeMap<GroupId, BTreeSet<PersonId>> = BTreeMap::new();
        for case in cases.iter().filter(|case| !case.answer.indispensable.is_empty()) {
            needed.entry(case.group).or_default().extend(&case.answer.indispensable);
        }
        let mut found = Askers::default();
        if !needed.is_empty() {
            found.acting(context, &needed);
            found.starting(context, &needed);
        }
        found
    }

    fn acting(&mut self, context: &Context<'_>, needed: &BTreeMap<GroupId, BTreeSet<PersonId>>) {
        let (model, facts) = (context.model, context.facts);
        let mut known: BTreeMap<Party, BTreeSet<PersonId>> = BTreeMap::new();
        let mut agents: Vec<AgentId> = (0..model.agents.len()).map(|index| AgentId(index as u32)).collect();
        agents.retain(|agent| !model.agents[agent.index()].acts_for.is_empty());
        agents.sort_by_key(|agent| &model.agents[agent.index()].meta.id);
        for agent in agents {
            let points = &facts.reach[agent.index()].points;
            for acts in &model.agents[agent.index()].acts_for {
                let people = known.entry(acts.principal).or_insert_with(|| humans(model, acts.principal));
                let atoms = on_behalf(model, acts).into_iter().filter_map(|atom| facts.atoms.find(atom));
                let reached = atoms.filter(|atom| points.binary_search_by_key(atom, |(point, _)| *point).is_ok());
                let groups: BTreeSet<GroupId> = reached.map(|atom| facts.group_of[atom.index()]).collect();
                for group in groups {
                    for person in needed.get(&group).into_iter().flatten().filter(|person| people.contains(person)) {
                        self.acting.entry((group, *person)).or_insert(Asker {
                            person: *person,
                            tie: Tie::ActsFor(agent, acts.principal),
                            span: acts.span,
                        });
                    }
                }
            }
        }
    }

    fn starting(&mut self, context: &Context<'_>, needed: &BTreeMap<GroupId, BTreeSet<PersonId>>) {
        let model = context.model;
        for (index, task) in model.tasks.iter().enumerate() {
            if !task.current(model.as_of) && !task.coming(model.as_of) {
                continue;
            }
            let Some(first) = task.started_by.first() else {
                continue;
            };
            let mut people: BTreeSet<PersonId> = BTreeSet::new();
            let named = task.started_by.iter().all(|starter| match starter.value {
                Starter::Schedule | Starter::Outsider => false,
                Starter::People(party) => {
                    people.extend(humans(model, party));
                    true
                }
            });
            if !named || people.is_empty() {
                continue;
            }
            let id = TaskId(index as u32);
            let scope = context.facts.scope(id).iter();
            let groups: BTreeSet<GroupId> = scope.map(|atom| context.facts.group_of[atom.index()]).collect();
            for group in groups {
                if needed.get(&group).is_some_and(|needed| people.is_subset(needed)) {
                    self.starting.entry(group).or_default().push((id, first.span, people.clone()));
                }
            }
        }
    }

    /// The first person for whom no other approver remains here.
    pub fn stuck(&self, case: &Case<'_>) -> Option<Asker> {
        let needed = &case.answer.indispensable;
        let acting = needed.iter().find_map(|person| self.acting.get(&(case.group, *person)).copied());
        acting.or_else(|| {
            let starting = self.starting.get(&case.group)?;
            let (task, span, people) = starting.iter().find(|(.., people)| people.is_subset(needed))?;
            Some(Asker {
                person: *people.first()?,
                tie: Tie::Starts(*task),
                span: *span,
            })
        })
    }
}

/// The people of a party who are active.
fn humans(model: &Model, party: Party) -> BTreeSet<PersonId> {
    let people = party.people(model).into_iter();
    let active = people.filter(|person| model.people[person.index()].active(model.as_of));
    active.map(|person| model.people[person.index()].human).collect()
}

/// The names of the functions that only this person can approve as.
pub fn held_alone<'a>(context: &Context<'a>, case: &Case<'_>, person: PersonId) -> Vec<&'a str> {
    let model = context.model;
    let mut held: Vec<&str> = Vec::new();
    for (domain, quorum) in case.quorums(context) {
        for function in quorum.into_iter().flat_map(Quorum::functions) {
            let holders = eligible(model, domain, function, model.as_of);
            let name = &*model.functions[function.index()].meta.name;
            if !holders.is_empty() && holders.iter().all(|holder| holder.person == person) && !held.contains(&name) {
                held.push(name);
            }
        }
    }
    held
}
