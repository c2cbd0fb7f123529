//! A folder is a module: what files of one folder see of each other, what other folders need, and which `use` lines `fmt` takes out.

use crate::project::Project;

/// A workspace of two files in one folder and one in a folder below.
fn acme() -> Project {
    Project::new()
        .file(
            "main.gov",
            "workspace acme {\n  changes approve business and security\n  owner   business maria\n  owner   security sam\n}\n",
        )
        .file("people.gov", "person maria { reports_to none }\nperson sam { reports_to none }\n")
}

fn shown(project: &Project, code: i32) -> String {
    let outcome = project.run(&["check"]).ends_with(code);
    outcome.out
}

#[test]
fn files_of_one_folder_see_each_other() {
    let out = shown(&acme(), 1);
    assert!(!out.contains("is called"), "{out}");
}

#[test]
fn a_name_in_two_files_of_a_folder_is_shown_at_both_places() {
    let out = shown(&acme().file("more.gov", "person sam { reports_to none }\n"), 2);
    assert!(out.contains("person `sam` is declared twice"), "{out}");
    assert!(out.contains("more.gov:1:1") && out.contains("people.gov:2:1"), "{out}");
    // In a folder of its own it is another person.
    let apart = acme().file("shop/more.gov", "person sam { reports_to none }\n");
    assert!(!shown(&apart, 1).contains("declared twice"));
}

#[test]
fn a_folder_whose_name_is_no_name_is_told_once() {
    let project = acme()
        .file("Über uns/a.gov", "person a { reports_to none }\n")
        .file("Über uns/b.gov", "person b { reports_to none }\n");
    let out = shown(&project, 2);
    assert_eq!(
        out.matches("the name of the folder `Über uns` cannot be a module name").count(),
        1,
        "{out}"
    );
    assert!(out.contains("module acme.something"), "{out}");
    let told = acme().file("Über uns/a.gov", "module acme.us\n\nperson a { reports_to none }\n");
    shown(&told, 1);
    shown(&acme().file("about-us/a.gov", "person a { reports_to none }\n"), 1);
}

#[test]
fn the_use_of_a_file_that_is_part_of_the_folder_is_told_how_to_be_written() {
    let out = shown(
        &acme().file(
            "more.gov",
            "use acme.people.*\nteam t { lead maria; members maria, sam; managed_by sam; kept_in none }\n",
        ),
        2,
    );
    assert!(
        out.contains("`acme.people` is not a module: the file people.gov is part of `acme`"),
        "{out}"
    );
    assert!(out.contains("remove this line"), "{out}");
    assert_eq!(out.matches("error: ").count(), 1, "{out}");
    let below = acme().file("shop/staff.gov", "person ann { reports_to none }\n").file(
        "more.gov",
        "use acme.shop.staff.{ann}\nteam t { lead ann; members ann; managed_by sam; kept_in none }\n",
    );
    let out = shown(&below, 2);
    assert!(out.contains("`use acme.shop.*`"), "{out}");
}

#[test]
fn another_folder_takes_a_line() {
    let staff = |line: &str| {
        acme().file("shop/staff.gov", "person ann { reports_to none }\n").file(
            "more.gov",
            &format!("{line}team t {{ lead ann; members ann; managed_by sam; kept_in none }}\n"),
        )
    };
    let out = shown(&staff(""), 2);
    assert!(out.contains("it is declared in `acme.shop`; add `use acme.shop.ann`"), "{out}");
    assert!(!shown(&staff("use acme.shop.ann\n"), 1).contains("is called"));
}

#[test]
fn a_class_of_ones_own_is_what_its_name_means() {
    let with = |text: &str| acme().file("data.gov", text);
    // The library's class takes no line.
    let out = with("system crm { holds customer.profile; managed_by maria; feeds none }\n").run(&["check"]);
    assert!(!out.out.contains("no data is called"), "{out}");
    // Where the folder declares a class of that name, its parts are looked for in it alone.
    let out = shown(
        &with("data customer { data address }\nsystem crm { holds customer.profile; managed_by maria; feeds none }\n"),
        2,
    );
    assert!(out.contains("no data is called `customer.profile`"), "{out}");
}

fn formatted(project: &Project, file: &str) -> String {
    project.run(&["fmt"]).ends_with(0);
    std::fs::read_to_string(project.path(file)).expect("it is there")
}

#[test]
fn fmt_takes_out_the_lines_that_bring_in_nothing() {
    let project = acme().file("shop/staff.gov", "person ann { reports_to none }\nperson bob { reports_to none }\n").file(
        "more.gov",
        "//! What is here.\n\n// of the library\nuse std.customer.*  // all of it\nuse acme.*\nuse acme.shop.*\nuse std.audit.{audit}\n\n\
         team t {\n  lead       ann\n  members    ann, sam\n  managed_by sam\n  kept_in    none\n}\n",
    );
    let text = formatted(&project, "more.gov");
    assert!(
        text.contains("use acme.shop.*") && !text.contains("use std") && !text.contains("use acme.*"),
        "{text}"
    );
    assert!(text.contains("// of the library") && text.contains("// all of it"), "{text}");
    let again = formatted(&project, "more.gov");
    assert_eq!(again, text);
    project.run(&["check"]).ends_with(1);
    project.run(&["fmt", "--check"]).ends_with(0);
}

#[test]
fn fmt_takes_out_the_names_in_a_list_that_bring_in_nothing() {
    let people = "person ann { reports_to none }\nperson bob { reports_to none }\nperson eve { reports_to none }\n";
    let team = "team t {\n  lead       ann\n  members    ann, boss\n  managed_by sam\n  kept_in    none\n}\n";
    let written = |line: &str| {
        let project = acme().file("shop/staff.gov", people).file("more.gov", &format!("{line}\n\n{team}"));
        let text = formatted(&project, "more.gov");
        assert_eq!(formatted(&project, "more.gov"), text);
        project.run(&["check"]).ends_with(1);
        text.split("\n\n").next().unwrap_or_default().to_owned()
    };
    for line in [
        "use acme.shop.{ann, bob as boss, bob, eve}",
        "use acme.shop.{bob, ann, eve, bob as boss}",
        "use acme.shop.{ann, eve as ida, bob, bob as boss, eve}",
        "use acme.shop.{\n  ann, eve,\n  bob as boss,\n  bob\n}",
        "use acme.shop.{ann, bob as boss}; use acme.shop.{eve, bob}",
    ] {
        assert_eq!(written(line), "use acme.shop.{ann, bob as boss}", "{line}");
    }
    // A comment among the names stays, and so do the names.
    let kept = written("use acme.shop.{\n  ann, // the lead\n  eve, bob as boss}");
    assert!(kept.contains("eve") && kept.contains("// the lead"), "{kept}");
}

#[test]
fn fmt_says_that_a_file_with_such_a_line_is_not_canonical() {
    let project = acme().file("more.gov", "use std.customer.*\n\nprovider one \"One\"\n");
    let outcome = project.run(&["fmt", "--check", "more.gov"]).ends_with(1);
    assert!(outcome.out.contains("more.gov"), "{outcome}");
}

#[test]
fn fmt_takes_out_nothing_that_a_name_may_need() {
    // Another name for it, a name that only this line finds, and a file with an error beside it.
    let renamed = acme().file(
        "more.gov",
        "use std.customer.{customer as client}\n\nsystem crm {\n  holds      client.profile\n  managed_by maria\n  feeds      none\n}\n",
    );
    assert!(formatted(&renamed, "more.gov").contains("as client"));
    let hidden = acme().file("data.gov", "data customer {\n  data address\n}\n").file(
        "shop/more.gov",
        "use acme.*\nuse std.customer.*\n\nsystem crm {\n  holds      customer.address\n  managed_by maria\n  feeds      none\n}\n",
    );
    hidden.run(&["check"]).ends_with(1);
    let text = formatted(&hidden, "shop/more.gov");
    assert!(text.contains("use acme.*"), "{text}");
    hidden.run(&["check"]).ends_with(1);
    let broken = acme()
        .file("more.gov", "use std.customer.*\n\nprovider one \"One\"\n")
        .file("error.gov", "persn x {}\n");
    assert!(formatted(&broken, "more.gov").contains("use std.customer.*"));
}

#[test]
fn windows_line_ends_and_a_mark_stay_when_a_line_is_taken_out() {
    let project = acme().bytes("more.gov", "\u{feff}use std.customer.*\r\n\r\nprovider one \"One\"\r\n".as_bytes());
    let text = formatted(&project, "more.gov");
    assert!(text.contains("provider one") && !text.contains("use "), "{text:?}");
}
