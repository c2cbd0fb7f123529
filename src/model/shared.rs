//! Clauses shared by several domains: who holds which function, and what is required besides approvals. A
//! domain's own clause wins.

use crate::diagnostic::Diagnostic;
use crate::model::{At, Domain, FunctionId, LedgerId, Meta, Model, RollbackId, Seat};
use crate::source::Span;

/// Who holds which function in the domains that name it.
#[derive(Debug)]
pub struct Ownership {
    /// Name and place.
    pub meta: Meta,
    /// Who holds which function.
    pub seats: Vec<Seat>,
}

/// What the domains that name it require besides approvals.
#[derive(Debug)]
pub struct Safeguards {
    /// Name and place.
    pub meta: Meta,
    /// How long an approval is valid, in seconds.
    pub valid: Option<At<i64>>,
    /// Whether an approval is for the exact action; otherwise it is for the task.
    pub binds_action: Option<At<bool>>,
    /// How long the data is kept, in seconds.
    pub retention: Option<At<i64>>,
    /// How a change is undone.
    pub rollbacks: Vec<At<RollbackId>>,
    /// Where its rollback line is.
    pub rollback_span: Option<Span>,
    /// Where the evidence is kept.
    pub evidence: Option<At<LedgerId>>,
}

/// Gives each domain its shared clauses. If a domain names two of them that set the same thing, that is an
/// error: nobody can tell which applies.
pub(super) fn settle(model: &mut Model) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut domains = std::mem::take(&mut model.domains);
    for domain in &mut domains {
        ownership(model, domain, &mut errors);
        safeguards(model, domain, &mut errors);
    }
    model.domains = domains;
    errors
}

fn ownership(model: &Model, domain: &mut Domain, errors: &mut Vec<Diagnostic>) {
    let own: Vec<FunctionId> = domain.seats.iter().map(|seat| seat.function).collect();
    let mut taken: Vec<Seat> = Vec::new();
    for named in &domain.ownerships {
        let shared = &model.ownerships[named.value.index()];
        for seat in shared.seats.iter().filter(|seat| !own.contains(&seat.function)) {
            match taken.iter().find(|other| other.function == seat.function) {
                None => taken.push(seat.clone()),
                Some(first) => {
                    let function = &model.functions[seat.function.index()].meta.name;
                    let what = format!("who holds {function}");
                    errors.push(twice(
                        domain,
                        named.span,
                        (first.span, seat.span),
                        &what,
                        &format!("owner {function} …"),
                    ));
                }
            }
        }
    }
    domain.seats.extend(taken);
}

fn safeguards(model: &Model, domain: &mut Domain, errors: &mut Vec<Diagnostic>) {
    let (mut valid, mut binds, mut retention, mut evidence, mut rollback) = (None, None, None, None, None);
    for named in &domain.safeguards {
        let shared = &model.safeguards[named.value.index()];
        let mut taking = Taking {
            domain,
            named: named.span,
            errors,
        };
        taking.take("valid", domain.valid_span.is_some(), &mut valid, shared.valid);
        taking.take("binds", domain.binds_span.is_some(), &mut binds, shared.binds_action);
        taking.take("retention", domain.retention.is_some(), &mut retention, shared.retention);
        taking.take("evidence", domain.evidence.is_some(), &mut evidence, shared.evidence);
        let line = shared.rollback_span.map(|span| At { value: named.value, span });
        taking.take("rollback", !domain.rollbacks.is_empty(), &mut rollback, line);
    }
    if let Some(at) = valid {
        (domain.valid, domain.valid_span) = (at.value, Some(at.span));
    }
    if let Some(at) = binds {
        (domain.binds_action, domain.binds_span) = (at.value, Some(at.span));
    }
    domain.retention = domain.retention.or(retention.map(|at| at.value));
    domain.evidence = domain.evidence.or(evidence);
    if let Some(from) = rollback {
        domain
            .rollbacks
            .extend(model.safeguards[from.value.index()].rollbacks.iter().copied());
    }
}

/// One domain that takes the clauses of one of its safeguards.
struct Taking<'a> {
    domain: &'a Domain,
    named: Span,
    errors: &'a mut Vec<Diagnostic>,
}

impl Taking<'_> {
    /// Takes the shared value where the domain does not have its own.
    fn take<T: Copy>(&mut self, word: &str, own: bool, known: &mut Option<At<T>>, said: Option<At<T>>) {
        match (*known, said) {
            (None, said) => *known = said.filter(|_| !own),
            (Some(_), None) => {}
            (Some(first), Some(second)) => {
                let places = (first.span, second.span);
                let error = twice(self.domain, self.named, places, &format!("what `{word}` is"), &format!("{word} …"));
                self.errors.push(error);
            }
        }
    }
}

fn twice(domain: &Domain, named: Span, (first, second): (Span, Span), what: &str, own: &str) -> Diagnostic {
    let name = &domain.meta.name;
    Diagnostic::error(named, format!("two declarations that domain {name} names say {what}"))
        .label(named, "the second is named here")
        .related(first, "the first says it here")
        .related(second, "the second says it here")
        .help(format!(
            "keep one of the two, or write `{own}` in domain {name} itself, which wins over both"
        ))
}
