//! What the checks of approvals share: iterating over answers, and wording who stands behind what.

mod edits;
mod magnitude;
mod words;

pub use edits::{all_named, demanded, demands, enough, quorum_text, tighten, whole};
pub use magnitude::{alone, when};
pub use words::{means, means_of_several, means_titled};

use crate::checks::Context;
use crate::checks::requirements::strictness;
use crate::checks::stating::{only_if, said_by, signed};
use crate::diagnostic::{Diagnostic, Witness};
use crate::facts::applicable::ApplicableRule;
use crate::facts::atom::AtomId;
use crate::facts::control::{ControlPath, Formula, Means};
use crate::facts::verdict::{Answer, Behind, CellVerdict, Filled};
use crate::facts::{GroupId, Verdict};
use crate::model::{DomainId, FunctionId, Model, PersonId, Quorum, Requirement, System};
use crate::source::Span;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

/// One answer of one decision.
pub struct Case<'a> {
    /// The decision.
    pub group: GroupId,
    /// The domain a finding is about: the first of the governing ones.
    pub domain: DomainId,
    /// The cell.
    pub cell: &'a CellVerdict,
    /// What the decision takes.
    pub answer: &'a Answer,
    /// Whether it is the emergency path.
    pub emergency: bool,
    /// The atoms that some agent reaches.
    pub atoms: &'a [AtomId],
}

/// Every answer of every decision that some domain governs.
pub fn cases<'a>(context: &'a Context<'_>) -> Vec<Case<'a>> {
    let mut cases = Vec::new();
    for (index, (group, verdict)) in context.facts.groups.iter().zip(&context.facts.verdicts).enumerate() {
        let group_id = GroupId(index as u32);
        let atoms = context.atoms(group_id);
        let Some(domain) = group.domains.first().copied().filter(|_| !atoms.is_empty()) else {
            continue;
        };
        let Verdict { cells, .. } = verdict;
        for cell in cells {
            cases.push(Case {
                group: group_id,
                domain,
                cell,
                answer: &cell.normal,
                emergency: false,
                atoms,
            });
            if let Some(answer) = &cell.emergency {
                cases.push(Case {
                    group: group_id,
                    domain,
                    cell,
                    answer,
                    emergency: true,
                    atoms,
                });
            }
        }
    }
    cases
}

impl Case<'_> {
    /// The place of the quorum that applies here: of the tier, or of the emergency.
    pub fn span(&self, model: &Model) -> Span {
        let domain = &model.domains[self.domain.index()];
        let urgent = domain.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
        match (urgent.filter(|_| self.emergency), self.cell.cell.tiers.first()) {
            (Some(quorum), _) => quorum.span,
            (None, Some(Some(tier))) => domain.tiers[*tier].span,
            (None, _) => domain.approve_span(),
        }
    }

    /// What each governing domain asks for here; `None` if no tier applies to the request.
    pub fn quorums<'a>(&self, context: &'a Context<'_>) -> Vec<(DomainId, Option<&'a Quorum>)> {
        let domains = &context.facts.groups[self.group.index()].domains;
        let applicable = domains.iter().zip(&self.cell.cell.tiers).map(|(id, tier)| {
            let own = &context.model.domains[id.index()];
            let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
            let tier = || tier.map(|tier| &own.tiers[tier].quorum);
            (*id, urgent.filter(|_| self.emergency).map(|at| &at.value).or_else(tier))
        });
        applicable.collect()
    }

    /// The first governing domain that has an `emergency` block.
    pub fn urgent(&self, context: &Context<'_>) -> DomainId {
        let says = |domain: &&DomainId| {
            let emergency = context.model.domains[domain.index()].emergency.as_ref();
            emergency.is_some_and(|emergency| emergency.approve.is_some())
        };
        let domains = &context.facts.groups[self.group.index()].domains;
        domains.iter().find(says).copied().unwrap_or(self.domain)
    }

    /// The place of the quorum that applies here in one of the governing domains.
    pub fn span_in(&self, context: &Context<'_>, domain: DomainId) -> Span {
        let own = &context.model.domains[domain.index()];
        let urgent = own.emergency.as_ref().and_then(|emergency| emergency.approve.as_ref());
        let place = context.facts.groups[self.group.index()]
            .domains
            .iter()
            .position(|other| *other == domain);
        let tier = place.and_then(|place| self.cell.cell.tiers.get(place).copied().flatten());
        match (urgent.filter(|_| self.emergency), tier) {
            (Some(quorum), _) => quorum.span,
            (None, Some(tier)) => own.tiers[tier].span,
            (None, None) => own.approve_span(),
        }
    }

    /// `, in an emergency`, ` with amount 200 EUR`
    pub fn circumstance(&self) -> String {
        let sample = crate::facts::cell::described(&self.cell.cell.sample);
        let values = if sample.is_empty() {
            String::new()
        } else {
            format!(" with {sample}")
        };
        if self.emergency {
            format!("{values} in an emergency")
        } else {
            values
        }
    }

    /// The applicable rules of the standards for this answer, the strictest of a kind first, each with its
    /// atoms.
    pub fn rules(&self, context: &Context<'_>) -> Vec<(ApplicableRule, Vec<AtomId>)> {
        // A standard binds an emergency too, unless that same standard says how far an emergency may reduce its
        // quorum.
        let eases = |one: &ApplicableRule| self.holds(one) && matches!(one.rule(context.model).requirement, Requirement::Emergency(..));
        self.rules_where(context, |applicable, one| {
            let mut eased = applicable.iter().filter(|other| eases(other));
            !self.emergency || eased.all(|other| other.standard != one.standard)
        })
    }

    /// The rules that would apply to this answer if no standard eased emergencies.
    pub fn rules_before_easing(&self, context: &Context<'_>) -> Vec<(ApplicableRule, Vec<AtomId>)> {
        self.rules_where(context, |_, _| true)
    }

    /// Whether the condition of a rule, if it has one, holds here.
    fn holds(&self, one: &ApplicableRule) -> bool {
        !one.conditional || self.cell.cell.rules.contains(&(one.standard, one.rule))
    }

    fn rules_where(
        &self,
        context: &Context<'_>,
        binds: impl Fn(&[ApplicableRule], &ApplicableRule) -> bool,
    ) -> Vec<(ApplicableRule, Vec<AtomId>)> {
        let mut rules: BTreeMap<ApplicableRule, Vec<AtomId>> = BTreeMap::new();
        for atom in self.atoms {
            let applicable = &context.facts.applicable[atom.index()];
            for one in applicable.iter().filter(|one| self.holds(one) && binds(applicable, one)) {
                rules.entry(*one).or_default().push(*atom);
            }
        }
        let mut rules: Vec<(ApplicableRule, Vec<AtomId>)> = rules.into_iter().collect();
        rules.sort_by_key(|(applicable, _)| strictness(context.model, *applicable));
        rules
    }
}

/// The name of a person as the file says it, and of a function.
pub fn who(model: &Model, filled: &Filled) -> Option<String> {
    match &filled.behind {
        Behind::Holder(holder) => Some(model.people[holder.named.index()].meta.name.to_string()),
        Behind::ControlPath(_) => None,
    }
}

/// `maria (business) and sam (security)`
pub fn people(model: &Model, filled: &[Filled]) -> String {
    let names: Vec<String> = filled
        .iter()
        .map(|slot| {
            let function = &model.functions[slot.function.index()].meta.name;
            match who(model, slot) {
                Some(person) => format!("{person} ({function})"),
                None => format!("somebody for {function}"),
            }
        })
        .collect();
    let mut unique: Vec<String> = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    listed(&unique)
}

/// The witness of a finding: who stands behind which function, and why.
pub fn witness(model: &Model, finding: &mut Diagnostic, filled: &[Filled]) {
    for slot in filled {
        let function = model.functions[slot.function.index()].meta.name.to_string();
        let witness = match &slot.behind {
            Behind::Holder(holder) => Witness {
                person: model.people[holder.named.index()].meta.id.to_string(),
                name: model.people[holder.named.index()].meta.shown().to_owned(),
                stands_for: function,
                because: holder.because.clone(),
                span: holder.span,
            },
            Behind::ControlPath(control_path) => Witness {
                person: String::new(),
                name: String::new(),
                stands_for: function,
                because: means(model, control_path.means),
                span: control_path.span,
            },
        };
        if !finding.finding.witness.contains(&witness) {
            finding.finding.witness.push(witness);
        }
    }
}

/// The path, step by step. `name` is the one person. If the path takes several people, `together` are those
/// with names.
pub fn steps(context: &Context<'_>, coalition: &[Filled], name: &str, together: &[PersonId]) -> Vec<(Span, String)> {
    let model = context.model;
    let mut unique: Vec<(Span, String)> = Vec::new();
    for slot in coalition {
        let meta = &model.domains[slot.domain.index()].meta;
        for step in steps_to(model, (&meta.name, meta.span), slot.function, &slot.behind, name, together) {
            if !unique.contains(&step) {
                unique.push(step);
            }
        }
    }
    unique
}

/// How somebody stands behind one approval as a function that the clause at `place` asks for.
pub fn steps_to(
    model: &Model,
    (place, applicable): (&str, Span),
    function: FunctionId,
    behind: &Behind,
    name: &str,
    together: &[PersonId],
) -> Vec<(Span, String)> {
    let (id, function) = (function, &model.functions[function.index()].meta.name);
    let control_path = match behind {
        Behind::Holder(holder) => {
            let named = &model.people[holder.named.index()];
            let meta = &model.people[holder.person.index()].meta;
            let also = match holder.named == holder.person {
                true => String::new(),
                // The entries of one person in two modules have one name.
                false if meta.name == named.meta.name => format!(", who is {} as well,", meta.id),
                false => format!(", who is {} as well,", meta.name),
            };
            let text = format!("{}{also} approves as {function} in {place} ({})", named.meta.name, holder.because);
            return vec![(holder.span, text)];
        }
        Behind::ControlPath(control_path) => control_path,
    };
    let seat = match (control_path.seat, control_path.means) {
        (Some(seat), Means::Team(team)) => (
            seat,
            format!("a member of {} approves as {function}", model.teams[team.index()].meta.name),
        ),
        (Some(seat), _) => (seat, format!("software approves as {function}")),
        (None, _) => (applicable, format!("an approval as {function} is read from {place}")),
    };
    let does = match (&control_path.formula, together.len() > 1) {
        (Formula::Left, _) => format!(
            "the people named here have left, and the files do not say who now {}",
            means(model, control_path.means)
        ),
        (Formula::Unknown, _) => format!("the files do not say who {}", means(model, control_path.means)),
        (_, true) => by_several(model, control_path, together),
        (_, false) => format!("{name} alone {}", means(model, control_path.means)),
    };
    if control_path.parts.is_empty() {
        return vec![seat, (control_path.span, does)];
    }
    // Several things in a chain: for each thing, the control path that one of the people has.
    let mut all = vec![seat];
    let mut told: Vec<Means> = Vec::new();
    let open = |part: &&ControlPath| {
        together.iter().any(|person| part.formula.known(&BTreeSet::from([*person]))) || part.formula.known(&BTreeSet::new())
    };
    let ways = control_path.parts.iter().filter(open).chain(&control_path.parts);
    for part in ways {
        if !told.contains(&part.means) {
            told.push(part.means);
            let of_part = steps_to(model, (place, applicable), id, &Behind::ControlPath(part.clone()), name, together);
            all.extend(of_part.into_iter().skip(1));
        }
    }
    all
}

/// `ines and ben decide what gateway lets through`: of several people, those whom the control path takes.
fn by_several(model: &Model, control_path: &ControlPath, together: &[PersonId]) -> String {
    let able = needed_for(control_path, together);
    let names: Vec<&str> = able.iter().map(|person| &*model.people[person.index()].meta.name).collect();
    match &names[..] {
        [] => format!("together they {}", means_of_several(model, control_path.means)),
        [one] => format!("{one} alone {}", means(model, control_path.means)),
        _ => format!("{} {}", listed(&names), means_of_several(model, control_path.means)),
    }
}

/// The people without whom the rest of `people` could not use the control path, according to the files; empty
/// if even all of them cannot.
pub fn needed_for(control_path: &ControlPath, people: &[PersonId]) -> BTreeSet<PersonId> {
    let mut able: BTreeSet<PersonId> = people.iter().copied().collect();
    if !control_path.formula.known(&able) {
        return BTreeSet::new();
    }
    for person in people {
        able.remove(person);
        if !control_path.formula.known(&able) {
            able.insert(*person);
        }
    }
    able
}

/// The clauses whose absence puts somebody unnamed behind these slots.
pub fn silence(filled: &[Filled]) -> Vec<(Span, &'static str)> {
    let control_paths = filled.iter().filter_map(|slot| match &slot.behind {
        Behind::ControlPath(control_path) if matches!(control_path.formula, Formula::Unknown | Formula::Left) => Some(control_path),
        Behind::ControlPath(_) | Behind::Holder(_) => None,
    });
    let words = |means: Means| match means {
        Means::UnstatedPlace(_) => &["approvals"][..],
        Means::Issuer(_) => &["issued_by", "managed_by"],
        Means::Team(_) | Means::Place(_) | Means::Enforcement(_) | Means::Series(..) | Means::Agent(_) | Means::Identity(_) => {
            &["managed_by"]
        }
    };
    control_paths
        .flat_map(|control_path| words(control_path.means).iter().map(|word| (control_path.span, *word)))
        .collect()
}

/// The edits that take control away from one person, one for each thing that the person controls.
pub fn helps(context: &Context<'_>, filled: &[Filled], mut finding: Diagnostic) -> Diagnostic {
    let mut told = BTreeSet::new();
    for slot in filled {
        let domain = format!("domain {}", context.model.domains[slot.domain.index()].meta.name);
        if let Behind::ControlPath(control_path) = &slot.behind {
            let help = help_for(context.model, control_path, slot.function, &domain);
            if told.insert(help.clone()) {
                finding = finding.help(help);
            }
        }
    }
    finding
}

/// The edit that takes one thing away from one person; `place` is the declaration in which the function is
/// held.
pub fn help_for(model: &Model, control_path: &ControlPath, function: FunctionId, place: &str) -> String {
    // A control path through the system that keeps something is fixed at that system.
    let kept = |system: &&System| system.managed_by.known().map_or(system.meta.span, |said| said.span) == control_path.span;
    match control_path.means {
        Means::Team(_) | Means::Enforcement(_) if model.systems.iter().any(|system| kept(&system)) => {
            let system = model.systems.iter().find(kept);
            let name = system.map_or("", |system| &*system.meta.name);
            let edit = format!("managed_by 2 of (…, …)  in system {name},");
            only_if(model, &edit, system.map(|system| &system.managed_by))
        }
        Means::Team(team) => {
            let own = &model.teams[team.index()];
            let edit = format!("managed_by 2 of (…, …)  in team {},", own.meta.name);
            only_if(model, &edit, Some(&own.managed_by))
        }
        Means::Place(system) => {
            let own = &model.systems[system.index()];
            let edit = format!(
                "approvals signed  in the ledger, or managed_by 2 of (…, …)  in system {}",
                own.meta.name
            );
            only_if(model, &edit, Some(&own.managed_by))
        }
        Means::UnstatedPlace(domain) => match model.domains[domain.index()].evidence {
            Some(ledger) => signed(model, ledger.value),
            None => {
                let name = &model.domains[domain.index()].meta.name;
                said_by(&format!("evidence …  in domain {name},"), "security")
            }
        },
        Means::Enforcement(enforcement) | Means::Series(enforcement, ..) => {
            let own = &model.enforcements[enforcement.index()];
            let edit = format!("managed_by 2 of (…, …)  in enforcement {},", own.meta.name);
            only_if(model, &edit, Some(&own.managed_by))
        }
        Means::Agent(_) | Means::Issuer(_) | Means::Identity(_) => {
            format!("owner {} …  with a person, in {place}", model.functions[function.index()].meta.name)
        }
    }
}

/// A domain without evidence has no place that keeps its approvals. Where a standard asks for evidence, another
/// finding reports that, and its consequences are not reported again.
pub fn said_elsewhere(context: &Context<'_>, case: &Case<'_>, filled: &[Filled]) -> bool {
    let unstated = |slot: &Filled| match &slot.behind {
        Behind::ControlPath(control_path) => match control_path.means {
            Means::UnstatedPlace(domain) => context.model.domains[domain.index()].evidence.is_none(),
            _ => false,
        },
        Behind::Holder(_) => false,
    };
    let applicable = case.atoms.iter().flat_map(|atom| &context.facts.applicable[atom.index()]);
    let mut evidence = applicable.filter(|applicable| matches!(applicable.rule(context.model).requirement, Requirement::Evidence(..)));
    filled.iter().any(unstated) && evidence.next().is_some()
}

/// Where software in a seat fills a slot, the finding about the seat includes this one.
pub fn follows(filled: &[Filled]) -> Vec<&'static str> {
    let software = |slot: &Filled| match &slot.behind {
        Behind::ControlPath(control_path) => control_path.means.is_software(),
        Behind::Holder(_) => false,
    };
    match filled.iter().any(software) {
        true => vec!["GOV107", "GOV108"],
        false => Vec::new(),
    }
}

/// How one person without a function makes every approval appear. Another check reports what software holds.
pub fn forged(answer: &Answer) -> Option<&[Filled]> {
    Some(&answer.forged[..]).filter(|filled| !filled.is_empty() && follows(filled).is_empty())
}

/// Whether the decision asks for two approvals that look like two people's: of two functions, or two of one
/// function in one domain. One function in two domains is one function.
pub fn several(coalition: &[Filled]) -> bool {
    let pairs = coalition
        .iter()
        .enumerate()
        .flat_map(|(index, one)| coalition[..index].iter().map(move |two| (one, two)));
    pairs
        .into_iter()
        .any(|(one, two)| one.function != two.function || one.domain == two.domain)
}

/// For each domain the atoms it decides that some agent reaches, in order.
pub fn by_domain(context: &Context<'_>) -> BTreeMap<DomainId, Vec<AtomId>> {
    let mut found: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (index, group) in context.facts.groups.iter().enumerate() {
        for domain in &group.domains {
            found.entry(*domain).or_default().extend(context.atoms(GroupId(index as u32)));
        }
    }
    found.values_mut().for_each(|atoms| atoms.sort_unstable());
    found
}

/// Gives each finding the decision points behind it, each once.
pub fn counted(context: &Context<'_>, found: impl IntoIterator<Item = (Diagnostic, Vec<AtomId>)>, out: &mut Vec<Diagnostic>) {
    for (mut finding, mut atoms) in found {
        atoms.sort_unstable_by_key(|atom| (context.facts.atoms.get(*atom).gravity(context.model), *atom));
        atoms.dedup();
        context.points(&mut finding, &atoms);
        out.push(finding);
    }
}

/// Says that nothing need be done about a declaration of the standard library.
pub fn functions(model: &Model, ids: impl Iterator<Item = FunctionId>) -> String {
    let names: Vec<&str> = ids.map(|function| &*model.functions[function.index()].meta.name).collect();
    listed(&names)
}
