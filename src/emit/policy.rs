//! Everything that decides a request, as ids, numbers and plain logic. Both targets and the reference meaning
//! read it.
//!
//! Times are seconds since 1970-01-01 UTC. A window is half open: `starts <= t < ends`.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The end of a window without an end: 9999-12-31.
pub const FOREVER: i64 = 253_402_214_400;

/// The version of the request contract in `docs/requests.md`.
pub const CONTRACT: u32 = 2;

/// The most agents that may stand in `via`. A longer chain is malformed, so that a policy can look at each of them.
pub const MOST_CALLERS: usize = 8;

/// Who asked, where a schedule starts the task.
pub const SCHEDULE: &str = "schedule";

/// Who asked, where it is somebody who is not in the files, such as a customer.
pub const OUTSIDER: &str = "outsider";

/// How old a `checked_at` may be, in seconds (the request-time contract).
pub const CHECKED_WITHIN: i64 = 300;

/// A denial for `same_person` names its slots if the slots of a group times its ways are at most this many.
const MOST_TOLD: usize = 128;

/// A time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Window {
    /// First second.
    pub starts: i64,
    /// One past the last second.
    pub ends: i64,
}

impl Window {
    /// Whether an instant lies in it.
    pub fn holds(&self, instant: i64) -> bool {
        self.starts <= instant && instant < self.ends
    }
}

/// A person, as one declaration names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The human behind the declaration: the same for every declaration of that human, and for no other.
    pub human: String,
    /// While this person is active. Every window of a seat of this person lies within it.
    pub window: Window,
    /// The accounts.
    pub accounts: BTreeSet<String>,
}

/// A principal that an agent can appear as.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Principal {
    /// The longest life of a credential in seconds; with none, no request as this principal is allowed.
    pub life: Option<i64>,
    /// The human whose account it is, if it is somebody's.
    pub human: Option<String>,
}

/// Operations: for each leaf action the resources (`system/class`) it may be done to.
pub type Operations = BTreeMap<String, BTreeSet<String>>;

/// An agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// Every principal it can appear as: its identity's and those it can assume.
    pub principals: BTreeMap<String, Principal>,
    /// The persons it can act for, each with the name of the bound that applies. If it is empty, the agent acts for
    /// nobody and `on_behalf_of` must be absent. Otherwise `on_behalf_of` must be present.
    pub acts_for: BTreeMap<String, String>,
    /// The bounds by their names, which no other agent has. Persons for whom it may do the same share one.
    pub bounds: BTreeMap<String, Operations>,
    /// When some task of its own is current, in order and disjoint. While one is, the agent may call others.
    pub current: Vec<Window>,
    /// Where it is written, `file:line`.
    pub source: String,
}

/// A limit of a task or domain on an input. The key of its total is `owner/input/window` (see [`window_text`]).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Limit {
    /// The input, which must then be present in the request.
    pub input: String,
    /// Its type: `integer`, or a currency such as `EUR` (an amount in the minor unit).
    pub unit: String,
    /// The most.
    pub most: i64,
    /// In seconds; `None`: one request. Else `totals[key] + value <= most`; the total must be present, not negative.
    pub per: Option<i64>,
    /// Where it is written.
    pub source: String,
}

/// A task: current within its window, and approved (a task that is not approved is not emitted).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Its agent.
    pub agent: String,
    /// What it is for; the request's purpose must be this one.
    pub purpose: Option<String>,
    /// When it may be carried out.
    pub window: Window,
    /// What it may do.
    pub scope: Operations,
    /// The end of each operation that is allowed only during a waiver: action, resource, and one past the last second.
    pub waived: BTreeMap<String, BTreeMap<String, i64>>,
    /// Who may start it.
    pub started_by: StartedBy,
    /// Its limits.
    pub limits: Vec<Limit>,
    /// Where it is written.
    pub source: String,
}

/// Who may start a task: what `requested_by` may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StartedBy {
    /// The persons who may, each while they are active; everybody if `None`.
    pub only: Option<BTreeSet<String>>,
    /// The words among `schedule` and `outsider` that may.
    pub words: BTreeSet<String>,
}

/// What values an input takes. Every declared input of every governing domain must be present in a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Input {
    /// `{"amount": 18000, "currency": "EUR"}`, the amount within these bounds.
    Money {
        /// ISO 4217.
        currency: String,
        /// The least, in the minor unit.
        from: i64,
        /// The most, in the minor unit.
        to: i64,
    },
    /// A whole number within these bounds.
    Integer {
        /// The least.
        from: i64,
        /// The most.
        to: i64,
    },
    /// One of these words, as a string.
    OneOf {
        /// The words.
        words: Vec<String>,
    },
    /// Yes or no.
    Boolean,
    /// Any string.
    Text,
}

/// A constant that an input is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Constant {
    /// A number, or an amount in the minor unit.
    Number(i64),
    /// Yes or no.
    Boolean(bool),
    /// A word.
    Word(String),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

/// A condition on inputs that the same domain declares.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All of these; true if empty.
    All(Vec<Condition>),
    /// One of these; false if empty.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// An input and a constant.
    Compare(String, Comparison, Constant),
    /// An input among constants.
    Among(String, Vec<Constant>),
}

/// A quorum over functions (ids), boolean: one approval as a function makes every mention of it true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// Nobody.
    None,
    /// This many different people of a function.
    Seat(u32, String),
    /// At least this many of these.
    Threshold(u32, Vec<Quorum>),
}

/// A quorum and when it applies: the first tier whose condition holds. A missing condition always holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// When.
    pub condition: Option<Condition>,
    /// What it takes.
    pub quorum: Quorum,
    /// As it is written.
    pub text: String,
    /// Where.
    pub source: String,
}

/// What an emergency takes: replaces the tiers of its own domain while `0 <= now - emergency.at <= lasts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Emergency {
    /// What it takes.
    pub quorum: Quorum,
    /// For how many seconds.
    pub lasts: i64,
    /// Within how many seconds of the declaration somebody must review what was done, if a review is required.
    pub review: Option<i64>,
    /// Where it is written.
    pub source: String,
}

/// A decision domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Domain {
    /// The title.
    pub title: String,
    /// For each function the persons that can approve as it, each with the windows (disjoint, in order, never empty).
    /// An approval given `at` and used `now` counts only if one window holds both.
    pub seats: BTreeMap<String, BTreeMap<String, Vec<Window>>>,
    /// In order.
    pub tiers: Vec<Tier>,
    /// Whether one person may stand for several functions (every domain concerned must permit it).
    pub same_person: bool,
    /// How long an approval is valid, in seconds.
    pub valid: i64,
    /// Whether an approval is for one action, which uses it up.
    pub single_use: bool,
    /// Its inputs.
    pub inputs: BTreeMap<String, Input>,
    /// Its limits.
    pub limits: Vec<Limit>,
    /// The purposes it allows; any if it names none.
    pub purposes: Option<BTreeSet<String>>,
    /// The rollbacks that must be ready.
    pub rollbacks: Vec<String>,
    /// The ledger that must be ready.
    pub evidence: Option<String>,
    /// A request with `emergency` uses it in every governing domain that has one. Elsewhere, the tiers apply.
    pub emergency: Option<Emergency>,
    /// Where it is written.
    pub source: String,
    /// Controls it serves, as `owasp-agentic-2026:ASI03`.
    pub controls: Vec<String>,
}

/// Operations under the same governing domains: every action with every resource of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The names of the domains joined by `+`, with `#2` and so on where one set of domains has several groups.
    pub id: String,
    /// The governing domains, all of which must be satisfied; in order of their ids.
    pub domains: Vec<String>,
    /// Leaf actions.
    pub actions: BTreeSet<String>,
    /// `system/class`
    pub resources: BTreeSet<String>,
}

/// The whole policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The name of the workspace.
    pub workspace: String,
    /// Digest of the canonical model; a request must carry the same.
    pub revision: String,
    /// Agents by id.
    pub agents: BTreeMap<String, Agent>,
    /// Tasks by id.
    pub tasks: BTreeMap<String, Task>,
    /// Persons by id.
    pub people: BTreeMap<String, Person>,
    /// Domains by id.
    pub domains: BTreeMap<String, Domain>,
    /// Groups; no operation is in two.
    pub groups: Vec<Group>,
    /// Legal calls: caller, callee, task of the callee.
    pub calls: BTreeSet<(String, String, String)>,
    /// Every input name of any domain or task limit; a request with another name is malformed.
    pub inputs: BTreeSet<String>,
}

/// The keys of a function's slots: `domain/function`, `domain/function/2` and so on, up to the quorums' largest count.
pub fn slots(domain: &str, function: &str, most: u32) -> Vec<String> {
    (1..=most)
        .map(|number| match number {
            1 => format!("{domain}/{function}"),
            _ => format!("{domain}/{function}/{number}"),
        })
        .collect()
}

/// A window as in the key of a total: the largest unit that divides it, as `24h`, `7d`, `90s`. A day is written `24h`.
pub fn window_text(seconds: i64) -> String {
    for (unit, size) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        if seconds % size == 0 && (size < 86_400 || seconds > 86_400) {
            return format!("{}{unit}", seconds / size);
        }
    }
    format!("{seconds}s")
}

impl Quorum {
    /// The largest number of people that any mention of a function asks for.
    pub fn most(&self, function: &str) -> u32 {
        match self {
            Quorum::None => 0,
            Quorum::Seat(need, other) if other == function => *need,
            Quorum::Seat(..) => 0,
            Quorum::Threshold(_, parts) => parts.iter().map(|part| part.most(function)).max().unwrap_or(0),
        }
    }

    /// The functions it names.
    pub fn functions(&self) -> BTreeSet<&str> {
        match self {
            Quorum::None => BTreeSet::new(),
            Quorum::Seat(_, function) => BTreeSet::from([function.as_str()]),
            Quorum::Threshold(_, parts) => parts.iter().flat_map(Quorum::functions).collect(),
        }
    }

    /// Whether the quorum is met when this many different people have approved as each function.
    pub fn met(&self, count: &dyn Fn(&str) -> u32) -> bool {
        match self {
            Quorum::None => true,
            Quorum::Seat(need, function) => count(function) >= *need,
            Quorum::Threshold(need, parts) => parts.iter().filter(|part| part.met(count)).count() >= *need as usize,
        }
    }
}

impl Task {
    /// The end of an operation that is allowed only while a waiver is in force.
    pub fn waived_until(&self, action: &str, resource: &str) -> Option<i64> {
        self.waived.get(action)?.get(resource).copied()
    }
}

impl Policy {
    /// The human behind a declaration; `None` if it is not a person of the policy.
    pub fn human(&self, person: &str) -> Option<&str> {
        self.people.get(person).map(|person| person.human.as_str())
    }

    /// Whether this is a person who is active at an instant.
    pub fn active(&self, person: &str, instant: i64) -> bool {
        self.people.get(person).is_some_and(|person| person.window.holds(instant))
    }

    /// The most agents in a legal chain of calls; [`MOST_CALLERS`] where they call each other in a cycle.
    pub fn longest_chain(&self) -> usize {
        let callers: BTreeSet<&str> = self.calls.iter().map(|(caller, ..)| caller.as_str()).collect();
        let pairs: BTreeSet<(&str, &str)> = self
            .calls
            .iter()
            .map(|(caller, callee, _)| (caller.as_str(), callee.as_str()))
            .collect();
        let mut last: BTreeSet<&str> = callers;
        let mut length = 0;
        // The agents that the last ones call. An endless chain is cut.
        while !last.is_empty() && length < MOST_CALLERS {
            length += 1;
            let called = pairs
                .iter()
                .filter(|(caller, callee)| last.contains(caller) && self.calls_others(callee));
            last = called.map(|(_, callee)| *callee).collect();
        }
        length
    }

    fn calls_others(&self, agent: &str) -> bool {
        let first = (agent.to_owned(), String::new(), String::new());
        self.calls.range(first..).next().is_some_and(|(caller, ..)| caller == agent)
    }

    /// Whether a denial for `same_person` names its slots. It does not if the domains can be met in such a large number
    /// of ways that the policy for each slot would become unreadable.
    pub fn tells_slots(&self, group: &Group) -> bool {
        let domains = || group.domains.iter().filter_map(|id| Some((id, self.domains.get(id)?)));
        let of_domain = |domain: &Domain| {
            let ways = domain
                .quorums()
                .map(|quorum| ways(quorum, MOST_TOLD).map_or(MOST_TOLD, |ways| ways.len()));
            ways.sum::<usize>()
        };
        let slots: usize = domains().map(|(id, domain)| domain.slots(id).len()).sum();
        let ways = domains().map(|(_, domain)| of_domain(domain)).fold(1, usize::saturating_mul);
        slots.saturating_mul(ways) <= MOST_TOLD
    }
}

impl Domain {
    /// Every quorum of the domain: the tiers', then the emergency's.
    pub fn quorums(&self) -> impl Iterator<Item = &Quorum> {
        let emergency = self.emergency.iter().map(|emergency| &emergency.quorum);
        self.tiers.iter().map(|tier| &tier.quorum).chain(emergency)
    }

    /// How many slots a function has here.
    pub fn most(&self, function: &str) -> u32 {
        self.quorums().map(|quorum| quorum.most(function)).max().unwrap_or(0)
    }

    /// Every slot of it, in order, with its function.
    pub fn slots(&self, id: &str) -> Vec<(String, String)> {
        let functions: BTreeSet<&str> = self.quorums().flat_map(Quorum::functions).collect();
        let of = |function: &str| {
            slots(id, function, self.most(function))
                .into_iter()
                .map(|slot| (slot, function.to_owned()))
                .collect::<Vec<_>>()
        };
        functions.into_iter().flat_map(of).collect()
    }
}

/// One minimal way to meet a quorum: how many different people of each function. A superset of another way is left out.
pub type Way = BTreeMap<String, u32>;

/// Every minimal way to meet a quorum, in order. `None` where there are more than `limit`.
pub fn ways(quorum: &Quorum, limit: usize) -> Option<Vec<Way>> {
    let all = match quorum {
        Quorum::None => BTreeSet::from([Way::new()]),
        Quorum::Seat(need, function) => BTreeSet::from([Way::from([(function.clone(), *need)])]),
        Quorum::Threshold(need, parts) => {
            let mut by_count: Vec<BTreeSet<Way>> = vec![BTreeSet::new(); *need as usize + 1];
            by_count[0].insert(Way::new());
            for (index, part) in parts.iter().enumerate() {
                let options = ways(part, limit)?;
                // With fewer than that, too few parts are left.
                let least = (*need as usize + index).saturating_sub(parts.len());
                for count in (least..*need as usize).rev() {
                    let longer: Vec<Way> = by_count[count]
                        .iter()
                        .flat_map(|way| options.iter().map(|option| join(way, option)))
                        .collect();
                    by_count[count + 1].extend(longer);
                    if by_count[count + 1].len() > limit {
                        return None;
                    }
                }
            }
            by_count.swap_remove(*need as usize)
        }
    };
    let minimal = all
        .iter()
        .filter(|way| !all.iter().any(|other| other != *way && within(other, way)));
    Some(minimal.cloned().collect())
}

fn join(one: &Way, two: &Way) -> Way {
    let mut joined = one.clone();
    for (function, count) in two {
        let most = joined.entry(function.clone()).or_insert(0);
        *most = (*most).max(*count);
    }
    joined
}

fn within(small: &Way, large: &Way) -> bool {
    small
        .iter()
        .all(|(function, count)| large.get(function).is_some_and(|more| more >= count))
}
