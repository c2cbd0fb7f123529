//! Decision domains, and what documents or undoes a change afterwards.

use crate::model::{
    At, DataId, FunctionId, Grant, IdentityId, LedgerId, Meta, OwnershipId, Party, PeopleQuorum, ProviderId, PurposeId, Quorum, RollbackId,
    SafeguardsId, Said, SystemId,
};
use crate::source::Span;
use crate::syntax::ast::{Condition, Literal};
use jiff::civil::Date;

/// What values an input takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputKind {
    /// An amount in a currency's minor unit, within bounds.
    Money(Box<str>, i64, i64),
    /// A number within bounds.
    Integer(i64, i64),
    /// One of these words.
    OneOf(Vec<Box<str>>),
    /// Yes or no.
    Boolean,
    /// A text, bound and never compared.
    Text,
}

/// Something that a decision depends on.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name in a request.
    pub name: Box<str>,
    /// What it takes.
    pub kind: InputKind,
    /// Where it is written.
    pub span: Span,
}

/// Who holds a function.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Which function.
    pub function: FunctionId,
    /// Who holds it.
    pub owner: At<Party>,
    /// The deputies.
    pub deputies: Vec<At<Party>>,
    /// Where it is written.
    pub span: Span,
}

/// When a quorum applies.
#[derive(Clone, Debug)]
pub enum Gate {
    /// Always.
    Always,
    /// While its condition holds and no condition of an earlier tier does.
    When(Condition),
    /// When no other tier applies.
    Otherwise,
}

/// A quorum and when it applies; tiers are tried in order.
#[derive(Clone, Debug)]
pub struct Tier {
    /// What it takes.
    pub quorum: Quorum,
    /// When.
    pub gate: Gate,
    /// Where it is written.
    pub span: Span,
    /// The text of the line, from the quorum on.
    pub text: Box<str>,
}

/// The most of an input.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Which input.
    pub input: Box<str>,
    /// How much.
    pub most: Literal,
    /// Over how many seconds; in one request if `None`.
    pub per: Option<i64>,
    /// Where it is written.
    pub span: Span,
}

/// What a decision requires in an emergency.
#[derive(Clone, Debug)]
pub struct Emergency {
    /// What it takes.
    pub approve: Option<At<Quorum>>,
    /// For how many seconds.
    pub lasts: Option<i64>,
    /// Where the duration is written.
    pub lasts_span: Option<Span>,
    /// Who reviews it afterwards, and within how many seconds.
    pub review: Option<(Quorum, i64)>,
    /// Where the review is written.
    pub review_span: Option<Span>,
    /// Where it is written.
    pub span: Span,
}

/// A decision domain.
#[derive(Debug)]
pub struct Domain {
    /// Name and place.
    pub meta: Meta,
    /// What it decides.
    pub covers: Vec<Grant>,
    /// What it depends on.
    pub inputs: Vec<Input>,
    /// Who holds which function, by the domain itself and by the ownerships that it names.
    pub seats: Vec<Seat>,
    /// The ownerships that it names.
    pub ownerships: Vec<At<OwnershipId>>,
    /// The safeguards that it names.
    pub safeguards: Vec<At<SafeguardsId>>,
    /// What it takes.
    pub tiers: Vec<Tier>,
    /// Whether one person may stand for several functions.
    pub same_person: Option<Span>,
    /// How long an approval is valid, in seconds.
    pub valid: i64,
    /// Where the duration is written.
    pub valid_span: Option<Span>,
    /// Whether an approval is for the exact action; otherwise it is for the task.
    pub binds_action: bool,
    /// Where the binding is written.
    pub binds_span: Option<Span>,
    /// The most of an input.
    pub limits: Vec<Limit>,
    /// What the data may be used for; `None` if the files do not state it.
    pub purposes: Option<Vec<PurposeId>>,
    /// How long the data is kept, in seconds.
    pub retention: Option<i64>,
    /// How a change is undone.
    pub rollbacks: Vec<At<RollbackId>>,
    /// Where the evidence is kept.
    pub evidence: Option<At<LedgerId>>,
    /// What a decision requires in an emergency.
    pub emergency: Option<Emergency>,
}

impl Domain {
    /// The first tier's place, or the domain's own.
    pub fn approve_span(&self) -> Span {
        self.tiers.first().map_or(self.meta.span, |tier| tier.span)
    }
}

/// How a change is undone.
#[derive(Debug)]
pub struct Rollback {
    /// Name and place.
    pub meta: Meta,
    /// Which classes it restores, where.
    pub restores: Vec<(Vec<DataId>, Vec<SystemId>)>,
    /// `journal`, `snapshot`, `versioned`, `compensate`.
    pub method: Option<Box<str>>,
    /// How fast, in seconds.
    pub within: Option<i64>,
    /// Who runs it.
    pub owner: Option<At<Party>>,
    /// When it was last tested.
    pub tested: Option<At<Date>>,
    /// Who runs the means.
    pub operated_by: Said<ProviderId>,
    /// The identity it runs as.
    pub runs_as: Option<At<IdentityId>>,
    /// Where the restored classes are written.
    pub restores_spans: Vec<Span>,
    /// Where the method is written.
    pub method_span: Option<Span>,
    /// Where the time is written.
    pub within_span: Option<Span>,
}

/// Where approvals are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalPlace {
    /// Each is signed with the approver's own key, so the place does not matter.
    Signed,
    /// In a system, whose administrators could forge them.
    In(SystemId),
}

/// Where the evidence of decisions is kept.
#[derive(Debug)]
pub struct Ledger {
    /// Name and place.
    pub meta: Meta,
    /// What it keeps where.
    pub keeps: Vec<(Vec<DataId>, Vec<SystemId>)>,
    /// Where approvals are kept.
    pub approvals: Said<At<ApprovalPlace>>,
    /// `hash_chain`, `merkle_log`, `worm`, `none`.
    pub tamper_evident: Option<At<Box<str>>>,
    /// The fields of each record; every field, if the clause is missing.
    pub records: Vec<Box<str>>,
    /// How long, in seconds.
    pub retention: Option<At<i64>>,
    /// Who could change it.
    pub managed_by: Said<At<PeopleQuorum>>,
    /// Who runs it.
    pub operated_by: Option<ProviderId>,
    /// Where the kept classes are written.
    pub keeps_spans: Vec<Span>,
    /// Where the fields of each record are written.
    pub records_span: Option<Span>,
}
