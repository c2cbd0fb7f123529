//! Resolves names to declarations: modules, imports, and every use of a name.

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Origin, Sources, Span};
use crate::syntax::ast::Target;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet, HashMap};

mod module;
mod needless;
mod outline;
mod walk;

pub use module::Layout;
use module::{Named, module_of};
pub use needless::{needless, removed, without};
pub use outline::{Outline, Outlined};
pub use walk::{VOCABULARY, walk};

/// A declaration.
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
}

/// Everything that a workspace declares, with the indexes to find it.
#[derive(Debug)]
pub struct Names {
    /// All declarations, in the order of the files. A [`Target`] is an index in this list.
    pub declarations: Vec<Declaration>,
    /// The name of the workspace.
    pub workspace: Box<str>,
    /// The path of each file of the workspace and the module it is part of, under the module that the file was in
    /// version 0.1, where each file was a module.
    files: BTreeMap<Box<str>, (String, Box<str>)>,
    /// The module of each file.
    modules: Vec<Box<str>>,
    /// The index of the first declaration of each file.
    first: Vec<u32>,
    index: Index,
}

#[derive(Debug, Default)]
struct Index {
    by_id: HashMap<Box<str>, Vec<(Kind, Target)>>,
    modules: BTreeSet<Box<str>>,
    names: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

impl Index {
    fn find(&self, kind: Kind, id: &str) -> Option<Target> {
        let targets = self.by_id.get(id)?;
        targets.iter().find(|(other, _)| *other == kind).map(|(_, target)| *target)
    }
}

/// Gathers what all files declare. `name` is the name of the workspace if no file states it. Also returns the
/// errors in the names.
pub fn gather(sources: &Sources, outlines: Vec<Outline>, name: Option<&str>, layout: Layout) -> (Names, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let workspace = workspace_name(sources, &outlines, name, &mut diagnostics);
    let mut unnamed = BTreeSet::new();
    let mut modules: Vec<Box<str>> = Vec::new();
    let mut files = BTreeMap::new();
    for outline in &outlines {
        let module = match module_of(sources.file(outline.file), outline, &workspace, layout) {
            Ok(module) => module,
            Err(Named { module, error, folder }) => {
                // A folder with an invalid name is one error, however many files are in it.
                if folder.is_none_or(|folder| unnamed.insert(folder)) {
                    diagnostics.push(*error);
                }
                module
            }
        };
        let file = sources.file(outline.file);
        if file.origin == Origin::Workspace {
            let alone = module::path(&file.name, Layout::Files);
            files.insert(format!("{workspace}.{alone}").into(), (file.name.clone(), module.clone()));
        }
        modules.push(module);
    }
    let mut names = Names {
        declarations: Vec::new(),
        files,
        workspace,
        modules: Vec::new(),
        first: Vec::new(),
        index: Index::default(),
    };
    for (file, module) in outlines.into_iter().zip(&modules) {
        names.index.modules.insert(module.clone());
        names.first.push(names.declarations.len() as u32);
        let library = sources.file(file.file).origin == Origin::Library;
        for declared in &file.declarations {
            names.declare(declared, module, None, library, &mut diagnostics);
        }
    }
    names.modules = modules;
    (names, diagnostics)
}

fn workspace_name(sources: &Sources, outlines: &[Outline], name: Option<&str>, diagnostics: &mut Vec<Diagnostic>) -> Box<str> {
    let own = outlines.iter().filter(|file| sources.file(file.file).origin == Origin::Workspace);
    let mut declared = own
        .flat_map(|file| &file.declarations)
        .filter(|declared| declared.kind == Kind::Workspace);
    let first = declared.next();
    for second in declared {
        let mut diagnostic = Diagnostic::error(second.header, "there are two workspaces here").label(second.header, "this is the second");
        if let Some(first) = first {
            diagnostic = diagnostic.related(first.header, "the first is here");
        }
        diagnostics.push(diagnostic.help("keep one `workspace`; a second organisation needs a separate workspace"));
    }
    if let Some(first) = first.filter(|first| &*first.name == "std") {
        diagnostics.push(
            Diagnostic::error(first.named.unwrap_or(first.header), "`std` is the standard library's name")
                .help("give the workspace another name"),
        );
    }
    first
        .map(|first| first.name.clone())
        .or_else(|| name.map(Into::into))
        .unwrap_or_else(|| "workspace".into())
}

impl Names {
    /// The module of a file.
    pub fn module(&self, file: FileId) -> &str {
        &self.modules[file.0 as usize]
    }

    fn declare(&mut self, declared: &Outlined, prefix: &str, parent: Option<Target>, library: bool, diagnostics: &mut Vec<Diagnostic>) {
        let kind = declared.kind;
        let id: Box<str> = format!("{prefix}.{}", declared.name).into();
        let target = Target(self.declarations.len() as u32);
        match self.index.find(kind, &id) {
            // Two tests with the same title are an error in any modules. The code that reads tests reports it.
            Some(_) if kind == Kind::Test => {}
            Some(first) => diagnostics.push(
                Diagnostic::error(declared.header, format!("{} `{}` is declared twice", kind.word(), declared.name))
                    .label(declared.header, "again here")
                    .related(self.declarations[first.0 as usize].span, "first here")
                    .help("rename one of them, or move one into another folder: files of one folder see each other"),
            ),
            None => self.index.by_id.entry(id.clone()).or_default().push((kind, target)),
        }
        if parent.is_none() && declared.named.is_some() {
            self.index.names.entry(declared.name.clone()).or_default().insert(prefix.into());
        }
        self.declarations.push(Declaration {
            id: id.clone(),
            kind,
            span: declared.header,
            parent,
            library,
        });
        for inner in &declared.inner {
            self.declare(inner, &id, Some(target), library, diagnostics);
        }
    }
}
