//! Names to declarations: modules, imports, every use pointed at what it means.

use crate::diagnostic::Diagnostic;
use crate::source::{Origin, Sources, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::{Import, Item, Name, Target, Value, visit_names};
use crate::syntax::nearest;
use crate::syntax::vocabulary::Kind;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The modules that every file may use without a `use` line.
const IN_SCOPE: &[&str] = &["std.prelude", "std"];

/// Something that was declared.
#[derive(Debug)]
pub struct Declaration {
    /// Module and name, joined by dots; unique in its kind.
    pub id: Box<str>,
    /// What it is.
    pub kind: Kind,
    /// The line that declares it, without its block.
    pub span: Span,
    /// The class or action it is part of.
    pub parent: Option<Target>,
    /// Whether the standard library declares it.
    pub library: bool,
    /// How many uses point at it.
    pub uses: usize,
}

/// A workspace in which every name points at its declaration.
#[derive(Debug)]
pub struct Resolved {
    /// The files, their names resolved.
    pub parsed: Vec<Parsed>,
    /// Everything declared, in the order of the files; a [`Target`] is a place in this list.
    pub declarations: Vec<Declaration>,
    /// The module of each file.
    pub modules: Vec<Box<str>>,
    /// The name of the workspace.
    pub workspace: Box<str>,
}

#[derive(Default)]
struct Index {
    by_id: HashMap<(Kind, Box<str>), Target>,
    modules: BTreeSet<Box<str>>,
    names: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

/// What one file may call things.
#[derive(Default)]
struct Scope {
    module: Box<str>,
    named: HashMap<Box<str>, Box<str>>,
    whole: Vec<Box<str>>,
}

/// Points every name at its declaration. `name` is the workspace's name where no file says it.
pub fn resolve(sources: &Sources, mut parsed: Vec<Parsed>, name: Option<&str>) -> (Resolved, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let workspace = workspace_name(sources, &parsed, name, &mut diagnostics);
    let modules: Vec<Box<str>> = parsed
        .iter()
        .map(|file| module_of(sources, file, &workspace, &mut diagnostics))
        .collect();
    let mut register = Register {
        sources,
        index: Index::default(),
        declarations: Vec::new(),
        diagnostics,
    };
    for (file, module) in parsed.iter_mut().zip(&modules) {
        register.index.modules.insert(module.clone());
        let library = sources.file(file.file).origin == Origin::Library;
        for item in &mut file.items {
            register.declare(item, module, None, library);
        }
    }
    let Register {
        index,
        mut declarations,
        mut diagnostics,
        ..
    } = register;
    let outcomes: Vec<(Vec<Target>, Vec<Diagnostic>)> = parsed
        .par_iter_mut()
        .zip(&modules)
        .map(|(file, module)| {
            let mut walk = Walk {
                sources,
                index: &index,
                scope: Scope {
                    module: module.clone(),
                    ..Scope::default()
                },
                uses: Vec::new(),
                diagnostics: Vec::new(),
            };
            walk.imports(&file.items);
            walk.items(&mut file.items);
            (walk.uses, walk.diagnostics)
        })
        .collect();
    for (uses, more) in outcomes {
        for target in uses {
            declarations[target.0 as usize].uses += 1;
        }
        diagnostics.extend(more);
    }
    (
        Resolved {
            parsed,
            declarations,
            modules,
            workspace,
        },
        diagnostics,
    )
}

fn workspace_name(sources: &Sources, parsed: &[Parsed], name: Option<&str>, diagnostics: &mut Vec<Diagnostic>) -> Box<str> {
    let own = parsed.iter().filter(|file| sources.file(file.file).origin == Origin::Workspace);
    let mut declared = own
        .flat_map(|file| &file.items)
        .filter(|item| item.clause.declares == Some(Kind::Workspace));
    let first = declared.next();
    for second in declared {
        let mut diagnostic = Diagnostic::error(second.header, "there are two workspaces here").label(second.header, "this is the second");
        if let Some(first) = first {
            diagnostic = diagnostic.related(first.header, "the first is here");
        }
        diagnostics.push(diagnostic.help("keep one `workspace`; a second organisation is a workspace of its own"));
    }
    let said = first.and_then(|item| item.names("new").next());
    if let Some(said) = said.filter(|said| sources.text(said.span) == "std") {
        diagnostics.push(Diagnostic::error(said.span, "`std` is the standard library's name").help("give the workspace another name"));
    }
    said.map(|said| Box::from(sources.text(said.span)))
        .or_else(|| name.map(Into::into))
        .unwrap_or_else(|| "workspace".into())
}

fn module_of(sources: &Sources, parsed: &Parsed, workspace: &str, diagnostics: &mut Vec<Diagnostic>) -> Box<str> {
    let file = sources.file(parsed.file);
    let said = parsed.items.iter().find(|item| item.clause.word == "module");
    if let Some((said, path)) = said.and_then(|item| item.text("path").map(|path| (item, path))) {
        let inside = path == workspace || path.strip_prefix(workspace).is_some_and(|rest| rest.starts_with('.'));
        if file.origin == Origin::Workspace && !inside {
            let message = format!("a module of this workspace begins with `{workspace}`");
            diagnostics.push(Diagnostic::error(said.header, message).help(format!("write `module {workspace}.{path}`")));
        }
        return path.into();
    }
    let stem = file.name.strip_suffix(".gov").unwrap_or(&file.name);
    let path = stem.replace('-', "_").replace('/', ".");
    let fine = path.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase()) && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    });
    if !fine {
        let start = Span {
            file: parsed.file,
            start: 0,
            end: 0,
        };
        let message = format!("the name of this file, {}, gives no module name", file.name);
        diagnostics.push(Diagnostic::error(start, message).help(format!("begin the file with `module {workspace}.something`")));
    }
    format!("{workspace}.{path}").into()
}

/// What is declared, as it is gathered.
struct Register<'a> {
    sources: &'a Sources,
    index: Index,
    declarations: Vec<Declaration>,
    diagnostics: Vec<Diagnostic>,
}

impl Register<'_> {
    fn declare(&mut self, item: &mut Item, prefix: &str, parent: Option<Target>, library: bool) {
        let Some(kind) = item.clause.declares else {
            return;
        };
        let id: Box<str> = match item.names("new").next() {
            Some(name) => format!("{prefix}.{}", self.sources.text(name.span)).into(),
            None => format!("{prefix}.{}", item.text("title").unwrap_or("")).into(),
        };
        let target = Target(self.declarations.len() as u32);
        if let Some(first) = self.index.by_id.get(&(kind, id.clone())) {
            let first = &self.declarations[first.0 as usize];
            let name = id.rsplit('.').next().unwrap_or(&id);
            self.diagnostics.push(
                Diagnostic::error(item.header, format!("{} `{name}` is declared twice", kind.word()))
                    .label(item.header, "again here")
                    .related(first.span, "first here")
                    .help("rename one of them, or put them into modules of their own"),
            );
        } else {
            self.index.by_id.insert((kind, id.clone()), target);
        }
        if parent.is_none()
            && let Some(name) = item.names("new").next()
        {
            self.index
                .names
                .entry(self.sources.text(name.span).into())
                .or_default()
                .insert(prefix.into());
        }
        self.declarations.push(Declaration {
            id: id.clone(),
            kind,
            span: item.header,
            parent,
            library,
            uses: 0,
        });
        item.declares = Some(target);
        for inner in &mut item.block {
            self.declare(inner, &id, Some(target), library);
        }
    }
}

struct Walk<'a> {
    sources: &'a Sources,
    index: &'a Index,
    scope: Scope,
    uses: Vec<Target>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn imports(&mut self, items: &[Item]) {
        for item in items.iter().filter(|item| item.clause.word == "use") {
            let Some(Value::Use(module, imports)) = item.arguments.first().map(|argument| &argument.value) else {
                continue;
            };
            if !self.index.modules.contains(module) {
                let near = nearest(module, self.index.modules.iter().map(|module| &**module));
                let diagnostic = Diagnostic::error(item.header, format!("there is no module `{module}`"));
                self.diagnostics.push(match near {
                    Some(near) => diagnostic.label(item.header, format!("did you mean `{near}`?")),
                    None => diagnostic.help("a module is the workspace's name and the path of a file, as `acme.people`"),
                });
                continue;
            }
            for import in imports {
                match import {
                    Import::All => self.scope.whole.push(module.clone()),
                    Import::One(name, alias, span) => self.import_one(module, name, alias, *span),
                }
            }
        }
    }

    fn import_one(&mut self, module: &str, name: &str, alias: &str, span: Span) {
        if !self.index.names.get(name).is_some_and(|modules| modules.contains(module)) {
            let names = self.index.names.iter().filter(|(_, modules)| modules.contains(module));
            let near = nearest(name, names.map(|(name, _)| &**name));
            let diagnostic = Diagnostic::error(span, format!("`{module}` declares no `{name}`"));
            self.diagnostics.push(match near {
                Some(near) => diagnostic.label(span, format!("did you mean `{near}`?")),
                None => diagnostic,
            });
        } else {
            let id: Box<str> = format!("{module}.{name}").into();
            if let Some(other) = self.scope.named.insert(alias.into(), id.clone()).filter(|other| *other != id) {
                let message = format!("`{alias}` is brought in twice: as `{other}` and as `{id}`");
                self.diagnostics
                    .push(Diagnostic::error(span, message).help(format!("give one of them another name with `{name} as …`")));
            }
        }
    }

    fn items(&mut self, items: &mut [Item]) {
        for item in items {
            for argument in &mut item.arguments {
                visit_names(&mut argument.value, &mut |name| self.name(name));
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

    fn look_up(&self, text: &str, kinds: &[Kind]) -> Found {
        let find = |id: &str| kinds.iter().find_map(|kind| self.index.by_id.get(&(*kind, Box::from(id))).copied());
        if let Some(target) = find(&format!("{}.{text}", self.scope.module)) {
            return Found::One(target);
        }
        let (head, rest) = text.split_once('.').map_or((text, None), |(head, rest)| (head, Some(rest)));
        if let Some(id) = self.scope.named.get(head) {
            let id = rest.map_or_else(|| id.to_string(), |rest| format!("{id}.{rest}"));
            if let Some(target) = find(&id) {
                return Found::One(target);
            }
        }
        for modules in [
            &self.scope.whole[..],
            &IN_SCOPE.iter().map(|module| Box::from(*module)).collect::<Vec<_>>(),
        ] {
            let mut found: Vec<(String, Target)> = modules
                .iter()
                .map(|module| format!("{module}.{text}"))
                .filter_map(|id| find(&id).map(|target| (id, target)))
                .collect();
            found.dedup();
            match &found[..] {
                [] => {}
                [(_, target)] => return Found::One(*target),
                [(first, one), (second, two), ..] if one != two => return Found::Several(first.clone(), second.clone()),
                [(_, target), ..] => return Found::One(*target),
            }
        }
        find(text).map_or(Found::Nothing, Found::One)
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
                .any(|kind| self.index.by_id.contains_key(&(*kind, Box::from(format!("{module}.{text}")))))
        });
        if let Some(module) = elsewhere {
            self.diagnostics.push(diagnostic.help(format!(
                "it is declared in `{module}`; add `use {module}.{head}` at the top of this file"
            )));
            return;
        }
        let mut candidates: Vec<&str> = Vec::new();
        for (kind, id) in self.index.by_id.keys() {
            if name.kinds.contains(kind) {
                let visible = std::iter::once(&*self.scope.module)
                    .chain(self.scope.whole.iter().map(|module| &**module))
                    .chain(IN_SCOPE.iter().copied());
                candidates.extend(visible.filter_map(|module| id.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'))));
            }
        }
        candidates.extend(self.scope.named.keys().map(|name| &**name));
        candidates.sort_unstable();
        self.diagnostics.push(match nearest(text, candidates.into_iter()) {
            Some(near) => {
                let span = name.span;
                diagnostic.label(span, format!("did you mean `{near}`?"))
            }
            None => diagnostic.help("declare it, or bring it in with `use`"),
        });
    }
}

enum Found {
    One(Target),
    Several(String, String),
    Nothing,
}
