//! A small Cedar syntax tree: names and texts in it are data, and only the printer turns them into text.

/// An entity type of the namespace `Gov`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An agent, by id.
    Agent,
    /// A leaf action, by name.
    Action,
    /// A resource, as `system/class`.
    Asset,
    /// A person, by id.
    Person,
    /// A task, by id.
    Task,
    /// An agent that calls others, by id, with the times at which it has a current task.
    Caller,
    /// What an agent does for others: an action on a resource, as `agent>action>resource`.
    Delegation,
    /// The workspace; there is only one.
    Workspace,
}

impl Kind {
    /// The type with its namespace.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Agent => "Gov::Agent",
            Kind::Action => "Gov::Action",
            Kind::Asset => "Gov::Asset",
            Kind::Person => "Gov::Person",
            Kind::Task => "Gov::Task",
            Kind::Caller => "Gov::Caller",
            Kind::Delegation => "Gov::Delegation",
            Kind::Workspace => "Gov::Workspace",
        }
    }
}

/// What every request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Who asks.
    Principal,
    /// What for.
    Action,
    /// On what.
    Resource,
    /// Everything else.
    Context,
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `-`
    Minus,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// `Gov::Person::"id"`
    Entity(Kind, String),
    /// `context` and the like.
    Variable(Variable),
    /// An attribute.
    Get(Box<Expression>, String),
    /// Whether there is an attribute.
    Has(Box<Expression>, String),
    /// The value of a tag.
    GetTag(Box<Expression>, Box<Expression>),
    /// Whether there is a tag.
    HasTag(Box<Expression>, Box<Expression>),
    /// Whether a set holds a value.
    Contains(Box<Expression>, Box<Expression>),
    /// Whether a set holds all of another.
    ContainsAll(Box<Expression>, Box<Expression>),
    /// Whether a set holds one of another.
    ContainsAny(Box<Expression>, Box<Expression>),
    /// A comparison or a difference.
    Operation(Box<Expression>, Operator, Box<Expression>),
    /// Not this.
    Not(Box<Expression>),
    /// All of these, from left to right, stopping at the first that is false.
    All(Vec<Expression>),
    /// One of these, from left to right, stopping at the first that is true.
    Any(Vec<Expression>),
    /// `if`, `then`, `else`.
    Choice(Box<Expression>, Box<Expression>, Box<Expression>),
    /// A set; never empty, because strict validation refuses an empty one.
    Set(Vec<Expression>),
    /// A comment on its own line, and what it is about.
    Noted(String, Box<Expression>),
}

/// What a statement does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Allows the request, unless another statement forbids it.
    Permit,
    /// Refuses it.
    Forbid,
}

/// A condition of a statement, with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// `unless` rather than `when`.
    pub unless: bool,
    /// In words.
    pub note: String,
    /// In Cedar.
    pub condition: Expression,
}

/// A policy: annotations, head, conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Comment lines above it.
    pub notes: Vec<String>,
    /// In order, no name twice.
    pub annotations: Vec<(&'static str, String)>,
    /// Permit or forbid.
    pub effect: Effect,
    /// The actions it is about; all if there are none.
    pub actions: Vec<String>,
    /// The one resource it is about.
    pub resource: Option<String>,
    /// What it takes.
    pub clauses: Vec<Clause>,
}

/// The principal of the request.
pub fn principal() -> Expression {
    Expression::Variable(Variable::Principal)
}

/// The action of the request.
pub fn action() -> Expression {
    Expression::Variable(Variable::Action)
}

/// The resource of the request.
pub fn resource() -> Expression {
    Expression::Variable(Variable::Resource)
}

/// A field of the context.
pub fn context(field: &str) -> Expression {
    Expression::Variable(Variable::Context).get(field)
}

/// Whether the context has a field.
pub fn context_has(field: &str) -> Expression {
    Expression::Variable(Variable::Context).has(field)
}

/// A string.
pub fn text(value: &str) -> Expression {
    Expression::Text(value.to_owned())
}

/// A number.
pub fn number(value: i64) -> Expression {
    Expression::Number(value)
}

/// An entity.
pub fn entity(kind: Kind, id: &str) -> Expression {
    Expression::Entity(kind, id.to_owned())
}

/// All of these; `true` if there are none.
pub fn all(parts: impl IntoIterator<Item = Expression>) -> Expression {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Expression::All(inner) => flat.extend(inner),
            Expression::Boolean(true) => {}
            other => flat.push(other),
        }
    }
    if flat.len() > 1 {
        Expression::All(flat)
    } else {
        flat.pop().unwrap_or(Expression::Boolean(true))
    }
}

/// One of these; `false` if there are none.
pub fn any(parts: impl IntoIterator<Item = Expression>) -> Expression {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Expression::Any(inner) => flat.extend(inner),
            Expression::Boolean(false) => {}
            other => flat.push(other),
        }
    }
    if flat.len() > 1 {
        Expression::Any(flat)
    } else {
        flat.pop().unwrap_or(Expression::Boolean(false))
    }
}

/// `if condition then this else that`, or just one of them where both are the same.
pub fn choice(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
    if then == otherwise {
        return then;
    }
    Expression::Choice(Box::new(condition), Box::new(then), Box::new(otherwise))
}

impl Expression {
    /// An attribute of it.
    pub fn get(self, name: &str) -> Expression {
        Expression::Get(Box::new(self), name.to_owned())
    }

    /// Whether it has an attribute.
    pub fn has(self, name: &str) -> Expression {
        Expression::Has(Box::new(self), name.to_owned())
    }

    /// A tag of it.
    pub fn tag(self, key: Expression) -> Expression {
        Expression::GetTag(Box::new(self), Box::new(key))
    }

    /// Whether it has a tag.
    pub fn has_tag(self, key: Expression) -> Expression {
        Expression::HasTag(Box::new(self), Box::new(key))
    }

    /// Whether this set holds a value.
    pub fn contains(self, value: Expression) -> Expression {
        Expression::Contains(Box::new(self), Box::new(value))
    }

    /// Whether this set holds all of another.
    pub fn contains_all(self, other: Expression) -> Expression {
        Expression::ContainsAll(Box::new(self), Box::new(other))
    }

    /// Whether this set holds one of another.
    pub fn contains_any(self, other: Expression) -> Expression {
        Expression::ContainsAny(Box::new(self), Box::new(other))
    }

    /// This and another with an operator between.
    pub fn compare(self, operator: Operator, other: Expression) -> Expression {
        Expression::Operation(Box::new(self), operator, Box::new(other))
    }

    /// `==`
    pub fn equals(self, other: Expression) -> Expression {
        self.compare(Operator::Equal, other)
    }

    /// `!=`
    pub fn differs(self, other: Expression) -> Expression {
        self.compare(Operator::Unequal, other)
    }

    /// `<=`
    pub fn at_most(self, other: Expression) -> Expression {
        self.compare(Operator::AtMost, other)
    }

    /// `<`
    pub fn below(self, other: Expression) -> Expression {
        self.compare(Operator::Below, other)
    }

    /// `>=`
    pub fn at_least(self, other: Expression) -> Expression {
        self.compare(Operator::AtLeast, other)
    }

    /// `-`; only after a guard that keeps the difference within a Long.
    pub fn minus(self, other: Expression) -> Expression {
        self.compare(Operator::Minus, other)
    }

    /// Not this.
    pub fn negate(self) -> Expression {
        match self {
            Expression::Boolean(value) => Expression::Boolean(!value),
            other => Expression::Not(Box::new(other)),
        }
    }

    /// One of these values; `false` if there are none.
    pub fn among(self, values: Vec<Expression>) -> Expression {
        match values.as_slice() {
            [] => Expression::Boolean(false),
            [only] => self.equals(only.clone()),
            [_, _, ..] => Expression::Set(values).contains(self),
        }
    }

    /// The same with a comment above it.
    pub fn noted(self, note: String) -> Expression {
        Expression::Noted(note, Box::new(self))
    }
}
