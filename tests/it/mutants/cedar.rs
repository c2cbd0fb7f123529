//! Each conjunct of each permit left out or weakened, in the real engine.

use crate::mutants::weaker::{Edit, bare, weaker};
use crate::mutants::{Workspace, workspaces};
use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema};
use quorate::emit::cedar::permit::statements;
use quorate::emit::cedar::tree::{Clause, Expression, Operator, Statement, context, number};
use quorate::emit::cedar::{self, print, project};
use rayon::prelude::*;
use std::str::FromStr;

/// The engine with the entities of a workspace, and its derived requests as Cedar takes them.
struct Loaded {
    entities: Entities,
    requests: Vec<(usize, Request)>,
}

fn loaded(workspace: &Workspace) -> Loaded {
    let emitted = cedar::emit(&workspace.policy).expect("Cedar can say it");
    let (schema, _) = Schema::from_cedarschema_str(&emitted.schema).expect("the schema parses");
    let entities = Entities::from_json_str(&emitted.entities, Some(&schema)).expect("the entities fit");
    let admitted = workspace.derived.par_iter().enumerate().filter_map(|(index, derived)| {
        let projected = project(&derived.request).ok()?;
        let [principal, action, resource] =
            [projected.principal, projected.action, projected.resource].map(|entity| EntityUid::from_json(entity).ok());
        let action = action?;
        let context = Context::from_json_value(projected.context, Some((&schema, &action))).ok()?;
        Some((index, Request::new(principal?, action, resource?, context, Some(&schema)).ok()?))
    });
    Loaded {
        requests: admitted.collect(),
        entities,
    }
}

/// Whether a set of policies allows a request; none if one of them cannot be evaluated.
fn allows(loaded: &Loaded, policies: &PolicySet, request: &Request) -> Option<bool> {
    let response = Authorizer::new().is_authorized(request, policies, &loaded.entities);
    let sound = response.diagnostics().errors().next().is_none();
    sound.then_some(response.decision() == Decision::Allow)
}

/// Every edit of every clause of a permit, with the place of the clause, and whether a derived request notices.
fn of_group(workspace: &Workspace, loaded: &Loaded, permit: &Statement) -> Vec<(usize, Edit, bool)> {
    // Which clauses hold of each request: what is asked beside an edited one has to hold for the edit to be seen.
    let alone: Vec<PolicySet> = permit.clauses.iter().map(|clause| set(permit, clause.clone())).collect();
    let hold = |(_, request): &(usize, Request)| {
        alone
            .iter()
            .map(|policies| allows(loaded, policies, request) == Some(true))
            .collect()
    };
    let held: Vec<Vec<bool>> = loaded.requests.par_iter().map(hold).collect();
    let mut edits = Vec::new();
    for (place, clause) in permit.clauses.iter().enumerate() {
        let others = |held: &[bool]| held.iter().enumerate().all(|(other, held)| other == place || *held);
        let pairs = loaded.requests.iter().zip(&held).filter(|(_, held)| others(held));
        let near: Vec<(&Request, bool, bool)> = pairs
            .map(|((index, request), held)| (request, held[place], workspace.answers[*index].allow))
            .collect();
        let mut all = weaker(&clause.condition);
        all.push(Edit {
            words: format!("without the clause: {}", about(clause)),
            becomes: Expression::Boolean(true),
            conjunct: None,
        });
        let seen = all.into_par_iter().map(|edit| {
            let condition = edit.becomes.clone();
            let policies = set(
                permit,
                Clause {
                    condition,
                    ..clause.clone()
                },
            );
            // Where another permit allows it as well, nothing comes of it.
            let noticed = near
                .iter()
                .any(|(request, held, allowed)| match allows(loaded, &policies, request) {
                    Some(answer) => answer != *held && answer != *allowed,
                    None => true,
                });
            (place, edit, noticed)
        });
        edits.extend(seen.collect::<Vec<_>>());
    }
    edits
}

/// What a clause is about, the same over more data.
fn about(clause: &Clause) -> &str {
    let sentence = clause.note.split(" (").next().unwrap_or_default();
    sentence.split(": for ").next().unwrap_or_default()
}

/// The permit with one clause only.
fn set(permit: &Statement, clause: Clause) -> PolicySet {
    let one = Statement {
        clauses: vec![clause],
        ..permit.clone()
    };
    PolicySet::from_str(&print::file(&[], &[one])).expect("what is printed parses")
}

/// Why an edit of a clause changes no answer, whatever the data: a rule about the clause and the permit, not about a place in it.
fn idle(permit: &Statement, clause: &Clause, edit: &Edit) -> Option<&'static str> {
    if weakens_the_declaration(edit) {
        return Some("an approval that was given since then, and is not from the future, stands between");
    }
    if clause.note.starts_with("no agent of the workspace calls another") || is_longer_chain(edit) {
        return Some("a chain longer than any that is allowed has a call that is not");
    }
    if is_weaker_freshness(permit, clause, edit) {
        return Some("an approval of an emergency is no older than the emergency, which is over before it");
    }
    let Some((part, beside)) = &edit.conjunct else {
        // A clause as a whole, if it or each of its parts is asked for elsewhere.
        let asked = |other: &&Clause| inner(&other.condition).contains(bare(&clause.condition));
        if edit.becomes == Expression::Boolean(true) && permit.clauses.iter().any(|other| asked(&other)) {
            return Some("another clause of the permit asks as much");
        }
        let parts = inner(&clause.condition);
        let all = edit.becomes == Expression::Boolean(true) && parts.iter().all(|part| elsewhere(permit, part).is_some());
        return (all && !parts.is_empty()).then_some("other clauses of the permit ask as much");
    };
    match part {
        Expression::Has(of, name)
            if beside
                .iter()
                .any(|other| mentions(other, &Expression::Get(of.clone(), name.clone()))) =>
        {
            Some("without the guard the engine cannot read what comes after it, and a permit that cannot be read permits nothing")
        }
        Expression::HasTag(of, key)
            if beside
                .iter()
                .any(|other| mentions(other, &Expression::GetTag(of.clone(), key.clone()))) =>
        {
            Some("without the guard the engine cannot read what comes after it, and a permit that cannot be read permits nothing")
        }
        Expression::Operation(at, Operator::AtMost, now) if **at == context("emergency").get("at") && **now == context("now") => {
            Some("an approval that was given since then, and is not from the future, stands between")
        }
        Expression::Operation(time, Operator::AtLeast, zero) if **zero == number(0) => {
            not_before_zero(time, beside).or_else(|| elsewhere(permit, part))
        }
        Expression::Operation(_, Operator::AtMost, most) if is_short_emergency(permit, most) && mentions(part, &context("approvals")) => {
            Some("an approval of an emergency is no older than the emergency, which is over before it")
        }
        Expression::Operation(total, Operator::AtMost, most) => {
            let less = Expression::Operation(most.clone(), Operator::Minus, total.clone());
            let rest = |other: &Expression| matches!(other, Expression::Operation(_, Operator::AtMost, bound) if **bound == less);
            let positive = |other: &Expression| matches!(other, Expression::Operation(_, Operator::AtLeast, bound) if **bound == number(0));
            let implied = beside.iter().any(rest) && beside.iter().any(positive);
            implied
                .then_some("what is left of the limit is asked of a value that is not negative")
                .or_else(|| elsewhere(permit, part))
        }
        other => elsewhere(permit, other),
    }
}

/// Whether an edit lets an emergency be declared a second ahead.
fn weakens_the_declaration(edit: &Edit) -> bool {
    let at = context("emergency").get("at");
    edit.words
        == format!(
            "weaker by one: {:?}",
            Expression::Operation(Box::new(at), Operator::AtMost, Box::new(context("now")))
        )
}

/// Whether a permit is for emergencies none of which lasts longer than this.
fn is_short_emergency(permit: &Statement, valid: &Expression) -> bool {
    let Expression::Number(valid) = valid else { return false };
    let age = Expression::Operation(Box::new(context("now")), Operator::Minus, Box::new(context("emergency").get("at")));
    let lasts = permit
        .clauses
        .iter()
        .flat_map(|clause| inner(&clause.condition))
        .filter_map(|part| match part {
            Expression::Operation(left, Operator::AtMost, right) if **left == age => match **right {
                Expression::Number(lasts) => Some(lasts),
                _ => None,
            },
            _ => None,
        });
    lasts.max().is_some_and(|lasts| lasts < *valid)
}

/// Whether an edit lets an approval of a short emergency be a second older.
fn is_weaker_freshness(permit: &Statement, clause: &Clause, edit: &Edit) -> bool {
    inner(&clause.condition).iter().any(|part| match part {
        Expression::Operation(age, Operator::AtMost, valid) => {
            mentions(age, &context("approvals")) && is_short_emergency(permit, valid) && edit.words == format!("weaker by one: {part:?}")
        }
        _ => false,
    })
}

/// Whether an edit leaves out that a chain is no longer than any can be.
fn is_longer_chain(edit: &Edit) -> bool {
    let callers = context("callers");
    let absent =
        |part: &Expression| matches!(part, Expression::Not(inner) if matches!(&**inner, Expression::Has(of, _) if **of == callers));
    edit.conjunct.as_ref().is_some_and(|(part, _)| absent(part))
}

/// What keeps a time from being before 1970 anyway.
fn not_before_zero(time: &Expression, beside: &[Expression]) -> Option<&'static str> {
    if *time == context("now") {
        return Some("a request whose `now` is negative does not project");
    }
    let begins = |other: &Expression| match other {
        Expression::Operation(start, Operator::AtMost, at) => {
            **at == *time && matches!(&**start, Expression::Get(_, name) if name == "starts")
        }
        _ => false,
    };
    beside
        .iter()
        .any(|other| begins(other) || inner(other).iter().any(begins))
        .then_some("no window begins before 1970")
}

/// The parts of a conjunction or an alternative.
fn inner(expression: &Expression) -> &[Expression] {
    match bare(expression) {
        Expression::All(parts) | Expression::Any(parts) => parts,
        _ => &[],
    }
}

/// Another clause of the permit asks the same, or more.
fn elsewhere(permit: &Statement, part: &Expression) -> Option<&'static str> {
    let as_much = |other: &Expression| match (other, part) {
        (Expression::Operation(one, Operator::AtMost, tight), Expression::Operation(two, Operator::AtMost, loose)) if one == two => {
            match (&**tight, &**loose) {
                (Expression::Number(tight), Expression::Number(loose)) => tight <= loose,
                // What is left of a limit is at most the limit.
                (Expression::Operation(most, Operator::Minus, _), Expression::Number(loose)) => {
                    matches!(**most, Expression::Number(most) if most <= *loose)
                }
                _ => tight == loose,
            }
        }
        _ => other == part,
    };
    let count = permit
        .clauses
        .iter()
        .filter(|clause| inner(&clause.condition).iter().any(as_much))
        .count();
    (count > 1).then_some("another clause of the permit asks as much")
}

fn mentions(expression: &Expression, wanted: &Expression) -> bool {
    expression == wanted || format!("{expression:?}").contains(&format!("{wanted:?}"))
}

#[test]
fn every_conjunct_of_every_permit_is_noticed() {
    let (mut noticed, mut by_rule, mut missed) = (0, 0, Vec::new());
    for (own, enriched) in workspaces() {
        let (loaded_own, loaded_more) = (loaded(own), loaded(enriched));
        for (group, more) in own.policy.groups.iter().zip(&enriched.policy.groups) {
            let [permits, over_more] =
                [(own, group), (enriched, more)].map(|(workspace, group)| statements(&workspace.policy, group).expect("Cedar can say it"));
            assert_eq!(permits.len(), over_more.len());
            for (permit, over_more) in permits.iter().zip(&over_more) {
                // The same edit of the same permit, over more data.
                let of_more = of_group(enriched, &loaded_more, over_more);
                for (place, edit, seen) in of_group(own, &loaded_own, permit) {
                    let words = &edit.words;
                    let seen_over_more = |(_, same, seen): &(usize, Edit, bool)| *seen && same.words == *words;
                    if seen || of_more.iter().any(seen_over_more) {
                        noticed += 1;
                    } else if idle(permit, &permit.clauses[place], &edit).is_some() {
                        by_rule += 1;
                    } else {
                        missed.push(format!("{} `{}`, {}: {words}", own.name, group.id, permit.clauses[place].note));
                    }
                }
            }
        }
    }
    assert!(
        missed.is_empty(),
        "noticed {noticed}, idle by a rule {by_rule}, missed {}\n{}",
        missed.len(),
        missed.join("\n")
    );
    assert!(noticed > 5 * by_rule / 2, "noticed {noticed}, idle by a rule {by_rule}");
}
