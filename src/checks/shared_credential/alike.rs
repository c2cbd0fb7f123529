//! Two identities that may be one, though nothing in the files makes it certain.

use crate::checks::Context;
use crate::checks::shared_credential::CHECK;
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark};
use crate::model::spelling::likeness::{Likenesses, Why, core, secret_core, why, why_secret};
use crate::model::spelling::{Spellings, secret};
use crate::model::{At, Identity};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

/// An identity, and its principal or its reference to a secret.
type Named<'a> = (&'a Identity, &'a At<Box<str>>);

/// Another identity of each form that may be the same, and why.
struct Pair<'a> {
    one: Named<'a>,
    other: Named<'a>,
    why: Why,
    what: &'static str,
}

/// A finding at each identity that may be the same as another: at the identity whose id comes later, or whose
/// principal includes others.
pub(super) fn run(context: &Context<'_>, spellings: &Spellings, out: &mut Vec<Diagnostic>) {
    let mut identities: Vec<&Identity> = context.model.identities.iter().collect();
    identities.sort_by_key(|identity| &identity.meta.id);
    let mut principals = Likenesses::new();
    let mut secrets = Likenesses::new();
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for identity in &identities {
        if let Some(name) = &identity.principal {
            let form = spellings.name(&name.value);
            let core = core(&form);
            let like = principals.like(&form, &core);
            pairs.extend(like.map(|(known, of)| pair(of, (identity, name), why(known, &form), "principal")));
            principals.add(&form, core, (*identity, name));
        }
        if let Some(name) = &identity.secret {
            let form = secret(&name.value);
            let core = secret_core(&form);
            let like = secrets.like(&form, &core);
            pairs.extend(like.filter_map(|(known, of)| Some(pair(of, (identity, name), why_secret(known, &form)?, "secret"))));
            secrets.add(&form, core, (*identity, name));
        }
    }
    for identity in &identities {
        let Some(name) = identity.principal.as_ref().filter(|name| name.value.contains(['*', ':'])) else {
            continue;
        };
        let form = spellings.name(&name.value);
        let taken = principals.within(&form);
        pairs.extend(taken.map(|(_, other)| Pair {
            one: other,
            other: (identity, name),
            why: Why::Wildcard,
            what: "principal",
        }));
    }
    let mut by_subject: BTreeMap<&str, Vec<Pair<'_>>> = BTreeMap::new();
    for pair in pairs {
        by_subject.entry(&pair.other.0.meta.id).or_default().push(pair);
    }
    out.extend(by_subject.values().filter_map(|pairs| say(context, pairs)));
}

/// Two identities, in the order of their ids, so that the finding does not depend on the order of the files.
fn pair<'a>(one: Named<'a>, other: Named<'a>, why: Why, what: &'static str) -> Pair<'a> {
    Pair { one, other, why, what }
}

fn say(context: &Context<'_>, pairs: &[Pair<'_>]) -> Option<Diagnostic> {
    let first = pairs.first()?;
    let (identity, at) = first.other;
    let message = match first.why {
        Why::Wildcard => format!("the principal of {} includes that of {}", identity.meta.name, first.one.0.meta.name),
        _ => format!("{} and {} may share one {}", first.one.0.meta.name, identity.meta.name, first.what),
    };
    let mut finding = context.finding(&CHECK, Kind::Identity, &identity.meta, at.span, message);
    finding.level = Level::Warning;
    finding = finding.label(at.span, first.why.sentence());
    for pair in pairs {
        let mark = if pair.what == "principal" { Mark::Principal } else { Mark::Secret };
        let text = format!("{} is {} here", pair.one.0.meta.name, pair.one.1.value);
        finding = finding.related(
            pair.one.1.span,
            if pair.what == "principal" {
                text
            } else {
                format!("{} has it here", pair.one.0.meta.name)
            },
        );
        finding = finding.magnitude(Magnitude::from(Mark::Alike).mark(mark).id(&pair.one.0.meta.id));
    }
    Some(finding.help(match first.why {
        Why::Wildcard => format!("give {} a separate principal, without `*`", identity.meta.name),
        _ => format!(
            "give {1} a separate {0}, in a spelling that cannot be confused with the other",
            first.what, identity.meta.name
        ),
    }))
}
