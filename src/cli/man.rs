//! `quorate man`: the manual, a page for the command and one for each of its commands.

use crate::cli::help;
use crate::cli::{Exit, Terminal};
use crate::workspace::reason;
use clap::Args;
use clap_mangen::Man;
use std::io::Write;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Manual {
    /// Write every page to this folder [default: print the first page]
    dir: Option<PathBuf>,
}

impl Manual {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let mut command = help::command();
        command.build();
        let Some(dir) = &self.dir else {
            let mut page = Vec::new();
            Man::new(command).render(&mut page)?;
            terminal.out.write_all(&page)?;
            return Ok(Exit::Clean);
        };
        let mut pages = vec![("quorate.1".to_owned(), command.clone())];
        for inner in command.get_subcommands() {
            let name = format!("quorate-{}", inner.get_name());
            pages.push((format!("{name}.1"), inner.clone()));
        }
        let written = std::fs::create_dir_all(dir).and_then(|()| {
            pages.into_iter().try_for_each(|(name, command)| {
                let mut page = Vec::new();
                Man::new(command).render(&mut page)?;
                std::fs::write(dir.join(name), page)
            })
        });
        if let Err(error) = written {
            writeln!(terminal.error, "error: cannot write {}: {}", dir.display(), reason(&error))?;
            return Ok(Exit::CouldNotCheck);
        }
        Ok(Exit::Clean)
    }
}
