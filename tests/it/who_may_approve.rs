//! Who may approve what: cases of approvals by whoever acts, forged, lent, split, and gone on a known day.

use crate::one_person::{found, found_on};
use crate::overlay::over_base;

/// The domain of the base that decides about consent, with other clauses.
fn consent(clauses: &str) -> String {
    format!(
        "domain consent \"Consent status\" {{\n  covers write customer.consent\n  purposes consent_sync\n  retention 2y\n  rollback consent_restore\n  evidence approvals_ledger\n{clauses}\n}}\n"
    )
}

const OWNERS: &str = "  owner business maria deputy jo\n  owner security sam deputy priya\n  owner privacy dana deputy li\n";
const ALL_THREE: &str = "  approve business and security and privacy\n";
const NOTHING: [&str; 0] = [];

fn reading(clauses: &str) -> String {
    format!(
        "domain profile_reading \"Reading profiles\" {{\n  covers read customer.profile\n  purposes consent_sync\n  retention 2y\n  evidence approvals_ledger\n{clauses}\n}}\n"
    )
}

fn gateway(managed_by: &str) -> String {
    format!(
        "enforcement gateway \"Agent gateway\" {{\n  engine cedar\n  on_failure deny\n{managed_by}  operated_by acme_it\n  configured_in none\n}}\n"
    )
}

#[test]
fn who_launches_a_task_may_not_approve_it() {
    let caller = "identity planner_workload {\n  kind workload\n  principal \"spiffe://acme.example/planner\"\n  issued_by spire\n  ttl 15m\n  issued just_in_time\n  revoked on_task_end\n  can_assume none\n}\n\
        agent planner \"Planner\" {\n  runs_as planner_workload\n  owner ben\n  provider openai\n  autonomy suggest\n  calls campaign doing sync_consent\n  stop kill_switch by secops within 5m\n}\n";
    let seat = |party: &str| {
        let seats = OWNERS.replace("sam deputy priya", &format!("sam deputy priya, {party}"));
        found(&(caller.to_owned() + &consent(&(seats + ALL_THREE))))
    };
    // Of those that can set the task going nothing else is asked here.
    let approval = |party: &str| seat(party).into_iter().filter(|name| name.contains("approv")).collect::<Vec<_>>();
    assert_eq!(approval("planner"), ["self-approval (GOV108)"]);
    assert_eq!(approval("planner_workload"), ["self-approval (GOV108)"]);
    assert_eq!(approval("ines"), NOTHING);
}

#[test]
fn software_alone_in_a_seat() {
    let seats = "  owner business maria deputy jo\n  owner privacy campaign\n  approve business and privacy";
    let only = reading(seats);
    assert_eq!(found(&only), ["self-approval (GOV105) (GOV108)"]);
}

#[test]
fn an_outsider_or_somebody_unnamed_forges() {
    let one = reading("  owner privacy dana deputy li\n  approve privacy");
    assert_eq!(
        found(&(gateway("  managed_by ivy\n") + &one)),
        ["forgeable-approval", "forgeable-approval"]
    );
    let unstated = found(&(gateway("") + &one));
    assert_eq!(unstated, ["forgeable-approval (GOV710)", "forgeable-approval"]);
    // Dana approves here anyway; what she can do to consent is several functions in one hand.
    assert_eq!(found(&(gateway("  managed_by dana\n") + &one)), ["single-person-quorum"]);
    assert_eq!(found(&(gateway("  managed_by 2 of (ivy, ben)\n") + &one)), NOTHING);
    assert_eq!(found(&(gateway("  managed_by none\n") + &one)), NOTHING);
}

#[test]
fn an_outsider_and_an_insider_at_once() {
    // Either of them manages the gateway. The finding names the one who does not hold a function.
    let both = gateway("  managed_by any of (sam, ivy)\n");
    let findings = over_base(&both).findings();
    let told: Vec<&str> = findings.all().filter_map(|finding| finding["message"].as_str()).collect();
    assert_eq!(told, ["ivy alone can make every approval of consent appear"]);
}

#[test]
fn two_delegations_of_which_either_collapses() {
    let lent = |name: &str, from: &str| {
        format!("delegation {name} {{\n  from {from} to sam\n  function privacy in consent\n  starts 2026-11-16\n  until 2026-12-04\n}}\n")
    };
    let domain = consent(&(OWNERS.to_owned() + ALL_THREE + "  same_person allowed"));
    let one = domain.clone() + &lent("dana_leave", "dana");
    assert_eq!(found(&one), ["delegation-collapse"]);
    let two = one + &lent("li_leave", "li");
    assert_eq!(found(&two), ["delegation-collapse"]);
    // Who holds both anyway loses nothing by it, and who cannot stand for both does not gain.
    let already = domain.replace("dana deputy li", "dana deputy li, sam") + &lent("dana_leave", "dana");
    assert_eq!(found(&already), NOTHING);
    let apart = consent(&(OWNERS.to_owned() + ALL_THREE)) + &lent("dana_leave", "dana");
    assert_eq!(found(&apart), NOTHING);
}

#[test]
fn a_delegation_that_is_over_or_far_off_collapses_nothing() {
    let domain = consent(&(OWNERS.to_owned() + ALL_THREE + "  same_person allowed"));
    let lent = |window: &str| format!("{domain}delegation dana_leave {{\n  from dana to sam\n  function privacy in consent\n{window}}}\n");
    assert_eq!(found(&lent("  starts 2026-09-01\n  until 2026-09-20\n")), ["delegation-unbounded"]);
    assert_eq!(found(&lent("  starts 2027-06-01\n  until 2027-06-20\n")), NOTHING);
    assert_eq!(found(&lent("  starts 2026-11-23\n  until 2026-11-23\n")), ["delegation-collapse"]);
    assert_eq!(found(&lent("  starts 2027-02-20\n  until 2027-02-21\n")), ["delegation-collapse"]);
}

#[test]
fn a_window_that_closes_tomorrow_today_and_after_the_horizon() {
    let lent = |until: &str| {
        consent(&(OWNERS.replace("dana deputy li", "dana") + ALL_THREE))
            + &format!(
                "delegation dana_leave {{\n  from dana to li\n  function privacy in consent\n  starts 2026-11-20\n  until {until}\n}}\n"
            )
    };
    assert_eq!(found(&lent("2026-11-23")), ["lapsing-approval"]);
    assert_eq!(found(&lent("2026-12-31")), ["lapsing-approval"]);
    // Horizon: 90 days from 2026-11-23, which is 2027-02-21; the window closes the day after its last day.
    let far = lent("2027-02-17");
    assert_eq!(found(&far), ["lapsing-approval"]);
    assert_eq!(found_on(&far, "2026-11-21"), ["lapsing-approval"]);
    assert_eq!(found_on(&far, "2026-11-19"), ["fragile-quorum"]);
}

#[test]
fn whoever_leaves_is_named_before_what_follows() {
    let max =
        "person max \"Max Stein\" {\n  email \"max@acme.example\"\n  accounts \"okta:max\"\n  reports_to gerard\n  until 2026-12-31\n}\n";
    let domain = consent(&(OWNERS.replace("dana deputy li", "dana deputy max") + ALL_THREE));
    assert_eq!(found(&(max.to_owned() + &domain)), ["inactive-approver (GOV123)"]);
    // What has nothing to do with the one who leaves is a finding of its own.
    let apart = consent(
        &(OWNERS
            .replace("dana deputy li", "dana deputy li, max")
            .replace("sam deputy priya", "sam")
            + ALL_THREE),
    );
    assert_eq!(found(&(max.to_owned() + &apart)), ["inactive-approver", "fragile-quorum"]);
    let gone = max.replace("2026-12-31", "2026-10-31");
    assert_eq!(found(&(gone + &domain)), ["inactive-approver (GOV116)"]);
}

#[test]
fn a_quorum_that_names_what_nobody_holds_is_told_once() {
    let domain =
        consent("  owner business maria deputy jo\n  owner security sam deputy priya\n  approve business and security and privacy");
    assert_eq!(found(&domain), ["unowned-function (GOV105) (GOV121)"]);
}

#[test]
fn of_two_domains_the_one_that_is_short_is_told() {
    let second = "domain second_look \"Second look\" {\n  covers write customer.consent\n  purposes consent_sync\n  retention 2y\n  rollback consent_restore\n  evidence approvals_ledger\n  owner privacy dana\n  approve privacy\n}\n";
    let subject = |block: &str, name: &str| {
        let findings = over_base(block).findings();
        let subjects: Vec<String> = findings
            .of(name)
            .filter_map(|finding| finding["subject"].as_str())
            .map(str::to_owned)
            .collect();
        subjects
    };
    assert_eq!(subject(second, "fragile-quorum"), ["acme.second_look"]);
    let lent =
        "delegation dana_leave {\n  from dana to li\n  function privacy in second_look\n  starts 2026-11-20\n  until 2026-12-15\n}\n";
    let block = second.to_owned() + lent;
    assert_eq!(subject(&block, "fragile-quorum"), [""; 0]);
    assert_eq!(subject(&block, "lapsing-approval"), ["acme.second_look"]);
}

#[test]
fn tiers_over_two_inputs() {
    let inputs = "  input records integer from 0 to 1_000\n  input urgent boolean\n  limit records 1_000 per 24h\n";
    let tiers = |tiers: &str| found(&consent(&format!("{inputs}{OWNERS}{tiers}")));
    let whole = "  approve business and security and privacy when records <= 10 and urgent == true\n  approve business and security and privacy otherwise\n";
    assert_eq!(tiers(whole), NOTHING);
    let hole = "  approve business and security and privacy when records <= 10\n  approve business and security and privacy when urgent == false\n";
    assert_eq!(tiers(hole), ["ambiguous-tier"]);
    let closed = "  approve business and security and privacy when urgent == true\n  approve business and security and privacy when urgent == false\n";
    assert_eq!(tiers(closed), NOTHING);
    let never = "  approve business and security and privacy when urgent == true and records > 1_000\n  approve business and security and privacy otherwise\n";
    assert_eq!(tiers(never), ["ambiguous-tier"]);
}

#[test]
fn what_cannot_be_split() {
    let money = "  input fee money EUR from 0 to 500\n";
    let of = |tiers: &str| {
        let block = consent(&format!(
            "{money}{}{tiers}",
            OWNERS.replace("dana deputy li", "dana deputy li, ivy")
        ));
        // The scope of the task is approved for the lightest tier only, which is not asked here.
        found(&block)
    };
    let less_for_more =
        "  approve business and security and 2 privacy when fee <= 100 EUR\n  approve business and security and privacy otherwise\n";
    assert_eq!(of(less_for_more), NOTHING);
    let nothing_adds_up =
        "  approve business and security and privacy when fee == 0 EUR\n  approve business and security and 2 privacy otherwise\n";
    assert_eq!(of(nothing_adds_up), NOTHING);
    let split =
        "  approve business and security and privacy when fee < 0.02 EUR\n  approve business and security and 2 privacy otherwise\n";
    assert_eq!(of(split), ["ambiguous-tier"]);
}
