//! Attaches comments to the items that they belong to, and keeps the blank lines between them.

use crate::format::breaks_between;
use crate::format::comments::{self, Comment, Purpose};
use crate::syntax::tree::{Extent, Node, Tree};
use crate::syntax::vocabulary::Clause;

/// A comment on a separate line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The comment.
    pub(super) comment: Comment,
    /// Whether there is a blank line above it.
    pub(super) blank: bool,
}

/// An item with its comments.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The item.
    pub(super) node: &'a Node,
    /// Its row in the vocabulary; set when the body is put in order.
    pub(super) clause: Option<&'static Clause>,
    /// The number of its line in the body. Items with the same number were joined by `;`.
    pub(super) row: usize,
    /// The comments above it.
    pub(super) leading: Vec<Line>,
    /// Whether there is a blank line directly above it: below its comments or, without comments, below the
    /// previous item.
    pub(super) blank: bool,
    /// The comments among its arguments.
    pub(super) inner: Vec<Comment>,
    /// Its block.
    pub(super) braces: Option<Braces<'a>>,
    /// The comment at the end of its last line.
    pub(super) trailing: Option<Comment>,
}

impl Entry<'_> {
    /// Whether there is a blank line above the item and its comments.
    pub(super) fn parted(&self) -> bool {
        self.leading.first().map_or(self.blank, |line| line.blank)
    }
}

/// A block with its comments.
#[derive(Debug)]
pub(super) struct Braces<'a> {
    /// The comment after the opening brace.
    pub(super) opening: Option<Comment>,
    /// Its content.
    pub(super) body: Body<'a>,
    /// Whether it was on one line.
    pub(super) on_one_line: bool,
}

/// The items of a block or a file, with their comments.
#[derive(Debug, Default)]
pub(super) struct Body<'a> {
    /// Comments at the start with a blank line below them. They are about the whole body, so they stay at the
    /// start.
    pub(super) head: Vec<Line>,
    /// The items.
    pub(super) entries: Vec<Entry<'a>>,
    /// Comments with no item below them.
    pub(super) rest: Vec<Line>,
}

/// A file with its comments.
#[derive(Debug)]
pub(super) struct Whole<'a> {
    /// Comments above the documentation of the module.
    pub(super) preamble: Vec<Line>,
    /// The documentation of the module.
    pub(super) documentation: Vec<Line>,
    /// Everything else.
    pub(super) body: Body<'a>,
}

/// Assigns every comment of a file to an item, a block or the file.
pub(super) fn file<'a>(text: &'a str, tree: &'a Tree) -> Whole<'a> {
    let (documentation, comments) = comments::scan(text)
        .into_iter()
        .partition(|comment| comment.purpose == Purpose::Module);
    let mut attaching = Attaching { text, comments, next: 0 };
    let documentation = attaching.lines(documentation);
    let mut body = attaching.body(&tree.nodes, text.len() as u32);
    let preamble = match (documentation.first(), body.entries.first_mut()) {
        (None, _) => Vec::new(),
        (Some(first), Some(entry)) => above(&mut entry.leading, first.comment.extent),
        (Some(first), None) => above(&mut body.rest, first.comment.extent),
    };
    body.split_head();
    Whole {
        preamble,
        documentation,
        body,
    }
}

/// Removes the remarks above the documentation of the module from `lines`, and returns them.
fn above(lines: &mut Vec<Line>, documentation: Extent) -> Vec<Line> {
    let stays = |line: &Line| line.comment.purpose != Purpose::Remark || line.comment.extent.start > documentation.start;
    let count = lines.iter().position(stays).unwrap_or(lines.len());
    lines.drain(..count).collect()
}

impl Body<'_> {
    /// Separates the comments about the whole body from those about its first item.
    fn split_head(&mut self) {
        let Some(first) = self.entries.first_mut() else {
            return;
        };
        let remarks = first
            .leading
            .iter()
            .take_while(|line| line.comment.purpose == Purpose::Remark)
            .count();
        let parted = |index: &usize| first.leading.get(*index).map_or(first.blank, |line| line.blank);
        if let Some(end) = (1..=remarks).rev().find(parted) {
            self.head = first.leading.drain(..end).collect();
            // The blank line belongs to the head, because the item may move further down.
            match first.leading.first_mut() {
                Some(line) => line.blank = false,
                None => first.blank = false,
            }
        }
    }
}

struct Attaching<'a> {
    text: &'a str,
    comments: Vec<Comment>,
    next: usize,
}

impl<'a> Attaching<'a> {
    fn body(&mut self, nodes: &'a [Node], end: u32) -> Body<'a> {
        let mut body = Body::default();
        // A node without a location holds documentation with no item after it.
        let mut above: Option<u32> = None;
        let mut row = 0;
        for node in nodes.iter().filter(|node| node.word.start != u32::MAX) {
            row += usize::from(above.is_some_and(|end| breaks_between(self.text, end, node.word.start)));
            above = Some(node.extent.end);
            let entry = self.entry(node, row);
            body.entries.push(entry);
        }
        let rest = self.take_until(end);
        body.rest = self.lines(rest);
        body
    }

    fn entry(&mut self, node: &'a Node, row: usize) -> Entry<'a> {
        let above = self.take_until(node.word.start);
        let leading = self.lines(above);
        let documented = leading.last().is_some_and(|line| line.comment.purpose == Purpose::Item);
        let inner = self.take_until(node.header().end);
        let braces = node.block.as_ref().map(|block| {
            let opening = self.same_line(block.open.end);
            let mut body = self.body(&block.nodes, block.close.start);
            body.split_head();
            let on_one_line = !breaks_between(self.text, block.open.start, block.close.end);
            Braces {
                opening,
                body,
                on_one_line,
            }
        });
        Entry {
            node,
            clause: None,
            row,
            blank: !documented && self.blank_above(node.word),
            leading,
            inner,
            braces,
            trailing: self.same_line(node.extent.end),
        }
    }

    /// Takes the remaining comments that begin before a position.
    fn take_until(&mut self, end: u32) -> Vec<Comment> {
        let rest = &self.comments[self.next..];
        let count = rest.partition_point(|comment| comment.extent.start < end);
        self.next += count;
        rest[..count].to_vec()
    }

    /// Takes the remark at the end of a line, if there is nothing between it and the position.
    fn same_line(&mut self, start: u32) -> Option<Comment> {
        let next = self.comments.get(self.next).copied();
        let comment = next.filter(|comment| comment.purpose == Purpose::Remark)?;
        let between = Extent {
            start,
            end: comment.extent.start,
        };
        let nothing = between
            .of(self.text)
            .bytes()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b';'));
        self.next += usize::from(nothing);
        nothing.then_some(comment)
    }

    /// Returns comments as lines. Documentation is directly above its item, so there is never a blank line below
    /// it.
    fn lines(&self, comments: Vec<Comment>) -> Vec<Line> {
        let mut documents = false;
        let line = |comment: Comment| {
            let blank = !documents && self.blank_above(comment.extent);
            documents = comment.purpose != Purpose::Remark;
            Line { comment, blank }
        };
        comments.into_iter().map(line).collect()
    }

    fn blank_above(&self, extent: Extent) -> bool {
        let before = self.text[..extent.start as usize].bytes().rev();
        let gap = before.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';'));
        gap.filter(|byte| *byte == b'\n').count() > 1
    }
}
