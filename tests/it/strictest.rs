//! Where an organisation's own standard asks for more than the library's, the finding is about what it asks, and shows both places.

use crate::project::{Project, repository};

/// The workspace of the pages, with a line changed, and a standard of the organisation's own.
fn under(own: &str, old: &str, new: &str) -> Project {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    assert!(base.contains(old), "{old}");
    let text = base.replacen(old, new, 1);
    Project::of(&format!("{text}\nstandard house \"House rules\" {{\n  {own}\n}}\nadopt house\n"))
}

#[test]
fn the_stricter_standard_wins_and_is_shown() {
    let cases = [
        (
            "require credential ttl 5m for mutates personal",
            "ttl 15m",
            "ttl 2h",
            "standing-credential",
            "ttl 5m",
        ),
        (
            "require credential ttl 5m for mutates personal",
            "ttl 15m",
            "ttl 10m",
            "standing-credential",
            "ttl 5m",
        ),
        (
            "require rollback within 1h for mutates personal",
            "within ",
            "within ",
            "slow-rollback",
            "within 1h",
        ),
        (
            "require evidence retention 30y for mutates personal",
            "retention ",
            "retention ",
            "short-retention",
            "retention 30y",
        ),
        ("require stop within 1m for mutates personal", "stop ", "stop ", "no-stop", ""),
    ];
    for (own, old, new, name, help) in cases {
        let project = under(own, old, new);
        let findings = project.findings();
        let found: Vec<_> = findings.of(name).collect();
        assert_eq!(found.len(), 1, "{own}: {:?}", findings.all().collect::<Vec<_>>());
        assert_eq!(found[0]["standard"], "acme.house", "{own}");
        assert!(
            found[0]["help"].as_str().is_some_and(|said| said.starts_with(help)),
            "{own}: {}",
            found[0]["help"]
        );
        let related = found[0]["related"].as_array().expect("a finding has related places");
        assert!(
            related
                .iter()
                .any(|place| place["message"] == "asked for here" && place["file"] == "main.gov"),
            "{own}"
        );
    }
}
