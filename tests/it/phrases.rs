//! No page, message or comment has a phrase that a native speaker has to read twice; `docs/style.md` says what to write instead.

use crate::project::{files_below, repository};
use std::path::{Path, PathBuf};

/// Phrases that we do not write, in small letters. Each is looked for as whole words.
const PHRASES: &[&str] = &[
    "is said",
    "are said",
    "is told",
    "are told",
    "so many",
    "which there is not",
    "which there are not",
    "a list of exceptions there is not",
    "said aloud",
    "has to see to",
    "have to see to",
    "sees to it",
    "be it",
    "of which nothing",
    "nothing is said",
    "nobody has said",
    "for ever",
    "nobody said",
    "as far as is said",
    "at the least",
    "how grave",
    "stands where",
    "stands twice",
    "stands open",
    "stands no more",
    "stands beside",
    "flow on to",
    "flows on to",
];

/// What may follow `is no` and `are no`.
const AFTER_NO: &[&str] = &["longer", "more", "older", "later", "fewer", "less"];

/// The sentence may say what we do not write.
const ABOUT_THEM: &[&str] = &["docs/style.md", "tests/it/phrases.rs"];

/// A phrase in a line, with the words of the line in small letters.
fn found(line: &str) -> Option<String> {
    let small = line.to_lowercase();
    let words: Vec<&str> = small
        .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let has = |phrase: &&&str| {
        let wanted: Vec<&str> = phrase.split(' ').collect();
        words.windows(wanted.len()).any(|part| part == wanted)
    };
    if let Some(phrase) = PHRASES.iter().find(has) {
        return Some((*phrase).to_owned());
    }
    // "There is no rollback" is plain; "it is no rollback" is not.
    let plain = |at: usize| at > 0 && words[at - 1] == "there";
    (0..words.len().saturating_sub(2))
        .find(|at| matches!(words[*at], "is" | "are") && words[at + 1] == "no" && !AFTER_NO.contains(&words[at + 2]) && !plain(*at))
        .map(|at| words[at..at + 3].join(" "))
}

fn below(folder: &str, ending: &str) -> Vec<PathBuf> {
    let files = files_below(&repository().join(folder)).into_iter();
    files.filter(|path| path.extension().is_some_and(|end| end == ending)).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).expect("it is below").display().to_string()
}

#[test]
fn nobody_has_to_read_a_sentence_twice() {
    let mut files: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .iter()
        .map(|name| repository().join(name))
        .collect();
    for (folder, ending) in [
        ("docs", "md"),
        ("docs/schemas", "json"),
        ("examples", "md"),
        ("examples", "gov"),
        ("stdlib", "gov"),
        ("templates", "gov"),
        ("tests/corpus", "gov"),
        ("src", "rs"),
        ("src", "html"),
        ("src", "md"),
        ("tests", "rs"),
        ("benches", "rs"),
    ] {
        files.extend(below(folder, ending));
    }
    let mut faults = Vec::new();
    for path in files.iter().filter(|path| !ABOUT_THEM.contains(&&*shown(path))) {
        let text = std::fs::read_to_string(path).expect("it is text");
        for (number, line) in text.lines().enumerate() {
            // Names of tests and snapshots are not sentences.
            let sentence = !line.trim_start().starts_with("fn ") && !line.contains("_snapshot!(");
            if let Some(phrase) = found(line).filter(|_| sentence) {
                faults.push(format!("{}:{}: `{phrase}` in `{}`", shown(path), number + 1, line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{} lines:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_phrase_is_found_as_whole_words_alone() {
    assert_eq!(found("Nothing is said about it.").as_deref(), Some("is said"));
    assert_eq!(found("`x` is no agent").as_deref(), Some("is no agent"));
    assert_eq!(found("it is no longer there, for everybody, and there is no other"), None);
    assert_eq!(found("what this said"), None);
}
