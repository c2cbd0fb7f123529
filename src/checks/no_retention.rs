//! Data about people, or data that agents change, without a retention time.

use crate::checks::no_rollback::without;
use crate::checks::requirements::changed;
use crate::checks::stating::said_by;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::model::DomainId;
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
    let says = |domain: DomainId| model.domains[domain.index()].retention.is_some();
    let about_people = without(context, &personal, says);
    let changed = without(context, &changed(context), says);
    let others = changed.into_iter().filter(|(domain, _)| !about_people.contains_key(domain));
    let others: Vec<(DomainId, Vec<AtomId>)> = others.collect();
    let found = about_people.into_iter().map(|found| (true, found));
    for (people, (domain, atoms)) in found.chain(others.into_iter().map(|found| (false, found))) {
        let own = &model.domains[domain.index()].meta;
        let (_, data, _) = context.facts.atoms.get(atoms[0]).names(model);
        let at = own.span;
        let message = format!("{} does not say how long {data} is kept", own.name);
        let mut finding = context.finding(&CHECK, Kind::Domain, own, at, message).label(
            at,
            match people {
                true => "without `retention`, data about people is never deleted",
                false => "without `retention`, what agents write is never deleted",
            },
        );
        context.points(&mut finding, &atoms);
        out.push(finding.help(said_by(
            "retention …  with the time after which it is deleted, as `retention 2y`,",
            "privacy",
        )));
    }
}
