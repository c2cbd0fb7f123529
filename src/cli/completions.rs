//! `quorate completions`: the completion script of a shell.

use crate::cli::help::command;
use crate::cli::{Exit, Terminal};
use clap::Args;
use clap_complete::Shell;
use std::io::Write;

#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "quorate", &mut script);
        terminal.out.write_all(&script)?;
        Ok(Exit::Clean)
    }
}
