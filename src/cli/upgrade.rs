//! `quorate fmt --upgrade`

use crate::cli::fmt::replace;
use crate::cli::text::Text;
use crate::cli::{Exit, Terminal};
use crate::compile::Options;
use crate::diagnostic::render::render;
use crate::format::difference;
use crate::source::secret::struck;
use crate::source::{FileId, Sources};
use crate::upgrade::{Refused, Upgraded, upgrade};
use crate::words::plural;
use crate::workspace::locate::way;
use crate::workspace::{Place, load_place, locate_all, reason};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What to do with the new texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Write them to the files.
    Write,
    /// List the files that would change.
    Check,
    /// Print the changes as a diff.
    Show,
}

/// The outcome for a workspace.
enum Outcome {
    Same,
    Changed,
    Failed,
}

/// Rewrites the workspaces of some paths, each as a whole or not at all.
pub(super) fn run(terminal: &mut Terminal, paths: &[PathBuf], doing: Doing) -> std::io::Result<Exit> {
    let (places, errors) = locate_all(paths);
    let mut failed = !errors.is_empty();
    for error in &errors {
        write!(terminal.error, "{}", render(&Sources::default(), error, terminal.style()))?;
    }
    let mut changed = false;
    for place in &places {
        match one(terminal, place, doing)? {
            Outcome::Same => {}
            Outcome::Changed => changed = true,
            Outcome::Failed => failed = true,
        }
    }
    Ok(match (failed, changed && doing != Doing::Write) {
        (true, _) => Exit::CouldNotCheck,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

fn one(terminal: &mut Terminal, place: &Place, doing: Doing) -> std::io::Result<Outcome> {
    let mut loaded = load_place(place);
    loaded.sources.base = way(Path::new("."), &place.root);
    let options = Options {
        as_of: terminal.as_of(),
        horizon: loaded.settings.horizon(),
        name: loaded.settings.name.clone(),
        levels: loaded.settings.levels.clone(),
    };
    let shown = match loaded.sources.base.trim_end_matches('/') {
        "" => ".".to_owned(),
        base => base.to_owned(),
    };
    let upgraded = match upgrade(&loaded.sources, &options, loaded.errors) {
        Ok(upgraded) => upgraded,
        Err(refused) => {
            refuse(terminal, &shown, refused)?;
            return Ok(Outcome::Failed);
        }
    };
    let mut texts: BTreeMap<FileId, (Text, Text)> = BTreeMap::new();
    for (file, new) in &upgraded.texts {
        let source = loaded.sources.file(*file);
        match Text::whole(place.root.join(&source.name), &source.text) {
            Ok(old) => {
                let mut fresh = old.clone();
                fresh.text.clone_from(new);
                texts.insert(*file, (old, fresh));
            }
            Err(why) => {
                let name = loaded.sources.shown(*file);
                writeln!(terminal.error, "error: cannot upgrade {name}: {why}\n{shown} stays as it is")?;
                return Ok(Outcome::Failed);
            }
        }
    }
    if texts.is_empty() {
        if !terminal.common.quiet {
            writeln!(terminal.error, "nothing to upgrade in {shown}")?;
        }
        return Ok(Outcome::Same);
    }
    for (file, (old, new)) in &texts {
        let name = loaded.sources.shown(*file);
        match doing {
            Doing::Write => {}
            Doing::Check => writeln!(terminal.out, "{name} would be upgraded")?,
            Doing::Show => {
                let (old, new) = (struck(&old.written()), struck(&new.written()));
                write!(terminal.out, "{}", difference(&old, &new, &name, &name))?;
            }
        }
    }
    if doing == Doing::Write
        && let Err(message) = write_all(&texts, &loaded.sources)
    {
        writeln!(terminal.error, "error: {message}")?;
        return Ok(Outcome::Failed);
    }
    if !terminal.common.quiet {
        tell(terminal, (&shown, doing), &upgraded, &texts)?;
    }
    Ok(Outcome::Changed)
}

/// Writes every file, or none: if one cannot be written, the earlier ones get back their old content.
fn write_all(texts: &BTreeMap<FileId, (Text, Text)>, sources: &Sources) -> Result<(), String> {
    let mut done: Vec<&Text> = Vec::new();
    for (file, (old, new)) in texts {
        if let Err(error) = replace(&new.path, &new.written()) {
            let name = sources.shown(*file);
            let mut message = format!("cannot write {name}: {}", reason(&error));
            let lost = done.iter().filter(|text| replace(&text.path, &text.written()).is_err());
            let lost: Vec<String> = lost.map(|text| text.path.to_string_lossy().replace('\\', "/")).collect();
            message.push_str(&match lost.is_empty() {
                true => "\nnothing is changed".to_owned(),
                false => format!("\nthese are upgraded and could not be set back: {}", lost.join(", ")),
            });
            return Err(message);
        }
        done.push(old);
    }
    Ok(())
}

fn refuse(terminal: &mut Terminal, shown: &str, refused: Refused) -> std::io::Result<()> {
    match refused {
        Refused::Unread(sources, errors) => {
            for error in &errors {
                write!(terminal.error, "{}", render(&sources, error, terminal.style()))?;
            }
            writeln!(
                terminal.error,
                "{shown} stays as it is: {} to mend first",
                plural(errors.len(), "error")
            )
        }
        Refused::Differs(lines) => {
            for line in &lines {
                writeln!(terminal.error, "error: {line}")?;
            }
            writeln!(
                terminal.error,
                "{shown} stays as it is: in the shorter language it would mean something else. Rename the declarations with equal names, and try again"
            )
        }
    }
}

fn tell(
    terminal: &mut Terminal,
    (shown, doing): (&str, Doing),
    upgraded: &Upgraded,
    texts: &BTreeMap<FileId, (Text, Text)>,
) -> std::io::Result<()> {
    let lines = |text: &Text| text.text.lines().count();
    let before: usize = texts.values().map(|(old, _)| lines(old)).sum();
    let after: usize = texts.values().map(|(_, new)| lines(new)).sum();
    let did = if doing == Doing::Write { "upgraded" } else { "would upgrade" };
    writeln!(
        terminal.error,
        "{did} {} of {shown}: {before} lines become {after}, and the model is the same",
        plural(texts.len(), "file")
    )?;
    if upgraded.ids {
        writeln!(
            terminal.error,
            "ids have no file names any more, so a baseline of this workspace has to be written again"
        )?;
    }
    if upgraded.scopes > 0 {
        writeln!(
            terminal.error,
            "{} must be approved again, because an approved scope contains ids: `quorate check` shows the digest of each",
            plural(upgraded.scopes, "scope")
        )?;
    }
    if upgraded.fingerprints > 0 {
        writeln!(
            terminal.error,
            "{} must be waived again, because a fingerprint contains ids: `quorate check --format json` shows the new fingerprint",
            plural(upgraded.fingerprints, "finding")
        )?;
    }
    Ok(())
}
