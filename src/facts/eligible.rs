//! Who can approve as a function in a domain, and why.

use crate::facts::as_of::AsOf;
use crate::model::{At, DomainId, FunctionId, Model, Party, PersonId, Seat};
use crate::source::Span;
use jiff::civil::Date;

/// A natural person who can approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The natural person.
    pub person: PersonId,
    /// The declaration that names the person.
    pub named: PersonId,
    /// `owner`, `deputy`, `lead of secops`, `delegate of dana`.
    pub because: String,
    /// Where it is written.
    pub span: Span,
    /// First day, where there is one.
    pub starts: Option<Date>,
    /// Last day, where there is one.
    pub until: Option<Date>,
    /// The index of the delegation in the model; `None` for owners, deputies and teams.
    pub delegation: Option<usize>,
}

impl Holder {
    /// Whether this holds on a day.
    pub fn on(&self, day: Date) -> bool {
        self.starts.is_none_or(|starts| starts <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// Everybody who can ever approve as a function among some seats: owners, deputies, members of teams that hold
/// it.
fn seated(model: &Model, seats: &[Seat], function: FunctionId) -> Vec<Holder> {
    let mut holders = Vec::new();
    for seat in seats.iter().filter(|seat| seat.function == function) {
        let owner = std::iter::once((&seat.owner, "owner"));
        for (party, role) in owner.chain(seat.deputies.iter().map(|deputy| (deputy, "deputy"))) {
            holders.extend(people_of(model, party, role));
        }
    }
    holders
}

fn people_of(model: &Model, party: &At<Party>, role: &str) -> Vec<Holder> {
    let holder = |named: PersonId, because: String| Holder {
        person: model.people[named.index()].human,
        named,
        because,
        span: party.span,
        starts: None,
        until: model.people[named.index()].until.map(|until| until.value),
        delegation: None,
    };
    match party.value {
        Party::Person(person) => vec![holder(person, role.to_owned())],
        Party::Team(team) => {
            let team = &model.teams[team.index()];
            let lead = team.lead.map(|lead| lead.value);
            let everybody = team.everybody();
            let because = |person: PersonId| match Some(person) == lead {
                true => format!("lead of {}", team.meta.name),
                false => format!("member of {}", team.meta.name),
            };
            everybody.iter().map(|person| holder(person.value, because(person.value))).collect()
        }
        // A quorum of software is not a quorum. A check reports it, and its owner counts as control.
        Party::Agent(_) | Party::Identity(_) => Vec::new(),
    }
}

/// Everybody who can ever approve as a function in a domain, delegates among them, with the days on which they can.
pub fn holders(model: &Model, domain: DomainId, function: FunctionId) -> Vec<Holder> {
    let own = &model.domains[domain.index()];
    let mut holders = seated(model, &own.seats, function);
    let first = holders.len();
    for (index, delegation) in model.delegations.iter().enumerate() {
        let (Some(from), Some(to)) = (delegation.from, delegation.to) else {
            continue;
        };
        let handed = delegation.functions.iter().find(|at| at.value == (function, domain));
        let giver = model.people[from.value.index()].human;
        // A person can hand the function on only if that person holds it on the day when the window opens. The
        // delegation ends when its giver no longer holds the function.
        let opens = |holder: &&Holder| holder.person == giver && delegation.starts.is_none_or(|day| holder.on(day));
        let own: Vec<Option<Date>> = holders[..first].iter().filter(opens).map(|holder| holder.until).collect();
        let Some(handed) = handed.filter(|_| !own.is_empty()) else {
            continue;
        };
        let given_until = if own.contains(&None) {
            None
        } else {
            own.into_iter().flatten().max()
        };
        let leaves = model.people[to.value.index()].until.map(|until| until.value);
        holders.push(Holder {
            person: model.people[to.value.index()].human,
            named: to.value,
            because: format!("delegate of {}", model.people[from.value.index()].meta.name),
            span: handed.span,
            starts: delegation.starts,
            until: [delegation.until, leaves, given_until].into_iter().flatten().min(),
            delegation: Some(index),
        });
    }
    holders
}

/// Who can approve as a function in a domain on a day.
pub fn eligible(model: &Model, domain: DomainId, function: FunctionId, day: Date) -> Vec<Holder> {
    holders(model, domain, function)
        .into_iter()
        .filter(|holder| holder.on(day))
        .collect()
}

/// Who can approve as a function in a domain as of one time.
pub fn eligible_at(model: &Model, domain: DomainId, function: FunctionId, as_of: &AsOf) -> Vec<Holder> {
    let mut holders = eligible(model, domain, function, as_of.day);
    holders.retain(|holder| holder.delegation.is_none_or(|delegation| !as_of.without.contains(&delegation)));
    holders
}

/// Who holds a function in a domain directly: owners, deputies, members of teams. Delegates are not among them.
pub fn own_holders(model: &Model, domain: DomainId, function: FunctionId) -> Vec<Holder> {
    seated(model, &model.domains[domain.index()].seats, function)
}

/// Who can approve changes of the governance files as a function on a day.
pub fn eligible_for_changes(model: &Model, function: FunctionId, day: Date) -> Vec<Holder> {
    let seats = model.workspace.as_ref().map_or(&[][..], |workspace| &workspace.seats);
    seated(model, seats, function).into_iter().filter(|holder| holder.on(day)).collect()
}
