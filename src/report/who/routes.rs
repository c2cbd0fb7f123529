//! How an agent comes to do it: on whose behalf, by which calls, who may start it and within which bounds.

use super::Page;
use crate::facts::AtomId;
use crate::facts::reach::on_behalf;
use crate::model::agent::Starter;
use crate::model::{DomainId, Task};
use crate::report::evidence::words;
use crate::words::listed;

impl Page<'_> {
    /// On whose behalf it is done.
    pub(super) fn behalf(&self, out: &mut String, atom: AtomId) {
        let wanted = self.meaning.facts.atoms.get(atom);
        for acts in &self.model.agents[self.agent.index()].acts_for {
            if on_behalf(self.model, acts).contains(&wanted) {
                let text = format!("{}   {}", self.party(acts.principal), self.cite(acts.span));
                self.row(out, "On behalf of", &text);
            }
        }
    }

    /// The agents that are called one after the other, if the agent does it through another one.
    pub(super) fn calls(&self, out: &mut String, atom: AtomId) {
        let reach = &self.meaning.facts.reach[self.agent.index()];
        let itself = reach.points.iter().any(|(point, routes)| *point == atom && routes.itself());
        let mut called = reach.called.tasks.iter();
        let called = called.find(|called| self.meaning.facts.scope(called.task).binary_search(&atom).is_ok());
        let Some(called) = called.filter(|_| !itself) else {
            return;
        };
        let mut names = vec![&*self.model.agents[self.agent.index()].meta.name];
        names.extend(
            reach
                .called
                .path(called)
                .iter()
                .map(|agent| &*self.model.agents[agent.index()].meta.name),
        );
        let task = &self.model.tasks[called.task.index()];
        self.row(
            out,
            "By calling",
            &format!("{}, for {}   {}", names.join(" → "), task.meta.name, self.cite(task.meta.span)),
        );
        self.started(out, task);
    }

    /// Who may start a task.
    pub(super) fn started(&self, out: &mut String, task: &Task) {
        let starters = task.started_by.iter().map(|starter| match starter.value {
            Starter::Schedule => "a schedule".to_owned(),
            Starter::Outsider => "an outsider".to_owned(),
            Starter::People(party) => self.party(party),
        });
        let starters: Vec<String> = starters.collect();
        let starters: Vec<&str> = starters.iter().map(String::as_str).collect();
        let who = match starters.is_empty() {
            true => "any person in the files who has not left; not a schedule, not an outsider".to_owned(),
            false => listed(&starters),
        };
        self.row(out, "Started by", &who);
    }

    /// The bounds of the inputs: of the tasks, and of the domains.
    pub(super) fn bounds(&self, out: &mut String, atom: AtomId, domains: &[DomainId]) {
        let day = self.model.as_of;
        let tasks = self.model.agents[self.agent.index()].tasks.iter();
        let tasks = tasks.filter(|task| {
            let own = &self.model.tasks[task.index()];
            (own.current(day) || own.coming(day)) && self.meaning.facts.scope(**task).binary_search(&atom).is_ok()
        });
        let of_tasks = tasks.flat_map(|task| {
            let own = &self.model.tasks[task.index()];
            own.limits.iter().map(|limit| (&*own.meta.name, limit))
        });
        let of_domains = domains.iter().flat_map(|domain| {
            let own = &self.model.domains[domain.index()];
            own.limits.iter().map(|limit| (&*own.meta.name, limit))
        });
        for (name, limit) in of_tasks.chain(of_domains) {
            self.row(
                out,
                "At most",
                &format!("{} ({name})   {}", words::limit(limit), self.cite(limit.span)),
            );
        }
    }
}
