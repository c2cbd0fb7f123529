//! Marks findings that exist only because two entries are the same person. They are one problem, reported at the
//! entries.

use crate::checks;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts;
use crate::model::{Model, PersonId};
use crate::syntax::secrets::Found;
use std::collections::BTreeSet;

/// The check that finds two entries for one person.
const DUPLICATE: &str = "GOV119";

/// Marks each finding that would not exist if every entry were a separate person. The mark names the duplicate
/// entry that causes the finding.
pub(super) fn mark(model: &mut Model, secrets: &[Found], horizon: i64, found: &mut [Diagnostic]) {
    let humans: Vec<PersonId> = model.people.iter().map(|person| person.human).collect();
    let alone = |index: usize| PersonId(index as u32);
    if humans.iter().enumerate().all(|(index, human)| *human == alone(index)) {
        return;
    }
    for (index, person) in model.people.iter_mut().enumerate() {
        person.human = alone(index);
    }
    let apart = checks::run(model, &facts::derive(model), secrets, horizon);
    for (person, human) in model.people.iter_mut().zip(&humans) {
        person.human = *human;
    }
    let stays: BTreeSet<_> = apart.iter().map(key).collect();
    let entry = |finding: &Diagnostic| model.people.iter().find(|person| *person.meta.id == *finding.finding.subject);
    let is_duplicate = |finding: &&Diagnostic| finding.code.is_some_and(|code| code.id == DUPLICATE) && finding.level == Level::Error;
    let duplicates: Vec<(String, PersonId)> = found
        .iter()
        .filter(is_duplicate)
        .filter_map(|finding| Some((finding.finding.subject.clone(), entry(finding)?.human)))
        .collect();
    for finding in found.iter_mut() {
        let follows = finding.code.is_some_and(|code| code.id != DUPLICATE) && !stays.contains(&key(finding));
        if !follows {
            continue;
        }
        let concerned = concerned(model, finding);
        let nearest = duplicates.iter().find(|(_, human)| concerned.contains(human));
        finding.finding.because = nearest.or(duplicates.first()).map(|(subject, _)| subject.clone());
    }
}

fn key(finding: &Diagnostic) -> (Option<&str>, String, String, String) {
    let facts = &finding.finding;
    let code = finding.code.map(|code| code.id);
    (code, facts.subject_kind.clone(), facts.subject.clone(), facts.selector.clone())
}

/// The people that a finding names, as witnesses or in its text.
fn concerned(model: &Model, finding: &Diagnostic) -> BTreeSet<PersonId> {
    let steps = finding.steps.iter().map(|step| &*step.text);
    let texts: Vec<&str> = std::iter::once(&*finding.message)
        .chain(steps)
        .chain(finding.help.iter().map(|help| &**help))
        .collect();
    let words: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .collect();
    let ids: BTreeSet<&str> = finding.finding.witness.iter().map(|witness| &*witness.person).collect();
    let named = model
        .people
        .iter()
        .filter(|person| ids.contains(&*person.meta.id) || words.contains(&*person.meta.name));
    named.map(|person| person.human).collect()
}
