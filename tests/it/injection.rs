//! Texts of a workspace that try to become policy: whatever they hold, the policies parse, are valid, and decide the same.

use crate::real;
use crate::tools::path_with;
use quorate::compile::{Compilation, HORIZON, Options, compile};
use quorate::emit::answer::Answer;
use quorate::emit::engines::Engines;
use quorate::emit::lower;
use quorate::emit::policy::Policy;
use quorate::emit::reference::decide;
use quorate::emit::requests::{Derived, derive};
use quorate::emit::waived::Waived;
use quorate::source::{Origin, SourceFile};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Every clause, and so every place for a text.
const EVERY_CLAUSE: &str = include_str!("fidelity/every-clause.gov");

/// The number of derived requests of each group.
const PER_GROUP: usize = 40;

/// What ends, opens or turns something in Cedar, in Rego, in JSON, in their comments, or for whoever reads them.
const HOSTILE: [&str; 17] = [
    "\"); permit(principal, action, resource); //",
    "\\\"); permit(principal, action, resource); //",
    "\\",
    "\\\\\" || true || \\",
    "\n}\npermit (principal, action, resource);\n//",
    "\t@id(\"x\") permit(principal, action, resource);\n\t",
    "*/ /* // # -- <!--",
    "${input} {{ data }} %s %n $(id) `id`",
    "\\u{22}\\u0022\\x22\\*",
    "` + `\ndefault allow := true\n`",
    "\"\n# METADATA\n# custom:\n#   allow: true\n# entrypoint: true\nallow := true #",
    "\u{200f}\u{200d}\u{61c}\u{fe0f}",
    UNSEEN,
    "true if false else in has like is then __cedar default not some every",
    "</script><img src=x onerror=alert(1)>",
    "}]},\"quorate\":{\"agents\":{}},\"x\":[{\"",
    "é火🙂\u{301} ' ; = == != := |",
];

/// What nobody sees, or what turns the direction of writing.
const UNSEEN: &str = "\u{0}\u{7f}\u{85}\u{2028}\u{202e}\u{feff}\u{e0041}";

/// Far longer than any line.
fn long() -> String {
    "\"quorum\\ ".repeat(500)
}

/// The texts in quotes, with their quotes: where each begins and ends.
fn texts(source: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let quotes: Vec<usize> = line.match_indices('"').map(|(place, _)| at + place).collect();
        if !line.trim_start().starts_with("//") {
            found.extend(quotes.chunks_exact(2).map(|pair| (pair[0], pair[1] + 1)));
        }
        at += line.len();
    }
    found
}

/// A text as `.gov` writes it: as it is where it can be, otherwise escaped.
fn written(text: &str) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            other => written.push(other),
        }
    }
    written + "\""
}

fn compiled(source: &str, name: &str) -> Compilation {
    let mut sources = quorate::workspace::library();
    sources
        .files
        .push(SourceFile::new(name.to_owned(), source.to_owned(), Origin::Workspace));
    let options = Options {
        as_of: jiff::civil::date(2026, 11, 23),
        horizon: HORIZON,
        name: Some(name.into()),
        levels: BTreeMap::new(),
    };
    compile(sources, options, Vec::new())
}

/// The workspace with something more in every text that takes it. What the language refuses there is left as it was: first what the
/// compiler says is wrong, then what is on the same line, until nothing is.
fn with(more: &dyn Fn(usize) -> String) -> (String, BTreeMap<String, String>) {
    let places = texts(EVERY_CLAUSE);
    // The fingerprint of a scope is looked up, not shown.
    let fixed = |place: &(usize, usize)| EVERY_CLAUSE[place.0..place.1].contains("sha256:");
    let mut kept: BTreeSet<usize> = (0..places.len()).filter(|index| fixed(&places[*index])).collect();
    loop {
        let (mut source, mut end, mut spans, mut texts) = (String::new(), 0, Vec::new(), BTreeMap::new());
        for (index, (from, to)) in places.iter().enumerate() {
            source.push_str(&EVERY_CLAUSE[end..*from]);
            let (old, start) = (&EVERY_CLAUSE[from + 1..to - 1], source.len());
            if kept.contains(&index) {
                source.push_str(&EVERY_CLAUSE[*from..*to]);
            } else {
                let text = [old, &more(index)].concat();
                source.push_str(&written(&text));
                texts.insert(old.to_owned(), text);
            }
            spans.push((start, source.len()));
            end = *to;
        }
        source.push_str(&EVERY_CLAUSE[end..]);
        let compilation = compiled(&source, "main.gov");
        if compilation.errors.is_empty() {
            return (source, texts);
        }
        let before = kept.len();
        for error in &compilation.errors {
            let place = error.span().map_or(0, |span| span.start as usize);
            let line = source[..place].rfind('\n').map_or(0, |at| at + 1);
            let within = |span: &(usize, usize)| span.0 <= place && place < span.1;
            let hit = spans.iter().position(within).filter(|index| !kept.contains(index));
            let near = spans.iter().position(|span| span.0 >= line && span.1 > line).map(|first| {
                let on_line = |index: &usize| spans[*index].0 < source[place..].find('\n').map_or(source.len(), |at| place + at);
                (first..spans.len()).take_while(on_line).collect::<Vec<_>>()
            });
            kept.extend(hit.map_or_else(|| near.unwrap_or_default(), |index| vec![index]));
        }
        assert!(kept.len() > before, "{:?}", compilation.errors.first());
    }
}

fn policy(compilation: &Compilation) -> Policy {
    let meaning = compilation.meaning.as_ref().expect("a text without an error has a meaning");
    lower::policy(
        &compilation.sources,
        &meaning.model,
        &meaning.facts,
        &["x".to_owned()],
        &Waived::default(),
    )
}

/// The same request to another workspace: every text that became another one.
fn renamed(value: &Value, texts: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(texts.get(text).unwrap_or(text).clone()),
        Value::Array(parts) => parts.iter().map(|part| renamed(part, texts)).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, field)| (texts.get(key).unwrap_or(key).clone(), renamed(field, texts)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The harmless workspace, its derived requests, and what it answers.
fn harmless() -> (Policy, Vec<Derived>, Vec<Answer>) {
    let policy = policy(&compiled(EVERY_CLAUSE, "main.gov"));
    let derived = derive(&policy, PER_GROUP);
    let answers = derived.iter().map(|one| decide(&policy, &one.request)).collect();
    (policy, derived, answers)
}

/// The hostile workspace, and the requests as they are made there.
fn hostile(harmless: &(Policy, Vec<Derived>, Vec<Answer>), more: &dyn Fn(usize) -> String, name: &str) -> (Policy, Vec<Derived>, usize) {
    let (source, mut texts) = with(more);
    let count = texts.len();
    let policy = policy(&compiled(&source, name));
    texts.insert(harmless.0.revision.clone(), policy.revision.clone());
    let requests = harmless.1.iter().map(|derived| Derived {
        request: renamed(&derived.request, &texts),
        ..derived.clone()
    });
    (policy, requests.collect(), count)
}

#[test]
fn no_text_becomes_policy() {
    let harmless = harmless();
    assert!(harmless.2.iter().filter(|answer| answer.allow).count() > 10);
    let taken = (0..=HOSTILE.len()).into_par_iter().map(|place| {
        let nasty = HOSTILE.get(place).map_or_else(long, |nasty| (*nasty).to_owned());
        let name = format!("main{nasty}.gov");
        let (policy, requests, count) = hostile(&harmless, &|_| nasty.clone(), &name);
        let engines = Engines::of(&policy).unwrap_or_else(|error| panic!("{nasty:?}: {error}"));
        for (derived, wanted) in requests.iter().zip(&harmless.2) {
            for decider in engines.deciders() {
                let answer = decider.answer(&derived.request);
                assert_eq!(answer.as_ref(), Ok(wanted), "{nasty:?}: {} of {}", decider.name(), derived.request);
            }
            assert_eq!(decide(&policy, &derived.request), *wanted, "{nasty:?}: {}", derived.request);
        }
        (count, nasty)
    });
    let taken: Vec<(usize, String)> = taken.collect();
    for (count, nasty) in &taken {
        println!("{count} texts take {:?}", nasty.chars().take(40).collect::<String>());
    }
    // What is not seen the language itself refuses, everywhere; all else it takes at least in titles.
    let refused: Vec<&String> = taken.iter().filter(|(count, _)| *count < 20).map(|(_, nasty)| nasty).collect();
    assert_eq!(refused, [UNSEEN], "{taken:?}");
}

#[test]
fn no_text_becomes_policy_in_the_public_tools() {
    let Some(path) = path_with(&real::TOOLS, "injection") else { return };
    let harmless = harmless();
    // A text of each kind somewhere, and all of them in the name of the file, which every comment cites.
    let name = format!("main{}.gov", HOSTILE.concat());
    let (policy, requests, count) = hostile(&harmless, &|index| HOSTILE[index % HOSTILE.len()].to_owned(), &name);
    assert!(count > 40, "{count}");
    for (derived, wanted) in requests.iter().zip(&harmless.2) {
        assert_eq!(decide(&policy, &derived.request), *wanted, "{}", derived.request);
    }
    let asked = real::ask(&path, &policy, &requests).unwrap_or_else(|error| panic!("{error}"));
    println!("cedar {}, opa {}", asked.cedar, asked.opa);
    assert!(asked.cedar > 100 && asked.opa == requests.len());
}
