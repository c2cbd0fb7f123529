//! Every line of every clean example, left out: it is found, or no change is allowed that was not, or only people read it.

use crate::silence::{EXAMPLES, Files, compiled, example};
use cedar_policy::PolicySet;
use quorate::compile::Compilation;
use quorate::emit::cedar::engine::named;
use quorate::emit::cedar::{self, Cedar};
use quorate::emit::lower;
use quorate::emit::waived::Waived;
use quorate::prove::against::data::wider;
use quorate::prove::pieces::{Parts, is_place, parts, resources};
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
    /// Whether its row says that only people read it, or that the same holds where nothing is said.
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
        let (tree, slips) = parse(FileId(0), text);
        assert!(slips.is_empty(), "{}", slips[0].message);
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

fn emitted(compilation: &Compilation) -> Cedar {
    let meaning = compilation.meaning.as_ref().expect("it was compiled");
    let policy = lower::policy(
        &compilation.sources,
        &meaning.model,
        &meaning.facts,
        &compilation.serves(),
        &Waived::of(compilation),
    );
    cedar::emit(&policy).unwrap_or_else(|_| panic!("it can be written as Cedar"))
}

/// The actions, the data and the conditions of each permit, but for the revision.
fn permits(cedar: &Cedar) -> Vec<(Value, BTreeSet<String>, Parts)> {
    let set: PolicySet = named(&cedar.policies).expect("they parse");
    let one = |permit: &cedar_policy::Policy| {
        let data = resources(permit).expect("it is a policy").expect("it names its data");
        let mut conditions = parts(permit).expect("it is a policy");
        conditions.retain(|part| !is_place(part) && part["=="]["left"]["."]["attr"] != "revision");
        (permit.to_json().expect("JSON")["action"].clone(), data, conditions)
    };
    set.policies().map(one).collect()
}

fn actions(head: &Value) -> BTreeSet<String> {
    let of = |entity: &Value| entity["id"].as_str().map(str::to_owned);
    match head["entities"].as_array() {
        Some(several) => several.iter().filter_map(of).collect(),
        None => of(&head["entity"]).into_iter().collect(),
    }
}

/// What of the other emitted set is not evidently within the first: what its data hold beyond, and each operation of a permit that does not
/// ask for all that a permit for the same asked for.
fn beyond(whole: &Cedar, less: &Cedar) -> Vec<String> {
    let mut found = wider(&less.entities, &whole.entities).expect("they can be read");
    // A permit for when no emergency is declared asks this; where no domain knows one, it is nothing that somebody declares one, and the usual
    // approvals are asked.
    let declared = json!({ "!": { "arg": { "has": { "left": { "Var": "context" }, "attr": "emergency" } } } });
    let mut before = permits(whole);
    before.iter_mut().for_each(|(_, _, asked)| asked.retain(|part| *part != declared));
    for (head, data, conditions) in permits(less) {
        // Reading under fewer safeguards is light, and its own checks judge what is restricted.
        for action in actions(&head).into_iter().filter(|action| !action.starts_with("read.")) {
            let covering = |id: &String| {
                before.iter().any(|(head, data, asked)| {
                    data.contains(id) && actions(head).contains(&action) && asked.iter().all(|part| conditions.contains(part))
                })
            };
            let more: Vec<&String> = data.iter().filter(|id| !covering(id)).collect();
            if !more.is_empty() {
                found.push(format!("{action} of {more:?} takes less"));
            }
        }
    }
    found
}

#[test]
fn what_is_left_out_is_found_or_allows_no_other_change() {
    for name in EXAMPLES {
        let files = example(name);
        let whole = emitted(&compiled(&files));
        let lines = lines(&files);
        assert!(lines.len() > 100, "{name}: {}", lines.len());
        let faults: Vec<String> = lines
            .par_iter()
            .filter(|line| !line.free)
            .filter_map(|line| {
                let compilation = compiled(&line.left_out(&files));
                if !compilation.slips.is_empty() || !compilation.findings.is_empty() {
                    return None;
                }
                let more = beyond(&whole, &emitted(&compilation));
                let first = files[line.file].1[line.range.clone()].lines().next().unwrap_or_default().to_owned();
                (!more.is_empty()).then(|| format!("{}: `{first}`: {}", files[line.file].0, more.join("; ")))
            })
            .collect();
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
    }
}
