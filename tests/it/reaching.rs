//! Who reaches what and who decides it, in small random models, answered a second time by asking of every single atom what
//! the definitions say.

use crate::in_process::model as model_of;
use crate::random::Random;
use crate::small_models::{Grant, OneAtom, Own, System, below, leaves};
use quorate::facts::atom::expand;
use quorate::facts::{Atom, AtomId, Facts, derive};
use quorate::model::{Grant as Resolved, Model};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many models stand in one workspace, and how many workspaces a run tries.
const MODELS: usize = 100;
const WORKSPACES: usize = 100;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_128;

/// What the rules of the standard are for, as they are written.
const SELECTS: [(&str, &str); 6] = [
    ("any", "personal"),
    ("mutates", "restricted"),
    ("discloses", "any"),
    ("irreversible", "personal"),
    ("read", "any"),
    ("write.update", "restricted"),
];

type Named = (String, String, String);

fn named(model: &Model, atom: Atom) -> Named {
    let (action, data, system) = atom.names(model);
    (action.to_owned(), data.to_owned(), system.to_owned())
}

/// Everything about one workspace by names, so that it is put together once.
struct Found<'a> {
    model: &'a Model,
    ids: BTreeMap<Named, AtomId>,
    facts: &'a Facts,
    agents: BTreeMap<&'a str, usize>,
    tasks: BTreeMap<&'a str, usize>,
    identities: BTreeMap<&'a str, usize>,
    data: BTreeMap<&'a str, usize>,
    actions: BTreeMap<&'a str, usize>,
}

fn places<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    names.zip(0..).collect()
}

impl<'a> Found<'a> {
    fn of(model: &'a Model, facts: &'a Facts) -> Found<'a> {
        let atoms = facts.atoms.list.iter().zip(0..);
        Found {
            model,
            facts,
            ids: atoms.map(|(atom, id)| (named(model, *atom), AtomId(id))).collect(),
            agents: places(model.agents.iter().map(|one| &*one.meta.name)),
            tasks: places(model.tasks.iter().map(|one| &*one.meta.name)),
            identities: places(model.identities.iter().map(|one| &*one.meta.name)),
            data: places(model.data.iter().map(|one| &*one.meta.name)),
            actions: places(model.actions.iter().map(|one| &*one.meta.name)),
        }
    }

    fn expanded(&self, grants: &[Resolved]) -> BTreeSet<Named> {
        let atoms = grants.iter().flat_map(|grant| expand(self.model, grant));
        atoms.map(|atom| named(self.model, atom)).collect()
    }
}

/// How often each thing was seen, so that the models are not too much alike.
#[derive(Debug, Default)]
struct Seen(BTreeMap<&'static str, usize>);

impl Seen {
    fn add(&mut self, what: &'static str, count: usize) {
        *self.0.entry(what).or_default() += count;
    }

    fn and(mut self, other: Seen) -> Seen {
        other.0.into_iter().for_each(|(what, count)| self.add(what, count));
        self
    }
}

fn held_against(own: &Own, others: &[System], found: &Found<'_>, seen: &mut Seen) {
    let (number, model, facts) = (own.number, found.model, found.facts);
    let told = |what: &str| format!("{what}\n{}", own.written());
    // Containment.
    for (entry, leaf) in own
        .data
        .iter()
        .flat_map(|entry| leaves(&own.data).into_iter().map(move |leaf| (entry, leaf.0)))
    {
        let below_it = model.data[found.data[&*entry.name]]
            .leaves
            .iter()
            .any(|id| *model.data[id.index()].meta.name == *leaf);
        assert_eq!(
            below_it,
            below(&leaf, &entry.name),
            "{}",
            told(&format!("{leaf} in {}", entry.name))
        );
    }
    for (entry, leaf) in own
        .actions
        .iter()
        .flat_map(|entry| leaves(&own.actions).into_iter().map(move |leaf| (entry, leaf.0)))
    {
        let ids = &model.actions[found.actions[&*entry.name]].leaves;
        let below_it = ids.iter().any(|id| *model.actions[id.index()].meta.name == *leaf);
        assert_eq!(
            below_it,
            below(&leaf, &entry.name),
            "{}",
            told(&format!("{leaf} in {}", entry.name))
        );
    }
    // Grants.
    let all = own.all_atoms(others);
    let takes = |grants: &[Grant], (action, data, system, _): &OneAtom<'_>| grants.iter().any(|grant| grant.takes((action, data, system)));
    let taken = |grants: &[Grant]| -> BTreeSet<Named> {
        let atoms = all.iter().filter(|atom| takes(grants, atom));
        atoms
            .map(|(action, data, system, _)| (action.clone(), data.clone(), (*system).to_owned()))
            .collect()
    };
    let access: Vec<BTreeSet<Named>> = own.identities.iter().map(|(grants, _)| taken(grants)).collect();
    for (place, expected) in access.iter().enumerate() {
        let identity = &model.identities[found.identities[&*format!("m{number}_i{place}")]];
        assert_eq!(
            &found.expanded(&identity.access),
            expected,
            "{}",
            told(&format!("the access of identity {place}"))
        );
    }
    let scopes: Vec<BTreeSet<Named>> = own.tasks.iter().map(|task| taken(&task.grants)).collect();
    for (place, expected) in scopes.iter().enumerate() {
        let scope = &facts.scopes[found.tasks[&*format!("m{number}_t{place}")]];
        let scope: BTreeSet<Named> = scope.iter().map(|id| named(model, facts.atoms.get(*id))).collect();
        assert_eq!(&scope, expected, "{}", told(&format!("the scope of task {place}")));
    }
    // Reach, with each route of its own.
    let mut reached: BTreeSet<Named> = BTreeSet::new();
    for agent in 0..own.agents.len() {
        let mut expected: BTreeMap<Named, [bool; 4]> = BTreeMap::new();
        for task in (0..own.tasks.len()).filter(|task| own.tasks[*task].agent == agent && own.tasks[*task].current) {
            scopes[task]
                .iter()
                .for_each(|atom| expected.entry(atom.clone()).or_default()[0] = true);
        }
        for task in (0..own.tasks.len()).filter(|task| own.tasks[*task].agent == agent && own.tasks[*task].coming) {
            scopes[task]
                .iter()
                .for_each(|atom| expected.entry(atom.clone()).or_default()[3] = true);
        }
        let can_be = own.can_be(agent);
        seen.add("assumed", usize::from(can_be.len() > own.agents[agent].0.len()));
        for identity in can_be {
            access[identity]
                .iter()
                .for_each(|atom| expected.entry(atom.clone()).or_default()[1] = true);
        }
        for task in own.sets_going(agent) {
            scopes[task]
                .iter()
                .for_each(|atom| expected.entry(atom.clone()).or_default()[2] = true);
        }
        let points = facts.reach[found.agents[&*format!("m{number}_a{agent}")]].points.iter();
        let points: BTreeMap<Named, [bool; 4]> = points
            .map(|(id, routes)| {
                (
                    named(model, facts.atoms.get(*id)),
                    [routes.scope, routes.access, routes.through, routes.coming],
                )
            })
            .collect();
        assert_eq!(points, expected, "{}", told(&format!("what agent {agent} reaches")));
        for [scope, access, through, coming] in expected.values() {
            seen.add("scope", usize::from(*scope));
            seen.add("access", usize::from(*access));
            seen.add("through", usize::from(*through));
            seen.add("coming", usize::from(*coming && !scope && !access && !through));
        }
        reached.extend(expected.into_keys());
    }
    // Who decides, with which flags, and what is asked.
    for atom in &all {
        let (action, data, system, flags) = atom;
        let name = (action.clone(), data.clone(), (*system).to_owned());
        if !reached.contains(&name) {
            continue;
        }
        let id = found.ids[&name];
        let expected: BTreeSet<String> = (0..own.domains.len())
            .filter(|domain| takes(&own.domains[*domain], atom))
            .map(|domain| format!("m{number}_d{domain}"))
            .collect();
        let domains = facts
            .group(id)
            .domains
            .iter()
            .map(|domain| model.domains[domain.index()].meta.name.to_string());
        assert_eq!(
            domains.collect::<BTreeSet<_>>(),
            expected,
            "{}",
            told(&format!("who decides {name:?}"))
        );
        match expected.len() {
            0 => seen.add("undecided", 1),
            1 => seen.add("decided", 1),
            _ => seen.add("decided by several", 1),
        }
        let is = facts.atoms.get(id).flags(model);
        let is = [is.personal, is.restricted, is.mutates, is.discloses, is.irreversible];
        assert_eq!(&is, flags, "{}", told(&format!("the flags of {name:?}")));
        let has = |word: &str, of: &str| match ["personal", "restricted", "mutates", "discloses", "irreversible"]
            .iter()
            .position(|flag| *flag == word)
        {
            Some(flag) => flags[flag],
            None => word == "any" || below(of, word),
        };
        let expected: Vec<u32> = (0..)
            .zip(SELECTS)
            .filter(|(_, (does, about))| has(does, action) && has(about, data))
            .map(|(rule, _)| rule)
            .collect();
        let asked = facts.applicable[id.index()]
            .iter()
            .filter(|asked| &*model.standards[asked.standard.index()].meta.name == "own");
        assert_eq!(
            asked.map(|asked| asked.rule).collect::<Vec<_>>(),
            expected,
            "{}",
            told(&format!("what is asked of {name:?}"))
        );
        seen.add("asked", expected.len());
    }
}

#[test]
fn what_is_reached_and_who_decides_is_as_defined() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {MODELS} models");
    let mut random = Random::new(SEED);
    let workspaces: Vec<Vec<Own>> = (0..WORKSPACES)
        .map(|_| (0..MODELS).map(|number| Own::random(&mut random, number)).collect())
        .collect();
    let rules: String = SELECTS
        .iter()
        .map(|(action, data)| format!("  require basis for {action} {data}\n"))
        .collect();
    let each = workspaces.par_iter().map(|models| {
        let mut seen = Seen::default();
        let written: String = models.iter().map(Own::written).collect();
        let model = model_of(&format!("standard own {{\n{rules}}}\nadopt own\n{written}"));
        let facts = derive(&model);
        let found = Found::of(&model, &facts);
        let all = models.iter().flat_map(|own| &own.systems);
        let any: Vec<System> = all.filter(|system| system.holds.is_none()).cloned().collect();
        for own in models {
            let listed = own.systems.iter().filter(|system| system.holds.is_some()).cloned();
            let systems: Vec<System> = listed.chain(any.iter().cloned()).collect();
            held_against(own, &systems, &found, &mut seen);
        }
        seen
    });
    let seen = each.reduce(Seen::default, Seen::and);
    println!("{seen:?}");
    assert!(
        seen.0.values().all(|count| *count > 400) && seen.0.len() == 9,
        "the models are too much alike: {seen:?}"
    );
}
