//! A workspace too large to be kept as it was read means the same as a small one.

use crate::project::{Project, TODAY, repository, run_in};

/// More text than is kept, in a file that comes before all others and says nothing.
fn remarks() -> String {
    "// nothing but remarks\n".repeat(4 * 1024 * 1024 / 23 + 1)
}

#[test]
fn what_is_read_twice_means_the_same() {
    for name in ["customer-data", "customer-data-gaps", "prices-and-refunds-gaps"] {
        let folder = repository().join("examples").join(name);
        let mut project = Project::new().file("aaa.gov", &remarks());
        for entry in std::fs::read_dir(&folder).expect("the example is there") {
            let path = entry.expect("an entry can be read").path();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if file.ends_with(".gov") || file.ends_with(".toml") {
                project = project.file(&file, &std::fs::read_to_string(&path).expect("a file can be read"));
            }
        }
        for command in ["model", "check"] {
            let (small, large) = (run_in(&folder, TODAY, &[command]), project.run(&[command]));
            assert_eq!(small.code, large.code, "{name}");
            assert_eq!(small.out, large.out, "{name}: quorate {command}");
        }
    }
}

#[test]
fn a_slip_after_much_text_is_still_found() {
    let project = Project::new()
        .file("aaa.gov", &remarks())
        .file("main.gov", "agent one { runs_as nobody_knows }\nagnet two\n");
    let outcome = project.run(&["check"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.out.contains("agnet"), "{outcome}");
}
