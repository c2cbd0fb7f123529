//! One person can change the governance files alone.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::facts::changes;
use crate::model::Meta;
use crate::source::Span;
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV708"),
    page: include_str!("../../docs/codes/unguarded-governance.md"),
    looks_at: |_| 1,
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let Some(workspace) = &model.workspace else {
        // Without a `workspace` nobody said who may change the files; the place to say it is the first file.
        if let Some(meta) = any_declaration(context) {
            let at = meta.span;
            let message = "nobody has said who may change these files";
            let finding = context
                .finding(&CHECK, Kind::Workspace, meta, at, message)
                .label(at, "this workspace has no `workspace` declaration");
            out.push(named(finding, &model.name).help(format!(
                "workspace {} {{ changes approve 2 of (business, security, privacy); owner business … }}",
                model.name
            )));
        }
        return;
    };
    let meta = &workspace.meta;
    let Some(quorum) = &workspace.changes else {
        let message = "nobody has said what it takes to change these files";
        out.push(say(
            context,
            meta,
            meta.span,
            message,
            "whoever can write to them can change who decides".to_owned(),
        ));
        return;
    };
    match changes::takes(model) {
        Some((count, _)) if count >= 2 => {}
        Some((_, people)) => {
            let who = people
                .first()
                .map_or("one person".to_owned(), |person| model.people[person.index()].meta.name.to_string());
            out.push(say(
                context,
                meta,
                quorum.span,
                &format!("{who} alone can change these files"),
                "and with them who decides anything".to_owned(),
            ));
        }
        None => out.push(say(
            context,
            meta,
            quorum.span,
            "nobody who is named can change these files, so somebody else does",
            "asks for people who are not there".to_owned(),
        )),
    }
}

fn say(context: &Context<'_>, meta: &Meta, at: Span, message: &str, label: String) -> Diagnostic {
    let finding = context.finding(&CHECK, Kind::Workspace, meta, at, message).label(at, label);
    finding.help("changes approve 2 of (business, security, privacy)  with an `owner` for each")
}

fn named(mut finding: Diagnostic, workspace: &str) -> Diagnostic {
    finding.finding.subject = workspace.to_owned();
    finding
}

fn any_declaration<'a>(context: &'a Context<'_>) -> Option<&'a Meta> {
    let model = context.model;
    let agents = model.agents.iter().map(|agent| &agent.meta);
    let domains = model.domains.iter().map(|domain| &domain.meta);
    let people = model.people.iter().map(|person| &person.meta);
    let systems = model.systems.iter().map(|system| &system.meta);
    agents
        .chain(domains)
        .chain(people)
        .chain(systems)
        .filter(|meta| !meta.library)
        .min_by_key(|meta| meta.span)
}
