//! Writes annotations for GitHub: one workflow command for each finding. GitHub shows the first ten of each level,
//! so the most severe come first.

use crate::compile::Compilation;
use crate::diagnostic::{Diagnostic, Level};
use crate::outputs::{at, markdown, summary, title, worst_first};
use std::io;

/// The most characters of a step summary. GitHub discards a longer summary completely.
const LONGEST_SUMMARY: usize = 1_000_000;

/// Writes the commands, and a summary on the last lines.
pub fn github(checked: &[&Compilation], out: &mut dyn io::Write) -> io::Result<()> {
    // Findings in the baseline would take the place of new findings.
    let new = worst_first(checked).into_iter().filter(|(_, one)| !one.finding.in_baseline);
    for (compilation, diagnostic) in new {
        writeln!(out, "{}", command(compilation, diagnostic))?;
    }
    for line in summary(checked) {
        // GitHub takes a line that begins with two colons for a command.
        writeln!(out, "quorate: {}", plain(&line))?;
    }
    Ok(())
}

/// The findings as Markdown, for the summary of a step.
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

/// Escapes a text for the message of a command. `%` comes first, or the other escapes would be escaped again.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a text for the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Returns a text on one line, with spaces in place of control characters.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
