//! The claims about a domain apart from approvals: purposes, inputs, limits, evidence, rollback, emergencies;
//! and its conditions.

use crate::emit::answer::Denial;
use crate::emit::cedar::limits::total_key;
use crate::emit::policy::{CHECKED_WITHIN, Comparison, Condition, Constant, Domain, Input, Limit};
use crate::emit::reason::Reason;
use crate::prove::claim::{Claim, every, quoted, some};
use crate::prove::general::there;
use std::collections::BTreeSet;

/// The claims of a domain.
pub fn claims(id: &str, domain: &Domain) -> Vec<Claim> {
    let by = |reason: Reason, condition: String| Claim {
        denial: Denial::by(id, reason),
        condition,
    };
    let mut claims = Vec::new();
    if let Some(purposes) = &domain.purposes {
        let any = purposes.iter().map(|purpose| format!("{} == context.purpose", quoted(purpose)));
        claims.push(by(Reason::Purpose, some(any)));
    }
    for (name, input) in &domain.inputs {
        claims.push(by(Reason::Limit, fits(name, input)));
    }
    for limit in &domain.limits {
        let total = limit.per.map(|per| total_key(id, &limit.input, per));
        claims.push(by(Reason::Limit, within(limit, &limit.most.to_string(), total.as_deref())));
    }
    for (place, asked) in [("evidence", domain.evidence.as_slice()), ("rollback", domain.rollbacks.as_slice())] {
        claims.extend(asked.iter().map(|name| by(Reason::NotReady, ready(place, name))));
    }
    if let Some(emergency) = &domain.emergency {
        let at = "context.emergency.at";
        let declared = every([
            there("context.emergency.declared_by"),
            "!(context.requested_by has human && context.requested_by.human == context.emergency.declared_by.human)".to_owned(),
            "!(context has on_behalf_of && context.on_behalf_of.human == context.emergency.declared_by.human)".to_owned(),
            format!("{at} >= 0 && {at} <= context.now && context.now - {at} <= {}", emergency.lasts),
        ]);
        claims.push(by(
            Reason::Emergency,
            format!("!(context has emergency) || (context has emergency && {declared})"),
        ));
    }
    claims
}

/// Where the value of an input is in a request, and the condition that it exists.
struct Place {
    there: String,
    value: String,
}

impl Place {
    fn of(name: &str, shape: &str) -> Place {
        let key = quoted(&format!("{name}:{shape}"));
        Place {
            there: format!("context.inputs has {key}"),
            value: format!("context.inputs[{key}]"),
        }
    }

    /// An amount in a currency.
    fn money(name: &str, currency: &str) -> Place {
        let Place { there, value } = Place::of(name, "money");
        Place {
            there: format!("{there} && {value}.currency == {}", quoted(currency)),
            value: format!("{value}.amount"),
        }
    }

    /// An input as a domain declares it.
    fn declared(name: &str, input: &Input) -> Place {
        match input {
            Input::Money { currency, .. } => Place::money(name, currency),
            Input::Integer { .. } => Place::of(name, "integer"),
            Input::Boolean => Place::of(name, "boolean"),
            Input::OneOf { .. } | Input::Text => Place::of(name, "text"),
        }
    }
}

/// The condition that an input exists, has its type, and is one of its possible values.
fn fits(name: &str, input: &Input) -> String {
    let Place { there, value } = Place::declared(name, input);
    match input {
        Input::Money { from, to, .. } | Input::Integer { from, to } => format!("{there} && {from} <= {value} && {to} >= {value}"),
        Input::OneOf { words } => {
            let any = words.iter().map(|word| format!("{value} == {}", quoted(word)));
            every([there, some(any)])
        }
        Input::Boolean | Input::Text => there,
    }
}

/// The condition that the value of a limited input, with the total before it in the window, stays within the
/// limit.
pub fn within(limit: &Limit, most: &str, total: Option<&str>) -> String {
    let Place { there, value } = match limit.unit.as_str() {
        "integer" => Place::of(&limit.input, "integer"),
        currency => Place::money(&limit.input, currency),
    };
    let alone = format!("{there} && {value} >= 0 && {value} <= {most}");
    match total.map(quoted) {
        None => format!("({alone})"),
        Some(key) => format!(
            "({alone} && context.totals has {key} && context.totals[{key}] >= 0 && context.totals[{key}] <= {most} && \
             context.totals[{key}] <= {most} - {value})"
        ),
    }
}

fn ready(place: &str, name: &str) -> String {
    let name = quoted(name);
    let checked = format!("context.{place}[{name}].checked_at");
    format!(
        "context.{place} has {name} && context.{place}[{name}].ready && context.now >= 0 && \
         {checked} <= context.now && {checked} >= context.now - {CHECKED_WITHIN}"
    )
}

/// The condition that every input exists that the conditions of a domain depend on.
pub fn known(domain: &Domain) -> String {
    let mut names = BTreeSet::new();
    for condition in domain.tiers.iter().filter_map(|tier| tier.condition.as_ref()) {
        named(condition, &mut names);
    }
    let there = names
        .into_iter()
        .filter_map(|name| Some(Place::declared(name, domain.inputs.get(name)?).there));
    every(there)
}

fn named<'c>(condition: &'c Condition, names: &mut BTreeSet<&'c str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| named(part, names)),
        Condition::Not(inner) => named(inner, names),
        Condition::Compare(name, ..) | Condition::Among(name, _) => drop(names.insert(name)),
    }
}

/// A condition, for a place where its inputs are known to exist.
pub fn holds(condition: &Condition, domain: &Domain) -> Result<String, String> {
    let all = |parts: &[Condition]| parts.iter().map(|part| holds(part, domain)).collect::<Result<Vec<_>, _>>();
    let place = |name: &str| {
        let input = domain.inputs.get(name);
        let declared = input.map(|input| Place::declared(name, input).value);
        declared.ok_or_else(|| format!("a condition uses `{name}`, which is not an input of its domain"))
    };
    Ok(match condition {
        Condition::All(parts) => every(all(parts)?),
        Condition::Any(parts) => some(all(parts)?),
        Condition::Not(inner) => format!("!({})", holds(inner, domain)?),
        Condition::Compare(name, comparison, constant) => {
            let (value, constant) = (place(name)?, constant_text(constant));
            match comparison {
                Comparison::AtMost => format!("{value} <= {constant}"),
                Comparison::Below => format!("{value} < {constant}"),
                Comparison::AtLeast => format!("{value} >= {constant}"),
                Comparison::Above => format!("{value} > {constant}"),
                Comparison::Equal => format!("{value} == {constant}"),
                Comparison::Unequal => format!("{value} != {constant}"),
            }
        }
        Condition::Among(name, constants) => {
            let value = place(name)?;
            some(constants.iter().map(|constant| format!("{value} == {}", constant_text(constant))))
        }
    })
}

fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::Number(number) => number.to_string(),
        Constant::Boolean(boolean) => boolean.to_string(),
        Constant::Word(word) => quoted(word),
    }
}
