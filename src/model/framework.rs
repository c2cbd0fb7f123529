//! Catalogues of controls: pure data, about which the compiler knows nothing but this shape.

use crate::model::Meta;
use crate::source::Span;

/// How closely a check bears on a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// The point of the control, or a part of it that stands alone.
    Direct,
    /// A precondition, or one slice.
    Partial,
}

/// Checks that bear on a control.
#[derive(Debug)]
pub struct Evidence {
    /// Names of checks.
    pub checks: Vec<Box<str>>,
    /// How closely.
    pub strength: Strength,
    /// Why.
    pub why: Box<str>,
    /// Where it is written.
    pub span: Span,
}

/// A control or a threat.
#[derive(Debug)]
pub struct Control {
    /// As the publisher or the catalogue numbers it.
    pub id: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// The part of the framework it belongs to.
    pub group: Option<Box<str>>,
    /// What it says, in our words.
    pub text: Box<str>,
    /// Checks that bear on it.
    pub evidence: Vec<Evidence>,
    /// What to ask for that no model can show.
    pub ask: Option<Box<str>>,
    /// Where it is written.
    pub span: Span,
}

/// A label under which others cite a framework or a control.
#[derive(Debug)]
pub struct Alias {
    /// The label.
    pub label: Box<str>,
    /// Who cites it so.
    pub cited_by: Box<str>,
    /// How sure it is.
    pub status: Box<str>,
    /// Controls or groups that are meant.
    pub resolves_to: Vec<Box<str>>,
    /// What is near.
    pub related: Vec<Box<str>>,
    /// Why.
    pub note: Box<str>,
}

/// A part of a framework.
#[derive(Debug)]
pub struct Part {
    /// As the publisher names it.
    pub id: Box<str>,
    /// What it is about.
    pub title: Box<str>,
    /// The part it belongs to.
    pub within: Option<Box<str>>,
}

/// A catalogue of controls.
#[derive(Debug)]
pub struct Framework {
    /// Name and place.
    pub meta: Meta,
    /// Its short name in other formats.
    pub slug: Box<str>,
    /// Which edition.
    pub edition: Box<str>,
    /// Who published it.
    pub publisher: Box<str>,
    /// When.
    pub published: Box<str>,
    /// Where it was read.
    pub sources: Vec<Box<str>>,
    /// What was checked against what.
    pub verified: Box<str>,
    /// Whether it lists threats, so that a mapping speaks of a mitigation.
    pub threats: bool,
    /// Cautions.
    pub notes: Vec<Box<str>>,
    /// Its parts.
    pub groups: Vec<Part>,
    /// Labels under which others cite it.
    pub aliases: Vec<Alias>,
    /// Its controls.
    pub controls: Vec<Control>,
}
