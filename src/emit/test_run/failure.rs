//! The finding for a failing test.

use crate::diagnostic::{Diagnostic, Point, Points};
use crate::emit::reference::Reason;
use crate::emit::test_run::CHECK;
use crate::emit::test_run::day::{Day, Miss};
use crate::model::{Expectation, Test};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most combinations of a test that are named one by one.
const SHOWN: usize = 8;

impl Day<'_> {
    /// A test that does not state everything that it needs to run.
    pub(super) fn unclear(&self, test: &Test, sentence: &str, help: &str) -> Diagnostic {
        let finding = finding(
            test,
            test.meta.span,
            format!("the test \"{}\" cannot be run: {sentence}", title(test)),
        );
        finding.label(test.meta.span, "so Quorate did not run it").help(help)
    }

    /// A test with combinations that are not decided as expected.
    pub(super) fn missed(
        &self,
        test: &Test,
        expect: &Expectation,
        first: &Miss<'_, '_>,
        misses: &[Miss<'_, '_>],
        all: usize,
    ) -> Diagnostic {
        let at = test.expect.as_ref().map_or(test.meta.span, |expect| expect.span);
        let agent = &self.model.agents[first.combination.agent.index()].meta;
        let (action, class, system) = self.words_of(first.combination.atom);
        let what = format!("{action} {class} in {system}");
        let title = title(test);
        let decided = &first.decided;
        if let Some(disagreement) = &decided.disagreement {
            let finding = finding(test, at, format!("the test \"{title}\" fails: {disagreement}"));
            return finding
                .label(at, "the engines do not agree with the model")
                .help("nothing in the files; this is a bug in Quorate, please report it");
        }
        let (fact, label) = match (decided.allow, expect) {
            (true, _) => (format!("{} is allowed to {what}", agent.name), self.allowed(first)),
            (false, Expectation::Allow) => (format!("{} is denied {what}", agent.name), self.denied(first)),
            (false, Expectation::Deny(..)) => (format!("{} is denied {what} for another reason", agent.name), self.denied(first)),
        };
        let mut finding = finding(test, at, format!("the test \"{title}\" fails: {fact}")).label(at, label);
        match misses {
            [_] => {
                for (span, text) in alternatives(test, first, misses) {
                    finding = finding.related(span, text);
                }
            }
            misses => {
                for (span, text) in self.cells(test, misses) {
                    finding = finding.related(span, text);
                }
            }
        }
        for (span, text) in self.asks(first) {
            finding = finding.related(span, text);
        }
        let one = |miss: &Miss<'_, '_>| (miss.combination.atom, miss.combination.agent);
        let others: BTreeSet<_> = misses.iter().map(one).filter(|other| *other != one(first)).collect();
        let points = std::iter::once(one(first)).chain(others).map(|(atom, agent)| {
            let (action, data, system) = atom.metas(self.model);
            Point {
                action: Arc::from(&*action.name),
                data: Arc::from(&*data.id),
                system: Arc::from(&*system.id),
                from: None,
                agents: Arc::from([Arc::from(&*self.model.agents[agent.index()].meta.id)]),
            }
        });
        finding.finding.points = Points::new(points.collect());
        if all > 1 {
            let label = finding.labels[0].text.clone();
            let verb = if misses.len() == 1 { "fails" } else { "fail" };
            finding = finding.label(at, format!("{label} ({} of {all} combinations {verb})", misses.len()));
        }
        self.ways(expect, misses, all).into_iter().fold(finding, Diagnostic::help)
    }

    /// Each combination that failed, at the line that tells it apart, and how it was decided.
    fn cells(&self, test: &Test, misses: &[Miss<'_, '_>]) -> Vec<(Span, String)> {
        let mut cells: Vec<(Span, String)> = misses
            .iter()
            .take(SHOWN)
            .zip(1..)
            .map(|(miss, number)| {
                let decided = match miss.decided.allow {
                    true => self.allowed(miss),
                    false => self.denied(miss),
                };
                (place(test, miss), format!("({number}) {}: {decided}", self.named(test, miss)))
            })
            .collect();
        if let Some(next) = misses.get(SHOWN) {
            cells.push((place(test, next), format!("and {} more combinations", misses.len() - SHOWN)));
        }
        cells
    }

    /// What to write. Where only some combinations fail, or not all for one reason, one `expect` cannot be right for
    /// all of them.
    fn ways(&self, expect: &Expectation, misses: &[Miss<'_, '_>], all: usize) -> Vec<String> {
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for (miss, number) in misses.iter().zip(1..) {
            let (edits, number) = (self.edits(expect, miss), format!("({number})"));
            match groups.iter_mut().find(|(known, _)| *known == edits) {
                Some((_, numbers)) => numbers.push(number),
                None => groups.push((edits, vec![number])),
            }
        }
        match &groups[..] {
            [(edits, _)] if misses.len() == all => return edits.clone(),
            // The message shows the one that failed. The other combinations would fail with an `expect` that
            // fits this one.
            [(edits, _)] if misses.len() == 1 => return edits.iter().map(|edit| apart(edit, "what failed")).collect(),
            _ => {}
        }
        let ways = groups.iter().flat_map(|(edits, numbers)| {
            let numbers = listed(numbers);
            edits.iter().map(move |edit| apart(edit, &numbers))
        });
        ways.collect()
    }

    /// A combination by what tells it apart from the others of its test.
    fn named(&self, test: &Test, miss: &Miss<'_, '_>) -> String {
        let combination = &miss.combination;
        let (action, class, system) = self.words_of(combination.atom);
        let agent = &self.model.agents[combination.agent.index()].meta.name;
        let mut named = match test.agents.len() {
            0 | 1 => format!("{action} {class} in {system}"),
            _ => match combination.task {
                Some(task) => format!(
                    "{agent} doing {}, {action} {class} in {system}",
                    self.model.tasks[task.index()].meta.name
                ),
                None => format!("{agent}, {action} {class} in {system}"),
            },
        };
        if let Some(inputs) = combination.inputs.filter(|_| test.inputs.len() > 1) {
            let values = inputs.value.iter().map(|(name, literal)| format!("{name} {}", literal.to_source()));
            named.push_str(&format!(", with {}", values.collect::<Vec<_>>().join(", ")));
        }
        if let Some(approved) = combination.approved.filter(|_| test.approved.len() > 1) {
            let by: Vec<String> = approved.value.iter().map(|given| self.holder(given)).collect();
            match by.is_empty() {
                true => named.push_str(", approved by nobody"),
                false => named.push_str(&format!(", approved by {}", listed(&by))),
            }
        }
        named
    }

    /// The lines in which the governing domains require something.
    fn asks(&self, miss: &Miss<'_, '_>) -> Vec<(Span, String)> {
        let mut asks = Vec::new();
        for governing in &miss.decided.governing {
            let Some(domain) = self.model.domains.iter().find(|domain| &*domain.meta.id == governing.domain) else {
                continue;
            };
            let name = &domain.meta.name;
            match governing.tier.and_then(|tier| domain.tiers.get(tier)) {
                Some(tier) if miss.decided.allow => asks.push((tier.span, format!("{name} does not require more"))),
                Some(tier) if !governing.open.is_empty() => asks.push((tier.span, format!("{name} requires it here"))),
                Some(_) | None => {}
            }
        }
        let of_the_task = [Reason::OutOfScope, Reason::Expired, Reason::Purpose];
        if of_the_task.iter().any(|reason| miss.decided.reasons.contains(reason)) {
            let task = &self.model.tasks[miss.task.index()].meta;
            asks.push((task.span, format!("it names the task {}", task.name)));
        }
        asks
    }
}

fn finding(test: &Test, span: Span, message: String) -> Diagnostic {
    let mut finding = Diagnostic::error(span, message);
    finding.code = Some(CHECK.code);
    finding.level = CHECK.code.level;
    finding.finding.subject = test.meta.id.to_string();
    finding.finding.subject_kind = Kind::Test.word().to_owned();
    finding
}

/// The alternative lines that matter: with another alternative, the combination is decided as expected.
fn alternatives(test: &Test, first: &Miss<'_, '_>, misses: &[Miss<'_, '_>]) -> Vec<(Span, &'static str)> {
    let inputs = |miss: &Miss<'_, '_>| miss.combination.inputs.map(|line| line.span);
    let approved = |miss: &Miss<'_, '_>| miss.combination.approved.map(|line| line.span);
    let alike = |miss: &&Miss<'_, '_>| {
        let (one, other) = (miss.combination, first.combination);
        (one.agent, one.atom) == (other.agent, other.atom)
    };
    let same_inputs = misses.iter().filter(alike).filter(|miss| inputs(miss) == inputs(first)).count();
    let same_approved = misses.iter().filter(alike).filter(|miss| approved(miss) == approved(first)).count();
    let of_inputs = inputs(first).filter(|_| same_approved < test.inputs.len());
    let of_approved = approved(first).filter(|_| same_inputs < test.approved.len());
    let of_inputs = of_inputs.map(|span| (span, "with these inputs"));
    let of_approved = of_approved.map(|span| (span, "with these approvals"));
    of_inputs.into_iter().chain(of_approved).collect()
}

/// An edit for some of the combinations of a test: what is expected of them needs a test of its own.
fn apart(edit: &str, which: &str) -> String {
    match edit.starts_with("expect ") {
        true => format!("{edit}, in a separate test for {which}"),
        false => format!("{edit}, for {which}"),
    }
}

/// The line that tells a combination apart.
fn place(test: &Test, miss: &Miss<'_, '_>) -> Span {
    let approved = miss.combination.approved.filter(|_| test.approved.len() > 1).map(|line| line.span);
    let inputs = miss.combination.inputs.filter(|_| test.inputs.len() > 1).map(|line| line.span);
    let agent = || {
        test.agents
            .iter()
            .find(|at| at.value == (miss.combination.agent, miss.combination.task))
    };
    let agent = || agent().map_or(test.meta.span, |at| at.span);
    approved.or(inputs).unwrap_or_else(agent)
}

/// The name of a test on one line.
fn title(test: &Test) -> String {
    test.meta.shown().replace(['\n', '\t'], " ")
}
