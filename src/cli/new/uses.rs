//! The `use` lines that a declaration, and the answers to its questions, need in its file.

use super::draft::Draft;
use super::own;
use crate::resolve::Names;
use crate::source::{FileId, Origin};
use crate::syntax::parse;
use crate::syntax::vocabulary::Kind;
use crate::workspace::Loaded;
use std::collections::BTreeSet;

/// Where a kind is spread over more modules than these, a person says which is meant.
const MODULES: usize = 4;

/// The text of a file with the `use` lines that it lacks.
pub(super) fn uses(text: &str, module: &str, draft: &Draft, loaded: &Loaded, names: &Names) -> String {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    for kind in draft.names {
        let modules: BTreeSet<&str> = own(names)
            .filter(|known| known.kind == *kind && known.parent.is_none())
            .map(|known| names.module(known.span.file))
            .collect();
        if modules.len() <= MODULES {
            wanted.extend(
                modules
                    .into_iter()
                    .filter(|other| *other != module)
                    .map(|other| format!("use {other}.*")),
            );
        }
    }
    if draft.names.contains(&Kind::Data) {
        wanted.extend(of_library(loaded));
    }
    let (parsed, _) = parse(FileId(0), text);
    let header = |item: &crate::syntax::ast::Item| (item.header.start as usize, item.header.end as usize);
    let above = parsed.items.iter().filter(|item| matches!(item.clause.word, "use" | "module"));
    let (mut known, mut end) = (BTreeSet::new(), None);
    for item in above {
        let (from, to) = header(item);
        known.insert(text[from..to].split_whitespace().collect::<Vec<_>>().join(" "));
        end = Some(to);
    }
    let lines: Vec<String> = wanted.into_iter().filter(|line| !known.contains(line)).collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let lines = lines.join("\n");
    match end {
        Some(end) => format!("{}\n{lines}{}", &text[..end], &text[end..]),
        None => {
            let at = below_documentation(text);
            let gap = if at > 0 { "\n" } else { "" };
            format!("{}{gap}{lines}\n\n{}", &text[..at], text[at..].trim_start_matches('\n'))
        }
    }
}

/// The modules of the standard library that other files bring in.
fn of_library(loaded: &Loaded) -> BTreeSet<String> {
    let own = loaded.sources.files.iter().filter(|file| file.origin == Origin::Workspace);
    let lines = own.flat_map(|file| file.text.lines());
    let brought = lines
        .map(str::trim)
        .filter(|line| line.starts_with("use std.") && line.ends_with(".*"));
    brought.map(str::to_owned).collect()
}

/// Where the lines that document a module end.
fn below_documentation(text: &str) -> usize {
    let lines = text.split_inclusive('\n').take_while(|line| line.starts_with("//!"));
    lines.map(str::len).sum()
}
