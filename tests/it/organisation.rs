//! Small random organisations: people, teams, software in seats, what is managed by whom, domains with tiers, delegations, dates.

use crate::random::Random;
pub use crate::random_rules::{Condition, Quorum, Values};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The day that every other day is counted from.
pub const FIRST: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

/// The functions of the prelude.
pub const FUNCTIONS: [&str; 3] = ["business", "security", "privacy"];

/// The most that the input `records` can be.
pub const MOST: u32 = 4;

/// The system that says who is in a team.
const DIRECTORY: usize = 1;

/// A day, counted from the first one.
pub type Day = i64;

#[derive(Clone)]
pub struct Person {
    /// The last day.
    pub until: Option<Day>,
    /// The first person who is the same human being.
    pub human: usize,
}

/// Who together can change something.
#[derive(Clone, PartialEq)]
pub enum Managers {
    Person(usize),
    Team(u32, usize),
    AtLeast(u32, Vec<Managers>),
}

/// `managed_by`: nothing said, nobody, or some people.
#[derive(Clone)]
pub enum Managed {
    Unstated,
    Nobody,
    By(Managers),
}

#[derive(Clone)]
pub struct Team {
    pub lead: Option<usize>,
    pub members: Vec<usize>,
    pub managed: Managed,
    pub kept_in: Vec<usize>,
}

impl Team {
    pub fn everybody(&self) -> BTreeSet<usize> {
        self.lead.iter().chain(&self.members).copied().collect()
    }
}

/// Something that is configured in systems and managed by somebody.
#[derive(Clone)]
pub struct Gate {
    pub managed: Managed,
    pub configured_in: Vec<usize>,
}

#[derive(Clone)]
pub struct Agent {
    pub owner: Option<usize>,
    pub runs_as: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Party {
    Person(usize),
    Team(usize),
    Agent(usize),
    Identity(usize),
}

#[derive(Clone)]
pub struct Seat {
    pub function: usize,
    pub owner: Party,
    pub deputies: Vec<Party>,
}

impl Seat {
    pub fn parties(&self) -> impl Iterator<Item = Party> {
        std::iter::once(self.owner).chain(self.deputies.iter().copied())
    }
}

/// Where the approvals of a domain are kept.
#[derive(Clone)]
pub enum Place {
    /// There is no ledger.
    Nowhere,
    /// The ledger does not say.
    Unstated,
    Signed,
    In(usize),
}

#[derive(Clone)]
pub struct Domain {
    pub seats: Vec<Seat>,
    /// Each with when it is asked for; otherwise, if that is none.
    pub tiers: Vec<(Quorum, Option<Condition>)>,
    pub emergency: Option<Quorum>,
    pub same_person: bool,
    /// The most records, and whether that is for a day.
    pub limit: Option<(u32, bool)>,
    pub place: Place,
}

impl Domain {
    /// Which tier takes some values.
    pub fn tier(&self, values: Values) -> Option<usize> {
        let holds = |(_, when): &(Quorum, Option<Condition>)| when.as_ref().is_none_or(|when| when.holds(values));
        self.tiers.iter().position(holds)
    }
}

#[derive(Clone)]
pub struct Delegation {
    pub from: usize,
    pub to: usize,
    pub function: usize,
    pub domains: Vec<usize>,
    pub starts: Option<Day>,
    pub until: Option<Day>,
}

#[derive(Clone)]
pub struct Organisation {
    pub number: usize,
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    /// Who manages each system; the first is the one that is written in.
    pub systems: Vec<Managed>,
    pub gates: Vec<Gate>,
    /// Who issues each identity.
    pub identities: Vec<Option<usize>>,
    /// The first is the one that writes.
    pub agents: Vec<Agent>,
    pub domains: Vec<Domain>,
    pub delegations: Vec<Delegation>,
    /// What its own standard asks for, as it is written.
    pub rules: Vec<String>,
}

fn several(random: &mut Random, most: usize, of: usize) -> Vec<usize> {
    let found: BTreeSet<usize> = (0..random.below(most + 1)).map(|_| random.below(of)).collect();
    found.into_iter().collect()
}

/// Each once, and none of those that stand there already: nothing may be named twice in one list.
fn once<T: PartialEq>(drawn: impl Iterator<Item = T>, already: &[T]) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for one in drawn {
        if !found.contains(&one) && !already.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn managers(random: &mut Random, people: usize, teams: usize, depth: u32) -> Managers {
    match random.below(if depth == 0 { 3 } else { 8 }) {
        2 if teams > 0 => Managers::Team(1 + random.below(2) as u32, random.below(teams)),
        0..=2 => Managers::Person(random.below(people)),
        _ => {
            let parts = (0..2 + random.below(2)).map(|_| managers(random, people, teams, depth - 1));
            let mut parts = once(parts, &[]);
            let mut teams = BTreeSet::new();
            parts.retain(|part| !matches!(part, Managers::Team(_, team) if !teams.insert(*team)));
            Managers::AtLeast((1 + random.below(parts.len() + 1)).min(parts.len()) as u32, parts)
        }
    }
}

/// Only earlier teams are among the managers of a team, so that nothing manages itself.
fn managed(random: &mut Random, people: usize, teams: usize) -> Managed {
    match random.below(24) {
        0 => Managed::Unstated,
        1..=12 => Managed::Nobody,
        _ => Managed::By(managers(random, people, teams, 1)),
    }
}

/// A day on which something begins or ends, before, within or after the days that are looked at.
fn day(random: &mut Random) -> Day {
    random.below(14) as Day - 3
}

impl Organisation {
    pub fn random(random: &mut Random, number: usize) -> Organisation {
        let count = 4 + random.below(3);
        let mut people: Vec<Person> = Vec::new();
        for place in 0..count {
            // At most five human beings; now and then one of them has two names.
            let again = place > 4 || (place > 0 && random.below(12) == 0);
            let human = if again { people[random.below(place)].human } else { place };
            people.push(Person {
                until: (random.below(7) == 0).then(|| day(random)),
                human,
            });
        }
        let mut teams = Vec::new();
        for place in 0..random.below(3) {
            teams.push(Team {
                lead: (random.below(4) > 0).then(|| random.below(count)),
                members: several(random, 2, count),
                managed: managed(random, count, place),
                // Of the systems only this one has no team among its managers, so that here too nothing manages itself.
                kept_in: several(random, 1, 1).iter().map(|_| DIRECTORY).collect(),
            });
        }
        let systems = (0..3).map(|place| managed(random, count, if place == DIRECTORY { 0 } else { teams.len() }));
        let systems = systems.collect();
        let gates = (0..[0, 0, 1, 1, 2][random.below(5)]).map(|_| Gate {
            managed: managed(random, count, teams.len()),
            configured_in: several(random, 1, 3),
        });
        let gates = gates.collect();
        let identities = (0..2).map(|_| (random.below(6) > 0).then(|| random.below(3))).collect();
        let agents = (0..2).map(|_| Agent {
            owner: (random.below(6) > 0).then(|| random.below(count)),
            runs_as: several(random, 2, 2),
        });
        let agents = agents.collect();
        let parties = (count, teams.len());
        let domains: Vec<Domain> = (0..[1, 1, 1, 2, 2, 3][random.below(6)]).map(|_| domain(random, parties)).collect();
        let delegations = (0..random.below(3)).map(|_| {
            let starts = (random.below(4) > 0).then(|| day(random));
            Delegation {
                from: random.below(count),
                to: random.below(count),
                function: random.below(3),
                domains: (0..domains.len()).filter(|place| *place == 0 || random.below(2) == 0).collect(),
                starts,
                until: (random.below(4) > 0).then(|| starts.unwrap_or(0) + random.below(8) as Day),
            }
        });
        let delegations = delegations.collect();
        let mut rules = vec![format!("require approvers {}", 1 + random.below(3))];
        if random.below(2) == 0 {
            rules.push(format!("require absence {}", 1 + random.below(2)));
        }
        if random.below(3) == 0 {
            rules.push(format!("require approval {}", Quorum::random(random, 1).written()));
        }
        Organisation {
            number,
            people,
            teams,
            systems,
            gates,
            identities,
            agents,
            domains,
            delegations,
            rules,
        }
    }

    pub fn active(&self, person: usize, day: Day) -> bool {
        self.people[person].until.is_none_or(|until| day <= until)
    }

    /// Its declarations, one text each.
    pub fn declarations(&self) -> Vec<String> {
        let number = self.number;
        let mut all = vec![format!("data m{number}_x\n")];
        for (place, person) in self.people.iter().enumerate() {
            let until = person.until.map_or(String::new(), |day| format!("  until {}\n", date(day)));
            all.push(format!(
                "person m{number}_p{place} {{\n  email \"h{}@m{number}.example\"\n{until}}}\n",
                person.human
            ));
        }
        for (place, team) in self.teams.iter().enumerate() {
            let mut text = format!("team m{number}_t{place} {{\n");
            text += &team.lead.map_or(String::new(), |lead| format!("  lead m{number}_p{lead}\n"));
            text += &self.listed("members", "p", &team.members);
            text += &self.managed(&team.managed);
            text += &self.listed("kept_in", "s", &team.kept_in);
            all.push(text + "}\n");
        }
        for (place, managed) in self.systems.iter().enumerate() {
            let mut text = format!("system m{number}_s{place} {{\n");
            match place {
                0 => {
                    let _ = writeln!(text, "  holds m{number}_x");
                    for gate in 0..self.gates.len() {
                        text += &self.listed("enforced_by", "e", &[gate]);
                    }
                }
                _ => text += "  holds none\n",
            }
            all.push(text + &self.managed(managed) + "}\n");
        }
        for (place, gate) in self.gates.iter().enumerate() {
            let text = format!("enforcement m{number}_e{place} {{\n{}", self.managed(&gate.managed));
            all.push(text + &self.listed("configured_in", "s", &gate.configured_in) + "}\n");
        }
        for (place, issuer) in self.identities.iter().enumerate() {
            let issuer = issuer.map_or(String::new(), |system| format!("  issued_by m{number}_s{system}\n"));
            all.push(format!("identity m{number}_i{place} {{\n{issuer}}}\n"));
        }
        for (place, agent) in self.agents.iter().enumerate() {
            let owner = agent.owner.map_or(String::new(), |owner| format!("  owner m{number}_p{owner}\n"));
            let runs_as: String = agent.runs_as.iter().map(|one| format!("  runs_as m{number}_i{one}\n")).collect();
            all.push(format!("agent m{number}_a{place} {{\n{owner}{runs_as}  calls none\n}}\n"));
        }
        all.push(format!(
            "task m{number}_w for m{number}_a0 {{\n  write.update m{number}_x in m{number}_s0\n  until 2027-06-30\n}}\n"
        ));
        for (place, domain) in self.domains.iter().enumerate() {
            all.extend(self.domain(place, domain));
        }
        for (place, one) in self.delegations.iter().enumerate() {
            let domains: Vec<String> = one.domains.iter().map(|domain| format!("m{number}_d{domain}")).collect();
            let when = |word: &str, day: Option<Day>| day.map_or(String::new(), |day| format!("  {word} {}\n", date(day)));
            all.push(format!(
                "delegation m{number}_g{place} {{\n  from m{number}_p{} to m{number}_p{}\n  function {} in {}\n{}{}}}\n",
                one.from,
                one.to,
                FUNCTIONS[one.function],
                domains.join(", "),
                when("starts", one.starts),
                when("until", one.until)
            ));
        }
        let rules: String = self
            .rules
            .iter()
            .map(|rule| format!("  {rule} for mutates m{number}_x\n"))
            .collect();
        all.push(format!("standard m{number}_r {{\n{rules}}}\n"));
        all.push(format!("adopt m{number}_r\n"));
        all
    }

    fn domain(&self, place: usize, domain: &Domain) -> Vec<String> {
        let number = self.number;
        let mut text = format!(
            "domain m{number}_d{place} {{\n  covers write m{number}_x\n  input records integer from 0 to {MOST}\n  input urgent boolean\n"
        );
        for seat in &domain.seats {
            let deputies: Vec<String> = seat.deputies.iter().map(|party| self.party(*party)).collect();
            let deputies = if deputies.is_empty() {
                String::new()
            } else {
                format!(" deputy {}", deputies.join(", "))
            };
            let _ = writeln!(text, "  owner {} {}{deputies}", FUNCTIONS[seat.function], self.party(seat.owner));
        }
        for (quorum, when) in &domain.tiers {
            let when = match when {
                Some(when) => format!(" when {}", when.written()),
                None if domain.tiers.len() > 1 => " otherwise".to_owned(),
                None => String::new(),
            };
            let _ = writeln!(text, "  approve {}{when}", quorum.written());
        }
        if domain.same_person {
            text += "  same_person allowed\n";
        }
        if let Some((most, daily)) = domain.limit {
            let _ = writeln!(text, "  limit records {most}{}", if daily { " per 24h" } else { "" });
        }
        if let Some(quorum) = &domain.emergency {
            let _ = writeln!(text, "  emergency {{ approve {} }}", quorum.written());
        }
        let approvals = match domain.place {
            Place::Nowhere => return vec![text + "}\n"],
            Place::Unstated => String::new(),
            Place::Signed => "  approvals signed\n".to_owned(),
            Place::In(system) => format!("  approvals in m{number}_s{system}\n"),
        };
        vec![
            text + &format!("  evidence m{number}_l{place}\n}}\n"),
            format!("ledger m{number}_l{place} {{\n{approvals}}}\n"),
        ]
    }

    pub fn written(&self) -> String {
        self.declarations().concat()
    }

    fn listed(&self, word: &str, kind: &str, places: &[usize]) -> String {
        if places.is_empty() {
            return String::new();
        }
        let names: Vec<String> = places.iter().map(|place| format!("m{}_{kind}{place}", self.number)).collect();
        format!("  {word} {}\n", names.join(", "))
    }

    fn party(&self, party: Party) -> String {
        let number = self.number;
        match party {
            Party::Person(place) => format!("m{number}_p{place}"),
            Party::Team(place) => format!("m{number}_t{place}"),
            Party::Agent(place) => format!("m{number}_a{place}"),
            Party::Identity(place) => format!("m{number}_i{place}"),
        }
    }

    fn managed(&self, managed: &Managed) -> String {
        match managed {
            Managed::Unstated => String::new(),
            Managed::Nobody => "  managed_by none\n".to_owned(),
            Managed::By(managers) => format!("  managed_by {}\n", self.managers(managers)),
        }
    }

    fn managers(&self, managers: &Managers) -> String {
        match managers {
            Managers::Person(place) => self.party(Party::Person(*place)),
            Managers::Team(1, place) => self.party(Party::Team(*place)),
            Managers::Team(count, place) => format!("{count} {}", self.party(Party::Team(*place))),
            Managers::AtLeast(need, parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.managers(part)).collect();
                format!("{need} of ({})", parts.join(", "))
            }
        }
    }
}

pub fn date(day: Day) -> jiff::civil::Date {
    FIRST.saturating_add(jiff::Span::new().days(day))
}

fn domain(random: &mut Random, parties: (usize, usize)) -> Domain {
    let mut seats: Vec<Seat> = Vec::new();
    for function in 0..3 {
        // Mostly one seat for each function; now and then none.
        if random.below(16) > 0 {
            let owner = party(random, parties);
            let deputies = (0..random.below(4)).map(|_| party(random, parties));
            seats.push(Seat {
                function,
                owner,
                deputies: once(deputies, &[owner]),
            });
        }
    }
    let mut tiers: Vec<(Quorum, Option<Condition>)> = Vec::new();
    for _ in 0..[0, 0, 1, 2][random.below(4)] {
        tiers.push((Quorum::random(random, 2), Some(Condition::random(random, 1))));
    }
    if tiers.is_empty() || random.below(8) > 0 {
        tiers.push((Quorum::random(random, 2), None));
    }
    Domain {
        seats,
        tiers,
        emergency: (random.below(3) == 0).then(|| Quorum::random(random, 1)),
        same_person: random.below(3) == 0,
        limit: (random.below(4) == 0).then(|| (1 + random.below(MOST as usize) as u32, random.below(2) == 0)),
        place: match random.below(20) {
            0 => Place::Nowhere,
            1 => Place::Unstated,
            2..=13 => Place::Signed,
            _ => Place::In(random.below(3)),
        },
    }
}

fn party(random: &mut Random, (people, teams): (usize, usize)) -> Party {
    match random.below(24) {
        0..=3 if teams > 0 => Party::Team(random.below(teams)),
        4 => Party::Agent(random.below(2)),
        5 => Party::Identity(random.below(2)),
        _ => Party::Person(random.below(people)),
    }
}
