//! One run reports everything that is wrong: no error waits until another one is fixed, and each duplicate is reported.

use crate::overlay::over_base;
use crate::project::{Outcome, Project, repository};

/// Keeps what a run says, with what was given to it.
macro_rules! keep {
    ($name:literal, $outcome:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(concat!("run-", $name), $outcome.to_string());
        })
    };
}

const CHECK: &[&str] = &["check"];

fn base() -> Project {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base can be read");
    Project::new().file("base.gov", &base)
}

fn beside_base(more: &str) -> Outcome {
    let more = format!("module acme; use std.audit.*; use std.customer.*\n{more}");
    base().file("more.gov", &more).run(CHECK)
}

#[test]
fn circles_and_waivers_beside_names_and_words() {
    let errors = "person zoe \"Zoe\" { reports_to yan }
person yan \"Yan\" { reports_to zoe }
provider north { part_of south }
provider south { part_of north }
provider east { part_of west }
provider west { part_of east }
waiver careless {
  waives failing-test on consent
  waives self-waived on consent
  waives nothing-governed on campaign
  approved business maria, business maria, privacy zork
  granted 2026-13-01
}
team desk { lead ines; membrs ben }
domain tickets {
  covers write customer.identity
  input size integr from 0 to 9
  approve business when size > 3
  approve business and zork when colour == red
  approve security otherwise
}
";
    // `size` is not missed: the line that declares it could not be read.
    keep!("circles-and-waivers", beside_base(errors).ends_with(2));
}

#[test]
fn what_is_said_twice() {
    let errors = "person zoe \"Zoe\" { accounts \"okta:zoe\", \"okta:zoe\"; reports_to none }
team desk { lead ines; members ben, ivy, ben; managed_by 2 of (ines, ines) }
domain tickets \"Tickets\" {
  covers    write customer.identity except customer.identity
  covers    write customer.billing, customer.billing in crm, crm
  input     kind one_of (small, large, small)
  input     count integer from 0 to 10
  owner     business maria deputy jo, jo
  owner     business ines
  owner     security sam deputy sam
  owner     privacy dana
  approve   business and security
  limit     count 5 per 24h
  limit     count 9 per 24h
  limit     count 3
  purposes  consent_sync, consent_sync
  rollback  consent_restore, consent_restore
  evidence  approvals_ledger
}
system cdp \"CDP\" {
  holds       customer.profile, customer.profile
  enforced_by gateway
  enforced_by gateway
  feeds       crm with customer.profile within 1h
  feeds       crm with customer.profile within 9h
  tool        \"t\" does read customer.profile
  tool        \"t\" does nothing \"a check of its health\"
}
task extra \"Extra\" for campaign {
  write.update customer.profile in cdp
  approved     business maria, business maria, security maria on 2026-11-01
}
delegation leave { from dana to li; function privacy in consent, consent; until 2026-12-31 }
waiver twice {
  waives      no-rollback on consent
  waives      no-rollback on consent
  fingerprint \"a\", \"a\"
}
";
    keep!("said-twice", beside_base(errors).ends_with(2));
}

#[test]
fn a_line_that_was_meant_to_go_on() {
    let errors = "team desk {
  lead ines
  members ben,
    ivy,
  managed_by 2 of (ines, ivy)
}
domain tickets {
  covers write customer.billing
  owner business maria
  input amount money EUR from 0 to 50
  approve business and
    privacy and
    security when amount <= 5 EUR or
      amount > 8 EUR
  approve business
    and privacy otherwise
  approve business and
  purposes consent_sync,
}
";
    keep!("lines-that-go-on", beside_base(errors).ends_with(2));
}

#[test]
fn everything_that_a_waiver_lacks() {
    keep!(
        "waiver-that-lacks",
        beside_base("waiver bare { waives no-rollback on consent }\n").ends_with(1)
    );
    let lines = "waiver idle {
  waives      no-rollback on consent
  waives      no-evidence on consent
  waives      standing-credential on campaign_workload
  fingerprint \"sha256:00\"
  reason      \"A reason\"
  approved    business maria, security sam, privacy dana
  granted     2026-11-20
  until       2026-12-20
}
";
    keep!("waiver-of-idle-lines", beside_base(lines).ends_with(0));
}

#[test]
fn settings() {
    let set = |text: &str| base().file("quorate.toml", text).run(CHECK);
    let twice = "[levels]\nGOV301 = \"off\"\naccess-beyond-scope = \"warning\"\nself-waived = \"off\"\nshared-identity = \"of\"\n";
    keep!("settings-levels", set(twice).ends_with(2));
    keep!("settings-unreadable", set("name =\nhorizon = \"x\n").ends_with(2));
    // If a standard does not allow a lower level, the error also shows the finding that this level would have hidden.
    let gap = "domain consent \"Consent status\" {
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
    let outcome = over_base(gap)
        .file("quorate.toml", "[levels]\nmissing-function = \"note\"\n")
        .run(CHECK);
    keep!("settings-off-that-does-not-hold", outcome.ends_with(2));
}

/// The revision of a model covers the rules in force, because its policies were checked against these rules.
#[test]
fn another_rule_is_another_model() {
    let model = |rule: &str| {
        let standard = format!("standard house {{ require {rule} for mutates personal }}\nadopt house\n");
        let text = format!("module acme; use std.customer.*\n{standard}");
        base().file("more.gov", &text).run(&["model"]).ends_with(0).out
    };
    let two = model("approvers 2");
    assert_ne!(two, model("approvers 3"));
    assert_ne!(two, model("absence 2"));
    assert_eq!(two, model("approvers   2"));
}

/// What no test can say is listed apart, and is nobody's fault.
#[test]
fn weaker_where_no_task_goes() {
    let domain = "domain tickets \"Tickets\" {
  covers    write customer.billing
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security and privacy
  valid     4h
  purposes  consent_sync
  retention 2y
  rollback  consent_restore
  evidence  approvals_ledger
}
";
    let more = format!("module acme; use std.audit.*; use std.customer.*\n{domain}");
    let out = base().file("more.gov", &more).run(&["test", "--mutate"]).out;
    let (minded, beyond) = out.split_once("a test cannot notice it").expect("something is beyond tests");
    assert!(!minded.contains("in domain tickets"), "{minded}");
    assert!(beyond.contains("`valid` of 8h instead of 4h in domain tickets"), "{beyond}");
}
