//! The emitted policies, for the report. The caller that builds the policies fills this in.

use serde::Serialize;
use std::collections::BTreeMap;

/// A file that the build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyFile {
    /// The path of the file from the output folder.
    pub name: String,
    /// The digest of its bytes, as `sha256:…`.
    pub digest: String,
    /// The locations of the domains that the policies come from, each as `file:line`; empty for a file outside
    /// `cedar/` and `rego/`.
    pub sources: Vec<String>,
    /// The ids of the domains that the file decides; empty if it is not about particular domains. This version of
    /// Quorate always writes an empty list.
    pub domains: Vec<String>,
}

/// A group of operations with the same governing domains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyGroup {
    /// The id of the group in the policies.
    pub id: String,
    /// The ids of the governing domains.
    pub domains: Vec<String>,
    /// The locations of these domains, as `file:line`, separated by commas.
    pub source: String,
    /// The number of derived requests about this group. The engines and the model agree on all of them.
    pub agreed: usize,
}

/// The policies that the build wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policies {
    /// The digest of the canonical model, as `sha256:…`. The policies refuse a request with another revision.
    pub revision: String,
    /// The files of the policies, and of the requests that test them.
    pub files: Vec<PolicyFile>,
    /// The groups of operations that the policies decide.
    pub groups: Vec<PolicyGroup>,
    /// The number of derived requests. The engines and the model agree on all of them.
    pub derived: usize,
    /// The number of derived requests of each kind, by the name of the kind.
    pub by_kind: BTreeMap<String, usize>,
    /// The engines that were asked, each with its version.
    pub engines: Vec<String>,
}
