//! A secret that somebody wrote into a file stands in nothing that comes out.

use crate::project::{Project, files_below, repository};
use std::cell::Cell;

/// Put together here, so that no scanner takes this file for a leak.
fn secrets() -> Vec<(String, String)> {
    let of = |prefix: &str, rest: &str| (format!("{prefix}{rest}"), rest.to_owned());
    vec![
        of("AKIA", "QX7RT2MNP5LKJ3HD"),
        of("ghp_", "q7Rt2Mn5Lk3Hd8Wz1Xc4Vb6Ny9Gf0Jp"),
        of("xoxb-", "7362514098-q7Rt2Mn5Lk3Hd8"),
        of(
            "-----BEGIN ",
            "EC PRIVATE KEY-----q7Rt2Mn5Lk3Hd8Wz1Xc4Vb6Ny9Gf0Jpq7Rt2Mn5Lk3Hd8Wz1Xc4Vb6Ny9Gf0Jp",
        ),
    ]
}

/// The example of the first tutorial, with a secret wherever a text can stand.
fn leaking(secret: &str) -> Project {
    let folder = repository().join("examples/customer-data");
    // A note fails no check. A build goes by the built-in level, and writes nothing.
    let mut project = Project::new().file("quorate.toml", "[levels]\nliteral-secret = \"note\"\n");
    let places = [
        ("principal \"", format!("principal \"{secret}/")),
        ("vendor \"", format!("vendor \"{secret} ")),
        ("title \"", format!("title \"{secret} ")),
        ("email \"", format!("email \"{secret} ")),
        ("\ndomain ", format!("\n/// {secret}\ndomain ")),
        ("  approve ", format!("  // {secret}\n  approve ")),
        ("\" for campaign", format!(" {secret}\" for campaign")),
        ("tool  \"crm", format!("tool  \"{secret} crm")),
        ("\ntest \"", format!("\ntest \"{secret} ")),
    ]
    .map(|(from, to)| (from, to, Cell::new(false)));
    for file in files_below(&folder) {
        let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("it is readable");
        let text = places.iter().fold(text, |text, (from, to, found)| {
            found.set(found.get() || text.contains(from));
            text.replace(from, to)
        });
        project = project.file(&name, &format!("//! {secret}\n{text}"));
    }
    for (from, _, found) in &places {
        assert!(found.get(), "nothing is written `{from}`");
    }
    project
}

#[track_caller]
fn nowhere(what: &str, text: &str, rest: &str) {
    let tail = &rest[rest.len() - 12..];
    assert!(!text.contains(tail), "{what} shows it:\n{text}");
}

#[test]
fn no_command_shows_a_secret() {
    for (secret, rest) in secrets() {
        let project = leaking(&secret);
        let check = project.run(&["check"]);
        assert!(check.out.contains("literal-secret"), "{check}");
        assert!(check.out.contains("[redacted-"), "{check}");
        let commands: &[&[&str]] = &[
            &["check"],
            &["check", "--format", "json"],
            &["check", "--format", "concise"],
            &["who", "campaign", "write.update", "customer.consent", "in", "crm"],
            &["model"],
            &["report", "-o", "reports"],
            &["build", "-o", "evidence"],
            &["fmt", "--diff"],
            &["fmt", "--check"],
        ];
        for command in commands {
            nowhere(&command.join(" "), &project.run(command).to_string(), &rest);
        }
        assert!(
            !project.path("evidence").exists(),
            "a secret is a gap, and nothing is built while one is open"
        );
        let written = files_below(&project.path("reports"));
        assert!(written.len() >= 3, "{written:?}");
        for file in written {
            let bytes = std::fs::read(&file).expect("it is readable");
            nowhere(&file.display().to_string(), &String::from_utf8_lossy(&bytes), &rest);
        }
    }
}

#[test]
fn a_slip_shows_no_secret() {
    for (secret, rest) in secrets() {
        for text in [
            format!("person x {{ titel \"{secret}\" }}\n"),
            format!("person x {{ title {secret} }}\n"),
            format!("person x {{\n  title \"{secret}\n}}\n"),
            format!("person x {{\n  {secret} \"y\"\n}}\n"),
            format!("use acme.{secret}.y\n"),
            format!("team t {{ lead x // {secret}\n}}\n"),
        ] {
            let project = Project::of(&text);
            for command in [
                &["check"][..],
                &["check", "--format", "json"],
                &["fmt"],
                &["fmt", "--diff"],
                &["model"],
            ] {
                nowhere(
                    &format!("{} of {text}", command.join(" ")),
                    &project.run(command).to_string(),
                    &rest,
                );
            }
        }
    }
}

#[test]
fn formatting_keeps_what_it_does_not_show() {
    let (secret, _) = secrets().remove(1);
    let project = Project::of(&format!("person x   {{ title \"{secret}\" }}\n"));
    project.run(&["fmt"]).ends_with(0);
    let text = std::fs::read_to_string(project.path("main.gov")).expect("it is there");
    assert!(text.contains(&secret), "{text}");
}

#[test]
fn a_secret_belongs_to_what_it_stands_in_or_above() {
    let (secret, _) = secrets().remove(0);
    let base = "workspace acme {\n  changes approve 2 of (business, security)\n}\n";
    let subject = |text: &str| {
        let project = Project::of(base).file("more.gov", text);
        let findings = project.findings();
        let mut found = findings.of("literal-secret").map(|finding| {
            let word = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
            assert_eq!(word("file"), "more.gov");
            word("subject_kind")
        });
        let subject = found.next().expect("it is found");
        assert_eq!(found.next(), None);
        subject
    };
    let (team, person) = ("team t {\n  lead p\n}\n", "person p {\n  accounts none\n}\n");
    assert_eq!(subject(&format!("//! {secret}\n{team}{person}")), "team");
    assert_eq!(subject(&format!("{team}// {secret}\n{person}")), "person");
    assert_eq!(subject(&format!("{team}{person}// {secret}\n")), "person");
    assert_eq!(
        subject(&format!("{team}{person}").replace("  accounts", &format!("  // {secret}\n  accounts"))),
        "person"
    );
    assert_eq!(
        subject(&format!("{person}{team}").replace("lead p", &format!("lead p // {secret}, {secret}"))),
        "team"
    );
    // In a file that declares nothing the first declaration of the workspace stands for all of them.
    assert_eq!(subject(&format!("use std.audit.*\n// {secret}\n")), "workspace");
}
