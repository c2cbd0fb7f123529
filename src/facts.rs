//! What follows from the model: who reaches what, who decides it, and how few people that takes.

use crate::model::Model;
use crate::model::{AgentId, DomainId, Requirement, TaskId};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

pub mod account;
pub mod alone;
pub mod applicable;
pub mod approval;
pub mod as_of;
pub mod atom;
pub mod calendar;
pub mod cell;
pub mod changes;
pub mod circle;
pub mod control;
pub mod delegation;
pub mod eligible;
pub mod entailment;
pub mod evidence;
pub mod flow;
pub mod governed;
pub mod identity;
pub mod one_function;
pub mod permission;
pub mod reach;
pub mod scope;
pub mod scope_approval;
pub mod software;
pub mod tool;
pub mod unstated;
pub mod unstated_reach;
pub mod verdict;

pub use atom::{Atom, AtomId, Atoms};
pub use reach::{AgentReach, Routes};
pub use verdict::{Group, GroupId, Verdict};

/// Everything that follows from a model.
#[derive(Debug)]
pub struct Facts {
    /// Every atom that an agent reaches.
    pub atoms: Atoms,
    /// For each agent, what it reaches.
    pub reach: Vec<AgentReach>,
    /// For each task, its atoms.
    pub scopes: Vec<Vec<AtomId>>,
    /// For each atom, the decision that it belongs to.
    pub group_of: Vec<GroupId>,
    /// Decisions: the same governing domains behind the same enforcement. Each is solved once.
    pub groups: Vec<Group>,
    /// For each group, what deciding it takes.
    pub verdicts: Vec<Verdict>,
    /// For each atom, the applicable rules of the standards in force.
    pub applicable: Vec<Vec<applicable::ApplicableRule>>,
    /// For each atom, the rules that apply only to the data that a change of it becomes by flowing on.
    pub downstream_rules: Vec<Vec<flow::downstream_rules::DownstreamRule>>,
    /// How many decision points there are: an agent and an atom it reaches.
    pub decision_points: usize,
    /// For each atom, how many agents reach it, and the first of them.
    pub points_of: Vec<(usize, AgentId)>,
    /// For each atom that agents reach only by tasks which have not begun, the first of these tasks.
    pub begins: BTreeMap<AtomId, TaskId>,
    /// What the tool calls do.
    pub tools: tool::Tools,
}

/// Derives the facts.
pub fn derive(model: &Model) -> Facts {
    let (mut atoms, scopes, reach) = reach::reach(model);
    atoms.seal();
    let governing = verdict::governing(model, &atoms);
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<Group, GroupId> = HashMap::new();
    let mut group_of = Vec::with_capacity(atoms.list.len());
    for (atom, domains) in atoms.list.iter().zip(governing) {
        let group = Group::of(model, atom, domains);
        let next = GroupId(groups.len() as u32);
        let id = *known.entry(group).or_insert_with_key(|group| {
            groups.push(group.clone());
            next
        });
        group_of.push(id);
    }
    let control = control::Control::of_all(model);
    let verdicts = groups.par_iter().map(|group| verdict::solve(&control, model, group)).collect();
    let applicable = applicable::applicable(model, &atoms);
    let mut points_of: Vec<(usize, AgentId)> = vec![(0, AgentId(0)); atoms.list.len()];
    let mut decision_points = 0;
    for (agent, reached) in reach.iter().enumerate() {
        for (atom, _) in &reached.points {
            let point = &mut points_of[atom.index()];
            if point.0 == 0 {
                point.1 = AgentId(agent as u32);
            }
            point.0 += 1;
            decision_points += 1;
        }
    }
    let begins = reach::begins(model, &scopes, &reach);
    let mut facts = Facts {
        atoms,
        reach,
        scopes,
        group_of,
        groups,
        verdicts,
        applicable,
        downstream_rules: Vec::new(),
        decision_points,
        points_of,
        begins,
        tools: tool::Tools::of(model),
    };
    facts.downstream_rules = flow::downstream_rules::downstream_rules(model, &facts, &flow::graph::Flows::of(model));
    facts
}

impl Facts {
    /// The decision that an atom belongs to.
    pub fn group(&self, atom: AtomId) -> &Group {
        &self.groups[self.group_of[atom.index()].index()]
    }

    /// The rule of a standard in force that wants an approved task scope for an atom, if there is one.
    pub fn asks_for_scope(&self, model: &Model, atom: AtomId) -> Option<applicable::ApplicableRule> {
        let mut rules = self.applicable[atom.index()].iter();
        rules
            .find(|applicable| matches!(applicable.rule(model).requirement, Requirement::Scope))
            .copied()
    }

    /// What deciding an atom takes.
    pub fn verdict(&self, atom: AtomId) -> &Verdict {
        &self.verdicts[self.group_of[atom.index()].index()]
    }

    /// The atoms of each domain that agents reach, in order.
    pub fn atoms_of_domains(&self) -> BTreeMap<DomainId, Vec<AtomId>> {
        let mut of: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
        for (index, group) in self.group_of.iter().enumerate() {
            for domain in &self.groups[group.index()].domains {
                of.entry(*domain).or_default().push(AtomId(index as u32));
            }
        }
        of
    }

    /// The atoms of a task.
    pub fn scope(&self, task: TaskId) -> &[AtomId] {
        &self.scopes[task.index()]
    }
}
