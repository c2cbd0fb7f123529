//! The printer puts parentheses where they are needed, and escapes.

use crate::emit::cedar::escape::{comment, is_identifier, quoted};
use crate::emit::cedar::tests::{always, domain, engine, policy, seat};
use crate::emit::cedar::{emit, words};
use crate::emit::policy::{Comparison, Condition, Constant, Input, Tier};

#[test]
fn strings_names_and_comments() {
    assert_eq!(quoted("a\"b\\c\n\u{202e}"), "\"a\\\"b\\\\c\\n\\u{202e}\"");
    assert_eq!(comment("a\nb\r\u{2028}c"), "a b \\u{2028}c");
    assert!(is_identifier("for") && is_identifier("checked_at"));
    assert!(!is_identifier("if") && !is_identifier("9a") && !is_identifier("") && !is_identifier("é") && !is_identifier("__cedar"));
}

#[test]
fn sources_are_cited() {
    assert_eq!(words::cited("x", ["d", "c", "b", "a", "a"]), "x (a, b, c and 1 more)");
}

#[test]
fn the_largest_numbers_are_written_and_compared() {
    let condition = |comparison, value| Condition::Compare("n".to_owned(), comparison, Constant::Number(value));
    let tier = |of: Condition| Tier {
        condition: Some(of),
        ..always(seat("business"), "business")
    };
    let mut of = domain("Numbers", Vec::new(), &[("business", &["maria"])]);
    of.tiers = vec![
        tier(Condition::Not(Box::new(Condition::Any(vec![
            condition(Comparison::Below, i64::MIN),
            condition(Comparison::Above, i64::MAX),
        ])))),
        tier(Condition::All(vec![])),
        tier(Condition::Any(vec![])),
        tier(Condition::Among("n".to_owned(), vec![Constant::Number(-1), Constant::Number(2)])),
        tier(Condition::Among("n".to_owned(), vec![])),
    ];
    of.inputs.insert(
        "n".to_owned(),
        Input::Integer {
            from: i64::MIN,
            to: i64::MAX,
        },
    );
    of.valid = i64::MAX;
    let policy = policy(vec![("a", of)]);
    drop(engine(&policy));
    let mut wrong = policy.clone();
    wrong.domains.get_mut("a").expect("there").tiers =
        vec![tier(Condition::Compare("n".to_owned(), Comparison::Equal, Constant::Boolean(true)))];
    assert!(emit(&wrong).is_err());
    wrong.domains.get_mut("a").expect("there").tiers =
        vec![tier(Condition::Compare("m".to_owned(), Comparison::Equal, Constant::Number(1)))];
    assert!(emit(&wrong).is_err());
}
