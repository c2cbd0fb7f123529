//! Section 4: the open findings, and the declared waivers.

use crate::diagnostic::Diagnostic;
use crate::model;
use crate::report::evidence::reading::Reading;
use crate::report::finding::Finding;
use serde::Serialize;

/// A finding, with its number in this report, from one.
#[derive(Clone, Debug, Serialize)]
pub struct Numbered {
    /// The number of the finding in this report, counted from 1.
    pub number: usize,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}

impl Numbered {
    /// Whether this is a finding of a check, or such a finding was folded into it.
    pub(super) fn concerns(&self, code: &str) -> bool {
        let finding = &self.finding;
        finding.code == Some(code) || finding.related.iter().any(|related| related.code == Some(code))
    }
}

/// A waiver, with the findings that it covers.
#[derive(Clone, Debug, Serialize)]
pub struct Waiver {
    /// The id of the waiver.
    pub id: String,
    /// The title of the waiver; its name if it has no title.
    pub title: String,
    /// The numbers of the findings that the waiver covers; empty if the waiver is not in force or if no such finding
    /// is left.
    pub relieves: Vec<usize>,
    /// The ticket that tracks the finding; `None` if the files do not state it.
    pub ticket: Option<String>,
    /// The check and the declaration that the waiver names, such as `standing-credential at acme.legacy`.
    pub waives: Vec<String>,
    /// The reason for the waiver; `None` if the files do not state it.
    pub reason: Option<String>,
    /// Who accepted the finding and as which function, such as `Sam Osei as security`.
    pub approved: Vec<String>,
    /// The date on which these people accepted it, as YYYY-MM-DD; `None` if the files do not state it.
    pub granted: Option<String>,
    /// The last date on which the waiver is in force, as YYYY-MM-DD; `None` if the files do not state it.
    pub until: Option<String>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// The findings, numbered in order.
pub(super) fn findings(reading: &Reading<'_>) -> Vec<Numbered> {
    let found = reading.compilation.findings.iter().filter(|finding| finding.code.is_some());
    let one = |(index, finding): (usize, &Diagnostic)| Numbered {
        number: index + 1,
        finding: Finding::of(finding, &|span| reading.place(span)),
    };
    found.enumerate().map(one).collect()
}

/// The waivers, each with the findings that it relieves.
pub(super) fn waivers(reading: &Reading<'_>, found: &[Numbered]) -> Vec<Waiver> {
    let model = reading.model;
    let one = |waiver: &model::Waiver| Waiver {
        id: waiver.meta.id.to_string(),
        title: waiver.meta.shown().to_owned(),
        relieves: found
            .iter()
            .filter(|finding| finding.finding.waived_by.as_deref() == Some(&*waiver.meta.id))
            .map(|finding| finding.number)
            .collect(),
        ticket: waiver.ticket.as_deref().map(str::to_owned),
        waives: waiver
            .waives
            .iter()
            .map(|waived| format!("{} at {}", waived.check, waived.subject))
            .collect(),
        reason: waiver.reason.as_deref().map(str::to_owned),
        approved: waiver
            .approved
            .iter()
            .flat_map(|approval| &approval.given)
            .map(|(function, person, _)| format!("{} as {}", reading.person(*person), model.functions[function.index()].meta.name))
            .collect(),
        granted: waiver.granted.map(|day| day.value.to_string()),
        until: waiver.until.map(|day| day.value.to_string()),
        at: reading.at(waiver.meta.span),
    };
    model.waivers.iter().map(one).collect()
}
