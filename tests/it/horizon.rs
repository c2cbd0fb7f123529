//! The first bad day: what is found once, over the days on which something begins or ends, held against a look at every single day.

use crate::in_process::compiled_on;
use crate::organisation::{Day, Managed, Organisation, Party, Place, Quorum, date};
use crate::random::Random;
use quorate::compile::Compilation;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// How many organisations stand in one workspace, and how many workspaces a run tries, each on every day.
const ORGANISATIONS: usize = 50;
const WORKSPACES: usize = 20;

/// How many days ahead are looked at.
const AHEAD: Day = 9;

/// Where the row of random numbers begins.
const SEED: u64 = 20_261_132;

/// The codes that say of a decision that too few can bring it about, or nobody.
const APPROVAL: [&str; 10] = [
    "GOV101", "GOV102", "GOV103", "GOV104", "GOV105", "GOV107", "GOV108", "GOV109", "GOV112", "GOV116",
];

/// The findings about one organisation's decision: the codes, and the first day on which a finding reports it as bad.
#[derive(Default)]
struct Said {
    codes: BTreeSet<&'static str>,
    lapses: Option<String>,
}

/// The findings about the domains of each organisation, including those that stand under another finding.
fn said(compilation: &Compilation) -> BTreeMap<usize, Said> {
    let mut all: BTreeMap<usize, Said> = BTreeMap::new();
    for finding in &compilation.findings {
        let name = finding.finding.subject.rsplit('.').next().and_then(|name| name.strip_prefix('m'));
        // What is found only because two names are one person goes under the finding about a name.
        let number = name.and_then(|name| name.split_once("_d").or(name.split_once("_p")));
        let Some(number) = number.and_then(|(number, _)| number.parse().ok()) else {
            continue;
        };
        let own = all.entry(number).or_default();
        let related = finding.related.iter().map(|related| (related.code, &related.message));
        for (code, message) in std::iter::once((finding.code, &finding.message)).chain(related) {
            let code = code.map_or("", |code| code.id);
            // That one person can do it is one thing, by whichever way.
            let code = if code == "GOV111" { "GOV102" } else { code };
            own.codes.extend(APPROVAL.iter().find(|known| **known == code));
            if code == "GOV123" {
                let day = message
                    .strip_prefix("from ")
                    .and_then(|rest| rest.get(..10))
                    .expect("it says the day");
                let earlier = own.lapses.take().filter(|known| known.as_str() < day);
                own.lapses = Some(earlier.unwrap_or_else(|| day.to_owned()));
            }
        }
    }
    all
}

/// Most organisations drawn at random have a fault on every day. In every second one, nobody controls what others decide, a decision needs
/// two functions, and a different person holds each. Then only people who leave, and delegations that begin and end, make a day bad.
fn settled(random: &mut Random, mut own: Organisation) -> Organisation {
    if own.number.is_multiple_of(2) {
        return own;
    }
    let count = own.people.len();
    for (place, person) in own.people.iter_mut().enumerate() {
        person.human = place;
    }
    own.systems.iter_mut().for_each(|managed| *managed = Managed::Nobody);
    own.gates.clear();
    for team in &mut own.teams {
        team.managed = Managed::Nobody;
        team.kept_in.clear();
    }
    for domain in &mut own.domains {
        domain.place = Place::Signed;
        domain.same_person = false;
        domain.emergency = None;
        domain.tiers = vec![(
            Quorum::AtLeast(
                2 + random.below(2) as u32,
                (0..3).map(|function| Quorum::Seat(1, function)).collect(),
            ),
            None,
        )];
        for seat in &mut domain.seats {
            seat.owner = Party::Person(seat.function);
            let deputy = 3 + random.below(count - 3);
            seat.deputies = vec![Party::Person(deputy)];
        }
    }
    own.rules = vec!["require approvers 2".to_owned()];
    if random.below(2) == 0 {
        own.rules.push("require absence 1".to_owned());
    }
    own
}

#[test]
fn the_first_bad_day_is_the_first_on_which_something_is_found() {
    println!("seed {SEED}, {WORKSPACES} workspaces of {ORGANISATIONS} organisations, {AHEAD} days");
    let mut random = Random::new(SEED);
    let workspaces: Vec<Vec<Organisation>> = (0..WORKSPACES)
        .map(|_| {
            let mut one = |number| {
                let own = Organisation::random(&mut random, number);
                settled(&mut random, own)
            };
            (0..ORGANISATIONS).map(&mut one).collect()
        })
        .collect();
    let each = workspaces.par_iter().map(|all| {
        let text: String = all.iter().map(Organisation::written).collect();
        // Only today is anything looked for ahead; on every other day, what there is on that day.
        let ahead = |day| if day == 0 { AHEAD } else { 0 };
        let days: Vec<BTreeMap<usize, Said>> = (0..=AHEAD).map(|day| said(&compiled_on(&text, date(day), ahead(day)))).collect();
        let mut seen = [0; 3];
        let nothing = Said::default();
        for own in all {
            let on = |day: Day| days[day as usize].get(&own.number).unwrap_or(&nothing);
            let told = |what: &str| {
                let days: Vec<String> = (0..=AHEAD).map(|day| format!("{}: {:?}", date(day), on(day).codes)).collect();
                format!("{what}: {:?}\n{}\n{}", on(0).lapses, days.join("\n"), own.written())
            };
            let today = on(0);
            // What is not found today and is on a later day.
            let first = (1..=AHEAD)
                .find(|day| !on(*day).codes.is_subset(&today.codes))
                .map(|day| date(day).to_string());
            match (today.codes.is_empty(), &today.lapses, &first) {
                (true, found, first) => {
                    assert_eq!(found, first, "{}", told("the first bad day"));
                    seen[usize::from(first.is_some())] += 1;
                }
                // A fault of today may become worse, and then there is a finding about it.
                (false, Some(found), _) => {
                    let day = (1..=AHEAD)
                        .find(|day| date(*day).to_string() == *found)
                        .expect("it is within the days");
                    assert!(!on(day).codes.is_empty(), "{}", told("a day is bad on which nothing is found"));
                    seen[2] += 1;
                }
                (false, None, _) => {}
            }
        }
        seen
    });
    let seen = each.reduce(Default::default, |one, two| [0, 1, 2].map(|place| one[place] + two[place]));
    println!("in order throughout, from some day not, and faulty and then worse: {seen:?}");
    assert!(
        seen.iter().all(|count| *count > 15),
        "the organisations are too much alike: {seen:?}"
    );
}
