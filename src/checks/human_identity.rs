//! An agent runs as a person.

use crate::checks::{Check, Context};
use crate::diagnostic::catalogue;
use crate::diagnostic::{Diagnostic, Extent, Mark};
use crate::facts::account::Accounts;
use crate::model::{IdentityId, IdentityKind};
use crate::syntax::vocabulary::Kind;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV204"),
    page: include_str!("../../docs/codes/human-identity.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let accounts = Accounts::of(model);
    for (index, identity) in model.identities.iter().enumerate() {
        let Some(users) = context.users.get(&IdentityId(index as u32)) else {
            continue;
        };
        let kind = identity.kind.map(|kind| kind.value);
        let agent = &model.agents[users[0].0.index()].meta.name;
        let finding = match (kind, accounts.person(identity)) {
            (Some(IdentityKind::Delegated), ..) => continue,
            (_, Some(known)) => {
                let at = match (kind, identity.kind) {
                    (Some(IdentityKind::User), Some(kind)) => kind.span,
                    _ => known.principal.span,
                };
                let message = format!("{agent} runs as {}, a person", known.person.meta.name);
                let finding = context.finding(&CHECK, Kind::Identity, &identity.meta, at, message);
                finding
                    .label(at, "no log can tell the agent from the person")
                    .related(known.account, format!("the account is {}'s", known.person.meta.name))
            }
            (Some(IdentityKind::User), _) => {
                let at = identity.kind.map_or(identity.meta.span, |kind| kind.span);
                let message = format!("{agent} runs as a person's account");
                context
                    .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                    .label(at, "an agent is a workload, not a user")
            }
            _ => continue,
        };
        let mut finding = finding.extent(match accounts.person(identity) {
            Some(known) => Extent::from(Mark::As).id(&known.person.meta.id),
            None => Mark::As.into(),
        });
        finding = finding.ids(users.iter().map(|(agent, _)| &model.agents[agent.index()].meta.id));
        finding.finding.operations = context.operations(&context.access_of[index]);
        let finding = users.iter().fold(finding, |finding, (agent, steps)| match steps.first() {
            Some(step) => finding.related(*step, format!("{} runs as it here", model.agents[agent.index()].meta.name)),
            None => finding,
        });
        out.push(finding.help("kind workload  with a principal of its own"));
    }
}
