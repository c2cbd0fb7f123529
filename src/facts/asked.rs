//! What the standards in force ask of an atom.

use crate::facts::atom::{Atom, Atoms};
use crate::model::{ActionId, DataId, Model, Rule, Selector, StandardId};
use rayon::prelude::*;

/// A rule that speaks of an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// The standard.
    pub standard: StandardId,
    /// Which of its rules; small, for there is a list of these for every atom.
    pub rule: u32,
    /// Whether it holds only in some cells.
    pub conditional: bool,
}

impl Asked {
    /// The rule itself.
    pub fn rule<'a>(&self, model: &'a Model) -> &'a Rule {
        &model.standards[self.standard.index()].rules[self.rule as usize]
    }
}

/// For each atom, the rules of the standards in force that speak of it.
pub fn asked(model: &Model, atoms: &Atoms) -> Vec<Vec<Asked>> {
    atoms.list.par_iter().map(|atom| asked_of(model, *atom)).collect()
}

fn asked_of(model: &Model, atom: Atom) -> Vec<Asked> {
    let mut found = Vec::new();
    for standard in &model.adoption.standards {
        for (index, rule) in model.standards[standard.index()].rules.iter().enumerate() {
            let Some(select) = &rule.select else {
                continue;
            };
            let system = select.system.is_none_or(|system| system == atom.system);
            if system && action(model, select.action, atom.action) && data(model, select.data, atom) {
                found.push(Asked {
                    standard: *standard,
                    rule: index as u32,
                    conditional: select.when.is_some(),
                });
            }
        }
    }
    found.shrink_to_fit();
    found
}

fn action(model: &Model, selector: Selector<ActionId>, leaf: ActionId) -> bool {
    match selector {
        Selector::Any => true,
        Selector::Flag(flag) => model.actions[leaf.index()].flags.has(flag),
        Selector::Name(action) => model.actions[action.index()].leaves.binary_search(&leaf).is_ok(),
    }
}

fn data(model: &Model, selector: Selector<DataId>, atom: Atom) -> bool {
    match selector {
        Selector::Any => true,
        Selector::Flag(flag) => atom.data_flags(model).has(flag),
        Selector::Name(data) => model.data[data.index()].leaves.binary_search(&atom.data).is_ok(),
    }
}
