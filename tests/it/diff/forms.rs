//! How a difference is written, and between what.

use crate::diff::{commit, committed, edit, rename, run};
use crate::project::{Project, TODAY, repository, run_in};

/// What two examples differ in, without a solver, so that it is the same everywhere.
fn between(old: &str, new: &str, format: &str) -> String {
    let arguments = ["diff", old, new, "--prove=never", "--format", format];
    run_in(&repository().join("examples"), TODAY, &arguments).ends_with(1).out
}

#[test]
fn people_read_it_in_eighty_columns() {
    let told = between("customer-data", "customer-data-gaps", "human");
    let long = told.lines().filter(|line| line.chars().count() > 80);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new());
    insta::assert_snapshot!("diff-human", told);
}

#[test]
fn a_comment_says_first_what_is_weaker() {
    insta::assert_snapshot!(
        "diff-markdown",
        between("prices-and-refunds", "prices-and-refunds-gaps", "markdown")
    );
}

#[test]
fn long_lists_are_folded_for_people_alone() {
    let told = between("customer-data", "prices-and-refunds", "human");
    assert!(told.contains(" more; `--format json` has them all"), "{told}");
    assert!(!between("customer-data", "prices-and-refunds", "json").contains(" has them all"));
}

#[test]
fn any_difference_fails_where_that_is_asked_for() {
    let project = committed();
    run(&project, &["diff", "git:main", "governance", "--fail-on", "any"]).ends_with(0);
    rename(&project);
    let renamed = run(&project, &["diff", "git:main", "governance"]).ends_with(0);
    assert!(
        renamed.out.starts_with("This change does not weaken accountability.\n"),
        "{renamed}"
    );
    run(&project, &["diff", "git:main", "governance", "--fail-on", "any"]).ends_with(1);
}

#[test]
fn a_file_is_written_whole_and_nothing_beside_it() {
    let project = committed();
    edit(
        &project,
        "approve   business and security and privacy",
        "approve   business and security",
    );
    let shown = run(
        &project,
        &["diff", "git:main", "governance", "--prove=never", "--format", "markdown"],
    )
    .ends_with(1);
    let arguments = [
        "diff",
        "git:main",
        "governance",
        "--prove=never",
        "--format",
        "markdown",
        "--output",
        "comment.md",
    ];
    let written = run(&project, &arguments).ends_with(1);
    assert_eq!(written.out, "");
    let file = std::fs::read_to_string(project.path("comment.md")).expect("it is written");
    assert_eq!(file, shown.out);
    assert!(
        file.starts_with("<!-- quorate-diff -->\n### This change weakens accountability.\n"),
        "{file}"
    );
    let folder = run(&project, &["diff", "git:main", "governance", "--output", "governance"]).ends_with(2);
    assert!(folder.error.contains("cannot write governance: it is a folder"), "{folder}");
}

#[test]
fn a_temporary_folder_is_never_told() {
    let project = committed();
    edit(
        &project,
        "approve   business and security and privacy",
        "approve   business and security",
    );
    let told = run(&project, &["-v", "diff", "git:main", "governance"]).ends_with(1);
    let folder = std::env::temp_dir().to_string_lossy().into_owned();
    assert!(told.error.contains("read     git:main:governance/marketing.gov\n"), "{told}");
    assert!(told.error.contains("read     governance/marketing.gov\n"), "{told}");
    assert!(!told.to_string().contains(&folder), "{told}");
}

/// Every file of the workspace, written anew.
fn rewritten(project: &Project, with: impl Fn(&str) -> String) {
    for entry in std::fs::read_dir(project.path("governance")).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let text = std::fs::read_to_string(&path).expect("it is text");
        std::fs::write(&path, with(&text)).expect("it can be written");
    }
}

#[test]
fn the_ends_of_lines_and_the_names_of_files_are_no_change() {
    let project = committed();
    rewritten(&project, |text| text.replace('\n', "\r\n"));
    let ends = run(&project, &["diff", "git:main", "governance", "--fail-on", "any"]).ends_with(0);
    assert_eq!(ends.out, "No change to accountability.\n");
    std::fs::rename(project.path("governance/tests.gov"), project.path("governance/a_tests.gov")).expect("it can be renamed");
    let names = run(&project, &["diff", "git:main", "governance", "--fail-on", "any"]).ends_with(0);
    assert_eq!(names.out, "No change to accountability.\n");
}

#[test]
fn a_file_of_a_workspace_stands_for_it() {
    let project = committed();
    edit(
        &project,
        "approve   business and security and privacy",
        "approve   business and security",
    );
    let folder = run(&project, &["diff", "git:main", "governance", "--prove=never"]).ends_with(1);
    let file = run(&project, &["diff", "git:main", "governance/people.gov", "--prove=never"]);
    assert_eq!(file.out, folder.out, "{file}");
}

#[test]
fn two_workspaces_below_a_path_are_not_compared_as_one() {
    let project = committed();
    for entry in std::fs::read_dir(project.path("governance")).expect("it is there") {
        let path = entry.expect("it is readable").path();
        let name = path.file_name().expect("it is a file").to_owned();
        std::fs::create_dir_all(project.path("second")).expect("it can be made");
        std::fs::copy(&path, project.path("second").join(name)).expect("it can be copied");
    }
    for folder in ["governance", "second"] {
        std::fs::write(project.path(folder).join("quorate.toml"), "name = \"acme\"\n").expect("it can be written");
    }
    commit(&project);
    let both = run(&project, &["diff", "git:HEAD", "."]).ends_with(2);
    assert_eq!(both.out, "", "{both}");
    run(&project, &["diff", "governance", "second"]).ends_with(0);
}
