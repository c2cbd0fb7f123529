//! Decision domains, rollbacks, ledgers.

use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::domain::{ApprovalPlace, Gate};
use crate::model::{At, Domain, Emergency, Input, InputKind, Ledger, Ownership, Rollback, Safeguards, Said, Seat, Tier};
use crate::syntax::ast::{Condition, Item, Literal, Money};
use crate::syntax::vocabulary::{self, Kind, Place};
use crate::words::literal::decimals;

/// In seconds. An approval is valid for this long unless a domain sets another time.
const VALID: i64 = 86_400;

impl Builder<'_> {
    pub(super) fn domain(&mut self, item: &Item) -> Domain {
        let inputs: Vec<Input> = item.clauses("input").filter_map(|clause| self.input(clause)).collect();
        for (index, input) in inputs.iter().enumerate() {
            if let Some(first) = inputs[..index].iter().find(|first| first.name == input.name) {
                let message = format!("input `{}` is declared twice", input.name);
                self.diagnostics.push(
                    Diagnostic::error(input.span, message)
                        .label(input.span, "again here")
                        .label(first.span, "first here"),
                );
            }
        }
        let tiers = item.clauses("approve").filter_map(|clause| self.tier(clause, &inputs)).collect();
        let covers = item
            .clauses("covers")
            .flat_map(Item::grants)
            .filter_map(|grant| self.grant(grant))
            .collect();
        let valid = item.clause("valid");
        Domain {
            meta: self.meta(item),
            covers,
            seats: self.seats(item),
            ownerships: self.every(item, "ownership", "ownership"),
            safeguards: self.every(item, "safeguards", "safeguards"),
            tiers,
            same_person: item.clause("same_person").map(|clause| clause.header),
            valid: valid.and_then(|clause| clause.number("duration")).unwrap_or(VALID),
            valid_span: valid.map(|clause| clause.header),
            binds_action: item.clause("binds").and_then(|clause| clause.text("binds")) != Some("task"),
            binds_span: item.clause("binds").map(|clause| clause.header),
            limits: self.limits(item),
            purposes: item.clause("purposes").map(|_| {
                self.every(item, "purposes", "purpose")
                    .into_iter()
                    .map(|purpose| purpose.value)
                    .collect()
            }),
            retention: item.clause("retention").and_then(|clause| clause.number("duration")),
            rollbacks: self.every(item, "rollback", "rollback"),
            evidence: self.only(item, "evidence", "ledger"),
            emergency: item.clause("emergency").map(|clause| self.emergency(clause)),
            inputs,
        }
    }

    pub(super) fn ownership(&mut self, item: &Item) -> Ownership {
        Ownership {
            meta: self.meta(item),
            seats: self.seats(item),
        }
    }

    pub(super) fn safeguards(&mut self, item: &Item) -> Safeguards {
        let duration = |word: &str| {
            let clause = item.clause(word)?;
            let value = clause.number("duration")?;
            Some(At {
                value,
                span: clause.header,
            })
        };
        let binds = item.clause("binds").map(|clause| At {
            value: clause.text("binds") != Some("task"),
            span: clause.header,
        });
        Safeguards {
            meta: self.meta(item),
            valid: duration("valid"),
            binds_action: binds,
            retention: duration("retention"),
            rollbacks: self.every(item, "rollback", "rollback"),
            rollback_span: item.clause("rollback").map(|clause| clause.header),
            evidence: self.only(item, "evidence", "ledger"),
        }
    }

    /// Who holds which function, in a domain or in the workspace.
    pub(super) fn seats(&self, item: &Item) -> Vec<Seat> {
        let seats = item.clauses("owner").filter_map(|clause| {
            Some(Seat {
                function: self.ids(clause, "function").first()?.value,
                owner: clause.names("owner").next().and_then(|name| self.party(name))?,
                deputies: clause.names("deputy").filter_map(|name| self.party(name)).collect(),
                span: clause.header,
            })
        });
        seats.collect()
    }

    fn tier(&mut self, clause: &Item, inputs: &[Input]) -> Option<Tier> {
        let quorum = self.quorum(clause.quorum("quorum")?);
        let condition = clause.first("condition").and_then(|argument| match &argument.value {
            crate::syntax::ast::Value::Condition(condition) => Some((**condition).clone()),
            _ => None,
        });
        let text = self.written(clause.header);
        let text = text.strip_prefix("approve ").unwrap_or(&text).into();
        let gate = match condition {
            Some(mut condition) => {
                self.condition(&mut condition, inputs);
                Gate::When(condition)
            }
            None if self.sources.text(clause.header).trim_end().ends_with("otherwise") => Gate::Otherwise,
            None => Gate::Always,
        };
        Some(Tier {
            quorum,
            gate,
            span: clause.header,
            text,
        })
    }

    /// Checks each input that a condition names: it must be declared, and compared with a value of its kind.
    fn condition(&mut self, condition: &mut Condition, inputs: &[Input]) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|part| self.condition(part, inputs)),
            Condition::Not(part) => self.condition(part, inputs),
            Condition::Compare(name, comparison, literal, span) => {
                let ordered = !matches!(
                    comparison,
                    crate::syntax::ast::Comparison::Equal | crate::syntax::ast::Comparison::Unequal
                );
                self.compared(name, std::slice::from_mut(literal), ordered, *span, inputs);
            }
            Condition::Among(name, literals, span) => self.compared(name, literals, false, *span, inputs),
        }
    }

    fn compared(
        &mut self,
        name: &crate::syntax::ast::InputName,
        literals: &mut [Literal],
        ordered: bool,
        span: crate::source::Span,
        inputs: &[Input],
    ) {
        let Some(input) = inputs.iter().find(|input| input.name == name.text) else {
            let near = crate::syntax::nearest(&name.text, inputs.iter().map(|input| &*input.name));
            let diagnostic = Diagnostic::error(name.span, format!("this domain has no input `{}`", name.text));
            let diagnostic = match near {
                Some(near) => diagnostic.label(name.span, format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("declare it: `input {} {}`", name.text, declared_as(literals))),
            };
            self.absences.push((name.text.clone(), diagnostic));
            return;
        };
        for literal in literals {
            let complaint = match (&input.kind, &mut *literal) {
                (InputKind::Money(currency, ..), Literal::Money(money)) if *money.currency == **currency => None,
                (InputKind::Money(currency, ..), Literal::Money(money)) => {
                    Some(format!("`{}` is in {currency}, but this is in {}", input.name, money.currency))
                }
                (InputKind::Money(currency, ..), _) => Some(format!(
                    "`{}` is money, so it is compared with an amount such as `200 {currency}`",
                    input.name
                )),
                (InputKind::Integer(..), Literal::Integer(_)) => None,
                (InputKind::Integer(..), _) => Some(format!("`{}` is a whole number", input.name)),
                (InputKind::OneOf(_), _) | (InputKind::Boolean, _) if ordered => {
                    Some(format!("`{}` has no order; compare it with `==` or `in`", input.name))
                }
                (InputKind::OneOf(words), Literal::Word(word)) if words.contains(word) => None,
                (InputKind::OneOf(words), _) => Some(format!("`{}` is one of {}", input.name, words.join(", "))),
                (InputKind::Boolean, Literal::Boolean(_)) => None,
                (InputKind::Boolean, _) => Some(format!("`{}` is `true` or `false`", input.name)),
                (InputKind::Text, _) => Some(format!(
                    "`{}` is a text; a text is part of the approval, and conditions cannot compare it",
                    input.name
                )),
            };
            if let Some(complaint) = complaint {
                self.diagnostics
                    .push(Diagnostic::error(span, complaint).related(input.span, "the input is declared here"));
            }
        }
    }

    fn input(&mut self, clause: &Item) -> Option<Input> {
        let name: Box<str> = clause.text("input")?.into();
        let kind = match (
            clause.text("currency"),
            clause.text("type"),
            clause.literal("from"),
            clause.literal("to"),
        ) {
            (Some(currency), _, Some(from), Some(to)) => InputKind::Money(
                currency.into(),
                self.bound(clause, from, Some(currency))?,
                self.bound(clause, to, Some(currency))?,
            ),
            (None, _, Some(from), Some(to)) => InputKind::Integer(self.bound(clause, from, None)?, self.bound(clause, to, None)?),
            (_, Some("boolean"), _, _) => InputKind::Boolean,
            (_, Some(_), _, _) => InputKind::Text,
            _ => InputKind::OneOf(Self::texts(clause, "word").into_iter().map(|word| word.value).collect()),
        };
        if let InputKind::Money(_, from, to) | InputKind::Integer(from, to) = kind
            && from > to
        {
            self.diagnostics.push(Diagnostic::error(
                clause.header,
                format!("no value of `{name}` is possible: it begins above where it ends"),
            ));
        }
        Some(Input {
            name,
            kind,
            span: clause.header,
        })
    }

    /// A bound of an input, in the minor unit where it is money.
    fn bound(&mut self, clause: &Item, literal: &Literal, currency: Option<&str>) -> Option<i64> {
        let number = match (literal, currency) {
            (Literal::Integer(number), None) => Some(*number),
            (Literal::Integer(number), Some(currency)) => number.checked_mul(10_i64.pow(decimals(currency) as u32)),
            (Literal::Money(Money { minor, currency: other }), Some(currency)) if &**other == currency => Some(*minor),
            _ => None,
        };
        if number.is_none() {
            let message = match currency {
                Some(currency) => format!("a bound of this input must be an amount in {currency}"),
                None => "a bound of this input must be a whole number".to_owned(),
            };
            self.diagnostics.push(Diagnostic::error(clause.header, message));
        }
        number
    }

    fn emergency(&self, clause: &Item) -> Emergency {
        let approve = clause.clause("approve").and_then(|inner| {
            Some(At {
                value: self.quorum(inner.quorum("quorum")?),
                span: inner.header,
            })
        });
        let review = clause
            .clause("review")
            .and_then(|inner| Some((self.quorum(inner.quorum("quorum")?), inner.number("duration")?)));
        Emergency {
            approve,
            lasts_span: clause.clause("lasts").map(|inner| inner.header),
            review_span: clause.clause("review").map(|inner| inner.header),
            lasts: clause.clause("lasts").and_then(|inner| inner.number("duration")),
            review,
            span: clause.header,
        }
    }

    pub(super) fn rollback(&mut self, item: &Item) -> Rollback {
        let restores = item.clauses("restores").map(|clause| self.places(clause)).collect();
        let tested = item.clause("tested").and_then(|clause| {
            Some(At {
                value: clause.date("date")?,
                span: clause.header,
            })
        });
        Rollback {
            meta: self.meta(item),
            restores,
            method: item.clause("method").and_then(|clause| clause.text("method")).map(Into::into),
            within: item.clause("within").and_then(|clause| clause.number("duration")),
            owner: item.clause("owner").and_then(|clause| self.party(clause.names("owner").next()?)),
            tested,
            operated_by: self.operated_by(item),
            runs_as: self.only(item, "runs_as", "identity"),
            restores_spans: item.clauses("restores").map(|clause| clause.header).collect(),
            method_span: item.clause("method").map(|clause| clause.header),
            within_span: item.clause("within").map(|clause| clause.header),
        }
    }

    pub(super) fn ledger(&mut self, item: &Item) -> Ledger {
        let keeps = item.clauses("keeps").map(|clause| self.places(clause)).collect();
        let approvals = item.clause("approvals").map(|clause| At {
            value: self
                .ids(clause, "place")
                .first()
                .map_or(ApprovalPlace::Signed, |system| ApprovalPlace::In(system.value)),
            span: clause.header,
        });
        let retention = item.clause("retention").and_then(|clause| {
            Some(At {
                value: clause.number("duration")?,
                span: clause.header,
            })
        });
        Ledger {
            meta: self.meta(item),
            keeps,
            approvals: approvals.map_or(Said::Nothing, Said::This),
            tamper_evident: self.text_at(item, "tamper_evident", "tamper_evident"),
            records: Self::records(item),
            retention,
            managed_by: self.managed_by(item),
            operated_by: self.only(item, "operated_by", "provider").map(|provider| provider.value),
            keeps_spans: item.clauses("keeps").map(|clause| clause.header).collect(),
            records_span: item.clause("records").map(|clause| clause.header),
        }
    }

    /// What each record of a ledger holds. Without `records` that is every field, because the enforcement point
    /// is asked to write it.
    fn records(item: &Item) -> Vec<Box<str>> {
        let written = item.clauses("records").flat_map(|clause| Self::texts(clause, "field"));
        let written: Vec<Box<str>> = written.map(|field| field.value).collect();
        if !written.is_empty() {
            return written;
        }
        let all = vocabulary::default(Place::In(Kind::Ledger), "records").unwrap_or_default();
        all.split(", ").map(Into::into).collect()
    }

    fn places<A: From<u32>, B: From<u32>>(&self, clause: &Item) -> (Vec<A>, Vec<B>) {
        let data = self.ids(clause, "data").into_iter().map(|data| data.value).collect();
        (data, self.ids(clause, "system").into_iter().map(|system| system.value).collect())
    }
}

/// A declaration of an input that fits a comparison with these constants.
fn declared_as(literals: &[Literal]) -> String {
    let words = |literal: &Literal| match literal {
        Literal::Word(word) => Some(word.to_string()),
        Literal::Integer(_) | Literal::Money(_) | Literal::Boolean(_) => None,
    };
    match literals.first() {
        Some(Literal::Money(money)) => format!("money {} from 0 to …", money.currency),
        Some(Literal::Boolean(_)) => "boolean".to_owned(),
        Some(Literal::Word(_)) => format!("one_of ({}, …)", literals.iter().filter_map(words).collect::<Vec<_>>().join(", ")),
        Some(Literal::Integer(_)) | None => "integer from 0 to …".to_owned(),
    }
}
