//! Every expression that one edit makes weaker, or other.

use quorate::emit::cedar::tree::{Expression, Operator, number};

/// An edit of an expression.
#[derive(Clone)]
pub struct Edit {
    /// In words.
    pub words: String,
    /// What comes of it.
    pub becomes: Expression,
    /// A conjunct that is left out or weakened, and what is beside it.
    pub conjunct: Option<(Expression, Vec<Expression>)>,
}

/// Every edit of an expression.
pub fn weaker(expression: &Expression) -> Vec<Edit> {
    match expression {
        Expression::Noted(_, inner) => weaker(inner),
        Expression::All(parts) => {
            let mut all = inside(parts, Expression::All);
            for (place, part) in parts.iter().enumerate() {
                let mut rest = parts.clone();
                rest.remove(place);
                // What is weakened by one is beside the same.
                for edit in all.iter_mut().filter(|edit| edit.words == by_one(part)) {
                    edit.conjunct = Some((part.clone(), rest.clone()));
                }
                all.push(Edit {
                    words: format!("without {part:?}"),
                    becomes: together(rest.clone()),
                    conjunct: Some((part.clone(), rest)),
                });
            }
            all
        }
        Expression::Any(parts) => {
            let met = parts
                .iter()
                .map(|part| edit(format!("always, for {part:?}"), Expression::Boolean(true)));
            met.chain(inside(parts, Expression::Any)).collect()
        }
        Expression::Choice(condition, then, otherwise) => choice(condition, then, otherwise),
        Expression::Operation(one, operator, other) => {
            let (one, other) = ((**one).clone(), (**other).clone());
            let weaker = match operator {
                Operator::AtMost => Some(one.minus(number(1)).compare(Operator::AtMost, other)),
                Operator::AtLeast => Some(one.compare(Operator::AtLeast, other.minus(number(1)))),
                Operator::Below => Some(one.compare(Operator::AtMost, other)),
                Operator::Above => Some(one.compare(Operator::AtLeast, other)),
                Operator::Equal | Operator::Unequal | Operator::Minus => None,
            };
            weaker.map(|weaker| edit(by_one(expression), weaker)).into_iter().collect()
        }
        // Whoever weakens what stands behind a `not` makes the whole stronger.
        Expression::Not(_) => Vec::new(),
        Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) | Expression::Entity(..) => Vec::new(),
        Expression::Variable(_) | Expression::Get(..) | Expression::Has(..) | Expression::GetTag(..) => Vec::new(),
        Expression::HasTag(..) | Expression::Contains(..) | Expression::ContainsAll(..) => Vec::new(),
        Expression::ContainsAny(..) | Expression::Set(_) => Vec::new(),
    }
}

/// Without the comments above it.
pub fn bare(expression: &Expression) -> &Expression {
    match expression {
        Expression::Noted(_, inner) => bare(inner),
        other => other,
    }
}

fn edit(words: String, becomes: Expression) -> Edit {
    Edit {
        words,
        becomes,
        conjunct: None,
    }
}

fn by_one(expression: &Expression) -> String {
    format!("weaker by one: {expression:?}")
}

fn choice(condition: &Expression, then: &Expression, otherwise: &Expression) -> Vec<Edit> {
    let of = |condition: &Expression, then: &Expression, otherwise: &Expression| {
        Expression::Choice(Box::new(condition.clone()), Box::new(then.clone()), Box::new(otherwise.clone()))
    };
    let yes = Expression::Boolean(true);
    let with = |edits: Vec<Edit>, put: &dyn Fn(&Expression) -> Expression| {
        let put = |edit: Edit| Edit {
            becomes: put(&edit.becomes),
            ..edit
        };
        edits.into_iter().map(put).collect::<Vec<_>>()
    };
    let mut all = with(weaker(condition), &|other| of(other, then, otherwise));
    all.extend(with(weaker(then), &|other| of(condition, other, otherwise)));
    all.extend(with(weaker(otherwise), &|other| of(condition, then, other)));
    for value in [true, false] {
        all.push(edit(
            format!("{value} for {condition:?}"),
            of(&Expression::Boolean(value), then, otherwise),
        ));
    }
    for (branch, other) in [(then, of(condition, &yes, otherwise)), (otherwise, of(condition, then, &yes))] {
        all.extend((bare(branch) != &yes).then(|| edit(format!("nothing asked, for {branch:?}"), other)));
    }
    all
}

fn together(mut parts: Vec<Expression>) -> Expression {
    if parts.len() > 1 {
        return Expression::All(parts);
    }
    parts.pop().unwrap_or(Expression::Boolean(true))
}

fn inside(parts: &[Expression], joined: impl Fn(Vec<Expression>) -> Expression) -> Vec<Edit> {
    let mut all = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        for edit in weaker(part) {
            let mut parts = parts.to_vec();
            parts[place] = edit.becomes;
            all.push(Edit {
                becomes: joined(parts),
                ..edit
            });
        }
    }
    all
}
