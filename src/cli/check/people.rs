//! Findings for people: the most severe first, and a summary.

use crate::cli::Terminal;
use crate::compile::Compilation;
use crate::diagnostic::render::{Style, render, said};
use crate::diagnostic::{Diagnostic, Level};
use crate::words::plural;
use crate::workspace::Place;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

/// With at least this many findings, the output ends with a list of where to start.
const WALL: usize = 10;

/// How many findings that list holds.
const FIRST: usize = 3;

/// Prints that one path holds several workspaces, and how to join them into one.
pub(super) fn several(paths: &[PathBuf], places: &[Place]) -> Option<String> {
    let [path] = paths else { return None };
    (places.len() > 1).then(|| {
        format!(
            "{} workspaces below {}, checked one after the other; if they are one, keep one `workspace` line and put a quorate.toml beside them all",
            places.len(),
            path.display()
        )
    })
}

/// Every finding with its source text. Findings in the baseline are counted; `--verbose` shows them.
pub(super) fn human(terminal: &mut Terminal, checked: &[&Compilation]) -> std::io::Result<()> {
    let (style, all) = (terminal.style(), terminal.common.verbose);
    for compilation in checked {
        blocks(&mut terminal.out, compilation, style, all)?;
    }
    Ok(())
}

/// The same for a file.
pub(super) fn plain(checked: &[&Compilation], out: &mut dyn Write) -> std::io::Result<()> {
    let style = Style {
        color: false,
        width: 110,
        wrap: false,
    };
    for compilation in checked {
        blocks(out, compilation, style, true)?;
    }
    Ok(())
}

fn blocks(out: &mut dyn Write, compilation: &Compilation, style: Style, all: bool) -> std::io::Result<()> {
    let mut sorted = sorted(compilation);
    sorted.retain(|finding| all || !finding.finding.in_baseline);
    for finding in compilation.errors.iter().chain(sorted.iter().copied()) {
        write!(out, "{}", render(&compilation.sources, finding, style))?;
    }
    write!(out, "{}", begin(compilation, &sorted, style))
}

/// One line for each finding.
pub(super) fn concise(terminal: &mut Terminal, checked: &[&Compilation]) -> std::io::Result<()> {
    lines(checked, terminal.common.verbose, &mut terminal.out)
}

/// One line for each finding and for each error in the text.
pub(super) fn lines(checked: &[&Compilation], all: bool, out: &mut dyn Write) -> std::io::Result<()> {
    for compilation in checked {
        let shown = sorted(compilation)
            .into_iter()
            .filter(|finding| all || !finding.finding.in_baseline);
        for finding in compilation.errors.iter().chain(shown) {
            writeln!(out, "{}", line(compilation, finding))?;
        }
    }
    Ok(())
}

/// `agents.gov:4:3: error[GOV201] shared-identity: …`
fn line(compilation: &Compilation, finding: &Diagnostic) -> String {
    let place = finding.span().map_or(String::new(), |span| {
        let position = compilation.sources.position(span.file, span.start);
        format!("{}:{}:{}: ", compilation.sources.shown(span.file), position.line, position.column)
    });
    let code = finding.code.map_or(String::new(), |code| format!("[{}] {}", code.id, code.name));
    let waived = finding.finding.waived_by.as_ref();
    let waived = waived.map_or(String::new(), |waiver| format!(" (waived by {waiver})"));
    format!("{place}{}{code}: {}{waived}", finding.level.word(), finding.message)
}

/// The findings in reading order: most severe first, open before waived, and those about one declaration together.
pub(in crate::cli) fn sorted(compilation: &Compilation) -> Vec<&Diagnostic> {
    let rank = |finding: &Diagnostic| (finding.finding.waived_by.is_some(), Reverse(finding.level));
    let mut first: BTreeMap<_, usize> = BTreeMap::new();
    for (index, finding) in compilation.findings.iter().enumerate() {
        let place = (rank(finding), &finding.finding.subject_kind, &finding.finding.subject);
        first.entry(place).or_insert(index);
    }
    let mut order: Vec<(usize, &Diagnostic)> = compilation.findings.iter().enumerate().collect();
    order.sort_by_key(|(index, finding)| {
        let place = (rank(finding), &finding.finding.subject_kind, &finding.finding.subject);
        (rank(finding), first.get(&place).copied(), *index)
    });
    order.into_iter().map(|(_, finding)| finding).collect()
}

/// Where to start in a long list: the findings with the most decision points.
fn begin(compilation: &Compilation, sorted: &[&Diagnostic], style: Style) -> String {
    let mut open: Vec<&Diagnostic> = sorted
        .iter()
        .copied()
        .filter(|finding| finding.finding.waived_by.is_none())
        .collect();
    if open.len() <= WALL {
        return String::new();
    }
    open.sort_by_key(|finding| (Reverse(finding.level), Reverse(finding.finding.points.count())));
    let mut out = "start here\n".to_owned();
    for finding in open.iter().take(FIRST) {
        let cite = finding.span().map_or(String::new(), |span| compilation.sources.cite_shown(span));
        let code = finding.code.map_or("", |code| code.id);
        out += &said(&format!("  {code} {}  {cite}", finding.message), "         ", style);
        out.push('\n');
    }
    out.push('\n');
    out
}

/// The summary of one workspace, on standard error.
pub(super) fn verdict(terminal: &mut Terminal, compilation: &Compilation, among_others: bool) -> std::io::Result<()> {
    if terminal.common.quiet {
        return Ok(());
    }
    let name = match among_others {
        true if compilation.sources.base.is_empty() => format!("{}: ", compilation.workspace),
        true => format!("{} ({}): ", compilation.workspace, compilation.sources.base.trim_end_matches('/')),
        false => String::new(),
    };
    match compilation.errors.len() {
        0 => writeln!(terminal.error, "{name}{}", summary(compilation)),
        _ => writeln!(terminal.error, "{name}{}", unchecked(compilation)),
    }
}

/// The summary if the files have errors or open questions.
pub(in crate::cli) fn unchecked(compilation: &Compilation) -> String {
    let count = compilation.errors.len();
    if compilation.only_questions() {
        let files: BTreeSet<_> = compilation
            .errors
            .iter()
            .filter_map(|error| error.span())
            .map(|span| span.file)
            .collect();
        let (are, them) = if count == 1 { ("is", "it") } else { ("are", "them from the top") };
        return format!(
            "{} {are} open in {}, so there is no verdict yet · answer {them}",
            plural(count, "question"),
            plural(files.len(), "file")
        );
    }
    format!("could not check: {}, so Quorate did not look for gaps", plural(count, "error"))
}

/// `3 errors, 1 warning in 4 files · 3 agents, 4 domains, 38 decision points · as of 2026-11-23`, followed by one line for
/// each kind of thing that the checks did not cover.
pub(in crate::cli) fn summary(compilation: &Compilation) -> String {
    let counted =
        [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")].map(|(level, word)| (compilation.count(level), word));
    let found: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(*count, word))
        .collect();
    let unseen = compilation.unseen();
    let mut found = if found.is_empty() {
        unseen.no_gaps().to_owned()
    } else {
        found.join(", ")
    };
    if compilation.waived() > 0 {
        found += &format!(", {} waived", compilation.waived());
    }
    if compilation.in_baseline() > 0 {
        found += &format!(", {} in the baseline", compilation.in_baseline());
    }
    let first = format!(
        "{found} in {} · {} · as of {}",
        plural(compilation.file_count(), "file"),
        population(compilation),
        compilation.options.as_of
    );
    unseen.all_lines().iter().fold(first, |all, line| format!("{all}\n  {line}"))
}

/// `3 agents, 4 domains, 38 decision points`
pub(in crate::cli) fn population(compilation: &Compilation) -> String {
    compilation.meaning.as_ref().map_or(String::new(), |meaning| {
        let agents = plural(meaning.model.agents.len(), "agent");
        let domains = plural(meaning.model.domains.len(), "domain");
        format!("{agents}, {domains}, {}", plural(meaning.facts.decision_points, "decision point"))
    })
}
