//! How long one decision takes as agents and domains grow, by the emitted policies and by one policy for each agent.
//!
//! Everything is asked in turns in one run, so that what else the machine does falls on all of it: `cargo bench --bench decide`. With a
//! folder behind it (`-- target/bench-opa`) it writes what Open Policy Agent loads, and a request, instead of measuring.
#![expect(clippy::print_stdout, reason = "it prints what was measured")]
#![expect(clippy::disallowed_methods, reason = "it writes what another program measures")]

mod generator;
mod naive;

use quorate::emit::cedar::{self, Cedar};
use quorate::emit::lower;
use quorate::emit::policy::{Policy, Quorum};
use quorate::emit::reference::Reference;
use quorate::emit::rego::{self, Rego};
use quorate::emit::waived::Waived;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// 2026-12-01, when every generated task is current.
const NOW: i64 = 1_796_126_400;

/// The number of agents in one turn.
const ASKED: usize = 16;

/// The number of turns.
const TURNS: usize = 25;

/// One request in this number goes to the policies for each agent, which are slow.
const SPARED: usize = 4;

/// What is measured, in the order of the columns.
const COLUMNS: [&str; 9] = [
    "Cedar, allowed",
    "Cedar, refused",
    "Cedar without the index",
    "Rego, allowed",
    "Rego, refused",
    "the model",
    "a policy each, Cedar",
    "a rule each, Rego (interpreted)",
    "bytes for an agent",
];

/// One workspace in every engine.
struct Subject {
    name: String,
    agents: usize,
    allowed: Vec<Value>,
    refused: Vec<Value>,
    cedar: cedar::Engine,
    rego: rego::Engine,
    model: Reference<Policy>,
    naive: Option<naive::Naive>,
    bytes: usize,
    times: [Vec<Duration>; 8],
}

fn main() -> std::io::Result<()> {
    // Cargo adds `--bench`.
    if let Some(folder) = std::env::args().skip(1).find(|argument| argument != "--bench") {
        return [100, 1_000, 10_000].into_iter().try_for_each(|agents| write(&folder, agents));
    }
    let started = Instant::now();
    let by_agents = [100, 1_000, 10_000].map(|agents| Subject::of(format!("{agents} agents"), &generator::workspace(agents), true));
    let of_domains = |units: usize| (format!("{} domains", units * 5), generator::units(units, 1_000 / units));
    let by_domains = [2, 20, 200].map(of_domains).map(|(name, files)| Subject::of(name, &files, false));
    let mut subjects: Vec<Subject> = by_agents.into_iter().chain(by_domains).collect();
    for _ in 0..TURNS {
        subjects.iter_mut().for_each(Subject::turn);
    }
    println!("One decision in microseconds, the median; in brackets, the ratio to the first of its line.");
    let (agents, domains) = subjects.split_at_mut(3);
    print("Agents, five domains with every hundred", agents);
    print("Domains, a thousand agents throughout", domains);
    println!("\nThe run took {} s.", started.elapsed().as_secs());
    Ok(())
}

/// What Open Policy Agent loads for this number of agents, and one request that it allows.
fn write(folder: &str, agents: usize) -> std::io::Result<()> {
    let policy = policy(&generator::workspace(agents));
    let folder = std::path::Path::new(folder).join(agents.to_string());
    std::fs::create_dir_all(folder.join("bundle"))?;
    for (name, text) in rego::emit(&policy).files() {
        std::fs::write(folder.join("bundle").join(name), text)?;
    }
    let task = policy.tasks.keys().nth(agents / 2).expect("there are tasks");
    std::fs::write(folder.join("request.json"), request(&policy, task).to_string())
}

fn policy(files: &[(String, String)]) -> Policy {
    let compilation = generator::check(files);
    let meaning = compilation.meaning.as_ref().expect("a generated workspace has a meaning");
    lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &Waived::default())
}

impl Subject {
    fn of(name: String, files: &[(String, String)], naive: bool) -> Subject {
        let policy = policy(files);
        let (emitted, bundle) = (cedar::emit(&policy).expect("Cedar can say it"), rego::emit(&policy));
        let tasks: Vec<&String> = policy.tasks.keys().collect();
        let some = tasks.iter().step_by(tasks.len() / ASKED).take(ASKED);
        let allowed: Vec<Value> = some.map(|task| request(&policy, task)).collect();
        let subject = Subject {
            agents: policy.agents.len(),
            refused: allowed.iter().map(without_an_approval).collect(),
            cedar: cedar::Engine::new(&emitted).expect("Cedar loads it"),
            rego: rego::Engine::new(&bundle).expect("regorus loads it"),
            naive: naive.then(|| naive::Naive::of(&policy)),
            bytes: written(&emitted, &bundle),
            model: Reference::of(policy),
            times: Default::default(),
            allowed,
            name,
        };
        subject.agrees();
        subject
    }

    /// That everyone says the same, before anybody is timed.
    fn agrees(&self) {
        for (requests, expected) in [(&self.allowed, true), (&self.refused, false)] {
            for request in requests {
                let answer = self.model.decide(request);
                assert_eq!(answer.allow, expected, "{request}\n{answer:?}");
                assert_eq!(self.cedar.decide(request).answer, answer);
                assert_eq!(self.rego.decide(request).answer, answer);
                if let Some(naive) = &self.naive {
                    let projected = self.cedar.admitted(request).expect("it is admitted").0;
                    assert_eq!([naive.cedar(&projected), naive.rego(request)], [expected; 2], "{request}");
                }
            }
        }
    }

    fn turn(&mut self) {
        let Subject {
            allowed, refused, times, ..
        } = self;
        for (place, (yes, no)) in allowed.iter().zip(refused.iter()).enumerate() {
            let mut time = |column: usize, ask: &dyn Fn() -> bool| {
                // Once before, so that what is timed is the decision, and not what was asked in between and lies in the caches.
                black_box(ask());
                let start = Instant::now();
                black_box(ask());
                times[column].push(start.elapsed());
            };
            time(0, &|| self.cedar.decide(yes).answer.allow);
            time(1, &|| self.cedar.decide(no).answer.allow);
            time(2, &|| self.cedar.decide_whole(yes).answer.allow);
            time(3, &|| self.rego.decide(yes).answer.allow);
            time(4, &|| self.rego.decide(no).answer.allow);
            time(5, &|| self.model.decide(yes).allow);
            if let Some(naive) = self.naive.as_ref().filter(|_| place % SPARED == 0) {
                let projected = self.cedar.admitted(yes).expect("it is admitted").0;
                time(6, &|| naive.cedar(&projected));
                time(7, &|| naive.rego(yes));
            }
        }
    }

    fn median(&mut self, column: usize) -> Option<f64> {
        let times = &mut self.times[column];
        times.sort_unstable();
        times.get(times.len() / 2).map(|time| time.as_nanos() as f64 / 1_000.0)
    }
}

fn print(title: &str, subjects: &mut [Subject]) {
    println!("\n{title}\n");
    let names: Vec<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
    println!("| | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (column, what) in COLUMNS.iter().enumerate() {
        let cells: Vec<String> = match column {
            8 if title.starts_with("Agents") => subjects.iter().map(Subject::size).collect(),
            8 => Vec::new(),
            _ => {
                let medians: Vec<Option<f64>> = subjects.iter_mut().map(|subject| subject.median(column)).collect();
                let first = medians.first().copied().flatten();
                let cell = |median: Option<f64>| Some(format!("{:.0} ({:.2})", median?, median? / first?));
                medians.into_iter().filter_map(cell).collect()
            }
        };
        if !cells.is_empty() {
            println!("| {what} | {} |", cells.join(" | "));
        }
    }
}

impl Subject {
    fn size(&self) -> String {
        let naive = self
            .naive
            .as_ref()
            .map(|naive| format!("; {} for one policy each", naive.bytes / self.agents));
        format!("{}{}", self.bytes / self.agents, naive.unwrap_or_default())
    }
}

/// The bytes of everything that the engines load.
fn written(cedar: &Cedar, rego: &Rego) -> usize {
    let cedar = [&cedar.schema, &cedar.policies, &cedar.explain, &cedar.entities, &cedar.index];
    let rego = rego.files();
    cedar.into_iter().map(String::len).sum::<usize>() + rego.iter().map(|(_, text)| text.len()).sum::<usize>()
}

/// A request for what a task may change, with all that it takes.
fn request(policy: &Policy, id: &str) -> Value {
    let task = &policy.tasks[id];
    let (action, resources) = task
        .scope
        .iter()
        .find(|(action, _)| action.starts_with("write"))
        .expect("it changes something");
    let resource = resources.first().expect("it changes something");
    let group = policy
        .groups
        .iter()
        .find(|group| group.actions.contains(action) && group.resources.contains(resource))
        .expect("a domain governs it");
    let checked = json!({ "ready": true, "checked_at": NOW - 10 });
    let (mut approvals, mut evidence, mut rollback) = (Map::new(), Map::new(), Map::new());
    for name in &group.domains {
        let domain = &policy.domains[name];
        for function in domain.quorums().flat_map(Quorum::functions) {
            let person = domain.seats[function].keys().next().expect("somebody holds it");
            let approval = json!({ "by": person, "at": NOW - 3_600, "for": "sha256:change" });
            approvals.insert(format!("{name}/{function}"), approval);
        }
        evidence.extend(domain.evidence.iter().map(|ledger| (ledger.clone(), checked.clone())));
        rollback.extend(domain.rollbacks.iter().map(|id| (id.clone(), checked.clone())));
    }
    let totals: BTreeMap<String, i64> = BTreeMap::from([(format!("{id}/records/24h"), 10)]);
    let principal = policy.agents[&task.agent]
        .principals
        .keys()
        .next()
        .expect("it appears as something");
    // Somebody who fills no slot here.
    let asker = policy
        .people
        .keys()
        .find(|id| id.ends_with("root_d"))
        .expect("the shared people have one");
    json!({
        "subject": { "type": "agent", "id": task.agent, "properties": { "principal": principal } },
        "action": { "name": action },
        "resource": { "type": "data", "id": resource },
        "context": {
            "task": id, "purpose": task.purpose, "inputs": { "records": 5 }, "now": NOW, "revision": policy.revision,
            "binding": "sha256:change", "approvals": approvals, "totals": totals, "evidence": evidence, "rollback": rollback,
            "credential": { "issued_at": NOW - 60, "expires_at": NOW + 240 },
            "requested_by": asker,
        },
    })
}

fn without_an_approval(request: &Value) -> Value {
    let mut request = request.clone();
    let approvals = request["context"]["approvals"].as_object_mut().expect("approvals");
    let last = approvals.keys().next_back().expect("somebody approves").clone();
    approvals.remove(&last);
    request
}
