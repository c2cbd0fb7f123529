//! The evidence report as one HTML file: no network, no script needed to read it.

use crate::report::evidence::Report;
use crate::report::evidence::findings::Numbered;
use crate::words::plural;
use drawing::Drawing;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub mod drawing;

const TEMPLATE: &str = include_str!("html/report.html");
const PARTS: &str = include_str!("html/parts.html");
const FRAMEWORKS: &str = include_str!("html/frameworks.html");
const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The page.
pub fn render(report: &Report) -> Result<String, String> {
    page(report).map_err(|error| format!("{error:#}"))
}

fn page(report: &Report) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(
        minijinja::syntax::SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    environment.add_filter("short", short);
    environment.add_template("parts.html", PARTS)?;
    environment.add_template("frameworks.html", FRAMEWORKS)?;
    environment.add_template("report.html", TEMPLATE)?;
    let drawings: Vec<Option<Drawing>> = report.agents.iter().map(|agent| drawing::draw(&agent.spread)).collect();
    // Only lines that the report repeats can be linked to.
    let lines: BTreeMap<&str, usize> = report
        .cited
        .iter()
        .enumerate()
        .map(|(index, cited)| (cited.at.as_str(), index + 1))
        .collect();
    let messages: Vec<&str> = report.findings.iter().map(|finding| finding.finding.message.as_str()).collect();
    environment.add_global("messages", Value::from(Serde(messages)));
    let statuses: Vec<_> = report.findings.iter().map(|finding| finding.finding.status).collect();
    environment.add_global("statuses", Value::from(Serde(statuses)));
    environment.add_global("lines", Value::from(Serde(lines)));
    let functions = functions(report);
    let sign: Vec<&str> = std::iter::once("Prepared by")
        .chain(functions.iter().copied())
        .chain(std::iter::once("Reviewed by"))
        .collect();
    let page = environment.get_template("report.html")?.render(context! {
        report => Value::from(Serde(report)),
        population => report.covers.population.words(),
        drawings => Value::from(Serde(drawings)),
        counted => counted(report),
        gravest => Value::from(Serde(gravest(report))),
        functions => Value::from(Serde(&functions)),
        sign => Value::from(Serde(sign)),
        style => Value::from_safe_string(STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
        script_digest => base64(&Sha256::digest(SCRIPT.as_bytes())),
    })?;
    Ok(page + "\n")
}

/// The titles of the functions that answer anywhere, in the order of the files.
fn functions(report: &Report) -> Vec<&str> {
    let mut titles: Vec<&str> = Vec::new();
    for seat in report.domains.iter().flat_map(|domain| &domain.accountable) {
        if !titles.contains(&seat.title.as_str()) {
            titles.push(&seat.title);
        }
    }
    titles
}

/// `3 errors, 1 note`
fn counted(report: &Report) -> String {
    let open = || report.findings.iter().filter(|finding| finding.finding.waived_by.is_none());
    let count = |level: &str| open().filter(|finding| finding.finding.level == level).count();
    let words = ["error", "warning", "note"].map(|level| (count(level), level));
    let some = words
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| plural(count, level));
    some.collect::<Vec<_>>().join(", ")
}

/// The findings that the first page has room for.
fn gravest(report: &Report) -> Vec<&Numbered> {
    let open = || report.findings.iter().filter(|finding| finding.finding.waived_by.is_none());
    let of = |level: &'static str| open().filter(move |finding| finding.finding.level == level);
    ["error", "warning", "note"].into_iter().flat_map(of).take(7).collect()
}

/// A digest as it fits into a line: the page has it in full elsewhere.
fn short(digest: String) -> String {
    let hex = digest.strip_prefix("sha256:").unwrap_or(&digest);
    hex.chars().take(12).collect::<String>() + "…"
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .enumerate()
            .fold(0_usize, |word, (place, byte)| word | usize::from(*byte) << (16 - 8 * place));
        for place in 0..4 {
            match place <= chunk.len() {
                true => text.push(char::from(ALPHABET[word >> (18 - 6 * place) & 63])),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_the_one_everybody_uses() {
        assert_eq!(super::base64(b""), "");
        assert_eq!(super::base64(b"f"), "Zg==");
        assert_eq!(super::base64(b"fo"), "Zm8=");
        assert_eq!(super::base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(super::base64(&[251, 255, 254]), "+//+");
    }
}
