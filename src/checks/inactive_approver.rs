//! An owner or deputy who has left, or is about to.

use crate::checks::approvals::by_domain;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, catalogue};
use crate::model::{At, DomainId, Meta, Party, PersonId, Seat};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV115"),
    page: include_str!("../../docs/codes/inactive-approver.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let atoms = by_domain(context);
    for (index, domain) in model.domains.iter().enumerate() {
        let atoms = atoms.get(&DomainId(index as u32)).map_or(&[][..], |atoms| atoms);
        out.extend(seats(context, Kind::Domain, &domain.meta, &domain.seats).map(|mut finding| {
            context.points(&mut finding, atoms);
            finding
        }));
    }
    if let Some(workspace) = &model.workspace {
        out.extend(seats(context, Kind::Workspace, &workspace.meta, &workspace.seats));
    }
    for team in &model.teams {
        let lead = team
            .lead
            .iter()
            .filter_map(|lead| leaver(context, lead.value, lead.span, "lead", ""));
        out.extend(one(context, Kind::Team, &team.meta, lead.collect()));
    }
}

/// Somebody who has left or leaves soon.
struct Leaver {
    person: PersonId,
    on: Date,
    span: Span,
    role: &'static str,
    what: String,
}

fn leaver(context: &Context<'_>, person: PersonId, span: Span, role: &'static str, what: &str) -> Option<Leaver> {
    let until = context.model.people[person.index()].until?.value;
    let horizon = context.model.as_of.saturating_add(context.horizon.days());
    (until < horizon).then_some(Leaver {
        person,
        on: until,
        span,
        role,
        what: what.to_owned(),
    })
}

fn seats(context: &Context<'_>, kind: Kind, meta: &Meta, seats: &[Seat]) -> Option<Diagnostic> {
    let mut leavers = Vec::new();
    for seat in seats {
        let owner = std::iter::once((&seat.owner, "owner"));
        for (party, role) in owner.chain(seat.deputies.iter().map(|deputy| (deputy, "deputy"))) {
            if let At {
                value: Party::Person(person),
                ..
            } = party
            {
                let what = &context.model.functions[seat.function.index()].meta.id;
                leavers.extend(leaver(context, *person, seat.span, role, what));
            }
        }
    }
    one(context, kind, meta, leavers)
}

/// One finding for a declaration: about somebody who has left, otherwise about the first to leave.
fn one(context: &Context<'_>, kind: Kind, meta: &Meta, mut leavers: Vec<Leaver>) -> Option<Diagnostic> {
    let model = context.model;
    leavers.sort_by_key(|leaver| (leaver.on, leaver.span));
    let first = leavers.first()?;
    let person = &model.people[first.person.index()];
    let gone = first.on < model.as_of;
    let message = match gone {
        true => format!("{} is {} in {} and left on {}", person.meta.name, first.role, meta.name, first.on),
        false => format!("{} is {} in {} and leaves on {}", person.meta.name, first.role, meta.name, first.on),
    };
    let label = if gone {
        "can no longer approve"
    } else {
        "after that day nobody holds this role"
    };
    let mut finding = context.finding(&CHECK, kind, meta, first.span, message).label(first.span, label);
    finding.level = if gone { Level::Error } else { Level::Warning };
    // Somebody who leaves later is another fault on the day after.
    for leaver in leavers.iter().filter(|leaver| !gone || leaver.on < model.as_of) {
        let id = &model.people[leaver.person.index()].meta.id;
        let magnitude = Magnitude::new().id(id).word(leaver.role);
        // The lead of a team leads it without a function.
        let magnitude = if leaver.what.is_empty() {
            magnitude
        } else {
            magnitude.id(&leaver.what)
        };
        finding = finding.magnitude(magnitude.day(Some(leaver.on)));
    }
    if let Some(until) = person.until {
        finding = finding.related(until.span, "the last day is here");
    }
    for other in &leavers[1..] {
        let person = &model.people[other.person.index()].meta.name;
        finding = finding.related(other.span, format!("{person}, {}, leaves on {} as well", other.role, other.on));
    }
    Some(finding.help(format!("name who holds it after {}", person.meta.name)))
}
