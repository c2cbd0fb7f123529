//! Whether the people under `approved` form an approving set for every decision point of a task (`docs/glossary.md`,
//! *Scope approval*).

use crate::facts::Facts;
use crate::facts::atom::AtomId;
use crate::facts::eligible::holders;
use crate::model::{Approval, DomainId, FunctionId, Model, PersonId, Quorum, TaskId};
use crate::source::Span;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Why somebody's approval of a scope does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its date lies in the future.
    Future(Date),
    /// The person had left on that day.
    Left(Date),
    /// The person holds the function now, but did not on that day.
    NotThen(Date),
    /// The person holds the function in no domain concerned.
    NoSeat,
}

/// The state of the approval of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They form an approving set everywhere, at the strongest tier.
    Approved,
    /// Nobody is named.
    Nobody,
    /// Somebody is named in a function that the person did not hold on that day in any domain concerned.
    Ineligible {
        /// As what.
        function: FunctionId,
        /// Who.
        person: PersonId,
        /// Where.
        span: Span,
        /// Why it does not count.
        why: Why,
        /// The first decision point.
        atom: AtomId,
    },
    /// They are not an approving set for a decision point.
    TooFew {
        /// Which.
        atom: AtomId,
        /// The domain whose quorum is not met.
        domain: DomainId,
        /// Functions that are missing there; empty if more different people are.
        missing: Vec<FunctionId>,
        /// Nobody could approve it, whoever signed: a finding about the domain reports that.
        unreachable: bool,
    },
}

/// Judges the approval of a task's scope.
pub fn judge(model: &Model, facts: &Facts, task: TaskId) -> Verdict {
    judge_by(model, facts, task, |_| true)
}

/// The signers whose approval of a task's scope does not count, where the others suffice.
pub fn further(model: &Model, facts: &Facts, task: TaskId) -> Vec<(FunctionId, PersonId, Span, Why)> {
    let domains = deciding(facts, task);
    let approvals = model.tasks[task.index()].approved.iter();
    let given = approvals.flat_map(|approval| approval.given.iter().map(move |given| (approval, given)));
    let out = given.filter_map(|(approval, (function, person, span))| {
        let day = approval.on.unwrap_or(model.as_of);
        let counts = domains.is_empty() || domains.iter().any(|domain| holds(model, *domain, (*function, *person), day));
        (!counts).then(|| (*function, *person, *span, why(model, &domains, (*function, *person), day)))
    });
    out.collect()
}

/// The domains that decide anything that a task does.
fn deciding(facts: &Facts, task: TaskId) -> BTreeSet<DomainId> {
    let atoms = facts.scope(task).iter();
    atoms.flat_map(|atom| facts.group(*atom).domains.iter().copied()).collect()
}

/// Whether a person could approve as a function in a domain on a day that does not lie in the future.
fn holds(model: &Model, domain: DomainId, (function, person): (FunctionId, PersonId), day: Date) -> bool {
    let human = model.people[person.index()].human;
    let mut holders = holders(model, domain, function).into_iter();
    day <= model.as_of && holders.any(|holder| holder.person == human && holder.on(day))
}

/// Judges it by only some of the `approved` clauses.
pub fn judge_by(model: &Model, facts: &Facts, task: TaskId, counts: impl Fn(&Approval) -> bool) -> Verdict {
    let own = &model.tasks[task.index()];
    let atoms = facts.scope(task);
    let mut order: Vec<AtomId> = atoms.to_vec();
    order.sort_by_key(|atom| (!facts.atoms.get(*atom).mutates(model), *atom));
    let Some(first) = order.first().copied() else {
        return Verdict::Approved;
    };
    let domains = deciding(facts, task);
    // Who was eligible for what on the day of the approval.
    let mut given: BTreeMap<(DomainId, FunctionId), BTreeSet<PersonId>> = BTreeMap::new();
    let mut somebody = false;
    let mut ineligible = None;
    for approval in own.approved.iter().filter(|approval| counts(approval)) {
        let day = approval.on.unwrap_or(model.as_of);
        for (function, person, span) in &approval.given {
            let mut seated = domains
                .iter()
                .filter(|domain| holds(model, **domain, (*function, *person), day))
                .peekable();
            if seated.peek().is_none() && !domains.is_empty() {
                ineligible.get_or_insert_with(|| Verdict::Ineligible {
                    function: *function,
                    person: *person,
                    span: *span,
                    why: why(model, &domains, (*function, *person), day),
                    atom: first,
                });
                continue;
            }
            somebody = true;
            for domain in seated {
                given
                    .entry((*domain, *function))
                    .or_default()
                    .insert(model.people[person.index()].human);
            }
        }
    }
    let others = by_those(model, facts, (&order, somebody), &given);
    // An extra approval never does harm: an approval that does not count is a fault only if the others are not
    // enough.
    match ineligible {
        Some(ineligible) if !somebody || others != Verdict::Approved => ineligible,
        _ => others,
    }
}

/// Judges it by the approvals that count.
fn by_those(
    model: &Model,
    facts: &Facts,
    (order, somebody): (&[AtomId], bool),
    given: &BTreeMap<(DomainId, FunctionId), BTreeSet<PersonId>>,
) -> Verdict {
    let mut tried: BTreeSet<Vec<DomainId>> = BTreeSet::new();
    let mut nobody_could = None;
    for atom in order.iter().copied() {
        let group = facts.group(atom);
        if !tried.insert(group.domains.clone()) {
            continue;
        }
        let verdict = facts.verdict(atom);
        for cell in &verdict.cells {
            let quorums: Vec<Option<&Quorum>> = group
                .domains
                .iter()
                .zip(&cell.cell.tiers)
                .map(|(domain, tier)| tier.map(|tier| &model.domains[domain.index()].tiers[tier].quorum))
                .collect();
            if let Some((domain, missing)) = unmet(model, &group.domains, &quorums, given) {
                let unreachable = cell.normal.nominal.is_none() && !verdict.too_large;
                let too_few = Verdict::TooFew {
                    atom,
                    domain,
                    missing,
                    unreachable,
                };
                match (somebody, unreachable) {
                    (false, _) => return Verdict::Nobody,
                    (true, false) => return too_few,
                    (true, true) => nobody_could = nobody_could.or(Some(too_few)),
                }
            }
        }
    }
    if let Some(too_few) = nobody_could {
        return too_few;
    }
    let applicable = |atom: &AtomId| facts.atoms.get(*atom).mutates(model) || facts.asks_for_scope(model, *atom).is_some();
    match somebody || !order.iter().any(applicable) {
        true => Verdict::Approved,
        false => Verdict::Nobody,
    }
}

/// Why a person may not approve as a function in any of these domains on a day.
fn why(model: &Model, domains: &BTreeSet<DomainId>, (function, person): (FunctionId, PersonId), day: Date) -> Why {
    if day > model.as_of {
        return Why::Future(day);
    }
    if let Some(until) = model.people[person.index()].until.filter(|until| until.value < day) {
        return Why::Left(until.value);
    }
    let human = model.people[person.index()].human;
    let ever = |domain: &DomainId| holders(model, *domain, function).iter().any(|holder| holder.person == human);
    match domains.iter().any(ever) {
        true => Why::NotThen(day),
        false => Why::NoSeat,
    }
}

/// The first domain whose quorum these people do not meet at the same time as the quorums of the other domains;
/// and the missing functions.
fn unmet(
    model: &Model,
    domains: &[DomainId],
    quorums: &[Option<&Quorum>],
    given: &BTreeMap<(DomainId, FunctionId), BTreeSet<PersonId>>,
) -> Option<(DomainId, Vec<FunctionId>)> {
    use crate::facts::approval::{Problem, SeatOf, Way};
    let mut problem = Problem::default();
    problem.ways.push(Way::new());
    for (place, (domain, quorum)) in domains.iter().zip(quorums).enumerate() {
        // Nobody can approve a cell that no tier takes. Another check reports that.
        let quorum = (*quorum)?;
        let count = |function: FunctionId| given.get(&(*domain, function)).map_or(0, |people| people.len() as u32);
        if !quorum.met(&count) {
            let missing = quorum
                .functions()
                .into_iter()
                .filter(|function| count(*function) < quorum.most(*function))
                .collect();
            return Some((*domain, missing));
        }
        problem.same_person.push(model.domains[domain.index()].same_person.is_some());
        let options = crate::facts::verdict::ways(quorum)?;
        let first = problem.seats.len();
        let functions = quorum.functions();
        for function in &functions {
            let eligible = given.get(&(*domain, *function)).cloned().unwrap_or_default();
            problem.seats.push(SeatOf {
                domain: place,
                function: function.index(),
                eligible,
                control_paths: Vec::new(),
            });
        }
        let seat = |function: &FunctionId| first + functions.iter().position(|other| other == function).unwrap_or(0);
        let before = std::mem::take(&mut problem.ways);
        for way in &before {
            for option in &options {
                let mut joined = way.clone();
                joined.extend(option.iter().map(|(function, count)| (seat(function), *count)));
                problem.ways.push(joined);
            }
        }
    }
    match problem.least(&BTreeSet::new()) {
        Some(_) => None,
        None => domains.first().map(|domain| (*domain, Vec::new())),
    }
}
