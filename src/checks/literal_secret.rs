//! A secret in a file.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Magnitude, catalogue};
use crate::model::{Meta, Model};
use crate::source::Span;
use crate::syntax::secrets::{Found, Place};
use crate::syntax::vocabulary::Kind;
use crate::words::listed;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV208"),
    page: include_str!("../../docs/codes/literal-secret.md"),
    looks_at: |context| own(context.model).len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if context.secrets.is_empty() {
        return;
    }
    let places: BTreeMap<Span, (Kind, &Meta)> = own(context.model)
        .into_iter()
        .map(|(kind, meta)| (meta.span, (kind, meta)))
        .collect();
    let mut found: BTreeMap<Span, Vec<&Found>> = BTreeMap::new();
    for secret in context.secrets {
        // In a file that declares nothing, the first declaration of the workspace is the subject.
        let declaration = secret.declaration.filter(|span| places.contains_key(span));
        if let Some(span) = declaration.or_else(|| places.keys().next().copied()) {
            found.entry(span).or_default().push(secret);
        }
    }
    for (span, secrets) in found {
        let (kind, meta) = places[&span];
        let mut kinds: Vec<&str> = Vec::new();
        for secret in &secrets {
            if !kinds.contains(&secret.what) {
                kinds.push(secret.what);
            }
        }
        let at = secrets[0].span;
        let inside = secrets[0].declaration.is_some();
        let place = secrets[0].place;
        let place = match secrets.iter().all(|secret| secret.place == place) {
            true => place,
            false => Place::Inside,
        };
        let side = match place {
            Place::Above => "above",
            Place::Inside => "in the text of",
            Place::Below => "below",
        };
        let message = match (inside, secrets.len()) {
            (true, 1) => format!("{} is {side} {}", kinds[0], meta.name),
            (true, count) => format!("{count} secrets are {side} {}: {}", meta.name, listed(&kinds)),
            (false, _) => format!("{} is in a file that declares nothing", listed(&kinds)),
        };
        let finding = context.finding(&CHECK, kind, meta, at, message);
        let finding = finding.magnitudes(kinds.iter().map(|what| {
            let many = secrets.iter().filter(|secret| secret.what == *what).count();
            Magnitude::new().word(word(what)).count(many)
        }));
        let finding = secrets.iter().fold(finding, |finding, secret| {
            finding.label(
                secret.span,
                format!("looks like {}; anyone who can read this file, or ever could, has it", secret.what),
            )
        });
        out.push(finding.help(
            "refer to the place where it is kept, as `secret \"vault:…\"`, and revoke this secret: the history of the file still has it",
        ));
    }
}

/// Every declaration at the top of a file of the workspace.
fn own(model: &Model) -> Vec<(Kind, &Meta)> {
    let mut all: Vec<(Kind, &Meta)> = Vec::new();
    all.extend(model.workspace.iter().map(|one| (Kind::Workspace, &one.meta)));
    all.extend(model.functions.iter().map(|one| (Kind::Function, &one.meta)));
    all.extend(model.people.iter().map(|one| (Kind::Person, &one.meta)));
    all.extend(model.teams.iter().map(|one| (Kind::Team, &one.meta)));
    all.extend(model.purposes.iter().map(|one| (Kind::Purpose, &one.meta)));
    all.extend(model.data.iter().map(|one| (Kind::Data, &one.meta)));
    all.extend(model.actions.iter().map(|one| (Kind::Action, &one.meta)));
    all.extend(model.providers.iter().map(|one| (Kind::Provider, &one.meta)));
    all.extend(model.enforcements.iter().map(|one| (Kind::Enforcement, &one.meta)));
    all.extend(model.systems.iter().map(|one| (Kind::System, &one.meta)));
    all.extend(model.identities.iter().map(|one| (Kind::Identity, &one.meta)));
    all.extend(model.agents.iter().map(|one| (Kind::Agent, &one.meta)));
    all.extend(model.tasks.iter().map(|one| (Kind::Task, &one.meta)));
    all.extend(model.domains.iter().map(|one| (Kind::Domain, &one.meta)));
    all.extend(model.delegations.iter().map(|one| (Kind::Delegation, &one.meta)));
    all.extend(model.rollbacks.iter().map(|one| (Kind::Rollback, &one.meta)));
    all.extend(model.ledgers.iter().map(|one| (Kind::Ledger, &one.meta)));
    all.extend(model.standards.iter().map(|one| (Kind::Standard, &one.meta)));
    all.extend(model.frameworks.iter().map(|one| (Kind::Framework, &one.meta)));
    all.extend(model.waivers.iter().map(|one| (Kind::Waiver, &one.meta)));
    all.extend(model.tests.iter().map(|one| (Kind::Test, &one.meta)));
    all.retain(|(_, meta)| !meta.library);
    all
}

/// The fixed words by which a fingerprint distinguishes kinds of secrets. What a message calls a kind may
/// change. Then change the left side, and never the right.
const WORDS: &[(&str, &str)] = &[
    ("a DigitalOcean token", "digitalocean"),
    ("a Docker token", "docker"),
    ("a GitHub token", "github"),
    ("a GitLab token", "gitlab"),
    ("a Google API key", "google-key"),
    ("a Google access token", "google-token"),
    ("a Google client secret", "google-client"),
    ("a Hugging Face token", "hugging-face"),
    ("a JSON web token", "jwt"),
    ("a PyPI token", "pypi"),
    ("a SendGrid key", "sendgrid"),
    ("a Shopify token", "shopify"),
    ("a Slack token", "slack"),
    ("a Stripe key", "stripe"),
    ("a Vault token", "vault"),
    ("a password in an address", "password"),
    ("a private key", "private-key"),
    ("an API key of a model provider", "model-provider"),
    ("an AWS access key", "aws"),
    ("an age key", "age"),
    ("an npm token", "npm"),
];

fn word(what: &str) -> &'static str {
    let known = WORDS.iter().find(|(called, _)| *called == what);
    known.map_or("another", |(_, word)| word)
}
