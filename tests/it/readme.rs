//! The README's first screen, held to what the commands print today.
//!
//! Its outputs are shortened: lines are left out or end early, but what is shown is printed, in that order.

use crate::project::{TODAY, run_in};
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("there is a README")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The bodies of the blocks of one language, in order.
pub fn blocks(text: &str, language: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(word) = line.strip_prefix("```") {
            let body = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
            if word == language {
                found.push(body);
            }
        }
    }
    found
}

/// The first of these lines that does not stand in a text after the one before it.
fn first_absent<'a>(lines: &'a [String], text: &str, stands: impl Fn(&str, &str) -> bool) -> Option<&'a str> {
    let mut rest = text.lines();
    lines.iter().find(|line| !rest.any(|there| stands(line, there))).map(String::as_str)
}

#[test]
fn what_the_readme_shows_is_what_is_printed() {
    let blocks = blocks(&readme(), "console");
    assert_eq!(blocks.len(), 2, "the gap, and the answer to who");
    for block in blocks {
        let (command, shown) = block.split_first().expect("a block begins with its command");
        let words = command.strip_prefix("$ quorate ").expect("a command of quorate");
        let words: Vec<&str> = words.split_whitespace().collect();
        let outcome = run_in(root(), TODAY, &words);
        let absent = first_absent(shown, &outcome.out, |shown, printed| match shown {
            "" => printed.is_empty(),
            shown => printed.starts_with(shown.trim_end()),
        });
        assert_eq!(absent, None, "not printed, or not in this order, by `{command}`:\n{outcome}");
    }
}

#[test]
fn the_file_the_readme_shows_is_the_one_with_the_gap() {
    let block = blocks(&readme(), "gov").remove(0);
    let example = std::fs::read_to_string(root().join("examples/customer-data-gaps/marketing.gov")).expect("the example is there");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        first_absent(&block, &example, |shown, written| words(shown) == words(written)),
        None
    );
}

#[test]
fn the_gate_runs_the_commands_of_the_readme() {
    let gate = std::fs::read_to_string(root().join(".ci/run")).expect("there is a gate");
    let commands = blocks(&readme(), "sh");
    assert_eq!(
        commands.concat(),
        ["cargo run -- build examples/customer-data -o target/evidence", "cargo test"]
    );
    for command in commands.concat() {
        assert!(gate.contains(&format!("step {command}")), "the gate does not run `{command}`");
    }
}
