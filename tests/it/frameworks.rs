//! The page of frameworks lists every catalogue that is shipped, and each catalogue keeps its own promises.

use crate::golden;
use crate::in_process::{compiled, meaning};
use quorate::diagnostic::catalogue;
use quorate::model::framework::{Framework, Nature, Strength};
use std::collections::BTreeSet;

/// A workspace that adopts nothing but what is shipped by default.
const EMPTY: &str = "workspace acme \"Acme\" {}\n";

fn shipped() -> Vec<Framework> {
    let mut compilation = compiled(EMPTY);
    let meaning = compilation.meaning.take().expect("an empty workspace has a meaning");
    let mut frameworks = meaning.model.frameworks;
    frameworks.sort_by(|left, right| left.meta.name.cmp(&right.meta.name));
    frameworks
}

#[test]
fn the_page_lists_every_framework() {
    let mut rows = String::new();
    for framework in shipped() {
        let nature = match framework.nature {
            Nature::Threats => "threats",
            Nature::Requirements => "requirements",
            Nature::Guidance => "recommendations",
        };
        let mapped = framework.controls.iter().filter(|control| !control.evidence.is_empty()).count();
        let direct = framework
            .controls
            .iter()
            .filter(|control| control.evidence.iter().any(|evidence| evidence.strength == Strength::Direct))
            .count();
        rows.push_str(&format!(
            "| `{}` | {} | {} | {} {nature} | {mapped} | {direct} |\n",
            framework.meta.name,
            framework.meta.shown(),
            framework.edition,
            framework.controls.len(),
        ));
    }
    let page = std::fs::read_to_string(crate::project::repository().join("docs/frameworks.md")).expect("the page is there");
    let (before, rest) = page.split_once(START).expect("the table has a start");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    let table = format!("{HEAD}{rows}");
    golden::compare("docs/frameworks.md", &format!("{before}{START}{table}{END}{after}"));
}

const START: &str = "<!-- frameworks -->\n\n";
const END: &str = "\n<!-- end -->";
const HEAD: &str = "| adopt | title | edition | lists | with evidence | with direct evidence |\n|---|---|---|---|---|---|\n";

#[test]
fn every_control_names_checks_that_exist_and_what_else_to_ask_for() {
    for framework in shipped() {
        let name = &framework.meta.name;
        let mut ids = BTreeSet::new();
        for control in &framework.controls {
            assert!(ids.insert(&control.id), "{name} has {} twice", control.id);
            assert!(!control.title.is_empty(), "{name} {}", control.id);
            // The AI Controls Matrix is shipped as identifiers and titles.
            assert!(
                control.ask.is_some() || &**name == "csa_aicm",
                "{name} {} says nothing to ask for",
                control.id
            );
            for evidence in &control.evidence {
                assert!(!evidence.checks.is_empty() && !evidence.why.is_empty(), "{name} {}", control.id);
                for check in &evidence.checks {
                    assert!(catalogue::find(check).is_some(), "{name} {} names {check}", control.id);
                }
            }
        }
        for day in &framework.milestones {
            for control in &day.controls {
                assert!(ids.contains(control), "{name}: {} is about an unknown control {control}", day.date);
            }
        }
        for alias in &framework.aliases {
            assert!(!alias.status.is_empty(), "{name}: {}", alias.label);
        }
        assert!(!framework.sources.is_empty() && !framework.verified.is_empty(), "{name}");
    }
}

#[test]
fn a_framework_that_is_not_adopted_changes_no_finding() {
    let compilation = compiled(EMPTY);
    assert!(meaning(&compilation).model.adoption.frameworks.is_empty());
    assert!(compilation.findings.iter().all(|finding| finding.finding.controls.is_empty()));
}
