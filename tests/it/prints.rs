//! Fingerprints hold no prose: no message that is worded anew can open what somebody has accepted.

use crate::corpus::blocks;
use crate::left_out::lines;
use crate::overlay::over_base;
use crate::project::repository;
use crate::silence::{Files, compiled, example};
use quorate::checks::fingerprint;
use quorate::diagnostic::magnitude::{Mark, Piece};
use quorate::diagnostic::{Diagnostic, Magnitude};
use quorate::model::Model;
use quorate::model::canonical;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Every workspace in which something is found: the situations, and the examples in which something is missing.
fn workspaces() -> Vec<Files> {
    let of = |block: String| -> Files {
        let project = over_base(&block);
        let text = |name: &str| std::fs::read_to_string(project.path(name)).expect("it was written");
        vec![
            ("base.gov".to_owned(), text("base.gov")),
            ("block.gov".to_owned(), text("block.gov")),
        ]
    };
    let mut all: Vec<Files> = blocks().into_iter().map(of).collect();
    let folders = std::fs::read_dir(repository().join("examples")).expect("the examples are there");
    let names = folders.map(|folder| folder.expect("it is readable").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with("-gaps")).collect();
    names.sort();
    all.extend(names.iter().map(|name| example(name)));
    all
}

/// A finding with other words wherever it has words for people.
fn reworded(finding: &Diagnostic) -> Diagnostic {
    let other = |text: &mut String| *text = format!("in other words: {}", text.to_uppercase());
    let mut new = finding.clone();
    other(&mut new.message);
    new.labels.iter_mut().chain(&mut new.steps).for_each(|label| other(&mut label.text));
    new.related.iter_mut().for_each(|related| other(&mut related.message));
    new.help.iter_mut().for_each(other);
    for witness in &mut new.finding.witness {
        other(&mut witness.because);
        other(&mut witness.stands_for);
    }
    new
}

#[test]
fn other_words_leave_every_fingerprint_as_it_is() {
    for files in workspaces() {
        let whole = compiled(&files);
        let Some(meaning) = &whole.meaning else { continue };
        let prints = |findings: Vec<Diagnostic>| -> Vec<String> {
            let mut findings = findings;
            for finding in &mut findings {
                finding.finding.fingerprint = fingerprint::of(&meaning.model, finding);
            }
            fingerprint::take_in(&mut findings);
            findings.into_iter().map(|finding| finding.finding.fingerprint).collect()
        };
        let other = whole.findings.iter().map(reworded).collect();
        assert_eq!(prints(whole.findings.clone()), prints(other));
    }
}

#[test]
fn an_extent_holds_marks_ids_figures_days_and_parts_of_the_model_only() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut others: BTreeSet<String> = BTreeSet::new();
    for files in workspaces() {
        let whole = compiled(&files);
        let Some(meaning) = &whole.meaning else { continue };
        let ids = ids(&meaning.model);
        let texts = whole.sources.files.iter().map(|file| file.text.to_string());
        let texts: String = texts.collect::<Vec<String>>().join("\n").to_lowercase();
        let texts: String = texts.split_whitespace().collect::<Vec<&str>>().join(" ");
        for finding in &whole.findings {
            let code = finding.code.expect("a finding has a code");
            for piece in finding.finding.magnitude.iter().flat_map(|magnitude| &magnitude.pieces) {
                seen.insert(code.id);
                let known = match piece {
                    Piece::Mark(_) | Piece::Count(_) | Piece::Day(_) => true,
                    Piece::Id(id) => ids.contains(id.as_str()),
                    Piece::Word(word) => word
                        .chars()
                        .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || "_-".contains(char)),
                    Piece::Part(part) => part.starts_with("sha256:") || serde_json::from_str::<serde_json::Value>(part).is_ok(),
                    Piece::Quoted(text) => texts.contains(&text.to_lowercase()),
                };
                if !known {
                    others.insert(format!("{}: {piece:?}", code.name));
                }
            }
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert!(seen.len() > 40, "of {} checks only is something looked at: {seen:?}", seen.len());
}

/// What distinguishes one face of a check from another: ids, what the files quote, and words that are frozen here, because a
/// fingerprint contains them.
#[test]
fn a_selector_holds_ids_and_frozen_words_only() {
    let mut words: BTreeSet<String> = BTreeSet::new();
    for files in workspaces() {
        let whole = compiled(&files);
        let Some(meaning) = &whole.meaning else { continue };
        let ids = ids(&meaning.model);
        let texts: String = files.iter().map(|(_, text)| text.as_str()).collect();
        for finding in &whole.findings {
            let selector = &finding.finding.selector;
            if texts.contains(&format!("\"{selector}\"")) {
                continue;
            }
            let parts = selector.split([' ', ',']).filter(|part| !part.is_empty());
            let others = parts.filter(|part| !ids.contains(*part) && !texts.contains(&format!("\"{part}\"")));
            words.extend(others.map(str::to_owned));
        }
    }
    words.retain(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
    insta::assert_snapshot!("selectors", words.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_marks_are_frozen() {
    let codes: Vec<&str> = Mark::ALL.iter().map(|mark| mark.code()).collect();
    let different: BTreeSet<&&str> = codes.iter().collect();
    assert_eq!(different.len(), codes.len(), "two marks have one code");
    insta::assert_snapshot!("marks", codes.join("\n"));
    // What a piece is can be told from every other piece.
    let magnitude = Magnitude::from(Mark::NoEnd)
        .id("acme.maria")
        .word("ttl")
        .count(3)
        .quoted("a  \"b\"");
    assert_eq!(magnitude.to_string(), r#"no-end @acme.maria =ttl 3 "a \"b\"""#);
}

/// The ids of everything that is declared.
fn ids(model: &Model) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let value = canonical::value(model);
    for kind in value.as_object().into_iter().flat_map(|whole| whole.values()) {
        found.extend(kind.as_object().into_iter().flat_map(|kind| kind.keys().cloned()));
    }
    found.extend(model.standards.iter().map(|standard| standard.meta.id.to_string()));
    found.extend(model.waivers.iter().map(|waiver| waiver.meta.id.to_string()));
    found
}

/// A message without the parts that do not change its severity: the days on which it begins and ends, because a fault stays the same
/// while the calendar goes on, and the amount by which a tier is shown.
fn without_days(message: &str) -> String {
    let mut message = message.to_owned();
    for (from, to) in [(" and its task ", ""), (", and help of ", ""), (" days after ", "")] {
        if let Some(at) = message.find(from) {
            message.replace_range(at.., to);
        }
    }
    let words: Vec<&str> = message.split(' ').collect();
    let is_day = |word: &str| {
        let day = word.trim_matches(|char: char| !char.is_ascii_alphanumeric());
        day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    let mut kept: Vec<&str> = Vec::new();
    for word in words {
        if is_day(word) {
            if matches!(kept.last(), Some(&"from" | &"before" | &"on")) {
                kept.pop();
            }
            continue;
        }
        if word == "EUR" {
            kept.pop();
        }
        kept.push(word);
    }
    // How many days it is depends on what they are counted from.
    if message.contains(" ends ") && kept.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        kept.pop();
    }
    kept.join(" ").trim_end_matches(',').to_owned()
}

/// Every workspace, and each time without one clause of what is its own; of the situations that is what stands beyond the base.
fn variants(files: &Files) -> Vec<Files> {
    let own = |name: &str| name != "base.gov" || files.len() == 1;
    let mut all = vec![files.clone()];
    let clauses = lines(files).into_iter().filter(|line| own(&files[line.file].0));
    all.extend(clauses.map(|line| line.left_out(files)));
    all
}

#[test]
fn one_fingerprint_stands_for_one_message() {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let mut all = workspaces();
    all.push(vec![("base.gov".to_owned(), base)]);
    let faults: BTreeSet<String> = all
        .par_iter()
        .flat_map_iter(|files| {
            let mut messages: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
            for whole in variants(files).iter().map(compiled).filter(|whole| whole.errors.is_empty()) {
                for finding in &whole.findings {
                    let code = finding.code.expect("a finding has a code").name;
                    let key = (code, finding.finding.fingerprint.clone());
                    messages.entry(key).or_default().insert(without_days(&finding.message));
                }
            }
            let several = messages.into_iter().filter(|(_, messages)| messages.len() > 1);
            several.map(|((code, _), messages)| format!("{code}: {}", messages.into_iter().collect::<Vec<_>>().join("\n  ")))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}
