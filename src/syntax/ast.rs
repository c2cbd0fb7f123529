//! The content of a file after its words have been read: items with named, typed arguments.

use crate::source::Span;
use crate::syntax::vocabulary::{Clause, Kind};
use crate::words::literal;
use jiff::civil::Date;

/// The number of the declaration that a name refers to; set by the resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(pub u32);

/// A use of a name. Its text, including dots, is not stored: a large workspace has millions of names.
#[derive(Clone, Debug)]
pub struct Name {
    /// The location.
    pub span: Span,
    /// The kinds of declarations that it may refer to; empty for a name that is not looked up.
    pub kinds: &'static [Kind],
    /// The declaration that it refers to.
    pub target: Option<Target>,
}

/// An amount in a currency's minor unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    /// The amount in cents or another minor unit; in whole units if the currency has no minor unit.
    pub minor: i64,
    /// The code of the currency, as `EUR`; empty if the input declares the currency.
    pub currency: Box<str>,
}

/// A constant in a condition or a limit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Literal {
    /// `10_000`
    Integer(i64),
    /// `500 EUR`
    Money(Money),
    /// `true`
    Boolean(bool),
    /// A word from a declared list.
    Word(Box<str>),
}

impl Literal {
    /// The constant as the files write it: `10_000`, `200 EUR`, `true`, or a word.
    pub fn to_source(&self) -> String {
        match self {
            Self::Integer(number) => literal::integer(*number),
            Self::Boolean(value) => value.to_string(),
            Self::Word(word) => word.to_string(),
            Self::Money(money) => literal::money(money.minor, &money.currency),
        }
    }
}

/// A quorum over functions or over people.
#[derive(Clone, Debug)]
pub enum Quorum {
    /// `none`, written explicitly.
    None(Span),
    /// A name, and the number of different people that must approve under it.
    Seat(u32, Name),
    /// At least this many of the parts.
    Threshold(u32, Vec<Quorum>, Span),
}

impl Quorum {
    /// The names in it, in order.
    pub fn names(&self) -> Vec<&Name> {
        match self {
            Quorum::None(_) => Vec::new(),
            Quorum::Seat(_, name) => vec![name],
            Quorum::Threshold(_, parts, _) => parts.iter().flat_map(Quorum::names).collect(),
        }
    }

    fn names_mut(&mut self) -> Vec<&mut Name> {
        match self {
            Quorum::None(_) => Vec::new(),
            Quorum::Seat(_, name) => vec![name],
            Quorum::Threshold(_, parts, _) => parts.iter_mut().flat_map(Quorum::names_mut).collect(),
        }
    }
}

/// The name of an input in a condition.
#[derive(Clone, Debug)]
pub struct InputName {
    /// As it is written.
    pub text: Box<str>,
    /// The location.
    pub span: Span,
}

/// How an input compares to a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

/// A condition on the inputs of a decision.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of the conditions.
    All(Vec<Condition>),
    /// At least one of the conditions.
    Any(Vec<Condition>),
    /// The opposite of the condition.
    Not(Box<Condition>),
    /// `amount <= 200 EUR`
    Compare(InputName, Comparison, Literal, Span),
    /// `channel in (web, shop)`
    Among(InputName, Vec<Literal>, Span),
}

/// A grant: an action, classes of data, and systems.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The action.
    pub action: Name,
    /// The classes of data.
    pub data: Vec<Name>,
    /// The classes that are excepted.
    pub except: Vec<Name>,
    /// The systems; if empty, every system that holds the class.
    pub systems: Vec<Name>,
    /// The location of the whole phrase.
    pub span: Span,
}

/// A flag of an action or a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// The data is about people.
    Personal,
    /// The data is not for everybody.
    Restricted,
    /// The action changes records.
    Mutates,
    /// The action takes data out.
    Discloses,
    /// The action cannot be undone.
    Irreversible,
}

impl Flag {
    /// Its word in the language.
    pub fn word(self) -> &'static str {
        match self {
            Flag::Personal => "personal",
            Flag::Restricted => "restricted",
            Flag::Mutates => "mutates",
            Flag::Discloses => "discloses",
            Flag::Irreversible => "irreversible",
        }
    }

    /// The flag with this word.
    pub fn find(word: &str) -> Option<Flag> {
        [Flag::Personal, Flag::Restricted, Flag::Mutates, Flag::Discloses, Flag::Irreversible]
            .into_iter()
            .find(|flag| flag.word() == word)
    }
}

/// One side of a selection.
#[derive(Clone, Debug)]
pub enum Selector {
    /// `any`
    Any,
    /// Everything with this flag.
    Flag(Flag),
    /// One action or class, and everything below it.
    Name(Name),
}

/// The operations that a requirement applies to.
#[derive(Clone, Debug)]
pub struct Select {
    /// The actions.
    pub action: Selector,
    /// The classes of data.
    pub data: Selector,
    /// The only system, if there is one.
    pub system: Option<Name>,
    /// The condition on inputs, if there is one.
    pub when: Option<Condition>,
    /// The location of the whole phrase.
    pub span: Span,
}

/// What a `use` line brings in.
#[derive(Clone, Debug)]
pub enum Import {
    /// `acme.people.*`
    All,
    /// One name, the name to use in this file, and the location.
    One(Box<str>, Box<str>, Span),
}

/// One argument.
#[derive(Clone, Debug)]
pub enum Value {
    /// A name.
    Name(Name),
    /// A word from a closed list, or a name that does not refer to a declaration.
    Word(Box<str>),
    /// A string.
    Text(Box<str>),
    /// A whole number.
    Integer(i64),
    /// A duration in seconds.
    Duration(i64),
    /// A day.
    Date(Date),
    /// A constant.
    Literal(Literal),
    /// A grant.
    Grant(Box<Grant>),
    /// A selection.
    Select(Box<Select>),
    /// A quorum.
    Quorum(Box<Quorum>),
    /// A condition.
    Condition(Box<Condition>),
    /// A path, and the names that it brings in.
    Use(Box<str>, Vec<Import>),
}

/// A value with the name of its slot in the vocabulary.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The slot, as `person`.
    pub slot: &'static str,
    /// The value.
    pub value: Value,
    /// The location.
    pub span: Span,
}

/// A declaration or a clause.
#[derive(Debug)]
pub struct Item {
    /// Its row in the vocabulary.
    pub clause: &'static Clause,
    /// The location of its first word.
    pub word: Span,
    /// Its arguments.
    pub arguments: Box<[Argument]>,
    /// The items in its block.
    pub block: Box<[Item]>,
    /// The `///` lines above it.
    pub documentation: Box<str>,
    /// The location from the first word to the last argument.
    pub header: Span,
    /// The location including the block.
    pub span: Span,
    /// The declaration that it makes, if it makes one; set by the resolver.
    pub declares: Option<Target>,
}

impl Item {
    /// The arguments in a slot.
    pub fn all<'a>(&'a self, slot: &'a str) -> impl Iterator<Item = &'a Argument> {
        self.arguments.iter().filter(move |argument| argument.slot == slot)
    }

    /// The first argument in a slot.
    pub fn first(&self, slot: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.slot == slot)
    }

    /// The names in a slot.
    pub fn names<'a>(&'a self, slot: &'a str) -> impl Iterator<Item = &'a Name> {
        self.all(slot).filter_map(|argument| match &argument.value {
            Value::Name(name) => Some(name),
            _ => None,
        })
    }

    /// The string or word in a slot.
    pub fn text(&self, slot: &str) -> Option<&str> {
        self.first(slot).and_then(|argument| match &argument.value {
            Value::Text(text) | Value::Word(text) => Some(&**text),
            _ => None,
        })
    }

    /// The number or duration in a slot.
    pub fn number(&self, slot: &str) -> Option<i64> {
        self.first(slot).and_then(|argument| match argument.value {
            Value::Integer(number) | Value::Duration(number) => Some(number),
            _ => None,
        })
    }

    /// The date in a slot.
    pub fn date(&self, slot: &str) -> Option<Date> {
        self.first(slot).and_then(|argument| match argument.value {
            Value::Date(date) => Some(date),
            _ => None,
        })
    }

    /// The constant in a slot.
    pub fn literal(&self, slot: &str) -> Option<&Literal> {
        self.first(slot).and_then(|argument| match &argument.value {
            Value::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    /// The quorum in a slot.
    pub fn quorum(&self, slot: &str) -> Option<&Quorum> {
        self.first(slot).and_then(|argument| match &argument.value {
            Value::Quorum(quorum) => Some(&**quorum),
            _ => None,
        })
    }

    /// The grants among its arguments.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.arguments.iter().filter_map(|argument| match &argument.value {
            Value::Grant(grant) => Some(&**grant),
            _ => None,
        })
    }

    /// The clauses in its block that begin with a word.
    pub fn clauses<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a Item> {
        self.block.iter().filter(move |item| item.clause.word == word)
    }

    /// The first clause in its block that begins with a word.
    pub fn clause(&self, word: &str) -> Option<&Item> {
        self.block.iter().find(|item| item.clause.word == word)
    }
}

/// Calls `visit` on every name in a value that the resolver must look up.
pub fn visit_names(value: &mut Value, visit: &mut dyn FnMut(&mut Name)) {
    match value {
        Value::Name(name) => visit(name),
        Value::Grant(grant) => {
            visit(&mut grant.action);
            let Grant { data, except, systems, .. } = &mut **grant;
            data.iter_mut().chain(except).chain(systems).for_each(visit);
        }
        Value::Select(select) => {
            let Select { action, data, system, .. } = &mut **select;
            for side in [action, data] {
                if let Selector::Name(name) = side {
                    visit(name);
                }
            }
            if let Some(name) = system {
                visit(name);
            }
        }
        Value::Quorum(quorum) => quorum.names_mut().into_iter().for_each(visit),
        Value::Word(_)
        | Value::Text(_)
        | Value::Integer(_)
        | Value::Duration(_)
        | Value::Date(_)
        | Value::Literal(_)
        | Value::Condition(_)
        | Value::Use(..) => {}
    }
}
