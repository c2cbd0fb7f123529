//! Which entries belong to one human, before and now. The mark of a human is an arbitrary word, so entries
//! identify humans.

use crate::emit::cedar::tree::Kind;
use crate::prove::against::data::entities::{Entities, Entity};
use std::collections::BTreeMap;

/// The human of each entry.
pub struct Humans<'a> {
    today: BTreeMap<&'a str, &'a str>,
    earlier: BTreeMap<&'a str, &'a str>,
}

impl<'a> Humans<'a> {
    /// The humans of two builds.
    pub fn new(today: &'a Entities, earlier: &'a Entities) -> Humans<'a> {
        let [today, earlier] = [today, earlier].map(|entities| {
            let human = |(id, person): (&'a str, &'a Entity)| Some((id, person.attribute("human").as_str()?));
            entities.all(Kind::Person).filter_map(human).collect()
        });
        Humans { today, earlier }
    }

    /// Whether what an earlier human had still belongs to that human.
    pub fn is_still(&self, earlier: &str, today: Option<&str>) -> bool {
        let mut entries = self.earlier.iter().filter(|(_, human)| **human == earlier);
        entries.all(|(id, _)| self.today.get(id).is_none_or(|now| today == Some(now)))
    }

    /// A sentence for the entries of each human that has become more than one.
    pub fn parted(&self) -> Vec<String> {
        let mut of_human: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (id, human) in &self.earlier {
            if let Some(now) = self.today.get(id) {
                // The first entry of each of today's humans represents it.
                of_human.entry(human).or_default().entry(now).or_insert(id);
            }
        }
        let parted = of_human.values().filter(|humans| humans.len() > 1);
        parted
            .map(|humans| {
                let names: Vec<String> = humans.values().map(|id| format!("`{id}`")).collect();
                format!("{} counted as one human before, and do not now", names.join(" and "))
            })
            .collect()
    }
}
