//! What the machine does to a run: a full disk, an output that cannot be written, Ctrl-C, a reader that goes away.
#![cfg(unix)]

use crate::project::{Project, TODAY};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

fn quorate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command.args(["--as-of", TODAY, "--color", "never"]).env("RUST_BACKTRACE", "0");
    command
}

fn build(output: &Path) -> Command {
    let mut command = quorate();
    command.arg("build").arg(example("customer-data")).arg("--output").arg(output);
    command
}

/// Every file that the manifest lists is there with its digest, and no other file is. Returns how many there are.
fn whole(folder: &Path) -> usize {
    let manifest = std::fs::read(folder.join("manifest.json")).expect("an output has a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("the manifest is JSON");
    let files = manifest["files"].as_array().expect("the manifest lists files");
    for file in files {
        let path = file["path"].as_str().expect("a file has a path");
        let bytes = std::fs::read(folder.join(path)).expect("a file that is listed is there");
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], digest.as_str(), "{path}");
    }
    let there = walk(folder);
    assert_eq!(there, files.len() + 1, "no file is there that the manifest does not list");
    files.len()
}

fn walk(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let count = entries.map(|entry| {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() { walk(&path) } else { 1 }
    });
    count.sum()
}

fn beside(output: &Path) -> Vec<String> {
    let folder = output.parent().expect("an output is in a folder");
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_disk_that_is_full_leaves_the_output_before_as_it_was() {
    let project = Project::new();
    let output = project.path("evidence");
    assert!(build(&output).output().expect("the command starts").status.success());
    let before = std::fs::read(output.join("manifest.json")).expect("the manifest was written");
    // No file may grow past 8 kB, and the write that would says so instead of ending the process.
    let command = format!(
        "trap '' XFSZ; ulimit -f 16; exec '{}' build '{}' -o '{}' --as-of 2026-12-01",
        env!("CARGO_BIN_EXE_quorate"),
        example("customer-data").display(),
        output.display()
    );
    let done = Command::new("sh").args(["-c", &command]).output().expect("there is a shell");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("error: cannot write "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(std::fs::read(output.join("manifest.json")).expect("the manifest is there"), before);
    whole(&output);
    assert_eq!(beside(&output), ["evidence"], "nothing of the failed attempt is left");
}

#[test]
fn output_to_a_device_that_is_full_is_no_clean_run() {
    let Ok(full) = std::fs::File::create("/dev/full") else {
        return;
    };
    let done = quorate()
        .arg("model")
        .arg(example("customer-data"))
        .stdout(full)
        .output()
        .expect("the command starts");
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "error: cannot write: the disk is full\n");
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let project = Project::new().file("taken", "a file, not a folder");
    let output = project.path("taken/evidence");
    let done = build(&output).output().expect("the command starts");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.starts_with(&format!("error: cannot write {}: ", output.display())), "{said}");
}

/// What stops the command: Ctrl-C, unless this run was started in a way that ignores it, as in the background of a script.
fn stopping() -> &'static str {
    const INTERRUPT: u64 = 1 << 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default();
    if ignored & INTERRUPT == 0 { "-INT" } else { "-TERM" }
}

#[test]
fn ctrl_c_leaves_an_output_whole_or_as_it_was() {
    let project = Project::new();
    let output = project.path("evidence");
    let started = std::time::Instant::now();
    assert!(build(&output).output().expect("the command starts").status.success());
    let usual = started.elapsed();
    let mut stopped = 0;
    for part in 1..=12_u32 {
        let mut child = build(&output)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        std::thread::sleep(usual * part / 12);
        // It may have ended by itself.
        let _ = Command::new("kill")
            .args([stopping(), &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let status = child.wait().expect("the command ends");
        stopped += usize::from(status.code().is_none());
        assert!(whole(&output) > 10);
    }
    assert!(stopped > 0, "no run was stopped before its end");
    assert!(build(&output).output().expect("the command starts").status.success());
    whole(&output);
}

#[test]
fn a_reader_that_goes_away_does_not_make_gaps_clean() {
    for (workspace, code) in [("customer-data-gaps", 1), ("customer-data", 0)] {
        let mut child = quorate()
            .arg("check")
            .arg(example(workspace))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        drop(child.stdout.take());
        let mut said = String::new();
        let mut error = child.stderr.take().expect("standard error was asked for");
        error.read_to_string(&mut said).expect("the error stream is text");
        let status = child.wait().expect("the command ends");
        assert_eq!(status.code(), Some(code), "{workspace}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn findings_that_cannot_be_written_are_no_clean_run_and_leave_what_was_there() {
    let Ok(full) = std::fs::File::create("/dev/full") else {
        return;
    };
    let project = Project::new();
    let formats = ["human", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"];
    for format in formats {
        // On standard output.
        let done = quorate()
            .arg("check")
            .arg(example("customer-data-gaps"))
            .args(["--format", format])
            .stdout(full.try_clone().expect("it is open"))
            .output()
            .expect("the command starts");
        assert_eq!(done.status.code(), Some(2), "{format}");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(said.ends_with("error: cannot write: the disk is full\n"), "{format}: {said}");
        // In a file, where there is room for nothing.
        let file = project.path(&format!("findings.{format}"));
        std::fs::write(&file, "as it was\n").expect("it can be written");
        let line = format!(
            "trap '' XFSZ; ulimit -f 0; '{}' check '{}' --as-of {TODAY} --format concise --output {format}='{}'",
            env!("CARGO_BIN_EXE_quorate"),
            example("customer-data-gaps").display(),
            file.display()
        );
        let done = Command::new("sh").args(["-c", &line]).output().expect("there is a shell");
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{format}: {said}");
        assert!(
            said.contains(&format!("error: cannot write {}: ", file.display())),
            "{format}: {said}"
        );
        assert_eq!(std::fs::read_to_string(&file).expect("it is there"), "as it was\n", "{format}");
        let beside: Vec<String> = beside(&file).into_iter().filter(|name| name.ends_with(".new")).collect();
        assert!(beside.is_empty(), "{format}: {beside:?}");
    }
}
