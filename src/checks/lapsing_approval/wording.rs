//! What gets worse about one domain, as one finding: the most severe of the first day, and what else the same
//! edit must cover.

use crate::checks::Context;
use crate::checks::approvals::Case;
use crate::diagnostic::{Diagnostic, Magnitude, Related};
use crate::facts::eligible::eligible;
use crate::model::{DomainId, FunctionId, Model, Requirement};
use crate::source::Span;
use jiff::civil::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How severe it is, the most severe last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Fewer absences block the decision.
    Away,
    /// Fewer people than required decide.
    TooFew,
    /// The people of one function decide.
    OneFunction,
    /// One person decides.
    OneHand,
    /// Not all of the required functions decide.
    Functions,
    /// Nobody can decide.
    Nobody,
}

impl Gravity {
    /// The group of faults that the same edit fixes.
    fn mended_by(self) -> u8 {
        match self {
            Gravity::Nobody | Gravity::Away => 0,
            Gravity::TooFew | Gravity::OneFunction | Gravity::OneHand => 1,
            Gravity::Functions => 2,
        }
    }
}

/// Something that gets worse on a day.
pub struct Worse {
    /// The day.
    pub day: Date,
    /// Where the edit goes.
    pub subject: DomainId,
    /// How severe it is.
    pub gravity: Gravity,
    /// How many more people are needed, by function and domain.
    pub lacking: Vec<(DomainId, FunctionId, usize)>,
    /// The finding, if it stands alone.
    pub finding: Diagnostic,
}

/// A finding names at most this many and counts the rest.
const TOLD: usize = 4;

/// One finding for everything that gets worse about one domain. Later and no more severe faults of the same
/// clause are fixed with it.
pub fn together(model: &Model, mut all: Vec<Worse>) -> Option<Diagnostic> {
    let magnitude: Vec<Magnitude> = all
        .iter()
        .flat_map(|worse| worse.finding.finding.magnitude.iter().cloned())
        .collect();
    all.sort_by_key(|worse| (worse.day, Reverse(worse.gravity)));
    let mut known: BTreeMap<(Option<Span>, u8), Gravity> = BTreeMap::new();
    all.retain(|worse| {
        let key = (worse.finding.span(), worse.gravity.mended_by());
        let graver = known.get(&key).is_none_or(|known| *known < worse.gravity);
        if graver {
            known.insert(key, worse.gravity);
        }
        graver
    });
    let help = help(model, &all);
    let mut all = all.into_iter();
    let mut finding = all.next()?.finding.magnitudes(magnitude);
    let others: Vec<Diagnostic> = all.map(|worse| worse.finding).collect();
    if others.iter().any(|other| other.finding.follows != finding.finding.follows) {
        finding.finding.follows = Vec::new();
    }
    for other in others.iter().take(TOLD) {
        if let Some(span) = other.span() {
            finding = finding.related(span, other.message.clone());
        }
    }
    if let Some(span) = finding.span().filter(|_| others.len() > TOLD) {
        finding = finding.related(span, format!("and in {} more cases", others.len() - TOLD));
    }
    for related in others.into_iter().flat_map(|other| other.related) {
        let known = |other: &Related| (other.span, &other.message) == (related.span, &related.message);
        if !finding.related.iter().any(known) {
            finding.related.push(related);
        }
    }
    finding.help = help;
    Some(finding)
}

/// The edits of all of them as one, since none suffices alone.
fn help(model: &Model, all: &[Worse]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let people = || all.iter().filter(|worse| worse.gravity.mended_by() == 0);
    let mut told = false;
    for worse in all {
        if worse.gravity.mended_by() == 0 {
            if !std::mem::replace(&mut told, true) {
                parts.push(named(model, worse, people()));
            }
            continue;
        }
        let new = worse.finding.help.iter().filter(|help| !parts.contains(help));
        let new: Vec<String> = new.cloned().collect();
        parts.extend(new);
    }
    match (parts.len(), all) {
        // If one of them has alternatives, they stay alternatives.
        (_, [one]) if one.gravity.mended_by() != 0 => one.finding.help.clone(),
        (0, _) => Vec::new(),
        _ => vec![parts.join(";  ")],
    }
}

/// Whom the edit must name, and before which day.
fn named<'w>(model: &Model, first: &Worse, all: impl Iterator<Item = &'w Worse>) -> String {
    let mut lacking: BTreeMap<DomainId, Vec<(FunctionId, usize)>> = BTreeMap::new();
    for (domain, function, more) in all.flat_map(|worse| &worse.lacking) {
        let of = lacking.entry(*domain).or_default();
        match of.iter_mut().find(|(own, _)| own == function) {
            Some((_, most)) => *most = (*most).max(*more),
            None => of.push((*function, *more)),
        }
    }
    let in_domain = |(domain, of): (DomainId, Vec<(FunctionId, usize)>)| {
        let seats = of.into_iter().map(|(function, more)| {
            let name = &model.functions[function.index()].meta.name;
            match more {
                1 => format!("owner {name} … deputy …"),
                more => format!("owner {name} … deputy …  with {more} more people"),
            }
        });
        let seats: Vec<String> = seats.collect();
        format!("{}  in domain {}", seats.join(" and "), model.domains[domain.index()].meta.name)
    };
    let mut lines: Vec<String> = lacking.into_iter().map(in_domain).collect();
    if lines.is_empty() {
        let name = &model.domains[first.subject.index()].meta.name;
        lines.push(format!("owner … deputy …  in domain {name}"));
    }
    format!("name before {} who can approve from then on: {}", first.day, lines.join(" and "))
}

/// The functions for which too few people can approve on a day, and how many more each needs so that the
/// decision stays in order.
pub fn lacking(context: &Context<'_>, before: &Case<'_>, after: &Case<'_>, day: Date) -> Vec<(DomainId, FunctionId, usize)> {
    let model = context.model;
    // The edit replaces only as many absent people as the decision could do without before.
    let bearable = after
        .rules(context)
        .into_iter()
        .filter_map(|(applicable, _)| match applicable.rule(model).requirement {
            Requirement::Absence(wanted) if !after.emergency => Some(wanted as usize),
            _ => None,
        });
    let away = bearable
        .filter(|wanted| before.answer.resilience.is_some_and(|own| own >= *wanted))
        .max();
    let mut found = Vec::new();
    for (domain, quorum) in after.quorums(context) {
        let Some(quorum) = quorum else {
            continue;
        };
        let needed = |of: FunctionId| !quorum.met(&|function| if function == of { 0 } else { quorum.most(function) });
        for function in quorum.functions().into_iter().filter(|function| needed(*function)) {
            let mut able: Vec<_> = eligible(model, domain, function, day).iter().map(|holder| holder.person).collect();
            able.sort_unstable();
            able.dedup();
            let wanted = quorum.most(function) as usize + away.unwrap_or(0);
            if able.len() < wanted {
                found.push((domain, function, wanted - able.len()));
            }
        }
    }
    found
}
