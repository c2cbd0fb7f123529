//! The tutorial, followed from its first line to its last in an empty folder.
//!
//! ` ```gov file=people.gov ` writes a file, ` ```gov append=people.gov ` adds to it, and ` ```console ` holds commands
//! after `$ ` with what they print: standard output, then standard error. Words are parted at spaces; there are no quotes.

use crate::golden;
use std::path::Path;
use std::process::Command;

const TUTORIAL: &str = "docs/tutorial.md";

#[test]
fn the_tutorial_can_be_followed() {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    golden::compare(TUTORIAL, &follow(&golden::read(TUTORIAL), folder.path()));
}

/// The tutorial with what its commands print today.
fn follow(text: &str, folder: &Path) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    let mut status = 0;
    let mut digest = None;
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(block) = line.strip_prefix("```") else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let kept: String = body.iter().map(|line| format!("{line}\n")).collect();
        match block.split_once(' ').unwrap_or((block, "")) {
            ("console", _) => {
                for command in body.iter().filter_map(|line| line.strip_prefix("$ ")) {
                    let printed = run(command, folder, &mut status);
                    digest = digest_in(&printed).map(str::to_owned).or(digest);
                    out.push_str(&format!("$ {command}\n{printed}"));
                }
            }
            ("gov", place) => {
                // A digest that is written down is the one that a command printed last.
                let kept = match (digest_in(&kept), &digest) {
                    (Some(old), Some(new)) => kept.replace(old, new),
                    _ => kept,
                };
                write(place, &kept, folder);
                out.push_str(&kept);
            }
            _ => out.push_str(&kept),
        }
        out.push_str("```\n");
    }
    out
}

fn write(place: &str, text: &str, folder: &Path) {
    let (how, name) = place.split_once('=').unwrap_or(("", place));
    let path = folder.join(name);
    let before = match how {
        "file" => String::new(),
        "append" => std::fs::read_to_string(&path).expect("what is added to was written before") + "\n",
        _ => panic!("{TUTORIAL}: a block of gov says `file=…` or `append=…`, not `{place}`"),
    };
    std::fs::write(path, before + text).expect("the folder can be written");
}

fn digest_in(text: &str) -> Option<&str> {
    text.find("sha256:").and_then(|at| text.get(at..at + "sha256:".len() + 64))
}

/// What a command prints; `echo $?` prints how the one before it ended.
fn run(command: &str, folder: &Path, status: &mut i32) -> String {
    if command == "echo $?" {
        return format!("{status}\n");
    }
    let words = command
        .strip_prefix("quorate ")
        .unwrap_or_else(|| panic!("{TUTORIAL}: `{command}` is not a quorate command"));
    let day: &[&str] = match words.split_whitespace().next() {
        Some("fmt" | "explain" | "std") => &[],
        _ => &["--as-of", "2026-11-23"],
    };
    let done = Command::new(env!("CARGO_BIN_EXE_quorate"))
        .args(words.split_whitespace())
        .args(day)
        .args(["--color", "never"])
        .current_dir(folder)
        .env_remove("COLUMNS")
        .output()
        .expect("the command was built and starts");
    *status = done.status.code().unwrap_or(-1);
    let printed = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    printed.lines().map(|line| without_digest(line) + "\n").collect()
}

/// The digest of everything a build wrote changes with every byte of it, and tells a reader nothing.
fn without_digest(line: &str) -> String {
    match line.split_once("sha256:").filter(|_| line.starts_with("written ")) {
        Some((before, after)) => format!("{before}sha256:…{}", after.trim_start_matches(|c: char| c.is_ascii_hexdigit())),
        None => line.to_owned(),
    }
}
