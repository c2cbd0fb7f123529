//! How severe a fault of an approval is: when it holds, and who can act alone. A waiver of the fault covers
//! only this.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::{Diagnostic, Magnitude, Mark};
use crate::model::canonical::condition;
use crate::model::domain::Gate;
use crate::model::{DomainId, Model, PersonId};
use serde_json::Value;
use std::collections::BTreeSet;

impl Case<'_> {
    /// When the fault holds, and what else makes it more severe.
    pub fn magnitude(&self, context: &Context<'_>, more: impl Into<Magnitude>) -> Magnitude {
        let domains = &context.facts.groups[self.group.index()].domains;
        more.into().and(when(context.model, domains, &self.cell.cell.tiers, self.emergency))
    }
}

/// When each of these domains applies its tier: the conditions that must hold, and those that must not hold.
pub fn when(model: &Model, domains: &[DomainId], tiers: &[Option<usize>], emergency: bool) -> Magnitude {
    let of = |(domain, tier): (&DomainId, &Option<usize>)| {
        let own = &model.domains[domain.index()];
        let urgent = emergency && own.emergency.as_ref().is_some_and(|emergency| emergency.approve.is_some());
        let tried = match (urgent, tier) {
            (true, _) => &[],
            (false, Some(tier)) => &own.tiers[..=*tier],
            (false, None) => &own.tiers[..],
        };
        let gates = tried.iter().filter_map(|tier| match &tier.gate {
            Gate::Always | Gate::Otherwise => None,
            Gate::When(when) => Some(condition(when)),
        });
        let gates: Vec<Value> = gates.collect();
        let last = match (urgent, tier.map(|tier| &own.tiers[tier].gate)) {
            (true, _) => Mark::Emergency,
            (false, None) => Mark::NoTier,
            (false, Some(Gate::When(_))) => Mark::When,
            (false, Some(Gate::Always | Gate::Otherwise)) => Mark::Otherwise,
        };
        (!gates.is_empty() || urgent || tier.is_none()).then(|| {
            gates
                .into_iter()
                .fold(Magnitude::new().id(&own.meta.id).mark(last), Magnitude::part)
        })
    };
    let mut all: Vec<Magnitude> = domains.iter().zip(tiers).filter_map(of).collect();
    all.sort_unstable();
    all.into_iter().fold(Magnitude::new(), Magnitude::and)
}

/// Names everybody who can act alone in a finding, and in its fingerprint.
pub fn alone(context: &Context<'_>, case: &Case<'_>, finding: &mut Diagnostic, able: &BTreeSet<PersonId>, unnamed: bool) {
    let ids = able.iter().map(|person| context.model.people[person.index()].meta.id.to_string());
    let mut ids: Vec<String> = ids.collect();
    ids.sort_unstable();
    finding.finding.alone.extend(ids.iter().cloned());
    let mut able = ids.iter().fold(Magnitude::new(), |able, id| able.id(id));
    if unnamed {
        able = able.mark(Mark::Somebody);
    }
    finding.finding.magnitude.insert(case.magnitude(context, able));
}
