//! Compares the rules of a standard. Two rules about the same thing are compared number by number.

use crate::diff::Weight;
use crate::diff::clauses::values::judge;
use crate::diff::rules::Rule;
use serde_json::Value;

/// Returns each difference between the rules of a standard, with its direction.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<(Weight, String)> {
    let empty = Vec::new();
    let (old, new) = (old.as_array().unwrap_or(&empty), new.as_array().unwrap_or(&empty));
    let mut gone: Vec<&Value> = old.iter().filter(|rule| !new.contains(rule)).collect();
    let mut found = Vec::new();
    for rule in new.iter().filter(|rule| !old.contains(rule)) {
        let same = |other: &&Value| ["require", "for", "in_place_of"].iter().all(|part| other[*part] == rule[*part]);
        match gone.iter().position(same) {
            Some(at) => found.extend(held(gone.remove(at), rule)),
            None => found.push((Weight::Stronger, format!("requires {} now", said(rule)))),
        }
    }
    found.extend(
        gone.into_iter()
            .map(|rule| (Weight::Weaker, format!("requires {} no longer", said(rule)))),
    );
    found
}

/// Returns the differences between two versions of one rule.
fn held(old: &Value, new: &Value) -> Vec<(Weight, String)> {
    let mut found = Vec::new();
    for (part, is) in new.as_object().into_iter().flatten() {
        let was = &old[part];
        if was == is {
            continue;
        }
        let emergency = new["require"] == "emergency";
        let rule = match &**part {
            "people" | "retention" => Rule::ShorterWeaker,
            "tested" => Rule::LongerWeaker,
            "quorum" => Rule::Approve,
            "tamper_evident" | "just_in_time" => Rule::NoWeaker,
            "valid" | "within" | "ttl" | "lasts" | "review" => Rule::LongerWeaker,
            _ => Rule::Neutral,
        };
        let rule = if emergency && part == "review" && !is.is_number() {
            Rule::Stated
        } else {
            rule
        };
        for judged in judge(rule, part, was, is) {
            found.push((
                judged.weight,
                format!("requires {} in another measure: `{part}` differs", said(new)),
            ));
        }
    }
    found
}

fn said(rule: &Value) -> String {
    let what = rule["require"].as_str().unwrap_or("something");
    let part = |name: &str| rule["for"][name].as_str().filter(|text| *text != "any").map(super::short);
    match (part("action"), part("data")) {
        (None, None) => format!("`{what}`"),
        (Some(one), None) | (None, Some(one)) => format!("`{what}` for {one}"),
        (Some(action), Some(data)) => format!("`{what}` for {action} of {data}"),
    }
}
