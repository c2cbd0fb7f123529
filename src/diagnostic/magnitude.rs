//! How severe a finding is, in the form of a fingerprint: marks of a closed list, ids, numbers, days and parts
//! of the model. Never a sentence.
//!
//! A waiver lists the fingerprint of what was accepted. Texts for people may change at any time. The magnitudes
//! may not change, or every waiver of such a finding would become void.

use jiff::civil::Date;
use std::fmt::{Display, Formatter, Result};

macro_rules! marks {
    ($($(#[$doc:meta])* $name:ident $code:literal,)*) => {
        /// What a number, an id or a day stands for. The codes are frozen: add new ones, but never change one
        /// or give it another meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mark {
            $($(#[$doc])* $name,)*
        }

        impl Mark {
            /// Every mark.
            pub const ALL: &'static [Mark] = &[$(Mark::$name,)*];

            /// Its frozen code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Mark::$name => $code,)*
                }
            }
        }
    };
}

marks! {
    /// On behalf of somebody.
    ActsFor "acts-for",
    /// It acts with approval, but its action needs no approval.
    ActWithApproval "act-with-approval",
    /// A piece of software that approves.
    Agent "agent",
    /// Two names that may mean the same.
    Alike "alike",
    /// No system at all.
    AnySystem "any-system",
    /// The person or the function that somebody acts as.
    As "as",
    /// How many may be away.
    Away "away",
    /// It ends before it begins.
    Backwards "backwards",
    /// Before it is kept.
    Before "before",
    /// Somebody who reports to somebody.
    Below "below",
    /// A change of data, in a list that is otherwise about reading.
    Changes "changes",
    /// Where the means of checking are configured.
    Configured "configured",
    /// The rest of an absence that goes on.
    Continued "continued",
    /// For each request only.
    EachRequest "each-request",
    /// A gap in an emergency.
    Emergency "emergency",
    /// Dated on a day that is still to come.
    Future "future",
    /// The first part of an absence.
    First "first",
    /// From whom.
    From "from",
    /// Functions that are asked for are left out.
    Functions "functions",
    /// Who has approved.
    Given "given",
    /// A software identity that approves.
    Identity "identity",
    /// An input.
    Input "input",
    /// What issues it.
    Issues "issues",
    /// A credential that proves who holds it, but not which workload it is.
    Key "key",
    /// The system that keeps the members of a team.
    Keeps "keeps",
    /// Records are kept in different ledgers.
    Ledgers "ledgers",
    /// The last day had passed.
    Left "left",
    /// Longer than any absence.
    Long "long",
    /// What is missing.
    Missing "missing",
    /// It has no name.
    Nameless "nameless",
    /// It has no beginning.
    NoBeginning "no-beginning",
    /// It has no end.
    NoEnd "no-end",
    /// Holds no seat.
    NoSeat "no-seat",
    /// Held a seat, and not on that day.
    NotThen "not-then",
    /// No tier takes it.
    NoTier "no-tier",
    /// Nobody at all.
    Nobody "nobody",
    /// Something about which the files have no line.
    Nothing "nothing",
    /// One out of many.
    Of "of",
    /// One person, by whatever means.
    OneHand "one-hand",
    /// None of the earlier conditions.
    Otherwise "otherwise",
    /// Its last day has passed.
    Over "over",
    /// Its own.
    Own "own",
    /// Different people answer for it.
    Owners "owners",
    /// How many people.
    People "people",
    /// Two share one name.
    Principal "principal",
    /// It can be read.
    Reads "reads",
    /// What a standard asks for.
    Rule "rule",
    /// By an identity.
    RunsAs "runs-as",
    /// Two share one secret.
    Secret "secret",
    /// Whoever it may be.
    Somebody "somebody",
    /// It only suggests.
    Suggest "suggest",
    /// What it takes.
    Takes "takes",
    /// A tier.
    Tier "tier",
    /// To whom.
    To "to",
    /// The files do not state it.
    Unstated "unsaid",
    /// The last of some conditions.
    When "when",
    /// By an activity of a team that is not named as one that decides.
    Way "way",
    /// Without somebody.
    Without "without",
}

/// One piece of a magnitude.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// The meaning of the pieces after it.
    Mark(Mark),
    /// The id of a declaration.
    Id(String),
    /// A word of the language, or the name of a check.
    Word(String),
    /// A figure; a time is in seconds.
    Count(i64),
    /// A day.
    Day(Date),
    /// A part of the canonical model, or a digest of one.
    Part(String),
    /// Text of a `.gov` file, exactly as it is written.
    Quoted(String),
}

/// A fact about how severe a finding is, as a row of pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Magnitude {
    /// In their order.
    pub pieces: Vec<Piece>,
}

impl Magnitude {
    /// Nothing yet.
    pub fn new() -> Magnitude {
        Magnitude::default()
    }

    fn with(mut self, piece: Piece) -> Magnitude {
        self.pieces.push(piece);
        self
    }

    /// Adds a mark.
    pub fn mark(self, mark: Mark) -> Magnitude {
        self.with(Piece::Mark(mark))
    }

    /// Adds the id of a declaration.
    pub fn id(self, id: &str) -> Magnitude {
        self.with(Piece::Id(id.to_owned()))
    }

    /// Adds a word of the language.
    pub fn word(self, word: &str) -> Magnitude {
        self.with(Piece::Word(word.to_owned()))
    }

    /// Adds a figure; one that is too large to be told from others counts as the largest.
    pub fn count(self, count: impl TryInto<i64>) -> Magnitude {
        self.with(Piece::Count(count.try_into().unwrap_or(i64::MAX)))
    }

    /// Adds a number, or that the files do not state it.
    pub fn known(self, count: Option<impl TryInto<i64>>) -> Magnitude {
        match count {
            Some(count) => self.count(count),
            None => self.mark(Mark::Unstated),
        }
    }

    /// Adds a day, or that the files do not state it.
    pub fn day(self, day: Option<Date>) -> Magnitude {
        match day {
            Some(day) => self.with(Piece::Day(day)),
            None => self.mark(Mark::Unstated),
        }
    }

    /// Adds a part of the canonical model, or a digest of one.
    pub fn part(self, part: impl ToString) -> Magnitude {
        self.with(Piece::Part(part.to_string()))
    }

    /// Adds what stands in a file, with one space between its words.
    pub fn quoted(self, text: &str) -> Magnitude {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.with(Piece::Quoted(words.join(" ")))
    }

    /// Adds all of another.
    pub fn and(mut self, other: Magnitude) -> Magnitude {
        self.pieces.extend(other.pieces);
        self
    }
}

impl From<Mark> for Magnitude {
    fn from(mark: Mark) -> Magnitude {
        Magnitude::new().mark(mark)
    }
}

impl Display for Magnitude {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        for (index, piece) in self.pieces.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            match piece {
                Piece::Mark(mark) => write!(out, "{space}{}", mark.code())?,
                Piece::Id(id) => write!(out, "{space}@{id}")?,
                Piece::Word(word) => write!(out, "{space}={word}")?,
                Piece::Count(count) => write!(out, "{space}{count}")?,
                Piece::Day(day) => write!(out, "{space}{day}")?,
                Piece::Part(part) => write!(out, "{space}{part}")?,
                Piece::Quoted(text) => write!(out, "{space}{text:?}")?,
            }
        }
        Ok(())
    }
}
