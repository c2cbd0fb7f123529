//! `quorate explain`

use crate::checks::{ALL, Check};
use crate::cli::{Exit, Terminal};
use crate::diagnostic::render::wrapped;
use clap::Args;
use std::io::Write;

#[derive(Args)]
pub(super) struct Explain {
    /// The number or name of a check, or the beginning of its name: GOV102, 102, single-person [default: list all]
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let Some(wanted) = &self.code else {
            for check in ALL {
                writeln!(terminal.out, "{}  {:8} {}", check.code.id, check.code.level.word(), check.code.name)?;
            }
            return Ok(Exit::Clean);
        };
        match &found(wanted)[..] {
            [check] => {
                let width = terminal.style().width;
                write!(terminal.out, "{}", readable(check.page, width))?;
                return Ok(Exit::Clean);
            }
            [] => {
                writeln!(terminal.error, "error: there is no check `{wanted}`")?;
                let names = ALL.iter().flat_map(|check| [check.code.name, check.code.id]);
                match crate::syntax::nearest(&wanted.to_lowercase(), names) {
                    Some(near) => writeln!(terminal.error, "  did you mean `{near}`?")?,
                    None => writeln!(terminal.error, "  `quorate explain` lists them all")?,
                }
            }
            several => {
                writeln!(terminal.error, "error: `{wanted}` is the beginning of several checks")?;
                for check in several {
                    writeln!(terminal.error, "  {} {}", check.code.id, check.code.name)?;
                }
            }
        }
        Ok(Exit::CouldNotCheck)
    }
}

/// The checks that a word can mean: the check with this number or name, or every check whose name contains these words in
/// this order.
fn found(wanted: &str) -> Vec<&'static Check> {
    let word = wanted.trim().to_lowercase().replace(['_', ' '], "-");
    let is = |check: &&&Check| {
        let id = check.code.id.to_lowercase();
        word == check.code.name || word == id || Some(&*word) == id.strip_prefix("gov")
    };
    if let Some(check) = ALL.iter().find(is) {
        return vec![check];
    }
    let begins = |check: &&&Check| word.len() > 2 && check.code.name.starts_with(&word);
    let holds = |check: &&&Check| word.len() > 2 && check.code.name.contains(&word);
    let beginning: Vec<&'static Check> = ALL.iter().filter(begins).copied().collect();
    match beginning.is_empty() {
        true => ALL.iter().filter(holds).copied().collect(),
        false => beginning,
    }
}

/// A page for the terminal: wrapped paragraphs, and examples without the lines that only tests read.
pub(super) fn readable(page: &str, width: usize) -> String {
    let mut out = String::new();
    let mut in_example = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_example = !in_example;
            continue;
        }
        if in_example {
            if line.starts_with("// without:") {
                continue;
            }
            let shown = marks_off(line);
            if !shown.is_empty() {
                out += "    ";
            }
            out += shown;
        } else if line.starts_with('|') {
            out += line;
        } else {
            let text = line.trim_start();
            let lead = line.len() - text.len();
            let marker = text
                .find(' ')
                .filter(|at| text[..*at].trim_end_matches('.').parse::<u8>().is_ok() || matches!(&text[..*at], "-" | "*"));
            let indent = " ".repeat(lead + marker.map_or(0, |at| at + 1));
            out += &wrapped(line, &indent, width);
        }
        out.push('\n');
    }
    out
}

/// A line of an example without the mark of the expected finding.
fn marks_off(line: &str) -> &str {
    let marks = ["// error: ", "// warning: ", "// note: "];
    let at = marks.iter().filter_map(|mark| line.find(mark)).min();
    at.map_or(line, |at| &line[..at]).trim_end()
}
