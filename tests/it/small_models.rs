//! Small random taxonomies, systems, credentials, tasks, calls and domains, as text, and what the definitions say of them
//! (semantics, section 2), from names alone.

use crate::random::Random;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Flags of actions and of classes, as they are written.
const ACTION_FLAGS: [&str; 3] = ["mutates", "discloses", "irreversible"];
const DATA_FLAGS: [&str; 2] = ["personal", "restricted"];

/// Leaves of the library's actions that are used here, each with its flags.
const LIBRARY: [(&str, [bool; 3]); 7] = [
    ("read.view", [false, false, false]),
    ("read.export", [false, true, false]),
    ("write.create", [true, false, false]),
    ("write.update", [true, false, false]),
    ("write.delete", [true, false, false]),
    ("execute", [true, false, false]),
    ("send", [true, true, true]),
];

/// A class or an action: its names from the root on, and the flags it was given.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub flags: Vec<bool>,
}

/// Whether one name is another, or below it.
pub fn below(name: &str, other: &str) -> bool {
    name.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The names below which there is nothing, each with the flags of everything above it.
pub fn leaves(entries: &[Entry]) -> Vec<(String, Vec<bool>)> {
    let bare = |entry: &&Entry| {
        !entries
            .iter()
            .any(|other| other.name != entry.name && below(&other.name, &entry.name))
    };
    let inherited = |entry: &Entry| {
        let above = entries.iter().filter(|other| below(&entry.name, &other.name));
        (0..entry.flags.len())
            .map(|flag| above.clone().any(|other| other.flags[flag]))
            .collect()
    };
    entries
        .iter()
        .filter(bare)
        .map(|entry| (entry.name.clone(), inherited(entry)))
        .collect()
}

#[derive(Clone, Debug)]
pub struct Grant {
    pub action: String,
    pub data: Vec<String>,
    pub except: Vec<String>,
    pub systems: Vec<String>,
}

impl Grant {
    pub fn takes(&self, (action, data, system): (&str, &str, &str)) -> bool {
        below(action, &self.action)
            && self.data.iter().any(|class| below(data, class))
            && !self.except.iter().any(|class| below(data, class))
            && (self.systems.is_empty() || self.systems.iter().any(|name| name == system))
    }

    pub fn written(&self) -> String {
        let mut text = format!("{} {}", self.action, self.data.join(", "));
        if !self.except.is_empty() {
            text += &format!(" except {}", self.except.join(", "));
        }
        if !self.systems.is_empty() {
            text += &format!(" in {}", self.systems.join(", "));
        }
        text
    }
}

/// Action, class and system, and whether it is personal, restricted, mutates, discloses, is irreversible.
pub type OneAtom<'a> = (String, String, &'a str, [bool; 5]);

/// What a system holds: anything where nothing is listed.
#[derive(Clone, Debug)]
pub struct System {
    pub name: String,
    pub holds: Option<Vec<String>>,
    pub said: bool,
}

#[derive(Debug)]
pub struct Task {
    pub agent: usize,
    pub grants: Vec<Grant>,
    pub dates: &'static str,
    pub current: bool,
    /// It has not begun.
    pub coming: bool,
}

/// A call: which agent, and for which of its tasks; any task if the call does not name one.
type Calling = (usize, Option<usize>);

#[derive(Debug)]
pub struct Own {
    pub number: usize,
    pub data: Vec<Entry>,
    pub actions: Vec<Entry>,
    pub systems: Vec<System>,
    /// What each identity can do, and what it can become.
    pub identities: Vec<(Vec<Grant>, Vec<usize>)>,
    /// What each agent runs as, and which agents it calls, for one task or for any.
    pub agents: Vec<(Vec<usize>, Vec<Calling>)>,
    pub tasks: Vec<Task>,
    pub domains: Vec<Vec<Grant>>,
}

fn taxonomy(random: &mut Random, root: &str, flags: usize) -> Vec<Entry> {
    let entry = |random: &mut Random, name: String| Entry {
        name,
        flags: (0..flags).map(|_| random.below(5) == 0).collect(),
    };
    let mut all = vec![entry(random, root.to_owned())];
    for one in 0..random.below(3) {
        let name = format!("{root}.k{one}");
        all.push(entry(random, name.clone()));
        for two in 0..random.below(3) {
            all.push(entry(random, format!("{name}.k{two}")));
        }
    }
    all
}

fn some<T: Clone>(random: &mut Random, list: &[T]) -> T {
    list[random.below(list.len())].clone()
}

fn few<T: Clone + PartialEq>(random: &mut Random, list: &[T], least: usize, most: usize) -> Vec<T> {
    let mut found = Vec::new();
    for _ in 0..least + random.below(most + 1 - least) {
        let one = some(random, list);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

impl Own {
    pub fn random(random: &mut Random, number: usize) -> Own {
        let mut data = taxonomy(random, &format!("m{number}_x"), DATA_FLAGS.len());
        data.extend(taxonomy(random, &format!("m{number}_y"), DATA_FLAGS.len()));
        let actions = taxonomy(random, &format!("m{number}_do"), ACTION_FLAGS.len());
        let classes: Vec<String> = data.iter().map(|entry| entry.name.clone()).collect();
        let systems: Vec<System> = (0..1 + random.below(3))
            .map(|system| System {
                name: format!("m{number}_s{system}"),
                // Few hold anything at all, for these hold the classes of every model beside them.
                holds: (random.below(100) > 0).then(|| few(random, &classes, 0, 3)),
                said: random.below(2) == 0,
            })
            .collect();
        let places: Vec<String> = systems.iter().map(|system| system.name.clone()).collect();
        let mut doing: Vec<String> = actions.iter().map(|entry| entry.name.clone()).collect();
        doing.extend(["read", "read.view", "write", "write.update", "execute", "send"].map(str::to_owned));
        let grants = |random: &mut Random, least: usize, most: usize| -> Vec<Grant> {
            (0..least + random.below(most + 1 - least))
                .map(|_| {
                    let data = few(random, &classes, 1, 2);
                    let mut except = if random.below(3) == 0 {
                        few(random, &classes, 1, 2)
                    } else {
                        Vec::new()
                    };
                    // What is named cannot be excepted whole.
                    except.retain(|class| !data.contains(class));
                    Grant {
                        action: some(random, &doing),
                        data,
                        except,
                        systems: few(random, &places, 0, 2),
                    }
                })
                .collect()
        };
        let identities = 1 + random.below(4);
        let agents = 1 + random.below(3);
        let tasks: Vec<Task> = (0..random.below(4))
            .map(|_| {
                let (dates, current, coming) = some(
                    random,
                    &[
                        ("until 2027-06-30", true, false),
                        ("until 2026-11-23", true, false),
                        ("starts 2026-11-23\n  until 2027-06-30", true, false),
                        ("until 2026-11-22", false, false),
                        ("starts 2026-11-24\n  until 2027-06-30", false, true),
                    ],
                );
                Task {
                    agent: random.below(agents),
                    grants: grants(random, 0, 2),
                    dates,
                    current,
                    coming,
                }
            })
            .collect();
        Own {
            number,
            identities: (0..identities)
                .map(|_| {
                    (
                        grants(random, 0, 2),
                        (0..random.below(3))
                            .map(|_| random.below(identities))
                            .collect::<BTreeSet<_>>()
                            .into_iter()
                            .collect(),
                    )
                })
                .collect(),
            agents: (0..agents)
                .map(|_| {
                    let runs_as = few(random, &(0..identities).collect::<Vec<_>>(), 0, 2);
                    let calls = (0..random.below(3)).map(|_| {
                        let to = random.below(agents);
                        let of: Vec<usize> = (0..tasks.len()).filter(|task| tasks[*task].agent == to).collect();
                        (to, (!of.is_empty() && random.below(3) > 0).then(|| some(random, &of)))
                    });
                    let mut once: Vec<(usize, Option<usize>)> = Vec::new();
                    for call in calls {
                        if !once.contains(&call) {
                            once.push(call);
                        }
                    }
                    let calls = once;
                    (runs_as, calls)
                })
                .collect(),
            domains: (0..1 + random.below(3)).map(|_| grants(random, 1, 2)).collect(),
            data,
            actions,
            systems,
            tasks,
        }
    }

    pub fn written(&self) -> String {
        let (mut text, number) = (String::new(), self.number);
        nested(&mut text, "data", &self.data, &DATA_FLAGS);
        nested(&mut text, "action", &self.actions, &ACTION_FLAGS);
        let lines =
            |word: &str, grants: &[Grant]| -> String { grants.iter().map(|grant| format!("  {word}{}\n", grant.written())).collect() };
        for system in &self.systems {
            let holds = match &system.holds {
                None if system.said => "  holds any\n".to_owned(),
                None => String::new(),
                Some(classes) if classes.is_empty() => "  holds none\n".to_owned(),
                Some(classes) => format!("  holds {}\n", classes.join(", ")),
            };
            let _ = writeln!(text, "system {} {{\n{holds}}}", system.name);
        }
        for (identity, (grants, becomes)) in self.identities.iter().enumerate() {
            let becomes: String = becomes.iter().map(|other| format!("  can_assume m{number}_i{other}\n")).collect();
            let _ = writeln!(
                text,
                "identity m{number}_i{identity} {{\n{becomes}  access {{\n{}  }}\n}}",
                lines("", grants)
            );
        }
        for (agent, (runs_as, calls)) in self.agents.iter().enumerate() {
            let _ = writeln!(text, "agent m{number}_a{agent} {{");
            for identity in runs_as {
                let _ = writeln!(text, "  runs_as m{number}_i{identity}");
            }
            for (to, task) in calls {
                let doing = task.map_or(String::new(), |task| format!(" doing m{number}_t{task}"));
                let _ = writeln!(text, "  calls m{number}_a{to}{doing}");
            }
            text.push_str("}\n");
        }
        for (place, task) in self.tasks.iter().enumerate() {
            let _ = writeln!(
                text,
                "task m{number}_t{place} for m{number}_a{} {{\n{}  {}\n}}",
                task.agent,
                lines("", &task.grants),
                task.dates
            );
        }
        for (domain, grants) in self.domains.iter().enumerate() {
            let _ = writeln!(
                text,
                "domain m{number}_d{domain} {{\n{}  approve none\n}}",
                lines("covers ", grants)
            );
        }
        text
    }

    /// Every leaf action, leaf class and system that holds it; systems of other models too, where they hold anything.
    pub fn all_atoms<'a>(&self, others: &'a [System]) -> Vec<OneAtom<'a>> {
        let mut all = Vec::new();
        let mut actions: Vec<(String, Vec<bool>)> = LIBRARY.iter().map(|(name, flags)| ((*name).to_owned(), flags.to_vec())).collect();
        // What is not part of the library's `read` mutates.
        actions.extend(
            leaves(&self.actions)
                .into_iter()
                .map(|(name, flags)| (name, vec![true, flags[1], flags[2]])),
        );
        for (data, about) in leaves(&self.data) {
            let holds = |system: &&System| match &system.holds {
                None => true,
                Some(classes) => classes.iter().any(|class| below(&data, class)),
            };
            for system in others.iter().filter(holds) {
                for (action, does) in &actions {
                    let flags = [about[0], about[1], does[0], does[1], does[2]];
                    all.push((action.clone(), data.clone(), &*system.name, flags));
                }
            }
        }
        all
    }

    /// What an agent can be: what it runs as, and what any of these can become, until nothing is added.
    pub fn can_be(&self, agent: usize) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = self.agents[agent].0.iter().copied().collect();
        loop {
            let more: BTreeSet<usize> = found
                .iter()
                .flat_map(|identity| self.identities[*identity].1.iter().copied())
                .collect();
            if more.is_subset(&found) {
                return found;
            }
            found.extend(more);
        }
    }

    /// The current tasks of others that an agent sets going, itself or by those it calls.
    pub fn sets_going(&self, agent: usize) -> BTreeSet<usize> {
        let mut callers = BTreeSet::from([agent]);
        loop {
            let more: BTreeSet<usize> = callers
                .iter()
                .flat_map(|one| self.agents[*one].1.iter().map(|(to, _)| *to))
                .collect();
            if more.is_subset(&callers) {
                break;
            }
            callers.extend(more);
        }
        let calls = callers.iter().flat_map(|one| &self.agents[*one].1).filter(|(to, _)| *to != agent);
        let tasks = calls.flat_map(|(to, task)| {
            (0..self.tasks.len()).filter(move |other| self.tasks[*other].agent == *to && task.is_none_or(|task| task == *other))
        });
        tasks.filter(|task| self.tasks[*task].current).collect()
    }
}

/// The entries as nested blocks.
fn nested(text: &mut String, word: &str, entries: &[Entry], flags: &[&str]) {
    let mut open: Vec<&str> = Vec::new();
    for entry in entries {
        while open.last().is_some_and(|last| !below(&entry.name, last)) {
            open.pop();
            text.push_str("}\n");
        }
        let last = entry.name.rsplit('.').next().unwrap_or(&entry.name);
        let _ = writeln!(text, "{word} {last} {{");
        for (flag, _) in flags.iter().zip(&entry.flags).filter(|(_, given)| **given) {
            let _ = writeln!(text, "  {flag}");
        }
        open.push(&entry.name);
    }
    text.push_str(&"}\n".repeat(open.len()));
}
