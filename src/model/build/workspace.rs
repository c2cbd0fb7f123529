//! The workspace, adoptions, waivers, tests.

use crate::diagnostic::catalogue::NEVER_WAIVED;
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::build::Builder;
use crate::model::{AgentId, At, Expectation, FunctionId, Given, Meta, Model, PersonId, TaskId, Test, Waived, Waiver, Workspace};
use crate::syntax::ast::{Item, Value};
use crate::syntax::vocabulary::Kind;

impl Builder<'_> {
    pub(super) fn workspace(&mut self, item: &Item, model: &mut Model) {
        let changes = item.clause("changes").and_then(|clause| {
            Some(At {
                value: self.quorum(clause.quorum("quorum")?),
                span: clause.header,
            })
        });
        let workspace = Workspace {
            meta: self.meta(item),
            changes,
            seats: self.seats(item),
        };
        // A second one has been reported.
        model.workspace.get_or_insert(workspace);
    }

    pub(super) fn adopt(&mut self, item: &Item, model: &mut Model) {
        if let Some(reason) = item.text("reason") {
            model.adoption.none = Some(At {
                value: reason.into(),
                span: item.header,
            });
        }
        for name in item.names("adopted") {
            match name.target.map(|target| self.kind(target)) {
                Some(Kind::Standard) => {
                    let id = self.id(name);
                    model
                        .adoption
                        .standards
                        .extend(id.filter(|id| !model.adoption.standards.contains(id)));
                }
                Some(Kind::Framework) => {
                    let id = self.id(name);
                    model
                        .adoption
                        .frameworks
                        .extend(id.filter(|id| !model.adoption.frameworks.contains(id)));
                }
                _ => {}
            }
        }
        if let (Some(none), Some(standard)) = (&model.adoption.none, model.adoption.standards.first()) {
            let _ = standard;
            self.diagnostics.push(
                Diagnostic::error(
                    item.header,
                    "the files adopt a standard, but `adopt none` says that no standard applies",
                )
                .related(none.span, "this line says so")
                .help("remove one of the two"),
            );
        }
    }

    pub(super) fn waiver(&mut self, item: &Item) -> Waiver {
        let mut waives = Vec::new();
        for clause in item.clauses("waives") {
            let (Some(check), Some(subject)) = (clause.text("check"), clause.names("subject").find_map(|name| name.target)) else {
                continue;
            };
            if let Some(code) = catalogue::find(check).filter(|code| NEVER_WAIVED.contains(&code.id)) {
                let message = format!("`{}` cannot be waived: it protects the rules themselves", code.name);
                self.diagnostics
                    .push(Diagnostic::error(clause.header, message).help("remove the line, and fix the finding"));
                continue;
            }
            let declaration = &self.declarations[subject.0 as usize];
            waives.push(Waived {
                check: check.into(),
                kind: declaration.kind,
                subject: declaration.id.clone(),
                span: clause.header,
            });
        }
        let day = |word: &str| {
            let clause = item.clause(word)?;
            Some(At {
                value: clause.date("date")?,
                span: clause.header,
            })
        };
        Waiver {
            meta: self.meta(item),
            waives,
            fingerprints: item
                .clauses("fingerprint")
                .flat_map(|clause| Self::texts(clause, "fingerprint"))
                .collect(),
            reason: item.clause("reason").and_then(|clause| clause.text("text")).map(Into::into),
            approved: item.clause("approved").map(|clause| self.approval(clause)),
            granted: day("granted"),
            until: day("until"),
            ticket: item.clause("ticket").and_then(|clause| clause.text("text")).map(Into::into),
        }
    }

    pub(super) fn test(&mut self, item: &Item, model: &mut Model) {
        let agents = item.clauses("agent").filter_map(|clause| {
            let agent = self.ids::<AgentId>(clause, "agent").first()?.value;
            let task = self.ids::<TaskId>(clause, "task").first().map(|task| task.value);
            Some(At {
                value: (agent, task),
                span: clause.header,
            })
        });
        let agents: Vec<_> = agents.collect();
        let inputs = item.clauses("with").map(|clause| {
            let names = Self::texts(clause, "input");
            let values = clause.all("literal").filter_map(|argument| match &argument.value {
                Value::Literal(literal) => Some(literal.clone()),
                _ => None,
            });
            At {
                value: names.into_iter().map(|name| name.value).zip(values).collect(),
                span: clause.header,
            }
        });
        let expect = item.clause("expect").map(|clause| At {
            value: match self.written(clause.header).split(' ').nth(1) {
                Some("allow") => Expectation::Allow,
                _ => Expectation::Deny(
                    clause.text("reason").map(Into::into),
                    self.ids::<FunctionId>(clause, "function").first().map(|function| function.value),
                ),
            },
            span: clause.header,
        });
        // Only its title distinguishes a test from others.
        let title: Box<str> = item.text("title").unwrap_or_default().into();
        let meta = Meta {
            id: title.clone(),
            name: title,
            ..self.meta(item)
        };
        if let Some(other) = model.tests.iter().find(|other| other.meta.id == meta.id) {
            self.diagnostics.push(
                Diagnostic::error(meta.span, format!("two tests are called \"{}\"", meta.name))
                    .related(other.meta.span, "the other one")
                    .help("give one of them another name"),
            );
        }
        model.tests.push(Test {
            agents,
            inputs: inputs.collect(),
            expect,
            approved: item
                .clauses("approved")
                .map(|clause| At {
                    value: self.given(clause),
                    span: clause.header,
                })
                .collect(),
            asked: item.clauses("asked").flat_map(|clause| self.starters(clause)).collect(),
            meta,
            on: item.clause("on").and_then(|clause| clause.date("date")),
            attempts: item
                .clauses("attempt")
                .flat_map(Item::grants)
                .filter_map(|grant| self.grant(grant))
                .collect(),
            skip: item.clause("skip").and_then(|clause| clause.text("reason")).map(Into::into),
        });
    }

    /// The approvals of one line; empty for `approved none`.
    fn given(&self, clause: &Item) -> Vec<Given> {
        let mut given: Vec<Given> = Vec::new();
        let mut function: Option<FunctionId> = None;
        for argument in &clause.arguments {
            match (&argument.value, argument.slot) {
                (Value::Name(name), "function") => function = self.id(name),
                (Value::Name(name), _) => {
                    let both = function.zip(self.id::<PersonId>(name));
                    given.extend(both.map(|(function, person)| Given { function, person, ago: 0 }));
                }
                (Value::Duration(ago), _) => {
                    if let Some(last) = given.last_mut() {
                        last.ago = *ago;
                    }
                }
                _ => {}
            }
        }
        given
    }
}
