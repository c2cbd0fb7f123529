//! The cases of a site: which tier holds in each governing domain, with input values on both sides of every boundary.

use crate::emit::policy::{Condition, Constant, Input, Limit, Quorum};
use crate::emit::reference::inputs::{fits, measured, tier};
use crate::emit::reference::shape::{Given, LARGEST, given};
use crate::emit::requests::pairs::combinations;
use crate::emit::requests::site::Site;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The inputs of a request.
pub(super) type Inputs = BTreeMap<String, Value>;

/// The tier of each governing domain; none where an emergency replaces it, or where no tier holds.
pub(super) type Tiers = Vec<Option<usize>>;

/// Quorate looks at every assignment of input values, up to this many. If there are more, it looks at enough
/// of them to combine every two values.
const MOST: usize = 20_000;

/// A case: the quorums in force, and inputs that lead there.
#[derive(Clone)]
pub(super) struct Case<'p> {
    pub tiers: Tiers,
    pub emergency: bool,
    pub quorums: Vec<(&'p str, &'p Quorum)>,
    pub inputs: Inputs,
    /// Other inputs that lead there: together they include every value that leads there.
    pub others: Vec<Inputs>,
    texts: Vec<String>,
}

/// The cases that the inputs of a site lead to.
pub(super) struct Cells<'p> {
    pub cases: Vec<Case<'p>>,
    /// Inputs that some domain has no tier for.
    pub untaken: Vec<Inputs>,
    /// Whether the values were tried only in pairs because there are too many combinations.
    pub pairwise: bool,
}

impl Case<'_> {
    /// In words.
    pub(super) fn about(&self) -> String {
        self.texts.join(" and ")
    }
}

/// The cases of a site, those without an emergency first.
pub(super) fn of<'p>(site: &Site<'p>) -> Cells<'p> {
    let mut cells: BTreeMap<(bool, Tiers), Vec<Inputs>> = BTreeMap::new();
    let mut untaken = Vec::new();
    let emergencies: Vec<bool> = site.domains.iter().map(|(_, domain)| domain.emergency.is_some()).collect();
    let (assignments, pairwise) = assignments(site);
    for inputs in assignments {
        let tiers = tiers(site, &inputs);
        if emergencies.contains(&true) {
            let left = tiers.iter().zip(&emergencies).map(|(tier, emergency)| tier.filter(|_| !emergency));
            cells.entry((true, left.collect())).or_default().push(inputs.clone());
        }
        if tiers.contains(&None) {
            untaken.push(inputs);
        } else {
            cells.entry((false, tiers)).or_default().push(inputs);
        }
    }
    let cases = cells
        .into_iter()
        .filter_map(|((emergency, tiers), all)| case(site, tiers, emergency, all))
        .collect();
    Cells {
        cases,
        untaken: covering(untaken),
        pairwise,
    }
}

/// The case that some inputs lead to, without an emergency.
pub(super) fn led_to<'p>(site: &Site<'p>, inputs: &Inputs) -> Option<Case<'p>> {
    case(site, tiers(site, inputs), false, vec![inputs.clone()])
}

fn tiers(site: &Site, inputs: &Inputs) -> Tiers {
    let given: BTreeMap<&str, Given> = inputs
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), given(value)?)))
        .collect();
    site.domains.iter().map(|(_, domain)| tier(domain, &given)).collect()
}

/// Nothing where no quorum is in force.
fn case<'p>(site: &Site<'p>, tiers: Tiers, emergency: bool, all: Vec<Inputs>) -> Option<Case<'p>> {
    let mut quorums = Vec::new();
    let mut texts = Vec::new();
    for ((id, domain), tier) in site.domains.iter().zip(&tiers) {
        let declared = domain.emergency.as_ref().filter(|_| emergency);
        let (quorum, text) = match (declared, tier) {
            (Some(declared), _) => (&declared.quorum, format!("`{id}` in an emergency")),
            (None, Some(tier)) => (&domain.tiers[*tier].quorum, domain.tiers[*tier].text.clone()),
            (None, None) => return None,
        };
        quorums.push((*id, quorum));
        texts.push(text);
    }
    let mut all = covering(all).into_iter();
    Some(Case {
        tiers,
        emergency,
        quorums,
        inputs: all.next()?,
        others: all.collect(),
        texts,
    })
}

/// A few of these assignments, which together contain every value that occurs in any of them.
fn covering(all: Vec<Inputs>) -> Vec<Inputs> {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let new = |inputs: &Inputs| {
        let pairs: Vec<(String, String)> = inputs.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        pairs.into_iter().filter(|pair| seen.insert(pair.clone())).count() > 0
    };
    let empty = all.first().filter(|inputs| inputs.is_empty()).cloned();
    let covering: Vec<Inputs> = all.into_iter().filter(new).collect();
    if covering.is_empty() {
        empty.into_iter().collect()
    } else {
        covering
    }
}

/// Combinations of fitting values for the inputs that a condition names; the other inputs have one value. Also
/// whether these combinations only cover every pair of values.
fn assignments(site: &Site) -> (Vec<Inputs>, bool) {
    let conditions = site
        .domains
        .iter()
        .flat_map(|(_, domain)| domain.tiers.iter().filter_map(|tier| tier.condition.as_ref()));
    let named: BTreeSet<&str> = conditions.flat_map(names).collect();
    let mut inputs: Vec<(String, Vec<Value>)> = Vec::new();
    for (name, values) in values(site) {
        let mut fitting: Vec<Value> = values.into_iter().filter(|(_, fits)| *fits).map(|(value, _)| value).collect();
        if !named.contains(name.as_str()) {
            let middle = fitting.len() / 2;
            fitting = fitting.into_iter().skip(middle).take(1).collect();
        }
        inputs.push((name, fitting));
    }
    let sizes: Vec<usize> = inputs.iter().map(|(_, fitting)| fitting.len()).collect();
    let (rows, pairwise) = combinations(&sizes, MOST);
    let assigned = |row: Vec<usize>| {
        let values = inputs.iter().zip(row);
        values
            .map(|((name, fitting), place)| (name.clone(), fitting[place].clone()))
            .collect()
    };
    (rows.into_iter().map(assigned).collect(), pairwise)
}

/// For each input that matters at a site the values around every boundary, and whether each is in bounds and within
/// limits.
pub(super) fn values(site: &Site) -> BTreeMap<String, Vec<(Value, bool)>> {
    let declared = || site.domains.iter().flat_map(|(_, domain)| &domain.inputs);
    let limits: Vec<&Limit> = site.limits().map(|(_, limit)| limit).collect();
    let names: BTreeSet<&String> = declared()
        .map(|(name, _)| name)
        .chain(limits.iter().map(|limit| &limit.input))
        .collect();
    let mut values = BTreeMap::new();
    for name in names {
        let inputs: Vec<&Input> = declared().filter(|(other, _)| *other == name).map(|(_, input)| input).collect();
        let limits: Vec<&Limit> = limits.iter().copied().filter(|limit| limit.input == *name).collect();
        let constants: Vec<&Constant> = site
            .domains
            .iter()
            .flat_map(|(_, domain)| &domain.tiers)
            .filter_map(|tier| tier.condition.as_ref())
            .flat_map(|condition| constants(condition, name))
            .collect();
        let fit = |value: &Value| {
            let Some(given) = given(value) else {
                return false;
            };
            let limited = limits
                .iter()
                .all(|limit| measured(limit, &given).is_some_and(|number| (0..=limit.most).contains(&number)));
            limited && inputs.iter().all(|input| fits(input, &given))
        };
        let candidates = candidates(&inputs, &limits, &constants);
        values.insert(
            name.clone(),
            candidates.into_iter().map(|value| (value.clone(), fit(&value))).collect(),
        );
    }
    values
}

fn candidates(inputs: &[&Input], limits: &[&Limit], constants: &[&Constant]) -> Vec<Value> {
    let mut numbers = BTreeSet::from([-1, 0, 1]);
    let mut units: BTreeSet<&str> = limits.iter().map(|limit| limit.unit.as_str()).collect();
    let mut others = Vec::new();
    let mut around = |number: i64| numbers.extend([number.saturating_sub(1), number, number.saturating_add(1)]);
    for input in inputs {
        match input {
            Input::Money { currency, from, to } => {
                units.insert(currency);
                around(*from);
                around(*to);
            }
            Input::Integer { from, to } => {
                units.insert("integer");
                around(*from);
                around(*to);
            }
            Input::OneOf { words } => others.extend(words.iter().map(|word| json!(word)).chain([json!("no such word")])),
            Input::Boolean => others.extend([json!(false), json!(true)]),
            Input::Text => others.extend([json!("text"), json!("")]),
        }
    }
    for constant in constants {
        match constant {
            Constant::Number(number) => around(*number),
            Constant::Boolean(_) | Constant::Word(_) => {}
        }
    }
    limits.iter().for_each(|limit| around(limit.most));
    let numbers: Vec<i64> = numbers.into_iter().filter(|number| (-LARGEST..=LARGEST).contains(number)).collect();
    let numeric = units
        .into_iter()
        .flat_map(|unit| numbers.iter().map(move |number| of_unit(unit, *number)));
    numeric.chain(others).collect()
}

/// A number as a value of an input of this unit.
pub(super) fn of_unit(unit: &str, number: i64) -> Value {
    match unit {
        "integer" => json!(number),
        currency => json!({ "amount": number, "currency": currency }),
    }
}

fn names(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(names).collect(),
        Condition::Not(part) => names(part),
        Condition::Compare(name, ..) | Condition::Among(name, _) => vec![name],
    }
}

fn constants<'c>(condition: &'c Condition, input: &str) -> Vec<&'c Constant> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(|part| constants(part, input)).collect(),
        Condition::Not(part) => constants(part, input),
        Condition::Compare(name, _, constant) if name == input => vec![constant],
        Condition::Among(name, constants) if name == input => constants.iter().collect(),
        Condition::Compare(..) | Condition::Among(..) => Vec::new(),
    }
}
