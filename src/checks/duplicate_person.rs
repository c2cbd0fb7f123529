//! Two entries for one person: they share an address or an account.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::model::spelling::{Spellings, same_letters};
use crate::model::{At, Person};
use crate::syntax::vocabulary::Kind;
use crate::words::few;
use std::collections::{BTreeMap, BTreeSet};

mod alike;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV119"),
    page: include_str!("../../docs/codes/duplicate-person.md"),
    looks_at: |context| context.model.people.len(),
    run,
};

/// Something that several people share, with each of them once, in the order of their ids.
struct Shared<'a> {
    form: String,
    people: Vec<(&'a Person, &'a At<Box<str>>)>,
}

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let spellings = Spellings::of(context.model);
    let mut people: Vec<&Person> = context.model.people.iter().collect();
    people.sort_by_key(|person| &person.meta.id);
    let mut by_form: BTreeMap<String, Shared<'_>> = BTreeMap::new();
    for person in people {
        for name in person.names() {
            let form = spellings.name(&name.value);
            let shared = by_form.entry(form.clone()).or_insert_with(|| Shared { form, people: Vec::new() });
            if shared.people.last().is_none_or(|(last, _)| last.meta.id != person.meta.id) {
                shared.people.push((person, name));
            }
        }
    }
    // One account is one fault, however many people share it. Everything that one entry shares with an earlier
    // entry is one fault too, because one edit fixes it. The finding is at the second in the order of their
    // ids, so it does not depend on the order of the files.
    let mut by_second: BTreeMap<&str, Vec<Shared<'_>>> = BTreeMap::new();
    for shared in by_form.into_values() {
        if let Some((second, _)) = shared.people.get(1) {
            by_second.entry(&second.meta.id).or_default().push(shared);
        }
    }
    for mut all in by_second.into_values() {
        all.sort_by_key(|shared| shared.people.get(1).map(|(_, name)| name.span));
        out.extend(say(context, &all));
    }
    alike::run(context, &spellings, out);
}

/// What a message calls people that it names together: their names, or their ids where two of them have one
/// name.
fn called<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<&'a str> {
    let people: Vec<&Person> = people.into_iter().collect();
    let names: BTreeSet<&str> = people.iter().map(|person| &*person.meta.name).collect();
    let alike = names.len() < people.len();
    let one = |person: &&'a Person| if alike { &*person.meta.id } else { &*person.meta.name };
    people.iter().map(one).collect()
}

fn say(context: &Context<'_>, all: &[Shared<'_>]) -> Option<Diagnostic> {
    let first = all.first()?;
    let ((_, at), (person, name)) = (first.people.first()?, first.people.get(1)?);
    let names = called(first.people.iter().map(|(person, _)| *person));
    let same = first.people.iter().all(|(_, other)| same_letters(&other.value, &name.value));
    let are = match (same, names.len()) {
        (true, 2) => format!("both are {}", name.value),
        (true, _) => format!("all are {}", name.value),
        (false, _) => format!("{} is {}", at.value, name.value),
    };
    let message = format!("{} are the same person: {are}", few(&names));
    let finding = context.finding(&CHECK, Kind::Person, &person.meta, name.span, message);
    let mut finding = finding
        .label(name.span, "they count as one person where a rule requires two")
        .related(at.span, format!("{} has it here", names.first()?));
    for ((_, at), name) in first.people.iter().zip(&names).skip(2) {
        finding = finding.related(at.span, format!("{name} also has it here"));
    }
    // The fingerprint lists each thing that is shared, and with whom. Somebody who accepts one has not accepted
    // the next.
    for shared in all {
        let others = shared.people.iter().filter(|(other, _)| other.meta.id != person.meta.id);
        finding = finding.magnitudes(others.map(|(other, _)| Magnitude::new().id(&other.meta.id).quoted(&shared.form)));
    }
    for shared in &all[1..] {
        let names = called(shared.people.iter().map(|(person, _)| *person));
        if let Some((_, name)) = shared.people.get(1) {
            finding = finding.related(name.span, format!("{} are {} as well", few(&names), name.value));
        }
    }
    Some(finding.help(match &names[1..] {
        [name] => format!("keep one of the two declarations, or give {name} an address and accounts of their own"),
        later => format!(
            "keep one of these declarations, or give {} each an address and accounts of their own",
            few(later)
        ),
    }))
}
