//! Every page in `docs/codes` is executed: what it says fails has exactly the findings it marks, what it says passes has none.

use crate::overlay::{line_of_block, over_base};
use crate::project::repository;
use quorate::checks::ALL;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The headings of a page, in order.
const HEADINGS: [&str; 6] = [
    "What it says",
    "Why it matters",
    "Fails",
    "Passes",
    "How to fix",
    "When it does not apply",
];

/// A block of a page.
struct Example {
    page: String,
    heading: String,
    caption: String,
    text: String,
    line: usize,
}

/// A finding as a page marks it: the line, the level, the name.
type Mark = (u64, String, String);

fn page(name: &str) -> String {
    let path = repository().join(format!("docs/codes/{name}.md"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn names() -> Vec<String> {
    let files = crate::project::files_below(&repository().join("docs/codes"));
    let pages = files.iter().filter(|file| file.extension().is_some_and(|end| end == "md"));
    pages
        .map(|file| file.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .filter(|name| name != "README")
        .collect()
}

fn headings(page: &str) -> Vec<&str> {
    page.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

fn examples(name: &str) -> Vec<Example> {
    let text = page(name);
    let mut found = Vec::new();
    let (mut heading, mut caption) = ("", "");
    let mut open: Option<(usize, Vec<&str>)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line) {
            (Some((start, lines)), "```") => {
                let text = lines.join("\n") + "\n";
                found.push(Example {
                    page: name.to_owned(),
                    heading: heading.to_owned(),
                    caption: caption.to_owned(),
                    text,
                    line: *start,
                });
                open = None;
            }
            (Some((_, lines)), _) => lines.push(line),
            (None, "```gov") => open = Some((number + 2, Vec::new())),
            (None, _) if line.starts_with("## ") => (heading, caption) = (&line[3..], ""),
            (None, _) if !line.is_empty() && !line.starts_with("```") => caption = line,
            (None, _) => {}
        }
    }
    found
}

/// What every page says fails.
pub fn fails() -> Vec<String> {
    let all = names().into_iter().flat_map(|name| examples(&name));
    all.filter(|example| example.heading == "Fails")
        .map(|example| example.text)
        .collect()
}

fn marks(example: &Example) -> BTreeSet<Mark> {
    let mut marks = BTreeSet::new();
    for (number, line) in example.text.lines().enumerate() {
        for level in ["error", "warning", "note"] {
            if let Some((_, name)) = line.split_once(&format!("// {level}: ")) {
                marks.insert((number as u64 + 1, level.to_owned(), name.trim().to_owned()));
            }
        }
    }
    marks
}

/// What is wrong with an example, and how its findings are drawn.
fn tried(example: &Example) -> (Option<String>, String) {
    let project = over_base(&example.text);
    let findings = project.findings();
    let drawn = project.run(&["check"]).out;
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or("").to_owned();
    let place = |finding: &serde_json::Value| (word(finding, "file"), finding["line"].as_u64().unwrap_or(0));
    let (inside, outside): (Vec<_>, Vec<_>) = findings.all().partition(|finding| finding["file"] == "block.gov");
    let found: Vec<Mark> = inside
        .iter()
        .map(|finding| (line_of_block(place(finding).1), word(finding, "level"), word(finding, "name")))
        .collect();
    let expected = marks(example);
    let once = found.len() == found.iter().collect::<BTreeSet<_>>().len();
    let right = findings.code != Some(2) && outside.is_empty() && once && found.iter().cloned().collect::<BTreeSet<_>>() == expected;
    let wrong = (!right).then(|| {
        let Example { page, heading, line, .. } = example;
        format!("docs/codes/{page}.md:{line} ({heading})\n  marked {expected:?}\n  found  {found:?}\n{drawn}")
    });
    (wrong, drawn)
}

#[test]
fn every_check_has_a_page_and_every_page_a_check() {
    let checks: BTreeSet<String> = ALL.iter().map(|check| check.code.name.to_owned()).collect();
    let pages: BTreeSet<String> = names().into_iter().collect();
    assert_eq!(checks, pages);
    for check in ALL {
        let page = page(check.code.name);
        assert_eq!(check.page, page, "{} shows another page than its own", check.code.name);
        assert_eq!(page.lines().next(), Some(&*format!("# {} {}", check.code.id, check.code.name)));
        assert_eq!(headings(&page), HEADINGS, "{}", check.code.name);
        let level = page.lines().nth(2).unwrap_or("");
        assert!(
            level.starts_with(&format!("Level: {}", check.code.level.word())),
            "{}: {level}",
            check.code.name
        );
    }
}

#[test]
fn every_page_fails_in_its_own_name_and_passes() {
    for name in names() {
        let examples = examples(&name);
        let fails: Vec<&Example> = examples.iter().filter(|example| example.heading == "Fails").collect();
        assert!(!fails.is_empty(), "{name} has no example that fails");
        assert!(
            examples.iter().any(|example| example.heading == "Passes"),
            "{name} has no example that passes"
        );
        for example in fails {
            assert!(
                marks(example).iter().any(|(_, _, found)| *found == name),
                "docs/codes/{name}.md:{} does not mark {name}",
                example.line
            );
        }
    }
}

#[test]
fn examples_have_the_findings_they_mark() {
    let all: Vec<Example> = names().iter().flat_map(|name| examples(name)).collect();
    let tried: Vec<(&Example, Option<String>, String)> = all
        .par_iter()
        .filter(|example| matches!(&*example.heading, "Fails" | "Passes"))
        .map(|example| {
            let (wrong, drawn) = tried(example);
            (example, wrong, drawn)
        })
        .collect();
    let wrong: Vec<&str> = tried.iter().filter_map(|(_, wrong, _)| wrong.as_deref()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} examples are not what they say:\n\n{}",
        wrong.len(),
        tried.len(),
        wrong.join("\n\n")
    );
    for name in names() {
        let fails = tried
            .iter()
            .filter(|(example, ..)| example.page == name && example.heading == "Fails");
        let shown: Vec<String> = fails
            .map(|(example, _, drawn)| format!("# {}\n\n{}", example.caption, drawn.trim_end()))
            .collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("page-{name}"), shown.join("\n\n"));
        });
    }
}

#[test]
fn the_base_has_no_finding() {
    let outcome = over_base("").run(&["check"]).ends_with(0);
    assert_eq!(outcome.out, "");
}
