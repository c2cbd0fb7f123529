//! What decides what an agent is and may do, and in which systems it can be changed.

use crate::checks::Context;
use crate::checks::self_escalation::governors::{self, By, Governors};
use crate::diagnostic::{Magnitude, Mark};
use crate::model::{AgentId, EnforcementId, IdentityId, Meta, Model, SystemId, TeamId};
use crate::source::Span;

/// Something that governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// The issuer of an identity that the agent can act as.
    Issuer(IdentityId),
    /// An enforcement point that checks what the agent does.
    Enforcement(EnforcementId),
    /// A team that decides about it.
    Team(TeamId),
}

impl Thing {
    /// The clause that names where it is kept.
    pub fn clause(self) -> &'static str {
        match self {
            Thing::Issuer(_) => "issued_by",
            Thing::Enforcement(_) => "configured_in",
            Thing::Team(_) => "kept_in",
        }
    }
}

/// Something about an agent that could be changed, and the clause that names where it is kept.
#[derive(Clone, Debug)]
pub struct ControlPoint {
    /// The thing that governs.
    pub thing: Thing,
    /// The system; `None` if the files do not name one, and then it may be any.
    pub system: Option<SystemId>,
    /// Its identification, for a fingerprint.
    pub magnitude: Magnitude,
    /// The text at the place.
    pub place: String,
    /// The place.
    pub span: Span,
    /// How a team governs, if it does so indirectly.
    pub by: By,
}

impl ControlPoint {
    /// The words for the system of an agent: `it`, or its name.
    pub fn what(&self, model: &Model, whom: &str) -> String {
        let name = |meta: &Meta| meta.name.clone();
        match (self.thing, self.system) {
            (Thing::Issuer(_), Some(_)) => format!("which issues the identity of {whom}"),
            (Thing::Issuer(_), None) => format!("and the files do not say what issues the identity of {whom}"),
            (Thing::Enforcement(id), at) => {
                let own = name(&model.enforcements[id.index()].meta);
                match at {
                    Some(_) => format!("where {own}, which checks what {whom} does, is configured"),
                    None => format!("and the files do not say in which system {own}, which checks what {whom} does, is configured"),
                }
            }
            (Thing::Team(id), at) => {
                let own = name(&model.teams[id.index()].meta);
                let does = match &self.by {
                    None => format!("governs {whom}"),
                    Some((_, does)) if whom == "it" => does.clone(),
                    Some((_, does)) => format!("{does} and so governs {whom}"),
                };
                match at {
                    Some(_) => format!("which keeps the members of {own}, a team that {does}"),
                    None => format!("and the files do not say which system keeps the members of {own}, a team that {does}"),
                }
            }
        }
    }

    /// How a team governs indirectly, with its name.
    pub fn way(&self, model: &Model) -> Option<(Span, String)> {
        let Thing::Team(id) = self.thing else {
            return None;
        };
        let (span, does) = self.by.as_ref()?;
        Some((*span, format!("{} {does}", model.teams[id.index()].meta.name)))
    }
}

/// The systems that decide what an agent is and what it may do.
pub fn of(context: &Context<'_>, id: AgentId) -> Vec<ControlPoint> {
    let model = context.model;
    let identities = context.facts.reach[id.index()].identities.iter();
    let mut control_points: Vec<ControlPoint> = identities.map(|identity| issuer(model, *identity)).collect();
    governing(model, governors::of(context, id), &mut control_points);
    control_points
}

/// What can be changed about enforcement points and teams that govern.
pub fn governing(model: &Model, governors: Governors, control_points: &mut Vec<ControlPoint>) {
    for id in governors.enforcements {
        let own = &model.enforcements[id.index()];
        let said = own.configured_in.known();
        if said.is_none() {
            control_points.push(unstated(Thing::Enforcement(id), Mark::Configured, &own.meta));
        }
        control_points.extend(said.into_iter().flatten().map(|at| ControlPoint {
            thing: Thing::Enforcement(id),
            system: Some(at.value),
            magnitude: Magnitude::from(Mark::Configured).id(&own.meta.id),
            place: format!("{} is configured there", own.meta.name),
            span: at.span,
            by: None,
        }));
    }
    for (id, by) in governors.teams {
        let own = &model.teams[id.index()];
        let magnitude = Magnitude::from(Mark::Keeps).id(&own.meta.id);
        let magnitude = if by.is_some() { magnitude.mark(Mark::Way) } else { magnitude };
        let said = own.kept_in.known();
        if said.is_none() {
            control_points.push(ControlPoint {
                by: by.clone(),
                magnitude: magnitude.clone().mark(Mark::Unstated),
                ..unstated(Thing::Team(id), Mark::Keeps, &own.meta)
            });
        }
        control_points.extend(said.into_iter().flatten().map(|at| ControlPoint {
            thing: Thing::Team(id),
            system: Some(at.value),
            magnitude: magnitude.clone(),
            place: format!("the members of {} are kept there", own.meta.name),
            span: at.span,
            by: by.clone(),
        }));
    }
}

/// What issues an identity.
pub fn issuer(model: &Model, id: IdentityId) -> ControlPoint {
    let own = &model.identities[id.index()];
    match own.issued_by {
        Some(system) => ControlPoint {
            thing: Thing::Issuer(id),
            system: Some(system),
            magnitude: Magnitude::from(Mark::Issues).id(&own.meta.id),
            place: format!("{} is issued there", own.meta.name),
            span: own.meta.span,
            by: None,
        },
        None => unstated(Thing::Issuer(id), Mark::Issues, &own.meta),
    }
}

fn unstated(thing: Thing, mark: Mark, meta: &Meta) -> ControlPoint {
    ControlPoint {
        thing,
        system: None,
        magnitude: Magnitude::from(mark).id(&meta.id).mark(Mark::Unstated),
        place: format!("{} does not name it", meta.name),
        span: meta.span,
        by: None,
    }
}
