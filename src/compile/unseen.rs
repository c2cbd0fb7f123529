//! Lists what a verdict did not check, or checked differently than by default: levels that `quorate.toml` sets, a
//! shorter horizon, excluded folders, a workspace without a standard, and lines of a standard that other lines
//! replace.

use crate::compile::{Compilation, HORIZON, Options};
use crate::diagnostic::catalogue::{self, Code};
use crate::diagnostic::{Diagnostic, Level, Related};
use crate::model::Model;
use crate::source::{Sources, Span};
use crate::words::{counted, plural};

/// A check whose level `quorate.toml` sets.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// The check.
    pub code: &'static Code,
    /// Its level in the settings; `None` is `off`.
    pub level: Option<Level>,
}

impl Set {
    /// `fragmented-trail (note, built-in level error)`
    fn words(&self) -> String {
        match self.level {
            Some(level) => format!("{} ({}, built-in level {})", self.code.name, level.word(), self.code.level.word()),
            None => format!("{} (off)", self.code.name),
        }
    }
}

/// What Quorate reports with a verdict, so that nobody overestimates it.
#[derive(Clone, Debug, Default)]
pub struct Unseen {
    /// Checks below their built-in level.
    pub lowered: Vec<Set>,
    /// Checks above their built-in level.
    pub raised: Vec<Set>,
    /// The number of days ahead that the checks look, if it is smaller than the default.
    pub horizon: Option<i64>,
    /// Folders that `quorate.toml` leaves out, each with the number of `.gov` files in it.
    pub left_out: Vec<(String, usize)>,
    /// If the files state that no standard applies: the reason that they give, and its location.
    pub no_standard: Option<(String, String)>,
    /// The lines of a standard that replace lines of another standard.
    pub stand_ins: Vec<StandIn>,
}

/// A line of a standard that replaces lines of another standard.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// The name of its standard.
    pub standard: String,
    /// The line.
    pub line: String,
    /// Its location.
    pub at: String,
    /// The name of the other standard.
    pub other: String,
    /// The replaced lines of the other standard.
    pub lines: Vec<String>,
}

impl StandIn {
    /// Returns every such line of a workspace, in the order in which it adopts the standards.
    fn all(model: &Model, sources: &Sources) -> Vec<StandIn> {
        let standards = model.adoption.standards.iter().map(|id| &model.standards[id.index()]);
        let rules = standards.flat_map(|standard| standard.rules.iter().map(move |rule| (standard, rule)));
        let found = rules.filter_map(|(standard, rule)| {
            let other = rule.in_place_of.as_ref()?;
            Some(StandIn {
                standard: standard.meta.name.to_string(),
                line: rule.text.to_string(),
                at: sources.cite(rule.span),
                other: model.standards[other.standard.index()].meta.name.to_string(),
                lines: rule.replaces(model).map(|line| line.text.to_string()).collect(),
            })
        });
        found.collect()
    }

    fn words(&self) -> String {
        let (line, at, other) = (&self.line, &self.at, &self.other);
        let lines = match &self.lines[..] {
            [] => "nothing".to_owned(),
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
        };
        format!("{} replaces {other}: `{line}` ({at}) for {lines}", self.standard)
    }
}

impl Unseen {
    /// Returns what one run did not check.
    pub(super) fn of(compilation: &Compilation) -> Unseen {
        let options = &compilation.options;
        let mut unseen = Unseen {
            horizon: Some(options.horizon).filter(|days| *days < HORIZON),
            left_out: compilation.left_out.clone(),
            ..Unseen::default()
        };
        for code in catalogue::CODES {
            let Some((level, _)) = options.levels.get(code.name) else {
                continue;
            };
            let set = Set { code, level: *level };
            match (*level).cmp(&Some(code.level)) {
                std::cmp::Ordering::Less => unseen.lowered.push(set),
                std::cmp::Ordering::Greater => unseen.raised.push(set),
                std::cmp::Ordering::Equal => {}
            }
        }
        let adoption = compilation.meaning.as_ref().map(|meaning| &meaning.model.adoption);
        unseen.no_standard = adoption.and_then(|adoption| adoption.none.as_ref()).map(|none| {
            let plain = none.value.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
            (plain.collect(), compilation.sources.cite(none.span))
        });
        let model = compilation.meaning.as_ref().map(|meaning| &meaning.model);
        unseen.stand_ins = model.map_or(Vec::new(), |model| StandIn::all(model, &compilation.sources));
        unseen
    }

    /// The text to show if there are no findings.
    pub fn no_gaps(&self) -> &'static str {
        match self.lowered.is_empty() {
            true => "no gaps",
            false => "no gaps at level error",
        }
    }

    /// Returns one line for each thing, without the replaced lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, sets) in [("lowered", &self.lowered), ("raised", &self.raised)] {
            let words: Vec<String> = sets.iter().map(Set::words).collect();
            match words.len() {
                0 => {}
                count => lines.push(format!("{} {what} in quorate.toml: {}", plural(count, "check"), words.join(", "))),
            }
        }
        if let Some(days) = self.horizon {
            let days = plural(days as usize, "day");
            lines.push(format!(
                "horizon {days} in quorate.toml, shorter than the built-in {HORIZON}: Quorate does not check what begins or ends later"
            ));
        }
        for (folder, files) in &self.left_out {
            let files = counted(*files, "`.gov` file is", "`.gov` files are");
            lines.push(format!("{files} not read: quorate.toml excludes {folder}"));
        }
        if let Some((why, at)) = &self.no_standard {
            lines.push(format!("no standard applies: \"{why}\" ({at})"));
        }
        lines
    }

    /// Returns one line for each thing, including the replaced lines.
    pub fn all_lines(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.extend(self.stand_ins.iter().map(StandIn::words));
        lines
    }
}

/// Returns an error for each check that is turned off although its built-in level is error. Errors stay visible.
pub(super) fn too_low(options: &Options) -> Vec<Diagnostic> {
    let off = options.levels.iter().filter(|(_, (level, _))| level.is_none());
    let named = off.filter_map(|(name, (_, at))| Some((catalogue::find(name)?, *at)));
    let refused = named.filter(|(code, _)| code.level == Level::Error);
    let error = |(code, at): (&Code, Span)| {
        let message = format!("{} {} cannot be `off`: the lowest level of an error is `note`", code.id, code.name);
        Diagnostic::error(at, message).help(format!("remove the line, or write `{} = \"note\"`", code.name))
    };
    refused.map(error).collect()
}

/// A note that a level in `quorate.toml` has no effect, and why.
pub(super) fn not_held(level: Option<Level>, at: Span, why: &str) -> Related {
    let said = level.map_or("off", Level::word);
    Related {
        code: None,
        taken: None,
        span: at,
        message: format!("quorate.toml says `{said}`, which has no effect: {why}"),
    }
}
