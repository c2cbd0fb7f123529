//! Resolves the names in one file to declarations.

use crate::diagnostic::Diagnostic;
use crate::resolve::{Index, Names};
use crate::source::{Sources, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::{Flag, Import, Item, Name, Target, Value, visit_names};
use crate::syntax::vocabulary::Kind;
use crate::syntax::{declarable, nearest};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The modules that every file can use without a `use` line.
const IN_SCOPE: &[&str] = &["std.prelude", "std"];

/// The modules of the standard library with classes of data. Every file can use these too without a `use` line. If
/// the module of the file declares the same name, or a `use` line brings it in, the name means that declaration.
pub const VOCABULARY: &[&str] = &["std.access", "std.audit", "std.commerce", "std.customer", "std.support"];

/// The kinds to which the rules of a standard can apply.
const SPOKEN_OF: &[Kind] = &[Kind::Data, Kind::Action, Kind::Function];

/// The names that one file can use.
#[derive(Default)]
struct Scope {
    module: Box<str>,
    /// Names that a `use` line brings in, each with its id and its position in the line.
    named: HashMap<Box<str>, (Box<str>, u32)>,
    /// Modules that a `use` line brings in as a whole, each with the start of the line.
    whole: Vec<(Box<str>, u32)>,
}

/// Resolves every name in a file to its declaration. Returns the declarations that the file uses, and the errors.
pub fn walk(sources: &Sources, names: &Names, file: &mut Parsed) -> (Vec<Target>, Vec<Diagnostic>) {
    let (_, uses, diagnostics) = brought(sources, names, file);
    (uses, diagnostics)
}

/// Does the same as [`walk`], and also returns which imports the file needs: the position of a name in a `use`
/// line, or the start of a line that brings in a whole module.
pub(super) fn brought(sources: &Sources, names: &Names, file: &mut Parsed) -> (BTreeSet<u32>, Vec<Target>, Vec<Diagnostic>) {
    let place = file.file.0 as usize;
    let mut walk = Walk {
        sources,
        index: &names.index,
        files: &names.files,
        next: names.first[place],
        scope: Scope {
            module: names.modules[place].clone(),
            ..Scope::default()
        },
        uses: Vec::new(),
        selecting: false,
        through: Cell::new(None),
        needed: BTreeSet::new(),
        told: BTreeSet::new(),
        diagnostics: Vec::new(),
    };
    file.items.iter_mut().for_each(|item| walk.declared(item));
    walk.imports(&file.items);
    walk.items(&mut file.items);
    (walk.needed, walk.uses, walk.diagnostics)
}

/// The state while the names of one file are looked up.
struct Walk<'a> {
    sources: &'a Sources,
    index: &'a Index,
    files: &'a BTreeMap<Box<str>, (String, Box<str>)>,
    next: u32,
    scope: Scope,
    uses: Vec<Target>,
    /// Whether the names are part of a selection.
    selecting: bool,
    /// The position of the import that brought in the last name found.
    through: Cell<Option<u32>>,
    /// The positions of the imports that some name needs.
    needed: BTreeSet<u32>,
    /// Ambiguous names that were already reported.
    told: BTreeSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Numbers the declarations in the order in which they were gathered.
    fn declared(&mut self, item: &mut Item) {
        if item.clause.declares.is_some() {
            item.declares = Some(Target(self.next));
            self.next += 1;
            item.block.iter_mut().for_each(|inner| self.declared(inner));
        }
    }

    fn imports(&mut self, items: &[Item]) {
        for item in items.iter().filter(|item| item.clause.word == "use") {
            let Some(Value::Use(module, imports)) = item.arguments.first().map(|argument| &argument.value) else {
                continue;
            };
            if !self.index.modules.contains(module) {
                if let Some((file, part)) = self.files.get(module) {
                    self.diagnostics.push(self.joined(item.header, module, file, part));
                    self.meant(part, imports, item.header.start);
                    continue;
                }
                let near = nearest(module, self.index.modules.iter().map(|module| &**module));
                let diagnostic = Diagnostic::error(item.header, format!("there is no module `{module}`"));
                self.diagnostics.push(match near {
                    Some(near) => diagnostic.label(item.header, format!("did you mean `{near}`?")),
                    None => diagnostic.help("a module is the workspace's name and the path of a folder, as `acme.marketing`"),
                });
                // The error is already reported, so names from this line are not reported as missing again.
                if let Some(near) = near.map(str::to_owned) {
                    self.meant(&near, imports, item.header.start);
                }
                continue;
            }
            for import in imports {
                match import {
                    Import::All => self.scope.whole.push((module.clone(), item.header.start)),
                    Import::One(name, alias, span) => self.import_one((module, name, alias), *span),
                }
            }
        }
    }

    /// The error for a file that is named as a module, as in version 0.1. A file is part of its folder's module
    /// now.
    fn joined(&self, place: Span, module: &str, file: &str, part: &str) -> Diagnostic {
        let error = Diagnostic::error(place, format!("`{module}` is not a module: the file {file} is part of `{part}`"));
        error.help(if *part == *self.scope.module {
            "files of one folder see each other: remove this line, or run `quorate fmt --upgrade`, which does it in all files".to_owned()
        } else {
            format!("a folder is a module: write `use {part}.*`, or run `quorate fmt --upgrade`, which does it in all files")
        })
    }

    /// Brings in what a mistyped line most likely meant.
    fn meant(&mut self, module: &str, imports: &[Import], line: u32) {
        for import in imports {
            match import {
                Import::All => self.scope.whole.push((module.into(), line)),
                Import::One(name, alias, span) => {
                    let id = format!("{module}.{name}").into();
                    self.scope.named.insert(alias.clone(), (id, span.start));
                }
            }
        }
    }

    fn import_one(&mut self, (module, name, alias): (&str, &str, &str), span: Span) {
        if !self.index.names.get(name).is_some_and(|modules| modules.contains(module)) {
            let names = self.index.names.iter().filter(|(_, modules)| modules.contains(module));
            let near = nearest(name, names.map(|(name, _)| &**name));
            let path = format!("{module}.{name}");
            if self.index.modules.contains(&*path) {
                let error = Diagnostic::error(span, format!("`{path}` is a module, not a name in a module"));
                self.diagnostics
                    .push(error.help(format!("write `use {path}.*` for everything in it")));
                // This avoids a second error for each name from the line.
                self.scope.whole.push((path.into(), span.start));
                return;
            }
            let diagnostic = Diagnostic::error(span, format!("`{module}` declares no `{name}`"));
            self.diagnostics.push(match near {
                Some(near) => diagnostic.label(span, format!("did you mean `{near}`?")),
                None => diagnostic,
            });
        } else {
            let id: Box<str> = format!("{module}.{name}").into();
            let known = self.scope.named.insert(alias.into(), (id.clone(), span.start));
            if let Some((other, _)) = known.filter(|(other, _)| *other != id) {
                let message = format!("`{alias}` is brought in twice: as `{other}` and as `{id}`");
                self.diagnostics
                    .push(Diagnostic::error(span, message).help(format!("give one of them another name with `{name} as …`")));
            }
        }
    }

    fn items(&mut self, items: &mut [Item]) {
        for item in items {
            let before = self.uses.len();
            for argument in &mut item.arguments {
                self.selecting = matches!(argument.value, Value::Select(_));
                visit_names(&mut argument.value, &mut |name| self.name(name));
            }
            // A waiver for a declaration does not use it. Otherwise it could not waive the finding that nothing
            // uses the declaration.
            if item.clause.word == "waives" {
                self.uses.truncate(before);
            }
            self.items(&mut item.block);
        }
    }

    fn name(&mut self, name: &mut Name) {
        if name.kinds.is_empty() {
            return;
        }
        let text = self.sources.text(name.span);
        match self.look_up(text, name.kinds) {
            Found::One(target) => {
                name.target = Some(target);
                self.uses.push(target);
                self.needed.extend(self.through.get());
                self.also_another_kind(name, target);
            }
            Found::Shadowed(target, own, other) => {
                name.target = Some(target);
                self.uses.push(target);
                if self.told.insert(text.split('.').next().unwrap_or(text).to_owned()) {
                    let message = format!("`{text}` may be `{own}`, declared here, or `{other}`, which is brought in");
                    let help = "give the one that is declared here another name, or do not bring in the other";
                    self.diagnostics.push(Diagnostic::error(name.span, message).help(help));
                }
            }
            Found::Several(first, second) => {
                let message = format!("`{text}` may be `{first}` or `{second}`");
                self.diagnostics.push(
                    Diagnostic::error(name.span, message).help(format!("write `{first}` in full, or bring one in with `use {first}`")),
                );
            }
            Found::Nothing => self.missing(name),
        }
    }

    /// Reports a name that is both a person and a team, where either would fit.
    fn also_another_kind(&mut self, name: &Name, target: Target) {
        let parties = [Kind::Person, Kind::Team];
        if !parties.iter().all(|kind| name.kinds.contains(kind)) {
            return;
        }
        let text = self.sources.text(name.span);
        let other = |kind: &Kind| matches!(self.look_up(text, std::slice::from_ref(kind)), Found::One(other) if other != target);
        if parties.iter().any(other) && self.told.insert(text.to_owned()) {
            let message = format!("`{text}` is both a person and a team, so it is not clear which one you mean");
            let help = format!("give the team another name, as `{text}_team`");
            self.diagnostics.push(Diagnostic::error(name.span, message).help(help));
        }
    }

    fn look_up(&self, text: &str, kinds: &[Kind]) -> Found {
        self.through.set(None);
        let find = |id: &str| kinds.iter().find_map(|kind| self.index.find(*kind, id));
        let own = format!("{}.{text}", self.scope.module);
        if let Some(target) = find(&own) {
            return match self.shadowed(text, kinds, target) {
                Some(other) => Found::Shadowed(target, own, other),
                None => Found::One(target),
            };
        }
        let (head, rest) = text.split_once('.').map_or((text, None), |(head, rest)| (head, Some(rest)));
        if let Some((id, place)) = self.scope.named.get(head) {
            let id = rest.map_or_else(|| id.to_string(), |rest| format!("{id}.{rest}"));
            if let Some(target) = find(&id) {
                self.through
                    .set(Some(*place).filter(|_| !self.is_of_library(text, head, kinds, target)));
                return Found::One(target);
            }
        }
        let whole: Vec<(&str, Option<u32>)> = self.scope.whole.iter().map(|(module, line)| (&**module, Some(*line))).collect();
        let always: Vec<(&str, Option<u32>)> = IN_SCOPE.iter().map(|module| (*module, None)).collect();
        for modules in [whole, always] {
            let found = modules.into_iter().filter_map(|(module, line)| {
                let id = format!("{module}.{text}");
                find(&id).map(|target| (id, target, line))
            });
            let found: Vec<(String, Target, Option<u32>)> = found.collect();
            let Some((first, one, line)) = found.first() else {
                continue;
            };
            if let Some((second, ..)) = found.iter().find(|(_, two, _)| two != one) {
                return Found::Several(first.clone(), second.clone());
            }
            self.through.set(line.filter(|_| !self.is_of_library(text, head, kinds, *one)));
            return Found::One(*one);
        }
        if !self.is_taken(head, kinds)
            && let Some(target) = VOCABULARY.iter().find_map(|module| find(&format!("{module}.{text}")))
        {
            return Found::One(target);
        }
        find(text).map_or(Found::Nothing, Found::One)
    }

    /// Whether a name would mean the same without the `use` lines.
    fn is_of_library(&self, text: &str, head: &str, kinds: &[Kind], target: Target) -> bool {
        let own = format!("{}.{head}", self.scope.module);
        let hidden = kinds.iter().any(|kind| self.index.find(*kind, &own).is_some());
        let modules = IN_SCOPE.iter().chain(VOCABULARY.iter().filter(|_| !hidden));
        let ids = modules.map(|module| format!("{module}.{text}")).chain([text.to_owned()]);
        let first = ids.filter_map(|id| kinds.iter().find_map(|kind| self.index.find(*kind, &id)));
        first.take(1).any(|found| found == target)
    }

    /// Whether the first word of a path is declared in this module, or brought in. Then it does not mean a class
    /// of the standard library.
    fn is_taken(&self, head: &str, kinds: &[Kind]) -> bool {
        let declared = |module: &str| {
            let id = format!("{module}.{head}");
            kinds.iter().any(|kind| self.index.find(*kind, &id).is_some())
        };
        let whole = self.scope.whole.iter().map(|(module, _)| &**module);
        self.scope.named.contains_key(head) || std::iter::once(&*self.scope.module).chain(whole).any(declared)
    }

    /// Returns the id of another declaration that a name of this module could mean through a `use` line. A class,
    /// an action or a function that a standard refers to must not silently become another one with the same name.
    fn shadowed(&self, text: &str, kinds: &[Kind], own: Target) -> Option<String> {
        let kind = kinds.iter().find(|kind| SPOKEN_OF.contains(kind))?;
        let (head, rest) = text.split_once('.').map_or((text, None), |(head, rest)| (head, Some(rest)));
        let named = self.scope.named.get(head).map(|(id, _)| match rest {
            Some(rest) => format!("{id}.{rest}"),
            None => id.to_string(),
        });
        let whole = self.scope.whole.iter().map(|(module, _)| &**module).chain(IN_SCOPE.iter().copied());
        let mut others = named.into_iter().chain(whole.map(|module| format!("{module}.{text}")));
        others.find(|id| self.index.find(*kind, id).is_some_and(|target| target != own))
    }

    /// Suggests what the author may have meant if no name in scope is similar: a declaration of another module, or
    /// the frameworks that a workspace can adopt.
    fn suggested(&self, text: &str, kinds: &[Kind]) -> Option<String> {
        let of_kind = |targets: &[(Kind, Target)]| targets.iter().any(|(kind, _)| kinds.contains(kind));
        let modules = &self.index.modules;
        let split = |id: &str| -> Option<(String, String)> {
            let module = modules
                .iter()
                .filter(|module| id.strip_prefix(&***module).is_some_and(|rest| rest.starts_with('.')))
                .max_by_key(|module| module.len())?;
            Some((module.to_string(), id[module.len() + 1..].to_owned()))
        };
        let mut all: Vec<(String, String)> = self
            .index
            .by_id
            .iter()
            .filter(|(_, targets)| of_kind(targets))
            .filter_map(|(id, _)| split(id))
            .collect();
        all.sort();
        if kinds.contains(&Kind::Framework) {
            let plain = |name: &str| name.chars().filter(|letter| letter.is_ascii_lowercase()).collect::<String>();
            let wanted = plain(text);
            let begins = |name: &str| plain(name).starts_with(&wanted) || wanted.starts_with(&plain(name));
            let meant = all.iter().find(|(_, name)| !wanted.is_empty() && begins(name));
            let names: Vec<&str> = all.iter().map(|(_, name)| &**name).collect();
            return Some(match meant {
                Some((_, name)) => format!("did you mean `{name}`?"),
                None => format!("what can be adopted: {}", names.join(", ")),
            });
        }
        let near = nearest(text, all.iter().map(|(_, name)| &**name))?;
        let (module, _) = all.iter().find(|(_, name)| name == near)?;
        Some(format!(
            "did you mean `{near}`? It is declared in `{module}`; add `use {module}.*` at the top of this file"
        ))
    }

    fn missing(&mut self, name: &Name) {
        let text = self.sources.text(name.span);
        let kinds: Vec<&str> = name.kinds.iter().map(|kind| kind.word()).collect();
        let what = match kinds.len() {
            0..=4 => kinds.join(" or "),
            _ => "declaration".to_owned(),
        };
        let diagnostic = Diagnostic::error(name.span, format!("no {what} is called `{text}`"));
        let head = text.split('.').next().unwrap_or("");
        let elsewhere = self.index.names.get(head).into_iter().flatten().find(|module| {
            name.kinds
                .iter()
                .any(|kind| self.index.find(*kind, &format!("{module}.{text}")).is_some())
        });
        if let Some(module) = elsewhere {
            self.diagnostics.push(diagnostic.help(format!(
                "it is declared in `{module}`; add `use {module}.{head}` at the top of this file"
            )));
            return;
        }
        let mut candidates: Vec<&str> = Vec::new();
        for (id, targets) in &self.index.by_id {
            if targets.iter().any(|(kind, _)| name.kinds.contains(kind)) {
                let visible = std::iter::once(&*self.scope.module)
                    .chain(self.scope.whole.iter().map(|(module, _)| &**module))
                    .chain(IN_SCOPE.iter().copied())
                    .chain(VOCABULARY.iter().copied());
                candidates.extend(visible.filter_map(|module| id.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'))));
            }
        }
        candidates.extend(self.scope.named.keys().map(|name| &**name));
        candidates.sort_unstable();
        // A standard can also select by a flag instead of an action or a class.
        if self.selecting {
            candidates.extend(match name.kinds {
                [Kind::Action] => [Flag::Mutates, Flag::Discloses, Flag::Irreversible].map(Flag::word).to_vec(),
                [Kind::Data] => [Flag::Personal, Flag::Restricted].map(Flag::word).to_vec(),
                _ => Vec::new(),
            });
        }
        let other = self
            .index
            .by_id
            .get(&*format!("{}.{text}", self.scope.module))
            .and_then(|found| found.first());
        let near = nearest(text, candidates.into_iter());
        if near.is_none()
            && other.is_none()
            && let Some(help) = self.suggested(text, name.kinds)
        {
            self.diagnostics.push(diagnostic.help(help));
            return;
        }
        self.diagnostics.push(match (near, other) {
            (Some(near), _) => {
                let span = name.span;
                diagnostic.label(span, format!("did you mean `{near}`?"))
            }
            (None, Some((kind, _))) => diagnostic
                .label(name.span, format!("this is {}", kind.phrase()))
                .help(format!("write one that is declared as {what}")),
            (None, None) if self.selecting => {
                diagnostic.help("a selection is an action and a class of data, as `mutates personal` or `write customer.consent`")
            }
            (None, None) => {
                let added = |kind: &&Kind| {
                    matches!(
                        kind,
                        Kind::Agent | Kind::Domain | Kind::Person | Kind::System | Kind::Task | Kind::Team
                    )
                };
                diagnostic.help(match name.kinds.iter().find(added) {
                    Some(kind) if declarable(text) => format!("`quorate new {} {text}` adds it", kind.word()),
                    _ => "declare it, or bring it in with `use`".to_owned(),
                })
            }
        });
    }
}

enum Found {
    One(Target),
    Several(String, String),
    /// A declaration of this module, its id, and the id of the declaration that it hides.
    Shadowed(Target, String, String),
    Nothing,
}
