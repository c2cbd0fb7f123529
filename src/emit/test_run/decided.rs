//! How one combination is decided.

use crate::emit::answer::Answer;
use crate::emit::lower::operation;
use crate::emit::policy::{OUTSIDER, SCHEDULE};
use crate::emit::reference::open::{Governing, governing};
use crate::emit::reference::{Reason, decide};
use crate::emit::requests::from_test::{TestRequest, requests};
use crate::emit::test_run::combination::Combination;
use crate::emit::test_run::day::Day;
use crate::model::TaskId;
use crate::model::agent::Starter;
use crate::syntax::ast::Literal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A decision, and why.
pub(super) struct Decided<'p> {
    pub allow: bool,
    pub reasons: BTreeSet<Reason>,
    pub governing: Vec<Governing<'p>>,
    /// How the answer of an engine differs, if one disagrees.
    pub disagreement: Option<String>,
}

impl Decided<'_> {
    /// Whether a function is open for a reason.
    pub(super) fn lacks(&self, reason: Reason, function: &str) -> bool {
        self.reasons.contains(&reason)
            && self
                .governing
                .iter()
                .any(|governing| governing.open.get(function).is_some_and(|reasons| reasons.contains(&reason)))
    }
}

impl<'d> Day<'d> {
    /// What is decided about a combination in a task.
    pub(super) fn decide(&'d self, combination: &Combination<'_>, task: TaskId) -> Decided<'d> {
        let model = self.model;
        let (action, resource) = operation(model, combination.atom);
        let named = &model.tasks[task.index()];
        let purpose = named.purpose.map(|purpose| &*model.purposes[purpose.value.index()].meta.id);
        let given = combination.approved.map_or(&[][..], |line| &line.value);
        let approvals: Vec<(&str, &str, i64)> = given
            .iter()
            .map(|given| {
                let function = &*model.functions[given.function.index()].meta.id;
                let person = &*model.people[given.person.index()].meta.id;
                (function, person, self.now.saturating_sub(given.ago).max(0))
            })
            .collect();
        let inputs: BTreeMap<String, Value> = combination
            .inputs
            .iter()
            .flat_map(|line| &line.value)
            .map(|(name, literal)| (name.to_string(), value(literal)))
            .collect();
        let by = combination.asked.map(|starter| match starter.value {
            Starter::Schedule => SCHEDULE.to_owned(),
            Starter::Outsider => OUTSIDER.to_owned(),
            Starter::People(party) => party.meta(model).id.to_string(),
        });
        let wanted = TestRequest {
            agent: &model.agents[combination.agent.index()].meta.id,
            task: &named.meta.id,
            purpose,
            action: &action,
            resource: &resource,
            inputs: &inputs,
            now: self.now,
            by: by.as_deref(),
            approvals: &approvals,
        };
        let mut first: Option<Decided> = None;
        for request in requests(&self.policy, &wanted) {
            let decision = decide(&self.policy, &request);
            let decided = Decided {
                allow: decision.allow,
                reasons: decision.reasons(),
                governing: governing(&self.policy, &request, &decision),
                disagreement: self.disagreement(&request, &decision),
            };
            if decided.allow || decided.disagreement.is_some() {
                return decided;
            }
            first.get_or_insert(decided);
        }
        first.unwrap_or(Decided {
            allow: false,
            reasons: BTreeSet::from([Reason::Credential]),
            governing: Vec::new(),
            disagreement: None,
        })
    }

    fn disagreement(&self, request: &Value, answer: &Answer) -> Option<String> {
        let engines = self.engines.as_ref()?;
        engines.deciders().into_iter().find_map(|decider| match decider.answer(request) {
            Ok(other) if other == *answer => None,
            Ok(other) if other.allow == answer.allow => Some(format!("{} denies it for other reasons than the model", decider.name())),
            Ok(other) if other.allow => Some(format!("{} allows it, and the model does not", decider.name())),
            Ok(_) => Some(format!("{} denies it, and the model does not", decider.name())),
            Err(error) => Some(format!("{} cannot decide it: {error}", decider.name())),
        })
    }
}

/// A constant as requests have it.
fn value(literal: &Literal) -> Value {
    match literal {
        Literal::Integer(number) => json!(number),
        Literal::Money(money) => json!({ "amount": money.minor, "currency": money.currency }),
        Literal::Boolean(boolean) => json!(boolean),
        Literal::Word(word) => json!(word),
    }
}
