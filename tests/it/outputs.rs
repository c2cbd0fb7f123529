//! What is written for machines: SARIF by the validator that forges name, the others by what their readers ask for. A workspace that
//! cannot be read is an error in every form.

use crate::examples::examples;
use crate::overlay::over_base;
use crate::project::{Project, TODAY, files_below, repository};
use crate::tools::{command, path_with};
use quorate::compile::{Compilation, Options, compile};
use quorate::diagnostic::Level;

use quorate::emit::test_run::{self, Deciders};
use quorate::outputs::github::{github, github_summary};
use quorate::outputs::gitlab::gitlab;
use quorate::outputs::junit::junit;
use quorate::outputs::markdown::markdown;
use quorate::outputs::sarif::{Suppressed, sarif};
use quorate::outputs::subjects::kinds;
use quorate::workspace::load;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A workspace as `check` reads it, in a folder below the one where the command runs.
fn checked(path: &Path, base: &str) -> Compilation {
    let loaded = load(path);
    let options = Options {
        as_of: TODAY.parse().expect("it is a day"),
        horizon: loaded.settings.horizon(),
        name: loaded.settings.name.clone(),
        levels: loaded.settings.levels,
    };
    let mut sources = loaded.sources;
    base.clone_into(&mut sources.base);
    let mut compilation = compile(sources, options, loaded.errors);
    compilation.left_out = loaded.left_out;
    test_run::hold(&mut compilation, Deciders::All);
    compilation.hold_levels();
    compilation
}

fn every_example(gaps: bool) -> Vec<Compilation> {
    let all = examples(gaps);
    all.par_iter()
        .map(|(name, path)| checked(path, &format!("examples/{name}/")))
        .collect()
}

/// A workspace that cannot be read.
pub fn broken() -> Compilation {
    let project = Project::of("person maria \"Maria\" {\n  employed_bi \"Acme\"\n}\n");
    checked(&project.path(""), "a folder/")
}

fn empty() -> Compilation {
    checked(&Project::new().path(""), "")
}

/// What stands in a text of a workspace, and means something to every reader of a form.
const HOSTILE: &str = "100%0A::error::x | `y` <b>z</b> @maria [l](https://e.example) #1";

fn hostile() -> Compilation {
    let title = HOSTILE.replace('"', "\\\"");
    let attempt = "agent campaign doing sync_consent; attempt write.update customer.consent in crm; expect allow";
    let text = format!("module acme; use std.customer.*\n// A test that fails.\ntest \"{title}\" {{ {attempt} }}\n");
    let project = over_base("").file("a,b:c%.gov", &text);
    checked(&project.path(""), "")
}

/// What a form writes.
fn written(form: impl Fn(&[&Compilation], &mut dyn std::io::Write) -> std::io::Result<()>, checked: &[&Compilation]) -> String {
    let mut out = Vec::new();
    form(checked, &mut out).expect("memory takes what is written to it");
    String::from_utf8(out).expect("it is UTF-8")
}

/// Every form of some workspaces.
fn forms(checked: &[&Compilation]) -> Vec<(&'static str, String)> {
    vec![
        ("sarif", sarif(checked, Suppressed::LeftOut)),
        ("junit", junit(checked, Some(Level::Error))),
        ("github", written(github, checked)),
        ("github summary", github_summary(checked)),
        ("gitlab", written(gitlab, checked)),
        ("markdown", markdown(checked)),
    ]
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no array: {value}"))
}

fn waived() -> Compilation {
    let situations = files_below(&repository().join("tests/corpus"));
    let with_waiver = situations.iter().find_map(|path| {
        let text = std::fs::read_to_string(path).expect("it is readable");
        let one = text.contains("\nwaiver ").then(|| laid_over(&text))?;
        (one.waived() > 0).then_some(one)
    });
    with_waiver.expect("some situation has a waiver that holds")
}

fn laid_over(text: &str) -> Compilation {
    let without = text.lines().find(|line| line.starts_with("// without:"));
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    checked(&over_base(&format!("{}\n{rest}", without.unwrap_or("// a situation"))).path(""), "")
}

/// Every situation of the corpus, compiled.
fn every_situation() -> Vec<Compilation> {
    let situations = files_below(&repository().join("tests/corpus"));
    let each = situations.par_iter().map(|path| {
        let text = std::fs::read_to_string(path).expect("it is readable");
        laid_over(&text)
    });
    each.collect()
}

#[test]
fn the_validator_finds_nothing_in_sarif() {
    let Some(path) = path_with(&["sarif-multitool"], "outputs") else {
        return;
    };
    let (gaps, clean, broken, empty, hostile, waived) = (every_example(true), every_example(false), broken(), empty(), hostile(), waived());
    let mut documents: Vec<(String, String)> = Vec::new();
    for one in &gaps {
        documents.push((one.workspace.clone(), sarif(&[one], Suppressed::LeftOut)));
    }
    let all: Vec<&Compilation> = gaps.iter().chain(&clean).chain([&broken, &hostile]).collect();
    documents.push(("all".to_owned(), sarif(&all, Suppressed::LeftOut)));
    documents.push(("clean".to_owned(), sarif(&[&clean[0]], Suppressed::LeftOut)));
    documents.push(("empty".to_owned(), sarif(&[&empty], Suppressed::LeftOut)));
    documents.push(("waived".to_owned(), sarif(&[&waived], Suppressed::Written)));
    for (name, text) in documents {
        let folder = Project::new().file("written.sarif", &text);
        let mut validator = command("sarif-multitool", &path);
        validator.args(["validate", "--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite", "-o"]);
        validator.arg(folder.path("out.sarif")).arg(folder.path("written.sarif"));
        let output = validator.output().expect("the validator starts");
        // Its exit code says nothing: what it found stands in its own document.
        let said = std::fs::read_to_string(folder.path("out.sarif")).unwrap_or_else(|error| panic!("{name}: {error}: {output:?}"));
        let said = parsed(&said);
        for run in array(&said["runs"]) {
            let results = run["results"].as_array().into_iter().flatten();
            let bad: Vec<&Value> = results.filter(|one| one["level"] != "note" && one["kind"] != "pass").collect();
            assert!(bad.is_empty(), "{name}: {} results: {:#?}", bad.len(), &bad[..bad.len().min(4)]);
            let failures = run["invocations"].to_string();
            assert!(!failures.contains("\"level\":\"error\""), "{name}: {failures}");
        }
    }
}

#[test]
fn sarif_points_at_one_line_and_links_what_is_related() {
    for one in every_example(true) {
        let document = parsed(&sarif(&[&one], Suppressed::LeftOut));
        let run = &document["runs"][0];
        let results = array(&run["results"]);
        assert_eq!(results.len(), one.open().count());
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
        for result in results {
            let physical = &result["locations"][0]["physicalLocation"];
            let region = &physical["region"];
            assert_eq!(region["startLine"], region["endLine"], "{result}");
            let path = physical["artifactLocation"]["uri"].as_str().expect("there is a path");
            assert!(repository().join(path).is_file(), "{path}");
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("a number") as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(!rule["help"]["markdown"].as_str().expect("help").contains("// error"), "{rule}");
            let text = result["message"]["text"].as_str().expect("there is a message");
            let linked = |related: &Value| text.contains(&format!("]({})", related["id"]));
            assert!(result["relatedLocations"].as_array().into_iter().flatten().all(linked), "{result}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_an_error_in_every_form() {
    let gaps = every_example(true);
    for one in [broken(), empty()] {
        assert!(!one.errors.is_empty());
        for all in [vec![&one], vec![&gaps[0], &one]] {
            let document = parsed(&sarif(&all, Suppressed::LeftOut));
            let run = &document["runs"][0];
            assert_eq!(run["invocations"][0]["executionSuccessful"], false);
            assert_eq!(array(&run["invocations"][0]["toolExecutionNotifications"]).len(), one.errors.len());
            let inputs = array(&run["results"]).iter().filter(|one| one["ruleId"] == "QUORATE-INPUT");
            assert_eq!(inputs.count(), one.errors.len());
            let xml = junit(&all, None);
            assert_eq!(xml.matches("<error ").count(), one.errors.len(), "{xml}");
            let commands = written(github, &all);
            assert!(commands.starts_with("::error "), "{commands}");
            assert!(commands.contains("title=cannot be checked::"), "{commands}");
            let quality = parsed(&written(gitlab, &all));
            assert_eq!(quality[0]["severity"], "blocker");
            for text in [github_summary(&all), markdown(&all)] {
                assert!(text.contains("cannot be checked") && text.contains("| error |"), "{text}");
            }
        }
        for (form, text) in forms(&[&one]) {
            assert!(!text.contains("no gaps"), "{form}: {text}");
        }
    }
}

#[test]
fn nothing_written_in_a_workspace_means_anything_to_a_reader() {
    let one = hostile();
    assert!(one.errors.is_empty(), "{:?}", one.errors);
    let commands = written(github, &[&one]);
    assert!(
        commands
            .lines()
            .all(|line| ["::error ", "::notice ", "quorate: "].iter().any(|start| line.starts_with(start))),
        "{commands}"
    );
    assert!(commands.contains("100%250A::error"), "{commands}");
    assert!(commands.contains("file=a%2Cb%3Ac%25.gov,line=3,"), "{commands}");
    for text in [markdown(&[&one]), github_summary(&[&one])] {
        for bad in ["<b>", "@maria", " `y`", "](https://", " #1", "x | "] {
            assert!(!text.contains(bad), "{bad}: {text}");
        }
        let rows = text.lines().filter(|line| line.starts_with('|'));
        for row in rows {
            assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
        }
    }
    let document = sarif(&[&one], Suppressed::LeftOut);
    assert!(document.contains("\\\\[l\\\\](https"), "{document}");
    assert!(document.contains("a%2Cb%3Ac%25.gov"));
}

#[test]
fn a_clean_workspace_is_said_to_be_clean() {
    let all = every_example(false);
    let all: Vec<&Compilation> = all.iter().collect();
    assert_eq!(written(gitlab, &all), "[]\n");
    assert!(array(&parsed(&sarif(&all, Suppressed::LeftOut))["runs"][0]["results"]).is_empty());
    let commands = written(github, &all);
    assert!(!commands.contains("::"), "{commands}");
    assert_eq!(commands.matches("no gaps in ").count(), all.len(), "{commands}");
    let xml = junit(&all, Some(Level::Note));
    assert!(!xml.contains("<failure") && !xml.contains("<error"), "{xml}");
    assert!(xml.contains("name=\"domain "), "{xml}");
}

#[test]
fn fingerprints_of_code_quality_are_unique() {
    let gaps = every_example(true);
    let again = every_example(true);
    for all in [gaps.iter().collect::<Vec<_>>(), gaps.iter().chain(&again).collect()] {
        let quality = parsed(&written(gitlab, &all));
        let prints: BTreeSet<String> = array(&quality).iter().map(|one| one["fingerprint"].to_string()).collect();
        assert_eq!(prints.len(), array(&quality).len());
        assert_eq!(prints.len(), all.iter().map(|one| one.open().count()).sum::<usize>());
    }
}

#[test]
fn the_worst_comes_first() {
    let all = every_example(true);
    let all: Vec<&Compilation> = all.iter().collect();
    let place = |line: &str| {
        ["::error ", "::warning ", "::notice ", "quorate: "]
            .iter()
            .position(|start| line.starts_with(start))
    };
    let commands = written(github, &all);
    let places: Vec<_> = commands
        .lines()
        .map(|line| place(line).unwrap_or_else(|| panic!("{line}")))
        .collect();
    assert!(places.is_sorted(), "{commands}");
}

#[test]
fn what_is_left_out_is_said() {
    let gaps = every_example(true);
    let one = &gaps[0];
    let times = 25_001 / one.open().count() + 1;
    let many = vec![one; times];
    let document = parsed(&sarif(&many, Suppressed::LeftOut));
    let run = &document["runs"][0];
    let found = times * one.open().count();
    assert_eq!(array(&run["results"]).len(), 25_000);
    assert_eq!(run["properties"]["results"]["found"], found);
    assert_eq!(run["properties"]["results"]["cut"], found - 25_000);
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("only the 25000 most severe"), "{said}");
    let text = markdown(&vec![one; 200]);
    assert!(text.chars().count() <= 65_000, "{}", text.len());
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| error") || line.starts_with("| warning") || line.starts_with("| note"));
    let left = text
        .lines()
        .find(|line| line.starts_with("Not shown here: "))
        .expect("it says what it leaves out");
    let left = left.replace(',', "");
    let numbers = left
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|word| word.parse::<usize>().ok());
    assert_eq!(rows.count() + numbers.sum::<usize>(), 200 * one.open().count(), "{left}");
    let text = markdown(&many);
    assert!(
        text.chars().count() <= 65_000 && text.contains("more lines like these are not shown here"),
        "{text}"
    );
}

#[test]
fn a_waived_finding_is_skipped_and_no_alert() {
    let one = waived();
    let xml = junit(&[&one], Some(Level::Note));
    assert!(xml.contains("<skipped message=\"waived by "), "{xml}");
    let suppressed = |written| {
        let document = parsed(&sarif(&[&one], written));
        let results = array(&document["runs"][0]["results"]).clone();
        let of = results.iter().filter(|result| !result["suppressions"].is_null()).count();
        (results.len(), of)
    };
    assert_eq!(suppressed(Suppressed::LeftOut), (one.open().count(), 0));
    assert_eq!(suppressed(Suppressed::Written), (one.findings.len(), one.waived()));
    assert_eq!(array(&parsed(&written(gitlab, &[&one]))).len(), one.open().count());
    assert!(markdown(&[&one]).contains(" waived in "));
}

#[test]
fn every_finding_fails_a_case_and_what_went_under_it_too() {
    for one in every_example(true) {
        let xml = junit(&[&one], Some(Level::Note));
        let failed = failed(&xml);
        for finding in one.open() {
            let code = finding.code.expect("a finding has a code");
            let case = (
                format!("{} {}", code.id, code.name),
                format!("{} {}", finding.finding.subject_kind, finding.finding.subject),
            );
            assert!(failed.contains(&case), "{case:?}: {xml}");
            for under in finding.related.iter().filter_map(|related| related.code) {
                let class = format!("{} {}", under.id, under.name);
                assert!(failed.iter().any(|(own, _)| *own == class), "{class}: {xml}");
            }
        }
        assert!(xml.matches("<testcase ").count() > failed.len() * 2, "what passes is seen");
        assert_eq!(junit(&[&one], None).matches("<failure").count(), 0);
    }
}

/// The cases that failed, each by its class and its name.
fn failed(xml: &str) -> BTreeSet<(String, String)> {
    let cases = xml.split("<testcase ").skip(1).filter(|case| case.contains("<failure "));
    let attribute = |case: &str, name: &str| {
        let rest = case.split_once(&format!("{name}=\"")).map_or("", |(_, rest)| rest);
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    cases.map(|case| (attribute(case, "classname"), attribute(case, "name"))).collect()
}

#[test]
fn every_finding_is_about_a_kind_of_its_check() {
    let all: Vec<Compilation> = every_situation().into_iter().chain(every_example(true)).collect();
    let mut strange = BTreeSet::new();
    for finding in all.iter().flat_map(|one| &one.findings) {
        let code = finding.code.expect("a finding has a code");
        let kind = &finding.finding.subject_kind;
        if !kinds(code).iter().any(|one| one.word() == kind) {
            strange.insert(format!("{} at {kind}", code.id));
        }
    }
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn the_forms_of_an_example() {
    let (name, path) = examples(true).pop().expect("there is an example");
    let one = checked(&path, &format!("examples/{name}/"));
    for (form, text) in forms(&[&one]) {
        assert_eq!(
            text,
            forms(&[&checked(&path, &format!("examples/{name}/"))])
                .into_iter()
                .find(|(other, _)| *other == form)
                .expect("it is there")
                .1
        );
        if !["sarif", "junit", "github summary"].contains(&form) {
            insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("output-{form}"), text);
            });
        }
    }
}
