//! The way from an empty folder to a governed agent with `init` and `new`, and what they refuse.

use crate::project::{Project, repository};

const PEOPLE: &str = r#"person dana "Dana Okafor" {
  accounts "okta:dana"
}
"#;

/// A part of a question, and what a person answers.
type Answer = (&'static str, &'static str);

/// Writes answers in the place of questions: each is known by a part of it, and asked in one file.
fn answer(project: &Project, file: &str, answers: &[(&str, &str)]) {
    let path = project.path(file);
    let mut text = std::fs::read_to_string(&path).expect("the file is there");
    for (part, answer) in answers {
        let line = text
            .lines()
            .find(|line| line.contains("TODO") && line.contains(part))
            .unwrap_or_else(|| panic!("{file} asks no {part:?}:\n{text}"))
            .to_owned();
        let from = line.find("TODO").expect("it was found");
        let rest = line[from..].trim_start_matches("TODO").trim_start();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(at, letter)| *letter == '"' && !rest[..*at].ends_with('\\'))
            .map(|(at, _)| at + 1)
            .expect("a question ends");
        text = text.replacen(&line, &format!("{}{answer}{}", &line[..from], &rest[end..]), 1);
    }
    std::fs::write(path, text).expect("the file can be written");
}

/// Puts a text at the end of a file.
fn append(project: &Project, file: &str, text: &str) {
    let path = project.path(file);
    let old = std::fs::read_to_string(&path).expect("the file is there");
    std::fs::write(path, format!("{old}{text}")).expect("the file can be written");
}

/// Writes the digests that `check` gives behind the approvals that lack one.
fn sign(project: &Project, file: &str) {
    for (task, digest) in project.scopes() {
        let path = project.path(file);
        let text = std::fs::read_to_string(&path).expect("the file is there");
        let from = text.find(&format!("task {task} ")).expect("the task is there");
        let at = from + text[from..].find(" on 2026-11-20").expect("it is approved") + " on 2026-11-20".len();
        std::fs::write(path, format!("{} scope \"{digest}\"{}", &text[..at], &text[at..])).expect("the file can be written");
    }
}

const AGENT: &[Answer] = &[
    ("Under which name do systems know", "\"spiffe://acme.example/support\""),
    ("How long is a credential", "15m"),
    ("in fact?", "write.update ticket.content in helpdesk"),
    ("being there at all", "maria"),
    ("Who runs the model", "mistral"),
    ("On which model", "\"mistral-large-2411\""),
    ("How is support stopped", "kill_switch by secops within 5m"),
];

const DOMAIN: &[Answer] = &[
    ("Which changes of which data", "write ticket.content"),
    ("answers for the scope", "maria deputy jo"),
    ("answers for access", "sam deputy priya"),
    ("answers for lawful basis", "dana deputy li"),
    ("used for", "answering"),
    ("How long is the data kept", "2y"),
    ("restored in which systems", "ticket.content in helpdesk"),
    ("How is it restored", "journal"),
    ("How fast", "4h"),
    ("Who restores it", "sam"),
    ("last tried", "2026-10-12"),
    ("Which provider", "own_it"),
];

const TASK: &[Answer] = &[
    ("What is it for", "answering"),
    ("lawful basis", "contract"),
    ("What may be done", "write.update ticket.content in helpdesk"),
    ("How many records", "500"),
    ("What starts it", "outsider"),
    ("last day", "2027-06-30"),
    ("Who approved it", "business maria, security sam, privacy dana on 2026-11-20"),
];

#[test]
fn from_an_empty_folder_to_a_governed_agent() {
    let project = Project::new();
    let outcome = project.run(&["init"]).ends_with(0);
    assert!(
        outcome
            .out
            .starts_with("created  workspace.gov  people.gov  systems.gov  agents.gov  decisions.gov  ("),
        "{outcome}"
    );
    let open = project.run(&["check"]).ends_with(1);
    assert!(open.error.contains("10 questions are open in 3 files"), "{open}");
    project.run(&["fmt", "--check"]).ends_with(0);

    for (name, title) in [
        ("maria", "Maria Lopez"),
        ("jo", "Jo Berg"),
        ("sam", "Sam Osei"),
        ("priya", "Priya Nair"),
        ("dana", "Dana Okafor"),
        ("li", "Li Wen"),
        ("ivy", "Ivy Chan"),
        ("ben", "Ben Roth"),
    ] {
        let added = project.run(&["new", "person", name, title]).ends_with(0);
        assert!(added.out.contains(&format!("person {name}  people.gov:")), "{added}");
        answer(
            &project,
            "people.gov",
            &[("accounts", &format!("\"okta:{name}\"")), ("reports_to", "none")],
        );
    }
    answer(
        &project,
        "workspace.gov",
        &[("business", "maria"), ("security", "sam"), ("privacy", "dana")],
    );
    answer(
        &project,
        "systems.gov",
        &[
            ("gateway lets through", "2 of (priya, ivy)"),
            ("configured_in", "none"),
            ("evidence store", "2 of (ivy, ben)"),
        ],
    );
    answer(
        &project,
        "decisions.gov",
        &[
            ("own key", "signed"),
            ("shows that a record", "hash_chain"),
            ("records kept", "7y"),
            ("change the ledger", "2 of (ivy, ben)"),
        ],
    );
    let bare = project.run(&["check"]).ends_with(1);
    assert!(bare.out.contains("quorate new agent NAME"), "{bare}");
    assert!(bare.out.contains("quorate new domain NAME"), "{bare}");

    project.run(&["new", "team", "secops", "Security operations"]).ends_with(0);
    answer(
        &project,
        "people.gov",
        &[
            ("leads", "sam"),
            ("in it, as", "sam, priya"),
            ("decides who", "2 of (sam, ivy)"),
            ("In which system", "none"),
        ],
    );
    project.run(&["new", "system", "helpdesk", "Help desk"]).ends_with(0);
    answer(
        &project,
        "systems.gov",
        &[("classes", "ticket.content"), ("administers", "ben"), ("flows on", "none")],
    );
    project.run(&["new", "system", "issuer"]).ends_with(0);
    answer(
        &project,
        "systems.gov",
        &[("classes", "none"), ("administers", "2 of (priya, ben)"), ("flows on", "none")],
    );
    append(&project, "systems.gov", "\nprovider mistral \"Mistral AI\"\n");
    let agent = project.run(&["new", "agent", "support"]).ends_with(0);
    assert!(agent.out.contains("agent support              agents.gov:"), "{agent}");
    answer(&project, "agents.gov", &[("issues", "issuer")]);
    answer(&project, "agents.gov", AGENT);
    project.run(&["new", "domain", "tickets"]).ends_with(0);
    answer(&project, "decisions.gov", DOMAIN);
    append(
        &project,
        "decisions.gov",
        "\npurpose answering \"Answering customers\" { needs ticket.content }\n",
    );
    project.run(&["new", "task", "sort_tickets"]).ends_with(0);
    answer(&project, "agents.gov", TASK);

    sign(&project, "agents.gov");
    let clean = project.run(&["check"]).ends_with(0);
    assert!(clean.error.contains("no gaps") || clean.out.contains("no gaps"), "{clean}");
    assert!(!clean.out.contains("warning["), "{clean}");
    project.run(&["build", "--output", "built"]).ends_with(0);
}

/// A clean example to which something of each kind is added.
fn example() -> Project {
    let project = Project::new();
    project.run(&["init", "--example", "customer-data"]).ends_with(0);
    project
}

#[test]
fn an_example_is_copied_byte_for_byte() {
    let folder = repository().join("examples");
    let listed = Project::new().run(&["init", "--example", "list"]).ends_with(0);
    for example in std::fs::read_dir(folder).expect("there are examples").flatten() {
        let name = example.file_name().to_string_lossy().into_owned();
        assert!(listed.out.contains(&name), "{listed}");
        let project = Project::new();
        project.run(&["init", "there", "--example", &name]).ends_with(0);
        let files = std::fs::read_dir(example.path()).expect("it is a folder").flatten();
        let mut count = 0;
        for file in files.filter(|file| file.path().is_file()) {
            let copy = std::fs::read(project.path("there").join(file.file_name())).expect("it was copied");
            assert!(copy == std::fs::read(file.path()).expect("it can be read"), "{name}: {file:?}");
            count += 1;
        }
        let copied = std::fs::read_dir(project.path("there")).expect("it is there").count();
        assert_eq!(copied, count, "{name}");
    }
    let near = Project::new().run(&["init", "--example", "customer-dat"]).ends_with(2);
    assert!(near.error.contains("did you mean `customer-data`?"), "{near}");
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let project = Project::new().file("deep/rules.gov", PEOPLE);
    let outcome = project.run(&["init"]).ends_with(2);
    assert!(outcome.error.contains("deep/rules.gov"), "{outcome}");
    assert_eq!(std::fs::read_dir(project.path("")).expect("it is there").count(), 1);
    let settings = Project::new().file("quorate.toml", "");
    assert!(settings.run(&["init"]).ends_with(2).error.contains("quorate.toml"));
    let page = Project::new().file("README.md", "mine");
    assert!(
        page.run(&["init", "--example", "customer-data"])
            .ends_with(2)
            .error
            .contains("README.md")
    );
    assert_eq!(std::fs::read_dir(page.path("")).expect("it is there").count(), 1);
    page.run(&["init"]).ends_with(0);
    let file = Project::new().file("x", "");
    assert!(file.run(&["init", "x"]).ends_with(2).error.contains("x is a file"));
}

#[test]
fn no_workspace_is_made_inside_another() {
    let project = example();
    for folder in ["inner", "inner/deep"] {
        let outcome = project.run(&["init", folder]).ends_with(2);
        assert!(outcome.error.contains("is inside the workspace"), "{outcome}");
        assert!(!project.path("inner").exists());
    }
    let beside = Project::new();
    beside.run(&["init", "one"]).ends_with(0);
    beside.run(&["init", "two"]).ends_with(0);
    let both = beside.run(&["check"]).ends_with(1);
    assert!(
        both.out.contains("one/workspace.gov") && both.out.contains("two/workspace.gov"),
        "{both}"
    );
    let text = std::fs::read_to_string(beside.path("one/workspace.gov")).expect("it is there");
    assert!(text.contains("workspace one {"), "{text}");
}

#[test]
fn what_is_added_to_a_clean_workspace_asks_and_breaks_nothing() {
    let kinds: [(&[&str], &str, &[Answer]); 5] = [
        (
            &["new", "person", "kim", "Kim \"K\" Haas"],
            "people.gov",
            &[("accounts", "\"okta:kim\""), ("reports_to", "gerard")],
        ),
        (
            &["new", "system", "archive"],
            "systems.gov",
            &[("classes", "ticket.content"), ("administers", "ines"), ("flows on", "none")],
        ),
        (
            &["new", "team", "audit", "Audit"],
            "people.gov",
            &[
                ("leads", "ivy"),
                ("in it, as", "ivy, ben"),
                ("decides who", "2 of (ivy, gerard)"),
                ("In which system", "none"),
            ],
        ),
        (
            &["new", "domain", "engagement"],
            "marketing.gov",
            &[
                ("Which changes of which data", "write customer.engagement"),
                ("answers for the scope", "maria deputy jo"),
                ("answers for access", "sam deputy priya"),
                ("answers for lawful basis", "dana deputy li"),
                ("used for", "segmentation"),
                ("How long is the data kept", "2y"),
                ("restored in which systems", "customer.engagement in cdp"),
                ("How is it restored", "journal"),
                ("How fast", "4h"),
                ("Who restores it", "sam"),
                ("last tried", "2026-10-12"),
                ("Which provider", "acme_it"),
            ],
        ),
        (
            &["new", "task", "mark_tickets", "--for", "triage"],
            "agents.gov",
            &[
                ("What is it for", "ticket_handling"),
                ("lawful basis", "contract"),
                ("What may be done", "write.update ticket.content in ticketing"),
                ("How many records", "500"),
                ("What starts it", "outsider"),
                ("last day", "2027-03-31"),
                ("Who approved it", "business jo, security priya, privacy li on 2026-11-20"),
            ],
        ),
    ];
    for (arguments, file, answers) in &kinds {
        let project = example();
        project.run(arguments).ends_with(0);
        let findings = project.findings();
        let errors = findings.document["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            !errors.is_empty() && errors.iter().all(|error| !error["question"].is_null()),
            "{arguments:?}: {errors:#?}"
        );
        project.run(&["fmt", "--check"]).ends_with(0);
        answer(&project, file, answers);
        sign(&project, file);
        let outcome = project.run(&["check"]);
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome}");
        assert!(
            !outcome.out.contains("error[") && !outcome.out.contains("warning["),
            "{arguments:?}: {outcome}"
        );
    }
}

#[test]
fn an_agent_that_is_added_to_a_clean_workspace_is_governed_once_its_task_is() {
    let project = example();
    project.run(&["new", "agent", "sorter"]).ends_with(0);
    answer(
        &project,
        "agents.gov",
        &[
            ("Under which name do systems know", "\"spiffe://acme.example/sorter\""),
            ("How long is a credential", "15m"),
            ("in fact?", "write.update ticket.content in ticketing"),
            ("being there at all", "jo"),
            ("Who runs the model", "mistral"),
            ("On which model", "\"mistral-large-2411\""),
            ("How is sorter stopped", "kill_switch by secops within 5m"),
        ],
    );
    let alone = project.run(&["check"]).ends_with(1);
    assert!(alone.out.contains("GOV302"), "{alone}");
    project.run(&["new", "task", "sort_more", "--for", "sorter"]).ends_with(0);
    answer(
        &project,
        "agents.gov",
        &[
            ("What is it for", "ticket_handling"),
            ("lawful basis", "contract"),
            ("What may be done", "write.update ticket.content in ticketing"),
            ("How many records", "500"),
            ("What starts it", "outsider"),
            ("last day", "2027-03-31"),
            ("Who approved it", "business jo, security priya on 2026-11-20"),
        ],
    );
    sign(&project, "agents.gov");
    let outcome = project.run(&["check"]).ends_with(0);
    assert!(!outcome.out.contains("warning["), "{outcome}");
}

#[test]
fn what_cannot_be_added_is_refused_and_the_files_stay_as_they_are() {
    let project = example();
    let before = std::fs::read(project.path("agents.gov")).expect("it is there");
    for (arguments, why) in [
        (&["new", "agent", "campaign"][..], "called `campaign` already: agents.gov:"),
        (&["new", "agent", "Campaign-2"], "write `campaign_2`"),
        (&["new", "agent", "none"], "write `agent_none`"),
        (&["new", "task", "x", "--for", "campagn"], "did you mean `campaign`?"),
        (&["new", "task", "x", "--for", "billing"], "`quorate new agent billing` adds it"),
        (&["new", "agent", "x", "--for", "campaign"], "`--for` names the agent of a task"),
        (&["new", "agent", "x", "two\nlines"], "one line"),
        (&["new", "agent", "x", "--in", "none.gov"], "none.gov"),
        (&["new", "agent", "x", "--in", "README.md"], "README.md is not a `.gov` file"),
    ] {
        let outcome = project.run(arguments).ends_with(2);
        assert!(outcome.error.contains(why), "{arguments:?}: {outcome}");
        assert!(outcome.error.contains("nothing is written"), "{arguments:?}: {outcome}");
    }
    assert!(std::fs::read(project.path("agents.gov")).expect("it is there") == before);
    let broken = Project::of("agent a {\n");
    assert!(
        broken
            .run(&["new", "agent", "x"])
            .ends_with(2)
            .error
            .contains("Quorate cannot add to")
    );
    assert!(
        Project::new()
            .run(&["new", "agent", "x"])
            .ends_with(2)
            .error
            .contains("`quorate init`")
    );
}

#[test]
fn the_ends_of_lines_and_the_mark_of_a_file_stay() {
    let text = format!("\u{feff}{PEOPLE}").replace('\n', "\r\n");
    let project = Project::new().file("people.gov", &text);
    project.run(&["new", "person", "jo", "Jo Berg"]).ends_with(0);
    let after = std::fs::read_to_string(project.path("people.gov")).expect("it is there");
    assert!(after.starts_with(&text), "{after:?}");
    assert!(after.matches('\n').count() == after.matches("\r\n").count(), "{after:?}");
    assert!(after.contains("person jo \"Jo Berg\" {\r\n"), "{after:?}");
}
