//! Random requests, next to derived ones.

use super::{ACTIONS, HOSTILE, NOW, PURPOSES, RESOURCES, Random};
use crate::emit::policy::Policy;
use crate::emit::requests::Derived;
use serde_json::{Value, json};

/// Requests that differ from derived ones in several things at once.
pub fn requests(random: &mut Random, policy: &Policy, bases: &[Derived], count: usize) -> Vec<Derived> {
    let people: Vec<&String> = policy.people.keys().collect();
    let all = (0..count).filter(|_| !bases.is_empty()).map(|number| {
        let mut request = random.pick(bases).request.clone();
        for _ in 0..random.below(3) {
            change(random, policy, &mut request);
        }
        if random.chance(70) {
            approve(random, policy, &people, &mut request);
        }
        Derived {
            kind: "random",
            about: format!("request {number}"),
            request,
        }
    });
    all.collect()
}

/// Puts random approvals in random slots.
pub fn approve(random: &mut Random, policy: &Policy, people: &[&String], request: &mut Value) {
    let now = request["context"]["now"].as_i64().unwrap_or(NOW).max(0);
    let binding = request["context"]["binding"].clone();
    let slots = policy.domains.iter().flat_map(|(id, domain)| domain.slots(id));
    let kept = 40 + random.below(60);
    for (slot, _) in slots {
        if random.chance(kept) {
            let at = if random.chance(85) {
                now.saturating_sub(random.below(50) as i64)
            } else {
                now.saturating_sub(*random.pick(&[60, 61, 3600, 3601, -1]))
            };
            let bound = if random.chance(95) {
                binding.clone()
            } else {
                json!("sha256:another")
            };
            place(
                request,
                &["context", "approvals", &slot],
                json!({ "by": random.pick(people), "at": at, "for": bound }),
            );
        }
    }
}

fn change(random: &mut Random, policy: &Policy, request: &mut Value) {
    let number = *random.pick(&[
        -1, 0, 1, 99, 100, 101, 899, 900, 901, 1000, 1001, 19_999, 20_000, 20_001, 45_000, 50_000,
    ]);
    let values = [
        json!(number),
        json!({ "amount": number, "currency": "EUR" }),
        json!("late"),
        json!(HOSTILE[random.below(3)]),
        json!(true),
        json!(false),
    ];
    let tasks: Vec<&String> = policy.tasks.keys().collect();
    let agents: Vec<&String> = policy.agents.keys().collect();
    let inputs: Vec<&String> = policy.inputs.iter().collect();
    let anybody: Vec<&str> = policy
        .people
        .keys()
        .map(String::as_str)
        .chain(["schedule", "outsider", "nobody"])
        .collect();
    let others: Vec<&String> = (0..random.below(3)).map(|_| *random.pick(&agents)).collect();
    match random.below(11) {
        8 => place(request, &["context", "requested_by"], json!(random.pick(&anybody))),
        9 => place(request, &["context", "via"], json!(others)),
        10 => place(
            request,
            &["context", "emergency"],
            json!({ "declared_by": random.pick(&anybody), "at": NOW - *random.pick(&[0, 1, 30, 3600]), "id": "incident" }),
        ),
        0 => place(request, &["action"], json!({ "name": random.pick(&ACTIONS) })),
        1 => place(request, &["resource"], json!({ "type": "data", "id": random.pick(&RESOURCES) })),
        2 => place(request, &["context", "task"], json!(random.pick(&tasks))),
        3 => place(request, &["subject", "id"], json!(random.pick(&agents))),
        4 => place(
            request,
            &["context", "now"],
            json!(NOW + *random.pick(&[0, 1, 59, 60, 3600, -3600])),
        ),
        5 if !inputs.is_empty() => place(
            request,
            &["context", "inputs", inputs[random.below(inputs.len())]],
            random.pick(&values).clone(),
        ),
        6 => place(
            request,
            &["context", "on_behalf_of"],
            json!(random.pick(&policy.people.keys().collect::<Vec<_>>())),
        ),
        _ => place(request, &["context", "purpose"], json!(random.pick(&PURPOSES))),
    }
}

/// Puts a value where there is an object for it.
fn place(request: &mut Value, path: &[&str], value: Value) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    if let Some(Value::Object(parent)) = parents.iter().try_fold(request, |value, key| value.get_mut(*key)) {
        parent.insert((*last).to_owned(), value);
    }
}
