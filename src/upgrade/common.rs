//! Moves the clauses that domains share into one declaration that they name, and leaves out clauses that only
//! repeat a default.

use crate::resolve::{Names, removed, walk};
use crate::source::{FileId, Sources};
use crate::syntax::ast::{Item, Target, Value, visit_names};
use crate::syntax::parse;
use crate::syntax::parse::parse as tree_of;
use crate::syntax::tree::Extent;
use crate::syntax::vocabulary::{Kind, Place, default};
use crate::upgrade::edits::{Replacement, apply};
use crate::upgrade::own;
use std::collections::{BTreeMap, BTreeSet};

/// What domains can share: the kind of declaration, the word for it in a domain, the first words of its clauses,
/// and the ending of its name.
const SHARED: &[(Kind, &str, &[&str], &str)] = &[
    (Kind::Ownership, "ownership", &["owner"], "owners"),
    (
        Kind::Safeguards,
        "safeguards",
        &["valid", "binds", "retention", "rollback", "evidence"],
        "safeguards",
    ),
];

/// The lines that a declaration needs around the shared clauses. In addition, each domain keeps one line.
const AROUND: usize = 2;

/// Clauses of one domain that can move together.
struct Movable<'a> {
    file: FileId,
    domain: &'a Item,
    clauses: Vec<&'a Item>,
}

/// Returns the new texts of the files in which a clause moves or is left out.
pub(super) fn shared(sources: &Sources, names: &Names) -> BTreeMap<FileId, String> {
    let files = own(sources).into_iter().map(|file| {
        let (mut whole, _) = parse(file, &sources.file(file).text);
        walk(sources, names, &mut whole);
        (file, whole.items)
    });
    let files: Vec<(FileId, Vec<Item>)> = files.collect();
    let mut edits: BTreeMap<FileId, Vec<Replacement>> = BTreeMap::new();
    for (file, items) in &files {
        let text = &sources.file(*file).text;
        for item in items {
            for clause in needless(sources, item) {
                edits.entry(*file).or_default().push(taken_out(text, clause));
            }
        }
    }
    let mut taken: BTreeSet<String> = names.declarations.iter().map(|one| one.id.to_string()).collect();
    for (kind, word, clauses, ending) in SHARED {
        let mut groups: BTreeMap<(&str, Vec<String>), Vec<Movable>> = BTreeMap::new();
        for (file, items) in &files {
            for domain in items.iter().filter(|item| item.clause.declares == Some(Kind::Domain)) {
                if let Some((key, movable)) = movable(sources, *file, domain, (word, clauses)) {
                    groups.entry((names.module(*file), key)).or_default().push(movable);
                }
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| group.first().map(|one| (one.file, one.domain.span.start)));
        for ((module, key), group) in groups {
            let saved = group.len() * (key.len() - 1);
            let Some(first) = group.first().filter(|_| saved >= key.len() + AROUND) else {
                continue;
            };
            let name = free(sources, module, first.domain, ending, &mut taken);
            declare(sources, first, (kind.word(), &name), &mut edits);
            for one in &group {
                replace(sources, one, (word, &name), &mut edits);
            }
        }
    }
    let texts = edits
        .into_iter()
        .map(|(file, edits)| (file, apply(&sources.file(file).text, edits)));
    texts.collect()
}

/// The clauses of a declaration that only repeat a default.
fn needless<'a>(sources: &Sources, item: &'a Item) -> Vec<&'a Item> {
    let (place, words): (Place, &[&str]) = match item.clause.declares {
        // In a domain that names safeguards, a clause may replace a value of the safeguards.
        Some(Kind::Domain) if item.clause("safeguards").is_some() => return Vec::new(),
        // An approval for a whole task must state how long it is valid, even if that is the default.
        Some(Kind::Domain) if binds_task(item) => return Vec::new(),
        Some(Kind::Domain) => (Place::In(Kind::Domain), &["valid", "binds"]),
        Some(Kind::Ledger) => (Place::In(Kind::Ledger), &["records"]),
        _ => return Vec::new(),
    };
    let alike = |clause: &&Item| {
        let said = clause.arguments.first().map(|first| {
            let last = clause.header.end as usize;
            let text = &sources.file(clause.header.file).text[first.span.start as usize..last];
            listed(text)
        });
        let value = default(place, clause.clause.word).map(listed);
        said.is_some() && said == value
    };
    let written = item.block.iter().filter(|clause| words.contains(&clause.clause.word));
    written
        .filter(alike)
        .filter(|clause| item.clauses(clause.clause.word).count() == 1 && is_bare(sources, item, clause))
        .collect()
}

fn binds_task(domain: &Item) -> bool {
    domain.clauses("binds").any(|clause| clause.text("binds") == Some("task"))
}

/// The parts of a list, without their order.
fn listed(text: &str) -> BTreeSet<String> {
    text.split(',')
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The clauses of a domain that it can share, with their content; `None` if the domain already names a shared
/// declaration, has no such clauses, or has a comment among them.
fn movable<'a>(sources: &Sources, file: FileId, domain: &'a Item, (word, words): (&str, &[&str])) -> Option<(Vec<String>, Movable<'a>)> {
    if domain.clause(word).is_some() {
        return None;
    }
    let left_out = needless(sources, domain);
    let left_out: BTreeSet<u32> = left_out.iter().map(|clause| clause.header.start).collect();
    let clauses: Vec<&Item> = domain
        .block
        .iter()
        .filter(|clause| words.contains(&clause.clause.word) && !left_out.contains(&clause.header.start))
        .collect();
    if clauses.is_empty() || !clauses.iter().all(|clause| is_bare(sources, domain, clause)) {
        return None;
    }
    let mut key: Vec<String> = clauses.iter().map(|clause| meaning(sources, clause)).collect();
    key.sort();
    Some((key, Movable { file, domain, clauses }))
}

/// The content of a clause, with each name replaced by the number of its declaration.
fn meaning(sources: &Sources, clause: &Item) -> String {
    let mut points: Vec<(u32, u32, Option<Target>)> = Vec::new();
    for argument in &clause.arguments {
        let mut value: Value = argument.value.clone();
        visit_names(&mut value, &mut |name| points.push((name.span.start, name.span.end, name.target)));
    }
    let text = &sources.file(clause.header.file).text;
    let mut out = String::new();
    let mut done = clause.header.start;
    for (start, end, target) in points.into_iter().filter(|(.., target)| target.is_some()) {
        out.push_str(&text[done as usize..start as usize]);
        out.push_str(&format!("#{}", target.map_or(0, |target| target.0)));
        done = end;
    }
    out.push_str(&text[done as usize..clause.header.end as usize]);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a clause has no comment above, in or after it. A comment would lose its place.
fn is_bare(sources: &Sources, around: &Item, clause: &Item) -> bool {
    let text = &sources.file(clause.header.file).text;
    let above = around
        .block
        .iter()
        .map(|other| other.span.end)
        .filter(|end| *end <= clause.header.start);
    let start = above.max().unwrap_or(around.header.end) as usize;
    let end = clause.span.end as usize;
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // A comment after the opening brace counts too. The only effect is that the clause stays.
    !text[start..end].contains("//")
}

/// A name for the shared declaration that is not used elsewhere in the module.
fn free(sources: &Sources, module: &str, domain: &Item, ending: &str, taken: &mut BTreeSet<String>) -> String {
    let first = domain.names("new").next().map_or("domain", |name| sources.text(name.span));
    let numbered = (2..).map(|number| format!("{first}_{ending}_{number}"));
    let mut names = std::iter::once(format!("{first}_{ending}")).chain(numbered);
    let name = names.find(|name| !taken.contains(&format!("{module}.{name}"))).unwrap_or_default();
    taken.insert(format!("{module}.{name}"));
    name
}

/// Puts the declaration above the first domain and its comments.
fn declare(sources: &Sources, first: &Movable, (word, name): (&str, &str), edits: &mut BTreeMap<FileId, Vec<Replacement>>) {
    let text = &sources.file(first.file).text;
    let start = above(first.file, text, first.domain);
    let clauses = first
        .clauses
        .iter()
        .map(|clause| format!("{}\n", &text[clause.header.start as usize..clause.header.end as usize]));
    edits.entry(first.file).or_default().push(Replacement {
        extent: Extent { start, end: start },
        text: format!("{word} {name} {{\n{}}}\n\n", clauses.collect::<String>()),
    });
}

/// The start of an item, including its documentation and the comments directly above it.
fn above(file: FileId, text: &str, item: &Item) -> u32 {
    let (tree, _) = tree_of(file, text);
    let node = tree.nodes.iter().find(|node| node.word.start == item.word.start);
    let start = node.and_then(|node| node.docs.first()).map_or(item.word.start, |line| line.start);
    let mut start = text[..start as usize].rfind('\n').map_or(0, |at| at + 1);
    while let Some(line) = text[..start]
        .strip_suffix('\n')
        .map(|before| before.rfind('\n').map_or(0, |at| at + 1))
    {
        let comment = text[line..start].trim();
        if !comment.starts_with("//") || comment.starts_with("//!") {
            break;
        }
        start = line;
    }
    start as u32
}

/// Replaces the clauses of a domain with the name of the shared declaration.
fn replace(sources: &Sources, one: &Movable, (word, name): (&str, &str), edits: &mut BTreeMap<FileId, Vec<Replacement>>) {
    let text = &sources.file(one.file).text;
    for (index, clause) in one.clauses.iter().enumerate() {
        edits.entry(one.file).or_default().push(match index {
            0 => Replacement {
                extent: Extent {
                    start: clause.header.start,
                    end: clause.header.end,
                },
                text: format!("{word} {name}"),
            },
            _ => taken_out(text, clause),
        });
    }
}

fn taken_out(text: &str, clause: &Item) -> Replacement {
    Replacement {
        extent: removed(text, clause.header),
        text: String::new(),
    }
}
