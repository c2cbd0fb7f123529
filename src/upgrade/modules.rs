//! Makes files that were modules part of their folder's module: rewrites `use` lines and whole paths.

use crate::compile::names_as;
use crate::resolve::{Layout, Names, walk};
use crate::source::{FileId, Sources};
use crate::syntax::ast::{Item, Name, Target, Value, visit_names};
use crate::syntax::parse;
use crate::syntax::tree::Extent;
use crate::upgrade::edits::{Replacement, apply};
use crate::upgrade::{Refused, own};
use std::collections::{BTreeMap, HashMap};

/// Returns the new texts of the files that refer to renamed modules.
pub(super) fn joined(sources: &Sources, old: &Names, workspace: Option<&str>) -> Result<BTreeMap<FileId, String>, Refused> {
    let (new, errors) = names_as(sources, workspace, Layout::Folders);
    if !errors.is_empty() {
        return Err(Refused::Unread(super::copy(sources, &BTreeMap::new()), errors));
    }
    let files = own(sources);
    let modules: HashMap<&str, &str> = files.iter().map(|file| (old.module(*file), new.module(*file))).collect();
    let texts = files.into_iter().filter_map(|file| {
        let text = &sources.file(file).text;
        let (mut whole, _) = parse(file, text);
        walk(sources, old, &mut whole);
        let mut edits = Vec::new();
        for item in &whole.items {
            edits.extend(imported(item, text, &modules));
        }
        each_name(&mut whole.items, &mut |name| edits.extend(in_full(name, text, old, &new)));
        (!edits.is_empty()).then(|| (file, apply(text, edits)))
    });
    Ok(texts.collect())
}

/// The replacement for a `use` line of a renamed module.
fn imported(item: &Item, text: &str, modules: &HashMap<&str, &str>) -> Option<Replacement> {
    let argument = item.arguments.first()?;
    let Value::Use(module, _) = &argument.value else {
        return None;
    };
    let start = argument.span.start;
    let extent = Extent {
        start,
        end: start + module.len() as u32,
    };
    let new = modules
        .get(&**module)
        .filter(|new| **new != &**module && extent.of(text) == &**module)?;
    Some(Replacement {
        extent,
        text: (*new).to_owned(),
    })
}

/// The replacement for a name that is written with its module.
fn in_full(name: &Name, text: &str, old: &Names, new: &Names) -> Option<Replacement> {
    let Target(target) = name.target?;
    let (was, is) = (&old.declarations[target as usize], &new.declarations[target as usize]);
    let extent = Extent {
        start: name.span.start,
        end: name.span.end,
    };
    (extent.of(text) == &*was.id && was.id != is.id).then(|| Replacement {
        extent,
        text: is.id.to_string(),
    })
}

/// Calls `visit` on every name in some items.
pub(super) fn each_name(items: &mut [Item], visit: &mut dyn FnMut(&mut Name)) {
    for item in items {
        for argument in &mut item.arguments {
            visit_names(&mut argument.value, visit);
        }
        each_name(&mut item.block, visit);
    }
}

/// Returns a line for each name that would mean another declaration. Declarations have the same numbers on both
/// sides.
pub(super) fn differences(before: (&Sources, &Names), after: (&Sources, &Names)) -> Vec<String> {
    let mut all = Vec::new();
    for file in own(before.0) {
        let (was, is) = (targets(before, file), targets(after, file));
        if was.len() != is.len() {
            all.push(format!("{} would name other things", before.0.file(file).name));
        }
        for ((text, one), (_, two)) in was.into_iter().zip(is).filter(|((_, one), (_, two))| one != two) {
            let id = |names: &Names, target: Option<Target>| {
                target.map_or("nothing".to_owned(), |target| {
                    format!("`{}`", names.declarations[target.0 as usize].id)
                })
            };
            all.push(format!(
                "in {} `{text}` means {} and would mean {}",
                before.0.file(file).name,
                id(before.1, one),
                id(after.1, two)
            ));
        }
    }
    all
}

fn targets((sources, names): (&Sources, &Names), file: FileId) -> Vec<(String, Option<Target>)> {
    let text = &sources.file(file).text;
    let (mut whole, _) = parse(file, text);
    walk(sources, names, &mut whole);
    let mut all = Vec::new();
    each_name(&mut whole.items, &mut |name| {
        all.push((sources.text(name.span).to_owned(), name.target))
    });
    all
}

/// The new id for each old id.
pub(super) fn ids(old: &Names, new: &Names) -> HashMap<String, String> {
    let pairs = old.declarations.iter().zip(&new.declarations);
    pairs.map(|(was, is)| (was.id.to_string(), is.id.to_string())).collect()
}
