//! What may not change where only words do: what is found, with its level and fingerprint, what is approved, what decides, and how a check ends.
//!
//! Comments of the policies are left out, and so is every sentence. A line that changes here changes what an organisation has approved,
//! waived or put in force.

use crate::corpus;
use crate::examples::examples;
use crate::overlay::over_base;
use quorate::compile::{Compilation, HORIZON, Options, compile};
use quorate::diagnostic::Level;
use quorate::emit::lower::{self, revision};
use quorate::emit::waived::Waived;
use quorate::emit::{cedar, rego};
use quorate::facts::scope;
use quorate::model::TaskId;
use quorate::workspace::load;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

fn compiled(folder: &Path) -> Compilation {
    let loaded = load(folder);
    let options = Options {
        as_of: jiff::civil::date(2026, 11, 23),
        horizon: HORIZON,
        name: loaded.settings.name.as_deref().map(Into::into),
        levels: loaded.settings.levels,
    };
    compile(loaded.sources, options, loaded.errors)
}

/// The first part of a digest, which is enough to see a change.
fn short(text: &str) -> String {
    scope::sha256(text.as_bytes())["sha256:".len()..][..12].to_owned()
}

/// A policy without the lines that are comments.
fn decides(text: &str, comment: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(comment));
    lines.map(|line| format!("{line}\n")).collect()
}

fn policies(compilation: &Compilation) -> String {
    let meaning = compilation.meaning.as_ref().expect("it has no error");
    let waived = Waived::of(compilation);
    let policy = lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &waived);
    let cedar = cedar::emit(&policy).map_or_else(
        |_| "not in Cedar".to_owned(),
        |all| {
            let texts = [&all.schema, &all.policies, &all.explain, &all.entities, &all.index].map(|text| decides(text, "//"));
            short(&texts.concat())
        },
    );
    let rego: String = rego::emit(&policy).files().iter().map(|(_, text)| decides(text, "#")).collect();
    format!("cedar {cedar} · rego {}", short(&rego))
}

fn told(folder: &Path) -> String {
    let compilation = compiled(folder);
    assert!(
        compilation.errors.is_empty(),
        "{}: {:?}",
        folder.display(),
        compilation.errors.first()
    );
    let meaning = compilation.meaning.as_ref().expect("it has no error");
    let fails = compilation
        .findings
        .iter()
        .any(|one| one.level != Level::Note && one.finding.waived_by.is_none());
    let mut out = format!(
        "{} · {} · {}\n",
        if fails { "gaps" } else { "clean" },
        short(&revision(&meaning.model)),
        policies(&compilation)
    );
    let scopes: String = (0..meaning.model.tasks.len())
        .map(|task| scope::digest(&meaning.model, &meaning.facts, TaskId(task as u32)))
        .collect();
    writeln!(out, "scopes {}", short(&scopes)).expect("text takes everything");
    let mut findings: Vec<String> = compilation
        .findings
        .iter()
        .map(|one| {
            let own = &one.finding;
            format!(
                "{} {:?} {} {} {}{}\n",
                one.code.map_or("", |code| code.id),
                one.level,
                own.subject,
                own.selector,
                own.fingerprint.get(..19).unwrap_or_default(),
                if own.waived_by.is_some() { " waived" } else { "" }
            )
        })
        .collect();
    findings.sort();
    out + &findings.concat()
}

#[test]
fn what_examples_find_and_decide() {
    let all: BTreeMap<String, String> = [examples(false), examples(true)]
        .concat()
        .into_par_iter()
        .map(|(name, folder)| (name, told(&folder)))
        .collect();
    let shown: String = all.iter().map(|(name, told)| format!("# {name}\n{told}\n")).collect();
    insta::assert_snapshot!("unchanged_examples", shown);
}

#[test]
fn what_situations_find_and_decide() {
    let all: Vec<String> = corpus::named_blocks()
        .par_iter()
        .map(|(name, block)| format!("# {name}\n{}", told(&over_base(block).path("."))))
        .collect();
    insta::assert_snapshot!("unchanged_situations", all.join("\n"));
}
