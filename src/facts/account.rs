//! Whose account a principal is.

use crate::model::build::fold;
use crate::model::{At, Identity, Model, Person};
use crate::source::Span;
use std::collections::BTreeMap;

/// A person as whom an identity is known.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Who.
    pub person: &'a Person,
    /// Where the person's address or account is written.
    pub account: Span,
    /// The principal of the identity that is the same.
    pub principal: &'a At<Box<str>>,
}

/// The addresses and accounts of everybody.
pub struct Accounts<'a> {
    owners: BTreeMap<String, (&'a Person, Span)>,
}

impl<'a> Accounts<'a> {
    /// Of a model. Where two declarations have one account, the first is named.
    pub fn of(model: &'a Model) -> Accounts<'a> {
        let mut owners = BTreeMap::new();
        for person in &model.people {
            for name in person.emails.iter().chain(person.accounts.known().into_iter().flatten()) {
                owners.entry(fold(&name.value)).or_insert((person, name.span));
            }
        }
        Accounts { owners }
    }

    /// The person as whom an identity is known, if it is one.
    pub fn person(&self, identity: &'a Identity) -> Option<Known<'a>> {
        let principal = identity.principal.as_ref()?;
        let (person, account) = *self.owners.get(&fold(&principal.value))?;
        Some(Known {
            person,
            account,
            principal,
        })
    }
}
