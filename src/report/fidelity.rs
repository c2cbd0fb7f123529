//! What happens to each clause in the policies of a target, as Markdown and as JSON (schema
//! `quorate/fidelity/1`).

use crate::emit::fidelity::{Fidelity, How, Said, Status};
use crate::report::markdown::{escaped, fenced};
use crate::syntax::vocabulary::{Place, clauses};

/// The most clauses with the same fate that Markdown lists; JSON lists all.
const LISTED: usize = 20;

/// The document as JSON, indented, with a line break at its end.
pub fn json(fidelity: &Fidelity) -> Result<String, String> {
    let text = serde_json::to_string_pretty(fidelity).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

/// The document as Markdown, for people.
pub fn markdown(fidelity: &Fidelity) -> String {
    let target = fidelity.target.name();
    let mut out = format!("# What the {target} policies hold of {}\n\n", escaped(&fidelity.workspace));
    let counts: Vec<String> = Status::ALL
        .into_iter()
        .map(|status| format!("| {} | {} |\n", title(status), fidelity.counts.get(&status).unwrap_or(&0)))
        .collect();
    out += &format!(
        "This page lists every clause of the workspace's own files, and how the policies treat it. If a clause is left out and has a default, \
         the default is listed at the line of the declaration. Revision {}.\n\n\
         | | clauses |\n| --- | --- |\n{}\n\
         - **Enforced**: the policies use it to decide requests.\n\
         - **Documented only**: the policies do not use it. Quorate compared the model with it before it wrote anything, or a report \
         contains it, or no request can concern it.\n\
         - **Impossible here**: policies cannot enforce it, in any engine. The line says what must be done instead, and by whom.\n\n\
         The standard library is not listed. Quorate compares the policies with the model before it writes them. It writes nothing if \
         {target} cannot express what must be enforced.\n",
        fenced(&fidelity.revision),
        counts.concat(),
    );
    for kind in kinds() {
        let of_kind: Vec<&Said> = fidelity.clauses.iter().filter(|said| said.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        out += &format!("\n## {}\n", heading(kind));
        for status in Status::ALL {
            let with_status: Vec<&Said> = of_kind.iter().copied().filter(|said| said.status == status).collect();
            if !with_status.is_empty() {
                out += &format!("\n### {}\n", title(status));
                out += &listed(&with_status);
            }
        }
    }
    out
}

/// `file` for clauses outside of declarations, then the kinds of declarations in the order of the language.
fn kinds() -> Vec<&'static str> {
    let declared = clauses(Place::File).iter().filter_map(|clause| clause.declares);
    ["file"].into_iter().chain(declared.map(|kind| kind.word())).collect()
}

fn heading(kind: &str) -> String {
    match kind {
        "file" => "Files".to_owned(),
        kind => format!("`{kind}`"),
    }
}

fn title(status: Status) -> &'static str {
    match status {
        Status::Enforced => "Enforced",
        Status::DocumentedOnly => "Documented only",
        Status::ImpossibleHere => "Impossible here",
    }
}

/// Clauses with the same word and the same fate under one sentence, in the order in which they come up.
fn listed(all: &[&Said]) -> String {
    let mut groups: Vec<Vec<&Said>> = Vec::new();
    for said in all {
        let same = |group: &&mut Vec<&Said>| group[0].clause == said.clause && group[0].how == said.how;
        match groups.iter_mut().find(same) {
            Some(group) => group.push(said),
            None => groups.push(vec![said]),
        }
    }
    groups.iter().map(|group| of_group(group)).collect()
}

fn of_group(group: &[&Said]) -> String {
    let sentence = match &group[0].how {
        How::Enforced { rule, request, policy } => format!("{rule} In the request: {request}. In the policies: {policy}."),
        How::Documented { used } => (*used).to_owned(),
        How::NotInPolicies { not_in_policies } => format!("Not in the policies. {not_in_policies}"),
        How::Impossible { why, instead } => format!("{why} Instead: {instead}"),
    };
    let mut out = format!("\n**{}** {sentence}\n\n", group[0].clause);
    for said in group.iter().take(LISTED) {
        let of = match said.declaration.as_str() {
            "" => String::new(),
            id => format!(" of {}", fenced(id)),
        };
        let place = fenced(&format!("{}:{}", said.file, said.line));
        let default = if said.default { " (default)" } else { "" };
        out += &format!("- {}{default}{of}, {place}\n", fenced(&said.text));
    }
    if group.len() > LISTED {
        out += &format!("- and {} more, all in the `.json` file beside this page\n", group.len() - LISTED);
    }
    out
}
