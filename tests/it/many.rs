//! Very many findings: every form takes them, writes them as it goes, and says what it leaves out.

use crate::project::{Project, TODAY};
use rayon::prelude::*;
use std::fmt::Write;
use std::process::Command;

/// The number of agents without any details. Each has three findings, and the whole has two.
const AGENTS: usize = 33_000;

const FINDINGS: usize = 3 * AGENTS + 2;

fn workspace(agents: usize) -> Project {
    let mut project = Project::new().file("main.gov", "module acme\nworkspace acme \"Acme\" {}\nprovider nobody \"Nobody\"\n");
    for unit in 0..agents.div_ceil(1_000) {
        let mut text = "module acme\n".to_owned();
        for agent in (unit * 1_000..agents).take(1_000) {
            writeln!(text, "agent rogue_{agent} \"Rogue {agent}\" {{ provider nobody }}").expect("memory takes it");
        }
        project = project.file(&format!("unit_{unit}.gov"), &text);
    }
    project
}

/// Checks a workspace in a format; how it ended, what it said beside, the document, and the most memory it held at once, in kilobytes.
fn check(project: &Project, format: &str) -> (Option<i32>, String, String, usize) {
    let script = "import resource, subprocess, sys\n\
                  done = subprocess.run(sys.argv[1:])\n\
                  print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)\n\
                  sys.exit(done.returncode)";
    let output = Command::new("python3")
        .current_dir(project.path(""))
        .args(["-c", script, env!("CARGO_BIN_EXE_quorate")])
        .args(["check", "--as-of", TODAY, "--color", "never", "--format", format])
        .output()
        .expect("there is Python");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is UTF-8");
    let said = text(output.stderr);
    let peak = said
        .lines()
        .find_map(|line| line.strip_prefix("peak ")?.parse().ok())
        .unwrap_or_else(|| panic!("{said}"));
    (output.status.code(), said, text(output.stdout), peak)
}

#[test]
fn very_many_findings_are_written_in_every_form() {
    let project = workspace(AGENTS);
    let (code, said, concise, least) = check(&project, "concise");
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(concise.lines().count(), FINDINGS);
    ["json", "sarif", "junit", "github", "gitlab", "markdown"]
        .par_iter()
        .for_each(|format| {
            let format = *format;
            let (code, said, document, peak) = check(&project, format);
            assert_eq!(code, Some(1), "{format}: {said}");
            let left = said.contains(&format!(
                "SARIF has the 25,000 most severe of {},{:03} findings, because code scanning does not read more; `--output json=FILE` writes all",
                FINDINGS / 1_000,
                FINDINGS % 1_000
            ));
            assert_eq!(left, format == "sarif", "{format}: {said}");
            let count = match format {
                "json" => document.matches("\n      \"fingerprint\": ").count(),
                "sarif" => document.matches("\"ruleId\": ").count(),
                "junit" => document.matches("<failure ").count() + document.matches("<system-out>").count(),
                "github" => document.lines().filter(|line| line.starts_with("::")).count(),
                "gitlab" => document.matches("\"check_name\": ").count(),
                _ => document.lines().filter(|line| line.starts_with("| ")).count(),
            };
            let wanted = match format {
                "sarif" => 25_000..=25_000,
                "markdown" => 50..=1_000,
                _ => FINDINGS..=FINDINGS,
            };
            assert!(wanted.contains(&count), "{format}: {count} of {FINDINGS}");
            // What is written as it goes takes little more than what is found. The two that hold a document take it once.
            let most = match format {
                "sarif" | "junit" => 4 * least,
                _ => least + least / 4,
            };
            assert!(peak < most, "{format} takes {peak} kB, and the findings {least} kB");
        });
}
