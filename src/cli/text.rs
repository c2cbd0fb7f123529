//! A file to change: its text, and how the disk stores it (byte order mark, line ends).

use crate::diagnostic::Edit;
use crate::source::{Origin, SourceFile};
use crate::syntax::parse::parse;
use crate::workspace::reason;
use std::path::PathBuf;

/// A file on the disk, with its line ends normalised.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    mark: bool,
    carriage: bool,
    pub(super) text: String,
}

impl Text {
    /// The file on the disk.
    pub(super) fn read(path: PathBuf) -> Result<Text, String> {
        let raw = std::fs::read_to_string(&path).map_err(|error| reason(&error))?;
        let (mark, body) = match raw.strip_prefix('\u{feff}') {
            Some(body) => (true, body),
            None => (false, raw.as_str()),
        };
        let text = body.replace("\r\n", "\n");
        let carriage = text.len() != body.len();
        if carriage && text.replace('\n', "\r\n") != body {
            return Err("its lines have two kinds of line ends; `quorate fmt` makes them one".to_owned());
        }
        Ok(Text {
            path,
            mark,
            carriage,
            text,
        })
    }

    /// The file on the disk, if it is still the one that was checked: edits are positions in that text.
    pub(super) fn checked(path: PathBuf, checked: &str) -> Result<Text, String> {
        let text = Text::read(path)?;
        match SourceFile::new(String::new(), text.text.clone(), Origin::Workspace).text == checked {
            true => Ok(text),
            false => Err("it changed in the meantime".to_owned()),
        }
    }

    /// The same for a file that is rewritten as a whole. Text that was redacted on reading would be lost.
    pub(super) fn whole(path: PathBuf, checked: &str) -> Result<Text, String> {
        let text = Text::checked(path, checked)?;
        match text.text == checked {
            true => Ok(text),
            false => Err("it contains a secret; remove it first".to_owned()),
        }
    }

    /// A new file.
    pub(super) fn empty(path: PathBuf) -> Text {
        Text {
            path,
            mark: false,
            carriage: false,
            text: String::new(),
        }
    }

    /// Whether there is a comment inside the text that an edit replaces, or after a clause that it removes.
    pub(super) fn loses_comment(&self, edit: &Edit) -> bool {
        let (start, mut end) = (edit.span.start as usize, edit.span.end as usize);
        if edit.text.is_empty() {
            end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at);
        }
        let (tree, _) = parse(edit.span.file, &self.text);
        tree.comments
            .iter()
            .any(|comment| start <= comment.start as usize && (comment.start as usize) < end)
    }

    /// Applies edits, which are sorted from last to first.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        for edit in edits {
            let (mut start, mut end) = (edit.span.start as usize, edit.span.end as usize);
            if edit.text.is_empty() {
                // If a clause is alone on its line, the line goes too.
                let before = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
                let after = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
                if self.text[before..start].trim().is_empty() && self.text[end..after].trim().is_empty() {
                    (start, end) = (before, after);
                }
            }
            self.text.replace_range(start..end, &edit.text);
        }
    }

    /// The whole file, with its byte order mark and its line ends.
    pub(super) fn written(&self) -> String {
        let mark = if self.mark { "\u{feff}" } else { "" };
        match self.carriage {
            true => format!("{mark}{}", self.text.replace('\n', "\r\n")),
            false => format!("{mark}{}", self.text),
        }
    }
}
