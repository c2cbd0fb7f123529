//! Who can answer as each function of a domain today: owners, deputies, teams with their members, delegates.

use super::Page;
use crate::facts::eligible::{Holder, eligible};
use crate::model::{DomainId, Party, PersonId, Team};
use crate::words::listed;
use std::fmt::Write;

/// The most members of a team that are named; more are counted.
const TOLD: usize = 4;

impl Page<'_> {
    pub(super) fn seats(&self, out: &mut String, id: DomainId) {
        let domain = &self.model.domains[id.index()];
        for (place, seat) in domain.seats.iter().enumerate() {
            let function = &self.model.functions[seat.function.index()];
            let questions: Vec<String> = function.decides.iter().take(2).map(|question| question.replace('_', " ")).collect();
            let deputies: Vec<String> = seat.deputies.iter().map(|deputy| self.party(deputy.value)).collect();
            let deputies = if deputies.is_empty() {
                String::new()
            } else {
                format!("(deputy {})", deputies.join(", "))
            };
            let who = format!("{} {deputies}", self.party(seat.owner.value));
            let mut row = |questions: &str, who: &str, cited: String| {
                let _ = writeln!(out, "  {questions:27} {:10} {who:44} {cited}", function.meta.name);
            };
            row(&questions.join(", "), &who, self.cite(seat.span));
            let last = domain.seats[place + 1..].iter().all(|other| other.function != seat.function);
            let today = eligible(self.model, id, seat.function, self.model.as_of);
            for holder in today.iter().filter(|_| last) {
                if let Some((who, cited)) = self.delegate(holder) {
                    row("", &who, cited);
                }
            }
        }
    }

    /// `Gerard Vos for Maria Lopez (d2, from 2026-11-10 to 2026-12-20)`, and where that is written.
    fn delegate(&self, holder: &Holder) -> Option<(String, String)> {
        let delegation = &self.model.delegations[holder.delegation?];
        let by = delegation.from.map_or("nobody", |from| self.person(from.value));
        let starts = holder.starts.map_or(String::new(), |starts| format!(" from {starts}"));
        let until = holder.until.map_or(" without an end".to_owned(), |until| format!(" until {until}"));
        let who = format!("{} for {by} ({},{starts}{until})", self.person(holder.named), delegation.meta.name);
        Some((who, self.cite(delegation.meta.span)))
    }

    pub(super) fn party(&self, party: Party) -> String {
        match party {
            Party::Person(person) => self.present(person),
            Party::Team(team) => self.team(&self.model.teams[team.index()]),
            Party::Agent(agent) => format!("the agent {}", self.model.agents[agent.index()].meta.name),
            Party::Identity(identity) => format!("the identity {}", self.model.identities[identity.index()].meta.name),
        }
    }

    /// A person. If the person has left, the text says so.
    fn present(&self, person: PersonId) -> String {
        let name = self.person(person);
        match self.left(person) {
            Some(until) => format!("{name}, who left on {until}"),
            None => name.to_owned(),
        }
    }

    fn left(&self, person: PersonId) -> Option<jiff::civil::Date> {
        let until = self.model.people[person.index()].until?.value;
        (until < self.model.as_of).then_some(until)
    }

    /// `Security operations (led by Sam Osei, with Priya Nair)`
    fn team(&self, team: &Team) -> String {
        let lead = team
            .lead
            .map_or("nobody leads it".to_owned(), |lead| format!("led by {}", self.present(lead.value)));
        let others = team.everybody().into_iter().map(|person| person.value);
        let others = others.filter(|person| Some(*person) != team.lead.map(|lead| lead.value) && self.left(*person).is_none());
        let names: Vec<&str> = others.map(|person| self.person(person)).collect();
        let with = match names.len() {
            0 => String::new(),
            count if count > TOLD => format!(", with {count} more"),
            _ => format!(", with {}", listed(&names)),
        };
        format!("{} ({lead}{with})", team.meta.shown())
    }
}
