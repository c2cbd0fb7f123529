//! Standards and frameworks.

use crate::model::build::Builder;
use crate::model::framework::{Alias, Control, Evidence, Framework, Milestone, Nature, Part, Strength};
use crate::model::standard::{InPlaceOf, Requirement, Rule, Select, Selector, Standard};
use crate::syntax::ast::{self, Item, Value};

impl Builder<'_> {
    pub(super) fn standard(&mut self, item: &Item) -> Standard {
        let rules = item.clauses("require").filter_map(|clause| self.rule(clause)).collect();
        Standard {
            meta: self.meta(item),
            rules,
        }
    }

    fn rule(&mut self, clause: &Item) -> Option<Rule> {
        let select = match clause.first("select").map(|argument| &argument.value) {
            Some(Value::Select(select)) => Some(self.select(select)?),
            _ => None,
        };
        let duration = clause.number("duration");
        let has = |slot: &str| clause.first(slot).is_some();
        // The word after `require` shows which of the forms in the vocabulary matched.
        let text = self.written(clause.header);
        let requirement = match text.split(' ').nth(1)? {
            "approvers" => Requirement::Approvers(small(clause.number("approvers")?)),
            "approval" => match clause.quorum("quorum") {
                Some(quorum) => Requirement::Approval(self.quorum(quorum)),
                None => Requirement::Bound(duration?),
            },
            "rollback" => Requirement::Rollback(duration, clause.number("tested")),
            "evidence" => Requirement::Evidence(duration, has("tamper_evident")),
            "credential" => Requirement::Credential(duration, has("just_in_time"), has("revoked")),
            "basis" => Requirement::Basis,
            "scope" => Requirement::Scope,
            "stop" => Requirement::Stop(duration),
            "enforcement" => Requirement::Enforcement,
            "absence" => Requirement::Absence(small(clause.number("absence")?)),
            "emergency" => Requirement::Emergency(small(clause.number("approvers")?), clause.number("lasts"), clause.number("review")),
            "waiver" => Requirement::Waiver(duration?),
            _ => Requirement::Stated,
        };
        let replaced = self.ids(clause, "standard").into_iter().next();
        Some(Rule {
            requirement,
            in_place_of: replaced.map(|standard| InPlaceOf {
                standard: standard.value,
                lines: Vec::new(),
                kept: Vec::new(),
                span: standard.span,
            }),
            select,
            text,
            span: clause.header,
        })
    }

    fn select(&self, select: &ast::Select) -> Option<Select> {
        Some(Select {
            action: self.selector(&select.action)?,
            data: self.selector(&select.data)?,
            system: match &select.system {
                Some(name) => Some(self.id(name)?),
                None => None,
            },
            when: select.when.clone(),
            text: self.written(select.span),
        })
    }

    fn selector<T: From<u32>>(&self, selector: &ast::Selector) -> Option<Selector<T>> {
        Some(match selector {
            ast::Selector::Any => Selector::Any,
            ast::Selector::Flag(flag) => Selector::Flag(*flag),
            ast::Selector::Name(name) => Selector::Name(self.id(name)?),
        })
    }

    pub(super) fn framework(&mut self, item: &Item) -> Framework {
        let meta = self.meta(item);
        let groups = item.clauses("group").map(|clause| {
            let within = clause.clause("within").and_then(|inner| inner.text("text"));
            Part {
                id: text(clause, "id"),
                title: text(clause, "title"),
                within: within.map(Into::into),
            }
        });
        Framework {
            slug: item.clause("slug").map_or_else(|| meta.name.clone(), |clause| text(clause, "text")),
            edition: only(item, "edition"),
            publisher: only(item, "publisher"),
            published: only(item, "published"),
            sources: item.clauses("source").map(|clause| text(clause, "text")).collect(),
            verified: only(item, "verified"),
            nature: match item.clause("kind").and_then(|clause| clause.text("kind")) {
                Some("threats") => Nature::Threats,
                Some("guidance") => Nature::Guidance,
                _ => Nature::Requirements,
            },
            milestones: item.clauses("date").filter_map(milestone).collect(),
            notes: item.clauses("note").map(|clause| text(clause, "text")).collect(),
            groups: groups.collect(),
            aliases: item.clauses("alias").map(|clause| self.alias(clause)).collect(),
            controls: item.clauses("control").map(|clause| self.control(clause)).collect(),
            meta,
        }
    }

    fn alias(&self, clause: &Item) -> Alias {
        let list = |word: &str| {
            clause
                .clauses(word)
                .flat_map(|inner| Self::texts(inner, "text"))
                .map(|text| text.value)
                .collect()
        };
        Alias {
            label: text(clause, "text"),
            cited_by: only(clause, "cited_by"),
            status: only(clause, "status"),
            resolves_to: list("resolves_to"),
            related: list("related"),
            note: only(clause, "note"),
        }
    }

    fn control(&self, clause: &Item) -> Control {
        let evidence = clause.clauses("evidence").map(|inner| Evidence {
            checks: Self::texts(inner, "check").into_iter().map(|check| check.value).collect(),
            strength: match inner.text("strength") {
                Some("direct") => Strength::Direct,
                _ => Strength::Partial,
            },
            why: text(inner, "why"),
            span: inner.header,
        });
        Control {
            id: text(clause, "id"),
            title: text(clause, "title"),
            group: clause.clause("group").and_then(|inner| inner.text("text")).map(Into::into),
            text: only(clause, "text"),
            about: clause
                .clause("about")
                .and_then(|inner| match inner.first("select").map(|argument| &argument.value) {
                    Some(Value::Select(select)) => self.select(select),
                    _ => None,
                }),
            evidence: evidence.collect(),
            ask: clause.clause("ask").and_then(|inner| inner.text("text")).map(Into::into),
            span: clause.header,
        }
    }
}

fn milestone(clause: &Item) -> Option<Milestone> {
    let controls = clause.clauses("controls").flat_map(|inner| Builder::texts(inner, "text"));
    Some(Milestone {
        date: clause.date("date")?,
        event: text(clause, "event"),
        basis: only(clause, "basis"),
        verified: only(clause, "verified"),
        controls: controls.map(|text| text.value).collect(),
        span: clause.header,
    })
}

fn text(clause: &Item, slot: &str) -> Box<str> {
    clause.text(slot).unwrap_or("").into()
}

fn only(item: &Item, word: &str) -> Box<str> {
    item.clause(word).map_or("".into(), |clause| text(clause, "text"))
}

/// A number of people. Nobody can require more than the reader accepts.
fn small(number: i64) -> u32 {
    number.clamp(0, 1_000_000) as u32
}
