//! How few people a decision takes, and who they are: the collusion number with its witness.

use crate::checks::approvals::means_titled;
use crate::facts::cell::described;
use crate::facts::verdict::{Answer, Behind, Filled};
use crate::facts::{Group, Verdict};
use crate::model::DomainId;
use crate::report::evidence::reading::Reading;
use serde::Serialize;

/// One approval, and the person who can give it or bring it about.
#[derive(Clone, Debug, Serialize)]
pub struct Witness {
    /// The full name of the person. If `own_name` is false, the people who control the approval, in words.
    pub person: String,
    /// The name of the function that approves.
    pub function: String,
    /// The name of the domain that requires the approval.
    pub domain: String,
    /// Why the person can do it, such as `owner`, `deputy` or `decides who is in Security operations`.
    pub because: String,
    /// Whether the person approves in the person's own name. If false, the person controls the approval of somebody
    /// else.
    pub own_name: bool,
    /// The location in the files that makes this possible, as `file:line`.
    pub at: String,
}

/// The fewest people who can decide, over everything that the domain decides and that agents reach.
#[derive(Clone, Debug, Serialize)]
pub struct Numbers {
    /// The fewest people who can decide if each acts only in their own name; 0 if nobody has to approve.
    pub nominal: usize,
    /// Such a group, approval by approval.
    pub people: Vec<Witness>,
    /// The fewest people who can decide if they also use what they control. It is never larger than `nominal`. Null
    /// if Quorate did not find the number within its search limit.
    pub effective: Option<usize>,
    /// Such a group, approval by approval; empty if `effective` is `None`.
    pub coalition: Vec<Witness>,
    /// The values of the inputs that these numbers belong to, such as `amount 200 EUR`; empty if no input matters.
    pub inputs: String,
    /// The titles of the other domains that must also decide there.
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
