//! Purposes, classes of data, actions.

use crate::model::build::Builder;
use crate::model::{Action, ActionId, Data, DataId, Flags, Meta, Model, Purpose};
use crate::syntax::ast::{Flag, Item};
use crate::syntax::vocabulary::Kind;

impl Builder<'_> {
    pub(super) fn purpose(&mut self, item: &Item) -> Purpose {
        Purpose {
            meta: self.meta(item),
            needs: self.every(item, "needs", "data").into_iter().map(|data| data.value).collect(),
        }
    }

    pub(super) fn data(&mut self, item: &Item, parent: Option<DataId>, model: &mut Model) {
        let id = DataId(model.data.len() as u32);
        let above = parent.map(|parent| {
            (
                parent,
                model.data[parent.index()].flags,
                model.data[parent.index()].meta.name.clone(),
            )
        });
        let meta = self.nested(item, above.as_ref().map(|(_, _, name)| &**name));
        let flags = said(item).and(above.map_or(Flags::default(), |(_, flags, _)| flags));
        model.data.push(Data {
            meta,
            parent,
            flags,
            leaves: Vec::new(),
        });
        for inner in item.block.iter().filter(|inner| inner.clause.declares == Some(Kind::Data)) {
            self.data(inner, Some(id), model);
        }
    }

    pub(super) fn action(&mut self, item: &Item, parent: Option<ActionId>, model: &mut Model) {
        let id = ActionId(model.actions.len() as u32);
        let above = parent.map(|parent| {
            (
                parent,
                model.actions[parent.index()].flags,
                model.actions[parent.index()].meta.name.clone(),
            )
        });
        let meta = self.nested(item, above.as_ref().map(|(_, _, name)| &**name));
        let mut flags = said(item).and(above.map_or(Flags::default(), |(_, flags, _)| flags));
        if parent.is_none() && &*meta.id != "std.prelude.read" {
            // An action that is not known to read may change something.
            flags.mutates = true;
        }
        model.actions.push(Action {
            meta,
            parent,
            flags,
            leaves: Vec::new(),
        });
        for inner in item.block.iter().filter(|inner| inner.clause.declares == Some(Kind::Action)) {
            self.action(inner, Some(id), model);
        }
    }

    fn nested(&self, item: &Item, above: Option<&str>) -> Meta {
        let mut meta = self.meta(item);
        if let Some(above) = above {
            meta.name = format!("{above}.{}", meta.name).into();
        }
        meta
    }
}

fn said(item: &Item) -> Flags {
    let has = |flag: Flag| item.clause(flag.word()).is_some();
    Flags {
        personal: has(Flag::Personal),
        restricted: has(Flag::Restricted),
        mutates: has(Flag::Mutates),
        discloses: has(Flag::Discloses),
        irreversible: has(Flag::Irreversible),
    }
}

/// Computes the leaves. Children come after their parents, so one pass from the end is enough.
pub(super) fn settle(model: &mut Model) {
    for index in (0..model.data.len()).rev() {
        if model.data[index].leaves.is_empty() {
            model.data[index].leaves.push(DataId(index as u32));
        }
        model.data[index].leaves.sort_unstable();
        if let Some(parent) = model.data[index].parent {
            let leaves = model.data[index].leaves.clone();
            model.data[parent.index()].leaves.extend(leaves);
        }
    }
    for index in (0..model.actions.len()).rev() {
        if model.actions[index].leaves.is_empty() {
            model.actions[index].leaves.push(ActionId(index as u32));
        }
        model.actions[index].leaves.sort_unstable();
        if let Some(parent) = model.actions[index].parent {
            let leaves = model.actions[index].leaves.clone();
            model.actions[parent.index()].leaves.extend(leaves);
        }
    }
    let leaves: Vec<Vec<DataId>> = model.data.iter().map(|data| data.leaves.clone()).collect();
    for system in &mut model.systems {
        if let crate::model::Holds::Leaves(held) = &mut system.holds {
            *held = held.iter().flat_map(|data| leaves[data.index()].iter().copied()).collect();
            held.sort_unstable();
            held.dedup();
        }
    }
}
