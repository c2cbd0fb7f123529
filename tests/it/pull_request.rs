//! A repository takes a pull request from clean to gap and back, as its pipeline sees it.

use crate::project::{Outcome, TODAY, git, repository, run_in};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A repository with a workspace below its root.
struct Repository {
    folder: TempDir,
}

impl Repository {
    /// With a governed example in `governance`, committed.
    fn new() -> Repository {
        let own = Repository {
            folder: TempDir::with_prefix("repository").expect("a folder can be made"),
        };
        let example = repository().join("examples/customer-data");
        std::fs::create_dir(own.path("governance")).expect("it can be made");
        for entry in std::fs::read_dir(example).expect("the example is there") {
            let entry = entry.expect("it is readable");
            std::fs::copy(entry.path(), own.path("governance").join(entry.file_name())).expect("it can be copied");
        }
        own.git(&["init", "--quiet", "--initial-branch", "main"]);
        own.commit("the workspace");
        own
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, arguments: &[&str]) {
        git(self.folder.path(), arguments);
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Replaces a text in a file.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = std::fs::read_to_string(&path).expect("it is readable");
        assert!(text.contains(from), "{from}");
        std::fs::write(path, text.replacen(from, to, 1)).expect("it can be written");
    }

    fn quorate(&self, arguments: &[&str]) -> Outcome {
        run_in(self.folder.path(), TODAY, arguments)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

const CHECK: &[&str] = &[
    "check",
    "governance",
    "--format",
    "github",
    "--output",
    "sarif=quorate.sarif",
    "--output",
    "gitlab=quality.json",
    "--output",
    "junit=quorate.xml",
    "--output",
    "markdown=comment.md",
];

/// The line of a file from the root, counted from one, that begins with some words.
fn line(root: &Path, file: &str, begins: &str) -> usize {
    let text = std::fs::read_to_string(root.join(file)).expect("it is readable");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    1 + text
        .lines()
        .position(|line| words(line).starts_with(begins))
        .unwrap_or_else(|| panic!("{begins}"))
}

#[test]
fn a_pull_request_goes_from_clean_to_gap_and_back() {
    let own = Repository::new();
    let clean = own.quorate(CHECK).ends_with(0);
    assert!(!clean.out.contains("::error"), "{clean}");
    assert_eq!(
        serde_json::from_str::<Value>(&own.read("quality.json")).expect("JSON"),
        serde_json::json!([])
    );

    own.git(&["switch", "--quiet", "--create", "faster"]);
    let whole = "approve   business and security and privacy\n";
    own.edit("governance/marketing.gov", whole, "approve   business and security\n");
    own.commit("consent goes faster");
    let gap = own.quorate(CHECK).ends_with(1);
    let at = line(own.folder.path(), "governance/marketing.gov", "approve business and security");
    let annotation = format!("::error file=governance/marketing.gov,line={at},");
    assert!(gap.out.contains(&annotation), "{annotation}\n{gap}");

    let sarif: Value = serde_json::from_str(&own.read("quorate.sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let missing: Vec<&Value> = results.iter().filter(|result| result["ruleId"] == "GOV103").collect();
    assert_eq!(missing.len(), 1, "{results:?}");
    let place = &missing[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "governance/marketing.gov");
    assert_eq!(place["region"]["startLine"], at);
    assert_eq!(place["region"]["endLine"], at);

    let quality: Value = serde_json::from_str(&own.read("quality.json")).expect("JSON");
    let entry = quality
        .as_array()
        .into_iter()
        .flatten()
        .find(|entry| entry["check_name"].as_str().is_some_and(|name| name.contains("GOV103")));
    assert_eq!(
        entry.map(|entry| &entry["location"]["lines"]["begin"]),
        Some(&serde_json::json!(at))
    );
    assert!(own.read("quorate.xml").contains("<failure"), "{}", own.read("quorate.xml"));
    assert!(own.read("comment.md").contains("GOV103"), "{}", own.read("comment.md"));

    // What the change does, for whoever reviews it.
    let differs = own.quorate(&["diff", "git:main", "governance"]).ends_with(1);
    assert!(differs.out.starts_with("This change weakens accountability.\n"), "{differs}");
    assert!(differs.out.contains("consent can now be decided without privacy"), "{differs}");
    assert!(differs.out.contains(&format!("governance/marketing.gov:{at}")), "{differs}");
    assert!(differs.out.contains("GOV103"), "{differs}");
    let other = own.quorate(&["diff", "governance", "git:main"]).ends_with(0);
    assert!(other.out.starts_with("This change does not weaken accountability.\n"), "{other}");

    // The same from inside the workspace, for whoever works there.
    let inside = run_in(
        &own.path("governance"),
        TODAY,
        &["check", "--format", "github", "--relative-to", ".."],
    )
    .ends_with(1);
    assert!(inside.out.contains(&annotation), "{inside}");

    // A baseline lets what is old through, and stops what comes on top.
    own.quorate(&["check", "governance", "--write-baseline", "baseline.json"])
        .ends_with(0);
    own.quorate(&["check", "governance", "--baseline", "baseline.json"]).ends_with(0);
    own.edit("governance/marketing.gov", "evidence  approvals_ledger\n", "\n");
    own.quorate(&["check", "governance", "--baseline", "baseline.json"]).ends_with(1);
    own.git(&["checkout", "--quiet", "governance/marketing.gov"]);

    own.edit("governance/marketing.gov", "approve   business and security\n", whole);
    let back = own.quorate(CHECK).ends_with(0);
    assert!(!back.out.contains("::error"), "{back}");
    let same = own.quorate(&["diff", "git:main", "governance"]).ends_with(0);
    assert!(same.out.starts_with("No change to accountability.\n"), "{same}");
    own.quorate(&["check", "governance", "--baseline", "baseline.json"]).ends_with(1);
    own.quorate(&["check", "governance", "--baseline", "baseline.json", "--prune-baseline"])
        .ends_with(0);
    own.quorate(&["check", "governance", "--baseline", "baseline.json"]).ends_with(0);
}

#[test]
fn the_summary_of_a_step_is_appended_to() {
    let own = Repository::new();
    std::fs::write(own.path("summary.md"), "before\n").expect("it can be written");
    let run = |path: &str| {
        Command::new(env!("CARGO_BIN_EXE_quorate"))
            .current_dir(own.folder.path())
            .args(["check", "governance", "--format", "github", "--as-of", TODAY])
            .env("GITHUB_STEP_SUMMARY", path)
            .output()
            .expect("the binary starts")
    };
    assert!(run("summary.md").status.success());
    let summary = own.read("summary.md");
    assert!(summary.starts_with("before\n") && summary.len() > "before\n".len(), "{summary}");
    let output = run("no/such/summary.md");
    assert_eq!(output.status.code(), Some(2));
}
