//! Who could approve, and when: a small search over minimal ways, times and people.

use crate::emit::policy::{Domain, Policy, Quorum, Way, Window, slots, ways};
use crate::emit::reference::shape::LARGEST;
use crate::emit::requests::cases::Case;
use crate::emit::requests::draft::{Approval, BINDING, Draft};
use crate::emit::requests::pairs::combinations;
use crate::emit::requests::site::Site;
use std::collections::{BTreeMap, BTreeSet};

/// Quorate looks at no more than this many ways to meet a quorum. If there are at most this many
/// combinations of one way for each domain, it tries them all. If there are more, it tries enough of them to
/// combine every two ways.
const WAYS: usize = 64;
/// Quorate tries no more than this many points in time.
const TIMES: usize = 256;
/// The most steps in the search for people.
const STEPS: usize = 50_000;
/// Quorate tries no more than this many people for whom the agent acts.
const ACTED_FOR: usize = 16;
/// Quorate tries no more than this many people who ask.
const ASKERS: usize = 6;

/// A request that is approved in one way.
#[derive(Clone)]
pub(super) struct Planned<'p> {
    pub draft: Draft,
    pub needs: Vec<Need<'p>>,
}

/// A slot that must be filled.
#[derive(Clone)]
pub(super) struct Need<'p> {
    pub slot: String,
    pub domain: &'p Domain,
    pub domain_id: &'p str,
    pub function: String,
}

/// People who must be in certain slots, whether or not two of those conflict.
pub(super) type Pins<'a> = BTreeMap<&'a str, &'a str>;

/// One approved request, in whatever way.
pub(super) fn first<'p>(site: &Site<'p>, case: &Case<'p>) -> Option<Planned<'p>> {
    let times = times(site);
    choices(case)
        .into_iter()
        .find_map(|way| of_way(site, case, needs(site, &way), &times))
}

/// One approved request for each way to approve that people can fill.
pub(super) fn every_way<'p>(site: &Site<'p>, case: &Case<'p>) -> Vec<Planned<'p>> {
    let times = times(site);
    choices(case)
        .into_iter()
        .filter_map(|way| of_way(site, case, needs(site, &way), &times))
        .collect()
}

/// Requests of a case that nobody can approve. For each way, the people who can approve fill its slots: each
/// person once, and then also twice where nobody else is left.
pub(super) fn lacking<'p>(site: &Site<'p>, case: &Case<'p>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let times: Vec<i64> = times(site).into_iter().take(8).collect();
    for (way, now) in choices(case).iter().flat_map(|way| times.iter().map(move |now| (way, *now))) {
        let needs = needs(site, way);
        let mut taken: Vec<(&Need, &str, i64)> = Vec::new();
        let mut left = Vec::new();
        for need in &needs {
            let able = able(need, now);
            let human = |person: &str| site.policy.human(person);
            let free = |person: &str| {
                !taken
                    .iter()
                    .any(|(other, holder, _)| human(holder) == human(person) && conflict(need, other))
            };
            match able.iter().find(|(person, _)| free(person)) {
                Some((person, at)) => taken.push((need, person, *at)),
                None => left.extend(able.first().map(|(person, at)| (need, *person, *at))),
            }
        }
        for doubled in [Vec::new(), left] {
            taken.extend(doubled);
            let mut draft = drafted(site, case, now);
            draft.approvals = taken.iter().map(|(need, by, at)| (need.slot.clone(), approval(by, *at))).collect();
            let humans: BTreeSet<Option<&str>> = taken.iter().map(|(_, by, _)| site.policy.human(by)).collect();
            let free = |person: &&str| !humans.contains(&site.policy.human(person));
            let acted_for = || site.agent.acts_for.keys().map(String::as_str);
            let acted_for = acted_for().find(free).or_else(|| acted_for().next());
            draft.on_behalf_of = acted_for.map(ToOwned::to_owned);
            if let Some(asker) = site.askers(now).find(free) {
                draft.requested_by = Some(asker.to_owned());
            }
            drafts.push(draft);
        }
    }
    drafts
}

fn of_way<'p>(site: &Site<'p>, case: &Case<'p>, needs: Vec<Need<'p>>, times: &[i64]) -> Option<Planned<'p>> {
    let draft = times.iter().find_map(|now| at(site, case, &needs, *now, &Pins::new()))?;
    Some(Planned { draft, needs })
}

/// The people whom a request names besides its approvers.
#[derive(Clone, Copy)]
struct Cast<'p> {
    acted_for: Option<&'p str>,
    asker: &'p str,
    declarer: Option<&'p str>,
}

/// A request at this time with everything that is needed, if there are people for it.
pub(super) fn at<'p>(site: &Site<'p>, case: &Case<'p>, needs: &[Need<'p>], now: i64, pins: &Pins) -> Option<Draft> {
    let (cast, approvals) = casts(site, case, now, pins)
        .into_iter()
        .find_map(|cast| Some((cast, people(site, needs, now, &cast, pins)?)))?;
    let mut draft = drafted(site, case, now);
    draft.on_behalf_of = cast.acted_for.map(ToOwned::to_owned);
    draft.requested_by = Some(cast.asker.to_owned());
    draft.emergency = cast.declarer.map(|declarer| (declarer.to_owned(), now));
    draft.approvals = approvals;
    Some(draft)
}

/// Some choices of the person acted for, the one who asks, and the one who declares. People who do not take the
/// place of an approver come first.
fn casts<'p>(site: &Site<'p>, case: &Case<'p>, now: i64, pins: &Pins) -> Vec<Cast<'p>> {
    let policy = site.policy;
    let pinned: BTreeSet<Option<&str>> = pins.values().map(|person| policy.human(person)).collect();
    let free = |person: &&str| policy.human(person).is_none_or(|human| !pinned.contains(&Some(human)));
    let seated = |person: &str| {
        let mut seats = site.domains.iter().flat_map(|(_, domain)| domain.seats.values());
        seats.any(|seats| seats.contains_key(person))
    };
    let mut acted_for: Vec<Option<&str>> = match site.agent.acts_for.is_empty() {
        true => vec![None],
        false => {
            let people = site.agent.acts_for.keys().map(String::as_str);
            people
                .filter(|person| site.acts_for(person, now))
                .filter(free)
                .take(ACTED_FOR)
                .map(Some)
                .collect()
        }
    };
    acted_for.sort_by_key(|person| person.is_some_and(seated));
    let askers: Vec<&str> = site.askers(now).filter(free).take(ASKERS).collect();
    let active = |person: &&str| policy.active(person, now);
    let declarers: Vec<Option<&str>> = match case.emergency {
        false => vec![None],
        true => site.bystanders.iter().copied().filter(active).take(2 * ASKERS).map(Some).collect(),
    };
    let mut casts = Vec::new();
    for acted_for in acted_for {
        for asker in &askers {
            let served = [acted_for, Some(*asker)].map(|person| person.and_then(|person| policy.human(person)));
            for declarer in &declarers {
                let human = declarer.and_then(|person| policy.human(person));
                if human.is_none() || !served.contains(&human) {
                    casts.push(Cast {
                        acted_for,
                        asker,
                        declarer: *declarer,
                    });
                }
            }
        }
    }
    casts
}

/// Everything but approvals.
fn drafted(site: &Site, case: &Case, now: i64) -> Draft {
    let mut draft = site.draft(&case.inputs);
    let asker = site.askers(now).next();
    draft.requested_by = asker.map(ToOwned::to_owned).or(draft.requested_by);
    let other =
        |person: &&&str| site.policy.active(person, now) && site.policy.human(person) != asker.and_then(|asker| site.policy.human(asker));
    let declarer = site.bystanders.iter().find(other).map(|person| (*person).to_owned());
    draft.emergency = case.emergency.then(|| (declarer.unwrap_or_default(), now));
    draft.at(now, site.life);
    draft
}

fn approval(by: &str, at: i64) -> Approval {
    Approval {
        by: by.to_owned(),
        at,
        bound: BINDING.to_owned(),
    }
}

/// The slots of the first keys of each function, as many as the ways ask for.
fn needs<'p>(site: &Site<'p>, way: &[(&'p str, Way)]) -> Vec<Need<'p>> {
    let mut needs = Vec::new();
    for (domain_id, way) in way {
        let Some((_, domain)) = site.domains.iter().find(|(id, _)| id == domain_id) else {
            continue;
        };
        for (function, count) in way {
            let slots = slots(domain_id, function, *count).into_iter();
            needs.extend(slots.map(|slot| Need {
                slot,
                domain,
                domain_id,
                function: function.clone(),
            }));
        }
    }
    needs
}

/// Whether the ways of a case are tried in pairs only.
pub(super) fn in_pairs(case: &Case) -> bool {
    let count = |quorum: &Quorum| ways(quorum, WAYS).map_or(1, |ways| ways.len());
    let choices = case.quorums.iter().map(|(_, quorum)| count(quorum)).fold(1, usize::saturating_mul);
    choices > WAYS
}

/// One minimal way for each governing domain. A quorum with too many ways is met by everyone.
fn choices<'p>(case: &Case<'p>) -> Vec<Vec<(&'p str, Way)>> {
    let mut all: Vec<(&str, Vec<Way>)> = Vec::new();
    for (id, quorum) in &case.quorums {
        let everyone = || {
            vec![
                quorum
                    .functions()
                    .into_iter()
                    .map(|function| (function.to_owned(), quorum.most(function)))
                    .collect(),
            ]
        };
        all.push((*id, ways(quorum, WAYS).unwrap_or_else(everyone)));
    }
    let sizes: Vec<usize> = all.iter().map(|(_, ways)| ways.len()).collect();
    let chosen = |row: Vec<usize>| all.iter().zip(row).map(|((id, ways), place)| (*id, ways[place].clone())).collect();
    combinations(&sizes, WAYS).0.into_iter().map(chosen).collect()
}

/// Times within the task between which nothing begins or ends, those with the most room before them first.
fn times(site: &Site) -> Vec<i64> {
    let first = site.task.window.starts.max(0);
    // If the operation depends on a waiver, only times before the end of the waiver.
    let waived = site.task.waived_until(site.action, site.resource).filter(|ends| first < *ends);
    let last = site.task.window.ends.min(LARGEST).min(waived.unwrap_or(LARGEST));
    let seats = site.domains.iter().flat_map(|(_, domain)| domain.seats.values());
    let seats = seats.flat_map(|seats| seats.values()).flatten();
    let named = site
        .bystanders
        .iter()
        .copied()
        .chain(site.agent.acts_for.keys().map(String::as_str).take(ACTED_FOR));
    let people = named.filter_map(|person| Some(&site.policy.people.get(person)?.window));
    let windows = seats.chain(people);
    let mut edges: BTreeSet<i64> = windows
        .flat_map(|window| [window.starts, window.ends])
        .filter(|edge| first < *edge && *edge < last)
        .collect();
    edges.extend([first, last]);
    let room = site
        .domains
        .iter()
        .map(|(_, domain)| domain.valid)
        .max()
        .unwrap_or(0)
        .clamp(0, LARGEST / 2)
        + 600;
    let edges: Vec<i64> = edges.into_iter().collect();
    let mut times: Vec<(i64, i64)> = edges
        .windows(2)
        .map(|pair| ((pair[1] - 1 - pair[0]).min(room), pair[0]))
        .filter(|_| first < last)
        .collect();
    times.sort_by_key(|(room, start)| (-room, *start));
    times.into_iter().take(TIMES).map(|(room, start)| start + room).collect()
}

/// Somebody for each slot, without a conflict.
fn people<'p>(site: &Site<'p>, needs: &[Need<'p>], now: i64, cast: &Cast, pins: &Pins) -> Option<BTreeMap<String, Approval>> {
    let policy = site.policy;
    let human = |person: Option<&'p str>| person.and_then(|person| policy.human(person));
    let runs_as = site
        .agent
        .principals
        .get(site.principal)
        .and_then(|principal| principal.human.as_deref());
    let of = |person: Option<&str>| person.and_then(|person| policy.human(person));
    let concerned = [of(cast.acted_for), of(Some(cast.asker)), runs_as];
    let declarer = of(cast.declarer);
    let mut open: Vec<(&Need, Vec<(&str, i64)>)> = needs
        .iter()
        .map(|need| {
            let pin = pins.get(need.slot.as_str());
            let urgent = cast.declarer.is_some() && need.domain.emergency.is_some();
            let able = able(need, now).into_iter().filter(|(person, _)| {
                let own = human(Some(person));
                !(concerned.contains(&own) || urgent && own == declarer) && pin.is_none_or(|pin| pin == person)
            });
            // In an emergency, approvals come after its declaration.
            let able = able.map(|(person, at)| (person, if urgent { now } else { at }));
            (need, able.collect())
        })
        .collect();
    open.sort_by_key(|(_, able)| able.len());
    let mut chosen = Vec::new();
    let found = fill(policy, &open, pins, &mut chosen, &mut STEPS.clone());
    found.then(|| {
        open.iter()
            .zip(chosen)
            .map(|((need, _), (by, at))| (need.slot.clone(), approval(by, at)))
            .collect()
    })
}

/// The people who can approve in a slot, each with the time of the approval. People who could have approved
/// long before come first.
pub(super) fn able<'p>(need: &Need<'p>, now: i64) -> Vec<(&'p str, i64)> {
    let mut able: Vec<(bool, &str, i64)> = Vec::new();
    for (person, windows) in need.domain.seats.get(&need.function).into_iter().flatten() {
        if let Some(window) = windows.iter().find(|window| holds(window, now)) {
            let since = window.starts.max(0);
            let at = since.max(now.saturating_sub(need.domain.valid.clamp(0, 60)));
            able.push((since >= now.saturating_sub(need.domain.valid), person, at));
        }
    }
    able.sort_unstable();
    able.into_iter().map(|(_, person, at)| (person, at)).collect()
}

/// Whether a time is within a window.
pub(super) fn holds(window: &Window, time: i64) -> bool {
    window.starts <= time && time < window.ends
}

fn fill<'p>(
    policy: &Policy,
    open: &[(&Need, Vec<(&'p str, i64)>)],
    pins: &Pins,
    chosen: &mut Vec<(&'p str, i64)>,
    steps: &mut usize,
) -> bool {
    let Some((need, able)) = open.get(chosen.len()) else {
        return true;
    };
    let pinned = |need: &Need| pins.contains_key(need.slot.as_str());
    for (person, at) in able {
        *steps = steps.saturating_sub(1);
        if *steps == 0 {
            return false;
        }
        let taken = open.iter().zip(&*chosen).any(|((other, _), (holder, _))| {
            policy.human(holder) == policy.human(person) && !(pinned(need) && pinned(other)) && conflict(need, other)
        });
        if !taken {
            chosen.push((person, *at));
            if fill(policy, open, pins, chosen, steps) {
                return true;
            }
            chosen.pop();
        }
    }
    false
}

/// Whether one person cannot stand in both slots.
fn conflict(one: &Need, two: &Need) -> bool {
    if one.function == two.function {
        one.domain_id == two.domain_id
    } else {
        !(one.domain.same_person && two.domain.same_person)
    }
}
