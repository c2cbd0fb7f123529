//! The emitted policies, for the report. The caller that builds the policies fills this in.

use serde::Serialize;
use std::collections::BTreeMap;

/// An emitted file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyFile {
    /// Its path within the output folder.
    pub name: String,
    /// `sha256:…` of its bytes.
    pub digest: String,
    /// The sources of its content, each `file:line`.
    pub sources: Vec<String>,
    /// Ids of the domains it decides; empty if it is about all domains or about none in particular.
    pub domains: Vec<String>,
}

/// Operations under the same governing domains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyGroup {
    /// The id of the group, as the policies have it.
    pub id: String,
    /// Ids of the governing domains.
    pub domains: Vec<String>,
    /// Where what it takes is written, `file:line`.
    pub source: String,
    /// On how many derived requests of this group the engines and the model agree.
    pub agreed: usize,
}

/// The emitted policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policies {
    /// Digest of the canonical model; the policies refuse a request with another.
    pub revision: String,
    /// The files.
    pub files: Vec<PolicyFile>,
    /// The groups.
    pub groups: Vec<PolicyGroup>,
    /// How many requests were derived, on all of which the engines and the model agree.
    pub derived: usize,
    /// Of these, how many of each kind.
    pub by_kind: BTreeMap<String, usize>,
    /// The engines that were asked, with their versions.
    pub engines: Vec<String>,
}
