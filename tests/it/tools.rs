//! Public tools that policies are held against: found in `target/tools`, where `.ci/tools` puts them, or on the path.

use crate::project::repository;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// Set by the gate: a tool that is not there is then a failure.
const REQUIRED: &str = "QUORATE_TOOLS";

/// A path with every one of these tools. If a tool is missing and none is required, the function prints that and returns nothing.
pub fn path_with(tools: &[&str], test: &str) -> Option<OsString> {
    let own = repository().join("target/tools/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = [own].into_iter().chain(std::env::split_paths(&path)).collect();
    let absent: Vec<&str> = tools
        .iter()
        .copied()
        .filter(|tool| !folders.iter().any(|folder| folder.join(tool).is_file()))
        .collect();
    if absent.is_empty() {
        return Some(std::env::join_paths(folders).expect("the folders were on a path"));
    }
    let absent = absent.join(" and ");
    assert!(
        std::env::var_os(REQUIRED).is_none(),
        "{test} needs {absent}; .ci/tools installs them"
    );
    // Not by a macro of printing, which would be swallowed.
    writeln!(std::io::stderr(), "NOT RUN: {test} needs {absent}; .ci/tools installs them").expect("standard error is open");
    None
}

/// A command that finds the tools.
pub fn command(program: &str, path: &OsString) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", path);
    command
}
