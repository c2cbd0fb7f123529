//! What declarations leave unstated although it may be anything.

use crate::model::{
    AgentId, At, EnforcementId, Holds, IdentityId, IdentityKind, LedgerId, Meta, Model, PeopleQuorum, PersonId, RollbackId, Said, SystemId,
    TeamId,
};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

/// A declaration that leaves something unstated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A person.
    Person(PersonId),
    /// A team.
    Team(TeamId),
    /// An enforcement point.
    Enforcement(EnforcementId),
    /// A system.
    System(SystemId),
    /// An identity.
    Identity(IdentityId),
    /// An agent.
    Agent(AgentId),
    /// A rollback.
    Rollback(RollbackId),
    /// A ledger.
    Ledger(LedgerId),
}

impl Subject {
    /// What kind of declaration it is.
    pub fn kind(self) -> Kind {
        match self {
            Subject::Person(_) => Kind::Person,
            Subject::Team(_) => Kind::Team,
            Subject::Enforcement(_) => Kind::Enforcement,
            Subject::System(_) => Kind::System,
            Subject::Identity(_) => Kind::Identity,
            Subject::Agent(_) => Kind::Agent,
            Subject::Rollback(_) => Kind::Rollback,
            Subject::Ledger(_) => Kind::Ledger,
        }
    }

    /// Its name and place.
    pub fn meta(self, model: &Model) -> &Meta {
        match self {
            Subject::Person(id) => &model.people[id.index()].meta,
            Subject::Team(id) => &model.teams[id.index()].meta,
            Subject::Enforcement(id) => &model.enforcements[id.index()].meta,
            Subject::System(id) => &model.systems[id.index()].meta,
            Subject::Identity(id) => &model.identities[id.index()].meta,
            Subject::Agent(id) => &model.agents[id.index()].meta,
            Subject::Rollback(id) => &model.rollbacks[id.index()].meta,
            Subject::Ledger(id) => &model.ledgers[id.index()].meta,
        }
    }

    /// Who can change it, where it has a clause for that and the files state it.
    pub fn managed_by(self, model: &Model) -> Option<&At<PeopleQuorum>> {
        match self {
            Subject::Team(id) => model.teams[id.index()].managed_by.known(),
            Subject::Enforcement(id) => model.enforcements[id.index()].managed_by.known(),
            Subject::System(id) => model.systems[id.index()].managed_by.known(),
            Subject::Ledger(id) => model.ledgers[id.index()].managed_by.known(),
            Subject::Person(_) | Subject::Identity(_) | Subject::Agent(_) | Subject::Rollback(_) => None,
        }
    }
}

/// A clause that is missing, or that names only people who have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unstated {
    /// Its word.
    pub word: &'static str,
    /// What the clause would state.
    pub says: &'static str,
    /// Where the clause is written, if it exists and everybody whom it names has left.
    pub left: Option<Span>,
    /// When it matters.
    pub(super) matters: Matters,
}

impl Unstated {
    /// Whether an agent may reach anything while it is unstated.
    pub fn opens(self) -> bool {
        self.matters == Matters::Reach
    }
}

/// On which path a clause matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matters {
    /// Wherever the declaration is part of the path.
    Always,
    /// Where the person approves, and does not only administer.
    Approving,
    /// Where data is written or flows to, and not only where something is kept.
    Data,
    /// Wherever an agent uses it: while it is unstated, nobody knows whether the agent changes something.
    Reach,
}

fn missing(absent: bool, word: &'static str, says: &'static str, matters: Matters) -> Option<Unstated> {
    absent.then_some(Unstated {
        word,
        says,
        left: None,
        matters,
    })
}

/// `managed_by`, where it is missing or where everybody it names has left: somebody still manages it, and
/// nobody states who.
fn managing(model: &Model, said: &Said<At<PeopleQuorum>>, says: &'static str) -> Option<Unstated> {
    let left = match said {
        Said::Nothing => None,
        Said::This(quorum) if gone(model, &quorum.value) => Some(quorum.span),
        Said::This(_) => return None,
    };
    Some(Unstated {
        word: "managed_by",
        says,
        left,
        matters: Matters::Always,
    })
}

/// Whether everybody in a quorum has left. `none` is a statement and does not count.
fn gone(model: &Model, quorum: &PeopleQuorum) -> bool {
    let active = |person: PersonId| model.people[person.index()].active(model.as_of);
    match quorum {
        PeopleQuorum::None => false,
        PeopleQuorum::Person(person, _) => !active(*person),
        PeopleQuorum::Team(_, team, _) => {
            let everybody = model.teams[team.index()].everybody();
            everybody.iter().all(|person| !active(person.value))
        }
        PeopleQuorum::Threshold(_, parts) => parts.iter().all(|part| gone(model, part)),
    }
}

fn nothing<T>(said: &Said<T>) -> bool {
    said.known().is_none()
}

/// Every declaration that leaves something unstated, with the missing clauses.
pub fn unstated(model: &Model) -> BTreeMap<Subject, Vec<Unstated>> {
    use Matters::{Always, Approving, Data, Reach};
    let mut all: BTreeMap<Subject, Vec<Unstated>> = BTreeMap::new();
    let mut add = |subject: Subject, clauses: Vec<Option<Unstated>>| {
        let clauses: Vec<Unstated> = clauses.into_iter().flatten().collect();
        if !clauses.is_empty() {
            all.insert(subject, clauses);
        }
    };
    for (one, id) in model.people.iter().zip(0..) {
        let accounts = missing(
            nothing(&one.accounts),
            "accounts",
            "under which names a log may show this person",
            Always,
        );
        let above = missing(nothing(&one.reports_to), "reports_to", "who is above", Approving);
        add(Subject::Person(PersonId(id)), vec![accounts, above]);
    }
    for (one, id) in model.teams.iter().zip(0..) {
        let managed = managing(model, &one.managed_by, "who can change its members");
        let kept = missing(nothing(&one.kept_in), "kept_in", "which system keeps its members", Always);
        add(Subject::Team(TeamId(id)), vec![managed, kept]);
    }
    for (one, id) in model.enforcements.iter().zip(0..) {
        let managed = managing(model, &one.managed_by, "who can change what it lets through");
        let operated = missing(nothing(&one.operated_by), "operated_by", "who runs it", Always);
        let configured = missing(
            nothing(&one.configured_in),
            "configured_in",
            "in which system it is configured",
            Always,
        );
        add(Subject::Enforcement(EnforcementId(id)), vec![managed, operated, configured]);
    }
    for (one, id) in model.systems.iter().zip(0..) {
        let holds = missing(matches!(one.holds, Holds::Unstated), "holds", "what it holds", Data);
        let managed = managing(model, &one.managed_by, "who administers it");
        let feeds = missing(nothing(&one.feeds), "feeds", "where its data flows to", Data);
        add(Subject::System(SystemId(id)), vec![holds, managed, feeds]);
    }
    for (one, id) in model.identities.iter().zip(0..) {
        let issued = missing(one.issued_by.is_none(), "issued_by", "what issues its credentials", Always);
        let assumes = missing(nothing(&one.can_assume), "can_assume", "what else it can become", Reach);
        // A delegated identity can do what the people it acts for let it do.
        let delegated = one.kind.is_some_and(|kind| kind.value == IdentityKind::Delegated);
        let access = missing(!one.access_said && !delegated, "access", "what its credential can do", Reach);
        add(Subject::Identity(IdentityId(id)), vec![issued, assumes, access]);
    }
    for (one, id) in model.agents.iter().zip(0..) {
        let autonomy = missing(one.autonomy.is_none(), "autonomy", "how freely it acts", Always);
        let calls = missing(nothing(&one.calls), "calls", "which agents it calls", Reach);
        add(Subject::Agent(AgentId(id)), vec![autonomy, calls]);
    }
    for (one, id) in model.rollbacks.iter().zip(0..) {
        let operated = missing(nothing(&one.operated_by), "operated_by", "who operates the means for it", Always);
        add(Subject::Rollback(RollbackId(id)), vec![operated]);
    }
    for (one, id) in model.ledgers.iter().zip(0..) {
        let approvals = missing(nothing(&one.approvals), "approvals", "where approvals are kept", Always);
        let managed = managing(model, &one.managed_by, "who could change it");
        add(Subject::Ledger(LedgerId(id)), vec![approvals, managed]);
    }
    all
}
