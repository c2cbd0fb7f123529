//! Compares the policies of both sides of a change, as `build` would write them without open gaps. It is a
//! second check, after the comparison clause by clause.
//!
//! The questions are about what both sides decide. Data and actions that no old policy was about are new
//! decisions, which are reported elsewhere.

mod names;
mod telling;

use crate::compile::{Compilation, Meaning};
use crate::diff::{Change, renames};
use crate::emit::cedar::{self, Cedar};
use crate::emit::lower;
use crate::emit::policy::{Agent, Policy, Principal};
use crate::emit::waived::Waived;
use crate::prove::against::data::{is_idle, new_task};
use crate::prove::against::{Earlier, Files};
use crate::prove::proof::{Kind as Claimed, Shown, Verdict};
use crate::prove::questions::{Wanted, prove};
use crate::prove::solver::Solvers;
use names::Names;
use std::collections::{BTreeMap, BTreeSet};
use telling::Telling;

/// The result of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policies {
    /// Both sides give the same policies and data, so there is nothing to ask.
    Same,
    /// A solver was asked.
    Compared {
        /// Its name and version.
        by: String,
        /// How many questions that took.
        questions: usize,
        /// The number of ways in which something is or may be allowed that was refused before: one for each
        /// decision, and one for each thing in the data.
        more: usize,
        /// How many operations are decided now that no policy was about.
        fresh: usize,
        /// How many earlier tasks are allowed now that their scope is approved.
        approved: usize,
    },
    /// Nothing was asked, and why.
    Not(String),
}

/// Compares the sides. `changes` is what is known without a solver; `solver` is looked for only if something
/// must be asked.
pub fn compared<S: Solvers>(
    old: &Compilation,
    new: &Compilation,
    changes: &[Change],
    solver: impl FnOnce() -> Result<S, String>,
) -> (Policies, Vec<Change>) {
    match asked(old, new, changes, solver) {
        Ok(answer) => answer,
        Err(why) => (Policies::Not(why), Vec::new()),
    }
}

fn asked<S: Solvers>(
    old: &Compilation,
    new: &Compilation,
    changes: &[Change],
    solver: impl FnOnce() -> Result<S, String>,
) -> Result<(Policies, Vec<Change>), String> {
    let (Some(before), Some(after)) = (&old.meaning, &new.meaning) else {
        return Err("a side cannot be read".to_owned());
    };
    let (lower_old, mut lower_new) = (lowered(old, before), lowered(new, after));
    // If no agent can use somebody's account, the policies do not check whether an approval is from that
    // person. A check that is missing because it has nothing to check allows nothing more. Quorate therefore
    // adds an agent that can do nothing, so that the policies contain this check.
    if runs_as_somebody(&lower_old) && !runs_as_somebody(&lower_new) {
        lower_new.agents.insert(NOBODY.to_owned(), somebody());
    }
    // An emergency that asks nobody, or has no end, is a gap, and no policy contains it. If the old policies
    // leave it out, the new policies are also read without an emergency. The comparison of what each side
    // requires shows that another emergency takes its place.
    for domain in before.model.domains.iter().filter(|domain| domain.emergency.is_some()) {
        let id = domain.meta.id.to_string();
        let left_out = lower_old.domains.get(&id).is_some_and(|own| own.emergency.is_none());
        if let Some(own) = lower_new.domains.get_mut(&id).filter(|_| left_out) {
            own.emergency = None;
        }
    }
    let (was, is) = (Written::of(lower_old, "old")?, Written::of(lower_new, "new")?);
    let texts = was.under(&renames(before, after), &is.policy.revision);
    let earlier = Files {
        schema: &texts[0],
        policies: &texts[1],
        explain: &texts[2],
        entities: &texts[3],
    };
    let today = Files::of(&is.cedar);
    let alike = [
        (earlier.schema, today.schema),
        (earlier.policies, today.policies),
        (earlier.explain, today.explain),
        (earlier.entities, today.entities),
    ];
    if alike.into_iter().all(|(was, is)| deciding(was).eq(deciding(is))) {
        return Ok((Policies::Same, Vec::new()));
    }
    let solver = solver()?;
    let mut earlier = Earlier::new(earlier, today)?;
    earlier.common = true;
    earlier.wider.retain(|sentence| !is_idle(sentence));
    // An existing task may be new in the policies only because people have now approved its scope. They answer
    // for it.
    let found = earlier.wider.len();
    let there = |id: &str| before.model.tasks.iter().any(|task| *task.meta.id == *id);
    earlier.wider.retain(|sentence| !new_task(sentence).is_some_and(there));
    let approved = found - earlier.wider.len();
    let wanted = Wanted {
        kinds: &[Claimed::Within],
        domains: &BTreeSet::new(),
        earlier: Some(&earlier),
        told: &mut |_| {},
    };
    let proof = prove(&is.policy, &is.cedar, &solver, wanted)?;
    let telling = Telling {
        after,
        names: Names::of(&before.model, &after.model),
        changes,
    };
    let more: Vec<Change> = proof.shown.iter().flat_map(|shown| telling.of(shown)).collect();
    let answer = Policies::Compared {
        by: proof.solver.clone(),
        questions: proof.shown.iter().map(|shown| shown.questions).sum(),
        more: proof.shown.iter().map(ways).sum(),
        fresh: operations(&is.policy).difference(&operations(&was.policy)).count(),
        approved,
    };
    Ok((answer, more))
}

/// The lines of a file that affect decisions: no comment, no annotation, and no source place.
fn deciding(text: &str) -> impl Iterator<Item = &str> {
    let aside = ["//", "@", "\"source\": \""];
    text.lines()
        .map(str::trim_start)
        .filter(move |line| !aside.iter().any(|start| line.starts_with(start)))
}

/// The number of ways in which more is or may be allowed, whether or not another line already reports it.
fn ways(shown: &Shown) -> usize {
    match &shown.verdict {
        Verdict::Proved => 0,
        Verdict::Refuted { examples } if shown.domains.is_empty() => examples.len(),
        Verdict::Refuted { .. } | Verdict::NotProved { .. } => 1,
    }
}

fn operations(policy: &Policy) -> BTreeSet<(&String, &String)> {
    let mut operations = BTreeSet::new();
    for group in &policy.groups {
        for action in &group.actions {
            operations.extend(group.resources.iter().map(|resource| (action, resource)));
        }
    }
    operations
}

/// The id of the agent that can do nothing.
const NOBODY: &str = "nobody";

/// That agent. It appears as somebody's account.
fn somebody() -> Agent {
    let principal = Principal {
        life: None,
        human: Some(NOBODY.to_owned()),
    };
    Agent {
        principals: BTreeMap::from([(NOBODY.to_owned(), principal)]),
        ..Agent::default()
    }
}

fn runs_as_somebody(policy: &Policy) -> bool {
    let mut principals = policy.agents.values().flat_map(|agent| agent.principals.values());
    principals.any(|principal| principal.human.is_some())
}

fn lowered(compilation: &Compilation, meaning: &Meaning) -> Policy {
    let waived = Waived::of(compilation);
    lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &compilation.serves(), &waived)
}

/// The policies of one side.
struct Written {
    policy: Policy,
    cedar: Cedar,
}

impl Written {
    fn of(policy: Policy, side: &str) -> Result<Written, String> {
        let cedar = cedar::emit(&policy).map_err(|loss| format!("the {side} side cannot be written in Cedar: {}", loss.sentence))?;
        Ok(Written { policy, cedar })
    }

    /// The files, with the names of people and identities from the other side, and for its revision. A request
    /// carries one revision, so at most one of two sides could allow it.
    fn under(&self, renames: &[(String, String)], revision: &str) -> [String; 4] {
        let cedar = &self.cedar;
        [&cedar.schema, &cedar.policies, &cedar.explain, &cedar.entities].map(|text| {
            let mut text = text.replace(&self.policy.revision, revision);
            for (old, new) in renames {
                text = text.replace(&format!("\"{old}\""), &format!("\"{new}\""));
            }
            text
        })
    }
}
