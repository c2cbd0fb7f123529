//! Section 2: for each decision domain, who is accountable, what it takes, how few people suffice, what undoes
//! or documents a change.

use crate::facts::{AtomId, Group, GroupId, Verdict};
use crate::model::{self, DomainId, EnforcementId, Quorum};
use crate::report::evidence::findings::Numbered;
use crate::report::evidence::numbers::{Numbers, numbers};
use crate::report::evidence::people::{Accountable, accountable};
use crate::report::evidence::reading::Reading;
use crate::report::evidence::safeguards::{self, Enforcement, Ledger, Rollback};
use crate::report::evidence::{Line, words};
use crate::words::duration;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The approval that a domain requires in one case: one `approve` line.
#[derive(Clone, Debug, Serialize)]
pub struct Takes {
    /// The case, such as `when amount > 500 EUR` or `otherwise`; `None` if the line always applies.
    pub when: Option<String>,
    /// Who must approve, in words.
    pub text: String,
    /// Whether the files state that nobody has to approve.
    pub nobody: bool,
    /// The location of the line, as `file:line`.
    pub at: String,
}

/// What a decision requires in an emergency.
#[derive(Clone, Debug, Serialize)]
pub struct Emergency {
    /// Who must approve, in words. Null if the files do not state it; then the normal approval applies.
    pub text: Option<String>,
    /// How long the emergency may last, such as `30 minutes`; `None` if the files do not state it.
    pub lasts: Option<String>,
    /// Who must review the decision afterwards, and how soon; `None` if the files do not state it.
    pub review: Option<String>,
    /// The location of the statement in the files, as `file:line`.
    pub at: String,
}

/// How many people may be absent while somebody can still decide.
#[derive(Clone, Debug, Serialize)]
pub struct Resilience {
    /// The number of people who may be absent, whoever they are. Null if nobody can decide in some case, if nobody is
    /// needed, or if no agent reaches what the domain decides.
    pub away: Option<usize>,
    /// The same in words. If `away` is `None`, the text says why.
    pub text: String,
}

/// A decision domain.
#[derive(Clone, Debug, Serialize)]
pub struct Domain {
    /// The id of the domain.
    pub id: String,
    /// The name of the domain.
    pub name: String,
    /// The title of the domain; its name if it has no title.
    pub title: String,
    /// The documentation of the domain in the files; empty if there is none.
    pub says: String,
    /// The location of the declaration, as `file:line`.
    pub at: String,
    /// What the domain decides: an action, data and systems in each line.
    pub covers: Vec<Line>,
    /// Who is accountable for each function.
    pub accountable: Vec<Accountable>,
    /// The approval that the domain requires, one entry for each `approve` line, in order.
    pub takes: Vec<Takes>,
    /// What an approval is valid for, and for how long.
    pub approval: Line,
    /// The location of the clause that lets one person approve for several functions, as `file:line`; `None` if there
    /// is none.
    pub same_person: Option<String>,
    /// The largest amounts that the domain allows, such as `at most 5_000 records in 24 hours`.
    pub limits: Vec<Line>,
    /// What a decision requires in an emergency; `None` if the domain has no emergency path.
    pub emergency: Option<Emergency>,
    /// The fewest people who can decide. Null if no agent reaches what the domain decides, or if nobody can decide
    /// it.
    pub normal: Option<Numbers>,
    /// The fewest people who can decide in an emergency. Null if no governing domain states who approves in an
    /// emergency, if no agent reaches what the domain decides, or if nobody can decide it.
    pub in_emergency: Option<Numbers>,
    /// How many people may be absent while somebody can still decide.
    pub resilience: Resilience,
    /// The number of decision points that the domain decides.
    pub decision_points: usize,
    /// The titles of the agents that reach these decision points.
    pub agents: Vec<String>,
    /// The titles of the purposes that the data may be used for; `None` if the files do not state it.
    pub purposes: Option<Vec<String>>,
    /// How long the data is kept, such as `2 years`; `None` if the files do not state it.
    pub retention: Option<String>,
    /// The rollbacks that undo a change; empty if the domain has none.
    pub rollbacks: Vec<Rollback>,
    /// The ledger that keeps the evidence of decisions; `None` if the files do not state it.
    pub evidence: Option<Ledger>,
    /// The enforcement points in front of the systems that the domain covers.
    pub enforced_by: Vec<Enforcement>,
    /// The numbers of the findings about this domain.
    pub findings: Vec<usize>,
}

/// The domains, in the order of the files.
pub(super) fn domains(reading: &Reading<'_>, findings: &[Numbered]) -> Vec<Domain> {
    let mut atoms_of: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (domain, atoms) in reading.facts.atoms_of_domains() {
        // A scope that no agent can act on any more is not a decision point.
        atoms_of.insert(
            domain,
            atoms
                .into_iter()
                .filter(|atom| reading.facts.points_of[atom.index()].0 > 0)
                .collect(),
        );
    }
    let agents_of = agents_of(reading);
    let one = |index| {
        let id = DomainId(index as u32);
        let atoms = atoms_of.get(&id).map_or(&[][..], Vec::as_slice);
        domain(reading, id, atoms, agents_of.get(&id).cloned().unwrap_or_default(), findings)
    };
    (0..reading.model.domains.len()).map(one).collect()
}

/// Decision points that no domain covers.
pub(super) fn undecided(reading: &Reading<'_>) -> usize {
    let facts = reading.facts;
    let alone = facts
        .group_of
        .iter()
        .zip(&facts.points_of)
        .filter(|(group, _)| facts.groups[group.index()].domains.is_empty());
    alone.map(|(_, (count, _))| count).sum()
}

fn agents_of(reading: &Reading<'_>) -> BTreeMap<DomainId, BTreeSet<String>> {
    let mut of: BTreeMap<DomainId, BTreeSet<String>> = BTreeMap::new();
    for (agent, reach) in reading.model.agents.iter().zip(&reading.facts.reach) {
        let groups: BTreeSet<GroupId> = reach.points.iter().map(|(atom, _)| reading.facts.group_of[atom.index()]).collect();
        for domain in groups.iter().flat_map(|group| &reading.facts.groups[group.index()].domains) {
            of.entry(*domain).or_default().insert(agent.meta.shown().to_owned());
        }
    }
    of
}

fn domain(reading: &Reading<'_>, id: DomainId, atoms: &[AtomId], agents: BTreeSet<String>, findings: &[Numbered]) -> Domain {
    let model = reading.model;
    let own = &model.domains[id.index()];
    let groups: BTreeSet<GroupId> = atoms.iter().map(|atom| reading.facts.group_of[atom.index()]).collect();
    let decisions: Vec<(&Group, &Verdict)> = groups
        .iter()
        .map(|group| (&reading.facts.groups[group.index()], &reading.facts.verdicts[group.index()]))
        .collect();
    let (normal, in_emergency) = numbers(reading, id, &decisions);
    let enforcements: BTreeSet<EnforcementId> = decisions.iter().flat_map(|(group, _)| group.enforcements.iter().copied()).collect();
    Domain {
        id: own.meta.id.to_string(),
        name: own.meta.name.to_string(),
        title: own.meta.shown().to_owned(),
        says: own.meta.documentation.trim().to_owned(),
        at: reading.at(own.meta.span),
        covers: own
            .covers
            .iter()
            .map(|grant| Line {
                text: reading.grant(grant),
                at: reading.at(grant.span),
            })
            .collect(),
        accountable: accountable(reading, id),
        takes: own.tiers.iter().map(|tier| takes(reading, tier)).collect(),
        approval: safeguards::approval(reading, own),
        same_person: own.same_person.map(|span| reading.at(span)),
        limits: safeguards::limits(reading, &own.limits),
        emergency: own.emergency.as_ref().map(|emergency| urgent(reading, emergency)),
        resilience: resilience(&decisions),
        normal,
        in_emergency,
        decision_points: atoms.iter().map(|atom| reading.facts.points_of[atom.index()].0).sum(),
        agents: agents.into_iter().collect(),
        purposes: own.purposes.as_ref().map(|purposes| {
            purposes
                .iter()
                .map(|purpose| model.purposes[purpose.index()].meta.shown().to_owned())
                .collect()
        }),
        retention: own.retention.map(duration),
        rollbacks: own.rollbacks.iter().map(|at| safeguards::rollback(reading, at.value)).collect(),
        evidence: own.evidence.map(|at| safeguards::ledger(reading, at.value)),
        enforced_by: enforcements
            .into_iter()
            .map(|enforcement| safeguards::enforcement(reading, enforcement))
            .collect(),
        findings: findings
            .iter()
            .filter(|finding| finding.finding.subject_kind == "domain" && finding.finding.subject == *own.meta.id)
            .map(|finding| finding.number)
            .collect(),
    }
}

fn takes(reading: &Reading<'_>, tier: &model::Tier) -> Takes {
    Takes {
        when: words::gate(&tier.gate, &tier.text),
        text: reading.quorum(&tier.quorum),
        nobody: tier.quorum == Quorum::None,
        at: reading.at(tier.span),
    }
}

fn urgent(reading: &Reading<'_>, emergency: &model::Emergency) -> Emergency {
    Emergency {
        text: emergency.approve.as_ref().map(|approve| reading.quorum(&approve.value)),
        lasts: emergency.lasts.map(duration),
        review: emergency
            .review
            .as_ref()
            .map(|(quorum, seconds)| format!("{} within {}", reading.quorum(quorum), duration(*seconds))),
        at: reading.at(emergency.span),
    }
}

fn resilience(decisions: &[(&Group, &Verdict)]) -> Resilience {
    if decisions.is_empty() {
        return Resilience {
            away: None,
            text: "not computed: no agent reaches what this domain decides".to_owned(),
        };
    }
    let away = decisions.iter().map(|(_, verdict)| verdict.resilience()).min().flatten();
    Resilience {
        away: away.filter(|away| *away < usize::MAX),
        text: words::resilience(away),
    }
}
