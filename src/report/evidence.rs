//! The evidence report as one value: plain data, every name resolved, every statement with its file and line.

use crate::compile::Compilation;
use serde::Serialize;

pub mod agents;
pub mod checks;
pub mod covers;
pub mod domains;
pub mod findings;
pub mod frameworks;
pub mod limits;
pub mod numbers;
pub mod people;
pub mod policies;
pub mod reach;
pub(in crate::report) mod reading;
pub mod safeguards;
pub mod spread;
pub(in crate::report) mod words;

pub use policies::{Policies, PolicyFile, PolicyGroup};

use reading::Reading;

/// The name of the shape of this report as JSON.
pub const SCHEMA: &str = "quorate/evidence/1";

/// The basis of a claim (`docs/glossary.md`, *Claims*). A report never adds these up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Status {
    /// Somebody wrote it in a `.gov` file.
    #[serde(rename = "declared")]
    Declared,
    /// The compiler worked it out from the model.
    #[serde(rename = "derived")]
    Derived,
    /// A finding exists, and named people have accepted it for a time.
    #[serde(rename = "waived")]
    Waived,
    /// A finding is open.
    #[serde(rename = "open")]
    Open,
    /// This tool cannot show it.
    #[serde(rename = "not addressed")]
    NotAddressed,
    /// Quorate could show it, but the workspace has nothing of the kind that the checks look at.
    #[serde(rename = "nothing of the kind here")]
    NothingHere,
}

impl Status {
    /// The word for it, as in every format.
    pub fn word(self) -> &'static str {
        match self {
            Status::Declared => "declared",
            Status::Derived => "derived",
            Status::Waived => "waived",
            Status::Open => "open",
            Status::NotAddressed => "not addressed",
            Status::NothingHere => "nothing of the kind here",
        }
    }
}

/// A text, and its location in the files.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The text.
    pub text: String,
    /// The location, as `file:line`.
    pub at: String,
}

/// A line of a file that this report cites.
#[derive(Clone, Debug, Serialize)]
pub struct Cited {
    /// The location of the line, as `file:line`.
    pub at: String,
    /// The text of the line, without white space at its ends and without secrets.
    pub text: String,
}

/// An error in the files.
#[derive(Clone, Debug, Serialize)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// The location of the error, as `file:line`; `None` if it has none.
    pub at: Option<String>,
}

/// An evidence report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// Section 1: what the report covers.
    pub covers: covers::Covers,
    /// The errors in the files. If there are any, Quorate checked nothing and sections 2 to 5 are empty.
    pub errors: Vec<SyntaxError>,
    /// Section 2: the decision domains, each with the people who are accountable.
    pub domains: Vec<domains::Domain>,
    /// Section 2: the number of decision points that no domain covers.
    pub undecided: usize,
    /// Section 2: the coming dates within the horizon on which something in the files begins or ends, in order.
    pub ahead: Vec<covers::Ahead>,
    /// Section 3: the agents.
    pub agents: Vec<agents::Agent>,
    /// Section 4: the findings, both open and waived.
    pub findings: Vec<findings::Numbered>,
    /// Section 4: the waivers that the files declare.
    pub waivers: Vec<findings::Waiver>,
    /// Section 4: every check, with the number of things that it looked at.
    pub checks: Vec<checks::Check>,
    /// Section 5: the frameworks, control by control.
    pub frameworks: Vec<frameworks::Framework>,
    /// Section 5: the names of requested frameworks that Quorate does not know.
    pub frameworks_unknown: Vec<String>,
    /// Section 2: the people, and what each of them answers for.
    pub people: Vec<people::Person>,
    /// Section 6: the policies that `quorate build` wrote; `None` in a report of `quorate report`.
    pub policies: Option<Policies>,
    /// Section 7: how to verify the report without trusting it.
    pub verify: limits::Verify,
    /// Section 7: what this report cannot show, one sentence each.
    pub cannot_show: Vec<String>,
    /// Every line that the report cites, by file and line.
    pub cited: Vec<Cited>,
}

impl Report {
    /// The report on a compilation, for the frameworks with these slugs or names, or for the adopted ones.
    pub fn of(compilation: &Compilation, frameworks: Option<&[String]>, policies: Option<&Policies>) -> Report {
        let errors = compilation.errors.iter().map(|error| SyntaxError {
            message: error.message.clone(),
            at: error.span().map(|span| compilation.sources.cite(span)),
        });
        let mut report = Report {
            schema: SCHEMA,
            covers: covers::covers(compilation),
            errors: errors.collect(),
            domains: Vec::new(),
            undecided: 0,
            ahead: Vec::new(),
            agents: Vec::new(),
            findings: Vec::new(),
            waivers: Vec::new(),
            checks: Vec::new(),
            people: Vec::new(),
            frameworks: Vec::new(),
            frameworks_unknown: Vec::new(),
            policies: policies.cloned(),
            verify: limits::verify(compilation),
            cannot_show: Vec::new(),
            cited: Vec::new(),
        };
        // With errors in the text, gaps are not checked.
        if let Some(reading) = Reading::of(compilation).filter(|_| compilation.errors.is_empty()) {
            report.fill(&reading, frameworks);
        }
        report.cannot_show = limits::cannot_show(&report);
        report
    }

    fn fill(&mut self, reading: &Reading<'_>, frameworks: Option<&[String]>) {
        self.findings = findings::findings(reading);
        self.waivers = findings::waivers(reading, &self.findings);
        self.checks = checks::checks(reading, &self.findings);
        covers::add(reading, &mut self.covers);
        self.domains = domains::domains(reading, &self.findings);
        self.undecided = domains::undecided(reading);
        self.people = people::people(reading);
        self.ahead = covers::ahead(reading);
        self.agents = agents::agents(reading, &self.findings);
        (self.frameworks, self.frameworks_unknown) = frameworks::frameworks(reading, &self.checks, &self.findings, frameworks);
        checks::crosswalk(&mut self.checks, &self.frameworks);
        self.cited = reading.cited();
    }
}
