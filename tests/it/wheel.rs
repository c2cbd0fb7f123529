//! Where people get the command: a wheel, built and installed into a fresh environment, and the hooks and the action that use it.

use crate::project::{Project, TODAY, git, repository};
use crate::tools::path_with;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The steps of the action with their inputs put in, as the runner of a forge does it. Arguments: the file, `name=value…`.
const STEPS: &str = r#"
import re, subprocess, sys, yaml, os
action = yaml.safe_load(open(sys.argv[1]))
given = dict(argument.split("=", 1) for argument in sys.argv[2:])
assert set(given) <= set(action["inputs"]), given
values = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
values = {"inputs." + name: value for name, value in values.items()} | {"github.action_path": os.path.dirname(sys.argv[1])}
for step in action["runs"]["steps"]:
    assert "${{" not in step["run"], "an input would become part of the script"
    fill = lambda text: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], text)
    environment = {name: fill(text) for name, text in step["env"].items()}
    added = open(os.environ["GITHUB_PATH"]).read().split("\n")
    path = os.pathsep.join([entry for entry in added if entry] + [os.environ["PATH"]])
    done = subprocess.run(["bash", "-e", "-c", step["run"]], env=os.environ | environment | {"PATH": path})
    if done.returncode:
        sys.exit(done.returncode)
"#;

/// A build backend that hands out the wheel which is there, so that what installs this folder installs that wheel.
const BACKEND: &str = r#"
import glob, os, shutil
def build_wheel(folder, config_settings=None, metadata_directory=None):
    [wheel] = glob.glob(os.path.join(os.path.dirname(__file__), "*.whl"))
    return os.path.basename(shutil.copy(wheel, folder))
"#;

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

#[track_caller]
fn done(command: &mut Command) -> String {
    let output = run(command);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

/// Builds the wheel from what is compiled already.
fn wheel(folder: &Path, path: &std::ffi::OsString) -> PathBuf {
    // The folder in which the tests were compiled, so that nothing is compiled twice.
    let target = Path::new(env!("CARGO_BIN_EXE_quorate"))
        .ancestors()
        .nth(2)
        .expect("the binary is in debug/ of a target folder");
    done(
        Command::new("maturin")
            .current_dir(repository())
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", target)
            .args([
                "build",
                "--profile",
                "dev",
                "--locked",
                "--quiet",
                "--strip",
                "false",
                "--auditwheel",
                "skip",
                "--out",
            ])
            .arg(folder),
    );
    let mut wheels = std::fs::read_dir(folder).expect("it is there").flatten().map(|entry| entry.path());
    let wheel = wheels.next().expect("there is a wheel");
    assert!(
        wheel.extension().is_some_and(|end| end == "whl") && wheels.next().is_none(),
        "{wheel:?}"
    );
    wheel
}

/// A fresh environment of Python with the wheel in it.
fn environment(folder: &Path, wheel: &Path) -> PathBuf {
    let fresh = folder.join("environment");
    done(Command::new("python3").args(["-m", "venv"]).arg(&fresh));
    done(
        Command::new(fresh.join("bin/pip"))
            .args(["install", "--quiet", "--no-index", "--no-deps"])
            .arg(wheel),
    );
    fresh.join("bin/quorate")
}

/// The Python that runs pre-commit, and so knows YAML.
fn python(path: &std::ffi::OsString) -> PathBuf {
    let mut found = std::env::split_paths(path).map(|folder| folder.join("pre-commit"));
    let hooks = found.find(|program| program.is_file()).expect("it was found before");
    let real = std::fs::canonicalize(hooks).expect("it is there");
    real.with_file_name("python")
}

/// A repository of what is in a folder; its commit.
fn committed(folder: &Path) -> String {
    git(folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "all of it"]);
    git(folder, &["rev-parse", "HEAD"]).trim().to_owned()
}

#[test]
fn the_wheel_gives_the_command_the_hooks_and_the_action() {
    if std::env::var_os("QUORATE_LONG").is_none() {
        return;
    }
    let Some(path) = path_with(&["maturin", "pre-commit"], "the wheel") else {
        return;
    };
    let built = TempDir::with_prefix("wheel").expect("a folder can be made");
    let wheel = wheel(built.path(), &path);
    let place = TempDir::with_prefix("environment").expect("a folder can be made");
    let installed = environment(place.path(), &wheel);
    let version = done(Command::new(&installed).arg("--version"));
    assert_eq!(version.trim(), concat!("quorate ", env!("CARGO_PKG_VERSION")));

    let project = Project::new();
    done(
        Command::new(&installed)
            .current_dir(project.path(""))
            .args(["init", "--example", "customer-data"]),
    );
    hooks(&project, &wheel, &path);
    action(&project, &wheel, &path);
}

/// The hooks of this repository, run by pre-commit on staged files.
fn hooks(project: &Project, wheel: &Path, path: &std::ffi::OsString) {
    let source = TempDir::with_prefix("hooks").expect("a folder can be made");
    let put = |name: &str, text: &str| std::fs::write(source.path().join(name), text).expect("it can be written");
    put(
        ".pre-commit-hooks.yaml",
        &std::fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).expect("it is there"),
    );
    put("backend.py", BACKEND);
    put(
        "pyproject.toml",
        "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n",
    );
    std::fs::copy(wheel, source.path().join(wheel.file_name().expect("it has a name"))).expect("it can be copied");
    let revision = committed(source.path());
    let configuration = format!(
        "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: quorate-fmt\n      - id: quorate-check\n        args: [--as-of, \"{TODAY}\"]\n",
        source.path().display()
    );
    let root = project.path("");
    std::fs::write(root.join(".pre-commit-config.yaml"), configuration).expect("it can be written");
    committed(&root);
    let home = source.path().join("cache");
    let hook = || {
        let output = run(Command::new("pre-commit")
            .current_dir(&root)
            .env("PATH", path)
            .env("PRE_COMMIT_HOME", &home)
            .args(["run", "--all-files"]));
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let (code, said) = hook();
    assert_eq!(code, Some(0), "{said}");
    let people = root.join("marketing.gov");
    let text = std::fs::read_to_string(&people).expect("it is there");
    let weaker = text.replacen(
        "  approve   business and security and privacy",
        "  approve business and security",
        1,
    );
    assert_ne!(weaker, text);
    std::fs::write(&people, weaker).expect("it can be written");
    let (code, said) = hook();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("files were modified by this hook"), "quorate-fmt: {said}");
    assert!(said.contains("GOV103"), "quorate-check: {said}");
    std::fs::write(&people, text).expect("it can be written");
}

/// The steps of the action, as a runner takes them: inputs through the environment, a summary, annotations from the root.
fn action(project: &Project, wheel: &Path, path: &std::ffi::OsString) {
    let runner = TempDir::with_prefix("runner").expect("a folder can be made");
    for name in ["path", "summary"] {
        std::fs::write(runner.path().join(name), "").expect("it can be written");
    }
    let act = |inputs: &[String]| {
        let mut command = Command::new(python(path));
        command
            .current_dir(project.path(""))
            .env("PATH", path)
            .env("RUNNER_TEMP", runner.path())
            .env("GITHUB_PATH", runner.path().join("path"))
            .env("GITHUB_STEP_SUMMARY", runner.path().join("summary"))
            .args(["-c", STEPS])
            .arg(repository().join("action.yml"))
            .arg(format!("version={}", wheel.display()))
            .args(inputs);
        let output = run(&mut command);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let day = format!("args=--as-of\n{TODAY}");
    let (code, said) = act(std::slice::from_ref(&day));
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = act(&["path=$(touch taken)\n`touch taken`\n; touch taken".to_owned(), day.clone()]);
    assert_eq!(code, Some(2), "{said}");
    assert!(!project.path("taken").exists(), "an input was run as a command");
    let people = project.path("marketing.gov");
    let text = std::fs::read_to_string(&people).expect("it is there");
    std::fs::write(&people, text.replacen("and security and privacy", "and security", 1)).expect("it can be written");
    let (code, said) = act(&[day, "sarif-file=quorate.sarif".to_owned()]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("::error file=marketing.gov,line="), "{said}");
    let sarif = std::fs::read_to_string(project.path("quorate.sarif")).expect("it was written");
    assert!(sarif.contains("\"GOV103\""), "{sarif}");
    let summary = std::fs::read_to_string(runner.path().join("summary")).expect("it is there");
    assert!(summary.contains("GOV103"), "{summary}");
    std::fs::write(&people, text).expect("it can be written");
}
