//! What the standards in force ask of an atom.

use crate::facts::atom::{Atom, Atoms};
use crate::model::{Model, Rule, StandardId};
use rayon::prelude::*;

/// A rule that applies to an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApplicableRule {
    /// The standard.
    pub standard: StandardId,
    /// Its index among the rules of the standard; small, because every atom has a list of these.
    pub rule: u32,
    /// Whether it holds only in some cells.
    pub conditional: bool,
}

impl ApplicableRule {
    /// The rule itself.
    pub fn rule<'a>(&self, model: &'a Model) -> &'a Rule {
        &model.standards[self.standard.index()].rules[self.rule as usize]
    }
}

/// For each atom, the applicable rules of the standards in force, without those that another rule replaces
/// there.
pub fn applicable(model: &Model, atoms: &Atoms) -> Vec<Vec<ApplicableRule>> {
    atoms.list.par_iter().map(|atom| applicable_to(model, *atom)).collect()
}

fn applicable_to(model: &Model, atom: Atom) -> Vec<ApplicableRule> {
    let mut found = Vec::new();
    let mut replaced: Vec<(StandardId, u32)> = Vec::new();
    for standard in &model.adoption.standards {
        for (index, rule) in model.standards[standard.index()].rules.iter().enumerate() {
            let Some(select) = &rule.select else {
                continue;
            };
            let system = select.system.is_none_or(|system| system == atom.system);
            if system && select.speaks_of(model, (atom.action, atom.data), atom.data_flags(model)) {
                let others = rule.in_place_of.iter();
                replaced.extend(others.flat_map(|other| other.lines.iter().map(|line| (other.standard, *line))));
                found.push(ApplicableRule {
                    standard: *standard,
                    rule: index as u32,
                    conditional: select.when.is_some(),
                });
            }
        }
    }
    if !replaced.is_empty() {
        found.retain(|applicable| !replaced.contains(&(applicable.standard, applicable.rule)));
    }
    found.shrink_to_fit();
    found
}
