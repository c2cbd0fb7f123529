//! Evidence that omits what it must show.

use crate::checks::requirements::{PerSubject, because_of, by_rule};
use crate::checks::short_retention::ledgers;
use crate::checks::stating::of_ledger;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{LedgerId, Requirement};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::{BTreeMap, BTreeSet};

/// What a record must show, and the field that shows it; what the guidance states literally comes first.
const SHOWS: &[(&str, &str)] = &[
    ("who approved the scope", "scope_approver"),
    ("who approved the action", "approvals"),
    ("which policy allowed it", "policy"),
    ("which rollback was available", "rollback"),
    ("within which limits", "limits"),
    ("when", "time"),
    ("which agent acted", "agent"),
    ("under which identity", "identity"),
    ("in which task", "task"),
    ("what was decided", "decision"),
    ("with which inputs", "inputs"),
    ("in which revision of the files", "revision"),
];

/// More questions than this are counted, not named.
const NAMED: usize = 3;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV504"),
    page: include_str!("../../docs/codes/incomplete-evidence.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<LedgerId> = PerSubject::new();
    let rules = by_rule(context, |rule| matches!(rule.requirement, Requirement::Evidence(..)).then_some(()));
    let all: BTreeSet<AtomId> = rules.iter().flat_map(|(_, (), atoms)| atoms.iter().copied()).collect();
    let all: BTreeMap<LedgerId, Vec<AtomId>> = ledgers(context, &all.into_iter().collect::<Vec<AtomId>>());
    for (applicable, (), atoms) in rules {
        let by_ledger: BTreeMap<LedgerId, Vec<AtomId>> = ledgers(context, &atoms);
        for (id, atoms) in by_ledger {
            let ledger = &model.ledgers[id.index()];
            // Where an agent changes nothing, there is nothing to undo.
            let changes = all[&id].iter().any(|atom| context.facts.atoms.get(*atom).mutates(model));
            let needed = |field: &str| (changes || field != "rollback") && !ledger.records.iter().any(|own| **own == *field);
            let lacking: Vec<&(&str, &str)> = SHOWS.iter().filter(|(_, field)| needed(field)).collect();
            if lacking.is_empty() || found.more(&id, &atoms) {
                continue;
            }
            let name = &ledger.meta.name;
            let mut questions: Vec<String> = lacking.iter().take(NAMED).map(|(shows, _)| (*shows).to_owned()).collect();
            if lacking.len() > NAMED {
                questions.push(format!("{} more", lacking.len() - NAMED));
            }
            let fields: Vec<&str> = lacking.iter().map(|(_, field)| *field).collect();
            let at = ledger.records_span.unwrap_or(ledger.meta.span);
            let message = format!("the records of {name} do not show {}", listed(&questions));
            let label = format!("leaves out {}", listed(&fields));
            let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message).label(at, label);
            let mut finding = because_of(context, finding, applicable, &atoms);
            finding = finding.magnitudes(fields.iter().map(|field| Magnitude::new().word(field)));
            let finding = finding.help(of_ledger(model, ledger, &format!("records …, {}", fields.join(", "))));
            found.add(id, finding, atoms);
        }
    }
    found.counted(context, out);
}
