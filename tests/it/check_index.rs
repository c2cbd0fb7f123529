//! The index of the pages of checks, and which of them is reported where several meet.

use crate::golden;
use quorate::checks::precedence::CHAINS;
use quorate::checks::{ALL, Check};
use quorate::diagnostic::catalogue;

/// The families in order; the first digit of a number says which.
const FAMILIES: [&str; 7] = [
    "Approval",
    "Identity and credentials",
    "Scope and data",
    "Runtime and rollback",
    "Evidence",
    "Many agents, many systems",
    "Governance of the governance",
];

#[test]
fn the_index_lists_every_check() {
    golden::compare("docs/codes/README.md", &index());
}

fn index() -> String {
    let mut out = String::from(
        "# The checks\n\n\
         Each check has a number, a name and a page. `quorate explain missing-function` prints the page. The level can be set in \
         `quorate.toml`, no lower than `note` where it is error here; where a standard in force asks for what the check looks at, it can \
         only be raised. `build`, `decide` and `prove` go by the level here where a lower one is set.\n\n\
         This page is generated: `QUORATE_BLESS=1 cargo test check_index` writes it.\n",
    );
    for (family, title) in (1..).zip(FAMILIES) {
        let start = format!("GOV{family}");
        let checks: Vec<&&Check> = ALL.iter().filter(|check| check.code.id.starts_with(&start)).collect();
        if checks.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "\n## {title}\n\n| Code | Name | Level | What it says |\n|---|---|---|---|\n"
        ));
        for check in checks {
            let code = check.code;
            out.push_str(&format!(
                "| {} | [{}]({}.md) | {} | {} |\n",
                code.id,
                code.name,
                code.name,
                code.level.word(),
                first_sentence(check)
            ));
        }
    }
    out.push_str(
        "\n## Precedence\n\n\
         One fault has one code. Where several checks of one line below find something at the same declaration, the first is \
         reported and the others stand under it as `also`. So does what only follows from another finding there, where the check can \
         tell. A warning never takes in an error, and a fault of one clause none of another. What has no link is not checked yet.\n\n",
    );
    for chain in CHAINS {
        let names: Vec<String> = chain.iter().map(|id| name(id)).collect();
        out.push_str(&format!("- {}\n", names.join(" > ")));
    }
    out
}

/// A name, with a link if there is a page.
fn name(id: &str) -> String {
    let code = catalogue::find(id).expect("a chain names codes of the catalogue");
    match ALL.iter().any(|check| check.code == code) {
        true => format!("[{id} {}]({}.md)", code.name, code.name),
        false => format!("{id} {}", code.name),
    }
}

/// The first sentence under "What it says".
fn first_sentence(check: &Check) -> String {
    let (_, after) = check
        .page
        .split_once("## What it says\n")
        .expect("every page says what the check says");
    let paragraph = after.trim_start().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split_once(". ").map_or(paragraph.as_str(), |(sentence, _)| sentence);
    format!("{}.", sentence.trim_end_matches('.')).replace('|', "\\|")
}
