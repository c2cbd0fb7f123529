//! What a solver says of the policies of both sides: a net under the lines that are compared one by one.

use crate::diff::{EXAMPLES, committed, edit, example, options, run, weaker};
use crate::project::{Outcome, Project, TODAY, repository};
use crate::proof::weaker::OnPath;
use crate::tools::path_with;
use quorate::compile::compile;
use quorate::diff::{Change, Kind, diff};
use quorate::emit::lower::revision;
use quorate::emit::mutate::{mutants, with};
use quorate::emit::test_run::{Deciders, hold};
use quorate::prove::sides::{Policies, compared};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::process::Command;

/// The test tries one weakening in this many, because it asks a solver about each of them twice.
const EVERY: usize = 41;

/// Runs it with this path and no other solver.
fn asked(project: &Project, path: &OsStr, options: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command
        .current_dir(project.path("."))
        .args(["--as-of", TODAY, "--color", "never", "diff", "old", "governance"])
        .args(options)
        .env("PATH", path)
        .env("RUST_BACKTRACE", "0")
        .env_remove("CVC5");
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    Outcome {
        out: text(output.stdout),
        error: text(output.stderr),
        code: output.status.code(),
    }
}

/// An example twice: as it was in `old`, and to be edited in `governance`.
fn twice() -> Project {
    let mut project = Project::new();
    for entry in std::fs::read_dir(repository().join("examples/customer-data")).expect("the example is there") {
        let entry = entry.expect("it is readable");
        let bytes = std::fs::read(entry.path()).expect("it is a file");
        for folder in ["old", "governance"] {
            project = project.bytes(&format!("{folder}/{}", entry.file_name().to_string_lossy()), &bytes);
        }
    }
    project
}

/// The lines that a solver alone says.
fn alone(changes: &[Change]) -> Vec<String> {
    let own = changes.iter().filter(|change| change.kind == Kind::Policies);
    own.map(|change| format!("{} ({})", change.sentence, change.detail)).collect()
}

#[test]
fn the_way_back_from_a_weakening_allows_nothing_that_was_refused() {
    let Some(path) = path_with(&["cvc5"], "policies of both sides") else {
        return;
    };
    let solver = |path: &OsString| -> Result<OnPath, String> { Ok(OnPath(path.clone())) };
    let mut faults = Vec::new();
    let mut wider = 0;
    for name in EXAMPLES {
        let before = example(name);
        let meaning = before.meaning.as_ref().expect("an example has a meaning");
        for mutant in mutants(&before, meaning).iter().step_by(EVERY) {
            let mut after = compile(with(&before.sources, mutant), options(), Vec::new());
            if after
                .meaning
                .as_ref()
                .is_none_or(|own| revision(&own.model) == revision(&meaning.model))
            {
                continue;
            }
            hold(&mut after, Deciders::Reference);
            let (forth, _) = compared(&before, &after, &diff(&before, &after), || solver(&path));
            wider += usize::from(matches!(forth, Policies::Compared { more: 1.., .. }));
            let back = diff(&after, &before);
            // Another test checks that the way back is not weaker. Here the solver must agree if the command says so.
            if !weaker(&back).is_empty() {
                continue;
            }
            let (policies, changes) = compared(&after, &before, &back, || solver(&path));
            match policies {
                Policies::Not(why) => faults.push(format!("{name}: {}: {why}", mutant.words)),
                Policies::Same | Policies::Compared { .. } => {}
            }
            let more = alone(&changes).into_iter();
            faults.extend(more.map(|line| format!("{name}: the way back from {}: {line}", mutant.words)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(wider >= 5, "the solver found more in only {wider} of the weakenings");
}

#[test]
fn a_request_that_is_let_through_now_is_told() {
    let Some(path) = path_with(&["cvc5"], "policies of both sides") else {
        return;
    };
    let project = twice();
    edit(
        &project,
        "approve   business and security and privacy",
        "approve   business and security",
    );
    let changed = asked(&project, &path, &[]).ends_with(1);
    for words in [
        "the policies now let an agent do write.",
        "customer.consent in ",
        "security from person 2",
        "that more is allowed than before in 1 way",
    ] {
        assert!(changed.out.contains(words), "{words}: {changed}");
    }
    assert!(!changed.out.contains("acme."), "{changed}");
    let json = asked(&project, &path, &["--format", "json", "--prove"]).ends_with(1);
    let document: Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(document["policies"]["compared"], true);
    assert_eq!(document["policies"]["more"], 1);
    let changes = document["changes"].as_array().expect("a list");
    let own: Vec<&Value> = changes.iter().filter(|change| change["kind"] == "policies").collect();
    assert_eq!(own.len(), 1, "{json}");
    assert_eq!(own[0]["weight"], "weaker");
    assert_eq!(own[0]["subject"], "domain acme.consent");
}

#[test]
fn what_was_not_compared_is_said() {
    let project = twice();
    let same = asked(&project, OsStr::new("/nowhere"), &["--prove"]).ends_with(0);
    assert_eq!(same.out, "No change to accountability.\n");
    edit(
        &project,
        "approve   business and security and privacy",
        "approve   business and security",
    );
    let without = asked(&project, OsStr::new("/nowhere"), &[]).ends_with(1);
    assert!(without.out.contains("policies  not compared: "), "{without}");
    assert!(without.out.contains("cvc5 does not exist"), "{without}");
    let never = asked(&project, OsStr::new("/nowhere"), &["--prove=never", "--format", "json"]).ends_with(1);
    let document: Value = serde_json::from_str(&never.out).expect("it is JSON");
    assert_eq!(document["policies"]["compared"], false);
    let always = asked(&project, OsStr::new("/nowhere"), &["--prove"]).ends_with(2);
    assert_eq!(always.out, "");
    assert!(always.error.contains("apt-get install cvc5"), "{always}");
}

/// A narrowing that the solver has to show.
#[test]
fn that_nothing_more_is_allowed_is_shown_for_every_request() {
    let Some(path) = path_with(&["cvc5"], "policies of both sides") else {
        return;
    };
    let project = twice();
    edit(&project, "purposes profile_upkeep, segmentation", "purposes profile_upkeep");
    let narrower = asked(&project, &path, &[]);
    assert!(narrower.out.contains("that nothing is allowed that was"), "{narrower}");
}

/// A person under another name is the same to the solver too.
#[test]
fn a_rename_allows_nothing_more() {
    let Some(_) = path_with(&["cvc5"], "policies of both sides") else {
        return;
    };
    let project = committed();
    super::rename(&project);
    let renamed = run(&project, &["diff", "git:main", "governance", "--prove"]).ends_with(0);
    assert!(renamed.out.contains("policies  "), "{renamed}");
}
