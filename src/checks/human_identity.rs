//! An agent runs as a person.

use crate::checks::{Check, Context};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::catalogue;
use crate::model::build::fold;
use crate::model::{At, IdentityId, IdentityKind, Person};
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV204"),
    page: include_str!("../../docs/codes/human-identity.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let mut accounts: BTreeMap<String, (&Person, &At<Box<str>>)> = BTreeMap::new();
    for person in &model.people {
        for name in person.emails.iter().chain(person.accounts.known().into_iter().flatten()) {
            accounts.entry(fold(&name.value)).or_insert((person, name));
        }
    }
    for (index, identity) in model.identities.iter().enumerate() {
        let Some(users) = context.users.get(&IdentityId(index as u32)) else {
            continue;
        };
        let kind = identity.kind.map(|kind| kind.value);
        let agent = &model.agents[users[0].0.index()].meta.name;
        let person = identity
            .principal
            .as_ref()
            .and_then(|principal| accounts.get(&fold(&principal.value)));
        let finding = match (kind, person, &identity.principal) {
            (Some(IdentityKind::Delegated), ..) => continue,
            (_, Some((person, account)), Some(principal)) => {
                let at = match (kind, identity.kind) {
                    (Some(IdentityKind::User), Some(kind)) => kind.span,
                    _ => principal.span,
                };
                let message = format!("{agent} runs as {}, a person", person.meta.name);
                let finding = context.finding(&CHECK, Kind::Identity, &identity.meta, at, message);
                finding
                    .label(at, "no log can tell the agent from the person")
                    .related(account.span, format!("the account is {}'s", person.meta.name))
            }
            (Some(IdentityKind::User), _, _) => {
                let at = identity.kind.map_or(identity.meta.span, |kind| kind.span);
                let message = format!("{agent} runs as a person's account");
                context
                    .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                    .label(at, "an agent is a workload, not a user")
            }
            _ => continue,
        };
        let finding = users.iter().fold(finding, |finding, (agent, steps)| match steps.first() {
            Some(step) => finding.related(*step, format!("{} runs as it here", model.agents[agent.index()].meta.name)),
            None => finding,
        });
        out.push(finding.help("kind workload  with a principal of its own"));
    }
}
