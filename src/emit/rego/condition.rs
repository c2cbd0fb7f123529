//! A condition in the form that Rego reads, without recursion: a list of lists of comparisons, one of which
//! must hold completely.

use crate::emit::policy::{Comparison, Condition};
use serde_json::{Value, json};

/// The most lists that a condition may take.
const CLAUSES: usize = 1_024;

/// The lists. `None` if there are too many.
pub fn clauses(condition: Option<&Condition>) -> Option<Vec<Vec<Value>>> {
    condition.map_or_else(|| Some(vec![Vec::new()]), |condition| expand(condition, true))
}

/// The condition, or its opposite if it does not `hold`.
fn expand(condition: &Condition, hold: bool) -> Option<Vec<Vec<Value>>> {
    match (condition, hold) {
        (Condition::All(parts), true) | (Condition::Any(parts), false) => every(parts, hold),
        (Condition::Any(parts), true) | (Condition::All(parts), false) => either(parts, hold),
        (Condition::Not(part), _) => expand(part, !hold),
        (Condition::Compare(input, comparison, constant), _) => {
            let comparison = if hold { *comparison } else { opposite(*comparison) };
            Some(vec![vec![json!({ "input": input, "is": comparison, "to": constant })]])
        }
        (Condition::Among(input, constants), true) => Some(vec![vec![json!({ "input": input, "is": "among", "to": constants })]]),
        (Condition::Among(input, constants), false) => Some(vec![vec![json!({ "input": input, "is": "not_among", "to": constants })]]),
    }
}

fn every(parts: &[Condition], hold: bool) -> Option<Vec<Vec<Value>>> {
    parts.iter().try_fold(vec![Vec::new()], |clauses: Vec<Vec<Value>>, part| {
        let options = expand(part, hold)?;
        let both = |clause: &Vec<Value>| {
            options
                .iter()
                .map(|option| [clause.as_slice(), option].concat())
                .collect::<Vec<_>>()
        };
        (clauses.len().saturating_mul(options.len()) <= CLAUSES).then(|| clauses.iter().flat_map(both).collect())
    })
}

fn either(parts: &[Condition], hold: bool) -> Option<Vec<Vec<Value>>> {
    let mut clauses = Vec::new();
    for part in parts {
        clauses.extend(expand(part, hold)?);
    }
    (clauses.len() <= CLAUSES).then_some(clauses)
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::AtMost => Comparison::Above,
        Comparison::Below => Comparison::AtLeast,
        Comparison::AtLeast => Comparison::Below,
        Comparison::Above => Comparison::AtMost,
        Comparison::Equal => Comparison::Unequal,
        Comparison::Unequal => Comparison::Equal,
    }
}
