//! The table of all words: where each clause may occur, what it takes, and what its absence means.
//!
//! The reader, the "did you mean" suggestions, the formatter and the reference page all use it.

use crate::syntax::pattern::{self, Pattern};
use std::sync::LazyLock;

mod agents;
mod domains;
mod library;
mod people;
mod systems;
mod workspace;

/// The kinds of declarations. Each kind has its own namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The organisation that the files belong to.
    Workspace,
    /// A function, which decides certain questions.
    Function,
    /// A natural person.
    Person,
    /// A group of people.
    Team,
    /// A purpose that data is used for.
    Purpose,
    /// A class of data.
    Data,
    /// An action on data.
    Action,
    /// A provider that operates something.
    Provider,
    /// A point where policy is enforced.
    Enforcement,
    /// A system that holds data.
    System,
    /// An identity that an agent runs as.
    Identity,
    /// An AI agent.
    Agent,
    /// A task: a scope that people approve in advance.
    Task,
    /// A decision domain.
    Domain,
    /// The holders of functions that several domains share.
    Ownership,
    /// The requirements besides approvals that several domains share.
    Safeguards,
    /// A function that somebody delegates for a time.
    Delegation,
    /// A way to undo a change.
    Rollback,
    /// A ledger that keeps evidence.
    Ledger,
    /// A standard: requirements that a workspace adopts.
    Standard,
    /// A catalogue of controls.
    Framework,
    /// An accepted finding, for a limited time.
    Waiver,
    /// An expected decision.
    Test,
}

impl Kind {
    /// Its word in the language.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Workspace => "workspace",
            Kind::Function => "function",
            Kind::Person => "person",
            Kind::Team => "team",
            Kind::Purpose => "purpose",
            Kind::Data => "data",
            Kind::Action => "action",
            Kind::Provider => "provider",
            Kind::Enforcement => "enforcement",
            Kind::System => "system",
            Kind::Identity => "identity",
            Kind::Agent => "agent",
            Kind::Task => "task",
            Kind::Domain => "domain",
            Kind::Ownership => "ownership",
            Kind::Safeguards => "safeguards",
            Kind::Delegation => "delegation",
            Kind::Rollback => "rollback",
            Kind::Ledger => "ledger",
            Kind::Standard => "standard",
            Kind::Framework => "framework",
            Kind::Waiver => "waiver",
            Kind::Test => "test",
        }
    }

    /// The word with its article, as `a domain` or `an agent`.
    pub fn phrase(self) -> String {
        let word = self.word();
        if self == Kind::Safeguards {
            return word.to_owned();
        }
        match word.starts_with(['a', 'e', 'i', 'o', 'u']) {
            true => format!("an {word}"),
            false => format!("a {word}"),
        }
    }
}

/// The places where a clause can occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At the top of a file.
    File,
    /// In the block of a declaration.
    In(Kind),
    /// In `access { … }`.
    Access,
    /// In `acts_for … within { … }`.
    Within,
    /// In `emergency { … }`.
    Emergency,
    /// In a framework's `control`.
    Control,
    /// In a framework's `group`.
    Group,
    /// In a framework's `alias`.
    Alias,
    /// In a framework's `date`.
    Milestone,
}

impl Place {
    /// Whether everything in this place is prose: a framework only lists what findings are evidence for, and a
    /// test queries the policies but is not part of them.
    fn is_prose(self) -> bool {
        match self {
            Place::In(Kind::Framework | Kind::Test) | Place::Control | Place::Group | Place::Alias | Place::Milestone => true,
            Place::File | Place::In(_) | Place::Access | Place::Within | Place::Emergency => false,
        }
    }

    /// The place with its article, as `a domain` or `a file`.
    pub fn phrase(self) -> String {
        match self {
            Place::File => "a file".into(),
            Place::In(kind) => kind.phrase(),
            Place::Access => "`access`".into(),
            Place::Within => "`within`".into(),
            Place::Emergency => "`emergency`".into(),
            Place::Control => "a control".into(),
            Place::Group => "a group".into(),
            Place::Alias => "an alias".into(),
            Place::Milestone => "a date".into(),
        }
    }

    /// Whether an action may begin a line here, which makes the line a grant.
    pub fn takes_grants(self) -> bool {
        matches!(self, Place::In(Kind::Task) | Place::Access | Place::Within)
    }
}

/// What it means if a clause is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The clause is optional, and its absence has no effect.
    Fine,
    /// The check with this name has a finding.
    Required(&'static str),
    /// The value is unknown and may be anything.
    Unknown,
    /// The default applies, as if you had written it.
    Default(&'static str),
}

/// How often a clause may occur in one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Once.
    Once,
    /// As often as needed.
    Many,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    word: &'static str,
    signature: &'static str,
    text: &'static str,
    declares: Option<Kind>,
    opens: Option<Place>,
    absence: Absence,
    times: Times,
    prose: bool,
}

/// A clause: one line of a block.
const fn clause(word: &'static str, signature: &'static str, text: &'static str) -> Row {
    Row {
        word,
        signature,
        text,
        declares: None,
        opens: None,
        absence: Absence::Fine,
        times: Times::Many,
        prose: false,
    }
}

/// A declaration: a line that introduces a name.
const fn declaration(kind: Kind, word: &'static str, signature: &'static str, text: &'static str) -> Row {
    Row {
        declares: Some(kind),
        opens: Some(Place::In(kind)),
        ..clause(word, signature, text)
    }
}

impl Row {
    const fn once(self) -> Row {
        Row {
            times: Times::Once,
            ..self
        }
    }
    const fn required(self, check: &'static str) -> Row {
        Row {
            absence: Absence::Required(check),
            ..self
        }
    }
    const fn unknown(self) -> Row {
        Row {
            absence: Absence::Unknown,
            ..self
        }
    }
    const fn default(self, value: &'static str) -> Row {
        Row {
            absence: Absence::Default(value),
            ..self
        }
    }
    const fn prose(self) -> Row {
        Row { prose: true, ..self }
    }
    const fn opens(self, place: Place) -> Row {
        Row {
            opens: Some(place),
            ..self
        }
    }
}

/// A row of the table with its signature parsed.
#[derive(Debug)]
pub struct Clause {
    /// The word it begins with.
    pub word: &'static str,
    /// Its arguments, as the reference shows them.
    pub signature: &'static str,
    /// Its meaning, in one sentence.
    pub text: &'static str,
    /// The kind of declaration that it makes, if any.
    pub declares: Option<Kind>,
    /// The place that its block is, if it has one.
    pub opens: Option<Place>,
    /// What it means if the clause is missing.
    pub absence: Absence,
    /// How often it may occur in one block.
    pub times: Times,
    /// Whether only people read it. It changes neither policy decisions nor the revision.
    pub prose: bool,
    /// Its rank in the canonical order of a block.
    pub order: usize,
    /// Its arguments, as patterns to match.
    pub pattern: Vec<Pattern>,
}

/// A place and its clauses.
#[derive(Debug)]
pub struct Section {
    /// The place.
    pub place: Place,
    /// The clauses of the place, in canonical order. A word with several forms has several entries.
    pub clauses: Vec<Clause>,
}

static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let tables = [
        workspace::TABLE,
        people::TABLE,
        systems::TABLE,
        agents::TABLE,
        domains::TABLE,
        library::TABLE,
    ];
    let sections = tables.into_iter().flatten();
    sections
        .map(|(place, rows)| Section {
            place: *place,
            clauses: rows
                .iter()
                .enumerate()
                .map(|(order, row)| Clause {
                    prose: row.prose || place.is_prose(),
                    ..read_row(order, row)
                })
                .collect(),
        })
        .collect()
});

fn read_row(order: usize, row: &Row) -> Clause {
    Clause {
        word: row.word,
        signature: row.signature,
        text: row.text,
        declares: row.declares,
        opens: row.opens,
        absence: row.absence,
        times: row.times,
        prose: row.prose,
        order,
        pattern: pattern::read(row.signature),
    }
}

/// Every place with its clauses, in the order of the reference.
pub fn sections() -> &'static [Section] {
    &SECTIONS
}

/// The clauses that a place allows.
pub fn clauses(place: Place) -> &'static [Clause] {
    let section = SECTIONS.iter().find(|section| section.place == place);
    section.map_or(&[], |section| &section.clauses)
}

/// The default of a missing clause, as you would write it after the word.
pub fn default(place: Place, word: &str) -> Option<&'static str> {
    clauses(place)
        .iter()
        .filter(|clause| clause.word == word)
        .find_map(|clause| match clause.absence {
            Absence::Default(value) => Some(value),
            Absence::Fine | Absence::Required(_) | Absence::Unknown => None,
        })
}

/// The clause for a line that begins with an action: a grant.
pub fn grant_clause() -> &'static Clause {
    static GRANT: LazyLock<Clause> = LazyLock::new(|| {
        read_row(
            usize::MAX / 2,
            &clause("grant", "GRANT", "What may be done to which data in which systems."),
        )
    });
    &GRANT
}

impl Clause {
    /// Its arguments for people to read: slots in small letters between angle brackets.
    pub fn signature_in_words(&self) -> String {
        let mut out = String::new();
        let mut word = String::new();
        let flush = |word: &mut String, out: &mut String| {
            let (base, slot) = word
                .split_once(':')
                .map_or((word.as_str(), None), |(base, slot)| (base, Some(slot)));
            let base = if base == "NEW" { "NAME" } else { base };
            match base.chars().next().is_some_and(|c| c.is_ascii_uppercase()) {
                true => out.push_str(&format!("<{}>", slot.unwrap_or(base).to_lowercase().replace('_', " "))),
                false => out.push_str(base),
            }
            word.clear();
        };
        for c in self.signature.chars() {
            match c.is_ascii_alphanumeric() || c == '_' || c == ':' {
                true => word.push(c),
                false => {
                    flush(&mut word, &mut out);
                    out.push_str(match c {
                        ',' => ", ",
                        '&' => " and ",
                        _ => "",
                    });
                    if !matches!(c, ',' | '&') {
                        out.push(c);
                    }
                }
            }
        }
        flush(&mut word, &mut out);
        out
    }
}
