//! Situations from practice: each file of `tests/corpus` is laid over the base of the pages, and its findings are held to a snapshot.
//! The first line of a file says the situation; it is the only `//!` line, so that the numbers of lines stay what they are.

use crate::overlay::{line_of_block, over_base};
use crate::project::{files_below, repository};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// How many situations there are at least.
const FEWEST: usize = 60;

/// What each situation lays over the base.
pub fn blocks() -> Vec<String> {
    situations().iter().map(Situation::block).collect()
}

/// The same, each with its name.
pub fn named_blocks() -> Vec<(String, String)> {
    situations().into_iter().map(|one| (one.name.clone(), one.block())).collect()
}

/// One file.
struct Situation {
    name: String,
    sentence: String,
    text: String,
}

impl Situation {
    /// What is laid over the base: the file with `// without:` on the first line, in the place of the sentence.
    fn block(&self) -> String {
        let without = self.text.lines().find(|line| line.starts_with("// without:"));
        let rest = self.text.split_once('\n').map_or("", |(_, rest)| rest);
        format!("{}\n{rest}", without.unwrap_or("// a situation"))
    }

    /// The sentence, and the findings, each with the line it stands at.
    fn shown(&self) -> String {
        let project = over_base(&self.block());
        let base = std::fs::read_to_string(project.path("base.gov")).expect("the base was written");
        let findings = project.findings();
        assert_ne!(findings.code, Some(2), "{} cannot be checked", self.name);
        // A waiver names a finding by its fingerprint, so no two may share one.
        let mut fingerprints = BTreeSet::new();
        for finding in findings.all() {
            assert!(fingerprints.insert(finding["fingerprint"].to_string()), "{}: {finding}", self.name);
        }
        let open = findings.all().map(|finding| self.finding(finding, &base));
        let waived = findings.waived().into_iter().map(|(name, by)| format!("{name}, waived by {by}"));
        let mut shown: Vec<String> = open.chain(waived).collect();
        if shown.is_empty() {
            shown.push("no finding".to_owned());
        }
        format!("{}\n\n{}\n", self.sentence, shown.join("\n\n"))
    }

    fn finding(&self, finding: &Value, base: &str) -> String {
        let word = |key: &str| finding[key].as_str().unwrap_or_default();
        let number = finding["line"].as_u64().unwrap_or_default();
        let (text, line) = match word("file") {
            "block.gov" => (&*self.text, line_of_block(number)),
            _ => (base, number),
        };
        let source = text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default().trim();
        let place = match word("file") {
            "block.gov" => line.to_string(),
            file => file.to_owned(),
        };
        let mut lines = vec![
            format!("{}[{}] {}: {}", word("level"), word("code"), word("name"), word("message")),
            format!("  {place}: {source}"),
            format!("  {}", word("label")),
            format!("  help: {}", word("help")),
        ];
        let related = finding["related"].as_array().into_iter().flatten();
        lines.extend(related.filter_map(|also| Some(format!("  also: {} {}", also["code"].as_str()?, also["message"].as_str()?))));
        lines.join("\n")
    }
}

fn situations() -> Vec<Situation> {
    let files = files_below(&repository().join("tests/corpus"));
    let situation = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).expect("it is readable");
        let name = file.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let sentence = text.lines().next().and_then(|line| line.strip_prefix("//! "));
        let sentence = sentence.unwrap_or_else(|| panic!("{name} does not say its situation")).to_owned();
        Situation { name, sentence, text }
    };
    files.iter().map(situation).collect()
}

#[test]
fn there_are_enough_situations_and_each_is_another() {
    let situations = situations();
    assert!(situations.len() >= FEWEST, "{} situations", situations.len());
    let names: BTreeSet<&str> = situations.iter().map(|situation| &*situation.name).collect();
    let sentences: BTreeSet<&str> = situations.iter().map(|situation| &*situation.sentence).collect();
    assert_eq!((names.len(), sentences.len()), (situations.len(), situations.len()));
    for situation in &situations {
        let Situation { name, sentence, text } = situation;
        assert!(name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{name}");
        assert!(sentence.ends_with('.'), "{name}: {sentence}");
        assert_eq!(text.lines().filter(|line| line.starts_with("//!")).count(), 1, "{name}");
    }
}

#[test]
fn situations_have_the_findings_that_were_read() {
    let shown: Vec<(String, String)> = situations()
        .par_iter()
        .map(|situation| (situation.name.clone(), situation.shown()))
        .collect();
    for (name, shown) in shown {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("corpus-{name}"), shown);
        });
    }
}
