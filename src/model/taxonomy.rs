//! Purposes, classes of data, actions, and the phrase that joins them.

use crate::model::{ActionId, DataId, Meta, SystemId};
use crate::source::Span;
use crate::syntax::ast::Flag;

/// What data is used for.
#[derive(Debug)]
pub struct Purpose {
    /// Name and place.
    pub meta: Meta,
    /// What it must read.
    pub needs: Vec<DataId>,
}

/// The flags of an action or a class, with the inherited ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// About people.
    pub personal: bool,
    /// Not for everybody.
    pub restricted: bool,
    /// Changes records.
    pub mutates: bool,
    /// Takes data out.
    pub discloses: bool,
    /// Cannot be taken back.
    pub irreversible: bool,
}

impl Flags {
    /// Whether it carries a flag.
    pub fn has(self, flag: Flag) -> bool {
        match flag {
            Flag::Personal => self.personal,
            Flag::Restricted => self.restricted,
            Flag::Mutates => self.mutates,
            Flag::Discloses => self.discloses,
            Flag::Irreversible => self.irreversible,
        }
    }

    /// The flags of both.
    pub fn and(self, other: Flags) -> Flags {
        Flags {
            personal: self.personal || other.personal,
            restricted: self.restricted || other.restricted,
            mutates: self.mutates || other.mutates,
            discloses: self.discloses || other.discloses,
            irreversible: self.irreversible || other.irreversible,
        }
    }
}

/// A class of data.
#[derive(Debug)]
pub struct Data {
    /// Name and place; the name has the names of the classes around it, as `customer.consent`.
    pub meta: Meta,
    /// The class it is part of.
    pub parent: Option<DataId>,
    /// Its flags.
    pub flags: Flags,
    /// The leaves below it, or itself.
    pub leaves: Vec<DataId>,
}

/// Something that can be done to data.
#[derive(Debug)]
pub struct Action {
    /// Name and place; the name has the names of the actions around it, as `write.update`.
    pub meta: Meta,
    /// The action it is part of.
    pub parent: Option<ActionId>,
    /// Its flags; what is not part of the library's `read` mutates.
    pub flags: Flags,
    /// The leaves below it, or itself.
    pub leaves: Vec<ActionId>,
}

/// Action, classes, systems.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What is done.
    pub action: ActionId,
    /// To which classes.
    pub data: Vec<DataId>,
    /// But not to these.
    pub except: Vec<DataId>,
    /// Where; if empty, everywhere that the class is held.
    pub systems: Vec<SystemId>,
    /// Where it is written.
    pub span: Span,
}
