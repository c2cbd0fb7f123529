//! Leaving something out never makes a workspace cleaner.

use crate::project::{TODAY, files_below, repository};
use quorate::checks::ALL;
use quorate::compile::{Compilation, HORIZON, Meaning, Options, compile};
use quorate::diagnostic::Diagnostic;
use quorate::facts::flow::graph::Flows;
use quorate::model::{Meta, Party};
use quorate::source::{FileId, Origin, SourceFile, Span};
use quorate::syntax::parse::parse;
use quorate::syntax::tree::Node;
use quorate::syntax::vocabulary::{Absence, Place, sections};
use quorate::workspace::library;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The examples; each has a twin in which something is missing.
pub const EXAMPLES: [&str; 5] = [
    "agentic-browser",
    "customer-data",
    "delegated-access",
    "prices-and-refunds",
    "single-provider",
];

/// What may be left out of a declaration for a reason of its own.
const EXCUSED: [(&str, &str); 1] = [
    // A delegated identity does what the people it acts for allow, whatever else the files state about it.
    ("helpdesk_delegate", "access"),
];

/// The files of a workspace: names and texts.
pub type Files = Vec<(String, String)>;

/// What a finding is about: its check, and the declaration.
pub type About = (&'static str, String, String);

/// A clause that can be left out.
#[derive(Clone, Debug)]
struct Clause {
    /// Which file, and which stretch of it.
    file: usize,
    start: usize,
    end: usize,
    /// What it is in: the kind and the name of the declaration, and the clauses around it.
    kind: String,
    name: String,
    around: Vec<String>,
    word: String,
    /// Whether the same block has another clause with this word.
    again: bool,
}

impl Clause {
    /// The files without it.
    fn left_out(&self, files: &Files) -> Compilation {
        let mut less = files.clone();
        less[self.file].1.replace_range(self.start..self.end, "");
        compiled(&less)
    }

    fn shown(&self, files: &Files) -> String {
        let text = &files[self.file].1[self.start..self.end];
        format!("{} {}: {}", self.kind, self.name, text.lines().next().unwrap_or(""))
    }

    /// Whether it gives somebody something to do, so that with it goes what was at fault.
    fn grants(&self) -> bool {
        let within = self.around.last().is_some_and(|word| matches!(&**word, "access" | "acts_for"));
        let task = self.kind == "task" && ["read", "write", "execute", "send"].iter().any(|word| self.word.starts_with(word));
        within || task || self.word == "access"
    }

    fn touches(&self, files: &Files, compilation: &Compilation, span: Span) -> bool {
        let same = compilation.sources.file(span.file).name == files[self.file].0;
        same && (span.start as usize) < self.end && self.start < span.end as usize
    }
}

/// The files of an example.
pub fn example(name: &str) -> Files {
    let files = files_below(&repository().join("examples").join(name));
    let own = files.iter().filter(|file| file.extension().is_some_and(|end| end == "gov"));
    own.map(|file| {
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file).expect("it is readable");
        // Frameworks say what findings bear on and not what they are; without them each try is short.
        (name, text.replace("adopt owasp_agentic, csa_maestro, nist_ai_rmf", ""))
    })
    .collect()
}

/// What comes of some files.
pub fn compiled(files: &Files) -> Compilation {
    let mut sources = library();
    sources.files.retain(|file| !file.name.starts_with("std/frameworks/"));
    for (name, text) in files {
        sources.files.push(SourceFile::new(name.clone(), text.clone(), Origin::Workspace));
    }
    let options = Options {
        as_of: TODAY.parse().expect("it is a day"),
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    };
    compile(sources, options, Vec::new())
}

fn clauses(files: &Files) -> Vec<Clause> {
    let mut found = Vec::new();
    for (file, (_, text)) in files.iter().enumerate() {
        let (tree, errors) = parse(FileId(0), text);
        assert!(errors.is_empty(), "{}", errors[0].message);
        for node in &tree.nodes {
            let kind = node.word.of(text);
            // A test does not govern anything, so what it expects does not count.
            if kind != "test" {
                let name = node.tokens.first().map_or("", |token| token.extent.of(text));
                inside(node, text, file, (kind, name), &[], &mut found);
            }
        }
    }
    found
}

fn inside(node: &Node, text: &str, file: usize, of: (&str, &str), around: &[String], found: &mut Vec<Clause>) {
    let nodes = || node.block.iter().flat_map(|block| &block.nodes);
    for inner in nodes() {
        let word = inner.word.of(text);
        found.push(Clause {
            file,
            start: inner.extent.start as usize,
            end: inner.extent.end as usize,
            kind: of.0.to_owned(),
            name: of.1.to_owned(),
            around: around.to_vec(),
            word: word.to_owned(),
            again: nodes().filter(|other| other.word.of(text) == word).count() > 1,
        });
        let around: Vec<String> = around.iter().cloned().chain([word.to_owned()]).collect();
        inside(inner, text, file, of, &around, found);
    }
}

/// What a finding is about.
pub fn about(finding: &Diagnostic) -> About {
    (
        finding.code.map_or("", |code| code.name),
        finding.finding.subject_kind.clone(),
        finding.finding.subject.clone(),
    )
}

fn points(compilation: &Compilation) -> usize {
    compilation.meaning.as_ref().map_or(0, |meaning| meaning.facts.decision_points)
}

/// Whether the language says that without this clause something is unknown, or is a finding of a check that is built.
fn speaks(clause: &Clause) -> bool {
    let place = |place: Place| match place {
        Place::In(kind) => clause.around.is_empty() && kind.word() == clause.kind,
        Place::Emergency => clause.around == ["emergency"],
        Place::File | Place::Access | Place::Within | Place::Control | Place::Group | Place::Alias | Place::Milestone => false,
    };
    let built = |name: &str| ALL.iter().any(|check| check.code.name == name);
    let rows = sections()
        .iter()
        .filter(|section| place(section.place))
        .flat_map(|section| &section.clauses);
    rows.filter(|row| row.word == clause.word).any(|row| match row.absence {
        Absence::Unknown => true,
        Absence::Required(check) => built(check),
        Absence::Fine | Absence::Default(_) => false,
    })
}

/// The declarations that a change of data about people hangs on, as kind and name: those that a standard asks something of.
fn bearing(meaning: &Meaning) -> BTreeSet<(&'static str, String)> {
    let (model, facts) = (&meaning.model, &meaning.facts);
    let mut found: BTreeSet<(&'static str, String)> = BTreeSet::new();
    let mut add = |kind: &'static str, meta: &Meta| {
        found.insert((kind, meta.name.to_string()));
    };
    let flows = Flows::of(model);
    for (agent, reach) in model.agents.iter().zip(&facts.reach) {
        for (id, routes) in &reach.points {
            let atom = facts.atoms.get(*id);
            let flags = atom.flags(model);
            if !flags.mutates || !flags.personal {
                continue;
            }
            add("agent", &agent.meta);
            for identity in reach.identities.iter().filter(|_| routes.access) {
                add("identity", &model.identities[identity.index()].meta);
            }
            add("system", &model.systems[atom.system.index()].meta);
            for arrival in flows.from((atom.system, atom.data)) {
                add("arrival", &model.systems[arrival.at.0.index()].meta);
            }
            let group = facts.group(*id);
            for enforcement in &group.enforcements {
                add("enforcement", &model.enforcements[enforcement.index()].meta);
            }
            for domain in group.domains.iter().map(|domain| &model.domains[domain.index()]) {
                add("domain", &domain.meta);
                for rollback in &domain.rollbacks {
                    add("rollback", &model.rollbacks[rollback.value.index()].meta);
                }
                if let Some(ledger) = &domain.evidence {
                    add("ledger", &model.ledgers[ledger.value.index()].meta);
                }
                for party in domain
                    .seats
                    .iter()
                    .flat_map(|seat| std::iter::once(&seat.owner).chain(&seat.deputies))
                {
                    match party.value {
                        Party::Person(person) => add("person", &model.people[person.index()].meta),
                        Party::Team(team) => add("team", &model.teams[team.index()].meta),
                        Party::Agent(_) | Party::Identity(_) => {}
                    }
                }
            }
        }
    }
    found
}

#[test]
fn what_is_left_out_is_not_clean() {
    for name in EXAMPLES {
        let files = example(name);
        let whole = compiled(&files);
        assert!(whole.errors.is_empty() && whole.findings.is_empty(), "{name}: {:?}", whole.findings);
        let bearing = bearing(whole.meaning.as_ref().expect("it was compiled"));
        let tried = clauses(&files);
        let faults: Vec<String> = tried
            .par_iter()
            .filter_map(|clause| {
                let less = clause.left_out(&files);
                if !less.errors.is_empty() || !less.findings.is_empty() {
                    return None;
                }
                if points(&less) < points(&whole) && !clause.grants() {
                    return Some(format!("takes decisions out of sight: {}", clause.shown(&files)));
                }
                // What flows to a system does not pass what stands in front of it.
                let arrival = clause.kind == "system" && clause.word != "enforced_by";
                let kind = |kind: &str| *kind == clause.kind || (kind == "arrival" && arrival);
                let hangs = bearing.iter().any(|(of, name)| kind(of) && *name == clause.name);
                let excused = EXCUSED.contains(&(&clause.name, &clause.word));
                let quiet = hangs && speaks(clause) && !clause.again && !excused;
                quiet.then(|| format!("is missed by nobody: {}", clause.shown(&files)))
            })
            .collect();
        assert!(tried.len() > 100, "{name}: only {} clauses were tried", tried.len());
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
    }
}

#[test]
fn what_is_left_out_hides_no_finding() {
    for name in EXAMPLES {
        let files = example(&format!("{name}-gaps"));
        let whole = compiled(&files);
        let before: BTreeSet<About> = whole.findings.iter().map(about).collect();
        assert!(!before.is_empty());
        let faults: Vec<String> = clauses(&files)
            .par_iter()
            .flat_map(|clause| {
                let less = clause.left_out(&files);
                let hidden: Vec<String> = match less.errors.is_empty() && !clause.grants() {
                    true => lost(&whole, &before, &less, |finding| part_of(clause, &files, &whole, finding)),
                    false => Vec::new(),
                };
                hidden
                    .into_iter()
                    .map(|finding| format!("{finding} goes without {}", clause.shown(&files)))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
    }
}

/// The findings that are there no more, are part of no other, were no fault of what was taken away, and gave way to none as grave.
fn lost(whole: &Compilation, before: &BTreeSet<About>, less: &Compilation, excused: impl Fn(&Diagnostic) -> bool) -> Vec<String> {
    let now: BTreeSet<About> = less.findings.iter().map(about).collect();
    let folded = |finding: &Diagnostic| {
        let (name, _, subject) = about(finding);
        let mut heads = less.findings.iter().filter(|head| head.finding.subject == subject);
        heads.any(|head| {
            head.related
                .iter()
                .any(|related| related.code.is_some_and(|code| code.name == name))
        })
    };
    let instead = |finding: &Diagnostic| {
        let mut new = less.findings.iter().filter(|other| !before.contains(&about(other)));
        new.any(|other| other.level >= finding.level)
    };
    let gone = whole.findings.iter().filter(|finding| !now.contains(&about(finding)));
    gone.filter(|finding| !folded(finding) && !instead(finding) && !excused(finding))
        .map(|finding| finding.message.clone())
        .collect()
}

/// Whether a clause is a part of the fault: the finding shows its place.
fn part_of(clause: &Clause, files: &Files, whole: &Compilation, finding: &Diagnostic) -> bool {
    let labels = finding.labels.iter().chain(&finding.steps).map(|label| label.span);
    let related = finding.related.iter().map(|related| related.span);
    let witness = finding.finding.witness.iter().map(|witness| witness.span);
    labels.chain(related).chain(witness).any(|span| clause.touches(files, whole, span))
}
