//! A credential that outlives the task it was issued for.

use crate::checks::requirements::{PerSubject, because_of, behind, by_rule, changed, identities, mild, restoring};
use crate::checks::stating::of_identity;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::model::{IdentityId, Requirement};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV206"),
    page: include_str!("../../docs/codes/no-revocation.md"),
    looks_at: |context| context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: PerSubject<IdentityId> = PerSubject::new();
    let rules = by_rule(context, |rule| {
        matches!(rule.requirement, Requirement::Credential(_, _, true)).then_some(())
    });
    for (applicable, (), atoms) in rules {
        let restoring = restoring(context, &atoms);
        for (id, touched) in identities(context, &atoms).into_iter().chain(restoring) {
            let identity = &context.model.identities[id.index()];
            let revoked = identity.credential.revoked.as_ref();
            if revoked.is_some_and(|revoked| &*revoked.value == "on_task_end") || found.more(&id, &touched) {
                continue;
            }
            let (at, label) = match revoked {
                Some(revoked) => (revoked.span, taken_back(&revoked.value).to_owned()),
                None => (identity.meta.span, "it has no `revoked`".to_owned()),
            };
            let message = format!("the credential of {} outlives its task", identity.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                .label(at, label);
            let mut finding = because_of(context, finding, applicable, &touched);
            mild(context, id, &mut finding);
            finding = finding.magnitude(revoked.map_or(Mark::Unstated.into(), |revoked| Magnitude::new().word(&revoked.value)));
            found.add(
                id,
                finding.help(of_identity(context.model, identity, "revoked on_task_end")),
                touched,
            );
        }
    }
    let changed = changed(context);
    let restoring = restoring(context, &changed);
    for (id, touched) in identities(context, &changed).into_iter().chain(restoring) {
        let identity = &context.model.identities[id.index()];
        if identity.credential.revoked.is_some() || found.has(&id) {
            continue;
        }
        let at = identity.meta.span;
        let message = format!("the files do not say when the credential of {} is revoked", identity.meta.name);
        let mut finding = context
            .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
            .label(at, "has no `revoked`, so the credential may outlive its task");
        finding.level = Level::Warning;
        found.add(
            id,
            finding
                .magnitude(Mark::Unstated)
                .help(of_identity(context.model, identity, "revoked on_task_end")),
            touched,
        );
    }
    for (id, mut finding, touched) in found.into_all() {
        behind(context, id, &mut finding, &touched);
        out.push(finding);
    }
}

fn taken_back(when: &str) -> &'static str {
    match when {
        "on_expiry" => "it lasts until it expires, not until the task ends",
        "manual" => "it lasts until somebody revokes it, not until the task ends",
        _ => "nobody ever revokes it",
    }
}
