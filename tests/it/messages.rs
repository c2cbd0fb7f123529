//! What is written as elsewhere is answered with how it is written here; and what stands nearby stays without such an answer.

use crate::overlay::over_base;
use crate::project::{Outcome, Project};

/// A text with an error, and what the message tells a user to write.
const SLIPS: &[(&str, &str)] = &[
    (
        "person a \"A\" { email \"a@b.example\"  title \"CISO\" }",
        "put `title` on a line of its own, or write `;` before it",
    ),
    ("enforcement gw {\n  engine: opa\n}", "leave out the `:`: `engine opa`"),
    ("enforcement gw {\n  engine = opa\n}", "leave out the `=`: `engine opa`"),
    ("agent: x {\n}", "leave out the `:`: `agent x`"),
    (
        "domain d \"D\" {\n  approve business when amount <= 100 EUR\n}",
        "declare it: `input amount money EUR from 0 to …`",
    ),
    (
        "domain d \"D\" {\n  approve business when urgent == true\n}",
        "declare it: `input urgent boolean`",
    ),
    (
        "domain d \"D\" {\n  approve business when region in (north, south)\n}",
        "declare it: `input region one_of (north, south, …)`",
    ),
    (
        "domain d \"D\" {\n  approve business when records <= 10\n}",
        "declare it: `input records integer from 0 to …`",
    ),
    ("domain d \"D\" {\n  approve business when amount <= 100 €\n}", "as `100 EUR`"),
    ("domain d \"D\" {\n  approve business when amount <= $250\n}", "as `250 USD`"),
    ("domain d \"D\" {\n  approve business when amount <= EUR 100\n}", "`100 EUR`"),
    ("domain d \"D\" {\n  approve business when amount <= 1,000\n}", "`1_000`"),
    ("domain d \"D\" {\n  retention 7 years\n}", "write `7y`"),
    ("domain d \"D\" {\n  retention 18 months\n}", "as `540d`"),
    (
        "domain d \"D\" {\n  approve majority of committee\n}",
        "`2 committee` is two of committee",
    ),
    (
        "use std.commerce.*\ndomain d \"D\" {\n  covers write payment.refnd\n}",
        "did you mean `payment.refund`?",
    ),
    (
        "domain d \"D\" {\n  covers write payment.refnd\n}",
        "did you mean `payment.refund`?",
    ),
    ("use std.support", "write `use std.support.*` for everything in it"),
    ("adopt owasp", "did you mean `owasp_agentic`?"),
    ("adopt nist-ai-rmf-1.0", "`nist_ai_rmf`"),
    ("adopt fedramp", "what can be adopted: "),
    ("agent a \"A\" {\n  calls any\n}", "`calls AGENT doing TASK`; or write `calls none`"),
    ("agent a \"A\" {\n  calls all\n}", "`calls AGENT doing TASK`; or write `calls none`"),
    ("function register \"R\" { decides register_accuracy }", "leave `decides` out"),
];

/// The help lines of a run.
fn help(outcome: &Outcome) -> String {
    outcome.out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_written_as_elsewhere_is_answered_with_how_it_is_written_here() {
    for (text, wanted) in SLIPS {
        let outcome = Project::of(text).run(&["check"]).ends_with(2);
        assert!(help(&outcome).contains(wanted), "{wanted}\n{text}\n{outcome}");
    }
}

#[test]
fn a_module_that_is_named_as_something_in_one_is_one_error() {
    let outcome = Project::of("use std.support\ndomain d \"D\" { covers write ticket.content }\n")
        .run(&["check"])
        .ends_with(2);
    assert!(outcome.error.contains("1 error,"), "{outcome}");
}

#[test]
fn a_slip_that_is_no_habit_is_told_the_form() {
    for (text, wanted) in [
        (
            "domain d \"D\" {\n  retention long\n}",
            "`retention` is written `retention <duration>`",
        ),
        (
            "agent a \"A\" {\n  calls \"b\"\n}",
            "`calls` is written `calls none` or `calls <agent> doing <task>, ...`",
        ),
        ("adopt \"x\"", "`adopt` is written `adopt none <reason>` or `adopt <adopted>, ...`"),
    ] {
        let outcome = Project::of(text).run(&["check"]).ends_with(2);
        assert!(help(&outcome).contains(wanted), "{wanted}\n{outcome}");
    }
}

#[test]
fn the_page_of_a_check_is_found_by_number_name_or_a_part_of_it() {
    let project = Project::new();
    let page = project.run(&["explain", "GOV102"]).ends_with(0);
    for other in [
        "102",
        "gov102",
        "single-person-quorum",
        "single-person",
        "single_person",
        "Single Person",
    ] {
        assert_eq!(project.run(&["explain", other]).ends_with(0).out, page.out, "{other}");
    }
    let outcome = project.run(&["explain", "single"]).ends_with(2);
    assert!(
        outcome.error.contains("single-function-approval") && outcome.error.contains("single-person-quorum"),
        "{outcome}"
    );
    let outcome = project.run(&["explain", "mising-function"]).ends_with(2);
    assert!(outcome.error.contains("did you mean `missing-function`?"), "{outcome}");
    let outcome = project.run(&["explain", "nonsense-of-mine"]).ends_with(2);
    assert!(outcome.error.contains("`quorate explain` lists them all"), "{outcome}");
}

#[test]
fn a_page_is_wrapped_and_without_the_marks_of_its_tests() {
    for check in quorate::checks::ALL {
        let outcome = Project::new().run(&["explain", check.code.id]).ends_with(0);
        for mark in ["// error: ", "// warning: ", "// note: ", "// without:", "```"] {
            assert!(!outcome.out.contains(mark), "{mark}\n{outcome}");
        }
        let prose = outcome
            .out
            .lines()
            .filter(|line| !line.starts_with("    ") && !line.starts_with('|'));
        for line in prose {
            let one_word = line.split_whitespace().count() <= 2;
            assert!(line.chars().count() <= 110 || one_word, "{}: {line}", check.code.id);
        }
    }
}

#[test]
fn the_library_says_what_it_holds() {
    let project = Project::new();
    let all = project.run(&["std"]).ends_with(0);
    for word in [
        "std.customer",
        "use std.customer.*",
        "standards: guidance, aiuc_1",
        "adopt aiuc_1, …",
        "always available, without `use`",
    ] {
        assert!(all.out.contains(word), "{word}\n{all}");
    }
    let customer = project.run(&["std", "customer"]).ends_with(0);
    for word in ["customer.consent", "personal", "use std.customer.*"] {
        assert!(customer.out.contains(word), "{word}\n{customer}");
    }
    for other in ["std.customer", "std.customer.*"] {
        assert_eq!(project.run(&["std", other]).ends_with(0).out, customer.out);
    }
    let outcome = project.run(&["std", "custmer"]).ends_with(2);
    assert!(outcome.error.contains("did you mean `std.customer`?"), "{outcome}");
    // What it says of frameworks can be written.
    let adopted = over_base("").file("more.gov", "module acme.more\nadopt csa_maestro, nist_ai_rmf, owasp_agentic\n");
    assert_ne!(adopted.run(&["check"]).code, Some(2));
}

#[test]
fn help_is_a_command_and_says_the_exit_codes() {
    let project = Project::new();
    for arguments in [&["help"][..], &["--help"]] {
        let outcome = project.run(arguments).ends_with(0);
        assert!(outcome.out.contains("Exit codes:") && outcome.out.contains("Example:"), "{outcome}");
    }
    assert_eq!(
        project.run(&["help", "check"]).ends_with(0).out,
        project.run(&["check", "--help"]).ends_with(0).out
    );
    // An option stands only where it means something.
    for command in ["fmt", "explain", "std"] {
        let outcome = project.run(&[command, "--help"]).ends_with(0);
        assert!(!outcome.out.contains("--as-of"), "{outcome}");
        project.run(&[command, "--as-of", "2027-01-01"]).ends_with(2);
    }
}

#[test]
fn sentences_are_wrapped_for_a_terminal_and_not_for_a_pipe() {
    let example = crate::project::repository().join("examples/delegated-access-gaps");
    let run = |columns: Option<&str>| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_quorate"));
        command
            .current_dir(&example)
            .args(["check", "--as-of", crate::project::TODAY])
            .env_remove("COLUMNS");
        columns.map(|columns| command.env("COLUMNS", columns));
        String::from_utf8(command.output().expect("the binary starts").stdout).expect("UTF-8")
    };
    let drawn = |line: &&str| line.contains(['│', '·', '╭', '╰', '─']);
    let longest = |text: &str| text.lines().filter(|line| !drawn(line)).map(|line| line.chars().count()).max();
    assert!(longest(&run(None)) > Some(80));
    let narrow = run(Some("80"));
    for line in narrow.lines().filter(|line| !drawn(line)) {
        assert!(line.chars().count() <= 80 || line.split_whitespace().count() <= 2, "{line}");
    }
}
