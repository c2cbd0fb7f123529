//! Identities, agents, tasks.

use crate::diagnostic::Diagnostic;
use crate::model::agent::{ActsFor, Starter, Stop};
use crate::model::build::Builder;
use crate::model::{
    Agent, AgentId, Approval, At, Call, Credential, FunctionId, Identity, IdentityKind, Limit, Model, PersonId, Said, Task, TaskId,
};
use crate::syntax::ast::{Item, Value};

impl Builder<'_> {
    pub(super) fn identity(&mut self, item: &Item) -> Identity {
        let kind = self.text_at(item, "kind", "kind").map(|said| At {
            value: match &*said.value {
                "workload" => IdentityKind::Workload,
                "delegated" => IdentityKind::Delegated,
                "service_account" => IdentityKind::ServiceAccount,
                "user" => IdentityKind::User,
                _ => IdentityKind::ApiKey,
            },
            span: said.span,
        });
        let ttl = item.clause("ttl").and_then(|clause| {
            Some(At {
                value: clause.number("duration")?,
                span: clause.header,
            })
        });
        let issued = self.text_at(item, "issued", "issued");
        Identity {
            meta: self.meta(item),
            kind,
            principal: self.text_at(item, "principal", "text"),
            issued_by: self.only(item, "issued_by", "system").map(|system| system.value),
            credential: Credential {
                ttl,
                just_in_time: issued.map(|said| At {
                    value: &*said.value == "just_in_time",
                    span: said.span,
                }),
                revoked: self.text_at(item, "revoked", "revoked"),
            },
            secret: self.text_at(item, "secret", "text"),
            can_assume: match item.clause("can_assume") {
                Some(_) => Said::This(self.every(item, "can_assume", "identity")),
                None => Said::Nothing,
            },
            access: item.clauses("access").flat_map(|access| self.grants(&access.block)).collect(),
            access_said: item.clause("access").is_some(),
        }
    }

    pub(super) fn agent(&mut self, item: &Item) -> Agent {
        if let Some(model) = item.clause("model").and_then(|clause| clause.first("text"))
            && matches!(&model.value, Value::Text(text) if text.trim().is_empty())
        {
            let error = Diagnostic::error(model.span, "no model is named");
            self.diagnostics
                .push(error.help("model \"name and version\"; leave the line out if nobody knows it"));
        }
        let mut acts_for = Vec::new();
        for clause in item.clauses("acts_for") {
            if let Some(principal) = clause.names("people").next().and_then(|name| self.party(name)) {
                acts_for.push(ActsFor {
                    principal: principal.value,
                    within: self.grants(&clause.block),
                    span: clause.header,
                });
            }
        }
        let mut calls = Vec::new();
        for clause in item.clauses("calls") {
            let Some(agent) = self.ids::<AgentId>(clause, "agent").into_iter().next() else {
                continue;
            };
            let tasks: Vec<At<TaskId>> = self.ids(clause, "task");
            match tasks.is_empty() {
                true => calls.push(Call {
                    agent: agent.value,
                    task: None,
                    span: clause.header,
                }),
                false => calls.extend(tasks.iter().map(|task| Call {
                    agent: agent.value,
                    task: Some(task.value),
                    span: clause.header,
                })),
            }
        }
        let stop = item.clause("stop").and_then(|clause| {
            Some(Stop {
                means: clause.text("means")?.into(),
                by: self.party(clause.names("people").next()?)?.value,
                within: clause.number("duration"),
                operated_by: self.ids(clause, "provider").first().map(|provider| provider.value),
                span: clause.header,
            })
        });
        Agent {
            meta: self.meta(item),
            runs_as: self.every(item, "runs_as", "identity"),
            acts_for,
            owner: self.only(item, "owner", "owner"),
            provider: self.only(item, "provider", "provider").map(|provider| provider.value),
            model: self.text_at(item, "model", "text"),
            autonomy: self.text_at(item, "autonomy", "autonomy"),
            calls: match item.clause("calls") {
                Some(_) => Said::This(calls),
                None => Said::Nothing,
            },
            stop,
            tasks: Vec::new(),
        }
    }

    pub(super) fn task(&mut self, item: &Item) -> Task {
        let day = |word: &str| {
            item.clause(word).and_then(|clause| {
                Some(At {
                    value: clause.date("date")?,
                    span: clause.header,
                })
            })
        };
        Task {
            meta: self.meta(item),
            agent: self
                .ids::<AgentId>(item, "agent")
                .first()
                .map_or(AgentId(u32::MAX), |agent| agent.value),
            purpose: self.only(item, "purpose", "purpose"),
            basis: self.text_at(item, "basis", "basis"),
            scope: self.grants(&item.block),
            limits: self.limits(item),
            starts: day("starts"),
            until: day("until"),
            approved: item.clauses("approved").map(|clause| self.approval(clause)).collect(),
            started_by: item.clauses("started_by").flat_map(|clause| self.starters(clause)).collect(),
        }
    }

    pub(super) fn starters(&self, clause: &Item) -> Vec<At<Starter>> {
        let word = clause.text("starter").map(|word| At {
            value: match word {
                "schedule" => Starter::Schedule,
                _ => Starter::Outsider,
            },
            span: clause.header,
        });
        let people = clause
            .names("people")
            .chain(clause.names("person"))
            .filter_map(|name| self.party(name))
            .map(|party| At {
                value: Starter::People(party.value),
                span: party.span,
            });
        word.into_iter().chain(people).collect()
    }

    pub(super) fn limits(&self, item: &Item) -> Vec<Limit> {
        let limits = item.clauses("limit").filter_map(|clause| {
            Some(Limit {
                input: clause.text("input")?.into(),
                most: clause.literal("literal")?.clone(),
                per: clause.number("duration"),
                span: clause.header,
            })
        });
        limits.collect()
    }

    /// `business maria, security sam on 2026-11-02, scope "…"`
    pub(super) fn approval(&self, clause: &Item) -> Approval {
        let mut given = Vec::new();
        let mut function: Option<FunctionId> = None;
        for argument in &clause.arguments {
            let Value::Name(name) = &argument.value else {
                continue;
            };
            match argument.slot {
                "function" => function = self.id(name),
                _ => {
                    if let (Some(function), Some(person)) = (function, self.id::<PersonId>(name)) {
                        given.push((function, person, name.span));
                    }
                }
            }
        }
        Approval {
            given,
            on: clause.date("date"),
            scope: clause.first("scope").and_then(|argument| match &argument.value {
                Value::Text(text) => Some(At {
                    value: text.clone(),
                    span: argument.span,
                }),
                _ => None,
            }),
            span: clause.header,
        }
    }
}

/// Gives each agent the list of its tasks.
pub(super) fn settle(model: &mut Model) {
    for (index, task) in model.tasks.iter().enumerate() {
        if let Some(agent) = model.agents.get_mut(task.agent.index()) {
            agent.tasks.push(TaskId(index as u32));
        }
    }
}
