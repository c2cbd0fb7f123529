//! Two identities share a principal or a secret.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::model::spelling::{Spellings, secret};
use crate::model::{At, Identity};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

mod alike;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV202"),
    page: include_str!("../../docs/codes/shared-credential.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let spellings = Spellings::of(context.model);
    let mut principals: Groups = BTreeMap::new();
    let mut secrets: Groups = BTreeMap::new();
    // In the order of the files: the finding is at the second of the two, where the edit goes.
    let mut identities: Vec<(usize, &Identity)> = context.model.identities.iter().enumerate().collect();
    identities.sort_by_key(|(_, identity)| identity.meta.span);
    for (index, identity) in &identities {
        meet(&mut principals, *index, identity.principal.as_ref(), |name| spellings.name(name));
        meet(&mut secrets, *index, identity.secret.as_ref(), secret);
    }
    for (index, identity) in identities {
        let by_principal = later(&principals, index, identity.principal.as_ref(), |name| spellings.name(name));
        let by_secret = later(&secrets, index, identity.secret.as_ref(), secret);
        let of_secret = by_secret.map(|(group, at)| say(context, (index, group), at, "secret", |other| other.secret.as_ref()));
        let of_principal = by_principal.map(|(group, at)| say(context, (index, group), at, "principal", |other| other.principal.as_ref()));
        out.extend(match (of_principal, of_secret) {
            // One edit, an identity of its own, fixes both.
            (Some(one), Some(other)) => {
                let at = by_secret.map_or(identity.meta.span, |(_, at)| at.span);
                let one = one.magnitudes(other.finding.magnitude.iter().cloned());
                Some(one.related(at, other.message))
            }
            (one, other) => one.or(other),
        });
    }
    alike::run(context, &spellings, out);
}

/// The identities with one principal or one secret, in the order of the files.
type Groups = BTreeMap<String, Vec<usize>>;

fn meet(known: &mut Groups, index: usize, said: Option<&At<Box<str>>>, key: impl Fn(&str) -> String) {
    if let Some(said) = said {
        known.entry(key(&said.value)).or_default().push(index);
    }
}

/// The identities with which an identity shares a value, if it is not the first of them.
fn later<'a, 'b>(
    known: &'b Groups,
    index: usize,
    said: Option<&'a At<Box<str>>>,
    key: impl Fn(&str) -> String,
) -> Option<(&'b [usize], &'a At<Box<str>>)> {
    let said = said?;
    let group = known.get(&key(&said.value))?;
    (group.first() != Some(&index)).then_some((group, said))
}

fn say<'a>(
    context: &'a Context<'_>,
    (index, group): (usize, &[usize]),
    at: &At<Box<str>>,
    what: &str,
    of: impl Fn(&'a Identity) -> Option<&'a At<Box<str>>>,
) -> Diagnostic {
    let other = group.first().copied().unwrap_or(index);
    let (identity, first) = (&context.model.identities[index], &context.model.identities[other]);
    // Two modules may use the same name.
    let (one, another) = match first.meta.name == identity.meta.name {
        true => (&*first.meta.id, &*identity.meta.id),
        false => (&*first.meta.name, &*identity.meta.name),
    };
    let message = format!("{one} and {another} share one {what}");
    let (shared, label) = match what {
        "principal" => (Mark::Principal, "systems and logs cannot tell these two apart"),
        _ => (Mark::Secret, "anyone who has one has the other, and revoking one revokes both"),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Identity, &identity.meta, at.span, message)
        .label(at.span, label);
    if let Some(same) = of(first) {
        finding = finding.related(same.span, format!("{one} has it here"));
    }
    let ids = group.iter().map(|place| &*context.model.identities[*place].meta.id);
    finding = finding.magnitudes(ids.map(|id| Magnitude::from(shared).id(id)));
    // Three identities make two findings, whichever of them is the first in the files.
    let place = group.iter().position(|place| *place == index).unwrap_or(0);
    finding = finding.magnitude(Magnitude::from(shared).count(place));
    finding.finding.alike = true;
    let all = group.iter().flat_map(|place| &context.access_of[*place]);
    finding.finding.operations = context.operations(all);
    finding.help(format!("give {another} a separate {what}"))
}
