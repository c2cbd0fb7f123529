//! Compares who must approve in each domain, for all values of its inputs, normally and in an emergency.

use crate::diff::declared::Declared;
use crate::diff::quorum::{Compared, Lacking, Terms, compare, fewest};
use crate::diff::{Both, Change, Kind, Place, Side, Weight};
use crate::facts::cell::{Values, described, samples_without_limits, tier};
use crate::facts::eligible::eligible;
use crate::model::{Domain, DomainId, Model, Quorum, canonical};
use crate::syntax::ast::Literal;
use crate::words::{at_most, counted};
use std::collections::{BTreeMap, BTreeSet};

/// The largest number of combinations of values that Quorate tries.
const MOST: usize = 50_000;

/// The domain with an id, if there is one.
pub(super) fn find(model: &Model, id: &str) -> Option<DomainId> {
    let place = model.domains.iter().position(|domain| *domain.meta.id == *id);
    place.map(|place| DomainId(place as u32))
}

/// Returns how the requirements of each domain on both sides differ.
pub(super) fn changes(both: Both<'_>, declared: &Declared) -> Vec<Change> {
    let mut changes = Vec::new();
    for id in declared.ids("domains") {
        let (Some(old), Some(new)) = (find(&both.old.model, id), find(&both.new.model, id)) else {
            continue;
        };
        let (was, is) = declared.pair("domains", id);
        let same = ["tiers", "inputs", "limits", "emergency"]
            .iter()
            .all(|clause| was.and_then(|value| value.get(clause)) == is.and_then(|value| value.get(clause)));
        if !same {
            changes.extend(Asking::of(both, vec![old], vec![new]).changes());
        }
    }
    changes
}

/// What some domains require together on each side.
pub(super) struct Asking<'a> {
    both: Both<'a>,
    old: Vec<DomainId>,
    new: Vec<DomainId>,
    terms: Terms,
    found: BTreeMap<(Weight, bool, String), Change>,
}

/// What a decision requires.
enum Needed {
    /// No tier accepts these values, so nobody can decide.
    Refused,
    /// This quorum.
    Quorum(Quorum),
}

impl<'a> Asking<'a> {
    pub(super) fn of(both: Both<'a>, old: Vec<DomainId>, new: Vec<DomainId>) -> Asking<'a> {
        Asking {
            both,
            old,
            new,
            terms: Terms::default(),
            found: BTreeMap::new(),
        }
    }

    /// Returns every difference, once for each direction, each missing part of the quorum, and for normal and
    /// emergency decisions.
    pub(super) fn changes(mut self) -> Vec<Change> {
        let Some(values) = self.values() else {
            let sentence = format!("what {} asks for has too many cases to be compared", self.named());
            return vec![self.change(Weight::Weaker, sentence, "it counts as weaker, since nobody knows".to_owned())];
        };
        let urgent = urgent(&self.both.old.model, &self.old) || urgent(&self.both.new.model, &self.new);
        for sample in &values {
            self.held(sample, false);
            if urgent {
                self.held(sample, true);
            }
        }
        self.found.into_values().collect()
    }

    /// Returns one sample for each combination of values that the conditions of either side distinguish; `None` if
    /// there are too many. The samples include values that a limit refuses, because limits are compared separately
    /// and a limit may be removed later.
    fn values(&self) -> Option<Vec<Values>> {
        let mut choices: BTreeMap<Box<str>, BTreeSet<Literal>> = BTreeMap::new();
        let every =
            samples_without_limits(&self.both.old.model, &self.old)?.chain(samples_without_limits(&self.both.new.model, &self.new)?);
        for sample in every {
            for (name, value) in sample {
                choices.entry(name).or_default().insert(value);
            }
        }
        let mut all = vec![Values::new()];
        for (name, literals) in choices {
            if all.len().saturating_mul(literals.len()) > MOST {
                return None;
            }
            let longer = all.iter().flat_map(|sample| {
                literals.iter().map(|literal| {
                    let mut sample = sample.clone();
                    sample.insert(name.clone(), literal.clone());
                    sample
                })
            });
            all = longer.collect();
        }
        Some(all)
    }

    /// Compares both sides for one combination of values.
    fn held(&mut self, sample: &Values, emergency: bool) {
        let old = asked(&mut self.terms, &self.both.old.model, &self.old, sample, emergency);
        let new = asked(&mut self.terms, &self.both.new.model, &self.new, sample, emergency);
        let when = self.when(sample, emergency);
        match (old, new) {
            (Needed::Refused, Needed::Refused) => {}
            (Needed::Refused, Needed::Quorum(new)) => {
                let sentence = format!("{} can be decided{when} now, and nobody could before", self.named());
                let detail = format!("it takes {}", self.terms.written(&new));
                self.note(Weight::Weaker, emergency, "refused".to_owned(), sentence, detail);
            }
            (Needed::Quorum(old), Needed::Refused) => {
                let sentence = format!("nobody can decide {}{when} any more", self.named());
                let detail = format!("it took {}", self.terms.written(&old));
                self.note(Weight::Stronger, emergency, "refused".to_owned(), sentence, detail);
            }
            (Needed::Quorum(old), Needed::Quorum(new)) => self.quorums(&old, &new, &when, emergency),
        }
    }

    fn quorums(&mut self, old: &Quorum, new: &Quorum, when: &str, emergency: bool) {
        let (weaker, stronger) = match compare(old, new) {
            Compared::Known(weaker, stronger) => (weaker, stronger),
            Compared::TooLarge => {
                let sentence = format!("what {} asks for{when} has too many ways to be compared", self.named());
                let detail = "it counts as weaker, since nobody knows".to_owned();
                return self.note(Weight::Weaker, emergency, "large".to_owned(), sentence, detail);
            }
        };
        let was = self.terms.written(old);
        let is = self.terms.written(new);
        let number = match (fewest(old), fewest(new)) {
            (Some(before), Some(after)) if before != after => {
                format!(
                    "; {} enough instead of {before}",
                    counted(after as usize, "approval is", "approvals are")
                )
            }
            _ => String::new(),
        };
        if let Some(lacking) = weaker {
            let missing = self.terms.said(&lacking.missing);
            let sentence = format!("{} can now be decided without {missing}{when}", self.named());
            let blockers = self.blockers(&lacking);
            let detail = format!("{blockers}it takes {is}, and took {was}{number}");
            self.note(Weight::Weaker, emergency, missing, sentence, detail);
        }
        if let Some(lacking) = stronger {
            let missing = self.terms.said(&lacking.missing);
            let sentence = format!("{} now takes {missing} as well{when}", self.named());
            let detail = format!("it takes {is}, and took {was}");
            self.note(Weight::Stronger, emergency, missing, sentence, detail);
        }
    }

    /// Says in words who can no longer block the decision; empty if that is nobody.
    fn blockers(&self, lacking: &Lacking) -> String {
        let model = &self.both.old.model;
        let mut names = BTreeSet::new();
        for function in lacking.missing.keys() {
            let Some(id) = self.terms.name(*function).strip_prefix("function ") else {
                continue;
            };
            let Some(place) = model.functions.iter().position(|own| *own.meta.id == *id) else {
                continue;
            };
            for domain in &self.old {
                for holder in eligible(model, *domain, (place as u32).into(), model.as_of) {
                    names.insert(model.people[holder.person.index()].meta.shown().to_owned());
                }
            }
        }
        let names: Vec<String> = names.into_iter().collect();
        match names.is_empty() {
            true => String::new(),
            false => format!("{} can no longer block it; ", at_most(&names, 3)),
        }
    }

    fn when(&self, sample: &Values, emergency: bool) -> String {
        let cell = match described(sample) {
            text if text.is_empty() => String::new(),
            text => format!(" with {text}"),
        };
        if emergency { format!("{cell} in an emergency") } else { cell }
    }

    /// The names of the domains, for display.
    fn named(&self) -> String {
        let name = |model: &Model, ids: &[DomainId]| -> Vec<String> {
            ids.iter().map(|id| model.domains[id.index()].meta.name.to_string()).collect()
        };
        let new = name(&self.both.new.model, &self.new);
        let names = if new.is_empty() {
            name(&self.both.old.model, &self.old)
        } else {
            new
        };
        at_most(&names, 4)
    }

    fn note(&mut self, weight: Weight, emergency: bool, key: String, sentence: String, detail: String) {
        let change = self.change(weight, sentence, detail);
        // The last sample describes a case best, so it replaces an earlier one.
        self.found.insert((weight, emergency, key), change);
    }

    fn change(&self, weight: Weight, sentence: String, detail: String) -> Change {
        let first = |model: &'a Model, ids: &[DomainId]| -> Option<&'a Domain> { ids.first().map(|id| &model.domains[id.index()]) };
        let new = first(&self.both.new.model, &self.new).map(|own| (own, Side::New));
        let own = new.or_else(|| first(&self.both.old.model, &self.old).map(|own| (own, Side::Old)));
        Change {
            weight,
            kind: Kind::Requirement,
            subject: own.map_or(String::new(), |(domain, _)| format!("domain {}", domain.meta.id)),
            sentence,
            detail,
            place: own.map(|(domain, side)| Place {
                side,
                span: domain.approve_span(),
            }),
        }
    }
}

fn urgent(model: &Model, domains: &[DomainId]) -> bool {
    let mut emergencies = domains.iter().filter_map(|domain| model.domains[domain.index()].emergency.as_ref());
    emergencies.any(|emergency| emergency.approve.is_some())
}

/// Returns what some domains require together.
fn asked(terms: &mut Terms, model: &Model, domains: &[DomainId], sample: &Values, emergency: bool) -> Needed {
    let mut all = Vec::new();
    for domain in domains {
        let own = &model.domains[domain.index()];
        let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
        let quorum = match urgent.filter(|_| emergency) {
            Some(urgent) => Some(&urgent.value),
            None => tier(model, *domain, sample).map(|tier| &own.tiers[tier].quorum),
        };
        let read = quorum.and_then(|quorum| terms.read(&canonical::quorum(model, quorum)));
        match read {
            Some(quorum) => all.push(quorum),
            None => return Needed::Refused,
        }
    }
    match (all.len(), all.pop()) {
        (1, Some(only)) => Needed::Quorum(only),
        (_, last) => {
            all.extend(last);
            Needed::Quorum(Quorum::Threshold(all.len() as u32, all))
        }
    }
}
