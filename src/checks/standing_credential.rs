//! A credential without an end, with too long a life, or standing.

use crate::checks::requirements::{PerSubject, because_of, behind, by_rule, changed, identities, mild, restoring};
use crate::checks::stating::of_identity;
use crate::checks::{Check, Context};
use crate::diagnostic::catalogue;
use crate::diagnostic::{Diagnostic, Level, Magnitude};
use crate::model::{Identity, IdentityId, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{duration, listed, literal};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV205"),
    page: include_str!("../../docs/codes/standing-credential.md"),
    looks_at: |context| context.users.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: PerSubject<IdentityId> = PerSubject::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Credential(ttl, just_in_time, _) => Some((ttl, just_in_time)),
        _ => None,
    });
    // Where several standards ask, the finding is about the shortest time.
    rules.sort_by_key(|(_, (ttl, _), _)| ttl.unwrap_or(i64::MAX));
    for (applicable, (ttl, just_in_time), atoms) in rules {
        let restoring = restoring(context, &atoms);
        for (id, touched) in identities(context, &atoms).into_iter().chain(restoring) {
            let identity = &context.model.identities[id.index()];
            let faults = faults(identity, ttl, just_in_time);
            let Some((first, more)) = faults.split_first().filter(|_| !found.more(&id, &touched)) else {
                continue;
            };
            let message = format!("the credential of {} {}", identity.meta.name, first.what);
            let finding = context
                .finding(&CHECK, Kind::Identity, &identity.meta, first.at, message)
                .label(first.at, first.label);
            let finding = more.iter().fold(finding, |finding, other| {
                finding.related(other.at, format!("and it {}", other.what))
            });
            let mut finding = because_of(context, finding, applicable, &touched);
            // A life that is too long and a standing credential are two faults. Somebody who accepts one has
            // not accepted the other.
            let clauses: Vec<&str> = faults.iter().map(|fault| fault.clause).collect();
            finding.finding.selector = format!("{} {}", finding.finding.selector, clauses.join(" "));
            let lives = Magnitude::new().known(identity.credential.ttl.map(|ttl| ttl.value));
            mild(context, id, &mut finding);
            let edits: Vec<&str> = faults.iter().map(|fault| &*fault.help).collect();
            found.add(
                id,
                finding
                    .help(of_identity(context.model, identity, &edits.join("  and  ")))
                    .magnitude(lives),
                touched,
            );
        }
    }
    let changed = changed(context);
    let restoring = restoring(context, &changed);
    for (id, touched) in identities(context, &changed).into_iter().chain(restoring) {
        if !found.has(&id)
            && let Some(finding) = unstated(context, id)
        {
            found.add(id, finding, touched);
        }
    }
    for (id, mut finding, touched) in found.into_all() {
        behind(context, id, &mut finding, &touched);
        out.push(finding);
    }
}

/// What the credential of an identity leaves out, where no standard asks.
fn unstated(context: &Context<'_>, id: IdentityId) -> Option<Diagnostic> {
    let identity = &context.model.identities[id.index()];
    let own = &identity.credential;
    let (message, clauses, help) = match (own.ttl, own.just_in_time) {
        (Some(_), Some(_)) => return None,
        (None, None) => (
            "how long the credential of {} lives, and when it is issued",
            &["ttl", "issued"][..],
            "ttl …  and  issued …",
        ),
        (None, Some(_)) => ("how long the credential of {} lives", &["ttl"][..], "ttl …"),
        (Some(_), None) => ("when the credential of {} is issued", &["issued"][..], "issued …"),
    };
    let message = format!("nothing says {}", message.replace("{}", &identity.meta.name));
    let words: Vec<String> = clauses.iter().map(|word| format!("`{word}`")).collect();
    let at = identity.meta.span;
    let label = format!("without {} the credential may be permanent", listed(&words));
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
        .label(at, label);
    finding.level = Level::Warning;
    finding.finding.selector = clauses.join(" ");
    let lives = Magnitude::new().known(own.ttl.map(|ttl| ttl.value));
    Some(finding.magnitude(lives).help(of_identity(context.model, identity, help)))
}

/// One fault: its clause, its place, what it is, what follows, what to write.
struct Fault {
    clause: &'static str,
    at: Span,
    what: String,
    label: &'static str,
    help: String,
}

/// The faults: first the clauses with a wrong value, then the missing clauses.
fn faults(identity: &Identity, most: Option<i64>, just_in_time: bool) -> Vec<Fault> {
    let mut faults: Vec<Fault> = life(identity, most).into_iter().chain(issued(identity, just_in_time)).collect();
    faults.sort_by_key(|fault| fault.at == identity.meta.span);
    faults
}

fn life(identity: &Identity, most: Option<i64>) -> Option<Fault> {
    let most = most?;
    let (at, what, label) = match identity.credential.ttl {
        Some(ttl) if ttl.value <= most => return None,
        Some(ttl) => (
            ttl.span,
            format!("lives {}, longer than the {} allowed", duration(ttl.value), duration(most)),
            "anyone who steals it can use it for that long",
        ),
        None => (
            identity.meta.span,
            "has no end".to_owned(),
            "it has no `ttl`, so it may never expire",
        ),
    };
    let help = format!("ttl {}", literal::duration(most));
    Some(Fault {
        clause: "ttl",
        at,
        what,
        label,
        help,
    })
}

fn issued(identity: &Identity, just_in_time: bool) -> Option<Fault> {
    let (at, what, label) = match identity.credential.just_in_time.filter(|_| just_in_time) {
        Some(issued) if issued.value => return None,
        Some(issued) => (
            issued.span,
            "is permanent, not issued when a task needs it",
            "it exists even while no task runs",
        ),
        None if just_in_time => (identity.meta.span, "may be standing", "it has no `issued`, so it may be permanent"),
        None => return None,
    };
    let (what, help) = (what.to_owned(), "issued just_in_time".to_owned());
    Some(Fault {
        clause: "issued",
        at,
        what,
        label,
        help,
    })
}
