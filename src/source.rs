//! The texts that Quorate compiles, and locations in them.

use digest::sha256;
use secret::Secret;
use std::borrow::Cow;
use std::sync::OnceLock;

pub mod digest;
pub mod secret;
pub mod unseen;

/// The number of a file in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one file in bytes, without the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that contains both.
    pub fn to(self, other: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// The origin of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file of the workspace.
    Workspace,
    /// A file of the standard library, which is part of the compiler.
    Library,
    /// `quorate.toml`. It has no declarations, but diagnostics refer to it.
    Settings,
}

/// One file.
#[derive(Debug)]
pub struct SourceFile {
    /// The path from the root of the workspace, with forward slashes; `std/…` for the standard library.
    pub name: String,
    /// Its text, without a byte order mark, with `
    /// ` at the end of each line, and with its secrets redacted.
    pub text: String,
    /// Its origin.
    pub origin: Origin,
    /// The secrets that were redacted, with their locations.
    pub secrets: Vec<Secret>,
    /// The digest of the text with its secrets, if it has any.
    whole: Option<String>,
    lines: OnceLock<Vec<u32>>,
}

/// Returns a text without a byte order mark and with `
/// ` as its line ends. So a file has the same meaning and the same digest, whichever editor wrote it.
pub fn plain(text: String) -> String {
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    match text.contains("\r\n") {
        true => text.replace("\r\n", "\n"),
        false => text,
    }
}

impl SourceFile {
    /// Creates a file from a text, and redacts its secrets.
    pub fn new(name: String, text: String, origin: Origin) -> SourceFile {
        let mut file = SourceFile {
            name,
            text: plain(text),
            origin,
            secrets: Vec::new(),
            whole: None,
            lines: OnceLock::new(),
        };
        let places = secret::find(&file.text);
        if !places.is_empty() {
            file.whole = Some(sha256(file.text.as_bytes()));
            (file.text, file.secrets) = secret::strike(file.text, places);
        }
        file
    }

    /// The digest of the text with its secrets, as `sha256:…`, for comparison with the file.
    pub fn digest(&self) -> String {
        self.whole.clone().unwrap_or_else(|| sha256(self.text.as_bytes()))
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// A line and a column, both counted from one. Columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}

/// Every file of one compilation, in a fixed order.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files. A [`FileId`] is an index in this list.
    pub files: Vec<SourceFile>,
    /// The path from the current folder to the root of the workspace, with a slash at its end; empty if they are
    /// the same.
    pub base: String,
}

impl Sources {
    /// The file with an id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }

    /// The line and column of a byte in a file.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let file = self.file(file);
        let lines = file.lines();
        let line = lines.partition_point(|start| *start <= offset) - 1;
        let start = lines[line] as usize;
        let column = file.text[start..offset as usize].chars().count();
        Position {
            line: line + 1,
            column: column + 1,
        }
    }

    /// `file:line` of the start of a span, from the root of the workspace.
    pub fn cite(&self, span: Span) -> String {
        let position = self.position(span.file, span.start);
        format!("{}:{}", self.file(span.file).name, position.line)
    }

    /// The path of a file from the current folder. Messages use it; files in a folder of results never do.
    pub fn shown(&self, id: FileId) -> Cow<'_, str> {
        let file = self.file(id);
        match file.origin {
            Origin::Workspace | Origin::Settings if !self.base.is_empty() => Cow::Owned(format!("{}{}", self.base, file.name)),
            Origin::Workspace | Origin::Settings | Origin::Library => Cow::Borrowed(&file.name),
        }
    }

    /// `file:line` of the start of a span, from the current folder.
    pub fn cite_shown(&self, span: Span) -> String {
        let position = self.position(span.file, span.start);
        format!("{}:{}", self.shown(span.file), position.line)
    }

    /// Whether a span is in the standard library.
    pub fn is_library(&self, span: Span) -> bool {
        self.file(span.file).origin == Origin::Library
    }
}
