//! `TODO "question"`: what only people can answer, and what the commands report until they do.

use crate::project::{Project, files_below, repository};

const PEOPLE: &str = r#"person dana "Dana Okafor" {
  accounts "okta:dana"
}
"#;

/// A copy of an example in which one line of one file reads otherwise.
fn changed(name: &str, line: &str, other: &str) -> Project {
    let folder = repository().join("examples/customer-data");
    let mut project = Project::new();
    let mut found = false;
    for file in files_below(&folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "gov"))
    {
        let text = std::fs::read_to_string(&file).expect("an example can be read");
        let own = file.strip_prefix(&folder).expect("it is below").to_string_lossy().into_owned();
        let mine = own == name && text.contains(line);
        found |= mine;
        project = project.file(&own, &if mine { text.replacen(line, other, 1) } else { text });
    }
    assert!(found, "{name} has no line {line}");
    project
}

#[test]
fn an_open_question_is_told_in_its_own_words() {
    let project = Project::new()
        .file("people.gov", PEOPLE)
        .file("teams.gov", "team care \"Care\" {\n  lead TODO \"Who leads the team?\"\n}\n");
    let outcome = project.run(&["check"]).ends_with(1);
    assert!(outcome.out.contains("Who leads the team?"), "{outcome}");
    assert!(
        outcome.out.contains("A person from people.gov. Nobody else can know this."),
        "{outcome}"
    );
    assert!(
        outcome
            .error
            .contains("1 question is open in 1 file, so there is no verdict yet · answer it"),
        "{outcome}"
    );
}

#[test]
fn a_question_causes_no_second_error() {
    let folder = repository().join("examples/customer-data");
    for file in files_below(&folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "gov"))
    {
        let text = std::fs::read_to_string(&file).expect("an example can be read");
        let own = file.strip_prefix(&folder).expect("it is below").to_string_lossy().into_owned();
        let clauses = text
            .lines()
            .filter(|line| line.starts_with("  ") && !line.ends_with(['{', ',', '(']))
            .step_by(3);
        for line in clauses.filter(|line| !line.trim().starts_with(['/', '}', ')'])) {
            let word = line.trim().split(' ').next().unwrap_or_default();
            let findings = changed(&own, &format!("\n{line}\n"), &format!("\n  {word} TODO \"What is it?\"\n")).findings();
            let errors = findings.document["errors"].as_array().cloned().unwrap_or_default();
            assert_eq!(errors.len(), 1, "{own}: {line}\n{errors:#?}");
            assert_eq!(errors[0]["question"], "What is it?", "{own}: {line}");
            assert_eq!(findings.document["checked"], false, "{own}: {line}");
            assert_eq!(findings.code, Some(1), "{own}: {line}");
        }
    }
}

#[test]
fn beside_an_error_in_the_text_a_question_is_no_excuse() {
    let project = Project::new().file("people.gov", PEOPLE).file(
        "teams.gov",
        "team care \"Care\" {\n  lead TODO \"Who leads the team?\"\n}\n\nteam shop \"Shop\" {\n  lead dina\n}\n",
    );
    let outcome = project.run(&["check"]).ends_with(2);
    assert!(outcome.out.contains("is called `dina`"), "{outcome}");
}

#[test]
fn nothing_is_built_while_a_question_is_open() {
    let project = Project::new()
        .file("people.gov", PEOPLE)
        .file("teams.gov", "team care \"Care\" {\n  lead TODO \"Who leads the team?\"\n}\n");
    for arguments in [
        &["build", "--output", "built"][..],
        &["report", "--output", "told"],
        &["test"],
        &["prove"],
        &["model"],
    ] {
        let outcome = project.run(arguments).ends_with(1);
        assert!(outcome.out.contains("Who leads the team?"), "{arguments:?}: {outcome}");
    }
    let left: Vec<_> = std::fs::read_dir(project.path("")).expect("the folder can be read").collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn the_formatter_keeps_questions() {
    let project = Project::of("team care \"Care\" {\n  lead    TODO   \"Who leads the team?\"\n}\n");
    project.run(&["fmt", "main.gov"]).ends_with(0);
    let text = std::fs::read_to_string(project.path("main.gov")).expect("it is there");
    assert_eq!(text, "team care \"Care\" {\n  lead TODO \"Who leads the team?\"\n}\n");
}
