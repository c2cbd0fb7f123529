//! What a solver found, as changes for people.

use crate::compile::Meaning;
use crate::diff::{Change, Kind, Place, Side, Weight};
use crate::prove::against::data::new_task;
use crate::prove::proof::{Shown, Verdict};
use crate::prove::sides::names::{self, Names};
use std::collections::BTreeSet;

/// Each answer as a change.
pub(super) struct Telling<'a> {
    /// The new side.
    pub(super) after: &'a Meaning,
    /// What people call things.
    pub(super) names: Names,
    /// What is known without a solver.
    pub(super) changes: &'a [Change],
}

impl Telling<'_> {
    /// The changes that one answer shows; none if the claim holds.
    pub(super) fn of(&self, shown: &Shown) -> Vec<Change> {
        match &shown.verdict {
            Verdict::Proved => Vec::new(),
            Verdict::NotProved { because } => {
                let of = self.decided(shown);
                let sentence = format!("it is not known whether more is allowed under {of} than before");
                vec![self.change(shown, sentence, because.join("; "))]
            }
            Verdict::Refuted { examples } if shown.domains.is_empty() => {
                let sentences = examples.iter().map(|example| &example.sentence);
                let alone = sentences.filter(|sentence| !self.is_explained(sentence));
                alone.map(|sentence| self.of_data(shown, sentence)).collect()
            }
            Verdict::Refuted { examples } => {
                let Some(first) = examples.first() else { return Vec::new() };
                // The sentence has the approvals in parentheses at its end, and further reasons after the first.
                let (told, approvals) = match first.sentence.rsplit_once(" (") {
                    Some((told, given)) if given.ends_with(')') => (told, given.trim_end_matches(')')),
                    Some(_) | None => (&*first.sentence, ""),
                };
                let (told, further) = told.split_once("; ").unwrap_or((told, ""));
                let told = match told.split_once(" may do ") {
                    Some((agent, what)) => format!("the policies now let {agent} do {what}"),
                    None => told.to_owned(),
                };
                let sentence = self.names.applied(&told);
                let named = [further, approvals].into_iter().filter(|part| !part.is_empty());
                let mut detail: Vec<String> = named.map(|part| self.names.applied(part)).collect();
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

    /// Something that the data hold now.
    fn of_data(&self, shown: &Shown, sentence: &str) -> Change {
        let detail = match new_task(sentence) {
            Some(_) => "its agent may now do so under this task as well: look at its limits, its purpose and who may start it",
            None => "because of it, the policies allow more",
        };
        self.change(shown, self.names.applied(sentence), detail.to_owned())
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

    /// Whether another line already reports it under the same name. Such a line is weaker, or has one approver or
    /// one `runs_as` in the place of another. A line that is merely a change does not explain anything else, and
    /// does not explain that something is new.
    fn is_explained(&self, sentence: &str) -> bool {
        let Some(id) = sentence.split('`').nth(1) else { return false };
        let called = self.names.all(id);
        let is_new = sentence.ends_with("is new");
        let appears = sentence.contains(" may appear as ");
        let says = |change: &&Change| {
            let texts = [&change.subject, &change.sentence, &change.detail];
            texts.iter().any(|text| called.iter().any(|name| names::names(text, name)))
        };
        let telling = |change: &&Change| match change.weight {
            Weight::Weaker => true,
            Weight::Changed => {
                !is_new && (change.kind == Kind::Approver || (appears && change.sentence.starts_with("`runs_as` of agent ")))
            }
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
