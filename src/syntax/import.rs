//! Reads the imports of `use` lines.

use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Import, Value};
use crate::syntax::phrase::{Cursor, SyntaxError};
use crate::syntax::tree::{Token, TokenKind};
use crate::syntax::value::word;

/// Reads what a `use` line brings in.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Value, SyntaxError> {
    if let Some(token) = cursor.take(TokenKind::PathList) {
        let mut parts = token.inside.iter();
        let prefix = parts.next().map_or("", |token| token.extent.of(cursor.text)).trim_end_matches('.');
        let rest: Vec<&Token> = parts.filter(|token| token.kind != TokenKind::Comma).collect();
        if rest.len() == 1 && rest[0].extent.of(cursor.text) == "*" {
            return Ok(Value::Use(prefix.into(), vec![Import::All]));
        }
        let mut imports = Vec::new();
        let mut index = 0;
        while index < rest.len() {
            let name = rest[index].extent.of(cursor.text);
            let span = rest[index].extent.within(cursor.file);
            let renamed = rest.get(index + 1).is_some_and(|token| token.extent.of(cursor.text) == "as");
            match (renamed, rest.get(index + 2)) {
                (true, Some(other)) => {
                    imports.push(Import::One(name.into(), other.extent.of(cursor.text).into(), span));
                    index += 3;
                }
                (true, None) => return Err(Box::new(Diagnostic::error(span, "the new name is missing after `as`"))),
                (false, _) => {
                    imports.push(Import::One(name.into(), name.into(), span));
                    index += 1;
                }
            }
        }
        return Ok(Value::Use(prefix.into(), imports));
    }
    let span = cursor.here();
    let path = word(cursor, "a path such as `acme.people.*`")?;
    let renamed = match cursor.take_word("as") {
        Some(_) => Some(word(cursor, "the new name")?),
        None => None,
    };
    match path.rsplit_once('.') {
        Some((module, name)) => Ok(Value::Use(
            module.into(),
            vec![Import::One(name.into(), renamed.unwrap_or(name).into(), span)],
        )),
        None => {
            let message = format!("`use {path}` names no module");
            Err(Box::new(
                Diagnostic::error(span, message).help(format!("write `use {path}.*` for everything in it")),
            ))
        }
    }
}
