//! What a workspace means: plain data, one file for each kind of declaration, every fact with its place.

use crate::source::Span;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub mod agent;
pub mod build;
pub mod canonical;
pub mod domain;
pub mod flow;
pub mod framework;
pub mod id;
pub mod people;
pub mod quorum;
pub mod replacing;
pub mod shared;
pub mod spelling;
pub mod stand_in;
pub mod standard;
pub mod system;
pub mod taxonomy;
pub mod ways;
pub mod workspace;

pub use agent::{ActsFor, Agent, Call, Credential, Identity, IdentityKind, Task};
pub use domain::{Domain, Emergency, Input, InputKind, Ledger, Limit, Rollback, Seat, Tier};
pub use framework::{Control, Evidence, Framework};
pub use id::*;
pub use people::{Delegation, Function, Party, Person, Team};
pub use quorum::{PeopleQuorum, Quorum};
pub use shared::{Ownership, Safeguards};
pub use standard::{InPlaceOf, Requirement, Rule, Select, Selector, Standard};
pub use system::{Carried, Enforcement, Feed, Holds, OnFailure, Provider, System, Tool};
pub use taxonomy::{Action, Data, Flags, Grant, Purpose};
pub use workspace::{Adoption, Approval, Expectation, Given, Test, Waived, Waiver, Workspace};

/// What every declaration has.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Module and name.
    pub id: Box<str>,
    /// The name within its module, as its authors wrote it.
    pub name: Box<str>,
    /// The title, where one is given.
    pub title: Option<Box<str>>,
    /// The `///` lines.
    pub documentation: Box<str>,
    /// The line that declares it.
    pub span: Span,
    /// Whether the standard library declares it.
    pub library: bool,
}

impl Meta {
    /// The title, or else the name.
    pub fn shown(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

/// A value and where it is written.
#[derive(Clone, Copy, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// The content of a clause, or that the clause is missing: a missing clause is never read as none.
#[derive(Clone, Debug)]
pub enum Said<T> {
    /// The clause is missing.
    Nothing,
    /// The clause is there.
    This(T),
}

impl<T> Said<T> {
    /// The content of the clause, if it is present.
    pub fn known(&self) -> Option<&T> {
        match self {
            Said::Nothing => None,
            Said::This(value) => Some(value),
        }
    }
}

/// The whole workspace as of one day.
#[derive(Debug)]
pub struct Model {
    /// The name of the workspace.
    pub name: Box<str>,
    /// The day as of which it is read.
    pub as_of: Date,
    /// The `workspace` declaration.
    pub workspace: Option<Workspace>,
    /// The places of declarations that nothing names.
    pub unused: BTreeSet<Span>,
    /// What the workspace adopts.
    pub adoption: Adoption,
    /// Functions.
    pub functions: Vec<Function>,
    /// Persons.
    pub people: Vec<Person>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Purposes.
    pub purposes: Vec<Purpose>,
    /// Classes of data, parents before children.
    pub data: Vec<Data>,
    /// Actions, parents before children.
    pub actions: Vec<Action>,
    /// Providers.
    pub providers: Vec<Provider>,
    /// Enforcement points.
    pub enforcements: Vec<Enforcement>,
    /// Systems.
    pub systems: Vec<System>,
    /// The flags that classes have in a system because of what flows there, and that the classes themselves
    /// lack.
    pub arrived: BTreeMap<flow::Location, Flags>,
    /// Identities.
    pub identities: Vec<Identity>,
    /// Agents.
    pub agents: Vec<Agent>,
    /// Tasks.
    pub tasks: Vec<Task>,
    /// Decision domains.
    pub domains: Vec<Domain>,
    /// Ownerships that domains share.
    pub ownerships: Vec<Ownership>,
    /// Safeguards that domains share.
    pub safeguards: Vec<Safeguards>,
    /// Delegations.
    pub delegations: Vec<Delegation>,
    /// Rollbacks.
    pub rollbacks: Vec<Rollback>,
    /// Ledgers.
    pub ledgers: Vec<Ledger>,
    /// Standards, adopted or not.
    pub standards: Vec<Standard>,
    /// Frameworks, adopted or not.
    pub frameworks: Vec<Framework>,
    /// Waivers.
    pub waivers: Vec<Waiver>,
    /// Tests.
    pub tests: Vec<Test>,
}
