//! Reads one value of a clause, as its slot requires.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::catalogue;
use crate::syntax::ast::{Name, Value};
use crate::syntax::constant::{date, duration, unescape};
use crate::syntax::import;
use crate::syntax::pattern::Slot;
use crate::syntax::phrase::{Cursor, RESERVED, SyntaxError};
use crate::syntax::tree::TokenKind;
use crate::syntax::vocabulary::Kind;

/// Reads the value of a slot.
pub(super) fn value(cursor: &mut Cursor<'_>, slot: Slot) -> Result<Value, SyntaxError> {
    Ok(match slot {
        Slot::New => Value::Name(new_name(cursor)?),
        Slot::Reference(kinds) => {
            let what = match kinds.len() {
                0..=4 => kinds.iter().map(|kind| kind.phrase()).collect::<Vec<_>>().join(" or "),
                _ => "the name of a declaration".to_owned(),
            };
            Value::Name(cursor.name(kinds, &what)?)
        }
        Slot::Identifier => Value::Word(word(cursor, "a name")?.into()),
        Slot::Path => Value::Word(word(cursor, "the path of a module")?.into()),
        Slot::Use => import::read(cursor)?,
        Slot::Check => {
            let span = cursor.here();
            let name = match cursor.peek().filter(|token| token.kind == TokenKind::Unknown) {
                Some(token) => {
                    cursor.take(TokenKind::Unknown);
                    token.extent.of(cursor.text)
                }
                None => {
                    let name = cursor.word().ok_or_else(|| cursor.wanted("the name of a check"))?;
                    cursor.take(TokenKind::Name);
                    name
                }
            };
            match catalogue::find(name) {
                Some(code) => Value::Word(code.name.into()),
                None => {
                    let diagnostic = Diagnostic::error(span, format!("there is no check `{name}`"));
                    let near = crate::syntax::nearest(name, catalogue::CODES.iter().map(|code| code.name));
                    return Err(Box::new(match near {
                        Some(near) => diagnostic.label(span, format!("did you mean `{near}`?")),
                        None => diagnostic.help("`quorate explain` lists the checks"),
                    }));
                }
            }
        }
        Slot::Text => {
            let token = cursor.take(TokenKind::Text).ok_or_else(|| cursor.wanted("a text in quotes"))?;
            Value::Text(unescape(token, cursor)?.into())
        }
        Slot::Integer => Value::Integer(cursor.integer()?),
        Slot::Duration => {
            let token = cursor
                .take(TokenKind::Duration)
                .ok_or_else(|| cursor.wanted("a duration such as `15m`, `4h` or `30d`"))?;
            Value::Duration(duration(token, cursor)?)
        }
        Slot::Date => {
            let token = cursor
                .take(TokenKind::Date)
                .ok_or_else(|| cursor.wanted("a date such as `2027-03-31`"))?;
            Value::Date(date(token, cursor)?)
        }
        Slot::Currency => {
            let token = cursor
                .take(TokenKind::Currency)
                .ok_or_else(|| cursor.wanted("a currency such as `EUR`"))?;
            Value::Word(token.extent.of(cursor.text).into())
        }
        Slot::Literal => Value::Literal(cursor.literal()?),
        Slot::Grant => Value::Grant(Box::new(cursor.grant()?)),
        Slot::Select => Value::Select(Box::new(cursor.select()?)),
        Slot::Quorum => Value::Quorum(Box::new(cursor.quorum(&[Kind::Function])?)),
        Slot::PeopleQuorum => Value::Quorum(Box::new(cursor.quorum(&[Kind::Person, Kind::Team])?)),
        Slot::Condition => Value::Condition(Box::new(cursor.condition()?)),
    })
}

pub(super) fn word<'a>(cursor: &mut Cursor<'a>, what: &str) -> Result<&'a str, SyntaxError> {
    let name = cursor.name(&[], what)?;
    Ok(cursor.said(&name))
}

fn new_name(cursor: &mut Cursor<'_>) -> Result<Name, SyntaxError> {
    if let Some(word) = cursor.word().filter(|word| RESERVED.contains(word)) {
        return Err(Box::new(Diagnostic::error(
            cursor.here(),
            format!("`{word}` is a word of the language, so it cannot be a name"),
        )));
    }
    let name = cursor.name(&[], "a name")?;
    let text = cursor.said(&name);
    if text.contains(['.', '-']) {
        let message = format!("`{text}` cannot be declared: a name has no dots and no hyphens");
        return Err(Box::new(
            Diagnostic::error(name.span, message).help(format!("write `{}`", text.replace(['.', '-'], "_"))),
        ));
    }
    Ok(name)
}
