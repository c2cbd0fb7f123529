//! Tests the formatter through its public functions.

mod noise;

use crate::format::{WIDTH, difference, format};
use crate::source::FileId;
use crate::syntax::parse;
use crate::syntax::tree::{Node, Token, prose};
use noise::Noise;

const SHOP: &str = include_str!("../../docs/codes/base.gov");

/// Files in canonical form.
const CANONICAL: &[(&str, &str)] = &[
    ("base", SHOP),
    ("access", include_str!("../../stdlib/access.gov")),
    ("audit", include_str!("../../stdlib/audit.gov")),
    ("commerce", include_str!("../../stdlib/commerce.gov")),
    ("customer", include_str!("../../stdlib/customer.gov")),
    ("guidance", include_str!("../../stdlib/guidance.gov")),
    ("prelude", include_str!("../../stdlib/prelude.gov")),
    ("support", include_str!("../../stdlib/support.gov")),
    ("joined", JOINED),
];

/// People and a rollback, with several clauses on a line.
const JOINED: &str = r#"person maria "Maria Lopez" {
  email "maria@acme.example"; title "Head of marketing"; accounts "okta:maria"; reports_to gerard
}
person sam "Sam Okafor" { title "Head of IT"; reports_to none }

rollback segment_restore "Restore segments from the last version" {
  restores customer.segment in crm, cdp; method versioned; within 8h
  owner sam; tested 2026-10-19; operated_by acme_it
}
"#;

/// Files with long lines.
const FRAMEWORKS: &[(&str, &str)] = &[
    ("aiuc_1", include_str!("../../stdlib/frameworks/aiuc_1.gov")),
    ("csa_aicm", include_str!("../../stdlib/frameworks/csa_aicm.gov")),
    ("csa_maestro", include_str!("../../stdlib/frameworks/csa_maestro.gov")),
    ("eu_ai_act", include_str!("../../stdlib/frameworks/eu_ai_act.gov")),
    ("five_eyes_agentic", include_str!("../../stdlib/frameworks/five_eyes_agentic.gov")),
    ("gdpr", include_str!("../../stdlib/frameworks/gdpr.gov")),
    ("imda_agentic", include_str!("../../stdlib/frameworks/imda_agentic.gov")),
    ("iso_42001", include_str!("../../stdlib/frameworks/iso_42001.gov")),
    ("nist_ai_600_1", include_str!("../../stdlib/frameworks/nist_ai_600_1.gov")),
    ("nist_ai_rmf", include_str!("../../stdlib/frameworks/nist_ai_rmf.gov")),
    ("nist_sp_800_53", include_str!("../../stdlib/frameworks/nist_sp_800_53.gov")),
    ("owasp_agentic", include_str!("../../stdlib/frameworks/owasp_agentic.gov")),
    ("owasp_aisvs", include_str!("../../stdlib/frameworks/owasp_aisvs.gov")),
    ("owasp_nhi", include_str!("../../stdlib/frameworks/owasp_nhi.gov")),
    ("owasp_threats", include_str!("../../stdlib/frameworks/owasp_threats.gov")),
    ("soc2", include_str!("../../stdlib/frameworks/soc2.gov")),
];

fn formatted(text: &str) -> String {
    match format(FileId(0), text) {
        Ok(formatted) => formatted,
        Err(diagnostics) => format!("not formatted: {}\n{text}", diagnostics[0].message),
    }
}

fn becomes(before: &str, after: &str) {
    let (before, after) = (before.trim_start_matches('\n'), after.trim_start_matches('\n'));
    let got = formatted(before);
    assert!(got == after, "not as expected:\n{}", difference(after, &got, "expected", "got"));
    let again = formatted(after);
    assert!(again == after, "not stable:\n{}", difference(after, &again, "once", "twice"));
}

/// The content of a text without the order of its clauses: words and tokens, sorted, each item with its
/// documentation.
fn meaning(text: &str) -> String {
    let (tree, diagnostics) = parse::parse(FileId(0), text);
    assert!(diagnostics.is_empty(), "{}: {text}", diagnostics[0].message);
    let says = |nodes: &[Node]| {
        let mut items: Vec<String> = nodes.iter().map(|node| item_meaning(text, node)).collect();
        items.sort();
        items.join("\n")
    };
    format!("{}\n{}", tree.documentation(text), says(&tree.nodes))
}

fn item_meaning(text: &str, node: &Node) -> String {
    if node.word.start == u32::MAX {
        return prose(&node.docs, text, "///");
    }
    let tokens: Vec<String> = node.tokens.iter().map(|token| token_meaning(text, token)).collect();
    let block = node.block.as_ref().map(|block| {
        let mut items: Vec<String> = block.nodes.iter().map(|node| item_meaning(text, node)).collect();
        items.sort();
        items.join("\n")
    });
    format!("{} {} {tokens:?} {block:?}", prose(&node.docs, text, "///"), node.word.of(text))
}

fn token_meaning(text: &str, token: &Token) -> String {
    match token.inside.is_empty() {
        true => token.extent.of(text).to_owned(),
        false => {
            let inside: Vec<String> = token.inside.iter().map(|token| token_meaning(text, token)).collect();
            format!("{:?} {inside:?}", token.kind)
        }
    }
}

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<&str> {
    let mut comments: Vec<&str> = text.lines().filter_map(comment).collect();
    comments.sort_unstable();
    comments
}

fn comment(line: &str) -> Option<&str> {
    let outside = |at: &usize| line[..*at].replace("\\\"", "").matches('"').count().is_multiple_of(2);
    let at = line.match_indices("//").map(|(at, _)| at).find(outside)?;
    Some(line[at..].trim_end())
}

#[test]
fn what_is_canonical_stays() {
    for (name, text) in CANONICAL {
        let got = formatted(text);
        assert!(got == *text, "{}", difference(text, &got, name, name));
    }
}

#[test]
fn long_files_keep_their_meaning() {
    for (name, text) in FRAMEWORKS {
        let once = formatted(text);
        assert_eq!(meaning(text), meaning(&once), "{name}");
        assert_eq!(once, formatted(&once), "{name}");
    }
}

#[test]
fn noise_changes_nothing() {
    for (name, text) in CANONICAL.iter().chain(FRAMEWORKS) {
        for seed in 0..12 {
            let noisy = Noise::new(seed).spoil(text);
            let once = formatted(&noisy);
            assert_eq!(comments(&noisy), comments(&once), "{name} {seed}: comments\n{noisy}");
            assert_eq!(meaning(&noisy), meaning(&once), "{name} {seed}: meaning\n{noisy}");
            let twice = formatted(&once);
            assert!(
                once == twice,
                "{name} {seed}: not stable\n{}",
                difference(&once, &twice, "once", "twice")
            );
        }
    }
}

#[test]
fn noise_of_spaces_is_undone() {
    for (name, text) in CANONICAL {
        for seed in 100..112 {
            let got = formatted(&Noise::new(seed).stretch(text));
            assert!(got == *text, "{name} {seed}: {}", difference(text, &got, name, name));
        }
    }
}

#[test]
fn nothing_stays_nothing() {
    for text in ["", "\n\n", "\u{feff}", "  \r\n;"] {
        assert_eq!(formatted(text), "");
    }
}

#[test]
fn marks_of_other_systems_go() {
    becomes(
        "\u{feff}provider a \"A\"\r\nprovider b // why\r\n",
        "provider a \"A\"\nprovider b  // why\n",
    );
}

#[test]
fn broken_text_is_left_alone() {
    for text in [
        "agent a {",
        "}",
        "person a \"A",
        "agent a { Owner b }",
        "team t { members a,; lead b }",
    ] {
        assert!(format(FileId(0), text).is_err(), "{text}");
    }
}

#[test]
fn clauses_take_their_order_and_their_column() {
    becomes(
        r#"
domain consent "Consent" {
  evidence ledger;  approve security when amount <= 5
  emergency { lasts 30m; approve security
  }
  approve   business and security otherwise
  owner security sam
  owner business maria deputy jo; covers write customer.consent
}
"#,
        r#"
domain consent "Consent" {
  covers   write customer.consent
  owner    security sam
  owner    business maria deputy jo
  approve  security when amount <= 5
  approve  business and security otherwise
  evidence ledger
  emergency {
    approve security; lasts 30m
  }
}
"#,
    );
}

#[test]
fn grants_of_a_task_stand_above_its_limits() {
    becomes(
        "task t for a {\nuntil 2027-01-01\nwrite x in y\nlimit records 5\nread.view x in y\npurpose p\n}\n",
        "task t for a {\n  purpose   p\n  write     x in y\n  read.view x in y\n  limit     records 5\n  until     2027-01-01\n}\n",
    );
}

#[test]
fn an_unknown_clause_stays_below_its_neighbour() {
    becomes(
        "person p {\n  nickname x\n  reports_to q\n  hobby y\n  email \"a\"\n}\n",
        "person p {\n  nickname   x\n  email      \"a\"\n  reports_to q\n  hobby      y\n}\n",
    );
}

#[test]
fn declarations_inside_are_not_aligned() {
    becomes(
        "data c { data b\n data abc \"X\" { restricted }\n restricted; personal }\n",
        "data c {\n  restricted; personal\n  data b\n  data abc \"X\" { restricted }\n}\n",
    );
}

#[test]
fn a_block_on_one_line_stays_if_it_fits() {
    becomes(
        "team   t \"T\" {members a,b;lead a;}\naction read { action view; action export {discloses} }\nsystem s {\n\n}\n",
        "team t \"T\" { lead a; members a, b }\n\naction read { action view; action export { discloses } }\n\nsystem s {}\n",
    );
    let names = ["customer.identification"; 3].join(", ");
    becomes(
        &format!("purpose personal_data {{ needs {names} }}\n"),
        &format!("purpose personal_data {{\n  needs {names}\n}}\n"),
    );
}

#[test]
fn imports_are_sorted_below_the_module() {
    becomes(
        "//! What it is.\n\nuse std.b.*\n\n// the people\nuse acme.people.{ maria,dana as dpo } // two\nprovider x\nmodule acme\nuse std.a.*",
        "//! What it is.\nmodule acme\n\n// the people\nuse acme.people.{maria, dana as dpo}  // two\nuse std.a.*\nuse std.b.*\n\nprovider x\n",
    );
}

#[test]
fn declarations_are_parted_unless_they_are_lines_of_one_kind() {
    becomes(
        "provider a\nprovider b\n\nprovider c\nperson d\nperson e {\n  email \"e\"\n}\nperson f\n\n\n\nperson g\n",
        "provider a\nprovider b\n\nprovider c\n\nperson d\nperson e {\n  email \"e\"\n}\nperson f\n\nperson g\n",
    );
}

#[test]
fn declarations_of_three_lines_stand_together_where_no_blank_line_stood() {
    let small = "person a {\n  email \"a\"; title \"b\"\n}\n/// Documented.\nperson b {\n  email \"b\"\n}\n\nperson c\n";
    becomes(small, small);
    becomes(
        "person a {\n  email \"a\"\n}\nperson b {\n  email \"b\"\n  title \"b\"\n}\nperson c {\n  // nothing\n}\nperson d {\n  email \"d\"\n}\nteam e {\n  lead a\n}\n",
        "person a {\n  email \"a\"\n}\n\nperson b {\n  email \"b\"\n  title \"b\"\n}\n\nperson c {\n  // nothing\n}\n\nperson d {\n  email \"d\"\n}\n\nteam e {\n  lead a\n}\n",
    );
}

#[test]
fn clauses_joined_on_a_line_stay_together() {
    becomes(JOINED, JOINED);
    becomes(
        "person a {\n  email \"a\"  ;title \"b\";;\n\n  until 2027-01-01; access {read x in y; } ; reports_to c // why\n}\n",
        "person a {\n  email \"a\"; title \"b\"\n\n  reports_to c  // why\n  until 2027-01-01; access { read x in y }\n}\n",
    );
}

#[test]
fn a_line_of_several_clauses_gives_no_column() {
    becomes(
        "team t {\n  lead a\n  members b, c\n  managed_by   a; kept_in x\n}\n",
        "team t {\n  lead    a\n  members b, c\n  managed_by a; kept_in x\n}\n",
    );
}

#[test]
fn joined_clauses_take_their_order_and_part_where_another_comes_between() {
    becomes(
        "rollback r {\n  owner a; restores x in y\n  within 8h; method journal\n}\n",
        "rollback r {\n  restores x in y\n  method journal; within 8h\n  owner    a\n}\n",
    );
    becomes(
        "person a {\n  email \"a\"\n\n  until 2027-01-01; title \"b\"\n}\n",
        "person a {\n  email \"a\"\n\n  title \"b\"; until 2027-01-01\n}\n",
    );
}

#[test]
fn what_does_not_fit_on_a_joined_line_moves_to_the_next() {
    let names = ["customer.identity"; 3].join(", ");
    becomes(
        &format!("task t for a {{ purpose p; limit records 5; write {names} in crm, billing; until 2027-01-01; limit b 1 }}\n"),
        &format!("task t for a {{\n  purpose p; write {names} in crm, billing\n  limit records 5; limit b 1; until 2027-01-01\n}}\n"),
    );
}

#[test]
fn comments_and_blocks_of_several_lines_part_joined_clauses() {
    becomes(
        "person a {\n  // first\n  email \"a\"; title \"b\" // behind\n  accounts \"a\", // one\n    \"b\"; reports_to c\n  until 2027-01-01; access {\n read x in y\n }; owner z\n}\n",
        "person a {\n  // first\n  email \"a\"; title \"b\"  // behind\n  accounts   \"a\",       // one\n             \"b\"\n  reports_to c\n  until      2027-01-01\n  access {\n    read x in y\n  }\n  owner      z\n}\n",
    );
}

#[test]
fn declarations_of_a_file_take_lines_of_their_own() {
    becomes("provider a; provider b\n", "provider a\nprovider b\n");
}

#[test]
fn clauses_joined_at_random_keep_their_meaning_and_their_width() {
    for (name, text) in CANONICAL.iter().chain(FRAMEWORKS) {
        for seed in 200..224 {
            let mut noise = Noise::new(seed);
            let joined = noise.join(text);
            assert_eq!(meaning(text), meaning(&joined), "{name} {seed}");
            let wide = formatted(&joined);
            let shared = |line: &&str| !line.contains(['"', '/']) && line.contains("; ");
            let long = wide.lines().filter(shared).find(|line| line.chars().count() > WIDTH);
            assert_eq!(long, None, "{name} {seed}");
            for noisy in [noise.spoil(&joined), joined] {
                let once = formatted(&noisy);
                assert_eq!(comments(&noisy), comments(&once), "{name} {seed}: comments\n{noisy}");
                assert_eq!(meaning(&noisy), meaning(&once), "{name} {seed}: meaning\n{noisy}");
                let twice = formatted(&once);
                assert!(once == twice, "{name} {seed}: {}", difference(&once, &twice, "once", "twice"));
            }
        }
    }
}

#[test]
fn blank_lines_in_a_block_are_kept_but_for_the_outer_ones() {
    becomes(
        "person a {\n\n  email \"a\"\n\n\n  title \"b\"\n\n}\n",
        "person a {\n  email \"a\"\n\n  title \"b\"\n}\n",
    );
}

#[test]
fn comments_travel_with_what_they_are_about() {
    becomes(
        r#"
person a { // opening
  // until further notice
  until 2027-01-01 // trailing
  //about the mail
  /// documented

  email "a" ; // also trailing

  // before the brace
} // closing
// the end
"#,
        r#"
person a {  // opening
  //about the mail
  /// documented
  email "a"  // also trailing
  // until further notice
  until 2027-01-01  // trailing

  // before the brace
}  // closing
// the end
"#,
    );
}

#[test]
fn comments_at_the_ends_of_adjacent_lines_are_aligned_if_they_fit() {
    becomes(
        "person a {\n  email \"a\" // one\n  title \"abcdef\" // two\n  until 2027-01-01\n}\n",
        "person a {\n  email \"a\"       // one\n  title \"abcdef\"  // two\n  until 2027-01-01\n}\n",
    );
    let long = "x".repeat(100);
    becomes(
        &format!("person a {{\n  email \"a\" // one\n  title \"{long}\" // number two\n}}\n"),
        &format!("person a {{\n  email \"a\"  // one\n  title \"{long}\"  // number two\n}}\n"),
    );
}

#[test]
fn comments_about_a_whole_block_or_file_stay_at_its_start() {
    becomes(
        "// SPDX\n\n// the module\n//! Doc.\n// about all\n\n// about b\nuse b.*\nuse a.*\nperson a {\n  // all of it\n\n  until 2027-01-01\n  email \"a\"\n}\n",
        "// SPDX\n\n// the module\n//! Doc.\n\n// about all\n\nuse a.*\n// about b\nuse b.*\n\nperson a {\n  // all of it\n\n  email \"a\"\n  until 2027-01-01\n}\n",
    );
}

#[test]
fn comments_alone_are_kept() {
    becomes(
        "// one\n\n\n// two\n/// documents nothing\n",
        "// one\n\n// two\n/// documents nothing\n",
    );
    becomes("person a {\n  // nothing yet\n}\n", "person a {\n  // nothing yet\n}\n");
    becomes(
        "person a {\n  /// documents nothing\n}\n",
        "person a {\n  /// documents nothing\n}\n",
    );
}

#[test]
fn comments_among_arguments_break_the_line() {
    becomes(
        "team t {\n  members a, // first\n    // then\n    b\n  managed_by 2 of ( // two\n a // one\n , b // other\n)\n}\n",
        "team t {\n  members    a,  // first\n             // then\n             b\n  managed_by 2 of (  // two\n             a,      // one\n             b       // other\n             )\n}\n",
    );
}

#[test]
fn long_lists_are_broken_after_commas() {
    let names: Vec<String> = (10..30).map(|number| format!("name_{number}")).collect();
    let line = |range: std::ops::Range<usize>| names[range].join(", ");
    becomes(
        &format!("team t {{ members {} }}\n", names.join(",")),
        &format!("team t {{\n  members {},\n          {}\n}}\n", line(0..10), line(10..20)),
    );
    let short = format!("team t {{\n  members {}, name_xy\n}}\n", line(0..10));
    becomes(&short, &short);
}

#[test]
fn spaces_inside_a_line_are_single() {
    becomes(
        "changes   approve 2 of(a ,b)and( any of( c,d ) )\n",
        "changes approve 2 of (a, b) and (any of (c, d))\n",
    );
    becomes("covers write \"a  b\\\" // c\"\n", "covers write \"a  b\\\" // c\"\n");
}

#[test]
fn a_difference_is_shown_with_its_name() {
    assert_eq!(difference("a\n", "a\n", "x.gov", "x.gov"), "");
    assert_eq!(
        difference("a\nb\n", "a\nc\n", "x.gov", "x.gov"),
        "--- x.gov\n+++ x.gov\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    );
}
