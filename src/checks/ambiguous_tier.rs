//! Tiers that leave a request out, that no request reaches, or that many small requests avoid.

use crate::checks::approvals::by_domain;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::cell::{Values, described, holds, samples, samples_without_limits, tier};
use crate::facts::entailment::Functions;
use crate::facts::verdict::ways;
use crate::model::canonical;
use crate::model::domain::Gate;
use crate::model::{Domain, DomainId, FunctionId, InputKind, Limit, Model, TaskId, Tier};
use crate::source::Span;
use crate::syntax::ast::{Literal, Money};
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV118"),
    page: include_str!("../../docs/codes/ambiguous-tier.md"),
    looks_at: |context| context.model.domains.iter().map(|domain| domain.tiers.len()).sum(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let atoms = by_domain(context);
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        let plain = matches!(&domain.tiers[..], [only] if matches!(only.gate, Gate::Always | Gate::Otherwise));
        if domain.tiers.is_empty() || plain {
            continue;
        }
        let Some(samples) = samples(model, &[id]) else {
            continue;
        };
        let tried: Vec<(Values, Option<usize>)> = samples
            .map(|values| {
                let tier = tier(model, id, &values);
                (values, tier)
            })
            .collect();
        let atoms = atoms.get(&id).map_or(&[][..], |atoms| atoms);
        let mut found: Vec<Diagnostic> = Vec::new();
        found.extend(left_out(context, domain, &tried));
        found.extend(never_reached(context, id, &tried));
        found.extend(split(context, id, &tried, atoms));
        // How wide the gap is depends on what the tiers ask for and which values the inputs can have.
        let tiers = domain.tiers.iter().enumerate().map(|(index, tier)| {
            let magnitude = Magnitude::from(Mark::Tier)
                .count(index)
                .part(canonical::quorum(model, &tier.quorum));
            match &tier.gate {
                Gate::Always | Gate::Otherwise => magnitude,
                Gate::When(when) => magnitude.part(canonical::condition(when)),
            }
        });
        let inputs = domain.inputs.iter();
        let inputs = inputs.map(|input| Magnitude::from(Mark::Input).quoted(&input.name).part(canonical::kind(&input.kind)));
        let wide: Vec<Magnitude> = tiers.chain(inputs).collect();
        for mut finding in found {
            context.points(&mut finding, atoms);
            out.push(finding.magnitudes(wide.clone()));
        }
    }
}

/// An input that no tier takes.
fn left_out(context: &Context<'_>, domain: &Domain, tried: &[(Values, Option<usize>)]) -> Option<Diagnostic> {
    let (values, _) = tried.iter().find(|(_, tier)| tier.is_none())?;
    let last = domain.tiers.last()?;
    let name = &domain.meta.name;
    let message = match described(values) {
        values if values.is_empty() => format!("no tier of {name} applies to every request"),
        values => format!("no tier of {name} applies with {values}"),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Domain, &domain.meta, last.span, message)
        .label(last.span, "this is the last tier, and there is no `otherwise`");
    finding.finding.selector = "otherwise".to_owned();
    Some(finding.help(format!("approve … otherwise  as the last tier of domain {name}")))
}

/// Tiers that no request reaches, because an earlier tier takes it or because no such request exists.
fn never_reached(context: &Context<'_>, id: DomainId, tried: &[(Values, Option<usize>)]) -> Vec<Diagnostic> {
    let model = context.model;
    let domain = &model.domains[id.index()];
    let unlimited: BTreeSet<usize> = samples_without_limits(model, &[id])
        .into_iter()
        .flatten()
        .filter_map(|values| tier(model, id, &values))
        .collect();
    let reached: BTreeSet<usize> = tried.iter().filter_map(|(_, tier)| *tier).collect();
    let mut found = Vec::new();
    for (index, own) in domain.tiers.iter().enumerate() {
        if reached.contains(&index) {
            continue;
        }
        let meant = tried.iter().find(|(values, _)| match &own.gate {
            Gate::Always | Gate::Otherwise => true,
            Gate::When(condition) => holds(condition, values) == Some(true),
        });
        let earlier = meant.and_then(|(_, tier)| tier.filter(|tier| *tier < index));
        let name = &domain.meta.name;
        let message = format!("no request ever reaches the tier `{}` of {name}", own.text);
        if unlimited.contains(&index) {
            let mut finding = context
                .finding(&CHECK, Kind::Domain, &domain.meta, own.span, message)
                .label(own.span, "every request of this tier is over a limit, so the policies refuse it");
            for limit in &domain.limits {
                finding = finding.related(limit.span, "the limit, which applies whoever approves");
            }
            finding.finding.selector = format!("tier {index}");
            found.push(finding.help("raise the limit so that this tier can apply, or remove the tier"));
            continue;
        }
        let label = match earlier {
            Some(_) => "an earlier tier applies to every request of this one",
            None => "the input can never have such a value",
        };
        let mut finding = context
            .finding(&CHECK, Kind::Domain, &domain.meta, own.span, message)
            .label(own.span, label);
        if let Some(earlier) = earlier {
            finding = finding.related(domain.tiers[earlier].span, "this tier comes first");
        }
        finding.finding.selector = format!("tier {index}");
        let help = match earlier {
            Some(_) => "put the narrower tier first, or remove this one",
            None => "remove this tier, or widen what the input can be",
        };
        found.push(finding.help(help));
    }
    found
}

/// In seconds. A limit over at least this time bounds a sum. A limit over a minute does not: one can wait for
/// the next minute.
const LEAST: i64 = 3_600;

/// Where a domain limits an input over a time that is too short to bound anything.
fn brief(domain: &Domain, input: &str) -> Vec<Span> {
    let limits = domain.limits.iter().filter(|limit| &*limit.input == input);
    let brief = limits.filter(|limit| limit.per.is_some_and(|per| per < LEAST));
    brief.map(|limit| limit.span).collect()
}

/// An amount that needs fewer approvals when it is split into parts, with no limit over a time.
fn split(context: &Context<'_>, id: DomainId, tried: &[(Values, Option<usize>)], atoms: &[AtomId]) -> Vec<Diagnostic> {
    let model = context.model;
    let domain = &model.domains[id.index()];
    let mut found = Vec::new();
    let applicable = asked_anyway(context, id, atoms);
    for input in &domain.inputs {
        let (money, largest) = match &input.kind {
            InputKind::Money(currency, _, to) => (
                true,
                Literal::Money(Money {
                    minor: *to,
                    currency: currency.clone(),
                }),
            ),
            InputKind::Integer(_, to) => (false, Literal::Integer(*to)),
            InputKind::OneOf(_) | InputKind::Boolean | InputKind::Text => continue,
        };
        let steps = applicable
            .iter()
            .filter_map(|(anyway, atoms)| Some((step(domain, &input.name, tried, anyway)?, atoms)));
        let steps: Vec<_> = steps.collect();
        let Some(((less, more, amount), _)) = steps.first().cloned() else {
            continue;
        };
        let mut split: Vec<AtomId> = steps.iter().flat_map(|(_, atoms)| atoms.iter().copied()).collect();
        split.sort_unstable();
        if limited(context, domain, &input.name, &split) {
            continue;
        }
        let (low, high) = (&domain.tiers[less], &domain.tiers[more]);
        let name = &domain.meta.name;
        let message = format!(
            "{} of {name} can be split into parts, so that nobody ever asks for `{}`",
            input.name,
            quorum(&high.text)
        );
        let label = format!("many parts of {}, one after another, need only this", amount.to_source());
        let mut finding = context
            .finding(&CHECK, Kind::Domain, &domain.meta, low.span, message)
            .label(low.span, label)
            .related(high.span, "as one request it needs this");
        for short in brief(domain, &input.name) {
            finding = finding.related(
                short,
                "a limit over less than an hour does not bound the total: an hour has many such periods",
            );
        }
        // A number may count things or measure something that does not add up.
        finding.level = if money { Level::Error } else { Level::Warning };
        finding.finding.selector = format!("split {}", input.name);
        found.push(finding.help(format!(
            "limit {} {} per 24h  in domain {name}; a lower limit lets less through in parts",
            input.name,
            largest.to_source()
        )));
    }
    found
}

/// The approvals that other domains require for the same atoms, whatever the input is: how many of each
/// function, with the atoms. If a tier leaves these approvals out, they are still required.
fn asked_anyway(context: &Context<'_>, id: DomainId, atoms: &[AtomId]) -> BTreeMap<Functions, Vec<AtomId>> {
    let model = context.model;
    let least = |domain: &Domain, function: FunctionId| {
        let of_tier = |tier: &Tier| {
            let ways = ways(&tier.quorum).unwrap_or_default();
            ways.iter().map(|way| way.get(&function).copied().unwrap_or(0)).min().unwrap_or(0)
        };
        domain.tiers.iter().map(of_tier).min().unwrap_or(0)
    };
    let mut found: BTreeMap<Functions, Vec<AtomId>> = BTreeMap::new();
    if atoms.is_empty() {
        found.insert(Functions::new(), Vec::new());
    }
    let mut known: BTreeMap<&[DomainId], Functions> = BTreeMap::new();
    for atom in atoms {
        let domains = &context.facts.group(*atom).domains;
        let anyway = known.entry(domains).or_insert_with(|| {
            let mut anyway = Functions::new();
            for other in domains.iter().filter(|other| **other != id) {
                let other = &model.domains[other.index()];
                for function in other.tiers.iter().flat_map(|tier| tier.quorum.functions()) {
                    let count = anyway.entry(function).or_default();
                    *count = least(other, function).max(*count);
                }
            }
            anyway
        });
        found.entry(anyway.clone()).or_default().push(*atom);
    }
    found
}

/// `business and finance`, without the condition
fn quorum(text: &str) -> &str {
    let text = text.split(" when ").next().unwrap_or(text);
    text.trim_end_matches(" otherwise")
}

/// A tier for smaller values of an input that asks for less than the tier for larger values, and the largest
/// value of the smaller tier.
fn step(domain: &Domain, input: &str, tried: &[(Values, Option<usize>)], anyway: &Functions) -> Option<(usize, usize, Literal)> {
    let mut rows: BTreeMap<Values, Vec<(i64, Literal, usize)>> = BTreeMap::new();
    for (values, tier) in tried {
        let mut rest = values.clone();
        let Some((value, tier)) = rest.remove(input).zip(*tier) else {
            continue;
        };
        let number = match &value {
            Literal::Integer(number) => *number,
            Literal::Money(money) => money.minor,
            Literal::Boolean(_) | Literal::Word(_) => continue,
        };
        rows.entry(rest).or_default().push((number, value, tier));
    }
    for row in rows.values_mut() {
        row.sort_by_key(|(number, ..)| *number);
        for (index, (number, value, less)) in row.iter().enumerate().rev() {
            // Parts of zero do not add up to more than zero.
            let asks_more = |more: usize| more != *less && asks_more(domain, *less, more, anyway);
            if let Some((_, _, more)) = row[index + 1..]
                .iter()
                .find(|(_, _, more)| asks_more(*more))
                .filter(|_| *number > 0)
            {
                return Some((*less, *more, value.clone()));
            }
        }
    }
    None
}

/// Whether some way to meet one tier, with what is required anyway, does not meet another tier.
fn asks_more(domain: &Domain, less: usize, more: usize, anyway: &Functions) -> bool {
    let Some(ways) = ways(&domain.tiers[less].quorum) else {
        return false;
    };
    let more = &domain.tiers[more].quorum;
    let count = |of: &Functions, function: FunctionId| of.get(&function).copied().unwrap_or(0);
    ways.iter()
        .any(|way| !more.met(&|function| count(way, function).max(count(anyway, function))))
}

/// Whether the sum over some time is bounded: by the domain, by another domain that governs everything this one
/// does, or by every current task that can ask for it.
fn limited(context: &Context<'_>, domain: &Domain, input: &str, atoms: &[AtomId]) -> bool {
    let model: &Model = context.model;
    let of = |limits: &[Limit]| {
        let mut own = limits.iter().filter(|limit| &*limit.input == input);
        own.any(|limit| limit.per.is_some_and(|per| per >= LEAST))
    };
    if of(&domain.limits) {
        return true;
    }
    let by_domain = |atom: &AtomId| {
        let mut governing = context.facts.group(*atom).domains.iter();
        governing.any(|other| of(&model.domains[other.index()].limits))
    };
    let open: Vec<AtomId> = atoms.iter().copied().filter(|atom| !by_domain(atom)).collect();
    if open.is_empty() {
        return !atoms.is_empty();
    }
    let mut tasks = (0..model.tasks.len()).filter(|task| {
        let own = &model.tasks[*task];
        let scope = context.facts.scope(TaskId(*task as u32));
        own.current(model.as_of) && scope.iter().any(|atom| open.binary_search(atom).is_ok())
    });
    let mut some = false;
    let all = tasks.all(|task| {
        some = true;
        of(&model.tasks[task].limits)
    });
    some && all
}
