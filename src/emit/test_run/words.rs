//! What was decided, in words.

use crate::emit::reference::Reason;
use crate::emit::test_run::day::reason;
use crate::emit::test_run::day::{Day, Miss};
use crate::facts::atom::Atom;
use crate::model::{Domain, Expectation, FunctionId, Given};
use crate::words::{duration, listed};

impl Day<'_> {
    /// Action, class and system as they are written.
    pub(super) fn words_of(&self, atom: Atom) -> (String, String, String) {
        let (action, class, system) = atom.names(self.model);
        (action.to_owned(), class.to_owned(), system.to_owned())
    }

    /// Why it is allowed.
    pub(super) fn allowed(&self, miss: &Miss<'_, '_>) -> String {
        let domains: Vec<String> = miss.decided.governing.iter().map(|governing| tail_of(governing.domain)).collect();
        let given = miss.combination.approved.map_or(&[][..], |line| &line.value);
        match given {
            [] => format!("{} does not require anybody", listed(&domains)),
            given => {
                let who: Vec<String> = given.iter().map(|given| self.holder(given)).collect();
                let verb = if who.len() == 1 { "is" } else { "are" };
                format!("{} {verb} enough in {}", listed(&who), listed(&domains))
            }
        }
    }

    /// `maria (business)`
    pub(super) fn holder(&self, given: &Given) -> String {
        let person = &self.model.people[given.person.index()].meta.name;
        let function = &self.model.functions[given.function.index()].meta.name;
        format!("{person} ({function})")
    }

    /// Why it is denied.
    pub(super) fn denied(&self, miss: &Miss<'_, '_>) -> String {
        let reasons = miss.decided.reasons.iter();
        let sentences: Vec<String> = reasons.flat_map(|reason| self.because(*reason, miss)).collect();
        format!("denied: {}", sentences.join("; "))
    }

    fn because(&self, reason: Reason, miss: &Miss<'_, '_>) -> Vec<String> {
        let model = self.model;
        let task = &model.tasks[miss.task.index()];
        let agent = &model.agents[miss.combination.agent.index()].meta;
        let one = |sentence: String| vec![sentence];
        match reason {
            Reason::Missing | Reason::Ineligible | Reason::Stale | Reason::SamePerson | Reason::BoundElsewhere => {
                self.lacking(reason, miss)
            }
            Reason::OutOfScope => one(self.out_of_scope(miss)),
            Reason::Expired => one(format!("the task {} is not current on {}", task.meta.name, model.as_of)),
            Reason::Purpose => one(match task.purpose {
                None => format!("the task {} has no purpose", task.meta.name),
                Some(_) => format!("the domain does not allow the purpose of the task {}", task.meta.name),
            }),
            Reason::Credential => one(format!("no credential of {} has a principal and a `ttl`", agent.name)),
            Reason::Limit => one("an input is out of its bounds, or over a limit".to_owned()),
            Reason::Emergency | Reason::UnknownTool | Reason::StalePolicy | Reason::NotReady | Reason::Malformed => {
                one(reason.code().replace('_', " "))
            }
        }
    }

    /// What is wrong with approvals, domain by domain.
    fn lacking(&self, reason: Reason, miss: &Miss<'_, '_>) -> Vec<String> {
        let given = miss.combination.approved.map_or(&[][..], |line| &line.value);
        let mut sentences = Vec::new();
        for governing in &miss.decided.governing {
            let Some(domain) = self.domain(governing.domain) else { continue };
            let of = governing.open.iter().filter(|(_, reasons)| reasons.contains(&reason));
            let functions: Vec<&str> = of.map(|(function, _)| function.as_str()).collect();
            if governing.tier.is_none() && reason == Reason::Missing {
                sentences.push(format!("no tier of {} takes these inputs", domain.meta.name));
            }
            if functions.is_empty() {
                continue;
            }
            let as_one = |given: &&Given| functions.contains(&&*self.model.functions[given.function.index()].meta.id);
            let people: Vec<&str> = given
                .iter()
                .filter(as_one)
                .map(|given| &*self.model.people[given.person.index()].meta.name)
                .collect();
            let words: Vec<String> = functions.iter().map(|function| tail_of(function)).collect();
            let (words, name) = (listed(&words), &domain.meta.name);
            sentences.push(match reason {
                Reason::Missing if !people.is_empty() => format!("too few have approved as {words} in {name}"),
                Reason::Missing if functions.len() > 1 => format!("{words} have not approved in {name}"),
                Reason::Missing => format!("{words} has not approved in {name}"),
                Reason::Ineligible => format!("{} cannot approve as {words} in {name} on {}", listed(&people), self.model.as_of),
                Reason::Stale => format!(
                    "what {words} approved is older than the {} for which it is good in {name}",
                    duration(domain.valid)
                ),
                Reason::SamePerson => format!("one person approves for two, but {name} requires {words}"),
                Reason::BoundElsewhere
                | Reason::OutOfScope
                | Reason::Expired
                | Reason::Purpose
                | Reason::Credential
                | Reason::Limit
                | Reason::Emergency
                | Reason::UnknownTool
                | Reason::StalePolicy
                | Reason::NotReady
                | Reason::Malformed => continue,
            });
        }
        if sentences.is_empty() {
            sentences.push(reason.code().replace('_', " "));
        }
        sentences
    }

    fn out_of_scope(&self, miss: &Miss<'_, '_>) -> String {
        let task = &self.model.tasks[miss.task.index()];
        let agent = &self.model.agents[miss.combination.agent.index()].meta;
        let (action, class, system) = self.words_of(miss.combination.atom);
        let name = &task.meta.name;
        let atom = self.facts.atoms.find(miss.combination.atom);
        if task.agent != miss.combination.agent {
            return format!("{name} is not a task of {}", agent.name);
        }
        if !atom.is_some_and(|atom| self.facts.scope(miss.task).contains(&atom)) {
            return format!("the task {name} does not name {action} {class} in {system}");
        }
        if task.until.is_none() {
            return format!("the task {name} has no end");
        }
        if !self.policy.tasks.contains_key(&*task.meta.id) {
            return format!("nobody with the right to do so has approved the scope of the task {name} as it is");
        }
        match miss.decided.governing.is_empty() {
            true => format!("no domain decides {action} {class} in {system}"),
            false => format!("{} acts for a person who is not named", agent.name),
        }
    }

    /// What to write if the test is right, and what to write if the model is right.
    pub(super) fn edits(&self, expect: &Expectation, miss: &Miss<'_, '_>) -> Vec<String> {
        let decided = &miss.decided;
        if decided.allow {
            let wanted = match expect {
                // If the domain already asks for this function, the function has approved.
                Expectation::Deny(Some(word), Some(function)) if reason(word) == Some(Reason::Missing) && !self.asked(miss, *function) => {
                    let function = &self.model.functions[function.index()].meta.name;
                    let domain = decided
                        .governing
                        .first()
                        .map_or(String::new(), |governing| tail_of(governing.domain));
                    Some(format!("approve … and {function}  in domain {domain}, if the test is right"))
                }
                Expectation::Deny(..) | Expectation::Allow => None,
            };
            let other = "expect allow  if the model is right".to_owned();
            return wanted.into_iter().chain([other]).collect();
        }
        let open = decided.governing.iter().flat_map(|governing| &governing.open);
        let named = open.flat_map(|(function, reasons)| reasons.iter().map(move |reason| (*reason, Some(tail_of(function)))));
        let all = named.chain(decided.reasons.iter().map(|reason| (*reason, None)));
        let first = all.into_iter().find(|(reason, _)| decided.reasons.contains(reason));
        let edit = first.map(|(reason, function)| {
            let function = function.map_or(String::new(), |function| format!(" {function}"));
            format!("expect deny {}{function}  if the model is right", reason.code())
        });
        let named = self.facts.atoms.find(miss.combination.atom);
        let named = named.is_some_and(|atom| self.facts.scope(miss.task).contains(&atom));
        let task = &self.model.tasks[miss.task.index()];
        let scope = (!named && task.agent == miss.combination.agent).then(|| {
            let (action, class, system) = self.words_of(miss.combination.atom);
            format!("{action} {class} in {system}  in task {}, if the test is right", task.meta.name)
        });
        edit.into_iter().chain(scope).collect()
    }

    /// Whether a governing domain asks for a function in the tier that decided.
    fn asked(&self, miss: &Miss<'_, '_>, function: FunctionId) -> bool {
        miss.decided.governing.iter().any(|governing| {
            let tier = self.domain(governing.domain).and_then(|domain| domain.tiers.get(governing.tier?));
            tier.is_some_and(|tier| tier.quorum.functions().contains(&function))
        })
    }

    fn domain(&self, id: &str) -> Option<&Domain> {
        self.model.domains.iter().find(|domain| &*domain.meta.id == id)
    }
}

/// The last name of an id.
fn tail_of(id: &str) -> String {
    id.rsplit('.').next().unwrap_or(id).to_owned()
}
