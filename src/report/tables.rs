//! The report as plain tables: one for controls, findings, domains, agents, people and waivers each. CSV and XLSX are
//! written from them.

use crate::report::evidence::domains::Domain;
use crate::report::evidence::findings::Numbered;
use crate::report::evidence::frameworks::{Control, Framework};
use crate::report::evidence::numbers::Numbers;
use crate::report::evidence::people::{Accountable, Holder};
use crate::report::evidence::{Line, Report};

/// A value in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text, in which nothing is a formula.
    Text(String),
    /// A count.
    Number(usize),
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name: `controls`, `findings`, `domains`, `agents`, `people` or `waivers`.
    pub name: &'static str,
    /// The titles of its columns.
    pub columns: &'static [&'static str],
    /// Its rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Every table, in this order whether or not it has rows.
pub fn tables(report: &Report) -> Vec<Table> {
    vec![
        controls(report),
        findings(report),
        domains(report),
        agents(report),
        people(report),
        waivers(report),
    ]
}

fn controls(report: &Report) -> Table {
    let each = |framework: &Framework| framework.controls.iter().map(|own| control(framework, own)).collect::<Vec<_>>();
    Table {
        name: "controls",
        columns: &[
            "framework",
            "edition",
            "control",
            "title",
            "status",
            "strength",
            "what the model shows",
            "findings",
            "checks",
            "ask for",
            "mapped at",
        ],
        rows: report.frameworks.iter().flat_map(each).collect(),
    }
}

fn control(framework: &Framework, own: &Control) -> Vec<Cell> {
    let checks = own.evidence.iter().flat_map(|evidence| {
        let strength = evidence.strength;
        evidence.checks.iter().map(move |check| match check.state {
            "on" => format!("{} {strength}, looked at {}", check.name, check.looked_at),
            state => format!("{} {strength}, {state}", check.name),
        })
    });
    vec![
        text(&framework.slug),
        text(&framework.edition),
        text(&own.id),
        text(&own.title),
        text(own.status.word()),
        text(own.strength.unwrap_or_default()),
        text(&own.because),
        text(&numbered(&own.findings)),
        text(&checks.collect::<Vec<_>>().join("; ")),
        text(own.ask.as_deref().unwrap_or_default()),
        text(&own.at),
    ]
}

fn findings(report: &Report) -> Table {
    let row = |numbered: &Numbered| {
        let own = &numbered.finding;
        let at = own.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
        vec![
            Cell::Number(numbered.number),
            text(own.code.unwrap_or_default()),
            text(own.name.unwrap_or_default()),
            text(own.level),
            text(own.status),
            text(&own.message),
            text(own.label.as_deref().unwrap_or_default()),
            text(&own.subject_kind),
            text(&own.subject),
            text(&at.unwrap_or_default()),
            text(own.standard.as_deref().unwrap_or_default()),
            text(own.help.as_deref().unwrap_or_default()),
            Cell::Number(own.decision_points),
            text(&own.controls.join("; ")),
            text(own.waived_by.as_deref().unwrap_or_default()),
            text(&own.fingerprint),
        ]
    };
    Table {
        name: "findings",
        columns: &[
            "number",
            "code",
            "check",
            "level",
            "status",
            "finding",
            "detail",
            "kind",
            "declaration",
            "at",
            "required by",
            "how to fix it",
            "decision points",
            "controls",
            "waived by",
            "fingerprint",
        ],
        rows: report.findings.iter().map(row).collect(),
    }
}

fn domains(report: &Report) -> Table {
    let row = |own: &Domain| {
        let seats = |of: &dyn Fn(&Accountable) -> Vec<String>| {
            let some = own
                .accountable
                .iter()
                .map(|seat| (seat, of(seat)))
                .filter(|(_, names)| !names.is_empty());
            some.map(|(seat, names)| format!("{}: {}", seat.title, names.join(", ")))
                .collect::<Vec<_>>()
                .join("; ")
        };
        let names = |holders: &[Holder]| holders.iter().map(|holder| holder.name.clone()).collect::<Vec<_>>();
        let takes = own.takes.iter().map(|takes| match &takes.when {
            Some(when) => format!("{when}: {}", takes.text),
            None => takes.text.clone(),
        });
        vec![
            text(&own.id),
            text(&own.title),
            text(&seats(&|seat| vec![seat.owner.name.clone()])),
            text(&seats(&|seat| names(&seat.deputies))),
            text(&seats(&|seat| names(&seat.delegates))),
            text(&takes.collect::<Vec<_>>().join("; ")),
            text(&lines(&own.covers)),
            fewest(own.normal.as_ref(), |numbers| Some(numbers.nominal)),
            fewest(own.normal.as_ref(), |numbers| numbers.effective),
            fewest(own.in_emergency.as_ref(), |numbers| numbers.effective),
            text(&own.resilience.text),
            text(&own.purposes.as_ref().map_or(NOT_STATED.to_owned(), |purposes| purposes.join(", "))),
            text(own.retention.as_deref().unwrap_or(NOT_STATED)),
            text(
                &own.rollbacks
                    .iter()
                    .map(|rollback| rollback.title.clone())
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            text(own.evidence.as_ref().map_or(NOT_STATED, |ledger| &ledger.title)),
            Cell::Number(own.decision_points),
            text(&own.agents.join(", ")),
            text(&numbered(&own.findings)),
            text(&own.at),
        ]
    };
    Table {
        name: "domains",
        columns: &[
            "domain",
            "title",
            "accountable owners",
            "deputies",
            "delegates",
            "approvals needed",
            "decides",
            "fewest people, each in their own name",
            "fewest people, including what they control",
            "fewest people in an emergency",
            "absences",
            "purposes",
            "retention",
            "undone by",
            "evidence in",
            "decision points",
            "agents",
            "findings",
            "at",
        ],
        rows: report.domains.iter().map(row).collect(),
    }
}

fn agents(report: &Report) -> Table {
    let line = |line: &Option<Line>| text(line.as_ref().map_or(NOT_STATED, |line| &line.text));
    let rows = report.agents.iter().map(|own| {
        let tasks = own.tasks.iter().map(|task| format!("{} ({})", task.title, task.days));
        let identities = own.identities.iter().map(|identity| identity.title.clone());
        vec![
            text(&own.id),
            text(&own.title),
            line(&own.owner),
            text(own.provider.as_deref().unwrap_or(NOT_STATED)),
            text(own.model.as_deref().unwrap_or(NOT_STATED)),
            line(&own.autonomy),
            line(&own.stop),
            text(&own.calls.as_ref().map_or(NOT_STATED.to_owned(), |calls| lines(calls))),
            text(&lines(&own.acts_for)),
            text(&identities.collect::<Vec<_>>().join(", ")),
            text(&tasks.collect::<Vec<_>>().join("; ")),
            text(&own.reach.systems.join(", ")),
            Cell::Number(own.reach.scope),
            Cell::Number(own.reach.access),
            Cell::Number(own.reach.beyond_scope),
            text(&numbered(&own.findings)),
            text(&own.at),
        ]
    });
    Table {
        name: "agents",
        columns: &[
            "agent",
            "title",
            "owner",
            "model run by",
            "model",
            "autonomy",
            "stopped by",
            "calls",
            "acts for",
            "identities",
            "tasks",
            "systems reached",
            "decision points that tasks allow",
            "decision points that credentials allow",
            "of these outside every task",
            "findings",
            "at",
        ],
        rows: rows.collect(),
    }
}

fn people(report: &Report) -> Table {
    let rows = report.people.iter().map(|own| {
        let answers = own
            .answers_for
            .iter()
            .map(|one| format!("{} in {} ({})", one.function, one.domain, one.capacity));
        vec![
            text(&own.id),
            text(&own.name),
            text(own.role.as_deref().unwrap_or(NOT_STATED)),
            text(own.until.as_deref().unwrap_or_default()),
            text(own.same_as.as_deref().unwrap_or_default()),
            text(&answers.collect::<Vec<_>>().join("; ")),
            text(&own.at),
        ]
    });
    Table {
        name: "people",
        columns: &["person", "name", "role", "until", "the same person as", "answers for", "at"],
        rows: rows.collect(),
    }
}

fn waivers(report: &Report) -> Table {
    let rows = report.waivers.iter().map(|own| {
        vec![
            text(&own.id),
            text(&own.title),
            text(&own.waives.join("; ")),
            text(own.reason.as_deref().unwrap_or(NOT_STATED)),
            text(&own.approved.join(", ")),
            text(own.granted.as_deref().unwrap_or(NOT_STATED)),
            text(own.until.as_deref().unwrap_or(NOT_STATED)),
            text(own.ticket.as_deref().unwrap_or_default()),
            text(&numbered(&own.relieves)),
            text(&own.at),
        ]
    });
    Table {
        name: "waivers",
        columns: &[
            "waiver",
            "title",
            "waives",
            "reason",
            "accepted by",
            "accepted on",
            "until",
            "ticket",
            "findings",
            "at",
        ],
        rows: rows.collect(),
    }
}

/// What a cell says if the files leave something out.
const NOT_STATED: &str = "not stated";

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

fn lines(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("; ")
}

/// `1, 4`
fn numbered(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

/// A number of people, or nothing if there is not one.
fn fewest(numbers: Option<&Numbers>, of: impl Fn(&Numbers) -> Option<usize>) -> Cell {
    numbers.and_then(of).map_or(text(""), Cell::Number)
}
