//! Every `.gov` file counts: the error names a file that would be skipped, and the command does not report gaps.

use crate::overlay::over_base;

const ROGUE: &str = "agent rogue \"Rogue\" { provider openai }\n";

#[test]
fn a_file_that_would_be_passed_over_is_an_error() {
    for name in [
        ".rogue.gov",
        ".gov",
        "rogue.gov ",
        "rogue.gov.",
        "rogue.Gov",
        "rogue.gov\u{200b}",
        "rogue.g\u{43e}v",
        ".hidden/rogue.gov",
        "deep/.venv/lib/rogue.gov",
    ] {
        let outcome = over_base("").file(name, ROGUE).run(&["check"]).ends_with(2);
        let shown = name.trim_end_matches(|letter: char| !letter.is_alphanumeric());
        assert!(outcome.out.contains(shown), "{name:?}\n{outcome}");
        assert!(outcome.out.contains("is not read"), "{name:?}\n{outcome}");
    }
}

#[test]
fn what_only_resembles_one_is_passed_over() {
    for name in [
        "rogue.gov~",
        "rogue.gov.bak",
        "rogue.gov.txt",
        "notes.md",
        ".gitignore",
        ".git/rogue.gov",
        "gov",
    ] {
        over_base("").file(name, ROGUE).run(&["check"]).ends_with(0);
    }
}

#[test]
fn no_file_says_what_is_ignored() {
    let ignored = "agent rogue \"Rogue\" { runs_as none_such }\n";
    for file in [".gitignore", ".ignore", ".git/info/exclude"] {
        let project = over_base("").file("ignored.gov", ignored).file(file, "ignored.gov\n");
        project.run(&["check"]).ends_with(2);
    }
}

#[test]
fn folders_that_the_settings_exclude_are_counted() {
    let project = over_base("")
        .file("quorate.toml", "exclude = [\"drafts\", \".venv\"]\n")
        .file("drafts/rogue.gov", ROGUE)
        .file("drafts/more/other.gov", ROGUE)
        .file(".venv/rogue.gov", ROGUE);
    let outcome = project.run(&["check"]).ends_with(0);
    assert!(
        outcome.error.contains("2 `.gov` files are not read: quorate.toml excludes drafts"),
        "{outcome}"
    );
    assert!(
        outcome.error.contains("1 `.gov` file is not read: quorate.toml excludes .venv"),
        "{outcome}"
    );
    let findings = project.findings();
    assert_eq!(findings.document["settings"]["left_out"][0]["files"], 2);
    for wrong in ["exclude = [\"none-such\"]\n", "exclude = [\"..\"]\n"] {
        over_base("").file("quorate.toml", wrong).run(&["check"]).ends_with(2);
    }
}

#[cfg(unix)]
#[test]
fn a_socket_is_no_file() {
    let project = over_base("");
    let _socket = std::os::unix::net::UnixListener::bind(project.path("talk.gov")).expect("a socket can be made");
    let outcome = project.run(&["check"]).ends_with(2);
    assert!(
        outcome.out.contains("talk.gov is not read: it is a pipe, a socket or a device"),
        "{outcome}"
    );
}
