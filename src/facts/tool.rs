//! What the tool calls of the systems do (`docs/language.md`, *system*).

use crate::facts::atom::{Atom, expand};
use crate::model::{Grant, Model, SystemId, Tool};
use crate::words::literal;
use std::collections::{BTreeSet, HashMap};

/// A tool call of a system with everything that it does.
#[derive(Clone, Debug)]
pub struct ToolCall {
    /// The system that declares it.
    pub system: SystemId,
    /// Its index among the tools of that system.
    pub at: usize,
    /// All that it does, each once and in order.
    pub does: Vec<Atom>,
}

/// Every tool call that does something, in the order of the files.
#[derive(Debug, Default)]
pub struct Tools {
    /// The tool calls.
    pub list: Vec<ToolCall>,
    by: HashMap<Atom, Vec<usize>>,
}

/// What a tool call of a system does by one grant. A tool acts in its own system unless it says otherwise.
pub fn does(model: &Model, system: SystemId, grant: &Grant) -> Vec<Atom> {
    match grant.systems.is_empty() {
        true => expand(
            model,
            &Grant {
                systems: vec![system],
                ..grant.clone()
            },
        ),
        false => expand(model, grant),
    }
}

impl Tools {
    /// The tool calls of a model.
    pub fn of(model: &Model) -> Tools {
        let mut tools = Tools::default();
        for (index, own) in model.systems.iter().enumerate() {
            let system = SystemId(index as u32);
            for (at, tool) in own.tools.iter().enumerate() {
                let all: BTreeSet<Atom> = tool.does.iter().flat_map(|grant| does(model, system, grant)).collect();
                for atom in &all {
                    tools.by.entry(*atom).or_default().push(tools.list.len());
                }
                tools.list.push(ToolCall {
                    system,
                    at,
                    does: all.into_iter().collect(),
                });
            }
        }
        tools
    }

    /// The indexes of the tool calls that do one of these things, in order.
    pub fn inside(&self, atoms: impl Iterator<Item = Atom>) -> BTreeSet<usize> {
        atoms.flat_map(|atom| self.doing(atom)).copied().collect()
    }

    /// The indexes of the tool calls that do this.
    pub fn doing(&self, atom: Atom) -> &[usize] {
        self.by.get(&atom).map_or(&[], |places| places)
    }

    /// The lines of the tool calls at these indexes, in order.
    pub fn lines(&self, model: &Model, places: &BTreeSet<usize>) -> Vec<String> {
        let calls = places.iter().filter_map(|place| self.list.get(*place));
        let mut lines: Vec<String> = calls.flat_map(|call| call.lines(model)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

impl ToolCall {
    /// The name that callers use.
    pub fn name<'a>(&self, model: &'a Model) -> &'a str {
        &self.declared(model).name
    }

    /// Its declaration.
    pub fn declared<'a>(&self, model: &'a Model) -> &'a Tool {
        &model.systems[self.system.index()].tools[self.at]
    }

    /// A line for each thing that it does.
    pub fn lines(&self, model: &Model) -> impl Iterator<Item = String> {
        self.does.iter().map(|atom| self.line(model, *atom))
    }

    /// The line of something that it does, or that it could do.
    pub fn line(&self, model: &Model, atom: Atom) -> String {
        let (action, data, system) = atom.metas(model);
        let own = &model.systems[self.system.index()].meta.id;
        let name = literal::quoted(self.name(model));
        format!("tool {name} in {own} does {} {} in {}", action.id, data.id, system.id)
    }
}
