//! What is written where nobody compiles it: for each agent a policy of its own, with its names, its people and its limit in it.

use cedar_policy::{Authorizer, Decision, Entities, PolicySet, Request};
use quorate::emit::policy::{Policy, Quorum, Task};
use regorus::CompiledPolicy;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;
use std::str::FromStr;

const ENTRY: &str = "data.naive.allow";

/// The number of rules in a file: regorus takes 20,000 lines in one.
const RULES: usize = 500;

/// Both engines with a policy for each agent.
pub struct Naive {
    policies: PolicySet,
    entities: Entities,
    /// For the interpreter: the virtual machine takes no program of more than 65,535 instructions, which is a thousand such rules.
    rules: CompiledPolicy,
    /// How long both are together.
    pub bytes: usize,
}

impl Naive {
    /// For each task one permit and one rule, which ask for less than what is emitted: no revision, no evidence, no rollback, no chain.
    pub fn of(policy: &Policy) -> Naive {
        let (mut permits, mut rules) = (String::new(), Vec::new());
        for (id, task) in &policy.tasks {
            permits.push_str(&permit(policy, id, task));
            rules.push(rule(policy, id, task));
        }
        let mut engine = regorus::Engine::new();
        for (number, some) in rules.chunks(RULES).enumerate() {
            let text = format!(
                "package naive\n\n{}{}",
                if number == 0 { "default allow := false\n\n" } else { "" },
                some.concat()
            );
            engine.add_policy(format!("naive_{number}.rego"), text).expect("the rules parse");
        }
        let compiled = engine.compile_with_entrypoint(&ENTRY.into()).expect("the rules compile");
        Naive {
            bytes: permits.len() + rules.iter().map(String::len).sum::<usize>(),
            policies: PolicySet::from_str(&permits).expect("the permits parse"),
            entities: Entities::empty(),
            rules: compiled,
        }
    }

    /// Whether Cedar allows it; the request is made already.
    pub fn cedar(&self, request: &Request) -> bool {
        Authorizer::new().is_authorized(request, &self.policies, &self.entities).decision() == Decision::Allow
    }

    /// Whether regorus allows it.
    pub fn rego(&self, request: &Value) -> bool {
        let input = regorus::Value::deserialize(request).expect("it is a value");
        self.rules.eval_with_input(input).expect("it decides") == regorus::Value::from(true)
    }
}

/// The slots that a task takes, each with the people who may approve there; and what it changes.
fn asked<'p>(policy: &'p Policy, task: &'p Task) -> (&'p str, &'p str, Vec<(String, Vec<&'p str>)>) {
    let (action, resources) = task
        .scope
        .iter()
        .find(|(action, _)| action.starts_with("write"))
        .expect("it changes something");
    let resource = resources.first().expect("it changes something");
    let governs = |group: &&quorate::emit::policy::Group| group.actions.contains(action) && group.resources.contains(resource);
    let group = policy.groups.iter().find(governs).expect("a domain governs it");
    let slots = group.domains.iter().flat_map(|name| {
        let domain = &policy.domains[name];
        let functions = domain.quorums().flat_map(Quorum::functions);
        functions.map(move |function| {
            let people = domain.seats[function].keys().map(String::as_str).collect();
            (format!("{name}/{function}"), people)
        })
    });
    (action, resource, slots.collect())
}

fn permit(policy: &Policy, id: &str, task: &Task) -> String {
    let (action, resource, slots) = asked(policy, task);
    let mut text = format!(
        "permit (principal == Gov::Agent::{:?}, action == Gov::Action::{action:?}, resource == Gov::Asset::{resource:?})\nwhen {{\n  context.task == Gov::Task::{id:?} && context.purpose == {:?} &&\n",
        task.agent,
        task.purpose.as_deref().unwrap_or_default()
    );
    let _ = writeln!(
        text,
        "  context.now < {} && context.inputs[\"records:integer\"] <= 1000",
        task.window.ends
    );
    for (slot, people) in &slots {
        let people: Vec<String> = people.iter().map(|person| format!("Gov::Person::{person:?}")).collect();
        let _ = writeln!(
            text,
            "  && context.approvals has {slot:?} && [{}].contains(context.approvals[{slot:?}].by) && context.approvals[{slot:?}].for == context.binding",
            people.join(", ")
        );
    }
    for (place, (one, _)) in slots.iter().enumerate() {
        for (other, _) in &slots[place + 1..] {
            let _ = writeln!(text, "  && context.approvals[{one:?}].by != context.approvals[{other:?}].by");
        }
    }
    text.push_str("};\n\n");
    text
}

fn rule(policy: &Policy, id: &str, task: &Task) -> String {
    let (action, resource, slots) = asked(policy, task);
    let mut text = format!(
        "allow if {{\n\tinput.subject.id == {:?}\n\tinput.action.name == {action:?}\n\tinput.resource.id == {resource:?}\n\tinput.context.task == {id:?}\n\tinput.context.purpose == {:?}\n\tinput.context.now < {}\n\tinput.context.inputs.records <= 1000\n",
        task.agent,
        task.purpose.as_deref().unwrap_or_default(),
        task.window.ends
    );
    for (slot, people) in &slots {
        let people: Vec<String> = people.iter().map(|person| format!("{person:?}")).collect();
        let _ = writeln!(text, "\tinput.context.approvals[{slot:?}].by in {{{}}}", people.join(", "));
        let _ = writeln!(text, "\tinput.context.approvals[{slot:?}][\"for\"] == input.context.binding");
    }
    for (place, (one, _)) in slots.iter().enumerate() {
        for (other, _) in &slots[place + 1..] {
            let _ = writeln!(
                text,
                "\tinput.context.approvals[{one:?}].by != input.context.approvals[{other:?}].by"
            );
        }
    }
    text.push_str("}\n\n");
    text
}
