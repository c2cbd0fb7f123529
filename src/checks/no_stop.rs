//! An agent that nobody can stop, or not fast enough.

use crate::checks::calling::by_call;
use crate::checks::requirements::{agents, because_of, by_rule, duration};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::written;
use crate::model::{Agent, AgentId, Model, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV405"),
    page: include_str!("../../docs/codes/no-stop.md"),
    looks_at: |context| context.model.agents.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<AgentId> = BTreeSet::new();
    let mut rules = by_rule(context, |rule| match rule.requirement {
        Requirement::Stop(within) => Some(within),
        _ => None,
    });
    // Where several standards ask, the finding is about the strictest.
    rules.sort_by_key(|(_, within, _)| within.unwrap_or(i64::MAX));
    for (asked, within, atoms) in rules {
        for (id, atoms) in agents(context, &atoms) {
            let agent = &context.model.agents[id.index()];
            let name = &agent.meta.name;
            let (at, message, label) = match (&agent.stop, within) {
                (None, _) => (agent.meta.span, format!("nobody can stop {name}"), "says no `stop`".to_owned()),
                (Some(stop), Some(most)) => match stop.within {
                    Some(within) if within <= most => continue,
                    Some(within) => {
                        let message = format!(
                            "stopping {name} takes {}, longer than the {} asked for",
                            duration(within),
                            duration(most)
                        );
                        (stop.span, message, "it goes on changing records that long".to_owned())
                    }
                    None => (
                        stop.span,
                        format!("nothing says how fast {name} can be stopped"),
                        format!("{} are asked for", duration(most)),
                    ),
                },
                (Some(_), None) => continue,
            };
            if said.insert(id) {
                let finding = context.finding(&CHECK, Kind::Agent, &agent.meta, at, message).label(at, label);
                let finding = because_of(context, finding, asked, &atoms);
                let takes = agent.stop.as_ref().and_then(|stop| stop.within);
                let finding = finding.extent(takes.map_or(String::new(), |within| within.to_string()));
                let mut finding = match atoms.first() {
                    Some(atom) => by_call(context, finding, id, *atom),
                    None => finding,
                };
                finding.finding.operations = context.operations(&atoms);
                finding.finding.decision_points = atoms.len();
                finding.finding.decision = atoms.first().map(|atom| context.decision(id, *atom));
                out.push(finding.help(stopped(context.model, agent, within)));
            }
        }
    }
}

/// The line as it would be written: what stops the agent already stays, and the time is what is asked for.
fn stopped(model: &Model, agent: &Agent, most: Option<i64>) -> String {
    let within = most.map_or(String::new(), |most| format!(" within {}", written::duration(most)));
    match &agent.stop {
        Some(stop) => format!(
            "stop {} by {}{within}  once it is as fast as that",
            stop.means,
            stop.by.meta(model).name
        ),
        None => format!("stop kill_switch by …{within}"),
    }
}
