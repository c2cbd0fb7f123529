//! Who decides about changes where they arrive by `feeds`, whether or not an agent can make the same change
//! there.

use crate::facts::applicable::{ApplicableRule, applicable};
use crate::facts::atom::{Atom, Atoms};
use crate::facts::flow::graph::Location;
use crate::facts::verdict::governing;
use crate::model::{ActionId, DomainId, Model};
use std::collections::BTreeSet;

/// What is decided and required at some places.
#[derive(Debug)]
pub struct DownstreamDomains {
    actions: Vec<ActionId>,
    atoms: Atoms,
    governing: Vec<Vec<DomainId>>,
    applicable: Vec<Vec<ApplicableRule>>,
}

impl DownstreamDomains {
    /// Looks at every change that could arrive at some places.
    pub fn of(model: &Model, places: impl Iterator<Item = Location>) -> DownstreamDomains {
        let all = 0..model.actions.len();
        let leaf = |action: &usize| {
            let own = &model.actions[*action];
            own.flags.mutates && own.leaves == [ActionId(*action as u32)]
        };
        let actions: Vec<ActionId> = all.filter(leaf).map(|action| ActionId(action as u32)).collect();
        let mut atoms = Atoms::default();
        for (system, data) in places.collect::<BTreeSet<Location>>() {
            for action in &actions {
                atoms.intern(Atom {
                    action: *action,
                    data,
                    system,
                });
            }
        }
        let governing = governing(model, &atoms);
        let applicable = applicable(model, &atoms);
        DownstreamDomains {
            actions,
            atoms,
            governing,
            applicable,
        }
    }

    /// The domains that decide about some change at a place.
    pub fn domains(&self, place: Location) -> BTreeSet<DomainId> {
        let changes = self.actions.iter().flat_map(|action| self.decided(*action, place).0);
        changes.copied().collect()
    }

    /// The domains that decide about one change at a place, and the applicable rules.
    pub fn decided(&self, action: ActionId, (system, data): Location) -> (&[DomainId], &[ApplicableRule]) {
        let atom = self.atoms.find(Atom { action, data, system });
        atom.map_or((&[], &[]), |atom| (&self.governing[atom.index()], &self.applicable[atom.index()]))
    }

    /// The domains that decide about a change where it arrives: those of the same action. If no domain covers
    /// that action, the domains of every other action that changes the data, because the files do not state
    /// which action it is.
    pub fn arrives(&self, action: ActionId, place: Location) -> Vec<(&[DomainId], &[ApplicableRule])> {
        let same = self.decided(action, place);
        if !same.0.is_empty() {
            return vec![same];
        }
        let mut others: Vec<(&[DomainId], &[ApplicableRule])> = vec![same];
        for other in &self.actions {
            let decided = self.decided(*other, place);
            if !decided.0.is_empty() && !others.contains(&decided) {
                others.push(decided);
            }
        }
        others
    }
}
