//! The text below the help of each command: its exit codes, an example, and where to read more.

use crate::cli::Cli;
use clap::{Command, CommandFactory};

/// The text below the help of one command.
struct Below {
    name: &'static str,
    exits: &'static str,
    example: &'static str,
    read: &'static str,
}

const CHECKED: &str = "0 clean   1 findings   2 could not check (neither)";
const WRITTEN: &str = "0 written   1 findings, nothing written   2 could not check or write";
const DONE: &str = "0 done   2 failed, nothing written";

const BELOW: &[Below] = &[
    Below {
        name: "init",
        exits: DONE,
        example: "quorate init governance",
        read: "docs/tutorial.md",
    },
    Below {
        name: "new",
        exits: DONE,
        example: "quorate new task sort_tickets \"Sort tickets\" --for triage",
        read: "docs/tutorial.md",
    },
    Below {
        name: "check",
        exits: CHECKED,
        example: "quorate check governance --format github --output sarif=quorate.sarif",
        read: "docs/ci.md, docs/fix.md and docs/settings.md; `quorate explain CODE` for each check",
    },
    Below {
        name: "build",
        exits: WRITTEN,
        example: "quorate build governance -o evidence",
        read: "docs/enforcement.md",
    },
    Below {
        name: "report",
        exits: WRITTEN,
        example: "quorate report governance -o evidence --as-of 2026-12-31",
        read: "docs/proof.md",
    },
    Below {
        name: "test",
        exits: "0 every test passes   1 a test fails   2 could not test",
        example: "quorate test governance --mutate",
        read: "docs/language.md",
    },
    Below {
        name: "prove",
        exits: "0 proved for every request   1 a gap is open or a claim is false   2 not proved",
        example: "quorate prove governance",
        read: "docs/proof.md",
    },
    Below {
        name: "decide",
        exits: "0 every request answered   1 a gap is open   2 could not decide",
        example: "quorate decide governance requests.jsonl",
        read: "docs/requests.md",
    },
    Below {
        name: "fmt",
        exits: "0 done   1 with `--check` or `--diff`: a file would change   2 a file cannot be read",
        example: "quorate fmt --check governance",
        read: "docs/language.md",
    },
    Below {
        name: "who",
        exits: "0 answered   1 the files have open questions   2 could not answer",
        example: "quorate who campaign write.update customer.consent in crm",
        read: "docs/language.md",
    },
    Below {
        name: "diff",
        exits: "0 not weaker   1 weaker, or as `--fail-on` says   2 a side could not be read",
        example: "quorate diff git:main governance",
        read: "docs/diff.md",
    },
    Below {
        name: "model",
        exits: "0 written   1 the files have open questions   2 could not read them",
        example: "quorate model governance",
        read: "docs/schemas",
    },
    Below {
        name: "explain",
        exits: "0 shown   2 unknown check",
        example: "quorate explain GOV103",
        read: "docs/codes",
    },
    Below {
        name: "std",
        exits: "0 shown   2 unknown module",
        example: "quorate std customer",
        read: "docs/language.md",
    },
    Below {
        name: "completions",
        exits: DONE,
        example: "quorate completions bash",
        read: "docs/ci.md",
    },
    Below {
        name: "man",
        exits: DONE,
        example: "quorate man target/man",
        read: "docs/ci.md",
    },
];

/// The command line, with the text below the help of each command.
pub(super) fn command() -> Command {
    BELOW.iter().fold(Cli::command(), |command, below| {
        let text = format!(
            "Exit codes:  {}\nExample:     {}\nRead more:   {}",
            below.exits, below.example, below.read
        );
        command.mut_subcommand(below.name, |inner| inner.after_help(text))
    })
}
