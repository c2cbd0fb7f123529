//! How few people it takes: cases about one person behind several names, functions, teams and domains.

use crate::overlay::over_base;
use crate::project::Findings;

/// What is found, less the approval of the task's scope, which is another question. A code in brackets was folded into the one before.
#[track_caller]
pub fn found(block: &str) -> Vec<String> {
    told(block, over_base(block).findings())
}

/// The same as of another day.
#[track_caller]
pub fn found_on(block: &str, day: &str) -> Vec<String> {
    told(block, over_base(block).findings_on(day))
}

#[track_caller]
fn told(block: &str, findings: Findings) -> Vec<String> {
    assert_ne!(findings.code, Some(2), "{block}");
    let told = findings
        .all()
        .filter(|finding| finding["name"] != "unapproved-scope")
        .map(|finding| {
            let folded = finding["related"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|related| related["code"].as_str());
            let folded: String = folded.map(|code| format!(" ({code})")).collect();
            format!("{}{folded}", finding["name"].as_str().unwrap_or("-"))
        });
    told.collect()
}

/// The first finding of a check in a block.
#[track_caller]
fn first(block: &str, name: &str) -> serde_json::Value {
    let findings = over_base(block).findings();
    findings.of(name).next().unwrap_or_else(|| panic!("no {name} in {block}")).clone()
}

/// What a finding of a code says, which goes under the one about two entries of one person.
#[track_caller]
fn also(block: &str, code: &str) -> String {
    let duplicate = first(block, "duplicate-person");
    let under = duplicate["related"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|related| related["code"] == code);
    under.unwrap_or_else(|| panic!("no {code} in {duplicate}"))["message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// The domain that decides about reading profiles, of which no standard asks anything.
fn reading(clauses: &str) -> String {
    format!(
        "domain profile_reading \"Reading profiles\" {{\n  covers read customer.profile\n  purposes consent_sync\n  retention 2y\n  evidence approvals_ledger\n{clauses}\n}}\n"
    )
}

fn second(clauses: &str) -> String {
    reading(clauses).replace("domain profile_reading", "domain second_look")
}

const NOTHING: [&str; 0] = [];
const ONE_PERSON: [&str; 1] = ["single-person-quorum"];
const NOBODY: [&str; 1] = ["unreachable-quorum"];

#[test]
fn one_person_in_two_functions() {
    let both = "  owner business maria\n  owner privacy maria\n  approve business and privacy";
    assert_eq!(found(&reading(both)), NOBODY);
    assert_eq!(found(&reading(&format!("{both}\n  same_person allowed"))), ONE_PERSON);
    let one_more = "  owner business maria deputy jo\n  owner privacy maria\n  approve business and privacy";
    assert_eq!(found(&reading(one_more)), NOTHING);
}

#[test]
fn a_deputy_who_is_the_other_owner() {
    let crossed = "  owner business maria deputy dana\n  owner privacy dana deputy maria\n  approve business and privacy";
    assert_eq!(found(&reading(crossed)), NOTHING);
    assert_eq!(found(&reading(&format!("{crossed}\n  same_person allowed"))), ONE_PERSON);
}

#[test]
fn two_names_of_one_person() {
    let again = "person mimi \"Mimi Lopez\" {\n  email \"Maria@acme.example\"\n  accounts \"okta:mimi\"\n  reports_to gerard\n}\n";
    let apart = "  owner business maria\n  owner privacy mimi\n  approve business and privacy";
    let told = also(&(again.to_owned() + &reading(apart)), "GOV102");
    assert_eq!(told, "maria alone can bring about `read.view` of customer.profile");
    let twice = "  owner privacy maria deputy mimi\n  approve 2 privacy";
    assert_eq!(found(&(again.to_owned() + &reading(twice))), ["duplicate-person (GOV102)"]);
    let three = "  owner business maria deputy mimi\n  owner privacy dana\n  approve business and privacy";
    assert_eq!(found(&(again.to_owned() + &reading(three))), ["duplicate-person"]);
    let accounts = "person maria \"Maria Lopez\" {\n  accounts \"okta:maria\", \"github:maria-l\"\n  reports_to gerard\n}\n";
    assert_eq!(found(accounts), NOTHING);
}

#[test]
fn one_person_with_two_names_approves_no_scope_alone() {
    let block = "person mimi \"Mimi Lopez\" {\n  email \"maria@acme.example\"\n  accounts \"okta:mimi\"\n  reports_to gerard\n}\n"
        .to_owned()
        + "task sync_consent for campaign {\n  purpose consent_sync\n  basis legal_obligation\n  read.view customer.profile in crm\n  write.update customer.consent in crm\n"
        + "  limit records 10_000 per 24h\n  until 2027-06-30\n  approved business maria, security sam, privacy mimi on 2026-11-02\n}\n"
        + "domain consent {\n  covers write customer.consent\n  owner business maria deputy jo\n  owner security sam deputy priya\n  owner privacy dana deputy mimi\n"
        + "  approve business and security and privacy\n  purposes consent_sync\n  rollback consent_restore\n  evidence approvals_ledger\n}\n";
    assert_eq!(
        first(&block, "unapproved-scope")["message"],
        "too few have approved the scope of sync_consent"
    );
}

#[test]
fn a_quorum_that_one_function_fills() {
    // One function is a fault only where a standard asks for more; it is never several functions.
    let looks_like_two =
        "  owner business maria\n  owner privacy dana\n  owner security sam\n  approve 2 of (business or privacy, business or security)";
    assert_eq!(found(&reading(looks_like_two)), NOTHING);
    let asked = "standard house \"House rules\" {\n  require approvers 2 for read customer.profile\n}\nadopt house\n";
    assert_eq!(found(&(asked.to_owned() + &reading(looks_like_two))), ["single-function-approval"]);
}

#[test]
fn a_team_of_one() {
    let team = |managers: &str| format!("team solo \"Solo\" {{\n  lead maria\n  members maria\n  kept_in none\n{managers}}}\n");
    let seats = reading("  owner business solo\n  owner privacy dana deputy li\n  approve business and privacy");
    assert_eq!(found(&(team("  managed_by 2 of (maria, dana)\n") + &seats)), NOTHING);
    assert_eq!(found(&(team("  managed_by maria\n") + &seats)), NOTHING);
    assert_eq!(found(&(team("  managed_by ivy\n") + &seats)), NOTHING);
    assert_eq!(found(&(team("  managed_by none\n") + &seats)), NOTHING);
    assert_eq!(found(&(team("  managed_by dana\n") + &seats)), ONE_PERSON);
    // The files do not name who decides about the members, so it may be Dana.
    assert_eq!(found(&(team("") + &seats)), ["single-person-quorum (GOV710)"]);
    let both = reading("  owner business solo\n  owner privacy solo\n  approve business and privacy");
    assert_eq!(found(&(team("  managed_by none\n") + &both)), NOBODY);
}

#[test]
fn two_domains_over_one_decision() {
    let maria = |function: &str, more: &str| format!("  owner {function} maria\n  approve {function}{more}");
    // One function in two domains: Maria counts in each, and it is still one function.
    assert_eq!(found(&(reading(&maria("business", "")) + &second(&maria("business", "")))), NOTHING);
    // Two functions take two people, across domains too.
    assert_eq!(found(&(reading(&maria("business", "")) + &second(&maria("privacy", "")))), NOBODY);
    let allowed = "\n  same_person allowed";
    assert_eq!(
        found(&(reading(&maria("business", allowed)) + &second(&maria("privacy", "")))),
        NOBODY
    );
    assert_eq!(
        found(&(reading(&maria("business", allowed)) + &second(&maria("privacy", allowed)))),
        ONE_PERSON
    );
    let other = "  owner privacy maria deputy dana\n  approve privacy";
    assert_eq!(found(&(reading(&maria("business", "")) + &second(other))), NOTHING);
}

#[test]
fn an_owner_who_has_left() {
    let max = "person max \"Max Stein\" {\n  accounts \"okta:max\"\n  reports_to gerard\n  until 2026-10-31\n}\n";
    let deputy = "  owner business max deputy jo\n  owner privacy dana\n  approve business and privacy";
    assert_eq!(found(&(max.to_owned() + &reading(deputy))), ["inactive-approver"]);
    let alone = "  owner business max\n  owner privacy dana\n  approve business and privacy";
    assert_eq!(found(&(max.to_owned() + &reading(alone))), ["inactive-approver (GOV105)"]);
    let left = "  owner business max deputy dana\n  owner privacy dana\n  approve business and privacy\n  same_person allowed";
    assert_eq!(found(&(max.to_owned() + &reading(left))), ["inactive-approver (GOV102)"]);
    // The last day counts.
    let today = max.replace("2026-10-31", "2026-11-23");
    let finding = first(&(today + &reading(deputy)), "inactive-approver");
    assert_eq!(finding["level"], "warning");
}

#[test]
fn somebody_stands_in() {
    let leave = "delegation maria_leave {\n  from maria to dana\n  function business in profile_reading\n  starts 2026-11-20\n  until 2026-12-06\n}\n";
    let seats = "  owner business maria\n  owner privacy dana\n  approve business and privacy";
    assert_eq!(found(&(leave.to_owned() + &reading(seats))), NOTHING);
    let both = format!("{seats}\n  same_person allowed");
    assert_eq!(found(&(leave.to_owned() + &reading(&both))), ["delegation-collapse (GOV102)"]);
    let later = leave.replace("2026-11-20", "2026-12-01");
    assert_eq!(found(&(later + &reading(&both))), ["delegation-collapse (GOV123)"]);
}

#[test]
fn control_stands_behind_names() {
    let gateway = |managers: &str| {
        format!(
            "enforcement gateway \"Agent gateway\" {{\n  engine cedar\n  on_failure deny\n  operated_by acme_it\n  configured_in none\n{managers}}}\n"
        )
    };
    assert_eq!(found(&gateway("  managed_by 2 of (sam, maria)\n")), NOTHING);
    assert_eq!(found(&gateway("  managed_by none\n")), NOTHING);
    // Security has the task of running the gateway. The finding reports that it could let everything through.
    assert_eq!(found(&gateway("  managed_by 2 secops\n")), ["single-function-control"]);
    // Any one member of the team, or one person whom nobody has named.
    assert_eq!(found(&gateway("  managed_by secops\n")), ONE_PERSON);
    assert_eq!(found(&gateway("")), ["forgeable-approval (GOV710)"]);
    let ledger =
        "ledger approvals_ledger \"Approval ledger\" {\n  keeps audit.record in siem\n  tamper_evident hash_chain\n  retention 7y\n"
            .to_owned()
            + "  records agent, identity, task, scope_approver, approvals, policy, revision, decision, inputs, limits, rollback, time\n  managed_by 2 of (ivy, ben)\n";
    assert_eq!(found(&format!("{ledger}}}\n")), ["forgeable-approval (GOV710)"]);
    assert_eq!(found(&format!("{ledger}  approvals in siem\n}}\n")), NOTHING);
}

#[test]
fn software_in_a_seat() {
    let seats = "  owner business maria\n  owner privacy campaign deputy li\n  approve business and privacy";
    // Maria approves as business and owns the agent that approves as privacy.
    assert_eq!(found(&reading(seats)), ["self-approval (GOV102) (GOV108)"]);
    assert_eq!(
        found(&reading(
            "  owner business maria\n  owner privacy campaign\n  approve business and privacy"
        )),
        ["self-approval (GOV105) (GOV108)"]
    );
}

#[test]
fn two_entries_of_one_name_are_told_apart_by_their_ids() {
    let again = "module acme.it\nperson ivy \"Ivy Chan\" {\n  email \"ivy@acme.example\"\n  accounts \"okta:chan\"\n  reports_to none\n}\n";
    let project = over_base("").file("it.gov", again);
    let findings = project.findings();
    let one = findings.of("duplicate-person").next().expect("the two are one");
    assert_eq!(
        one["message"],
        "acme.it.ivy and acme.ivy are the same person: both are ivy@acme.example"
    );
    assert!(one["related"][0]["message"] == "acme.it.ivy has it here", "{one}");
    assert!(one["help"].to_string().contains("or give acme.ivy an address"), "{one}");
}
