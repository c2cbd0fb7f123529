//! Who approved, as what, when, and for which action.

use crate::emit::rego::tests::fixture::{Machines, NOW, TURN, consent_request, policy, request, with, without};
use serde_json::{Value, json};

fn approved(function: &str, by: &str, at: i64) -> Value {
    with(
        consent_request(),
        &format!("/context/approvals/consent~1{function}"),
        json!({ "by": by, "at": at, "for": "sha256:this" }),
    )
}

#[test]
fn each_approval() {
    let machines = Machines::new(&policy());
    for function in ["business", "security", "privacy"] {
        machines.expect(
            "one function short",
            &without(consent_request(), &format!("/context/approvals/consent~1{function}")),
            "missing",
        );
        machines.expect("a stranger", &approved(function, "stranger", NOW), "ineligible");
        machines.expect("too old", &approved(function, "omni", NOW - 86_401), "stale");
        machines.expect("old enough", &approved(function, "omni", NOW - 86_400), "allow");
        machines.expect("in the future", &approved(function, "omni", NOW + 1), "stale");
        machines.expect("before time", &approved(function, "omni", -1), "ineligible stale");
    }
    machines.expect("someone of another function", &approved("privacy", "maria", NOW), "ineligible");
    let elsewhere = with(consent_request(), "/context/approvals/consent~1privacy/for", json!("sha256:other"));
    machines.expect("for another action", &elsewhere, "bound_elsewhere");
    let requested = with(consent_request(), "/context/requested_by", json!("dana"));
    machines.expect("by who asked", &requested, "ineligible");
    machines.expect(
        "asked by somebody else",
        &with(consent_request(), "/context/requested_by", json!("max")),
        "allow",
    );
    let two = with(
        approved("privacy", "omni", NOW),
        "/context/approvals/consent~1security/by",
        json!("omni"),
    );
    machines.expect("one person for two functions", &two, "same_person");
}

#[test]
fn windows() {
    let machines = Machines::new(&policy());
    machines.expect("approved before leaving", &approved("security", "leaver", TURN - 1), "ineligible");
    machines.expect("approved before joining", &approved("security", "joiner", TURN - 1), "ineligible");
    machines.expect("approved on joining", &approved("security", "joiner", TURN), "allow");
    machines.expect(
        "approved in one window, used in another",
        &approved("security", "twice", TURN - 501),
        "ineligible",
    );
    machines.expect(
        "approved between the windows",
        &approved("security", "twice", TURN - 500),
        "ineligible",
    );
    machines.expect(
        "approved and used in the second window",
        &approved("security", "twice", TURN),
        "allow",
    );
}

#[test]
fn on_behalf_of() {
    let machines = Machines::new(&policy());
    let ask = |approver: &str| {
        let request = request("write.create", "crm/note", &[("solo/business", approver), ("solo/privacy", "dana")]);
        let request = with(with(request, "/context/task", json!("helping")), "/subject/id", json!("helper"));
        with(request, "/context/on_behalf_of", json!("maria"))
    };
    machines.expect("another", &ask("max"), "allow");
    machines.expect("the user it acts for", &ask("maria"), "ineligible");
}

#[test]
fn two_of_three() {
    let machines = Machines::new(&policy());
    let (business, security, privacy) = (("budget/business", "maria"), ("budget/security", "sol"), ("budget/privacy", "dana"));
    let ask = |approvals: &[(&str, &str)]| request("write.update", "ads/budget", approvals);
    machines.expect("one", &ask(&[business]), "missing");
    machines.expect("two", &ask(&[business, security]), "allow");
    machines.expect("another two", &ask(&[security, privacy]), "allow");
    machines.expect("three", &ask(&[business, security, privacy]), "allow");
    machines.expect(
        "one of three is a stranger",
        &ask(&[business, ("budget/security", "stranger"), privacy]),
        "allow",
    );
    machines.expect(
        "one of two is a stranger",
        &ask(&[business, ("budget/security", "stranger")]),
        "ineligible missing",
    );
    machines.expect(
        "one person for two",
        &ask(&[("budget/business", "omni"), ("budget/security", "omni")]),
        "same_person",
    );
    machines.expect(
        "one person for two, and a third",
        &ask(&[("budget/business", "omni"), ("budget/security", "omni"), privacy]),
        "allow",
    );
    machines.expect(
        "one person for all",
        &ask(&[("budget/business", "omni"), ("budget/security", "omni"), ("budget/privacy", "omni")]),
        "same_person",
    );
    machines.expect(
        "another domain's approval",
        &ask(&[business, ("export/security", "sol")]),
        "missing",
    );
}

#[test]
fn two_domains() {
    let machines = Machines::new(&policy());
    let export = |approvals: &[(&str, &str)]| request("disclose.export", "crm/profile", approvals);
    let (business, security, privacy) = (("budget/business", "maria"), ("budget/security", "sol"), ("budget/privacy", "dana"));
    machines.expect("only one of the domains", &export(&[business, security]), "missing");
    machines.expect(
        "the same person in both as the same function",
        &export(&[business, security, ("export/security", "sol")]),
        "allow",
    );
    machines.expect(
        "another person",
        &export(&[business, security, ("export/privacy", "dana")]),
        "allow",
    );
    machines.expect(
        "one person, two functions, two domains",
        &export(&[business, ("budget/security", "omni"), ("export/privacy", "omni")]),
        "same_person",
    );
    let apart = [business, ("budget/security", "omni"), privacy, ("export/privacy", "omni")];
    machines.expect("other approvals help", &export(&apart), "allow");
    let both = [
        business,
        ("budget/security", "omni"),
        ("export/privacy", "omni"),
        ("export/security", "sol"),
    ];
    machines.expect("another way in the other domain", &export(&both), "allow");
}

#[test]
fn same_person() {
    let machines = Machines::new(&policy());
    let create = |approvals: &[(&str, &str)]| request("write.create", "crm/note", approvals);
    machines.expect(
        "one person for both",
        &create(&[("solo/business", "omni"), ("solo/privacy", "omni")]),
        "allow",
    );
    machines.expect("one function short", &create(&[("solo/business", "omni")]), "missing");
    let delete = |approvals: &[(&str, &str)]| request("write.delete", "crm/note", approvals);
    let solo = [("solo/business", "omni"), ("solo/privacy", "omni")];
    let strict = |first: &'static str, second: &'static str| [solo[0], solo[1], ("budget/business", first), ("budget/security", second)];
    machines.expect("within the domain that allows it", &delete(&strict("maria", "sol")), "allow");
    machines.expect(
        "across domains not both of which allow it",
        &delete(&strict("omni", "sol")),
        "same_person",
    );
    machines.expect("a function of neither", &delete(&strict("maria", "omni")), "same_person");
}
