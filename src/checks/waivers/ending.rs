//! A waiver that ends within the horizon: its findings open again, and the policies refuse what it permitted.

use crate::checks::{Context, lapsing_approval};
use crate::diagnostic::{Diagnostic, Level, Magnitude};
use crate::model::Waiver;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// A note for each waiver that ends on a day within the horizon and relieves an error until then, if no other
/// waiver relieves it longer. `relieved` has pairs of a finding and a waiver, as indexes into `standing` and
/// into the waivers of the model.
pub fn run(context: &Context<'_>, standing: &[Diagnostic], relieved: &BTreeSet<(usize, usize)>) -> Vec<Diagnostic> {
    let ends = |waiver: usize| context.model.waivers[waiver].until.map(|until| until.value);
    let mut last: BTreeMap<usize, Option<Date>> = BTreeMap::new();
    for (finding, waiver) in relieved {
        let last = last.entry(*finding).or_default();
        *last = (*last).max(ends(*waiver));
    }
    let mut errors: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
    for (finding, waiver) in relieved {
        // Where another waiver lasts longer, the end of that one matters.
        let outlasted = last.get(finding).is_some_and(|last| *last > ends(*waiver));
        let finding = &standing[*finding];
        if !outlasted && finding.finding.built_in == Some(Level::Error) {
            errors.entry(*waiver).or_default().push(finding);
        }
    }
    let told = errors.into_iter();
    told.filter_map(|(waiver, errors)| say(context, &context.model.waivers[waiver], &errors))
        .collect()
}

fn say(context: &Context<'_>, waiver: &Waiver, errors: &[&Diagnostic]) -> Option<Diagnostic> {
    let until = waiver.until.filter(|until| until.value < context.horizon())?;
    let day = until.value.saturating_add(1.day());
    let name = &waiver.meta.name;
    let what = match errors {
        [_] => "an error that it waives is open".to_owned(),
        several => format!("{} errors that it waives are open", several.len()),
    };
    let message = format!("from {day} {name} has ended, and {what} again");
    let mut finding = context
        .finding(&lapsing_approval::CHECK, Kind::Waiver, &waiver.meta, until.span, message)
        .label(until.span, "from the next day the policies refuse what it allows");
    finding.level = Level::Note;
    for error in errors {
        if let Some(span) = error.span() {
            finding = finding.related(span, error.message.clone());
        }
    }
    let finding = finding.magnitude(Magnitude::new().day(Some(day)));
    Some(finding.help("close the gap before that day, or have the signers accept it again"))
}
