//! Spellings of names: certain equals are one, possible equals are reported with the reason, and all others stay separate.

use crate::overlay::over_base;

/// Level and name of each finding about a person or an identity, less those that follow from how the block is made.
#[track_caller]
fn told(block: &str) -> Vec<String> {
    let findings = over_base(block).findings();
    assert_ne!(findings.code, Some(2), "{block}\n{}", findings.document);
    let own = findings
        .all()
        .filter(|finding| ["duplicate-person", "shared-credential", "human-identity"].contains(&finding["name"].as_str().unwrap_or("")));
    own.map(|finding| {
        format!(
            "{} {}",
            finding["level"].as_str().unwrap_or("-"),
            finding["name"].as_str().unwrap_or("-")
        )
    })
    .collect()
}

/// Two people, each with one name beside the own ones.
fn people(one: &str, other: &str) -> String {
    let person = |name: &str, account: &str| {
        format!(
            "person {name} \"{name}\" {{ email \"{name}@acme.example\"; accounts \"okta:{name}\", \"{account}\"; reports_to gerard }}\n"
        )
    };
    person("una", one) + &person("vic", other)
}

/// Two agents, each with an identity of its own.
fn identities(first: &str, second: &str) -> String {
    let one = |name: &str, clauses: &str| {
        format!(
            "identity {name}_self {{ kind workload; {clauses}; issued_by spire; ttl 15m; issued just_in_time; revoked on_task_end; can_assume none; access {{ read.view customer.profile in crm }} }}\n\
             agent {name} \"{name}\" {{ runs_as {name}_self; owner jo; provider openai; autonomy act_within_scope; calls none; stop kill_switch by secops within 5m }}\n\
             task {name}_reads for {name} {{ purpose consent_sync; basis legal_obligation; read.view customer.profile in crm; until 2027-06-30 }}\n"
        )
    };
    one("one", first) + &one("two", second)
}

fn principals(one: &str, other: &str) -> String {
    identities(&format!("principal \"{one}\""), &format!("principal \"{other}\""))
}

fn secrets(one: &str, other: &str) -> String {
    identities(
        &format!("principal \"spiffe://acme.example/one\"; secret \"{one}\""),
        &format!("principal \"spiffe://acme.example/two\"; secret \"{other}\""),
    )
}

const NOTHING: [&str; 0] = [];

#[test]
fn one_account_in_two_spellings() {
    for (one, other) in [
        ("u.reed@acme.example", "U.Reed@ACME.example."),
        ("u.reed@acme.example", "mailto:u.reed@acme.example"),
        ("u.reed@acme.example", "mailto:u.reed%40acme.example?subject=hello"),
        ("u.reed@acme.example", "SMTP:u.reed@acme.example"),
        ("u.reed@acme.example", "upn:u.reed@acme.example"),
        ("u.reed@acme.example", "Una Reed <u.reed@acme.example>"),
        ("u.reed@acme.example", "smtp: <u.reed@acme.example>"),
        ("andr\u{e9}@acme.example", "andre\u{301}@acme.example"),
        ("u@m\u{fc}nchen.example", "u@xn--mnchen-3ya.example"),
        ("u.reed@gmail.com", "ureed@googlemail.com"),
        ("github:una-r", "GitHub : una-r"),
        ("okta://una-r", "okta:una-r/"),
        ("entra:u.reed@acme.example", "Entra:u.reed@acme.example."),
    ] {
        assert_eq!(told(&people(one, other)), ["error duplicate-person"], "{one} {other}");
    }
}

#[test]
fn accounts_that_may_be_one() {
    for (one, other) in [
        ("u.reed@acme.example", "u.reed+crm@acme.example"),
        ("u.reed@acme.example", "ureed@acme.example"),
        ("u.reed@acme.example", "entra:u.reed@acme.example"),
        ("github:una-r", "github:un\u{430}-r"),
        ("github:una-r", "github:@una-r"),
        ("github:una-r", "github::una-r"),
        ("github:una-r", "github:/una-r"),
        ("acme\\\\una-r", "acme/una-r"),
    ] {
        assert_eq!(told(&people(one, other)), ["warning duplicate-person"], "{one} {other}");
    }
}

#[test]
fn accounts_of_two() {
    for (one, other) in [
        ("u.reed@acme.example", "u.reed@sales.acme.example"),
        ("github:una-r", "gitlab:una-r"),
        ("github:una-r", "github:una-r2"),
        ("github:saml", "github:sam1"),
        ("andr\u{e9}@acme.example", "andre@acme.example"),
    ] {
        assert_eq!(told(&people(one, other)), NOTHING, "{one} {other}");
    }
    // One person may have as many spellings as there are.
    let own = "person una \"Una\" { email \"u.reed@acme.example\"; accounts \"entra:u.reed@acme.example\", \"u.reed+crm@acme.example\"; reports_to gerard }\n";
    assert_eq!(told(own), NOTHING);
}

#[test]
fn one_principal_in_two_spellings() {
    for (one, other) in [
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/a//sa/%62"),
        ("spiffe://acme.example/ns/a/sa/b", "SPIFFE://Acme.Example.:8443/ns/a/sa/b/"),
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/a/./sa/b?x=1#y"),
        ("spiffe://acme.example/ns/a/sa/b", "system:serviceaccount:a:b"),
        ("spiffe://acme.example/ns/a/sa/b", "acme.example/ns/a/sa/b"),
        ("spiffe://acme.svc.id.goog/ns/a/sa/b", "serviceAccount:acme.svc.id.goog[a/b]"),
        ("https://id.acme.example/agents/b", "HTTPS://ID.acme.example:443/agents//b/"),
        (
            "bot@acme.iam.gserviceaccount.com",
            "serviceAccount:bot@acme.iam.gserviceaccount.com",
        ),
    ] {
        assert_eq!(told(&principals(one, other)), ["error shared-credential"], "{one} {other}");
    }
}

#[test]
fn principals_that_may_be_one() {
    for (one, other) in [
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/a/sa/*"),
        ("spiffe://acme.example/ns/a/sa/b", "system:serviceaccounts:a"),
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/\u{430}/sa/b"),
    ] {
        assert_eq!(told(&principals(one, other)), ["warning shared-credential"], "{one} {other}");
        assert_eq!(told(&principals(other, one)), ["warning shared-credential"], "{other} {one}");
    }
}

#[test]
fn principals_of_two() {
    for (one, other) in [
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/a/sa/B"),
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://other.example/ns/a/sa/b"),
        ("spiffe://acme.example/ns/a/sa/b", "system:serviceaccount:b:a"),
        ("spiffe://acme.example/ns/a/sa/b", "spiffe://acme.example/ns/c/sa/*"),
        ("https://id.acme.example/agents?id=1", "https://id.acme.example/agents?id=2"),
    ] {
        assert_eq!(told(&principals(one, other)), NOTHING, "{one} {other}");
    }
}

#[test]
fn secrets_in_two_spellings() {
    for (one, other) in [
        ("vault:kv/crm", "vault://kv/crm/"),
        ("vault:kv/crm", "Vault: kv//crm"),
        ("vault:kv/crm", "vault:kv/%63rm"),
        ("file:/run/secrets/crm", "file:///run/secrets/crm"),
    ] {
        assert_eq!(told(&secrets(one, other)), ["error shared-credential"], "{one} {other}");
    }
    for (one, other) in [
        ("vault:kv/crm", "vault:kv/crm?version=3"),
        ("vault:kv/crm", "vault:kv/data/crm"),
        ("vault:kv/crm", "vault:kv/crm#key"),
        ("vault:kv/crm#key", "vault:kv/crm?version=3#key"),
        ("https://v.vault.azure.net/secrets/crm", "https://V.vault.azure.net/secrets/CRM/abc"),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P:password::",
        ),
        ("op://crm/agent", "op://crm/agent/password"),
        (
            "gcp:projects/p/secrets/crm/versions/latest",
            "gcp:projects/p/secrets/crm/versions/4",
        ),
        ("aws:crm@1", "aws:crm@2"),
    ] {
        assert_eq!(told(&secrets(one, other)), ["warning shared-credential"], "{one} {other}");
    }
    for (one, other) in [
        ("vault:kv/crm", "vault:kv/CRM"),
        ("vault:kv/crm", "vault:kv/crm2"),
        ("vault:kv/crm#user", "vault:kv/crm#password"),
        ("https://v.vault.azure.net/secrets/crm", "https://w.vault.azure.net/secrets/crm"),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-b3ZzT9",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-reader",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-writer",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P:user::",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm/key-x7Kq2P:password::",
        ),
        ("vault:kv/crm", "aws:kv/crm"),
    ] {
        assert_eq!(told(&secrets(one, other)), NOTHING, "{one} {other}");
    }
}

#[test]
fn an_agent_on_the_account_of_a_person() {
    let agent = |principal: &str| principals(principal, "spiffe://acme.example/two");
    for principal in ["upn:jo@acme.example", "Jo Berg <JO@acme.example>", "okta: jo", "okta://jo"] {
        assert_eq!(told(&agent(principal)), ["error human-identity"], "{principal}");
    }
    for principal in ["jo+agent@acme.example", "entra:jo@acme.example", "okta:j\u{43e}", "*@acme.example"] {
        assert_eq!(told(&agent(principal)), ["warning human-identity"], "{principal}");
    }
    for principal in ["okta:jo-agent", "jo@agents.acme.example"] {
        assert_eq!(told(&agent(principal)), NOTHING, "{principal}");
    }
}
