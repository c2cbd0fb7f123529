//! Findings as JSON, schema `quorate/findings/1`.

use crate::compile::unseen::{Set, StandIn, Unseen};
use crate::compile::{Compilation, HORIZON};
use crate::diagnostic::{Diagnostic, Level};
use crate::report::finding::{Finding, Place};
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
        let place = |span: Span| Place::shown(sources, span);
        serializer.collect_seq(diagnostics.iter().map(|diagnostic| Finding::of(diagnostic, &place)))
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
