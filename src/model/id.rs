//! Identifies one declaration of a kind: an index into a list of the [`Model`](crate::model::Model).

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<u32> for $name {
            fn from(index: u32) -> $name {
                $name(index)
            }
        }
    )* };
}

ids! {
    /// A function.
    FunctionId,
    /// A person.
    PersonId,
    /// A team.
    TeamId,
    /// A purpose.
    PurposeId,
    /// A class of data.
    DataId,
    /// An action.
    ActionId,
    /// A provider.
    ProviderId,
    /// An enforcement point.
    EnforcementId,
    /// A system.
    SystemId,
    /// An identity.
    IdentityId,
    /// An agent.
    AgentId,
    /// A task.
    TaskId,
    /// A decision domain.
    DomainId,
    /// Ownership that domains share.
    OwnershipId,
    /// Safeguards that domains share.
    SafeguardsId,
    /// A rollback.
    RollbackId,
    /// A ledger.
    LedgerId,
    /// A standard.
    StandardId,
    /// A framework.
    FrameworkId,
}
