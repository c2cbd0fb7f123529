//! Lines of a standard that replace lines of another one: which lines, and what is wrong with those that
//! cannot.

use crate::diagnostic::Diagnostic;
use crate::model::replacing::{Less, less};
use crate::model::{ActionId, DataId, InPlaceOf, Model, Quorum, Requirement, Rule, Select, StandardId};
use crate::source::Span;

/// Settles which lines each line of the standards in force replaces. A line that can replace none is an error:
/// it claims that another standard requires nothing there, and that is not so.
pub fn settle(model: &mut Model) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut settled: Vec<(StandardId, usize, Vec<u32>, Vec<u32>)> = Vec::new();
    for standard in &model.adoption.standards {
        for (index, rule) in model.standards[standard.index()].rules.iter().enumerate() {
            let Some(line) = Line::of(rule) else { continue };
            match lines(model, *standard, &line) {
                Ok((lines, kept)) => settled.push((*standard, index, lines, kept)),
                Err(error) => errors.push(*error),
            }
        }
    }
    for (standard, index, lines, kept) in settled {
        if let Some(other) = &mut model.standards[standard.index()].rules[index].in_place_of {
            (other.lines, other.kept) = (lines, kept);
        }
    }
    errors
}

/// A line that replaces others.
struct Line<'a> {
    rule: &'a Rule,
    select: &'a Select,
    quorum: &'a Quorum,
    other: &'a InPlaceOf,
}

impl<'a> Line<'a> {
    fn of(rule: &'a Rule) -> Option<Line<'a>> {
        let (select, quorum) = approval(rule)?;
        let other = rule.in_place_of.as_ref()?;
        Some(Line {
            rule,
            select,
            quorum,
            other,
        })
    }
}

/// What a line requires and where, if it asks for functions.
fn approval(rule: &Rule) -> Option<(&Select, &Quorum)> {
    match &rule.requirement {
        Requirement::Approval(quorum) => Some((rule.select.as_ref()?, quorum)),
        Requirement::Approvers(_) | Requirement::Bound(_) | Requirement::Rollback(..) | Requirement::Evidence(..) => None,
        Requirement::Credential(..) | Requirement::Basis | Requirement::Scope | Requirement::Stop(_) | Requirement::Enforcement => None,
        Requirement::Absence(_) | Requirement::Emergency(..) | Requirement::Waiver(_) | Requirement::Stated => None,
    }
}

/// A line of the other standard that applies to something that this line applies to as well.
struct Met<'a> {
    index: u32,
    rule: &'a Rule,
    select: &'a Select,
    quorum: &'a Quorum,
    /// The leaves to which both apply.
    both: Vec<(ActionId, DataId)>,
    less: Option<Less>,
}

/// The lines that one line replaces, and those that still apply where it does.
fn lines(model: &Model, standard: StandardId, line: &Line<'_>) -> Result<(Vec<u32>, Vec<u32>), Box<Diagnostic>> {
    let own = &model.standards[standard.index()].meta;
    let other = &model.standards[line.other.standard.index()];
    let name = &other.meta.name;
    let error = |span: Span, message: String| Box::new(Diagnostic::error(span, message));
    if line.other.standard == standard {
        let message = format!("a line of {} cannot replace another line of {}", own.name, own.name);
        return Err(Box::new(
            error(line.other.span, message).help("rewrite the line that it would replace, and keep one"),
        ));
    }
    if !model.adoption.standards.contains(&line.other.standard) {
        let message = format!("{name} is not adopted, so this line cannot replace one of its lines");
        let help = format!("remove `in place of {name}`, or adopt it");
        return Err(Box::new(
            error(line.other.span, message)
                .related(other.meta.span, "it is declared here")
                .help(help),
        ));
    }
    if line.select.when.is_some() {
        let message = "a line that replaces another must apply to all inputs".to_owned();
        let help = format!("remove `when …`; or remove `in place of {name}`, and both lines apply");
        return Err(Box::new(error(line.rule.span, message).help(help)));
    }
    let leaves = leaves(model, line.select);
    let mut met: Vec<Met<'_>> = Vec::new();
    for (index, rule) in other.rules.iter().enumerate() {
        // A replacing line is never replaced itself: two lines that replaced each other would require nothing.
        let Some((select, quorum)) = approval(rule).filter(|_| rule.in_place_of.is_none()) else {
            continue;
        };
        let system = line.select.system.is_none() || select.system.is_none() || line.select.system == select.system;
        let named = leaves
            .iter()
            .filter(|(action, data)| system && select.speaks_of(model, (*action, *data), model.data[data.index()].flags));
        let both: Vec<(ActionId, DataId)> = named.copied().collect();
        if !both.is_empty() {
            let index = index as u32;
            let less = less(model, line.quorum, quorum);
            met.push(Met {
                index,
                rule,
                select,
                quorum,
                both,
                less,
            });
        }
    }
    if met.is_empty() {
        let message = format!(
            "{name} does not require a function for `{}`, so there is nothing to replace there",
            line.select.text
        );
        let help = format!("remove `in place of {name}`");
        return Err(Box::new(error(line.rule.span, message).help(help)));
    }
    if let Some(more) = in_vain(model, line, &met) {
        return Err(Box::new(asks_less(model, line, name, more)));
    }
    let (stands, kept): (Vec<&Met<'_>>, Vec<&Met<'_>>) = met.iter().partition(|one| one.less.is_none());
    let numbers = |some: Vec<&Met<'_>>| some.into_iter().map(|one| one.index).collect();
    Ok((numbers(stands), numbers(kept)))
}

/// The leaves to which a line applies.
fn leaves(model: &Model, select: &Select) -> Vec<(ActionId, DataId)> {
    let actions = (0..model.actions.len()).map(|index| ActionId(index as u32));
    let actions = actions.filter(|id| model.actions[id.index()].leaves == [*id]);
    let data: Vec<DataId> = (0..model.data.len())
        .map(|index| DataId(index as u32))
        .filter(|id| model.data[id.index()].leaves == [*id])
        .collect();
    let pairs = actions.flat_map(|action| data.iter().map(move |data| (action, *data)));
    pairs
        .filter(|(action, data)| select.speaks_of(model, (*action, *data), model.data[data.index()].flags))
        .collect()
}

/// The line that still applies and makes this one useless, because it covers every line that this one replaces.
fn in_vain<'a>(model: &Model, line: &Line<'_>, met: &'a [Met<'a>]) -> Option<&'a Met<'a>> {
    let everywhere = |one: &Met<'_>| one.select.when.is_none() && (one.select.system.is_none() || one.select.system == line.select.system);
    let (stands, kept): (Vec<&Met<'_>>, Vec<&Met<'_>>) = met.iter().partition(|one| one.less.is_none());
    for one in &stands {
        let comprising: Vec<&&Met<'_>> = kept
            .iter()
            .filter(|more| everywhere(more) && less(model, more.quorum, one.quorum).is_none())
            .collect();
        let comprised = |leaf: &(ActionId, DataId)| comprising.iter().any(|more| more.both.binary_search(leaf).is_ok());
        if !one.both.iter().all(comprised) {
            return None;
        }
    }
    // The line that asks for most shows best what is missing.
    kept.into_iter()
        .max_by_key(|one| (one.quorum.functions().len(), std::cmp::Reverse(one.index)))
}

/// An error: a line asks for less than what it would replace.
fn asks_less(model: &Model, line: &Line<'_>, name: &str, more: &Met<'_>) -> Diagnostic {
    let message = format!("this line requires less than the line of {name} that it would replace");
    let out = format!("or remove `in place of {name}`, and both lines apply");
    let error = Diagnostic::error(line.rule.span, message).related(more.rule.span, "asked for here");
    let deciders = |questions: &std::collections::BTreeSet<Box<str>>| {
        let functions = more.quorum.functions().into_iter();
        let deciding = functions.filter(|function| {
            let decides = &model.functions[function.index()].decides;
            decides.iter().any(|question| questions.contains(question))
        });
        let names: Vec<&str> = deciding.map(|function| &*model.functions[function.index()].meta.name).collect();
        names.join(" and ")
    };
    match more.less.as_ref() {
        Some(Less::Undecided(questions)) => {
            let listed: Vec<&str> = questions.iter().map(|question| &**question).collect();
            let label = format!(
                "nobody may decide {}, which {name} lets {} decide",
                listed.join(", "),
                deciders(questions)
            );
            error
                .label(line.rule.span, label)
                .help(format!("also require a function that decides {}; {out}", listed.join(", ")))
        }
        Some(Less::Unstated(function)) => {
            let meta = &model.functions[function.index()].meta;
            error
                .label(
                    line.rule.span,
                    format!("{} has no `decides`, so no other function can replace it", meta.name),
                )
                .related(meta.span, "it is declared here")
                .help(format!("also require {}; {out}", meta.name))
        }
        Some(Less::TooLarge) => error
            .label(line.rule.span, "there are more ways to satisfy it than Quorate can compare")
            .help(format!("require fewer functions; {out}")),
        Some(Less::Fewer) | None => {
            let label = "one function would replace several, or fewer people of a function would approve";
            error.label(line.rule.span, label).help(format!(
                "require another function, or as many people, for each one that {name} requires; {out}"
            ))
        }
    }
}
