//! Diagnostics for people: the one place that knows miette.

use crate::diagnostic::points::last;
use crate::diagnostic::{Diagnostic, Label, Level, Points, Related};
use crate::source::unseen::unseen;
use crate::source::{FileId, Sources, Span};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::fmt::{self, Write};

/// How many places of one finding are shown with their text; the rest are cited.
const SHOWN: usize = 3;

/// A source line longer than this many bytes is cited and not drawn.
const WIDEST: usize = 400;

/// How far what is behind a finding is set in.
const INDENT: usize = 5;

/// How it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colours.
    pub color: bool,
    /// The width of a drawing, in columns.
    pub width: usize,
    /// Whether sentences are wrapped at that width as well. They are for a terminal, but not for a pipe, because
    /// people search the lines of a pipe.
    pub wrap: bool,
}

/// One diagnostic, as a block that ends in an empty line.
pub fn render(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let mut out = String::new();
    let head = match diagnostic.code {
        Some(code) if diagnostic.finding.waived_by.is_some() => format!("waived {}[{}] {}:", diagnostic.level.word(), code.id, code.name),
        Some(code) => format!("{}[{}] {}:", diagnostic.level.word(), code.id, code.name),
        None => format!("{}:", diagnostic.level.word()),
    };
    let painted = paint(style, diagnostic.level, &head);
    let _ = writeln!(
        out,
        "{}",
        said(&format!("{painted} {}", bold(style, &diagnostic.message)), "  ", style)
    );
    snippets(&mut out, sources, &diagnostic.labels, style);
    let (shown, cited): (Vec<_>, Vec<_>) = diagnostic
        .related
        .iter()
        .enumerate()
        .partition(|(index, related)| *index < SHOWN && related.code.is_none());
    for (_, related) in shown {
        let _ = writeln!(out, "{}", said(&format!("   {}", related.message), "     ", style));
        snippets(
            &mut out,
            sources,
            &[Label {
                span: related.span,
                text: String::new(),
            }],
            style,
        );
    }
    let mut above: Option<&Points> = None;
    for (_, related) in cited {
        let _ = writeln!(out, "{}", said(&format!("   {}", cite(sources, related)), "     ", style));
        if let Some(taken) = &related.taken {
            behind(&mut out, &taken.points, &mut above, &diagnostic.finding.points, style);
        }
    }
    if !diagnostic.steps.is_empty() {
        let _ = writeln!(out, "   how");
        let width = diagnostic
            .steps
            .iter()
            .map(|step| step.text.chars().count())
            .max()
            .unwrap_or(0)
            .min(72);
        for (number, step) in diagnostic.steps.iter().enumerate() {
            let line = format!("     {}  {:width$}  {}", number + 1, step.text, sources.cite_shown(step.span));
            let _ = writeln!(out, "{}", said(&line, "        ", style));
        }
    }
    let finding = &diagnostic.finding;
    if let Some(points) = points(&finding.points) {
        let _ = writeln!(out, "{}", said(&format!("   {points}"), "     ", style));
    }
    for (number, help) in diagnostic.help.iter().enumerate() {
        let word = match (number, diagnostic.code) {
            (0, Some(_)) => "write",
            (0, None) => "help ",
            (_, _) => "or   ",
        };
        let _ = writeln!(out, "{}", said(&format!("   {}  {help}", bold(style, word)), "          ", style));
    }
    if !finding.controls.is_empty() {
        let shown: Vec<&str> = finding.controls.iter().take(4).map(String::as_str).collect();
        let more = match finding.controls.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let _ = writeln!(
            out,
            "{}",
            said(&format!("   bears on  {}{more}", shown.join(" · ")), "             ", style)
        );
    }
    out.push('\n');
    out
}

/// `3 decision points: campaign · write.update · customer.consent · crm, and 2 more`
fn points(points: &Points) -> Option<String> {
    let decision = points.first()?;
    let shown = format!(
        "{} · {} · {} · {}{}",
        last(&decision.agent, 1),
        decision.action,
        last(&decision.data, 2),
        last(&decision.system, 1),
        decision.from.map_or(String::new(), |day| format!(" · from {day}"))
    );
    Some(match points.count() {
        0 | 1 => format!("decision point: {shown}"),
        count => format!("{count} decision points: {shown}, and {} more", count - 1),
    })
}

/// Everything behind a finding that was folded into another one. It is not repeated if the line above lists the same,
/// or if it is only the finding's single decision point.
fn behind<'a>(out: &mut String, points: &'a Points, above: &mut Option<&'a Points>, own: &Points, style: Style) {
    if points.count() == 0 || (points == own && points.count() == 1) {
        return;
    }
    if *above == Some(points) {
        let _ = writeln!(out, "     the same decision points");
        return;
    }
    for line in points.lines(style.width.saturating_sub(INDENT)) {
        let _ = writeln!(out, "     {line}");
    }
    *above = Some(points);
}

fn cite(sources: &Sources, related: &Related) -> String {
    let code = related
        .code
        .map_or(String::new(), |code| format!("also {} {}: ", code.id, code.name));
    format!("{code}{}  {}", related.message, sources.cite_shown(related.span))
}

fn paint(style: Style, level: Level, text: &str) -> String {
    let color = match level {
        Level::Error => "31",
        Level::Warning => "33",
        Level::Note => "36",
    };
    match style.color {
        true => format!("\u{1b}[1;{color}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    }
}

fn bold(style: Style, text: &str) -> String {
    match style.color {
        true => format!("\u{1b}[1m{text}\u{1b}[0m"),
        false => text.to_owned(),
    }
}

/// Labels of one file together, one drawing for each file, in order.
fn snippets(out: &mut String, sources: &Sources, labels: &[Label], style: Style) {
    let mut files: Vec<FileId> = Vec::new();
    for label in labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    for file in files {
        let labels: Vec<&Label> = labels.iter().filter(|label| label.span.file == file).collect();
        if labels.iter().any(|label| unfit(sources, label)) {
            for label in labels {
                let at = sources.position(file, label.span.start);
                let said = if label.text.is_empty() {
                    String::new()
                } else {
                    format!("  {}", label.text)
                };
                let _ = writeln!(out, "   {}:{}:{}{said}", sources.shown(file), at.line, at.column);
            }
            continue;
        }
        let theme = match style.color {
            true => GraphicalTheme::unicode(),
            false => GraphicalTheme::unicode_nocolor(),
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width)
            .with_context_lines(1);
        let snippet = Snippet {
            source: Whole { sources, file },
            labels: labels.iter().map(|label| labeled(sources, label)).collect(),
        };
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, &snippet).is_ok() {
            // The handler draws a message first. That message is already in the output, so it is left out.
            let body = drawn
                .find('╭')
                .map_or("", |at| drawn[..at].rfind('\n').map_or(&drawn[at..], |line| &drawn[line + 1..]));
            out.push_str(body.trim_end_matches('\n'));
            out.push('\n');
        }
    }
}

/// Whether a drawn line, or a line drawn around it, would be too long, or would do something to the terminal.
fn unfit(sources: &Sources, label: &Label) -> bool {
    let text = &sources.file(label.span.file).text;
    let start = label.span.start as usize;
    let mut before = text[..start].rsplit('\n');
    let mut after = text[start..].split('\n');
    let lines = [before.next(), after.next(), before.next(), after.next()].map(Option::unwrap_or_default);
    let widest = (lines[0].len() + lines[1].len()).max(lines[2].len()).max(lines[3].len());
    widest > WIDEST
        || lines.iter().any(|line| {
            line.trim_end_matches('\r')
                .contains(|character| character == '\r' || unseen(character))
        })
}

fn labeled(sources: &Sources, label: &Label) -> LabeledSpan {
    let Span { start, end, .. } = label.span;
    // A stretch of several lines is drawn as its first line: the fault is at the beginning.
    let text = &sources.file(label.span.file).text[start as usize..end as usize];
    let length = text.find('\n').unwrap_or(text.len());
    let said = (!label.text.is_empty()).then(|| label.text.clone());
    LabeledSpan::new(said, start as usize, text[..length].trim_end().len())
}

struct Snippet<'a> {
    source: Whole<'a>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Debug for Snippet<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Snippet")
    }
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("-")
    }
}

impl std::error::Error for Snippet<'_> {}

impl miette::Diagnostic for Snippet<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// A file that returns only the lines the handler asks for: a workspace may be large and have many findings.
struct Whole<'a> {
    sources: &'a Sources,
    file: FileId,
}

impl SourceCode for Whole<'_> {
    fn read_span<'b>(&'b self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let text = &self.sources.file(self.file).text;
        let (first, last) = (span.offset().min(text.len()), (span.offset() + span.len()).min(text.len()));
        let mut start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        for _ in 0..before {
            start = text[..start.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
        }
        let mut end = text[last..].find('\n').map_or(text.len(), |at| last + at);
        for _ in 0..after {
            if end < text.len() {
                end = text[end + 1..].find('\n').map_or(text.len(), |at| end + 1 + at);
            }
        }
        if before == 0 && after == 0 {
            // This is how the handler asks where the heading should point.
            let at = self.sources.position(self.file, first as u32);
            let name = self.sources.shown(self.file).into_owned();
            let cut = (first, last - first).into();
            return Ok(Box::new(MietteSpanContents::new_named(
                name,
                &text.as_bytes()[first..last],
                cut,
                at.line - 1,
                at.column - 1,
                1,
            )));
        }
        let line = self.sources.position(self.file, start as u32).line - 1;
        let lines = text[start..end].matches('\n').count();
        let name = self.sources.shown(self.file).into_owned();
        let cut = (start, end - start).into();
        Ok(Box::new(MietteSpanContents::new_named(
            name,
            &text.as_bytes()[start..end],
            cut,
            line,
            0,
            lines,
        )))
    }
}

/// A sentence of a finding, in lines where the style asks for it.
pub fn said(text: &str, indent: &str, style: Style) -> String {
    match style.wrap {
        true => wrapped(text, indent, style.width),
        false => text.to_owned(),
    }
}

/// A text in lines of a width, those after the first with something before them.
pub fn wrapped(text: &str, indent: &str, width: usize) -> String {
    // A name with hyphens is copied whole.
    let options = textwrap::Options::new(width)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}
