//! What the language calls unknown when it is left out, the check of what is unstated looks for, and nothing else.

use crate::project::Project;
use quorate::compile::{HORIZON, Options, compile};
use quorate::facts::unstated::unstated;
use quorate::source::{Origin, SourceFile};
use quorate::syntax::vocabulary::{Absence, Place, sections};
use quorate::workspace::library;
use std::collections::{BTreeMap, BTreeSet};

/// One of each kind that says nothing.
const BARE: &str = "
workspace acme
person ann
team crew
enforcement gate
system crm
identity robot
agent helper
rollback undo
ledger book
";

#[test]
fn what_is_unknown_is_looked_for() {
    let mut sources = library();
    sources
        .files
        .push(SourceFile::new("main.gov".to_owned(), BARE.to_owned(), Origin::Workspace));
    let options = Options {
        as_of: crate::project::TODAY.parse().expect("it is a day"),
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    };
    let compilation = compile(sources, options, Vec::new());
    let meaning = compilation.meaning.expect("it says nothing wrong");
    let looked_for: BTreeSet<(&str, &str)> = unstated(&meaning.model)
        .iter()
        .flat_map(|(subject, clauses)| clauses.iter().map(|clause| (subject.kind().word(), clause.word)))
        .collect();
    let mut unknown = BTreeSet::new();
    for section in sections() {
        if let Place::In(kind) = section.place {
            let words = section.clauses.iter().filter(|row| row.absence == Absence::Unknown);
            unknown.extend(words.map(|row| (kind.word(), row.word)));
        }
    }
    assert_eq!(looked_for, unknown);
}

#[test]
fn nothing_hangs_on_what_nobody_reaches() {
    // Whom the agent calls decides whether it reaches anything, so that alone hangs on nothing else.
    let findings = Project::of(BARE).findings();
    let found: Vec<&str> = findings.of("unstated").filter_map(|finding| finding["message"].as_str()).collect();
    assert_eq!(found, ["helper does not say how freely it acts and which agents it calls"]);
    let quiet = BARE.replace("agent helper", "agent helper {\n  calls none\n}");
    assert_eq!(Project::of(&quiet).findings().of("unstated").count(), 0);
}
