//! Atoms: a leaf action on a leaf class in a system (`docs/glossary.md`, *Atom*).

use crate::model::{ActionId, DataId, Grant, Model, SystemId};
use crate::model::{Flags, Meta};
use std::collections::HashMap;

pub use crate::model::flow::holds;

/// One thing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom {
    /// A leaf action.
    pub action: ActionId,
    /// A leaf class.
    pub data: DataId,
    /// A system that holds it.
    pub system: SystemId,
}

/// Which atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtomId(pub u32);

impl AtomId {
    /// The place in the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Every atom that some agent reaches, each once.
#[derive(Debug, Default)]
pub struct Atoms {
    /// The atoms.
    pub list: Vec<Atom>,
    known: HashMap<Atom, AtomId>,
}

impl Atoms {
    /// The id of an atom, new or not.
    pub fn intern(&mut self, atom: Atom) -> AtomId {
        let next = AtomId(self.list.len() as u32);
        let id = *self.known.entry(atom).or_insert(next);
        if id == next {
            self.list.push(atom);
        }
        id
    }

    /// The id of an atom, if somebody reaches it.
    pub fn find(&self, atom: Atom) -> Option<AtomId> {
        self.known.get(&atom).copied()
    }

    /// The atom with an id.
    pub fn get(&self, id: AtomId) -> Atom {
        self.list[id.index()]
    }

    pub(super) fn seal(&mut self) {
        self.list.shrink_to_fit();
    }
}

/// The leaves that a list of classes includes, without those of the exceptions.
pub fn leaves(model: &Model, data: &[DataId], except: &[DataId]) -> Vec<DataId> {
    let mut all: Vec<DataId> = data
        .iter()
        .flat_map(|data| model.data[data.index()].leaves.iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    if !except.is_empty() {
        let out: Vec<DataId> = except
            .iter()
            .flat_map(|data| model.data[data.index()].leaves.iter().copied())
            .collect();
        all.retain(|leaf| !out.contains(leaf));
    }
    all
}

/// The atoms that a grant includes, in order.
pub fn expand(model: &Model, grant: &Grant) -> Vec<Atom> {
    let data = leaves(model, &grant.data, &grant.except);
    let actions = &model.actions[grant.action.index()].leaves;
    let mut atoms = Vec::new();
    let mut add = |system: SystemId| {
        for action in actions {
            for leaf in &data {
                if holds(model, system, *leaf) {
                    atoms.push(Atom {
                        action: *action,
                        data: *leaf,
                        system,
                    });
                }
            }
        }
    };
    match grant.systems.is_empty() {
        true => (0..model.systems.len()).for_each(|system| add(SystemId(system as u32))),
        false => grant.systems.iter().for_each(|system| add(*system)),
    }
    atoms
}

/// How severe it is that something can be done; the most severe comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The data is gone afterwards, or the action is irreversible.
    Destroys,
    /// Records differ afterwards.
    Changes,
    /// Somebody else has the data.
    Discloses,
    /// Somebody reads the data.
    Reads,
}

impl Atom {
    /// How severe the operation is.
    pub fn gravity(self, model: &Model) -> Gravity {
        let flags = self.flags(model);
        let mut action = Some(self.action);
        let deletes = std::iter::from_fn(|| {
            let own = &model.actions[action?.index()];
            action = own.parent;
            Some(own)
        })
        .any(|own| &*own.meta.id == "std.prelude.write.delete");
        match (self.mutates(model), deletes || flags.irreversible, flags.discloses) {
            (true, true, _) => Gravity::Destroys,
            (true, false, _) => Gravity::Changes,
            (false, _, true) => Gravity::Discloses,
            (false, _, false) => Gravity::Reads,
        }
    }

    /// The flags of its action and of its class, with the flags that data has brought along by flowing there.
    pub fn flags(self, model: &Model) -> Flags {
        model.actions[self.action.index()].flags.and(self.data_flags(model))
    }

    /// The flags of its class there.
    pub fn data_flags(self, model: &Model) -> Flags {
        let arrived = model.arrived.get(&(self.system, self.data)).copied();
        model.data[self.data.index()].flags.and(arrived.unwrap_or_default())
    }

    /// Whether it changes records.
    pub fn mutates(self, model: &Model) -> bool {
        model.actions[self.action.index()].flags.mutates
    }

    /// Names of action, class and system, as messages show them.
    pub fn names(self, model: &Model) -> (&str, &str, &str) {
        (
            &model.actions[self.action.index()].meta.name,
            &model.data[self.data.index()].meta.name,
            &model.systems[self.system.index()].meta.name,
        )
    }

    /// Names and places of action, class and system.
    pub fn metas(self, model: &Model) -> (&Meta, &Meta, &Meta) {
        (
            &model.actions[self.action.index()].meta,
            &model.data[self.data.index()].meta,
            &model.systems[self.system.index()].meta,
        )
    }
}
