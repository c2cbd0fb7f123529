//! How few people can bring about what agents do, and how many may be away, on each side.

use crate::diff::governing::said;
use crate::diff::renamed::Renamed;
use crate::diff::{Both, Change, Kind, Place, Side, Weight, listed};
use crate::facts::{Facts, GroupId, Verdict};
use crate::model::Model;
use std::collections::{BTreeMap, BTreeSet};

type Operation = [String; 3];

/// What it takes to decide the same things, before and after.
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
        if let (Some(before), Some(after)) = (number(was), number(is))
            && before != after
        {
            let weight = if after < before { Weight::Weaker } else { Weight::Stronger };
            let sentence = format!("{} can bring about {} together, and it took {before}", people(after), self.about);
            let together = is.weakest().map(|(_, answer, _)| &answer.together[..]).unwrap_or_default();
            let names: Vec<String> = together
                .iter()
                .map(|person| self.both.new.model.people[person.index()].meta.shown().to_owned())
                .collect();
            let detail = if names.is_empty() {
                String::new()
            } else {
                format!("for one, {}", listed(&names, 4))
            };
            changes.push(self.change(
                weight,
                sentence.replace(" together, and", if after > 1 { " together, and" } else { " alone, and" }),
                detail,
            ));
        }
        let (before, after) = (alone(&self.both.old.model, was), alone(&self.both.new.model, is));
        let known = |id: &String| before.keys().any(|own| self.renamed.get(own).unwrap_or(own) == id);
        let gained: Vec<String> = after.iter().filter(|(id, _)| !known(id)).map(|(_, name)| name.clone()).collect();
        if !gained.is_empty() {
            let sentence = format!("{} can now bring about {} alone", listed(&gained, 4), self.about);
            changes.push(self.change(Weight::Weaker, sentence, String::new()));
        }
        if let (Some(before), Some(after)) = (was.resilience(), is.resilience())
            && before != after
        {
            let away = |count: usize| match count {
                usize::MAX => "nobody is needed".to_owned(),
                1 => "one person may be away".to_owned(),
                count => format!("{count} people may be away"),
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
        1 => "one person".to_owned(),
        count => format!("{count} people"),
    }
}

/// Everybody who can act alone, in some case, by id.
fn alone(model: &Model, verdict: &Verdict) -> BTreeMap<String, String> {
    let answers = verdict
        .cells
        .iter()
        .flat_map(|cell| std::iter::once(&cell.normal).chain(&cell.emergency));
    let all: BTreeSet<_> = answers.flat_map(|answer| answer.alone.iter().copied()).collect();
    let named = all.into_iter().map(|person| &model.people[person.index()].meta);
    named.map(|meta| (meta.id.to_string(), meta.shown().to_owned())).collect()
}
