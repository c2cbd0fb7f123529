//! What a target cannot express: which clauses would be lost, where they are written, and which rules of the
//! standards require them.

use crate::emit::fidelity::Target;
use crate::emit::lower::operation;
use crate::emit::policy::{Group, Policy};
use crate::facts::{AtomId, Facts};
use crate::model::{Model, Requirement};
use crate::source::{Sources, Span};
use std::collections::BTreeMap;
use std::fmt;

/// Something that a target cannot express.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which target.
    pub target: Target,
    /// The group of operations that is affected; all groups if `None`.
    pub group: Option<String>,
    /// What cannot be expressed, and why.
    pub sentence: String,
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

/// A loss in lines: what cannot be expressed, each clause with its place, each rule that requires it with its
/// place.
pub fn told(sources: &Sources, model: &Model, facts: &Facts, policy: &Policy, loss: &Loss) -> Vec<String> {
    let mut lines = vec![format!("{} cannot say what the model says: {}", loss.target.name(), loss.sentence)];
    let named = |group: &&Group| loss.group.as_ref() == Some(&group.id);
    let Some(group) = policy.groups.iter().find(named) else {
        return lines;
    };
    for (id, domain) in group.domains.iter().filter_map(|id| policy.domains.get_key_value(id)) {
        for tier in &domain.tiers {
            lines.push(format!("lost: `approve {}` of {id}, {}", tier.text, tier.source));
        }
        if let Some(emergency) = &domain.emergency {
            lines.push(format!("lost: `emergency` of {id}, {}", emergency.source));
        }
    }
    let urgent = group
        .domains
        .iter()
        .any(|id| policy.domains.get(id).is_some_and(|domain| domain.emergency.is_some()));
    let rules = rules(sources, model, facts, group, urgent);
    if rules.is_empty() {
        lines.push("no standard requires it, but Quorate never writes policies that are weaker than the model".to_owned());
    }
    lines.extend(rules.into_values());
    lines
}

/// The rules in force that ask for approvals of what a group is about, by their places.
fn rules(sources: &Sources, model: &Model, facts: &Facts, group: &Group, urgent: bool) -> BTreeMap<Span, String> {
    let mut rules = BTreeMap::new();
    for (index, all) in facts.applicable.iter().enumerate() {
        let (action, resource) = operation(model, facts.atoms.get(AtomId(index as u32)));
        if !(group.actions.contains(&action) && group.resources.contains(&resource)) {
            continue;
        }
        for applicable in all {
            let rule = applicable.rule(model);
            if about_approvals(&rule.requirement, urgent) {
                let standard = &model.standards[applicable.standard.index()].meta.id;
                let text = rule.text.split_whitespace().collect::<Vec<_>>().join(" ");
                rules.insert(rule.span, format!("required by {standard}: `{text}`, {}", sources.cite(rule.span)));
            }
        }
    }
    rules
}

fn about_approvals(requirement: &Requirement, urgent: bool) -> bool {
    match requirement {
        Requirement::Approvers(_) | Requirement::Approval(_) | Requirement::Bound(_) => true,
        Requirement::Absence(_) => true,
        Requirement::Emergency(..) => urgent,
        Requirement::Rollback(..) | Requirement::Evidence(..) | Requirement::Credential(..) => false,
        Requirement::Basis | Requirement::Scope | Requirement::Stop(_) | Requirement::Enforcement => false,
        Requirement::Waiver(_) | Requirement::Stated => false,
    }
}
