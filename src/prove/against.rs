//! How what was emitted stands to what an earlier build emitted: whether anything is allowed now that was refused then.
//!
//! Policies and data are compared apart. Of the policies it is asked for any data, so of each permit whether it implies those that took in the
//! same data before. Of the data it is asked what they hold that they did not hold: people, seats, windows, bounds, calls, tasks, limits.
//! A permit asks nothing of data but what may only grow a request's chances with them, so where neither has grown nothing has.

pub mod data;
pub mod permits;

use crate::emit::cedar::Cedar;
use crate::emit::cedar::engine::named;
use crate::facts::scope::sha256;
use crate::prove::narrow::Narrow;
use crate::prove::pieces::{parts, resources};
use cedar_policy::{PolicyId, PolicySet};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The files of one build that a proof is about.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// What a request may hold.
    pub schema: &'a str,
    /// The permits.
    pub policies: &'a str,
    /// The reasons.
    pub explain: &'a str,
    /// The data.
    pub entities: &'a str,
}

impl<'a> Files<'a> {
    /// Where each lies in the folder of a build, in the order of the fields.
    pub const NAMES: [&'static str; 4] = [
        "cedar/schema.cedarschema",
        "cedar/policies.cedar",
        "cedar/explain.cedar",
        "cedar/entities.json",
    ];

    /// Those of a build.
    pub fn of(cedar: &'a Cedar) -> Files<'a> {
        Files {
            schema: &cedar.schema,
            policies: &cedar.policies,
            explain: &cedar.explain,
            entities: &cedar.entities,
        }
    }

    /// Each by its name, with its digest.
    pub fn digests(&self) -> BTreeMap<String, String> {
        let texts = [self.schema, self.policies, self.explain, self.entities];
        let one = |(name, text): (&str, &str)| (name.to_owned(), sha256(text.as_bytes()));
        Files::NAMES.into_iter().zip(texts).map(one).collect()
    }
}

/// What an earlier build emitted, ready to be held against.
pub struct Earlier {
    /// Its permits, made for the revision of today.
    permits: PolicySet,
    /// Its reasons, made for the revision of today.
    reasons: PolicySet,
    /// For each of the data the permits that are about it, in order.
    of_data: BTreeMap<String, Vec<PolicyId>>,
    /// What a request may hold by either schema.
    narrow: Narrow,
    /// Whether only what both decide is held against each other.
    pub common: bool,
    /// What its data do not hold and today's do, as sentences.
    pub wider: Vec<String>,
    /// Its files with their digests.
    pub files: BTreeMap<String, String>,
}

impl Earlier {
    /// Reads it; `today` is what it is held against.
    pub fn new(earlier: Files, today: Files) -> Result<Earlier, String> {
        let [own, other] = [earlier.policies, today.policies].map(|text| named(text).map(|permits| revision(&permits)));
        let (own, other) = (own?, other?);
        // A request is made for one revision, so that of two builds at most one could allow it.
        let same = |text: &str| match (&own, &other) {
            (Some(own), Some(other)) => text.replace(own, other),
            (None, _) | (_, None) => text.to_owned(),
        };
        let permits = named(&same(earlier.policies))?;
        let mut of_data: BTreeMap<String, Vec<PolicyId>> = BTreeMap::new();
        let mut ordered: Vec<&cedar_policy::Policy> = permits.policies().collect();
        ordered.sort_by_key(|permit| permit.id().to_string());
        for permit in ordered {
            let own = resources(permit)?.ok_or_else(|| format!("`{}` names no data", permit.id()))?;
            for id in own {
                of_data.entry(id).or_default().push(permit.id().clone());
            }
        }
        Ok(Earlier {
            reasons: named(&same(earlier.explain))?,
            of_data,
            narrow: Narrow::both(today.schema, earlier.schema)?,
            wider: data::wider(today.entities, earlier.entities)?,
            files: earlier.digests(),
            common: false,
            permits,
        })
    }
}

/// The revision that permits ask for.
fn revision(permits: &PolicySet) -> Option<String> {
    let asked = json!({ ".": { "left": { "Var": "context" }, "attr": "revision" } });
    let of = |part: &Value| {
        let equal = &part["=="];
        (equal["left"] == asked).then(|| equal["right"]["Value"].as_str().map(str::to_owned))?
    };
    permits.policies().find_map(|permit| parts(permit).ok()?.iter().find_map(of))
}
