//! The Cedar schema of a policy: what a request may contain. It is closed, so any other field is refused.

use crate::emit::cedar::condition::Shape;
use crate::emit::cedar::entities::GOVERNED;
use crate::emit::cedar::escape::{comment, is_identifier, quoted};
use crate::emit::cedar::limits::{OWN_TASK, attribute, limit_key, total_key};
use crate::emit::policy::{MOST_CALLERS, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// The action that stands for one that the schema lacks, so that its denial can be explained too. No permit
/// names it.
pub const UNKNOWN_ACTION: &str = "unknown action";

/// A type.
#[derive(Clone, Debug)]
enum Type {
    Long,
    Bool,
    String,
    /// An entity type or a record type of the namespace.
    Named(&'static str),
    Set(Box<Type>),
    Record(Fields),
}

/// Fields by name, and whether each may be absent.
type Fields = BTreeMap<String, (bool, Type)>;

/// A declaration.
enum Declaration {
    Entity {
        name: &'static str,
        fields: Fields,
        tags: Option<Type>,
    },
    Type {
        name: &'static str,
        fields: Fields,
    },
    Actions {
        names: Vec<String>,
        principal: &'static str,
        resource: &'static str,
        context: &'static str,
    },
}

/// The schema, in the human syntax.
pub fn schema(policy: &Policy) -> String {
    let notes = [
        format!("What a request to the policies of {} may hold.", policy.workspace),
        format!("Revision {}", policy.revision),
    ];
    let mut written: String = notes.iter().map(|note| ["// ", &comment(note), "\n"].concat()).collect();
    written.push_str("namespace Gov {\n");
    for declaration in entities(policy).into_iter().chain(records(policy)).chain([actions(policy)]) {
        written.push_str(&print(&declaration));
    }
    written.push_str("}\n");
    written
}

fn entities(policy: &Policy) -> Vec<Declaration> {
    let mut limits = BTreeMap::from([(attribute(None), Fields::new()), (attribute(Some(0)), Fields::new())]);
    for limit in policy.tasks.values().flat_map(|task| &task.limits) {
        limits
            .entry(attribute(limit.per))
            .or_default()
            .insert(limit_key(limit), (true, Type::Long));
    }
    let mut task = fields([
        ("agent", Type::Named("Agent")),
        ("starts", Type::Long),
        ("ends", Type::Long),
        ("source", Type::String),
    ]);
    task.insert("purpose".to_owned(), (true, Type::String));
    task.extend(
        limits
            .into_iter()
            .map(|(name, inner)| (name.to_owned(), (false, Type::Record(inner)))),
    );
    let set = |name: &'static str| Type::Set(Box::new(Type::Named(name)));
    let strings = || Type::Set(Box::new(Type::String));
    task.insert("started_by".to_owned(), (false, set("Person")));
    task.insert("anybody".to_owned(), (false, Type::Bool));
    let agent = fields([("acts_for", Type::Bool), ("source", Type::String)]);
    let mut principal = fields([("ttl", Type::Long)]);
    principal.insert("human".to_owned(), (true, Type::String));
    let window = || fields([("starts", Type::Long), ("ends", Type::Long)]);
    let mut person = window();
    person.extend(fields([("human", Type::String), ("bounds", strings())]));
    vec![
        Declaration::Entity {
            name: "Agent",
            fields: agent,
            tags: Some(Type::Record(principal)),
        },
        Declaration::Entity {
            name: "Person",
            fields: person,
            tags: Some(Type::Record(window())),
        },
        Declaration::Entity {
            name: "Task",
            fields: task,
            tags: Some(set("Asset")),
        },
        Declaration::Entity {
            name: "Caller",
            fields: Fields::new(),
            tags: Some(Type::Record(window())),
        },
        Declaration::Entity {
            name: "Delegation",
            fields: fields([("bounds", strings())]),
            tags: None,
        },
        Declaration::Entity {
            name: "Asset",
            fields: fields([(GOVERNED, set("Action"))]),
            tags: None,
        },
        Declaration::Entity {
            name: "Workspace",
            fields: fields([("calls", strings())]),
            tags: None,
        },
    ]
}

fn records(policy: &Policy) -> Vec<Declaration> {
    let mut request = fields([
        ("principal", Type::String),
        ("task", Type::Named("Task")),
        ("purpose", Type::String),
        ("inputs", Type::Named("Inputs")),
        ("now", Type::Long),
        ("revision", Type::String),
        ("binding", Type::String),
        ("approvals", Type::Named("Approvals")),
        (
            "credential",
            Type::Record(fields([("issued_at", Type::Long), ("expires_at", Type::Long)])),
        ),
        ("totals", Type::Named("Totals")),
        ("evidence", Type::Named("Evidence")),
        ("rollback", Type::Named("Rollback")),
        ("hops", Type::Set(Box::new(Type::String))),
        ("requested_by", Type::Named("Person")),
        ("delegation", Type::Named("Delegation")),
        ("callers", Type::Named("Callers")),
    ]);
    let emergency = fields([("declared_by", Type::Named("Person")), ("at", Type::Long), ("id", Type::String)]);
    let person = || Type::Named("Person");
    for (name, kind) in [("on_behalf_of", person()), ("emergency", Type::Record(emergency))] {
        request.insert(name.to_owned(), (true, kind));
    }
    let approval = fields([("by", Type::Named("Person")), ("at", Type::Long), ("for", Type::String)]);
    let check = fields([("ready", Type::Bool), ("checked_at", Type::Long)]);
    vec![
        Declaration::Type {
            name: "Approval",
            fields: approval,
        },
        Declaration::Type {
            name: "Approvals",
            fields: optional(slots(policy), &Type::Named("Approval")),
        },
        Declaration::Type {
            name: "Callers",
            fields: optional((1..=MOST_CALLERS).map(|place| place.to_string()), &Type::Named("Caller")),
        },
        Declaration::Type {
            name: "Check",
            fields: check,
        },
        Declaration::Type {
            name: "Evidence",
            fields: optional(ledgers(policy), &Type::Named("Check")),
        },
        Declaration::Type {
            name: "Rollback",
            fields: optional(rollbacks(policy), &Type::Named("Check")),
        },
        Declaration::Type {
            name: "Inputs",
            fields: inputs(policy),
        },
        Declaration::Type {
            name: "Totals",
            fields: optional(totals(policy), &Type::Long),
        },
        Declaration::Type {
            name: "Request",
            fields: request,
        },
    ]
}

fn slots(policy: &Policy) -> BTreeSet<String> {
    let slots = policy.domains.iter().flat_map(|(id, domain)| domain.slots(id));
    slots.map(|(slot, _)| slot).collect()
}

fn ledgers(policy: &Policy) -> BTreeSet<String> {
    policy.domains.values().filter_map(|domain| domain.evidence.clone()).collect()
}

fn rollbacks(policy: &Policy) -> BTreeSet<String> {
    policy.domains.values().flat_map(|domain| domain.rollbacks.clone()).collect()
}

/// The keys of each record of a request with its own keys; the keys of inputs include the shape of their
/// values.
pub fn keys(policy: &Policy) -> BTreeMap<String, BTreeSet<String>> {
    let keys = [
        ("approvals", slots(policy)),
        ("evidence", ledgers(policy)),
        ("inputs", inputs(policy).into_keys().collect()),
        ("rollback", rollbacks(policy)),
        ("totals", totals(policy)),
    ];
    keys.into_iter().map(|(name, keys)| (name.to_owned(), keys)).collect()
}

/// An input may have any type; the domains that declare it determine which.
fn inputs(policy: &Policy) -> Fields {
    let money = Type::Record(fields([("amount", Type::Long), ("currency", Type::String)]));
    let of = |shape: Shape| match shape {
        Shape::Integer => Type::Long,
        Shape::Money => money.clone(),
        Shape::Boolean => Type::Bool,
        Shape::Text => Type::String,
    };
    policy
        .inputs
        .iter()
        .flat_map(|input| Shape::ALL.map(|shape| (shape.key(input), (true, of(shape)))))
        .collect()
}

fn totals(policy: &Policy) -> BTreeSet<String> {
    let domains = policy
        .domains
        .iter()
        .flat_map(|(id, domain)| domain.limits.iter().map(move |limit| (id.as_str(), limit)));
    let tasks = policy
        .tasks
        .iter()
        .flat_map(|(id, task)| task.limits.iter().flat_map(move |limit| [(id.as_str(), limit), (OWN_TASK, limit)]));
    domains
        .chain(tasks)
        .filter_map(|(owner, limit)| limit.per.map(|per| total_key(owner, &limit.input, per)))
        .collect()
}

fn actions(policy: &Policy) -> Declaration {
    let mut names: Vec<String> = policy.groups.iter().flat_map(|group| group.actions.iter().cloned()).collect();
    names.extend(policy.tasks.values().flat_map(|task| task.scope.keys().cloned()));
    names.push(UNKNOWN_ACTION.to_owned());
    names.sort();
    names.dedup();
    Declaration::Actions {
        names,
        principal: "Agent",
        resource: "Asset",
        context: "Request",
    }
}

fn fields<const N: usize>(of: [(&str, Type); N]) -> Fields {
    of.into_iter().map(|(name, kind)| (name.to_owned(), (false, kind))).collect()
}

fn optional(names: impl IntoIterator<Item = String>, kind: &Type) -> Fields {
    names.into_iter().map(|name| (name, (true, kind.clone()))).collect()
}

fn print(declaration: &Declaration) -> String {
    match declaration {
        Declaration::Entity { name, fields, tags } => {
            let fields = if fields.is_empty() {
                String::new()
            } else {
                [" = ", &record(fields, 2)].concat()
            };
            let tags = tags.as_ref().map(|tags| [" tags ", &kind(tags, 2)].concat()).unwrap_or_default();
            ["  entity ", name, &fields, &tags, ";\n"].concat()
        }
        Declaration::Type { name, fields } => ["  type ", name, " = ", &record(fields, 2), ";\n"].concat(),
        Declaration::Actions {
            names,
            principal,
            resource,
            context,
        } => {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            let applies = [
                "appliesTo { principal: ",
                principal,
                ", resource: ",
                resource,
                ", context: ",
                context,
                " };\n",
            ]
            .concat();
            ["  action\n    ", &names.join(",\n    "), "\n  ", &applies].concat()
        }
    }
}

fn kind(of: &Type, indent: usize) -> String {
    match of {
        Type::Long => "Long".to_owned(),
        Type::Bool => "Bool".to_owned(),
        Type::String => "String".to_owned(),
        Type::Named(name) => (*name).to_owned(),
        Type::Set(inner) => ["Set<", &kind(inner, indent), ">"].concat(),
        Type::Record(fields) => record(fields, indent),
    }
}

fn record(fields: &Fields, indent: usize) -> String {
    if fields.is_empty() {
        return "{}".to_owned();
    }
    let margin = " ".repeat(indent + 2);
    let field = |(name, (absent, of)): (&String, &(bool, Type))| {
        let name = if is_identifier(name) { name.clone() } else { quoted(name) };
        [
            margin.as_str(),
            name.as_str(),
            if *absent { "?: " } else { ": " },
            &kind(of, indent + 2),
            ",\n",
        ]
        .concat()
    };
    let inside: String = fields.iter().map(field).collect();
    ["{\n", &inside, &" ".repeat(indent), "}"].concat()
}
