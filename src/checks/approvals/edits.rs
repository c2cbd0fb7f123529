//! The quorum to write instead.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::Diagnostic;
use crate::facts::verdict::ways;
use crate::model::domain::Gate;
use crate::model::{Domain, FunctionId, Meta, Model, Quorum, Requirement, Rule};
use std::collections::BTreeMap;

/// The quorum that a rule of a standard asks for, as it is written there; by its own names where the standard has others for them.
fn wanted(model: &Model, rule: &Rule) -> String {
    let text = rule
        .text
        .trim_start_matches("require approval ")
        .split(" for ")
        .next()
        .unwrap_or("");
    let Requirement::Approval(asked) = &rule.requirement else {
        return text.to_owned();
    };
    let words: Vec<&str> = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
    let named = |function: &FunctionId| words.contains(&&*model.functions[function.index()].meta.name);
    match conjunction(asked).filter(|_| !asked.functions().iter().all(named)) {
        Some(seats) => written(model, &seats),
        None => text.to_owned(),
    }
}

/// Adds the edit that puts the quorum of a rule in the place of a domain's own, where whatever meets the new one met the old.
pub fn tighten(context: &Context<'_>, case: &Case<'_>, rule: &Rule, finding: Diagnostic) -> Diagnostic {
    let domain = &context.model.domains[case.domain.index()];
    let Requirement::Approval(asked) = &rule.requirement else {
        return finding;
    };
    match &domain.tiers[..] {
        [tier] if matches!(tier.gate, Gate::Always) && !case.emergency && entails(asked, &tier.quorum) => {
            finding.edit(tier.span, format!("approve {}", wanted(context.model, rule)))
        }
        _ => finding,
    }
}

/// Whether whatever meets one quorum meets another.
fn entails(one: &Quorum, other: &Quorum) -> bool {
    let ways = ways(one).unwrap_or_default();
    let meets = |way: &BTreeMap<_, u32>| other.met(&|function| way.get(&function).copied().unwrap_or(0));
    !ways.is_empty() && ways.iter().all(meets)
}

/// The line that meets a rule and still asks for what is asked for now, with its condition.
pub fn amended(context: &Context<'_>, case: &Case<'_>, rule: &Rule) -> String {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let wanted = wanted(model, rule);
    let (gate, place) = gate_and_place(context, case);
    let Requirement::Approval(asked) = &rule.requirement else {
        return format!("approve {wanted}{gate}{place}");
    };
    let present = case.quorums(context).into_iter().find(|(own, _)| *own == case.domain);
    let Some(present) = present.and_then(|(_, quorum)| quorum).filter(|present| !present.met(&|_| 0)) else {
        return format!("approve {wanted}{gate}{place}");
    };
    if entails(asked, present) {
        return format!("approve {wanted}{gate}{place}");
    }
    if let Some((mut seats, more)) = conjunction(present).zip(conjunction(asked)) {
        for (function, count) in more {
            match seats.iter_mut().find(|(own, _)| *own == function) {
                Some((_, own)) => *own = count.max(*own),
                None => seats.push((function, count)),
            }
        }
        return format!("approve {}{gate}{place}", written(model, &seats));
    }
    let tier = case.cell.cell.tiers.first().copied().flatten().map(|tier| &domain.tiers[tier]);
    let Some(tier) = tier.filter(|_| place.is_empty()) else {
        return format!("approve {wanted}{gate}{place}");
    };
    let text = tier.text.trim_start_matches("approve").trim_start();
    let text = text.strip_suffix(&*gate).unwrap_or(text);
    let all = |but: Option<FunctionId>| move |function: FunctionId| if Some(function) == but { 0 } else { u32::MAX };
    let needed = |quorum: &Quorum, function: FunctionId| !quorum.met(&all(Some(function)));
    let functions = asked.functions();
    let one_each = functions
        .iter()
        .all(|function| asked.most(*function) == 1 && needed(asked, *function));
    let present = if text.contains(" or ") && !text.starts_with('(') {
        format!("({text})")
    } else {
        text.to_owned()
    };
    match one_each {
        true => {
            let missing = functions.iter().filter(|function| !needed(&tier.quorum, **function));
            let names = missing.map(|function| &*model.functions[function.index()].meta.name);
            let parts: Vec<&str> = std::iter::once(&*present).chain(names).collect();
            format!("approve {}{gate}", parts.join(" and "))
        }
        false => format!("approve {present} and ({wanted}){gate}"),
    }
}

/// ` when records <= 100`, or `  in the emergency of domain consent`: what stands behind the quorum, and where it is written.
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

/// The functions of a quorum that asks for so many of each, and nothing else.
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

/// The line that lets so many people decide, each of another function as far as the domain has owners of so many.
pub fn so_many(context: &Context<'_>, case: &Case<'_>, wanted: usize, present: &[FunctionId]) -> String {
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

/// The whole edit that meets a rule: the line, the owners that it needs and nobody is yet, and the names it has to bring in.
pub fn whole(context: &Context<'_>, case: &Case<'_>, rule: &Rule) -> String {
    let mut parts = vec![amended(context, case, rule)];
    parts.extend(seats_for(context, case, rule));
    parts.extend(uses_for(context, case, rule));
    parts.join(";  ")
}

/// The functions that have to be brought in where the edit goes, as far as nothing in that file speaks of them.
fn uses_for(context: &Context<'_>, case: &Case<'_>, rule: &Rule) -> Vec<String> {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let Requirement::Approval(asked) = &rule.requirement else {
        return Vec::new();
    };
    let module = |meta: &Meta| meta.id.strip_suffix(&*meta.name).unwrap_or("").to_owned();
    let here = |other: &&Domain| other.meta.span.file == domain.meta.span.file;
    let spoken_of = |function: FunctionId| {
        let mut domains = model.domains.iter().filter(here);
        domains.any(|domain| {
            let mut quorums = domain.tiers.iter().map(|tier| &tier.quorum);
            domain.seats.iter().any(|seat| seat.function == function) || quorums.any(|quorum| quorum.functions().contains(&function))
        })
    };
    let unknown = asked.functions().into_iter().filter(|function| {
        let meta = &model.functions[function.index()].meta;
        !meta.library && module(meta) != module(&domain.meta) && !spoken_of(*function)
    });
    unknown
        .map(|function| format!("use {}  at the top of that file", model.functions[function.index()].meta.id))
        .collect()
}

/// The seats that an edit needs and nobody holds yet.
fn seats_for(context: &Context<'_>, case: &Case<'_>, rule: &Rule) -> Vec<String> {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let Requirement::Approval(asked) = &rule.requirement else {
        return Vec::new();
    };
    let unheld = asked
        .functions()
        .into_iter()
        .filter(|function| !domain.seats.iter().any(|seat| seat.function == *function));
    let line = |function: FunctionId| {
        format!(
            "owner {} …  in domain {}",
            model.functions[function.index()].meta.name,
            domain.meta.name
        )
    };
    unheld.map(line).collect()
}

/// The quorum to write instead: the one with the most functions that a standard asks for here.
pub fn enough(context: &Context<'_>, case: &Case<'_>) -> Option<String> {
    strictest(context, case).map(|rule| amended(context, case, rule))
}

/// The rule that asks for the most functions here.
pub fn strictest<'a>(context: &'a Context<'_>, case: &Case<'_>) -> Option<&'a Rule> {
    let rules = case
        .rules(context)
        .into_iter()
        .filter_map(|(asked, _)| match &asked.rule(context.model).requirement {
            Requirement::Approval(quorum) => Some((quorum.functions().len(), asked.rule(context.model))),
            _ => None,
        });
    rules.rev().max_by_key(|(functions, _)| *functions).map(|(_, rule)| rule)
}
