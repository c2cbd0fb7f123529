//! `quorate build`

use crate::cli::check::population;
use crate::cli::folder::{self, with_manifest};
use crate::cli::report::refused;
use crate::cli::{Exit, Terminal, Workspace};
use crate::compile::{Compilation, Meaning};
use crate::diagnostic::Level;
use crate::diagnostic::render::render;
use crate::emit::cedar::permit;
use crate::emit::engines;
use crate::emit::fidelity::{Fidelity, Target};
use crate::emit::loss::told;
use crate::emit::lower;
use crate::emit::package::{Failure, Package, package};
use crate::emit::policy::Policy;
use crate::emit::tools::tools;
use crate::emit::waived::Waived;
use crate::facts::calendar::changes;
use crate::facts::scope::sha256;
use crate::report;
use crate::report::evidence::{Policies, PolicyFile, PolicyGroup, Report};
use crate::words::{grouped, plural};
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Build {
    #[command(flatten)]
    pub(super) workspace: Workspace,
    /// The folder to write; an earlier build in it is replaced as a whole
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Also write the Cedar policies in the form a hosted service takes, or say which are too large for it
    #[arg(long)]
    hosted: bool,
}

impl Build {
    pub(super) fn run(&self, terminal: &mut Terminal) -> std::io::Result<Exit> {
        let (compilation, _) = terminal.checked_by_built_in_levels(&self.workspace.path);
        let Some(meaning) = &compilation.meaning else {
            return terminal.could_not_check(&compilation);
        };
        let style = terminal.style();
        for finding in crate::cli::check::sorted(&compilation) {
            write!(terminal.out, "{}", render(&compilation.sources, finding, style))?;
        }
        if compilation.count(Level::Error) > 0 {
            terminal.out.flush()?;
            writeln!(
                terminal.error,
                "{}\nnothing is written while a gap is open",
                crate::cli::check::summary(&compilation)
            )?;
            return Ok(Exit::Findings);
        }
        let agents = plural(meaning.model.agents.len(), "agent");
        terminal
            .progress
            .say(format!("writing policies for {agents}, and running both engines …"));
        let policy = lower::policy(
            &compilation.sources,
            &meaning.model,
            &meaning.facts,
            &compilation.serves(),
            &Waived::of(&compilation),
        );
        let package = match package(&policy, self.hosted) {
            Ok(package) => package,
            Err(failure) => return refuse(terminal, &compilation, meaning, &policy, &failure),
        };
        let files = match files(&compilation, meaning, &policy, &package) {
            Ok(files) => files,
            Err(message) => {
                writeln!(terminal.error, "error: {message}\nnothing is written")?;
                return Ok(Exit::CouldNotCheck);
            }
        };
        let shown = self.output.to_string_lossy().replace('\\', "/");
        if let Err(refusal) = folder::write(&self.output, &files) {
            return refused(terminal, &shown, &refusal);
        }
        if !terminal.common.quiet {
            terminal.out.flush()?;
            self.summary(terminal, &compilation, meaning, &policy, &package, &files)?;
        }
        Ok(Exit::Clean)
    }

    fn summary(
        &self,
        terminal: &mut Terminal,
        compilation: &Compilation,
        meaning: &Meaning,
        policy: &Policy,
        package: &Package,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> std::io::Result<()> {
        let out = &mut terminal.error;
        let unseen = compilation.unseen();
        let found = match (compilation.count(Level::Warning), compilation.count(Level::Note)) {
            (0, 0) => unseen.no_gaps().to_owned(),
            (warnings, notes) => {
                let both = [(warnings, "warning"), (notes, "note")].into_iter().filter(|(count, _)| *count > 0);
                format!(
                    "{}, {}",
                    unseen.no_gaps(),
                    both.map(|(count, word)| plural(count, word)).collect::<Vec<_>>().join(", ")
                )
            }
        };
        writeln!(
            out,
            "checked    {} · {} · {found}",
            plural(compilation.file_count(), "file"),
            population(compilation)
        )?;
        for line in unseen.all_lines() {
            writeln!(out, "           {line}")?;
        }
        let asked = package.agreement.allowed + package.agreement.denied;
        writeln!(
            out,
            "policies   {}, 2 Rego modules · Cedar, Rego and the model agree on {} derived requests",
            plural(permit::count(policy), "Cedar permit"),
            grouped(asked)
        )?;
        let report = Report::of(compilation, None, None);
        if report.frameworks.is_empty() {
            writeln!(out, "evidence   the workspace does not adopt a framework")?;
        }
        for (index, framework) in report.frameworks.iter().enumerate() {
            let word = if index == 0 { "evidence" } else { "" };
            writeln!(out, "{word:<10} {}: {}", framework.slug, framework.counts.words())?;
        }
        let digest = sha256(files.get(folder::MANIFEST).map_or(&[][..], Vec::as_slice));
        writeln!(
            out,
            "written    {} ({}, {}) · unsigned",
            self.output.display(),
            plural(files.len(), "file"),
            &digest[..digest.len().min(19)]
        )?;
        let next: Vec<String> = changes(&meaning.model)
            .iter()
            .take(3)
            .map(|change| format!("{} {}", change.on, change.what))
            .collect();
        let next = if next.is_empty() {
            "the model has no future date".to_owned()
        } else {
            next.join(" · ")
        };
        writeln!(out, "next       {next}")
    }
}

fn refuse(
    terminal: &mut Terminal,
    compilation: &Compilation,
    meaning: &Meaning,
    policy: &Policy,
    failure: &Failure,
) -> std::io::Result<Exit> {
    match failure {
        Failure::Lost(loss) => {
            let lines = told(&compilation.sources, &meaning.model, &meaning.facts, policy, loss);
            writeln!(terminal.error, "error: {}\nnothing is written", lines.join("\n  "))?;
        }
        Failure::Broken(sentence) => writeln!(terminal.error, "error: {sentence}\nnothing is written")?,
        Failure::TooLarge(sentences) => {
            writeln!(
                terminal.error,
                "error: a hosted service would not accept these policies\n  {}\nnothing is written; without --hosted you can build them for your own engine",
                sentences.join("\n  ")
            )?;
        }
        Failure::Disagreement(sentences) => {
            writeln!(
                terminal.error,
                "error: the engines do not decide as the model does, so nothing is written; this is a bug in Quorate, please report it"
            )?;
            for sentence in sentences.iter().take(10) {
                writeln!(terminal.error, "  {sentence}")?;
            }
            if sentences.len() > 10 {
                writeln!(terminal.error, "  and {} more", sentences.len() - 10)?;
            }
        }
    }
    Ok(Exit::CouldNotCheck)
}

/// Every file of a build, including the manifest.
fn files(compilation: &Compilation, meaning: &Meaning, policy: &Policy, package: &Package) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut files = package.files.clone();
    let pretty = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map(|text| (text + "\n").into_bytes())
            .map_err(|error| error.to_string())
    };
    for target in Target::ALL {
        let fidelity = Fidelity::of(&compilation.sources, &meaning.model, &meaning.facts, policy, target);
        // Beside the policies, not among them: a server that loads `rego` treats every document in it as data.
        let folder = target.folder();
        files.insert(format!("fidelity/{folder}.md"), report::fidelity::markdown(&fidelity).into_bytes());
        files.insert(format!("fidelity/{folder}.json"), report::fidelity::json(&fidelity)?.into_bytes());
    }
    files.insert("tools.json".into(), pretty(&tools(&meaning.model))?);
    files.insert(
        "people.json".into(),
        pretty(&json!({ "schema": "quorate/people/1", "accounts": lower::accounts(policy) }))?,
    );
    files.insert("model.json".into(), pretty(&crate::model::canonical::value(&meaning.model))?);
    let report = Report::of(compilation, None, Some(&policies(policy, package)));
    files.insert("evidence/report.html".into(), report::html::render(&report)?.into_bytes());
    files.insert("evidence/report.md".into(), report::markdown::render(&report)?.into_bytes());
    files.insert("evidence/evidence.json".into(), report::json::render(&report)?.into_bytes());
    let next: Vec<serde_json::Value> = changes(&meaning.model)
        .iter()
        .map(|change| json!({ "on": change.on.to_string(), "what": change.what }))
        .collect();
    let about = json!({
        "schema": "quorate/manifest/1",
        "version": env!("CARGO_PKG_VERSION"),
        "workspace": compilation.workspace,
        "as_of": compilation.options.as_of.to_string(),
        "sources": { "digest": compilation.sources_digest(), "files": compilation.file_count() },
        "revision": policy.revision,
        "derived_requests": package.agreement.kinds,
        "derived_requests_left_out": package.left_out,
        "derived_requests_in_pairs": package.pairwise,
        "next_change": next,
        "signed": false,
    });
    Ok(with_manifest(files, about))
}

fn policies(policy: &Policy, package: &Package) -> Policies {
    let sources: Vec<String> = policy.domains.values().map(|domain| domain.source.clone()).collect();
    let file = |(path, bytes): (&String, &Vec<u8>)| PolicyFile {
        name: path.clone(),
        digest: sha256(bytes),
        sources: if path.starts_with("cedar/") || path.starts_with("rego/") {
            sources.clone()
        } else {
            Vec::new()
        },
        domains: Vec::new(),
    };
    let groups = policy.groups.iter().map(|group| {
        let sources: Vec<&str> = group
            .domains
            .iter()
            .filter_map(|domain| policy.domains.get(domain))
            .map(|domain| domain.source.as_str())
            .collect();
        let agreed = package.by_group.get(&group.id).copied().unwrap_or(0);
        PolicyGroup {
            id: group.id.clone(),
            domains: group.domains.clone(),
            source: sources.join(", "),
            agreed,
        }
    });
    Policies {
        revision: policy.revision.clone(),
        files: package.files.iter().map(file).collect(),
        groups: groups.collect(),
        derived: package.agreement.allowed + package.agreement.denied,
        by_kind: package
            .agreement
            .kinds
            .iter()
            .map(|(kind, count)| ((*kind).to_owned(), *count))
            .collect(),
        engines: engines::versions(),
    }
}
