//! Every line of every clean example, left out: there is a finding, or no request is allowed that was refused before. A line is free
//! because of its row in the vocabulary: only people read it, or a missing line means the same.

use crate::silence::{EXAMPLES, Files, compiled, example};
use quorate::compile::Compilation;
use quorate::emit::cedar;
use quorate::emit::lower;
use quorate::emit::policy::{Input, Policy};
use quorate::emit::reference::Reference;
use quorate::emit::requests::derive;
use quorate::emit::waived::Waived;
use quorate::prove::against::data::wider;
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use quorate::syntax::tree::Node;
use quorate::syntax::vocabulary::{Absence, Clause, Place, clauses};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Range;

/// A clause or a declaration of a file.
pub struct Line {
    /// Which file.
    pub file: usize,
    range: Range<usize>,
    /// Whether its row states that only people read it, or that a missing line means the same.
    free: bool,
}

impl Line {
    /// The files without it.
    pub fn left_out(&self, files: &Files) -> Files {
        let mut less = files.clone();
        less[self.file].1.replace_range(self.range.clone(), "");
        less
    }
}

/// Every declaration and clause.
pub fn lines(files: &Files) -> Vec<Line> {
    let mut all = Vec::new();
    for (file, (_, text)) in files.iter().enumerate() {
        let (tree, errors) = parse(FileId(0), text);
        assert!(errors.is_empty(), "{}", errors[0].message);
        tree.nodes.iter().for_each(|node| take(node, text, file, Place::File, &mut all));
    }
    all
}

fn take(node: &Node, text: &str, file: usize, place: Place, into: &mut Vec<Line>) {
    let word = node.word.of(text);
    let range = node.extent.start as usize..node.extent.end as usize;
    let said = text[range.clone()].split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    let rows: Vec<&Clause> = clauses(place).iter().filter(|clause| clause.word == word).collect();
    let free = |row: &&Clause| row.prose || matches!(row.absence, Absence::Default(value) if value == said);
    into.push(Line {
        file,
        range,
        free: rows.iter().any(free),
    });
    let inside = rows.iter().find_map(|row| row.opens);
    for inner in node.block.iter().flat_map(|block| &block.nodes) {
        if let Some(place) = inside {
            take(inner, text, file, place, into);
        }
    }
}

/// What is enforced, and its data as they are emitted.
fn lowered(compilation: &Compilation) -> (Policy, String) {
    let meaning = compilation.meaning.as_ref().expect("it was compiled");
    let policy = lower::policy(
        &compilation.sources,
        &meaning.model,
        &meaning.facts,
        &compilation.serves(),
        &Waived::of(compilation),
    );
    let cedar = cedar::emit(&policy).unwrap_or_else(|_| panic!("it can be written as Cedar"));
    (policy, cedar.entities)
}

/// A request as whoever asks under the whole policies would write it: of their revision, and with a text for each free text that they ask
/// for. An emergency is nothing to those who know none.
fn rewritten(request: &Value, whole: &Policy) -> Vec<Value> {
    let mut request = request.clone();
    let context = &mut request["context"];
    context["revision"] = json!(whole.revision);
    let inputs = whole.domains.values().flat_map(|domain| &domain.inputs);
    for (name, _) in inputs.filter(|(_, input)| matches!(input, Input::Text)) {
        if context["inputs"][name].is_null() {
            context["inputs"][name] = json!("x");
        }
    }
    let mut usual = request.clone();
    let declared = usual["context"]
        .as_object_mut()
        .is_some_and(|context| context.shift_remove("emergency").is_some());
    match declared {
        true => vec![request, usual],
        false => vec![request],
    }
}

/// What is allowed without a line that the whole workspace refuses.
fn beyond((whole, entities): &(Policy, String), (less, fewer): &(Policy, String)) -> Vec<String> {
    let mut found = wider(fewer, entities).expect("they can be read");
    let (before, now) = (Reference::of(whole), Reference::of(less));
    for derived in derive(less, 4_000) {
        if now.decide(&derived.request).allow
            && !rewritten(&derived.request, whole)
                .iter()
                .any(|request| before.decide(request).allow)
        {
            let answer = before.decide(&rewritten(&derived.request, whole)[0]);
            let reasons: BTreeSet<&str> = answer.denials.iter().map(|denial| denial.reason.code()).collect();
            found.push(format!("{} ({}): {reasons:?} before", derived.kind, derived.about));
        }
    }
    found
}

#[test]
fn what_is_left_out_is_found_or_allows_no_more() {
    for name in EXAMPLES {
        let files = example(name);
        let whole = lowered(&compiled(&files));
        let lines = lines(&files);
        assert!(lines.len() > 100, "{name}: {}", lines.len());
        let faults: Vec<String> = lines
            .par_iter()
            .filter(|line| !line.free)
            .filter_map(|line| {
                let compilation = compiled(&line.left_out(&files));
                if !compilation.errors.is_empty() || !compilation.findings.is_empty() {
                    return None;
                }
                let more = beyond(&whole, &lowered(&compilation));
                let first = files[line.file].1[line.range.clone()].lines().next().unwrap_or_default().to_owned();
                let few = more.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
                (!more.is_empty()).then(|| format!("{}: `{first}`: {} more, as {few}", files[line.file].0, more.len()))
            })
            .collect();
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
    }
}
