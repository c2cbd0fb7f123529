//! What `--help` says below each command: how it ends, an example that it takes, and a page that is there.

use crate::project::{Project, repository};

#[test]
fn every_command_says_how_it_ends_and_where_to_read_on() {
    let project = Project::new();
    let whole = project.run(&["help"]).ends_with(0);
    let commands = whole
        .out
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() > 12, "{whole}");
    for name in names {
        let help = project.run(&[name, "--help"]).ends_with(0);
        let below = |word: &str| {
            let line = help.out.lines().find_map(|line| line.strip_prefix(word));
            line.unwrap_or_else(|| panic!("{name} has no {word}: {help}")).trim().to_owned()
        };
        assert!(below("Exit codes:").starts_with("0 "), "{help}");
        let example = below("Example:");
        assert!(example.starts_with(&format!("quorate {name}")), "{example}");
        for option in example.split_whitespace().filter(|word| word.starts_with('-')) {
            assert!(help.out.contains(option), "{name} does not take {option}");
        }
        let page = below("Read more:");
        for page in page.split([',', ';', ' ']).filter(|word| word.starts_with("docs/")) {
            assert!(repository().join(page).exists(), "{page}");
        }
        assert!(page.contains("docs/"), "{page}");
    }
}
