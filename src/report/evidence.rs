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
}

/// Words and where they are written.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The words.
    pub text: String,
    /// `file:line`
    pub at: String,
}

/// A line of a file that this report cites.
#[derive(Clone, Debug, Serialize)]
pub struct Cited {
    /// `file:line`
    pub at: String,
    /// The line without white space at its ends.
    pub text: String,
}

/// Why nothing could be checked.
#[derive(Clone, Debug, Serialize)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where, if it has a place.
    pub at: Option<String>,
}

/// An evidence report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// 1: what was looked at.
    pub covers: covers::Covers,
    /// Errors in the text; with any of these nothing could be checked and the sections 2 to 5 are empty.
    pub errors: Vec<SyntaxError>,
    /// 2: who is accountable, for each decision domain.
    pub domains: Vec<domains::Domain>,
    /// 2: decision points that no domain covers.
    pub undecided: usize,
    /// 2: days ahead on which something in the model begins or ends.
    pub ahead: Vec<covers::Ahead>,
    /// 3: the agents.
    pub agents: Vec<agents::Agent>,
    /// 4: the open findings.
    pub findings: Vec<findings::Finding>,
    /// 4: the waivers.
    pub waivers: Vec<findings::Waiver>,
    /// 4: every check, and how many things it looked at.
    pub checks: Vec<checks::Check>,
    /// 5: frameworks, control by control.
    pub frameworks: Vec<frameworks::Framework>,
    /// 5: frameworks that were asked for and are not known.
    pub frameworks_unknown: Vec<String>,
    /// 6: the emitted policies, if any were.
    pub policies: Option<Policies>,
    /// 7: how to verify the report without trusting it.
    pub verify: limits::Verify,
    /// 7: what this report cannot show.
    pub cannot_show: Vec<String>,
    /// The lines cited above.
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
        self.ahead = covers::ahead(reading);
        self.agents = agents::agents(reading, &self.findings);
        (self.frameworks, self.frameworks_unknown) = frameworks::frameworks(reading, &self.checks, &self.findings, frameworks);
        self.cited = reading.cited();
    }
}
