//! Whether the signers of a waiver may sign it: they meet what it relieves, and it does not relieve them.

use crate::checks::Context;
use crate::diagnostic::Diagnostic;
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::eligible::{eligible_for_changes, holders};
use crate::model::{AgentId, DomainId, FunctionId, Party, PersonId, Quorum, Requirement, Waiver};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// At most this many ways to give each signer one function are tried. With more, the waiver relieves nothing.
const MOST_TRIED: usize = 4_096;

/// Why a waiver does not relieve a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody signed.
    Nobody,
    /// Somebody signed as a function that the person does not hold.
    Ineligible(PersonId, FunctionId, Span),
    /// Somebody signed a waiver that relieves that person.
    Relieved(PersonId, Span),
    /// The signers do not meet this requirement, which is written there.
    Unmet(String, Option<Span>),
}

/// A signer: as which function, who, and where it is written.
type Signature = (FunctionId, PersonId, Span);

/// What the signers must meet.
struct Law {
    quorums: Vec<(Quorum, String, Option<Span>)>,
    people: (u32, Option<Span>),
}

/// Whether the signers of a waiver may relieve a finding; otherwise why not.
pub fn accepted(context: &Context<'_>, waiver: &Waiver, finding: &Diagnostic) -> Result<(), Vec<Refusal>> {
    let model = context.model;
    let approval = waiver
        .approved
        .as_ref()
        .filter(|approval| !approval.given.is_empty())
        .ok_or_else(|| vec![Refusal::Nobody])?;
    let day = waiver.granted.map_or(model.as_of, |granted| granted.value);
    let (atoms, owners) = concerned(context, &finding.finding.subject_kind, &finding.finding.subject);
    let domains = deciding(context, &atoms);
    let human = |person: &PersonId| model.people[person.index()].human;
    let holds = |function: FunctionId, person: &PersonId| {
        let in_domain = domains.iter().any(|domain| {
            holders(model, *domain, function)
                .iter()
                .any(|holder| holder.person == human(person) && holder.on(day))
        });
        in_domain
            || eligible_for_changes(model, function, day)
                .iter()
                .any(|holder| holder.person == human(person))
    };
    let relieved: BTreeSet<PersonId> = owners
        .into_iter()
        .chain(alone(context, finding))
        .map(|person| human(&person))
        .collect();
    let (able, unable): (Vec<&Signature>, Vec<&Signature>) =
        approval.given.iter().partition(|(function, person, _)| holds(*function, person));
    let (counted, self_signed): (Vec<&Signature>, Vec<&Signature>) =
        able.into_iter().partition(|(_, person, _)| !relieved.contains(&human(person)));
    let signed: Vec<(FunctionId, PersonId)> = counted.iter().map(|(function, person, _)| (*function, human(person))).collect();
    let Some((text, at)) = law(context, finding, &atoms).unmet(&signed) else {
        return Ok(());
    };
    let unable = unable
        .iter()
        .map(|(function, person, span)| Refusal::Ineligible(*person, *function, *span));
    let relieved = self_signed.iter().map(|(_, person, span)| Refusal::Relieved(*person, *span));
    let refusals: Vec<Refusal> = unable.chain(relieved).collect();
    Err(match refusals.is_empty() {
        true => vec![Refusal::Unmet(text, at)],
        false => refusals,
    })
}

/// The domains whose functions count for signing a waiver of a finding at a declaration.
pub fn domains(context: &Context<'_>, kind: &str, id: &str) -> BTreeSet<DomainId> {
    deciding(context, &concerned(context, kind, id).0)
}

/// The domains that decide some atoms; all domains if there are no atoms.
fn deciding(context: &Context<'_>, atoms: &[AtomId]) -> BTreeSet<DomainId> {
    match atoms.is_empty() {
        true => (0..context.model.domains.len()).map(|index| DomainId(index as u32)).collect(),
        false => atoms
            .iter()
            .flat_map(|atom| context.facts.group(*atom).domains.iter().copied())
            .collect(),
    }
}

impl Law {
    /// The requirement that these signers do not meet, each of them counted as one person in one function.
    fn unmet(&self, signed: &[(FunctionId, PersonId)]) -> Option<(String, Option<Span>)> {
        let mut as_what: BTreeMap<PersonId, Vec<FunctionId>> = BTreeMap::new();
        for (function, person) in signed {
            as_what.entry(*person).or_default().push(*function);
        }
        let (people, at) = self.people;
        if (as_what.len() as u32) < people {
            return Some((format!("{people} people"), at));
        }
        let mut given: Vec<BTreeMap<FunctionId, u32>> = vec![BTreeMap::new()];
        for functions in as_what.values() {
            let more = given.iter().flat_map(|counts| {
                functions.iter().map(|function| {
                    let mut counts = counts.clone();
                    *counts.entry(*function).or_default() += 1;
                    counts
                })
            });
            given = more.take(MOST_TRIED + 1).collect();
        }
        let met = |quorum: &Quorum, counts: &BTreeMap<FunctionId, u32>| quorum.met(&|function| counts.get(&function).copied().unwrap_or(0));
        let all = |counts: &BTreeMap<FunctionId, u32>| self.quorums.iter().all(|(quorum, ..)| met(quorum, counts));
        if given.len() <= MOST_TRIED && given.iter().any(all) {
            return None;
        }
        let first = self
            .quorums
            .iter()
            .find(|(quorum, ..)| !given.iter().any(|counts| met(quorum, counts)));
        let first = first.or(self.quorums.first());
        Some(first.map_or(("more people".to_owned(), None), |(_, text, span)| (text.clone(), *span)))
    }
}

/// What standards ask for the decisions behind a finding. If they ask for nothing, what changing these files
/// takes.
fn law(context: &Context<'_>, finding: &Diagnostic, atoms: &[AtomId]) -> Law {
    let model = context.model;
    let mut law = Law {
        quorums: Vec::new(),
        people: (1, None),
    };
    // Somebody who accepts a change also accepts what becomes of it where it arrives.
    let downstream_rules = |atom: &AtomId| context.facts.downstream_rules[atom.index()].iter().map(|own| &own.applicable);
    let behind = atoms
        .iter()
        .flat_map(|atom| context.facts.applicable[atom.index()].iter().chain(downstream_rules(atom)))
        .collect::<BTreeSet<&ApplicableRule>>();
    let behind: Vec<_> = behind.into_iter().map(|applicable| applicable.rule(model)).collect();
    let own = finding.finding.standard.as_ref().map(|(_, span)| *span);
    let adopted = model.adoption.standards.iter().flat_map(|id| &model.standards[id.index()].rules);
    let own = adopted.filter(|rule| Some(rule.span) == own && !behind.iter().any(|other| other.span == rule.span));
    for rule in behind.iter().copied().chain(own) {
        match &rule.requirement {
            Requirement::Approval(quorum) => law.quorums.push((quorum.clone(), rule.text.to_string(), Some(rule.span))),
            Requirement::Approvers(people) if *people > law.people.0 => law.people = (*people, Some(rule.span)),
            _ => {}
        }
    }
    if law.quorums.is_empty() && law.people.1.is_none() {
        match model.workspace.as_ref().and_then(|workspace| workspace.changes.as_ref()) {
            Some(changes) => law.quorums.push((
                changes.value.clone(),
                "what it takes to change these files".to_owned(),
                Some(changes.span),
            )),
            // The files do not state what it takes. One person alone is never enough.
            None => law.people = (2, None),
        }
    }
    law
}

/// The people who can act alone according to the finding or one below it: a waiver would relieve them.
fn alone(context: &Context<'_>, finding: &Diagnostic) -> Vec<PersonId> {
    let named = |id: &String| context.model.people.iter().position(|person| *person.meta.id == **id);
    let places = finding.finding.alone.iter().filter_map(named);
    places.map(|place| PersonId(place as u32)).collect()
}

/// The atoms behind a finding at a declaration, and the owners of the agents that it would relieve.
fn concerned(context: &Context<'_>, kind: &str, id: &str) -> (Vec<AtomId>, Vec<PersonId>) {
    let (model, facts) = (context.model, context.facts);
    let owner = |agent: &AgentId| model.agents[agent.index()].owner.map(|owner| owner.value);
    let every = |keep: &dyn Fn(AtomId) -> bool| -> Vec<AtomId> {
        let reached = (0..facts.points_of.len()).filter(|index| facts.points_of[*index].0 > 0);
        reached.map(|index| AtomId(index as u32)).filter(|atom| keep(*atom)).collect()
    };
    let of_domains = |named: &dyn Fn(DomainId) -> bool| every(&|atom| facts.group(atom).domains.iter().any(|domain| named(*domain)));
    match kind {
        "domain" => (of_domains(&|domain| *model.domains[domain.index()].meta.id == *id), Vec::new()),
        "agent" => match model.agents.iter().position(|agent| *agent.meta.id == *id) {
            Some(place) => {
                let agent = AgentId(place as u32);
                let atoms = facts.reach[place].points.iter().map(|(atom, _)| *atom).collect();
                (atoms, owner(&agent).into_iter().collect())
            }
            None => Default::default(),
        },
        "task" => match model.tasks.iter().position(|task| *task.meta.id == *id) {
            Some(place) => (facts.scopes[place].clone(), owner(&model.tasks[place].agent).into_iter().collect()),
            None => Default::default(),
        },
        "identity" => match model.identities.iter().position(|identity| *identity.meta.id == *id) {
            Some(place) => {
                let users = context.users.iter().find(|(identity, _)| identity.index() == place);
                let owners = users.into_iter().flat_map(|(_, users)| users).filter_map(|(agent, _)| owner(agent));
                (context.access_of[place].clone(), owners.collect())
            }
            None => Default::default(),
        },
        "system" => (every(&|atom| *facts.atoms.get(atom).metas(model).2.id == *id), Vec::new()),
        "rollback" => {
            let names = |domain: DomainId| {
                let rollbacks = &model.domains[domain.index()].rollbacks;
                rollbacks
                    .iter()
                    .any(|rollback| *model.rollbacks[rollback.value.index()].meta.id == *id)
            };
            (of_domains(&names), Vec::new())
        }
        "ledger" => {
            let names = |domain: DomainId| {
                let evidence = &model.domains[domain.index()].evidence;
                evidence.is_some_and(|ledger| *model.ledgers[ledger.value.index()].meta.id == *id)
            };
            (of_domains(&names), Vec::new())
        }
        "enforcement" => {
            let names = |atom: AtomId| {
                let enforcements = &facts.group(atom).enforcements;
                enforcements
                    .iter()
                    .any(|enforcement| *model.enforcements[enforcement.index()].meta.id == *id)
            };
            (every(&names), Vec::new())
        }
        "team" => {
            let seated = |domain: DomainId| {
                let seats = model.domains[domain.index()].seats.iter();
                let mut parties = seats.flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies));
                parties.any(|party| matches!(party.value, Party::Team(team) if *model.teams[team.index()].meta.id == *id))
            };
            (of_domains(&seated), Vec::new())
        }
        _ => (Vec::new(), Vec::new()),
    }
}
