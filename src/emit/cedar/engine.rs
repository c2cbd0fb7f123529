//! The emitted policies in the real engine: validated strictly, then asked.

use crate::emit::answer::{Answer, Denial};
use crate::emit::cedar::Cedar;
use crate::emit::cedar::index::{Index, Slice};
use crate::emit::cedar::permit::OBLIGATION;
use crate::emit::cedar::project::{Projected, project};
use crate::emit::cedar::schema::UNKNOWN_ACTION;
use crate::emit::cedar::tree::Kind;
use crate::emit::cedar::value::Types;
use crate::emit::obligation::{Obligation, of_words};
use crate::emit::reason::Reason;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicyId, PolicySet, Request, Response, Schema, ValidationMode, Validator,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::str::FromStr;

/// The engine's result for a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The answer. It never allows with an error.
    pub answer: Answer,
    /// Errors while the policies were evaluated; with sound policies there are none.
    pub errors: Vec<String>,
    /// The ids of the permits that allow it.
    pub permits: Vec<String>,
    /// Why the request did not reach the policies, if it did not.
    pub malformed: Option<String>,
}

impl Outcome {
    fn malformed(sentence: String) -> Outcome {
        Outcome {
            answer: Answer::no(Reason::Malformed),
            malformed: Some(sentence),
            ..Outcome::default()
        }
    }
}

/// Cedar, loaded with one set of policies.
pub struct Engine {
    schema: Schema,
    policies: PolicySet,
    explain: PolicySet,
    /// For each slice of the index its policies and its explanation.
    slices: Vec<[PolicySet; 2]>,
    otherwise: [PolicySet; 2],
    index: Index,
    entities: Entities,
    authorizer: Authorizer,
    types: Types,
    actions: BTreeSet<EntityUid>,
    /// The action that stands for one that the schema lacks.
    unknown: EntityUid,
}

impl Engine {
    /// Parses and strictly validates. The error names the faulty policy.
    pub fn new(cedar: &Cedar) -> Result<Engine, String> {
        let (schema, _) =
            Schema::from_cedarschema_str(&cedar.schema).map_err(|error| format!("the Cedar schema does not parse: {}", whole(&error)))?;
        let policies = named(&cedar.policies)?;
        let explain = named(&cedar.explain)?;
        for set in [&policies, &explain] {
            validate(&schema, set)?;
        }
        let unread = policies
            .policies()
            .find(|policy| policy.annotation(OBLIGATION).is_some_and(|said| of_words(said).is_none()));
        if let Some(policy) = unread {
            return Err(format!("`@obligation` of the Cedar policy `{}` has an unknown value", policy.id()));
        }
        let entities = Entities::from_json_str(&cedar.entities, Some(&schema))
            .map_err(|error| format!("the Cedar entities do not fit the schema: {}", whole(&error)))?;
        let types = Types::new()?;
        let index = Index::read(&cedar.index)?;
        let sets = |slice: &Slice| Ok([only(&policies, &slice.policies)?, only(&explain, &slice.explain)?]);
        Ok(Engine {
            slices: index.slices.iter().map(sets).collect::<Result<_, String>>()?,
            otherwise: sets(&index.otherwise)?,
            index,
            actions: schema.actions().cloned().collect(),
            unknown: types.entity(Kind::Action.name(), UNKNOWN_ACTION)?,
            types,
            schema,
            policies,
            explain,
            entities,
            authorizer: Authorizer::new(),
        })
    }

    /// Decides a request in the shape of the contract. A request that does not project, or that the schema does
    /// not admit, is refused.
    ///
    /// Only the policies that the index names for its operation are asked, so more domains do not make a
    /// decision slower.
    pub fn decide(&self, request: &Value) -> Outcome {
        let projected = match project(request) {
            Ok(projected) => projected,
            Err(sentence) => return Outcome::malformed(sentence),
        };
        let slice = self.slice(&projected);
        match self.known(projected) {
            Ok(request) => self.ask(&request, slice),
            Err(sentence) => Outcome::malformed(sentence),
        }
    }

    /// The same without the index: the schema admits the request, and every policy is asked.
    pub fn decide_whole(&self, request: &Value) -> Outcome {
        match project(request) {
            Ok(projected) => self.decide_projected(projected),
            Err(sentence) => Outcome::malformed(sentence),
        }
    }

    /// Decides a request that is already in Cedar's JSON, by every policy.
    pub fn decide_projected(&self, projected: Projected) -> Outcome {
        match self.admit(projected) {
            Ok(request) => self.ask(&request, [&self.policies, &self.explain]),
            Err(sentence) => Outcome::malformed(sentence),
        }
    }

    fn ask(&self, request: &Request, [policies, explain]: [&PolicySet; 2]) -> Outcome {
        let response = self.authorizer.is_authorized(request, policies, &self.entities);
        let mut errors = errors(&response);
        if response.decision() == Decision::Allow && errors.is_empty() {
            let permits: BTreeSet<String> = response.diagnostics().reason().map(|id| id.to_string()).collect();
            return Outcome {
                answer: Answer::yes(self.obligations(&response)),
                permits: permits.into_iter().collect(),
                ..Outcome::default()
            };
        }
        let explained = self.authorizer.is_authorized(request, explain, &self.entities);
        errors.extend(self::errors(&explained));
        let denials = explained.diagnostics().reason().filter_map(|id| self.denial(id));
        Outcome {
            answer: Answer {
                allow: false,
                denials: denials.collect(),
                ..Answer::default()
            },
            errors,
            ..Outcome::default()
        }
    }

    /// The policies that can affect a request.
    fn slice(&self, projected: &Projected) -> [&PolicySet; 2] {
        let id = |entity: &Value| entity.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let resources = self.index.operations.get(&id(&projected.action));
        let place = resources.and_then(|resources| resources.get(&id(&projected.resource)));
        let [policies, explain] = place.and_then(|place| self.slices.get(*place)).unwrap_or(&self.otherwise);
        [policies, explain]
    }

    /// The request as passed to the policies, and its context in Cedar's JSON; `None` if it is refused before.
    pub fn admitted(&self, request: &Value) -> Option<(Request, Value)> {
        let projected = project(request).ok()?;
        let context = projected.context.clone();
        Some((self.admit(projected).ok()?, context))
    }

    /// The denial in the annotations of a policy of the explanation.
    fn denial(&self, id: &PolicyId) -> Option<Denial> {
        let said = |name: &str| self.explain.annotation(id, name);
        let reason = Reason::of(said("reason")?)?;
        Some(match (said("domain"), said("function").zip(said("slot"))) {
            (Some(domain), Some((function, slot))) => Denial::at(domain, function, slot, reason),
            (Some(domain), None) => Denial::by(domain, reason),
            (None, _) => Denial::plain(reason),
        })
    }

    /// The obligations in the annotations of the permits that allow a request.
    fn obligations(&self, response: &Response) -> BTreeSet<Obligation> {
        let permits = response.diagnostics().reason();
        let said = permits.filter_map(|id| self.policies.annotation(id, OBLIGATION));
        said.filter_map(of_words).flatten().collect()
    }

    /// The request, if the schema admits it. The more totals, slots, ledgers and rollbacks there are, the
    /// longer this takes.
    fn admit(&self, projected: Projected) -> Result<Request, String> {
        // A context with a key that the schema lacks refuses the request.
        self.request(&projected, Some(&self.schema))
    }

    /// The request, if its keys are known. In a request that could be projected, nothing else needs checking:
    /// each value has the type of the schema.
    fn known(&self, projected: Projected) -> Result<Request, String> {
        for (record, known) in &self.index.keys {
            let given = projected.context.get(record).and_then(Value::as_object).into_iter().flatten();
            if let Some((key, _)) = given.into_iter().find(|(key, _)| !known.contains(*key)) {
                return Err(format!("{key:?} is not known among the {record} of a request"));
            }
        }
        self.request(&projected, None)
    }

    fn request(&self, projected: &Projected, schema: Option<&Schema>) -> Result<Request, String> {
        let [principal, action, resource] = [&projected.principal, &projected.action, &projected.resource]
            .map(|entity| self.types.reference(entity).ok_or("not an entity reference".to_owned())?);
        let (principal, mut action, resource) = (principal?, action?, resource?);
        if !self.actions.contains(&action) {
            action = self.unknown.clone();
        }
        let context = self.types.fields(&projected.context)?;
        let context = Context::from_pairs(context).map_err(|error| whole(&error))?;
        Request::new(principal, action, resource, context, schema).map_err(|error| whole(&error))
    }
}

/// The policies of a set with these ids.
fn only(set: &PolicySet, ids: &[String]) -> Result<PolicySet, String> {
    let mut chosen = PolicySet::new();
    for id in ids {
        let policy = set.policy(&PolicyId::new(id));
        let policy = policy.ok_or_else(|| format!("the index names an unknown Cedar policy {id:?}"))?;
        chosen.add(policy.clone()).map_err(|error| whole(&error))?;
    }
    Ok(chosen)
}

/// Policies under the ids that their annotations give them.
pub fn named(text: &str) -> Result<PolicySet, String> {
    let parsed = PolicySet::from_str(text).map_err(|error| format!("the Cedar policies do not parse: {}", whole(&error)))?;
    let mut set = PolicySet::new();
    for policy in parsed.policies() {
        let id = policy
            .annotation("id")
            .ok_or_else(|| format!("the Cedar policy {} has no id", policy.id()))?;
        set.add(policy.new_id(PolicyId::new(id))).map_err(|error| whole(&error))?;
    }
    Ok(set)
}

/// Validates policies against a schema, strictly.
pub fn validate(schema: &Schema, set: &PolicySet) -> Result<(), String> {
    let result = Validator::new(schema.clone()).validate(set, ValidationMode::Strict);
    let mut faults: Vec<String> = result
        .validation_errors()
        .map(|error| format!("`{}`: {}", error.policy_id(), whole(error)))
        .collect();
    faults.sort();
    match faults.as_slice() {
        [] => Ok(()),
        several => Err(format!("Cedar refuses a policy: {}", several.join("; "))),
    }
}

fn errors(response: &Response) -> Vec<String> {
    let mut errors: Vec<String> = response.diagnostics().errors().map(|error| whole(error)).collect();
    errors.sort();
    errors
}

/// An error with all of its causes.
pub fn whole(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        sentence = format!("{sentence}: {inner}");
        source = inner.source();
    }
    sentence
}
