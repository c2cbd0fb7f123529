//! Where the evidence of decisions is kept.

use crate::facts::flow::graph::Location;
use crate::model::{DataId, DomainId, Model};

/// Whether a leaf is of the library's class of evidence.
pub fn is_evidence(model: &Model, leaf: DataId) -> bool {
    let evidence = model.data.iter().find(|class| &*class.meta.id == "std.audit.audit");
    evidence.is_some_and(|class| class.leaves.binary_search(&leaf).is_ok())
}

/// Whether the ledger of a domain keeps records of the library's class of evidence in a system. Anything else
/// that the ledger keeps must be restored like any data. Otherwise `keeps` would be a way round the rollback.
pub fn keeps(model: &Model, domain: DomainId, (system, data): Location) -> bool {
    if !is_evidence(model, data) {
        return false;
    }
    let ledger = model.domains[domain.index()].evidence.map(|at| &model.ledgers[at.value.index()]);
    ledger.is_some_and(|ledger| {
        let mut kept = ledger.keeps.iter();
        kept.any(|(classes, systems)| {
            let mut classes = classes.iter();
            systems.contains(&system) && classes.any(|class| model.data[class.index()].leaves.binary_search(&data).is_ok())
        })
    })
}
