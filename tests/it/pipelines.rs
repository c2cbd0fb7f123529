//! The commands of docs/ci.md and of the job for GitLab, each run as it stands there, in a repository whose workspace is in `governance`.

use crate::project::{Project, TODAY, git, repository, run_in};
use crate::readme::blocks;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

/// What gets the command itself. A new line that is not run has to be named here.
const NOT_RUN: [&str; 3] = [
    "cargo install --path .",
    "pip wheel . && pip install quorate-*.whl",
    "pip install --quiet \"$QUORATE_WHEEL\"",
];

/// What each command leaves behind, and how it ends in a workspace with a gap.
const LEAVES: [(&str, &[&str], i32); 5] = [
    (
        "quorate check --output junit=quorate.xml --output sarif=quorate.sarif governance",
        &["quorate.sarif", "quorate.xml"],
        1,
    ),
    (
        "quorate check governance --write-baseline governance/baseline.json",
        &["governance/baseline.json"],
        0,
    ),
    ("quorate check governance --baseline governance/baseline.json", &[], 0),
    (
        "quorate check --output gitlab=gl-code-quality-report.json --output junit=quorate.xml \"$QUORATE_PATH\"",
        &["gl-code-quality-report.json", "quorate.xml"],
        1,
    ),
    (
        "quorate diff git:origin/main governance --format markdown --output comment.md",
        &["comment.md"],
        1,
    ),
];

fn page(name: &str) -> String {
    std::fs::read_to_string(repository().join("docs").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The commands that the page shows, in order.
fn of_page() -> Vec<String> {
    let page = page("ci.md");
    let shown = blocks(&page, "console").concat();
    let typed = shown
        .iter()
        .map(|line| line.strip_prefix("$ ").expect("a line is a command").to_owned());
    blocks(&page, "sh").concat().into_iter().chain(typed).collect()
}

/// The lines below a key of the job for GitLab.
fn below(key: &str) -> Vec<String> {
    let job = page("gitlab.yml");
    let rest = job.lines().skip_while(|line| line.trim_end() != format!("  {key}:")).skip(1);
    let deeper = rest.take_while(|line| line.starts_with("    "));
    deeper.map(|line| line.trim().trim_start_matches("- ").to_owned()).collect()
}

/// The variables that the job sets.
fn variables() -> BTreeMap<String, String> {
    let lines = below("variables");
    let pair = |line: &String| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no variable: {line}"));
        (name.to_owned(), value.trim_matches('"').to_owned())
    };
    lines.iter().map(pair).collect()
}

/// A repository with an example in `governance`, whose `origin/main` holds the clean one.
fn holding(example: &str) -> Project {
    let project = written(Project::new().file("README.md", "# Acme\n"), "customer-data");
    git(&project.path(""), &["init", "--quiet", "--initial-branch", "main"]);
    git(&project.path(""), &["add", "--all"]);
    git(&project.path(""), &["commit", "--quiet", "--message", "the workspace"]);
    git(&project.path(""), &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    written(project, example)
}

/// With the files of an example in `governance`.
fn written(mut project: Project, example: &str) -> Project {
    for entry in std::fs::read_dir(repository().join("examples").join(example)).expect("the example is there") {
        let path = entry.expect("it is readable").path();
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("it is readable");
        project = project.bytes(&format!("governance/{name}"), &bytes);
    }
    project
}

/// Runs a command as a pipeline does: by a shell, at the root of the repository. A script that stands in for the command sets the day,
/// because the commands on the page do not set one.
fn run(project: &Project, command: &str) -> Output {
    let tools = Project::new().file(
        "quorate",
        &format!("#!/bin/sh\nexec '{}' --as-of {TODAY} \"$@\"\n", env!("CARGO_BIN_EXE_quorate")),
    );
    let made = Command::new("chmod").arg("+x").arg(tools.path("quorate")).status();
    assert!(made.expect("there is chmod").success());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [tools.path("")].into_iter().chain(std::env::split_paths(&path));
    Command::new("sh")
        .args(["-e", "-c", command])
        .current_dir(project.path(""))
        .envs(variables())
        .env("PATH", std::env::join_paths(folders).expect("they are folders"))
        .output()
        .expect("there is a shell")
}

#[track_caller]
fn ends(output: &Output, command: &str, code: i32) {
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert_eq!(output.status.code(), Some(code), "{command}\n{said}");
}

#[test]
fn every_command_of_the_page_is_run_or_named_as_one_that_is_not() {
    let shown: BTreeSet<String> = of_page().into_iter().chain(below("script")).collect();
    let known = NOT_RUN.into_iter().chain(LEAVES.iter().map(|(command, ..)| *command));
    assert_eq!(shown, known.map(str::to_owned).collect());
}

#[test]
fn each_command_writes_what_the_page_says_and_ends_as_it_says() {
    // In the order of the page: the second command about a baseline reads what the first one wrote.
    let with_gaps = holding("customer-data-gaps");
    let clean = holding("customer-data");
    let commands = of_page().into_iter().chain(below("script"));
    for command in commands.filter(|command| !NOT_RUN.contains(&command.as_str())) {
        let (_, files, code) = LEAVES
            .iter()
            .find(|(known, ..)| *known == command)
            .unwrap_or_else(|| panic!("{command}"));
        for (project, code) in [(&with_gaps, *code), (&clean, 0)] {
            for file in *files {
                let _ = std::fs::remove_file(project.path(file));
            }
            ends(&run(project, &command), &command, code);
            for file in *files {
                whole(&project.path(file), &command);
            }
        }
    }
    // A workspace that cannot be read is never taken for a clean one, and neither is a folder without files.
    for broken in [
        Project::new().file("governance/main.gov", "nonsense\n"),
        Project::new().file("governance/note.txt", ""),
    ] {
        for (command, ..) in LEAVES.iter().filter(|(command, ..)| !command.contains("baseline")) {
            ends(&run(&broken, command), command, 2);
        }
    }
}

/// A file that is there and that its reader can read.
fn whole(file: &Path, command: &str) {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{command}: {}: {error}", file.display()));
    match file.extension().and_then(|end| end.to_str()) {
        Some("md") => assert!(text.starts_with("<!--") && text.contains("accountability"), "{command}: {text}"),
        Some("xml") => assert!(
            text.starts_with("<?xml") && text.trim_end().ends_with("</testsuites>"),
            "{command}: {text}"
        ),
        _ => assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{command}: {text}"),
    }
}

#[test]
fn the_baseline_of_the_page_stops_what_is_new_and_only_shrinks() {
    let [write, hold] = [LEAVES[1].0, LEAVES[2].0];
    let prune = format!("{hold} --prune-baseline");
    let rogue = "agent rogue \"Rogue\" {}\n";
    let project = holding("customer-data-gaps").file("governance/rogue.gov", rogue);
    ends(&run(&project, write), write, 0);
    ends(&run(&project, hold), hold, 0);
    std::fs::remove_file(project.path("governance/rogue.gov")).expect("it is there");
    ends(&run(&project, hold), hold, 1);
    ends(&run(&project, &prune), &prune, 0);
    ends(&run(&project, hold), hold, 0);
    let project = project.file("governance/rogue.gov", rogue);
    ends(&run(&project, hold), hold, 1);
    ends(&run(&project, &prune), &prune, 1);
}

#[test]
fn what_the_page_says_of_artifacts_is_what_the_job_writes() {
    let reports: BTreeSet<String> = page("gitlab.yml")
        .lines()
        .filter_map(|line| line.strip_prefix("      ").and_then(|line| line.split_once(": ")))
        .map(|(_, file)| file.to_owned())
        .collect();
    let (_, files, _) = LEAVES[3];
    assert_eq!(reports, files.iter().map(|file| (*file).to_owned()).collect());
    // Formats that the table names are those that the command takes, and every one that it takes is named.
    let named: BTreeSet<String> = page("ci.md")
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned()))
        .filter(|word| !word.starts_with("--"))
        .collect();
    let refusal = run_in(repository(), TODAY, &["check", "--format", "nonsense"]).ends_with(2);
    let listed = refusal
        .error
        .split("[possible values: ")
        .nth(1)
        .unwrap_or_else(|| panic!("{refusal}"));
    let listed = listed.split(']').next().unwrap_or_default();
    assert_eq!(named, listed.split(", ").map(str::to_owned).collect());
}
