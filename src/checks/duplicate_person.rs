//! Two persons who share an address or an account are one.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, catalogue};
use crate::model::spelling::{Spellings, same_letters};
use crate::model::{At, Person};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

mod alike;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV119"),
    page: include_str!("../../docs/codes/duplicate-person.md"),
    looks_at: |context| context.model.people.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let spellings = Spellings::of(context.model);
    let form = |name: &At<Box<str>>| spellings.name(&name.value);
    let mut first: BTreeMap<String, (usize, &At<Box<str>>)> = BTreeMap::new();
    // By id, so that the finding stays the same one when declarations move. It stands at the one that is written later.
    let mut people: Vec<(usize, &Person)> = context.model.people.iter().enumerate().collect();
    people.sort_by_key(|(_, person)| &person.meta.id);
    for (index, person) in people {
        let mut said = false;
        for name in person.names() {
            let (other, at) = *first.entry(form(name)).or_insert((index, name));
            if other != index && !said {
                said = true;
                let other = &context.model.people[other];
                let both = match same_letters(&at.value, &name.value) {
                    true => format!("both are {}", name.value),
                    false => format!("{} is {}", at.value, name.value),
                };
                let message = format!("{} and {} are one: {both}", other.meta.name, person.meta.name);
                let (earlier, later) = match at.span < name.span {
                    true => ((other, at.span), (person, name.span)),
                    false => ((person, name.span), (other, at.span)),
                };
                let finding = context.finding(&CHECK, Kind::Person, &person.meta, later.1, message);
                let finding = finding
                    .label(later.1, "counted as one person wherever two are asked for")
                    .related(earlier.1, format!("{} is it here", earlier.0.meta.name));
                // Each thing that is shared is in the fingerprint: who accepts one has not accepted the next.
                let mut finding = finding;
                let mut told = vec![form(name)];
                for shared in person.names() {
                    let known = first.get(&form(shared)).filter(|(other, _)| *other != index);
                    let Some((other, _)) = known else {
                        continue;
                    };
                    let other = &context.model.people[*other].meta;
                    finding = finding.extent(Extent::new().id(&other.id).quoted(&form(shared)));
                    if !told.contains(&form(shared)) {
                        told.push(form(shared));
                        let text = format!("{} and {} are {} as well", other.name, person.meta.name, shared.value);
                        finding = finding.related(shared.span, text);
                    }
                }
                out.push(finding.help(format!(
                    "keep one of the two declarations, or give {} an address and accounts of their own",
                    later.0.meta.name
                )));
            }
        }
    }
    alike::run(context, &spellings, out);
}
