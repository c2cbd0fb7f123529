//! A domain under which agents change something, and that no test attempts.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::{Atom, AtomId, expand};
use crate::model::DomainId;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV706"),
    page: include_str!("../../docs/codes/untested-domain.md"),
    looks_at: |context| match context.model.tests.is_empty() {
        true => 0,
        false => changing(context).len(),
    },
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    if model.tests.is_empty() {
        return;
    }
    let run = model.tests.iter().filter(|test| test.skip.is_none());
    let atoms = run.flat_map(|test| &test.attempts).flat_map(|grant| expand(model, grant));
    let attempted: BTreeSet<Atom> = atoms.filter(|atom| atom.mutates(model)).collect();
    for (id, atoms) in changing(context) {
        // A test can also attempt what no agent reaches: that a policy denies it is worth a test.
        let covers = model.domains[id.index()].covers.iter().flat_map(|grant| expand(model, grant));
        if covers.into_iter().any(|atom| attempted.contains(&atom)) {
            continue;
        }
        let domain = &model.domains[id.index()];
        let at = domain.meta.span;
        let message = format!("no test tries a change that {} decides", domain.meta.name);
        let mut finding = context
            .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
            .label(at, "no test would fail if the approvers changed")
            .help(format!(
                "a test that attempts a change under {} and expects deny missing …",
                domain.meta.name
            ));
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// The domains that decide a change which some agent can make, each with the atoms of these changes.
fn changing(context: &Context<'_>) -> BTreeMap<DomainId, Vec<AtomId>> {
    let mut of: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (index, group) in context.facts.group_of.iter().enumerate() {
        let atom = AtomId(index as u32);
        let reached = context.facts.points_of[index].0 > 0;
        if reached && context.facts.atoms.get(atom).mutates(context.model) {
            for domain in &context.facts.groups[group.index()].domains {
                of.entry(*domain).or_default().push(atom);
            }
        }
    }
    of
}
