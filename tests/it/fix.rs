//! `check --fix`: what a machine may mend, and that it leaves everything else alone.

use crate::project::{Project, repository};

fn base(edits: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    text
}

fn names(project: &Project) -> Vec<String> {
    let findings = project.findings();
    let names = findings
        .all()
        .map(|finding| finding["name"].as_str().unwrap_or_default().to_owned());
    names.filter(|name| name != "unapproved-scope").collect()
}

fn read(project: &Project) -> String {
    std::fs::read_to_string(project.path("main.gov")).expect("the file is there")
}

/// Where the domain of consent goes on behind what it takes.
const REST: &str = "  purposes consent_sync; retention 2y; rollback";

const WEAK: &[(&str, &str)] = &[("approve business and security and privacy", "approve business and security")];

#[test]
fn a_quorum_is_tightened_where_the_new_one_entails_the_old() {
    let project = Project::of(&base(WEAK));
    assert_eq!(names(&project), ["missing-function"]);
    let outcome = project.run(&["check", "--fix"]);
    assert!(outcome.error.contains("fixed 1 line in main.gov"), "{outcome}");
    assert_eq!(outcome.code, Some(0), "{outcome}");
    assert_eq!(read(&project), base(&[]), "it stays in canonical form");
    assert!(
        project
            .run(&["check", "--fix"])
            .error
            .contains("there is nothing that --fix can change")
    );
}

#[test]
fn what_a_test_of_the_workspace_holds_on_to_is_left_to_people() {
    let weak = base(WEAK)
        + "\ntest \"two agree\" { agent campaign doing sync_consent; attempt write.update customer.consent in crm; \
           approved business maria, security sam; expect allow }\n";
    let project = Project::of(&weak);
    let outcome = project.run(&["check", "--fix"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.error.contains("nothing is changed"), "{outcome}");
    assert!(outcome.error.contains("two agree"), "{outcome}");
    assert_eq!(read(&project), weak);
}

#[test]
fn a_quorum_that_asks_for_something_else_is_left_to_people() {
    let weak = base(&[("approve business and security and privacy", "approve 2 business and privacy")]);
    let project = Project::of(&weak);
    assert_eq!(project.run(&["check", "--fix"]).code, Some(1));
    assert_eq!(read(&project), weak, "two of business is more than the standard asks, and stays");
}

#[test]
fn approvals_are_bound_and_shortened() {
    let said = |lines: &str| base(&[(REST, &format!("{lines}\n{REST}"))]);
    let project = Project::of(&said("  valid 3d; binds task"));
    assert_eq!(names(&project), ["stale-approval", "stale-approval"]);
    project.run(&["check", "--fix"]);
    assert_eq!(names(&project), [""; 0]);
    assert_eq!(read(&project), said("  valid 24h; binds action"));
}

#[test]
fn what_the_world_is_like_is_never_edited() {
    let text = base(&[("ttl 15m", "ttl 12h")]);
    let project = Project::of(&text);
    let outcome = project.run(&["check", "--fix"]);
    assert!(outcome.error.contains("there is nothing that --fix can change"), "{outcome}");
    assert_eq!(read(&project), text);
}

#[test]
fn line_ends_and_marks_stay_as_they_are() {
    let text = format!("\u{feff}{}", base(WEAK).replace('\n', "\r\n"));
    let project = Project::of(&text);
    assert_eq!(project.run(&["check", "--fix"]).code, Some(0));
    let after = read(&project);
    assert_eq!(
        after,
        text.replace("approve business and security\r", "approve business and security and privacy\r")
    );
    // A file whose lines end in two ways is not guessed at.
    let mixed = base(WEAK).replacen('\n', "\r\n", 1);
    let project = Project::of(&mixed);
    let outcome = project.run(&["check", "--fix"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert_eq!(read(&project), mixed);
}

#[test]
fn secrets_in_a_file_survive() {
    let secret = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let text = format!("// {secret}\n{}", base(WEAK));
    let project = Project::of(&text);
    project.run(&["check", "--fix"]);
    assert!(read(&project).starts_with(&format!("// {secret}\n")));
    assert!(read(&project).contains("approve business and security and privacy"));
}

#[test]
fn a_comment_inside_a_clause_is_not_lost() {
    let weak = base(&[(
        "approve business and security and privacy",
        "approve all of (business, // first\n    security)",
    )]);
    let project = Project::of(&weak);
    let outcome = project.run(&["check", "--fix"]);
    assert!(outcome.error.contains("it would delete a comment"), "{outcome}");
    assert!(outcome.error.contains("nothing is changed"), "{outcome}");
    assert_eq!(read(&project), weak);
}

#[test]
fn a_safe_edit_is_made_though_another_is_not() {
    let weak = base(&[
        (
            "  owner   privacy dana deputy li\n  approve business and security and privacy",
            "  approve business",
        ),
        (REST, &format!("  valid 3d\n{REST}")),
    ]);
    let project = Project::of(&weak);
    let outcome = project.run(&["check", "--fix"]);
    assert!(
        outcome.error.contains("is not written: it would cause another finding"),
        "{outcome}"
    );
    assert!(outcome.error.contains("fixed 1 line in main.gov"), "{outcome}");
    assert_eq!(read(&project), weak.replace("  valid 3d", "  valid 24h"));
}
