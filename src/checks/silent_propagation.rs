//! A change that flows to a place where nobody undoes it and no ledger keeps evidence of it.

use crate::checks::changes::{self, Change, Mend, restores};
use crate::checks::stating::{of_ledger, said_by};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::flow::downstream_domains::DownstreamDomains;
use crate::facts::flow::graph::Location;
use crate::model::LedgerId;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV603"),
    page: include_str!("../../docs/codes/silent-propagation.md"),
    looks_at: |context| changes::all(context).iter().map(|change| change.places.len() - 1).sum(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let changes = changes::all(context);
    let places = changes.iter().flat_map(|change| &change.places[1..]).copied();
    let downstream = DownstreamDomains::of(model, places);
    let mut silent: BTreeMap<Mend, Vec<(&Change, Vec<Location>)>> = BTreeMap::new();
    for change in &changes {
        let missed = change.unrestored(model).into_iter().filter(|place| *place != change.held);
        let unseen: Vec<Location> = missed
            .filter(|place| {
                let domains = downstream.domains(*place);
                let domains = || domains.iter().map(|domain| &model.domains[domain.index()]);
                let undone = domains()
                    .flat_map(|domain| &domain.rollbacks)
                    .any(|at| restores(model, at.value, *place));
                // A ledger that keeps its records nowhere keeps none that anybody could look at.
                let placed = |ledger: LedgerId| !model.ledgers[ledger.index()].keeps.is_empty();
                let kept = domains().any(|domain| domain.evidence.is_some_and(|at| placed(at.value)));
                !undone && !kept
            })
            .collect();
        if !unseen.is_empty() {
            silent.entry(change.mend(model)).or_default().push((change, unseen));
        }
    }
    for (mend, changes) in silent {
        out.push(say(context, &downstream, mend, &changes));
    }
}

fn say(context: &Context<'_>, downstream: &DownstreamDomains, mend: Mend, changes: &[(&Change, Vec<Location>)]) -> Diagnostic {
    let model = context.model;
    let (kind, meta, at) = mend.place(model);
    let places = changes::soonest(changes.iter().map(|(change, unseen)| (*change, &unseen[..])));
    let (first, place) = places[0];
    let (class, system) = first.names(model);
    let (_, other) = changes::names(model, place);
    let message = format!("a change of {class} in {system} spreads to {other}, and nobody would notice");
    let label = format!("no rollback and no evidence reaches {}", changes::listed_places(model, &places));
    let mut finding = context.finding(&CHECK, kind, meta, at, message).label(at, label);
    finding = changes::path(context, finding, &places);
    finding = finding.magnitudes(places.iter().map(|(_, place)| changes::magnitude(model, *place)));
    let atoms = changes::atoms_of(changes.iter().map(|(change, _)| *change));
    context.points(&mut finding, &atoms);
    let domains = places.iter().flat_map(|(_, place)| downstream.domains(*place));
    let nowhere = domains.into_iter().find_map(|domain| model.domains[domain.index()].evidence);
    if let Some(at) = nowhere {
        let name = &model.ledgers[at.value.index()].meta.name;
        finding = finding.related(at.span, format!("{name} has no `keeps`, so nobody can check its records"));
    }
    let finding = finding.help(said_by(
        &format!("{}  in a rollback that this domain names,", changes::restoring(model, &places)),
        "security",
    ));
    match nowhere {
        Some(at) => {
            let ledger = &model.ledgers[at.value.index()];
            finding.help(of_ledger(
                model,
                ledger,
                &format!("keeps audit.record in …  in ledger {},", ledger.meta.name),
            ))
        }
        None => finding.help("a domain that covers what arrives there, with `evidence`"),
    }
}
