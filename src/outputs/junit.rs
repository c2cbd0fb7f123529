//! Writes JUnit XML: a suite for each check, with a case for each declaration that the check looked at. So the
//! report also shows what passes.

use crate::checks::ALL;
use crate::compile::{Compilation, Meaning};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::facts::atom::Atom;
use crate::outputs::subjects::Begins;
use crate::outputs::{INPUT, at, called, errors, subjects, title};
use crate::syntax::vocabulary::Kind;
use crate::words::plural;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the document. A case fails if it has a finding at this level or above. A case with only lower findings
/// passes, and lists them. Without a level, only files that cannot be read fail.
pub fn junit(checked: &[&Compilation], fails_from: Option<Level>) -> String {
    let mut report = Report::new("quorate");
    for compilation in checked {
        let before = match checked.len() {
            1 => String::new(),
            _ => format!("{}: ", called(compilation)),
        };
        report.add_test_suite(read(compilation, &before));
        if let Some(meaning) = compilation.meaning.as_ref().filter(|_| errors(compilation).next().is_none()) {
            let cases = Cases::of(compilation, meaning);
            let suites = ALL.iter().filter_map(|check| cases.suite(check.code, &before, fails_from));
            report.add_test_suites(suites);
        }
    }
    report.to_string().unwrap_or_default()
}

/// A suite with one case for each error in the text, or one case that passes if there are no errors.
fn read(compilation: &Compilation, before: &str) -> TestSuite {
    let mut suite = TestSuite::new(format!("{before}{INPUT}"));
    for error in errors(compilation) {
        let name = match at(compilation, error) {
            Some(place) => format!("{}:{}:{}", place.path, place.start.line, place.start.column),
            None => called(compilation).to_owned(),
        };
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(error.message.clone()).set_type(INPUT);
        status.set_description(described(compilation, error));
        suite.add_test_case(case(name, &format!("{before}{INPUT}"), status));
    }
    if suite.test_cases.is_empty() {
        let name = format!("{} can be read", plural(compilation.file_count(), "file"));
        suite.add_test_case(case(name, &format!("{before}{INPUT}"), TestCaseStatus::success()));
    }
    suite
}

fn case(name: String, class: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    case
}

/// The kind and the id of a declaration.
type Subject = (String, String);

/// The declarations that each check looked at, and its findings there.
struct Cases<'a> {
    compilation: &'a Compilation,
    looked_at: BTreeMap<&'a str, BTreeSet<Subject>>,
    found: BTreeMap<(&'a str, Subject), Vec<&'a Diagnostic>>,
    /// Findings that were folded into a finding of another check. They are not separate findings, but their cases
    /// did not pass.
    folded: BTreeMap<(&'a str, Subject), Vec<(&'a Diagnostic, &'a str)>>,
}

impl<'a> Cases<'a> {
    fn of(compilation: &'a Compilation, meaning: &'a Meaning) -> Cases<'a> {
        let mut cases = Cases {
            compilation,
            looked_at: BTreeMap::new(),
            found: BTreeMap::new(),
            folded: BTreeMap::new(),
        };
        for (code, _) in compilation.population.iter().filter(|(_, count)| *count > 0) {
            let check = ALL.iter().find(|check| check.code.id == *code);
            let kinds = check.map_or(&[][..], |check| subjects::kinds(check.code));
            let subjects = kinds.iter().flat_map(|kind| looked_at(meaning, *kind));
            cases.looked_at.insert(code, subjects.collect());
        }
        let begins = Begins::of(&meaning.model);
        for finding in &compilation.findings {
            let Some(code) = finding.code else {
                continue;
            };
            let own = (finding.finding.subject_kind.clone(), finding.finding.subject.clone());
            cases.found.entry((code.id, own.clone())).or_default().push(finding);
            for related in &finding.related {
                let Some(under) = related.code else {
                    continue;
                };
                let around = begins.around(related.span);
                let around = around.map(|(kind, meta)| (kind.word().to_owned(), meta.id.to_string()));
                let speaks_of = |subject: &Subject| subjects::kinds(under).iter().any(|kind| kind.word() == subject.0);
                // A folded finding does not keep its declaration. It is the declaration of the finding it was
                // folded into, or the declaration around its location.
                let mut about: BTreeSet<Subject> = around.into_iter().chain([own.clone()]).filter(speaks_of).collect();
                if about.is_empty() {
                    about.insert(own.clone());
                }
                for subject in about {
                    let folded = cases.folded.entry((under.id, subject)).or_default();
                    folded.push((finding, &related.message));
                }
            }
        }
        cases
    }

    fn suite(&self, code: &'static Code, before: &str, fails_from: Option<Level>) -> Option<TestSuite> {
        let mut all: BTreeSet<&Subject> = self.looked_at.get(code.id).into_iter().flatten().collect();
        let found = self.found.keys().chain(self.folded.keys());
        all.extend(found.filter(|(id, _)| *id == code.id).map(|(_, subject)| subject));
        if all.is_empty() {
            return None;
        }
        let class = format!("{before}{} {}", code.id, code.name);
        let mut suite = TestSuite::new(class.clone());
        let cases = all.into_iter().map(|subject| {
            let (status, said) = self.status(code, subject, fails_from);
            let mut one = case(format!("{} {}", subject.0, subject.1), &class, status);
            if let Some(said) = said {
                one.set_system_out(said);
            }
            one
        });
        suite.add_test_cases(cases);
        Some(suite)
    }

    /// The status of a case, and the text for a case that does not fail.
    fn status(&self, code: &'static Code, subject: &Subject, fails_from: Option<Level>) -> (TestCaseStatus, Option<XmlString>) {
        let key = (code.id, subject.clone());
        let found = self.found.get(&key).map_or(&[][..], |found| found);
        let folded = self.folded.get(&key).map_or(&[][..], |folded| folded);
        let is_open = |finding: &&Diagnostic| finding.finding.waived_by.is_none() && !finding.finding.in_baseline;
        let open: Vec<&Diagnostic> = found.iter().copied().filter(|one| is_open(one)).collect();
        let under: Vec<&(&Diagnostic, &str)> = folded.iter().filter(|(head, _)| is_open(head)).collect();
        let levels = open.iter().map(|one| one.level).chain(under.iter().map(|(head, _)| head.level));
        if let Some(worst) = levels.max() {
            let mut texts: Vec<String> = open.iter().map(|one| described(self.compilation, one)).collect();
            texts.extend(
                under
                    .iter()
                    .map(|(head, message)| format!("{message}\nsee {}: {}", title(head), head.message)),
            );
            let text = texts.join("\n\n");
            if fails_from.is_none_or(|least| worst < least) {
                return (TestCaseStatus::success(), Some(text.into()));
            }
            let message = open.first().map_or_else(|| under[0].1.to_owned(), |one| one.message.clone());
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message).set_type(worst.word()).set_description(text);
            return (status, None);
        }
        if let Some(head) = found.iter().copied().chain(folded.iter().map(|(head, _)| *head)).next() {
            let mut status = TestCaseStatus::skipped();
            status.set_message(waived(head)).set_description(described(self.compilation, head));
            return (status, None);
        }
        // A check that is turned off has no findings, but it did not pass.
        if self
            .compilation
            .options
            .levels
            .get(code.name)
            .is_some_and(|(level, _)| level.is_none())
        {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("quorate.toml turns {} off", code.name));
            return (status, None);
        }
        (TestCaseStatus::success(), None)
    }
}

/// The declarations of a kind. For classes of data, those that agents reach, wherever they are declared.
fn looked_at(meaning: &Meaning, kind: Kind) -> Vec<Subject> {
    let model = &meaning.model;
    let metas = match kind {
        Kind::Data => {
            let reached = meaning.facts.atoms.list.iter().map(|atom: &Atom| atom.data);
            reached.map(|data| &model.data[data.index()].meta).collect()
        }
        other => subjects::declared(model, other),
    };
    metas
        .into_iter()
        .map(|meta| (kind.word().to_owned(), meta.id.to_string()))
        .collect()
}

/// Why a finding does not fail.
fn waived(finding: &Diagnostic) -> String {
    let facts = &finding.finding;
    if facts.waived_by.is_none() {
        return format!("in the baseline: {}", finding.message);
    }
    let waiver = facts.waived_by.as_deref().unwrap_or_default();
    match facts.waived_until {
        Some(day) => format!("waived by {waiver} until {day}: {}", finding.message),
        None => format!("waived by {waiver}: {}", finding.message),
    }
}

/// The message of a diagnostic, its location and its help.
fn described(compilation: &Compilation, diagnostic: &Diagnostic) -> String {
    let mut lines = vec![format!("{}: {}", diagnostic.level.word(), diagnostic.message)];
    if let Some(place) = at(compilation, diagnostic) {
        lines.push(format!("  at {}:{}:{}", place.path, place.start.line, place.start.column));
    }
    lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
    if !diagnostic.finding.fingerprint.is_empty() {
        lines.push(format!("  fingerprint: {}", diagnostic.finding.fingerprint));
    }
    lines.join("\n")
}
