//! The resolved model as JSON: the export format, and what the revision digest covers.
//!
//! It has no comments, titles or places: it changes only with the meaning. Unordered lists are sorted.

use crate::model::domain::{ApprovalPlace, Gate};
use crate::model::{At, Grant, Holds, InputKind, Model, OnFailure, Party, PeopleQuorum, PersonId, Quorum, Said, Seat, SystemId};
use crate::syntax::ast::{Comparison, Condition, Literal};
use serde_json::{Map, Value, json};

mod standards;
mod waivers;

/// The whole model, schema `quorate/model/1`.
pub fn value(model: &Model) -> Value {
    let names = Names { model };
    let mut out = Map::new();
    out.insert("schema".into(), "quorate/model/1".into());
    out.insert("workspace".into(), model.name.to_string().into());
    if let Some(workspace) = &model.workspace {
        out.insert(
            "changes".into(),
            json!({ "approve": workspace.changes.as_ref().map(|at| names.quorum(&at.value)), "seats": names.seats(&workspace.seats) }),
        );
    }
    let standards = model
        .adoption
        .standards
        .iter()
        .map(|id| model.standards[id.index()].meta.id.to_string());
    let frameworks = model
        .adoption
        .frameworks
        .iter()
        .map(|id| model.frameworks[id.index()].meta.id.to_string());
    out.insert("adopts".into(), json!({ "standards": sorted(standards), "frameworks": sorted(frameworks), "none": model.adoption.none.as_ref().map(|at| &*at.value) }));
    out.insert("standards".into(), names.standards());
    out.insert(
        "functions".into(),
        by_id(&model.functions, |one| {
            (
                &one.meta.id,
                json!({ "decides": sorted(one.decides.iter().map(|question| question.to_string())) }),
            )
        }),
    );
    out.insert("people".into(), names.people());
    out.insert("teams".into(), names.teams());
    out.insert(
        "purposes".into(),
        by_id(&model.purposes, |one| {
            (
                &one.meta.id,
                json!({ "needs": sorted(one.needs.iter().map(|data| names.data(*data))) }),
            )
        }),
    );
    out.insert(
        "data".into(),
        by_id(&model.data, |one| {
            (
                &one.meta.id,
                json!({ "personal": one.flags.personal, "restricted": one.flags.restricted }),
            )
        }),
    );
    let flags =
        |flags: crate::model::Flags| json!({ "mutates": flags.mutates, "discloses": flags.discloses, "irreversible": flags.irreversible });
    out.insert("actions".into(), by_id(&model.actions, |one| (&one.meta.id, flags(one.flags))));
    out.insert("providers".into(), names.providers());
    out.insert("systems".into(), names.systems());
    out.insert("enforcements".into(), names.enforcements());
    out.insert("identities".into(), names.identities());
    out.insert("agents".into(), names.agents());
    out.insert("tasks".into(), names.tasks());
    out.insert("waivers".into(), names.waivers());
    out.insert("domains".into(), names.domains());
    out.insert("delegations".into(), names.delegations());
    out.insert("rollbacks".into(), names.rollbacks());
    out.insert("ledgers".into(), names.ledgers());
    Value::Object(out)
}

/// `sha256:…` of the canonical model.
pub fn text(model: &Model) -> String {
    value(model).to_string()
}

fn sorted(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.collect();
    items.sort_unstable();
    items
}

/// A list without a meaningful order.
fn unordered(items: impl Iterator<Item = Value>) -> Value {
    let mut items: Vec<Value> = items.collect();
    items.sort_by_cached_key(Value::to_string);
    items.into()
}

fn by_id<'a, T>(items: &'a [T], one: impl Fn(&'a T) -> (&'a str, Value)) -> Value {
    let mut pairs: Vec<(&str, Value)> = items.iter().map(one).collect();
    pairs.sort_by_key(|(id, _)| *id);
    Value::Object(pairs.into_iter().map(|(id, value)| (id.to_owned(), value)).collect())
}

struct Names<'a> {
    model: &'a Model,
}

impl Names<'_> {
    fn data(&self, id: crate::model::DataId) -> String {
        self.model.data[id.index()].meta.id.to_string()
    }

    fn system(&self, id: SystemId) -> String {
        self.model.systems[id.index()].meta.id.to_string()
    }

    fn person(&self, id: PersonId) -> String {
        self.model.people[id.index()].meta.id.to_string()
    }

    fn function(&self, id: crate::model::FunctionId) -> String {
        self.model.functions[id.index()].meta.id.to_string()
    }

    fn party(&self, party: Party) -> Value {
        match party {
            Party::Person(person) => json!({ "person": self.person(person) }),
            Party::Team(team) => json!({ "team": self.model.teams[team.index()].meta.id }),
            Party::Agent(agent) => json!({ "agent": self.model.agents[agent.index()].meta.id }),
            Party::Identity(identity) => json!({ "identity": self.model.identities[identity.index()].meta.id }),
        }
    }

    fn quorum(&self, quorum: &Quorum) -> Value {
        match quorum {
            Quorum::None => "none".into(),
            Quorum::Seat(count, function) => json!({ "function": self.function(*function), "people": count }),
            Quorum::Threshold(need, parts) => {
                json!({ "at_least": need, "of": parts.iter().map(|part| self.quorum(part)).collect::<Vec<_>>() })
            }
        }
    }

    fn people_quorum(&self, quorum: &PeopleQuorum) -> Value {
        match quorum {
            PeopleQuorum::None => "none".into(),
            PeopleQuorum::Person(person, _) => json!({ "person": self.person(*person) }),
            PeopleQuorum::Team(count, team, _) => json!({ "team": self.model.teams[team.index()].meta.id, "people": count }),
            PeopleQuorum::Threshold(need, parts) => {
                json!({ "at_least": need, "of": parts.iter().map(|part| self.people_quorum(part)).collect::<Vec<_>>() })
            }
        }
    }

    fn managed_by(&self, managed_by: &Said<At<PeopleQuorum>>) -> Value {
        managed_by.known().map_or("unsaid".into(), |at| self.people_quorum(&at.value))
    }

    fn seats(&self, seats: &[Seat]) -> Value {
        let seats = seats.iter().map(|seat| {
            let deputies: Vec<Value> = seat.deputies.iter().map(|deputy| self.party(deputy.value)).collect();
            json!({ "function": self.function(seat.function), "owner": self.party(seat.owner.value), "deputies": deputies })
        });
        unordered(seats)
    }

    fn grants(&self, grants: &[Grant]) -> Value {
        let grants = grants.iter().map(|grant| {
            json!({
                "action": self.model.actions[grant.action.index()].meta.id,
                "data": sorted(grant.data.iter().map(|data| self.data(*data))),
                "except": sorted(grant.except.iter().map(|data| self.data(*data))),
                "systems": sorted(grant.systems.iter().map(|system| self.system(*system))),
            })
        });
        unordered(grants)
    }

    fn people(&self) -> Value {
        by_id(&self.model.people, |one| {
            let accounts = one
                .accounts
                .known()
                .map(|accounts| sorted(accounts.iter().map(|account| account.value.to_string())));
            let above = one.reports_to.known().map(|above| above.map(|at| self.person(at.value)));
            let value = json!({
                "emails": sorted(one.emails.iter().map(|email| email.value.to_string())),
                "accounts": accounts,
                "reports_to": above.map_or("unsaid".into(), |above| above.map_or(Value::Null, Value::from)),
                "until": one.until.map(|until| until.value.to_string()),
                "access": self.grants(&one.access),
            });
            (&one.meta.id, value)
        })
    }

    fn teams(&self) -> Value {
        by_id(&self.model.teams, |one| {
            let mut value = json!({
                "lead": one.lead.map(|lead| self.person(lead.value)),
                "members": sorted(one.members.iter().map(|member| self.person(member.value))),
                "managed_by": self.managed_by(&one.managed_by),
                "kept_in": self.kept(&one.kept_in),
                "access": self.grants(&one.access),
            });
            if !one.software.is_empty() {
                value["software"] = sorted(one.software.iter().map(|member| self.party(member.value).to_string())).into();
            }
            (&one.meta.id, value)
        })
    }

    fn kept(&self, places: &Said<Vec<At<SystemId>>>) -> Option<Vec<String>> {
        places.known().map(|systems| sorted(systems.iter().map(|at| self.system(at.value))))
    }

    fn systems(&self) -> Value {
        by_id(&self.model.systems, |one| {
            let holds: Value = match &one.holds {
                Holds::Unstated => "unsaid".into(),
                Holds::Any => "any".into(),
                Holds::Leaves(leaves) => sorted(leaves.iter().map(|leaf| self.data(*leaf))).into(),
            };
            let feeds = one.feeds.known().map(|feeds| {
                let feeds = feeds.iter().map(|feed| {
                    let carries = feed
                        .carries
                        .iter()
                        .map(|one| json!({ "data": self.data(one.data), "as": self.data(one.arrives), "anonymised": one.anonymised }));
                    json!({ "to": self.system(feed.to), "carries": unordered(carries), "within": feed.within })
                });
                unordered(feeds)
            });
            let tools = one
                .tools
                .iter()
                .map(|tool| json!({ "name": tool.name, "does": tool.classified.then(|| self.grants(&tool.does)) }));
            let value = json!({
                "holds": holds,
                "open": one.open,
                "operated_by": one.operated_by.map(|provider| &self.model.providers[provider.index()].meta.id),
                "managed_by": self.managed_by(&one.managed_by),
                "enforced_by": sorted(one.enforced_by.iter().map(|at| self.model.enforcements[at.value.index()].meta.id.to_string())),
                "feeds": feeds,
                "tools": unordered(tools),
            });
            (&one.meta.id, value)
        })
    }

    fn enforcements(&self) -> Value {
        by_id(&self.model.enforcements, |one| {
            let on_failure = one.on_failure.map(|at| match at.value {
                OnFailure::Deny => "deny",
                OnFailure::Allow => "allow",
            });
            let operated_by = one
                .operated_by
                .known()
                .map(|provider| &self.model.providers[provider.index()].meta.id);
            (
                &one.meta.id,
                json!({ "engine": one.engine, "on_failure": on_failure, "managed_by": self.managed_by(&one.managed_by), "operated_by": operated_by, "configured_in": self.kept(&one.configured_in) }),
            )
        })
    }

    fn identities(&self) -> Value {
        by_id(&self.model.identities, |one| {
            let assumes = one
                .can_assume
                .known()
                .map(|all| sorted(all.iter().map(|at| self.model.identities[at.value.index()].meta.id.to_string())));
            let value = json!({
                "kind": one.kind.map(|kind| format!("{:?}", kind.value).to_lowercase()),
                "principal": one.principal.as_ref().map(|at| &*at.value),
                "issued_by": one.issued_by.map(|system| self.system(system)),
                "ttl": one.credential.ttl.map(|ttl| ttl.value),
                "just_in_time": one.credential.just_in_time.map(|at| at.value),
                "revoked": one.credential.revoked.as_ref().map(|at| &*at.value),
                "secret": one.secret.is_some(),
                "can_assume": assumes,
                "access": self.grants(&one.access),
            });
            (&one.meta.id, value)
        })
    }

    fn agents(&self) -> Value {
        by_id(&self.model.agents, |one| {
            let calls = one.calls.known().map(|calls| {
                let calls = calls.iter().map(|call| json!({ "agent": self.model.agents[call.agent.index()].meta.id, "task": call.task.map(|task| &self.model.tasks[task.index()].meta.id) }));
                unordered(calls)
            });
            let acts_for = one
                .acts_for
                .iter()
                .map(|acts| json!({ "for": self.party(acts.principal), "within": self.grants(&acts.within) }));
            let value = json!({
                "runs_as": sorted(one.runs_as.iter().map(|at| self.model.identities[at.value.index()].meta.id.to_string())),
                "acts_for": unordered(acts_for),
                "owner": one.owner.map(|owner| self.person(owner.value)),
                "provider": one.provider.map(|provider| &self.model.providers[provider.index()].meta.id),
                "model": one.model.as_ref().map(|at| &*at.value),
                "autonomy": one.autonomy.as_ref().map(|at| &*at.value),
                "calls": calls,
                "stop": one.stop.as_ref().map(|stop| json!({ "means": stop.means, "by": self.party(stop.by), "within": stop.within, "operated_by": stop.operated_by.map(|provider| &self.model.providers[provider.index()].meta.id) })),
            });
            (&one.meta.id, value)
        })
    }

    fn limits(&self, limits: &[crate::model::Limit]) -> Value {
        let limits = limits
            .iter()
            .map(|limit| json!({ "input": limit.input, "most": literal(&limit.most), "per": limit.per }));
        unordered(limits)
    }

    fn tasks(&self) -> Value {
        by_id(&self.model.tasks, |one| {
            let approved = one.approved.iter().map(|approval| {
                let given = approval.given.iter().map(|(function, person, _)| format!("{} {}", self.function(*function), self.person(*person)));
                json!({ "by": sorted(given), "on": approval.on.map(|on| on.to_string()), "scope": approval.scope.as_ref().map(|at| &*at.value) })
            });
            let value = json!({
                "agent": self.model.agents.get(one.agent.index()).map(|agent| &agent.meta.id),
                "purpose": one.purpose.map(|purpose| &self.model.purposes[purpose.value.index()].meta.id),
                "basis": one.basis.as_ref().map(|at| &*at.value),
                "scope": self.grants(&one.scope),
                "limits": self.limits(&one.limits),
                "starts": one.starts.map(|at| at.value.to_string()),
                "until": one.until.map(|at| at.value.to_string()),
                "approved": unordered(approved),
                "started_by": unordered(one.started_by.iter().map(|at| self.starter(at.value))),
            });
            (&one.meta.id, value)
        })
    }

    fn domains(&self) -> Value {
        by_id(&self.model.domains, |one| {
            let inputs = one
                .inputs
                .iter()
                .map(|input| json!({ "name": input.name, "kind": kind(&input.kind) }));
            let tiers: Vec<Value> = one
                .tiers
                .iter()
                .map(|tier| {
                    let when: Value = match &tier.gate {
                        Gate::Always => "always".into(),
                        Gate::Otherwise => "otherwise".into(),
                        Gate::When(when) => condition(when),
                    };
                    json!({ "approve": self.quorum(&tier.quorum), "when": when })
                })
                .collect();
            let emergency = one.emergency.as_ref().map(|emergency| {
                let review = emergency.review.as_ref().map(|(quorum, within)| json!({ "by": self.quorum(quorum), "within": within }));
                json!({ "approve": emergency.approve.as_ref().map(|at| self.quorum(&at.value)), "lasts": emergency.lasts, "review": review })
            });
            let value = json!({
                "covers": self.grants(&one.covers),
                "inputs": unordered(inputs),
                "seats": self.seats(&one.seats),
                "tiers": tiers,
                "same_person": one.same_person.is_some(),
                "valid": one.valid,
                "binds": if one.binds_action { "action" } else { "task" },
                "limits": self.limits(&one.limits),
                "purposes": one.purposes.as_ref().map(|all| sorted(all.iter().map(|purpose| self.model.purposes[purpose.index()].meta.id.to_string()))),
                "retention": one.retention,
                "rollbacks": sorted(one.rollbacks.iter().map(|at| self.model.rollbacks[at.value.index()].meta.id.to_string())),
                "evidence": one.evidence.map(|at| &self.model.ledgers[at.value.index()].meta.id),
                "emergency": emergency,
            });
            (&one.meta.id, value)
        })
    }

    fn delegations(&self) -> Value {
        by_id(&self.model.delegations, |one| {
            let functions = one.functions.iter().map(|at| {
                format!(
                    "{} in {}",
                    self.function(at.value.0),
                    self.model.domains[at.value.1.index()].meta.id
                )
            });
            let to = match one.to_software {
                Some(software) => self.party(software.value),
                None => json!(one.to.map(|at| self.person(at.value))),
            };
            let value = json!({
                "from": one.from.map(|at| self.person(at.value)),
                "to": to,
                "functions": sorted(functions),
                "starts": one.starts.map(|day| day.to_string()),
                "until": one.until.map(|day| day.to_string()),
            });
            (&one.meta.id, value)
        })
    }

    fn places(&self, places: &[(Vec<crate::model::DataId>, Vec<SystemId>)]) -> Value {
        let places = places.iter().map(|(data, systems)| {
            json!({ "data": sorted(data.iter().map(|data| self.data(*data))), "systems": sorted(systems.iter().map(|system| self.system(*system))) })
        });
        unordered(places)
    }

    fn rollbacks(&self) -> Value {
        by_id(&self.model.rollbacks, |one| {
            let operated_by = one
                .operated_by
                .known()
                .map(|provider| &self.model.providers[provider.index()].meta.id);
            let value = json!({
                "restores": self.places(&one.restores),
                "method": one.method,
                "within": one.within,
                "owner": one.owner.as_ref().map(|owner| self.party(owner.value)),
                "tested": one.tested.map(|at| at.value.to_string()),
                "operated_by": operated_by,
                "runs_as": one.runs_as.map(|at| &self.model.identities[at.value.index()].meta.id),
            });
            (&one.meta.id, value)
        })
    }

    fn ledgers(&self) -> Value {
        by_id(&self.model.ledgers, |one| {
            let approvals = one.approvals.known().map(|at| match at.value {
                ApprovalPlace::Signed => "signed".to_owned(),
                ApprovalPlace::In(system) => self.system(system),
            });
            let value = json!({
                "keeps": self.places(&one.keeps),
                "approvals": approvals,
                "tamper_evident": one.tamper_evident.as_ref().map(|at| &*at.value),
                "records": sorted(one.records.iter().map(|field| field.to_string())),
                "retention": one.retention.map(|at| at.value),
                "managed_by": self.managed_by(&one.managed_by),
                "operated_by": one.operated_by.map(|provider| &self.model.providers[provider.index()].meta.id),
            });
            (&one.meta.id, value)
        })
    }
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Integer(number) => (*number).into(),
        Literal::Boolean(value) => (*value).into(),
        Literal::Word(word) => word.to_string().into(),
        Literal::Money(money) => json!({ "amount": money.minor, "currency": money.currency }),
    }
}

/// A quorum, with the ids of its functions.
pub fn quorum(model: &Model, quorum: &Quorum) -> Value {
    Names { model }.quorum(quorum)
}

/// What an input can be.
pub fn kind(kind: &InputKind) -> Value {
    match kind {
        InputKind::Money(currency, from, to) => json!({ "money": currency, "from": from, "to": to }),
        InputKind::Integer(from, to) => json!({ "integer": true, "from": from, "to": to }),
        InputKind::OneOf(words) => json!({ "one_of": words }),
        InputKind::Boolean => "boolean".into(),
        InputKind::Text => "text".into(),
    }
}

/// A condition, without its places.
pub fn condition(when: &Condition) -> Value {
    match when {
        Condition::All(parts) => json!({ "all": parts.iter().map(condition).collect::<Vec<_>>() }),
        Condition::Any(parts) => json!({ "any": parts.iter().map(condition).collect::<Vec<_>>() }),
        Condition::Not(part) => json!({ "not": condition(part) }),
        Condition::Compare(name, comparison, value, _) => {
            let symbol = match comparison {
                Comparison::AtMost => "<=",
                Comparison::Below => "<",
                Comparison::AtLeast => ">=",
                Comparison::Above => ">",
                Comparison::Equal => "==",
                Comparison::Unequal => "!=",
            };
            json!({ "input": name.text, "is": symbol, "value": literal(value) })
        }
        Condition::Among(name, values, _) => json!({ "input": name.text, "in": values.iter().map(literal).collect::<Vec<_>>() }),
    }
}
