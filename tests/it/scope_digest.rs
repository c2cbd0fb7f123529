//! What people approve with the digest of a scope: whoever swaps the model, the autonomy, a call, a starter or a tool call has it approved again.

use crate::overlay::over_base;
use serde_json::Value;

/// A workspace whose task nobody has signed yet.
const OPEN: &str = r#"provider house_it "House IT"

system crm "CRM" {
  holds       customer.profile, customer.consent
  managed_by  ines
  enforced_by gateway
  feeds       none
  tool        "crm.contacts.read" does read.view customer.profile
  tool        "crm.consent.update" does write.update customer.consent
  tool        "crm.consent.purge" does write.delete customer.consent
  tool        "crm.mystery"
}

agent campaign "Campaign agent" {
  runs_as  campaign_workload
  owner    maria
  provider openai
  model    "house-large-2411"
  autonomy act_with_approval
  calls    helper doing help_along
  stop     kill_switch by secops within 5m
}

agent helper "Helper" {
  runs_as  campaign_workload
  owner    maria
  provider openai
  model    "tiny-4"
  autonomy suggest
  calls    none
  stop     kill_switch by secops within 5m
}

task help_along "Help" for helper {
  purpose   consent_sync
  basis     legal_obligation
  read.view customer.profile in crm
  until     2027-06-30
}

task help_more "Help more" for helper {
  purpose   consent_sync
  basis     legal_obligation
  read.view customer.profile in crm
  until     2027-06-30
}

task sync_consent "Keep consent in step" for campaign {
  purpose      consent_sync
  basis        legal_obligation
  read.view    customer.profile in crm
  write.update customer.consent in crm
  limit        records 10_000 per 24h
  started_by   schedule
  until        2027-06-30
  approved     business maria, security sam, privacy dana on 2026-11-02
}
"#;

type Edit<'a> = (&'a str, &'a str);

#[track_caller]
fn edited(text: &str, edits: &[Edit<'_>]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once");
        text.replace(from, to)
    })
}

/// What is found about the approval where one text was approved and another stands there now; nothing where the approval holds.
#[track_caller]
fn between(approved: &str, now: &str) -> Option<String> {
    let digest = over_base(approved).scopes()["sync_consent"].clone();
    let findings = over_base(&now.replace("on 2026-11-02", &format!("on 2026-11-02 scope \"{digest}\""))).findings();
    assert_ne!(findings.code, Some(2), "{:#}", findings.document);
    let own = |finding: &&Value| {
        finding["subject"]
            .as_str()
            .is_some_and(|subject| subject.ends_with(".sync_consent"))
    };
    let found: Vec<String> = findings
        .of("unapproved-scope")
        .filter(own)
        .map(|finding| finding.to_string().replace("\\\"", "\"").replace("\\\\", "\\"))
        .collect();
    assert!(found.len() < 2, "{found:#?}");
    found.into_iter().next()
}

/// The same where something was edited after the approval.
#[track_caller]
fn after(edits: &[Edit<'_>]) -> Option<String> {
    between(OPEN, &edited(OPEN, edits))
}

#[track_caller]
fn explained(edits: &[Edit<'_>], by: &str) {
    let found = after(edits).unwrap_or_else(|| panic!("{edits:?} is not noticed"));
    assert!(found.contains("has changed since it was approved"), "{found}");
    assert!(found.contains(by), "{by}\n{found}");
    assert!(!found.contains("could not find out which single change"), "{found}");
}

#[track_caller]
fn unexplained(edits: &[Edit<'_>]) {
    let found = after(edits).unwrap_or_else(|| panic!("{edits:?} is not noticed"));
    assert!(found.contains("has changed since it was approved"), "{found}");
    assert!(
        found.contains("Quorate could not find out which single change explains it"),
        "{found}"
    );
    assert!(
        found.contains("quorate diff git:REV") && found.contains("quorate who --task sync_consent"),
        "{found}"
    );
}

const MODEL: &str = "\"house-large-2411\"";

#[test]
fn what_nobody_touched_holds() {
    assert_eq!(after(&[]), None);
    let neighbours: [&[Edit<'_>]; 8] = [
        &[("\"Keep consent in step\"", "\"Keep consents alike\"")],
        &[("\"Campaign agent\"", "\"Agent of campaigns\"")],
        &[("task sync_consent", "/// Every night.\ntask sync_consent")],
        &[(
            "  started_by   schedule\n  until        2027-06-30",
            "  started_by   schedule\n  until        2027-05-30",
        )],
        &[(
            "owner    maria\n  provider openai\n  model    \"house",
            "owner    ben\n  provider openai\n  model    \"house",
        )],
        &[("provider openai\n  model    \"house", "provider house_it\n  model    \"house")],
        // The model and the tool calls of what the task does not touch.
        &[("\"tiny-4\"", "\"tiny-5\"")],
        &[("does write.delete customer.consent", "does write.create customer.consent")],
    ];
    for edits in neighbours {
        assert_eq!(after(edits), None, "{edits:?}");
    }
}

/// The versions that stand in the digest are found from those that stand there today.
#[test]
fn another_version_of_the_model() {
    let versions = [
        ("house-large-2411", "house-large-2502"),
        ("house-4", "house-5"),
        ("house-4.1", "house-4.2-mini"),
        ("house-4", "house-4-5"),
        ("house-4-5", "house-4"),
        ("house-2026-05-14", "house-2026-10-01"),
        ("house-4-20260514", "house-4-20261001"),
        ("house-002", "house-001"),
        ("house-202411", "house-202502"),
    ];
    for (was, now) in versions {
        let with = |version: &str| OPEN.replace("house-large-2411", version);
        let found = between(&with(was), &with(now)).unwrap_or_default();
        assert!(found.contains("the scope of sync_consent has changed"), "{was} {now}\n{found}");
        let told = found.contains(&format!("the approved scope had `model \"{was}\"` for campaign"));
        // Another figure and one word more are two changes.
        assert_eq!(told, now != "house-4.2-mini", "{was} {now}\n{found}");
    }
}

#[test]
fn another_model() {
    let found = between(&OPEN.replace("house-large-2411", "tiny-4"), OPEN).unwrap_or_default();
    assert!(found.contains("the approved scope had `model \"tiny-4\"` for campaign"), "{found}");
    let found = between(&edited(OPEN, &[("  model    \"house-large-2411\"\n", "")]), OPEN).unwrap_or_default();
    assert!(found.contains("the approved scope had no model for campaign"), "{found}");
    // A name that stands nowhere any more.
    unexplained(&[(MODEL, "\"mystery\"")]);
    unexplained(&[("  model    \"house-large-2411\"\n", "")]);
}

#[test]
fn another_autonomy() {
    let was = "the approved scope had `autonomy act_with_approval` for campaign";
    explained(&[("autonomy act_with_approval", "autonomy act_within_scope")], was);
    explained(&[("autonomy act_with_approval", "autonomy suggest")], was);
    explained(&[("  autonomy act_with_approval\n", "")], was);
}

#[test]
fn other_calls() {
    let own = "calls    helper doing help_along";
    let was = "`calls helper doing help_along` for campaign";
    explained(
        &[(own, "calls    helper doing help_along, help_more")],
        "did not have `calls helper doing help_more` for campaign",
    );
    explained(&[(own, "calls    helper doing help_more")], was);
    explained(&[(own, "calls    helper")], was);
    explained(&[(own, "calls    none")], was);
    explained(&[("  calls    helper doing help_along\n", "")], was);
}

#[test]
fn other_starters() {
    let own = "started_by   schedule";
    let was = "`started_by schedule`";
    explained(&[(own, "started_by   outsider")], was);
    explained(&[(own, "started_by   maria")], was);
    explained(&[("  started_by   schedule\n", "")], was);
    explained(
        &[(own, "started_by   schedule\n  started_by   secops")],
        "did not have `started_by secops`",
    );
}

#[test]
fn other_tool_calls() {
    let own = "tool        \"crm.consent.update\" does write.update customer.consent";
    let with = |line: &str| format!("{own}\n  tool {line}");
    explained(
        &[(own, &with("\"crm.bulk\" does write.update customer.consent"))],
        "there was no tool call \"crm.bulk\"",
    );
    explained(
        &[(
            own,
            "tool        \"crm.consent.update\" does write.update customer.consent and write.delete customer.consent",
        )],
        "the tool call \"crm.consent.update\" did not do `write.delete customer.consent in crm`",
    );
    // It does nothing of the task any more, and nobody says what it does any more.
    explained(
        &[(own, "tool        \"crm.consent.update\" does write.delete customer.consent")],
        "the tool call \"crm.consent.update\" did `write.update customer.consent`",
    );
    explained(
        &[(own, "tool        \"crm.consent.update\"")],
        "the tool call \"crm.consent.update\" did `write.update customer.consent`",
    );
    explained(
        &[(
            "tool        \"crm.mystery\"",
            "tool        \"crm.mystery\" does write.update customer.consent",
        )],
        "no tool call \"crm.mystery\"",
    );
    // Its name is a text that stands nowhere any more.
    unexplained(&[(own, "")]);
    unexplained(&[("\"crm.consent.update\"", "\"crm.consent.write\"")]);
}

/// What the task may do brings the tool calls that do it, which is one change.
#[test]
fn less_or_more_that_it_may_do() {
    let own = "  write.update customer.consent in crm\n";
    explained(
        &[(
            own,
            "  write.update customer.consent in crm\n  write.delete customer.consent in crm\n",
        )],
        "did not have `write.delete customer.consent in crm`",
    );
    let read = "  read.view    customer.profile in crm\n";
    explained(&[(read, "")], "had `read.view customer.profile in crm` as well");
}

#[test]
fn another_agent() {
    explained(
        &[("for campaign {", "for helper {")],
        "the approved scope was for the agent campaign",
    );
}

#[test]
fn two_swaps_at_once() {
    unexplained(&[
        ("autonomy act_with_approval", "autonomy suggest"),
        ("started_by   schedule", "started_by   outsider"),
    ]);
    unexplained(&[(MODEL, "\"house-large-2502\""), ("autonomy act_with_approval", "autonomy suggest")]);
}

#[test]
fn what_is_digested_is_one_text_and_no_text_forges_a_line() {
    let forged = edited(OPEN, &[(MODEL, "\"x\\\"\\nautonomy act_within_scope\"")]);
    let project = over_base(&forged);
    let printed = project.run(&["who", "--task", "sync_consent"]).ends_with(0).out;
    assert!(
        printed.contains("model \"x\\\"\\u{a}autonomy act_within_scope\"\nautonomy act_with_approval\n"),
        "{printed}"
    );
    let printed = over_base(OPEN).run(&["who", "--task", "sync_consent"]).ends_with(0).out;
    let lines: Vec<&str> = printed.lines().collect();
    let wanted = [
        "task acme.sync_consent",
        "agent acme.campaign",
        "model \"house-large-2411\"",
        "autonomy act_with_approval",
        "calls acme.helper doing acme.help_along",
        "may std.prelude.read.view std.customer.customer.profile in acme.crm",
        "may std.prelude.write.update std.customer.customer.consent in acme.crm",
        "tool \"crm.consent.update\" in acme.crm does std.prelude.write.update std.customer.customer.consent in acme.crm",
        "tool \"crm.contacts.read\" in acme.crm does std.prelude.read.view std.customer.customer.profile in acme.crm",
        "purpose acme.consent_sync",
        "basis legal_obligation",
        "limit records 10_000 per 24h",
        "started_by schedule",
    ];
    assert_eq!(lines[..wanted.len()], wanted, "{printed}");
    let unstated = edited(
        OPEN,
        &[
            ("  model    \"house-large-2411\"\n", ""),
            ("  autonomy act_with_approval\n", ""),
            ("  calls    helper doing help_along\n", ""),
            ("  started_by   schedule\n", ""),
        ],
    );
    let printed = over_base(&unstated).run(&["who", "--task", "sync_consent"]).ends_with(0).out;
    assert!(printed.contains("\nmodel unsaid\nautonomy unsaid\ncalls unsaid\nmay "), "{printed}");
    assert!(printed.contains("\nstarted_by any person\n"), "{printed}");
}

#[test]
fn a_model_without_a_name_is_an_error() {
    for blank in ["\"\"", "\"  \""] {
        let outcome = over_base(OPEN)
            .file("block.gov", &format!("module acme\n{}", edited(OPEN, &[(MODEL, blank)])))
            .run(&["check"]);
        assert!(
            outcome.out.contains("no model is named") || outcome.error.contains("no model is named"),
            "{outcome}"
        );
    }
}
