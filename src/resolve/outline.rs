//! Lists what a file declares, without the clauses of the declarations. Other files need no more.

use crate::source::{FileId, Sources, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::Item;
use crate::syntax::vocabulary::Kind;

/// The declarations of one file.
#[derive(Debug)]
pub struct Outline {
    /// The file.
    pub file: FileId,
    /// The module of the file, and where it is declared.
    pub module: Option<(Box<str>, Span)>,
    /// Its declarations, in order.
    pub declarations: Vec<Outlined>,
}

/// One declaration, and the declarations inside it.
#[derive(Debug)]
pub struct Outlined {
    /// What it is.
    pub kind: Kind,
    /// Its name, or its title if it has no name.
    pub name: Box<str>,
    /// The location of its name, if it has one.
    pub named: Option<Span>,
    /// The line that declares it.
    pub header: Span,
    /// The declarations in its block.
    pub inner: Vec<Outlined>,
}

impl Outline {
    /// Returns the outline of a parsed file.
    pub fn of(sources: &Sources, file: &Parsed) -> Outline {
        let module = file.items.iter().find(|item| item.clause.word == "module");
        Outline {
            file: file.file,
            module: module.and_then(|item| Some((item.text("path")?.into(), item.header))),
            declarations: outlined(sources, &file.items),
        }
    }
}

fn outlined(sources: &Sources, items: &[Item]) -> Vec<Outlined> {
    let declared = items.iter().filter_map(|item| {
        let named = item.names("new").next().map(|name| name.span);
        Some(Outlined {
            kind: item.clause.declares?,
            name: named
                .map_or_else(|| item.text("title").unwrap_or(""), |span| sources.text(span))
                .into(),
            named,
            header: item.header,
            inner: outlined(sources, &item.block),
        })
    });
    declared.collect()
}
