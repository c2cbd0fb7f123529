//! A team without a lead that has a part in what agents change, though no quorum asks for it: the team stops an
//! agent, undoes a change, or manages something that the change passes through.

use crate::checks::Context;
use crate::checks::changes;
use crate::checks::requirements::changed;
use crate::checks::unowned_function::CHECK;
use crate::diagnostic::{Diagnostic, Level, Magnitude};
use crate::facts::atom::AtomId;
use crate::model::{AgentId, Party, PeopleQuorum, TeamId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// What a team has to do, the clause that states it, and the changes that depend on it.
struct Part {
    does: String,
    at: Span,
    atoms: BTreeSet<AtomId>,
}

/// Reports each such team that no other finding covers. The location of the finding is the team.
pub(super) fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let own = out
        .iter()
        .filter(|finding| finding.code.is_some_and(|code| code.id == CHECK.code.id));
    let told: Vec<Magnitude> = own.flat_map(|finding| finding.finding.magnitude.clone()).collect();
    let mut found: Vec<Diagnostic> = Vec::new();
    for (id, part) in parts(context) {
        let team = &model.teams[id.index()];
        // An empty team is reported where somebody is needed.
        if team.lead.is_some() || team.everybody().is_empty() || team.led_by_software || told.contains(&Magnitude::new().id(&team.meta.id))
        {
            continue;
        }
        let at = team.meta.span;
        let message = format!("nobody leads {}, which {}", team.meta.name, part.does);
        let mut finding = context
            .finding(&CHECK, Kind::Team, &team.meta, at, message)
            .label(at, "has no `lead`, so nobody is accountable");
        finding.level = Level::Warning;
        let mut finding = finding.related(part.at, "it is named here");
        context.points(&mut finding, &part.atoms.into_iter().collect::<Vec<AtomId>>());
        found.push(finding.help(format!("lead …  in team {}", team.meta.name)));
    }
    out.extend(found);
}

/// The teams that have a part in some change, each with the first that is found.
fn parts(context: &Context<'_>) -> BTreeMap<TeamId, Part> {
    let model = context.model;
    let mut found: BTreeMap<TeamId, Part> = BTreeMap::new();
    let mut add = |team: TeamId, does: String, at: Span, atoms: &[AtomId]| {
        let part = found.entry(team).or_insert_with(|| Part {
            does,
            at,
            atoms: BTreeSet::new(),
        });
        part.atoms.extend(atoms);
    };
    for (id, reach) in (0_u32..).map(AgentId).zip(&context.facts.reach) {
        let agent = &model.agents[id.index()];
        let Some((stop, Party::Team(team))) = agent.stop.as_ref().map(|stop| (stop, stop.by)) else {
            continue;
        };
        let points = reach.points.iter().map(|(atom, _)| *atom);
        let points: Vec<AtomId> = points.filter(|atom| context.facts.atoms.get(*atom).mutates(model)).collect();
        if !points.is_empty() {
            add(team, format!("stops {}", agent.meta.name), stop.span, &points);
        }
    }
    for change in changes::all(context) {
        for rollback in &change.rollbacks {
            let own = &model.rollbacks[rollback.index()];
            if let Some((Party::Team(team), at)) = own.owner.map(|owner| (owner.value, owner.span)) {
                add(team, format!("runs {}", own.meta.name), at, &change.atoms);
            }
        }
    }
    for atom in changed(context) {
        let system = &model.systems[context.facts.atoms.get(atom).system.index()];
        let gates = context
            .facts
            .group(atom)
            .enforcements
            .iter()
            .map(|id| &model.enforcements[id.index()]);
        let managed = gates
            .map(|gate| (&gate.meta, &gate.managed_by))
            .chain([(&system.meta, &system.managed_by)]);
        let ledgers = context
            .facts
            .group(atom)
            .domains
            .iter()
            .filter_map(|id| model.domains[id.index()].evidence);
        let ledgers = ledgers.map(|at| &model.ledgers[at.value.index()]);
        for (meta, said) in managed.chain(ledgers.map(|ledger| (&ledger.meta, &ledger.managed_by))) {
            if let Some(managers) = said.known() {
                for team in teams(&managers.value) {
                    add(team, format!("manages {}", meta.name), managers.span, &[atom]);
                }
            }
        }
    }
    found
}

fn teams(quorum: &PeopleQuorum) -> Vec<TeamId> {
    match quorum {
        PeopleQuorum::None | PeopleQuorum::Person(..) => Vec::new(),
        PeopleQuorum::Team(_, team, _) => vec![*team],
        PeopleQuorum::Threshold(_, parts) => parts.iter().flat_map(teams).collect(),
    }
}
