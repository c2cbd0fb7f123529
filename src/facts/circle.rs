//! Who decides who is in a team, where teams decide about each other: a least fixed point, in time polynomial
//! in the declarations.
//!
//! The statements form a net of gates. A gate opens as soon as enough of its inputs have opened. The net begins
//! at persons and at what the files leave unstated. What a coalition opens spreads along the net, and each gate
//! opens once.

use crate::model::{At, Model, PeopleQuorum, PersonId, Said, SystemId, TeamId};
use jiff::civil::Date;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The place of a gate in its circle.
type GateId = usize;

/// Opens as soon as this many of its inputs have opened.
#[derive(Clone, Debug)]
struct Gate {
    need: u32,
    /// The gates that this one leads into; a gate appears once for each time this one counts there.
    leads_to: Vec<GateId>,
    /// The gates that lead into this one.
    gates: Vec<GateId>,
    people: Vec<PersonId>,
}

/// What is open before anybody does anything.
#[derive(Clone, Debug, Default)]
struct Start {
    /// For each gate, how many of its inputs are open.
    counts: Vec<u32>,
    open: Vec<bool>,
}

/// What decides who is in some teams, on one day.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    gates: Vec<Gate>,
    /// The gates that each person leads into; a gate appears once for each time the person counts there.
    people: BTreeMap<PersonId, Vec<GateId>>,
    teams: BTreeMap<TeamId, GateId>,
    /// What is open according to the files.
    said: Start,
    /// What is open if anyone may act where the files name nobody.
    possible: Start,
}

impl Circle {
    /// What decides who is in these teams, in those that decide it, and so on.
    pub fn of(model: &Model, day: Date, teams: impl IntoIterator<Item = TeamId>) -> Circle {
        let mut building = Building {
            model,
            day,
            circle: Circle::default(),
            unstated: Vec::new(),
            managed: Vec::new(),
            systems: BTreeMap::new(),
            some_of: BTreeMap::new(),
            waiting: Vec::new(),
        };
        for team in teams {
            building.team(team);
        }
        building.finish()
    }

    /// Whether a coalition decides who is in a team. Each step is counted.
    pub fn opens(&self, team: TeamId, coalition: &BTreeSet<PersonId>, possible: bool, steps: &Cell<usize>) -> bool {
        let start = if possible { &self.possible } else { &self.said };
        let Some(wanted) = self.teams.get(&team).copied() else {
            return false;
        };
        if start.open[wanted] {
            return true;
        }
        let mut counts: HashMap<GateId, u32> = HashMap::new();
        let mut waiting: Vec<&[GateId]> = coalition
            .iter()
            .filter_map(|person| self.people.get(person))
            .map(|to| &to[..])
            .collect();
        while let Some(reached) = waiting.pop() {
            steps.set(steps.get() + reached.len());
            for gate in reached.iter().copied().filter(|gate| !start.open[*gate]) {
                let count = counts.entry(gate).or_insert(start.counts[gate]);
                *count += 1;
                if *count == self.gates[gate].need {
                    if gate == wanted {
                        return true;
                    }
                    waiting.push(&self.gates[gate].leads_to);
                }
            }
        }
        false
    }

    /// Everybody who has a part in deciding who is in a team.
    pub fn people(&self, team: TeamId, into: &mut BTreeSet<PersonId>) {
        let mut seen = vec![false; self.gates.len()];
        let mut waiting: Vec<GateId> = self.teams.get(&team).copied().into_iter().collect();
        while let Some(gate) = waiting.pop() {
            if !std::mem::replace(&mut seen[gate], true) {
                into.extend(&self.gates[gate].people);
                waiting.extend(&self.gates[gate].gates);
            }
        }
    }

    /// Where a person counts; people who count at the same places are interchangeable.
    pub fn places(&self, person: PersonId) -> &[usize] {
        self.people.get(&person).map_or(&[], |places| places)
    }

    /// What is open once the given gates are open; `need` gives how many inputs each gate needs.
    fn start(&self, given: &[GateId], need: impl Fn(&Gate) -> u32) -> Start {
        let mut start = Start {
            counts: vec![0; self.gates.len()],
            open: vec![false; self.gates.len()],
        };
        let mut waiting: Vec<GateId> = Vec::new();
        for gate in 0..self.gates.len() {
            if need(&self.gates[gate]) == 0 {
                start.open[gate] = true;
                waiting.push(gate);
            }
        }
        let mut reached: Vec<GateId> = given.to_vec();
        loop {
            for gate in reached {
                start.counts[gate] += 1;
                if start.counts[gate] >= need(&self.gates[gate]) && !std::mem::replace(&mut start.open[gate], true) {
                    waiting.push(gate);
                }
            }
            let Some(next) = waiting.pop() else {
                return start;
            };
            reached = self.gates[next].leads_to.clone();
        }
    }
}

struct Building<'a> {
    model: &'a Model,
    day: Date,
    circle: Circle,
    /// The gates that something unstated leads into.
    unstated: Vec<GateId>,
    /// The gates of the `managed_by` clauses.
    managed: Vec<GateId>,
    systems: BTreeMap<SystemId, GateId>,
    some_of: BTreeMap<(u32, TeamId), GateId>,
    waiting: Vec<TeamId>,
}

impl Building<'_> {
    fn gate(&mut self, need: u32) -> GateId {
        self.circle.gates.push(Gate {
            need,
            leads_to: Vec::new(),
            gates: Vec::new(),
            people: Vec::new(),
        });
        self.circle.gates.len() - 1
    }

    fn lead(&mut self, from: GateId, into: GateId) {
        self.circle.gates[from].leads_to.push(into);
        self.circle.gates[into].gates.push(from);
    }

    fn person(&mut self, person: PersonId, into: GateId) {
        let own = &self.model.people[person.index()];
        if own.active(self.day) {
            self.circle.people.entry(own.human).or_default().push(into);
            self.circle.gates[into].people.push(own.human);
        }
    }

    /// The gate of a team. A queue handles later what decides about the team: a chain of teams can be thousands
    /// long.
    fn team(&mut self, team: TeamId) -> GateId {
        if let Some(gate) = self.circle.teams.get(&team) {
            return *gate;
        }
        let gate = self.gate(1);
        self.circle.teams.insert(team, gate);
        self.waiting.push(team);
        gate
    }

    fn system(&mut self, system: SystemId) -> GateId {
        if let Some(gate) = self.systems.get(&system) {
            return *gate;
        }
        let gate = self.gate(1);
        self.systems.insert(system, gate);
        self.managed(&self.model.systems[system.index()].managed_by, gate);
        gate
    }

    fn managed(&mut self, managed_by: &Said<At<PeopleQuorum>>, into: GateId) {
        match managed_by {
            Said::Nothing => self.unstated.push(into),
            Said::This(quorum) if matches!(quorum.value, PeopleQuorum::None) => {}
            Said::This(quorum) => {
                let gate = self.gate(1);
                self.quorum(&quorum.value, gate);
                self.lead(gate, into);
                self.managed.push(gate);
            }
        }
    }

    fn quorum(&mut self, quorum: &PeopleQuorum, into: GateId) {
        match quorum {
            PeopleQuorum::None => {}
            PeopleQuorum::Person(person, _) => self.person(*person, into),
            PeopleQuorum::Team(count, team, _) => {
                let gate = self.some_of(*count, *team);
                self.lead(gate, into);
            }
            PeopleQuorum::Threshold(need, parts) => {
                let gate = self.gate(*need);
                parts.iter().for_each(|part| self.quorum(part, gate));
                self.lead(gate, into);
            }
        }
    }

    /// This many members of a team, or whoever decides who is in it.
    fn some_of(&mut self, count: u32, team: TeamId) -> GateId {
        if let Some(gate) = self.some_of.get(&(count, team)) {
            return *gate;
        }
        let (either, members) = (self.gate(1), self.gate(count));
        self.some_of.insert((count, team), either);
        let everybody = self.model.teams[team.index()].everybody();
        let mut counted: BTreeSet<PersonId> = BTreeSet::new();
        for person in everybody {
            let own = &self.model.people[person.value.index()];
            // A person with two entries is one member, who is active as long as one of the entries is.
            if own.active(self.day) && counted.insert(own.human) {
                self.person(person.value, members);
            }
        }
        let decides = self.team(team);
        self.lead(members, either);
        self.lead(decides, either);
        either
    }

    fn finish(mut self) -> Circle {
        while let Some(team) = self.waiting.pop() {
            let own = &self.model.teams[team.index()];
            let gate = self.team(team);
            self.managed(&own.managed_by, gate);
            for system in own.kept_in.known().into_iter().flatten() {
                let keeper = self.system(system.value);
                self.lead(keeper, gate);
            }
        }
        let mut circle = self.circle;
        let need = |gate: &Gate| gate.need;
        circle.said = circle.start(&[], need);
        circle.possible = circle.start(&self.unstated, need);
        // While some of the people named are left, the rule still keeps everybody else out. When nobody is
        // left, somebody unnamed does it.
        let somebody: Vec<GateId> = circle.people.values().flatten().copied().collect();
        let peopled = circle.start(&somebody, |_| 1);
        let left = self
            .managed
            .iter()
            .filter(|gate| !peopled.open[**gate] && !circle.possible.open[**gate]);
        let given: Vec<GateId> = self.unstated.iter().chain(left).copied().collect();
        circle.possible = circle.start(&given, need);
        circle
    }
}
