//! The rules of the standards in force. They decide no request, and yet two policies that were checked against
//! other rules are not the same: an evidence report describes a policy under these rules.

use crate::model::canonical::{Names, condition, sorted, unordered};
use crate::model::{Requirement, Select, Selector};
use serde_json::{Map, Value, json};

impl Names<'_> {
    /// For each standard in force its rules, in no order.
    pub(super) fn standards(&self) -> Value {
        let model = self.model;
        let standards = model.adoption.standards.iter().map(|id| &model.standards[id.index()]);
        let mut pairs: Vec<(&str, Value)> = standards
            .map(|standard| {
                let rules = standard.rules.iter().map(|rule| {
                    let mut value = self.requirement(&rule.requirement);
                    let replaced = rule.in_place_of.as_ref();
                    value["in_place_of"] = replaced.map_or(Value::Null, |other| json!(model.standards[other.standard.index()].meta.id));
                    value["for"] = rule.select.as_ref().map_or(Value::Null, |select| self.select(select));
                    value
                });
                (&*standard.meta.id, unordered(rules))
            })
            .collect();
        pairs.sort_by_key(|(id, _)| *id);
        Value::Object(pairs.into_iter().map(|(id, rules)| (id.to_owned(), rules)).collect::<Map<_, _>>())
    }

    fn requirement(&self, requirement: &Requirement) -> Value {
        match requirement {
            Requirement::Approvers(people) => json!({ "require": "approvers", "people": people }),
            Requirement::Approval(quorum) => json!({ "require": "approval", "quorum": self.quorum(quorum) }),
            Requirement::Bound(valid) => json!({ "require": "bound", "valid": valid }),
            Requirement::Rollback(within, tested) => json!({ "require": "rollback", "within": within, "tested": tested }),
            Requirement::Evidence(retention, tamper) => {
                json!({ "require": "evidence", "retention": retention, "tamper_evident": tamper })
            }
            Requirement::Credential(ttl, just_in_time, revoked) => {
                json!({ "require": "credential", "ttl": ttl, "just_in_time": just_in_time, "revoked": revoked })
            }
            Requirement::Scope => json!({ "require": "scope" }),
            Requirement::Basis => json!({ "require": "basis" }),
            Requirement::Stop(within) => json!({ "require": "stop", "within": within }),
            Requirement::Enforcement => json!({ "require": "enforcement" }),
            Requirement::Absence(people) => json!({ "require": "absence", "people": people }),
            Requirement::Emergency(people, lasts, review) => {
                json!({ "require": "emergency", "people": people, "lasts": lasts, "review": review })
            }
            Requirement::Waiver(within) => json!({ "require": "waiver", "within": within }),
            Requirement::Stated => json!({ "require": "stated" }),
        }
    }

    fn select(&self, select: &Select) -> Value {
        let model = self.model;
        let action = match select.action {
            Selector::Any => "any".to_owned(),
            Selector::Flag(flag) => flag.word().to_owned(),
            Selector::Name(action) => model.actions[action.index()].meta.id.to_string(),
        };
        let data = match select.data {
            Selector::Any => "any".to_owned(),
            Selector::Flag(flag) => flag.word().to_owned(),
            Selector::Name(data) => self.data(data),
        };
        let system = select.system.map(|system| model.systems[system.index()].meta.id.to_string());
        json!({ "action": action, "data": data, "system": system, "when": select.when.as_ref().map(condition) })
    }

    /// The owner of each provider.
    pub(super) fn providers(&self) -> Value {
        let model = self.model;
        let names = sorted(model.providers.iter().map(|provider| provider.meta.id.to_string()));
        let owner = |name: &str| {
            let provider = model.providers.iter().find(|provider| *provider.meta.id == *name)?;
            Some(model.providers[provider.part_of?.index()].meta.id.to_string())
        };
        let pairs = names.into_iter().map(|name| {
            let value = json!({ "part_of": owner(&name) });
            (name, value)
        });
        Value::Object(pairs.collect())
    }
}
