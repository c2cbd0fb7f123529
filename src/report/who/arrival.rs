//! A change that an agent cannot make in a place, and that arrives there by `feeds`: from where, and who answers there.

use super::{Page, Question, answer};
use crate::compile::{Compilation, Meaning};
use crate::facts::AtomId;
use crate::facts::flow::downstream_domains::DownstreamDomains;
use crate::facts::flow::graph::{Arrival, Flows};
use crate::model::{DomainId, SystemId};
use crate::report::evidence::reading::Reading;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A change that an agent can make, and that arrives at a place the question is about.
pub struct Coming {
    change: AtomId,
    arrival: Arrival,
}

/// The changes of the agent that arrive where the question is about, the nearest first.
pub fn coming(meaning: &Meaning, question: &Question) -> Vec<Coming> {
    let (model, facts) = (&meaning.model, &meaning.facts);
    let flows = Flows::of(model);
    let actions = &model.actions[question.grant.action.index()].leaves;
    let classes = crate::facts::atom::leaves(model, &question.grant.data, &question.grant.except);
    let mut found: Vec<Coming> = Vec::new();
    for (change, _) in &facts.reach[question.agent.index()].points {
        let atom = facts.atoms.get(*change);
        if !atom.mutates(model) || !actions.contains(&atom.action) {
            continue;
        }
        for arrival in flows.from((atom.system, atom.data)) {
            let (system, data) = arrival.at;
            let there = question.grant.systems.is_empty() || question.grant.systems.contains(&system);
            if there && classes.contains(&data) {
                found.push(Coming { change: *change, arrival });
            }
        }
    }
    found.sort_by_key(|coming| (coming.arrival.way.len(), coming.change));
    found
}

/// A block for each change: first who answers where it arrives, then who decides it where it is made.
pub fn downstream_rules(compilation: &Compilation, meaning: &Meaning, question: &Question, coming: &[Coming]) -> Vec<String> {
    let model = &meaning.model;
    let page = Page {
        reading: Reading::with(compilation, meaning),
        compilation,
        model,
        meaning,
        agent: question.agent,
    };
    let downstream = DownstreamDomains::of(model, coming.iter().map(|coming| coming.arrival.at));
    let mut by_place: BTreeMap<(SystemId, String), Vec<&Coming>> = BTreeMap::new();
    for coming in coming {
        let (system, data) = coming.arrival.at;
        let data = model.data[data.index()].meta.name.to_string();
        by_place.entry((system, data)).or_default().push(coming);
    }
    let mut out = Vec::new();
    for ((system, data), all) in &by_place {
        let mut block = String::new();
        let place = &model.systems[system.index()].meta.name;
        let agent = &model.agents[question.agent.index()].meta.name;
        let _ = writeln!(
            block,
            "  {agent} does not change {data} in {place} itself. Its changes elsewhere flow there.\n"
        );
        let mut domains: BTreeSet<DomainId> = BTreeSet::new();
        for coming in all {
            let atom = meaning.facts.atoms.get(coming.change);
            let (action, class, from) = atom.names(model);
            let steps = coming.arrival.way.iter().map(|span| page.cite(*span));
            let steps: Vec<String> = steps.collect();
            page.row(
                &mut block,
                "It comes from",
                &format!("{action} {class} in {from}, by feeds   {}", steps.join(", ")),
            );
            let decided = downstream.arrives(atom.action, coming.arrival.at).into_iter();
            domains.extend(decided.flat_map(|(domains, _)| domains.iter().copied()));
        }
        let _ = writeln!(block);
        for domain in &domains {
            let name = &model.domains[domain.index()].meta.name;
            page.row(&mut block, "There answers", &format!("{name}, for {data} in {place}"));
            page.seats(&mut block, *domain);
        }
        if domains.is_empty() {
            page.row(&mut block, "There answers", "nobody: no domain decides about it there");
        }
        out.push(block);
    }
    let changes: BTreeSet<AtomId> = coming.iter().map(|coming| coming.change).collect();
    let changes: Vec<AtomId> = changes.into_iter().collect();
    let mut made = answer(compilation, meaning, question, &changes);
    // The question first, then what arrives, then what is decided where it is made.
    out.insert(0, made.remove(0));
    out.push("  Where it is changed:\n".to_owned());
    out.extend(made);
    out
}
