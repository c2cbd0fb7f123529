//! The results of the workspace's own tests, for scripts and build servers. Without times: the same input gives
//! the same bytes.

use crate::compile::{Compilation, Meaning};
use crate::emit::mutate::{Mutant, Mutation, Notice};
use crate::emit::test_run::{Outcome, TestRun};
use crate::report::finding::{Finding, Place};
use crate::source::unseen::unseen;
use serde_json::{Value, json};

/// JUnit XML: one suite with a case for each test, by the file that declares it.
pub fn junit(compilation: &Compilation, meaning: &Meaning, runs: &[TestRun]) -> String {
    let count = |wanted: fn(&Outcome) -> bool| runs.iter().filter(|test_run| wanted(&test_run.outcome)).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        runs.len(),
        count(|outcome| matches!(outcome, Outcome::Failed(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"quorate\" {counts}>\n"));
    out.push_str(&format!("  <testsuite name=\"{}\" {counts}>\n", escaped(&compilation.workspace)));
    for test_run in runs {
        let meta = &meaning.model.tests[test_run.test].meta;
        let position = compilation.sources.position(meta.span.file, meta.span.start);
        let file = escaped(&compilation.sources.file(meta.span.file).name);
        let case = format!(
            "    <testcase name=\"{}\" classname=\"{file}\" file=\"{file}\" line=\"{}\"",
            escaped(meta.shown()),
            position.line
        );
        out.push_str(&case);
        match &test_run.outcome {
            Outcome::Passed => out.push_str("/>\n"),
            Outcome::Skipped(reason) => {
                out.push_str(&format!(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", escaped(reason)));
            }
            Outcome::Failed(finding) => {
                let label = finding.labels.first().map_or("", |label| label.text.as_str());
                out.push_str(&format!(
                    ">\n      <failure message=\"{}\" type=\"failing-test\">{}</failure>\n    </testcase>\n",
                    escaped(&finding.message),
                    escaped(label)
                ));
            }
        }
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// The document, indented: schema `quorate/tests/1`.
pub fn json(compilation: &Compilation, meaning: &Meaning, runs: &[TestRun]) -> String {
    let one = |test_run: &TestRun| {
        let meta = &meaning.model.tests[test_run.test].meta;
        let position = compilation.sources.position(meta.span.file, meta.span.start);
        let (outcome, reason, finding) = match &test_run.outcome {
            Outcome::Passed => ("passed", Value::Null, Value::Null),
            Outcome::Failed(finding) => (
                "failed",
                Value::Null,
                json!(Finding::of(finding, &|span| Place::shown(&compilation.sources, span))),
            ),
            Outcome::Skipped(reason) => ("skipped", json!(reason), Value::Null),
        };
        json!({
            "name": meta.shown(),
            "file": compilation.sources.file(meta.span.file).name,
            "line": position.line,
            "outcome": outcome,
            "decisions": test_run.tried,
            "reason": reason,
            "finding": finding,
        })
    };
    let count = |wanted: fn(&Outcome) -> bool| runs.iter().filter(|test_run| wanted(&test_run.outcome)).count();
    let document = json!({
        "schema": "quorate/tests/1",
        "version": env!("CARGO_PKG_VERSION"),
        "as_of": compilation.options.as_of.to_string(),
        "workspace": compilation.workspace,
        "sources": { "digest": compilation.sources_digest(), "files": compilation.file_count() },
        "tests": runs.iter().map(one).collect::<Vec<_>>(),
        "summary": {
            "passed": count(|outcome| matches!(outcome, Outcome::Passed)),
            "failed": count(|outcome| matches!(outcome, Outcome::Failed(_))),
            "skipped": count(|outcome| matches!(outcome, Outcome::Skipped(_))),
            "decisions": runs.iter().map(|test_run| test_run.tried).sum::<usize>(),
        },
    });
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// The weakenings that nothing detects, indented: schema `quorate/mutation/1`.
pub fn weaker(compilation: &Compilation, mutation: &Mutation) -> String {
    let one = |mutant: &Mutant| {
        let position = compilation.sources.position(mutant.span.file, mutant.span.start);
        json!({
            "file": compilation.sources.file(mutant.span.file).name,
            "line": position.line,
            "column": position.column,
            "edit": mutant.words,
            "help": match mutant.notice {
                Notice::Write(help) | Notice::Nothing(help) => help,
            },
        })
    };
    let document = json!({
        "schema": "quorate/mutation/1",
        "version": env!("CARGO_PKG_VERSION"),
        "as_of": compilation.options.as_of.to_string(),
        "workspace": compilation.workspace,
        "sources": { "digest": compilation.sources_digest(), "files": compilation.file_count() },
        "unnoticed": mutation.unnoticed.iter().map(one).collect::<Vec<_>>(),
        "beyond_tests": mutation.beyond.iter().map(one).collect::<Vec<_>>(),
        "summary": { "noticed_by_check": mutation.by_check, "noticed_by_test": mutation.by_test, "unnoticed": mutation.unnoticed.len(), "beyond_tests": mutation.beyond.len() },
    });
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// A text escaped for XML, in an attribute or outside. A character that XML cannot contain, or that is
/// invisible, becomes a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character if unseen(character) => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}
