//! Who holds a function, by name.

use crate::facts::eligible::holders;
use crate::model::{self, At, DomainId, Party, Seat};
use crate::report::evidence::reading::Reading;
use crate::words::counted;
use serde::Serialize;
use std::collections::BTreeSet;

/// A person, team, agent or identity that the files name as the owner, a deputy or a delegate of a function.
#[derive(Clone, Debug, Serialize)]
pub struct Holder {
    /// The full name.
    pub name: String,
    /// The id of the declaration.
    pub id: String,
    /// `person`, `team`, `agent` or `identity`.
    pub kind: &'static str,
    /// The role of a person, such as `Head of marketing`, or for a delegate whom the person replaces. For a team, who
    /// leads it. Null if the files do not state it.
    pub role: Option<String>,
    /// The dates between which this applies, the size of a team, or why an approval does not count; `None` if there
    /// is nothing to note.
    pub note: Option<String>,
    /// The location of the statement in the files, as `file:line`.
    pub at: String,
}

/// A function, and who is accountable for it.
#[derive(Clone, Debug, Serialize)]
pub struct Accountable {
    /// The name of the function.
    pub function: String,
    /// The title of the function; its name if it has no title.
    pub title: String,
    /// The questions that the function answers, such as `use case`.
    pub answers_for: Vec<String>,
    /// The accountable owner.
    pub owner: Holder,
    /// The deputies of the owner.
    pub deputies: Vec<Holder>,
    /// The people to whom the function is delegated for a time, now or later.
    pub delegates: Vec<Holder>,
}

/// A function that a person holds in a domain.
#[derive(Clone, Debug, Serialize)]
pub struct Answers {
    /// The title of the domain.
    pub domain: String,
    /// The title of the function.
    pub function: String,
    /// In which capacity: `owner`, `deputy`, `delegate of …`, or through which team.
    pub capacity: String,
}

/// A person.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// The id of the declaration.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The role, such as `Head of marketing`; `None` if the files do not state it.
    pub role: Option<String>,
    /// The last date on which the person can approve, as YYYY-MM-DD; `None` if there is not one.
    pub until: Option<String>,
    /// The id of the person who has the same address or account; the two count as one human.
    pub same_as: Option<String>,
    /// The functions that the person holds on the as-of date.
    pub answers_for: Vec<Answers>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// Everybody whom the files declare, in the order of the files.
pub(super) fn people(reading: &Reading<'_>) -> Vec<Person> {
    let model = reading.model;
    let mut answers: Vec<Vec<Answers>> = vec![Vec::new(); model.people.len()];
    for (index, domain) in model.domains.iter().enumerate() {
        let mut seen = BTreeSet::new();
        for seat in domain.seats.iter().filter(|seat| seen.insert(seat.function)) {
            for holder in holders(model, DomainId(index as u32), seat.function) {
                let begun = holder.starts.is_none_or(|starts| starts <= model.as_of);
                let current = holder.until.is_none_or(|until| until >= model.as_of);
                if begun && current && model.people[holder.named.index()].active(model.as_of) {
                    answers[holder.named.index()].push(Answers {
                        domain: domain.meta.shown().to_owned(),
                        function: model.functions[seat.function.index()].meta.shown().to_owned(),
                        capacity: holder.because.clone(),
                    });
                }
            }
        }
    }
    let one = |(own, answers_for): (&model::Person, Vec<Answers>)| Person {
        id: own.meta.id.to_string(),
        name: own.meta.shown().to_owned(),
        role: own.role.as_deref().map(str::to_owned),
        until: own.until.as_ref().map(|until| until.value.to_string()),
        same_as: Some(&model.people[own.human.index()].meta.id)
            .filter(|id| **id != own.meta.id)
            .map(ToString::to_string),
        answers_for,
        at: reading.at(own.meta.span),
    };
    model.people.iter().zip(answers).map(one).collect()
}

/// Who answers for each function in a domain, in the order of the file.
pub(super) fn accountable(reading: &Reading<'_>, domain: DomainId) -> Vec<Accountable> {
    let seats = &reading.model.domains[domain.index()].seats;
    seats.iter().map(|seat| one(reading, seat, Some(domain))).collect()
}

/// Who answers for each function in changes of the files themselves.
pub(super) fn for_changes(reading: &Reading<'_>, seats: &[Seat]) -> Vec<Accountable> {
    seats.iter().map(|seat| one(reading, seat, None)).collect()
}

fn one(reading: &Reading<'_>, seat: &Seat, domain: Option<DomainId>) -> Accountable {
    let function = &reading.model.functions[seat.function.index()];
    Accountable {
        function: function.meta.name.to_string(),
        title: function.meta.shown().to_owned(),
        answers_for: function.decides.iter().map(|word| word.replace('_', " ")).collect(),
        owner: holder(reading, &seat.owner),
        deputies: seat.deputies.iter().map(|deputy| holder(reading, deputy)).collect(),
        delegates: domain.map_or(Vec::new(), |domain| delegates(reading, seat, domain)),
    }
}

fn holder(reading: &Reading<'_>, party: &At<Party>) -> Holder {
    let model = reading.model;
    let meta = reading.party(party.value);
    let (kind, role, note) = match party.value {
        Party::Person(person) => {
            let own = &model.people[person.index()];
            let note = match &own.until {
                Some(until) if until.value < model.as_of => Some(format!("left on {}", until.value)),
                Some(until) => Some(format!("until {}", until.value)),
                None => None,
            };
            let twice = (own.human != person).then(|| format!("the same natural person as {}", reading.person(own.human)));
            ("person", own.role.as_deref().map(str::to_owned), twice.or(note))
        }
        Party::Team(team) => {
            let own = &model.teams[team.index()];
            let lead = own.lead.map(|lead| format!("led by {}", reading.person(lead.value)));
            let note = match lead {
                Some(_) => counted(own.everybody().len(), "person", "people"),
                None => "a team without a lead: nobody is accountable".to_owned(),
            };
            ("team", lead, Some(note))
        }
        Party::Agent(_) => ("agent", None, Some("software: its approval does not count".to_owned())),
        Party::Identity(_) => ("identity", None, Some("software: its approval does not count".to_owned())),
    };
    Holder {
        name: meta.shown().to_owned(),
        id: meta.id.to_string(),
        kind,
        role,
        note,
        at: reading.at(party.span),
    }
}

fn delegates(reading: &Reading<'_>, seat: &Seat, domain: DomainId) -> Vec<Holder> {
    let model = reading.model;
    let handed = holders(model, domain, seat.function)
        .into_iter()
        .filter(|holder| holder.because.starts_with("delegate of ") && holder.until.is_none_or(|until| until >= model.as_of));
    let named = handed.map(|holder| {
        let person = &model.people[holder.named.index()];
        let starts = holder.starts.map_or(String::new(), |starts| format!("from {starts} "));
        let until = holder.until.map_or("without an end".to_owned(), |until| format!("until {until}"));
        Holder {
            name: person.meta.shown().to_owned(),
            id: person.meta.id.to_string(),
            kind: "person",
            role: Some(holder.because.clone()),
            note: Some(format!("{starts}{until}")),
            at: reading.at(holder.span),
        }
    });
    named.collect()
}
