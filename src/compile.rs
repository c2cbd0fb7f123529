//! Compiles a workspace: the whole pipeline in one function.

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

/// The largest number of files whose trees are in memory at a time.
const FILES_AT_ONCE: usize = 16;

/// The number of days ahead that the checks look, unless `quorate.toml` sets another.
pub const HORIZON: i64 = 90;

/// The options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day for which the model is read.
    pub as_of: Date,
    /// The number of days ahead that the checks look.
    pub horizon: i64,
    /// The name of the workspace if no file states it.
    pub name: Option<String>,
    /// Levels by the name of a check, and where `quorate.toml` sets them. `None` is `off`.
    pub levels: BTreeMap<String, (Option<Level>, Span)>,
}

/// The result of a compilation.
#[derive(Debug)]
pub struct Compilation {
    /// The texts, including the standard library.
    pub sources: Sources,
    /// The options of the run.
    pub options: Options,
    /// Folders that `quorate.toml` leaves out, each with the number of its `.gov` files. Their files were not
    /// read.
    pub left_out: Vec<(String, usize)>,
    /// The name of the workspace.
    pub workspace: String,
    /// Errors in the text. If there are any, Quorate does not look for gaps.
    pub errors: Vec<Diagnostic>,
    /// The model and its facts, if the text has no errors.
    pub meaning: Option<Meaning>,
    /// Levels in `quorate.toml` that are not permitted. They prevent a verdict once [`Compilation::hold_levels`]
    /// is called.
    pub refused: Vec<Diagnostic>,
    /// The findings, in order.
    pub findings: Vec<Diagnostic>,
    /// For each check, by the id of its code, how many things it looked at.
    pub population: Vec<(&'static str, usize)>,
}

/// A model and the facts derived from it.
#[derive(Debug)]
pub struct Meaning {
    /// The model.
    pub model: Model,
    /// The facts.
    pub facts: Facts,
}

/// Compiles a workspace. `errors` are the errors found while reading the files.
pub fn compile(sources: Sources, options: Options, errors: Vec<Diagnostic>) -> Compilation {
    compile_as(sources, options, errors, Layout::Folders)
}

/// Compiles a workspace with the given layout, which decides the module of each file.
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

/// Returns what the files declare, as far as they can be read. Ignores errors.
pub fn names(sources: &Sources, workspace: Option<&str>) -> Names {
    names_as(sources, workspace, Layout::Folders).0
}

/// Returns what the files declare in the given layout, and the errors in the names.
pub fn names_as(sources: &Sources, workspace: Option<&str>, layout: Layout) -> (Names, Vec<Diagnostic>) {
    resolve::gather(sources, outline(sources).outlines, workspace, layout)
}

/// Returns, for each file, the stretches of `use` lines that bring in nothing needed. The result is empty if
/// anything in the workspace has an error.
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

/// What Quorate keeps after it has read all files once.
#[derive(Default)]
struct Outlined {
    outlines: Vec<Outline>,
    secrets: Vec<Found>,
    errors: Vec<Diagnostic>,
    /// Whether a file has syntax errors, so that declarations may be lost.
    lost: bool,
}

/// Reads every file, and returns its declarations, errors and secrets.
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

/// Reads every file a second time, now that all declarations are known, and adds it to the model. Reading twice
/// costs less than keeping every line of a large workspace in memory. If there were errors before, `doubt` says
/// which names they leave uncertain.
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
            // If a declaration could not be read, its name is not reported as missing.
            let certain = |error: &Diagnostic| {
                let missing = error.message.starts_with("no ");
                let covered = |doubt: &Doubt| error.span().is_none_or(|span| doubt.covers(sources.text(span)));
                !missing || !doubt.is_some_and(covered)
            };
            errors.extend(more.into_iter().filter(certain));
            // If something cannot be read, the same run still reports the errors in the rest.
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
    // The check of replaced lines needs declarations without errors.
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
        // Waivers are checked after the levels of the findings are set, so errors in waivers come last.
        let mut faults = checks::waivers::apply(&model, &facts, self.options.horizon, &mut found);
        refused.extend(self.settle(&model, &mut faults));
        found.extend(faults);
        self.refused.extend(refused);
        self.findings = checks::precedence::fold(found);
        let population = checks::population(&model, &facts, secrets, self.options.horizon);
        self.population = population.into_iter().map(|(check, count)| (check.code.id, count)).collect();
        self.meaning = Some(Meaning { model, facts });
    }

    /// Adds findings that do not come from model and facts alone, at the level that is set for them.
    pub fn add(&mut self, mut found: Vec<Diagnostic>) {
        if let Some(meaning) = &self.meaning {
            let refused = self.settle(&meaning.model, &mut found);
            self.refused.extend(refused);
        }
        found.append(&mut self.findings);
        self.findings = checks::precedence::fold(found);
    }

    /// Sets the controls, the fingerprint and the level of each finding. Returns an error for each level that a
    /// standard in force does not permit: a verdict with this level would show less than the standard requires.
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
            // The level of the check does not lower a finding that is more severe than others of its check.
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
                    error.help("remove the line; for an exception write a waiver")
                });
                return true;
            }
            // An error stays visible, at least as a note.
            let least = Some(Level::Note).filter(|_| built_in == Level::Error);
            match level.max(least) {
                Some(level) => finding.level = level,
                None => return false,
            }
            true
        });
        refused.into_values().collect()
    }

    /// Turns levels that are not permitted into errors, so that there is no verdict. A caller that reads a model
    /// without judging it does not need to call this.
    pub fn hold_levels(&mut self) {
        if self.refused.is_empty() {
            return;
        }
        self.errors.append(&mut self.refused);
        self.sort_slips();
        (self.meaning, self.findings) = (None, Vec::new());
    }

    /// Whether open questions are the only errors.
    pub fn only_questions(&self) -> bool {
        !self.errors.is_empty() && self.errors.iter().all(|error| error.question.is_some())
    }

    fn sort_slips(&mut self) {
        self.errors.sort_by_key(|error| (error.span(), error.message.clone()));
        self.errors
            .dedup_by(|one, two| one.span() == two.span() && one.message == two.message);
    }

    /// Raises every finding to at least its built-in level: `quorate.toml` must never decide which changes pass.
    pub fn by_built_in_levels(&mut self) {
        for finding in &mut self.findings {
            finding.level = finding
                .finding
                .built_in
                .map_or(finding.level, |built_in| built_in.max(finding.level));
        }
    }

    /// Returns what the verdict did not check.
    pub fn unseen(&self) -> Unseen {
        Unseen::of(self)
    }

    /// The controls that the policies serve: those with the separation of functions or its enforcement as direct
    /// evidence.
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

    /// The number of open findings at a level.
    pub fn count(&self, level: Level) -> usize {
        self.open().filter(|finding| finding.level == level).count()
    }

    /// The findings that are not waived.
    pub fn open(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().filter(|finding| finding.finding.waived_by.is_none())
    }

    /// The number of open findings in the baseline.
    pub fn in_baseline(&self) -> usize {
        self.open().filter(|finding| finding.finding.in_baseline).count()
    }

    /// The number of waived findings.
    pub fn waived(&self) -> usize {
        self.findings.len() - self.open().count()
    }

    /// The digest of the workspace's own files: their names and texts, in order.
    pub fn sources_digest(&self) -> String {
        let own = self.sources.files.iter().filter(|file| file.origin == Origin::Workspace);
        let text: String = own.map(|file| format!("{} {}\n", file.digest(), file.name)).collect();
        sha256(text.as_bytes())
    }

    /// The number of files of the workspace, without the standard library and the settings.
    pub fn file_count(&self) -> usize {
        self.sources.files.iter().filter(|file| file.origin == Origin::Workspace).count()
    }
}

/// The controls of the adopted frameworks that each check is evidence for, those with direct evidence first.
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
