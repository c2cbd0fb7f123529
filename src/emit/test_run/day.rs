//! The model on the day of a test, and the result of a test on that day.

use crate::diagnostic::Diagnostic;
use crate::emit::engines::Engines;
use crate::emit::lower;
use crate::emit::policy::Policy;
use crate::emit::reference::Reason;
use crate::emit::test_run::Deciders;
use crate::emit::test_run::combination::{Combination, MOST, every};
use crate::emit::test_run::decided::Decided;
use crate::emit::waived::Waived;
use crate::facts::Facts;
use crate::model::{Expectation, Model, TaskId, Test};
use crate::source::Sources;
use crate::syntax::nearest;
use std::collections::BTreeSet;

/// Everything that decides requests on one day.
pub(super) struct Day<'a> {
    pub model: &'a Model,
    pub facts: &'a Facts,
    pub policy: Policy,
    pub engines: Option<Engines>,
    /// Noon.
    pub now: i64,
}

/// A combination that was not decided as expected.
pub(super) struct Miss<'t, 'p> {
    pub combination: Combination<'t>,
    pub task: TaskId,
    pub decided: Decided<'p>,
}

impl<'a> Day<'a> {
    /// `None` if a target cannot express what the model states, with the reason.
    pub(super) fn of(
        sources: &Sources,
        model: &'a Model,
        facts: &'a Facts,
        waived: &Waived,
        deciders: Deciders,
    ) -> Result<Day<'a>, String> {
        let mut policy = lower::policy(sources, model, facts, &[], waived);
        narrow(&mut policy, model);
        let engines = match deciders {
            Deciders::Reference => None,
            Deciders::All => Some(Engines::of(&policy)?),
        };
        Ok(Day {
            model,
            facts,
            policy,
            engines,
            now: lower::day(model.as_of) + 43_200,
        })
    }

    /// How many combinations a test has, and the finding if one is not decided as expected.
    pub(super) fn judge(&self, test: &Test) -> (usize, Option<Diagnostic>) {
        let expect = match self.readable(test) {
            Ok(expect) => expect,
            Err(finding) => return (0, Some(*finding)),
        };
        let Some(all) = every(self.model, test) else {
            let help = "attempt less, or split it into several tests";
            return (
                0,
                Some(self.unclear(test, &format!("it tries more than {MOST} combinations"), help)),
            );
        };
        if all.is_empty() {
            let help = "attempt an action on a class that the system holds";
            return (0, Some(self.unclear(test, "no system holds the data that it attempts", help)));
        }
        let mut misses: Vec<Miss> = Vec::new();
        for combination in &all {
            let task = match self.task(combination, expect) {
                Ok(task) => task,
                Err((sentence, help)) => return (all.len(), Some(self.unclear(test, &sentence, &help))),
            };
            let decided = self.decide(combination, task);
            if decided.disagreement.is_some() || !self.met(expect, &decided) {
                misses.push(Miss {
                    combination: *combination,
                    task,
                    decided,
                });
            }
        }
        let finding = misses.first().map(|first| self.missed(test, expect, first, &misses, all.len()));
        (all.len(), finding)
    }

    /// What is expected, if the test states everything that it needs to run.
    fn readable<'t>(&self, test: &'t Test) -> Result<&'t Expectation, Box<Diagnostic>> {
        let unclear = |sentence: &str, help: &str| Err(Box::new(self.unclear(test, sentence, help)));
        if test.agents.is_empty() {
            return unclear("it has no agent", "agent …  with the agent that attempts it");
        }
        if test.attempts.is_empty() {
            return unclear("it attempts nothing", "attempt write …  with the data and the system");
        }
        let Some(expect) = &test.expect else {
            return unclear("it expects nothing", "expect deny missing …  or  expect allow");
        };
        if let Expectation::Deny(Some(word), _) = &expect.value
            && reason(word).is_none()
        {
            let codes = || Reason::ALL.into_iter().map(Reason::code);
            let help = match nearest(word, codes()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the reasons are {}", codes().collect::<Vec<_>>().join(", ")),
            };
            return unclear(&format!("there is no reason `{word}`"), &help);
        }
        let given = test.inputs.iter().flat_map(|line| &line.value);
        for (name, _) in given {
            if !self.policy.inputs.contains(&**name) {
                let known = self.policy.inputs.iter().map(String::as_str);
                let help = nearest(name, known).map_or("leave it out".to_owned(), |near| format!("did you mean `{near}`?"));
                return unclear(&format!("no domain or limit has an input `{name}`"), &help);
            }
        }
        Ok(&expect.value)
    }

    /// The task in which a combination is tried: the task that it names, or the agent's only current task that names
    /// the atom.
    fn task(&self, combination: &Combination<'_>, expect: &Expectation) -> Result<TaskId, (String, String)> {
        if let Some(task) = combination.task {
            return Ok(task);
        }
        let agent = &self.model.agents[combination.agent.index()];
        let named = &agent.meta.name;
        let (action, class, system) = self.words_of(combination.atom);
        let what = format!("{action} {class} in {system}");
        let current: Vec<TaskId> = self.facts.reach[combination.agent.index()].current.clone();
        let atom = self.facts.atoms.find(combination.atom);
        let names = |task: &&TaskId| atom.is_some_and(|atom| self.facts.scope(**task).contains(&atom));
        let naming: Vec<TaskId> = current.iter().filter(names).copied().collect();
        let name = |task: &TaskId| &*self.model.tasks[task.index()].meta.name;
        match naming[..] {
            [task] => Ok(task),
            [first, second, ..] => Err((
                format!("both {} and {} of {named} name {what}", name(&first), name(&second)),
                format!("agent {named} doing {}", name(&first)),
            )),
            [] => match (current.first(), expect) {
                // The answer is the same for every task that the request could name.
                (Some(task), Expectation::Deny(Some(word), None)) if reason(word) == Some(Reason::OutOfScope) => Ok(*task),
                _ => Err((
                    format!("no current task of {named} names {what} on {}", self.model.as_of),
                    format!("agent {named} doing …  with the task, or  expect deny out_of_scope"),
                )),
            },
        }
    }

    fn met(&self, expect: &Expectation, decided: &Decided<'_>) -> bool {
        match expect {
            Expectation::Allow => decided.allow,
            Expectation::Deny(None, _) => !decided.allow,
            Expectation::Deny(Some(word), function) => {
                let Some(reason) = reason(word).filter(|_| !decided.allow) else {
                    return false;
                };
                match function {
                    None => decided.reasons.contains(&reason),
                    Some(function) => decided.lacks(reason, &self.model.functions[function.index()].meta.id),
                }
            }
        }
    }
}

/// Leaves out the agents that no test names, with their tasks: they are data next to the permits, and a
/// decision about one agent does not depend on another.
fn narrow(policy: &mut Policy, model: &Model) {
    let named = || model.tests.iter().flat_map(|test| &test.agents).map(|at| at.value);
    let agents: BTreeSet<&str> = named().map(|(agent, _)| &*model.agents[agent.index()].meta.id).collect();
    let tasks: BTreeSet<&str> = named().filter_map(|(_, task)| Some(&*model.tasks[task?.index()].meta.id)).collect();
    policy
        .tasks
        .retain(|id, task| agents.contains(&*task.agent) || tasks.contains(id.as_str()));
    let owners: BTreeSet<String> = policy.tasks.values().map(|task| task.agent.clone()).collect();
    policy.agents.retain(|id, _| agents.contains(id.as_str()) || owners.contains(id));
    let known = |id: &String| policy.agents.contains_key(id);
    policy
        .calls
        .retain(|(caller, callee, task)| known(caller) && known(callee) && policy.tasks.contains_key(task));
}

/// The reason that a test names.
pub(super) fn reason(word: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.code() == word)
}
