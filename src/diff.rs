//! What a change does to accountability: compares two compilations by their meaning, never by their text.

use crate::compile::{Compilation, Meaning};
use crate::source::Span;
use declared::Declared;

mod clauses;
mod declared;
mod findings;
mod governing;
mod holding;
mod people;
mod quorum;
mod reaching;
mod renamed;
mod requirement;
mod rules;
mod settings;

/// Which way a change goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Less is required, more is reached, or somebody no longer answers for it.
    Weaker,
    /// The other way round.
    Stronger,
    /// Neither, as far as can be judged.
    Changed,
}

impl Weight {
    /// The word users see.
    pub fn word(self) -> &'static str {
        match self {
            Weight::Weaker => "weaker",
            Weight::Stronger => "stronger",
            Weight::Changed => "changed",
        }
    }
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The old side.
    Old,
    /// The new side.
    New,
}

/// Where something is written: on the new side, or on the old one if it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// In which of the two.
    pub side: Side,
    /// Where in it.
    pub span: Span,
}

/// One thing that a change does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Which way it goes.
    pub weight: Weight,
    /// What sort it is.
    pub kind: Kind,
    /// The kind and the id of the declaration it is about, as `domain consent.consent`.
    pub subject: String,
    /// What happened, in one sentence.
    pub sentence: String,
    /// What follows from it; may be empty.
    pub detail: String,
    /// Where.
    pub place: Option<Place>,
}

/// What sort of change it is, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who has to approve.
    Requirement,
    /// What is allowed that was refused, as a solver found.
    Policies,
    /// What no domain decides, or what one decides now.
    Governing,
    /// How few people can bring it about.
    Collusion,
    /// What an agent reaches.
    Reach,
    /// Who may approve.
    Approver,
    /// A finding that is open now.
    Opened,
    /// A waiver.
    Waiver,
    /// A level of `quorate.toml`.
    Level,
    /// Another clause of a declaration.
    Clause,
    /// A finding that is no longer open.
    Closed,
}

impl Kind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Requirement => "requirement",
            Kind::Policies => "policies",
            Kind::Governing => "governing",
            Kind::Collusion => "collusion",
            Kind::Reach => "reach",
            Kind::Approver => "approver",
            Kind::Opened => "opened",
            Kind::Waiver => "waiver",
            Kind::Level => "level",
            Kind::Clause => "clause",
            Kind::Closed => "closed",
        }
    }
}

/// The models of both sides.
#[derive(Clone, Copy)]
struct Both<'a> {
    old: &'a Meaning,
    new: &'a Meaning,
}

/// Everything that differs, what is weaker first. Empty where a side has errors, since nothing can be compared
/// with it.
pub fn diff(old: &Compilation, new: &Compilation) -> Vec<Change> {
    let (Some(before), Some(after)) = (&old.meaning, &new.meaning) else {
        return Vec::new();
    };
    let both = Both { old: before, new: after };
    let declared = Declared::of(both);
    let mut changes = findings::changes(old, new);
    changes.extend(settings::changes(old, new));
    changes.extend(requirement::changes(both, &declared));
    changes.extend(governing::changes(both));
    changes.extend(renamed::changes(&declared));
    changes.extend(people::changes(both, &declared.renamed));
    changes.extend(holding::changes(both, &declared.renamed));
    changes.extend(reaching::changes(both, &declared.renamed));
    changes.extend(clauses::changes(&declared));
    changes.sort();
    changes.dedup();
    changes
}

/// The old id and the new one of each person and identity that is the same under another name.
pub fn renames(old: &Meaning, new: &Meaning) -> Vec<(String, String)> {
    Declared::of(Both { old, new }).renamed.into_iter().collect()
}

/// The last part of an id, as people say it.
fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}
