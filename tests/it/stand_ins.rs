//! A line of a house standard in place of a line of another standard: what it relieves, what is refused, and which outputs list it.

use crate::overlay::over_base;
use crate::project::{Project, repository};

const OFFICE: &str = "function data_office \"Data protection office\" { decides lawful_basis, minimisation, retention, purpose }\n";

/// The situation of the corpus in which the data office stands in for privacy, with some text in the place of another one.
fn situation(changed: &[(&str, &str)]) -> Project {
    let path = repository().join("tests/corpus/data-office-stands-in-for-privacy.gov");
    let mut text = std::fs::read_to_string(path)
        .expect("the situation can be read")
        .replace("\r\n", "\n");
    text = text
        .split_once('\n')
        .map_or(String::new(), |(_, rest)| format!("// a situation\n{rest}"));
    for (old, new) in changed {
        assert!(text.contains(old), "no `{old}` in\n{text}");
        text = text.replace(old, new);
    }
    over_base(&text)
}

/// What `check` says of a workspace that is refused.
#[track_caller]
fn refused(changed: &[(&str, &str)], says: &[&str]) {
    let outcome = written(changed).run(&["check"]);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    let all = format!("{}{}", outcome.out, outcome.error);
    let flat = all.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for said in says {
        assert!(flat.contains(said), "no `{said}` in {outcome}");
    }
}

/// Two standards and nothing else, with some text in the place of another one.
fn written(changed: &[(&str, &str)]) -> Project {
    let mut text = format!(
        "module acme\nuse std.customer.*\nworkspace acme\n{OFFICE}
standard house \"House rules\" {{
  require approval business and security and data_office in place of guidance for mutates customer.consent
}}
adopt house
"
    );
    for (old, new) in changed {
        assert!(text.contains(old), "no `{old}` in\n{text}");
        text = text.replace(old, new);
    }
    Project::of(&text)
}

#[test]
fn what_stands_in_is_said_wherever_the_verdict_is() {
    let project = situation(&[]);
    let outcome = project.run(&["check"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let line = "`require approval business and security and data_office in place of guidance for mutates customer.consent`";
    let all = format!("{}{}", outcome.out, outcome.error);
    assert!(all.contains(&format!("house replaces guidance: {line} (block.gov:")), "{outcome}");
    let settings = &project.findings().document["settings"]["stand_ins"];
    assert_eq!(settings[0]["standard"], "house");
    assert_eq!(settings[0]["in_place_of"], "guidance");
    let lines: Vec<&str> = settings[0]["lines"]
        .as_array()
        .expect("there are some")
        .iter()
        .filter_map(|line| line.as_str())
        .collect();
    assert_eq!(
        lines,
        [
            "require approval business and security for mutates personal",
            "require approval business and security and privacy for mutates customer.consent"
        ]
    );
    let outcome = project.run(&["report", "--output", "out"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
    for (file, all) in [
        ("report.html", ["Stands in for", "Where both apply, replaced by:"]),
        ("report.md", ["Stands in for", "Where both apply, replaced by:"]),
        ("evidence.json", ["\"stands_in_for\": [\n", "\"replaced_by\": [\n"]),
    ] {
        let text = std::fs::read_to_string(project.path("out").join(file)).expect("it was written");
        for said in all {
            assert!(text.contains(said), "{file} does not say {said}");
        }
    }
}

#[test]
fn the_line_relieves_nothing_else_of_the_guidance() {
    // Everything but the functions is asked as ever.
    for (old, new, check) in [
        ("  valid     24h\n", "  valid     48h\n", "stale-approval"),
        ("  rollback  consent_restore\n", "", "no-rollback"),
        (
            "approve   business and security and data_office",
            "approve   business and security",
            "missing-function",
        ),
        (
            "approve   business and security and data_office",
            "approve   data_office",
            "single-function-approval",
        ),
    ] {
        let findings = situation(&[(old, new)]).findings();
        assert!(findings.of(check).count() > 0, "{new}: {}", findings.document);
    }
}

#[test]
fn a_function_that_decides_something_else_does_not_stand_in() {
    let office = "decides lawful_basis, minimisation, retention, purpose";
    let said = [
        "requires less than the line of guidance",
        "nobody may decide purpose, which guidance lets privacy decide",
    ];
    refused(&[(office, "decides lawful_basis, minimisation, retention")], &said);
    refused(
        &[(office, "decides scope")],
        &["nobody may decide lawful_basis, minimisation, purpose, retention"],
    );
    refused(&[(&*format!("{{ {office} }}"), "")], &["nobody may decide"]);
}

#[test]
fn a_line_that_asks_for_less_is_refused() {
    let asks = "business and security and data_office";
    let office = "decides lawful_basis, minimisation, retention, purpose";
    // A choice is as good as its weakest part.
    refused(&[(asks, "business and (security or data_office)")], &["requires less"]);
    refused(&[(asks, "2 of (business, security, data_office)")], &["requires less"]);
    refused(&[(asks, "none")], &["requires less"]);
    // One function that decides what two decide is one function.
    let both = "decides scope, use_case, lawful_basis, minimisation, retention, purpose";
    refused(
        &[(office, both), (asks, "security and data_office")],
        &["one function would replace several, or fewer people of a function would approve"],
    );
    // It stands in for two of the functions, and the third is not asked for.
    refused(
        &[(asks, "business and security")],
        &["nobody may decide lawful_basis, minimisation, purpose, retention"],
    );
}

#[test]
fn as_many_people_are_asked_for() {
    let other = "standard strict \"Strict\" {\n  require approval 2 privacy for mutates customer.consent\n}\nadopt strict\n";
    let line = "business and security and data_office in place of guidance";
    let both = format!("adopt house\n{other}");
    let adopted = ("adopt house\n", &*both);
    refused(
        &[(line, "business and data_office in place of strict"), adopted],
        &["fewer people of a function would approve"],
    );
    let outcome = written(&[(line, "business and 2 data_office in place of strict"), adopted]).run(&["check"]);
    assert_ne!(outcome.code, Some(2), "{outcome}");
}

#[test]
fn what_does_not_exist_is_not_replaced() {
    let select = "for mutates customer.consent";
    refused(
        &[(select, "for read customer.consent")],
        &["guidance does not require a function for `read customer.consent`"],
    );
    refused(
        &[(select, "for mutates customer.consent when records <= 5")],
        &["must apply to all inputs"],
    );
    refused(
        &[("in place of guidance", "in place of house")],
        &["a line of house cannot replace another line of house"],
    );
    refused(
        &[("in place of guidance", "in place of guidence")],
        &["no standard is called `guidence`"],
    );
    let idle = "standard idle \"Idle\" {\n  require approval privacy for mutates customer.consent\n}\nadopt house\n";
    refused(
        &[("in place of guidance", "in place of idle"), ("adopt house\n", idle)],
        &["idle is not adopted, so this line cannot replace one of its lines"],
    );
}

#[test]
fn two_standards_do_not_relieve_each_other_of_everything() {
    let other = "standard other \"Other\" {
  require approval business and security and data_office in place of house for mutates customer.consent
}
adopt house, other
";
    let line = ("in place of guidance", "in place of other");
    refused(
        &[line, ("adopt house\n", other)],
        &["other does not require a function for `mutates customer.consent`"],
    );
}

#[test]
fn a_slip_elsewhere_is_not_taken_for_a_line_that_asks_less() {
    let outcome = written(&[("decides lawful_basis", "decide lawful_basis")]).run(&["check"]);
    let all = format!("{}{}", outcome.out, outcome.error);
    assert_eq!(outcome.code, Some(2), "{outcome}");
    assert!(!all.contains("requires less"), "{outcome}");
}

#[test]
fn what_a_line_stands_in_for_is_part_of_the_revision() {
    let revision = |project: &Project| {
        let outcome = project.run(&["model"]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        outcome.out
    };
    assert_ne!(revision(&situation(&[])), revision(&situation(&[(" in place of guidance", "")])));
}
