//! Section 5: each framework, control by control, with what the model shows about it and what else to ask for.

use crate::diagnostic::catalogue;
use crate::model::framework::{self, Strength};
use crate::report::evidence::Status;
use crate::report::evidence::checks::Check;
use crate::report::evidence::findings::Finding;
use crate::report::evidence::reading::Reading;
use crate::words::counted;
use serde::Serialize;
use std::collections::BTreeSet;

/// A check that bears on a control.
#[derive(Clone, Debug, Serialize)]
pub struct Bearing {
    /// Its code; none if no such check is known.
    pub code: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// `on`, or `turned off` by the settings.
    pub state: &'static str,
    /// How many things it looked at.
    pub looked_at: usize,
    /// Numbers of its findings.
    pub findings: Vec<usize>,
}

/// Why some checks bear on a control.
#[derive(Clone, Debug, Serialize)]
pub struct Evidence {
    /// `direct` or `partial`.
    pub strength: &'static str,
    /// Why.
    pub why: String,
    /// The checks.
    pub checks: Vec<Bearing>,
    /// Where it is written.
    pub at: String,
}

/// A control or a threat.
#[derive(Clone, Debug, Serialize)]
pub struct Control {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The part it belongs to.
    pub group: Option<String>,
    /// What it says, in the words of the catalogue.
    pub text: String,
    /// The status.
    pub status: Status,
    /// Why it has that status.
    pub because: String,
    /// What bears on it.
    pub evidence: Vec<Evidence>,
    /// Numbers of the open findings.
    pub findings: Vec<usize>,
    /// What an auditor must ask for because no model can show it.
    pub ask: Option<String>,
    /// Labels under which others cite it.
    pub cited_as: Vec<String>,
    /// Where it is written.
    pub at: String,
}

/// A label under which others cite a framework or a control.
#[derive(Clone, Debug, Serialize)]
pub struct Alias {
    /// The label.
    pub label: String,
    /// Who uses the label.
    pub cited_by: String,
    /// How sure it is.
    pub status: String,
    /// What the label means.
    pub resolves_to: Vec<String>,
    /// What is close.
    pub related: Vec<String>,
    /// Why.
    pub note: String,
}

/// A part of a framework.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The part it is in.
    pub within: Option<String>,
}

/// How many controls have each status. Counts, never a score.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    /// All.
    pub controls: usize,
    /// Derived.
    pub derived: usize,
    /// Waived.
    pub waived: usize,
    /// Open.
    pub open: usize,
    /// Not addressed.
    pub not_addressed: usize,
}

/// A framework.
#[derive(Clone, Debug, Serialize)]
pub struct Framework {
    /// Its short name in other formats.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Which edition.
    pub edition: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub published: String,
    /// Where it was read.
    pub sources: Vec<String>,
    /// What was checked against what.
    pub verified: String,
    /// Whether it lists threats, so that evidence is about a mitigation.
    pub threats: bool,
    /// Whether the workspace adopts it.
    pub adopted: bool,
    /// Cautions.
    pub notes: Vec<String>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Labels under which others cite it.
    pub aliases: Vec<Alias>,
    /// How many controls have each status.
    pub counts: Counts,
    /// Every control.
    pub controls: Vec<Control>,
    /// Where it is declared.
    pub at: String,
}

/// The frameworks asked for, or those adopted; and those asked for that are not known.
pub(super) fn frameworks(
    reading: &Reading<'_>,
    checks: &[Check],
    found: &[Finding],
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

fn one(reading: &Reading<'_>, checks: &[Check], found: &[Finding], own: &framework::Framework, adopted: bool) -> Framework {
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
    Framework {
        slug: own.slug.to_string(),
        title: own.meta.shown().to_owned(),
        edition: own.edition.to_string(),
        publisher: own.publisher.to_string(),
        published: own.published.to_string(),
        sources: strings(&own.sources),
        verified: own.verified.to_string(),
        threats: own.threats,
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
            derived: count(Status::Derived),
            waived: count(Status::Waived),
            open: count(Status::Open),
            not_addressed: count(Status::NotAddressed),
        },
        controls,
        at: reading.compilation.sources.cite(own.meta.span),
    }
}

fn control(
    reading: &Reading<'_>,
    checks: &[Check],
    found: &[Finding],
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
    let findings: BTreeSet<usize> = bearings.iter().flat_map(|bearing| bearing.findings.iter().copied()).collect();
    let standing: Vec<&Finding> = found.iter().filter(|finding| findings.contains(&finding.number)).collect();
    let (status, because) = status(framework.threats, &bearings, &standing);
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
fn status(threats: bool, bearings: &[&Bearing], standing: &[&Finding]) -> (Status, String) {
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
    let of = format!("{} of {}", looked.len(), counted(named, "check that bears", "checks that bear"));
    let (waived, open): (Vec<&Finding>, Vec<&Finding>) = standing.iter().copied().partition(|finding| finding.waived_by.is_some());
    let gravest = ["error", "warning", "note"]
        .into_iter()
        .find(|level| open.iter().any(|finding| finding.level == *level));
    if let Some(gravest) = gravest {
        let stand = match open.len() {
            1 => format!("there is 1 finding, of level {gravest}"),
            count => format!("there are {count} findings, the most severe of level {gravest}"),
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
    if !looked.is_empty() {
        return (
            Status::Derived,
            format!("{of} about {about} found something to check, and there is no finding."),
        );
    }
    let because = match () {
        () if named == 0 => format!("No check covers {about}: a model of who decides cannot show this."),
        () if names("turned off") > 0 => format!("The checks that cover {about} are turned off or found nothing to check."),
        () => format!("The checks that bear on {about} found nothing to check here."),
    };
    (Status::NotAddressed, because)
}
