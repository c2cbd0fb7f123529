//! The decision points behind a finding: who does what, each once.

use crate::diagnostic::Decision;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many lines are shown at most; the rest is counted.
pub const LINES: usize = 12;

/// An operation, and the agents that do it. The names are shared among all findings: there may be many of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The leaf action, as `write.update`.
    pub action: Arc<str>,
    /// The id of the leaf class.
    pub data: Arc<str>,
    /// The id of the system.
    pub system: Arc<str>,
    /// The day from which it exists, if it does not exist yet.
    pub from: Option<Date>,
    /// The ids of the agents.
    pub agents: Arc<[Arc<str>]>,
}

impl Point {
    /// `write.update of customer.consent in crm`
    fn shown(&self) -> String {
        let from = self.from.map_or(String::new(), |day| format!(" from {day}"));
        format!("{} of {} in {}{from}", self.action, last(&self.data, 2), last(&self.system, 1))
    }

    fn by(&self, agent: &str) -> Decision {
        Decision {
            agent: agent.to_owned(),
            action: self.action.to_string(),
            data: self.data.to_string(),
            system: self.system.to_string(),
            from: self.from,
        }
    }
}

/// All decision points of a finding, the one to show first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points(Arc<[Point]>);

impl Points {
    /// These operations; the one to show comes first.
    pub fn new(points: Vec<Point>) -> Points {
        Points(points.into_iter().filter(|point| !point.agents.is_empty()).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().map(|point| point.agents.len()).sum()
    }

    /// The one to show.
    pub fn first(&self) -> Option<Decision> {
        self.decisions().next()
    }

    /// Each of them.
    pub fn decisions(&self) -> impl Iterator<Item = Decision> {
        self.0.iter().flat_map(|point| point.agents.iter().map(|agent| point.by(agent)))
    }

    /// The ids of the agents, in order.
    pub fn agents(&self) -> Vec<&str> {
        let mut agents: Vec<&str> = self.0.iter().flat_map(|point| point.agents.iter().map(|agent| &**agent)).collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    /// One line for each agent with everything that it does, wrapped at this width, and at most as many lines
    /// as are shown. The agents are in order of what they do, so the first line has the one to show.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut order: Vec<&str> = Vec::new();
        let mut does: BTreeMap<&str, Vec<&Point>> = BTreeMap::new();
        for point in self.0.iter() {
            for agent in point.agents.iter() {
                let own = does.entry(agent).or_default();
                if own.is_empty() {
                    order.push(agent);
                }
                own.push(point);
            }
        }
        let mut lines: Vec<String> = Vec::new();
        let mut shown = 0;
        for agent in order {
            let own = &does[agent];
            let mut line = format!("{}: ", name(agent, &does));
            for (index, point) in own.iter().enumerate() {
                let last = index + 1 == own.len();
                let text = format!("{}{}", point.shown(), if last { "" } else { "," });
                if index > 0 && line.chars().count() + 1 + text.chars().count() > width {
                    lines.push(std::mem::replace(&mut line, "  ".to_owned()));
                } else if index > 0 {
                    line.push(' ');
                }
                if lines.len() == LINES {
                    break;
                }
                line.push_str(&text);
                shown += 1;
            }
            if lines.len() == LINES {
                break;
            }
            lines.push(line);
        }
        match self.count() - shown {
            0 => {}
            1 => lines.push("and 1 more decision point (--format json names it)".to_owned()),
            more => lines.push(format!("and {more} more decision points (--format json names them)")),
        }
        lines
    }
}

/// The name of an agent; all of its id where another one here is called the same.
fn name<'a>(agent: &'a str, among: &BTreeMap<&str, Vec<&Point>>) -> &'a str {
    let short = agent.rsplit('.').next().unwrap_or(agent);
    let alike = |other: &&&str| other.rsplit('.').next() == Some(short);
    // Beyond what is shown nobody reads the names, and there may be very many.
    match among.len() > 1_000 || among.keys().filter(alike).count() > 1 {
        true => agent,
        false => short,
    }
}

/// The last names of an id.
pub fn last(id: &str, count: usize) -> String {
    let parts: Vec<&str> = id.split('.').collect();
    parts[parts.len().saturating_sub(count)..].join(".")
}
