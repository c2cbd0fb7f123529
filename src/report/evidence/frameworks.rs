//! Section 5: each framework, control by control, with what the model shows about it and what else to ask for.

use crate::diagnostic::catalogue;
use crate::model::framework::{self, Nature, Strength};
use crate::model::standard::Select;
use crate::report::evidence::Status;
use crate::report::evidence::checks::Check;
use crate::report::evidence::findings::Numbered;
use crate::report::evidence::reading::Reading;
use crate::words::{counted, grouped};
use serde::Serialize;
use std::collections::BTreeSet;

/// A check that bears on a control.
#[derive(Clone, Debug, Serialize)]
pub struct Bearing {
    /// The code of the check; `None` if Quorate does not know a check with that name.
    pub code: Option<&'static str>,
    /// The name of the check.
    pub name: String,
    /// `turned off` if quorate.toml turns the check off; otherwise `on`.
    pub state: &'static str,
    /// The number of things that the check looked at.
    pub looked_at: usize,
    /// The numbers of its findings, and of the findings that one of its findings was folded into.
    pub findings: Vec<usize>,
}

/// Checks that bear on a control, and why they do.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// `direct` if the checks show the control itself or a part of it; `partial` if they show a precondition or one
    /// aspect.
    pub strength: &'static str,
    /// Why these checks bear on the control.
    pub why: String,
    /// The checks.
    pub checks: Vec<Bearing>,
    /// The location of the statement in the catalogue, as `file:line`.
    pub at: String,
}

/// A control or a threat of a framework.
#[derive(Clone, Debug, Serialize)]
pub struct Control {
    /// The id of the control in the framework.
    pub id: String,
    /// The title of the control.
    pub title: String,
    /// The id of the part of the framework that contains the control; `None` if no part does.
    pub group: Option<String>,
    /// What the control requires, in the words of the catalogue.
    pub text: String,
    /// The status of the control in this workspace.
    pub status: Status,
    /// `direct` or `in part` for the status `derived`: how closely the checks that looked at something support it.
    pub strength: Option<&'static str>,
    /// Why the control has that status.
    pub because: String,
    /// The checks that bear on the control, and why; empty if none do.
    pub evidence: Vec<Evidence>,
    /// The numbers of the findings of these checks, both open and waived.
    pub findings: Vec<usize>,
    /// What an auditor must ask for, because the files cannot show it; `None` if the catalogue names nothing.
    pub ask: Option<String>,
    /// Other labels for the control, each with its status and who uses it.
    pub cited_as: Vec<String>,
    /// The location of the control in the catalogue, as `file:line`.
    pub at: String,
}

/// A label that others use for a framework or a control.
#[derive(Clone, Debug, Serialize)]
pub struct Alias {
    /// The label.
    pub label: String,
    /// Who uses the label.
    pub cited_by: String,
    /// How certain the meaning is, such as `confirmed` or `unconfirmed`.
    pub status: String,
    /// The ids of the controls or parts that the label means.
    pub resolves_to: Vec<String>,
    /// The ids of controls or parts that are close to it.
    pub related: Vec<String>,
    /// Why the label has this meaning.
    pub note: String,
}

/// A part of a framework.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// The id of the part.
    pub id: String,
    /// The title of the part.
    pub title: String,
    /// The id of the part that contains this one; `None` if none does.
    pub within: Option<String>,
}

/// The number of controls with each status. They are counts, never a score.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// The number of all controls.
    pub controls: usize,
    /// The number of controls with the status `derived` and direct evidence.
    pub direct: usize,
    /// The number of controls with the status `derived` whose evidence is only partial.
    pub in_part: usize,
    /// The number of controls with the status `waived`.
    pub waived: usize,
    /// The number of controls with the status `open`.
    pub open: usize,
    /// The number of controls with the status `nothing of the kind here`.
    pub nothing_here: usize,
    /// The number of controls with the status `not addressed`.
    pub not_addressed: usize,
}

impl Counts {
    /// `4 direct, 6 in part, 0 open, 0 with nothing of the kind here, 0 not addressed`
    pub fn words(&self) -> String {
        let each = [
            (self.direct, "direct"),
            (self.in_part, "in part"),
            (self.open, "open"),
            (self.waived, "waived"),
            (self.nothing_here, "with nothing of the kind here"),
            (self.not_addressed, "not addressed"),
        ];
        let always = ["direct", "in part", "open"];
        let some = each.into_iter().filter(|(count, word)| *count > 0 || always.contains(word));
        some.map(|(count, word)| format!("{} {word}", grouped(count)))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A day on which something in a framework begins or ends to apply.
#[derive(Clone, Debug, Serialize)]
pub struct Milestone {
    /// The day, as YYYY-MM-DD.
    pub date: String,
    /// What begins or ends on that day.
    pub event: String,
    /// The text that sets the day.
    pub basis: String,
    /// How the day was verified, and against which source.
    pub verified: String,
    /// The ids of the controls that the day is about; empty if it is about the whole framework.
    pub controls: Vec<String>,
    /// Whether the day is after the day of the report.
    pub ahead: bool,
    /// The location in the catalogue, as `file:line`.
    pub at: String,
}

/// A framework, with the status of each of its controls.
#[derive(Clone, Debug, Serialize)]
pub struct Framework {
    /// The short name of the framework in other formats, such as `nist-ai-rmf-1.0`.
    pub slug: String,
    /// The title of the framework; its name if it has no title.
    pub title: String,
    /// The edition of the framework.
    pub edition: String,
    /// The publisher of the framework.
    pub publisher: String,
    /// When the framework was published: a date, sometimes with a remark.
    pub published: String,
    /// The sources that the catalogue was written from.
    pub sources: Vec<String>,
    /// How the catalogue was verified, and against which sources.
    pub verified: String,
    /// What the framework lists: `threats`, `requirements` or `guidance`. Evidence about a threat is evidence about a
    /// mitigation of it.
    pub kind: &'static str,
    /// The days on which something in it begins or ends to apply.
    pub dates: Vec<Milestone>,
    /// Whether the workspace adopts the framework.
    pub adopted: bool,
    /// Cautions about the catalogue.
    pub notes: Vec<String>,
    /// The parts of the framework.
    pub parts: Vec<Part>,
    /// Labels that others use for the framework or its controls.
    pub aliases: Vec<Alias>,
    /// The number of controls with each status.
    pub counts: Counts,
    /// Every control of the framework.
    pub controls: Vec<Control>,
    /// The location of the declaration, as `file:line`.
    pub at: String,
}

/// The frameworks asked for, or those adopted; and those asked for that are not known.
pub(super) fn frameworks(
    reading: &Reading<'_>,
    checks: &[Check],
    found: &[Numbered],
    applicable: Option<&[String]>,
) -> (Vec<Framework>, Vec<String>) {
    let model = reading.model;
    let adopted: Vec<usize> = model.adoption.frameworks.iter().map(|id| id.index()).collect();
    let (mut chosen, mut unknown) = (Vec::new(), Vec::new());
    match applicable {
        None => chosen.clone_from(&adopted),
        Some(names) => {
            for name in names {
                let known = |framework: &framework::Framework| {
                    *framework.slug == **name || *framework.meta.name == **name || *framework.meta.id == **name
                };
                match model.frameworks.iter().position(known) {
                    Some(index) => chosen.push(index),
                    None => unknown.push(name.clone()),
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    chosen.retain(|index| seen.insert(*index));
    let all = chosen
        .into_iter()
        .map(|index| one(reading, checks, found, &model.frameworks[index], adopted.contains(&index)));
    (all.collect(), unknown)
}

fn strings(texts: &[Box<str>]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

fn one(reading: &Reading<'_>, checks: &[Check], found: &[Numbered], own: &framework::Framework, adopted: bool) -> Framework {
    let aliases = own.aliases.iter().map(|alias| Alias {
        label: alias.label.to_string(),
        cited_by: alias.cited_by.to_string(),
        status: alias.status.to_string(),
        resolves_to: strings(&alias.resolves_to),
        related: strings(&alias.related),
        note: alias.note.to_string(),
    });
    let controls: Vec<Control> = own
        .controls
        .iter()
        .map(|control| self::control(reading, checks, found, own, control))
        .collect();
    let count = |status| controls.iter().filter(|control| control.status == status).count();
    let strength = |word| controls.iter().filter(|control| control.strength == Some(word)).count();
    Framework {
        slug: own.slug.to_string(),
        title: own.meta.shown().to_owned(),
        edition: own.edition.to_string(),
        publisher: own.publisher.to_string(),
        published: own.published.to_string(),
        sources: strings(&own.sources),
        verified: own.verified.to_string(),
        kind: match own.nature {
            Nature::Threats => "threats",
            Nature::Requirements => "requirements",
            Nature::Guidance => "guidance",
        },
        dates: own
            .milestones
            .iter()
            .map(|day| Milestone {
                date: day.date.to_string(),
                event: day.event.to_string(),
                basis: day.basis.to_string(),
                verified: day.verified.to_string(),
                controls: strings(&day.controls),
                ahead: day.date > reading.model.as_of,
                at: reading.compilation.sources.cite(day.span),
            })
            .collect(),
        adopted,
        notes: strings(&own.notes),
        parts: own
            .groups
            .iter()
            .map(|part| Part {
                id: part.id.to_string(),
                title: part.title.to_string(),
                within: part.within.as_deref().map(str::to_owned),
            })
            .collect(),
        aliases: aliases.collect(),
        counts: Counts {
            controls: controls.len(),
            direct: strength("direct"),
            in_part: strength("in part"),
            waived: count(Status::Waived),
            open: count(Status::Open),
            nothing_here: count(Status::NothingHere),
            not_addressed: count(Status::NotAddressed),
        },
        controls,
        at: reading.compilation.sources.cite(own.meta.span),
    }
}

fn control(
    reading: &Reading<'_>,
    checks: &[Check],
    found: &[Numbered],
    framework: &framework::Framework,
    own: &framework::Control,
) -> Control {
    let evidence: Vec<Evidence> = own
        .evidence
        .iter()
        .map(|evidence| Evidence {
            strength: match evidence.strength {
                Strength::Direct => "direct",
                Strength::Partial => "partial",
            },
            why: evidence.why.to_string(),
            checks: evidence.checks.iter().map(|name| bearing(checks, name)).collect(),
            at: reading.compilation.sources.cite(evidence.span),
        })
        .collect();
    let bearings: Vec<&Bearing> = evidence.iter().flat_map(|evidence| &evidence.checks).collect();
    let direct: Vec<&Bearing> = evidence
        .iter()
        .filter(|evidence| evidence.strength == "direct")
        .flat_map(|evidence| &evidence.checks)
        .collect();
    let findings: BTreeSet<usize> = bearings.iter().flat_map(|bearing| bearing.findings.iter().copied()).collect();
    let standing: Vec<&Numbered> = found.iter().filter(|finding| findings.contains(&finding.number)).collect();
    let absent = own.about.as_ref().filter(|select| !occurs(reading, select));
    let (status, because) = match absent {
        Some(select) => (
            Status::NothingHere,
            format!(
                "It concerns only decision points that match `{}`, and the files state none.",
                select.text
            ),
        ),
        None => status(framework.nature == Nature::Threats, &bearings, &standing),
    };
    let findings = if absent.is_some() { BTreeSet::new() } else { findings };
    let strength = match (status, shows(&direct)) {
        (Status::Derived, true) => Some("direct"),
        (Status::Derived, false) => Some("in part"),
        _ => None,
    };
    // A label of the whole catalogue says nothing about one control of it.
    let cited_as = framework
        .aliases
        .iter()
        .filter(|alias| alias.resolves_to.contains(&own.id) && alias.resolves_to.len() < framework.controls.len());
    Control {
        id: own.id.to_string(),
        title: own.title.to_string(),
        group: own.group.as_deref().map(str::to_owned),
        text: own.text.to_string(),
        status,
        strength,
        because,
        findings: findings.into_iter().collect(),
        evidence,
        ask: own.ask.as_deref().map(str::to_owned),
        cited_as: cited_as
            .map(|alias| format!("{} ({}; cited by {})", alias.label, alias.status, alias.cited_by))
            .collect(),
        at: reading.compilation.sources.cite(own.span),
    }
}

/// Whether an agent can do what a selection says.
fn occurs(reading: &Reading<'_>, select: &Select) -> bool {
    let (model, facts) = (reading.model, reading.facts);
    facts.atoms.list.iter().enumerate().any(|(index, atom)| {
        facts.points_of[index].0 > 0
            && select.system.is_none_or(|system| atom.system == system)
            && select.speaks_of(model, (atom.action, atom.data), atom.flags(model))
    })
}

fn bearing(checks: &[Check], name: &str) -> Bearing {
    let built = checks.iter().find(|check| check.name == name);
    Bearing {
        code: catalogue::find(name).map(|code| code.id),
        name: name.to_owned(),
        state: match built {
            Some(check) if check.off => "turned off",
            Some(_) | None => "on",
        },
        looked_at: built.map_or(0, |check| check.looked_at),
        findings: built.map_or(Vec::new(), |check| check.findings.clone()),
    }
}

/// The status of a control, and why (`docs/glossary.md`, *Claims*).
fn status(threats: bool, bearings: &[&Bearing], standing: &[&Numbered]) -> (Status, String) {
    let names = |state: &str| {
        bearings
            .iter()
            .filter(|bearing| bearing.state == state)
            .map(|bearing| &bearing.name)
            .collect::<BTreeSet<_>>()
            .len()
    };
    let looked: BTreeSet<&String> = bearings
        .iter()
        .filter(|bearing| bearing.state == "on" && bearing.looked_at > 0)
        .map(|bearing| &bearing.name)
        .collect();
    let named = bearings.iter().map(|bearing| &bearing.name).collect::<BTreeSet<_>>().len();
    let about = if threats { "a mitigation of it" } else { "it" };
    let of = format!("{} of {}", looked.len(), counted(named, "check", "checks"));
    let (waived, open): (Vec<&Numbered>, Vec<&Numbered>) =
        standing.iter().copied().partition(|finding| finding.finding.waived_by.is_some());
    let gravest = ["error", "warning", "note"]
        .into_iter()
        .find(|level| open.iter().any(|finding| finding.finding.level == *level));
    if let Some(gravest) = gravest {
        let stand = match open.len() {
            1 => format!("There is 1 finding, of level {gravest}"),
            count => format!("There are {count} findings, the most severe of level {gravest}"),
        };
        return (Status::Open, format!("{stand}; {of} about {about} found something to check."));
    }
    if !waived.is_empty() {
        let stand = counted(waived.len(), "finding is waived", "findings are waived");
        return (
            Status::Waived,
            format!("{stand} and none is open; {of} about {about} found something to check."),
        );
    }
    if shows(bearings) {
        return (
            Status::Derived,
            format!("{of} about {about} found something to check, and there is no finding."),
        );
    }
    let because = match () {
        () if named == 0 => format!("No check covers {about}: a model of who decides cannot show this."),
        () if names("turned off") > 0 => format!("The checks that cover {about} are turned off or found nothing to check."),
        () => {
            let because = match looked.is_empty() {
                true => format!("The checks about {about} found nothing of the kind here."),
                false => format!("Only general checks about {about} found something to check here."),
            };
            return (Status::NothingHere, because);
        }
    };
    (Status::NotAddressed, because)
}

/// Checks that look at every workspace, whatever it holds. Alone they do not show anything about a control.
const GENERAL: [&str; 4] = ["unstated", "nothing-governed", "unused-declaration", "unmapped-check"];

/// Whether one of these checks looked at something of its kind.
fn shows(bearings: &[&Bearing]) -> bool {
    bearings
        .iter()
        .any(|bearing| bearing.state == "on" && bearing.looked_at > 0 && !GENERAL.contains(&&*bearing.name))
}
