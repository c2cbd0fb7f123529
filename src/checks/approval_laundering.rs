//! A change that flows to a place where it would have needed the approval of functions that nobody asked.

use crate::checks::approvals::when;
use crate::checks::changes::{self, Change};
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, Mark, catalogue};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::cell::described;
use crate::facts::entailment::{Functions, Gap, Side, TooLarge, Unmet, gap, gaps};
use crate::facts::flow::downstream_domains::DownstreamDomains;
use crate::facts::flow::graph::Location;
use crate::model::{ActionId, DomainId, FunctionId, Model, Requirement};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use crate::words::{counted, listed};
use std::collections::{BTreeMap, BTreeSet};

mod edit;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV602"),
    page: include_str!("../../docs/codes/approval-laundering.md"),
    looks_at: |context| changes::all(context).iter().map(|change| change.places.len() - 1).sum(),
    run,
};

/// A decision, and the decision where its change arrives: for each the governing domains and the applicable
/// rules.
type Pair = (Vec<DomainId>, Vec<ApplicableRule>, Vec<DomainId>, Vec<ApplicableRule>);

/// What flows from one decision to the other: the first class, the first place, every place, every atom.
struct Flow<'a> {
    change: &'a Change,
    place: Location,
    places: BTreeSet<Location>,
    atoms: BTreeSet<AtomId>,
}

/// What one finding is about: the first gap, its source and target domains, and every other gap that belongs to
/// it.
struct Laundered<'a> {
    from: Vec<DomainId>,
    to: Vec<DomainId>,
    change: &'a Change,
    place: Location,
    first: Gap,
    every: Vec<Gap>,
    magnitude: BTreeSet<Magnitude>,
    atoms: BTreeSet<AtomId>,
}

/// By the first domain and by what distinguishes the findings about it.
type Found<'a> = BTreeMap<(DomainId, String), Laundered<'a>>;

/// A finding names at most this many further gaps and counts the rest.
const TOLD: usize = 3;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let changes = changes::all(context);
    let downstream = DownstreamDomains::of(model, changes.iter().flat_map(|change| &change.places[1..]).copied());
    let mut all = Found::new();
    for (pair, flow) in pairs(context, &changes, &downstream) {
        let (from, applicable, to, rules) = &pair;
        let source = Side { domains: from, rules: &[] };
        let target = Side { domains: to, rules };
        // What the standard asks of the change itself is already missing there. Another check reports that.
        let as_asked = Side {
            rules: applicable,
            ..source
        };
        let found = gap(model, source, target).and_then(|found| match found {
            // Where only the number is still missing, the finding is about the functions at the change itself.
            Some(_) => gap(model, as_asked, target).map(|still| match still {
                Some(still) if still.few.is_some() => Some(still),
                still => still.and(found),
            }),
            None => Ok(None),
        });
        match found {
            Ok(None) => {}
            Ok(Some(found)) => {
                // The fingerprint of that finding already covers what is missing at the change.
                let still: Vec<Unmet> = gaps(model, as_asked, target)
                    .unwrap_or_default()
                    .iter()
                    .map(|gap| gap.unmet)
                    .collect();
                let mut every = gaps(model, source, target).unwrap_or_default();
                every.retain(|gap| still.contains(&gap.unmet));
                add(context, (from, to), &flow, (found, every), &mut all);
            }
            Err(TooLarge) => out.push(not_known(model, from[0])),
        }
    }
    for found in all.into_values() {
        let mut finding = say(context, &found).magnitudes(found.magnitude.iter().cloned());
        let more = further(model, &found);
        let at = finding.span();
        for text in at.into_iter().flat_map(|at| more.iter().take(TOLD).map(move |text| (at, text))) {
            finding = finding.related(text.0, text.1.clone());
        }
        if let Some(at) = at.filter(|_| more.len() > TOLD) {
            finding = finding.related(at, format!("and in {} more cases", more.len() - TOLD));
        }
        context.points(&mut finding, &found.atoms.into_iter().collect::<Vec<AtomId>>());
        out.push(finding);
    }
}

/// Adds what one pair of decisions leaves out: as a new finding, or as more of an existing one.
fn add<'a>(
    context: &Context<'_>,
    (from, to): (&[DomainId], &[DomainId]),
    flow: &Flow<'a>,
    (first, every): (Gap, Vec<Gap>),
    all: &mut Found<'a>,
) {
    let model = context.model;
    // Of everything that is missing for these inputs, show what asks for the most.
    let together = together(&first, &every);
    let most = together.into_iter().rev().max_by_key(|gap| gap.missing.len());
    let first = most.filter(|_| first.few.is_none()).cloned().unwrap_or(first);
    let mut magnitude: BTreeSet<Magnitude> = every.iter().map(|gap| magnitude(model, from, gap)).collect();
    magnitude.extend(flow.places.iter().map(|(system, data)| {
        let (system, data) = (&model.systems[system.index()].meta.id, &model.data[data.index()].meta.id);
        Magnitude::new().id(data).id(system)
    }));
    let found = all.entry((from[0], selector(model, to, &first))).or_insert_with(|| Laundered {
        from: from.to_vec(),
        to: to.to_vec(),
        change: flow.change,
        place: flow.place,
        first,
        every: Vec::new(),
        magnitude: BTreeSet::new(),
        atoms: BTreeSet::new(),
    });
    found.every.extend(every);
    found.magnitude.extend(magnitude);
    found.atoms.extend(&flow.atoms);
}

/// The gaps of functions for the same inputs, after the same approvals.
fn together<'g>(first: &Gap, every: &'g [Gap]) -> Vec<&'g Gap> {
    let same = |gap: &&Gap| {
        let here = (gap.emergency, &gap.given, described(&gap.cell.sample));
        gap.few.is_none() && gap.cell.tiers == first.cell.tiers && here == (first.emergency, &first.given, described(&first.cell.sample))
    };
    every.iter().filter(same).collect()
}

/// What is missing for these inputs, by every unmet rule and every unmet domain.
fn missing(found: &Laundered<'_>) -> Functions {
    let mut all = found.first.missing.clone();
    for gap in together(&found.first, &found.every) {
        take_in(&mut all, &gap.missing);
    }
    all
}

fn take_in(all: &mut Functions, more: &Functions) {
    for (function, count) in more {
        let own = all.entry(*function).or_default();
        *own = (*own).max(*count);
    }
}

/// Other decisions that need no approval from these functions, unless the finding names them already.
fn further(model: &Model, found: &Laundered<'_>) -> BTreeSet<String> {
    let (first, all) = (&found.first, missing(found));
    let told = |gap: &&Gap| {
        let within = |(function, count): (&FunctionId, &u32)| all.get(function).is_some_and(|all| all >= count);
        gap.few.is_some() || (gap.emergency == first.emergency && gap.missing.iter().all(within))
    };
    let further = found.every.iter().filter(|gap| !told(gap));
    let further: BTreeMap<(bool, &Functions), &Gap> = further.rev().map(|gap| ((gap.emergency, &gap.missing), gap)).collect();
    let texts = further.into_values().map(|gap| {
        let domain = &model.domains[found.from[0].index()].meta.name;
        format!(
            "{domain} can be decided without {} as well{}",
            functions(model, &gap.missing),
            circumstance(gap)
        )
    });
    texts.collect()
}

/// What distinguishes a finding from others about the same domain: who decides where the change arrives, or the
/// applicable rule.
fn selector(model: &Model, to: &[DomainId], gap: &Gap) -> String {
    let ids: Vec<&str> = to.iter().map(|domain| &*model.domains[domain.index()].meta.id).collect();
    let rule = match gap.unmet {
        Unmet::Rule(applicable) => applicable.rule(model).text.to_string(),
        Unmet::Domain(..) => String::new(),
    };
    format!("{} {rule}", ids.join(" ")).trim().to_owned()
}

/// A gap as it stands in a fingerprint: who has approved, who is missing, and when.
pub(super) fn magnitude(model: &Model, from: &[DomainId], gap: &Gap) -> Magnitude {
    let counted = |magnitude: Magnitude, (function, count): (&FunctionId, &u32)| {
        magnitude.count(*count).id(&model.functions[function.index()].meta.id)
    };
    let given = gap.given.iter().fold(Magnitude::from(Mark::Given), counted);
    let missing = gap.missing.iter().fold(Magnitude::from(Mark::Missing), counted);
    let few = gap.few.map_or(Magnitude::new(), |(people, wanted)| {
        Magnitude::from(Mark::People).count(people).mark(Mark::Of).count(wanted)
    });
    given.and(missing).and(few).and(when(model, from, &gap.cell.tiers, gap.emergency))
}

/// Combinations of domains and rules, each once and with a number: a few combinations decide about many places.
#[derive(Default)]
struct Sides {
    numbers: BTreeMap<(Vec<DomainId>, Vec<ApplicableRule>), usize>,
    list: Vec<(Vec<DomainId>, Vec<ApplicableRule>)>,
}

impl Sides {
    fn number(&mut self, model: &Model, domains: &[DomainId], rules: &[ApplicableRule]) -> usize {
        let side = (domains.to_vec(), approvals_and_numbers(model, rules));
        let next = self.list.len();
        let number = *self.numbers.entry(side.clone()).or_insert(next);
        if number == next {
            self.list.push(side);
        }
        number
    }
}

/// The distinct pairs of decisions between which something flows. A rule that applies at both ends is left out
/// of the second one.
fn pairs<'a>(context: &Context<'_>, changes: &'a [Change], downstream: &DownstreamDomains) -> BTreeMap<Pair, Flow<'a>> {
    let model = context.model;
    let mut sides = Sides::default();
    let mut downstream_rules: BTreeMap<(ActionId, Location), Vec<usize>> = BTreeMap::new();
    let mut flows: BTreeMap<(usize, usize), Flow<'_>> = BTreeMap::new();
    for change in changes {
        for atom in &change.atoms {
            let action = context.facts.atoms.get(*atom).action;
            let from = sides.number(model, &change.domains, &context.facts.applicable[atom.index()]);
            for place in &change.places[1..] {
                let number = |(domains, rules): (&[DomainId], &[ApplicableRule])| sides.number(model, domains, rules);
                let downstream_rules = downstream_rules
                    .entry((action, *place))
                    .or_insert_with(|| downstream.arrives(action, *place).into_iter().map(number).collect());
                for to in downstream_rules {
                    let flow = flows.entry((from, *to)).or_insert_with(|| Flow {
                        change,
                        place: *place,
                        places: BTreeSet::new(),
                        atoms: BTreeSet::new(),
                    });
                    flow.places.insert(*place);
                    flow.atoms.insert(*atom);
                }
            }
        }
    }
    let mut pairs: BTreeMap<Pair, Flow<'_>> = BTreeMap::new();
    for ((from, to), flow) in flows {
        let ((source, applicable), (target, rules)) = (&sides.list[from], &sides.list[to]);
        let known = |rule: &ApplicableRule| applicable.iter().any(|own| (own.standard, own.rule) == (rule.standard, rule.rule));
        // A rule that applies at both ends cannot be missing at the second one alone. A rule that eases an
        // emergency stays.
        let mut rules: Vec<ApplicableRule> = rules.iter().filter(|rule| eases(model, rule) || !known(rule)).copied().collect();
        if rules.iter().all(|rule| eases(model, rule)) {
            rules.clear();
        }
        let pair = (source.clone(), applicable.clone(), target.clone(), rules);
        match pairs.get_mut(&pair) {
            Some(known) => {
                known.places.extend(flow.places);
                known.atoms.extend(flow.atoms);
            }
            None => {
                pairs.insert(pair, flow);
            }
        }
    }
    pairs
}

/// The rules that name the functions that must approve, and the rules that say how far an emergency may reduce
/// them.
pub(super) fn approvals(model: &Model, rules: &[ApplicableRule]) -> Vec<ApplicableRule> {
    let of_approval = |rule: &&ApplicableRule| eases(model, rule) || matches!(rule.rule(model).requirement, Requirement::Approval(_));
    rules.iter().filter(of_approval).copied().collect()
}

/// These rules, and the rules that say how many people must approve.
fn approvals_and_numbers(model: &Model, rules: &[ApplicableRule]) -> Vec<ApplicableRule> {
    let number = |rule: &&ApplicableRule| matches!(rule.rule(model).requirement, Requirement::Approvers(_));
    let mut found = approvals(model, rules);
    found.extend(rules.iter().filter(number));
    found.sort_unstable();
    found
}

fn eases(model: &Model, rule: &ApplicableRule) -> bool {
    matches!(rule.rule(model).requirement, Requirement::Emergency(..))
}

fn say(context: &Context<'_>, found: &Laundered<'_>) -> Diagnostic {
    let model = context.model;
    let (from, gap) = (&found.from, &found.first);
    let domain = &model.domains[from[0].index()];
    let (class, system) = changes::names(model, found.change.held);
    let (arrives, place) = changes::names(model, found.place);
    let missing = functions(model, &missing(found));
    let circumstance = circumstance(gap);
    let lacking = match gap.few {
        Some((people, wanted)) => format!(
            "with only {} deciding, fewer than the {wanted} required",
            counted(people as usize, "person", "people")
        ),
        None => format!("without {missing}"),
    };
    let message = match class == arrives {
        true => format!("{class} changed in {system} reaches {place} {lacking}{circumstance}"),
        false => format!("{class} changed in {system} becomes {arrives} in {place} {lacking}{circumstance}"),
    };
    let at = span(model, from[0], gap.cell.tiers[0].filter(|_| !gap.emergency), gap.emergency);
    let given = match gap.given.is_empty() {
        true => "nobody".to_owned(),
        false => functions(model, &gap.given),
    };
    let label = match gap.few {
        Some((_, wanted)) => format!(
            "{given} may decide here, and the change flows to a place where {} would have to agree",
            counted(wanted as usize, "person", "people")
        ),
        None => format!("{given} may decide here, and the change flows to a place where {missing} would have to agree as well"),
    };
    let mut finding = context.finding(&CHECK, Kind::Domain, &domain.meta, at, message).label(at, label);
    finding = changes::path(context, finding, &[(found.change, found.place)]);
    let asks = |gap: &Gap| match gap.unmet {
        Unmet::Domain(id, tier) => {
            let own = &model.domains[id.index()];
            let span = span(model, id, tier, tier.is_none());
            (
                span,
                format!("{} decides about {arrives} in {place}, and requires this", own.meta.name),
            )
        }
        Unmet::Rule(applicable) => (applicable.rule(model).span, format!("required for {arrives} here")),
    };
    if let Unmet::Rule(applicable) = gap.unmet {
        let standard = &model.standards[applicable.standard.index()].meta;
        finding.finding.standard = Some((standard.id.to_string(), applicable.rule(model).span));
    }
    // The rules that make it a fault come before the path. A rule that asks for no further function adds
    // nothing.
    let mut told = gap.missing.clone();
    let mut applicable = vec![asks(gap)];
    for more in together(gap, &found.every).into_iter().filter(|_| gap.few.is_none()) {
        if more
            .missing
            .iter()
            .any(|(function, count)| told.get(function).is_none_or(|told| told < count))
        {
            take_in(&mut told, &more.missing);
            applicable.push(asks(more));
        }
    }
    let count = applicable.len();
    for (span, text) in applicable {
        finding = finding.related(span, text);
    }
    finding.related.rotate_right(count);
    finding.finding.selector = selector(model, &found.to, gap);
    finding = finding.magnitude(magnitude(model, from, gap));
    let help = match class == arrives {
        true => format!("leave {class} out of `feeds` to {place}, once the data no longer flows there"),
        // Where the change becomes another class, the flow itself is not the fault.
        false => format!("with {class} as …  in `feeds` to {place}, only if the data arrives as that class; if not, make it so first"),
    };
    finding.help(edit::edit(model, found)).help(help)
}

/// `, with amount 200 EUR, in an emergency`
pub(super) fn circumstance(gap: &Gap) -> String {
    let values = described(&gap.cell.sample);
    let values = if values.is_empty() { values } else { format!(", with {values}") };
    match gap.emergency {
        true => format!("{values}, in an emergency"),
        false => values,
    }
}

/// The place of a quorum of a domain.
pub(super) fn span(model: &Model, domain: DomainId, tier: Option<usize>, emergency: bool) -> Span {
    let own = &model.domains[domain.index()];
    let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
    match (urgent.filter(|_| emergency), tier) {
        (Some(quorum), _) => quorum.span,
        (None, Some(tier)) => own.tiers[tier].span,
        (None, None) => own.approve_span(),
    }
}

/// `business and 2 security`
pub(super) fn functions(model: &Model, functions: &Functions) -> String {
    let name = |(function, count): (&FunctionId, &u32)| {
        let name = &model.functions[function.index()].meta.name;
        match count {
            1 => name.to_string(),
            count => format!("{count} {name}"),
        }
    };
    let names: Vec<String> = functions.iter().map(name).collect();
    match names.len() {
        0..=2 => listed(&names),
        _ => names.join(" and "),
    }
}

/// Reports that a pair of decisions was not checked. That is not the same as a clean pair.
pub(super) fn not_known(model: &Model, domain: DomainId) -> Diagnostic {
    let own = &model.domains[domain.index()];
    let message = format!(
        "`{}` and the domains its changes flow to have more combinations of tiers and quorums than Quorate can try",
        own.meta.name
    );
    Diagnostic::error(own.approve_span(), message).help("split the domain, or ask for fewer alternatives in one quorum")
}
