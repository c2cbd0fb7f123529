//! The quorum to write instead.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::Diagnostic;
use crate::facts::verdict::ways;
use crate::model::domain::Gate;
use crate::model::{FunctionId, Quorum, Requirement, Rule};
use std::collections::BTreeMap;

/// The quorum that a rule of a standard asks for, as it is written there.
fn wanted(rule: &Rule) -> &str {
    rule.text
        .trim_start_matches("require approval ")
        .split(" for ")
        .next()
        .unwrap_or("")
}

/// Adds the edit that puts the quorum of a rule in the place of a domain's own, where whatever meets the new one met the old.
pub fn tighten(context: &Context<'_>, case: &Case<'_>, rule: &Rule, finding: Diagnostic) -> Diagnostic {
    let domain = &context.model.domains[case.domain.index()];
    let Requirement::Approval(asked) = &rule.requirement else {
        return finding;
    };
    match &domain.tiers[..] {
        [tier] if matches!(tier.gate, Gate::Always) && !case.emergency && entails(asked, &tier.quorum) => {
            finding.edit(tier.span, format!("approve {}", wanted(rule)))
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
    let wanted = wanted(rule);
    let Requirement::Approval(asked) = &rule.requirement else {
        return format!("approve {wanted}");
    };
    let tier = case.cell.cell.tiers.first().copied().flatten().map(|tier| &domain.tiers[tier]);
    let Some(tier) = tier.filter(|_| !case.emergency) else {
        return format!("approve {wanted}");
    };
    let text = tier.text.trim_start_matches("approve").trim_start();
    let end = [" when ", " otherwise"].iter().filter_map(|word| text.find(word)).min();
    let (present, gate) = text.split_at(end.unwrap_or(text.len()));
    if entails(asked, &tier.quorum) || tier.quorum.met(&|_| 0) {
        return format!("approve {wanted}{gate}");
    }
    let all = |but: Option<FunctionId>| move |function: FunctionId| if Some(function) == but { 0 } else { u32::MAX };
    let needed = |quorum: &Quorum, function: FunctionId| !quorum.met(&all(Some(function)));
    let functions = asked.functions();
    let one_each = functions
        .iter()
        .all(|function| asked.most(*function) == 1 && needed(asked, *function));
    let present = if present.contains(" or ") && !present.starts_with('(') {
        format!("({present})")
    } else {
        present.to_owned()
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

/// The seats that an edit needs and nobody holds yet.
pub fn seats_for(context: &Context<'_>, case: &Case<'_>, rule: &Rule) -> Vec<String> {
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
