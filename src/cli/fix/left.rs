//! What `check --fix` leaves to people, and why.

use crate::checks::mending::why;
use crate::cli::Terminal;
use crate::compile::Compilation;
use crate::diagnostic::{Code, Level};
use crate::words::plural;
use std::collections::BTreeMap;

/// Prints why findings that fail have no edit, one line per code.
pub(in crate::cli) fn left(terminal: &mut Terminal, checked: &[&Compilation], level: Level) -> std::io::Result<()> {
    let mut counts: BTreeMap<&str, (&Code, usize)> = BTreeMap::new();
    for finding in checked.iter().flat_map(|compilation| compilation.open()) {
        let fails = finding.level >= level && !finding.finding.in_baseline;
        if let Some(code) = finding.code.filter(|_| fails && finding.edit.is_none()) {
            counts.entry(code.id).or_insert((code, 0)).1 += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(terminal.error, "left to people:")?;
    let wide = |text: &dyn Fn(&(&Code, usize)) -> usize| counts.values().map(text).max().unwrap_or(0);
    let name = wide(&|(code, _)| code.name.len());
    let number = wide(&|(_, count)| plural(*count, "finding").len());
    for (code, count) in counts.values() {
        let count = plural(*count, "finding") + ":";
        let why = why(code.id).unwrap_or("only people can decide how");
        let number = number + 1;
        writeln!(terminal.error, "  {} {:name$}  {count:number$} {why}", code.id, code.name)?;
    }
    Ok(())
}
