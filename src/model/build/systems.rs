//! Providers, enforcements, systems.

use crate::diagnostic::Diagnostic;
use crate::model::build::Builder;
use crate::model::{At, Carried, Enforcement, Feed, Grant, Holds, OnFailure, Provider, Said, System, SystemId, Tool};
use crate::syntax::ast::{Item, Value};

impl Builder<'_> {
    pub(super) fn provider(&mut self, item: &Item) -> Provider {
        Provider {
            meta: self.meta(item),
            part_of: self.only(item, "part_of", "provider").map(|provider| provider.value),
        }
    }

    pub(super) fn enforcement(&mut self, item: &Item) -> Enforcement {
        let on_failure = self.text_at(item, "on_failure", "on_failure").map(|said| At {
            value: match &*said.value {
                "deny" => OnFailure::Deny,
                _ => OnFailure::Allow,
            },
            span: said.span,
        });
        Enforcement {
            meta: self.meta(item),
            engine: item.clause("engine").and_then(|clause| clause.text("engine")).map(Into::into),
            on_failure,
            managed_by: self.managed_by(item),
            operated_by: self.operated_by(item),
            configured_in: self.systems(item, "configured_in"),
        }
    }

    pub(super) fn system(&mut self, item: &Item) -> System {
        let all: Vec<&str> = item.clauses("holds").filter_map(|clause| clause.text("all")).collect();
        let holds = match item.clause("holds") {
            None => Holds::Unstated,
            Some(_) if all.contains(&"any") => Holds::Any,
            Some(_) => Holds::Leaves(self.every(item, "holds", "data").into_iter().map(|data| data.value).collect()),
        };
        for reason in item.clauses("tool").filter_map(|clause| clause.first("reason")) {
            if matches!(&reason.value, Value::Text(text) if text.trim().is_empty()) {
                let error = Diagnostic::error(reason.span, "there is no reason why this tool call does not touch data");
                self.diagnostics.push(error.help("does nothing \"why\""));
            }
        }
        let tools = item.clauses("tool").filter_map(|clause| {
            let does: Vec<Grant> = clause.grants().filter_map(|grant| self.grant(grant)).collect();
            Some(Tool {
                name: clause.text("tool")?.into(),
                classified: !does.is_empty() || clause.first("reason").is_some(),
                does,
                span: clause.header,
            })
        });
        let tools = tools.collect();
        System {
            meta: self.meta(item),
            vendor: item.clause("vendor").and_then(|clause| clause.text("text")).map(Into::into),
            operated_by: self.only(item, "operated_by", "provider").map(|provider| provider.value),
            holds,
            open: item.clause("open").is_some(),
            managed_by: self.managed_by(item),
            enforced_by: self.every(item, "enforced_by", "enforcement"),
            feeds: self.feeds(item),
            tools,
        }
    }

    /// Systems that a clause names; empty for `none`.
    pub(super) fn systems(&self, item: &Item, word: &str) -> Said<Vec<At<SystemId>>> {
        match item.clause(word) {
            Some(_) => Said::This(self.every(item, word, "system")),
            None => Said::Nothing,
        }
    }

    fn feeds(&mut self, item: &Item) -> Said<Vec<Feed>> {
        if item.clause("feeds").is_none() {
            return Said::Nothing;
        }
        let mut feeds = Vec::new();
        for clause in item.clauses("feeds") {
            let Some(to) = self.ids(clause, "system").into_iter().next() else {
                continue;
            };
            let mut carries: Vec<Carried> = Vec::new();
            for argument in &clause.arguments {
                let data = match &argument.value {
                    Value::Name(name) => self.id(name),
                    _ => None,
                };
                match (argument.slot, data, carries.last_mut(), &argument.value) {
                    ("data", Some(data), _, _) => carries.push(Carried {
                        data,
                        arrives: data,
                        anonymised: None,
                    }),
                    ("as", Some(data), Some(last), _) => last.arrives = data,
                    ("anonymised", _, Some(last), Value::Text(why)) if !why.trim().is_empty() => last.anonymised = Some(why.clone()),
                    ("anonymised", ..) => {
                        let error = Diagnostic::error(
                            argument.span,
                            "there is no reason why nobody can be identified from this data any more",
                        );
                        let error = error.label(argument.span, "this is empty");
                        self.diagnostics.push(error.help("anonymised \"why\""));
                    }
                    _ => {}
                }
            }
            feeds.push(Feed {
                to: to.value,
                carries,
                within: clause.number("duration"),
                span: clause.header,
            });
        }
        Said::This(feeds)
    }
}
