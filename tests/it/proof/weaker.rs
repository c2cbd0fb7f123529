//! A permit without one of its conditions is not proved, and a request is shown that gets through.

use crate::project::{TODAY, repository};
use crate::tools::path_with;
use cedar_policy::{Policy as Permit, PolicySet};
use cedar_policy_symcc::solver::LocalSolver;
use quorate::compile::{HORIZON, Options, compile};
use quorate::emit::cedar::{Cedar, emit};
use quorate::emit::lower;
use quorate::emit::policy::Policy;
use quorate::emit::waived::Waived;
use quorate::prove::proof::{Kind, Verdict};
use quorate::prove::questions::{Wanted, prove};
use quorate::prove::solver::Solvers;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::str::FromStr;

/// The solver on a path.
pub struct OnPath(pub OsString);

impl Solvers for OnPath {
    fn name(&self) -> &str {
        "cvc5"
    }

    fn start(&self) -> Result<LocalSolver, String> {
        let folders = std::env::split_paths(&self.0).map(|folder| folder.join("cvc5"));
        let program = folders.into_iter().find(|program| program.is_file()).ok_or("no cvc5")?;
        let mut command = tokio::process::Command::new(program);
        command.args(["--lang", "smt", "--tlimit-per=60000"]).kill_on_drop(true);
        LocalSolver::from_command(&mut command).map_err(|error| error.to_string())
    }
}

/// One change to consent in the example, and nothing else.
fn consent() -> Policy {
    let loaded = quorate::workspace::load(&repository().join("examples/customer-data"));
    let options = Options {
        as_of: TODAY.parse().expect("a day"),
        horizon: HORIZON,
        name: loaded.settings.name.clone(),
        levels: BTreeMap::new(),
    };
    let compilation = compile(loaded.sources, options, loaded.errors);
    let meaning = compilation.meaning.as_ref().expect("the example has no error");
    let mut policy = lower::policy(
        &compilation.sources,
        &meaning.model,
        &meaning.facts,
        &compilation.serves(),
        &Waived::of(&compilation),
    );
    policy.groups.retain(|group| group.id == "acme.consent");
    for group in &mut policy.groups {
        group.actions = BTreeSet::from(["write.update".to_owned()]);
    }
    assert_eq!(policy.groups.len(), 1);
    policy
}

#[test]
fn a_permit_without_one_of_its_conditions_is_refuted() {
    let Some(path) = path_with(&["cvc5"], "weaker permits") else {
        return;
    };
    let policy = consent();
    let whole = emit(&policy).expect("Cedar can say it");
    let set = PolicySet::from_str(&whole.policies).expect("it parses");
    let usual = |permit: &&Permit| permit.annotation("id") == Some(policy.groups[0].id.as_str());
    let permit = set.policies().find(usual).expect("there is one").to_json().expect("it is JSON");
    let conditions = permit["conditions"].as_array().expect("conditions").len();
    assert!(conditions > 10);
    let mut said = Vec::new();
    // One in five: all would take the gate too long.
    for left_out in (0..conditions).step_by(5) {
        let mut weaker = permit.clone();
        weaker["conditions"].as_array_mut().expect("conditions").remove(left_out);
        let weaker = Permit::from_json(None, weaker).expect("it is a permit");
        let cedar = Cedar {
            policies: weaker.to_cedar().expect("it can be written"),
            explain: "@id(\"everything\") permit (principal, action, resource);".to_owned(),
            ..whole.clone()
        };
        let wanted = Wanted {
            kinds: &[Kind::Required],
            domains: &BTreeSet::new(),
            earlier: None,
            told: &mut |_| (),
        };
        let proof = prove(&policy, &cedar, &OnPath(path.clone()), wanted).expect("the solver answers");
        let required = proof.shown.iter().find(|shown| shown.kind == Kind::Required).expect("it is asked");
        let Verdict::Refuted { examples } = &required.verdict else {
            panic!("without its condition {left_out}: {:?}", required.verdict);
        };
        let example = examples.first().expect("there is one");
        said.push(format!(
            "{}\n  {}",
            example.sentence.split(" (").next().unwrap_or_default(),
            example.lacking.join(", ")
        ));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("weaker_permits", said.join("\n"));
    });
}
