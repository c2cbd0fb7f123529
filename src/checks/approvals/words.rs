//! How somebody comes to stand behind an approval, in words.

use crate::facts::control::Means;
use crate::model::{EnforcementId, Model};

/// `decides who is in secops`
pub fn means(model: &Model, means: Means) -> String {
    let (verb, rest) = verb_of(model, means);
    match verb {
        "can write" => format!("{verb} {rest}"),
        _ => format!("{verb}s {rest}").replace(" or issue ", " or issues "),
    }
}

/// `decide who is in secops`
pub fn means_of_several(model: &Model, means: Means) -> String {
    let (verb, rest) = verb_of(model, means);
    format!("{verb} {rest}")
}

fn verb_of(model: &Model, means: Means) -> (&'static str, String) {
    match means {
        Means::Team(team) => ("decide", format!("who is in {}", model.teams[team.index()].meta.name)),
        Means::Place(system) => (
            "administer",
            format!("{}, where the approvals are kept", model.systems[system.index()].meta.name),
        ),
        Means::UnsaidPlace(domain) => (
            "can write",
            format!(
                "where the approvals of {} are kept, which the files do not say",
                model.domains[domain.index()].meta.name
            ),
        ),
        Means::Enforcement(enforcement) => (
            "decide",
            format!("what {} lets through", model.enforcements[enforcement.index()].meta.name),
        ),
        Means::Series(first, second, more) => {
            let name = |id: EnforcementId| &model.enforcements[id.index()].meta.name;
            let more = match more {
                0 => String::new(),
                1 => " and 1 more check".to_owned(),
                _ => format!(" and {more} more checks"),
            };
            let and = if more.is_empty() { " and" } else { "," };
            ("decide", format!("what {}{and} {}{more} let through", name(first), name(second)))
        }
        Means::Agent(agent) => (
            "own",
            format!("the agent {}, which holds the function", model.agents[agent.index()].meta.name),
        ),
        Means::Issuer(agent) => (
            "issue",
            format!(
                "what the agent {}, which holds the function, runs as",
                model.agents[agent.index()].meta.name
            ),
        ),
        Means::Identity(identity) => (
            "own",
            format!(
                "or issue the identity {}, which holds the function",
                model.identities[identity.index()].meta.name
            ),
        ),
    }
}
