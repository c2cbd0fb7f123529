//! `quorate fmt`

use crate::cli::upgrade::{self, Doing};
use crate::cli::{Exit, Terminal};
use crate::compile::needless;
use crate::diagnostic::render::render;
use crate::format::{difference, format};
use crate::resolve::without;
use crate::source::secret::struck;
use crate::source::{FileId, Origin, SourceFile, Sources, plain};
use crate::syntax::tree::Extent;
use crate::workspace::{gov_files, load_place, locate_all, reason};
use clap::Args;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Fmt {
    /// Folders and `.gov` files; `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Rewrite whole workspaces of version 0.1 in the shorter language, if their meaning stays the same
    #[arg(long)]
    upgrade: bool,
    /// Write nothing; exit with 1 if a file is not formatted
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change, and exit with 1 if anything would
    #[arg(long)]
    diff: bool,
}

impl Fmt {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let piped = self.paths.iter().any(|path| path.as_os_str() == "-");
        if self.upgrade && piped {
            writeln!(
                terminal.error,
                "error: standard input is not a workspace, and --upgrade rewrites a whole workspace: name its folder"
            )?;
            return Ok(Exit::CouldNotCheck);
        }
        if self.upgrade {
            let doing = match (self.diff, self.check) {
                (true, _) => Doing::Show,
                (false, true) => Doing::Check,
                (false, false) => Doing::Write,
            };
            return upgrade::run(terminal, &self.paths, doing);
        }
        if piped {
            let mut text = String::new();
            if let Err(error) = std::io::stdin().read_to_string(&mut text) {
                writeln!(terminal.error, "error: cannot read standard input: {}", reason(&error))?;
                return Ok(Exit::CouldNotCheck);
            }
            return Ok(self
                .one(terminal, "standard input", text, None)?
                .map_or(Exit::CouldNotCheck, |changed| self.exit(changed, false)));
        }
        let mut changed = false;
        let mut failed = false;
        let lines = Lines::of(&self.paths);
        for path in &self.paths {
            let files = match gov_files(path) {
                Ok(files) => files,
                Err(errors) => {
                    failed = true;
                    for error in errors {
                        writeln!(terminal.error, "error: {error}")?;
                    }
                    continue;
                }
            };
            for file in files {
                let name = file.to_string_lossy().replace('\\', "/");
                let text = match std::fs::read_to_string(&file) {
                    Ok(text) => text,
                    Err(error) => {
                        failed = true;
                        writeln!(terminal.error, "error: cannot read {name}: {}", reason(&error))?;
                        continue;
                    }
                };
                match self.one(terminal, &name, text, lines.of_file(&file))? {
                    None => failed = true,
                    Some(None) => {}
                    Some(Some(formatted)) => {
                        changed = true;
                        if !self.check && !self.diff {
                            if let Err(error) = replace(&file, &formatted) {
                                failed = true;
                                writeln!(terminal.error, "error: cannot write {name}: {}", reason(&error))?;
                            } else if !terminal.common.quiet {
                                writeln!(terminal.error, "formatted {name}")?;
                            }
                        }
                    }
                }
            }
        }
        Ok(if failed {
            Exit::CouldNotCheck
        } else {
            self.exit(changed.then(String::new), changed)
        })
    }

    fn exit(&self, changed: Option<String>, any: bool) -> Exit {
        match (self.check || self.diff) && (changed.is_some() || any) {
            true => Exit::Findings,
            false => Exit::Clean,
        }
    }

    /// Formats one text and prints what the options ask for. `None` if it cannot be read; the new text if it changes.
    fn one(&self, terminal: &mut Terminal, name: &str, text: String, lines: Option<&Needless>) -> std::io::Result<Option<Option<String>>> {
        // `use` lines are identified by their position in the text that was read with the rest of the workspace.
        let same = lines.map(|lines| (lines, plain(text.clone())));
        let less = same
            .filter(|(lines, text)| lines.text == *text)
            .map(|(lines, text)| without(&text, &lines.cuts));
        let formatted = match format(FileId(0), less.as_deref().unwrap_or(&text)) {
            Ok(formatted) => formatted,
            Err(errors) => {
                let file = SourceFile::new(name.to_owned(), text, Origin::Workspace);
                // Parsed again as it is displayed, so that messages do not repeat a secret.
                let errors = format(FileId(0), &file.text).err().unwrap_or(errors);
                let sources = Sources {
                    files: vec![file],
                    base: String::new(),
                };
                let style = terminal.style();
                for error in errors {
                    write!(terminal.error, "{}", render(&sources, &error, style))?;
                }
                return Ok(None);
            }
        };
        let changes = formatted != text;
        let piped = name == "standard input";
        match (self.check, self.diff, piped) {
            (_, true, _) if changes => write!(terminal.out, "{}", difference(&struck(&text), &struck(&formatted), name, name))?,
            (true, false, _) if changes => writeln!(terminal.out, "{name} is not in canonical form")?,
            (false, false, true) => write!(terminal.out, "{formatted}")?,
            _ => {}
        }
        Ok(Some(changes.then_some(formatted)))
    }
}

/// The parts of the `use` lines of one file that import nothing.
struct Needless {
    text: String,
    cuts: Vec<Extent>,
}

/// The same for all files of the workspaces of these paths. Whether a line is needed depends on what other files declare.
struct Lines(BTreeMap<PathBuf, Needless>);

impl Lines {
    fn of(paths: &[PathBuf]) -> Lines {
        let mut all = BTreeMap::new();
        // The formatting step reports what cannot be found or read.
        let (places, _) = locate_all(paths);
        for place in places {
            let loaded = load_place(&place);
            if !loaded.errors.is_empty() {
                continue;
            }
            for (file, cuts) in needless(&loaded.sources, loaded.settings.name.as_deref()) {
                let file = loaded.sources.file(file);
                if let Ok(path) = std::fs::canonicalize(place.root.join(&file.name)) {
                    let text = file.text.clone();
                    all.insert(path, Needless { text, cuts });
                }
            }
        }
        Lines(all)
    }

    fn of_file(&self, file: &std::path::Path) -> Option<&Needless> {
        self.0.get(&std::fs::canonicalize(file).ok()?)
    }
}

/// Replaces a file with a new text, all of it or nothing.
pub(super) fn replace(file: &std::path::Path, text: &str) -> std::io::Result<()> {
    replace_by(file, |out| out.write_all(text.as_bytes()))
}

/// The same with the output of a function.
pub(super) fn replace_by(file: &std::path::Path, text: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let name = file.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let fresh = file.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let filled = std::fs::File::create(&fresh).and_then(|opened| {
        let mut out = std::io::BufWriter::new(opened);
        text(&mut out)?;
        out.flush()
    });
    let outcome = filled.and_then(|()| std::fs::rename(&fresh, file));
    if outcome.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    outcome
}
