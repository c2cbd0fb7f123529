//! Where a command runs and what it is given: which workspaces are read, and how places in them are written.

use crate::overlay::over_base;
use crate::project::{Outcome, Project, TODAY, run_in};
use quorate::workspace::KEYS;
use std::path::Path;

const PEOPLE: &str = "person ann \"Ann\" { email \"ann@acme.example\"; accounts \"okta:ann\"; reports_to none }\n";

/// Two small workspaces below one folder.
fn two() -> Project {
    Project::new()
        .file("shop/workspace.gov", "workspace shop \"Shop\" {\n  approve business\n}\n")
        .file("shop/people.gov", PEOPLE)
        .file("bank/quorate.toml", "name = \"bank\"\n")
        .file("bank/people.gov", PEOPLE)
}

#[track_caller]
fn says(outcome: &Outcome, text: &str) {
    assert!(outcome.out.contains(text) || outcome.error.contains(text), "{text}\n{outcome}");
}

fn places(outcome: &Outcome) -> Vec<&str> {
    outcome.out.lines().filter_map(|line| line.split(": ").next()).collect()
}

#[test]
fn places_begin_where_the_command_runs() {
    let project = over_base("agent rogue \"Rogue\" { provider openai }\n");
    let from = |folder: &Path, arguments: &[&str]| run_in(folder, TODAY, arguments);
    let root = project.path(".");
    let name = root.canonicalize().expect("it is there");
    let name = name.file_name().expect("it has a name").to_string_lossy().into_owned();
    let own = from(&root, &["check", "--format", "concise"]);
    let above = from(&root.join(".."), &["check", &name, "--format", "concise"]);
    let elsewhere = from(&root, &["check", "--format", "concise", "--relative-to", ".."]);
    assert!(!places(&own).is_empty(), "{own}");
    let prefixed: Vec<String> = places(&own).iter().map(|place| format!("{name}/{place}")).collect();
    assert_eq!(prefixed, places(&above));
    assert_eq!(prefixed, places(&elsewhere));
    // A folder beside it is reached by the way there, never from the root of the disk.
    let beside = Project::of("");
    let path = format!("../{name}");
    let outcome = from(&beside.path("."), &["check", &path, "--format", "concise"]);
    assert!(places(&outcome).iter().all(|place| place.starts_with(&path)), "{outcome}");
}

#[test]
fn fingerprints_and_digests_are_the_same_from_everywhere() {
    let project = over_base("agent rogue \"Rogue\" { provider openai }\n");
    let own: serde_json::Value = serde_json::from_str(&project.run(&["check", "--format", "json"]).out).expect("JSON");
    let outcome = project.run(&["check", "--format", "json", "--relative-to", ".."]);
    let above: serde_json::Value = serde_json::from_str(&outcome.out).expect("JSON");
    let prints = |document: &serde_json::Value| -> Vec<String> {
        let findings = document["findings"].as_array().into_iter().flatten();
        findings.map(|finding| finding["fingerprint"].to_string()).collect()
    };
    assert!(!prints(&own).is_empty());
    assert_eq!(prints(&own), prints(&above));
    assert_eq!(own["sources"], above["sources"]);
    assert_eq!(own["root"], ".");
    assert_ne!(own["root"], above["root"]);
}

#[test]
fn a_file_or_folder_finds_its_workspace_upwards() {
    let project = Project::new()
        .file("workspace.gov", "workspace shop \"Shop\" {\n  approve business\n}\n")
        .file("people/all.gov", PEOPLE)
        .file("teams/care/team.gov", "team care \"Care\" { members ann; managed_by ann }\n")
        .file("teams/empty/readme.md", "");
    let whole = project.run(&["check", "--format", "json"]).out;
    for path in ["people", "people/all.gov", "teams/care/team.gov", "workspace.gov", "./people"] {
        assert_eq!(project.run(&["check", path, "--format", "json"]).out, whole, "{path}");
    }
    let inside = run_in(&project.path("teams/care"), TODAY, &["check", "--format", "concise"]);
    assert!(places(&inside).iter().all(|place| place.starts_with("../../")), "{inside}");
    // A folder of it in which nothing is read says nothing about the rest.
    let outcome = project.run(&["check", "teams/empty"]).ends_with(2);
    says(&outcome, "teams/empty holds no file of the workspace at .");
}

#[test]
fn what_is_left_out_is_not_taken_for_checked() {
    let project = over_base("")
        .file("quorate.toml", "exclude = [\"drafts\"]\n")
        .file("drafts/rogue.gov", "agent rogue \"Rogue\" { provider openai }\n");
    project.run(&["check"]).ends_with(0);
    let outcome = project.run(&["check", "drafts/rogue.gov"]).ends_with(2);
    says(&outcome, "drafts/rogue.gov holds no file of the workspace at .");
}

#[test]
fn a_repository_is_not_left() {
    let project = Project::new()
        .file("quorate.toml", "name = \"outer\"\n")
        .file("inner/.git/HEAD", "")
        .file("inner/people.gov", PEOPLE);
    let outcome = project.run(&["check", "inner", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&outcome.out).expect("JSON");
    assert_eq!(document["root"], "inner");
}

#[test]
fn two_workspaces_below_one_folder_are_checked_one_after_the_other() {
    let project = two();
    let outcome = project.run(&["check"]);
    says(&outcome, "2 workspaces below .");
    says(&outcome, "shop (shop): ");
    says(&outcome, "bank (bank): ");
    let named = project.run(&["check", "shop", "bank", "shop/people.gov"]);
    assert_eq!(outcome.out.lines().count(), named.out.lines().count(), "{outcome}\n{named}");
    assert!(!named.error.contains("workspaces below"), "{named}");
    let document: serde_json::Value = serde_json::from_str(&project.run(&["check", "--format", "json"]).out).expect("JSON");
    assert_eq!(document["workspaces"].as_array().map(Vec::len), Some(2));
    // A command that reads one says which there are.
    for command in [&["test"][..], &["model"], &["build", "-o", "out"], &["prove"]] {
        let outcome = project.run(command).ends_with(2);
        says(&outcome, "2 workspaces: ./bank, ./shop");
    }
}

#[test]
fn a_file_beside_two_workspaces_is_not_passed_over() {
    let project = two().file("rogue.gov", "agent rogue \"Rogue\" { provider openai }\n");
    let outcome = project.run(&["check"]).ends_with(2);
    says(&outcome, "rogue.gov");
    says(&outcome, "3 workspaces below .");
}

#[test]
fn a_file_that_only_seems_to_be_of_the_language_is_not_passed_over_there() {
    for name in ["rogue.GOV", ".gov", "rogue.gov ", "deep/rogue.Gov", ".hidden/rogue.gov"] {
        let project = two().file(name, "agent rogue \"Rogue\" { provider openai }\n");
        let outcome = project.run(&["check"]).ends_with(2);
        says(&outcome, "is not read");
    }
    for name in ["notes.md", "rogue.gov.bak"] {
        let outcome = two().file(name, "agent rogue\n").run(&["check"]);
        says(&outcome, "2 workspaces below .");
    }
}

#[test]
fn one_folder_that_names_a_workspace_does_not_cut_off_the_rest() {
    let project = Project::new()
        .file("org/workspace.gov", "workspace shop \"Shop\" {\n  approve business\n}\n")
        .file("people.gov", PEOPLE);
    let document: serde_json::Value = serde_json::from_str(&project.run(&["check", "--format", "json"]).out).expect("JSON");
    assert_eq!(document["sources"]["files"], 2);
}

#[test]
fn settings_further_down_are_an_error() {
    let outcome = over_base("").file("deep/quorate.toml", "[levels]\n").run(&["check"]).ends_with(2);
    says(&outcome, "deep/quorate.toml is not used");
}

#[test]
fn members_are_read_and_nothing_else() {
    let project = Project::new()
        .file("quorate.toml", "name = \"acme\"\nmembers = [\"people\"]\n")
        .file("people/all.gov", PEOPLE)
        .file("other/broken.gov", "this is not the language\n");
    let outcome = project.run(&["check"]).ends_with(1);
    says(
        &outcome,
        "1 `.gov` file is not read: quorate.toml excludes what lies outside its members",
    );
}

#[test]
fn the_page_of_the_settings_has_every_key() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md")).expect("the page is there");
    for key in KEYS {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, KEYS.len());
    // Its example is read without an error.
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("an example");
    let project = Project::new()
        .file("quorate.toml", example)
        .file("marketing/people.gov", PEOPLE)
        .file("finance/drafts/x.gov", "nothing")
        .file("finance/more.gov", "");
    let outcome = project.run(&["check"]);
    assert_ne!(outcome.code, Some(2), "{outcome}");
    says(&outcome, "untested-domain (off)");
}

#[test]
fn errors_come_first_and_a_wall_says_where_to_begin() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for (name, wall) in [
        ("customer-data-gaps", false),
        ("agentic-browser-gaps", false),
        ("delegated-access-gaps", false),
    ] {
        let outcome = run_in(&example.join(name), TODAY, &["check", "--format", "concise"]);
        let levels: Vec<usize> = outcome
            .out
            .lines()
            .map(|line| {
                ["error[", "warning[", "note["]
                    .iter()
                    .position(|level| line.contains(level))
                    .expect("a level")
            })
            .collect();
        assert!(levels.is_sorted(), "{outcome}");
        let text = run_in(&example.join(name), TODAY, &["check"]);
        assert_eq!(text.out.contains("start here"), wall, "{text}");
    }
    let project = over_base(
        &(0..12)
            .map(|number| format!("agent rogue{number} \"Rogue\" {{ provider openai }}\n"))
            .collect::<String>(),
    );
    let outcome = project.run(&["check"]);
    let end = outcome.out.split("start here\n").nth(1).unwrap_or_else(|| panic!("{outcome}"));
    assert_eq!(end.lines().filter(|line| line.starts_with("  GOV")).count(), 3, "{end}");
}

#[test]
fn concise_holds_for_errors_in_the_text() {
    let outcome = Project::of("agent x {\n  nonsense\n}\nagent y {\n  nonsense\n}\n")
        .run(&["check", "--format", "concise"])
        .ends_with(2);
    assert!(outcome.out.lines().count() >= 2, "{outcome}");
    assert!(
        outcome
            .out
            .lines()
            .all(|line| line.starts_with("main.gov:") && line.contains(": error: ")),
        "{outcome}"
    );
}

#[test]
fn quiet_keeps_the_findings_and_silent_says_nothing() {
    let project = over_base("agent rogue \"Rogue\" { provider openai }\n");
    let loud = project.run(&["check"]).ends_with(1);
    let quiet = project.run(&["check", "--quiet"]).ends_with(1);
    assert_eq!(loud.out, quiet.out);
    assert!(!loud.error.is_empty() && quiet.error.is_empty(), "{quiet}");
    let silent = project.run(&["check", "--silent"]).ends_with(1);
    assert!(silent.out.is_empty() && silent.error.is_empty(), "{silent}");
    let silent = project.run(&["check", "--silent", "no-such-folder"]).ends_with(2);
    assert!(silent.out.is_empty() && silent.error.is_empty(), "{silent}");
    let verbose = project.run(&["check", "-v"]).ends_with(1);
    says(&verbose, "read     ");
}

#[test]
fn files_are_written_in_their_formats() {
    let project = over_base("agent rogue \"Rogue\" { provider openai }\n");
    let json = project.run(&["check", "--format", "json"]).out;
    let outcome = project.run(&["check", "--format", "json", "--output", "one.json"]).ends_with(1);
    assert!(outcome.out.is_empty(), "{outcome}");
    let read = |name: &str| std::fs::read_to_string(project.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(read("one.json"), json);
    let outcome = project
        .run(&["check", "--output", "json=two.json", "--output", "concise=three.txt"])
        .ends_with(1);
    assert!(outcome.out.contains("error[GOV"), "{outcome}");
    assert_eq!(read("two.json"), json);
    assert_eq!(read("three.txt"), project.run(&["check", "--format", "concise"]).out);
    for (arguments, why) in [
        (
            &["--output", "json=x", "--output", "concise=x"][..],
            "two formats cannot be written to one file",
        ),
        (
            &["--output", "json=x", "--output", "concise=./x"],
            "two formats cannot be written to one file",
        ),
        (&["--output", "json=/dev/null"], "it is a pipe or a device"),
        (&["--output", "x"], "say the format of x"),
        (
            &["--format", "json", "--output", "x", "--output", "y"],
            "say the format of each file",
        ),
        (&["--output", "json=no/such/x"], "cannot write no/such/x"),
        (&["--output", "json=."], "it is a folder"),
        (&["--output", "nonsense=x"], "invalid"),
    ] {
        let outcome = project.run(&[&["check"], arguments].concat()).ends_with(2);
        says(&outcome, why);
    }
}

#[test]
fn who_takes_a_path_as_the_other_commands_do() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let question = ["campaign", "write.update", "customer.consent", "in", "crm"];
    let own = run_in(&examples.join("customer-data"), TODAY, &[&["who"], &question[..]].concat()).ends_with(0);
    for path in ["customer-data", "./customer-data", "customer-data/agents.gov"] {
        let other = run_in(&examples, TODAY, &[&["who", path], &question[..]].concat()).ends_with(0);
        assert_eq!(own.out, other.out);
    }
    run_in(&examples, TODAY, &["who", "customer-data", "--task", "sync_consent"]).ends_with(0);
    let outcome = run_in(&examples, TODAY, &["who", "customer-data", "campaign"]).ends_with(2);
    says(&outcome, "write an agent, an action and a class of data");
}

#[test]
fn a_date_that_is_none_is_answered_with_how_one_is_written() {
    let outcome = over_base("").run(&["check", "--as-of", "yesterday"]).ends_with(2);
    says(&outcome, "write a date as year-month-day, such as 2027-03-31");
}
