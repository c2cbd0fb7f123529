//! Ways to weaken a workspace by one edit of its text, as a person could write it.

use crate::compile::Meaning;
use crate::emit::mutate::loosened::{beside_next, more, thresholds, twice};
use crate::emit::mutate::quorum::weaker;
use crate::emit::mutate::{Mutant, Notice};
use crate::facts::Facts;
use crate::facts::atom::holds;
use crate::facts::eligible::holders;
use crate::model::{DataId, Domain, DomainId, Grant, InputKind, Model, Quorum, SystemId};
use crate::source::{FileId, Span};
use crate::syntax::ast::Literal;
use crate::syntax::parse::parse;
use crate::syntax::tree::{Extent, Node, Token, TokenKind};
use crate::words::literal::decimals;

const TEST: Notice = Notice::Write("a test that fails with the weaker file");
const STANDARD: Notice = Notice::Write("your own standard that requires it there");
const EMERGENCY: Notice = Notice::Write("your own standard with the least that an emergency must have: `require emergency`");
const ASKED: Notice = Notice::Nothing("no other line requires this: the people who approve changes of these files must notice it");
const UNREACHED: Notice =
    Notice::Nothing("no task names anything that this domain decides, so no test and no standard covers this clause yet");
const NOBODY_ASKED: Notice = Notice::Nothing("nobody has to approve there, so no approval can be too old or for something else");
const MANAGED: Notice = Notice::Nothing("no test and no standard says who manages what");

/// Every weakening of one file, in the order of its lines.
pub(super) fn of_file(meaning: &Meaning, file: FileId, text: &str) -> Vec<Mutant> {
    let (tree, _) = parse(file, text);
    let mut found = Found {
        model: &meaning.model,
        facts: &meaning.facts,
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
    facts: &'a Facts,
    file: FileId,
    text: &'a str,
    mutants: Vec<Mutant>,
}

impl Found<'_> {
    fn word(&self, extent: Extent) -> &str {
        extent.of(self.text)
    }

    /// A clause as it is written on one line.
    fn line(&self, clause: &Node) -> String {
        self.word(clause.header()).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn add(&mut self, clause: &Node, extent: Extent, with: String, words: String, notice: Notice) {
        // Where something is added, the whole clause is the place.
        let place = if extent.start < extent.end { extent } else { clause.header() };
        self.mutants.push(Mutant {
            span: place.within(self.file),
            edit: extent.within(self.file),
            with,
            words,
            notice,
        });
    }

    fn declaration(&mut self, node: &Node) {
        let kind = self.word(node.word).to_owned();
        if kind == "adopt" {
            return self.adopted(node);
        }
        let name = node
            .tokens
            .first()
            .map_or(String::new(), |token| self.word(token.extent).to_owned());
        let of = format!("{kind} {name}");
        if kind == "domain" {
            self.domain(node, &of);
        }
        for clause in node.block.iter().flat_map(|block| &block.nodes) {
            match (&*kind, self.word(clause.word)) {
                ("workspace", "changes") => self.quorum(clause, clause.tokens.get(1..).unwrap_or_default(), &of, TEST),
                (_, "managed_by") => self.quorum(clause, &clause.tokens, &of, MANAGED),
                (_, "on_failure") => self.failure(clause, &of),
                ("standard", "require") => {
                    let words = format!("that `{}` is left out of {of}", self.line(clause));
                    self.add(clause, clause.extent, String::new(), words, ASKED);
                }
                ("task", "until") => self.add(
                    clause,
                    clause.extent,
                    String::new(),
                    format!("that `until` is left out of {of}"),
                    TEST,
                ),
                ("task", "limit") => self.limit(clause, &of, None),
                ("task", _) => {
                    self.excepted(clause, &of);
                    self.widened(clause, &of);
                }
                (_, "access") => clause
                    .block
                    .iter()
                    .flat_map(|block| &block.nodes)
                    .for_each(|inner| self.excepted(inner, &of)),
                (_, _) => {}
            }
        }
    }

    fn domain(&mut self, node: &Node, of: &str) {
        let place = node.header().within(self.file);
        let model = self.model;
        let Some(at) = model.domains.iter().position(|domain| inside(domain.meta.span, place)) else {
            return;
        };
        let domain = &model.domains[at];
        let earlier = self.mutants.len();
        let asked = domain.tiers.iter().any(|tier| tier.quorum != Quorum::None);
        for clause in node.block.iter().flat_map(|block| &block.nodes) {
            match self.word(clause.word) {
                "approve" => {
                    self.quorum(clause, &clause.tokens, of, TEST);
                    self.tier(clause, domain, of);
                }
                "emergency" => self.emergency(clause, of),
                word @ ("rollback" | "evidence") => {
                    let words = format!("that `{word}` is left out of {of}");
                    self.add(clause, clause.extent, String::new(), words, STANDARD);
                }
                "limit" => self.limit(clause, of, Some(domain)),
                "valid" => {
                    let stale = Notice::Write("a test with an approval that is older, denied as stale");
                    self.longer(clause, &clause.tokens, of, if asked { stale } else { NOBODY_ASKED });
                }
                "binds" => {
                    if let Some(token) = clause.tokens.first().filter(|token| token.extent.of(self.text) == "action") {
                        let words = format!("`binds task` for `binds action` in {of}");
                        let notice = if asked { STANDARD } else { NOBODY_ASKED };
                        self.add(clause, token.extent, "task".to_owned(), words, notice);
                    }
                }
                "purposes" => self.purposes(clause, domain, of),
                _ => {}
            }
        }
        let approve = node
            .block
            .iter()
            .flat_map(|block| &block.nodes)
            .find(|clause| clause.word.of(self.text) == "approve");
        if let Some(approve) = approve.filter(|_| domain.same_person.is_none() && shared(model, DomainId(at as u32))) {
            let end = Extent {
                start: approve.extent.end,
                end: approve.extent.end,
            };
            let notice = Notice::Write("a test in which one person approves in two functions, denied as the same person");
            self.add(
                approve,
                end,
                "; same_person allowed".to_owned(),
                format!("`same_person allowed` in {of}"),
                notice,
            );
        }
        if !self.reached(DomainId(at as u32)) {
            self.mutants[earlier..].iter_mut().for_each(|mutant| mutant.notice = UNREACHED);
        }
    }

    /// Whether a task names something that a domain decides.
    fn reached(&self, domain: DomainId) -> bool {
        let mut named = self.facts.scopes.iter().flatten();
        named.any(|atom| self.facts.group(*atom).domains.contains(&domain))
    }

    /// If the next tier asks for less: a threshold that is half as large again, and the file without this tier.
    fn tier(&mut self, clause: &Node, domain: &Domain, of: &str) {
        let Some((weaker, stricter)) = beside_next(domain, self.file, clause) else {
            return;
        };
        let mut numbers = Vec::new();
        thresholds(&clause.tokens, self.text, &mut numbers);
        let edge = Notice::Write("a test with a value just above the threshold");
        for (below, number) in numbers {
            let written = self.word(number.extent).to_owned();
            if let Some(larger) = more(&written).filter(|_| if below { weaker } else { stricter }) {
                let words = format!("a threshold of {larger} instead of {written} in {of}");
                self.add(clause, number.extent, larger, words, edge);
            }
        }
        if stricter {
            let words = format!("that `{}` is left out of {of}", self.line(clause));
            self.add(
                clause,
                clause.extent,
                String::new(),
                words,
                Notice::Write("a test with a value for which this tier is asked"),
            );
        }
    }

    fn emergency(&mut self, clause: &Node, of: &str) {
        let of = format!("the emergency of {of}");
        for inner in clause.block.iter().flat_map(|block| &block.nodes) {
            match self.word(inner.word) {
                "approve" => self.quorum(inner, &inner.tokens, &of, EMERGENCY),
                "lasts" => self.longer(inner, &inner.tokens, &of, EMERGENCY),
                "review" => {
                    let within = inner.tokens.iter().position(|token| token.extent.of(self.text) == "within");
                    let (quorum, rest) = inner.tokens.split_at(within.unwrap_or(inner.tokens.len()));
                    self.quorum(
                        inner,
                        quorum,
                        &of,
                        Notice::Nothing("no test and no standard says who reviews an emergency"),
                    );
                    self.longer(inner, rest, &of, EMERGENCY);
                }
                _ => {}
            }
        }
    }

    /// Twice the time.
    fn longer(&mut self, clause: &Node, tokens: &[Token], of: &str, notice: Notice) {
        if let Some(token) = tokens.iter().find(|token| token.kind == TokenKind::Duration)
            && let Some(twice) = twice(self.word(token.extent))
        {
            let words = format!(
                "`{}` of {twice} instead of {} in {of}",
                self.word(clause.word),
                self.word(token.extent)
            );
            self.add(clause, token.extent, twice, words, notice);
        }
    }

    fn failure(&mut self, clause: &Node, of: &str) {
        if let Some(token) = clause.tokens.first().filter(|token| token.extent.of(self.text) == "deny") {
            let words = format!("`on_failure allow` for `on_failure deny` in {of}");
            self.add(
                clause,
                token.extent,
                "allow".to_owned(),
                words,
                Notice::Write("your own standard that requires enforcement there"),
            );
        }
    }

    /// One more purpose for a domain.
    fn purposes(&mut self, clause: &Node, domain: &Domain, of: &str) {
        let taken = domain.purposes.iter().flatten().map(|purpose| purpose.index());
        let taken: Vec<usize> = taken.collect();
        let other = self.model.purposes.iter().enumerate().find(|(index, _)| !taken.contains(index));
        if let Some((_, purpose)) = other {
            let end = Extent {
                start: clause.header().end,
                end: clause.header().end,
            };
            let name = &purpose.meta.name;
            let notice = Notice::Nothing("a test takes the purpose as it should be, and no standard names purposes");
            self.add(clause, end, format!(", {name}"), format!("the purpose `{name}` in {of}"), notice);
        }
    }

    /// A standard of the workspace that is no longer adopted.
    fn adopted(&mut self, node: &Node) {
        let own = |token: &Token| {
            let name = token.extent.of(self.text);
            let name = name.rsplit('.').next().unwrap_or(name);
            self.model
                .standards
                .iter()
                .any(|standard| !standard.meta.library && &*standard.meta.name == name)
        };
        let names: Vec<&Token> = node.tokens.iter().filter(|token| token.kind == TokenKind::Name).collect();
        let mut edits = Vec::new();
        for (index, token) in names.iter().enumerate().filter(|(_, token)| own(token)) {
            let extent = match (index.checked_sub(1).and_then(|before| names.get(before)), names.get(index + 1)) {
                (Some(before), _) => Extent {
                    start: before.extent.end,
                    end: token.extent.end,
                },
                (None, Some(after)) => Extent {
                    start: token.extent.start,
                    end: after.extent.start,
                },
                (None, None) => node.extent,
            };
            edits.push((extent, format!("that `{}` is adopted no longer", token.extent.of(self.text))));
        }
        for (extent, words) in edits {
            self.add(node, extent, String::new(), words, ASKED);
        }
    }

    /// A grant without its exceptions.
    fn excepted(&mut self, clause: &Node, of: &str) {
        let Some(at) = clause.tokens.iter().position(|token| token.extent.of(self.text) == "except") else {
            return;
        };
        let rest = &clause.tokens[at..];
        let until = rest
            .iter()
            .position(|token| token.extent.of(self.text) == "in")
            .unwrap_or(rest.len());
        if let Some(last) = rest.get(until.wrapping_sub(1)) {
            let extent = Extent {
                start: rest[0].extent.start,
                end: last.extent.end,
            };
            let words = format!("that `{}` is left out of {of}", self.word(extent));
            self.add(clause, extent, String::new(), words, TEST);
        }
    }

    fn quorum(&mut self, clause: &Node, tokens: &[Token], of: &str, notice: Notice) {
        // If nobody can change a thing, that is safer than if somebody can.
        let weaker = weaker(tokens, self.text);
        for edit in weaker.into_iter().filter(|edit| notice != MANAGED || edit.with != "none") {
            let word = self.word(clause.word);
            let words = format!("`{word}` {} in {of}", edit.words);
            self.add(clause, edit.extent, edit.with, words, notice);
        }
    }

    /// Ten times as much; where there are cents, a digit more in front.
    fn limit(&mut self, clause: &Node, of: &str, domain: Option<&Domain>) {
        let number = clause.tokens.iter().find(|token| token.kind == TokenKind::Number);
        if let Some(number) = number {
            let written = self.word(number.extent).to_owned();
            let more = match written.contains('.') {
                true => format!("9{written}"),
                false => format!("{}0", written.replace('_', "")),
            };
            let words = format!("a `limit` of {more} instead of {written} in {of}");
            let notice = match self.exceeded(clause, domain) {
                true => Notice::Write("a test with more than the limit in one request"),
                false => Notice::Nothing("one request cannot have that much, and a test does not add up requests"),
            };
            self.add(clause, number.extent, more, words, notice);
        }
    }

    /// Whether one request can contain more than a limit allows.
    fn exceeded(&self, clause: &Node, domain: Option<&Domain>) -> bool {
        let place = clause.header().within(self.file);
        let of_tasks = self.model.tasks.iter().flat_map(|task| &task.limits);
        let of_domains = self.model.domains.iter().flat_map(|domain| &domain.limits);
        let Some(limit) = of_tasks.chain(of_domains).find(|limit| inside(limit.span, place)) else {
            return true;
        };
        let every = self
            .model
            .domains
            .iter()
            .filter(|other| domain.is_none_or(|domain| std::ptr::eq(*other, domain)));
        let mut inputs = every.flat_map(|domain| &domain.inputs).filter(|input| input.name == limit.input);
        inputs.any(|input| match (&input.kind, &limit.most) {
            (InputKind::Integer(_, to), Literal::Integer(most)) => to > most,
            (InputKind::Money(_, _, to), Literal::Money(most)) => *to > most.minor,
            (InputKind::Money(currency, _, to), Literal::Integer(most)) => *to > most.saturating_mul(10_i64.pow(decimals(currency) as u32)),
            (InputKind::Integer(..) | InputKind::Money(..) | InputKind::OneOf(_) | InputKind::Boolean | InputKind::Text, _) => false,
        })
    }

    /// A grant of a task that also includes a class next to one that it names.
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
                        self.add(
                            clause,
                            extent,
                            format!(", {wider}"),
                            format!("`{wider}` beside `{path}` in {of}"),
                            TEST,
                        );
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
                self.add(clause, own.extent, identity, words, TEST);
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

/// Whether somebody holds two functions of a domain.
fn shared(model: &Model, id: DomainId) -> bool {
    let mut seats = model.domains[id.index()].seats.iter().map(|seat| seat.function).collect::<Vec<_>>();
    seats.sort();
    seats.dedup();
    let people: Vec<Vec<_>> = seats
        .iter()
        .map(|function| holders(model, id, *function).into_iter().map(|holder| holder.person).collect())
        .collect();
    let twice = |index: usize, people_of: &Vec<_>| {
        people[index + 1..]
            .iter()
            .any(|others| others.iter().any(|other| people_of.contains(other)))
    };
    people.iter().enumerate().any(|(index, people_of)| twice(index, people_of))
}
