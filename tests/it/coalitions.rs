//! Who can decide in a small organisation, by trying every group of people: straight from the meaning of the language (semantics,
//! section 2), from what was drawn and not from what was compiled.

use crate::organisation::{Day, Domain, Gate, Managed, Managers, Organisation, Party, Place, Quorum, Values};
use std::collections::BTreeSet;

/// A group of people, as bits.
pub type Group = u32;

/// How many approvals there are as each function in each domain: four bits each.
type Given = u64;

/// More than anybody asks for.
const FORGED: u64 = 15;

/// What a group can bring about that it controls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// Nothing: people approve in their own names.
    Names,
    /// What it is known to control.
    Known,
    /// That, and what the files do not state.
    All,
    /// The same, and nobody approves in a name.
    Grips,
}

/// An organisation on one day.
pub struct Able<'a> {
    own: &'a Organisation,
    day: Day,
    /// For each domain and function, the names that can approve.
    eligible: Vec<[BTreeSet<usize>; 3]>,
    /// Every group of human beings, the smaller ones first.
    pub groups: Vec<Group>,
    /// For each way of counting and each group, the approvals it can come to have.
    given: [Vec<Vec<Given>>; 4],
}

/// What each domain asks for.
pub type Asked<'a> = Vec<&'a Quorum>;

impl<'a> Able<'a> {
    pub fn on(own: &'a Organisation, day: Day) -> Able<'a> {
        let eligible = (0..own.domains.len()).map(|domain| [0, 1, 2].map(|function| eligible(own, domain, function, day)));
        // The bits are those of human beings; a second name is none.
        let names = 1_u32 << own.people.len();
        let seconds = (0..own.people.len()).filter(|person| own.people[*person].human != *person);
        let seconds = seconds.fold(0, |bits, person| bits | 1 << person);
        let mut groups: Vec<Group> = (0..names).filter(|group| group & seconds == 0).collect();
        groups.sort_by_key(|group| group.count_ones());
        let mut able = Able {
            own,
            day,
            eligible: eligible.collect(),
            groups,
            given: Default::default(),
        };
        let options = able.options();
        for counting in [Counting::Names, Counting::Known, Counting::All, Counting::Grips] {
            let mut given = vec![Vec::new(); names as usize];
            for group in &able.groups {
                given[*group as usize] = able.comes_to(&options, *group, counting);
            }
            able.given[counting as usize] = given;
        }
        able
    }

    /// The group of everybody.
    pub fn everybody(&self) -> Group {
        self.groups.last().copied().unwrap_or(0)
    }

    /// For each name, what it can approve at once: one name for different functions only where every domain concerned lets it.
    fn options(&self) -> Vec<Vec<Vec<(usize, usize)>>> {
        let own = self.own;
        let apart = |(one, as_one): (usize, usize), (two, as_two): (usize, usize)| {
            as_one != as_two && !(own.domains[one].same_person && own.domains[two].same_person)
        };
        let of = |name: usize| {
            let pairs = (0..own.domains.len()).flat_map(|domain| (0..3).map(move |function| (domain, function)));
            let pairs: Vec<(usize, usize)> = pairs
                .filter(|(domain, function)| self.eligible[*domain][*function].contains(&name))
                .collect();
            let chosen = |bits: u32| -> Vec<(usize, usize)> {
                let taken = pairs.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
                taken.map(|(_, pair)| *pair).collect()
            };
            let mut all: Vec<Vec<(usize, usize)>> = Vec::new();
            for bits in 0..1_u32 << pairs.len() {
                let some = chosen(bits);
                if some.iter().all(|one| some.iter().all(|two| !apart(*one, *two))) {
                    all.push(some);
                }
            }
            // Extra approvals never refuse, so only what nothing can be added to is looked at.
            let more = |small: &Vec<(usize, usize)>, large: &Vec<(usize, usize)>| {
                small.len() < large.len() && small.iter().all(|pair| large.contains(pair))
            };
            all.iter()
                .filter(|small| !all.iter().any(|large| more(small, large)))
                .cloned()
                .collect()
        };
        (0..own.people.len()).map(of).collect()
    }

    /// Every number of approvals that a group can come to have.
    fn comes_to(&self, options: &[Vec<Vec<(usize, usize)>>], group: Group, counting: Counting) -> Vec<Given> {
        let own = self.own;
        let mut forged = 0;
        if counting != Counting::Names {
            let controls = Controls::of(own, self.day, group, counting != Counting::Known);
            for (domain, asked) in own.domains.iter().enumerate() {
                for function in (0..3).filter(|function| controls.stands_behind(asked, *function)) {
                    forged |= FORGED << shift(domain, function);
                }
            }
        }
        let mut all = vec![forged];
        let names = (0..own.people.len()).filter(|name| group & (1 << own.people[*name].human) != 0);
        for name in names.filter(|_| counting != Counting::Grips) {
            let with = |given: Given, option: &Vec<(usize, usize)>| {
                option.iter().fold(given, |given, (domain, function)| {
                    let at = shift(*domain, *function);
                    match (given >> at) & FORGED {
                        FORGED => given,
                        _ => given + (1 << at),
                    }
                })
            };
            all = all
                .iter()
                .flat_map(|given| options[name].iter().map(move |option| with(*given, option)))
                .collect();
            all.sort_unstable();
            all.dedup();
        }
        all
    }

    /// Whether a group can decide what is asked.
    pub fn can(&self, group: Group, counting: Counting, asked: &Asked<'_>) -> bool {
        let meets = |given: &Given| (0..).zip(asked).all(|(domain, quorum)| quorum.met(&counts(*given, domain)));
        self.given[counting as usize][group as usize].iter().any(meets)
    }

    /// The size of the smallest group that can.
    pub fn fewest(&self, counting: Counting, asked: &Asked<'_>) -> Option<usize> {
        let found = self.groups.iter().find(|group| self.can(**group, counting, asked));
        found.map(|group| group.count_ones() as usize)
    }

    /// How many may be away, whoever they are; none if nobody can decide.
    pub fn resilience(&self, asked: &Asked<'_>) -> Option<usize> {
        let everybody = self.everybody();
        if !self.can(everybody, Counting::Names, asked) {
            return None;
        }
        let fatal = self
            .groups
            .iter()
            .find(|away| !self.can(everybody & !**away, Counting::Names, asked));
        fatal.map(|away| away.count_ones() as usize - 1)
    }

    /// Whether somebody who can approve nothing of what is asked, or somebody nobody has named, makes every approval appear.
    pub fn forged(&self, asked: &Asked<'_>) -> bool {
        let insiders = (0..).zip(asked).flat_map(|(domain, quorum)| {
            let matters = (0..3).filter(|function| matters(quorum, *function));
            matters.flat_map(move |function| &self.eligible[domain as usize][function])
        });
        let insiders: Group = insiders.fold(0, |group, name| group | 1 << self.own.people[*name].human);
        let mut alone = self
            .groups
            .iter()
            .filter(|group| group.count_ones() <= 1 && **group & insiders == 0);
        alone.any(|group| self.can(*group, Counting::Grips, asked))
    }

    /// Whether some approving set leaves a demand unmet, function by function.
    pub fn leaves_unmet(&self, asked: &Asked<'_>, demand: &Quorum) -> bool {
        let everybody = self.everybody();
        let meets = |given: Given| (0..).zip(asked).all(|(domain, quorum)| quorum.met(&counts(given, domain)));
        let unmet = |given: Given| {
            let most = (0..asked.len()).fold([0; 3], |most: [u32; 3], domain| {
                let here = counts(given, domain as u32);
                [0, 1, 2].map(|function| most[function].max(here[function]))
            });
            !demand.met(&most)
        };
        let mut less: BTreeSet<Given> = self.given[Counting::Names as usize][everybody as usize].iter().copied().collect();
        let mut next: Vec<Given> = less.iter().copied().collect();
        // Whoever can approve may leave it.
        while let Some(given) = next.pop() {
            if meets(given) {
                if unmet(given) {
                    return true;
                }
                for at in (0..asked.len()).flat_map(|domain| (0..3).map(move |function| shift(domain, function))) {
                    if (given >> at) & FORGED > 0 && less.insert(given - (1 << at)) {
                        next.push(given - (1 << at));
                    }
                }
            }
        }
        false
    }
}

/// What each domain asks for at some values; none where no tier of one takes them.
pub fn asked(own: &Organisation, values: Values, emergency: bool) -> Option<Asked<'_>> {
    let of = |domain: &'_ Domain| -> Option<usize> { domain.tier(values) };
    let each = own.domains.iter().map(|domain| match (&domain.emergency, of(domain)) {
        (Some(urgent), _) if emergency => Some(urgent),
        (_, Some(tier)) => Some(&domain.tiers[tier].0),
        (_, None) => None,
    });
    each.collect()
}

/// Whether an approval as a function can ever be the one that is missing.
fn matters(quorum: &Quorum, function: usize) -> bool {
    let counts = || 0..=3_u32;
    let mut all = counts().flat_map(|one| counts().flat_map(move |two| counts().map(move |three| [one, two, three])));
    all.any(|given| {
        let mut without = given;
        without[function] = 0;
        quorum.met(&given) && !quorum.met(&without)
    })
}

fn shift(domain: usize, function: usize) -> u32 {
    (domain * 3 + function) as u32 * 4
}

fn counts(given: Given, domain: u32) -> [u32; 3] {
    [0, 1, 2].map(|function| ((given >> shift(domain as usize, function)) & FORGED) as u32)
}

/// The names that can approve as a function in a domain on a day.
fn eligible(own: &Organisation, domain: usize, function: usize, day: Day) -> BTreeSet<usize> {
    let seats = own.domains[domain].seats.iter().filter(|seat| seat.function == function);
    let seated = seats.flat_map(|seat| seat.parties()).flat_map(|party| match party {
        Party::Person(person) => BTreeSet::from([person]),
        Party::Team(team) => own.teams[team].everybody(),
        Party::Agent(_) | Party::Identity(_) => BTreeSet::new(),
    });
    let seated: BTreeSet<usize> = seated.filter(|person| own.active(*person, day)).collect();
    let handed = own.delegations.iter().filter(|one| {
        let holds = |name: &usize| own.people[*name].human == own.people[one.from].human;
        one.function == function
            && one.domains.contains(&domain)
            && one.starts.is_none_or(|starts| starts <= day)
            && one.until.is_none_or(|until| day <= until)
            && own.active(one.to, day)
            && seated.iter().any(holds)
    });
    let handed: Vec<usize> = handed.map(|one| one.to).collect();
    seated.into_iter().chain(handed).collect()
}

/// What a group controls on a day.
struct Controls<'a> {
    own: &'a Organisation,
    day: Day,
    group: Group,
    /// Whether the group may control what the files do not state.
    unstated: bool,
    teams: Vec<bool>,
    systems: Vec<bool>,
}

impl<'a> Controls<'a> {
    fn of(own: &'a Organisation, day: Day, group: Group, unstated: bool) -> Controls<'a> {
        let mut controls = Controls {
            own,
            day,
            group,
            unstated,
            teams: vec![false; own.teams.len()],
            systems: vec![false; own.systems.len()],
        };
        loop {
            let systems: Vec<bool> = own.systems.iter().map(|managed| controls.managed(managed)).collect();
            let by_keeper = |kept: &[usize]| kept.iter().any(|system| systems[*system]);
            let teams = own
                .teams
                .iter()
                .map(|team| controls.managed(&team.managed) || by_keeper(&team.kept_in));
            let teams: Vec<bool> = teams.collect();
            if teams == controls.teams && systems == controls.systems {
                return controls;
            }
            (controls.teams, controls.systems) = (teams, systems);
        }
    }

    fn person(&self, person: usize) -> bool {
        self.own.active(person, self.day) && self.group & (1 << self.own.people[person].human) != 0
    }

    fn managed(&self, managed: &Managed) -> bool {
        match managed {
            Managed::Unstated => self.unstated,
            Managed::Nobody => false,
            Managed::By(managers) => self.satisfies(managers) || (self.unstated && !self.somebody_left(managers)),
        }
    }

    fn satisfies(&self, managers: &Managers) -> bool {
        match managers {
            Managers::Person(person) => self.person(*person),
            Managers::Team(count, team) => {
                let here = self.own.teams[*team].everybody().into_iter().filter(|person| self.person(*person));
                let here: BTreeSet<usize> = here.map(|person| self.own.people[person].human).collect();
                here.len() >= *count as usize || self.teams[*team]
            }
            Managers::AtLeast(need, parts) => parts.iter().filter(|part| self.satisfies(part)).count() >= *need as usize,
        }
    }

    /// Whether anybody who was named is still there; where nobody is, somebody does it whom nobody has named.
    fn somebody_left(&self, managers: &Managers) -> bool {
        let own = self.own;
        match managers {
            Managers::Person(person) => own.active(*person, self.day),
            Managers::Team(_, team) => {
                let team = &own.teams[*team];
                let named = |managed: &Managed| match managed {
                    Managed::Unstated | Managed::Nobody => false,
                    Managed::By(managers) => self.somebody_left(managers),
                };
                team.everybody().iter().any(|person| own.active(*person, self.day))
                    || named(&team.managed)
                    || team.kept_in.iter().any(|system| named(&own.systems[*system]))
            }
            Managers::AtLeast(_, parts) => parts.iter().any(|part| self.somebody_left(part)),
        }
    }

    fn owner(&self, agent: usize) -> bool {
        match self.own.agents[agent].owner {
            Some(owner) if self.own.active(owner, self.day) => self.person(owner),
            Some(_) | None => self.unstated,
        }
    }

    fn issues(&self, identity: usize) -> bool {
        self.own.identities[identity].map_or(self.unstated, |system| self.systems[system])
    }

    /// Whether the group can make an approval as a function in a domain appear.
    fn stands_behind(&self, domain: &Domain, function: usize) -> bool {
        let own = self.own;
        let mut seats = domain.seats.iter().filter(|seat| seat.function == function);
        let opens = |gate: &Gate| self.managed(&gate.managed) || gate.configured_in.iter().any(|system| self.systems[*system]);
        let place = match domain.place {
            Place::Nowhere | Place::Unstated => self.unstated,
            Place::Signed => false,
            Place::In(system) => self.systems[system],
        };
        place
            // They stand one behind the other, so whoever lets something through opens each.
            || (!own.gates.is_empty() && own.gates.iter().all(opens))
            || seats.any(|seat| {
                seat.parties().any(|party| match party {
                    Party::Person(_) => false,
                    Party::Team(team) => self.teams[team],
                    Party::Agent(agent) => self.owner(agent) || own.agents[agent].runs_as.iter().any(|one| self.issues(*one)),
                    Party::Identity(identity) => {
                        let mut users = (0..own.agents.len()).filter(|agent| own.agents[*agent].runs_as.contains(&identity));
                        users.any(|agent| self.owner(agent)) || self.issues(identity)
                    }
                })
            })
    }
}
