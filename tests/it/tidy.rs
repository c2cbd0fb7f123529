//! The house rules, held against the source itself.

use crate::project::{files_below, repository};
use quorate::checks::ALL;
use quorate::diagnostic::catalogue::CODES;
use std::collections::BTreeSet;
use std::path::Path;

/// The rooms in reading order: each may import those to its left.
const ROOMS: &[&str] = &[
    "words",
    "source",
    "diagnostic",
    "syntax",
    "format",
    "resolve",
    "model",
    "facts",
    "checks",
    "compile",
    "upgrade",
    "diff",
    "emit",
    "prove",
    "report",
    "outputs",
    "workspace",
    "cli",
];

/// No file is longer.
const LONGEST: usize = 500;

/// A Rust file of this repository.
struct Rust {
    path: String,
    text: String,
}

impl Rust {
    /// Its lines without comments, each with its number, up to the tests at its end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]");
        lines.map(|(number, line)| (number + 1, without_comment(line)))
    }

    /// The room it is in; none for the two files that open the house.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let first = inside.split('/').next().unwrap_or(inside);
        let room = first.strip_suffix(".rs").unwrap_or(first);
        (!matches!(room, "lib" | "main")).then_some(room)
    }
}

fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .find(|(at, _)| line[..*at].matches('"').count().is_multiple_of(2));
    comment.map_or(line, |(at, _)| &line[..at])
}

fn rust(folders: &[&str]) -> Vec<Rust> {
    let folders = folders
        .iter()
        .map(|folder| repository().join(folder))
        .filter(|folder| folder.exists());
    let files = folders
        .flat_map(|folder| files_below(&folder))
        .filter(|file| file.extension().is_some_and(|end| end == "rs"));
    files
        .map(|file| Rust {
            path: shown(&file),
            text: std::fs::read_to_string(&file).expect("it is readable"),
        })
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository())
        .expect("it is in the repository")
        .to_string_lossy()
        .replace('\\', "/")
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn rooms_import_only_to_the_left() {
    let mut faults = Vec::new();
    for file in rust(&["src"]) {
        let Some(room) = file.room() else {
            continue;
        };
        let Some(own) = ROOMS.iter().position(|other| *other == room) else {
            faults.push(format!("{}: `{room}` is not a room of the plan", file.path));
            continue;
        };
        for (number, line) in file.code() {
            if line.contains("use crate::{") || line.contains("use super::*") {
                faults.push(format!("{}:{number}: one `use crate::room::…` for each room", file.path));
            }
            for (at, _) in line.match_indices("crate::") {
                let named: String = line[at + "crate::".len()..]
                    .chars()
                    .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                    .collect();
                let place = ROOMS.iter().position(|other| *other == named);
                if place.is_some_and(|place| place > own) {
                    faults.push(format!("{}:{number}: `{room}` imports `{named}`, which is to its right", file.path));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn no_file_is_too_long() {
    let long = rust(&["src", "tests", "benches"])
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path));
    none(
        long.filter(|(lines, _)| *lines > LONGEST)
            .map(|(lines, path)| format!("{path} has {lines} lines, more than {LONGEST}"))
            .collect(),
    );
}

#[test]
fn every_file_says_what_it_owns() {
    let silent = rust(&["src", "tests", "benches"])
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "));
    none(silent.map(|file| format!("{} does not open with `//!`", file.path)).collect());
}

/// Code that cites a definition cites one that readers have.
#[test]
fn what_cites_the_glossary_finds_its_word() {
    const CITES: &str = "(`docs/glossary.md`, *";
    let glossary = std::fs::read_to_string(repository().join("docs/glossary.md")).expect("it is there");
    let words: BTreeSet<&str> = glossary.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let (mut faults, mut cited) = (Vec::new(), 0);
    for file in rust(&["src"]) {
        for rest in file.text.split(CITES).skip(1) {
            let word = rest.split('*').next().unwrap_or_default();
            cited += 1;
            if !words.contains(word) {
                faults.push(format!("{} cites {word}, which the glossary does not have", file.path));
            }
        }
        if file.text.contains("(semantics") {
            faults.push(format!("{} cites a text that is not in the repository", file.path));
        }
    }
    assert!(cited > 5, "{cited}");
    none(faults);
}

#[test]
fn one_file_draws_with_miette() {
    let others = rust(&["src"]).into_iter().filter(|file| file.path != "src/diagnostic/render.rs");
    none(
        others
            .filter(|file| file.code().any(|(_, line)| line.contains("miette")))
            .map(|file| format!("{} knows miette", file.path))
            .collect(),
    );
}

#[test]
fn no_rust_names_a_framework() {
    let frameworks = files_below(&repository().join("stdlib/frameworks"));
    let mut names: BTreeSet<String> = BTreeSet::new();
    for file in &frameworks {
        let stem = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
        // `agentic` and the like are words like any other.
        names.extend(
            stem.split('_')
                .filter(|part| part.len() >= 4 && !["agentic", "five", "eyes", "threats"].contains(part))
                .map(str::to_owned),
        );
        names.insert(stem.replace('_', "-"));
        names.insert(stem);
    }
    assert!(!names.is_empty());
    let mut faults = Vec::new();
    // A test may read the files there are.
    for file in rust(&["src"]).into_iter().filter(|file| !file.path.ends_with("/tests.rs")) {
        for (number, line) in file.code() {
            let line = line.to_lowercase();
            let named = |name: &&String| {
                line.split(|letter: char| !letter.is_ascii_alphanumeric() && !"_-".contains(letter))
                    .any(|word| word.split(['_', '-']).any(|part| part == **name) || word == **name)
            };
            faults.extend(
                names
                    .iter()
                    .filter(named)
                    .map(|name| format!("{}:{number} names {name}", file.path)),
            );
        }
    }
    none(faults);
}

#[test]
fn nothing_is_left_to_do() {
    let marks = ["todo!", "unimplemented!", "dbg!"];
    let mut faults = Vec::new();
    for file in rust(&["src"]) {
        for (number, line) in file.code() {
            faults.extend(
                marks
                    .iter()
                    .filter(|mark| line.contains(*mark))
                    .map(|mark| format!("{}:{number} has {mark}", file.path)),
            );
        }
    }
    none(faults);
}

#[test]
fn codes_are_permanent() {
    let ids: BTreeSet<&str> = CODES.iter().map(|code| code.id).collect();
    let names: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(
        (ids.len(), names.len()),
        (CODES.len(), CODES.len()),
        "a code or a name occurs twice"
    );
    let lines: Vec<String> = CODES
        .iter()
        .map(|code| format!("{} {} {}", code.id, code.name, code.level.word()))
        .collect();
    assert!(lines.is_sorted(), "the codes stand in order");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("codes", lines.join("\n"));
    });
}

#[test]
fn every_check_is_listed() {
    let listed: BTreeSet<String> = ALL.iter().map(|check| check.code.name.replace('-', "_")).collect();
    let files = rust(&["src/checks"])
        .into_iter()
        .filter(|file| file.text.contains("static CHECK: Check"));
    let written: BTreeSet<String> = files
        .map(|file| file.path.trim_start_matches("src/checks/").trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(listed, written);
    assert_eq!(listed.len(), ALL.len(), "a check is listed twice");
    assert!(
        ALL.is_sorted_by_key(|check| check.code.id),
        "checks are listed in the order of their codes"
    );
}
