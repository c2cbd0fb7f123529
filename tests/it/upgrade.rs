//! `quorate fmt --upgrade`: a workspace of version 0.1 says the same in fewer lines, or stays as it is.

mod deciding;

use crate::corpus;
use crate::overlay::over_base;
use crate::project::{Outcome, Project, files_below, repository};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A workspace of version 0.1 that lies beside these tests.
fn old(name: &str) -> Project {
    let files = files_below(&repository().join("tests/it/upgrade").join(name)).into_iter();
    files.fold(Project::new(), |project, file| {
        let name = file.file_name().expect("it has a name").to_string_lossy().into_owned();
        project.file(&name, &std::fs::read_to_string(&file).expect("it is text"))
    })
}

fn upgraded(project: &Project) -> Outcome {
    project.run(&["fmt", "--upgrade"])
}

fn texts(project: &Project) -> BTreeMap<String, String> {
    let files = files_below(&project.path("")).into_iter();
    let named = files.map(|file| {
        let name = file.file_name().expect("it has a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&file).expect("it is text"))
    });
    named.filter(|(name, _)| name.ends_with(".gov")).collect()
}

fn lines(project: &Project) -> usize {
    texts(project).values().map(|text| text.lines().count()).sum()
}

/// Each finding with what it is about, and nothing of where it stands.
fn findings(project: &Project) -> Vec<String> {
    let all = project.findings();
    let mut told: Vec<String> = all
        .all()
        .map(|one| format!("{} {} {}", one["code"], one["subject"], one["message"]))
        .collect();
    told.sort();
    told
}

/// The comments of files, in any order.
fn comments(project: &Project) -> Vec<String> {
    let mut all: Vec<String> = texts(project)
        .values()
        .flat_map(|text| {
            text.lines()
                .filter_map(|line| line.find("// ").map(|at| line[at..].to_owned()))
                .collect::<Vec<_>>()
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_workspace_of_version_0_1_is_a_third_shorter_and_says_the_same() {
    let project = old("customer_data");
    project.run(&["check"]).ends_with(2);
    let (before, remarks) = (lines(&project), comments(&project));
    let outcome = upgraded(&project).ends_with(0);
    insta::assert_snapshot!("upgrade_says", outcome.error);
    assert!(lines(&project) * 3 <= before * 2, "{before} lines became {}", lines(&project));
    assert_eq!(comments(&project), remarks);
    let all = texts(&project);
    assert!(all.values().all(|text| !text.contains("\nuse ")));
    insta::assert_snapshot!("upgrade_domains", all["marketing.gov"]);
    // All that is left to do is to approve the four scopes once more.
    assert!(
        findings(&project).iter().all(|finding| finding.contains("GOV311")),
        "{:?}",
        findings(&project)
    );
    assert_eq!(findings(&project).len(), 4);
    // What is canonical now stays so, and there is nothing to do a second time.
    project.run(&["fmt", "--check"]).ends_with(0);
    let again = upgraded(&project).ends_with(0);
    assert_eq!(again.error, "nothing to upgrade in .\n");
    assert_eq!(texts(&project), all);
}

#[test]
fn a_workspace_without_other_files_decides_what_it_decided() {
    let (before, after) = (old("support_desk"), old("support_desk"));
    upgraded(&after).ends_with(0);
    assert!(lines(&after) <= 140, "{} lines", lines(&after));
    let longest = texts(&after)
        .values()
        .flat_map(|text| text.lines())
        .map(|line| line.chars().count())
        .max();
    assert!(longest <= Some(100), "{longest:?}");
    assert_eq!(findings(&before), findings(&after));
    assert!(!findings(&before).is_empty());
}

#[test]
fn the_support_desk_fits_in_120_lines() {
    let (long, short) = (old("support_desk"), old("short_desk"));
    short.run(&["fmt", "--check"]).ends_with(0);
    assert!(lines(&short) <= 120, "{} lines", lines(&short));
    assert!(texts(&short)["support.gov"].lines().all(|line| line.chars().count() <= 100));
    assert_eq!(findings(&long), findings(&short));
    // What is decided follows from the model alone.
    let model = |project: &Project| project.run(&["model"]).ends_with(0).out;
    assert_eq!(model(&long), model(&short));
}

#[test]
fn nothing_is_written_where_it_is_only_asked() {
    let project = old("customer_data");
    let before = texts(&project);
    let outcome = project.run(&["fmt", "--upgrade", "--check"]).ends_with(1);
    assert!(outcome.out.contains("people.gov would be upgraded"), "{outcome}");
    let outcome = project.run(&["fmt", "--upgrade", "--diff"]).ends_with(1);
    assert!(
        outcome.out.contains("-use acme.people.*") && outcome.error.contains("would upgrade 6 files"),
        "{outcome}"
    );
    assert_eq!(texts(&project), before);
    let outcome = project.run(&["fmt", "--upgrade", "-"]).ends_with(2);
    assert!(outcome.error.contains("standard input is not a workspace"), "{outcome}");
}

/// Two files of version 0.1, each a module.
fn two(one: &str, other: &str) -> Project {
    let head = "workspace acme {\n  changes approve business and security\n  owner   business maria\n  owner   security sam\n}\n\n";
    Project::new()
        .file("one.gov", &format!("use acme.other.*\n\n{head}{one}"))
        .file("other.gov", other)
}

const PEOPLE: &str = "person maria {\n  reports_to none\n}\n\nperson sam {\n  reports_to none\n}\n";

#[test]
fn what_would_mean_something_else_stays() {
    let project = two(
        "team staff {\n  members maria\n}\n",
        &format!("{PEOPLE}\nteam staff {{\n  members sam\n}}\n"),
    );
    let before = texts(&project);
    let outcome = upgraded(&project).ends_with(2);
    assert!(outcome.error.contains("team `staff` is declared twice"), "{outcome}");
    assert!(
        outcome.error.contains("one.gov:9:1") && outcome.error.contains("other.gov:9:1"),
        "{outcome}"
    );
    assert!(outcome.error.ends_with(". stays as it is: 1 error to mend first\n"), "{outcome}");
    assert_eq!(texts(&project), before);

    // A class that a file declares would take the place of the library's class in another.
    let project = two(
        "system crm {\n  holds customer.profile\n}\n",
        &format!("{PEOPLE}\ndata customer {{\n  data profile\n}}\n\nsystem cdp {{\n  holds customer.profile\n}}\n"),
    );
    let project = project.file(
        "third.gov",
        "use std.customer.customer\n\nsystem shop {\n  holds customer.profile\n  feeds none\n}\n",
    );
    let before = texts(&project);
    let outcome = upgraded(&project).ends_with(2);
    assert!(
        outcome.error.contains("`customer.profile` may be `acme.customer.profile`"),
        "{outcome}"
    );
    assert_eq!(texts(&project), before);

    // What cannot be read is not rewritten.
    let outcome = upgraded(&two("person", PEOPLE)).ends_with(2);
    assert!(outcome.error.contains("stays as it is"), "{outcome}");
    assert!(!outcome.error.contains("is not a module"), "{outcome}");
    let outcome = upgraded(&two("agent a {\n  owner TODO \"who?\"\n}\n", PEOPLE)).ends_with(2);
    assert!(
        outcome.error.contains("who?") && outcome.error.contains("stays as it is"),
        "{outcome}"
    );
}

#[test]
fn names_in_full_and_under_another_name_still_mean_the_same() {
    let project = two(
        "team staff {\n  members acme.other.maria, sam\n}\n",
        &format!("{PEOPLE}\nprovider it \"IT\"\n"),
    )
    .file(
        "third.gov",
        "use acme.other.{maria as boss, sam}\n\nteam leads {\n  members boss, sam\n}\n",
    );
    upgraded(&project).ends_with(0);
    let all = texts(&project);
    assert!(all["one.gov"].contains("members acme.maria, sam"), "{}", all["one.gov"]);
    assert!(!all["one.gov"].contains("use "), "{}", all["one.gov"]);
    assert!(all["third.gov"].starts_with("use acme.{maria as boss}\n"), "{}", all["third.gov"]);
}

#[test]
fn the_ends_of_lines_and_the_mark_stay() {
    let project = two("", PEOPLE);
    let text = format!("\u{feff}{}", texts(&project)["one.gov"].replace('\n', "\r\n"));
    let project = project.file("one.gov", &text);
    upgraded(&project).ends_with(0);
    let text = &texts(&project)["one.gov"];
    assert!(text.starts_with("\u{feff}workspace acme {\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

/// A workspace with `count` domains that have the same three owners.
fn domains(count: usize, change: impl Fn(usize, String) -> String) -> Project {
    let domain = |number: usize| {
        let text = format!(
            "/// Domain {number}.\ndomain d{number} {{\n  covers  write d{number}_data\n  owner   business maria deputy jo\n  owner   security sam\n  owner   privacy dana\n  approve business and security\n}}\n\ndata d{number}_data {{ personal }}\n\n"
        );
        change(number, text)
    };
    let people = ["maria", "jo", "sam", "dana"].map(|name| format!("person {name} {{ reports_to none }}\n"));
    let head = "workspace acme {\n  changes approve business and security\n  owner   business maria\n  owner   security sam\n}\n\n";
    Project::new().file(
        "main.gov",
        &format!("{head}{}{}", people.concat(), (1..=count).map(domain).collect::<String>()),
    )
}

#[test]
fn situations_from_practice_have_the_findings_they_had() {
    let changed: Vec<bool> = corpus::blocks()
        .par_iter()
        .map(|block| {
            let project = over_base(block);
            let (text, before) = (texts(&project), findings(&project));
            upgraded(&project).ends_with(0);
            assert_eq!(findings(&project), before, "{block}\n{:?}", texts(&project));
            texts(&project)["block.gov"] != text["block.gov"]
        })
        .collect();
    let changed = changed.iter().filter(|changed| **changed).count();
    assert!(changed >= 60, "{changed} of the situations have something to upgrade");
}

#[test]
fn how_long_an_approval_is_good_stays_where_it_serves_a_whole_task() {
    let lines = |binds: &str| format!("  approve business and security\n  valid   24h\n  binds   {binds}\n");
    let said = |binds: &str| domains(1, |_, text| text.replace("  approve business and security\n", &lines(binds)));
    let of = |project: &Project| {
        let all = findings(project).into_iter();
        all.filter(|finding| finding.contains("GOV120")).collect::<Vec<_>>()
    };
    for (binds, stays) in [
        ("task", "  valid 24h; binds task\n"),
        ("action", "  approve business and security\n}\n"),
    ] {
        let project = said(binds);
        let before = of(&project);
        upgraded(&project).ends_with(0);
        let text = &texts(&project)["main.gov"];
        assert!(text.contains(stays), "{text}");
        assert_eq!(of(&project), before);
    }
}

#[test]
fn owners_move_where_that_saves_lines_and_loses_no_comment() {
    let three = domains(3, |_, text| text);
    upgraded(&three).ends_with(0);
    let text = &texts(&three)["main.gov"];
    assert!(
        text.contains("\nownership d1_owners {\n  owner business maria deputy jo\n"),
        "{text}"
    );
    assert_eq!(text.matches("  ownership d1_owners\n").count(), 3, "{text}");
    assert!(text.contains("}\n\n/// Domain 1.\ndomain d1 {\n"), "{text}");
    // Two domains would not be shorter.
    let two = domains(2, |_, text| text);
    upgraded(&two).ends_with(0);
    assert!(!texts(&two)["main.gov"].contains("ownership"));
    // Owners with a comment, and others, stay where they are.
    let some = domains(5, |number, text| match number {
        1 => text.replace("owner   privacy dana\n", "owner   privacy dana // for now\n"),
        2 => text.replace("owner   privacy dana\n", "owner   privacy sam\n"),
        _ => text,
    });
    upgraded(&some).ends_with(0);
    let text = &texts(&some)["main.gov"];
    assert_eq!(text.matches("  ownership d3_owners\n").count(), 3, "{text}");
    assert!(text.contains("  owner   privacy dana  // for now\n"), "{text}");
    // A name that is taken is not taken again.
    let taken = domains(3, |number, text| match number {
        1 => format!("{text}ownership d1_owners {{\n  owner business jo\n}}\n\n"),
        _ => text,
    });
    upgraded(&taken).ends_with(0);
    assert!(texts(&taken)["main.gov"].contains("ownership d1_owners_2"));
}
