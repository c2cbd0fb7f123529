//! The text of a declaration: its template, with the names for which the workspace has only one candidate.

use super::{Added, New, Refusal, last, own, questions};
use crate::format::format;
use crate::resolve::Names;
use crate::source::{FileId, Origin};
use crate::syntax::parse;
use crate::syntax::vocabulary::Kind;
use crate::workspace::Loaded;
use std::collections::BTreeSet;

/// A declaration that is about to be written.
pub(super) struct Draft {
    /// Its text in canonical form.
    pub(super) text: String,
    /// The declarations in it.
    pub(super) declares: Vec<(Kind, String)>,
    /// The kinds that it refers to, or that its answers will refer to.
    pub(super) names: &'static [Kind],
    /// How many open questions it holds.
    pub(super) questions: usize,
}

impl Draft {
    /// The draft of a declaration.
    pub(super) fn of(new: &New, loaded: &Loaded, names: &Names) -> Result<Draft, Refusal> {
        let (template, uses): (&str, &'static [Kind]) = match new.kind {
            Added::Person => (include_str!("../../../templates/new/person.gov"), &[Kind::Person]),
            Added::Team => (
                include_str!("../../../templates/new/team.gov"),
                &[Kind::Person, Kind::Team, Kind::System],
            ),
            Added::System => (
                include_str!("../../../templates/new/system.gov"),
                &[Kind::Person, Kind::Team, Kind::Enforcement, Kind::System, Kind::Data],
            ),
            Added::Agent => (
                include_str!("../../../templates/new/agent.gov"),
                &[Kind::Person, Kind::Team, Kind::Provider, Kind::System, Kind::Data],
            ),
            Added::Domain => (
                include_str!("../../../templates/new/domain.gov"),
                &[
                    Kind::Person,
                    Kind::Team,
                    Kind::Purpose,
                    Kind::System,
                    Kind::Provider,
                    Kind::Ledger,
                    Kind::Data,
                ],
            ),
            Added::Task => (
                include_str!("../../../templates/new/task.gov"),
                &[Kind::Agent, Kind::Person, Kind::Purpose, Kind::System, Kind::Data],
            ),
        };
        let title = match (&new.title, new.kind) {
            (Some(title), _) => quoted(title),
            (None, Added::Person) => format!("TODO \"What is the full name of {}?\"", new.name),
            (None, _) => quoted(&in_words(&new.name)),
        };
        let text = template
            .replace("NAME", &new.name)
            .replace("TITLE", &title)
            .replace(
                "ENFORCEMENT",
                &only(names, Kind::Enforcement, "Which gateway checks the policies for it?"),
            )
            .replace("LEDGER", &only(names, Kind::Ledger, "Where is the evidence kept?"))
            .replace("ISSUER", &issuer(loaded))
            .replace("AGENT", &agent(new, names)?);
        let text = format(FileId(0), &text).map_err(|_| Refusal::Why(format!("this title cannot be written: {title}")))?;
        Ok(Draft {
            declares: declared(&text),
            questions: questions(&text),
            names: uses,
            text,
        })
    }
}

/// The only declaration of a kind, or a question.
fn only(names: &Names, kind: Kind, question: &str) -> String {
    let mut known: Vec<&str> = own(names).filter(|known| known.kind == kind).map(|known| last(&known.id)).collect();
    match (known.pop(), known.is_empty()) {
        (Some(one), true) => one.to_owned(),
        _ => format!("TODO \"{question}\""),
    }
}

/// The agent of a task.
fn agent(new: &New, names: &Names) -> Result<String, Refusal> {
    let Some(wanted) = &new.agent else {
        return Ok(only(names, Kind::Agent, "Which agent is it for?"));
    };
    let known: BTreeSet<&str> = own(names)
        .filter(|known| known.kind == Kind::Agent)
        .map(|known| last(&known.id))
        .collect();
    if known.contains(&**wanted) {
        return Ok(wanted.clone());
    }
    let near = crate::syntax::nearest(wanted, known.into_iter());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`quorate new agent {wanted}` adds it"),
    };
    Err(Refusal::Why(format!("no agent is called `{wanted}`\n  help: {help}")))
}

/// The system that issues the credentials of the workspace's identities, where it is one; otherwise a question.
fn issuer(loaded: &Loaded) -> String {
    let files = loaded.sources.files.iter().enumerate();
    let mut issuers: BTreeSet<String> = BTreeSet::new();
    for (index, file) in files.filter(|(_, file)| file.origin == Origin::Workspace) {
        let (parsed, _) = parse(FileId(index as u32), &file.text);
        for item in parsed.items.iter().filter(|item| item.clause.declares == Some(Kind::Identity)) {
            let clauses = item.clauses("issued_by").flat_map(|clause| clause.names("system"));
            issuers.extend(clauses.map(|name| loaded.sources.text(name.span).to_owned()));
        }
    }
    match (issuers.pop_first(), issuers.is_empty()) {
        (Some(one), true) => last(&one).to_owned(),
        _ => "TODO \"Which system issues its credentials? `quorate new system NAME` adds one.\"".to_owned(),
    }
}

/// The declarations in a text.
fn declared(text: &str) -> Vec<(Kind, String)> {
    let (parsed, _) = parse(FileId(0), text);
    let items = parsed.items.iter().filter_map(|item| {
        let name = item.names("new").next()?;
        let name = &text[name.span.start as usize..name.span.end as usize];
        Some((item.clause.declares?, name.to_owned()))
    });
    items.collect()
}

/// `sort_tickets` as `Sort tickets`.
fn in_words(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// A text as a literal of the language.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
