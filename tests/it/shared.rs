//! A line that several domains share means the same in each of them, and an error about a contradiction shows both places.

use crate::project::{Outcome, Project, files_below, repository};

/// The owners of marketing and of service, as they stand in domains of the example.
const OWNERS: [(&str, &str); 2] = [
    (
        "marketing",
        "  owner     business maria deputy jo\n  owner     security sam deputy priya\n  owner     privacy dana deputy li\n",
    ),
    (
        "service",
        "  owner     business jo deputy maria\n  owner     security priya deputy sam\n  owner     privacy li deputy dana\n",
    ),
];

/// The example with a change in the file of its domains.
fn example(change: impl Fn(String) -> String) -> Project {
    let files = files_below(&repository().join("tests/it/shared")).into_iter();
    files.fold(Project::new(), |project, file| {
        let name = file.file_name().expect("it has a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("it is text");
        project.file(&name, &if name == "marketing.gov" { change(text) } else { text })
    })
}

/// Moves its owners, and where the evidence is, into shared declarations.
fn shared(text: &str) -> String {
    let mut text = text.replace("  evidence  approvals_ledger\n", "  safeguards recorded\n");
    for (name, owners) in OWNERS {
        let whole = text.replace(owners, &format!("  ownership {name}\n"));
        assert!(whole != text, "{name}");
        text = format!("{whole}\nownership {name} {{\n{owners}}}\n");
    }
    text + "\nsafeguards recorded {\n  evidence approvals_ledger\n}\n"
}

fn who(project: &Project) -> Outcome {
    project.run(&["who", "campaign", "write.update", "customer.consent", "in", "crm", "--path", "."])
}

#[test]
fn what_is_said_once_means_the_same() {
    let (apart, once) = (example(|text| text), example(|text| shared(&text)));
    once.run(&["check"]).ends_with(0);
    let revision = |project: &Project| {
        project.run(&["build", ".", "--output", "out"]).ends_with(0);
        let manifest = std::fs::read_to_string(project.path("out/manifest.json")).expect("it is written");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("it is JSON");
        manifest["revision"].clone()
    };
    assert_eq!(revision(&apart), revision(&once));
    let page = std::fs::read_to_string(once.path("out/fidelity/cedar.md")).expect("it is written");
    assert!(page.contains("`owner business maria deputy jo` of `acme.marketing`"), "{page}");
}

#[test]
fn the_line_that_is_cited_is_the_one_where_the_value_stands() {
    let text = shared(&std::fs::read_to_string(repository().join("tests/it/shared/marketing.gov")).expect("it is text"));
    let line = text.lines().position(|line| line == "ownership marketing {").expect("it is there") + 2;
    let out = who(&example(|text| shared(&text))).ends_with(0).out;
    assert!(
        out.contains("Maria Lopez (deputy Jo Berg)") && out.contains(&format!("marketing.gov:{line}\n")),
        "{out}"
    );
}

#[test]
fn a_domain_wins_over_what_it_shares() {
    let half = |text: String| shared(&text).replacen("  ownership marketing\n", "  ownership marketing\n  owner privacy li\n", 1);
    let out = who(&example(half)).ends_with(0).out;
    assert!(
        out.contains("privacy    Li Wen  ") && out.contains("Maria Lopez (deputy Jo Berg)"),
        "{out}"
    );
    assert!(!out.contains("Dana Okafor (deputy"), "{out}");
    let kept = |text: String| {
        let own = shared(&text).replacen("  valid     24h\n", "  valid     4h\n", 1);
        own.replace("safeguards recorded {\n", "safeguards recorded {\n  valid 2h\n")
    };
    let out = who(&example(kept)).out;
    assert!(out.contains("within 4 hours"), "{out}");
}

#[test]
fn two_that_contradict_are_told_at_both_places() {
    let two = |text: String| shared(&text).replacen("  ownership marketing\n", "  ownership marketing, service\n", 1);
    let out = example(two).run(&["check"]).ends_with(2).out;
    assert_eq!(
        out.matches("two declarations that domain consent names say who holds").count(),
        3,
        "{out}"
    );
    assert!(
        out.contains("the first says it here") && out.contains("the second says it here"),
        "{out}"
    );
    assert!(out.contains("write `owner business …` in domain consent itself"), "{out}");
    let two = |text: String| {
        let more = "\nsafeguards lax {\n  valid    30d\n  evidence approvals_ledger\n}\n";
        shared(&text).replacen("  safeguards recorded\n", "  safeguards recorded, lax\n", 1) + more
    };
    let out = example(two).run(&["check"]).ends_with(2).out;
    assert_eq!(out.matches("say what `evidence` is").count(), 1, "{out}");
    assert!(!out.contains("what `valid` is"), "{out}");
}

#[test]
fn one_that_nobody_uses_is_told() {
    let more = |text: String| shared(&text) + "\nownership nobodys {\n  owner business jo\n}\n\nsafeguards idle {\n  valid 2h\n}\n";
    let out = example(more).run(&["check"]).ends_with(0).out;
    assert!(
        out.contains("nothing uses the ownership nobodys") && out.contains("nothing uses the safeguards idle"),
        "{out}"
    );
}

#[test]
fn one_that_uses_another_is_told_how_it_is_done() {
    let more = |text: String| shared(&text) + "\nownership both {\n  ownership marketing\n}\n";
    let out = example(more).run(&["check"]).ends_with(2).out;
    assert!(out.contains("`ownership` is not a clause of an ownership"), "{out}");
    assert!(out.contains("a domain can name several, as `ownership one, another`"), "{out}");
}

#[test]
fn a_gap_in_what_is_shared_is_found_in_each_domain() {
    let without = |text: String| {
        shared(&text).replace(
            "ownership marketing {\n  owner     business maria deputy jo\n",
            "ownership marketing {\n",
        )
    };
    let findings = example(without).findings();
    let unowned: Vec<&str> = findings.of("unowned-function").filter_map(|one| one["subject"].as_str()).collect();
    assert_eq!(unowned, ["acme.consent", "acme.segments", "acme.profiles"]);
}
