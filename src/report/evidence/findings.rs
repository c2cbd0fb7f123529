//! Section 4: the open findings, and the declared waivers.

use crate::diagnostic::{Code, Diagnostic};
use crate::model;
use crate::report::evidence::reading::Reading;
use crate::report::evidence::{Line, Status};
use serde::Serialize;

/// Another place that bears on a finding.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    /// The code of the finding that was folded in here, if one was.
    pub code: Option<&'static str>,
    /// How it relates to the finding.
    pub text: String,
    /// Where.
    pub at: String,
    /// For each agent behind the folded finding, everything that it does.
    pub behind: Vec<String>,
}

/// The first decision point behind a finding.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// The agent.
    pub agent: String,
    /// The action.
    pub action: String,
    /// The class of data.
    pub data: String,
    /// The system.
    pub system: String,
}

/// One person of a witness.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// The name; `None` if the approval appears through control of something.
    pub person: Option<String>,
    /// The function, or what is controlled.
    pub stands_for: String,
    /// Why.
    pub because: String,
    /// Where it is written.
    pub at: String,
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Its number in this report, from one.
    pub number: usize,
    /// The code of the check.
    pub code: &'static str,
    /// The name of the check.
    pub name: &'static str,
    /// The severity.
    pub level: &'static str,
    /// Open, or waived.
    pub status: Status,
    /// The id of the waiver that relieves it.
    pub waived_by: Option<String>,
    /// The fact.
    pub message: String,
    /// What is at the place.
    pub label: Option<String>,
    /// Where.
    pub at: Option<String>,
    /// The path that leads there.
    pub steps: Vec<Line>,
    /// Places that bear on it, and codes that were folded in.
    pub related: Vec<Related>,
    /// Edits that fix it, one for each of several ways.
    pub help: Vec<String>,
    /// The id of the declaration at fault.
    pub subject: String,
    /// The kind of that declaration.
    pub subject_kind: String,
    /// The standard that makes it a fault, and the place of the requirement.
    pub standard: Option<Line>,
    /// How many decision points are behind it.
    pub decision_points: usize,
    /// The first of them.
    pub decision: Option<Decision>,
    /// Who can, and why.
    pub witness: Vec<Person>,
    /// Controls of the adopted frameworks that it bears on.
    pub controls: Vec<String>,
    /// The fingerprint, which stays the same while the files are edited.
    pub fingerprint: String,
}

/// A waiver, and what it relieves.
#[derive(Clone, Debug, Serialize)]
pub struct Waiver {
    /// Its id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The numbers of the findings that it relieves; empty if it is not in force, or if no finding is left.
    pub relieves: Vec<usize>,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// What it waives, as `standing-credential at acme.legacy`.
    pub waives: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who accepted it, as what.
    pub approved: Vec<String>,
    /// When it was accepted.
    pub granted: Option<String>,
    /// The last day it holds.
    pub until: Option<String>,
    /// Where it is declared.
    pub at: String,
}

/// The findings, numbered in order.
pub(super) fn findings(reading: &Reading<'_>) -> Vec<Finding> {
    let coded = reading
        .compilation
        .findings
        .iter()
        .filter_map(|finding| finding.code.map(|code| (finding, code)));
    coded
        .enumerate()
        .map(|(index, (finding, code))| one(reading, index + 1, finding, code))
        .collect()
}

fn one(reading: &Reading<'_>, number: usize, finding: &Diagnostic, code: &'static Code) -> Finding {
    let facts = &finding.finding;
    let label = finding
        .labels
        .first()
        .map(|label| label.text.clone())
        .filter(|text| !text.is_empty());
    let related = finding.related.iter().map(|related| Related {
        code: related.code.map(|code| code.id),
        text: related.message.clone(),
        at: reading.at(related.span),
        behind: related.taken.iter().flat_map(|taken| taken.points.lines(usize::MAX)).collect(),
    });
    let witness = facts.witness.iter().map(|witness| Person {
        person: Some(named(reading, &witness.person)).filter(|person| !person.is_empty()),
        stands_for: witness.stands_for.clone(),
        because: witness.because.clone(),
        at: reading.at(witness.span),
    });
    Finding {
        number,
        code: code.id,
        name: code.name,
        level: finding.level.word(),
        status: if facts.waived_by.is_some() { Status::Waived } else { Status::Open },
        waived_by: facts.waived_by.clone(),
        message: finding.message.clone(),
        label,
        at: finding.span().map(|span| reading.at(span)),
        steps: finding
            .steps
            .iter()
            .map(|step| Line {
                text: step.text.clone(),
                at: reading.at(step.span),
            })
            .collect(),
        related: related.collect(),
        help: finding.help.clone(),
        subject: facts.subject.clone(),
        subject_kind: facts.subject_kind.clone(),
        standard: facts.standard.as_ref().map(|(standard, span)| Line {
            text: standard.clone(),
            at: reading.at(*span),
        }),
        decision_points: facts.points.count(),
        decision: facts.points.first().map(|decision| Decision {
            agent: decision.agent,
            action: decision.action,
            data: decision.data,
            system: decision.system,
        }),
        witness: witness.collect(),
        controls: facts.controls.to_vec(),
        fingerprint: facts.fingerprint.clone(),
    }
}

/// The name behind the id of a person.
fn named(reading: &Reading<'_>, id: &str) -> String {
    let person = reading.model.people.iter().find(|person| &*person.meta.id == id);
    person.map_or(id, |person| person.meta.shown()).to_owned()
}

/// The waivers, each with the findings that it relieves.
pub(super) fn waivers(reading: &Reading<'_>, standing: &[Finding]) -> Vec<Waiver> {
    let model = reading.model;
    let one = |waiver: &model::Waiver| Waiver {
        id: waiver.meta.id.to_string(),
        title: waiver.meta.shown().to_owned(),
        relieves: standing
            .iter()
            .filter(|finding| finding.waived_by.as_deref() == Some(&*waiver.meta.id))
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
