//! Catalogues of controls: pure data. The compiler knows only their shape.

use crate::model::Meta;
use crate::model::standard::Select;
use crate::source::Span;
use jiff::civil::Date;

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
    /// The number that the publisher or the catalogue gives it.
    pub id: Box<str>,
    /// Its title.
    pub title: Box<str>,
    /// The part of the framework it belongs to.
    pub group: Option<Box<str>>,
    /// What the control requires, in our words.
    pub text: Box<str>,
    /// It concerns only agents that do this; everything if `None`.
    pub about: Option<Select>,
    /// Checks that bear on it.
    pub evidence: Vec<Evidence>,
    /// What an auditor must ask for because no model can show it.
    pub ask: Option<Box<str>>,
    /// Where it is written.
    pub span: Span,
}

/// A label under which others cite a framework or a control.
#[derive(Debug)]
pub struct Alias {
    /// The label.
    pub label: Box<str>,
    /// Who uses the label.
    pub cited_by: Box<str>,
    /// How sure it is.
    pub status: Box<str>,
    /// Controls or groups that the label means.
    pub resolves_to: Vec<Box<str>>,
    /// Controls or groups that are close.
    pub related: Vec<Box<str>>,
    /// Why.
    pub note: Box<str>,
}

/// What a catalogue lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Threats: a mapping is evidence about a mitigation.
    Threats,
    /// Requirements.
    Requirements,
    /// Recommendations.
    Guidance,
}

/// A day on which something in a framework begins or ends to apply.
#[derive(Debug)]
pub struct Milestone {
    /// The day.
    pub date: Date,
    /// What begins or ends.
    pub event: Box<str>,
    /// The text that sets the date.
    pub basis: Box<str>,
    /// What was checked, and against which source.
    pub verified: Box<str>,
    /// The controls that the date is about; empty if it is about the whole framework.
    pub controls: Vec<Box<str>>,
    /// Where it is written.
    pub span: Span,
}

/// A part of a framework.
#[derive(Debug)]
pub struct Part {
    /// The publisher's name for it.
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
    /// When it was published.
    pub published: Box<str>,
    /// The sources that were read.
    pub sources: Vec<Box<str>>,
    /// What was checked against what.
    pub verified: Box<str>,
    /// What it lists.
    pub nature: Nature,
    /// Days on which something in it begins or ends to apply, in the order of the files.
    pub milestones: Vec<Milestone>,
    /// Cautions.
    pub notes: Vec<Box<str>>,
    /// Its parts.
    pub groups: Vec<Part>,
    /// Labels under which others cite it.
    pub aliases: Vec<Alias>,
    /// Its controls.
    pub controls: Vec<Control>,
}
