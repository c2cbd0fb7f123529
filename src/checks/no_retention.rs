//! Data about people that is kept nobody knows how long.

use crate::checks::no_rollback::without;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV308"),
    page: include_str!("../../docs/codes/no-retention.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let personal: Vec<AtomId> = (0..context.facts.atoms.list.len() as u32)
        .map(AtomId)
        .filter(|atom| context.facts.points_of[atom.index()].0 > 0 && context.facts.atoms.get(*atom).flags(model).personal)
        .collect();
    for (domain, atoms) in without(context, &personal, |domain| model.domains[domain.index()].retention.is_some()) {
        let own = &model.domains[domain.index()].meta;
        let (_, data, _) = context.facts.atoms.get(atoms[0]).names(model);
        let at = own.span;
        let message = format!("{} does not say how long {data} is kept", own.name);
        let mut finding = context
            .finding(&CHECK, Kind::Domain, own, at, message)
            .label(at, "without `retention` data about people is kept for ever");
        context.points(&mut finding, &atoms);
        out.push(finding.help("retention …  with the time after which it is deleted, as `retention 2y`"));
    }
}
