//! A declaration that nothing uses.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::Meta;
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV704"),
    page: include_str!("../../docs/codes/unused-declaration.md"),
    looks_at: |context| every(context).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // A grant that names no system covers every system that holds the class, and so uses it.
    let atoms = context.facts.atoms.list.iter();
    let reached: BTreeSet<Span> = atoms.map(|atom| context.model.systems[atom.system.index()].meta.span).collect();
    // A system whose data flows to a used system shows where that data comes from.
    let systems = context.model.systems.iter();
    let feeds = systems.filter(|system| system.feeds.known().is_some_and(|feeds| !feeds.is_empty()));
    let feeds: BTreeSet<Span> = feeds.map(|system| system.meta.span).collect();
    for (kind, meta) in every(context) {
        if !context.model.unused.contains(&meta.span) || reached.contains(&meta.span) || feeds.contains(&meta.span) {
            continue;
        }
        let at = meta.span;
        let message = format!("nothing uses the {} {}", kind.word(), meta.name);
        out.push(
            context
                .finding(&CHECK, kind, meta, at, message)
                .label(at, "declared, but never named")
                .help(used(kind)),
        );
    }
    for domain in context.model.domains.iter().filter(|domain| domain.covers.is_empty()) {
        let at = domain.meta.span;
        let message = format!("the domain {} decides nothing", domain.meta.name);
        out.push(
            context
                .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
                .label(at, "has no `covers`")
                .help("covers write …  with the data it decides about"),
        );
    }
}

/// How something of a kind is used.
fn used(kind: Kind) -> String {
    let how = match kind {
        Kind::Function => "name it in an `owner` line and in `approve` of a domain",
        Kind::Person => "name the person as an owner, a deputy, a member of a team or a manager of something",
        Kind::Team => "name it in a quorum, as `stop … by` or `managed_by`",
        Kind::Purpose => "name it under `purposes` of a domain and `purpose` of a task",
        Kind::Provider => "name it as `provider` of an agent or a system",
        Kind::Enforcement => "name it as `enforced_by` of a system",
        Kind::System => "name it in the `access` of an identity, or in `feeds` of a system that an agent reaches",
        Kind::Identity => "name it as `runs_as` of an agent",
        Kind::Ownership | Kind::Safeguards => "name it in a domain",
        Kind::Rollback => "name it as `rollback` of a domain",
        Kind::Ledger => "name it as `evidence` of a domain",
        Kind::Standard | Kind::Framework => "name it after `adopt`",
        _ => "name it where it belongs",
    };
    format!("{how}; or remove it, or waive this finding if it must stay")
}

/// Everything that can be used. Classes and actions are left out: a class that is part of another is used with
/// it.
fn every<'a>(context: &'a Context<'_>) -> Vec<(Kind, &'a Meta)> {
    let model = context.model;
    let mut all: Vec<(Kind, &Meta)> = Vec::new();
    all.extend(model.functions.iter().map(|one| (Kind::Function, &one.meta)));
    all.extend(model.people.iter().map(|one| (Kind::Person, &one.meta)));
    all.extend(model.teams.iter().map(|one| (Kind::Team, &one.meta)));
    all.extend(model.purposes.iter().map(|one| (Kind::Purpose, &one.meta)));
    all.extend(model.ownerships.iter().map(|one| (Kind::Ownership, &one.meta)));
    all.extend(model.safeguards.iter().map(|one| (Kind::Safeguards, &one.meta)));
    all.extend(model.providers.iter().map(|one| (Kind::Provider, &one.meta)));
    all.extend(model.enforcements.iter().map(|one| (Kind::Enforcement, &one.meta)));
    all.extend(model.systems.iter().map(|one| (Kind::System, &one.meta)));
    all.extend(model.identities.iter().map(|one| (Kind::Identity, &one.meta)));
    all.extend(model.rollbacks.iter().map(|one| (Kind::Rollback, &one.meta)));
    all.extend(model.ledgers.iter().map(|one| (Kind::Ledger, &one.meta)));
    all.extend(model.standards.iter().map(|one| (Kind::Standard, &one.meta)));
    all.extend(model.frameworks.iter().map(|one| (Kind::Framework, &one.meta)));
    all.retain(|(_, meta)| !meta.library);
    all
}
