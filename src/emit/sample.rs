//! Random policies and requests, the same for the same seed: what property tests run on.

#[path = "sample/requests.rs"]
mod requests;

pub use requests::{approve, requests};

use crate::emit::policy::{
    Agent, Comparison, Condition, Constant, Domain, Emergency, FOREVER, Group, Input, Limit, OUTSIDER, Operations, Person, Policy,
    Principal, Quorum, SCHEDULE, StartedBy, Task, Tier, Window,
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything happens around this second.
pub const NOW: i64 = 1_795_428_000;

const FUNCTIONS: [&str; 3] = ["business", "privacy", "security"];
const ACTIONS: [&str; 3] = ["read", "write.delete", "write.update"];
const RESOURCES: [&str; 6] = [
    "crm/consent",
    "crm/profile",
    "crm/segment",
    "shop/invoice",
    "shop/price",
    "shop/profile",
];
const PURPOSES: [&str; 2] = ["billing", "sync"];
const HOSTILE: [&str; 3] = [
    "spiffe://a/\"b\"\\\n</script>",
    "input.x == data[_] } #",
    "${{7}} \u{2028} \"); permit(",
];

/// A small xorshift generator.
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// A number below this one, which is not 0.
    pub fn below(&mut self, number: usize) -> usize {
        (self.next() % number as u64) as usize
    }

    /// Whether an event with this probability, in percent, happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these items; the list is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The items that a coin toss selects, at least one.
    fn some<'a, T>(&mut self, from: &'a [T]) -> Vec<&'a T> {
        let some: Vec<&T> = from.iter().filter(|_| self.chance(50)).collect();
        if some.is_empty() { vec![self.pick(from)] } else { some }
    }
}

/// A person who is always there and has one declaration.
pub fn person(id: &str) -> (String, Person) {
    let window = Window { starts: 0, ends: FOREVER };
    let person = Person {
        human: id.to_owned(),
        window,
        accounts: BTreeSet::new(),
    };
    (id.to_owned(), person)
}

/// A principal of nobody, with the longest life of a credential.
pub fn principal(life: Option<i64>) -> Principal {
    Principal { life, human: None }
}

/// An agent that may do these operations for each of these people.
pub fn acting(agent: Agent, people: &[&str], may: &Operations) -> Agent {
    let bound = "bound".to_owned();
    Agent {
        acts_for: people.iter().map(|person| ((*person).to_owned(), bound.clone())).collect(),
        bounds: match people.is_empty() {
            true => BTreeMap::new(),
            false => BTreeMap::from([(bound, may.clone())]),
        },
        ..agent
    }
}

/// A random policy.
pub fn policy(random: &mut Random) -> Policy {
    let names: Vec<String> = (0..4 + random.below(6)).map(|number| format!("acme.p{number}")).collect();
    let everybody = declared(random, &names);
    let people: Vec<String> = everybody.keys().cloned().collect();
    let mut domains: BTreeMap<String, Domain> = (0..1 + random.below(4))
        .map(|number| (format!("acme.d{number}"), domain(random, &people)))
        .collect();
    domains.values_mut().for_each(|domain| within(domain, &everybody));
    let mut agents: BTreeMap<String, Agent> = (0..1 + random.below(3))
        .map(|number| (format!("acme.a{number}"), agent(random, number, &people)))
        .collect();
    let names: Vec<String> = agents.keys().cloned().collect();
    let names: Vec<&String> = names.iter().collect();
    let tasks: BTreeMap<String, Task> = (0..1 + random.below(4))
        .map(|number| (format!("acme.t{number}"), task(random, &names, &people)))
        .collect();
    let calls = (0..random.below(4)).map(|_| {
        (
            random.pick(&names).to_string(),
            random.pick(&names).to_string(),
            random.pick(&tasks.keys().collect::<Vec<_>>()).to_string(),
        )
    });
    let limits = tasks
        .values()
        .flat_map(|task| &task.limits)
        .chain(domains.values().flat_map(|domain| &domain.limits));
    let inputs = limits
        .map(|limit| limit.input.clone())
        .chain(domains.values().flat_map(|domain| domain.inputs.keys().cloned()))
        .collect();
    let calls: BTreeSet<(String, String, String)> = calls.collect();
    for task in tasks.values() {
        if let Some(agent) = agents.get_mut(&task.agent) {
            agent.current.push(task.window);
        }
    }
    Policy {
        workspace: "acme".to_owned(),
        revision: "sha256:revision".to_owned(),
        calls,
        groups: groups(random, &domains.keys().collect::<Vec<_>>()),
        people: everybody,
        agents,
        tasks,
        domains,
        inputs,
    }
}

fn agent(random: &mut Random, number: usize, people: &[String]) -> Agent {
    let mut principals = BTreeMap::from([(format!("spiffe://acme/{number}"), principal(Some(*random.pick(&[60, 900, 3600]))))]);
    if random.chance(40) {
        let other = Principal {
            life: random.chance(70).then_some(300),
            human: random.chance(40).then(|| random.pick(people).clone()),
        };
        principals.insert((*random.pick(&HOSTILE)).to_owned(), other);
    }
    let bounds: BTreeMap<String, Operations> = match random.chance(35) {
        true => (0..1 + random.below(3))
            .map(|bound| (format!("acme.a{number}/{bound}"), operations(random)))
            .collect(),
        false => BTreeMap::new(),
    };
    let names: Vec<&String> = bounds.keys().collect();
    let acts_for = match names.is_empty() {
        true => BTreeMap::new(),
        false => random
            .some(people)
            .into_iter()
            .map(|person| (person.clone(), random.pick(&names).to_string()))
            .collect(),
    };
    Agent {
        principals,
        acts_for,
        bounds,
        current: Vec::new(),
        source: "main.gov:1".to_owned(),
    }
}

fn operations(random: &mut Random) -> Operations {
    let resources = |random: &mut Random| random.some(&RESOURCES).into_iter().map(|resource| (*resource).to_owned()).collect();
    let actions = random.some(&ACTIONS).into_iter();
    actions.map(|action| ((*action).to_owned(), resources(random))).collect()
}

/// What is only allowed up to a time.
fn waived(random: &mut Random, scope: &Operations) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut waived: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for (action, resources) in scope.iter().filter(|_| random.chance(20)) {
        for resource in resources {
            waived.entry(action.clone()).or_default().insert(resource.clone(), NOW + 3600);
        }
    }
    waived
}

fn started_by(random: &mut Random, people: &[String]) -> StartedBy {
    let words = [SCHEDULE, OUTSIDER]
        .into_iter()
        .filter(|_| random.chance(20))
        .map(ToOwned::to_owned)
        .collect();
    let only = random.chance(20).then(|| random.some(people).into_iter().cloned().collect());
    StartedBy { only, words }
}

/// People, some of whom come or go, and some of whom are declared twice.
fn declared(random: &mut Random, names: &[String]) -> BTreeMap<String, Person> {
    let mut people = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        let human = match index > 0 && random.chance(15) {
            true => names[random.below(index)].clone(),
            false => name.clone(),
        };
        let human = people.get(&human).map_or(human, |person: &Person| person.human.clone());
        let window = match random.chance(75) {
            true => Window { starts: 0, ends: FOREVER },
            false => window(random),
        };
        let accounts = BTreeSet::from([format!("{name}@acme.example")]);
        people.insert(name.clone(), Person { human, window, accounts });
    }
    people
}

/// Keeps the windows of seats within those of the people.
fn within(domain: &mut Domain, people: &BTreeMap<String, Person>) {
    for seats in domain.seats.values_mut() {
        for (name, windows) in seats.iter_mut() {
            let of = people[name].window;
            for window in windows.iter_mut() {
                *window = Window {
                    starts: window.starts.max(of.starts),
                    ends: window.ends.min(of.ends),
                };
            }
            windows.retain(|window| window.starts < window.ends);
        }
        seats.retain(|_, windows| !windows.is_empty());
    }
}

fn task(random: &mut Random, agents: &[&String], people: &[String]) -> Task {
    let scope = operations(random);
    let inputs = declarations(random);
    Task {
        agent: random.pick(agents).to_string(),
        purpose: random.chance(95).then(|| (*random.pick(&PURPOSES)).to_owned()),
        window: window(random),
        waived: waived(random, &scope),
        started_by: started_by(random, people),
        scope,
        limits: if random.chance(40) {
            vec![limit(random, &inputs)]
        } else {
            Vec::new()
        },
        source: "main.gov:2".to_owned(),
    }
}

fn window(random: &mut Random) -> Window {
    let starts = *random.pick(&[0, NOW - 2_592_000, NOW - 86_400, NOW - 3600, NOW - 60]);
    let ends = *random.pick(&[FOREVER, FOREVER, NOW + 1, NOW + 3600, NOW + 86_400]);
    Window { starts, ends }
}

fn domain(random: &mut Random, people: &[String]) -> Domain {
    let seats = FUNCTIONS
        .map(|function| {
            (
                function.to_owned(),
                random
                    .some(people)
                    .into_iter()
                    .map(|person| (person.clone(), windows(random)))
                    .collect(),
            )
        })
        .into();
    let inputs = if random.chance(60) { declarations(random) } else { BTreeMap::new() };
    let mut tiers: Vec<Tier> = (0..random.below(3))
        .filter(|_| !inputs.is_empty())
        .map(|_| tier(Some(condition(random, &inputs, 2)), quorum(random, 2)))
        .collect();
    if tiers.is_empty() || random.chance(80) {
        tiers.push(tier(None, quorum(random, 2)));
    }
    Domain {
        title: "A domain".to_owned(),
        seats,
        tiers,
        same_person: random.chance(30),
        valid: *random.pick(&[60, 3600, 86_400]),
        single_use: random.chance(50),
        limits: if !inputs.is_empty() && random.chance(50) {
            vec![limit(random, &inputs)]
        } else {
            Vec::new()
        },
        inputs,
        purposes: random
            .chance(30)
            .then(|| random.some(&PURPOSES).into_iter().map(|purpose| (*purpose).to_owned()).collect()),
        rollbacks: if random.chance(30) {
            vec![random.pick(&["acme.restore", "acme.undo"]).to_string()]
        } else {
            Vec::new()
        },
        evidence: random.chance(40).then(|| random.pick(&["acme.ledger", "acme.log"]).to_string()),
        emergency: random.chance(30).then(|| Emergency {
            quorum: quorum(random, 1),
            lasts: *random.pick(&[60, 3600]),
            review: random.chance(50).then_some(86_400),
            source: "main.gov:4".to_owned(),
        }),
        source: "main.gov:3".to_owned(),
        controls: vec!["house-controls:ASI03".to_owned()],
    }
}

fn windows(random: &mut Random) -> Vec<Window> {
    let first = window(random);
    let second = Window {
        starts: NOW + 7200,
        ends: NOW + 90_000,
    };
    if first.ends < second.starts && random.chance(40) {
        vec![first, second]
    } else {
        vec![first]
    }
}

fn tier(condition: Option<Condition>, quorum: Quorum) -> Tier {
    Tier {
        condition,
        quorum,
        text: "as written".to_owned(),
        source: "main.gov:5".to_owned(),
    }
}

fn quorum(random: &mut Random, depth: usize) -> Quorum {
    match random.below(if depth == 0 { 5 } else { 9 }) {
        0 if depth > 1 => Quorum::None,
        0..=3 => Quorum::Seat(1, random.pick(&FUNCTIONS).to_string()),
        4 => Quorum::Seat(2, random.pick(&FUNCTIONS).to_string()),
        _ => {
            let parts: Vec<Quorum> = (0..2 + random.below(2)).map(|_| quorum(random, depth - 1)).collect();
            Quorum::Threshold(1 + random.below(parts.len()) as u32, parts)
        }
    }
}

/// Inputs with some bounds. Now and then they differ from what another domain says of the same name.
fn declarations(random: &mut Random) -> BTreeMap<String, Input> {
    let most = *random.pick(&[50_000, 50_000, 50_000, 40_000]);
    let words = [*random.pick(&HOSTILE), "late", "broken"].map(ToOwned::to_owned).to_vec();
    let all = [
        (
            "amount",
            Input::Money {
                currency: "EUR".to_owned(),
                from: 0,
                to: most,
            },
        ),
        (
            "records",
            Input::Integer {
                from: *random.pick(&[-5, 0]),
                to: 1000,
            },
        ),
        ("reason", Input::OneOf { words }),
        ("urgent", Input::Boolean),
        ("note", Input::Text),
    ];
    random
        .some(&all)
        .into_iter()
        .map(|(name, input)| ((*name).to_owned(), input.clone()))
        .collect()
}

/// A limit of a number among these, or else of records.
fn limit(random: &mut Random, inputs: &BTreeMap<String, Input>) -> Limit {
    let (input, unit) = if inputs.contains_key("amount") {
        ("amount", "EUR")
    } else {
        ("records", "integer")
    };
    let per = *random.pick(&[None, Some(86_400), Some(604_800), Some(90)]);
    Limit {
        input: input.to_owned(),
        unit: unit.to_owned(),
        most: *random.pick(&[100, 1000, 45_000]),
        per,
        source: "main.gov:6".to_owned(),
    }
}

fn condition(random: &mut Random, inputs: &BTreeMap<String, Input>, depth: usize) -> Condition {
    let parts = |random: &mut Random| (0..2).map(|_| condition(random, inputs, depth - 1)).collect();
    match random.below(if depth == 0 { 3 } else { 6 }) {
        3 => Condition::All(parts(random)),
        4 => Condition::Any(parts(random)),
        5 => Condition::Not(Box::new(condition(random, inputs, depth - 1))),
        _ => compare(random, inputs),
    }
}

fn compare(random: &mut Random, inputs: &BTreeMap<String, Input>) -> Condition {
    let (name, input) = *random.pick(&inputs.iter().collect::<Vec<_>>());
    let ordered = [
        Comparison::AtMost,
        Comparison::Below,
        Comparison::AtLeast,
        Comparison::Above,
        Comparison::Equal,
        Comparison::Unequal,
    ];
    let equal = [Comparison::Equal, Comparison::Unequal];
    let name = name.clone();
    match input {
        Input::Money { .. } | Input::Integer { .. } => {
            Condition::Compare(name, *random.pick(&ordered), Constant::Number(*random.pick(&[0, 100, 900, 20_000])))
        }
        Input::OneOf { words } if random.chance(50) => {
            Condition::Among(name, random.some(words).into_iter().cloned().map(Constant::Word).collect())
        }
        Input::OneOf { words } => Condition::Compare(name, *random.pick(&equal), Constant::Word(random.pick(words).clone())),
        Input::Boolean => Condition::Compare(name, *random.pick(&equal), Constant::Boolean(random.chance(50))),
        // A text is never compared.
        Input::Text => Condition::All(Vec::new()),
    }
}

/// Parts of the operations, each under some domains or under none.
fn groups(random: &mut Random, domains: &[&String]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for actions in [&ACTIONS[..1], &ACTIONS[1..]] {
        for resources in [&RESOURCES[..2], &RESOURCES[2..4], &RESOURCES[4..]] {
            if random.chance(20) {
                continue;
            }
            let mut of: Vec<String> = random.some(domains).into_iter().map(|domain| (*domain).clone()).take(3).collect();
            of.sort();
            let id = of.join("+");
            let same = groups.iter().filter(|group| group.domains == of).count();
            let id = if same == 0 { id } else { format!("{id}#{}", same + 1) };
            let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            groups.push(Group {
                id,
                domains: of,
                actions: owned(actions),
                resources: owned(resources),
            });
        }
    }
    groups
}
