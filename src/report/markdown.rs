//! The evidence report as Markdown, as GitHub and GitLab show it.

use crate::report::evidence::Report;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, context};

const TEMPLATE: &str = include_str!("markdown/report.md");

/// The document.
pub fn render(report: &Report) -> Result<String, String> {
    document(report).map_err(|error| format!("{error:#}"))
}

fn document(report: &Report) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Every value is escaped, unless a filter has made it safe.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
    environment.set_formatter(format);
    environment.set_syntax(
        minijinja::syntax::SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.add_filter("code", code);
    environment.add_filter("codes", codes);
    environment.add_template("report.md", TEMPLATE)?;
    let text = environment.get_template("report.md")?.render(context! {
        report => Value::from(Serde(report)),
        population => report.covers.population.words(),
    })?;
    Ok(tidy(&text))
}

fn format(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    let text = value.to_string();
    let written = match value.is_safe() {
        true => out.write_str(&text),
        false => out.write_str(&escaped(&text)),
    };
    written.map_err(|_| Error::new(minijinja::ErrorKind::BadSerialization, "cannot write"))
}

/// A text on one line in which no character means anything to Markdown.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        match char {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A name that begins with `@` would notify somebody of that name.
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' => out.extend(['\\', char]),
            // An address in a name must not become a link.
            ':' if rest.starts_with("://") => out.push_str("&#58;"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            _ if char.is_whitespace() || char.is_control() => out.push(' '),
            _ => out.push(char),
        }
        rest = &rest[char.len_utf8()..];
    }
    out
}

fn code(value: &Value) -> Value {
    Value::from_safe_string(fenced(&value.to_string()))
}

/// A text as code: a fence longer than any in it, and no bar that would end a cell of a table.
pub fn fenced(text: &str) -> String {
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

/// A list of texts as code.
fn codes(value: &Value) -> Result<Value, Error> {
    let all: Vec<String> = value.try_iter()?.map(|item| code(&item).to_string()).collect();
    Ok(Value::from_safe_string(all.join(", ")))
}

/// Never more than one empty line, no space at the end of one.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};
    use minijinja::Value;

    #[test]
    fn no_character_of_a_name_means_anything() {
        assert_eq!(
            escaped("a|b\nc <script> `x` https://e.example @maria"),
            "a\\|b c &lt;script&gt; \\`x\\` https&#58;//e.example &#64;maria"
        );
        assert_eq!(escaped("www.example"), "www&#46;example");
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code(&Value::from("a`b|c")).to_string(), "``a`b\\|c``");
        assert_eq!(code(&Value::from("`")).to_string(), "`` ` ``");
    }
}
