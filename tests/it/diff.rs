//! What a change does to accountability, told for the examples, for each weakening of them, and for revisions of a repository.

mod forms;
mod policies;

use crate::project::{Outcome, Project, TODAY, git, repository, run_in};
use quorate::compile::{Compilation, HORIZON, Options, compile};
use quorate::diff::{Change, Weight, diff};
use quorate::emit::lower::revision;
use quorate::emit::mutate::{mutants, with};
use quorate::emit::test_run::{Deciders, hold};
use quorate::workspace::load;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

const EXAMPLES: [&str; 5] = [
    "agentic-browser",
    "customer-data",
    "delegated-access",
    "prices-and-refunds",
    "single-provider",
];

fn options() -> Options {
    Options {
        as_of: jiff::civil::date(2026, 11, 23),
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    }
}

fn example(name: &str) -> Compilation {
    let loaded = load(&repository().join("examples").join(name));
    let mut compilation = compile(loaded.sources, options(), loaded.errors);
    hold(&mut compilation, Deciders::Reference);
    compilation
}

fn weaker(changes: &[Change]) -> Vec<&Change> {
    changes.iter().filter(|change| change.weight == Weight::Weaker).collect()
}

#[test]
fn equal_workspaces_differ_in_nothing() {
    for name in EXAMPLES {
        assert_eq!(diff(&example(name), &example(name)), Vec::new(), "{name}");
        assert_eq!(
            diff(&example(&format!("{name}-gaps")), &example(&format!("{name}-gaps"))),
            Vec::new(),
            "{name}"
        );
    }
}

#[test]
fn every_weakening_is_weaker_and_none_is_the_other_way_round() {
    let tried = AtomicUsize::new(0);
    let faults: Vec<String> = EXAMPLES
        .par_iter()
        .flat_map(|name| {
            let before = example(name);
            let meaning = before.meaning.as_ref().expect("an example has a meaning");
            let same = revision(&meaning.model);
            let all = mutants(&before, meaning);
            let told: Vec<String> = all
                .par_iter()
                .flat_map(|mutant| {
                    let mut after = compile(with(&before.sources, mutant), options(), Vec::new());
                    let Some(meaning) = &after.meaning else { return Vec::new() };
                    if revision(&meaning.model) == same {
                        return Vec::new();
                    }
                    hold(&mut after, Deciders::Reference);
                    tried.fetch_add(1, Ordering::Relaxed);
                    let mut faults = Vec::new();
                    if weaker(&diff(&before, &after)).is_empty() {
                        faults.push(format!("{name}: {} is not weaker", mutant.words));
                    }
                    for change in weaker(&diff(&after, &before)) {
                        faults.push(format!("{name}: the way back from {} is weaker: {}", mutant.words, change.sentence));
                    }
                    faults
                })
                .collect();
            told
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let tried = tried.into_inner();
    assert!(tried > 200, "only {tried} weakenings change what is decided");
}

/// A repository with an example in its folder `governance`, committed as `main`.
fn committed() -> Project {
    let mut project = Project::new();
    for entry in std::fs::read_dir(repository().join("examples/customer-data")).expect("the example is there") {
        let entry = entry.expect("it is readable");
        let name = format!("governance/{}", entry.file_name().to_string_lossy());
        project = project.bytes(&name, &std::fs::read(entry.path()).expect("it is a file"));
    }
    git(&project.path("."), &["init", "--quiet", "--initial-branch", "main"]);
    commit(&project);
    project
}

fn commit(project: &Project) {
    git(&project.path("."), &["add", "--all"]);
    git(&project.path("."), &["commit", "--quiet", "--message", "the workspace"]);
}

/// Replaces a text in the files of the workspace.
#[track_caller]
fn edit(project: &Project, from: &str, to: &str) {
    let folder = project.path("governance");
    for entry in std::fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let text = std::fs::read_to_string(&path).expect("it is text");
        if path.extension().is_some_and(|end| end == "gov") && text.contains(from) {
            std::fs::write(&path, text.replacen(from, to, 1)).expect("it can be written");
            return;
        }
    }
    panic!("no file says {from}");
}

fn run(project: &Project, arguments: &[&str]) -> Outcome {
    run_in(&project.path("."), TODAY, arguments)
}

#[test]
fn a_revision_is_held_against_the_folder() {
    let project = committed();
    let same = run(&project, &["diff", "git:main", "governance"]).ends_with(0);
    assert_eq!(same.out, "No change to accountability.\n");
    edit(&project, "rollback ", "// rollback ");
    let changed = run(&project, &["diff", "git:main", "governance"]).ends_with(1);
    assert!(changed.out.starts_with("This change weakens accountability.\n"), "{changed}");
    assert!(changed.out.contains("rollbacks"), "{changed}");
    run(&project, &["diff", "git:main", "governance", "--fail-on", "never"]).ends_with(0);
    let json = run(&project, &["diff", "git:main", "governance", "--format", "json"]).ends_with(1);
    let document: Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(document["verdict"], "weaker");
    let back = run(&project, &["diff", "governance", "git:main"]).ends_with(0);
    assert!(back.out.starts_with("This change does not weaken accountability.\n"), "{back}");
    let path = run(&project, &["diff", "git:main:governance", "governance"]).ends_with(1);
    assert_eq!(path.out, changed.out);
}

/// Replaces the word `dana` everywhere, except in an address or an account.
fn rename(project: &Project) {
    for entry in std::fs::read_dir(project.path("governance")).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let text = std::fs::read_to_string(&path).expect("it is text");
        let whole = text
            .replace("{dana,", "{daniela,")
            .replace(" dana\n", " daniela\n")
            .replace(" dana ", " daniela ");
        std::fs::write(&path, whole).expect("it can be written");
    }
}

#[test]
fn a_person_under_another_name_is_a_rename_where_all_else_is_equal() {
    let project = committed();
    rename(&project);
    let renamed = run(&project, &["diff", "git:main", "governance"]).ends_with(0);
    assert!(renamed.out.contains("person dana is called daniela now"), "{renamed}");
    assert!(renamed.out.contains("0 weaker, 0 stronger, 1 changed"), "{renamed}");
    edit(&project, "\"okta:dana\"", "\"okta:daniela\"");
    let other = run(&project, &["diff", "git:main", "governance"]);
    assert!(other.out.contains("person daniela is new"), "{other}");
    assert!(!other.out.contains("is called"), "{other}");
}

#[test]
fn what_cannot_be_read_is_no_difference() {
    let project = committed();
    for (arguments, sentence) in [
        (["diff", "git:nowhere", "governance"], "no revision `nowhere`"),
        (["diff", "git:", "governance"], "does not name a revision"),
        (["diff", "git:main:../other", "governance"], "is not a path inside a repository"),
        (["diff", "git:main:elsewhere", "governance"], "does not exist in main"),
        (["diff", "elsewhere", "governance"], "elsewhere"),
    ] {
        let outcome = run(&project, &arguments).ends_with(2);
        assert!(outcome.error.contains(sentence), "{outcome}");
        assert_eq!(outcome.out, "", "{arguments:?}");
    }
    edit(&project, "\ndomain ", "\ndomain ? ");
    let broken = run(&project, &["diff", "git:main", "governance"]).ends_with(2);
    assert!(
        broken.error.contains("governance cannot be read, so Quorate did not compare"),
        "{broken}"
    );
}

#[test]
fn a_repository_without_commits_and_a_shallow_clone_are_told() {
    let empty = Project::of("");
    git(&empty.path("."), &["init", "--quiet"]);
    let outcome = run(&empty, &["diff", "git:main", "."]).ends_with(2);
    assert!(outcome.error.contains("has no commits yet"), "{outcome}");
    let project = committed();
    edit(&project, "domain ", "/// Once more.\ndomain ");
    commit(&project);
    let source = format!("file://{}", project.path(".").display());
    git(&project.path("."), &["clone", "--quiet", "--depth", "1", &source, "shallow"]);
    let shallow = run_in(&project.path("shallow"), TODAY, &["diff", "git:HEAD~1", "governance"]).ends_with(2);
    assert!(shallow.error.contains("this is a shallow clone"), "{shallow}");
}
