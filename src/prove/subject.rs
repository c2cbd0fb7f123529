//! Emitted policies, loaded to be asked about: the schema, both files, and the actions that a request can have.

use crate::emit::cedar::Cedar;
use crate::emit::cedar::engine::{named, whole};
use crate::emit::policy::{Group, Policy};
use cedar_policy::{ActionConstraint, EntityId, PolicyId, PolicySet, RequestEnv, Schema};

/// Emitted policies.
pub struct Subject {
    /// What a request may hold.
    pub schema: Schema,
    /// `policies.cedar`
    pub permits: PolicySet,
    /// `explain.cedar`
    pub reasons: PolicySet,
    /// Every action of the schema by its name, in order. Agents and data have one type each, so each is one kind of request.
    pub actions: Vec<(String, RequestEnv)>,
}

impl Subject {
    /// Loads what was emitted, unless it holds something that no group of the model stands behind.
    pub fn new(policy: &Policy, cedar: &Cedar) -> Result<Subject, String> {
        let (schema, _) = Schema::from_cedarschema_str(&cedar.schema).map_err(|error| whole(&error))?;
        let permits = named(&cedar.policies)?;
        let known = |id: &PolicyId| policy.groups.iter().any(|group| PolicyId::new(&group.id) == *id);
        if let Some(stranger) = permits.policies().find(|permit| !known(permit.id())) {
            return Err(format!("the policies have `{}`, which no domain stands behind", stranger.id()));
        }
        let actions = actions(&schema);
        Ok(Subject {
            reasons: named(&cedar.explain)?,
            schema,
            permits,
            actions,
        })
    }

    /// The permit of a group.
    pub fn permit(&self, group: &Group) -> Result<cedar_policy::Policy, String> {
        let permit = self.permits.policy(&PolicyId::new(&group.id)).cloned();
        permit.ok_or_else(|| format!("there is no permit for `{}`", group.id))
    }
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

/// Whether the head of a policy lets an action in; one that it does not cannot come to its conditions.
pub fn heeds(policy: &cedar_policy::Policy, env: &RequestEnv) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(action) => action == *env.action(),
        ActionConstraint::In(actions) => actions.contains(env.action()),
    }
}
