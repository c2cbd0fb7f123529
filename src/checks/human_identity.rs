//! An agent, or a rollback, runs as a person.

use crate::checks::stating::of_identity;
use crate::checks::{Check, Context};
use crate::diagnostic::catalogue;
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark};
use crate::facts::account::Accounts;
use crate::facts::identity::restorers;
use crate::facts::software::entered;
use crate::model::{IdentityId, IdentityKind, Meta};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV204"),
    page: include_str!("../../docs/codes/human-identity.md"),
    looks_at: |context| context.model.identities.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let accounts = Accounts::of(model);
    let restorers = restorers(model);
    let entered = entered(model);
    let software: BTreeSet<&str> = entered
        .iter()
        .filter(|(_, entry)| entry.named_so)
        .map(|(person, _)| &*model.people[person.index()].meta.id)
        .collect();
    for (index, identity) in model.identities.iter().enumerate() {
        let id = IdentityId(index as u32);
        let agents = context.users.get(&id).map_or(&[][..], |users| &users[..]);
        let restorers = restorers.get(&id).map_or(&[][..], |restorers| &restorers[..]);
        let users = agents
            .iter()
            .map(|(agent, steps)| (&model.agents[agent.index()].meta, steps.first().copied()));
        let users: Vec<(&Meta, Option<Span>)> = users.chain(restorers.iter().copied()).collect();
        let Some(agent) = users.first().map(|(user, _)| &user.name) else {
            continue;
        };
        let (article, what) = if agents.is_empty() { ("a", "rollback") } else { ("an", "agent") };
        let kind = identity.kind.map(|kind| kind.value);
        let finding = match (kind, accounts.person(identity)) {
            (Some(IdentityKind::Delegated), ..) => continue,
            (_, Some(known)) => {
                let at = match (kind, identity.kind) {
                    (Some(IdentityKind::User), Some(kind)) => kind.span,
                    _ => known.principal.span,
                };
                let is_software = software.contains(&*known.person.meta.id);
                let message = match is_software {
                    true => format!("{agent} runs as {}, who is entered as a person", known.person.meta.name),
                    false => format!("{agent} runs as {}, a person", known.person.meta.name),
                };
                let finding = context.finding(&CHECK, Kind::Identity, &identity.meta, at, message);
                finding
                    .label(at, format!("a log cannot tell the {what} from the person"))
                    .related(known.account, format!("the account is {}'s", known.person.meta.name))
            }
            (Some(IdentityKind::User), _) => {
                let at = identity.kind.map_or(identity.meta.span, |kind| kind.span);
                let message = format!("{agent} runs as a person's account");
                context
                    .finding(&CHECK, Kind::Identity, &identity.meta, at, message)
                    .label(at, format!("{article} {what} is a workload, not a user"))
            }
            _ => match accounts.possibly(identity) {
                Some((known, why)) => {
                    let message = format!("{agent} may run as {}, a person: {}", known.person.meta.name, known.principal.value);
                    let mut finding = context.finding(&CHECK, Kind::Identity, &identity.meta, known.principal.span, message);
                    finding.level = Level::Warning;
                    finding
                        .label(known.principal.span, why.sentence())
                        .related(known.account, format!("the account is {}'s", known.person.meta.name))
                        .magnitude(Magnitude::from(Mark::Alike).id(&known.person.meta.id))
                }
                None => continue,
            },
        };
        let mut finding = finding.magnitude(match accounts.person(identity) {
            Some(known) => Magnitude::from(Mark::As).id(&known.person.meta.id),
            None => Mark::As.into(),
        });
        finding = finding.ids(users.iter().map(|(user, _)| &user.id));
        finding.finding.operations = context.operations(&context.access_of[index]);
        let finding = users.iter().fold(finding, |finding, (user, step)| match step {
            Some(step) => finding.related(*step, format!("{} runs as it here", user.name)),
            None => finding,
        });
        out.push(finding.help(of_identity(model, identity, "kind workload  with a principal of its own,")));
    }
}
