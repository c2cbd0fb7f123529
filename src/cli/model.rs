//! `quorate model`

use crate::cli::{Exit, Terminal, Workspace};
use clap::Args;
use std::io::Write;

#[derive(Args)]
pub(super) struct Model {
    #[command(flatten)]
    pub(super) workspace: Workspace,
}

impl Model {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let compilation = terminal.compile(&self.workspace.path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        let value = crate::model::canonical::value(&meaning.model);
        writeln!(terminal.out, "{}", serde_json::to_string_pretty(&value).unwrap_or_default())?;
        Ok(Exit::Clean)
    }
}
