//! One fault, one code: at one subject the first of a chain is reported and the others fold into it
//! (`docs/glossary.md`, *Precedence*).

use crate::diagnostic::{Diagnostic, Level, Related, Taken};
use crate::source::Span;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Codes in order of precedence. A finding of an earlier code includes those of later codes at the same
/// subject.
pub const CHAINS: &[&[&str]] = &[
    &[
        "GOV106", "GOV109", "GOV115", "GOV105", "GOV101", "GOV103", "GOV112", "GOV111", "GOV102", "GOV124", "GOV104",
    ],
    &["GOV202", "GOV203", "GOV201"],
    &["GOV302", "GOV303", "GOV301"],
    &["GOV204", "GOV201"],
    &["GOV204", "GOV210"],
    &["GOV404", "GOV603"],
    &["GOV401", "GOV603"],
    &["GOV301", "GOV605"],
    &["GOV407", "GOV406"],
];

/// Folds and sorts.
pub fn fold(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fold_silence(&mut found);
    let heads = heads(&found);
    let under = |(finding, head): (&Diagnostic, &Option<usize>)| head.map_or(Vec::new(), |_| related(finding));
    let folded: Vec<Vec<Related>> = found.iter().zip(&heads).map(under).collect();
    for (index, head) in heads.iter().enumerate() {
        if let Some(head) = head {
            let under = &mut found[*head].related;
            for related in &folded[index] {
                let known =
                    |other: &Related| (other.span, &other.message) == (related.span, &related.message) && other.code == related.code;
                if !under.iter().any(known) {
                    under.push(related.clone());
                }
            }
        }
    }
    // A finding that is waived by another waiver than the one above it is shown separately as well.
    let waived: Vec<Option<String>> = found.iter().map(|finding| finding.finding.waived_by.clone()).collect();
    let kept = |index: usize| heads[index].is_none_or(|head| waived[head] != waived[index]);
    // A finding folded into one that is lowered or waived may have a higher built-in level, be about other
    // operations, and be relieved for a shorter time. None of that may be lost, because policies are written
    // from what is left.
    for (index, head) in heads.iter().enumerate().filter(|(index, _)| !kept(*index)) {
        if let Some(head) = head {
            let taken = found[index].finding.clone();
            let head = &mut found[*head].finding;
            head.built_in = head.built_in.max(taken.built_in);
            head.operations.take_in(taken.operations);
            head.waived_until = head.waived_until.into_iter().chain(taken.waived_until).min();
        }
    }
    let mut out: Vec<Diagnostic> = found
        .into_iter()
        .enumerate()
        .filter(|(index, _)| kept(*index))
        .map(|(_, finding)| finding)
        .collect();
    out.sort_by(|one, other| order(one).cmp(&order(other)));
    out
}

/// The sort key of findings. A finding about something unstated comes last, so that it hides no fault.
fn order(finding: &Diagnostic) -> (bool, Option<Span>, Option<&str>, &str) {
    let code = finding.code.map(|code| code.id);
    let unstated = finding.level == Level::Note && code == Some("GOV710");
    (unstated, finding.span(), code, &finding.message)
}

/// For each finding those that fold into it. If a finding itself folds into another one, the findings that
/// would otherwise fold into it.
pub fn below(found: &[Diagnostic]) -> Vec<Vec<usize>> {
    let heads = heads(found);
    let mut below = vec![Vec::new(); found.len()];
    for (index, head) in heads.iter().enumerate() {
        if let Some(head) = head {
            below[*head].push(index);
        }
    }
    for same in by_subject(found).into_values() {
        for one in same.iter().filter(|one| heads[**one].is_some()) {
            below[*one] = same
                .iter()
                .copied()
                .filter(|other| takes_in(&found[*one], &found[*other]))
                .collect();
        }
    }
    below
}

/// For each finding the one into which it folds, if any.
fn heads(found: &[Diagnostic]) -> Vec<Option<usize>> {
    let mut heads = vec![None; found.len()];
    for same in by_subject(found).into_values() {
        let above = |one: &usize| {
            let others = same.iter().copied().filter(|other| takes_in(&found[*other], &found[*one]));
            others.min_by_key(|other| gravity(&found[*other]))
        };
        let above: BTreeMap<usize, Option<usize>> = same.iter().map(|one| (*one, above(one))).collect();
        for one in &same {
            // The finding above may itself fold into another one. Each step leads to a more severe one.
            let mut head = above[one];
            for _ in 0..same.len() {
                let Some(higher) = head.and_then(|head| above[&head]) else {
                    break;
                };
                head = Some(higher);
            }
            heads[*one] = head;
        }
    }
    under_one_person(found, &mut heads);
    heads
}

/// A finding that exists only because two entries are one person folds into the finding about these entries,
/// wherever it is. A waived finding stays where it is: its waiver is for that finding.
fn under_one_person(found: &[Diagnostic], heads: &mut [Option<usize>]) {
    let open = |index: usize| found[index].finding.waived_by.is_none();
    let mut entries: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, finding) in found.iter().enumerate() {
        if finding.code.is_some_and(|code| code.id == "GOV119") && finding.level == Level::Error && open(index) {
            entries.entry(&finding.finding.subject).or_insert(index);
        }
    }
    for (index, head) in heads.iter_mut().enumerate() {
        let top = head.unwrap_or(index);
        let because = found[top].finding.because.as_deref().and_then(|person| entries.get(person));
        if let Some(entry) = because.filter(|entry| **entry != top && open(index) && open(top)) {
            *head = Some(*entry);
        }
    }
}

fn by_subject(found: &[Diagnostic]) -> BTreeMap<(&str, &str), Vec<usize>> {
    let mut by_subject: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, finding) in found.iter().enumerate().filter(|(_, finding)| finding.code.is_some()) {
        let place = (&*finding.finding.subject_kind, &*finding.finding.subject);
        by_subject.entry(place).or_default().push(index);
    }
    by_subject
}

/// Which of several findings comes first when another one could fold into each of them.
fn gravity(finding: &Diagnostic) -> (Reverse<Level>, usize, Option<Span>, String) {
    let code = finding.code.map_or("", |code| code.id);
    let rank = CHAINS.iter().find_map(|chain| chain.iter().position(|id| *id == code));
    (Reverse(finding.level), rank.unwrap_or(0), finding.span(), finding.message.clone())
}

/// Whether one finding includes another at the same subject: it comes first in a chain, or the other declares
/// that it follows from it. A warning does not include an error, because the error would be lost. A fault of
/// one clause does not include a fault of another.
fn takes_in(one: &Diagnostic, other: &Diagnostic) -> bool {
    let (Some(first), Some(second)) = (one.code, other.code) else {
        return false;
    };
    if other.finding.follows.contains(&first.id) {
        return first != second && one.level >= other.level;
    }
    if one.finding.follows.contains(&second.id) {
        return false;
    }
    let apart = one
        .finding
        .clause
        .zip(other.finding.clause)
        .is_some_and(|(one, other)| one != other);
    let earlier = |chain: &&[&str]| {
        let place = |id: &str| chain.iter().position(|code| *code == id);
        let both = place(first.id).zip(place(second.id));
        both.is_some_and(|(first, second)| (Reverse(one.level), first) < (Reverse(other.level), second))
    };
    !apart && one.span().is_some() && other.span().is_some() && CHAINS.iter().any(earlier)
}

/// A note about something unstated folds into the finding that it leads to, where that finding is about this
/// clause alone.
fn fold_silence(found: &mut Vec<Diagnostic>) {
    let is_note = |one: &Diagnostic| one.level == Level::Note && one.code.is_some_and(|code| code.id == "GOV710");
    let (notes, others): (Vec<_>, Vec<_>) = std::mem::take(found).into_iter().partition(is_note);
    *found = others;
    // Indexed by what is unstated: comparing every note with every finding would take quadratic time.
    let mut silent: BTreeMap<(Span, &str), Vec<usize>> = BTreeMap::new();
    for (index, finding) in found.iter().enumerate() {
        for (span, word) in &finding.finding.silence {
            silent.entry((*span, *word)).or_default().push(index);
        }
    }
    for note in notes {
        let about = note.span().and_then(|span| silent.get(&(span, &*note.finding.selector)));
        let mut led_to = about.into_iter().flatten().copied();
        match led_to.find(|index| found[*index].finding.waived_by == note.finding.waived_by) {
            Some(index) => found[index].related.extend(related(&note)),
            None => found.push(note),
        }
    }
}

/// A finding as it is listed under another, with those that were listed under it.
fn related(finding: &Diagnostic) -> Vec<Related> {
    let own = finding.code.zip(finding.span()).map(|(code, span)| Related {
        code: Some(code),
        span,
        message: finding.message.clone(),
        taken: Some(Box::new(Taken {
            points: finding.finding.points.clone(),
            operations: finding.finding.operations.clone(),
            steps: finding.steps.clone(),
        })),
    });
    let under = finding.related.iter().filter(|related| related.code.is_some()).cloned();
    own.into_iter().chain(under).collect()
}
