//! What the compiler reports: one value for every message, for findings and for errors in the text.

use crate::source::Span;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

pub mod catalogue;
pub mod magnitude;
pub mod points;
pub mod render;

pub use catalogue::Code;
pub use magnitude::{Magnitude, Mark};
pub use points::{Point, Points};

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Worth fixing.
    Warning,
    /// An accountability gap.
    Error,
}

impl Level {
    /// The word users see.
    pub fn word(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A place and the text about it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// Another place that bears on a finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// The code of the finding that was folded in here, if one was.
    pub code: Option<&'static Code>,
    /// The place.
    pub span: Span,
    /// How it relates to the finding.
    pub message: String,
    /// What is behind the finding that was folded in here, if one was.
    pub taken: Option<Box<Taken>>,
}

/// What is behind a finding that was folded into another one.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Every decision point, the one it shows first.
    pub points: Points,
    /// What agents do.
    pub operations: Operations,
    /// The path that leads to it.
    pub steps: Vec<Label>,
}

/// One person of a witness, and why that person can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The person's id; empty if it is whoever controls something.
    pub person: String,
    /// The person's full name.
    pub name: String,
    /// The function, or what is controlled.
    pub stands_for: String,
    /// `owner`, `deputy`, `controls …`.
    pub because: String,
    /// Where it is written.
    pub span: Span,
}

/// The decision that a finding shows as its first example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The agent's id.
    pub agent: String,
    /// The leaf action, as `write.update`.
    pub action: String,
    /// The leaf class.
    pub data: String,
    /// The system.
    pub system: String,
    /// The day from which it holds, if it does not hold yet.
    pub from: Option<Date>,
}

/// An edit that a machine may make, because no reading of it is weaker than the present text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The place that it replaces.
    pub span: Span,
    /// The new text; empty if the line is removed.
    pub text: String,
}

/// What a finding of a check carries beyond its message.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// The id of the declaration at fault.
    pub subject: String,
    /// The kind of that declaration.
    pub subject_kind: String,
    /// The standard that makes it a fault, and the place of the requirement.
    pub standard: Option<(String, Span)>,
    /// The decision points behind it, the one to show first.
    pub points: Points,
    /// Who can, and why.
    pub witness: Vec<Witness>,
    /// What distinguishes two findings of one code at one subject.
    pub selector: String,
    /// The operations behind it, whichever agents do them.
    pub operations: Operations,
    /// How severe it is: when it holds, what is missing, the actual number, who can act alone. It never
    /// contains anything that changes with the day alone.
    pub magnitude: BTreeSet<Magnitude>,
    /// Ids of those who can act alone, according to the finding or one folded into it.
    pub alone: BTreeSet<String>,
    /// Whether it is equally about several declarations, all of them in its magnitude. It is then at the later one
    /// in the files. That place is not part of the fingerprint: files may be renamed, split and joined.
    pub alike: bool,
    /// The clause to edit, if the same fault in another clause is a separate finding.
    pub clause: Option<Span>,
    /// Codes that this one is a consequence of: a finding of one of them at the same subject includes it.
    pub follows: Vec<&'static str>,
    /// The id of the person whose second entry is the cause: without that there is no such fault.
    pub because: Option<String>,
    /// Declarations with missing clauses that are the cause: a note about one of these alone folds into this
    /// finding.
    pub silence: Vec<(Span, &'static str)>,
    /// Controls it bears on, as `owasp-agentic-2026:ASI03`, the ones it bears on directly first.
    pub controls: Arc<[String]>,
    /// Digest of this fault with its severity, and of the findings folded into it; without places and titles.
    pub fingerprint: String,
    /// The id of the waiver that relieves it for a time; `None` if it is open.
    pub waived_by: Option<String>,
    /// Whether the finding is in the baseline of this run.
    pub in_baseline: bool,
    /// A standard that requires something here, with the place of the requirement. It is for a fault that
    /// exists without a standard too.
    pub applicable: Option<(String, Span)>,
    /// Whether no setting may lower the finding and no waiver may relieve it. For some codes this always applies.
    pub firm: bool,
    /// Its level whatever `quorate.toml` sets, or the higher one of a finding folded into it. Policies are
    /// written from it.
    pub built_in: Option<Level>,
    /// The last day on which some waiver relieves it.
    pub waived_until: Option<Date>,
}

/// What agents do: what, on which data, where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operations {
    /// Digest of all of them.
    pub digest: String,
    /// Each by the ids of action, data and system.
    pub each: Vec<[String; 3]>,
    /// It is about everything of its subject as well.
    pub everything: bool,
}

impl Operations {
    /// The operations that the finding is limited to; none if it is about everything of its subject.
    pub fn bounded(&self) -> &[[String; 3]] {
        match self.everything {
            true => &[],
            false => &self.each,
        }
    }

    /// Adds the operations of another finding. A side without operations is about everything of its subject, and
    /// then so is the sum.
    pub fn take_in(&mut self, others: Operations) {
        self.everything = self.bounded().is_empty() || others.bounded().is_empty();
        self.each.extend(others.each);
        self.each.sort_unstable();
        self.each.dedup();
    }
}

/// One diagnostic.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The check that found it; `None` for an error in the text itself.
    pub code: Option<&'static Code>,
    /// How severe it is.
    pub level: Level,
    /// One sentence: the fact.
    pub message: String,
    /// The places; the first is where it is.
    pub labels: Vec<Label>,
    /// Places elsewhere.
    pub related: Vec<Related>,
    /// A path that leads to the fault, step by step, each with its place.
    pub steps: Vec<Label>,
    /// The smallest edits that fix it; each is one of several ways.
    pub help: Vec<String>,
    /// The first of them in the form for `check --fix`; `None` where only people can know what is true.
    pub edit: Option<Edit>,
    /// What belongs in the place of an open question (`TODO`), which is the message; `None` if the diagnostic
    /// is not a question.
    pub question: Option<String>,
    /// Facts of a finding, on their own: a list of very many findings that grows moves less.
    pub finding: Box<Finding>,
}

impl Diagnostic {
    /// An error in the text. With one, gaps cannot be checked.
    pub fn error(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::unplaced(message).label(span, "")
    }

    /// An error without a place.
    pub fn unplaced(message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: None,
            level: Level::Error,
            message: message.into(),
            labels: Vec::new(),
            related: Vec::new(),
            steps: Vec::new(),
            help: Vec::new(),
            edit: None,
            question: None,
            finding: Box::default(),
        }
    }

    /// Adds a place; the first one added is the primary one. A text put on the primary place again replaces it.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        let text = text.into();
        match self.labels.iter_mut().find(|label| label.span == span) {
            Some(label) => label.text = text,
            None => self.labels.push(Label { span, text }),
        }
        self
    }

    /// Adds to the magnitude, so that a worse fault is another finding.
    pub fn magnitude(mut self, magnitude: impl Into<Magnitude>) -> Diagnostic {
        self.finding.magnitude.insert(magnitude.into());
        self
    }

    /// Adds several parts to the magnitude.
    pub fn magnitudes<T: Into<Magnitude>>(mut self, magnitudes: impl IntoIterator<Item = T>) -> Diagnostic {
        self.finding.magnitude.extend(magnitudes.into_iter().map(Into::into));
        self
    }

    /// Adds the ids of the declarations it is about to the magnitude.
    pub fn ids<T: AsRef<str>>(self, ids: impl IntoIterator<Item = T>) -> Diagnostic {
        self.magnitudes(ids.into_iter().map(|id| Magnitude::new().id(id.as_ref())))
    }

    /// Adds a place elsewhere.
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.related.push(Related {
            code: None,
            taken: None,
            span,
            message: message.into(),
        });
        self
    }

    /// Adds a step of the path that leads to the fault.
    pub fn step(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.steps.push(Label { span, text: text.into() });
        self
    }

    /// Adds a way to fix it.
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Sets how a machine may fix it.
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.edit = Some(Edit { span, text: text.into() });
        self
    }

    /// The primary place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
