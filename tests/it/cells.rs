//! Cells of inputs, held against every value there is.

use crate::random::Random;
use quorate::compile::{HORIZON, Options, compile};
use quorate::facts::cell::{Values, cells, tier};
use quorate::model::domain::{Gate, Tier};
use quorate::model::{DomainId, Input, InputKind, Model, Quorum, StandardId};
use quorate::source::{FileId, Origin, SourceFile, Span};
use quorate::syntax::ast::{Comparison, Condition, InputName, Literal, Money};
use quorate::workspace::library;
use std::collections::{BTreeMap, BTreeSet};

/// How many sets of tiers a run tries.
const MODELS: usize = 10_000;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_124;

const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

/// Two domains over one decision; their inputs and tiers are put in by the test.
const TEXT: &str = "
workspace acme \"Acme\" { changes approve 2 of (business, security); owner business ann; owner security bob }
person ann \"Ann\"
person bob \"Bob\"
data thing \"Thing\"
domain one { covers write thing; owner business ann; approve business }
domain two { covers write thing; owner security bob; approve security }
";

fn model() -> Model {
    let mut sources = library();
    sources
        .files
        .push(SourceFile::new("main.gov".into(), TEXT.into(), Origin::Workspace));
    let as_of = crate::project::TODAY.parse().expect("it is a day");
    let compilation = compile(
        sources,
        Options {
            as_of,
            horizon: HORIZON,
            name: None,
            levels: BTreeMap::new(),
        },
        Vec::new(),
    );
    assert!(compilation.errors.is_empty(), "{:#?}", compilation.errors);
    compilation.meaning.expect("it was compiled").model
}

fn euros(minor: i64) -> Literal {
    Literal::Money(Money {
        minor,
        currency: "EUR".into(),
    })
}

/// The inputs there are, with every value of each.
fn inputs() -> Vec<(&'static str, InputKind, Vec<Literal>)> {
    let words: Vec<Box<str>> = ["shop", "web", "phone"].map(Into::into).to_vec();
    vec![
        ("count", InputKind::Integer(-2, 4), (-2..=4).map(Literal::Integer).collect()),
        ("amount", InputKind::Money("EUR".into(), 0, 5), (0..=5).map(euros).collect()),
        (
            "channel",
            InputKind::OneOf(words.clone()),
            words.into_iter().map(Literal::Word).collect(),
        ),
        ("urgent", InputKind::Boolean, vec![Literal::Boolean(false), Literal::Boolean(true)]),
    ]
}

fn name(text: &str) -> InputName {
    InputName {
        text: text.into(),
        span: NOWHERE,
    }
}

/// A condition; constants may lie outside the range of the input.
fn condition(random: &mut Random, depth: u32) -> Condition {
    use Comparison::{Above, AtLeast, AtMost, Below, Equal, Unequal};
    let any = [AtMost, Below, AtLeast, Above, Equal, Unequal];
    match random.below(if depth == 0 { 5 } else { 8 }) {
        0 => Condition::Compare(
            name("count"),
            any[random.below(6)],
            Literal::Integer(random.below(11) as i64 - 4),
            NOWHERE,
        ),
        1 => Condition::Compare(name("amount"), any[random.below(6)], euros(random.below(9) as i64 - 1), NOWHERE),
        2 => Condition::Compare(
            name("urgent"),
            any[4 + random.below(2)],
            Literal::Boolean(random.below(2) == 0),
            NOWHERE,
        ),
        3 => Condition::Among(
            name("count"),
            (0..1 + random.below(3))
                .map(|_| Literal::Integer(random.below(7) as i64 - 2))
                .collect(),
            NOWHERE,
        ),
        4 => Condition::Among(
            name("channel"),
            ["shop", "web", "phone"][..1 + random.below(3)]
                .iter()
                .map(|word| Literal::Word((*word).into()))
                .collect(),
            NOWHERE,
        ),
        5 => Condition::Not(Box::new(condition(random, depth - 1))),
        6 => Condition::All((0..1 + random.below(3)).map(|_| condition(random, depth - 1)).collect()),
        _ => Condition::Any((0..1 + random.below(3)).map(|_| condition(random, depth - 1)).collect()),
    }
}

/// Whether a condition is true; none if that hangs on an input that nobody declared.
fn truth(condition: &Condition, values: &Values) -> Option<bool> {
    let order = |value: &Literal, other: &Literal| match (value, other) {
        (Literal::Integer(value), Literal::Integer(other)) => value.cmp(other),
        (Literal::Money(value), Literal::Money(other)) => value.minor.cmp(&other.minor),
        (value, other) => value.cmp(other),
    };
    match condition {
        Condition::Not(part) => truth(part, values).map(|truth| !truth),
        Condition::All(parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(|part| truth(part, values)).collect();
            match (parts.contains(&Some(false)), parts.contains(&None)) {
                (true, _) => Some(false),
                (false, true) => None,
                (false, false) => Some(true),
            }
        }
        Condition::Any(parts) => {
            let negated = parts.iter().map(|part| Condition::Not(Box::new(part.clone()))).collect();
            truth(&Condition::All(negated), values).map(|truth| !truth)
        }
        Condition::Compare(name, comparison, literal, _) => {
            let order = order(values.get(&name.text)?, literal);
            Some(match comparison {
                Comparison::AtMost => order.is_le(),
                Comparison::Below => order.is_lt(),
                Comparison::AtLeast => order.is_ge(),
                Comparison::Above => order.is_gt(),
                Comparison::Equal => order.is_eq(),
                Comparison::Unequal => order.is_ne(),
            })
        }
        Condition::Among(name, literals, _) => {
            let value = values.get(&name.text)?;
            Some(literals.iter().any(|literal| order(value, literal).is_eq()))
        }
    }
}

type Told = (Vec<Option<usize>>, BTreeSet<(StandardId, u32)>);

#[test]
fn cells_are_all_that_conditions_tell_apart() {
    println!("seed {SEED}, {MODELS} sets of tiers");
    let mut random = Random::new(SEED);
    let mut model = model();
    let domains = [DomainId(0), DomainId(1)];
    let standard = model.adoption.standards[0];
    let mut seen = BTreeSet::new();
    for number in 0..MODELS {
        let known: Vec<_> = inputs().into_iter().filter(|_| random.below(4) > 0).collect();
        for domain in &mut model.domains {
            domain.inputs = known
                .iter()
                .map(|(name, kind, _)| Input {
                    name: (*name).into(),
                    kind: kind.clone(),
                    span: NOWHERE,
                })
                .collect();
            let mut gates: Vec<Gate> = (0..random.below(3)).map(|_| Gate::When(condition(&mut random, 2))).collect();
            gates.push(if gates.is_empty() { Gate::Always } else { Gate::Otherwise });
            if random.below(4) == 0 && gates.len() > 1 {
                gates.pop();
            }
            domain.tiers = gates
                .into_iter()
                .map(|gate| Tier {
                    quorum: Quorum::None,
                    gate,
                    span: NOWHERE,
                    text: "".into(),
                })
                .collect();
        }
        let mut rules: Vec<(u32, Condition)> = Vec::new();
        for (index, rule) in model.standards[standard.index()].rules.iter_mut().enumerate() {
            if let Some(select) = &mut rule.select {
                select.when = (rules.len() < 2 && random.below(3) == 0).then(|| condition(&mut random, 1));
                rules.extend(select.when.clone().map(|when| (index as u32, when)));
            }
        }
        let mut every = vec![Values::new()];
        for (name, _, values) in &known {
            every = every
                .iter()
                .flat_map(|row| {
                    values.iter().map(|value| {
                        row.iter()
                            .map(|(name, value)| (name.clone(), value.clone()))
                            .chain([((*name).into(), value.clone())])
                            .collect()
                    })
                })
                .collect();
        }
        let told = |values: &Values| -> Told {
            let first = |domain: &DomainId| {
                model.domains[domain.index()].tiers.iter().position(|tier| match &tier.gate {
                    Gate::Always | Gate::Otherwise => true,
                    Gate::When(condition) => truth(condition, values) == Some(true),
                })
            };
            // What may apply does.
            let apply = rules
                .iter()
                .filter(|(_, condition)| truth(condition, values) != Some(false))
                .map(|(rule, _)| (standard, *rule));
            (domains.iter().map(first).collect(), apply.collect())
        };
        let expected: BTreeSet<Told> = every.iter().map(told).collect();
        let found = cells(&model, &domains).expect("there are few");
        let shown = || {
            format!(
                "set {number} of seed {SEED}: {:#?} {rules:#?}",
                model.domains.iter().map(|domain| &domain.tiers).collect::<Vec<_>>()
            )
        };
        assert_eq!(
            found
                .iter()
                .map(|cell| (cell.tiers.clone(), cell.rules.clone()))
                .collect::<BTreeSet<_>>(),
            expected,
            "{}",
            shown()
        );
        assert_eq!(found.len(), expected.len(), "a cell occurs twice: {}", shown());
        for cell in &found {
            let again: Vec<Option<usize>> = domains.iter().map(|domain| tier(&model, *domain, &cell.sample)).collect();
            assert_eq!(again, cell.tiers, "the sample is in another cell: {}", shown());
        }
        seen.insert(found.len());
    }
    println!("numbers of cells: {seen:?}");
    assert!(seen.len() > 5, "the conditions are too much alike: {seen:?}");
}
