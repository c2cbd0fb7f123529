//! The edits of `check --fix`: only those that cannot weaken anything and that cause no new finding.

use crate::cli::Terminal;
use crate::cli::fmt::replace;
use crate::cli::text::Text;
use crate::compile::{Compilation, compile};
use crate::diagnostic::{Diagnostic, Edit};
use crate::emit::test_run::{Deciders, hold};
use crate::format::{difference, format};
use crate::source::secret::struck;
use crate::source::{FileId, Origin, SourceFile};
use crate::words::plural;
use crate::workspace::{Place, load_place, reason};
use std::collections::{BTreeMap, BTreeSet};

mod left;

pub(super) use left::left;

/// What to do with the edits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Write them to the files.
    Write,
    /// Print them as a diff, and change no file.
    Show,
}

/// What became of the edits.
pub(super) enum Fixed {
    /// The files are as they were.
    Nothing,
    /// The edits are in the files.
    Written,
    /// A file could not be read or written; the message names it.
    Refused,
}

/// Makes the edits of the open findings.
pub(super) fn fix(terminal: &mut Terminal, place: &Place, compilation: &Compilation, way: Way) -> std::io::Result<Fixed> {
    let edits = edits(compilation);
    if edits.is_empty() {
        writeln!(
            terminal.error,
            "there is nothing that --fix can change; people have to decide the rest"
        )?;
        return Ok(Fixed::Nothing);
    }
    let root = &place.root;
    let mut texts: BTreeMap<FileId, Text> = BTreeMap::new();
    for file in edits.keys() {
        let source = compilation.sources.file(*file);
        match Text::checked(root.join(&source.name), &source.text) {
            Ok(text) => texts.insert(*file, text),
            Err(why) => {
                writeln!(
                    terminal.error,
                    "error: cannot fix {}: {why}\nnothing is changed",
                    compilation.sources.shown(*file)
                )?;
                return Ok(Fixed::Refused);
            }
        };
    }
    let mut left: Vec<(Edit, String)> = Vec::new();
    let mut made: Vec<Edit> = edits.into_values().flatten().collect();
    made.retain(|edit| {
        let lost = texts.get(&edit.span.file).is_some_and(|text| text.loses_comment(edit));
        if lost {
            left.push((edit.clone(), "it would delete a comment".to_owned()));
        }
        !lost
    });
    if worse(place, compilation, &applied(&texts, &made)).is_some() {
        // Together the edits cause a new finding. So each is tried alone, on top of those accepted before it.
        for edit in std::mem::take(&mut made) {
            made.push(edit);
            if let Some(message) = worse(place, compilation, &applied(&texts, &made)) {
                let why = format!("it would cause another finding: {message}");
                left.extend(made.pop().map(|edit| (edit, why)));
            }
        }
    }
    left.sort_by_key(|(edit, _)| edit.span);
    for (edit, why) in &left {
        let place = compilation.sources.cite_shown(edit.span);
        let what = if edit.text.is_empty() {
            "the line is not taken out".to_owned()
        } else {
            format!("`{}` is not written", edit.text)
        };
        writeln!(terminal.error, "{place}: {what}: {why}")?;
    }
    if made.is_empty() {
        writeln!(terminal.error, "nothing is changed")?;
        return Ok(Fixed::Nothing);
    }
    for (file, text) in &applied(&texts, &made) {
        let count = made.iter().filter(|edit| edit.span.file == *file).count();
        if count == 0 {
            continue;
        }
        let name = compilation.sources.shown(*file);
        if way == Way::Show {
            if let Some(old) = texts.get(file) {
                show(terminal, &name, &old.written(), &text.written())?;
                writeln!(terminal.error, "would fix {} in {name}", plural(count, "line"))?;
            }
            continue;
        }
        if let Err(error) = replace(&text.path, &text.written()) {
            writeln!(terminal.error, "error: cannot write {name}: {}", reason(&error))?;
            return Ok(Fixed::Refused);
        }
        writeln!(terminal.error, "fixed {} in {name}", plural(count, "line"))?;
    }
    Ok(match way {
        Way::Write => Fixed::Written,
        Way::Show => Fixed::Nothing,
    })
}

/// Writes the changes of a file to standard output as a diff that `git apply` and `patch -p1` can read.
fn show(terminal: &mut Terminal, name: &str, old: &str, new: &str) -> std::io::Result<()> {
    // If a name contains a space, a tab after it marks where it ends.
    let end = if name.contains(' ') { "\t" } else { "" };
    let (before, after) = (struck(old), struck(new));
    if before != old {
        writeln!(
            terminal.error,
            "{name} contains a secret, which this diff hides: if it is next to a change, you cannot apply the diff"
        )?;
    }
    write!(
        terminal.out,
        "{}",
        difference(&before, &after, &format!("a/{name}{end}"), &format!("b/{name}{end}"))
    )
}

/// The files with some of the edits applied. A file that was formatted before is formatted afterwards.
fn applied(texts: &BTreeMap<FileId, Text>, edits: &[Edit]) -> BTreeMap<FileId, Text> {
    let mut after = texts.clone();
    for (file, text) in &mut after {
        let mut own: Vec<Edit> = edits.iter().filter(|edit| edit.span.file == *file).cloned().collect();
        own.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
        let canonical = format(*file, &text.text).is_ok_and(|formatted| formatted == text.text);
        text.apply(&own);
        if canonical && let Ok(formatted) = format(*file, &text.text) {
            text.text = formatted;
        }
    }
    after
}

/// The edits by file. If two overlap, the first finding's edit wins.
fn edits(compilation: &Compilation) -> BTreeMap<FileId, Vec<Edit>> {
    let mut all: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    for edit in compilation.open().filter_map(|finding| finding.edit.as_ref()) {
        let own = compilation.sources.file(edit.span.file).origin == Origin::Workspace;
        let there = all.entry(edit.span.file).or_default();
        let apart = |other: &Edit| other.span.end <= edit.span.start || edit.span.end <= other.span.start;
        if own && there.iter().all(apart) {
            there.push(edit.clone());
        }
    }
    all.retain(|_, edits| !edits.is_empty());
    all
}

/// A finding or failing test that the edits would cause; `None` if they cause none.
fn worse(place: &Place, compilation: &Compilation, texts: &BTreeMap<FileId, Text>) -> Option<String> {
    let mut loaded = load_place(place);
    for (file, text) in texts {
        let file = loaded.sources.files.get_mut(file.0 as usize)?;
        *file = SourceFile::new(file.name.clone(), text.text.clone(), Origin::Workspace);
    }
    let mut after = compile(loaded.sources, compilation.options.clone(), loaded.errors);
    hold(&mut after, Deciders::Reference);
    if let Some(error) = after.errors.first() {
        return Some(error.message.clone());
    }
    let about = |finding: &Diagnostic| (finding.code.map(|code| code.id), finding.finding.subject.clone());
    let before: BTreeSet<_> = compilation.findings.iter().map(about).collect();
    // A finding that was folded into the fixed one is not new.
    let folded = |finding: &Diagnostic| {
        let same = compilation
            .findings
            .iter()
            .filter(|other| other.finding.subject == finding.finding.subject);
        same.flat_map(|other| &other.related).any(|related| related.code == finding.code)
    };
    let mut new = after.open().filter(|finding| !before.contains(&about(finding)) && !folded(finding));
    new.next().map(|finding| finding.message.clone())
}
