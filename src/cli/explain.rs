//! `quorate explain`

use crate::checks::ALL;
use crate::cli::{Exit, Terminal};
use crate::diagnostic::catalogue;
use clap::Args;
use std::io::Write;

#[derive(Args)]
pub(super) struct Explain {
    /// The number or name of a check, as GOV102 or single-person-quorum; all are listed without it
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let Some(wanted) = &self.code else {
            for check in ALL {
                writeln!(terminal.out, "{}  {:8} {}", check.code.id, check.code.level.word(), check.code.name)?;
            }
            return Ok(Exit::Clean);
        };
        let known = catalogue::find(wanted);
        if let Some(check) = ALL.iter().find(|check| Some(check.code) == known) {
            write!(terminal.out, "{}", check.page)?;
            return Ok(Exit::Clean);
        }
        match known {
            Some(code) => writeln!(terminal.error, "error: {} {} is planned and not built yet", code.id, code.name)?,
            None => {
                writeln!(terminal.error, "error: there is no check `{wanted}`")?;
                let names = ALL.iter().flat_map(|check| [check.code.name, check.code.id]);
                if let Some(near) = crate::syntax::nearest(wanted, names) {
                    writeln!(terminal.error, "  did you mean `{near}`?")?;
                }
            }
        }
        Ok(Exit::CouldNotCheck)
    }
}
