//! Reports what a change does to accountability. It compares the meaning of two compilations, not their text.

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

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The new side requires less or reaches more, or somebody no longer answers for it.
    Weaker,
    /// The new side requires more or reaches less, or somebody answers for it now.
    Stronger,
    /// Neither of the two, as far as Quorate can judge.
    Changed,
}

impl Weight {
    /// The word that users see.
    pub fn word(self) -> &'static str {
        match self {
            Weight::Weaker => "weaker",
            Weight::Stronger => "stronger",
            Weight::Changed => "changed",
        }
    }
}

/// One of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The version before the change.
    Old,
    /// The version after the change.
    New,
}

/// Where something is written: on the new side, or on the old side if the new side no longer has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The side.
    pub side: Side,
    /// The location on that side.
    pub span: Span,
}

/// One effect of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Its direction.
    pub weight: Weight,
    /// Its kind.
    pub kind: Kind,
    /// The kind and the id of the declaration that it is about, as `domain consent.consent`.
    pub subject: String,
    /// What happened, in one sentence.
    pub sentence: String,
    /// The consequence; may be empty.
    pub detail: String,
    /// The location.
    pub place: Option<Place>,
}

/// The kinds of changes, the most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Who must approve.
    Requirement,
    /// The policies allow something that they refused before, as a solver found.
    Policies,
    /// No domain decides something any more, or other domains decide it now.
    Governing,
    /// How few people can bring something about, or how many of them may be away.
    Collusion,
    /// What an agent, a person, a team or an identity reaches.
    Reach,
    /// Who may approve.
    Approver,
    /// A new finding.
    Opened,
    /// A waiver.
    Waiver,
    /// The level of a check or of a finding.
    Level,
    /// Another clause of a declaration.
    Clause,
    /// A finding that is no longer open.
    Closed,
}

impl Kind {
    /// The word for it in JSON.
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

/// Returns every difference, the weaker ones first. The list is empty if either side has errors, because Quorate
/// cannot compare such a side.
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

/// Returns the old id and the new id of each person and identity that was only renamed.
pub fn renames(old: &Meaning, new: &Meaning) -> Vec<(String, String)> {
    Declared::of(Both { old, new }).renamed.into_iter().collect()
}

/// The last part of an id, for display.
fn short(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}
