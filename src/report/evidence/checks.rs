//! Section 4: every check, how many things it looked at, and where these are declared.

use crate::checks::ALL;
use crate::model::Meta;
use crate::report::evidence::findings::Numbered;
use crate::report::evidence::frameworks::Framework;
use crate::report::evidence::reading::Reading;
use crate::source::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// A control that a check supports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Supports {
    /// The short name of the framework.
    pub framework: String,
    /// The id of the control.
    pub control: String,
    /// `direct`, or `partial`.
    pub strength: &'static str,
}

/// A check.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// The code of the check, such as `GOV101`.
    pub code: &'static str,
    /// The name of the check.
    pub name: &'static str,
    /// The page that explains the check, from the root of the repository of Quorate.
    pub page: String,
    /// The severity of its findings in this workspace. If `off` is true, the built-in severity.
    pub level: &'static str,
    /// Whether quorate.toml turns the check off. Then the absence of findings shows nothing.
    pub off: bool,
    /// The number of things that the check looked at.
    pub looked_at: usize,
    /// The numbers of its findings, and of the findings that one of its findings was folded into.
    pub findings: Vec<usize>,
    /// The controls of the frameworks in this report that the check supports.
    pub supports: Vec<Supports>,
    /// The locations of the declarations that the check is mainly about, each as `file:line`; empty if it looked at
    /// nothing.
    pub declared_at: Vec<String>,
}

/// Every check, in order of codes.
pub(super) fn checks(reading: &Reading<'_>, findings: &[Numbered]) -> Vec<Check> {
    let one = |check: &&crate::checks::Check| {
        let code = check.code;
        let set = reading.compilation.options.levels.get(code.name).map(|(level, _)| level);
        let population = reading.compilation.population.iter().find(|(id, _)| *id == code.id);
        let looked_at = population.map_or(0, |(_, count)| *count);
        Check {
            code: code.id,
            name: code.name,
            page: format!("docs/codes/{}.md", code.name),
            level: set.copied().unwrap_or(Some(code.level)).unwrap_or(code.level).word(),
            off: set == Some(&None),
            looked_at,
            supports: Vec::new(),
            findings: findings
                .iter()
                .filter(|finding| finding.concerns(code.id))
                .map(|finding| finding.number)
                .collect(),
            declared_at: match looked_at {
                0 => Vec::new(),
                _ => declared(reading, code.id).into_iter().map(|span| reading.at(span)).collect(),
            },
        }
    };
    ALL.iter().map(one).collect()
}

/// Adds to each check the controls that it supports, each once and with the closest support.
pub(super) fn crosswalk(checks: &mut [Check], frameworks: &[Framework]) {
    let mut supports: BTreeMap<&str, Vec<Supports>> = BTreeMap::new();
    for framework in frameworks {
        for control in &framework.controls {
            let mut closest: BTreeMap<&str, &'static str> = BTreeMap::new();
            for evidence in &control.evidence {
                for check in &evidence.checks {
                    let own = closest.entry(&check.name).or_insert(evidence.strength);
                    if evidence.strength == "direct" {
                        *own = evidence.strength;
                    }
                }
            }
            for (check, strength) in closest {
                supports.entry(check).or_default().push(Supports {
                    framework: framework.slug.clone(),
                    control: control.id.clone(),
                    strength,
                });
            }
        }
    }
    for check in checks {
        check.supports = supports.remove(check.name).unwrap_or_default();
    }
}

/// The declarations that a check is mainly about: what it judges may also lie in those they name.
fn declared(reading: &Reading<'_>, code: &str) -> Vec<Span> {
    let model = reading.model;
    let approve = || model.domains.iter().map(|domain| domain.approve_span()).collect::<Vec<_>>();
    let seats = || {
        model
            .domains
            .iter()
            .flat_map(|domain| domain.seats.iter().map(|seat| seat.span))
            .collect()
    };
    let agents = || own(model.agents.iter().map(|agent| &agent.meta));
    let identities = || own(model.identities.iter().map(|identity| &identity.meta));
    let ledgers = || own(model.ledgers.iter().map(|ledger| &ledger.meta));
    let managed = || {
        let teams = model.teams.iter().map(|team| &team.meta);
        own(teams.chain(model.enforcements.iter().map(|enforcement| &enforcement.meta)))
    };
    let rollbacks = || own(model.rollbacks.iter().map(|rollback| &rollback.meta));
    match code {
        "GOV109" | "GOV110" | "GOV115" | "GOV117" => seats(),
        "GOV124" => managed(),
        "GOV112" | "GOV113" => own(model.delegations.iter().map(|delegation| &delegation.meta)),
        "GOV119" => own(model.people.iter().map(|person| &person.meta)),
        "GOV122" | "GOV302" | "GOV405" | "GOV601" | "GOV604" | "GOV605" | "GOV606" => agents(),
        "GOV106" | "GOV301" => identities(),
        "GOV307" | "GOV310" | "GOV602" | "GOV603" => own(model.systems.iter().map(|system| &system.meta)),
        "GOV406" | "GOV407" => own(model.enforcements.iter().map(|enforcement| &enforcement.meta)),
        "GOV704" | "GOV709" | "GOV710" => Vec::new(),
        "GOV705" | "GOV706" => own(model.tests.iter().map(|test| &test.meta)),
        "GOV701" | "GOV702" | "GOV703" => own(model.waivers.iter().map(|waiver| &waiver.meta)),
        "GOV708" => model
            .workspace
            .iter()
            .map(|workspace| workspace.changes.as_ref().map_or(workspace.meta.span, |changes| changes.span))
            .collect(),
        code if code.starts_with("GOV1") => approve(),
        code if code.starts_with("GOV2") => identities(),
        code if code.starts_with("GOV3") => own(model.tasks.iter().map(|task| &task.meta)),
        code if code.starts_with("GOV4") => rollbacks(),
        code if code.starts_with("GOV5") => ledgers(),
        _ => Vec::new(),
    }
}

/// The places of what the workspace itself declares.
fn own<'a>(metas: impl Iterator<Item = &'a Meta>) -> Vec<Span> {
    metas.filter(|meta| !meta.library).map(|meta| meta.span).collect()
}
