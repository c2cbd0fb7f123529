//! The checks: one file and one documentation page for each.

use crate::checks::coming::ComingTasks;
use crate::checks::points::Shared;
use crate::diagnostic::{Code, Diagnostic, Level, Operations};
use crate::facts::atom::{Atom, AtomId};
use crate::facts::flow::graph::Flows;
use crate::facts::{Facts, GroupId};
use crate::model::{AgentId, IdentityId, Meta, Model, TaskId};
use crate::source::Span;
use crate::source::digest::sha256;
use crate::syntax::secrets::Found;
use crate::syntax::vocabulary::Kind;
use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub mod approvals;
mod calling;
pub mod changes;
pub mod fingerprint;
pub mod mending;
mod points;
pub mod precedence;
pub mod requirements;
pub mod stating;
pub mod waivers;

mod access_beyond_scope;
mod agent_approver;
mod ambiguous_tier;
mod approval_laundering;
mod autonomy_exceeds;
mod beyond_need;
mod call_cycle;
mod call_escalation;
mod class_not_held;
mod coming;
mod conflict_of_interest;
mod delegated_access;
mod delegation_collapse;
mod delegation_unbounded;
mod dependent_rollback;
mod duplicate_person;
mod emergency_gap;
mod evidence_in_reach;
mod expired_task;
mod expired_waiver;
pub mod failing_test;
mod fails_open;
mod forgeable_approval;
mod fragile_quorum;
mod fragmented_trail;
mod human_identity;
mod idle_waiver;
mod impersonation_chain;
mod inactive_approver;
mod incomplete_evidence;
mod lapsing_approval;
mod literal_secret;
mod missing_function;
mod mutable_evidence;
mod no_evidence;
mod no_lawful_basis;
mod no_retention;
mod no_revocation;
mod no_rollback;
mod no_stop;
mod no_workload_identity;
mod nothing_governed;
mod over_broad_scope;
mod ownerless_agent;
mod provider_governs_itself;
mod purpose_mismatch;
mod rollback_misses_system;
mod self_approval;
mod self_escalation;
mod self_waived;
mod shared_credential;
mod shared_identity;
mod short_retention;
mod silent_propagation;
mod single_function_approval;
mod single_function_control;
mod single_person_quorum;
mod slow_rollback;
mod stale_approval;
mod standing_credential;
mod too_few_approvers;
mod tool_owner_decides;
mod unanswered_question;
mod unapproved_scope;
mod unclassified_tool;
mod undecided;
mod unenforced;
mod unguarded_governance;
mod unlimited_write;
mod unmapped_check;
mod unowned_function;
mod unreachable_quorum;
mod unstated;
mod untested_domain;
mod untested_rollback;
mod unused_declaration;
mod write_without_task;

/// A check: its code, its page, what it does.
pub struct Check {
    /// Its number and name.
    pub code: &'static Code,
    /// The page that explains it.
    pub page: &'static str,
    /// How many things it looks at. This distinguishes "no findings" from "nothing looked at".
    pub looks_at: fn(&Context<'_>) -> usize,
    /// Finds faults and adds them to the list.
    pub run: fn(&Context<'_>, &mut Vec<Diagnostic>),
}

/// Every check, in order of codes.
pub static ALL: &[&Check] = &[
    &single_function_approval::CHECK,
    &single_person_quorum::CHECK,
    &missing_function::CHECK,
    &too_few_approvers::CHECK,
    &unreachable_quorum::CHECK,
    &undecided::CHECK,
    &self_approval::CHECK,
    &agent_approver::CHECK,
    &unowned_function::CHECK,
    &tool_owner_decides::CHECK,
    &forgeable_approval::CHECK,
    &delegation_collapse::CHECK,
    &delegation_unbounded::CHECK,
    &emergency_gap::CHECK,
    &inactive_approver::CHECK,
    &fragile_quorum::CHECK,
    &conflict_of_interest::CHECK,
    &ambiguous_tier::CHECK,
    &duplicate_person::CHECK,
    &stale_approval::CHECK,
    &unanswered_question::CHECK,
    &ownerless_agent::CHECK,
    &lapsing_approval::CHECK,
    &single_function_control::CHECK,
    &shared_identity::CHECK,
    &shared_credential::CHECK,
    &fragmented_trail::CHECK,
    &human_identity::CHECK,
    &standing_credential::CHECK,
    &no_revocation::CHECK,
    &impersonation_chain::CHECK,
    &literal_secret::CHECK,
    &self_escalation::CHECK,
    &no_workload_identity::CHECK,
    &access_beyond_scope::CHECK,
    &write_without_task::CHECK,
    &expired_task::CHECK,
    &no_lawful_basis::CHECK,
    &purpose_mismatch::CHECK,
    &over_broad_scope::CHECK,
    &class_not_held::CHECK,
    &no_retention::CHECK,
    &unlimited_write::CHECK,
    &unclassified_tool::CHECK,
    &unapproved_scope::CHECK,
    &autonomy_exceeds::CHECK,
    &beyond_need::CHECK,
    &no_rollback::CHECK,
    &slow_rollback::CHECK,
    &untested_rollback::CHECK,
    &rollback_misses_system::CHECK,
    &no_stop::CHECK,
    &unenforced::CHECK,
    &fails_open::CHECK,
    &dependent_rollback::CHECK,
    &no_evidence::CHECK,
    &mutable_evidence::CHECK,
    &short_retention::CHECK,
    &incomplete_evidence::CHECK,
    &evidence_in_reach::CHECK,
    &call_escalation::CHECK,
    &approval_laundering::CHECK,
    &silent_propagation::CHECK,
    &call_cycle::CHECK,
    &delegated_access::CHECK,
    &provider_governs_itself::CHECK,
    &expired_waiver::CHECK,
    &self_waived::CHECK,
    &idle_waiver::CHECK,
    &unused_declaration::CHECK,
    &failing_test::CHECK,
    &untested_domain::CHECK,
    &unmapped_check::CHECK,
    &unguarded_governance::CHECK,
    &nothing_governed::CHECK,
    &unstated::CHECK,
];

/// What every check looks at.
pub struct Context<'a> {
    /// The model.
    pub model: &'a Model,
    /// What follows from it.
    pub facts: &'a Facts,
    /// Where writes flow to.
    pub flows: &'a Flows,
    /// For each identity the agents that can act as it.
    pub users: &'a BTreeMap<IdentityId, Vec<(AgentId, Vec<Span>)>>,
    /// For each group its atoms.
    pub atoms_of: &'a [Vec<AtomId>],
    /// For each identity the atoms of its access. An identity with no access of its own has the atoms that are
    /// delegated to it.
    pub access_of: &'a [Vec<AtomId>],
    /// Secrets found in the files.
    pub secrets: &'a [Found],
    /// How many days ahead the model is read.
    pub horizon: i64,
    /// Tasks that begin within the horizon; worked out on first use.
    coming: OnceLock<ComingTasks<'a>>,
    /// What the decision points of findings share.
    shared: Shared,
    /// What the other checks have found, which the checks of waivers need. `None` while the other checks run.
    pub standing: Option<&'a [Diagnostic]>,
}

impl<'a> Context<'a> {
    /// A finding about a declaration, at a place in the declaration.
    pub fn finding(&self, check: &Check, kind: Kind, subject: &Meta, span: Span, message: impl Into<String>) -> Diagnostic {
        let mut finding = Diagnostic::error(span, message);
        finding.code = Some(check.code);
        finding.level = check.code.level;
        finding.finding.subject = subject.id.to_string();
        finding.finding.subject_kind = kind.word().to_owned();
        finding
    }

    /// The day from which somebody reaches an atom that nobody reaches today.
    pub fn from(&self, atom: AtomId) -> Option<Date> {
        let task = self.facts.begins.get(&atom)?;
        self.model.tasks[task.index()].starts.map(|starts| starts.value)
    }

    /// The operations of some atoms, whichever agents reach them.
    pub fn operations<'i>(&self, atoms: impl IntoIterator<Item = &'i AtomId>) -> Operations {
        self.operations_of(atoms.into_iter().map(|atom| self.facts.atoms.get(*atom)))
    }

    /// The operations of some atoms, given by value.
    pub fn operations_of(&self, atoms: impl Iterator<Item = Atom>) -> Operations {
        let ids = atoms.map(|atom| {
            let (action, data, system) = atom.metas(self.model);
            [&action.id, &data.id, &system.id].map(|id| id.to_string())
        });
        let mut each: Vec<[String; 3]> = ids.collect();
        each.sort_unstable();
        each.dedup();
        let mut lines: Vec<String> = each.iter().map(|ids| ids.join(" ")).collect();
        lines.sort_unstable();
        Operations {
            digest: sha256(lines.join("\n").as_bytes()),
            each,
            everything: false,
        }
    }

    /// The level of a finding about somebody's last day: an error once the day is over, a warning within the
    /// horizon.
    pub fn leaving(&self, last: Date) -> Option<Level> {
        match last {
            last if last < self.model.as_of => Some(Level::Error),
            last if last < self.horizon() => Some(Level::Warning),
            _ => None,
        }
    }

    /// The last day that the checks look at.
    pub fn horizon(&self) -> Date {
        self.model.as_of.saturating_add(self.horizon.days())
    }

    /// The tasks that begin within the horizon, each with its first day. What a task needs must be there before
    /// that day.
    pub fn beginning(&self) -> impl Iterator<Item = (TaskId, Date)> {
        let (model, last) = (self.model, self.horizon());
        let tasks = model.tasks.iter().enumerate();
        tasks.filter_map(move |(index, task)| {
            let starts = task.starts?.value;
            let begins = starts > model.as_of && starts < last && task.current(starts);
            begins.then_some((TaskId(index as u32), starts))
        })
    }

    /// The same, with the agents that do them or start them.
    pub fn coming(&self) -> &ComingTasks<'a> {
        self.coming.get_or_init(|| ComingTasks::of(self))
    }

    /// The atoms of a group.
    pub fn atoms(&self, group: GroupId) -> &'a [AtomId] {
        &self.atoms_of[group.index()]
    }
}

/// Runs every check. The findings are not folded yet: levels are set first, so that a code that is off hides no
/// other finding.
pub fn run(model: &Model, facts: &Facts, secrets: &[Found], horizon: i64) -> Vec<Diagnostic> {
    with_context(model, facts, secrets, horizon, None, |context| {
        let found: Vec<Vec<Diagnostic>> = ALL
            .par_iter()
            .map(|check| {
                let mut out = Vec::new();
                (check.run)(context, &mut out);
                out
            })
            .collect();
        let mut all = Vec::with_capacity(found.iter().map(Vec::len).sum());
        found.into_iter().for_each(|some| all.extend(some));
        all.extend(not_checked(context));
        all
    })
}

/// How many things each check looks at.
pub fn population(model: &Model, facts: &Facts, secrets: &[Found], horizon: i64) -> Vec<(&'static Check, usize)> {
    with_context(model, facts, secrets, horizon, None, |context| {
        ALL.iter().map(|check| (*check, (check.looks_at)(context))).collect()
    })
}

fn with_context<T>(
    model: &Model,
    facts: &Facts,
    secrets: &[Found],
    horizon: i64,
    standing: Option<&[Diagnostic]>,
    run: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let flows = Flows::of(model);
    let users = crate::facts::identity::users(model);
    let mut atoms_of = vec![Vec::new(); facts.groups.len()];
    for (index, group) in facts.group_of.iter().enumerate() {
        let atom = AtomId(index as u32);
        // A scope that no agent can act on any more is not a decision point.
        if facts.points_of[index].0 > 0 {
            atoms_of[group.index()].push(atom);
        }
    }
    let access_of = access_of(model, facts, &users);
    run(&Context {
        model,
        facts,
        flows: &flows,
        users: &users,
        atoms_of: &atoms_of,
        access_of: &access_of,
        secrets,
        horizon,
        standing,
        coming: OnceLock::new(),
        shared: Shared::default(),
    })
}

fn access_of(model: &Model, facts: &Facts, users: &BTreeMap<IdentityId, Vec<(AgentId, Vec<Span>)>>) -> Vec<Vec<AtomId>> {
    let own = (0..model.identities.len()).map(|index| {
        let identity = &model.identities[index];
        let mut atoms: Vec<AtomId> = identity
            .access
            .iter()
            .flat_map(|grant| crate::facts::atom::expand(model, grant))
            .filter_map(|atom| facts.atoms.find(atom))
            .collect();
        if identity.access.is_empty() {
            // A delegated identity does what is delegated to the agents that run as it.
            let agents = users
                .get(&IdentityId(index as u32))
                .into_iter()
                .flatten()
                .filter(|(_, steps)| steps.len() == 1);
            atoms.extend(agents.flat_map(|(agent, _)| facts.reach[agent.index()].access()));
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    });
    own.collect()
}

/// Decisions with too many cells or ways to try. A decision that was not checked is not the same as a clean
/// one.
fn not_checked(context: &Context<'_>) -> Vec<Diagnostic> {
    let large = context
        .facts
        .groups
        .iter()
        .zip(&context.facts.verdicts)
        .filter(|(_, verdict)| verdict.too_large);
    let found = large.map(|(group, verdict)| {
        let domain = &context.model.domains[group.domains[0].index()];
        let name = &domain.meta.name;
        match verdict.entangled {
            true => Diagnostic::error(
                domain.approve_span(),
                format!("too many people and teams control what `{name}` depends on, so not every group of people could be tried"),
            )
            .help("name fewer people and teams in `managed_by` of the teams, systems and enforcements that it depends on"),
            false => Diagnostic::error(
                domain.approve_span(),
                format!("`{name}` has more combinations of tiers and quorums than Quorate can try"),
            )
            .help("split the domain, or ask for fewer alternatives in one quorum"),
        }
    });
    found.chain(changes_not_checked(context)).collect()
}

/// The same for changes of the governance files themselves.
fn changes_not_checked(context: &Context<'_>) -> Option<Diagnostic> {
    let model = context.model;
    let takes = crate::facts::changes::takes(model, model.as_of)?;
    let at = model.workspace.as_ref()?.changes.as_ref()?.span;
    takes.unfinished.then(|| {
        Diagnostic::error(
            at,
            "too many people and teams control who can change these files, so not every group of people could be tried",
        )
        .help("name fewer people and teams in `managed_by` of the teams that can change them")
    })
}
