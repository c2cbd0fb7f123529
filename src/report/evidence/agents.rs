//! Section 3: the agents: what they run as, what they may and can do, how they are stopped.

use crate::facts::identity::reached;
use crate::facts::scope::digest;
use crate::facts::scope_approval::{Verdict, judge};
use crate::model::{self, AgentId, TaskId};
use crate::report::evidence::findings::Numbered;
use crate::report::evidence::reach::{Reach, reach};
use crate::report::evidence::reading::Reading;
use crate::report::evidence::safeguards::limits;
use crate::report::evidence::spread::{Spread, spread};
use crate::report::evidence::{Line, words};
use crate::words::duration;
use serde::Serialize;

/// An identity that an agent can act as.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    /// The title of the identity; its name if it has no title.
    pub title: String,
    /// Whether the agent must first assume this identity from another one.
    pub assumed: bool,
    /// The kind of identity, in words, such as `service account`; `None` if the files do not state it.
    pub kind: Option<&'static str>,
    /// The name under which systems know the identity; `None` if the files do not state it.
    pub principal: Option<String>,
    /// The title of the system that issues the credential; `None` if the files do not state it.
    pub issued_by: Option<String>,
    /// How long a credential is valid, such as `1 hour`; `None` if the files do not state it.
    pub lives: Option<Line>,
    /// `just in time` if a credential is issued when it is needed, or `standing`; `None` if the files do not state
    /// it.
    pub issued: Option<&'static str>,
    /// When a credential is revoked, such as `on task end`; `None` if the files do not state it.
    pub revoked: Option<String>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// A task of an agent.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// The name of the task.
    pub name: String,
    /// The title of the task; its name if it has no title.
    pub title: String,
    /// Whether the task is in force on the as-of date.
    pub current: bool,
    /// The first and the last date of the task in words, such as `until 2027-06-30`.
    pub days: String,
    /// The title of the purpose; `None` if the files do not state it.
    pub purpose: Option<String>,
    /// The lawful basis, in words; `None` if the files do not state it.
    pub basis: Option<String>,
    /// What the task allows: an action, data and systems in each line.
    pub scope: Vec<Line>,
    /// The largest amounts that the task allows, such as `at most 5_000 records in 24 hours`.
    pub limits: Vec<Line>,
    /// Who approved the task, as which function and on which date: one line for each approval.
    pub approved: Vec<Line>,
    /// Whether these people form an approving set for the whole scope.
    pub sufficient: bool,
    /// The digest of the scope on the as-of date, as `sha256:…`.
    pub digest: String,
    /// Whether the approvals recorded exactly this digest; `None` if they recorded none.
    pub digest_matches: Option<bool>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// An agent.
#[derive(Clone, Debug, Serialize)]
pub struct Agent {
    /// The id of the agent.
    pub id: String,
    /// The name of the agent.
    pub name: String,
    /// The title of the agent; its name if it has no title.
    pub title: String,
    /// The documentation of the agent in the files; empty if there is none.
    pub says: String,
    /// The location of the declaration, as `file:line`.
    pub at: String,
    /// The person who is accountable for the existence of the agent; `None` if the files do not state it.
    pub owner: Option<Line>,
    /// The title of the provider that runs the model; `None` if the files do not state it.
    pub provider: Option<String>,
    /// The model that the agent runs on, with its version; `None` if the files do not state it.
    pub model: Option<String>,
    /// How far the agent acts on its own, such as `act with approval`; `None` if the files do not state it.
    pub autonomy: Option<Line>,
    /// How the agent is stopped, by whom and how fast; `None` if the files do not state it.
    pub stop: Option<Line>,
    /// The parties on whose behalf the agent acts, each with the limits of that.
    pub acts_for: Vec<Line>,
    /// The agents that it calls, each with the task that it calls them for; `None` if the files do not state it.
    pub calls: Option<Vec<Line>>,
    /// The identities that the agent can act as.
    pub identities: Vec<Identity>,
    /// The tasks of the agent.
    pub tasks: Vec<Task>,
    /// What its tasks allow, compared with what its credentials allow.
    pub reach: Reach,
    /// Where the data that it writes can go.
    pub spread: Spread,
    /// The numbers of the findings about the agent, its tasks and its identities.
    pub findings: Vec<usize>,
}

/// The agents, in the order of the files.
pub(super) fn agents(reading: &Reading<'_>, findings: &[Numbered]) -> Vec<Agent> {
    (0..reading.model.agents.len())
        .map(|index| agent(reading, AgentId(index as u32), findings))
        .collect()
}

fn agent(reading: &Reading<'_>, id: AgentId, findings: &[Numbered]) -> Agent {
    let model = reading.model;
    let own = &model.agents[id.index()];
    let reached_by = &reading.facts.reach[id.index()];
    let line = |text: String, span| Line {
        text,
        at: reading.at(span),
    };
    let identities = reached(model, own);
    let mut about: Vec<&str> = vec![&own.meta.id];
    about.extend(own.tasks.iter().map(|task| &*model.tasks[task.index()].meta.id));
    about.extend(
        identities
            .iter()
            .map(|reached| &*model.identities[reached.identity.index()].meta.id),
    );
    let calls = own.calls.known().map(|calls| {
        let call = |call: &model::Call| {
            let task = call.task.map_or("for any of its tasks".to_owned(), |task| {
                format!("for {}", model.tasks[task.index()].meta.shown())
            });
            line(format!("{} {task}", model.agents[call.agent.index()].meta.shown()), call.span)
        };
        calls.iter().map(call).collect()
    });
    let stop = own.stop.as_ref().map(|stop| {
        let within = stop
            .within
            .map_or(String::new(), |seconds| format!(", within {}", duration(seconds)));
        line(
            format!("{} by {}{within}", stop.means.replace('_', " "), reading.party(stop.by).shown()),
            stop.span,
        )
    });
    let acts_for = own.acts_for.iter().map(|acts| {
        let within: Vec<String> = acts.within.iter().map(|grant| reading.grant(grant)).collect();
        let bound = if within.is_empty() {
            "without its own limits".to_owned()
        } else {
            format!("within {}", within.join("; "))
        };
        line(format!("{}, {bound}", reading.party(acts.principal).shown()), acts.span)
    });
    Agent {
        id: own.meta.id.to_string(),
        name: own.meta.name.to_string(),
        title: own.meta.shown().to_owned(),
        says: own.meta.documentation.trim().to_owned(),
        at: reading.at(own.meta.span),
        owner: own.owner.map(|owner| line(reading.person(owner.value), owner.span)),
        provider: own
            .provider
            .map(|provider| model.providers[provider.index()].meta.shown().to_owned()),
        model: own.model.as_ref().map(|said| said.value.to_string()),
        autonomy: own
            .autonomy
            .as_ref()
            .map(|autonomy| line(autonomy.value.replace('_', " "), autonomy.span)),
        stop,
        acts_for: acts_for.collect(),
        calls,
        identities: identities
            .iter()
            .map(|reached| identity(reading, reached.identity, reached.steps.len() > 1))
            .collect(),
        tasks: own.tasks.iter().map(|id| task(reading, *id)).collect(),
        reach: reach(reading, reached_by),
        spread: spread(reading, id, reached_by),
        findings: findings
            .iter()
            .filter(|finding| about.contains(&finding.finding.subject.as_str()))
            .map(|finding| finding.number)
            .collect(),
    }
}

fn identity(reading: &Reading<'_>, id: model::IdentityId, assumed: bool) -> Identity {
    let model = reading.model;
    let own = &model.identities[id.index()];
    let credential = &own.credential;
    Identity {
        title: own.meta.shown().to_owned(),
        assumed,
        kind: own.kind.map(|kind| words::kind(kind.value)),
        principal: own.principal.as_ref().map(|principal| principal.value.to_string()),
        issued_by: own.issued_by.map(|system| model.systems[system.index()].meta.shown().to_owned()),
        lives: credential.ttl.map(|ttl| Line {
            text: duration(ttl.value),
            at: reading.at(ttl.span),
        }),
        issued: credential
            .just_in_time
            .map(|just_in_time| if just_in_time.value { "just in time" } else { "standing" }),
        revoked: credential.revoked.as_ref().map(|revoked| revoked.value.replace('_', " ")),
        at: reading.at(own.meta.span),
    }
}

fn task(reading: &Reading<'_>, id: TaskId) -> Task {
    let model = reading.model;
    let own = &model.tasks[id.index()];
    let approved = own.approved.iter().flat_map(|approval| {
        let on = approval
            .on
            .map_or("on a day that the files do not say".to_owned(), |day| format!("on {day}"));
        approval.given.iter().map(move |(function, person, span)| Line {
            text: format!(
                "{} as {} {on}",
                reading.person(*person),
                model.functions[function.index()].meta.name
            ),
            at: reading.at(*span),
        })
    });
    let digest = digest(model, reading.facts, id);
    let recorded: Vec<&str> = own
        .approved
        .iter()
        .filter_map(|approval| approval.scope.as_ref())
        .map(|scope| &*scope.value)
        .collect();
    let days = match (own.starts, own.until) {
        (Some(starts), Some(until)) => format!("{} to {}", starts.value, until.value),
        (None, Some(until)) => format!("until {}", until.value),
        (Some(starts), None) => format!("from {}, without an end", starts.value),
        (None, None) => "without an end".to_owned(),
    };
    Task {
        name: own.meta.name.to_string(),
        title: own.meta.shown().to_owned(),
        current: own.current(model.as_of),
        days,
        purpose: own
            .purpose
            .map(|purpose| model.purposes[purpose.value.index()].meta.shown().to_owned()),
        basis: own.basis.as_ref().map(|basis| basis.value.replace('_', " ")),
        scope: own
            .scope
            .iter()
            .map(|grant| Line {
                text: reading.grant(grant),
                at: reading.at(grant.span),
            })
            .collect(),
        limits: limits(reading, &own.limits),
        approved: approved.collect(),
        sufficient: judge(model, reading.facts, id) == Verdict::Approved,
        digest_matches: (!recorded.is_empty()).then(|| recorded.iter().all(|recorded| *recorded == digest)),
        digest,
        at: reading.at(own.meta.span),
    }
}
