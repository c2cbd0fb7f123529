//! The printer: the only place where a Cedar policy becomes text.

use crate::emit::cedar::escape::{comment, is_identifier, quoted};
use crate::emit::cedar::tree::{Effect, Expression, Kind, Operator, Statement, Variable, entity};

/// Longer expressions are split over several lines.
const WIDTH: usize = 120;

/// More parts than this are grouped, so that no tree becomes deep: engines evaluate `a || b || …` by recursion.
const WIDE: usize = 32;

/// Statements, each after a blank line, under the comment lines of the file.
pub fn file(notes: &[&str], statements: &[Statement]) -> String {
    let mut written: String = notes.iter().map(|note| remark(note, 0)).collect();
    for one in statements {
        written.push('\n');
        written.push_str(&statement(one));
    }
    written
}

/// One statement without comments and unnecessary spaces, each clause on one line.
pub fn compact(statement: &Statement) -> String {
    let mut written = head(statement);
    for clause in &statement.clauses {
        let word = if clause.unless { "unless" } else { "when" };
        let condition = flat(&clause.condition, Level::Choice);
        written.push_str(&["\n", word, "{", &condition, "}"].concat());
    }
    written.push_str(";\n");
    tight(&written)
}

/// Without spaces beside operators and at the start of a line; quoted text stays.
fn tight(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    let stands_alone = |character: char| matches!(character, '&' | '|' | '<' | '>' | '=' | ',' | '\n');
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                written.push(character);
                written.extend(characters.next());
                continue;
            }
            ' ' if !quoted && (written.ends_with(stands_alone) || characters.peek().is_some_and(|next| stands_alone(*next))) => continue,
            _ => {}
        }
        written.push(character);
    }
    written
}

fn statement(statement: &Statement) -> String {
    let mut written: String = statement.notes.iter().map(|note| remark(note, 0)).collect();
    written.push_str(&head(statement));
    for clause in &statement.clauses {
        written.push('\n');
        written.push_str(&remark(&clause.note, 0));
        written.push_str(if clause.unless { "unless { " } else { "when { " });
        let inside = flat(&clause.condition, Level::Choice);
        if is_short(&clause.condition, &inside, 8) {
            written.push_str(&[&inside, " }"].concat());
        } else {
            written.pop();
            written.push_str(&["\n  ", &broken(&clause.condition, Level::Choice, 2), "\n}"].concat());
        }
    }
    written.push_str(";\n");
    written
}

/// Annotations, effect and scope.
fn head(statement: &Statement) -> String {
    let mut written = String::new();
    for (name, value) in &statement.annotations {
        written.push_str(&["@", name, "(", &quoted(value), ")\n"].concat());
    }
    written.push_str(match statement.effect {
        Effect::Permit => "permit (\n  principal,\n  action",
        Effect::Forbid => "forbid (\n  principal,\n  action",
    });
    let actions: Vec<String> = statement
        .actions
        .iter()
        .map(|action| flat(&entity(Kind::Action, action), Level::Member))
        .collect();
    match actions.as_slice() {
        [] => {}
        [only] => written.push_str(&[" == ", only].concat()),
        several => written.push_str(&[" in [", &several.join(", "), "]"].concat()),
    }
    written.push_str(",\n  resource");
    if let Some(resource) = &statement.resource {
        written.push_str(&[" == ", &flat(&entity(Kind::Asset, resource), Level::Member)].concat());
    }
    written.push_str("\n)");
    written
}

fn remark(note: &str, indent: usize) -> String {
    [&" ".repeat(indent), "// ", &comment(note), "\n"].concat()
}

/// How tightly a part binds; a looser one in a tighter place takes parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Choice,
    Any,
    All,
    Relation,
    Difference,
    Unary,
    Member,
}

fn level(expression: &Expression) -> Level {
    match expression {
        Expression::Choice(..) => Level::Choice,
        Expression::Any(_) => Level::Any,
        Expression::All(_) => Level::All,
        Expression::Operation(_, Operator::Minus, _) => Level::Difference,
        Expression::Operation(..) | Expression::Has(..) => Level::Relation,
        Expression::Not(_) => Level::Unary,
        Expression::Number(value) if *value < 0 => Level::Unary,
        Expression::Noted(_, inner) => level(inner),
        Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) | Expression::Entity(..) | Expression::Variable(_) => {
            Level::Member
        }
        Expression::Get(..) | Expression::GetTag(..) | Expression::HasTag(..) | Expression::Contains(..) => Level::Member,
        Expression::ContainsAll(..) | Expression::ContainsAny(..) | Expression::Set(_) => Level::Member,
    }
}

/// On one line, without comments.
fn flat(expression: &Expression, place: Level) -> String {
    let written = match expression {
        Expression::Boolean(value) => value.to_string(),
        Expression::Number(value) => value.to_string(),
        Expression::Text(value) => quoted(value),
        Expression::Entity(kind, id) => [kind.name(), "::", &quoted(id)].concat(),
        Expression::Variable(Variable::Principal) => "principal".to_owned(),
        Expression::Variable(Variable::Action) => "action".to_owned(),
        Expression::Variable(Variable::Resource) => "resource".to_owned(),
        Expression::Variable(Variable::Context) => "context".to_owned(),
        Expression::Get(inner, name) if is_identifier(name) => [&flat(inner, Level::Member), ".", name].concat(),
        Expression::Get(inner, name) => [&flat(inner, Level::Member), "[", &quoted(name), "]"].concat(),
        Expression::Has(inner, name) if is_identifier(name) => [&flat(inner, Level::Difference), " has ", name].concat(),
        Expression::Has(inner, name) => [&flat(inner, Level::Difference), " has ", &quoted(name)].concat(),
        Expression::GetTag(inner, key) => method(inner, ".getTag(", key),
        Expression::HasTag(inner, key) => method(inner, ".hasTag(", key),
        Expression::Contains(inner, value) => method(inner, ".contains(", value),
        Expression::ContainsAll(inner, other) => method(inner, ".containsAll(", other),
        Expression::ContainsAny(inner, other) => method(inner, ".containsAny(", other),
        Expression::Operation(left, operator, right) => {
            let around = if *operator == Operator::Minus {
                Level::Unary
            } else {
                Level::Difference
            };
            [&flat(left, around), sign(*operator), &flat(right, around)].concat()
        }
        Expression::Not(inner) => ["!", &flat(inner, Level::Member)].concat(),
        Expression::All(parts) => parts
            .iter()
            .map(|part| flat(part, Level::Relation))
            .collect::<Vec<_>>()
            .join(" && "),
        Expression::Any(parts) => parts
            .iter()
            .map(|part| flat(part, Level::Relation))
            .collect::<Vec<_>>()
            .join(" || "),
        Expression::Choice(condition, then, otherwise) => {
            let [condition, then, otherwise] = [condition, then, otherwise].map(|part| flat(part, Level::Choice));
            ["if ", &condition, " then ", &then, " else ", &otherwise].concat()
        }
        Expression::Set(parts) => [
            "[",
            &parts.iter().map(|part| flat(part, Level::Choice)).collect::<Vec<_>>().join(", "),
            "]",
        ]
        .concat(),
        Expression::Noted(_, inner) => flat(inner, Level::Choice),
    };
    if level(expression) < place {
        ["(", &written, ")"].concat()
    } else {
        written
    }
}

fn method(inner: &Expression, name: &str, argument: &Expression) -> String {
    [&flat(inner, Level::Member), name, &flat(argument, Level::Choice), ")"].concat()
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => " == ",
        Operator::Unequal => " != ",
        Operator::AtMost => " <= ",
        Operator::Below => " < ",
        Operator::AtLeast => " >= ",
        Operator::Above => " > ",
        Operator::Minus => " - ",
    }
}

fn is_short(expression: &Expression, written: &str, indent: usize) -> bool {
    written.chars().count() + indent <= WIDTH && !has_note(expression) && !is_wide(expression)
}

fn has_note(expression: &Expression) -> bool {
    match expression {
        Expression::Noted(..) => true,
        Expression::All(parts) | Expression::Any(parts) => parts.iter().any(has_note),
        Expression::Choice(condition, then, otherwise) => has_note(condition) || has_note(then) || has_note(otherwise),
        Expression::Not(inner) => has_note(inner),
        Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) | Expression::Entity(..) | Expression::Variable(_) => false,
        Expression::Get(..) | Expression::Has(..) | Expression::GetTag(..) | Expression::HasTag(..) | Expression::Contains(..) => false,
        Expression::ContainsAll(..) | Expression::ContainsAny(..) | Expression::Set(_) | Expression::Operation(..) => false,
    }
}

fn is_wide(expression: &Expression) -> bool {
    matches!(expression, Expression::All(parts) | Expression::Any(parts) if parts.len() > WIDE)
}

/// Over several lines. The caller has placed the first line; the others are indented.
fn broken(expression: &Expression, place: Level, indent: usize) -> String {
    let margin = " ".repeat(indent);
    if let Expression::Noted(note, inner) = expression {
        return [remark(note, 0).as_str(), &margin, &broken(inner, place, indent)].concat();
    }
    let short = flat(expression, place);
    if is_short(expression, &short, indent) {
        return short;
    }
    if level(expression) < place {
        let inner = " ".repeat(indent + 2);
        return ["(\n", &inner, &broken(expression, Level::Choice, indent + 2), "\n", &margin, ")"].concat();
    }
    match expression {
        Expression::All(parts) => lines(parts, " &&\n", indent, Expression::All),
        Expression::Any(parts) => lines(parts, " ||\n", indent, Expression::Any),
        Expression::Choice(condition, then, otherwise) => {
            let deeper = [&margin, "  "].concat();
            let condition = broken(condition, Level::Any, indent + 2);
            let then = broken(then, Level::Choice, indent + 2);
            let otherwise = match otherwise.as_ref() {
                next @ Expression::Choice(..) => [" ", &broken(next, Level::Choice, indent)].concat(),
                last => ["\n", &deeper, &broken(last, Level::Choice, indent + 2)].concat(),
            };
            ["if ", &condition, " then\n", &deeper, &then, "\n", &margin, "else", &otherwise].concat()
        }
        Expression::Not(inner) => ["!", &broken(inner, Level::Member, indent)].concat(),
        Expression::Contains(set, value) => match set.as_ref() {
            Expression::Set(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|part| [&margin, "  ", &flat(part, Level::Choice)].concat())
                    .collect();
                [
                    "[\n",
                    &parts.join(",\n"),
                    "\n",
                    &margin,
                    "].contains(",
                    &flat(value, Level::Choice),
                    ")",
                ]
                .concat()
            }
            _ => short,
        },
        Expression::Boolean(_) | Expression::Number(_) | Expression::Text(_) | Expression::Entity(..) | Expression::Variable(_) => short,
        Expression::Get(..) | Expression::Has(..) | Expression::GetTag(..) | Expression::HasTag(..) | Expression::Noted(..) => short,
        Expression::ContainsAll(..) | Expression::ContainsAny(..) | Expression::Set(_) | Expression::Operation(..) => short,
    }
}

fn lines(parts: &[Expression], between: &str, indent: usize, group: fn(Vec<Expression>) -> Expression) -> String {
    let grouped: Vec<Expression>;
    let parts = if parts.len() > WIDE {
        grouped = parts
            .chunks(parts.len().div_ceil(WIDE))
            .map(|chunk| group(chunk.to_vec()))
            .collect();
        grouped.as_slice()
    } else {
        parts
    };
    let between = [between, &" ".repeat(indent)].concat();
    // Parentheses around every mixture: a reader should not have to know which of the two binds tighter.
    parts
        .iter()
        .map(|part| broken(part, Level::Relation, indent))
        .collect::<Vec<_>>()
        .join(&between)
}
