//! How the emitted policies compare to those of an earlier build: whether they allow anything that was refused
//! then.
//!
//! Policies and data are compared separately. Policies are compared for any data: whether each permit implies
//! the earlier permits for the same data. Data are compared for what is new: people, seats, windows, bounds,
//! calls, tasks, limits. More data can only improve a request's chances with a permit, so if neither part
//! allows more, nothing does.

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
    /// The path of each in the folder of a build, in the order of the fields.
    pub const NAMES: [&'static str; 4] = [
        "cedar/schema.cedarschema",
        "cedar/policies.cedar",
        "cedar/explain.cedar",
        "cedar/entities.json",
    ];

    /// The files of a build.
    pub fn of(cedar: &'a Cedar) -> Files<'a> {
        Files {
            schema: &cedar.schema,
            policies: &cedar.policies,
            explain: &cedar.explain,
            entities: &cedar.entities,
        }
    }

    /// The digest of each file, by its name.
    pub fn digests(&self) -> BTreeMap<String, String> {
        let texts = [self.schema, self.policies, self.explain, self.entities];
        let one = |(name, text): (&str, &str)| (name.to_owned(), sha256(text.as_bytes()));
        Files::NAMES.into_iter().zip(texts).map(one).collect()
    }
}

/// The files of an earlier build, ready for comparison.
pub struct Earlier {
    /// Its permits, converted to today's revision.
    permits: PolicySet,
    /// Its reasons, converted to today's revision.
    reasons: PolicySet,
    /// For each resource the permits that are about it, in order.
    of_data: BTreeMap<String, Vec<PolicyId>>,
    /// What a request may contain by either schema.
    narrow: Narrow,
    /// Whether only what both builds decide is compared.
    pub common: bool,
    /// The parts of today's data that its own data do not contain, as sentences.
    pub wider: Vec<String>,
    /// Its files with their digests.
    pub files: BTreeMap<String, String>,
}

impl Earlier {
    /// Reads it; `today` is the build to compare with.
    pub fn new(earlier: Files, today: Files) -> Result<Earlier, String> {
        let [own, other] = [earlier.policies, today.policies].map(|text| named(text).map(|permits| revision(&permits)));
        let (own, other) = (own?, other?);
        // A request carries one revision, so at most one of two builds could allow it.
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

/// The revision that permits require.
fn revision(permits: &PolicySet) -> Option<String> {
    let asked = json!({ ".": { "left": { "Var": "context" }, "attr": "revision" } });
    let of = |part: &Value| {
        let equal = &part["=="];
        (equal["left"] == asked).then(|| equal["right"]["Value"].as_str().map(str::to_owned))?
    };
    permits.policies().find_map(|permit| parts(permit).ok()?.iter().find_map(of))
}
