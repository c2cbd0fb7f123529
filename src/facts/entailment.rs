//! Whether people who may decide one thing have thereby decided another one, function by function, in every
//! cell.

use crate::facts::applicable::ApplicableRule;
use crate::facts::cell::{Cell, cells};
use crate::facts::eligible::eligible;
use crate::facts::verdict::ways;
use crate::model::{DomainId, FunctionId, Model, Quorum, Requirement};
use std::collections::{BTreeMap, BTreeSet};

/// How many people of each function.
pub type Functions = BTreeMap<FunctionId, u32>;

/// What decides something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side<'a> {
    /// The domains that govern it.
    pub domains: &'a [DomainId],
    /// Rules of standards that it must meet as well.
    pub rules: &'a [ApplicableRule],
}

/// What is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// A tier of a domain; its emergency quorum if `None`.
    Domain(DomainId, Option<usize>),
    /// A rule of a standard.
    Rule(ApplicableRule),
}

/// A case where people may decide one thing without having decided the other.
#[derive(Clone, Debug)]
pub struct Gap {
    /// For which inputs; the tiers are those of the domains of the source.
    pub cell: Cell,
    /// Whether in an emergency.
    pub emergency: bool,
    /// The functions that have approved.
    pub given: Functions,
    /// The functions that are missing, each with how many people it needs.
    pub missing: Functions,
    /// How many people have approved and how many are needed, where no function is missing but the number is
    /// too small.
    pub few: Option<(u32, u32)>,
    /// What requires them.
    pub unmet: Unmet,
}

/// There are more cells or more ways than can be tried, so the result is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// The first gap, the normal path before emergencies; `None` if the source entails the target.
pub fn gap(model: &Model, source: Side<'_>, target: Side<'_>) -> Result<Option<Gap>, TooLarge> {
    let mut first = None;
    search(model, source, target, |gap| {
        first = Some(gap);
        false
    })?;
    Ok(first)
}

/// Every gap, in order: somebody who accepts one of them has not accepted the others.
pub fn gaps(model: &Model, source: Side<'_>, target: Side<'_>) -> Result<Vec<Gap>, TooLarge> {
    let mut all = Vec::new();
    search(model, source, target, |gap| {
        all.push(gap);
        true
    })?;
    Ok(all)
}

/// Passes each gap to `tell`, for as long as that returns true.
fn search(model: &Model, source: Side<'_>, target: Side<'_>, mut tell: impl FnMut(Gap) -> bool) -> Result<(), TooLarge> {
    if target.rules.is_empty() && target.domains.iter().all(|domain| source.domains.contains(domain)) {
        return Ok(());
    }
    let mut all: Vec<DomainId> = source.domains.to_vec();
    all.extend(target.domains.iter().filter(|domain| !source.domains.contains(domain)));
    let cells = cells(model, &all).ok_or(TooLarge)?;
    let urgent = |domain: &DomainId| {
        model.domains[domain.index()]
            .emergency
            .as_ref()
            .is_some_and(|own| own.approve.is_some())
    };
    let emergencies: &[bool] = match source.domains.iter().any(urgent) {
        true => &[false, true],
        false => &[false],
    };
    for emergency in emergencies {
        for cell in &cells {
            let here = Here {
                model,
                all: &all,
                cell,
                emergency: *emergency,
            };
            let more = here.gaps(source, target, &mut |mut gap| {
                gap.cell.tiers.truncate(source.domains.len());
                tell(gap)
            })?;
            if !more {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// One cell, in the normal path or in an emergency.
struct Here<'a> {
    model: &'a Model,
    all: &'a [DomainId],
    cell: &'a Cell,
    emergency: bool,
}

impl<'a> Here<'a> {
    /// What a domain requires here; `None` where no tier takes these values, since then nobody can decide.
    fn quorum(&self, domain: DomainId) -> Option<(&'a Quorum, Option<usize>)> {
        let own = &self.model.domains[domain.index()];
        let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
        if let Some(urgent) = urgent.filter(|_| self.emergency) {
            return Some((&urgent.value, None));
        }
        let place = self.all.iter().position(|other| *other == domain)?;
        let tier = self.cell.tiers[place]?;
        Some((&own.tiers[tier].quorum, Some(tier)))
    }

    /// What the rules require here. What a standard permits for an emergency replaces its other requirements.
    fn applicable(&self, rules: &[ApplicableRule]) -> Vec<(&'a Quorum, ApplicableRule)> {
        let eased = |rule: &ApplicableRule| matches!(rule.rule(self.model).requirement, Requirement::Emergency(..));
        if self.emergency && rules.iter().any(eased) {
            return Vec::new();
        }
        let here = rules
            .iter()
            .filter(|rule| !rule.conditional || self.cell.rules.contains(&(rule.standard, rule.rule)));
        let quorums = here.filter_map(|rule| match &rule.rule(self.model).requirement {
            Requirement::Approval(quorum) => Some((quorum, *rule)),
            Requirement::Approvers(_)
            | Requirement::Bound(_)
            | Requirement::Rollback(..)
            | Requirement::Evidence(..)
            | Requirement::Credential(..)
            | Requirement::Basis
            | Requirement::Scope
            | Requirement::Stop(_)
            | Requirement::Enforcement
            | Requirement::Absence(_)
            | Requirement::Emergency(..)
            | Requirement::Waiver(_)
            | Requirement::Stated => None,
        });
        quorums.collect()
    }

    /// Passes each gap here to `tell`, for as long as that returns true; returns whether to go on.
    fn gaps(&self, source: Side<'_>, target: Side<'_>, tell: &mut impl FnMut(Gap) -> bool) -> Result<bool, TooLarge> {
        let mut applicable: Vec<Quorum> = Vec::new();
        for domain in source.domains {
            match self.quorum(*domain) {
                Some((quorum, _)) => applicable.push(quorum.clone()),
                None => return Ok(true),
            }
        }
        applicable.extend(self.applicable(source.rules).into_iter().map(|(quorum, _)| quorum.clone()));
        let mut wanted: Vec<(&Quorum, Unmet)> = Vec::new();
        for domain in target.domains {
            if let Some((quorum, tier)) = self.quorum(*domain) {
                wanted.push((quorum, Unmet::Domain(*domain, tier)));
            }
        }
        let rules = self.applicable(target.rules).into_iter();
        wanted.extend(rules.map(|(quorum, rule)| (quorum, Unmet::Rule(rule))));
        let given = ways(&Quorum::Threshold(applicable.len() as u32, applicable)).ok_or(TooLarge)?;
        for way in &given {
            let count = |function: FunctionId| way.get(&function).copied().unwrap_or(0);
            for (quorum, unmet) in wanted.iter().filter(|(quorum, _)| !quorum.met(&count)) {
                let closest = ways(quorum)
                    .ok_or(TooLarge)?
                    .into_iter()
                    .map(|option| {
                        option
                            .into_iter()
                            .filter(|(function, need)| count(*function) < *need)
                            .collect::<Functions>()
                    })
                    .min_by_key(|missing| (missing.len(), missing.clone()));
                let more = tell(Gap {
                    cell: self.cell.clone(),
                    emergency: self.emergency,
                    given: way.clone(),
                    missing: closest.unwrap_or_default(),
                    few: None,
                    unmet: *unmet,
                });
                if !more {
                    return Ok(false);
                }
            }
        }
        let Some((wanted, rule)) = self.most(target.rules) else {
            return Ok(true);
        };
        let already = self.most(source.rules).map_or(0, |(people, _)| people);
        let people = |way: &Functions| self.people(source.domains, way).max(already);
        let least = given.into_iter().min_by_key(people).filter(|way| people(way) < wanted);
        Ok(least.is_none_or(|way| {
            tell(Gap {
                cell: self.cell.clone(),
                emergency: self.emergency,
                few: Some((people(&way), wanted)),
                given: way,
                missing: Functions::new(),
                unmet: Unmet::Rule(rule),
            })
        }))
    }

    /// The most people that rules require here. An emergency has a number of its own, which another check
    /// covers.
    fn most(&self, rules: &[ApplicableRule]) -> Option<(u32, ApplicableRule)> {
        let here = rules
            .iter()
            .filter(|rule| !rule.conditional || self.cell.rules.contains(&(rule.standard, rule.rule)));
        let numbers = here.filter_map(|rule| match rule.rule(self.model).requirement {
            Requirement::Approvers(people) if !self.emergency => Some((people, *rule)),
            _ => None,
        });
        numbers.max_by_key(|(people, _)| *people)
    }

    /// The fewest people who can approve in a way: one for each function, unless every domain lets one person
    /// stand for several functions and somebody holds several.
    fn people(&self, domains: &[DomainId], way: &Functions) -> u32 {
        let one_for_all = domains
            .iter()
            .all(|domain| self.model.domains[domain.index()].same_person.is_some());
        let mut seen = BTreeSet::new();
        let mut held = way.keys().flat_map(|function| {
            let all = domains
                .iter()
                .flat_map(|domain| eligible(self.model, *domain, *function, self.model.as_of));
            all.map(|holder| holder.person).collect::<BTreeSet<_>>()
        });
        match one_for_all && held.any(|person| !seen.insert(person)) {
            true => way.values().copied().max().unwrap_or(0),
            false => way.values().sum(),
        }
    }
}
