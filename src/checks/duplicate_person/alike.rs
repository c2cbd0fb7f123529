//! Two entries that may be one person, though nothing in the files makes it certain.

use crate::checks::Context;
use crate::checks::duplicate_person::{CHECK, called};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark};
use crate::model::spelling::Spellings;
use crate::model::spelling::likeness::{Likenesses, core, why};
use crate::model::{At, Person};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

/// One finding for each pair, at the entry that is written later.
pub(super) fn run(context: &Context<'_>, spellings: &Spellings, out: &mut Vec<Diagnostic>) {
    let mut people: Vec<&Person> = context.model.people.iter().collect();
    people.sort_by_key(|person| person.meta.span);
    let mut known: Likenesses<(&Person, &At<Box<str>>)> = Likenesses::new();
    for person in people {
        let mut told = BTreeSet::new();
        for name in person.names() {
            let form = spellings.name(&name.value);
            let core = core(&form);
            for (other_form, (other, at)) in known.like(&form, &core) {
                if other.human == person.human || !told.insert(&other.meta.id) {
                    continue;
                }
                let names = called([other, person]);
                let [first, second] = names[..] else { continue };
                let message = format!("{first} and {second} may be the same person: {} and {}", at.value, name.value);
                let mut finding = context.finding(&CHECK, Kind::Person, &person.meta, name.span, message);
                finding.level = Level::Warning;
                finding.finding.selector = format!("{}", other.meta.id);
                let finding = finding
                    .label(name.span, why(other_form, &form).sentence())
                    .related(at.span, format!("{first} is {} here", at.value))
                    .magnitude(Magnitude::from(Mark::Alike).id(&other.meta.id).quoted(&form));
                out.push(finding.help(format!(
                    "if they are the same person, keep one declaration; if not, give {second} a clearly different address or account"
                )));
            }
            known.add(&form, core, (person, name));
        }
    }
}
