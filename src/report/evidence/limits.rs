//! Section 7: how to verify the report without trusting it, and what it cannot show.

use crate::compile::Compilation;
use crate::report::evidence::Report;
use crate::words::counted;
use serde::Serialize;

/// One step to verify the report.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What the step shows.
    pub what: String,
    /// The command, for a shell in the root of the workspace.
    pub command: String,
    /// The expected result.
    pub gives: String,
}

/// How to verify the report.
#[derive(Clone, Debug, Serialize)]
pub struct Verify {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

pub(super) fn verify(compilation: &Compilation) -> Verify {
    let as_of = compilation.options.as_of;
    let version = env!("CARGO_PKG_VERSION");
    let files: Vec<String> = super::covers::covers(compilation)
        .files
        .iter()
        .map(|file| quoted(&file.name))
        .collect();
    let files = files.join(" ");
    let step = |what: &str, command: String, gives: &str| Step {
        what: what.to_owned(),
        command,
        gives: gives.to_owned(),
    };
    let mut steps = vec![
        step(
            "The files are the ones that Quorate read.",
            format!("sha256sum -- {files}"),
            "the digest of each file in section 1",
        ),
        step(
            "The digest of the sources is the digest of these files.",
            format!(
                "for file in {files}; do printf 'sha256:%s %s\\n' \"$(sha256sum < \"$file\" | cut -d ' ' -f 1)\" \"$file\"; done | sha256sum"
            ),
            &format!(
                "{} (a byte order mark at the start of a file is left out of its digest)",
                compilation.sources_digest()
            ),
        ),
        step(
            "The tool is the one that wrote this report.",
            "quorate --version".to_owned(),
            &format!("quorate {version}"),
        ),
        step(
            "The findings follow from these files on that day.",
            format!("quorate check . --as-of {as_of} --format json"),
            "the findings of section 4, with the same fingerprints",
        ),
        step(
            "This report follows from these files on that day.",
            format!("quorate report . --as-of {as_of} -o again"),
            "the same bytes, from the same version",
        ),
    ];
    steps.push(step(
        "A statement says what its source line says.",
        "sed -n '41p' FILE".to_owned(),
        "the line a statement cites; every cited line is repeated at the end of this report",
    ));
    Verify { steps }
}

/// A file name as one word for a shell.
fn quoted(name: &str) -> String {
    match name.chars().all(|char| char.is_ascii_alphanumeric() || "/._-".contains(char)) && !name.starts_with('-') {
        true => name.to_owned(),
        false => format!("'{}'", name.replace('\'', "'\\''")),
    }
}

/// What the report cannot show: first what no model can, then what this one does not.
pub(super) fn cannot_show(report: &Report) -> Vec<String> {
    let mut all = vec![
        "Whether the declarations are true. Quorate reads what people wrote in .gov files; it did not compare them with a running system, a log or a person.".to_owned(),
        "How anything operated over a period. The report shows a design as of one day.".to_owned(),
        "Anything that nobody declared: an agent, a system, a credential or a data flow that is not in the files is not in this report.".to_owned(),
    ];
    if !report.errors.is_empty() {
        all.insert(
            0,
            "Anything about gaps: Quorate could not read the files as a model, so it checked nothing.".to_owned(),
        );
        return all;
    }
    let idle: Vec<&str> = report
        .checks
        .iter()
        .filter(|check| check.looked_at == 0 && !check.off)
        .map(|check| check.code)
        .collect();
    if !idle.is_empty() {
        all.push(format!(
            "Anything that {} would find: there was nothing of that kind to check ({}).",
            counted(idle.len(), "check", "checks"),
            idle.join(", ")
        ));
    }
    let off: Vec<&str> = report.checks.iter().filter(|check| check.off).map(|check| check.code).collect();
    if !off.is_empty() {
        all.push(format!("Anything that {} would find: quorate.toml turns it off.", off.join(", ")));
    }
    let beyond: usize = report.frameworks.iter().map(|framework| framework.counts.not_addressed).sum();
    let controls: usize = report.frameworks.iter().map(|framework| framework.counts.controls).sum();
    if beyond > 0 {
        all.push(format!(
            "{beyond} of {controls} controls of the frameworks: these are listed as not addressed, with what to ask for instead where the catalogue names it."
        ));
    }
    match report.policies {
        None => all.push("What the gateway enforces at request time: this report has no policies.".to_owned()),
        Some(_) => all.push("Whether the gateway uses these policies: compare their digests where the gateway loads them.".to_owned()),
    }
    if report.covers.commit.is_none() {
        all.push("Which commit the files belong to: nobody gave it.".to_owned());
    }
    all.push("Who made or approved this report: it is not signed.".to_owned());
    all
}
