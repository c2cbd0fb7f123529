//! The quorum to write instead.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::Diagnostic;
use crate::facts::applicable::ApplicableRule;
use crate::facts::verdict::ways;
use crate::model::domain::Gate;
use crate::model::{Approval, Domain, FunctionId, Meta, Model, Quorum, Requirement, Rule, Seat, Tier};
use std::collections::BTreeMap;

/// The quorum that a rule of a standard asks for, as it is written there, or in local names where the standard
/// has other names.
fn wanted(model: &Model, rule: &Rule) -> String {
    let text = rule
        .text
        .trim_start_matches("require approval ")
        .split(" for ")
        .next()
        .unwrap_or("");
    let Requirement::Approval(applicable) = &rule.requirement else {
        return text.to_owned();
    };
    let words: Vec<&str> = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
    let named = |function: &FunctionId| words.contains(&&*model.functions[function.index()].meta.name);
    match conjunction(applicable).filter(|_| !applicable.functions().iter().all(named)) {
        Some(seats) => written(model, &seats),
        None => text.to_owned(),
    }
}

/// Adds the edit that replaces a domain's quorum with the one of some rules, if every way to meet the new
/// quorum also met the old one.
pub fn tighten(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule], finding: Diagnostic) -> Diagnostic {
    match joined(context.model, None, rules) {
        Some((text, applicable)) => replaced(context, case, &text, &applicable, finding),
        None => finding,
    }
}

/// Adds the edit that asks every function that the domain names, if their number is the wanted one: then only
/// these functions can be meant.
pub fn all_named(context: &Context<'_>, case: &Case<'_>, wanted: usize, finding: Diagnostic) -> Diagnostic {
    let domain = &context.model.domains[case.domain.index()];
    let mut named: Vec<FunctionId> = Vec::new();
    let applicable = tier(context, case).map(|tier| tier.quorum.functions()).into_iter().flatten();
    for function in applicable.chain(domain.seats.iter().map(|seat| seat.function)) {
        if !named.contains(&function) {
            named.push(function);
        }
    }
    if named.len() != wanted {
        return finding;
    }
    let seats: Vec<(FunctionId, u32)> = named.into_iter().map(|function| (function, 1)).collect();
    let parts: Vec<Quorum> = seats.iter().map(|(function, count)| Quorum::Seat(*count, *function)).collect();
    let applicable = Quorum::Threshold(parts.len() as u32, parts);
    replaced(context, case, &written(context.model, &seats), &applicable, finding)
}

/// The tier of a domain that a case falls under.
fn tier<'a>(context: &'a Context<'_>, case: &Case<'_>) -> Option<&'a Tier> {
    let domain = &context.model.domains[case.domain.index()];
    case.cell.cell.tiers.first().copied().flatten().map(|tier| &domain.tiers[tier])
}

/// Adds the edit that replaces the quorum of a case and keeps its condition, if every way to meet the new
/// quorum also met the old one.
fn replaced(context: &Context<'_>, case: &Case<'_>, text: &str, applicable: &Quorum, finding: Diagnostic) -> Diagnostic {
    let (gate, _) = gate_and_place(context, case);
    match tier(context, case) {
        Some(tier) if !case.emergency && entails(applicable, &tier.quorum) && gate.is_empty() == matches!(tier.gate, Gate::Always) => {
            finding.edit(tier.span, format!("approve {text}{gate}"))
        }
        _ => finding,
    }
}

/// Whether every way to meet one quorum also meets another.
fn entails(one: &Quorum, other: &Quorum) -> bool {
    let ways = ways(one).unwrap_or_default();
    let meets = |way: &BTreeMap<_, u32>| other.met(&|function| way.get(&function).copied().unwrap_or(0));
    !ways.is_empty() && ways.iter().all(meets)
}

/// The line that meets some rules, still asks for everything that it asks for now, and keeps its condition.
fn amended(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> String {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let (gate, place) = gate_and_place(context, case);
    let quorums = case.quorums(context);
    let present = quorums
        .into_iter()
        .find(|(own, _)| *own == case.domain)
        .and_then(|(_, quorum)| quorum);
    let tier = case.cell.cell.tiers.first().copied().flatten().map(|tier| &domain.tiers[tier]);
    let text = tier.filter(|_| place.is_empty()).map(|tier| {
        let text = tier.text.trim_start_matches("approve").trim_start();
        text.strip_suffix(&*gate).unwrap_or(text).to_owned()
    });
    let text = joined(model, present.map(|quorum| (text, quorum.clone())), rules).map_or(String::new(), |(text, _)| text);
    format!("approve {text}{gate}{place}")
}

/// A quorum that asks for everything that one quorum and some rules ask for, as a person would write it. The
/// present quorum comes with its text, unless that is written elsewhere.
fn joined(model: &Model, present: Option<(Option<String>, Quorum)>, rules: &[&Rule]) -> Option<(String, Quorum)> {
    let joined = rules.iter().fold(present, |present, rule| match &rule.requirement {
        Requirement::Approval(applicable) => Some(both(model, present, wanted(model, rule), applicable)),
        _ => present,
    });
    joined.and_then(|(text, quorum)| Some((text?, quorum)))
}

/// A quorum that asks for two quorums together, as a person would write it.
fn both(model: &Model, present: Option<(Option<String>, Quorum)>, wanted: String, applicable: &Quorum) -> (Option<String>, Quorum) {
    let Some((text, quorum)) = present.filter(|(_, quorum)| !quorum.met(&|_| 0) && !entails(applicable, quorum)) else {
        return (Some(wanted), applicable.clone());
    };
    if text.is_some() && entails(&quorum, applicable) {
        return (text, quorum);
    }
    let both = Quorum::Threshold(2, vec![quorum.clone(), applicable.clone()]);
    if let Some(seats) = conjunction(&both) {
        return (Some(written(model, &seats)), both);
    }
    let Some(text) = text else {
        return (Some(wanted), applicable.clone());
    };
    let all = |but: Option<FunctionId>| move |function: FunctionId| if Some(function) == but { 0 } else { u32::MAX };
    let needed = |quorum: &Quorum, function: FunctionId| !quorum.met(&all(Some(function)));
    let functions = applicable.functions();
    let one_each = functions
        .iter()
        .all(|function| applicable.most(*function) == 1 && needed(applicable, *function));
    let text = if text.contains(" or ") && !text.starts_with('(') {
        format!("({text})")
    } else {
        text
    };
    let text = match one_each {
        true => {
            let missing = functions.iter().filter(|function| !needed(&quorum, **function));
            let names = missing.map(|function| &*model.functions[function.index()].meta.name);
            let parts: Vec<&str> = std::iter::once(&*text).chain(names).collect();
            parts.join(" and ")
        }
        false => format!("{text} and ({wanted})"),
    };
    (Some(text), both)
}

/// ` when records <= 100`, or `  in the emergency of domain consent`: what follows the quorum, and where it is
/// written.
fn gate_and_place(context: &Context<'_>, case: &Case<'_>) -> (String, String) {
    let domain = &context.model.domains[case.domain.index()];
    let urgent = domain.emergency.as_ref().is_some_and(|emergency| emergency.approve.is_some());
    if case.emergency && urgent {
        return (String::new(), format!("  in the emergency of domain {}", domain.meta.name));
    }
    let tier = case
        .cell
        .cell
        .tiers
        .first()
        .copied()
        .flatten()
        .map(|tier| &*domain.tiers[tier].text);
    let text = tier.unwrap_or("");
    let gate = [" when ", " otherwise"].iter().filter_map(|word| text.find(word)).min();
    (text[gate.unwrap_or(text.len())..].to_owned(), String::new())
}

/// The functions of a quorum that asks for a number of each and nothing else; `None` for other quorums.
fn conjunction(quorum: &Quorum) -> Option<Vec<(FunctionId, u32)>> {
    match quorum {
        Quorum::None => None,
        Quorum::Seat(count, function) => Some(vec![(*function, *count)]),
        Quorum::Threshold(need, parts) if *need as usize == parts.len() => {
            let mut seats: Vec<(FunctionId, u32)> = Vec::new();
            for (function, count) in parts.iter().map(conjunction).collect::<Option<Vec<_>>>()?.concat() {
                match seats.iter_mut().find(|(own, _)| *own == function) {
                    Some((_, own)) => *own = count.max(*own),
                    None => seats.push((function, count)),
                }
            }
            Some(seats)
        }
        Quorum::Threshold(..) => None,
    }
}

/// `business and 2 privacy`
fn written(model: &Model, seats: &[(FunctionId, u32)]) -> String {
    let name = |(function, count): &(FunctionId, u32)| {
        let name = &model.functions[function.index()].meta.name;
        if *count == 1 { name.to_string() } else { format!("{count} {name}") }
    };
    seats.iter().map(name).collect::<Vec<String>>().join(" and ")
}

/// The line that lets this many people decide. Each is of another function, if the domain has owners of that
/// many functions.
pub fn quorum_text(context: &Context<'_>, case: &Case<'_>, wanted: usize, present: &[FunctionId]) -> String {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let (gate, place) = gate_and_place(context, case);
    let mut seats: Vec<(FunctionId, u32)> = Vec::new();
    for function in present.iter().copied().chain(domain.seats.iter().map(|seat| seat.function)) {
        if seats.len() < wanted && seats.iter().all(|(own, _)| *own != function) {
            seats.push((function, 1));
        }
    }
    let short = wanted.saturating_sub(seats.len()) as u32;
    match seats.first_mut() {
        Some((_, count)) => {
            *count += short;
            format!("approve {}{gate}{place}", written(model, &seats))
        }
        None => format!("approve business{gate};  owner business …  in domain {}", domain.meta.name),
    }
}

/// The whole edit that meets some rules: the line, the owners that are still missing, and the names that the
/// file must `use`.
pub fn whole(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> String {
    let mut parts = vec![amended(context, case, rules)];
    parts.extend(seats_for(context, case, rules));
    parts.extend(uses_for(context, case, rules));
    parts.join(";  ")
}

/// The functions that some rules ask for, each once.
fn asked_for(rules: &[&Rule]) -> Vec<FunctionId> {
    let mut all: Vec<FunctionId> = Vec::new();
    for rule in rules {
        if let Requirement::Approval(quorum) = &rule.requirement {
            let new = quorum.functions().into_iter().filter(|function| !all.contains(function));
            let new: Vec<FunctionId> = new.collect();
            all.extend(new);
        }
    }
    all
}

/// The functions that the file of the edit must bring in, unless the file mentions them already.
fn uses_for(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> Vec<String> {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let module = |meta: &Meta| meta.id.strip_suffix(&*meta.name).unwrap_or("").to_owned();
    let file = domain.meta.span.file;
    let here = |meta: &Meta| meta.span.file == file;
    // A name that stands anywhere in that file can be written there again.
    let spoken_of = |function: FunctionId| {
        let seated = |seats: &[Seat]| seats.iter().any(|seat| seat.function == function);
        let among = |quorum: &Quorum| quorum.functions().contains(&function);
        let of_domain = |domain: &Domain| {
            let urgent = domain.emergency.iter();
            let approve = urgent.clone().filter_map(|own| own.approve.as_ref()).map(|at| &at.value);
            let review = urgent.filter_map(|own| own.review.as_ref()).map(|(quorum, _)| quorum);
            let mut quorums = domain.tiers.iter().map(|tier| &tier.quorum).chain(approve).chain(review);
            seated(&domain.seats) || quorums.any(among)
        };
        let of_rule = |rule: &Rule| matches!(&rule.requirement, Requirement::Approval(quorum) if among(quorum));
        let signed = |approval: &Approval| approval.given.iter().any(|(own, ..)| *own == function);
        let workspace = model.workspace.as_ref().filter(|own| here(&own.meta));
        let changes = || workspace.and_then(|own| own.changes.as_ref()).is_some_and(|at| among(&at.value));
        let mut domains = model.domains.iter().filter(|own| here(&own.meta));
        let mut standards = model.standards.iter().filter(|own| here(&own.meta));
        let mut delegations = model.delegations.iter().filter(|own| here(&own.meta));
        let mut tasks = model.tasks.iter().filter(|own| here(&own.meta));
        let mut waivers = model.waivers.iter().filter(|own| here(&own.meta));
        domains.any(of_domain)
            || workspace.is_some_and(|own| seated(&own.seats))
            || changes()
            || standards.any(|own| own.rules.iter().any(of_rule))
            || delegations.any(|own| own.functions.iter().any(|at| at.value.0 == function))
            || tasks.any(|own| own.approved.iter().any(signed))
            || waivers.any(|own| own.approved.iter().any(signed))
    };
    let unknown = asked_for(rules).into_iter().filter(|function| {
        let meta = &model.functions[function.index()].meta;
        !meta.library && module(meta) != module(&domain.meta) && !spoken_of(*function)
    });
    unknown
        .map(|function| format!("use {}  at the top of that file", model.functions[function.index()].meta.id))
        .collect()
}

/// The seats that an edit needs and that nobody holds yet.
fn seats_for(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> Vec<String> {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let held = |function: &FunctionId| domain.seats.iter().any(|seat| seat.function == *function);
    let unheld = asked_for(rules).into_iter().filter(|function| !held(function));
    let line = |function: FunctionId| {
        format!(
            "owner {} …  in domain {}",
            model.functions[function.index()].meta.name,
            domain.meta.name
        )
    };
    unheld.map(line).collect()
}

/// The rules that ask for functions here, without those that another rule already implies.
pub fn demands<'a>(context: &'a Context<'_>, case: &Case<'_>) -> Vec<&'a Rule> {
    let rules = case.rules(context).into_iter().map(|(applicable, _)| applicable);
    let rules = demanded(context.model, rules);
    rules.into_iter().map(|applicable| applicable.rule(context.model)).collect()
}

/// The quorum to write instead. It asks for all the functions that standards ask for here.
pub fn enough(context: &Context<'_>, case: &Case<'_>) -> Option<String> {
    let rules = demands(context, case);
    (!rules.is_empty()).then(|| amended(context, case, &rules))
}

/// The rules that ask for functions, without those that another rule already implies.
pub fn demanded(model: &Model, rules: impl IntoIterator<Item = ApplicableRule>) -> Vec<ApplicableRule> {
    let mut kept: Vec<(ApplicableRule, &Quorum)> = Vec::new();
    for applicable in rules {
        if let Requirement::Approval(quorum) = &applicable.rule(model).requirement
            && !kept.iter().any(|(_, other)| entails(other, quorum))
        {
            kept.retain(|(_, other)| !entails(quorum, other));
            kept.push((applicable, quorum));
        }
    }
    kept.into_iter().map(|(applicable, _)| applicable).collect()
}
