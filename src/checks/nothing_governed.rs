//! No agent, no domain, or no standard in force: nothing was looked at.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV709"),
    page: include_str!("../../docs/codes/nothing-governed.md"),
    looks_at: |_| 1,
    run,
};

/// What is missing where no standard is in force.
const STANDARD: &str = "no standard in force";

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut lacking: Vec<&str> = Vec::new();
    if model.agents.is_empty() {
        lacking.push("no agent");
    }
    if model.domains.is_empty() {
        lacking.push("no decision domain");
    }
    if model.adoption.standards.is_empty() {
        lacking.push(STANDARD);
    }
    if lacking.is_empty() {
        return;
    }
    let message = format!("this workspace governs nothing: there is {}", crate::words::listed(&lacking));
    let mut finding = Diagnostic::unplaced(message);
    finding.code = Some(CHECK.code);
    finding.level = CHECK.code.level;
    finding.finding.subject = model.name.to_string();
    finding.finding.subject_kind = Kind::Workspace.word().to_owned();
    if let Some(workspace) = &model.workspace {
        finding = finding.label(workspace.meta.span, "without it, the absence of findings would prove nothing");
    }
    if let Some(none) = &model.adoption.none {
        finding = finding.related(none.span, format!("no standard applies because: {}", none.value));
    }
    let help = match &model.adoption.none {
        // If only `adopt none` is in the way, it is one line to change.
        Some(none) if lacking == [STANDARD] => format!("remove `adopt none \"{}\"`, or adopt a standard of your own", none.value),
        Some(_) | None => {
            let mut write: Vec<&str> = Vec::new();
            if model.agents.is_empty() {
                write.push("`quorate new agent NAME` adds an agent");
            }
            if model.domains.is_empty() {
                write.push("`quorate new domain NAME` adds a decision domain");
            }
            if model.adoption.standards.is_empty() {
                write.push("remove `adopt none`, or adopt a standard of your own");
            }
            write.join("; ")
        }
    };
    out.push(finding.help(help));
}
