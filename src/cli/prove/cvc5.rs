//! The solver: where it is, what it is called, how it is started.

use crate::prove::solver::Solvers;
use cedar_policy_symcc::solver::LocalSolver;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The environment variable that names the program.
const VARIABLE: &str = "CVC5";

/// What to do if cvc5 is missing.
const INSTALL: &str = "install it with `apt-get install cvc5`, `brew install cvc5/cvc5/cvc5` or from https://cvc5.github.io, \
                       or set CVC5 to where it is";

/// The cvc5 program.
pub(in crate::cli) struct Cvc5 {
    program: PathBuf,
    name: String,
    patience: Duration,
}

impl Cvc5 {
    /// The program that the variable names, or the one on the path.
    pub(in crate::cli) fn found(patience: Duration) -> Result<Cvc5, String> {
        let (program, shown) = match std::env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
            Some(named) => (PathBuf::from(named), "what CVC5 names"),
            None => (PathBuf::from("cvc5"), "cvc5"),
        };
        let asked = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
        let said = match asked {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(format!("a proof needs the solver cvc5, but {shown} does not exist; {INSTALL}"));
            }
            Err(error) => {
                let reason = crate::workspace::reason(&error);
                return Err(format!(
                    "a proof needs the solver cvc5, but {shown} does not start: {reason}; {INSTALL}"
                ));
            }
        };
        let version = said
            .split_once("cvc5 version ")
            .and_then(|(_, rest)| rest.split_whitespace().next());
        match version {
            Some(version) => Ok(Cvc5 {
                program,
                name: format!("cvc5 {version}"),
                patience,
            }),
            None => Err(format!("{shown} does not say that it is cvc5; {INSTALL}")),
        }
    }
}

impl Solvers for Cvc5 {
    fn name(&self) -> &str {
        &self.name
    }

    fn patience(&self) -> Duration {
        self.patience
    }

    fn start(&self) -> Result<LocalSolver, String> {
        let mut command = tokio::process::Command::new(&self.program);
        command
            .args(["--lang", "smt"])
            .arg(format!("--tlimit-per={}", self.patience.as_millis()))
            .kill_on_drop(true);
        LocalSolver::from_command(&mut command).map_err(|error| format!("{} does not start: {error}", self.name))
    }
}
