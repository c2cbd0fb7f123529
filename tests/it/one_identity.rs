//! Who can act under which name: cases about identities that agents and people share.

use crate::one_person::found;

/// An identity that reads profiles.
fn identity(name: &str, principal: &str, more: &str) -> String {
    format!(
        "identity {name} {{\n  kind workload\n  principal \"{principal}\"\n  issued_by spire\n  ttl 15m\n  issued just_in_time\n  revoked on_task_end\n{more}\n  access {{ read.view customer.profile in crm }}\n}}\n"
    )
}

/// An agent that reads profiles as an identity.
fn agent(name: &str, runs_as: &str) -> String {
    format!(
        "agent {name} \"{name}\" {{\n  runs_as {runs_as}\n  owner jo\n  provider openai\n  autonomy act_within_scope\n  calls none\n  stop kill_switch by secops within 5m\n}}\n\
         task {name}_reads for {name} {{\n  purpose consent_sync\n  basis legal_obligation\n  read.view customer.profile in crm\n  until 2027-06-30\n}}\n"
    )
}

const ALONE: &str = "  can_assume none";
const NOTHING: [&str; 0] = [];

#[test]
fn one_identity_of_several_agents() {
    let own = identity("reader", "spiffe://acme.example/reader", ALONE);
    assert_eq!(found(&format!("{own}{}", agent("one", "reader"))), NOTHING);
    assert_eq!(
        found(&format!("{own}{}{}", agent("one", "reader"), agent("two", "reader"))),
        ["shared-identity"]
    );
    assert_eq!(
        found(&format!(
            "{own}{}{}{}",
            agent("one", "reader"),
            agent("two", "reader"),
            agent("three", "reader")
        )),
        ["shared-identity"]
    );
    let other = identity("other", "spiffe://acme.example/other", ALONE);
    assert_eq!(found(&format!("{own}{other}{}", agent("one", "reader\n  runs_as other"))), NOTHING);
}

#[test]
fn an_identity_that_can_assume_another() {
    let [one, two] = ["one", "two"].map(|name| agent(name, &format!("{name}_self")));
    let self_of = |name: &str, assumes: &str| {
        identity(
            &format!("{name}_self"),
            &format!("spiffe://acme.example/{name}"),
            &format!("  can_assume {assumes}"),
        )
    };
    assert_eq!(
        found(&format!("{one}{two}{}{}", self_of("one", "none"), self_of("two", "none"))),
        NOTHING
    );
    assert_eq!(
        found(&format!("{one}{two}{}{}", self_of("one", "two_self"), self_of("two", "none"))),
        ["shared-identity"]
    );
    // If the identities form a circle, there is one finding.
    assert_eq!(
        found(&format!("{one}{two}{}{}", self_of("one", "two_self"), self_of("two", "one_self"))),
        ["shared-identity"]
    );
    let third = identity("third", "spiffe://acme.example/third", "  can_assume fourth")
        + &identity("fourth", "spiffe://acme.example/fourth", ALONE);
    assert_eq!(
        found(&format!("{one}{two}{third}{}{}", self_of("one", "third"), self_of("two", "third"))),
        ["shared-identity"]
    );
    assert_eq!(found(&format!("{one}{}{third}", self_of("one", "third"))), NOTHING);
}

#[test]
fn two_identities_that_are_one() {
    let pair = |first: &str, second: &str| {
        let identities = identity("one_self", first, ALONE) + &identity("two_self", second, ALONE);
        found(&format!("{identities}{}{}", agent("one", "one_self"), agent("two", "two_self")))
    };
    assert_eq!(pair("spiffe://acme.example/a", "spiffe://acme.example/a"), ["shared-credential"]);
    assert_eq!(pair("spiffe://acme.example/a", "SPIFFE://ACME.example/a/"), ["shared-credential"]);
    assert_eq!(pair("svc-crm@acme.example", "SVC-CRM@acme.example"), ["shared-credential"]);
    // The case of letters distinguishes paths of SPIFFE ids.
    assert_eq!(pair("spiffe://acme.example/a", "spiffe://acme.example/A"), NOTHING);
    let secret = |name: &str, secret: &str| {
        identity(
            name,
            &format!("spiffe://acme.example/{name}"),
            &format!("{ALONE}\n  secret \"{secret}\""),
        )
    };
    let secrets = |first: &str, second: &str| {
        let identities = secret("one_self", first) + &secret("two_self", second);
        found(&format!("{identities}{}{}", agent("one", "one_self"), agent("two", "two_self")))
    };
    assert_eq!(secrets("vault:a", "vault:a"), ["shared-credential"]);
    assert_eq!(secrets("vault:a", "vault:A"), NOTHING);
}

#[test]
fn the_graver_fault_takes_in_the_lighter() {
    let one = identity("one_self", "spiffe://acme.example/a", ALONE);
    let two = identity("two_self", "spiffe://acme.example/a", ALONE);
    let agents = agent("one", "one_self") + &agent("two", "two_self") + &agent("three", "two_self");
    assert_eq!(found(&format!("{one}{two}{agents}")), ["shared-credential (GOV201)"]);
}

#[test]
fn an_agent_and_a_person_on_one_account() {
    for principal in ["okta:jo", "Okta:Jo", "jo@acme.example"] {
        let own = identity("reader", principal, ALONE);
        assert_eq!(
            found(&format!("{own}{}", agent("one", "reader"))),
            ["human-identity"],
            "{principal}"
        );
    }
    let user = identity("reader", "okta:somebody", ALONE).replace("kind workload", "kind user");
    assert_eq!(found(&format!("{user}{}", agent("one", "reader"))), ["human-identity"]);
    assert_eq!(
        found(&format!("{user}{}{}", agent("one", "reader"), agent("two", "reader"))),
        ["human-identity (GOV201)"]
    );
    // An identity that can become a person's account is as good as that account.
    let person = identity("jo_self", "okta:jo", ALONE);
    let own = identity("reader", "spiffe://acme.example/reader", "  can_assume jo_self");
    assert_eq!(found(&format!("{own}{person}{}", agent("one", "reader"))), ["human-identity"]);
}
