//! Compares how few people can bring about what agents do, and how many people may be away.

use crate::diff::governing::said;
use crate::diff::renamed::Renamed;
use crate::diff::{Both, Change, Kind, Place, Side, Weight};
use crate::facts::cell::Values;
use crate::facts::verdict::Answer;
use crate::facts::{Facts, GroupId, Verdict};
use crate::model::Model;
use crate::words::{at_most, counted};
use std::collections::{BTreeMap, BTreeSet};

type Operation = [String; 3];

/// Returns how the people needed to decide the same operations differ before and after.
pub(super) fn changes(both: Both<'_>, renamed: &Renamed) -> Vec<Change> {
    let (before, after) = (decided(&both.old.model, &both.old.facts), decided(&both.new.model, &both.new.facts));
    let mut pairs: BTreeMap<(GroupId, GroupId), Vec<Operation>> = BTreeMap::new();
    for (operation, old) in &before {
        if let Some(new) = after.get(operation) {
            pairs.entry((*old, *new)).or_default().push(operation.clone());
        }
    }
    let mut changes = Vec::new();
    for ((old, new), operations) in pairs {
        let pair = Pair {
            both,
            new,
            renamed,
            about: said(&both.new.model, &operations),
        };
        let was = &both.old.facts.verdicts[old.index()];
        let is = &both.new.facts.verdicts[new.index()];
        if !was.too_large && !is.too_large {
            pair.held(was, is, &mut changes);
        }
    }
    changes
}

fn decided(model: &Model, facts: &Facts) -> BTreeMap<Operation, GroupId> {
    let atoms = facts.atoms.list.iter().zip(&facts.group_of);
    let decided = atoms.filter(|(_, group)| !facts.groups[group.index()].domains.is_empty());
    decided
        .map(|(atom, group)| {
            let (action, data, system) = atom.metas(model);
            ([action, data, system].map(|meta| meta.id.to_string()), *group)
        })
        .collect()
}

struct Pair<'a> {
    both: Both<'a>,
    new: GroupId,
    renamed: &'a Renamed,
    about: String,
}

impl Pair<'_> {
    fn held(&self, was: &Verdict, is: &Verdict, changes: &mut Vec<Change>) {
        let number = |verdict: &Verdict| verdict.weakest().and_then(|(_, answer, _)| answer.effective.or(answer.nominal));
        let (before, after) = (number(was), number(is));
        let gained = self.alone(was, is);
        if !gained.is_empty() {
            let sentence = format!("{} can now bring about {} alone", at_most(&gained, 4), self.about);
            // The name of that one person tells the reader more than the number one.
            let detail = match (before, after) {
                (Some(before), Some(1)) if before > 1 => format!("it took {}", people(before)),
                _ => String::new(),
            };
            changes.push(self.change(Weight::Weaker, sentence, detail));
        }
        if let (Some(before), Some(after)) = (before, after)
            && before != after
            && !(after == 1 && before > 1 && !gained.is_empty())
        {
            let weight = if after < before { Weight::Weaker } else { Weight::Stronger };
            let how = if after > 1 { "together" } else { "alone" };
            let sentence = format!("{} can bring about {} {how}, and it took {before}", people(after), self.about);
            let together = is.weakest().map(|(_, answer, _)| &answer.together[..]).unwrap_or_default();
            let names: Vec<String> = together
                .iter()
                .map(|person| self.both.new.model.people[person.index()].meta.shown().to_owned())
                .collect();
            let detail = match names.is_empty() {
                true => String::new(),
                false => format!("for one, {}", at_most(&names, 4)),
            };
            changes.push(self.change(weight, sentence, detail));
        }
        if let (Some(before), Some(after)) = (was.resilience(), is.resilience())
            && before != after
        {
            let away = |count: usize| match count {
                usize::MAX => "nobody is needed".to_owned(),
                count => format!("{} may be away", counted(count, "person", "people")),
            };
            let sentence = format!(
                "{} when {} is decided, and it was different: {}",
                away(after),
                self.about,
                away(before)
            );
            changes.push(self.change(Weight::Changed, sentence, String::new()));
        }
    }

    /// Returns the people who can now act alone in a case in which they needed somebody else before. A case in
    /// which nobody was needed does not count, because anybody could act alone there.
    fn alone(&self, was: &Verdict, is: &Verdict) -> Vec<String> {
        let mut gained: BTreeMap<&str, String> = BTreeMap::new();
        for (values, emergency, answer) in answers(is) {
            let like = answers(was).filter(|(_, other, _)| *other == emergency);
            let (same, rest): (Vec<_>, Vec<_>) = like.partition(|(other, ..)| *other == values);
            // If the conditions differ, any of the earlier cases may correspond.
            let before = if same.is_empty() { rest } else { same };
            if before.iter().any(|(.., earlier)| earlier.nominal == Some(0)) {
                continue;
            }
            let known: BTreeSet<&str> = before
                .iter()
                .flat_map(|(.., earlier)| &earlier.alone)
                .map(|person| {
                    let id = &*self.both.old.model.people[person.index()].meta.id;
                    self.renamed.get(id).map_or(id, |new| &**new)
                })
                .collect();
            for person in &answer.alone {
                let meta = &self.both.new.model.people[person.index()].meta;
                if !known.contains(&*meta.id) {
                    gained.insert(&meta.id, meta.shown().to_owned());
                }
            }
        }
        gained.into_values().collect()
    }

    fn change(&self, weight: Weight, sentence: String, detail: String) -> Change {
        let model = &self.both.new.model;
        let domain = self.both.new.facts.groups[self.new.index()].domains.first();
        let domain = domain.map(|domain| &model.domains[domain.index()]);
        Change {
            weight,
            kind: Kind::Collusion,
            subject: domain.map_or(String::new(), |domain| format!("domain {}", domain.meta.id)),
            sentence,
            detail,
            place: domain.map(|domain| Place {
                side: Side::New,
                span: domain.approve_span(),
            }),
        }
    }
}

fn people(count: usize) -> String {
    match count {
        0 => "nobody has to agree: anybody".to_owned(),
        count => counted(count, "person", "people"),
    }
}

/// The answers for all cases. Each has the values that represent the case, and whether the answer is for an
/// emergency.
fn answers(verdict: &Verdict) -> impl Iterator<Item = (&Values, bool, &Answer)> {
    verdict.cells.iter().flat_map(|cell| {
        let normal = std::iter::once((&cell.cell.sample, false, &cell.normal));
        normal.chain(cell.emergency.as_ref().map(|answer| (&cell.cell.sample, true, answer)))
    })
}
