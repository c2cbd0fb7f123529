//! Each condition of the rule that decides left out, and each entry of the data, in the real engine.

mod asked;
mod data;
mod entries;

use crate::mutants::{Workspace, workspaces};
use quorate::emit::policy::Domain;
use quorate::emit::rego::{self, Engine, Rego};
use rayon::prelude::*;

/// The conditions of `allow`, in order.
fn conditions(module: &str) -> Vec<&str> {
    let (_, body) = module.split_once("allow if {\n").expect("there is the rule");
    let (body, _) = body.split_once("\n}").expect("it ends");
    body.lines().map(str::trim).collect()
}

/// Whether the module without a condition of `allow` answers a derived request otherwise than the model.
fn noticed(workspace: &Workspace, emitted: &Rego, condition: &str) -> bool {
    let module = emitted.module.replacen(&format!("\t{condition}\n"), "", 1);
    let engine = Engine::new(&Rego { module, ..emitted.clone() }).expect("it loads");
    // One condition less only lets more through.
    let refused = workspace.derived.iter().zip(&workspace.answers).filter(|(_, answer)| !answer.allow);
    refused.into_iter().any(|(derived, _)| engine.decide(&derived.request).answer.allow)
}

/// Whether a workspace says nothing that a condition is about.
fn idle(workspace: &Workspace, condition: &str) -> bool {
    let none = |says: &dyn Fn(&Domain) -> bool| !workspace.policy.domains.values().any(says);
    match condition {
        "emergency_sound" => none(&|domain| domain.emergency.is_some()),
        "waiver_holds" => workspace.policy.tasks.values().all(|task| task.waived.is_empty()),
        // Whoever acts for people only, within what its tasks say, is refused beyond that by the bound as well.
        "in_scope" => workspace.policy.agents.values().any(|agent| !agent.acts_for.is_empty()),
        "inputs_given" => none(&|domain| !domain.inputs.is_empty()),
        _ => false,
    }
}

#[test]
fn every_condition_is_noticed_in_every_workspace() {
    let all: Vec<(&Workspace, Rego)> = workspaces().iter().map(|(own, _)| (own, rego::emit(&own.policy))).collect();
    let conditions = conditions(&all[0].1.module);
    assert!(conditions.len() > 10, "{conditions:?}");
    let pairs: Vec<_> = all
        .iter()
        .flat_map(|one| conditions.iter().map(move |condition| (one, *condition)))
        .collect();
    let missed: Vec<String> = pairs
        .into_par_iter()
        .filter(|((workspace, emitted), condition)| !idle(workspace, condition) && !noticed(workspace, emitted, condition))
        .map(|((workspace, _), condition)| format!("{}: {condition}", workspace.name))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
