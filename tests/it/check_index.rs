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
         Each check has a number, a name and a page. `quorate explain missing-function` prints the page. You can set the level in \
         `quorate.toml`. You cannot set a check that is error here lower than `note`. If a standard in force asks for what a check looks \
         at, you can only raise its level. If you set a lower level, `build`, `decide` and `prove` still use the level here.\n\n\
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
         One fault has one code. If several checks of one line below find something at the same declaration, Quorate reports the \
         first and lists the others under it as `also`. If a check can tell that its finding only follows from another finding there, \
         Quorate lists it in the same way. An error is never listed under a warning, and a fault of one clause is never listed under a \
         fault of another clause. A check without a link does not exist yet.\n\n",
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
