//! What `quorate.toml` may set, what it never lets through, and that a verdict says what it did not look at.

use crate::overlay::over_base;
use crate::project::{Outcome, Project};
use serde_json::json;

/// A domain in which an emergency is as it is written here.
fn emergency(clauses: &str) -> String {
    format!(
        "domain consent \"Consent status\" {{
  covers    write customer.consent
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security and privacy
  valid     24h
  binds     action
  purposes  consent_sync
  retention 2y
  rollback  consent_restore
  evidence  approvals_ledger
  emergency {{ {clauses} }}
}}
"
    )
}

fn levels(project: Project, text: &str) -> Project {
    project.file("quorate.toml", &format!("[levels]\n{text}\n"))
}

fn says(outcome: &Outcome, text: &str) {
    assert!(outcome.error.contains(text), "{text}\n{outcome}");
}

fn base() -> Project {
    over_base("")
}

/// A check that is an error where no standard asks: two people with one account.
fn one_account() -> Project {
    over_base("person jo2 \"Jo Bergson\" { email \"jo2@acme.example\"; accounts \"okta:jo\"; reports_to none }\n")
}

#[test]
fn an_error_is_not_turned_off() {
    for check in ["ownerless-agent", "GOV202", "no-rollback"] {
        let project = levels(base(), &format!("{check} = \"off\""));
        for command in ["check", "test", "prove"] {
            let outcome = project.run(&[command]).ends_with(2);
            assert!(
                outcome.out.contains("cannot be `off`") && outcome.out.contains("= \"note\""),
                "{outcome}"
            );
        }
        project.run(&["build", "-o", "out"]).ends_with(2);
        // Who only reads the model is not kept from it by a level.
        project.run(&["model"]).ends_with(0);
    }
    // A check whose level is not error may be off. The last lines report it.
    let outcome = levels(base(), "unlimited-write = \"off\"").run(&["check"]).ends_with(0);
    says(&outcome, "no gaps at level error in ");
    says(&outcome, "1 check lowered in quorate.toml: unlimited-write (off)");
}

#[test]
fn where_a_standard_asks_a_lower_level_is_a_fault_of_the_settings() {
    let short = "domain consent \"Consent status\" {
  covers    write customer.consent
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security
  valid     24h
  purposes  consent_sync
  retention 2y
  rollback  consent_restore
  evidence  approvals_ledger
}
";
    let endless = emergency("approve security; review business and privacy within 24h");
    for (block, check) in [(short, "missing-function"), (&endless, "emergency-gap")] {
        for level in ["note", "warning"] {
            let outcome = levels(over_base(block), &format!("{check} = \"{level}\""))
                .run(&["check"])
                .ends_with(2);
            let said = format!("{check} cannot be `{level}`: the standard std.guidance requires");
            assert!(outcome.out.contains(&said) && outcome.out.contains("quorate.toml:2"), "{outcome}");
        }
        // Raised, or as it is built in, it is what it was.
        levels(over_base(block), &format!("{check} = \"error\""))
            .run(&["check"])
            .ends_with(1);
    }
}

#[test]
fn a_lowered_error_stops_what_lets_through() {
    let project = levels(one_account(), "duplicate-person = \"note\"");
    let outcome = project.run(&["check"]);
    says(
        &outcome,
        "1 check lowered in quorate.toml: duplicate-person (note, built-in level error)",
    );
    assert!(!outcome.error.contains("no gaps in"), "{outcome}");
    let findings = project.findings();
    let one: Vec<_> = findings.of("duplicate-person").collect();
    assert_eq!((&one[0]["level"], &one[0]["built_in_level"]), (&json!("note"), &json!("error")));
    let lowered = json!([{ "code": "GOV119", "name": "duplicate-person", "level": "note", "built_in_level": "error" }]);
    assert_eq!(findings.document["settings"]["lowered"], lowered);
    let outcome = project.run(&["build", "-o", "out"]).ends_with(1);
    assert!(outcome.out.contains("error[GOV119]") && !project.path("out").exists(), "{outcome}");
    let project = project.file("requests.jsonl", "{}\n");
    let outcome = project.run(&["decide", ".", "requests.jsonl"]).ends_with(1);
    says(&outcome, "nothing is decided while a gap is open");
}

#[test]
fn an_emergency_that_asks_nobody_is_an_error_whatever_is_set() {
    let nobody = emergency("approve none; lasts 30m; review business and privacy within 24h");
    let errors = |project: &Project| {
        let findings = project.findings();
        assert_eq!(findings.code, Some(1));
        let also = |code: &str| findings.document.to_string().contains(code);
        assert!(also("an emergency in consent needs no approval"), "{}", findings.document);
    };
    errors(&over_base(&nobody));
    let lowered = "emergency-gap = \"note\"\nsingle-function-approval = \"note\"";
    errors(&levels(over_base(&nobody), lowered));
    levels(over_base(&nobody), lowered).run(&["build", "-o", "out"]).ends_with(1);
    // Where only reading is governed, and no standard asks, it is one as well.
    let reading = "domain profile_reading \"Reading profiles\" {
  covers read customer.profile
  owner business maria deputy jo
  owner privacy dana deputy li
  approve privacy
  valid 24h
  purposes consent_sync
  retention 2y
  evidence approvals_ledger
  emergency { approve none; lasts 30m; review business within 24h }
}
";
    let findings = over_base(reading).findings();
    assert!(
        findings
            .of("emergency-gap")
            .any(|one| one["message"] == "an emergency in profile_reading needs no approval"),
        "{}",
        findings.document
    );
    // Its neighbour asks somebody.
    let somebody = emergency("approve security; lasts 30m; review business and privacy within 24h");
    over_base(&somebody).run(&["check"]).ends_with(0);
}

#[test]
fn what_was_not_looked_at_stands_on_the_first_page() {
    let settings = "horizon = 7\n\n[levels]\nunlimited-write = \"off\"\nuntested-domain = \"warning\"\n";
    let project = base().file("quorate.toml", settings);
    let said = [
        "1 check lowered in quorate.toml: unlimited-write (off)",
        "1 check raised in quorate.toml: untested-domain (warning, built-in level note)",
        "horizon 7 days in quorate.toml, shorter than the built-in 90",
    ];
    let outcome = project.run(&["check"]);
    said.iter().for_each(|line| says(&outcome, line));
    project.run(&["report", "-o", "out"]).ends_with(0);
    for (file, end) in [
        ("report.html", "<section id=\"covers\""),
        ("report.md", "## 1 What it covers"),
        ("evidence.json", "never"),
    ] {
        let text = std::fs::read_to_string(project.path("out").join(file)).expect("it was written");
        let first = text.split(end).next().unwrap_or_default();
        for line in said {
            // Markdown writes a mark before `_` and its like, none of which is in these.
            assert!(first.contains(line), "{file}: {line}");
        }
    }
    // A longer horizon looks at more.
    let outcome = base().file("quorate.toml", "horizon = 365\n").run(&["check"]).ends_with(0);
    assert!(
        outcome.error.starts_with("no gaps in ") && !outcome.error.contains("horizon"),
        "{outcome}"
    );
}

#[test]
fn a_verdict_without_a_standard_says_so() {
    let none = "module acme\nadopt none \"tried out\"\n";
    let outcome = base().file("none.gov", none).run(&["check"]);
    if outcome.code != Some(2) {
        says(&outcome, "no standard applies: \"tried out\" (none.gov:2)");
    }
}
