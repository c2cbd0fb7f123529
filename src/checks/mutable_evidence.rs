//! Evidence that can be changed without a trace.

use crate::checks::requirements::{PerSubject, because_of, by_rule};
use crate::checks::stating::of_ledger;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Extent, Mark, catalogue};
use crate::facts::atom::AtomId;
use crate::model::{LedgerId, Requirement};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV502"),
    page: include_str!("../../docs/codes/mutable-evidence.md"),
    looks_at: |context| context.model.ledgers.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut found: PerSubject<LedgerId> = PerSubject::new();
    for (asked, (), atoms) in by_rule(context, |rule| {
        matches!(rule.requirement, Requirement::Evidence(_, true)).then_some(())
    }) {
        let mut by_ledger: BTreeMap<LedgerId, Vec<AtomId>> = BTreeMap::new();
        for atom in atoms {
            for domain in &context.facts.group(atom).domains {
                if let Some(ledger) = model.domains[domain.index()].evidence {
                    by_ledger.entry(ledger.value).or_default().push(atom);
                }
            }
        }
        for (id, atoms) in by_ledger {
            let ledger = &model.ledgers[id.index()];
            let said_so = ledger.tamper_evident.as_ref();
            if said_so.is_some_and(|how| &*how.value != "none") || found.more(&id, &atoms) {
                continue;
            }
            let at = said_so.map_or(ledger.meta.span, |how| how.span);
            let message = format!("{} can be changed without a trace", ledger.meta.name);
            let label = match said_so {
                Some(_) => "nothing would show that a record was rewritten",
                None => "nothing says what would show that a record was rewritten",
            };
            let finding = context.finding(&CHECK, Kind::Ledger, &ledger.meta, at, message).label(at, label);
            let mut finding = because_of(context, finding, asked, &atoms);
            finding = finding.extent(match said_so {
                Some(how) => Extent::new().word(&how.value),
                None => Mark::Unsaid.into(),
            });
            found.add(id, finding.help(of_ledger(model, ledger, "tamper_evident hash_chain")), atoms);
        }
    }
    found.counted(context, out);
}
