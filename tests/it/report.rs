//! The evidence report: it lists everything, claims no more than it knows, and repeats what people wrote as data.

use jiff::civil::date;
use quorate::compile::{Compilation, Options, compile};
use quorate::report::evidence::frameworks::Bearing;
use quorate::report::evidence::{Report, Status};
use quorate::report::{html, json, markdown};
use quorate::source::{Origin, SourceFile};
use quorate::workspace::{library, load};
use std::collections::BTreeMap;
use std::path::Path;

const HOSTILE: &str = r##"
module bad.all

use std.customer.*

workspace bad "<script>alert(1)</script> \" | `tick` \n# heading\n| a | b |" {
  changes approve 2 of (business, security, privacy)
  owner business eve
  owner security mal
  owner privacy eve
}

adopt owasp_agentic

person eve "Eve <img src=x onerror=alert(2)> \" ' | ` ](javascript:alert(3))" {
  title "<script>alert(4)</script>\n\n<script>"
  accounts none
  reports_to none
}

person mal "</title></style></script><script>alert(5)</script>" {
  accounts none
  reports_to none
}

system crm "</svg><script>alert(6)</script>" {
  holds customer.profile
  managed_by eve
  feeds cdp with customer.profile within 1h
}

system cdp "| pipe | `code` \n new line" {
  holds customer.profile
  managed_by mal
  feeds none
}

identity robot_identity "\"><script>alert(7)</script>" {
  kind workload
  principal "spiffe://`|<script>alert(8)</script>"
  access { write customer.profile in crm }
}

/// <script>alert(9)</script> | ` ]] -->
agent robot "*bold* _under_ [link](https://evil.example) @everyone <script>" {
  runs_as robot_identity
  owner eve
}

/// | `<script>alert(10)</script>`
domain profiles "<script>alert(11)</script>|" {
  covers write customer.profile
  owner business eve
  owner security mal
  approve business and security
}
"##;

fn compiled(files: &[(&str, &str)]) -> Compilation {
    let mut sources = library();
    for (name, text) in files {
        sources
            .files
            .push(SourceFile::new((*name).to_owned(), (*text).to_owned(), Origin::Workspace));
    }
    let options = Options {
        as_of: date(2026, 11, 23),
        horizon: 90,
        name: None,
        levels: BTreeMap::new(),
    };
    compile(sources, options, Vec::new())
}

fn example(name: &str) -> Compilation {
    let loaded = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name));
    let options = Options {
        as_of: date(2026, 11, 23),
        horizon: 90,
        name: None,
        levels: loaded.settings.levels,
    };
    compile(loaded.sources, options, loaded.errors)
}

/// The page without the one script that is ours.
fn without_own_script(page: &str) -> String {
    let (before, rest) = page.rsplit_once("<script>").expect("the page has a script");
    let (_, after) = rest.split_once("</script>").expect("the script ends");
    format!("{before}{after}")
}

#[test]
fn what_people_wrote_is_data_in_html() {
    let compilation = compiled(&[("it's <b> | `bad`\n.gov", HOSTILE)]);
    assert!(compilation.errors.is_empty(), "{:?}", compilation.errors);
    let page = without_own_script(&html::render(&Report::of(&compilation, None, None)).unwrap());
    for raw in ["<script", "<img", "<b>", "</svg><", "onerror=alert(2)>"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(page.contains("&lt;script&gt;alert(11)"));
    assert_eq!(page.matches("</title>").count(), page.matches("<title").count());
    assert_eq!(page.matches("</style>").count(), 1);
}

#[test]
fn what_people_wrote_is_data_in_markdown() {
    let compilation = compiled(&[("bad.gov", HOSTILE)]);
    assert!(compilation.errors.is_empty(), "{:?}", compilation.errors);
    let text = markdown::render(&Report::of(&compilation, None, None)).unwrap();
    let mut outside_code: String = text.lines().map(|line| without_code(line) + "\n").collect();
    for escaped in "\\`*_[]|#~!$".chars() {
        outside_code = outside_code.replace(&format!("\\{escaped}"), "");
    }
    for raw in ["<script", "<img", "](", "https://evil", "@everyone", "*bold*", "\n# heading"] {
        assert!(!outside_code.contains(raw), "{raw}");
    }
    // Every row of a table has as many cells as its head.
    let mut columns = None;
    for line in text.lines() {
        columns = line.starts_with('|').then(|| columns.unwrap_or_else(|| cells(line)));
        if let Some(columns) = columns {
            assert_eq!(cells(line), columns, "{line}");
        }
    }
}

/// How many bars that no backslash stands before.
fn cells(line: &str) -> usize {
    line.replace("\\\\", "").replace("\\|", "").matches('|').count()
}

/// A line of Markdown without what is code in it.
fn without_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].ends_with('\\');
        let fence: String = rest[at..].chars().take_while(|char| *char == '`').collect();
        out.push_str(&rest[..at]);
        rest = &rest[at + fence.len()..];
        if !escaped {
            let end = rest.find(&fence).expect("code ends on its line");
            rest = &rest[end + fence.len()..];
        }
    }
    out + rest
}

#[test]
fn every_control_is_listed() {
    let compilation = example("customer-data");
    let report = Report::of(&compilation, None, None);
    let (page, text) = (html::render(&report).unwrap(), markdown::render(&report).unwrap());
    let model = &compilation.meaning.as_ref().unwrap().model;
    assert!(!report.frameworks.is_empty());
    for framework in &report.frameworks {
        let own = model.frameworks.iter().find(|own| *own.slug == *framework.slug).unwrap();
        assert_eq!(own.controls.len(), framework.controls.len());
        let counts = &framework.counts;
        let each = [
            counts.direct,
            counts.in_part,
            counts.open,
            counts.waived,
            counts.nothing_here,
            counts.not_addressed,
        ];
        assert_eq!(counts.controls, each.iter().sum::<usize>());
        for control in &framework.controls {
            assert!(
                page.contains(&format!("<span class=\"control-id\">{}</span>", control.id)),
                "{}",
                control.id
            );
            assert!(text.contains(&format!("**{}**", control.id.replace('_', "\\_"))), "{}", control.id);
        }
        if framework.kind == "threats" {
            assert!(page.contains("A list of threats, not of requirements"));
        }
    }
}

#[test]
fn a_status_claims_no_more_than_its_checks() {
    for name in ["customer-data", "customer-data-gaps", "delegated-access-gaps"] {
        let report = Report::of(&example(name), None, None);
        for control in report.frameworks.iter().flat_map(|framework| &framework.controls) {
            let checks: Vec<_> = control.evidence.iter().flat_map(|evidence| &evidence.checks).collect();
            let shows = |check: &Bearing| {
                check.state == "on"
                    && check.looked_at > 0
                    && check.name != "unstated"
                    && check.name != "unused-declaration"
                    && check.name != "nothing-governed"
                    && check.name != "unmapped-check"
            };
            let looked = checks.iter().any(|check| shows(check));
            match control.status {
                Status::Open | Status::Waived => assert!(!control.findings.is_empty()),
                Status::Derived => {
                    assert!(looked && control.findings.is_empty() && checks.iter().all(|check| check.findings.is_empty()));
                    let direct = control.evidence.iter().filter(|evidence| evidence.strength == "direct");
                    let shown = direct.flat_map(|evidence| &evidence.checks).any(shows);
                    assert_eq!(control.strength, Some(if shown { "direct" } else { "in part" }), "{}", control.id);
                }
                Status::NothingHere => {
                    assert!(!checks.is_empty() && control.findings.is_empty());
                    let concerns = control.because.starts_with("It concerns only decision points");
                    assert!(!looked || concerns, "{}", control.id);
                    assert!(checks.iter().all(|check| check.state == "on"), "{}", control.id);
                }
                Status::NotAddressed => assert!(!looked && control.findings.is_empty()),
                Status::Declared => panic!("no control is declared"),
            }
        }
    }
}

const CALLING: &str = r#"
framework calling "Calling" {
  control "C1" "Calls" { evidence call-cycle direct "it looks at calls" }
  control "C2" "Calls, and what is left out" { evidence call-cycle, unstated direct "it looks at both" }
  control "C3" "What is left out" { evidence unstated direct "it looks at everything" }
  control "C4" "Calls, in part" {
    evidence unstated direct "it looks at everything"
    evidence call-cycle partial "it looks at calls"
  }
  control "C5" "Nothing of a model" { ask "somebody else" }
  control "C6" "Agents that look at profiles" {
    about read.view customer.profile
    evidence call-cycle direct "it looks at calls"
  }
  control "C7" "Agents that change permissions" {
    about write access
    evidence call-cycle direct "it looks at calls"
  }
}
adopt calling
"#;

#[test]
fn every_framework_that_nobody_knows_is_named() {
    let outcome = crate::overlay::over_base("").run(&["report", "-o", "out", "--framework", "one,gdpr,two"]);
    let outcome = outcome.ends_with(2);
    for unknown in ["no framework is called `one`", "no framework is called `two`", "quorate std std"] {
        assert!(outcome.error.contains(unknown), "{outcome}");
    }
    assert!(!outcome.error.contains("`gdpr`"), "{outcome}");
}

/// The status of each control of a framework about calls, and how closely its checks support it.
fn about_calls(block: &str) -> Vec<(String, String)> {
    let project = crate::overlay::over_base(&format!("{block}\n{CALLING}"));
    project.run(&["report", "-o", "out"]).ends_with(0);
    let text = std::fs::read_to_string(project.path("out/evidence.json")).expect("it is written");
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let framework = document["frameworks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|one| one["slug"] == "calling");
    let controls = framework.expect("it is adopted")["controls"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let words = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    controls
        .iter()
        .map(|control| (words(&control["status"]), words(&control["strength"])))
        .collect()
}

#[test]
fn checks_that_look_at_nothing_of_their_kind_show_nothing() {
    let none = ("nothing of the kind here".to_owned(), String::new());
    let derived = |strength: &str| ("derived".to_owned(), strength.to_owned());
    let beyond = ("not addressed".to_owned(), String::new());
    assert_eq!(
        about_calls(""),
        [
            none.clone(),
            none.clone(),
            none.clone(),
            none.clone(),
            beyond.clone(),
            none.clone(),
            none.clone()
        ],
        "no agent calls another"
    );
    let call = r#"
agent campaign "Campaign agent" {
  runs_as campaign_workload; owner maria; provider openai; autonomy act_with_approval
  calls helper doing look_up; stop kill_switch by secops within 5m
}

agent helper "Helper" {
  runs_as helper_workload; owner maria; provider openai; autonomy act_with_approval
  calls none; stop kill_switch by secops within 5m
}

identity helper_workload {
  kind workload; principal "spiffe://acme.example/ns/marketing/sa/helper"; issued_by spire; ttl 15m
  issued just_in_time; revoked on_task_end; can_assume none
  access {
    read.view customer.profile in crm
  }
}

task look_up "Look up a profile" for helper {
  purpose consent_sync; basis legal_obligation
  read.view customer.profile in crm
  limit records 10_000 per 24h; until 2027-06-30
  approved  business maria, privacy dana on 2026-11-02 scope auto
}
"#;
    assert_eq!(
        about_calls(call),
        [
            derived("direct"),
            derived("direct"),
            none.clone(),
            derived("in part"),
            beyond,
            derived("direct"),
            none
        ],
        "one agent calls another"
    );
}

#[test]
fn a_check_that_is_turned_off_shows_nothing() {
    let mut loaded = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/customer-data"));
    let (file, start, end) = (quorate::source::FileId(0), 0, 0);
    let anywhere = quorate::source::Span { file, start, end };
    for check in quorate::checks::ALL {
        loaded.settings.levels.insert(check.code.name.to_owned(), (None, anywhere));
    }
    let options = Options {
        as_of: date(2026, 11, 23),
        horizon: 90,
        name: None,
        levels: loaded.settings.levels,
    };
    let report = Report::of(&compile(loaded.sources, options, loaded.errors), None, None);
    assert!(
        report
            .frameworks
            .iter()
            .flat_map(|framework| &framework.controls)
            .all(|control| control.status != Status::Derived)
    );
}

#[test]
fn every_finding_stands_and_every_place_it_names_is_repeated() {
    let compilation = example("customer-data-gaps");
    let report = Report::of(&compilation, None, None);
    assert_eq!(report.findings.len(), compilation.findings.len());
    assert!(!report.findings.is_empty());
    let page = html::render(&report).unwrap();
    for finding in &report.findings {
        assert!(page.contains(&format!("id=\"finding-{}\"", finding.number)));
        let place = finding.finding.place.as_ref().expect("a finding of a check has a place");
        let at = format!("{}:{}", place.file, place.line);
        assert!(report.cited.iter().any(|cited| cited.at == at), "{at}");
    }
    // Every link leads somewhere.
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

#[test]
fn nothing_is_said_about_gaps_in_a_text_with_faults() {
    let compilation = compiled(&[("bad.gov", "domain x { aprove business }")]);
    let report = Report::of(&compilation, None, None);
    assert!(!report.errors.is_empty() && report.findings.is_empty() && report.frameworks.is_empty());
    let (page, text) = (html::render(&report).unwrap(), markdown::render(&report).unwrap());
    assert!(page.contains("Could not check") && text.contains("Could not check"));
    assert!(!page.contains("No findings.") && !text.contains("No findings."));
}

#[test]
fn a_report_is_never_a_score() {
    let report = Report::of(&example("customer-data-gaps"), None, None);
    for text in [
        html::render(&report).unwrap(),
        markdown::render(&report).unwrap(),
        json::render(&report).unwrap(),
    ] {
        let text = text.to_lowercase();
        let said = text.split("<style>").next().unwrap_or_default().to_owned() + text.split("</style>").last().unwrap_or_default();
        for word in ["compliant", "passed", "score", "grade\"", "badge"] {
            assert!(!said.contains(word), "{word}");
        }
    }
}

#[test]
fn frameworks_are_found_by_slug_and_name() {
    let compilation = example("customer-data");
    let asked = [
        "owasp-agentic-2026".to_owned(),
        "nist_ai_rmf".to_owned(),
        "no-such-thing".to_owned(),
    ];
    let report = Report::of(&compilation, Some(&asked), None);
    assert_eq!(report.frameworks.len(), 2);
    assert_eq!(report.frameworks_unknown, ["no-such-thing"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (
        Report::of(&example("customer-data"), None, None),
        Report::of(&example("customer-data"), None, None),
    );
    assert_eq!(html::render(&one).unwrap(), html::render(&two).unwrap());
    assert_eq!(markdown::render(&one).unwrap(), markdown::render(&two).unwrap());
    assert_eq!(json::render(&one).unwrap(), json::render(&two).unwrap());
}
