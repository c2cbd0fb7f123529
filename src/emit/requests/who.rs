//! Requests that differ in who is named beside the approvers: who asked, who is acted for, who declared an emergency,
//! who called; at the edges of their windows, under other declarations of the same human, and at the end of a waiver.

use crate::emit::policy::{OUTSIDER, Policy, SCHEDULE, Window};
use crate::emit::reference::shape::LARGEST;
use crate::emit::requests::book::Book;
use crate::emit::requests::cases::Case;
use crate::emit::requests::draft::Draft;
use crate::emit::requests::plan::{self, Pins, Planned, able, holds};
use crate::emit::requests::site::Site;
use std::collections::BTreeMap;

/// Quorate looks at no more than this many of one sort.
const SOME: usize = 6;

/// The declarations of each human who has several.
pub(super) type Aliases<'p> = BTreeMap<&'p str, Vec<&'p str>>;

/// Of a policy.
pub(super) fn aliases(policy: &Policy) -> Aliases<'_> {
    let mut all = Aliases::new();
    for (id, person) in &policy.people {
        all.entry(&person.human).or_default().push(id);
    }
    all.retain(|_, ids| ids.len() > 1);
    all
}

/// Whether the task or its agent also limits who may be named, in addition to the domains.
pub(super) fn concerns(site: &Site) -> bool {
    let called = || {
        site.policy
            .calls
            .iter()
            .any(|(_, callee, task)| callee == &site.task.agent && task == site.task_id)
    };
    let starters = &site.task.started_by;
    let named = starters.only.is_some() || !starters.words.is_empty();
    let somebody = || site.agent.principals.values().any(|principal| principal.human.is_some());
    named || !site.task.waived.is_empty() || !site.agent.acts_for.is_empty() || somebody() || called()
}

/// Everything about who is named.
pub(super) fn neighbours<'p>(site: &Site<'p>, case: &Case<'p>, base: &Planned<'p>, aliases: &Aliases<'p>, book: &mut Book) {
    let at = |now: i64| match (0..LARGEST).contains(&now) && holds(&site.task.window, now) {
        true => plan::at(site, case, &base.needs, now, &Pins::new()),
        false => None,
    };
    askers(site, base, &at, book);
    acted_for(site, base, &at, book);
    callers(site, base, &at, book);
    if let Some(ends) = site.task.waived_until(site.action, site.resource) {
        edges(
            &Window { starts: 0, ends },
            "waiver",
            "a waiver on which it hangs",
            &at,
            book,
            |_| {},
        );
    }
    if case.emergency {
        declarers(site, base, &at, book);
    }
    same_human(site, case, base, aliases, book);
    as_principal(site, case, base, book);
}

/// The last second before a window, its first, its last, and the first after it.
fn edges(
    window: &Window,
    kind: &'static str,
    about: &str,
    at: &dyn Fn(i64) -> Option<Draft>,
    book: &mut Book,
    change: impl Fn(&mut Draft),
) {
    for (when, now) in [
        ("a second before", window.starts - 1),
        ("the first second of", window.starts),
        ("the last second of", window.ends - 1),
        ("a second after", window.ends),
    ] {
        if let Some(mut draft) = at(now) {
            change(&mut draft);
            book.push(kind, &format!("{when} {about}"), draft.value());
        }
    }
}

fn askers(site: &Site, base: &Planned, at: &dyn Fn(i64) -> Option<Draft>, book: &mut Book) {
    let others = site.bystanders.iter().copied().take(2 * SOME).chain([SCHEDULE, OUTSIDER]);
    for who in others {
        let asked = base.draft.with(|draft| {
            let before = draft.requested_by.replace(who.to_owned());
            // Whoever asks declares nothing.
            match (&mut draft.emergency, before) {
                (Some((by, _)), Some(before)) if by == who => *by = before,
                (_, _) => {}
            }
        });
        book.push("requested_by", &format!("asked by `{who}`"), asked);
    }
    let named = site.task.started_by.only.iter().flatten().map(String::as_str);
    let passing = |person: &&str| site.policy.people.get(*person).is_some_and(|person| passes(&person.window));
    for person in named.chain(site.bystanders.iter().copied().filter(passing)).take(SOME) {
        if let Some(of) = site.policy.people.get(person) {
            let about = format!("the time of `{person}`, who asked");
            edges(&of.window, "requested_by", &about, at, book, |draft| {
                draft.requested_by = Some(person.to_owned())
            });
        }
    }
}

fn acted_for(site: &Site, base: &Planned, at: &dyn Fn(i64) -> Option<Draft>, book: &mut Book) {
    let mut bounds: BTreeMap<&str, usize> = BTreeMap::new();
    for (person, bound) in &site.agent.acts_for {
        let Some(of) = site.policy.people.get(person) else { continue };
        let seen = bounds.entry(bound).or_default();
        *seen += 1;
        if *seen <= 2 || (passes(&of.window) && *seen <= SOME) {
            let for_them = base.draft.with(|draft| draft.on_behalf_of = Some(person.clone()));
            book.push("on_behalf_of", &format!("for `{person}`, one of those for whom it acts"), for_them);
            let about = format!("the time of `{person}`, who is acted for");
            edges(&of.window, "on_behalf_of", &about, at, book, |draft| {
                draft.on_behalf_of = Some(person.clone())
            });
        }
    }
}

fn callers(site: &Site, base: &Planned, at: &dyn Fn(i64) -> Option<Draft>, book: &mut Book) {
    let legal = |(_, callee, task): &&(String, String, String)| *callee == base.draft.agent && *task == base.draft.task;
    for (caller, ..) in site.policy.calls.iter().filter(legal).take(SOME) {
        for window in site
            .policy
            .agents
            .get(caller)
            .into_iter()
            .flat_map(|agent| &agent.current)
            .take(SOME)
        {
            let about = format!("a task of `{caller}`, which called");
            edges(window, "via", &about, at, book, |draft| draft.via = Some(vec![caller.clone()]));
        }
        for (first, ..) in site.policy.calls.iter().filter(|(_, callee, _)| callee == caller).take(SOME) {
            for window in site
                .policy
                .agents
                .get(first)
                .into_iter()
                .flat_map(|agent| &agent.current)
                .take(SOME)
            {
                let about = format!("a task of `{first}`, which called through `{caller}`");
                edges(window, "via", &about, at, book, |draft| {
                    draft.via = Some(vec![first.clone(), caller.clone()])
                });
            }
        }
    }
}

fn declarers(site: &Site, base: &Planned, at: &dyn Fn(i64) -> Option<Draft>, book: &mut Book) {
    let passing = |person: &&&str| site.policy.people.get(**person).is_some_and(|person| passes(&person.window));
    for person in site.bystanders.iter().filter(passing).take(SOME) {
        if let Some(of) = site.policy.people.get(*person) {
            let about = format!("the time of `{person}`, who declared it");
            edges(&of.window, "emergency", &about, at, book, |draft| {
                draft.emergency = Some(((*person).to_owned(), draft.now))
            });
        }
    }
    let draft = &base.draft;
    for need in &base.needs {
        let slot = need.slot.as_str();
        let Some(approval) = draft.approvals.get(slot) else { continue };
        let by = approval.by.clone();
        book.push(
            "emergency",
            &format!("declared by whoever approves in `{slot}`"),
            draft.with(|draft| draft.emergency = Some((by, draft.now))),
        );
        if need.domain.valid > 0 && draft.now > 1 {
            let before = draft.with(|draft| {
                draft.emergency = draft.emergency.take().map(|(by, at)| (by, at - 1));
                draft
                    .approvals
                    .get_mut(slot)
                    .into_iter()
                    .for_each(|approval| approval.at = draft.now - 1);
            });
            book.push(
                "emergency",
                &format!("declared in the second in which `{slot}` was approved"),
                before,
            );
            let before = draft.with(|draft| {
                draft
                    .approvals
                    .get_mut(slot)
                    .into_iter()
                    .for_each(|approval| approval.at = draft.now - 1)
            });
            book.push("emergency", &format!("declared a second after `{slot}` was approved"), before);
        }
    }
    for (about, served) in [("asked", &draft.requested_by), ("is acted for", &draft.on_behalf_of)] {
        if let Some(person) = served {
            let own = draft.with(|draft| draft.emergency = Some((person.clone(), draft.now)));
            book.push("emergency", &format!("declared by whoever {about}"), own);
        }
    }
}

/// Another declaration of a named human: as the person who asked, as the person acted for, as the person who
/// declared, and in another slot.
fn same_human<'p>(site: &Site<'p>, case: &Case<'p>, base: &Planned<'p>, aliases: &Aliases<'p>, book: &mut Book) {
    let policy = site.policy;
    let others = |person: &str| {
        let of = policy.human(person).and_then(|human| aliases.get(human));
        let others: Vec<&'p str> = of.into_iter().flatten().copied().filter(|other| *other != person).take(2).collect();
        others
    };
    for need in &base.needs {
        // People who can fill the slot and have another declaration, if other people can fill the rest.
        for (person, _) in able(need, base.draft.now)
            .into_iter()
            .filter(|(person, _)| !others(person).is_empty())
            .take(2)
        {
            let slot = need.slot.as_str();
            let Some(planned) = plan::at(site, case, &base.needs, base.draft.now, &Pins::from([(slot, person)])) else {
                continue;
            };
            book.push(
                "same_human",
                &format!("`{person}` in `{slot}`, who is declared twice"),
                planned.value(),
            );
            for other in others(person) {
                let about = |what: &str| format!("`{person}` in `{slot}`, {what} as `{other}`");
                let asked = planned.with(|draft| draft.requested_by = Some(other.to_owned()));
                book.push("same_human", &about("who asked"), asked);
                let acted = planned.with(|draft| draft.on_behalf_of = Some(other.to_owned()));
                book.push("same_human", &about("who is acted for"), acted);
                if case.emergency {
                    let declared = planned.with(|draft| draft.emergency = Some((other.to_owned(), draft.now)));
                    book.push("same_human", &about("who declared the emergency"), declared);
                }
                for second in base.needs.iter().filter(|second| second.slot != need.slot) {
                    let doubled = planned.with(|draft| {
                        let entry = draft.approvals.get_mut(&second.slot);
                        entry.into_iter().for_each(|approval| approval.by = other.to_owned())
                    });
                    book.push("same_human", &about(&format!("and in `{}`", second.slot)), doubled);
                }
            }
        }
    }
    for person in base.draft.requested_by.iter().chain(&base.draft.on_behalf_of) {
        for other in others(person) {
            if case.emergency {
                let declared = base.draft.with(|draft| draft.emergency = Some((other.to_owned(), draft.now)));
                book.push("same_human", &format!("declared by `{other}`, who is `{person}`"), declared);
            }
        }
    }
}

/// An agent that runs as a person, and that person's own approval.
fn as_principal<'p>(site: &Site<'p>, case: &Case<'p>, base: &Planned<'p>, book: &mut Book) {
    for (name, principal) in site.agent.principals.iter().take(SOME) {
        let Some(human) = &principal.human else { continue };
        let as_human = |draft: &mut Draft| {
            draft.principal.clone_from(name);
            let life = principal.life.unwrap_or(site.life).min(site.life);
            draft.issued_at = draft.now;
            draft.expires_at = draft.now.saturating_add(life);
        };
        book.push(
            "principal",
            &format!("as `{name}`, the account of `{human}`"),
            base.draft.with(as_human),
        );
        for need in &base.needs {
            let own = able(need, base.draft.now);
            let own = own.into_iter().find(|(person, _)| site.policy.human(person) == Some(human));
            let other = Site {
                principal: "",
                ..site.clone()
            };
            let pins = own.map(|(person, _)| Pins::from([(need.slot.as_str(), person)]));
            if let Some(draft) = pins.and_then(|pins| plan::at(&other, case, &base.needs, base.draft.now, &pins)) {
                let about = format!("as `{name}`, with the approval of `{human}` in `{}`", need.slot);
                book.push("principal", &about, draft.with(as_human));
            }
        }
    }
}

/// Whether a window begins or ends at some time.
fn passes(window: &Window) -> bool {
    window.starts > 0 || window.ends < crate::emit::policy::FOREVER
}
