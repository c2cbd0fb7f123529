//! `quorate std`: what the standard library holds, and how to use it.

use crate::cli::{Exit, Terminal};
use crate::compile::{HORIZON, Options, compile};
use crate::model::{Meta, Model};
use crate::syntax::ast::Flag;
use crate::syntax::nearest;
use crate::syntax::vocabulary::Kind;
use crate::workspace::library;
use clap::Args;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

#[derive(Args)]
pub(super) struct Library {
    /// A module, such as customer or std.customer [default: list all]
    module: Option<String>,
}

/// One declaration of the library.
struct Entry {
    kind: Kind,
    name: String,
    title: String,
    /// Its kind in the language, or how to adopt it if it can be adopted.
    about: String,
}

impl Library {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let modules = modules();
        let Some(wanted) = &self.module else {
            for (module, entries) in &modules {
                writeln!(terminal.out, "{module:<14}  {}", kinds(entries))?;
                writeln!(terminal.out, "{:<14}  {}", "", brought_in(module, entries))?;
            }
            writeln!(terminal.out, "\n`quorate std customer` lists what is in a module")?;
            return Ok(Exit::Clean);
        };
        let name = wanted.trim_end_matches(".*");
        let name = name.strip_prefix("std.").unwrap_or(name).to_owned();
        let full = if name == "std" { name } else { format!("std.{name}") };
        let Some(entries) = modules.get(&full) else {
            writeln!(terminal.error, "error: the standard library has no module `{wanted}`")?;
            let near = nearest(&full, modules.keys().map(String::as_str));
            match near {
                Some(near) => writeln!(terminal.error, "  did you mean `{near}`?")?,
                None => writeln!(
                    terminal.error,
                    "  its modules are {}",
                    modules.keys().cloned().collect::<Vec<_>>().join(", ")
                )?,
            }
            return Ok(Exit::CouldNotCheck);
        };
        let width = |of: fn(&Entry) -> &str| entries.iter().map(|entry| of(entry).chars().count()).max().unwrap_or(0);
        let (names, titles) = (width(|entry| &entry.name), width(|entry| &entry.title));
        writeln!(terminal.out, "{}\n", brought_in(&full, entries))?;
        for entry in entries {
            let line = format!(
                "{:<9}  {:<names$}  {:<titles$}  {}",
                entry.kind.word(),
                entry.name,
                entry.title,
                entry.about
            );
            writeln!(terminal.out, "{}", line.trim_end())?;
        }
        Ok(Exit::Clean)
    }
}

/// The most names of one module in the list of all modules.
const SHOWN: usize = 6;

/// `classes of data, actions`
fn kinds(entries: &[Entry]) -> String {
    let kinds: BTreeSet<&str> = entries
        .iter()
        .map(|entry| match entry.kind {
            Kind::Data => "classes of data",
            Kind::Action => "actions",
            Kind::Function => "functions",
            Kind::Standard => "standards",
            Kind::Framework => "frameworks",
            _ => "other declarations",
        })
        .collect();
    let mut some: Vec<&Entry> = entries.iter().filter(|entry| !entry.name.contains('.')).collect();
    some.sort_by_key(|entry| entry.kind == Kind::Framework);
    let some: Vec<&str> = some.iter().map(|entry| &*entry.name).collect();
    let shown = match some.len() > SHOWN {
        true => format!("{}, … ({} in all)", some[..SHOWN].join(", "), some.len()),
        false => some.join(", "),
    };
    format!("{}: {shown}", kinds.into_iter().collect::<Vec<_>>().join(", "))
}

/// The `use` line for a module.
fn brought_in(module: &str, entries: &[Entry]) -> String {
    let frameworks = entries.iter().filter(|entry| entry.kind == Kind::Framework);
    let frameworks: Vec<&str> = frameworks.map(|entry| &*entry.name).collect();
    match (module, frameworks.is_empty()) {
        ("std", false) => format!("adopt {}, …", frameworks[0]),
        ("std" | "std.prelude", _) => "always available, without `use`".to_owned(),
        _ => format!("use {module}.*"),
    }
}

/// The declarations of the library, by module.
fn modules() -> BTreeMap<String, Vec<Entry>> {
    let options = Options {
        as_of: Date::constant(1970, 1, 1),
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    };
    let compilation = compile(library(), options, Vec::new());
    let mut modules: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    if let Some(meaning) = &compilation.meaning {
        for (meta, entry) in entries(&meaning.model) {
            let module = meta.id.strip_suffix(&*meta.name).unwrap_or(&meta.id).trim_end_matches('.');
            modules.entry(module.to_owned()).or_default().push(entry);
        }
    }
    modules
}

/// Every declaration, in file order.
fn entries<'a>(model: &'a Model) -> Vec<(&'a Meta, Entry)> {
    let flags = |has: &dyn Fn(Flag) -> bool| {
        let all = [Flag::Personal, Flag::Restricted, Flag::Mutates, Flag::Discloses, Flag::Irreversible];
        all.into_iter()
            .filter(|flag| has(*flag))
            .map(Flag::word)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let entry = |kind: Kind, meta: &'a Meta, about: String| {
        let title = meta.title.as_deref().unwrap_or_default().to_owned();
        let name = meta.name.to_string();
        (meta, Entry { kind, name, title, about })
    };
    let mut all: Vec<(&Meta, Entry)> = Vec::new();
    all.extend(model.functions.iter().map(|one| entry(Kind::Function, &one.meta, String::new())));
    all.extend(
        model
            .actions
            .iter()
            .map(|one| entry(Kind::Action, &one.meta, flags(&|flag| one.flags.has(flag)))),
    );
    all.extend(
        model
            .data
            .iter()
            .map(|one| entry(Kind::Data, &one.meta, flags(&|flag| one.flags.has(flag)))),
    );
    let in_force = "applies unless the workspace says `adopt none`".to_owned();
    all.extend(model.standards.iter().map(|one| entry(Kind::Standard, &one.meta, in_force.clone())));
    let adopted = |slug: &str, name: &str| format!("{slug}: `adopt {name}`");
    all.extend(
        model
            .frameworks
            .iter()
            .map(|one| entry(Kind::Framework, &one.meta, adopted(&one.slug, &one.meta.name))),
    );
    all.retain(|(meta, _)| meta.library);
    all.sort_by_key(|(meta, _)| meta.span);
    all
}
