//! Conditions of any nesting hold as they are read.

use crate::emit::policy::{Comparison, Condition, Constant, Input, Quorum};
use crate::emit::rego::emit;
use crate::emit::rego::tests::fixture::{Machines, domain, group, policy, request, seat, tier, with};
use serde_json::json;

fn compare(input: &str, comparison: Comparison, constant: Constant) -> Condition {
    Condition::Compare(input.to_owned(), comparison, constant)
}

fn holds(condition: &Condition, number: i64, word: &str, flag: bool) -> bool {
    let value = |input: &str| match input {
        "number" => Constant::Number(number),
        "word" => Constant::Word(word.to_owned()),
        _ => Constant::Boolean(flag),
    };
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, number, word, flag)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, number, word, flag)),
        Condition::Not(part) => !holds(part, number, word, flag),
        Condition::Among(input, constants) => constants.contains(&value(input)),
        Condition::Compare(input, comparison, constant) => match comparison {
            Comparison::AtMost => value(input) <= *constant,
            Comparison::Below => value(input) < *constant,
            Comparison::AtLeast => value(input) >= *constant,
            Comparison::Above => value(input) > *constant,
            Comparison::Equal => value(input) == *constant,
            Comparison::Unequal => value(input) != *constant,
        },
    }
}

#[test]
fn conditions_hold_as_read() {
    let words = |words: &[&str]| words.iter().map(|&word| Constant::Word(word.to_owned())).collect::<Vec<_>>();
    let atoms = [
        compare("number", Comparison::AtMost, Constant::Number(2)),
        compare("number", Comparison::Below, Constant::Number(2)),
        compare("number", Comparison::AtLeast, Constant::Number(2)),
        compare("number", Comparison::Above, Constant::Number(2)),
        compare("number", Comparison::Equal, Constant::Number(2)),
        compare("number", Comparison::Unequal, Constant::Number(2)),
        compare("word", Comparison::Equal, Constant::Word("\"a".to_owned())),
        compare("word", Comparison::Unequal, Constant::Word("\"a".to_owned())),
        compare("flag", Comparison::Equal, Constant::Boolean(true)),
        Condition::Among("word".to_owned(), words(&["\"a", "b"])),
        Condition::Among("number".to_owned(), vec![Constant::Number(1), Constant::Number(3)]),
        Condition::All(Vec::new()),
        Condition::Any(Vec::new()),
    ];
    let mut conditions: Vec<Condition> = atoms
        .iter()
        .flat_map(|atom| [atom.clone(), Condition::Not(Box::new(atom.clone()))])
        .collect();
    conditions.push(Condition::Not(Box::new(Condition::Any(vec![
        atoms[1].clone(),
        Condition::All(vec![atoms[3].clone(), atoms[8].clone()]),
    ]))));
    conditions.push(Condition::All(vec![
        Condition::Any(vec![atoms[4].clone(), atoms[6].clone()]),
        Condition::Any(vec![atoms[0].clone(), Condition::Not(Box::new(atoms[9].clone()))]),
    ]));
    for condition in conditions {
        let mut policy = policy();
        let mut tested = domain(vec![tier(Some(condition.clone()), Quorum::None), tier(None, seat("business"))]);
        tested.inputs.insert("number".to_owned(), Input::Integer { from: 0, to: 9 });
        tested.inputs.insert("word".to_owned(), Input::Text);
        tested.inputs.insert("flag".to_owned(), Input::Boolean);
        policy.inputs.extend(["number", "word", "flag"].map(str::to_owned));
        policy.domains.insert("budget".to_owned(), tested);
        policy.groups = vec![group(&["budget"], "write.update", "ads/budget")];
        let machines = Machines::new(&policy);
        for number in 1..=3 {
            for (word, flag) in [("\"a", true), ("b", false), ("c", true)] {
                let request = request("write.update", "ads/budget", &[]);
                let request = with(request, "/context/inputs", json!({ "number": number, "word": word, "flag": flag }));
                let answer = if holds(&condition, number, word, flag) {
                    "allow"
                } else {
                    "missing"
                };
                machines.expect(&format!("{condition:?}"), &request, answer);
            }
        }
    }
}

#[test]
fn a_condition_too_large_is_denied_and_said() {
    let either = |input: &str| {
        Condition::Any(vec![
            compare(input, Comparison::Equal, Constant::Number(1)),
            compare(input, Comparison::Equal, Constant::Number(2)),
        ])
    };
    let mut policy = policy();
    let condition = Condition::All((0..11).map(|number| either(&format!("input{number}"))).collect());
    policy
        .domains
        .insert("budget".to_owned(), domain(vec![tier(Some(condition), Quorum::None)]));
    let rego = emit(&policy);
    assert_eq!(rego.losses.len(), 3, "{:?}", rego.losses);
    assert_eq!(rego.data["quorate"]["operations"]["write.update"]["ads/budget"], json!(null));
    assert_eq!(rego.data["quorate"]["operations"]["write.create"]["crm/note"], json!(4));
}
