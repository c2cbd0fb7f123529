//! What a change turns into where it arrives: cases about who decides there, in an emergency and otherwise, and what is kept of it.

use crate::overlay::over_base;

/// Whether something is found to be approved by fewer than it would take where it arrives. What else is found is another question.
#[track_caller]
fn laundered(block: &str) -> bool {
    let findings = over_base(block).findings();
    assert_ne!(findings.code, Some(2), "{block}");
    findings.of("approval-laundering").count() > 0
}

/// Campaign also carries out something in the CRM, under a domain with the given clauses; what it changes flows to `books`.
fn carried(action: &str, feeds: &str, approve: &str, more: &str) -> String {
    format!(
        "system crm \"CRM\" {{\n  holds customer.profile, customer.consent\n  managed_by ines\n  enforced_by gateway\n  feeds books with {feeds}\n}}\n\
         system books \"Books\" {{\n  holds customer.profile, customer.engagement\n  managed_by ines\n  enforced_by gateway\n  feeds none\n}}\n\
         identity campaign_workload {{\n  kind workload\n  principal \"spiffe://acme.example/ns/marketing/sa/campaign\"\n  issued_by spire\n  ttl 15m\n  issued just_in_time\n  revoked on_task_end\n  can_assume none\n  access {{\n    read.view customer.profile in crm\n    write.update customer.consent in crm\n    {action} customer.profile in crm\n  }}\n}}\n\
         task sync_consent \"Keep consent in step\" for campaign {{\n  purpose consent_sync\n  basis legal_obligation\n  read.view customer.profile in crm\n  write.update customer.consent in crm\n  {action} customer.profile in crm\n  limit records 10_000 per 24h\n  until 2027-06-30\n  approved business maria, security sam, privacy dana on 2026-11-02\n}}\n\
         rollback contact_restore \"Restore contact data\" {{\n  restores customer.profile in crm, books\n  restores customer.engagement in books\n  method compensate\n  within 4h\n  owner sam\n  tested 2026-10-12\n  operated_by acme_it\n}}\n\
         {}{more}",
        domain("carried", &format!("{action} customer.profile in crm"), approve)
    )
}

fn domain(name: &str, covers: &str, approve: &str) -> String {
    format!(
        "domain {name} \"{name}\" {{\n  covers {covers}\n  owner business maria deputy jo\n  owner security sam deputy priya\n  owner privacy dana deputy li\n  {approve}\n  purposes consent_sync\n  retention 2y\n  rollback contact_restore\n  evidence approvals_ledger\n}}\n"
    )
}

const TWO: &str = "approve business and security";
const THREE: &str = "approve business and security and privacy";

#[test]
fn the_same_action_decides_first() {
    let there = |covers: &str, approve: &str| domain("there", covers, approve);
    let same = "customer.profile";
    let case = |action: &str, covers: &str| laundered(&carried(action, same, TWO, &there(covers, THREE)));
    assert!(case("write.update", "write customer.profile in books"));
    assert!(case("write.update", "write.update customer.profile in books"));
    // Nothing says that an update arrives as anything but an update, unless nobody decides about updates there.
    let lighter = there("write.update customer.profile in books", TWO) + &domain("other", "write.delete customer.profile in books", THREE);
    assert!(!laundered(&carried("write.update", same, TWO, &lighter)));
    assert!(case("write.update", "write.delete customer.profile in books"));
    // What is set in motion arrives as a record that is written.
    assert!(case("execute", "write customer.profile in books"));
    assert!(!laundered(&carried(
        "execute",
        same,
        THREE,
        &there("write customer.profile in books", THREE)
    )));
}

#[test]
fn what_arrives_may_be_under_another_name() {
    let there = domain("there", "write customer.engagement in books", THREE);
    let as_other = "customer.profile as customer.engagement";
    assert!(laundered(&carried("write.update", as_other, TWO, &there)));
    assert!(!laundered(&carried("write.update", as_other, THREE, &there)));
    // Nobody decides there, and the standard asks no more of engagement than of a profile.
    assert!(!laundered(&carried("write.update", as_other, TWO, "")));
}

#[test]
fn a_domain_of_both_ends_is_as_urgent_at_both() {
    let emergency = "\n  emergency {\n    approve security\n    lasts 30m\n    review business and privacy within 24h\n  }";
    let urgent = |approve: &str| format!("{approve}{emergency}");
    let covers = "write customer.profile in books";
    let case = |here: &str, there: &str| laundered(&carried("write.update", "customer.profile", here, &domain("there", covers, there)));
    assert!(!case(THREE, THREE));
    assert!(case(&urgent(THREE), THREE));
    assert!(!case(&urgent(THREE), &urgent(THREE)));
    assert!(!case(THREE, &urgent(THREE)));
    let one = carried("write.update", "customer.profile", &urgent(THREE), "")
        .replace("customer.profile in crm\n  owner", "customer.profile\n  owner");
    assert!(!laundered(&one));
}

#[test]
fn a_number_counts_as_well() {
    let covers = "write customer.profile in books";
    let case = |here: &str, there: &str| laundered(&carried("write.update", "customer.profile", here, &domain("there", covers, there)));
    assert!(!case("approve 2 business and security", "approve 2 business and security"));
    assert!(!case("approve 2 business and 2 security", "approve 2 business and security"));
    assert!(case(TWO, "approve 2 business and security"));
    assert!(case("approve 2 business and security", "approve business and 2 security"));
}

#[test]
fn tiers_are_held_against_each_other_value_by_value() {
    let covers = "write customer.profile in books";
    let tiers = |up_to: u32| {
        format!(
            "input fields integer from 1 to 9\n  approve business and security when fields <= {up_to}\n  approve business and security and privacy otherwise"
        )
    };
    let case = |here: &str, there: &str| laundered(&carried("write.update", "customer.profile", here, &domain("there", covers, there)));
    assert!(!case(&tiers(3), &tiers(3)));
    assert!(!case(&tiers(3), &tiers(5)));
    assert!(case(&tiers(5), &tiers(3)));
    assert!(!case(THREE, &tiers(3)));
    assert!(case(TWO, &tiers(3)));
}

#[test]
fn a_lack_at_the_first_system_is_said_there() {
    // One function, where the standard asks for two: whatever lies behind it is mended with it.
    let covers = "write customer.profile in books";
    let case = |here: &str, there: &str| carried("write.update", "customer.profile", here, &domain("there", covers, there));
    let one = "approve business";
    assert!(over_base(&case(one, TWO)).findings().of("single-function-approval").count() > 0);
    assert!(!laundered(&case(one, TWO)));
    assert!(laundered(&case(one, THREE)));
}
