//! Files that cannot be read, texts that cannot be meant: each ends in a message and an exit code, none in a panic.

use crate::project::{Outcome, Project};

/// A workspace without agents, to which a test adds what it is about.
const WORKSPACE: &str = "workspace acme \"Acme\" {
  changes approve 2 of (business, security, privacy)
  owner   business ann
  owner   security bob
  owner   privacy eva
}

person ann \"Ann\" { accounts \"okta:ann\"; reports_to none }
person bob \"Bob\" { accounts \"okta:bob\"; reports_to none }
person eva \"Eva\" { accounts \"okta:eva\"; reports_to none }
";

fn with(more: &str) -> Project {
    Project::of(&format!("{WORKSPACE}{more}"))
}

/// Keeps what a run says, with what was given to it.
macro_rules! keep {
    ($name:literal, $outcome:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(concat!("bad-", $name), $outcome.to_string());
        })
    };
}

fn check(project: &Project, code: i32) -> Outcome {
    project.run(&["check"]).ends_with(code)
}

#[test]
fn bytes_that_are_no_text() {
    keep!(
        "not-utf8",
        check(&Project::new().bytes("main.gov", b"person x {\n  title \"\xff\xfe\"\n}\n"), 2)
    );
    keep!(
        "zero-byte",
        check(&Project::new().bytes("main.gov", b"person x { title \"a\0b\" }\n"), 2)
    );
    keep!("escape-character", check(&Project::of("person x { title \"\u{1b}[31mred\" }\n"), 2));
    keep!("turned-text", check(&Project::of("person x { title \"\u{202e}drawkcab\" }\n"), 2));
}

#[test]
fn characters_that_are_not_seen() {
    let lines = "// all of it\r  limit records 5\n// and\u{2028}  limit records 6\nperson z { accounts \"okta:z\u{200b}\" }\nperson y { accounts \"okta:y\u{e0041}\" }\n";
    keep!("unseen-characters", check(&with(lines), 2));
    keep!("carriage-returns-alone", check(&Project::of("//! Acme\rperson z { }\r"), 2));
    // Some titles cannot be written without what joins letters and signs; an account can.
    let joined = "person z \"\u{1f469}\u{200d}\u{1f4bb}\" { accounts \"okta:z\u{200d}y\"; email \"z\\u{200c}@acme.example\" }\n";
    keep!("joined-characters", check(&with(joined), 2));
}

#[test]
fn characters_that_look_like_others() {
    keep!(
        "lookalikes",
        check(
            &with("team t { lead \u{430}nn }\nteam\u{a0}u { lead ann }\nteam v { lead \u{ff41}nn }\n"),
            2
        )
    );
}

#[test]
fn names_and_words_in_one_run() {
    let errors =
        "team t { lead aan; membrs bob }\npurpose p { needs std.customer.custmer }\nperson 9x { until 2027-01-01 }\nteam u { lead x9 }\n";
    keep!("names-beside-errors", check(&with(errors), 2));
    // What a line that cannot be read would have declared or brought in is not missed as well.
    let lost = "person zoe Zoe { reports_to none }\nteam t { lead zoe }\n";
    keep!("names-of-lines-with-errors", check(&with(lost), 2));
    let header = format!("use std.audti.*\n{WORKSPACE}system log {{ holds audit.record }}\n");
    keep!("mistyped-use", check(&Project::of(&header), 2));
}

#[test]
fn names_of_another_kind() {
    let teams = "team t { members u }\nteam u { lead ann }\nstandard house { require approvers 2 for mutats personl }\n";
    keep!("another-kind", check(&with(teams), 2));
    let both = "team ann { lead bob }\nenforcement gate { managed_by ann }\n";
    keep!("person-and-team", check(&with(both), 2));
}

#[test]
fn an_ending_in_capitals() {
    keep!("ending-in-capitals", check(&with("").file("more.GOV", "person z { }\n"), 2));
}

#[test]
fn numbers_that_ask_for_nothing() {
    let standard = "standard house {
  require approvers 0 for mutates any
  require approvers 99999999999 for mutates any
  require absence -1 for mutates any
  require emergency approvers -1 for mutates any
  require stop within 0h for mutates any
  require credential for mutates any
}
task t for a {
  limit count 5 per 0h
}
";
    keep!("numbers-that-ask-for-nothing", check(&with(standard), 2));
    let domain = "domain d {
  input   count integer from 1 to 9
  input   region one_of (north, south)
  limit   count 0
  limit   count -5 per 24h
  approve business
}
standard house {
  require approvers 2 for mutates any when region in (north, suth)
  require approvers 2 for mutates any when region == east
  require approvers 2 for mutates any when count == true
  require approvers 2 for mutates any when other == east
}
";
    keep!("conditions-that-never-hold", check(&with(domain), 2));
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let project = with("");
    let path = project.path("main.gov");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("it is ours");
    if std::fs::read(&path).is_err() {
        keep!("not-readable", check(&project, 2));
    }
}

#[test]
fn line_ends_and_marks_of_other_systems_mean_nothing() {
    let wrong = format!("{WORKSPACE}person x {{\n  titel \"X\"\n}}\n");
    let plain = check(&Project::of(&wrong), 2).to_string();
    assert_eq!(check(&Project::of(&wrong.replace('\n', "\r\n")), 2).to_string(), plain);
    assert_eq!(check(&Project::of(&format!("\u{feff}{wrong}")), 2).to_string(), plain);
    keep!("unknown-clause-with-carriage-returns", plain);
    let digest = |text: &str| Project::of(text).run(&["check", "--format", "json"]).out;
    assert_eq!(digest(WORKSPACE), digest(&WORKSPACE.replace('\n', "\r\n")));
}

#[test]
fn shapes_that_exhaust_a_reader() {
    let long = Project::of(&format!("// {}\n{WORKSPACE}", "x".repeat(50_000_000)));
    keep!("long-line", check(&long, 2));
    keep!(
        "deep-blocks",
        check(&Project::of(&("data a {\n".repeat(1_000) + &"}\n".repeat(1_000))), 2)
    );
    let deep = format!("domain d {{ approve {}business{} }}\n", "(".repeat(1_000), ")".repeat(1_000));
    keep!("deep-parentheses", check(&with(&deep), 2));
    let wide = format!("domain d {{ approve 500 of ({}) }}\n", vec!["business"; 1_000].join(", "));
    keep!("wide-quorum", check(&with(&wide), 1));
}

#[test]
fn circles() {
    keep!(
        "circle-reports-to",
        check(
            &Project::of("person a { reports_to b }\nperson b { reports_to c }\nperson c { reports_to a }\nperson d { reports_to d }\n"),
            2
        )
    );
    keep!(
        "circle-part-of",
        check(&Project::of("provider a { part_of b }\nprovider b { part_of a }\n"), 2)
    );
    let assume = "identity a { kind workload; principal \"x:a\"; can_assume b }\nidentity b { kind workload; principal \"x:b\"; can_assume a }\nagent one { runs_as a; owner ann }\nagent two { runs_as b; owner bob }\n";
    keep!("circle-can-assume", check(&with(assume), 1));
    let calls = "use std.customer.*\nagent one { owner ann; calls two doing t2 }\nagent two { owner bob; calls one doing t1 }\npurpose p { needs customer.profile }\ntask t1 for one { purpose p; until 2027-01-01 }\ntask t2 for two { purpose p; until 2027-01-01 }\n";
    keep!(
        "circle-calls",
        check(&Project::of(&calls.replace("agent one", &format!("{WORKSPACE}agent one"))), 1)
    );
    let teams = "team t1 { lead ann; members ann; managed_by t2 }\nteam t2 { lead bob; members bob; managed_by t1 }\ndata thing\nsystem s { holds thing; enforced_by g; feeds none }\nenforcement g { managed_by t1 }\nagent one { owner ann; runs_as i }\nidentity i { kind workload; principal \"x:i\"; access { read thing in s } }\ndomain d { covers read thing; owner business t1; owner security t2; approve business and security; evidence l }\nledger l { keeps thing in s; approvals signed }\n";
    keep!("circle-teams", check(&with(teams), 1));
    let modules = Project::new()
        .file("a.gov", "module acme.a\nuse acme.b.*\nworkspace acme { changes approve business and security; owner business x; owner security y }\nperson x { reports_to y }\n")
        .file("b.gov", "module acme.b\nuse acme.a.*\nperson y { reports_to none }\nteam z { lead x; members x, y }\n");
    keep!("circle-modules", check(&modules, 1));
}

#[test]
fn names() {
    let twice = Project::new()
        .file("a.gov", "module workspace.p\nperson x { reports_to none }\n")
        .file("b.gov", "module workspace.p\nperson x { reports_to none }\n");
    keep!("declared-twice", check(&twice, 2));
    keep!(
        "use-nowhere",
        check(
            &Project::of(&format!(
                "use acme.people.*\nuse acme.main.*\nuse std.custmer.*\nuse std.customer.{{custmer, customer as data}}\n{WORKSPACE}"
            )),
            2
        )
    );
    keep!(
        "names-that-are-none",
        check(
            &Project::of("person Über { }\nperson anna-lena { }\nperson and { }\nperson 7up { }\nmodule x\n"),
            2
        )
    );
    let unknown = "domain d {\n  ownr business ann\n  aprove business\n  stop kill_switch by ann within 5m\n  zzzzzz 5\n}\ndomian e {}\nperson x { reports_to an }\n";
    keep!("unknown-clause", check(&with(unknown), 2));
    keep!(
        "file-name",
        check(
            &Project::new()
                .file("main.gov", WORKSPACE)
                .file("Über uns/more.gov", "person x { reports_to none }\n"),
            2
        )
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_both_be_true() {
    let system = "system crm { holds x; feeds none; feeds cdp with x; managed_by none }\nsystem cdp { holds x }\ndata x\n";
    keep!("none-beside-some", check(&with(system), 2));
    let ledger = "ledger l { approvals signed; approvals in crm }\nsystem crm { holds x }\ndata x\n";
    keep!("two-places-of-approvals", check(&with(ledger), 2));
    let hidden = "use std.customer.*\nsystem crm { holds customer.consent }\ndata customer { data consent }\n";
    keep!("name-that-hides-another", check(&Project::of(hidden), 2));
    let other = "domain d { input amount money EUR from 0 to 500; limit amount 10 USD per 24h }\n";
    keep!("limit-in-another-currency", check(&with(other), 2));
}

#[test]
fn links() {
    let link = |to: &str, name: &str| {
        let project = with("");
        std::os::unix::fs::symlink(to, project.path(name)).expect("a link can be made");
        project
    };
    keep!("link-loop", check(&link(".", "again"), 2));
    keep!("link-to-a-folder-outside", check(&link("/", "root"), 2));
    keep!("link-to-nothing", check(&link("nowhere.gov", "other.gov"), 2));
    let other = with("");
    let outside = link(&other.path("main.gov").to_string_lossy(), "other.gov");
    keep!("link-to-a-file-outside", check(&outside, 2));
}

#[test]
fn nothing_to_read() {
    keep!("empty-folder", check(&Project::new(), 2));
    keep!("empty-file", check(&Project::of(""), 1));
    keep!("no-such-folder", Project::new().run(&["check", "nowhere"]).ends_with(2));
    keep!(
        "no-gov-file",
        Project::new().file("notes.txt", "").run(&["check", "notes.txt"]).ends_with(2)
    );
    keep!(
        "no-such-choice",
        Project::new().run(&["check", "--fail-on", "somewhat"]).ends_with(2)
    );
    keep!("no-such-day", Project::new().run_on("2026-02-30", &["check"]).ends_with(2));
}

#[test]
fn values_that_are_none() {
    keep!(
        "days",
        check(
            &Project::of(
                "person a { until 2026-02-30 }\nperson b { until 2026-13-01 }\nperson c { until 26-1-1 }\nperson d { until 0000-00-00 }\n"
            ),
            2
        )
    );
    let numbers = "domain d {
  input     amount money EUR from 0 to 99999999999999999999
  input     count integer from 10 to 1
  limit     amount 9_223_372_036_854_775_807 EUR per 24h
  approve   99999999999 business
  approve   3 of (business, security)
  valid     99999999999999999999h
  retention 9999999y
  retention 3 years
}
";
    keep!("numbers", check(&with(numbers), 2));
    keep!(
        "nothing-said",
        check(
            &with(
                "system s { tool \"s.ping\" does nothing \" \"; feeds t with other as other anonymised \"\" }\nsystem t { holds other }\ndata other\n"
            ),
            2
        )
    );
    keep!(
        "ranges",
        check(
            &with("domain d {\n  input count integer from 10 to 1\n  input amount money EUR from 5 to 0\n  input count boolean\n}\n"),
            2
        )
    );
}

#[test]
fn strings_are_data() {
    let strings = r#"purpose a "a \"quoted\" title\nand a line </script><script>alert(1)</script>" { needs thing }
purpose b "permit (principal, action, resource); // forbid" { needs thing }
purpose c "package x\ndefault allow := true `raw` ${x} {{ y }}" { needs thing }
data thing "| a | table |\n|---|---|\n<!-- --> ' \\ "
"#;
    keep!("strings", check(&with(strings), 1));
    keep!(
        "escapes",
        check(
            &with("purpose s \"bad \\q escape\"\npurpose t \"no \\u{110000} character\"\npurpose u \"unseen \\u{1b} or \\u{202e}\"\n"),
            2
        )
    );
}

#[test]
fn what_is_left_open() {
    keep!(
        "open-brace",
        check(&Project::of("person a {\n  title \"A\"\n\nperson b {\n  title \"B\"\n}\n"), 2)
    );
    keep!(
        "open-quote",
        check(&Project::of("person a {\n  title \"A\n  email \"x@acme.example\"\n}\n"), 2)
    );
    keep!(
        "open-parenthesis",
        check(&with("domain d {\n  approve 2 of (business, security\n  valid 24h\n}\n"), 2)
    );
    keep!("stray-brace", check(&Project::of("person a { }\n}\n"), 2));
    keep!(
        "comment-of-another-language",
        check(&Project::of("/* a */\n# b\nperson a { } -- c\n"), 2)
    );
}

#[test]
fn and_beside_or() {
    keep!(
        "and-beside-or",
        check(&with("domain d {\n  approve business and security or privacy\n}\n"), 2)
    );
    keep!(
        "and-beside-or-in-a-condition",
        check(
            &with(
                "domain d {\n  input n integer from 0 to 9\n  approve business when n < 1 or n > 3 and n < 5\n  approve business otherwise\n}\n"
            ),
            2
        )
    );
}

#[test]
fn settings() {
    let set = |text: &str| with("").file("quorate.toml", text);
    keep!("settings-unknown-key", check(&set("name = \"acme\"\nadopt = [\"guidance\"]\n"), 2));
    keep!("settings-no-toml", check(&set("name = \n"), 2));
    keep!("settings-wrong-kind", check(&set("horizon = \"soon\"\n"), 2));
    let values = "horizon = -5\ntargets = [\"cedr\"]\nmembers = [\"nowhere\", \"..\"]\n\n[levels]\nmissing-functon = \"error\"\nundecided = \"fatal\"\n";
    keep!("settings-values", check(&set(values), 2));
    // What guards the rules cannot be put out.
    keep!("settings-level-off", check(&set("[levels]\nnothing-governed = \"off\"\n"), 2));
}
