//! Rules of the standards in force, as the checks look at them.

use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Level, Related};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::flow::graph::Location;
use crate::facts::identity::restorers;
use crate::model::{AgentId, IdentityId, Model, Requirement, Rule};
use std::collections::{BTreeMap, BTreeSet};

/// States the requirement that makes it a fault, with its place.
pub fn because(context: &Context<'_>, finding: Diagnostic, applicable: ApplicableRule) -> Diagnostic {
    let rule = applicable.rule(context.model);
    let standard = &context.model.standards[applicable.standard.index()].meta;
    let mut finding = finding.related(rule.span, "asked for here");
    for line in lesser(context.model, applicable) {
        let words = format!(
            "this line requires less than {} does here, so it cannot stand in for that requirement",
            standard.name
        );
        finding = finding.related(line.span, words);
    }
    finding.finding.standard = Some((standard.id.to_string(), rule.span));
    finding.finding.selector = rule.select.as_ref().map_or(String::new(), |select| select.text.to_string());
    finding
}

/// The lines that would replace a rule and ask for less than it does.
fn lesser(model: &Model, applicable: ApplicableRule) -> impl Iterator<Item = &Rule> {
    let adopted = model.adoption.standards.iter();
    let rules = adopted.flat_map(|id| &model.standards[id.index()].rules);
    rules.filter(move |rule| {
        let other = rule.in_place_of.as_ref();
        other.is_some_and(|other| other.standard == applicable.standard && other.kept.contains(&applicable.rule))
    })
}

/// States the requirement that makes it a fault. If the rule names none of these atoms itself, also shows the
/// flow to what it names.
pub fn because_of(context: &Context<'_>, finding: Diagnostic, applicable: ApplicableRule, atoms: &[AtomId]) -> Diagnostic {
    let finding = because(context, finding, applicable);
    match arrival(context, applicable, atoms) {
        Some((atom, at)) => flow(context, finding, atom, at),
        None => finding,
    }
}

/// The atom that a rule names where a change arrives, and where the change was made; `None` if the rule names
/// one of these atoms itself.
pub fn arrival(context: &Context<'_>, applicable: ApplicableRule, atoms: &[AtomId]) -> Option<(AtomId, Location)> {
    if atoms
        .iter()
        .any(|atom| context.facts.applicable[atom.index()].contains(&applicable))
    {
        return None;
    }
    atoms.iter().find_map(|atom| {
        let mut downstream_rules = context.facts.downstream_rules[atom.index()].iter();
        downstream_rules.find(|own| own.applicable == applicable).map(|own| (*atom, own.at))
    })
}

/// Cites the flow by which a change arrives somewhere, and states what it becomes there.
fn flow(context: &Context<'_>, mut finding: Diagnostic, atom: AtomId, at: Location) -> Diagnostic {
    let model = context.model;
    let written = context.facts.atoms.get(atom);
    let (class, arrives) = (&model.data[written.data.index()].meta.name, &model.data[at.1.index()].meta.name);
    let arrivals = context.flows.from((written.system, written.data));
    let Some(arrival) = arrivals.into_iter().find(|arrival| arrival.at == at) else {
        return finding;
    };
    for (number, (span, to)) in arrival.way.iter().zip(&arrival.systems).enumerate() {
        let system = &model.systems[to.index()].meta.name;
        let last = number + 1 == arrival.way.len();
        let text = match last && class != arrives {
            true => format!("a change of {class} becomes a change of {arrives} in {system} here"),
            false => format!("a change of {class} flows to {system} here"),
        };
        finding = finding.related(*span, text);
    }
    finding
}

/// The rules that `pick` selects, the strictest first, each with its atoms that some agent reaches. A rule also
/// applies where a change arrives.
pub fn by_rule<T>(context: &Context<'_>, pick: impl Fn(&Rule) -> Option<T>) -> Vec<(ApplicableRule, T, Vec<AtomId>)> {
    let mut found: BTreeMap<ApplicableRule, (T, Vec<AtomId>)> = BTreeMap::new();
    for (index, applicable) in context.facts.applicable.iter().enumerate() {
        if context.facts.points_of[index].0 == 0 {
            continue;
        }
        let downstream_rules = context.facts.downstream_rules[index]
            .iter()
            .map(|downstream_rules| &downstream_rules.applicable);
        for one in applicable.iter().chain(downstream_rules) {
            if let Some(picked) = pick(one.rule(context.model)) {
                found
                    .entry(*one)
                    .or_insert_with(|| (picked, Vec::new()))
                    .1
                    .push(AtomId(index as u32));
            }
        }
    }
    let mut found: Vec<(ApplicableRule, T, Vec<AtomId>)> = found
        .into_iter()
        .map(|(applicable, (picked, atoms))| (applicable, picked, atoms))
        .collect();
    found.sort_by_key(|(applicable, ..)| strictness(context.model, *applicable));
    found
}

/// The changes that some agent can make, whatever the data is. The language reference states what a missing
/// clause means. That applies to all of these changes, also where no standard asks.
pub fn changed(context: &Context<'_>) -> Vec<AtomId> {
    let atoms = (0..context.facts.atoms.list.len() as u32).map(AtomId);
    let changed = atoms.filter(|atom| context.facts.points_of[atom.index()].0 > 0 && context.facts.atoms.get(*atom).mutates(context.model));
    changed.collect()
}

/// The order of rules: of one kind the strictest first, whatever the order in which they are written.
pub fn strictness(model: &Model, applicable: ApplicableRule) -> ([i64; 3], &str, &str) {
    let rule = applicable.rule(model);
    let within = |seconds: Option<i64>| seconds.unwrap_or(i64::MAX);
    let order = match &rule.requirement {
        Requirement::Approval(quorum) => {
            let functions = quorum.functions();
            let people: u32 = functions.iter().map(|function| quorum.most(*function)).sum();
            [0, -(functions.len() as i64), -i64::from(people)]
        }
        Requirement::Approvers(people) => [1, -i64::from(*people), 0],
        Requirement::Bound(most) => [2, *most, 0],
        Requirement::Rollback(most, tested) => [3, within(*most), within(*tested)],
        Requirement::Evidence(least, tamper_evident) => [4, -least.unwrap_or(0), i64::from(!tamper_evident)],
        Requirement::Credential(most, just_in_time, revoked) => [5, within(*most), i64::from(!just_in_time) + i64::from(!revoked)],
        Requirement::Basis => [6, 0, 0],
        Requirement::Stop(most) => [7, within(*most), 0],
        Requirement::Enforcement => [8, 0, 0],
        Requirement::Absence(people) => [9, -i64::from(*people), 0],
        Requirement::Emergency(people, lasts, _) => [10, -i64::from(*people), within(*lasts)],
        Requirement::Waiver(most) => [11, *most, 0],
        Requirement::Stated => [12, 0, 0],
        Requirement::Scope => [13, 0, 0],
    };
    (order, &model.standards[applicable.standard.index()].meta.id, &rule.text)
}

/// One finding for each subject: its first unmet rule makes the finding, and the atoms of all unmet rules are
/// behind it.
pub struct PerSubject<S> {
    found: BTreeMap<S, (Diagnostic, BTreeSet<AtomId>)>,
}

impl<S: Ord> Default for PerSubject<S> {
    fn default() -> PerSubject<S> {
        PerSubject::new()
    }
}

impl<S: Ord> PerSubject<S> {
    /// An empty list.
    pub fn new() -> PerSubject<S> {
        PerSubject { found: BTreeMap::new() }
    }

    /// Whether a subject has a finding. If so, adds the atoms to those behind it.
    pub fn more(&mut self, subject: &S, atoms: &[AtomId]) -> bool {
        let known = self.found.get_mut(subject);
        known.map(|(_, behind)| behind.extend(atoms)).is_some()
    }

    /// Whether a subject has a finding.
    pub fn has(&self, subject: &S) -> bool {
        self.found.contains_key(subject)
    }

    /// Adds a finding.
    pub fn add(&mut self, subject: S, finding: Diagnostic, atoms: impl IntoIterator<Item = AtomId>) {
        self.found.insert(subject, (finding, atoms.into_iter().collect()));
    }

    /// All findings, each with the atoms behind it.
    pub fn into_all(self) -> impl Iterator<Item = (S, Diagnostic, Vec<AtomId>)> {
        let all = self.found.into_iter();
        all.map(|(subject, (finding, atoms))| (subject, finding, atoms.into_iter().collect()))
    }

    /// Gives each its decision points.
    pub fn counted(self, context: &Context<'_>, out: &mut Vec<Diagnostic>) {
        for (_, mut finding, atoms) in self.into_all() {
            context.points(&mut finding, &atoms);
            out.push(finding);
        }
    }
}

/// The identities through which agents reach some of these atoms, each with the atoms that its own access includes.
pub fn identities(context: &Context<'_>, atoms: &[AtomId]) -> BTreeMap<IdentityId, Vec<AtomId>> {
    let wanted: BTreeSet<AtomId> = atoms.iter().copied().collect();
    let mut found: BTreeMap<IdentityId, Vec<AtomId>> = BTreeMap::new();
    for identity in context.users.keys() {
        let own = &context.access_of[identity.index()];
        let touched: Vec<AtomId> = own.iter().copied().filter(|atom| wanted.contains(atom)).collect();
        if !touched.is_empty() {
            found.insert(*identity, touched);
        }
    }
    found
}

/// The identities that a rollback can act as and no agent can, each with those of these atoms that it lets the
/// rollback do. Anyone who has the credential can do what an agent could do with it. So the identity is judged
/// like an agent's, but less severely: a rollback must work when nothing else does.
pub fn restoring(context: &Context<'_>, atoms: &[AtomId]) -> BTreeMap<IdentityId, Vec<AtomId>> {
    let wanted: BTreeSet<AtomId> = atoms.iter().copied().collect();
    let mut found: BTreeMap<IdentityId, Vec<AtomId>> = BTreeMap::new();
    for identity in restorers(context.model)
        .into_keys()
        .filter(|identity| !context.users.contains_key(identity))
    {
        let own = &context.access_of[identity.index()];
        let touched: Vec<AtomId> = own.iter().copied().filter(|atom| wanted.contains(atom)).collect();
        if !touched.is_empty() {
            found.insert(identity, touched);
        }
    }
    found
}

/// A fault of an identity that only a rollback can act as is a warning, and shows the rollback.
pub fn mild(context: &Context<'_>, id: IdentityId, finding: &mut Diagnostic) {
    if context.users.contains_key(&id) {
        return;
    }
    finding.level = Level::Warning;
    for (rollback, runs_as) in restorers(context.model).remove(&id).unwrap_or_default() {
        let span = runs_as.unwrap_or(rollback.span);
        finding.related.push(Related {
            code: None,
            taken: None,
            span,
            message: format!("the rollback {} would do", rollback.name),
        });
    }
}

/// Counts what is behind a finding about an identity, also of one that only a rollback can act as.
pub fn behind(context: &Context<'_>, id: IdentityId, finding: &mut Diagnostic, atoms: &[AtomId]) {
    match context.users.contains_key(&id) {
        true => context.points_as(finding, id, atoms),
        false => context.points(finding, atoms),
    }
}

/// The agents that reach some of these atoms in any way, also by calling other agents, each with those atoms.
pub fn agents(context: &Context<'_>, atoms: &[AtomId]) -> BTreeMap<AgentId, Vec<AtomId>> {
    let wanted: BTreeSet<AtomId> = atoms.iter().copied().collect();
    let mut found: BTreeMap<AgentId, Vec<AtomId>> = BTreeMap::new();
    for (index, reach) in context.facts.reach.iter().enumerate() {
        let touched: Vec<AtomId> = reach
            .points
            .iter()
            .filter(|(atom, _)| wanted.contains(atom))
            .map(|(atom, _)| *atom)
            .collect();
        if !touched.is_empty() {
            found.insert(AgentId(index as u32), touched);
        }
    }
    found
}
