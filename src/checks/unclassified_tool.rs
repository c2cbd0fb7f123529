//! A tool call that does not state what it does, or a system without classes for what agents can reach.

use crate::checks::stating::of_system;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{Holds, System, SystemId, Tool};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV310"),
    page: include_str!("../../docs/codes/unclassified-tool.md"),
    looks_at: |context| context.model.systems.iter().map(|system| 1 + system.tools.len()).sum(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let unclassified = |system: &System| anything(system) || system.tools.iter().any(|tool| !tool.classified);
    if !model.systems.iter().any(unclassified) {
        return;
    }
    let mut reached: BTreeMap<SystemId, Vec<AtomId>> = BTreeMap::new();
    for (index, atom) in context.facts.atoms.list.iter().enumerate() {
        if context.facts.points_of[index].0 > 0 && unclassified(&model.systems[atom.system.index()]) {
            reached.entry(atom.system).or_default().push(AtomId(index as u32));
        }
    }
    for (system, atoms) in reached {
        out.push(say(context, &model.systems[system.index()], &atoms));
    }
}

/// Whether the data there may be of any class.
fn anything(system: &System) -> bool {
    system.open || matches!(system.holds, Holds::Any)
}

fn say(context: &Context<'_>, system: &System, atoms: &[AtomId]) -> Diagnostic {
    let tools: Vec<&Tool> = system.tools.iter().filter(|tool| !tool.classified).collect();
    let names: Vec<String> = tools.iter().map(|tool| format!("`{}`", tool.name)).collect();
    let own = &system.meta;
    let agent = &context.model.agents[context.facts.points_of[atoms[0].index()].1.index()].meta.name;
    let (at, message) = match (anything(system), tools.first()) {
        (false, Some(tool)) => (
            tool.span,
            format!(
                "{agent} reaches {}, and the files do not say what {} does there",
                own.name,
                listed(&names)
            ),
        ),
        (_, _) => (own.span, format!("{agent} reaches {}, where the data is not classified", own.name)),
    };
    let message = match tools.len() {
        0 | 1 => message,
        _ => message.replace(" does there", " do there"),
    };
    let mut finding = context.finding(&CHECK, Kind::System, own, at, message);
    if system.open {
        finding = finding.label(own.span, "it is `open`: the agent may read or change any kind of data here");
    } else if anything(system) {
        finding = finding.label(own.span, "it `holds any`: the agent may read or change data of any class here");
    }
    for tool in &tools {
        finding = finding.label(tool.span, "names the tool but not what it does, so no policy can allow it");
    }
    let mut selector: Vec<&str> = tools.iter().map(|tool| &*tool.name).collect();
    selector.sort_unstable();
    match system.open {
        true => selector.push("open"),
        false => selector.extend(anything(system).then_some("holds any")),
    }
    finding.finding.selector = selector.join(", ");
    context.points(&mut finding, atoms);
    if let Some(tool) = tools.first() {
        finding = finding.help(of_system(
            context.model,
            system,
            &format!("tool \"{}\" does …  with all that it does, or `does nothing \"why\"`,", tool.name),
        ));
    }
    match system.open {
        true => finding.help(of_system(
            context.model,
            system,
            &format!("holds …  in {} with all the classes that can be there, and no `open`,", own.name),
        )),
        false if anything(system) => finding.help(of_system(
            context.model,
            system,
            &format!("holds …  in {} with the classes that are there,", own.name),
        )),
        false => finding,
    }
}
