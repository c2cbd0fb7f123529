//! Every request that is derived from a workspace of version 0.1 is decided alike once it is upgraded, with its ids as they are now.

use crate::project::{files_below, repository};
use quorate::compile::{Compilation, HORIZON, Meaning, Options, compile_as};
use quorate::emit::answer::Answer;
use quorate::emit::decide::{Decisions, EngineChoice};
use quorate::emit::lower;
use quorate::emit::policy::Policy;
use quorate::emit::requests::derive;
use quorate::emit::waived::Waived;
use quorate::facts::scope::digest;
use quorate::model::TaskId;
use quorate::resolve::Layout;
use quorate::source::{Origin, SourceFile, Sources};
use quorate::upgrade::upgrade;
use std::collections::BTreeMap;

/// More than are derived from either workspace.
const REQUESTS: usize = 100_000;

type Texts = BTreeMap<String, String>;

fn texts(folder: &str) -> Texts {
    let files = files_below(&repository().join("tests/it/upgrade").join(folder)).into_iter();
    let named = files.map(|file| {
        let name = file.file_name().expect("it has a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&file).expect("it is text"))
    });
    named.collect()
}

fn sources(texts: &Texts) -> Sources {
    let mut sources = quorate::workspace::library();
    let files = texts
        .iter()
        .map(|(name, text)| SourceFile::new(name.clone(), text.clone(), Origin::Workspace));
    sources.files.extend(files);
    sources
}

fn options() -> Options {
    Options {
        as_of: jiff::civil::date(2026, 11, 23),
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    }
}

fn compiled(texts: &Texts, layout: Layout) -> Compilation {
    let compilation = compile_as(sources(texts), options(), Vec::new(), layout);
    assert!(compilation.errors.is_empty(), "{:?}", compilation.errors.first());
    compilation
}

fn meaning(compilation: &Compilation) -> &Meaning {
    compilation.meaning.as_ref().expect("it has no errors")
}

/// The same with each scope approved as it is today: a digest holds ids, so without this every task would be refused on both sides.
fn signed(mut texts: Texts, layout: Layout) -> Texts {
    let compilation = compiled(&texts, layout);
    let meaning = meaning(&compilation);
    for (index, task) in meaning.model.tasks.iter().enumerate() {
        let today = digest(&meaning.model, &meaning.facts, TaskId(index as u32));
        for said in task.approved.iter().filter_map(|approval| approval.scope.as_ref()) {
            for text in texts.values_mut() {
                *text = text.replace(&*said.value, &today);
            }
        }
    }
    texts
}

fn policy(compilation: &Compilation) -> Policy {
    let meaning = meaning(compilation);
    let waived = Waived::of(compilation);
    lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &waived)
}

/// An answer without the lines of the files that it names.
fn unplaced(answer: Answer) -> Answer {
    let denials = answer.denials.into_iter().map(|mut denial| {
        denial.place = None;
        denial
    });
    Answer {
        denials: denials.collect(),
        ..answer
    }
}

/// A text with ids as they are without the names of files.
fn renamed(text: &str, names: &[String]) -> String {
    names
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(&format!("acme.{name}."), "acme."))
}

#[track_caller]
fn decides_alike(folder: &str, layout: Layout) {
    let old = signed(texts(folder), layout);
    let upgraded = upgrade(&sources(&old), &options(), Vec::new()).expect("it can be upgraded");
    let mut new = old.clone();
    let whole = sources(&old);
    for (file, text) in upgraded.texts {
        new.insert(whole.file(file).name.clone(), text);
    }
    assert_ne!(old, new);
    let new = signed(new, Layout::Folders);
    let (before, after) = (compiled(&old, layout), compiled(&new, Layout::Folders));
    let (was, is) = (policy(&before), policy(&after));
    let requests = derive(&was, REQUESTS);
    let names: Vec<String> = old.keys().map(|name| name.trim_end_matches(".gov").to_owned()).collect();
    let was = Decisions::of(was, EngineChoice::Model).expect("what is emitted loads");
    let is = Decisions::of(is, EngineChoice::All).expect("what is emitted loads");
    let mut allowed = 0;
    for derived in &requests {
        // A request says by which policies it is to be decided, and those are other ones where ids are.
        let text = derived.request.to_string().replace(was.revision(), is.revision());
        let request = serde_json::from_str(&renamed(&text, &names)).expect("it is JSON");
        let one = unplaced(was.answer(&derived.request).expect("it is answered"));
        let two = unplaced(is.answer(&request).expect("it is answered"));
        assert_eq!(renamed(&format!("{one:?}"), &names), format!("{two:?}"), "{request}");
        allowed += usize::from(one.allow);
    }
    assert!(allowed > 10 && requests.len() > 300, "{allowed} of {} are allowed", requests.len());
}

#[test]
fn the_support_desk() {
    decides_alike("support_desk", Layout::Folders);
}

#[test]
fn customer_data_of_several_files() {
    decides_alike("customer_data", Layout::Files);
}
