//! `quorate new`: one more declaration, with every clause that its checks require.

use crate::cli::{Exit, Terminal};
use crate::compile::names;
use crate::diagnostic::render::render;
use crate::resolve::Names;
use crate::source::FileId;
use crate::syntax::vocabulary::Kind;
use crate::syntax::{declarable, parse};
use crate::words::plural;
use crate::workspace::{Loaded, Place, load_place, locate, reason};
use clap::{Args, ValueEnum};
use draft::Draft;
use file::Target;
use std::io::{self, Write};
use std::path::PathBuf;

mod draft;
mod file;
mod uses;

#[derive(Args)]
pub(super) struct New {
    /// What to add
    #[arg(value_enum)]
    kind: Added,
    /// Its name: lowercase letters, digits and `_`
    name: String,
    /// Its title [default: made from the name; required for a person]
    title: Option<String>,
    /// The agent that a task is for [default: the only one]
    #[arg(long = "for", value_name = "AGENT")]
    agent: Option<String>,
    /// The workspace, or its `.gov` file to add to [default: the file with the most declarations of this kind]
    #[arg(long = "in", value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

/// The kinds of declaration that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Added {
    /// An AI agent, and the identity it runs as
    Agent,
    /// A decision domain, and how to undo its changes
    Domain,
    /// A person who answers for something
    Person,
    /// A system that holds data
    System,
    /// What people approve an agent to do
    Task,
    /// People who hold something together
    Team,
}

impl Added {
    /// Its kind in the language.
    fn kind(self) -> Kind {
        match self {
            Added::Agent => Kind::Agent,
            Added::Domain => Kind::Domain,
            Added::Person => Kind::Person,
            Added::System => Kind::System,
            Added::Task => Kind::Task,
            Added::Team => Kind::Team,
        }
    }

    /// The file to write to if the workspace has no file with this kind.
    fn file(self) -> &'static str {
        match self {
            Added::Agent | Added::Task => "agents.gov",
            Added::Domain => "decisions.gov",
            Added::Person | Added::Team => "people.gov",
            Added::System => "systems.gov",
        }
    }
}

impl New {
    pub(super) fn run(&self, terminal: &mut Terminal) -> io::Result<Exit> {
        match self.add(terminal) {
            Ok(added) => {
                if !terminal.common.quiet {
                    self.say(terminal, &added)?;
                }
                Ok(Exit::Clean)
            }
            Err(Refusal::Said) => Ok(Exit::CouldNotCheck),
            Err(Refusal::Why(why)) => {
                writeln!(terminal.error, "error: {why}\nnothing is written")?;
                Ok(Exit::CouldNotCheck)
            }
        }
    }

    /// Adds the declaration, whole or not at all.
    fn add(&self, terminal: &mut Terminal) -> Result<Written, Refusal> {
        self.well_called()?;
        let (place, loaded) = self.workspace(terminal)?;
        let names = names(&loaded.sources, loaded.settings.name.as_deref());
        let draft = Draft::of(self, &loaded, &names)?;
        // The requested declaration comes first, then those that it needs.
        let mut declares: Vec<_> = draft.declares.iter().collect();
        declares.sort_by_key(|(kind, _)| *kind != self.kind.kind());
        for (kind, name) in declares {
            if let Some(known) = own(&names).find(|known| known.kind == *kind && last(&known.id) == name) {
                return Err(Refusal::Why(format!(
                    "{} is called `{name}` already: {}",
                    kind.phrase(),
                    loaded.sources.cite_shown(known.span)
                )));
            }
        }
        let target = Target::find(self, &place, &loaded, &names)?;
        target.add(&draft, &loaded, &names)
    }

    /// Refuses a name that a declaration cannot have.
    fn well_called(&self) -> Result<(), Refusal> {
        if self.agent.is_some() && self.kind != Added::Task {
            return Err(Refusal::Why(format!(
                "`--for` names the agent of a task; {} has none",
                self.kind.kind().phrase()
            )));
        }
        if let Some(title) = self.title.as_deref().filter(|title| title.chars().any(char::is_control)) {
            return Err(Refusal::Why(format!("write a title on one line: {}", title.escape_debug())));
        }
        if declarable(&self.name) {
            return Ok(());
        }
        let slug: String = self
            .name
            .to_lowercase()
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
            .collect();
        let slug = slug.trim_matches('_').to_owned();
        let mut why = format!(
            "`{}` cannot be a name: a name has small letters, digits and `_`, begins with a letter, and is not a word of the language",
            self.name.escape_debug()
        );
        let near = [slug.clone(), format!("{}_{slug}", self.kind.kind().word())];
        if let Some(near) = near.iter().find(|near| declarable(near)) {
            why += &format!("\n  help: write `{near}`");
        }
        Err(Refusal::Why(why))
    }

    /// The workspace to add to.
    fn workspace(&self, terminal: &mut Terminal) -> Result<(Place, Loaded), Refusal> {
        let place = match locate(&self.path) {
            Ok(places) => match &places[..] {
                [place] => place.clone(),
                _ => {
                    let roots: Vec<String> = places.iter().map(|place| place.root.display().to_string()).collect();
                    return Err(Refusal::Why(format!(
                        "{} holds {} workspaces: {}\n  help: name one of them with `--in`",
                        self.path.display(),
                        roots.len(),
                        roots.join(", ")
                    )));
                }
            },
            Err(error) => return Err(Refusal::Why(error.message)),
        };
        let mut loaded = load_place(&place);
        loaded.sources.base = locate::way(&PathBuf::from("."), &place.root);
        let files = loaded
            .sources
            .files
            .iter()
            .any(|file| file.origin == crate::source::Origin::Workspace);
        if !files && loaded.errors.len() <= 1 {
            return Err(Refusal::Why(format!(
                "there is no workspace in {}\n  help: `quorate init` writes a first one",
                self.path.display()
            )));
        }
        if !loaded.errors.is_empty() {
            let style = terminal.style();
            for error in &loaded.errors {
                // If the message cannot be printed, the exit code still reports the failure.
                let _ = write!(terminal.error, "{}", render(&loaded.sources, error, style));
            }
            let _ = writeln!(terminal.error, "nothing is written");
            return Err(Refusal::Said);
        }
        Ok((place, loaded))
    }

    /// Prints what was added where, and what to do next.
    fn say(&self, terminal: &mut Terminal, added: &Written) -> io::Result<()> {
        let width = added.places.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0);
        for (index, (what, place)) in added.places.iter().enumerate() {
            let word = if index == 0 { "added" } else { "" };
            writeln!(terminal.out, "{word:<7}  {what:<width$}  {place}")?;
        }
        if added.questions > 0 {
            let count = plural(added.questions, "question");
            writeln!(
                terminal.out,
                "next     answer the {count} there, each marked TODO; `quorate check` lists them"
            )?;
        }
        Ok(())
    }
}

/// A declaration that was written.
struct Written {
    /// `agent support`, and the file and line where it begins.
    places: Vec<(String, String)>,
    /// How many open questions it holds.
    questions: usize,
}

/// Why nothing was written.
enum Refusal {
    /// The reason was printed already.
    Said,
    /// The reason, still to be printed.
    Why(String),
}

/// The declarations of the workspace itself, without the library.
fn own(names: &Names) -> impl Iterator<Item = &crate::resolve::Declaration> {
    names.declarations.iter().filter(|known| !known.library)
}

/// The name at the end of an id.
fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// How many open questions a text holds.
fn questions(text: &str) -> usize {
    let (_, errors) = parse(FileId(0), text);
    errors.iter().filter(|error| error.question.is_some()).count()
}

/// A refusal because of a file system error.
fn disk(what: &str, name: &str, error: &io::Error) -> Refusal {
    Refusal::Why(format!("cannot {what} {name}: {}", reason(error)))
}
