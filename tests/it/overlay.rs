//! Lays declarations over the workspace in which the examples of the code pages stand.

use crate::project::{Project, repository};
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What the file of the laid-over block begins with, on one line, so that line `n` of the block is line `n + 1` of the file.
const HEADER: &str = "module acme\n";

/// The base with a block laid over it: what the block declares takes the place of what is called the same there.
/// A first line `// without: agent x, task y` takes more away. `scope auto` stands for the digest of the scope of its task.
pub fn over_base(block: &str) -> Project {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base can be read");
    let mut gone: BTreeSet<String> = declared(block).into_iter().map(|(name, _)| name).collect();
    let without = block.lines().next().and_then(|line| line.strip_prefix("// without:"));
    gone.extend(
        without
            .into_iter()
            .flat_map(|names| names.split(','))
            .map(|name| name.trim().to_owned()),
    );
    let mut left = base.clone();
    for (name, range) in declared(&base).into_iter().rev() {
        if gone.remove(&name) {
            left.replace_range(range, "");
        }
    }
    let new: BTreeSet<String> = declared(block).into_iter().map(|(name, _)| name).collect();
    let unknown: Vec<&String> = gone.difference(&new).collect();
    assert!(unknown.is_empty(), "`without` names what the base does not declare: {unknown:?}");
    let block = format!("{HEADER}{block}");
    let open = Project::new()
        .file("base.gov", &left)
        .file("block.gov", &approved(&block, &BTreeMap::new(), false));
    let digests = open.scopes();
    Project::new()
        .file("base.gov", &approved(&left, &digests, true))
        .file("block.gov", &approved(&block, &digests, false))
}

/// The line of the block that a line of `block.gov` is.
pub fn line_of_block(line: u64) -> u64 {
    line - 1
}

/// The named declarations at the top of a file, as `agent campaign`, each with its stretch.
fn declared(text: &str) -> Vec<(String, Range<usize>)> {
    let (tree, errors) = parse(FileId(0), text);
    assert!(errors.is_empty(), "{}: {text}", errors[0].message);
    let named = tree.nodes.iter().filter_map(|node| {
        let word = node.word.of(text);
        let name = node.tokens.first().filter(|_| node.block.is_some() || word == "provider")?;
        Some((
            format!("{word} {}", name.extent.of(text)),
            node.extent.start as usize..node.extent.end as usize,
        ))
    });
    named.collect()
}

/// Puts the digests of scopes where they belong: for `scope auto`, and in the base at every approval without one.
fn approved(text: &str, digests: &BTreeMap<String, String>, every: bool) -> String {
    let mut task = "";
    let mut out = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("task ") {
            task = rest.split(' ').next().unwrap_or("");
        }
        let asked = line.contains(" scope auto");
        let scope = match asked || (every && line.trim_start().starts_with("approved ")) {
            true => digests.get(task).map_or(String::new(), |digest| format!(" scope \"{digest}\"")),
            false => String::new(),
        };
        match asked {
            true => out.push_str(&line.replace(" scope auto", &scope)),
            false => out.push_str(&(line.to_owned() + &scope)),
        }
        out.push('\n');
    }
    out
}
