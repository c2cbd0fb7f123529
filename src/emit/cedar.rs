//! The Cedar target: a schema, one self-contained permit for each group of operations, and everything that grows as
//! entities.

pub mod approvals;
pub mod cases;
pub mod condition;
pub mod domain;
pub mod engine;
pub mod entities;
pub mod escape;
pub mod explain;
pub mod general;
pub mod hosted;
pub mod index;
pub mod lacking;
pub mod limits;
pub mod permit;
pub mod print;
pub mod project;
pub mod quorum;
pub mod requirement;
pub mod schema;
pub mod shape;
pub mod tree;
pub mod value;
pub mod words;

#[cfg(test)]
mod tests;

pub use crate::emit::cedar::engine::{Engine, Outcome};
pub use crate::emit::cedar::index::Index;
pub use crate::emit::cedar::project::{Projected, project};

use crate::emit::fidelity::Target;
use crate::emit::loss::Loss;
use crate::emit::policy::{Group, Policy};
use std::collections::BTreeSet;

/// The files of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cedar {
    /// `schema.cedarschema`
    pub schema: String,
    /// `policies.cedar`
    pub policies: String,
    /// `explain.cedar`
    pub explain: String,
    /// `entities.json`
    pub entities: String,
    /// `index.json`
    pub index: String,
}

/// Writes a policy as Cedar, unless it needs something that Cedar cannot express.
pub fn emit(policy: &Policy) -> Result<Cedar, Loss> {
    sound(policy).map_err(|sentence| loss(None, sentence))?;
    let permits = policy
        .groups
        .iter()
        .map(|group| permit::statements(policy, group).map_err(|sentence| loss(Some(group), sentence)))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let reasons = explain::statements(policy).map_err(|sentence| loss(None, sentence))?;
    let index = Index::of(policy, &permits, &reasons).text().map_err(|error| loss(None, error))?;
    let about = ["Decisions of ", policy.workspace.as_str(), "."].concat();
    let revision = ["Revision ", policy.revision.as_str()].concat();
    let policies = print::file(
        &[
            &about,
            &revision,
            "One permit for each group of operations under the same domains, and another for an emergency; a request that no permit covers is refused.",
            "An error in an answer is a refusal too.",
        ],
        &permits,
    );
    let explain = print::file(
        &[
            &about,
            &revision,
            "Why a request was refused. To be asked only after policies.cedar has refused it: this file never lets anything through by itself.",
        ],
        &reasons,
    );
    let mut entities = serde_json::to_string_pretty(&entities::entities(policy)).map_err(|error| loss(None, error.to_string()))?;
    entities.push('\n');
    Ok(Cedar {
        schema: schema::schema(policy),
        policies,
        explain,
        entities,
        index,
    })
}

fn loss(group: Option<&Group>, sentence: String) -> Loss {
    Loss {
        target: Target::Cedar,
        group: group.map(|group| group.id.clone()),
        sentence,
    }
}

/// Checks that the groups are as the contract assumes, and that no name collides with one of the projection.
fn sound(policy: &Policy) -> Result<(), String> {
    let mut operations = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for group in &policy.groups {
        if let Some(id) = permit::ids(group).into_iter().find(|id| !ids.insert(id.clone())) {
            return Err(["two permits are called `", &id, "`"].concat());
        }
        if group.domains.is_empty() || group.actions.is_empty() || group.resources.is_empty() {
            return Err(["the group `", &group.id, "` has no domain, no action or no data"].concat());
        }
        let pairs = group
            .actions
            .iter()
            .flat_map(|action| group.resources.iter().map(move |resource| (action, resource)));
        if let Some((action, resource)) = pairs.into_iter().find(|pair| !operations.insert(*pair)) {
            return Err([action, " on ", resource, " is in two groups"].concat());
        }
    }
    if policy.domains.contains_key(limits::OWN_TASK) || policy.tasks.contains_key(limits::OWN_TASK) {
        return Err("a domain or task is called `task`, which the totals of a request keep for the request's own".to_owned());
    }
    Ok(())
}
