//! Small random calls between agents: what an agent can set going, and by which chain, answered a second time by trying every walk.

use crate::in_process::model;
use crate::random::Random;
use quorate::facts::derive;
use quorate::model::{AgentId, Model, TaskId};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many groups of agents stand in one workspace, and how many workspaces a run tries.
const GROUPS: usize = 100;
const WORKSPACES: usize = 100;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_126;

/// A task: its agent, and whether it is current.
type Task = (usize, bool);

/// A call: from which agent, to which, for which task; for any if none.
type Call = (usize, usize, Option<usize>);

/// A few agents, their tasks and their calls.
struct Group {
    agents: usize,
    tasks: Vec<Task>,
    calls: Vec<Call>,
}

fn group(random: &mut Random) -> Group {
    let agents = 2 + random.below(5);
    let tasks: Vec<Task> = (0..1 + random.below(6))
        .map(|_| (random.below(agents), random.below(4) > 0))
        .collect();
    let calls = (0..agents + random.below(agents)).map(|_| {
        let task = (random.below(3) > 0).then(|| random.below(tasks.len()));
        // Most calls are for a task of the agent that is called, as they should be.
        let to = match task {
            Some(task) if random.below(4) > 0 => tasks[task].0,
            Some(_) | None => random.below(agents),
        };
        (random.below(agents), to, task)
    });
    // No line occurs twice.
    let mut once: Vec<Call> = Vec::new();
    for call in calls {
        if !once.contains(&call) {
            once.push(call);
        }
    }
    Group {
        agents,
        tasks,
        calls: once,
    }
}

fn written(group: &Group, number: usize) -> String {
    let mut text = String::new();
    for agent in 0..group.agents {
        text.push_str(&format!("agent g{number}_a{agent} {{\n"));
        for (_, to, task) in group.calls.iter().filter(|(from, ..)| *from == agent) {
            match task {
                Some(task) => text.push_str(&format!("  calls g{number}_a{to} doing g{number}_t{task}\n")),
                None => text.push_str(&format!("  calls g{number}_a{to}\n")),
            }
        }
        text.push_str("}\n");
    }
    for (task, (agent, current)) in group.tasks.iter().enumerate() {
        let until = if *current { "2027-06-30" } else { "2026-06-30" };
        text.push_str(&format!(
            "task g{number}_t{task} for g{number}_a{agent} {{\n  read thing\n  until {until}\n}}\n"
        ));
    }
    text
}

/// The tasks that one call sets going.
fn set_going(group: &Group, (_, to, task): Call) -> Vec<usize> {
    match task {
        Some(task) => vec![task],
        None => (0..group.tasks.len()).filter(|task| group.tasks[*task].0 == to).collect(),
    }
}

/// The current tasks that an agent sets going in others, each with every shortest chain of agents, by trying all walks of growing length.
fn shortest(group: &Group, start: usize) -> BTreeMap<usize, BTreeSet<Vec<usize>>> {
    let mut found: BTreeMap<usize, BTreeSet<Vec<usize>>> = BTreeMap::new();
    let mut walks: BTreeSet<Vec<usize>> = BTreeSet::from([Vec::new()]);
    for _ in 0..group.agents {
        let mut now: BTreeMap<usize, BTreeSet<Vec<usize>>> = BTreeMap::new();
        let mut longer = BTreeSet::new();
        for walk in &walks {
            let at = walk.last().copied().unwrap_or(start);
            for call in group.calls.iter().filter(|(from, ..)| *from == at) {
                let walk = [&walk[..], &[call.1]].concat();
                let others = set_going(group, *call)
                    .into_iter()
                    .filter(|task| group.tasks[*task].1 && call.1 != start);
                for task in others.filter(|task| !found.contains_key(task)) {
                    now.entry(task).or_default().insert(walk.clone());
                }
                // A path that visits an agent twice does not make any path shorter.
                if call.1 != start && walk.iter().collect::<BTreeSet<_>>().len() == walk.len() {
                    longer.insert(walk);
                }
            }
        }
        found.extend(now);
        walks = longer;
    }
    found
}

fn place<'a>(mut names: impl Iterator<Item = &'a str>, name: &str) -> u32 {
    names.position(|one| one == name).expect("it is declared") as u32
}

fn agent(model: &Model, number: usize, agent: usize) -> AgentId {
    AgentId(place(
        model.agents.iter().map(|one| &*one.meta.name),
        &format!("g{number}_a{agent}"),
    ))
}

/// How many chains there are, and of how many calls the longest is.
fn held_against(groups: &[Group], workspace: usize) -> (usize, usize) {
    let mut text = String::from("data thing\n");
    for (number, group) in groups.iter().enumerate() {
        text.push_str(&written(group, number));
    }
    let model = &model(&text);
    let facts = derive(model);
    let (mut chains, mut longest) = (0, 0);
    for (number, group) in groups.iter().enumerate() {
        let agents: Vec<AgentId> = (0..group.agents).map(|own| agent(model, number, own)).collect();
        for start in 0..group.agents {
            let told = |what: &str| {
                format!(
                    "group {number} of workspace {workspace}, seed {SEED}, from {start}: {what}\n{}",
                    written(group, number)
                )
            };
            let expected = shortest(group, start);
            let task = |task: TaskId| {
                let name = model.tasks[task.index()]
                    .meta
                    .name
                    .rsplit_once("_t")
                    .map(|(_, number)| number.parse());
                name.and_then(Result::ok).expect("a task is called by its number")
            };
            let calls = &facts.reach[agents[start].index()].called;
            let found: Vec<(usize, Vec<usize>)> = calls
                .tasks
                .iter()
                .map(|called| {
                    let path = calls.path(called).into_iter();
                    let path = path.filter_map(|agent| agents.iter().position(|own| *own == agent));
                    (task(called.task), path.collect())
                })
                .collect();
            let tasks: BTreeSet<usize> = found.iter().map(|(task, _)| *task).collect();
            assert_eq!(tasks, expected.keys().copied().collect(), "{}", told("the tasks"));
            assert_eq!(tasks.len(), found.len(), "{}", told("each task once"));
            assert!(found.is_sorted_by_key(|(_, path)| path.len()), "{}", told("nearest first"));
            for (task, path) in &found {
                assert!(expected[task].contains(path), "{}", told("a chain that is not a shortest one"));
                longest = longest.max(path.len());
                chains += 1;
            }
        }
    }
    (chains, longest)
}

#[test]
fn the_chains_of_calls_are_the_shortest_there_are() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {GROUPS} groups of agents");
    let mut random = Random::new(SEED);
    let workspaces: Vec<Vec<Group>> = (0..WORKSPACES).map(|_| (0..GROUPS).map(|_| group(&mut random)).collect()).collect();
    let each = workspaces
        .par_iter()
        .enumerate()
        .map(|(number, groups)| held_against(groups, number));
    let (chains, longest) = each.reduce(Default::default, |one, two| (one.0 + two.0, one.1.max(two.1)));
    println!("{chains} chains, the longest has {longest} calls");
    assert!(chains > GROUPS * WORKSPACES * 2 && longest >= 4, "the groups are too much alike");
}
