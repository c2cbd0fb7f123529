//! Where a line can be broken, above all before the digest of a scope; and the error about a comma there that joins nothing.

use crate::overlay::over_base;
use crate::project::{Outcome, Project};

/// The task of the base, approved in the same words as there.
const TASK: &str = r#"task sync_consent "Keep consent in step" for campaign {
  purpose      consent_sync
  basis        legal_obligation
  read.view    customer.consent in crm
  write.update customer.consent in crm
  limit        records 10_000 per 24h
  until        2027-06-30
  approved     business maria, security sam, privacy dana on 2026-11-02
}
"#;

/// The task, with something behind the day of its approval.
fn behind_the_day(more: &str) -> String {
    TASK.replace("on 2026-11-02", &format!("on 2026-11-02{more}"))
}

fn digest() -> String {
    over_base(TASK).scopes()["sync_consent"].clone()
}

/// A text that cannot be meant: where it says so, and what.
#[track_caller]
fn refused(more: &str, message: &str, help: &str) {
    let outcome = over_base(&behind_the_day(more)).run(&["check"]).ends_with(2);
    let said = outcome.to_string();
    assert_eq!(said.matches("error").count(), 2, "one error and the count of it\n{said}");
    assert!(said.contains(message), "{message}\n{said}");
    assert!(said.contains(help), "{help}\n{said}");
}

/// What a project says of approvals of scopes.
fn found(project: &Project) -> Vec<String> {
    let findings = project.findings();
    assert_ne!(findings.code, Some(2), "{:#}", findings.document);
    findings.of("unapproved-scope").map(ToString::to_string).collect()
}

#[test]
fn a_comma_before_the_digest_changes_nothing() {
    let digest = digest();
    let forms = [
        format!(" scope \"{digest}\""),
        format!(", scope \"{digest}\""),
        format!(",\n    scope \"{digest}\""),
        format!(",  // as shown to them\n    scope \"{digest}\""),
    ];
    for form in forms {
        assert_eq!(found(&over_base(&behind_the_day(&form))), Vec::<String>::new(), "{form}");
    }
    let other = format!(",\n    scope \"sha256:{}\"", "0".repeat(64));
    assert_eq!(
        found(&over_base(&behind_the_day(&other))).len(),
        1,
        "another digest is noticed behind a comma too"
    );
}

#[test]
fn a_comma_that_nothing_follows() {
    refused(",", "`scope` is missing after this", "remove the `,`");
}

#[test]
fn a_scope_without_its_digest() {
    refused(", scope", "a text in quotes is missing after this", "on <date>[, scope <scope>]");
    refused(", scope soon", "belongs here, not `soon`", "on <date>[, scope <scope>]");
}

#[test]
fn a_scope_written_twice() {
    let twice = format!(", scope \"sha256:{0}\", scope \"sha256:{0}\"", "0".repeat(64));
    refused(&twice, "there are two `scope` in one `approved`", "keep one of the two");
}

#[test]
fn somebody_behind_the_day() {
    refused(
        ", security ben",
        "`scope` belongs here, not `security`",
        "on <date>[, scope <scope>]",
    );
    refused(
        ",\n    security ben",
        "`scope` belongs here, not `security`",
        "on <date>[, scope <scope>]",
    );
}

#[test]
fn a_comma_that_takes_in_the_clause_below() {
    let text = behind_the_day(",\n  started_by schedule");
    let said = over_base(&text).run(&["check"]).ends_with(2).to_string();
    assert!(
        said.contains("this comma joins the line below it, `started_by …`, to `approved`"),
        "{said}"
    );
}

#[test]
fn fmt_breaks_behind_the_comma_and_never_adds_one() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let formatted = |more: String| {
        let project = Project::of(&behind_the_day(&more));
        let outcome: Outcome = project.run(&["fmt"]).ends_with(0);
        assert!(!outcome.error.contains("error"), "{outcome}");
        std::fs::read_to_string(project.path("main.gov")).expect("the file is there")
    };
    let long = formatted(format!(", scope \"{digest}\""));
    let broken = format!("privacy dana on 2026-11-02,\n               scope \"{digest}\"\n");
    assert!(long.contains(&broken), "{long}");
    assert!(long.lines().all(|line| line.chars().count() <= 100), "{long}");
    assert!(formatted(", scope \"short\"".to_owned()).contains("on 2026-11-02, scope \"short\"\n"));
    let old = formatted(format!(" scope \"{digest}\""));
    assert!(old.contains(&format!("on 2026-11-02 scope \"{digest}\"\n")), "{old}");
}
