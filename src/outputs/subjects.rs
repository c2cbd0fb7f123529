//! Lists the kinds of declarations that each check has findings about. A check without findings looked at these.

use crate::diagnostic::Code;
use crate::model::{Meta, Model};
use crate::source::{FileId, Span};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

/// Every kind of declaration.
const EVERY: &[Kind] = &[
    Kind::Workspace,
    Kind::Function,
    Kind::Person,
    Kind::Team,
    Kind::Purpose,
    Kind::Data,
    Kind::Action,
    Kind::Provider,
    Kind::Enforcement,
    Kind::System,
    Kind::Identity,
    Kind::Agent,
    Kind::Task,
    Kind::Domain,
    Kind::Ownership,
    Kind::Safeguards,
    Kind::Delegation,
    Kind::Rollback,
    Kind::Ledger,
    Kind::Standard,
    Kind::Framework,
    Kind::Waiver,
    Kind::Test,
];

/// Returns the kinds of declarations that the findings of a code are about.
pub fn kinds(code: &Code) -> &'static [Kind] {
    match code.id {
        "GOV106" => &[Kind::Data],
        "GOV108" => &[Kind::Domain, Kind::Workspace, Kind::Delegation, Kind::Team, Kind::Person],
        "GOV109" | "GOV115" => &[Kind::Domain, Kind::Workspace, Kind::Team],
        "GOV113" => &[Kind::Delegation],
        "GOV119" => &[Kind::Person],
        "GOV123" => &[Kind::Domain, Kind::Workspace, Kind::Waiver],
        "GOV124" => &[Kind::Team, Kind::System, Kind::Enforcement],
        "GOV210" | "GOV301" => &[Kind::Identity, Kind::Agent],
        "GOV305" => &[Kind::Task, Kind::Domain],
        "GOV306" => &[Kind::Task, Kind::Identity, Kind::Agent, Kind::Person, Kind::Team, Kind::System],
        "GOV605" => &[Kind::Agent, Kind::Task, Kind::Identity, Kind::Person, Kind::Team],
        "GOV404" | "GOV603" => &[Kind::Rollback, Kind::Domain],
        "GOV407" => &[Kind::Enforcement],
        "GOV408" => &[Kind::Rollback, Kind::Agent],
        "GOV501" => &[Kind::Domain, Kind::Ledger],
        "GOV505" => &[Kind::Identity, Kind::Agent, Kind::Task],
        "GOV705" => &[Kind::Test],
        "GOV707" => &[Kind::Framework, Kind::Workspace],
        "GOV708" | "GOV709" => &[Kind::Workspace],
        "GOV208" | "GOV307" | "GOV704" | "GOV710" => EVERY,
        "GOV122" | "GOV209" | "GOV302" | "GOV312" | "GOV405" | "GOV601" | "GOV604" | "GOV606" => &[Kind::Agent],
        "GOV201" | "GOV202" | "GOV203" | "GOV204" | "GOV205" | "GOV206" | "GOV207" => &[Kind::Identity],
        "GOV303" | "GOV304" | "GOV309" | "GOV311" | "GOV313" => &[Kind::Task],
        "GOV310" | "GOV406" => &[Kind::System],
        "GOV402" | "GOV403" => &[Kind::Rollback],
        "GOV502" | "GOV503" | "GOV504" => &[Kind::Ledger],
        "GOV701" | "GOV702" | "GOV703" => &[Kind::Waiver],
        _ => &[Kind::Domain],
    }
}

/// The workspace's own declarations of a kind, in the order of the model.
pub(super) fn declared(model: &Model, kind: Kind) -> Vec<&Meta> {
    let mut all: Vec<&Meta> = match kind {
        Kind::Workspace => model.workspace.iter().map(|one| &one.meta).collect(),
        Kind::Function => model.functions.iter().map(|one| &one.meta).collect(),
        Kind::Person => model.people.iter().map(|one| &one.meta).collect(),
        Kind::Team => model.teams.iter().map(|one| &one.meta).collect(),
        Kind::Purpose => model.purposes.iter().map(|one| &one.meta).collect(),
        Kind::Data => model.data.iter().map(|one| &one.meta).collect(),
        Kind::Action => model.actions.iter().map(|one| &one.meta).collect(),
        Kind::Provider => model.providers.iter().map(|one| &one.meta).collect(),
        Kind::Enforcement => model.enforcements.iter().map(|one| &one.meta).collect(),
        Kind::System => model.systems.iter().map(|one| &one.meta).collect(),
        Kind::Identity => model.identities.iter().map(|one| &one.meta).collect(),
        Kind::Agent => model.agents.iter().map(|one| &one.meta).collect(),
        Kind::Task => model.tasks.iter().map(|one| &one.meta).collect(),
        Kind::Domain => model.domains.iter().map(|one| &one.meta).collect(),
        Kind::Ownership => model.ownerships.iter().map(|one| &one.meta).collect(),
        Kind::Safeguards => model.safeguards.iter().map(|one| &one.meta).collect(),
        Kind::Delegation => model.delegations.iter().map(|one| &one.meta).collect(),
        Kind::Rollback => model.rollbacks.iter().map(|one| &one.meta).collect(),
        Kind::Ledger => model.ledgers.iter().map(|one| &one.meta).collect(),
        Kind::Standard => model.standards.iter().map(|one| &one.meta).collect(),
        Kind::Framework => model.frameworks.iter().map(|one| &one.meta).collect(),
        Kind::Waiver => model.waivers.iter().map(|one| &one.meta).collect(),
        Kind::Test => model.tests.iter().map(|one| &one.meta).collect(),
    };
    all.retain(|meta| !meta.library);
    all
}

/// The start of each of the workspace's own declarations, to find the declaration around a location.
pub(super) struct Begins<'m>(BTreeMap<(FileId, u32), (Kind, &'m Meta)>);

impl<'m> Begins<'m> {
    /// Collects the declarations of a model.
    pub(super) fn of(model: &'m Model) -> Begins<'m> {
        let all = EVERY
            .iter()
            .flat_map(|kind| declared(model, *kind).into_iter().map(move |meta| (*kind, meta)));
        Begins(all.map(|one| ((one.1.span.file, one.1.span.start), one)).collect())
    }

    /// The declaration around a location: the last one that begins at or before it, in the same file.
    pub(super) fn around(&self, span: Span) -> Option<(Kind, &'m Meta)> {
        let (_, one) = self.0.range(..=(span.file, span.start)).next_back()?;
        Some(*one).filter(|(_, meta)| meta.span.file == span.file)
    }
}
