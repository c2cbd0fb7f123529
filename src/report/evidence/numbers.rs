//! How few people a decision takes, and who they are: the collusion number with its witness.

use crate::checks::approvals::means_titled;
use crate::facts::cell::described;
use crate::facts::verdict::{Answer, Behind, Filled};
use crate::facts::{Group, Verdict};
use crate::model::DomainId;
use crate::report::evidence::reading::Reading;
use serde::Serialize;

/// Somebody who stands behind one approval.
#[derive(Clone, Debug, Serialize)]
pub struct Witness {
    /// Who.
    pub person: String,
    /// The function of the approval.
    pub function: String,
    /// The domain of the approval.
    pub domain: String,
    /// `owner`, `deputy`, `decides who is in …`.
    pub because: String,
    /// Whether the approval would be given in somebody's own name.
    pub own_name: bool,
    /// Where it is written.
    pub at: String,
}

/// The smallest numbers over everything that a domain decides.
#[derive(Clone, Debug, Serialize)]
pub struct Numbers {
    /// The fewest people it takes, each in the person's own name.
    pub nominal: usize,
    /// Such people.
    pub people: Vec<Witness>,
    /// The fewest people it takes when they also use what they control. Never above the nominal number.
    pub effective: Option<usize>,
    /// Such a coalition, approval by approval.
    pub coalition: Vec<Witness>,
    /// Values of inputs for which these are the numbers; empty if no input matters.
    pub inputs: String,
    /// Domains that decide together with this one there.
    pub together_with: Vec<String>,
}

/// The numbers of a domain in the normal path and, apart, in an emergency, over the decisions that agents reach.
pub(super) fn numbers(reading: &Reading<'_>, domain: DomainId, decisions: &[(&Group, &Verdict)]) -> (Option<Numbers>, Option<Numbers>) {
    let mut normal: Vec<(&Group, String, &Answer)> = Vec::new();
    let mut emergency: Vec<(&Group, String, &Answer)> = Vec::new();
    for (group, verdict) in decisions {
        for cell in &verdict.cells {
            let inputs = described(&cell.cell.sample);
            normal.push((group, inputs.clone(), &cell.normal));
            emergency.extend(cell.emergency.as_ref().map(|answer| (*group, inputs, answer)));
        }
    }
    (least(reading, domain, &normal), least(reading, domain, &emergency))
}

fn least(reading: &Reading<'_>, domain: DomainId, answers: &[(&Group, String, &Answer)]) -> Option<Numbers> {
    let possible = answers
        .iter()
        .filter_map(|(group, inputs, answer)| Some((answer.nominal?, group, inputs, answer)));
    let (nominal, group, inputs, answer) =
        possible.min_by_key(|(nominal, _, _, answer)| (answer.effective.unwrap_or(*nominal), *nominal))?;
    let others = group.domains.iter().filter(|other| **other != domain);
    Some(Numbers {
        nominal,
        people: witnesses(reading, &answer.least),
        effective: answer.effective,
        coalition: witnesses(reading, &answer.coalition),
        inputs: inputs.clone(),
        together_with: others
            .map(|other| reading.model.domains[other.index()].meta.shown().to_owned())
            .collect(),
    })
}

fn witnesses(reading: &Reading<'_>, filled: &[Filled]) -> Vec<Witness> {
    let model = reading.model;
    let witness = |slot: &Filled| {
        let (person, because, own_name, span) = match &slot.behind {
            Behind::Holder(holder) => {
                let also = match holder.named == holder.person {
                    true => String::new(),
                    false => format!(", under the name {}", reading.person(holder.named)),
                };
                (
                    reading.person(holder.person),
                    format!("{}{also}", holder.because),
                    true,
                    holder.span,
                )
            }
            Behind::ControlPath(control_path) => (
                reading.able(&control_path.formula),
                means_titled(model, control_path.means),
                false,
                control_path.span,
            ),
        };
        Witness {
            person,
            function: model.functions[slot.function.index()].meta.name.to_string(),
            domain: model.domains[slot.domain.index()].meta.name.to_string(),
            because,
            own_name,
            at: reading.at(span),
        }
    };
    filled.iter().map(witness).collect()
}
