//! A finding as data: the same shape in every document that holds findings.

use crate::diagnostic::{self, Diagnostic, Operations};
use crate::source::{Sources, Span};
use serde::Serialize;

/// Where something is written.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// The path of the file: in evidence from the root of the workspace, elsewhere from the folder where the command
    /// ran.
    pub file: String,
    /// The line where the location starts, counted from 1.
    pub line: usize,
    /// The character where the location starts, counted from 1 in its line.
    pub column: usize,
    /// The line where the location ends, counted from 1.
    pub end_line: usize,
    /// The character after the end of the location, counted from 1 in its line.
    pub end_column: usize,
}

impl Place {
    /// A span, with the path of its file from where the command runs.
    pub fn shown(sources: &Sources, span: Span) -> Place {
        Place::at(sources, span, sources.shown(span.file).into_owned())
    }

    /// A span, with the path of its file from the root of the workspace.
    pub fn named(sources: &Sources, span: Span) -> Place {
        Place::at(sources, span, sources.file(span.file).name.clone())
    }

    fn at(sources: &Sources, span: Span, file: String) -> Place {
        let (start, end) = (sources.position(span.file, span.start), sources.position(span.file, span.end));
        Place {
            file,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// `file:line`
    fn cite(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// One step of the path that leads to the finding.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What the files state at this location.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// The edit that `check --fix` makes.
#[derive(Clone, Debug, Serialize)]
pub struct Edit {
    /// The text that replaces the location; empty if the edit only deletes.
    pub text: String,
    /// The place that it replaces.
    #[serde(flatten)]
    pub place: Place,
}

/// One decision point: an agent and an action that it reaches, on a data class in a system, by their ids.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// The agent.
    pub agent: String,
    /// The action.
    pub action: String,
    /// The data class.
    pub data: String,
    /// The system.
    pub system: String,
    /// The first date on which the agent reaches this, as YYYY-MM-DD. `None` if the agent reaches it on the as-of
    /// date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// An action on a data class in a system, by their ids.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// The action.
    pub action: String,
    /// The data class.
    pub data: String,
    /// The system.
    pub system: String,
}

/// The decision points behind a finding that was folded into another one.
#[derive(Clone, Debug, Serialize)]
pub struct Folded {
    /// The number of decision points behind the folded finding.
    pub decision_points: usize,
    /// The first of these decision points; `None` if there are none.
    pub decision: Option<Decision>,
    /// All decision points behind the folded finding.
    pub decisions: Vec<Decision>,
    /// The ids of the agents of these decision points.
    pub agents: Vec<String>,
    /// What these agents do.
    pub operations: Vec<Operation>,
    /// The path that leads to the folded finding.
    pub steps: Vec<Step>,
}

/// Another location that bears on the finding, or a finding that was folded into it.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    /// The code of the check that this location is a case of, such as the check of a folded finding; `None` if there
    /// is none.
    pub code: Option<&'static str>,
    /// How this location relates to the finding.
    pub message: String,
    /// What is behind the folded finding.
    #[serde(flatten)]
    pub folded: Option<Folded>,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// One approval behind the finding: who can give it or bring it about, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Witness {
    /// The id of the person; `None` if the approval comes from whoever controls something.
    pub person: Option<String>,
    /// The full name of the person; `None` if `person` is `None`.
    pub name: Option<String>,
    /// The name of the function whose approval this is.
    pub stands_for: String,
    /// Why this approval is possible, such as `owner`, `deputy` or what somebody controls.
    pub because: String,
    /// The location in the files that makes this approval possible, as `file:line`.
    pub at: String,
}

/// A finding of a check, or an error in the files.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The code of the check; `None` for an error in the files.
    pub code: Option<&'static str>,
    /// The name of the check; `None` for an error in the files.
    pub name: Option<&'static str>,
    /// The severity in this workspace, after the settings in quorate.toml.
    pub level: &'static str,
    /// The severity that the finding has without the settings in quorate.toml.
    pub built_in_level: &'static str,
    /// The fact, in one sentence.
    pub message: String,
    /// What is wrong at the location; `None` if the message says everything.
    pub label: Option<String>,
    /// The smallest edit that fixes the finding; `None` if Quorate suggests none.
    pub help: Option<String>,
    /// Other edits that fix the finding.
    pub alternatives: Vec<String>,
    /// Where.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The edit that `check --fix` makes; `None` if it makes none.
    pub edit: Option<Edit>,
    /// The path that leads to the finding, step by step; empty if the message alone explains it.
    pub steps: Vec<Step>,
    /// The text of a `TODO` in the files; `None` if the finding is not a `TODO`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Other places that bear on it.
    pub related: Vec<Related>,
    /// The id of the declaration that the finding is about; empty for an error in the files.
    pub subject: String,
    /// The kind of that declaration, such as `domain`; empty for an error in the files.
    pub subject_kind: String,
    /// The id of the standard that requires what is missing; `None` if no standard does.
    pub standard: Option<String>,
    /// The location of that requirement in the standard, as `file:line`; `None` if `standard` is `None`.
    pub standard_at: Option<String>,
    /// `waived` if a waiver covers the finding; otherwise `open`.
    pub status: &'static str,
    /// The number of decision points that the finding affects.
    pub decision_points: usize,
    /// The ids of the agents of these decision points.
    pub agents: Vec<String>,
    /// What these agents do.
    pub operations: Vec<Operation>,
    /// The first of these decision points; `None` if there are none.
    pub decision: Option<Decision>,
    /// Who can do what the finding says, approval by approval, and why; empty if the finding is not about people.
    pub witness: Vec<Witness>,
    /// The controls of the adopted frameworks that the finding bears on, each as `framework:control`.
    pub controls: Vec<String>,
    /// A digest of the finding with its severity and scope. It stays the same while people edit the files, and
    /// changes if the finding gets worse. Empty for an error in the files.
    pub fingerprint: String,
    /// Whether the baseline of this run lists the finding.
    pub in_baseline: bool,
    /// The id of the waiver that covers the finding; `None` if the finding is open.
    pub waived_by: Option<String>,
}

impl Finding {
    /// A finding, with every place as a document writes places.
    pub fn of(finding: &Diagnostic, place: &dyn Fn(Span) -> Place) -> Finding {
        let facts = &finding.finding;
        let steps = |steps: &[diagnostic::Label]| -> Vec<Step> {
            let one = |step: &diagnostic::Label| Step {
                message: step.text.clone(),
                place: place(step.span),
            };
            steps.iter().map(one).collect()
        };
        let related = finding.related.iter().map(|related| Related {
            code: related.code.map(|code| code.id),
            message: related.message.clone(),
            folded: related.taken.as_ref().map(|taken| Folded {
                decision_points: taken.points.count(),
                decision: taken.points.first().map(decision),
                decisions: taken.points.decisions().map(decision).collect(),
                agents: taken.points.agents().into_iter().map(str::to_owned).collect(),
                operations: operations(&taken.operations),
                steps: steps(&taken.steps),
            }),
            place: place(related.span),
        });
        let witness = facts.witness.iter().map(|witness| Witness {
            person: Some(witness.person.clone()).filter(|person| !person.is_empty()),
            name: Some(witness.name.clone()).filter(|name| !name.is_empty()),
            stands_for: witness.stands_for.clone(),
            because: witness.because.clone(),
            at: place(witness.span).cite(),
        });
        let label = finding.labels.first().map(|label| label.text.clone());
        Finding {
            code: finding.code.map(|code| code.id),
            name: finding.code.map(|code| code.name),
            level: finding.level.word(),
            built_in_level: facts.built_in.unwrap_or(finding.level).word(),
            message: finding.message.clone(),
            label: label.filter(|text| !text.is_empty()),
            help: finding.help.first().cloned(),
            alternatives: finding.help.iter().skip(1).cloned().collect(),
            place: finding.span().map(place),
            edit: finding.edit.as_ref().map(|edit| Edit {
                text: edit.text.clone(),
                place: place(edit.span),
            }),
            steps: steps(&finding.steps),
            question: finding.question.is_some().then(|| finding.message.clone()),
            related: related.collect(),
            subject: facts.subject.clone(),
            subject_kind: facts.subject_kind.clone(),
            standard: facts.standard.as_ref().map(|(standard, _)| standard.clone()),
            standard_at: facts.standard.as_ref().map(|(_, span)| place(*span).cite()),
            status: if facts.waived_by.is_some() { "waived" } else { "open" },
            decision_points: facts.points.count(),
            agents: facts.points.agents().into_iter().map(str::to_owned).collect(),
            operations: operations(&facts.operations),
            decision: facts.points.first().map(decision),
            witness: witness.collect(),
            controls: facts.controls.to_vec(),
            fingerprint: facts.fingerprint.clone(),
            in_baseline: facts.in_baseline,
            waived_by: facts.waived_by.clone(),
        }
    }
}

fn operations(operations: &Operations) -> Vec<Operation> {
    let each = operations.each.iter().cloned();
    each.map(|[action, data, system]| Operation { action, data, system }).collect()
}

fn decision(decision: diagnostic::Decision) -> Decision {
    Decision {
        agent: decision.agent,
        action: decision.action,
        data: decision.data,
        system: decision.system,
        from: decision.from.map(|day| day.to_string()),
    }
}
