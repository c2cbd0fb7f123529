//! A workspace in a temporary folder and the real binary run in it: `Project::new().file("main.gov", "…").run(&["check"])`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The day every test reads its workspace as of.
pub const TODAY: &str = "2026-11-23";

/// A workspace that a test writes.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// An empty folder.
    pub fn new() -> Project {
        Project {
            folder: TempDir::with_prefix("quorate").expect("a temporary folder can be made"),
        }
    }

    /// A folder that holds one file.
    pub fn of(text: &str) -> Project {
        Project::new().file("main.gov", text)
    }

    /// With one more file.
    pub fn file(self, name: &str, text: &str) -> Project {
        self.bytes(name, text.as_bytes())
    }

    /// With one more file that need not be text.
    pub fn bytes(self, name: &str, bytes: &[u8]) -> Project {
        self.write(name, bytes);
        self
    }

    /// Where a file of it is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
    }

    /// Runs the binary in the folder.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_on(TODAY, arguments)
    }

    /// Runs the binary in the folder as of another day.
    pub fn run_on(&self, day: &str, arguments: &[&str]) -> Outcome {
        run_in(self.folder.path(), day, arguments)
    }

    /// The findings of `quorate check`, and how it ended.
    pub fn findings(&self) -> Findings {
        self.findings_on(TODAY)
    }

    /// The findings as of another day.
    pub fn findings_on(&self, day: &str) -> Findings {
        let outcome = self.run_on(day, &["check", "--format", "json"]);
        let document = serde_json::from_str(&outcome.out).unwrap_or_else(|error| panic!("no JSON ({error}):\n{outcome}"));
        Findings {
            code: outcome.code,
            document,
        }
    }

    /// The digests of scopes by the names of their tasks, as the notes about their absence give them.
    pub fn scopes(&self) -> BTreeMap<String, String> {
        let findings = self.findings();
        let digest = |note: &serde_json::Value| {
            let help = note["help"].as_str()?;
            let task = note["subject"].as_str()?.rsplit('.').next()?;
            let digest = help.find("sha256:").map(|at| &help[at..])?;
            Some((
                task.to_owned(),
                digest
                    .chars()
                    .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == ':')
                    .collect(),
            ))
        };
        findings.of("unapproved-scope").filter_map(digest).collect()
    }
}

/// Runs the binary in a folder, as of a day and without colours.
pub fn run_in(folder: &Path, day: &str, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quorate"));
    command
        .current_dir(folder)
        .args(["--as-of", day, "--color", "never"])
        .args(arguments);
    command.env_remove("COLUMNS").env("RUST_BACKTRACE", "0");
    let output = command.output().expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    Outcome {
        out: text(output.stdout),
        error: text(output.stderr),
        code: output.status.code(),
    }
}

/// Runs git in a folder, as somebody who is nobody on this machine; what it wrote.
#[track_caller]
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let own = [
        "-c",
        "user.name=Ann",
        "-c",
        "user.email=ann@acme.example",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = Command::new("git").current_dir(folder).args(own).args(arguments).output();
    let output = output.expect("git is there");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a run wrote and how it ended.
pub struct Outcome {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub error: String,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
}

impl Outcome {
    /// The outcome, where the run ended as it should; a panic never is.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Outcome {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(!self.error.contains("panicked"), "{self}");
        self
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        write!(formatter, "{}{}exit {code}", self.out, self.error)
    }
}

/// The findings of a workspace.
pub struct Findings {
    /// The exit code.
    pub code: Option<i32>,
    pub document: serde_json::Value,
}

impl Findings {
    /// Every finding that is open, in order.
    pub fn all(&self) -> impl Iterator<Item = &serde_json::Value> {
        let findings = self.document["findings"].as_array().into_iter().flatten();
        findings.filter(|finding| finding["status"] == "open")
    }

    /// The findings that are waived, each as its name and the waiver.
    pub fn waived(&self) -> Vec<(String, String)> {
        let findings = self.document["findings"].as_array().into_iter().flatten();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let waived = findings.filter(|finding| finding["status"] == "waived");
        waived
            .map(|finding| (text(&finding["name"]), text(&finding["waived_by"])))
            .collect()
    }

    /// The findings of one check.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a serde_json::Value> {
        self.all().filter(move |finding| finding["name"] == name)
    }
}

/// The folder of this repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("the folder can be listed").path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}
