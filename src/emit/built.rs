//! The policies of a built folder, which can be asked without the workspace.

use crate::emit::cedar::{Cedar, Index};
use crate::emit::rego::Rego;
use serde_json::Value;

/// What a build wrote for both engines.
pub struct Built {
    /// For Cedar.
    pub cedar: Cedar,
    /// For Open Policy Agent.
    pub rego: Rego,
    /// The revision of both.
    pub revision: String,
}

impl Built {
    /// The files of a build, each read by its path.
    pub fn of(mut read: impl FnMut(&str) -> Result<String, String>) -> Result<Built, String> {
        let cedar = Cedar {
            schema: read("cedar/schema.cedarschema")?,
            policies: read("cedar/policies.cedar")?,
            explain: read("cedar/explain.cedar")?,
            entities: read("cedar/entities.json")?,
            index: read("cedar/index.json")?,
        };
        let data: Value =
            serde_json::from_str(&read("rego/data.json")?).map_err(|error| format!("rego/data.json does not parse: {error}"))?;
        let rego = Rego {
            module: read("rego/policy.rego")?,
            reasons: read("rego/reasons.rego")?,
            manifest: read("rego/.manifest")?,
            losses: Vec::new(),
            data,
        };
        let revision = rego.data["quorate"]["revision"].as_str().unwrap_or_default().to_owned();
        match Index::read(&cedar.index)?.revision == revision {
            true => Ok(Built { cedar, rego, revision }),
            false => Err("the Cedar and the Rego policies are of different revisions".to_owned()),
        }
    }
}
