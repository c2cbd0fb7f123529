//! Which declarations a policy uses: what no agent reaches is in no permit, whatever it declares.

use crate::emit::lower::action_name;
use crate::emit::policy::{Group, Policy, Task};
use crate::facts::Facts;
use crate::model::{DomainId, Meta, Model, Party, PersonId, TeamId};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::Item;
use std::collections::{BTreeMap, BTreeSet};

/// Where something begins.
type At = (FileId, u32);

/// The declarations of a model, and those that the policies do not use.
pub(super) struct Reached {
    ids: BTreeMap<At, String>,
    idle: BTreeMap<At, &'static str>,
    /// Clauses that the policies do not contain although they contain the declaration.
    lost: BTreeMap<At, &'static str>,
}

impl Reached {
    pub(super) fn of(sources: &Sources, model: &Model, facts: &Facts, policy: &Policy) -> Reached {
        let mut reached = Reached {
            ids: BTreeMap::new(),
            idle: BTreeMap::new(),
            lost: BTreeMap::new(),
        };
        let used = Used::of(model, facts, policy);
        reached.declarations(model, policy, &used);
        reached.clauses(sources, model, policy);
        reached
    }

    /// The id of a declaration; empty for one without a name.
    pub(super) fn id(&self, declaration: &Item) -> String {
        self.ids.get(&at(declaration.header)).cloned().unwrap_or_default()
    }

    /// Why the policies do not contain a clause, if they do not.
    pub(super) fn idle(&self, item: &Item, declaration: Option<&Item>) -> Option<&'static str> {
        let (file, end) = (item.header.file, item.header.end);
        let lost = self.lost.range(at(item.header)..(file, end)).next().map(|(_, why_not)| *why_not);
        lost.or_else(|| self.idle_declaration(declaration?))
    }

    /// Why the policies do not use a declaration, if they do not.
    pub(super) fn idle_declaration(&self, declaration: &Item) -> Option<&'static str> {
        self.idle.get(&at(declaration.header)).copied()
    }

    fn take(&mut self, meta: &Meta, used: bool, why_not: &'static str) {
        self.ids.insert(at(meta.span), meta.id.to_string());
        if !used {
            self.idle.insert(at(meta.span), why_not);
        }
    }

    fn declarations(&mut self, model: &Model, policy: &Policy, used: &Used) {
        const NOT_DECIDED: &str = "No domain that a task reaches uses it.";
        const NO_TASK: &str = "No task in the policies reaches it.";
        let id = |meta: &Meta| meta.id.to_string();
        for task in &model.tasks {
            let why_not = match policy.tasks.contains_key(&id(&task.meta)) {
                true => "It does not include anything that a domain covers, so the policies deny every request of it.",
                false => {
                    "It has no end, or the required owners have not approved its scope: the policies leave it out and deny every request of it."
                }
            };
            self.take(&task.meta, used.tasks.contains(&id(&task.meta)), why_not);
        }
        for agent in &model.agents {
            let why_not = "No task of this agent is in the policies, so they deny every request of it.";
            self.take(&agent.meta, used.agents.contains(&id(&agent.meta)), why_not);
        }
        for identity in &model.identities {
            self.take(
                &identity.meta,
                used.identities.contains(&id(&identity.meta)),
                "No agent with a task in the policies can use this identity.",
            );
        }
        for domain in &model.domains {
            let why_not = "No task in the policies reaches what it decides, so it does not allow a request.";
            self.take(&domain.meta, used.domains.contains(&id(&domain.meta)), why_not);
        }
        for (index, person) in model.people.iter().enumerate() {
            let seated = used.people.contains(&PersonId(index as u32));
            self.take(&person.meta, true, "");
            if let (false, Some(until)) = (seated, person.until) {
                self.lost
                    .insert(at(until.span), "This person cannot approve anything that a task reaches.");
            }
        }
        for (index, team) in model.teams.iter().enumerate() {
            let why_not = "The team does not hold a function that a task needs, and no agent with a task acts for it.";
            self.take(&team.meta, used.teams.contains(&TeamId(index as u32)), why_not);
        }
        let domains = || model.domains.iter().filter(|domain| used.domains.contains(&id(&domain.meta)));
        for (index, ownership) in model.ownerships.iter().enumerate() {
            let some = domains().any(|domain| domain.ownerships.iter().any(|at| at.value.index() == index));
            self.take(&ownership.meta, some, NOT_DECIDED);
        }
        for (index, safeguards) in model.safeguards.iter().enumerate() {
            let some = domains().any(|domain| domain.safeguards.iter().any(|at| at.value.index() == index));
            self.take(&safeguards.meta, some, NOT_DECIDED);
        }
        for delegation in &model.delegations {
            let of = |domain: &DomainId| used.domains.contains(&id(&model.domains[domain.index()].meta));
            let some = delegation.functions.iter().any(|at| of(&at.value.1));
            self.take(&delegation.meta, some, "No task in the policies reaches what its domains decide.");
        }
        for function in &model.functions {
            self.take(&function.meta, used.functions.contains(&id(&function.meta)), NOT_DECIDED);
        }
        for purpose in &model.purposes {
            self.take(
                &purpose.meta,
                used.purposes.contains(&id(&purpose.meta)),
                "No task in the policies has this purpose, and no domain that a task reaches allows it.",
            );
        }
        for data in &model.data {
            let some = data
                .leaves
                .iter()
                .any(|leaf| used.classes.contains(&id(&model.data[leaf.index()].meta)));
            self.take(&data.meta, some, NO_TASK);
        }
        for action in &model.actions {
            let some = action
                .leaves
                .iter()
                .any(|leaf| used.actions.contains(&action_name(&model.actions[leaf.index()].meta)));
            self.take(&action.meta, some, NO_TASK);
        }
        for system in &model.systems {
            self.take(&system.meta, used.systems.contains(&id(&system.meta)), NO_TASK);
        }
        for rollback in &model.rollbacks {
            self.take(&rollback.meta, used.rollbacks.contains(&id(&rollback.meta)), NOT_DECIDED);
        }
        for ledger in &model.ledgers {
            self.take(&ledger.meta, used.ledgers.contains(&id(&ledger.meta)), NOT_DECIDED);
        }
        let others = model.providers.iter().map(|one| &one.meta);
        let others = others.chain(model.enforcements.iter().map(|one| &one.meta));
        let others = others.chain(model.standards.iter().map(|one| &one.meta));
        let others = others.chain(model.frameworks.iter().map(|one| &one.meta));
        others.for_each(|meta| self.take(meta, true, ""));
    }

    /// Clauses of used declarations that have no effect because another clause is missing.
    fn clauses(&mut self, sources: &Sources, model: &Model, policy: &Policy) {
        let limits = policy.tasks.values().flat_map(|task| &task.limits);
        let limits = limits.chain(policy.domains.values().flat_map(|domain| &domain.limits));
        let held: BTreeSet<&str> = limits.map(|limit| limit.source.as_str()).collect();
        let of_tasks = model
            .tasks
            .iter()
            .filter(|task| policy.tasks.contains_key(&*task.meta.id))
            .flat_map(|task| &task.limits);
        let of_domains = model.domains.iter().flat_map(|domain| &domain.limits);
        for limit in of_tasks.chain(of_domains) {
            if !held.contains(sources.cite(limit.span).as_str()) {
                self.lost.insert(
                    at(limit.span),
                    "The input is neither a number nor an amount, so the limit cannot apply.",
                );
            }
        }
        for domain in &model.domains {
            let held = policy
                .domains
                .get(&*domain.meta.id)
                .is_some_and(|domain| domain.emergency.is_some());
            if let (false, Some(emergency)) = (held, &domain.emergency) {
                let why_not = "The emergency lacks `approve` or `lasts`, so the normal quorum of the domain applies.";
                let inside = [emergency.approve.as_ref().map(|at| at.span), emergency.lasts_span];
                for span in inside.into_iter().flatten().chain([emergency.span]) {
                    self.lost.insert(at(span), why_not);
                }
            }
        }
        self.shared(model, policy);
        for identity in &model.identities {
            if let (None, Some(principal)) = (&identity.credential.ttl, &identity.principal) {
                let why_not = "There is no `ttl`, so the policies deny every request under this principal.";
                self.lost.insert(at(principal.span), why_not);
            }
        }
    }
}

impl Reached {
    /// Lines that apply to several domains, where each of these domains has its own line.
    fn shared(&mut self, model: &Model, policy: &Policy) {
        let mut held: BTreeSet<At> = BTreeSet::new();
        for domain in model.domains.iter().filter(|domain| policy.domains.contains_key(&*domain.meta.id)) {
            held.extend(domain.seats.iter().map(|seat| at(seat.span)));
            held.extend([domain.valid_span, domain.binds_span].into_iter().flatten().map(at));
            held.extend(domain.evidence.iter().map(|ledger| at(ledger.span)));
            held.extend(domain.rollbacks.iter().map(|rollback| at(rollback.span)));
        }
        let owners = model.ownerships.iter().flat_map(|ownership| &ownership.seats).map(|seat| seat.span);
        let others = model.safeguards.iter().flat_map(|safeguards| {
            let said = [safeguards.valid.map(|at| at.span), safeguards.binds_action.map(|at| at.span)];
            let said = said.into_iter().chain([safeguards.evidence.map(|ledger| ledger.span)]);
            said.flatten().chain(safeguards.rollbacks.iter().map(|rollback| rollback.span))
        });
        for span in owners.chain(others).filter(|span| !held.contains(&at(*span))) {
            let why_not = "Each domain in the policies that names this has its own line.";
            self.lost.insert(at(span), why_not);
        }
    }
}

fn at(span: Span) -> At {
    (span.file, span.start)
}

/// What the tasks in a policy use.
#[derive(Default)]
struct Used {
    tasks: BTreeSet<String>,
    agents: BTreeSet<String>,
    identities: BTreeSet<String>,
    domains: BTreeSet<String>,
    people: BTreeSet<PersonId>,
    teams: BTreeSet<TeamId>,
    functions: BTreeSet<String>,
    purposes: BTreeSet<String>,
    classes: BTreeSet<String>,
    actions: BTreeSet<String>,
    systems: BTreeSet<String>,
    rollbacks: BTreeSet<String>,
    ledgers: BTreeSet<String>,
}

impl Used {
    fn of(model: &Model, facts: &Facts, policy: &Policy) -> Used {
        let reaches = |group: &Group, task: &Task| {
            let of = |action: &String| task.scope.get(action).is_some_and(|scope| !scope.is_disjoint(&group.resources));
            group.actions.iter().any(of)
        };
        let mut used = Used::default();
        for (id, task) in &policy.tasks {
            let groups: Vec<&Group> = policy.groups.iter().filter(|group| reaches(group, task)).collect();
            if groups.is_empty() {
                continue;
            }
            used.tasks.insert(id.clone());
            used.agents.insert(task.agent.clone());
            used.purposes.extend(task.purpose.clone());
            used.domains.extend(groups.iter().flat_map(|group| group.domains.iter().cloned()));
            for (action, resources) in &task.scope {
                used.actions.insert(action.clone());
                for (system, class) in resources.iter().filter_map(|resource| resource.split_once('/')) {
                    used.systems.insert(system.to_owned());
                    used.classes.insert(class.to_owned());
                }
            }
        }
        for domain in used.domains.iter().filter_map(|id| policy.domains.get(id)) {
            used.functions.extend(domain.seats.keys().cloned());
            used.purposes.extend(domain.purposes.iter().flatten().cloned());
            used.rollbacks.extend(domain.rollbacks.iter().cloned());
            used.ledgers.extend(domain.evidence.clone());
        }
        used.of_model(model, facts);
        used
    }

    fn of_model(&mut self, model: &Model, facts: &Facts) {
        let mut parties: BTreeSet<Party> = BTreeSet::new();
        for domain in model.domains.iter().filter(|domain| self.domains.contains(&*domain.meta.id)) {
            for seat in &domain.seats {
                parties.insert(seat.owner.value);
                parties.extend(seat.deputies.iter().map(|deputy| deputy.value));
            }
        }
        for delegation in &model.delegations {
            let of = |domain: &DomainId| self.domains.contains(&*model.domains[domain.index()].meta.id);
            if delegation.functions.iter().any(|at| of(&at.value.1)) {
                parties.extend(delegation.to.map(|to| Party::Person(to.value)));
            }
        }
        for (agent, reach) in model.agents.iter().zip(&facts.reach) {
            if self.agents.contains(&*agent.meta.id) {
                parties.extend(agent.acts_for.iter().map(|acts_for| acts_for.principal));
                let identities = reach.identities.iter();
                self.identities
                    .extend(identities.map(|identity| model.identities[identity.index()].meta.id.to_string()));
            }
        }
        for party in parties {
            match party {
                Party::Person(person) => drop(self.people.insert(person)),
                Party::Team(team) => {
                    self.teams.insert(team);
                    let everybody = model.teams[team.index()].everybody();
                    self.people.extend(everybody.iter().map(|person| person.value));
                }
                Party::Agent(_) | Party::Identity(_) => {}
            }
        }
    }
}
