//! The quorum to write instead.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::Diagnostic;
use crate::facts::asked::Asked;
use crate::facts::verdict::ways;
use crate::model::domain::Gate;
use crate::model::{FunctionId, Model, Quorum, Requirement, Rule};
use std::collections::BTreeMap;

/// The quorum that a rule of a standard asks for, as it is written there.
fn wanted(rule: &Rule) -> &str {
    rule.text
        .trim_start_matches("require approval ")
        .split(" for ")
        .next()
        .unwrap_or("")
}

/// Adds the edit that puts the quorum of some rules in the place of a domain's own, where whatever meets the new one met the old.
pub fn tighten(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule], finding: Diagnostic) -> Diagnostic {
    let domain = &context.model.domains[case.domain.index()];
    let Some((text, asked)) = joined(context.model, None, rules) else {
        return finding;
    };
    match &domain.tiers[..] {
        [tier] if matches!(tier.gate, Gate::Always) && !case.emergency && entails(&asked, &tier.quorum) => {
            finding.edit(tier.span, format!("approve {text}"))
        }
        _ => finding,
    }
}

/// Whether whatever meets one quorum meets another.
pub fn entails(one: &Quorum, other: &Quorum) -> bool {
    let ways = ways(one).unwrap_or_default();
    let meets = |way: &BTreeMap<_, u32>| other.met(&|function| way.get(&function).copied().unwrap_or(0));
    !ways.is_empty() && ways.iter().all(meets)
}

/// The line that meets some rules and still asks for what is asked for now, with its condition.
pub fn amended(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> String {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let tier = case.cell.cell.tiers.first().copied().flatten().map(|tier| &domain.tiers[tier]);
    let tier = tier.filter(|_| !case.emergency);
    let text = tier.map_or("", |tier| tier.text.trim_start_matches("approve").trim_start());
    let end = [" when ", " otherwise"].iter().filter_map(|word| text.find(word)).min();
    let (present, gate) = text.split_at(end.unwrap_or(text.len()));
    let present = tier.map(|tier| (present.to_owned(), tier.quorum.clone()));
    let text = joined(model, present, rules).map_or(String::new(), |(text, _)| text);
    format!("approve {text}{gate}")
}

/// A quorum that asks for what one asks, and for what each of some rules asks, as it would be written.
fn joined(model: &Model, present: Option<(String, Quorum)>, rules: &[&Rule]) -> Option<(String, Quorum)> {
    rules.iter().fold(present, |present, rule| {
        let Requirement::Approval(asked) = &rule.requirement else {
            return present;
        };
        let wanted = wanted(rule);
        let Some((text, quorum)) = present else {
            return Some((wanted.to_owned(), asked.clone()));
        };
        if entails(asked, &quorum) || quorum.met(&|_| 0) {
            return Some((wanted.to_owned(), asked.clone()));
        }
        if entails(&quorum, asked) {
            return Some((text, quorum));
        }
        let all = |but: Option<FunctionId>| move |function: FunctionId| if Some(function) == but { 0 } else { u32::MAX };
        let needed = |quorum: &Quorum, function: FunctionId| !quorum.met(&all(Some(function)));
        let functions = asked.functions();
        let one_each = functions
            .iter()
            .all(|function| asked.most(*function) == 1 && needed(asked, *function));
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
        Some((text, Quorum::Threshold(2, vec![quorum, asked.clone()])))
    })
}

/// The seats that an edit needs and nobody holds yet.
pub fn seats_for(context: &Context<'_>, case: &Case<'_>, rules: &[&Rule]) -> Vec<String> {
    let model = context.model;
    let domain = &model.domains[case.domain.index()];
    let asked = rules.iter().filter_map(|rule| match &rule.requirement {
        Requirement::Approval(quorum) => Some(quorum.functions()),
        _ => None,
    });
    let mut unheld: Vec<FunctionId> = Vec::new();
    for function in asked.flatten() {
        if !domain.seats.iter().any(|seat| seat.function == function) && !unheld.contains(&function) {
            unheld.push(function);
        }
    }
    let line = |function: FunctionId| {
        format!(
            "owner {} …  in domain {}",
            model.functions[function.index()].meta.name,
            domain.meta.name
        )
    };
    unheld.into_iter().map(line).collect()
}

/// The quorum to write instead, which asks for all the functions that standards ask for here.
pub fn enough(context: &Context<'_>, case: &Case<'_>) -> Option<String> {
    let rules = case.rules(context);
    let rules = demanded(context.model, rules.iter().map(|(asked, _)| *asked));
    let rules: Vec<&Rule> = rules.iter().map(|asked| asked.rule(context.model)).collect();
    (!rules.is_empty()).then(|| amended(context, case, &rules))
}

/// Of some rules those that ask for functions, without the ones that are met wherever another one is.
pub fn demanded(model: &Model, rules: impl IntoIterator<Item = Asked>) -> Vec<Asked> {
    let mut kept: Vec<(Asked, &Quorum)> = Vec::new();
    for asked in rules {
        if let Requirement::Approval(quorum) = &asked.rule(model).requirement
            && !kept.iter().any(|(_, other)| entails(other, quorum))
        {
            kept.retain(|(_, other)| !entails(quorum, other));
            kept.push((asked, quorum));
        }
    }
    kept.into_iter().map(|(asked, _)| asked).collect()
}
