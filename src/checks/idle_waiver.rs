//! A waiver, or a line of one, that relieves nothing.

use crate::checks::waivers::{accepted, in_force, lists, names};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::{Waived, Waiver};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV703"),
    page: include_str!("../../docs/codes/idle-waiver.md"),
    looks_at: |context| context.model.waivers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // Which findings are open is known only after all other checks.
    let Some(standing) = context.standing else {
        return;
    };
    for waiver in &context.model.waivers {
        if in_force(context.model, waiver) {
            out.extend(say(context, waiver, standing));
        }
    }
}

fn say(context: &Context<'_>, waiver: &Waiver, standing: &[Diagnostic]) -> Vec<Diagnostic> {
    let meta = &waiver.meta;
    let name = &meta.name;
    let named: Vec<&Diagnostic> = standing.iter().filter(|finding| names(waiver, finding)).collect();
    let idle = |waived: &&Waived| {
        let here = |finding: &Diagnostic| {
            finding.code.is_some_and(|code| code.name == &*waived.check)
                && finding.finding.subject_kind == waived.kind.word()
                && finding.finding.subject == *waived.subject
        };
        !named.iter().any(|finding| here(finding))
    };
    let fits = |fingerprint: &str| named.iter().any(|finding| finding.finding.fingerprint == fingerprint);
    if waiver.waives.is_empty() {
        let finding = context
            .finding(&CHECK, Kind::Waiver, meta, meta.span, format!("{name} waives nothing"))
            .label(meta.span, "names no check");
        return vec![finding.help("waives … on …  with the check and the declaration, or remove the waiver")];
    }
    let mut said = Vec::new();
    let unfitting = || waiver.fingerprints.iter().filter(|fingerprint| !fits(&fingerprint.value));
    let others: Vec<String> = unfitting()
        .map(|fingerprint| format!("fingerprint \"{}\"", fingerprint.value))
        .collect();
    for waived in waiver.waives.iter().filter(idle) {
        let subject = waived.subject.rsplit('.').next().unwrap_or(&waived.subject);
        let message = format!("{name} waives {} on {subject}, where nothing is found", waived.check);
        let mut finding = context
            .finding(&CHECK, Kind::Waiver, meta, waived.span, message)
            .label(waived.span, "a future finding would be waived before anybody saw it");
        finding.finding.selector = format!("{} on {} {}", waived.check, waived.kind.word(), waived.subject);
        let help = match others.is_empty() {
            true => "remove the line".to_owned(),
            // A fingerprint that matches no finding any more most likely belonged to that line.
            false => format!(
                "remove the line, and everything that no longer matches a finding: {}",
                others.join(", ")
            ),
        };
        let finding = finding.help(help);
        // If the waiver lists nothing else, the waiver itself is idle. The people who accepted it decide what
        // happens to it.
        said.push(match waiver.waives.iter().all(|other| idle(&other)) {
            true => finding,
            false => finding.edit(waived.span, ""),
        });
    }
    let missing: Vec<String> = unlisted(waiver, &named).collect();
    // If a finding has grown beyond what the signers may accept, that is a fault of the waiver as well.
    // It is reported together with these lines.
    let follows = match named
        .iter()
        .any(|finding| !lists(waiver, finding) && accepted(context, waiver, finding).is_err())
    {
        true => vec!["GOV702"],
        false => Vec::new(),
    };
    let mut missing_said = missing.is_empty();
    for other in unfitting().filter(|_| !waiver.waives.iter().any(|waived| idle(&waived))) {
        let message = format!("{name} lists a finding that does not exist");
        let mut finding = context
            .finding(&CHECK, Kind::Waiver, meta, other.span, message)
            .label(other.span, "does not match a finding that the waiver names");
        finding.finding.selector = other.value.to_string();
        finding = finding.help("remove the fingerprint");
        // It may be a finding that has become more severe, so the first message shows what replaced it.
        if !std::mem::replace(&mut missing_said, true) {
            finding = missing.iter().fold(finding, Diagnostic::help);
            finding.finding.follows.clone_from(&follows);
        }
        said.push(finding);
    }
    if !missing_said {
        let (message, label) = match waiver.fingerprints.is_empty() {
            true => (
                format!("{name} does not list a finding, so it does not waive any"),
                "names a check and a declaration, but not the finding that the signers saw",
            ),
            false => (
                format!("{name} does not list every finding of this check at this declaration"),
                "a finding that appeared later stays open",
            ),
        };
        let first = waiver.waives.iter().find(|waived| !idle(waived)).unwrap_or(&waiver.waives[0]);
        let mut finding = context
            .finding(&CHECK, Kind::Waiver, meta, first.span, message)
            .label(first.span, label);
        finding.finding.selector = "unlisted".to_owned();
        finding.finding.follows = follows;
        said.push(missing.iter().fold(finding, Diagnostic::help));
    }
    said
}

/// The lines that would list what a waiver names but does not list.
pub(super) fn unlisted<'a>(waiver: &'a Waiver, named: &'a [&Diagnostic]) -> impl Iterator<Item = String> + 'a {
    let listed = |fingerprint: &str| waiver.fingerprints.iter().any(|listed| &*listed.value == fingerprint);
    let missing = named.iter().filter(move |finding| !listed(&finding.finding.fingerprint));
    missing.map(|finding| format!("fingerprint \"{}\"", finding.finding.fingerprint))
}
