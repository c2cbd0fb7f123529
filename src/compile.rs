//! The whole pipeline in one function.

mod doubt;
mod one_person;
mod questions;
pub mod unseen;

use crate::checks;
use crate::compile::doubt::Doubt;
use crate::compile::unseen::{Unseen, not_held};
use crate::diagnostic::catalogue::NEVER_WAIVED;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::scope::sha256;
use crate::facts::{self, Facts};
use crate::model::build::{Complaints, ModelBuilder};
use crate::model::framework::Strength;
use crate::model::{self, Model, stand_in};
use crate::resolve::{self, Layout, Names, Outline};
use crate::source::{FileId, Origin, SourceFile, Sources, Span};
use crate::syntax;
use crate::syntax::secrets::{self, Found};
use crate::syntax::tree::Extent;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most files whose trees are held at a time.
const FILES_AT_ONCE: usize = 16;

/// How many days ahead the model is read unless `quorate.toml` says otherwise.
pub const HORIZON: i64 = 90;

/// The options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day the model is read as of.
    pub as_of: Date,
    /// How many days ahead.
    pub horizon: i64,
    /// The name of the workspace where no file says it.
    pub name: Option<String>,
    /// Levels by the name of a check, and where `quorate.toml` sets them; none is `off`.
    pub levels: BTreeMap<String, (Option<Level>, Span)>,
}

/// The result of a compilation.
#[derive(Debug)]
pub struct Compilation {
    /// The texts, the library's among them.
    pub sources: Sources,
    /// The options of the run.
    pub options: Options,
    /// Folders whose files were not read because `quorate.toml` leaves them out, each with the number of its `.gov`
    /// files.
    pub left_out: Vec<(String, usize)>,
    /// The name of the workspace.
    pub workspace: String,
    /// Errors in the text. If there are any, gaps are not checked.
    pub errors: Vec<Diagnostic>,
    /// Model and facts, where the text has no fault.
    pub meaning: Option<Meaning>,
    /// Levels of `quorate.toml` that do not hold, so that there is no verdict by them ([`Compilation::hold_levels`]).
    pub refused: Vec<Diagnostic>,
    /// The findings, in order.
    pub findings: Vec<Diagnostic>,
    /// For each check that is built, how many things it looked at.
    pub population: Vec<(&'static str, usize)>,
}

/// A model and what follows from it.
#[derive(Debug)]
pub struct Meaning {
    /// The model.
    pub model: Model,
    /// What follows.
    pub facts: Facts,
}

/// Compiles a workspace. `errors` are what reading the files already found.
pub fn compile(sources: Sources, options: Options, errors: Vec<Diagnostic>) -> Compilation {
    compile_as(sources, options, errors, Layout::Folders)
}

/// The same, given the layout that states what a file is part of.
pub fn compile_as(sources: Sources, options: Options, mut errors: Vec<Diagnostic>, layout: Layout) -> Compilation {
    let Outlined {
        outlines,
        secrets,
        errors: more,
        lost,
    } = outline(&sources);
    errors.extend(more);
    let doubt = (!errors.is_empty()).then(|| Doubt::of(&sources, &errors, !lost));
    let (names, more) = resolve::gather(&sources, outlines, options.name.as_deref(), layout);
    errors.extend(more);
    questions::explain(&sources, &names, &mut errors);
    let (model, more) = lower(&sources, &names, options.as_of, doubt.as_ref());
    errors.extend(more);
    let mut compilation = Compilation {
        sources,
        options,
        left_out: Vec::new(),
        workspace: names.workspace.to_string(),
        errors,
        meaning: None,
        refused: Vec::new(),
        findings: Vec::new(),
        population: Vec::new(),
    };
    drop(names);
    compilation.refused = unseen::too_low(&compilation.options);
    if let Some(model) = model.filter(|_| compilation.errors.is_empty()) {
        compilation.derive(model, &secrets);
    }
    compilation.sort_slips();
    compilation
}

/// What the files declare, as far as they can be read; other errors do not matter.
pub fn names(sources: &Sources, workspace: Option<&str>) -> Names {
    names_as(sources, workspace, Layout::Folders).0
}

/// The same, given the layout that states what a file is part of. Also returns the errors in the names.
pub fn names_as(sources: &Sources, workspace: Option<&str>, layout: Layout) -> (Names, Vec<Diagnostic>) {
    resolve::gather(sources, outline(sources).outlines, workspace, layout)
}

/// For each file, the headers of `use` lines that bring in nothing. Nothing where something in the workspace cannot be
/// read.
pub fn needless(sources: &Sources, workspace: Option<&str>) -> BTreeMap<FileId, Vec<Extent>> {
    let read = outline(sources);
    let (names, errors) = resolve::gather(sources, read.outlines, workspace, Layout::Folders);
    if !read.errors.is_empty() || !errors.is_empty() {
        return BTreeMap::new();
    }
    let files = (0..sources.files.len()).map(|index| FileId(index as u32));
    let own: Vec<FileId> = files.filter(|file| sources.file(*file).origin == Origin::Workspace).collect();
    let lines = own.par_iter().map(|file| (*file, resolve::needless(sources, &names, *file)));
    lines
        .filter(|(_, lines)| !lines.is_empty())
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

/// What is kept of the first reading.
#[derive(Default)]
struct Outlined {
    outlines: Vec<Outline>,
    secrets: Vec<Found>,
    errors: Vec<Diagnostic>,
    /// Whether the shape of some file is broken, so that declarations may be lost.
    lost: bool,
}

/// Reads every file for what it declares, and for its errors and secrets.
fn outline(sources: &Sources) -> Outlined {
    let read = sources.files.par_iter().enumerate().map(|(index, file)| {
        let (parsed, errors) = read(FileId(index as u32), file);
        (
            Outline::of(sources, &parsed),
            secrets::found(sources, &parsed),
            errors,
            parsed.shaped,
        )
    });
    let mut all = Outlined::default();
    for (outline, secrets, errors, shaped) in read.collect::<Vec<_>>() {
        all.lost |= !shaped;
        all.outlines.push(outline);
        all.secrets.extend(secrets);
        all.errors.extend(errors);
    }
    all
}

fn read(id: FileId, file: &SourceFile) -> (syntax::Parsed, Vec<Diagnostic>) {
    match file.origin {
        Origin::Library => syntax::parse_shipped(id, &file.text),
        Origin::Workspace => syntax::parse(id, &file.text),
        Origin::Settings => syntax::parse(id, ""),
    }
}

/// Reads every file a second time, now that all declarations are known, and lowers it. Reading twice costs less than
/// holding every line of a large workspace until the last file has been read. `doubt` says what the errors found before
/// leave uncertain, where there are any.
fn lower(sources: &Sources, names: &Names, as_of: Date, doubt: Option<&Doubt>) -> (Option<Model>, Vec<Diagnostic>) {
    let mut builder = ModelBuilder::new(sources, names, as_of);
    let mut errors = Vec::new();
    let files: Vec<FileId> = (0..sources.files.len()).map(|index| FileId(index as u32)).collect();
    for some in files.chunks(FILES_AT_ONCE) {
        let read: Vec<_> = some
            .par_iter()
            .map(|file| {
                let (mut parsed, _) = read(*file, sources.file(*file));
                let (uses, errors) = resolve::walk(sources, names, &mut parsed);
                (parsed, uses, errors)
            })
            .collect();
        for (parsed, uses, more) in read {
            // A declaration that could not be read is not a missing name.
            let certain = |error: &Diagnostic| {
                let missing = error.message.starts_with("no ");
                let covered = |doubt: &Doubt| error.span().is_none_or(|span| doubt.covers(sources.text(span)));
                !missing || !doubt.is_some_and(covered)
            };
            errors.extend(more.into_iter().filter(certain));
            // Even where something cannot be read, the same run reports the errors in the rest.
            builder.file(parsed, &uses);
        }
    }
    let readable = doubt.is_none() && errors.is_empty();
    let (model, Complaints { errors: more, absences }) = builder.finish();
    errors.extend(more);
    let certain = absences
        .into_iter()
        .filter(|(name, _)| !doubt.is_some_and(|doubt| doubt.covers(name)));
    errors.extend(certain.map(|(_, error)| error));
    // The check of replaced lines uses only declarations without errors.
    let mut model = Some(model).filter(|_| readable && errors.is_empty());
    errors.extend(model.iter_mut().flat_map(stand_in::settle));
    (model, errors)
}

impl Compilation {
    fn derive(&mut self, mut model: Model, secrets: &[Found]) {
        let facts = facts::derive(&model);
        let mut found = checks::run(&model, &facts, secrets, self.options.horizon);
        self.errors.extend(found.extract_if(.., |diagnostic| diagnostic.code.is_none()));
        let mut refused = self.settle(&model, &mut found);
        one_person::mark(&mut model, secrets, self.options.horizon, &mut found);
        checks::fingerprint::take_in(&mut found);
        // Waivers are checked against the findings once levels are set, so errors in waivers come last.
        let mut faults = checks::waivers::apply(&model, &facts, self.options.horizon, &mut found);
        refused.extend(self.settle(&model, &mut faults));
        found.extend(faults);
        self.refused.extend(refused);
        self.findings = checks::precedence::fold(found);
        let population = checks::population(&model, &facts, secrets, self.options.horizon);
        self.population = population.into_iter().map(|(check, count)| (check.code.id, count)).collect();
        self.meaning = Some(Meaning { model, facts });
    }

    /// Adds findings that take more than model and facts to find, at the level that is set for them.
    pub fn add(&mut self, mut found: Vec<Diagnostic>) {
        if let Some(meaning) = &self.meaning {
            let refused = self.settle(&meaning.model, &mut found);
            self.refused.extend(refused);
        }
        found.append(&mut self.findings);
        self.findings = checks::precedence::fold(found);
    }

    /// Gives findings their controls and fingerprints, and the level that `quorate.toml` sets. Returns the
    /// levels that a standard in force does not permit: a verdict by such levels would show less than was asked
    /// for.
    fn settle(&self, model: &Model, found: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
        let bearing = bearing(model);
        let mut refused: BTreeMap<&str, Diagnostic> = BTreeMap::new();
        found.retain_mut(|finding| {
            let Some(code) = finding.code else {
                return true;
            };
            finding.finding.controls = bearing.get(code.name).cloned().unwrap_or_default();
            finding.finding.fingerprint = checks::fingerprint::of(model, finding);
            let built_in = finding.level;
            finding.finding.built_in = Some(built_in);
            let Some((level, at)) = self.options.levels.get(code.name) else {
                return true;
            };
            // The level of the check does not apply to a finding that is more severe than others of its check.
            let level = (*level).max(Some(built_in).filter(|_| *level == Some(code.level)));
            if level >= Some(built_in) {
                finding.level = level.unwrap_or(built_in);
                return true;
            }
            if finding.finding.firm || NEVER_WAIVED.contains(&code.id) {
                let why = "this is an error whatever the settings say";
                finding.related.push(not_held(level, *at, why));
                return true;
            }
            if let Some((standard, rule)) = finding.finding.standard.as_ref().or(finding.finding.applicable.as_ref()) {
                let said = level.map_or("off", Level::word);
                let message = format!(
                    "{} {} cannot be `{said}`: the standard {standard} requires what it checks",
                    code.id, code.name
                );
                refused.entry(code.name).or_insert_with(|| {
                    let error = Diagnostic::error(*at, message).related(*rule, "asked for here");
                    let error = finding
                        .span()
                        .into_iter()
                        .fold(error, |error, span| error.related(span, finding.message.clone()));
                    error.help("take the line out; for an exception write a waiver")
                });
                return true;
            }
            // An error stays visible.
            let least = Some(Level::Note).filter(|_| built_in == Level::Error);
            match level.max(least) {
                Some(level) => finding.level = level,
                None => return false,
            }
            true
        });
        refused.into_values().collect()
    }

    /// Reports levels that do not hold like every other error in the settings: with such an error there is no
    /// verdict. A caller that reads a model without judging it need not call this.
    pub fn hold_levels(&mut self) {
        if self.refused.is_empty() {
            return;
        }
        self.errors.append(&mut self.refused);
        self.sort_slips();
        (self.meaning, self.findings) = (None, Vec::new());
    }

    /// Whether nothing but open questions keeps it from a verdict.
    pub fn only_questions(&self) -> bool {
        !self.errors.is_empty() && self.errors.iter().all(|error| error.question.is_some())
    }

    fn sort_slips(&mut self) {
        self.errors.sort_by_key(|error| (error.span(), error.message.clone()));
        self.errors
            .dedup_by(|one, two| one.span() == two.span() && one.message == two.message);
    }

    /// Takes every finding by its built-in level, where a lower one is set: what is let through is never decided by
    /// `quorate.toml`.
    pub fn by_built_in_levels(&mut self) {
        for finding in &mut self.findings {
            finding.level = finding
                .finding
                .built_in
                .map_or(finding.level, |built_in| built_in.max(finding.level));
        }
    }

    /// What the verdict did not check.
    pub fn unseen(&self) -> Unseen {
        Unseen::of(self)
    }

    /// The controls that a policy serves: those on which the separation of functions bears directly.
    pub fn serves(&self) -> Vec<String> {
        let model = self.meaning.as_ref().map(|meaning| &meaning.model);
        let frameworks = model
            .into_iter()
            .flat_map(|model| model.adoption.frameworks.iter().map(|id| &model.frameworks[id.index()]));
        let mut controls = Vec::new();
        for framework in frameworks {
            for control in &framework.controls {
                let speaks = |check: &str| check == "missing-function" || check == "unenforced";
                let direct =
                    |evidence: &model::Evidence| evidence.strength == Strength::Direct && evidence.checks.iter().any(|check| speaks(check));
                if control.evidence.iter().any(direct) {
                    controls.push(format!("{}:{}", framework.slug, control.id));
                }
            }
        }
        controls
    }

    /// How many findings there are at a level.
    pub fn count(&self, level: Level) -> usize {
        self.open().filter(|finding| finding.level == level).count()
    }

    /// The findings that no waiver relieves.
    pub fn open(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.finding.waived_by.is_none())
    }

    /// How many open findings a baseline lets through.
    pub fn in_baseline(&self) -> usize {
        self.open().filter(|finding| finding.finding.in_baseline).count()
    }

    /// How many findings are waived.
    pub fn waived(&self) -> usize {
        self.findings.len() - self.open().count()
    }

    /// Digest of the workspace's own sources: names and texts, in order.
    pub fn sources_digest(&self) -> String {
        let own = self.sources.files.iter().filter(|file| file.origin == Origin::Workspace);
        let text: String = own.map(|file| format!("{} {}\n", file.digest(), file.name)).collect();
        sha256(text.as_bytes())
    }

    /// How many files are the workspace's own.
    pub fn file_count(&self) -> usize {
        self.sources.files.iter().filter(|file| file.origin == Origin::Workspace).count()
    }
}

/// For each check the controls it bears on in the frameworks adopted, the ones it bears on directly first.
fn bearing(model: &Model) -> BTreeMap<String, Arc<[String]>> {
    let mut bearing: BTreeMap<String, Vec<(Strength, usize, String)>> = BTreeMap::new();
    for (order, framework) in model.adoption.frameworks.iter().enumerate() {
        let framework = &model.frameworks[framework.index()];
        for control in &framework.controls {
            for evidence in &control.evidence {
                for check in &evidence.checks {
                    let id = format!("{}:{}", framework.slug, control.id);
                    bearing.entry(check.to_string()).or_default().push((evidence.strength, order, id));
                }
            }
        }
    }
    let sorted = bearing.into_iter().map(|(check, mut controls)| {
        controls.sort_by_key(|(strength, order, _)| (*strength, *order));
        let mut ids: Vec<String> = Vec::new();
        for (_, _, id) in controls {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        (check, ids.into())
    });
    sorted.collect()
}
