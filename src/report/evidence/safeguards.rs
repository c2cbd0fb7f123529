//! What protects a change besides the people: rollbacks, ledgers, enforcement points.

use crate::model::domain::Limit;
use crate::model::{Domain, EnforcementId, LedgerId, RollbackId};
use crate::report::evidence::reading::Reading;
use crate::report::evidence::{Line, words};
use crate::words::duration;
use serde::Serialize;

/// How a change is undone.
#[derive(Clone, Debug, Serialize)]
pub struct Rollback {
    /// The name.
    pub name: String,
    /// The title.
    pub title: String,
    /// What it restores, as `customer.consent in crm, cdp`.
    pub restores: Vec<String>,
    /// By what method.
    pub method: Option<String>,
    /// How fast.
    pub within: Option<String>,
    /// Who runs it.
    pub owner: Option<String>,
    /// When it was last tested, as declared.
    pub tested: Option<Line>,
    /// Where it is declared.
    pub at: String,
}

/// Where the evidence of decisions is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// The name.
    pub name: String,
    /// The title.
    pub title: String,
    /// How tampering shows.
    pub tamper_evident: Option<Line>,
    /// How long it is kept.
    pub retention: Option<Line>,
    /// Where approvals are kept.
    pub approvals: Option<Line>,
    /// Who could change it.
    pub managed_by: Option<Line>,
    /// What each record holds.
    pub records: Vec<String>,
    /// Where it is declared.
    pub at: String,
}

/// An enforcement point in front of the systems.
#[derive(Clone, Debug, Serialize)]
pub struct Enforcement {
    /// The title.
    pub title: String,
    /// The engine.
    pub engine: Option<String>,
    /// What happens when it cannot decide.
    pub on_failure: Option<&'static str>,
    /// Who can change what it lets through.
    pub managed_by: Option<Line>,
    /// Where it is declared.
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
