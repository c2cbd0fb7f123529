//! Findings as JSON, schema `quorate/findings/1`.

use crate::compile::unseen::{Set, StandIn, Unseen};
use crate::compile::{Compilation, HORIZON};
use crate::diagnostic::{Decision, Diagnostic, Level, Operations};
use crate::source::{Sources, Span};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::io;

/// Writes the document, indented: for one workspace, or for several below `workspaces`. Each finding is created
/// while it is written: a million of them together would take many times the memory of the model.
pub fn json(checked: &[&Compilation], out: &mut dyn io::Write) -> io::Result<()> {
    match checked {
        [one] => serde_json::to_writer_pretty(&mut *out, &Document(one))?,
        several => serde_json::to_writer_pretty(&mut *out, &Several(several))?,
    }
    out.write_all(b"\n")
}

/// The documents of several workspaces.
struct Several<'a>(&'a [&'a Compilation]);

impl Serialize for Several<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", "quorate/findings-of-several/1")?;
        map.serialize_entry("version", env!("CARGO_PKG_VERSION"))?;
        let documents: Vec<Document<'_>> = self.0.iter().map(|one| Document(one)).collect();
        map.serialize_entry("workspaces", &documents)?;
        map.end()
    }
}

/// The document of one workspace.
struct Document<'a>(&'a Compilation);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Document(compilation) = self;
        let sources = &compilation.sources;
        let root = match sources.base.trim_end_matches('/') {
            "" => ".",
            root => root,
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", "quorate/findings/1")?;
        map.serialize_entry("version", env!("CARGO_PKG_VERSION"))?;
        map.serialize_entry("as_of", &compilation.options.as_of.to_string())?;
        map.serialize_entry("workspace", &compilation.workspace)?;
        map.serialize_entry("root", root)?;
        let read = json!({ "digest": compilation.sources_digest(), "files": compilation.file_count() });
        map.serialize_entry("sources", &read)?;
        map.serialize_entry("checked", &compilation.errors.is_empty())?;
        map.serialize_entry("findings", &List(sources, &compilation.findings))?;
        map.serialize_entry("summary", &summary(compilation))?;
        map.serialize_entry("settings", &settings(&compilation.unseen()))?;
        if !compilation.errors.is_empty() {
            map.serialize_entry("errors", &List(sources, &compilation.errors))?;
        }
        map.end()
    }
}

/// Some findings of one workspace.
struct List<'a>(&'a Sources, &'a [Diagnostic]);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let List(sources, diagnostics) = self;
        serializer.collect_seq(diagnostics.iter().map(|diagnostic| finding(sources, diagnostic)))
    }
}

/// What the verdict did not check, or not as by default.
fn settings(unseen: &Unseen) -> Value {
    let sets = |sets: &[Set]| -> Value {
        let one = |set: &Set| {
            let level = set.level.map_or("off", Level::word);
            json!({ "code": set.code.id, "name": set.code.name, "level": level, "built_in_level": set.code.level.word() })
        };
        sets.iter().map(one).collect()
    };
    let stand_in =
        |one: &StandIn| json!({ "standard": one.standard, "line": one.line, "at": one.at, "in_place_of": one.other, "lines": one.lines });
    json!({
        "lowered": sets(&unseen.lowered),
        "raised": sets(&unseen.raised),
        "horizon": unseen.horizon.map(|days| json!({ "days": days, "built_in_days": HORIZON })),
        "left_out": unseen.left_out.iter().map(|(folder, files)| json!({ "folder": folder, "files": files })).collect::<Vec<_>>(),
        "no_standard": unseen.no_standard.as_ref().map(|(why, at)| json!({ "why": why, "at": at })),
        "stand_ins": unseen.stand_ins.iter().map(stand_in).collect::<Vec<_>>(),
    })
}

fn summary(compilation: &Compilation) -> Value {
    let mut summary = json!({
        "error": compilation.count(Level::Error),
        "warning": compilation.count(Level::Warning),
        "note": compilation.count(Level::Note),
        "waived": compilation.waived(),
    });
    if let Some(meaning) = &compilation.meaning {
        summary["agents"] = meaning.model.agents.len().into();
        summary["domains"] = meaning.model.domains.len().into();
        summary["decision_points"] = meaning.facts.decision_points.into();
    }
    summary
}

/// One finding.
pub fn finding(sources: &Sources, finding: &Diagnostic) -> Value {
    let facts = &finding.finding;
    let mut value = json!({
        "code": finding.code.map(|code| code.id),
        "name": finding.code.map(|code| code.name),
        "level": finding.level.word(),
        "built_in_level": facts.built_in.unwrap_or(finding.level).word(),
        "message": finding.message,
        "label": finding.labels.first().map(|label| &label.text),
        "help": finding.help.first(),
        "alternatives": finding.help.iter().skip(1).collect::<Vec<_>>(),
    });
    if let Some(span) = finding.span() {
        place(&mut value, sources, span);
    }
    value["edit"] = finding
        .edit
        .as_ref()
        .map_or(Value::Null, |edit| placed(sources, edit.span, json!({ "text": edit.text })));
    let steps = finding
        .steps
        .iter()
        .map(|step| placed(sources, step.span, json!({ "message": step.text })));
    value["steps"] = steps.collect();
    if finding.question.is_some() {
        value["question"] = finding.message.clone().into();
    }
    let related = finding.related.iter().map(|related| {
        let mut value = json!({ "code": related.code.map(|code| code.id), "message": related.message });
        if let Some(taken) = &related.taken {
            value["decision_points"] = taken.points.count().into();
            value["decision"] = decision(taken.points.first());
            value["decisions"] = taken.points.decisions().map(|one| decision(Some(one))).collect();
            value["agents"] = taken.points.agents().into();
            value["operations"] = operations(&taken.operations);
            let steps = taken.steps.iter();
            let steps = steps.map(|step| placed(sources, step.span, json!({ "message": step.text })));
            value["steps"] = steps.collect();
        }
        placed(sources, related.span, value)
    });
    value["related"] = related.collect();
    value["subject"] = facts.subject.clone().into();
    value["subject_kind"] = facts.subject_kind.clone().into();
    value["standard"] = facts.standard.as_ref().map(|(standard, _)| standard.clone()).into();
    value["status"] = if facts.waived_by.is_some() { "waived" } else { "open" }.into();
    value["decision_points"] = facts.points.count().into();
    value["agents"] = facts.points.agents().into();
    value["operations"] = operations(&facts.operations);
    value["decision"] = decision(facts.points.first());
    let witness = facts.witness.iter().map(|witness| {
        let person = Some(&witness.person).filter(|person| !person.is_empty());
        json!({ "person": person, "stands_for": witness.stands_for, "because": witness.because, "at": sources.cite_shown(witness.span) })
    });
    value["witness"] = witness.collect();
    value["controls"] = facts.controls.to_vec().into();
    value["fingerprint"] = facts.fingerprint.clone().into();
    value["in_baseline"] = facts.in_baseline.into();
    value["waived_by"] = facts.waived_by.clone().into();
    value
}

fn operations(operations: &Operations) -> Value {
    let each = operations.each.iter();
    each.map(|[action, data, system]| json!({ "action": action, "data": data, "system": system }))
        .collect()
}

fn decision(decision: Option<Decision>) -> Value {
    decision.map_or(Value::Null, |decision| {
        let from = decision.from.map(|day| ("from".to_owned(), json!(day.to_string())));
        let four = json!({ "agent": decision.agent, "action": decision.action, "data": decision.data, "system": decision.system });
        four.as_object().cloned().into_iter().flatten().chain(from).collect()
    })
}

fn placed(sources: &Sources, span: Span, mut value: Value) -> Value {
    place(&mut value, sources, span);
    value
}

fn place(value: &mut Value, sources: &Sources, span: Span) {
    let (start, end) = (sources.position(span.file, span.start), sources.position(span.file, span.end));
    value["file"] = sources.shown(span.file).into();
    value["line"] = start.line.into();
    value["column"] = start.column.into();
    value["end_line"] = end.line.into();
    value["end_column"] = end.column.into();
}
