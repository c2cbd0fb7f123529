//! A credential that outlives the task it was issued for.

use crate::checks::requirements::{PerSubject, because_of, by_rule, identities};
use crate::checks::stating::of_identity;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
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
    for (asked, (), atoms) in rules {
        for (id, touched) in identities(context, &atoms) {
            let identity = &context.model.identities[id.index()];
            let revoked = identity.credential.revoked.as_ref();
            if revoked.is_some_and(|revoked| &*revoked.value == "on_task_end") || found.more(&id, &touched) {
                continue;
            }
            let (at, label) = match revoked {
                Some(revoked) => (revoked.span, taken_back(&revoked.value).to_owned()),
                None => (identity.meta.span, "nothing says when it is taken back".to_owned()),
            };
            let message = format!("the credential of {} outlives its task", identity.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                .label(at, label);
            let mut finding = because_of(context, finding, asked, &touched);
            finding = finding.extent(revoked.map_or(Mark::Unsaid.into(), |revoked| Extent::new().word(&revoked.value)));
            found.add(
                id,
                finding.help(of_identity(context.model, identity, "revoked on_task_end")),
                touched,
            );
        }
    }
    for (id, mut finding, touched) in found.into_all() {
        context.points_as(&mut finding, id, &touched);
        out.push(finding);
    }
}

fn taken_back(when: &str) -> &'static str {
    match when {
        "on_expiry" => "it lasts until it expires, not until the task ends",
        "manual" => "it lasts until somebody takes it back, not until the task ends",
        _ => "it is never taken back",
    }
}
