//! Thresholds, several domains over one operation, and one person as several functions.

use crate::emit::cedar::emit;
use crate::emit::cedar::quorum::MOST_WAYS;
use crate::emit::cedar::tests::{allows, always, approved, domain, engine, names, policy, refuses, request, seat, threshold};
use crate::emit::policy::{Domain, Policy, Quorum};
use serde_json::json;

const SEATS: [(&str, &[&str]); 3] = [
    ("business", &["maria", "pat"]),
    ("security", &["sam", "pat"]),
    ("privacy", &["dana", "pat"]),
];

fn both() -> Quorum {
    threshold(2, [seat("business"), seat("security")])
}

fn of(title: &str, quorum: Quorum) -> Domain {
    domain(title, vec![always(quorum, title)], &SEATS)
}

#[test]
fn two_of_three_are_two_people() {
    let engine = engine(&policy(vec![(
        "a",
        of("2 of them", threshold(2, [seat("business"), seat("security"), seat("privacy")])),
    )]));
    allows(&engine, &approved(&[("a/business", "maria"), ("a/security", "sam")]));
    allows(&engine, &approved(&[("a/business", "pat"), ("a/privacy", "dana")]));
    allows(
        &engine,
        &approved(&[("a/business", "pat"), ("a/security", "pat"), ("a/privacy", "dana")]),
    );
    refuses(&engine, &approved(&[("a/business", "pat"), ("a/security", "pat")]), "same_person");
    refuses(&engine, &approved(&[("a/business", "maria")]), "missing");
    refuses(
        &engine,
        &approved(&[("a/business", "maria"), ("a/security", "maria")]),
        "ineligible",
    );
    refuses(&engine, &request(), "missing");
}

#[test]
fn one_function_makes_every_mention_true() {
    let either = |other: &str| threshold(1, [seat("business"), seat(other)]);
    let engine = engine(&policy(vec![(
        "a",
        of("mentions", threshold(2, [either("security"), either("privacy")])),
    )]));
    allows(&engine, &approved(&[("a/business", "maria")]));
    allows(&engine, &approved(&[("a/security", "sam"), ("a/privacy", "dana")]));
    refuses(&engine, &approved(&[("a/security", "sam")]), "missing");
}

#[test]
fn two_domains_take_different_people_for_different_functions() {
    let engine = engine(&policy(vec![
        ("a", of("first", both())),
        ("b", of("second", threshold(2, [seat("business"), seat("privacy")]))),
    ]));
    let with = |a: [&str; 2], b: [&str; 2]| {
        approved(&[
            ("a/business", a[0]),
            ("a/security", a[1]),
            ("b/business", b[0]),
            ("b/privacy", b[1]),
        ])
    };
    allows(&engine, &with(["maria", "sam"], ["maria", "dana"]));
    allows(&engine, &with(["maria", "sam"], ["pat", "dana"]));
    refuses(&engine, &with(["maria", "sam"], ["maria", "sam"]), "ineligible");
    refuses(&engine, &with(["maria", "pat"], ["pat", "dana"]), "same_person");
    refuses(&engine, &with(["maria", "pat"], ["maria", "pat"]), "same_person");
    refuses(&engine, &approved(&[("a/business", "maria"), ("a/security", "sam")]), "missing");
}

#[test]
fn one_person_may_be_several_functions_only_where_every_domain_says_so() {
    let same = |title: &str, same_person: bool| Domain {
        same_person,
        ..of(title, both())
    };
    let alone = engine(&policy(vec![("a", same("first", true))]));
    allows(&alone, &approved(&[("a/business", "pat"), ("a/security", "pat")]));
    let joint = |first: bool, second: bool| engine(&policy(vec![("a", same("first", first)), ("b", same("second", second))]));
    let pat = approved(&[
        ("a/business", "pat"),
        ("a/security", "pat"),
        ("b/business", "pat"),
        ("b/security", "pat"),
    ]);
    allows(&joint(true, true), &pat);
    refuses(&joint(true, false), &pat, "same_person");
    let across = approved(&[
        ("a/business", "pat"),
        ("a/security", "pat"),
        ("b/business", "maria"),
        ("b/security", "sam"),
    ]);
    allows(&joint(true, false), &across);
    refuses(&joint(false, true), &across, "same_person");
    let apart = approved(&[
        ("a/business", "maria"),
        ("a/security", "sam"),
        ("b/business", "pat"),
        ("b/security", "sam"),
    ]);
    allows(&joint(true, false), &apart);
}

#[test]
fn several_actions_and_resources_share_a_permit() {
    let mut policy = policy(vec![("a", of("first", both()))]);
    policy.groups[0].actions = names(["write.update", "write.delete"]);
    policy.groups[0].resources = names(["acme.crm/consent", "acme.crm/free"]);
    let engine = engine(&policy);
    let mut asked = approved(&[("a/business", "maria"), ("a/security", "sam")]);
    allows(&engine, &asked);
    asked["resource"]["id"] = json!("acme.crm/free");
    allows(&engine, &asked);
    asked["action"]["name"] = json!("write.delete");
    refuses(&engine, &asked, "out_of_scope");
}

#[test]
fn nobody_and_nobody_possible() {
    let open = engine(&policy(vec![("a", of("open", Quorum::None))]));
    allows(&open, &request());
    let closed = engine(&policy(vec![("a", of("closed", threshold(2, [seat("business")])))]));
    refuses(&closed, &approved(&[("a/business", "maria")]), "missing");
    let unseated = engine(&policy(vec![("a", of("unseated", seat("legal")))]));
    refuses(&unseated, &approved(&[("a/legal", "maria")]), "ineligible");
}

#[test]
fn too_many_ways_are_refused_and_many_are_not_too_deep() {
    let wide = |count: usize| Quorum::Threshold(1, (0..count).map(|number| seat(&format!("f{number}"))).collect());
    let two = |count: usize| policy(vec![("a", of("first", wide(count))), ("b", of("second", wide(count)))]);
    let refused = emit(&two(65)).expect_err("65 times 65 is too many");
    assert!(refused.sentence.contains(&MOST_WAYS.to_string()), "{refused}");
    let engine = engine(&two(20));
    refuses(&engine, &approved(&[("a/f0", "maria"), ("b/f19", "sam")]), "ineligible");
}

#[test]
fn groups_that_overlap_are_refused() {
    let mut policy: Policy = policy(vec![("a", of("first", both()))]);
    let mut again = policy.groups[0].clone();
    again.id = "again".to_owned();
    policy.groups.push(again);
    assert!(emit(&policy).is_err());
}
