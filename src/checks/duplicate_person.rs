//! Two persons who share an address or an account are one.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::build::fold;
use crate::model::{At, Person};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV119"),
    page: include_str!("../../docs/codes/duplicate-person.md"),
    looks_at: |context| context.model.people.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<String, (usize, &At<Box<str>>)> = BTreeMap::new();
    // By id, so that the finding stays the same one when declarations move.
    let mut people: Vec<(usize, &Person)> = context.model.people.iter().enumerate().collect();
    people.sort_by_key(|(_, person)| &person.meta.id);
    for (index, person) in people {
        let mut said = false;
        for name in names(person) {
            let (other, at) = *first.entry(fold(&name.value)).or_insert((index, name));
            if other != index && !said {
                said = true;
                let earlier = &context.model.people[other].meta.name;
                let message = format!("{earlier} and {} are one: both are {}", person.meta.name, name.value);
                let finding = context.finding(&CHECK, Kind::Person, &person.meta, name.span, message);
                let finding = finding
                    .label(name.span, "counted as one person wherever two are asked for")
                    .related(at.span, format!("{earlier} is it here"));
                out.push(finding.help(format!(
                    "keep one of the two declarations, or give {} an address and accounts of their own",
                    person.meta.name
                )));
            }
        }
    }
}

fn names(person: &Person) -> impl Iterator<Item = &At<Box<str>>> {
    person.emails.iter().chain(person.accounts.known().into_iter().flatten())
}
