//! Waivers, whose end the policies contain, and who may start a task.

use crate::model::agent::Starter;
use crate::model::canonical::{Names, by_id, sorted, unordered};
use serde_json::{Value, json};

impl Names<'_> {
    /// Each waiver: what it relieves, who accepted it, and its first and last day. Its reason and its ticket
    /// are prose and left out.
    pub(super) fn waivers(&self) -> Value {
        by_id(&self.model.waivers, |one| {
            let waives = one
                .waives
                .iter()
                .map(|waived| json!({ "check": waived.check, "on": waived.subject }));
            let approved = one.approved.iter().flat_map(|approval| &approval.given);
            let approved = approved.map(|(function, person, _)| format!("{} {}", self.function(*function), self.person(*person)));
            let value = json!({
                "waives": unordered(waives),
                "fingerprints": sorted(one.fingerprints.iter().map(|at| at.value.to_string())),
                "approved": sorted(approved),
                "granted": one.granted.map(|at| at.value.to_string()),
                "until": one.until.map(|at| at.value.to_string()),
            });
            (&one.meta.id, value)
        })
    }

    /// One of those who may start a task.
    pub(super) fn starter(&self, starter: Starter) -> Value {
        match starter {
            Starter::Schedule => "schedule".into(),
            Starter::Outsider => "outsider".into(),
            Starter::People(party) => self.party(party),
        }
    }
}
