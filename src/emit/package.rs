//! Policies of both targets, checked against the reference meaning, as files.

use crate::emit::agreement::{Agreement, Disagreement, hold};
use crate::emit::answer::Denial;
use crate::emit::cedar::cases::cases;
use crate::emit::cedar::hosted;
use crate::emit::cedar::{self, Cedar, Index};
use crate::emit::engines::Engines;
use crate::emit::loss::Loss;
use crate::emit::obligation::Obligation;
use crate::emit::policy::Policy;
use crate::emit::reference::Reference;
use crate::emit::rego::{self, Rego};
use crate::emit::requests::{Derived, Suite, suite};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The most requests for each group, so that their number stays bounded.
pub const PER_GROUP: usize = 3_000;

/// How to check what was built without this program; the same for every build.
const VERIFY: &str = include_str!("package/verify.md");

/// The projection of requests into Cedar's, as a program of `jq`; the same for every build.
const PROJECT: &str = include_str!("package/project.jq");

/// A request in the form of a hosted service, as a program of `jq`; the same for every build.
const SERVICE: &str = include_str!("package/service.jq");

/// What `opa test` runs over the derived requests; the same for every build.
const VECTORS_TEST: &str = include_str!("package/vectors_test.rego");

/// Emitted policies, and the results of their checks.
#[derive(Debug)]
pub struct Package {
    /// Files by their paths, with forward slashes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The result of the derived requests.
    pub agreement: Agreement,
    /// For each group how many derived requests were about one of its operations.
    pub by_group: BTreeMap<String, usize>,
    /// The groups with derived requests that were left out because there are too many, each with how many.
    pub left_out: BTreeMap<String, usize>,
    /// The groups with too many combinations, which were tried in pairs.
    pub pairwise: BTreeSet<String>,
}

/// Why nothing is written.
#[derive(Debug)]
pub enum Failure {
    /// A target cannot express what the model states.
    Lost(Loss),
    /// The emitted files do not load, or cannot be packed.
    Broken(String),
    /// An engine and the model answer differently; each sentence is one request.
    Disagreement(Vec<String>),
    /// A hosted service would not take it; each sentence is one part that is too large.
    TooLarge(Vec<String>),
}

/// Emits, asks both engines every derived request, and returns the files only if both agree with the reference
/// meaning on all. `hosted` adds the profile for hosted services, checked with the same requests.
pub fn package(policy: &Policy, hosted: bool) -> Result<Package, Failure> {
    let cedar = cedar::emit(policy).map_err(Failure::Lost)?;
    let rego = rego::emit(policy);
    if let Some(loss) = rego.losses.first() {
        return Err(Failure::Lost(loss.clone()));
    }
    let engines = Engines::new(&cedar, &rego).map_err(Failure::Broken)?;
    let Suite {
        requests,
        left_out,
        pairwise,
    } = suite(policy, PER_GROUP);
    let [by_index, rego_engine] = engines.deciders();
    let agreement = hold(policy, &requests, &[by_index, &engines.whole(), rego_engine]);
    agreed(&agreement)?;
    let mut files = BTreeMap::new();
    if hosted {
        add_hosted(&mut files, policy, &cedar, &rego, &requests)?;
    }
    add_cedar(&mut files, &cedar);
    add_rego(&mut files, &rego)?;
    files.insert("requests/vectors.jsonl".into(), vectors(&requests, &agreement).into_bytes());
    files.insert("cedar/tests.json".into(), cases(engines.cedar(), &requests).into_bytes());
    files.insert("cedar/project.jq".into(), PROJECT.into());
    files.insert("requests/vectors_test.rego".into(), VECTORS_TEST.into());
    files.insert("VERIFY.md".into(), VERIFY.into());
    let reference = Reference::of(policy);
    let mut by_group: BTreeMap<String, usize> = policy.groups.iter().map(|group| (group.id.clone(), 0)).collect();
    for derived in &requests {
        let action = derived.request["action"]["name"].as_str().unwrap_or_default();
        let resource = derived.request["resource"]["id"].as_str().unwrap_or_default();
        if let Some(group) = reference.group(action, resource) {
            *by_group.entry(group.id.clone()).or_default() += 1;
        }
    }
    Ok(Package {
        by_group,
        files,
        agreement,
        left_out,
        pairwise,
    })
}

fn agreed(agreement: &Agreement) -> Result<(), Failure> {
    let sentences: Vec<String> = agreement.disagreements.iter().map(Disagreement::words).collect();
    match sentences.is_empty() {
        true => Ok(()),
        false => Err(Failure::Disagreement(sentences)),
    }
}

fn add_hosted(
    files: &mut BTreeMap<String, Vec<u8>>,
    policy: &Policy,
    cedar: &Cedar,
    rego: &Rego,
    requests: &[Derived],
) -> Result<(), Failure> {
    let hosted = hosted::emit(policy, cedar).map_err(Failure::TooLarge)?;
    // A hosted service asks every policy: it has no index, and its policies have ids of their own.
    let taken = Cedar {
        policies: hosted.policies.clone(),
        index: Index::of(policy, &[], &[]).text().map_err(Failure::Broken)?,
        ..cedar.clone()
    };
    let engines = Engines::new(&taken, rego).map_err(Failure::Broken)?;
    let [_, rego_engine] = engines.deciders();
    agreed(&hold(policy, requests, &[&engines.whole(), rego_engine]))?;
    for (name, text) in [
        ("schema.json", hosted.schema.as_str()),
        ("policies.json", &hosted.statements),
        ("policies.cedar", &hosted.policies),
        ("sizes.json", &hosted.sizes),
        ("service.jq", SERVICE),
    ] {
        files.insert(format!("cedar/hosted/{name}"), text.into());
    }
    Ok(())
}

fn add_cedar(files: &mut BTreeMap<String, Vec<u8>>, cedar: &Cedar) {
    for (name, text) in [
        ("schema.cedarschema", &cedar.schema),
        ("policies.cedar", &cedar.policies),
        ("explain.cedar", &cedar.explain),
        ("entities.json", &cedar.entities),
        ("index.json", &cedar.index),
    ] {
        files.insert(format!("cedar/{name}"), text.clone().into_bytes());
    }
}

fn add_rego(files: &mut BTreeMap<String, Vec<u8>>, rego: &Rego) -> Result<(), Failure> {
    for (name, text) in rego.files() {
        files.insert(format!("rego/{name}"), text.into_bytes());
    }
    let bundle = rego::bundle(rego).map_err(Failure::Broken)?;
    files.insert("rego/bundle.tar.gz".into(), bundle);
    Ok(())
}

/// One line for each request, with the decision of both engines and the reference meaning, and its reasons.
fn vectors(requests: &[Derived], agreement: &Agreement) -> String {
    let lines = requests.iter().zip(&agreement.answers).map(|(derived, answer)| {
        let denials: Vec<Value> = answer.denials.iter().map(Denial::json).collect();
        let obligations: Vec<Value> = answer.obligations.iter().map(Obligation::json).collect();
        let line = json!({
            "kind": derived.kind, "about": derived.about, "decision": answer.allow, "denials": denials, "obligations": obligations,
            "request": derived.request,
        });
        format!("{line}\n")
    });
    lines.collect()
}
