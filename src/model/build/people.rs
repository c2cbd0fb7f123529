//! Functions, persons, teams, delegations.

use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::spelling::Spellings;
use crate::model::{At, Delegation, Function, Model, Party, Person, PersonId, Said, Team};
use crate::syntax::ast::Item;
use std::collections::BTreeMap;

impl Builder<'_> {
    pub(super) fn function(&mut self, item: &Item) -> Function {
        let decides = item.clauses("decides").flat_map(|clause| Self::texts(clause, "question"));
        Function {
            meta: self.meta(item),
            decides: decides.map(|question| question.value).collect(),
        }
    }

    pub(super) fn person(&mut self, item: &Item) -> Person {
        let accounts: Vec<At<Box<str>>> = item.clauses("accounts").flat_map(|clause| Self::texts(clause, "account")).collect();
        let until = item.clause("until").and_then(|clause| {
            Some(At {
                value: clause.date("date")?,
                span: clause.header,
            })
        });
        Person {
            meta: self.meta(item),
            emails: item.clauses("email").flat_map(|clause| Self::texts(clause, "text")).collect(),
            role: item.clause("title").and_then(|clause| clause.text("text")).map(Into::into),
            accounts: match item.clause("accounts") {
                Some(_) => Said::This(accounts),
                None => Said::Nothing,
            },
            reports_to: match item.clause("reports_to") {
                Some(_) => Said::This(self.only(item, "reports_to", "superior")),
                None => Said::Nothing,
            },
            until,
            access: item.clause("access").map_or(Vec::new(), |access| self.grants(&access.block)),
            human: PersonId(0),
        }
    }

    pub(super) fn team(&mut self, item: &Item) -> Team {
        let named = |word: &str, slot: &str| -> Vec<At<Party>> {
            let names = item.clauses(word).flat_map(|clause| clause.names(slot));
            names.filter_map(|name| self.party(name)).collect()
        };
        let (lead, members) = (named("lead", "lead"), named("members", "member"));
        let software = |at: &&At<Party>| person(**at).is_none();
        Team {
            meta: self.meta(item),
            lead: lead.iter().copied().find_map(person),
            members: members.iter().copied().filter_map(person).collect(),
            led_by_software: lead.iter().any(|at| software(&at)),
            software: lead.iter().chain(&members).filter(software).copied().collect(),
            managed_by: self.managed_by(item),
            kept_in: self.systems(item, "kept_in"),
            access: item.clause("access").map_or(Vec::new(), |access| self.grants(&access.block)),
        }
    }

    pub(super) fn delegation(&mut self, item: &Item) -> Delegation {
        let mut functions = Vec::new();
        for clause in item.clauses("function") {
            let function = self.ids(clause, "function").into_iter().next();
            for domain in self.ids(clause, "domain") {
                if let Some(function) = function {
                    functions.push(At {
                        value: (function.value, domain.value),
                        span: clause.header,
                    });
                }
            }
        }
        let to = item
            .clause("from")
            .and_then(|clause| clause.names("to").next())
            .and_then(|name| self.party(name));
        Delegation {
            meta: self.meta(item),
            from: self.only(item, "from", "from"),
            to: to.and_then(person),
            to_software: to.filter(|at| person(*at).is_none()),
            functions,
            starts: item.clause("starts").and_then(|clause| clause.date("date")),
            until: item.clause("until").and_then(|clause| clause.date("date")),
            until_span: item.clause("until").map(|clause| clause.header),
        }
    }

    /// A cycle in `reports_to` or `part_of` has no top, so following it would never end.
    pub(super) fn cycles(&mut self, model: &Model) {
        let above = |person: usize| {
            model.people[person]
                .reports_to
                .known()
                .and_then(|above| above.as_ref())
                .map(|above| above.value.index())
        };
        for (start, person) in model.people.iter().enumerate() {
            if first_of_circle(start, &above) {
                let message = format!("`{}` reports, directly or indirectly, to `{}`", person.meta.name, person.meta.name);
                self.diagnostics.push(
                    Diagnostic::error(person.meta.span, message)
                        .help("at least one of these people reports to somebody else or to nobody; for nobody write `reports_to none`"),
                );
            }
        }
        let owner = |provider: usize| model.providers[provider].part_of.map(|owner| owner.index());
        for (start, provider) in model.providers.iter().enumerate() {
            if first_of_circle(start, &owner) {
                let message = format!("`{}` is part of itself", provider.meta.name);
                self.diagnostics
                    .push(Diagnostic::error(provider.meta.span, message).help("remove one `part_of` from the circle"));
            }
        }
    }
}

/// The natural person of a party, if it is one.
fn person(at: At<Party>) -> Option<At<PersonId>> {
    match at.value {
        Party::Person(value) => Some(At { value, span: at.span }),
        Party::Team(_) | Party::Agent(_) | Party::Identity(_) => None,
    }
}

/// Whether following `above` from here leads back here, without passing an entry earlier in the list.
fn first_of_circle(start: usize, above: &dyn Fn(usize) -> Option<usize>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut at = start;
    while let Some(next) = above(at) {
        if next == start {
            return seen.iter().all(|other| *other > start);
        }
        if !seen.insert(next) {
            return false;
        }
        at = next;
    }
    false
}

/// Finds the natural person behind each declaration: declarations that share an address or an account are one
/// person.
pub(super) fn settle(model: &mut Model) {
    let spellings = Spellings::of(model);
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut parent: Vec<usize> = (0..model.people.len()).collect();
    for (index, person) in model.people.iter().enumerate() {
        for name in person.names() {
            let other = *first.entry(spellings.name(&name.value)).or_insert(index);
            let (one, two) = (root(&parent, other), root(&parent, index));
            let (low, high) = (one.min(two), one.max(two));
            parent[high] = low;
        }
    }
    for index in 0..model.people.len() {
        model.people[index].human = PersonId(root(&parent, index) as u32);
    }
}

fn root(parent: &[usize], mut at: usize) -> usize {
    while parent[at] != at {
        at = parent[at];
    }
    at
}
