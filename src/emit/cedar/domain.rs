//! What one decision domain requires, apart from approvals.

use crate::emit::answer::Denial;
use crate::emit::cedar::approvals::Declared;
use crate::emit::cedar::condition::within_bounds;
use crate::emit::cedar::general::active;
use crate::emit::cedar::limits;
use crate::emit::cedar::requirement::Requirement;
use crate::emit::cedar::tree::{Expression, all, choice, context, context_has, number, text};
use crate::emit::cedar::words::cited;
use crate::emit::policy::{CHECKED_WITHIN, Domain, Input};
use crate::emit::reason::Reason;
use crate::words::{duration, list};

/// Purposes, inputs, limits, evidence, rollbacks and the bounds of an emergency, given what is known about its
/// declaration.
pub fn requirements(id: &str, domain: &Domain, declared: Declared) -> Vec<Requirement> {
    let one = |name: String, reason: Reason, sentence: String, condition: Expression| Requirement {
        id: format!("{id}/{name}"),
        denial: Denial::by(id, reason),
        premise: Expression::Boolean(true),
        note: cited(&format!("{}: {sentence}", domain.title), [domain.source.as_str()]),
        source: domain.source.clone(),
        condition,
    };
    let mut asked = Vec::new();
    if let Some(purposes) = &domain.purposes {
        let sentence = match purposes.len() {
            0 => "no purpose is allowed".to_owned(),
            _ => format!("for {}", list(purposes.iter().map(String::as_str), "or")),
        };
        let allowed = context("purpose").among(purposes.iter().map(|purpose| text(purpose)).collect());
        asked.push(one("purpose".to_owned(), Reason::Purpose, sentence, allowed));
    }
    for (name, input) in &domain.inputs {
        asked.push(one(
            format!("input/{name}"),
            Reason::Limit,
            format!("{name} is {}", values(input)),
            within_bounds(name, input),
        ));
    }
    asked.extend(limits::of_domain(id, &domain.title, &domain.limits));
    if let Some(ledger) = &domain.evidence {
        let sentence = format!("evidence in {ledger} can be kept, checked within {}", duration(CHECKED_WITHIN));
        asked.push(one(
            format!("evidence/{ledger}"),
            Reason::NotReady,
            sentence,
            ready("evidence", ledger),
        ));
    }
    for rollback in &domain.rollbacks {
        let sentence = format!("{rollback} can undo it, checked within {}", duration(CHECKED_WITHIN));
        asked.push(one(
            format!("rollback/{rollback}"),
            Reason::NotReady,
            sentence,
            ready("rollback", rollback),
        ));
    }
    asked.extend(emergency(id, domain, declared));
    asked
}

fn values(input: &Input) -> String {
    match input {
        Input::Money { currency, from, to } => {
            format!("an amount in {currency} from {from} to {to}, in the smallest unit")
        }
        Input::Integer { from, to } => format!("a whole number from {from} to {to}"),
        Input::OneOf { words } => list(words.iter().map(String::as_str), "or"),
        Input::Boolean => "yes or no".to_owned(),
        Input::Text => "a text".to_owned(),
    }
}

/// Ready, and checked not too long ago. `now` is not negative, so the difference stays within a Long.
fn ready(kind: &str, id: &str) -> Expression {
    let entry = || context(kind).get(id);
    let earliest = context("now").minus(number(CHECKED_WITHIN));
    all([
        context(kind).has(id),
        entry().get("ready"),
        context("now").at_least(number(0)),
        entry().get("checked_at").at_most(context("now")),
        entry().get("checked_at").at_least(earliest),
    ])
}

/// The condition that every input exists, has its type and is within its bounds.
pub fn fits(domain: &Domain) -> Expression {
    all(domain.inputs.iter().map(|(name, input)| within_bounds(name, input)))
}

/// The condition that the emergency is not over, and that the person who declared it is active, did not ask and
/// is not acted for; `None` if the domain has no emergency.
pub fn sound(domain: &Domain) -> Option<Expression> {
    let emergency = domain.emergency.as_ref()?;
    let declared = || context("emergency");
    let by = || declared().get("declared_by");
    let same = |person: Expression| all([person.clone().has("human"), person.get("human").equals(by().get("human"))]);
    Some(all([
        by().has("human"),
        active(by()),
        same(context("requested_by")).negate(),
        all([context_has("on_behalf_of"), same(context("on_behalf_of"))]).negate(),
        declared().get("at").at_least(number(0)),
        declared().get("at").at_most(context("now")),
        context("now").minus(declared().get("at")).at_most(number(emergency.lasts)),
    ]))
}

fn emergency(id: &str, domain: &Domain, declared: Declared) -> Option<Requirement> {
    let (emergency, live) = domain.emergency.as_ref().zip(sound(domain))?;
    let condition = match declared {
        Declared::Perhaps => choice(context_has("emergency"), live, Expression::Boolean(true)),
        Declared::Yes => all([context_has("emergency"), live]),
        Declared::No => return None,
    };
    let sentence = format!(
        "{}: an emergency, if there is one, was declared by an active person who did not ask and is not acted for, and lasts {}",
        domain.title,
        duration(emergency.lasts)
    );
    Some(Requirement {
        id: format!("{id}/emergency"),
        denial: Denial::by(id, Reason::Emergency),
        premise: Expression::Boolean(true),
        note: cited(&sentence, [emergency.source.as_str()]),
        source: emergency.source.clone(),
        condition,
    })
}
