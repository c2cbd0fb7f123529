//! What happens to each clause of a workspace in the policies of a target: enforced, documented only, or
//! impossible there and why.

mod reached;
pub mod table;

use crate::emit::fidelity::reached::Reached;
use crate::emit::fidelity::table::{Carried, carried};
use crate::emit::policy::Policy;
use crate::facts::Facts;
use crate::model::Model;
use crate::source::{FileId, Origin, Sources};
use crate::syntax::ast::Item;
use crate::syntax::parse;
use crate::syntax::vocabulary::{Absence, Kind, Place, clauses};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// A language that policies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Cedar.
    Cedar,
    /// Rego, for Open Policy Agent.
    Rego,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 2] = [Target::Cedar, Target::Rego];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Target::Cedar => "Cedar",
            Target::Rego => "Rego",
        }
    }

    /// The folder of its files.
    pub fn folder(self) -> &'static str {
        match self {
            Target::Cedar => "cedar",
            Target::Rego => "rego",
        }
    }
}

/// What happens to a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It decides requests.
    Enforced,
    /// It decides no request; something else uses it.
    DocumentedOnly,
    /// No policy can enforce it.
    ImpossibleHere,
}

impl Status {
    /// Every status, in order.
    pub const ALL: [Status; 3] = [Status::Enforced, Status::DocumentedOnly, Status::ImpossibleHere];
}

/// Why a clause has its status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum How {
    /// Enforced.
    Enforced {
        /// What it means at request time.
        rule: &'static str,
        /// The fields of the request that the policies read.
        request: &'static str,
        /// The part of the policies that reads them.
        policy: &'static str,
    },
    /// Documented, because requests have nothing to do with it.
    Documented {
        /// What uses it.
        used: &'static str,
    },
    /// Documented, because no request reaches it.
    NotInPolicies {
        /// Why the policies do not contain it.
        not_in_policies: &'static str,
    },
    /// Impossible.
    Impossible {
        /// Why.
        why: &'static str,
        /// Who must enforce it instead.
        instead: &'static str,
    },
}

impl How {
    /// The resulting status.
    pub fn status(&self) -> Status {
        match self {
            How::Enforced { .. } => Status::Enforced,
            How::Documented { .. } | How::NotInPolicies { .. } => Status::DocumentedOnly,
            How::Impossible { .. } => Status::ImpossibleHere,
        }
    }
}

/// A clause of the workspace, or the default of an omitted one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The kind of declaration it is in: `domain`; `file` for a clause outside of declarations.
    pub kind: &'static str,
    /// The id of the declaration; empty for a clause outside of declarations and for a declaration without a
    /// name.
    pub declaration: String,
    /// The word it begins with; `grant` for a line that begins with an action.
    pub clause: &'static str,
    /// Its text, on one line and without its block. For an omitted clause, the text that it would have.
    pub text: String,
    /// Whether the clause was omitted and this is its default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// The file, from the root of the workspace.
    pub file: String,
    /// The line, from one; for an omitted clause the line of the declaration.
    pub line: usize,
    /// Its status.
    pub status: Status,
    /// Why.
    #[serde(flatten)]
    pub how: How,
}

/// Every clause of a workspace's own files, in one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// `quorate/fidelity/1`
    pub schema: &'static str,
    /// The target.
    pub target: Target,
    /// The workspace.
    pub workspace: String,
    /// The revision of the policies.
    pub revision: String,
    /// How many clauses have each status.
    pub counts: BTreeMap<Status, usize>,
    /// In the order of files and lines.
    pub clauses: Vec<Said>,
}

impl Fidelity {
    /// What happens to each clause in a target.
    pub fn of(sources: &Sources, model: &Model, facts: &Facts, policy: &Policy, target: Target) -> Fidelity {
        let walk = Walk {
            sources,
            reached: Reached::of(sources, model, facts, policy),
            target,
        };
        let files = sources.files.par_iter().enumerate();
        let own = files.filter(|(_, file)| file.origin == Origin::Workspace);
        let said: Vec<Vec<Said>> = own.map(|(index, file)| walk.file(FileId(index as u32), &file.text)).collect();
        let mut clauses: Vec<Said> = said.into_iter().flatten().collect();
        clauses.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        let mut counts: BTreeMap<Status, usize> = Status::ALL.into_iter().map(|status| (status, 0)).collect();
        for said in &clauses {
            *counts.entry(said.status).or_default() += 1;
        }
        Fidelity {
            schema: "quorate/fidelity/1",
            target,
            workspace: policy.workspace.clone(),
            revision: policy.revision.clone(),
            counts,
            clauses,
        }
    }
}

struct Walk<'a> {
    sources: &'a Sources,
    reached: Reached,
    target: Target,
}

/// The declaration that a clause is in.
#[derive(Clone, Copy)]
struct Inside<'a> {
    kind: Option<Kind>,
    declaration: Option<&'a Item>,
}

impl Walk<'_> {
    fn file(&self, file: FileId, text: &str) -> Vec<Said> {
        let (parsed, _) = parse(file, text);
        let mut out = Vec::new();
        let nowhere = Inside {
            kind: None,
            declaration: None,
        };
        self.items(&parsed.items, Place::File, nowhere, &mut out);
        out
    }

    fn items(&self, items: &[Item], place: Place, inside: Inside, out: &mut Vec<Said>) {
        for item in items {
            let here = match item.clause.declares {
                Some(kind) => Inside {
                    kind: Some(kind),
                    declaration: Some(item),
                },
                None => inside,
            };
            out.extend(self.said(item, place, here));
            if let Some(kind) = item.clause.declares {
                self.defaults(item, kind, here, out);
            }
            if let Some(place) = item.clause.opens {
                self.items(&item.block, place, here, out);
            }
        }
    }

    /// The entries for the clauses that a declaration omits. A test is not a policy, and a flag has no value to
    /// show.
    fn defaults(&self, declaration: &Item, kind: Kind, inside: Inside, out: &mut Vec<Said>) {
        let place = Place::In(kind);
        for clause in clauses(place).iter().filter(|_| kind != Kind::Test) {
            let value = match clause.absence {
                Absence::Default(value) if !value.is_empty() => value,
                Absence::Default(_) | Absence::Fine | Absence::Required(_) | Absence::Unknown => continue,
            };
            if declaration.block.iter().any(|item| item.clause.word == clause.word) {
                continue;
            }
            let idle = self.reached.idle_declaration(declaration);
            out.extend(carried(place, clause).map(|carried| Said {
                clause: clause.word,
                text: format!("{} {value}", clause.word),
                default: true,
                ..self.entry(declaration, inside, self.how(carried, idle))
            }));
        }
    }

    fn said(&self, item: &Item, place: Place, inside: Inside) -> Option<Said> {
        let idle = self.reached.idle(item, inside.declaration);
        Some(self.entry(item, inside, self.how(carried(place, item.clause)?, idle)))
    }

    /// What happens to a clause, unless the policies do not contain it for some reason.
    fn how(&self, carried: &Carried, idle: Option<&'static str>) -> How {
        match *carried {
            Carried::Enforced {
                rule,
                request,
                cedar,
                rego,
            } => match idle {
                Some(not_in_policies) => How::NotInPolicies { not_in_policies },
                None => How::Enforced {
                    rule,
                    request,
                    policy: match self.target {
                        Target::Cedar => cedar,
                        Target::Rego => rego,
                    },
                },
            },
            Carried::Documented { used } => How::Documented { used },
            Carried::Impossible { why, instead } => How::Impossible { why, instead },
        }
    }

    fn entry(&self, item: &Item, inside: Inside, how: How) -> Said {
        let words: Vec<&str> = self.sources.text(item.header).split_whitespace().collect();
        Said {
            kind: inside.kind.map_or("file", Kind::word),
            declaration: inside.declaration.map_or(String::new(), |declaration| self.reached.id(declaration)),
            clause: item.clause.word,
            text: words.join(" "),
            default: false,
            file: self.sources.file(item.header.file).name.clone(),
            line: self.sources.position(item.header.file, item.header.start).line,
            status: how.status(),
            how,
        }
    }
}
