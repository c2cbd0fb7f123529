//! Finds the module of each file.

use crate::diagnostic::Diagnostic;
use crate::resolve::Outline;
use crate::source::{Origin, SourceFile, Span};

/// The module of a file without a `module` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The module of its folder, which all files of the folder share.
    Folders,
    /// A separate module for each file, as in version 0.1. Only `quorate fmt --upgrade` still reads files this
    /// way.
    Files,
}

/// An error in the module of a file, and the module to use instead.
pub(super) struct Named {
    /// The module that the author most likely meant.
    pub(super) module: Box<str>,
    /// The error.
    pub(super) error: Box<Diagnostic>,
    /// The folder that the error is about, if it is about a folder.
    pub(super) folder: Option<String>,
}

/// The path of a module below the workspace, with dots; empty for the root folder of the workspace.
pub(super) fn path(name: &str, layout: Layout) -> String {
    let path = match layout {
        Layout::Folders => name.rsplit_once('/').map_or("", |(folder, _)| folder),
        Layout::Files => name.strip_suffix(".gov").unwrap_or(name),
    };
    path.replace('-', "_").replace('/', ".")
}

/// Returns the module of a file.
pub(super) fn module_of(file: &SourceFile, outline: &Outline, workspace: &str, layout: Layout) -> Result<Box<str>, Named> {
    if file.origin == Origin::Settings {
        return Ok("".into());
    }
    if let Some((path, said)) = &outline.module {
        let inside = **path == *workspace || path.strip_prefix(workspace).is_some_and(|rest| rest.starts_with('.'));
        if file.origin == Origin::Workspace && !inside {
            let message = format!("a module of this workspace begins with `{workspace}`");
            return Err(Named {
                module: path.clone(),
                error: Box::new(Diagnostic::error(*said, message).help(format!("write `module {workspace}.{path}`"))),
                folder: None,
            });
        }
        return Ok(path.clone());
    }
    let path = path(&file.name, layout);
    if path.is_empty() {
        return Ok(workspace.into());
    }
    let module: Box<str> = format!("{workspace}.{path}").into();
    if path.split('.').all(is_name) {
        return Ok(module);
    }
    let start = Span {
        file: outline.file,
        start: 0,
        end: 0,
    };
    let folder = file.name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let shown = match layout {
        Layout::Folders => folder.as_deref().unwrap_or_default(),
        Layout::Files => &file.name,
    };
    let error = Diagnostic::error(
        start,
        format!("the name of the folder `{shown}` cannot be a module name, so its files have no module"),
    );
    let help = format!(
        "rename each folder to small letters, digits and underscores, beginning with a letter; or begin each of its files with `module {workspace}.something`"
    );
    Err(Named {
        module,
        error: Box::new(error.help(help)),
        folder,
    })
}

/// Whether a text can be one part of a module name.
fn is_name(part: &str) -> bool {
    part.starts_with(|letter: char| letter.is_ascii_lowercase())
        && part
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}
