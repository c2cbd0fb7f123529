//! What a verdict did not check, or not as by default: levels that `quorate.toml` sets, a shorter horizon,
//! files that no standard applies to, and lines of a standard that others replace.

use crate::compile::{Compilation, HORIZON, Options};
use crate::diagnostic::catalogue::{self, Code};
use crate::diagnostic::{Diagnostic, Level, Related};
use crate::model::Model;
use crate::source::{Sources, Span};
use crate::words::{counted, plural};

/// A check whose level is set.
#[derive(Clone, Copy, Debug)]
pub struct Set {
    /// The check.
    pub code: &'static Code,
    /// Its level here; none is `off`.
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

/// What is reported with a verdict, so that nobody overestimates it.
#[derive(Clone, Debug, Default)]
pub struct Unseen {
    /// Checks below their built-in level.
    pub lowered: Vec<Set>,
    /// Checks above it.
    pub raised: Vec<Set>,
    /// How many days ahead were looked at, where these are fewer than by default.
    pub horizon: Option<i64>,
    /// Folders that `quorate.toml` leaves out, each with the number of `.gov` files in it.
    pub left_out: Vec<(String, usize)>,
    /// Why no standard is in force, and where the files state it, if they do.
    pub no_standard: Option<(String, String)>,
    /// The lines that replace those of another standard.
    pub stand_ins: Vec<StandIn>,
}

/// A line of a standard that replaces lines of another one.
#[derive(Clone, Debug)]
pub struct StandIn {
    /// The standard it is in.
    pub standard: String,
    /// The line.
    pub line: String,
    /// Where it is.
    pub at: String,
    /// The other standard.
    pub other: String,
    /// The lines of that one.
    pub lines: Vec<String>,
}

impl StandIn {
    /// Every one of a workspace, in the order in which standards are adopted.
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
    /// Of one run.
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

    /// The text where nothing was found.
    pub fn no_gaps(&self) -> &'static str {
        match self.lowered.is_empty() {
            true => "no gaps",
            false => "no gaps at level error",
        }
    }

    /// A line for each thing.
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

    /// The same, with the replaced lines.
    pub fn all_lines(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.extend(self.stand_ins.iter().map(StandIn::words));
        lines
    }
}

/// The checks that are turned off although their built-in level is error: they stay visible.
pub(super) fn too_low(options: &Options) -> Vec<Diagnostic> {
    let off = options.levels.iter().filter(|(_, (level, _))| level.is_none());
    let named = off.filter_map(|(name, (_, at))| Some((catalogue::find(name)?, *at)));
    let refused = named.filter(|(code, _)| code.level == Level::Error);
    let error = |(code, at): (&Code, Span)| {
        let message = format!("{} {} cannot be `off`: the lowest level of an error is `note`", code.id, code.name);
        Diagnostic::error(at, message).help(format!("take the line out, or write `{} = \"note\"`", code.name))
    };
    refused.map(error).collect()
}

/// What a level says that does not hold.
pub(super) fn not_held(level: Option<Level>, at: Span, why: &str) -> Related {
    let said = level.map_or("off", Level::word);
    Related {
        code: None,
        taken: None,
        span: at,
        message: format!("quorate.toml says `{said}`, which has no effect: {why}"),
    }
}
