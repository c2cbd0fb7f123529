//! `quorate test`: the workspace's own tests, and what no test notices.

use crate::overlay::over_base;
use crate::project::{Outcome, Project, TODAY, repository, run_in};
use serde_json::Value;

/// What `quorate test` says of tests laid over the base.
fn tested(tests: &str) -> Outcome {
    over_base(tests).run(&["test"])
}

/// A test that campaign updates consent, with these lines.
fn consent(title: &str, lines: &str) -> String {
    let attempt = "agent campaign doing sync_consent; attempt write.update customer.consent in crm";
    format!("test \"{title}\" {{ {attempt}; {lines} }}\n")
}

fn shown(name: &str, outcome: &Outcome) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("test-{name}"), outcome.to_string());
    });
}

/// Whether a test with these lines passes.
#[track_caller]
fn passes(lines: &str) {
    tested(&consent("one", lines)).ends_with(0);
}

/// Checks that the test fails, and what the message says.
#[track_caller]
fn fails(lines: &str, says: &str) {
    let outcome = tested(&consent("one", lines)).ends_with(1);
    assert!(outcome.out.contains(says), "{says}\n{outcome}");
}

#[test]
fn allow_and_deny() {
    let all = "approved business maria, security sam, privacy dana";
    passes(&format!("{all}; expect allow"));
    passes("approved business maria, security sam; expect deny");
    passes("approved business maria, security sam; expect deny missing");
    passes("approved business maria, security sam; expect deny missing privacy");
    passes("approved none; expect deny missing privacy");
    passes("expect deny missing business");
    fails(
        &format!("{all}; expect deny"),
        "maria (business), sam (security) and dana (privacy) are enough in consent",
    );
    fails(
        &format!("{all}; expect deny missing privacy"),
        "is allowed to write.update customer.consent in crm",
    );
    fails(
        "approved business maria, security sam; expect allow",
        "denied: privacy has not approved in consent",
    );
    fails(
        "approved none; expect allow",
        "denied: business, privacy and security have not approved in consent",
    );
}

#[test]
fn another_reason_fails() {
    fails(
        "approved business maria, security sam; expect deny stale",
        "is denied write.update customer.consent in crm for another reason",
    );
    fails(
        "approved business maria, security sam; expect deny missing business",
        "privacy has not approved",
    );
    fails(
        "approved business maria, security sam; expect deny mising",
        "did you mean `missing`?",
    );
    fails(
        "approved none; expect deny sleepy_engine",
        "the reasons are missing, ineligible, stale",
    );
}

#[test]
fn an_approval_ages() {
    passes("approved business maria 24h ago, security sam, privacy dana; expect allow");
    passes("approved business maria 25h ago, security sam, privacy dana; expect deny stale business");
    fails(
        "approved business maria 25h ago, security sam, privacy dana; expect allow",
        "denied: what business approved is older than the 24 hours for which it is good in consent",
    );
    // One that is too old refuses nothing where another is good.
    passes("approved business maria 25h ago, business jo, security sam, privacy dana; expect allow");
}

#[test]
fn people_are_told_apart() {
    passes("approved business maria, security sam, privacy ines; expect deny ineligible privacy");
    fails(
        "approved business maria, security sam, privacy ines; expect allow",
        "denied: ines cannot approve as privacy in consent on 2026-11-23",
    );
    passes("approved business maria, security maria, privacy dana; expect deny ineligible security");
    passes("approved business jo, security priya, privacy li; expect allow");
}

#[test]
fn a_test_has_its_own_day() {
    let all = "approved business maria, security sam, privacy dana";
    // The task ends on 2027-06-30, the day included.
    passes(&format!("on 2027-06-30; {all}; expect allow"));
    passes(&format!("on 2027-07-01; {all}; expect deny expired"));
    fails(
        &format!("on 2027-07-01; {all}; expect allow"),
        "the task sync_consent is not current on 2027-07-01",
    );
    // What was approved on 2026-11-02 was not approved before.
    passes(&format!("on 2026-10-01; {all}; expect deny out_of_scope"));
    // A test that says a day does not hang on the day it is run.
    let fixed = over_base(&consent("one", &format!("on 2026-11-23; {all}; expect allow")));
    fixed.run_on("2028-01-01", &["test"]).ends_with(0);
}

#[test]
fn without_a_task_there_is_the_only_one() {
    let attempt = |what: &str, lines: &str| tested(&format!("test \"one\" {{ agent campaign; attempt {what}; {lines} }}"));
    attempt("write.update customer.consent in crm", "expect deny missing privacy").ends_with(0);
    attempt("write.delete customer.consent in crm", "expect deny out_of_scope").ends_with(0);
    let outcome = attempt("write.delete customer.consent in crm", "expect deny").ends_with(1);
    assert!(
        outcome
            .out
            .contains("no current task of campaign names write.delete customer.consent in crm on 2026-11-23"),
        "{outcome}"
    );
    let second = "task more_consent for campaign { purpose consent_sync; basis legal_obligation; write.update customer.consent in crm; \
                  limit records 10 per 24h; until 2027-06-30; approved business maria, security sam, privacy dana on 2026-11-02 }\n";
    let both = format!("{second}test \"one\" {{ agent campaign; attempt write.update customer.consent in crm; expect deny missing }}");
    let outcome = tested(&both).ends_with(1);
    assert!(
        outcome.out.contains("both more_consent and sync_consent of campaign name")
            || outcome.out.contains("both sync_consent and more_consent of campaign name"),
        "{outcome}"
    );
}

#[test]
fn what_is_left_out_cannot_be_run() {
    let says = |test: &str, sentence: &str| {
        let outcome = tested(test).ends_with(1);
        assert!(outcome.out.contains(&format!("cannot be run: {sentence}")), "{outcome}");
    };
    says(
        "test \"one\" { attempt write customer.consent in crm; expect allow }",
        "it has no agent",
    );
    says("test \"one\" { agent campaign; expect allow }", "it attempts nothing");
    says(
        "test \"one\" { agent campaign; attempt write customer.consent in crm }",
        "it expects nothing",
    );
    says(
        &consent("one", "with amuont 3 EUR; expect deny"),
        "no domain or limit has an input `amuont`",
    );
    tested("test \"one\" { agent campaign; attempt read customer in crm; expect allow }\ntest \"one\" { agent campaign; attempt read customer in crm; expect allow }").ends_with(2);
}

#[test]
fn inputs_reach_the_tiers() {
    let test = |lines: &str| {
        let refund = "agent refunder doing pay_refunds; attempt execute payment.refund in payments";
        let files = crate::silence::example("prices-and-refunds").into_iter();
        let others = files.filter(|(name, _)| name != "tests.gov");
        let project = others.fold(Project::new(), |project, (name, text)| project.file(&name, &text));
        project
            .file("tests.gov", &format!("test \"one\" {{ {refund}; {lines} }}\n"))
            .run(&["test"])
    };
    // The smallest amount is in the first tier.
    test("approved business hana, security ravi; expect allow").ends_with(0);
    test("with amount 300 EUR; approved business hana, security ravi; expect deny missing finance").ends_with(0);
    test("with amount 999_999 EUR; approved business hana, security ravi; expect deny limit").ends_with(0);
    // Lines of inputs are alternatives as well.
    let outcome = test("with amount 30 EUR; with amount 300 EUR; approved business hana, security ravi; expect allow").ends_with(1);
    assert!(outcome.out.contains("1 of 2 combinations fail"), "{outcome}");
    assert!(outcome.out.contains("with these inputs"), "{outcome}");
}

#[test]
fn combinations() {
    let pairs = "approved business maria, security sam; approved business maria, privacy dana; approved security sam, privacy dana";
    let outcome = tested(&consent("one", &format!("{pairs}; expect deny missing"))).ends_with(0);
    assert_eq!(outcome.out, "✓ one  (3 combinations)\n");
    let four = format!("{pairs}; approved business jo, security priya, privacy li");
    shown(
        "matrix",
        &tested(&consent("no three are enough", &format!("{four}; expect deny missing"))).ends_with(1),
    );
    // Where combinations fail for different reasons, each says how it was decided and what it needs.
    let mixed = "test \"mixed\" {
  agent    campaign doing sync_consent
  attempt  write.update customer.consent in crm
  attempt  read.view customer.profile in crm
  approved business maria, security sam
  approved business maria, security sam, privacy dana
  approved business maria 30h ago, security sam, privacy dana
  expect   deny missing privacy
}
";
    shown("matrix-of-several-reasons", &tested(mixed).ends_with(1));
    // Every leaf of what is attempted is tried.
    let wide = "test \"one\" { agent campaign doing sync_consent; attempt write customer.consent in crm; expect allow }";
    let outcome = tested(wide).ends_with(1);
    assert!(outcome.out.contains("combinations fail"), "{outcome}");
}

#[test]
fn what_is_skipped_is_shown() {
    let tests = consent("one", "expect allow; skip \"Waits for the new quorum\"") + &consent("two", "expect deny missing privacy");
    let outcome = tested(&tests).ends_with(0);
    assert_eq!(outcome.out, "– one  not run: Waits for the new quorum\n✓ two\n");
    assert!(outcome.error.starts_with("1 test passes, 1 not run"), "{outcome}");
}

#[test]
fn a_workspace_without_tests() {
    let outcome = over_base("").run(&["test"]).ends_with(0);
    assert_eq!(outcome.out, "");
    assert!(outcome.error.starts_with("no tests in "), "{outcome}");
}

#[test]
fn a_slip_is_no_failure() {
    tested("test \"one\" { agent nobody; expect allow }").ends_with(2);
}

#[test]
fn a_failing_test_fails_the_check_and_the_build() {
    let test = consent(
        "consent never changes",
        "approved business maria, security sam, privacy dana; expect deny",
    );
    let project = over_base(&test);
    let findings = project.findings();
    assert_eq!(findings.code, Some(1));
    assert_eq!(findings.of("failing-test").count(), 1);
    project.run(&["build", "-o", "out"]).ends_with(1);
    assert!(!project.path("out").exists());
    // The settings cannot take it away, and say so.
    let project = project.file("quorate.toml", "[levels]\nfailing-test = \"off\"\n");
    project.run(&["check"]).ends_with(2);
    project.run(&["test"]).ends_with(2);
}

#[test]
fn a_report_says_how_many_were_run() {
    let tests = consent("one", "expect deny missing privacy") + &consent("two", "expect allow; skip \"later\"");
    let project = over_base(&tests);
    project.run(&["report", "-o", "out", "--format", "json"]).ends_with(0);
    let text = std::fs::read_to_string(project.path("out/evidence.json")).expect("it was written");
    let report: Value = serde_json::from_str(&text).expect("it is JSON");
    let checks = report["checks"].as_array().expect("there are checks");
    let failing = checks.iter().find(|check| check["code"] == "GOV705").expect("it is a check");
    assert_eq!(failing["looked_at"], 1);
}

/// Names that would break out of an attribute.
const HOSTILE: &str = r#"a <b> & \"c\" ]]> 'd' é"#;

#[test]
fn junit_is_well_formed_whatever_a_test_is_called() {
    let tests = consent(HOSTILE, "expect allow")
        + &consent("two", "expect deny missing; skip \"<&\\\">\"")
        + &consent("three", "expect deny missing");
    let project = over_base(&tests);
    let outcome = project.run(&["test", "--format", "junit"]).ends_with(1);
    assert!(
        outcome.out.contains("name=\"a &lt;b&gt; &amp; &quot;c&quot; ]]&gt; 'd' é\""),
        "{outcome}"
    );
    assert_eq!(outcome.out.matches('<').count(), outcome.out.matches('>').count());
    assert_eq!(project.run(&["--jobs", "1", "test", "--format", "junit"]).out, outcome.out);
    shown("junit", &outcome);
}

#[test]
fn json_says_the_same() {
    let tests = consent("one", "expect allow") + &consent("two", "expect deny missing");
    let outcome = over_base(&tests).run(&["test", "--format", "json"]).ends_with(1);
    let document: Value = serde_json::from_str(&outcome.out).expect("it is JSON");
    assert_eq!(document["schema"], "quorate/tests/1");
    assert_eq!(document["tests"][0]["outcome"], "failed");
    assert_eq!(document["tests"][0]["finding"]["code"], "GOV705");
    assert_eq!(document["tests"][1]["outcome"], "passed");
    assert_eq!(document["summary"]["failed"], 1);
}

#[test]
fn failures_as_they_are_drawn() {
    let tests = consent(
        "consent changes when two agree",
        "approved business maria, security sam; expect allow",
    ) + &consent("privacy alone is missing", "approved business maria; expect deny missing security");
    shown("failing", &tested(&tests).ends_with(1));
}

#[test]
fn governed_examples_pass_and_leave_no_domain_untested() {
    for name in crate::silence::EXAMPLES {
        let outcome = run_in(&repository().join("examples").join(name), TODAY, &["test"]).ends_with(0);
        assert!(outcome.out.lines().count() > 2, "{name}: {outcome}");
    }
}

#[test]
fn what_nobody_notices() {
    let folder = repository().join("examples/prices-and-refunds");
    shown("mutate", &run_in(&folder, TODAY, &["test", "--mutate"]).ends_with(1));
}

/// The weakenings that nobody notices where reading profiles takes this quorum, with a test laid over.
fn unnoticed(quorum: &str, test: &str) -> Vec<String> {
    let domain = format!(
        "domain profile_reading \"Reading profiles\" {{ covers read customer.profile; owner business maria deputy jo; \
         owner privacy dana deputy li; approve {quorum}; purposes consent_sync; retention 2y; evidence approvals_ledger }}\n"
    );
    let outcome = over_base(&format!("{domain}{test}")).run(&["test", "--mutate", "--format", "json"]);
    let document: Value = serde_json::from_str(&outcome.out).unwrap_or_else(|error| panic!("{error}\n{outcome}"));
    let edits = document["unnoticed"].as_array().expect("it is a list").iter();
    let edits = edits.filter_map(|one| one["edit"].as_str()?.strip_suffix(" in domain profile_reading"));
    edits.map(ToOwned::to_owned).collect()
}

#[test]
fn a_test_notices_what_no_check_asks_for() {
    assert_eq!(
        unnoticed("business and privacy", ""),
        ["`approve` without `business`", "`approve` without `privacy`"]
    );
    let test = "test \"profiles take privacy\" { agent campaign doing sync_consent; attempt read.view customer.profile in crm; \
                approved business maria; expect deny missing privacy }\n";
    let found = unnoticed("business and privacy", test);
    assert_eq!(found, ["`approve` without `business`"]);
}

#[test]
fn quorums_are_weakened_by_one_edit() {
    assert_eq!(unnoticed("2 of (business, privacy)", ""), ["`approve` `1 of` for `2 of`"]);
    assert_eq!(
        unnoticed("all of (business, 2 privacy)", ""),
        [
            "`approve` without `business`",
            "`approve` without `2 privacy`",
            "`approve` `1 privacy` for `2 privacy`"
        ]
    );
    // Leaving out one of several alternatives does not weaken the files.
    assert_eq!(unnoticed("business or privacy", ""), Vec::<String>::new());
}

#[test]
fn a_failing_test_says_nothing_about_weaker_files() {
    let outcome = over_base(&consent("one", "expect allow")).run(&["test", "--mutate"]).ends_with(2);
    assert!(outcome.error.contains("a test already fails"), "{outcome}");
}
