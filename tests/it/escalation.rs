//! Three systems and two agents: what spreads, what is gained by a call, and what that is found to be, worked out by hand.

use crate::overlay::{line_of_block, over_base};

/// The CRM feeds the platform, which feeds the mailing service. Enrichment writes profiles in the CRM and segments in the platform;
/// campaign calls it. A profile that is changed in the CRM sets the consent status in the platform, and from there in the mailing
/// service.
const COMPANY: &str = r#"
system crm "CRM" {
  holds       customer.profile, customer.consent
  managed_by  ines
  enforced_by gateway
  feeds       cdp with customer.profile as customer.consent within 1h // first step
}
system cdp "Customer data platform" {
  holds       customer.consent, customer.segment
  managed_by  ines
  enforced_by gateway
  feeds       mail with customer.consent within 1d // second step
}
system mail "Mailing service" {
  holds       customer.consent
  managed_by  ines
  enforced_by gateway
  feeds       none
}
purpose consent_sync "Keeping consent the same everywhere" { needs customer.profile, customer.consent }
purpose upkeep "Keeping profiles complete" { needs customer.profile, customer.segment }
agent campaign "Campaign agent" {
  runs_as  campaign_workload
  owner    maria
  provider openai
  autonomy act_with_approval
  calls    enrichment doing complete_profiles // the call
  stop     kill_switch by secops within 5m
}
agent enrichment "Enrichment agent" {
  runs_as  enrichment_workload
  owner    maria
  provider openai
  autonomy act_with_approval
  calls    none
  stop     kill_switch by secops within 5m
}
identity enrichment_workload {
  kind       workload
  principal  "spiffe://acme.example/ns/marketing/sa/enrichment"
  issued_by  spire
  ttl        15m
  issued     just_in_time
  revoked    on_task_end
  can_assume none
  access {
    write.update customer.profile in crm
    write.update customer.segment in cdp
  }
}
task complete_profiles "Complete profiles" for enrichment { // the task
  purpose      upkeep
  basis        contract
  write.update customer.profile in crm
  write.update customer.segment in cdp
  limit        records 100 per 24h
  until        2027-06-30
  approved     business maria, security sam, privacy dana on 2026-11-02 scope auto
}
domain profiles "Profiles" {
  covers    write customer.profile
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security // profiles
  valid     24h
  binds     action
  purposes  upkeep, consent_sync
  retention 2y
  rollback  profile_restore
  evidence  approvals_ledger
}
rollback profile_restore "Restore profiles" {
  restores    customer.profile in crm // in the CRM
  restores    customer.consent in cdp
  method      journal
  within      4h
  owner       sam
  tested      2026-10-12
  operated_by acme_it
}
domain segments "Segments" {
  covers    write customer.segment in cdp
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security // segments
  valid     24h
  binds     action
  purposes  upkeep, consent_sync
  retention 2y
  rollback  segment_restore
  evidence  approvals_ledger
}
rollback segment_restore "Restore segments" {
  restores    customer.segment in cdp
  method      versioned
  within      4h
  owner       sam
  tested      2026-10-12
  operated_by acme_it
}
"#;

/// Campaign sorts customers itself, in a fourth system, and there it takes all three functions.
const OWN_SEGMENTS: &str = r#"
system lists "Lists" {
  holds       customer.segment
  managed_by  ines
  enforced_by gateway
  feeds       none
}
identity campaign_workload {
  kind       workload
  principal  "spiffe://acme.example/ns/marketing/sa/campaign"
  issued_by  spire
  ttl        15m
  issued     just_in_time
  revoked    on_task_end
  can_assume none
  access {
    read.view    customer.profile in crm
    write.update customer.consent in crm
    write.update customer.segment in lists
  }
}
task sync_consent "Keep consent in step" for campaign {
  purpose      consent_sync
  basis        legal_obligation
  read.view    customer.profile in crm
  write.update customer.consent in crm
  write.update customer.segment in lists
  limit        records 10_000 per 24h
  until        2027-06-30
  approved     business maria, security sam, privacy dana on 2026-11-02 scope auto
}
domain lists "Lists" {
  covers    write customer.segment in lists
  owner     business maria deputy jo
  owner     security sam deputy priya
  owner     privacy dana deputy li
  approve   business and security and privacy // lists
  valid     24h
  binds     action
  purposes  consent_sync
  retention 2y
  rollback  list_restore
  evidence  approvals_ledger
}
rollback list_restore "Restore lists" {
  restores    customer.segment in lists
  method      versioned
  within      4h
  owner       sam
  tested      2026-10-12
  operated_by acme_it
}
"#;

/// A finding as it is worked out by hand: check, level, subject, the comment on its line, how many decision points, the comments on
/// the lines of its path.
type Expected<'a> = (&'a str, &'a str, &'a str, &'a str, u64, &'a [&'a str]);

#[track_caller]
fn found(block: &str, expected: &[Expected<'_>]) {
    let comment = |line: u64| {
        let line = block.lines().nth(line_of_block(line) as usize - 1).unwrap_or("");
        line.split_once("// ").map_or("", |(_, comment)| comment).to_owned()
    };
    let findings = over_base(block).findings();
    assert_ne!(findings.code, Some(2));
    let mut told: Vec<(String, String, String, String, u64, Vec<String>)> = Vec::new();
    // Approvals, identities and scopes are other questions.
    let family = |finding: &&serde_json::Value| {
        finding["code"]
            .as_str()
            .is_some_and(|code| ["GOV4", "GOV5", "GOV6"].contains(&&code[..4]))
    };
    for finding in findings.all().filter(family) {
        let word = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
        let related = finding["related"].as_array().into_iter().flatten();
        let path = related
            .filter(|related| related["file"] == "block.gov")
            .map(|related| comment(related["line"].as_u64().unwrap_or(1)))
            .collect();
        told.push((
            word("name"),
            word("level"),
            word("subject").trim_start_matches("acme.").to_owned(),
            comment(finding["line"].as_u64().unwrap_or(1)),
            finding["decision_points"].as_u64().unwrap_or(0),
            path,
        ));
    }
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, level, subject, line, points, path)| {
            let path = path.iter().map(|step| (*step).to_owned()).collect();
            (
                (*name).to_owned(),
                (*level).to_owned(),
                (*subject).to_owned(),
                (*line).to_owned(),
                *points,
                path,
            )
        })
        .collect();
    assert_eq!(told, expected);
}

/// `write.update` of profiles in the CRM is one decision of enrichment and one of campaign, which comes to it by the call. The way to the
/// platform is one step, to the mailing service two. Segments are what no purpose of campaign needs.
#[test]
fn what_spreads_and_what_a_call_gains() {
    found(
        COMPANY,
        &[
            ("call-escalation", "warning", "campaign", "the call", 1, &["the task"]),
            (
                "approval-laundering",
                "error",
                "profiles",
                "profiles",
                2,
                &["the call", "first step"],
            ),
            (
                "rollback-misses-system",
                "error",
                "profile_restore",
                "in the CRM",
                2,
                &["the call", "first step", "second step"],
            ),
        ],
    );
}

/// The campaign agent has its own reason to make the change, so the call is plausible. The call needs two functions instead of three.
#[test]
fn a_call_that_is_the_lighter_way() {
    found(
        &format!("{COMPANY}{OWN_SEGMENTS}"),
        &[
            (
                "call-escalation",
                "error",
                "campaign",
                "the call",
                1,
                &["the task", "segments", "lists"],
            ),
            (
                "approval-laundering",
                "error",
                "profiles",
                "profiles",
                2,
                &["the call", "first step"],
            ),
            (
                "rollback-misses-system",
                "error",
                "profile_restore",
                "in the CRM",
                2,
                &["the call", "first step", "second step"],
            ),
        ],
    );
}

#[test]
fn mended_there_is_nothing() {
    let mended = COMPANY
        .replace("business and security // profiles", "business and security and privacy")
        .replace("customer.consent in cdp\n  method", "customer.consent in cdp, mail\n  method")
        .replace(
            "{ needs customer.profile, customer.consent }",
            "{ needs customer.profile, customer.consent, customer.segment }",
        );
    found(&mended, &[]);
    let lists = OWN_SEGMENTS.replace("business and security and privacy // lists", "business and security");
    found(&format!("{mended}{lists}"), &[]);
}

/// The mailing service feeds the CRM again. The circle ends, and the consent that arrives in the CRM has to be restored there as well.
#[test]
fn what_comes_back_is_found_once() {
    let circle = COMPANY.replace(
        "  enforced_by gateway\n  feeds       none\n}\npurpose",
        "  enforced_by gateway\n  feeds       crm with customer.consent // third step\n}\npurpose",
    );
    found(
        &circle,
        &[
            ("call-escalation", "warning", "campaign", "the call", 1, &["the task"]),
            (
                "approval-laundering",
                "error",
                "profiles",
                "profiles",
                2,
                &["the call", "first step"],
            ),
            (
                "rollback-misses-system",
                "error",
                "profile_restore",
                "in the CRM",
                2,
                &["the call", "first step", "second step", "third step"],
            ),
        ],
    );
}

/// Whatever enrichment may do is within reach; what that is, is not said twice.
#[test]
fn a_call_for_anything() {
    let loose = COMPANY.replace("enrichment doing complete_profiles // the call", "enrichment // the call");
    found(
        &loose,
        &[
            ("call-escalation", "error", "campaign", "the call", 2, &[]),
            (
                "approval-laundering",
                "error",
                "profiles",
                "profiles",
                2,
                &["the call", "first step"],
            ),
            (
                "rollback-misses-system",
                "error",
                "profile_restore",
                "in the CRM",
                2,
                &["the call", "first step", "second step"],
            ),
        ],
    );
}
