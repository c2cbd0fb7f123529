//! Ways to weaken a workspace by one edit of its text, as a person could write it.

use crate::emit::mutate::Mutant;
use crate::emit::mutate::quorum::weaker;
use crate::facts::atom::holds;
use crate::model::{DataId, Grant, Model, SystemId};
use crate::source::{FileId, Span};
use crate::syntax::parse::parse;
use crate::syntax::tree::{Extent, Node, Token, TokenKind};

/// Every weakening of one file, in the order of its lines.
pub(super) fn of_file(model: &Model, file: FileId, text: &str) -> Vec<Mutant> {
    let (tree, _) = parse(file, text);
    let mut found = Found {
        model,
        file,
        text,
        mutants: Vec::new(),
    };
    for node in &tree.nodes {
        found.declaration(node);
    }
    found.merged(&tree.nodes);
    found.mutants.sort_by_key(|mutant| mutant.span);
    found.mutants
}

struct Found<'a> {
    model: &'a Model,
    file: FileId,
    text: &'a str,
    mutants: Vec<Mutant>,
}

impl Found<'_> {
    fn word(&self, extent: Extent) -> &str {
        extent.of(self.text)
    }

    fn add(&mut self, clause: &Node, extent: Extent, with: String, words: String) {
        // Where something is added, the whole clause is the place.
        let place = if extent.start < extent.end { extent } else { clause.header() };
        self.mutants.push(Mutant {
            span: place.within(self.file),
            edit: extent.within(self.file),
            with,
            words,
            notice: match clause.word.of(self.text) {
                "rollback" | "evidence" => "a standard of your own that requires it there",
                "limit" => "a test with more than the limit, where one request can have that much",
                _ => "a test that fails with it",
            },
        });
    }

    fn declaration(&mut self, node: &Node) {
        let kind = self.word(node.word).to_owned();
        let name = node
            .tokens
            .first()
            .map_or(String::new(), |token| self.word(token.extent).to_owned());
        let of = format!("{kind} {name}");
        for clause in node.block.iter().flat_map(|block| &block.nodes) {
            match (&*kind, self.word(clause.word)) {
                ("domain", "approve") => self.quorum(clause, &clause.tokens, &of),
                ("domain", "emergency") => {
                    let inside = clause.block.iter().flat_map(|block| &block.nodes);
                    for inner in inside.filter(|inner| inner.word.of(self.text) == "approve") {
                        self.quorum(inner, &inner.tokens, &format!("the emergency of {of}"));
                    }
                }
                ("domain", word @ ("rollback" | "evidence")) => {
                    let words = format!("that `{word}` is left out of {of}");
                    self.add(clause, clause.extent, String::new(), words);
                }
                ("workspace", "changes") => self.quorum(clause, clause.tokens.get(1..).unwrap_or_default(), &of),
                ("task", "until") => self.add(clause, clause.extent, String::new(), format!("that `until` is left out of {of}")),
                ("task" | "domain", "limit") => self.limit(clause, &of),
                ("task", _) => self.widened(clause, &of),
                (_, _) => {}
            }
        }
    }

    fn quorum(&mut self, clause: &Node, tokens: &[Token], of: &str) {
        for edit in weaker(tokens, self.text) {
            let word = self.word(clause.word);
            let words = format!("`{word}` {} in {of}", edit.words);
            self.add(clause, edit.extent, edit.with, words);
        }
    }

    /// Ten times as much; where there are cents, a digit more in front.
    fn limit(&mut self, clause: &Node, of: &str) {
        let number = clause.tokens.iter().find(|token| token.kind == TokenKind::Number);
        if let Some(number) = number {
            let written = self.word(number.extent).to_owned();
            let more = match written.contains('.') {
                true => format!("9{written}"),
                false => format!("{}0", written.replace('_', "")),
            };
            self.add(
                clause,
                number.extent,
                more.clone(),
                format!("a `limit` of {more} in the place of {written} in {of}"),
            );
        }
    }

    /// A grant of a task that takes in a class beside one that it names.
    fn widened(&mut self, clause: &Node, of: &str) {
        let span = clause.header().within(self.file);
        let model = self.model;
        let grants = model
            .tasks
            .iter()
            .flat_map(|task| task.scope.iter().map(move |grant| (task, grant)));
        for (task, grant) in grants.filter(|(_, grant)| inside(grant.span, span)) {
            for data in &grant.data {
                let class = &model.data[data.index()];
                let written = |token: &&Token| token.extent.of(self.text) == &*class.meta.name;
                let Some(token) = clause.tokens.iter().find(written) else {
                    continue;
                };
                for near in beside(model, *data, grant) {
                    let taken = task
                        .scope
                        .iter()
                        .any(|other| other.action == grant.action && other.data.contains(&near));
                    if !taken {
                        let (path, wider) = (&class.meta.name, &model.data[near.index()].meta.name);
                        let extent = Extent {
                            start: token.extent.end,
                            end: token.extent.end,
                        };
                        self.add(clause, extent, format!(", {wider}"), format!("`{wider}` beside `{path}` in {of}"));
                    }
                }
            }
        }
    }

    /// Agents of the file that run as the identity of another one.
    fn merged(&mut self, nodes: &[Node]) {
        let agents = nodes.iter().filter(|node| node.word.of(self.text) == "agent");
        let running: Vec<(String, &Node, &Token)> = agents
            .filter_map(|node| {
                let name = self.word(node.tokens.first()?.extent).to_owned();
                let clauses = || node.block.iter().flat_map(|block| &block.nodes);
                let clause = clauses().find(|clause| clause.word.of(self.text) == "runs_as")?;
                Some((name, clause, clause.tokens.first()?))
            })
            .collect();
        for (index, (name, clause, own)) in running.iter().enumerate() {
            let (other, _, theirs) = &running[(index + 1) % running.len()];
            let identity = self.word(theirs.extent).to_owned();
            if identity != self.word(own.extent) {
                let words = format!("that agent {name} runs as {identity}, as {other} does");
                self.add(clause, own.extent, identity, words);
            }
        }
    }
}

fn inside(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The classes beside one that some system of the grant holds.
fn beside(model: &Model, data: DataId, grant: &Grant) -> Vec<DataId> {
    let Some(parent) = model.data[data.index()].parent else {
        return Vec::new();
    };
    let every = || (0..model.systems.len()).map(|index| SystemId(index as u32)).collect();
    let systems: Vec<SystemId> = if grant.systems.is_empty() { every() } else { grant.systems.clone() };
    let held = |other: &DataId| {
        let leaves = &model.data[other.index()].leaves;
        leaves.iter().any(|leaf| systems.iter().any(|system| holds(model, *system, *leaf)))
    };
    let classes = (0..model.data.len()).map(|index| DataId(index as u32));
    classes
        .filter(|other| *other != data && model.data[other.index()].parent == Some(parent) && held(other))
        .collect()
}
