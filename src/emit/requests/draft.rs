//! A request that is still being changed.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What every approval of a derived request is bound to.
pub(super) const BINDING: &str = "sha256:binding";

/// A well-shaped request.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub agent: String,
    pub principal: String,
    pub action: String,
    pub resource: String,
    pub task: String,
    pub purpose: String,
    pub inputs: BTreeMap<String, Value>,
    pub now: i64,
    pub revision: String,
    pub approvals: BTreeMap<String, Approval>,
    pub issued_at: i64,
    pub expires_at: i64,
    pub totals: BTreeMap<String, i64>,
    pub evidence: BTreeMap<String, (bool, i64)>,
    pub rollback: BTreeMap<String, (bool, i64)>,
    pub via: Option<Vec<String>>,
    pub on_behalf_of: Option<String>,
    pub requested_by: Option<String>,
    pub emergency: Option<(String, i64)>,
}

/// An approval.
#[derive(Clone, Debug)]
pub(super) struct Approval {
    pub by: String,
    pub at: i64,
    pub bound: String,
}

impl Draft {
    /// The same with one change.
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut Draft) -> T) -> Value {
        let mut changed = self.clone();
        change(&mut changed);
        changed.value()
    }

    /// Sets the clock, and a credential of this life around it.
    pub(super) fn at(&mut self, now: i64, life: i64) {
        self.now = now;
        self.issued_at = now.saturating_sub(life / 2).max(0);
        self.expires_at = self.issued_at.saturating_add(life);
        for (_, checked_at) in self.evidence.values_mut().chain(self.rollback.values_mut()) {
            *checked_at = now.saturating_sub(10).max(0);
        }
        for approval in self.approvals.values_mut() {
            approval.at = now;
        }
        if let Some((_, at)) = &mut self.emergency {
            *at = now;
        }
    }

    /// The request.
    pub(super) fn value(&self) -> Value {
        let ready = |entries: &BTreeMap<String, (bool, i64)>| {
            object(entries, |(ready, checked_at)| json!({ "ready": ready, "checked_at": checked_at }))
        };
        let approval = |approval: &Approval| json!({ "by": approval.by, "at": approval.at, "for": approval.bound });
        let mut context = json!({
            "task": self.task,
            "purpose": self.purpose,
            "inputs": object(&self.inputs, Value::clone),
            "now": self.now,
            "revision": self.revision,
            "binding": BINDING,
            "approvals": object(&self.approvals, approval),
            "credential": { "issued_at": self.issued_at, "expires_at": self.expires_at },
            "totals": object(&self.totals, |total| json!(total)),
            "evidence": ready(&self.evidence),
            "rollback": ready(&self.rollback),
        });
        let emergency = self
            .emergency
            .as_ref()
            .map(|(by, at)| json!({ "declared_by": by, "at": at, "id": "incident-1" }));
        let optional = [
            ("via", self.via.as_ref().map(|via| json!(via))),
            ("on_behalf_of", self.on_behalf_of.as_ref().map(|person| json!(person))),
            ("requested_by", self.requested_by.as_ref().map(|person| json!(person))),
            ("emergency", emergency),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                context[key] = value;
            }
        }
        json!({
            "subject": { "type": "agent", "id": self.agent, "properties": { "principal": self.principal } },
            "action": { "name": self.action },
            "resource": { "type": "data", "id": self.resource },
            "context": context,
        })
    }
}

fn object<T>(entries: &BTreeMap<String, T>, value: impl Fn(&T) -> Value) -> Value {
    entries
        .iter()
        .map(|(key, entry)| (key.clone(), value(entry)))
        .collect::<Map<_, _>>()
        .into()
}
