//! Agents: what they appear as, whether they act for others, and when they may call.

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::entities::{Entities, Entity, span};
use crate::prove::against::data::humans::Humans;
use crate::prove::against::data::windows::{Span, beyond, told};
use crate::words::duration;
use serde_json::Value;

/// A sentence for each thing that is wider.
pub fn wider(today: &Entities, earlier: &Entities) -> Vec<String> {
    let humans = Humans::new(today, earlier);
    let mut sentences = Vec::new();
    for (id, agent) in today.all(Kind::Agent) {
        let Some(before) = earlier.get(Kind::Agent, id) else {
            sentences.push(format!("the agent `{id}` is new"));
            continue;
        };
        for (name, principal) in agent.tags() {
            sentences.extend(of_principal(id, name, principal, before.tag(name), &humans));
        }
        let acts_for = |agent: &Entity| agent.attribute("acts_for") == true;
        match (acts_for(agent), acts_for(before)) {
            (true, false) => sentences.push(format!("`{id}` acts for people now, and did not before")),
            (false, true) => sentences.push(format!("`{id}` can act for itself now, and could only act for people before")),
            (true, true) | (false, false) => {}
        }
    }
    for (id, caller) in today.all(Kind::Caller) {
        let spans = |caller: &Entity| -> Vec<Span> { caller.tags().map(|(_, window)| span(window)).collect() };
        let before = earlier.get(Kind::Caller, id).map(spans).unwrap_or_default();
        let more = beyond(&spans(caller), &before);
        if !more.is_empty() {
            sentences.push(format!("`{id}` may call others {}, and could not before", told(&more)));
        }
    }
    sentences
}

fn of_principal(id: &str, name: &str, principal: &Value, before: &Value, humans: &Humans) -> Vec<String> {
    if before.is_null() {
        return vec![format!("`{id}` may appear as `{name}` now, and could not before")];
    }
    let mut sentences = Vec::new();
    let life = |principal: &Value| principal["ttl"].as_i64().unwrap_or(i64::MAX);
    if life(principal) > life(before) {
        let [now, then] = [principal, before].map(|principal| duration(life(principal)));
        sentences.push(format!(
            "a credential of `{id}` as `{name}` may last {now} now, and could last {then}"
        ));
    }
    if let Some(human) = before["human"].as_str()
        && !humans.is_still(human, principal["human"].as_str())
    {
        sentences.push(format!(
            "`{id}` appears as `{name}`, which does not count as the account of `{human}` any more"
        ));
    }
    sentences
}
