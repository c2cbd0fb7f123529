//! Emitted policies, loaded for questions: the schema, both files, and the possible actions of a request.

use crate::emit::cedar::Cedar;
use crate::emit::cedar::engine::{named, validate, whole};
use crate::emit::cedar::entities::GOVERNED;
use crate::emit::cedar::permit;
use crate::emit::cedar::tree::Kind;
use crate::emit::policy::{Group, Policy};
use crate::prove::limits::Limits;
use crate::prove::narrow::Narrow;
use crate::prove::solver::Stuck;
use cedar_policy::{ActionConstraint, EntityId, PolicyId, PolicySet, RequestEnv, Schema};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// A file of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// `policies.cedar`
    Permits,
    /// `explain.cedar`
    Reasons,
}

impl File {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            File::Permits => "policies.cedar",
            File::Reasons => "explain.cedar",
        }
    }
}

/// Emitted policies.
pub struct Subject {
    /// What a request may hold.
    pub schema: Schema,
    /// The same schema, reduced for a question that mentions little of it.
    pub narrow: Narrow,
    /// For each action the data on which it is governed, from the entities.
    pub governed: BTreeMap<String, BTreeSet<String>>,
    /// The limits that the entities have for each task.
    pub limits: Limits,
    /// The questions that were answered with yes, and are the same for every action.
    answered: Mutex<BTreeSet<String>>,
    /// The ids of both files.
    ids: [Vec<PolicyId>; 2],
    /// `policies.cedar`
    pub permits: PolicySet,
    /// `explain.cedar`
    pub reasons: PolicySet,
    /// Every action of the schema by its name, in order. Agents and data have one type each, so each action is one
    /// kind of request.
    pub actions: Vec<(String, RequestEnv)>,
}

impl Subject {
    /// Loads the emitted files. An error if they contain something that no group of the model accounts for.
    pub fn new(policy: &Policy, cedar: &Cedar) -> Result<Subject, String> {
        let (schema, _) = Schema::from_cedarschema_str(&cedar.schema).map_err(|error| whole(&error))?;
        let permits = named(&cedar.policies)?;
        let known: BTreeSet<PolicyId> = policy.groups.iter().flat_map(permit::ids).map(PolicyId::new).collect();
        if let Some(stranger) = permits.policies().find(|permit| !known.contains(permit.id())) {
            return Err(format!("the policies have `{}`, which does not belong to a domain", stranger.id()));
        }
        let reasons = named(&cedar.explain)?;
        // This checks the files against the whole schema once, because a narrower schema could accept something
        // that does not fit.
        for set in [&permits, &reasons] {
            validate(&schema, set)?;
        }
        let actions = actions(&schema);
        let entities: Vec<Value> =
            serde_json::from_str(&cedar.entities).map_err(|error| format!("the Cedar entities do not parse: {error}"))?;
        Ok(Subject {
            governed: governed(&entities),
            limits: Limits::of(&entities),
            answered: Mutex::default(),
            narrow: Narrow::new(&cedar.schema)?,
            ids: [&permits, &reasons].map(ids),
            reasons,
            schema,
            permits,
            actions,
        })
    }

    /// Asks a question, unless its answer was yes before.
    pub fn once(&self, key: Option<String>, ask: impl FnOnce() -> Result<bool, Stuck>) -> Result<bool, Stuck> {
        let known = |key: &String| self.answered.lock().is_ok_and(|answered| answered.contains(key));
        if key.as_ref().is_some_and(known) {
            return Ok(true);
        }
        let holds = ask()?;
        if let (true, Some(key), Ok(mut answered)) = (holds, key, self.answered.lock()) {
            answered.insert(key);
        }
        Ok(holds)
    }

    /// The policies of a file.
    pub fn set(&self, file: File) -> &PolicySet {
        match file {
            File::Permits => &self.permits,
            File::Reasons => &self.reasons,
        }
    }

    /// The ids of the policies of a file, in order.
    pub fn ids(&self, file: File) -> &[PolicyId] {
        match file {
            File::Permits => &self.ids[0],
            File::Reasons => &self.ids[1],
        }
    }

    /// The reasons in the order of their ids.
    pub fn ordered(&self) -> impl Iterator<Item = &cedar_policy::Policy> {
        let mut reasons: Vec<&cedar_policy::Policy> = self.reasons.policies().collect();
        reasons.sort_by_key(|reason| reason.id().to_string());
        reasons.into_iter()
    }

    /// The permits of a group: one, or a second one for emergencies.
    pub fn of_group(&self, group: &Group) -> Result<Vec<cedar_policy::Policy>, String> {
        let [usual, emergency] = permit::ids(group).map(|id| self.permits.policy(&PolicyId::new(id)).cloned());
        let usual = usual.ok_or_else(|| format!("there is no permit for `{}`", group.id))?;
        Ok([usual].into_iter().chain(emergency).collect())
    }
}

fn ids(set: &PolicySet) -> Vec<PolicyId> {
    let mut ids: Vec<PolicyId> = set.policies().map(|policy| policy.id().clone()).collect();
    ids.sort();
    ids
}

fn governed(entities: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let mut governed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for asset in entities.iter().filter(|entity| entity["uid"]["type"] == Kind::Asset.name()) {
        let id = asset["uid"]["id"].as_str().unwrap_or_default();
        let actions = asset["attrs"][GOVERNED].as_array().into_iter().flatten();
        for action in actions.filter_map(|action| action["__entity"]["id"].as_str()) {
            governed.entry(action.to_owned()).or_default().insert(id.to_owned());
        }
    }
    governed
}

/// Every action of a schema by its name, in order.
pub fn actions(schema: &Schema) -> Vec<(String, RequestEnv)> {
    let name = |env: RequestEnv| {
        let id: &EntityId = env.action().id();
        (id.unescaped().to_owned(), env)
    };
    let mut actions: Vec<(String, RequestEnv)> = schema.request_envs().map(name).collect();
    actions.sort_by(|(one, _), (other, _)| one.cmp(other));
    actions
}

/// Whether the head of a policy matches an action. If it does not, the conditions are never evaluated.
pub fn heeds(policy: &cedar_policy::Policy, env: &RequestEnv) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(action) => action == *env.action(),
        ActionConstraint::In(actions) => actions.contains(env.action()),
    }
}
