//! Long work shows its progress on one line of a terminal, and nowhere else.

use crate::project::{Project, TODAY, repository};
use std::process::{Command, Output};

/// What takes the line away again.
const AWAY: &str = "\r\u{1b}[K";

const DOING: &str = "asking the solver …";

/// A program in the place of the solver that takes three seconds to say nothing of use, so that the command takes long on any machine.
fn slow() -> Project {
    let project = Project::new().file("cvc5", "#!/bin/sh\nsleep 3\necho no solver\n");
    let made = Command::new("chmod").arg("+x").arg(project.path("cvc5")).status();
    assert!(made.expect("there is chmod").success());
    project
}

/// Runs `quorate prove` with that program; on a terminal where one is asked for.
fn prove(on_terminal: bool, term: &str, more: &str) -> Output {
    let solver = slow();
    let example = repository().join("examples/customer-data");
    let line = format!(
        "'{}' prove '{}' --as-of {TODAY} {more}",
        env!("CARGO_BIN_EXE_quorate"),
        example.display()
    );
    let mut command = match on_terminal {
        // `script` gives the command a terminal, and copies what is written to it.
        true => {
            let mut command = Command::new("script");
            command.args(["-qec", &line, "/dev/null"]);
            command
        }
        false => {
            let mut command = Command::new("sh");
            command.args(["-c", &line]);
            command
        }
    };
    command
        .env("CVC5", solver.path("cvc5"))
        .env("TERM", term)
        .stdin(std::process::Stdio::null());
    command.output().expect("the command starts")
}

#[test]
fn a_terminal_is_told_what_takes_long_and_nothing_else_is() {
    let runs = [
        (true, "xterm", ""),
        (true, "xterm", "--quiet"),
        (true, "xterm", "--silent"),
        (true, "dumb", ""),
        (false, "xterm", ""),
    ];
    let outputs = std::thread::scope(|scope| {
        let running = runs.map(|(terminal, term, more)| scope.spawn(move || prove(terminal, term, more)));
        running.map(|one| one.join().expect("it ends"))
    });
    for ((terminal, term, more), output) in runs.into_iter().zip(outputs) {
        let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert_eq!(output.status.code(), Some(2), "{terminal} {term} {more}: {said}");
        if terminal && term != "dumb" && more.is_empty() {
            let (_, after) = said.split_once(DOING).unwrap_or_else(|| panic!("it is not said: {said:?}"));
            // Taken away before anything else is written.
            assert!(after.starts_with(&format!("{AWAY}error: ")), "{said:?}");
            assert_eq!(said.matches(DOING).count(), 1, "{said:?}");
        } else {
            assert!(
                !said.contains(DOING) && !said.contains('\u{1b}'),
                "{terminal} {term} {more}: {said:?}"
            );
        }
    }
}

#[test]
fn what_is_soon_done_is_not_announced() {
    let example = repository().join("examples/customer-data");
    let line = format!(
        "'{}' check '{}' --as-of {TODAY} --color never",
        env!("CARGO_BIN_EXE_quorate"),
        example.display()
    );
    let mut command = Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", "xterm")
        .stdin(std::process::Stdio::null());
    let output = command.output().expect("the command starts");
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains('…') && !said.contains(AWAY), "{said:?}");
}
