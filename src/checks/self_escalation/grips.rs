//! What decides what an agent is and may do, and in which systems it can be changed.

use crate::checks::Context;
use crate::checks::self_escalation::governors::{self, By, Governors};
use crate::diagnostic::{Extent, Mark};
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
pub struct Grip {
    /// The thing that governs.
    pub thing: Thing,
    /// The system; `None` if the files do not name one, and then it may be any.
    pub system: Option<SystemId>,
    /// Its identification, for a fingerprint.
    pub extent: Extent,
    /// The text at the place.
    pub place: String,
    /// The place.
    pub span: Span,
    /// How a team governs, where it does so indirectly.
    pub by: By,
}

impl Grip {
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
pub fn of(context: &Context<'_>, id: AgentId) -> Vec<Grip> {
    let model = context.model;
    let identities = context.facts.reach[id.index()].identities.iter();
    let mut grips: Vec<Grip> = identities.map(|identity| issuer(model, *identity)).collect();
    governing(model, governors::of(context, id), &mut grips);
    grips
}

/// What can be changed about enforcement points and teams that govern.
pub fn governing(model: &Model, governors: Governors, grips: &mut Vec<Grip>) {
    for id in governors.enforcements {
        let own = &model.enforcements[id.index()];
        let said = own.configured_in.known();
        if said.is_none() {
            grips.push(unsaid(Thing::Enforcement(id), Mark::Configured, &own.meta));
        }
        grips.extend(said.into_iter().flatten().map(|at| Grip {
            thing: Thing::Enforcement(id),
            system: Some(at.value),
            extent: Extent::from(Mark::Configured).id(&own.meta.id),
            place: format!("{} is configured there", own.meta.name),
            span: at.span,
            by: None,
        }));
    }
    for (id, by) in governors.teams {
        let own = &model.teams[id.index()];
        let extent = Extent::from(Mark::Keeps).id(&own.meta.id);
        let extent = if by.is_some() { extent.mark(Mark::Way) } else { extent };
        let said = own.kept_in.known();
        if said.is_none() {
            grips.push(Grip {
                by: by.clone(),
                extent: extent.clone().mark(Mark::Unsaid),
                ..unsaid(Thing::Team(id), Mark::Keeps, &own.meta)
            });
        }
        grips.extend(said.into_iter().flatten().map(|at| Grip {
            thing: Thing::Team(id),
            system: Some(at.value),
            extent: extent.clone(),
            place: format!("the members of {} are kept there", own.meta.name),
            span: at.span,
            by: by.clone(),
        }));
    }
}

/// What issues an identity.
pub fn issuer(model: &Model, id: IdentityId) -> Grip {
    let own = &model.identities[id.index()];
    match own.issued_by {
        Some(system) => Grip {
            thing: Thing::Issuer(id),
            system: Some(system),
            extent: Extent::from(Mark::Issues).id(&own.meta.id),
            place: format!("{} is issued there", own.meta.name),
            span: own.meta.span,
            by: None,
        },
        None => unsaid(Thing::Issuer(id), Mark::Issues, &own.meta),
    }
}

fn unsaid(thing: Thing, mark: Mark, meta: &Meta) -> Grip {
    Grip {
        thing,
        system: None,
        extent: Extent::from(mark).id(&meta.id).mark(Mark::Unsaid),
        place: format!("{} does not name it", meta.name),
        span: meta.span,
        by: None,
    }
}
