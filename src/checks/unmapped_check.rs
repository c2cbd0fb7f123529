//! Checks that no framework in use covers.

use crate::checks::{ALL, Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::model::{FrameworkId, Meta};
use crate::syntax::vocabulary::Kind;
use crate::words::{few, listed};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV707"),
    page: include_str!("../../docs/codes/unmapped-check.md"),
    looks_at: |context| match context.model.adoption.frameworks.is_empty() {
        true => 0,
        false => ALL.len(),
    },
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let adopted: Vec<FrameworkId> = model.adoption.frameworks.clone();
    if adopted.is_empty() {
        return;
    }
    let frameworks = || adopted.iter().map(|id| &model.frameworks[id.index()]);
    let mapped: BTreeSet<&str> = frameworks()
        .flat_map(|framework| &framework.controls)
        .flat_map(|control| &control.evidence)
        .flat_map(|evidence| &evidence.checks)
        .map(|check| &**check)
        .collect();
    let unmapped: Vec<&str> = ALL
        .iter()
        .map(|check| check.code.name)
        .filter(|name| !mapped.contains(name))
        .collect();
    if unmapped.is_empty() {
        return;
    }
    // The edit goes into the workspace's own catalogue. The workspace adopts those of the library.
    let own = frameworks().map(|framework| &framework.meta).find(|meta| !meta.library);
    let workspace = model.workspace.as_ref().map(|workspace| &workspace.meta);
    let (kind, subject): (Kind, &Meta) = match (own, workspace) {
        (Some(meta), _) => (Kind::Framework, meta),
        (None, Some(meta)) => (Kind::Workspace, meta),
        (None, None) => return,
    };
    let names: Vec<&str> = frameworks().map(|framework| &*framework.meta.name).collect();
    let (verb, whose) = match unmapped.len() {
        1 => ("bears", "its"),
        _ => ("bear", "their"),
    };
    let message = format!("{} {verb} on no control of {}", few(&unmapped), listed(&names));
    let at = subject.span;
    let finding = context.finding(&CHECK, kind, subject, at, message);
    let finding = finding
        .magnitudes(unmapped.iter().map(|check| Magnitude::new().word(check)))
        .label(at, format!("a report does not list {whose} findings under any framework"));
    out.push(match own {
        Some(_) => finding.help(format!(
            "evidence {} partial \"why\"  under the control that it supports",
            unmapped[0]
        )),
        None => finding.help("adopt a framework that covers them as well, or a catalogue of your own"),
    });
}
