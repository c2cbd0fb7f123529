//! Clauses that stand twice in one declaration, where the second is a duplicate or contradicts the first.

use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::source::Span;
use crate::syntax::ast::{self, Argument, Grant, Item, Name, Value};
use std::collections::BTreeMap;

/// Clauses, each with the slot whose values must differ in all lines of one block.
const ONCE_IN_A_BLOCK: &[(&str, &str)] = &[
    ("members", "member"),
    ("kept_in", "system"),
    ("configured_in", "system"),
    ("holds", "data"),
    ("enforced_by", "enforcement"),
    ("can_assume", "identity"),
    ("runs_as", "identity"),
    ("acts_for", "people"),
    ("started_by", "people"),
    ("purposes", "purpose"),
    ("rollback", "rollback"),
    ("ownership", "ownership"),
    ("safeguards", "safeguards"),
    ("needs", "data"),
    ("decides", "question"),
    ("accounts", "account"),
    ("email", "text"),
    ("records", "field"),
    ("fingerprint", "fingerprint"),
];

/// The same for a single line.
const ONCE_IN_A_LINE: &[(&str, &str)] = &[
    ("restores", "data"),
    ("restores", "system"),
    ("keeps", "data"),
    ("keeps", "system"),
    ("input", "word"),
    ("owner", "deputy"),
];

/// Clauses whose lines in one block must differ in these slots, and the message if two lines do not.
const ONE_LINE_FOR_EACH: &[(&str, &[&str], &str, &str)] = &[
    (
        "owner",
        &["function"],
        "two lines say who owns this function here",
        "keep one of the two; name substitutes after `deputy`",
    ),
    (
        "tool",
        &["tool"],
        "two lines say what this tool call does",
        "write all that it does in one line, joined by `and`",
    ),
    (
        "limit",
        &["input", "duration"],
        "two lines limit the same over the same time",
        "keep the one that you mean",
    ),
    (
        "waives",
        &["check", "subject"],
        "this waiver names the same finding twice",
        "remove one of the two lines",
    ),
    (
        "control",
        &["id"],
        "two controls of this framework have the same id",
        "give one of them another id",
    ),
    (
        "group",
        &["id"],
        "two groups of this framework have the same id",
        "give one of them another id",
    ),
];

/// What distinguishes one named thing from others: what a name points at, or the text itself.
type Key = String;

impl Builder<'_> {
    /// Checks a declaration and the blocks in it.
    pub(super) fn repeats(&mut self, item: &Item) {
        for (word, slot) in ONCE_IN_A_BLOCK {
            let named = item.clauses(word).flat_map(|clause| clause.all(slot));
            let named: Vec<(Key, Span)> = named.filter_map(keyed).collect();
            self.twice(word, named);
        }
        for clause in &item.block {
            let here = ONCE_IN_A_LINE.iter().filter(|(word, _)| *word == clause.clause.word);
            for (word, slot) in here {
                let named: Vec<(Key, Span)> = clause.all(slot).filter_map(keyed).collect();
                self.twice(word, named);
            }
            match clause.clause.word {
                "owner" => self.own_deputy(clause),
                "approved" if item.clause.word != "test" => self.pairs(clause, "person"),
                "managed_by" => clause.quorum("managers").into_iter().for_each(|quorum| self.managers(quorum)),
                _ => {}
            }
            clause.grants().for_each(|grant| self.granted(grant));
        }
        for (word, slots, message, help) in ONE_LINE_FOR_EACH {
            self.one_line(item, word, slots, message, help);
        }
        self.joined_pairs(item, "calls", "agent", "task");
        self.joined_pairs(item, "function", "function", "domain");
        self.flows(item);
        item.block.iter().for_each(|inner| self.repeats(inner));
    }

    fn twice(&mut self, word: &str, named: Vec<(Key, Span)>) {
        for (second, first) in repeated(named) {
            let message = format!("`{word}` lists `{}` twice", self.written(second).trim_matches('"'));
            self.said_twice(second, first, message, "keep one of the two");
        }
    }

    fn said_twice(&mut self, second: Span, first: Span, message: String, help: &str) {
        let error = Diagnostic::error(second, message)
            .label(second, "again here")
            .label(first, "first here");
        self.diagnostics.push(error.help(help));
    }

    /// Nobody can be their own deputy.
    fn own_deputy(&mut self, clause: &Item) {
        let Some(owner) = clause.names("owner").next() else { return };
        let same = |deputy: &&Name| deputy.target.is_some() && deputy.target == owner.target;
        for deputy in clause.names("deputy").filter(same) {
            let name = self.written(owner.span);
            let error = Diagnostic::error(deputy.span, format!("{name} is named as the deputy of {name}"))
                .label(deputy.span, "nobody stands in for themselves")
                .label(owner.span, "the owner");
            self.diagnostics.push(error.help("name somebody else, or remove the deputy"));
        }
    }

    /// One person whom one line names twice in the same function.
    fn pairs(&mut self, clause: &Item, slot: &str) {
        let mut function: Option<Key> = None;
        let mut named = Vec::new();
        for argument in &clause.arguments {
            match (argument.slot, keyed(argument)) {
                ("function", Some((key, _))) => function = Some(key),
                (other, Some((key, span))) if other == slot => {
                    named.push((format!("{} {key}", function.clone().unwrap_or_default()), span));
                }
                _ => {}
            }
        }
        for (second, first) in repeated(named) {
            let message = format!("`{}` is named twice as the same, and is one person", self.written(second));
            self.said_twice(second, first, message, "name somebody else, or remove one of the two");
        }
    }

    /// Who manages something: one person in a list of several is one person.
    fn managers(&mut self, quorum: &ast::Quorum) {
        let ast::Quorum::Threshold(_, parts, _) = quorum else { return };
        let named = parts.iter().filter_map(|part| match part {
            ast::Quorum::Seat(_, name) => Some((format!("{:?}", name.target?), name.span)),
            ast::Quorum::None(_) | ast::Quorum::Threshold(..) => None,
        });
        for (second, first) in repeated(named.collect()) {
            let message = format!("one list contains `{}` twice, and it counts once", self.written(second));
            self.said_twice(second, first, message, "name somebody else, or remove one of the two");
        }
        parts.iter().for_each(|part| self.managers(part));
    }

    /// Classes and systems of a grant, each named once. An exception must not remove everything that is named.
    fn granted(&mut self, grant: &Grant) {
        for names in [&grant.data, &grant.except, &grant.systems] {
            let named = names.iter().filter_map(|name| Some((format!("{:?}", name.target?), name.span)));
            for (second, first) in repeated(named.collect()) {
                let message = format!("one line contains `{}` twice", self.written(second));
                self.said_twice(second, first, message, "keep one of the two");
            }
        }
        for except in &grant.except {
            let same = |data: &&Name| except.target.is_some() && data.target == except.target;
            if let Some(data) = grant.data.iter().find(same) {
                let message = format!(
                    "`{}` is named and excepted in one line, so nothing of it is left",
                    self.written(except.span)
                );
                let error = Diagnostic::error(except.span, message)
                    .label(except.span, "excepted here")
                    .label(data.span, "named here");
                self.diagnostics
                    .push(error.help("remove it in both places, or except only a part of it"));
            }
        }
    }

    fn one_line(&mut self, item: &Item, word: &str, slots: &[&str], message: &str, help: &str) {
        let named = item.clauses(word).map(|clause| {
            let keys: Vec<Key> = slots
                .iter()
                .map(|slot| clause.all(slot).find_map(keyed).map_or(String::new(), |(key, _)| key))
                .collect();
            (keys.join(" "), clause.header)
        });
        for (second, first) in repeated(named.collect()) {
            self.said_twice(second, first, message.to_owned(), help);
        }
    }

    /// Lines that pair one thing with each of several.
    fn joined_pairs(&mut self, item: &Item, word: &str, one: &str, each: &str) {
        let mut named = Vec::new();
        for clause in item.clauses(word) {
            let Some((one, at)) = clause.all(one).find_map(keyed) else {
                continue;
            };
            let several: Vec<(Key, Span)> = clause.all(each).filter_map(keyed).collect();
            match several.is_empty() {
                true => named.push((one, at)),
                false => named.extend(several.into_iter().map(|(key, span)| (format!("{one} {key}"), span))),
            }
        }
        self.twice(word, named);
    }

    /// What flows to a system as what.
    fn flows(&mut self, item: &Item) {
        let mut named: Vec<(Key, Span)> = Vec::new();
        for clause in item.clauses("feeds") {
            let to = clause.all("system").find_map(keyed).map_or(String::new(), |(key, _)| key);
            for (slot, (key, span)) in clause
                .arguments
                .iter()
                .filter_map(|argument| Some((argument.slot, keyed(argument)?)))
            {
                match (slot, named.last_mut()) {
                    ("data", _) => named.push((format!("{to} {key}"), span)),
                    ("as", Some(last)) => last.0.push_str(&format!(" as {key}")),
                    _ => {}
                }
            }
        }
        self.twice("feeds", named);
    }
}

/// What an argument names; `None` for an unknown name, which has been reported.
fn keyed(argument: &Argument) -> Option<(Key, Span)> {
    let key = match &argument.value {
        Value::Name(name) => format!("{:?}", name.target?),
        Value::Text(text) | Value::Word(text) => text.to_string(),
        Value::Duration(seconds) => seconds.to_string(),
        Value::Integer(_)
        | Value::Date(_)
        | Value::Literal(_)
        | Value::Grant(_)
        | Value::Select(_)
        | Value::Quorum(_)
        | Value::Condition(_)
        | Value::Use(..) => return None,
    };
    Some((key, argument.span))
}

/// The places at which something is repeated, each with the first place.
fn repeated(named: Vec<(Key, Span)>) -> Vec<(Span, Span)> {
    let mut first: BTreeMap<Key, Span> = BTreeMap::new();
    let mut repeated = Vec::new();
    for (key, span) in named {
        match first.get(&key) {
            Some(first) => repeated.push((span, *first)),
            None => {
                first.insert(key, span);
            }
        }
    }
    repeated
}
