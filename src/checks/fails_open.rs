//! A policy check that lets everything through when it cannot decide.

use crate::checks::requirements::{because_of, by_rule};
use crate::checks::stating::only_if;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::model::{EnforcementId, OnFailure, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV407"),
    page: include_str!("../../docs/codes/fails-open.md"),
    looks_at: |context| context.model.enforcements.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut behind: BTreeMap<EnforcementId, Vec<AtomId>> = BTreeMap::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        for enforcement in &group.enforcements {
            behind.entry(*enforcement).or_default().extend(&context.atoms_of[index]);
        }
    }
    behind.retain(|_, atoms| !atoms.is_empty());
    let mut applicable: BTreeMap<EnforcementId, ApplicableRule> = BTreeMap::new();
    for (rule, (), atoms) in by_rule(context, |rule| matches!(rule.requirement, Requirement::Enforcement).then_some(())) {
        for atom in atoms {
            for enforcement in &context.facts.group(atom).enforcements {
                applicable.entry(*enforcement).or_insert(rule);
            }
        }
    }
    for (id, mut atoms) in behind {
        let own = &model.enforcements[id.index()];
        let name = &own.meta.name;
        let (at, message, label) = match own.on_failure {
            Some(said) => match said.value {
                OnFailure::Deny => continue,
                OnFailure::Allow => (
                    said.span,
                    format!("if {name} fails, it lets every action through"),
                    "a failure works like an approval",
                ),
            },
            None => (
                own.meta.span,
                format!("if {name} fails, it may let an action through"),
                "says no `on_failure`",
            ),
        };
        // Changes to records come first: the first is shown.
        atoms.sort_by_key(|atom| (context.facts.atoms.get(*atom).gravity(model), *atom));
        let mut finding = context.finding(&CHECK, Kind::Enforcement, &own.meta, at, message).label(at, label);
        finding = finding.magnitude(match own.on_failure {
            Some(_) => Magnitude::new().word("allow"),
            None => Mark::Unstated.into(),
        });
        if let Some(rule) = applicable.get(&id) {
            finding = because_of(context, finding, *rule, &atoms);
        }
        context.points(&mut finding, &atoms);
        out.push(finding.help(only_if(model, "on_failure deny", Some(&own.managed_by))));
    }
}
