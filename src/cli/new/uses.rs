//! The `use` lines that a declaration and the answers to its questions need in the file.

use super::draft::Draft;
use super::own;
use crate::resolve::Names;
use crate::source::FileId;
use crate::syntax::parse;
use std::collections::BTreeSet;

/// If a kind is declared in more modules than this, a person must say which is meant.
const MODULES: usize = 4;

/// The text of a file with the `use` lines that it lacks.
pub(super) fn uses(text: &str, module: &str, draft: &Draft, names: &Names) -> String {
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

/// Where the lines that document a module end.
fn below_documentation(text: &str) -> usize {
    let lines = text.split_inclusive('\n').take_while(|line| line.starts_with("//!"));
    lines.map(str::len).sum()
}
