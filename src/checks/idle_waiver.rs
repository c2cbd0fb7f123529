//! A waiver, or a line of one, that relieves nothing.

use crate::checks::waivers::{lapse, names};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::Waiver;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV703"),
    page: include_str!("../../docs/codes/idle-waiver.md"),
    looks_at: |context| context.model.waivers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // What stands is known when everything else has been found.
    let Some(standing) = context.standing else {
        return;
    };
    for waiver in &context.model.waivers {
        if lapse(context.model, waiver).is_none() {
            out.extend(say(context, waiver, standing));
        }
    }
}

fn say(context: &Context<'_>, waiver: &Waiver, standing: &[Diagnostic]) -> Option<Diagnostic> {
    let meta = &waiver.meta;
    let name = &meta.name;
    let named: Vec<&Diagnostic> = standing.iter().filter(|finding| names(waiver, finding)).collect();
    let idle = |waived: &&crate::model::Waived| {
        let here = |finding: &&Diagnostic| {
            finding.code.is_some_and(|code| code.name == &*waived.check)
                && finding.finding.subject_kind == waived.kind.word()
                && finding.finding.subject == *waived.subject
        };
        !standing.iter().any(|finding| here(&finding))
    };
    let fits = |fingerprint: &str| named.iter().any(|finding| finding.finding.fingerprint == fingerprint);
    if waiver.waives.is_empty() {
        let finding = context
            .finding(&CHECK, Kind::Waiver, meta, meta.span, format!("{name} waives nothing"))
            .label(meta.span, "names no check");
        return Some(finding.help("waives … on …  with the check and the declaration, or take the waiver out"));
    }
    if let Some(waived) = waiver.waives.iter().find(idle) {
        let subject = waived.subject.rsplit('.').next().unwrap_or(&waived.subject);
        let message = format!("{name} waives {} on {subject}, where nothing is found", waived.check);
        let finding = context
            .finding(&CHECK, Kind::Waiver, meta, waived.span, message)
            .label(waived.span, "if it ever is, it would be waived unseen");
        return Some(finding.help("take the line out").edit(waived.span, ""));
    }
    if let Some(other) = waiver.fingerprints.iter().find(|fingerprint| !fits(&fingerprint.value)) {
        let message = format!("{name} lists a finding that does not stand");
        let finding = context
            .finding(&CHECK, Kind::Waiver, meta, other.span, message)
            .label(other.span, "fits nothing that it waives");
        let finding = finding.help("take the fingerprint out");
        return Some(unlisted(waiver, &named).fold(finding, |finding, help| finding.help(help)));
    }
    let mut missing = unlisted(waiver, &named).peekable();
    missing.peek()?;
    let (message, label) = match waiver.fingerprints.is_empty() {
        true => (
            format!("{name} lists no finding, so it relieves none"),
            "says what it waives, not which finding those who signed have seen",
        ),
        false => (
            format!("{name} does not list every finding of what it waives"),
            "what came up after it was accepted stays open",
        ),
    };
    let at = waiver.waives[0].span;
    let finding = context.finding(&CHECK, Kind::Waiver, meta, at, message).label(at, label);
    Some(missing.fold(finding, |finding, help| finding.help(help)))
}

/// The lines that would list what a waiver names and does not list.
fn unlisted<'a>(waiver: &'a Waiver, named: &'a [&Diagnostic]) -> impl Iterator<Item = String> + 'a {
    let listed = |fingerprint: &str| waiver.fingerprints.iter().any(|listed| &*listed.value == fingerprint);
    let missing = named.iter().filter(move |finding| !listed(&finding.finding.fingerprint));
    missing.map(|finding| format!("fingerprint \"{}\"", finding.finding.fingerprint))
}
