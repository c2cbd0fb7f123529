//! A task that touches data about people and states no lawful basis.

use crate::checks::changes;
use crate::checks::requirements::{arrival, because_of};
use crate::checks::stating::said_by;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::model::{Requirement, TaskId};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV304"),
    page: include_str!("../../docs/codes/no-lawful-basis.md"),
    looks_at: |context| context.model.tasks.len(),
    run,
};

const EDIT: &str = "basis …  with one of consent, contract, legal_obligation, vital_interests, public_task, legitimate_interest,";

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    for (index, task) in model.tasks.iter().enumerate() {
        if task.basis.is_some() || task.ended(model.as_of) {
            continue;
        }
        let applicable = |atom: &AtomId| -> Option<ApplicableRule> {
            let own = context.facts.applicable[atom.index()].iter();
            let downstream_rules = context.facts.downstream_rules[atom.index()]
                .iter()
                .map(|downstream_rules| &downstream_rules.applicable);
            own.chain(downstream_rules)
                .find(|applicable| matches!(applicable.rule(model).requirement, Requirement::Basis))
                .copied()
        };
        let scope = context.facts.scope(TaskId(index as u32));
        let atoms: Vec<AtomId> = scope.iter().copied().filter(|atom| applicable(atom).is_some()).collect();
        let Some(rule) = atoms.first().and_then(applicable) else {
            continue;
        };
        let (_, data, _) = context.facts.atoms.get(atoms[0]).names(model);
        let at = task.meta.span;
        let name = &task.meta.name;
        let message = match arrival(context, rule, &atoms) {
            Some((_, place)) => {
                let (arrives, system) = changes::names(model, place);
                format!("{name} uses {arrives} without a lawful basis, because {data} becomes {arrives} in {system}")
            }
            None => format!("{name} uses {data} without a lawful basis"),
        };
        let label = "the task has no `basis` for using data about people";
        let finding = context.finding(&CHECK, Kind::Task, &task.meta, at, message).label(at, label);
        let mut finding = because_of(context, finding, rule, &atoms);
        context.points_by(&mut finding, task.agent, &atoms);
        out.push(finding.help(said_by(EDIT, "privacy")));
    }
}
