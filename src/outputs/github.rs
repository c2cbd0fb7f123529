//! Annotations of GitHub: a command of the workflow for each finding. GitHub shows the first ten of each level, so the
//! worst come first.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::outputs::{at, markdown, summary, title, worst_first};
use std::io;

/// A step's summary may be so large; what is longer GitHub throws away as a whole.
const LONGEST_SUMMARY: usize = 1_000_000;

/// Writes the commands, and what came of it on the last lines.
pub fn github(checked: &[&Compilation], out: &mut dyn io::Write) -> io::Result<()> {
    // What a baseline lets through would take the place of what is new.
    let new = worst_first(checked).into_iter().filter(|(_, one)| !one.finding.in_baseline);
    for (compilation, diagnostic) in new {
        writeln!(out, "{}", command(compilation, diagnostic))?;
    }
    for line in summary(checked) {
        // A line that began with two colons would be a command.
        writeln!(out, "quorate: {}", plain(&line))?;
    }
    Ok(())
}

/// The same for the summary of a step, as Markdown.
pub fn github_summary(checked: &[&Compilation]) -> String {
    markdown::document(checked, LONGEST_SUMMARY)
}

fn command(compilation: &Compilation, diagnostic: &Diagnostic) -> String {
    let word = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some(place) = at(compilation, diagnostic) {
        let line = place.start.line.to_string();
        properties.push(("file", place.path.into_owned()));
        properties.push(("line", line.clone()));
        properties.push(("endLine", line));
        properties.push(("col", place.start.column.to_string()));
        properties.push(("endColumn", place.end.to_string()));
    }
    properties.push(("title", title(diagnostic)));
    let properties: Vec<String> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    let mut text = diagnostic.message.clone();
    for help in &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    format!("::{word} {}::{}", properties.join(","), data(&text))
}

/// A text as what a command carries. `%` goes first, or it would undo the others.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text on one line.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
