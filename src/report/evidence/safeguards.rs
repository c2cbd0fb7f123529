//! What protects a change besides the people: rollbacks, ledgers, enforcement points.

use crate::model::domain::Limit;
use crate::model::{Domain, EnforcementId, LedgerId, RollbackId};
use crate::report::evidence::reading::Reading;
use crate::report::evidence::{Line, words};
use crate::words::duration;
use serde::Serialize;

/// A rollback, which undoes a change.
#[derive(Clone, Debug, Serialize)]
pub struct Rollback {
    /// The name of the rollback.
    pub name: String,
    /// The title of the rollback; its name if it has no title.
    pub title: String,
    /// What it restores, such as `customer.consent in crm, cdp`.
    pub restores: Vec<String>,
    /// The method of the rollback; `None` if the files do not state it.
    pub method: Option<String>,
    /// How long the rollback takes at most, such as `4 hours`; `None` if the files do not state it.
    pub within: Option<String>,
    /// Who runs the rollback; `None` if the files do not state it.
    pub owner: Option<String>,
    /// The date of the last test that the files declare, as YYYY-MM-DD; `None` if they declare none.
    pub tested: Option<Line>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// A ledger, which keeps the evidence of decisions.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// The name of the ledger.
    pub name: String,
    /// The title of the ledger; its name if it has no title.
    pub title: String,
    /// How a reader can detect a change, such as `hash chain`; `None` if the files do not state it.
    pub tamper_evident: Option<Line>,
    /// How long records are kept, such as `7 years`; `None` if the files do not state it.
    pub retention: Option<Line>,
    /// Where approvals are kept, or that each is signed by the approver; `None` if the files do not state it.
    pub approvals: Option<Line>,
    /// Who can change the ledger, in words; `None` if the files do not state it.
    pub managed_by: Option<Line>,
    /// The fields of each record, such as `agent`.
    pub records: Vec<String>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// An enforcement point in front of systems.
#[derive(Clone, Debug, Serialize)]
pub struct Enforcement {
    /// The title of the enforcement point; its name if it has no title.
    pub title: String,
    /// The policy engine; `None` if the files do not state it.
    pub engine: Option<String>,
    /// What happens if the enforcement point cannot decide, in words; `None` if the files do not state it.
    pub on_failure: Option<&'static str>,
    /// Who can change what the enforcement point lets through, in words; `None` if the files do not state it.
    pub managed_by: Option<Line>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

pub(super) fn rollback(reading: &Reading<'_>, id: RollbackId) -> Rollback {
    let model = reading.model;
    let own = &model.rollbacks[id.index()];
    let restores = own.restores.iter().map(|(data, systems)| {
        let data: Vec<&str> = data.iter().map(|data| &*model.data[data.index()].meta.name).collect();
        let systems: Vec<&str> = systems.iter().map(|system| &*model.systems[system.index()].meta.name).collect();
        match systems.is_empty() {
            true => data.join(", "),
            false => format!("{} in {}", data.join(", "), systems.join(", ")),
        }
    });
    Rollback {
        name: own.meta.name.to_string(),
        title: own.meta.shown().to_owned(),
        restores: restores.collect(),
        method: own.method.as_deref().map(str::to_owned),
        within: own.within.map(duration),
        owner: own.owner.map(|owner| reading.party(owner.value).shown().to_owned()),
        tested: own.tested.map(|tested| Line {
            text: tested.value.to_string(),
            at: reading.at(tested.span),
        }),
        at: reading.at(own.meta.span),
    }
}

pub(super) fn ledger(reading: &Reading<'_>, id: LedgerId) -> Ledger {
    let own = &reading.model.ledgers[id.index()];
    Ledger {
        name: own.meta.name.to_string(),
        title: own.meta.shown().to_owned(),
        tamper_evident: own.tamper_evident.as_ref().map(|at| Line {
            text: at.value.replace('_', " "),
            at: reading.at(at.span),
        }),
        retention: own.retention.map(|at| Line {
            text: duration(at.value),
            at: reading.at(at.span),
        }),
        approvals: own.approvals.known().map(|at| Line {
            text: words::place(reading, at.value),
            at: reading.at(at.span),
        }),
        managed_by: reading.managed(&own.managed_by),
        records: own.records.iter().map(|record| record.replace('_', " ")).collect(),
        at: reading.at(own.meta.span),
    }
}

pub(super) fn enforcement(reading: &Reading<'_>, id: EnforcementId) -> Enforcement {
    let own = &reading.model.enforcements[id.index()];
    Enforcement {
        title: own.meta.shown().to_owned(),
        engine: own.engine.as_deref().map(str::to_owned),
        on_failure: own.on_failure.map(|at| words::on_failure(at.value)),
        managed_by: reading.managed(&own.managed_by),
        at: reading.at(own.meta.span),
    }
}

pub(super) fn limits(reading: &Reading<'_>, limits: &[Limit]) -> Vec<Line> {
    let line = |limit: &Limit| Line {
        text: format!("at most {}", words::limit(limit)),
        at: reading.at(limit.span),
    };
    limits.iter().map(line).collect()
}

/// How long an approval is valid, and for what.
pub(super) fn approval(reading: &Reading<'_>, domain: &Domain) -> Line {
    Line {
        text: words::validity(domain),
        at: reading.at(domain.valid_span.unwrap_or(domain.meta.span)),
    }
}
