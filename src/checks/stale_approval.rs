//! Approvals that are valid for longer than the standard allows, or not for the exact action.

use crate::checks::approvals::by_domain;
use crate::checks::requirements::{because_of, by_rule};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::model::{DomainId, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::{duration, literal};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV120"),
    page: include_str!("../../docs/codes/stale-approval.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Bound(most) => Some(most),
        _ => None,
    });
    // For each domain the strictest rule, and the atoms of all the rules.
    let mut found: BTreeMap<DomainId, (i64, ApplicableRule, Vec<AtomId>)> = BTreeMap::new();
    for (applicable, most, atoms) in rules {
        for atom in atoms {
            for domain in &context.facts.group(atom).domains {
                let entry = found.entry(*domain).or_insert_with(|| (most, applicable, Vec::new()));
                if most < entry.0 {
                    (entry.0, entry.1) = (most, applicable);
                }
                entry.2.push(atom);
            }
        }
    }
    let asked_for: BTreeSet<DomainId> = found.keys().copied().collect();
    for (id, (most, applicable, mut atoms)) in found {
        // Where nobody has to approve, no approval can be too old.
        if named_functions(model, id).is_empty() {
            continue;
        }
        atoms.sort_unstable();
        atoms.dedup();
        for mut finding in too_long(context, id, most).into_iter().chain(unbound(context, id)) {
            let selector = std::mem::take(&mut finding.finding.selector);
            context.points(&mut finding, &atoms);
            let mut finding = because_of(context, finding, applicable, &atoms);
            finding.finding.selector = selector;
            out.push(finding);
        }
    }
    for (id, atoms) in by_domain(context) {
        let grave = |atom: &AtomId| {
            let flags = context.facts.atoms.get(*atom).flags(model);
            flags.mutates || flags.restricted || flags.discloses
        };
        let atoms: Vec<AtomId> = atoms.into_iter().filter(grave).collect();
        if !atoms.is_empty() && !asked_for.contains(&id) {
            out.extend(for_good(context, id, &atoms).or_else(|| unstated(context, id, &atoms)));
        }
    }
}

/// In seconds. How long an approval may be valid where no standard says.
const MOST: i64 = 90 * 86_400;

/// An approval to change something or to read restricted data that is valid for so long that it is practically
/// permanent.
fn for_good(context: &Context<'_>, id: DomainId, atoms: &[AtomId]) -> Option<Diagnostic> {
    let domain = &context.model.domains[id.index()];
    if domain.valid <= MOST || named_functions(context.model, id).is_empty() {
        return None;
    }
    let at = domain.valid_span.unwrap_or(domain.meta.span);
    let name = &domain.meta.name;
    let message = format!(
        "an approval of {name} is good for {} (`valid {}`)",
        duration(domain.valid),
        literal::duration(domain.valid)
    );
    let label = format!("after {} nobody remembers what the approval was for", duration(MOST));
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.level = Level::Warning;
    finding.finding.selector = "valid".to_owned();
    context.points(&mut finding, atoms);
    let finding = finding.magnitude(Magnitude::new().count(domain.valid));
    let finding = finding.help(format!("valid {}  at the most, in domain {name}", literal::duration(MOST)));
    Some(match domain.valid_span {
        Some(span) => finding.edit(span, format!("valid {}", literal::duration(MOST))),
        None => finding,
    })
}

/// An approval that covers everything its task does, with no stated duration.
fn unstated(context: &Context<'_>, id: DomainId, atoms: &[AtomId]) -> Option<Diagnostic> {
    let domain = &context.model.domains[id.index()];
    if domain.binds_action || domain.valid_span.is_some() || named_functions(context.model, id).is_empty() {
        return None;
    }
    let at = domain.binds_span.unwrap_or(domain.meta.span);
    let (name, said) = (&domain.meta.name, duration(domain.valid));
    let message = format!("one approval of {name} covers everything its task does, and no `valid` says for how long");
    let label = format!("there is no `valid`, so the approval is good for {said}");
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.level = Level::Note;
    finding.finding.selector = "valid".to_owned();
    context.points(&mut finding, atoms);
    Some(finding.help(format!("valid …  as short as the work allows, in domain {name}")))
}

fn too_long(context: &Context<'_>, id: DomainId, most: i64) -> Option<Diagnostic> {
    let domain = &context.model.domains[id.index()];
    if domain.valid <= most {
        return None;
    }
    let at = domain.valid_span.unwrap_or(domain.meta.span);
    let (said, allowed) = (duration(domain.valid), duration(most));
    let name = &domain.meta.name;
    let message = format!("an approval of {name} is good for {said}, longer than the {allowed} allowed");
    let label = match domain.valid_span {
        Some(_) => "the facts may have changed since the approval".to_owned(),
        None => format!("there is no `valid`, so the approval is good for {said}"),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.selector = "valid".to_owned();
    let finding = finding
        .magnitude(Magnitude::new().count(domain.valid))
        .help(format!("valid {}  in domain {name}", literal::duration(most)));
    Some(match domain.valid_span {
        Some(span) => finding.edit(span, format!("valid {}", literal::duration(most))),
        None => finding,
    })
}

fn unbound(context: &Context<'_>, id: DomainId) -> Option<Diagnostic> {
    let domain = &context.model.domains[id.index()];
    if domain.binds_action {
        return None;
    }
    let at = domain.binds_span.unwrap_or(domain.meta.span);
    let name = &domain.meta.name;
    let message = format!("one approval of {name} covers every change that its task allows");
    let label = format!(
        "an agent can repeat an approved change, with other values, for {}",
        duration(domain.valid)
    );
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding.finding.selector = "binds".to_owned();
    let finding = finding
        .magnitude(Magnitude::new().count(domain.valid))
        .help(format!("binds action  in domain {name}"));
    Some(match domain.binds_span {
        Some(span) => finding.edit(span, "binds action"),
        None => finding,
    })
}
