//! The policies of both sides of a change, as `build` would write them if no gap were open, held against each other: a net under what is
//! compared word by word.
//!
//! What is asked is asked of what both sides decide. Data and actions that no policy of the old side was about are new decisions, and they are
//! told as such elsewhere.

mod names;

use crate::compile::{Compilation, Meaning};
use crate::diff::{Change, Kind, Place, Side, Weight, renames};
use crate::emit::cedar::{self, Cedar};
use crate::emit::lower;
use crate::emit::policy::Policy;
use crate::emit::waived::Waived;
use crate::prove::against::data::is_idle;
use crate::prove::against::{Earlier, Files};
use crate::prove::proof::{Kind as Claimed, Shown, Verdict};
use crate::prove::questions::{Wanted, prove};
use crate::prove::solver::Solvers;
use names::Names;
use std::collections::BTreeSet;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policies {
    /// Both sides come to the same files, so that nothing is to be asked.
    Same,
    /// A solver was asked.
    Asked {
        /// Its name and version.
        by: String,
        /// How many questions that took.
        questions: usize,
        /// In how many ways something is allowed that was refused, or may be: one for each decision, and one for each thing that the data hold.
        more: usize,
        /// How many operations are decided now that no policy was about.
        fresh: usize,
    },
    /// Nothing was asked, and why.
    Not(String),
}

/// Compares them. `changes` is what is known without; `solver` is only looked for where something has to be asked.
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
    let (was, is) = (Written::of(old, before, "old")?, Written::of(new, after, "new")?);
    let texts = was.under(&renames(before, after), &is.policy.revision);
    let earlier = Files {
        schema: &texts[0],
        policies: &texts[1],
        explain: &texts[2],
        entities: &texts[3],
    };
    let today = Files::of(&is.cedar);
    if earlier.digests() == today.digests() {
        return Ok((Policies::Same, Vec::new()));
    }
    let solver = solver()?;
    let mut earlier = Earlier::new(earlier, today)?;
    earlier.common = true;
    earlier.wider.retain(|sentence| !is_idle(sentence));
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
    let answer = Policies::Asked {
        by: proof.solver.clone(),
        questions: proof.shown.iter().map(|shown| shown.questions).sum(),
        more: proof.shown.iter().map(ways).sum(),
        fresh: operations(&is.policy).difference(&operations(&was.policy)).count(),
    };
    Ok((answer, more))
}

/// In how many ways more is allowed, or may be; whether another line says it already or not.
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

/// What a side comes to.
struct Written {
    policy: Policy,
    cedar: Cedar,
}

impl Written {
    fn of(compilation: &Compilation, meaning: &Meaning, side: &str) -> Result<Written, String> {
        let waived = Waived::of(compilation);
        let policy = lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &compilation.serves(), &waived);
        let cedar = cedar::emit(&policy).map_err(|loss| format!("the {side} side cannot be written in Cedar: {}", loss.sentence))?;
        Ok(Written { policy, cedar })
    }

    /// The files, with people and identities by the names of the other side, and for its revision. A request is made for one revision, so
    /// that of two sides at most one could allow it.
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

/// Each answer as a change.
struct Telling<'a> {
    after: &'a Meaning,
    names: Names,
    changes: &'a [Change],
}

impl Telling<'_> {
    fn of(&self, shown: &Shown) -> Vec<Change> {
        match &shown.verdict {
            Verdict::Proved => Vec::new(),
            Verdict::NotProved { because } => {
                let of = self.decided(shown);
                let sentence = format!("whether more is allowed under {of} than before is not known");
                vec![self.change(shown, sentence, because.join("; "))]
            }
            Verdict::Refuted { examples } if shown.domains.is_empty() => {
                let sentences = examples.iter().map(|example| &example.sentence);
                let alone = sentences.filter(|sentence| !self.is_explained(sentence));
                let each = alone.map(|sentence| self.change(shown, self.names.applied(sentence), "no other line says it".to_owned()));
                each.collect()
            }
            Verdict::Refuted { examples } => {
                let Some(first) = examples.first() else { return Vec::new() };
                // What comes with a request stands behind what it is.
                let (told, approvals) = match first.sentence.rsplit_once(" (") {
                    Some((told, given)) if given.ends_with(')') => (told, given.trim_end_matches(')')),
                    Some(_) | None => (&*first.sentence, ""),
                };
                let sentence = format!("let through now, and refused before: {}", self.names.applied(told));
                let mut detail = Vec::new();
                if !approvals.is_empty() {
                    detail.push(self.names.applied(approvals));
                }
                let actions: BTreeSet<&String> = examples.iter().map(|example| &example.action).collect();
                if actions.len() > 1 {
                    let others: Vec<&str> = actions
                        .into_iter()
                        .filter(|action| **action != first.action)
                        .map(|action| &**action)
                        .collect();
                    detail.push(format!("likewise {}", others.join(", ")));
                }
                vec![self.change(shown, sentence, detail.join("; "))]
            }
        }
    }

    /// The domains of a claim by their titles; the data, where it is about them.
    fn decided(&self, shown: &Shown) -> String {
        match shown.domains.as_slice() {
            [] => "the data of the policies".to_owned(),
            domains => {
                let names: Vec<String> = domains.iter().map(|id| self.names.applied(&format!("`{id}`"))).collect();
                names.join(" and ")
            }
        }
    }

    /// Whether a line that is not stronger says it already, by the name of what it is about. That something is new explains nothing.
    fn is_explained(&self, sentence: &str) -> bool {
        let Some(id) = sentence.split('`').nth(1) else { return false };
        let called = self.names.all(id);
        let is_new = sentence.ends_with("is new");
        let says = |change: &&Change| {
            let texts = [&change.subject, &change.sentence, &change.detail];
            texts.iter().any(|text| called.iter().any(|name| names::names(text, name)))
        };
        let telling = |change: &&Change| match change.weight {
            Weight::Weaker => true,
            Weight::Changed => !is_new,
            Weight::Stronger => false,
        };
        self.changes.iter().filter(telling).any(|change| says(&change))
    }

    fn change(&self, shown: &Shown, sentence: String, detail: String) -> Change {
        let own = shown.domains.first();
        let domain = own.and_then(|id| self.after.model.domains.iter().find(|domain| *domain.meta.id == **id));
        Change {
            weight: Weight::Weaker,
            kind: Kind::Policies,
            subject: own.map_or("policies".to_owned(), |id| format!("domain {id}")),
            sentence,
            detail,
            place: domain.map(|domain| Place {
                side: Side::New,
                span: domain.meta.span,
            }),
        }
    }
}
