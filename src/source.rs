//! The texts that are compiled, and places in them.

use digest::sha256;
use secret::Secret;
use std::borrow::Cow;
use std::sync::OnceLock;

pub mod digest;
pub mod secret;
pub mod unseen;

/// Which of the [`Sources`] a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of one file, in bytes, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file it is in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest stretch that holds both.
    pub fn to(self, other: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// Whether a file belongs to the user or to the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written by the people whose workspace it is.
    Workspace,
    /// Shipped with the compiler.
    Library,
    /// `quorate.toml`: it holds no declarations, and findings point at it.
    Settings,
}

/// One text.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the root of the workspace, with forward slashes; `std/…` for the library.
    pub name: String,
    /// Its text as it was read, without a byte order mark, with `\n` at the end of each line and with its secrets
    /// struck out.
    pub text: String,
    /// Whose it is.
    pub origin: Origin,
    /// Where secrets stood.
    pub secrets: Vec<Secret>,
    /// The digest of the text before its secrets were struck out, where it had any.
    whole: Option<String>,
    lines: OnceLock<Vec<u32>>,
}

/// A text without a mark at its beginning and with line ends of one sort: the same file means the same, and has the
/// same digest, however an editor writes it.
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
    /// A text under a name.
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

    /// `sha256:…` of the text as it was read, for comparison with the file.
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

/// A line and a column, both counted from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The character in the line, from one.
    pub column: usize,
}

/// Every text of one compilation, in a fixed order.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files; a [`FileId`] is a place in this list.
    pub files: Vec<SourceFile>,
    /// The way from where the command runs to the root of the workspace, with a slash at its end; empty where these are
    /// one.
    pub base: String,
}

impl Sources {
    /// The file a place is in.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text of a stretch.
    pub fn text(&self, span: Span) -> &str {
        &self.file(span.file).text[span.start as usize..span.end as usize]
    }

    /// Where a byte of a file is.
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

    /// `file:line` of the first byte of a stretch.
    pub fn cite(&self, span: Span) -> String {
        let position = self.position(span.file, span.start);
        format!("{}:{}", self.file(span.file).name, position.line)
    }

    /// The path of a file from where the command runs: for messages, never for what is written to a folder of results.
    pub fn shown(&self, id: FileId) -> Cow<'_, str> {
        let file = self.file(id);
        match file.origin {
            Origin::Workspace | Origin::Settings if !self.base.is_empty() => Cow::Owned(format!("{}{}", self.base, file.name)),
            Origin::Workspace | Origin::Settings | Origin::Library => Cow::Borrowed(&file.name),
        }
    }

    /// `file:line` of the first byte of a stretch, from where the command runs.
    pub fn cite_shown(&self, span: Span) -> String {
        let position = self.position(span.file, span.start);
        format!("{}:{}", self.shown(span.file), position.line)
    }

    /// Whether the stretch is in the standard library.
    pub fn is_library(&self, span: Span) -> bool {
        self.file(span.file).origin == Origin::Library
    }
}
