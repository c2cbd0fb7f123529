//! How somebody comes to stand behind an approval, in words.

use crate::facts::control::Means;
use crate::model::{EnforcementId, Meta, Model};

/// `decides who is in secops`
pub fn means(model: &Model, means: Means) -> String {
    singular(verb_of(model, means, |meta| &meta.name))
}

/// `decides who is in Security operations`: the same with titles, for readers who do not see the files.
pub fn means_titled(model: &Model, means: Means) -> String {
    singular(verb_of(model, means, Meta::shown))
}

fn singular((verb, rest): (&str, String)) -> String {
    match verb {
        "can write" => format!("{verb} {rest}"),
        _ => format!("{verb}s {rest}").replace(" or issue ", " or issues "),
    }
}

/// `decide who is in secops`
pub fn means_of_several(model: &Model, means: Means) -> String {
    let (verb, rest) = verb_of(model, means, |meta| &meta.name);
    format!("{verb} {rest}")
}

fn verb_of(model: &Model, means: Means, named: fn(&Meta) -> &str) -> (&'static str, String) {
    match means {
        Means::Team(team) => ("decide", format!("who is in {}", named(&model.teams[team.index()].meta))),
        Means::Place(system) => (
            "administer",
            format!("{}, where the approvals are kept", named(&model.systems[system.index()].meta)),
        ),
        Means::UnstatedPlace(domain) => (
            "can write",
            format!(
                "where the approvals of {} are kept, which the files do not say",
                named(&model.domains[domain.index()].meta)
            ),
        ),
        Means::Enforcement(enforcement) => (
            "decide",
            format!("what {} lets through", named(&model.enforcements[enforcement.index()].meta)),
        ),
        Means::Series(first, second, more) => {
            let name = |id: EnforcementId| named(&model.enforcements[id.index()].meta);
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
            format!("the agent {}, which holds the function", named(&model.agents[agent.index()].meta)),
        ),
        Means::Issuer(agent) => (
            "issue",
            format!(
                "the identity of the agent {}, which holds the function",
                named(&model.agents[agent.index()].meta)
            ),
        ),
        Means::Identity(identity) => (
            "own",
            format!(
                "or issue the identity {}, which holds the function",
                named(&model.identities[identity.index()].meta)
            ),
        ),
    }
}
