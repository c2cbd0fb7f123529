//! Whose account a principal is.

use crate::model::spelling::Spellings;
use crate::model::spelling::likeness::{Likenesses, Why, core, why};
use crate::model::{At, Identity, Model, Person};
use crate::source::Span;
use std::collections::BTreeMap;

/// A person whose account an identity uses.
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
    spellings: Spellings,
    owners: BTreeMap<String, (&'a Person, Span)>,
    like: Likenesses<(&'a Person, Span)>,
}

impl<'a> Accounts<'a> {
    /// The accounts of a model. If two declarations have one account, the first is named.
    pub fn of(model: &'a Model) -> Accounts<'a> {
        let spellings = Spellings::of(model);
        let mut owners = BTreeMap::new();
        let mut like = Likenesses::new();
        for person in &model.people {
            for name in person.names() {
                let form = spellings.name(&name.value);
                like.add(&form, core(&form), (person, name.span));
                owners.entry(form).or_insert((person, name.span));
            }
        }
        Accounts { spellings, owners, like }
    }

    /// The person whose account an identity uses, if there is one.
    pub fn person(&self, identity: &'a Identity) -> Option<Known<'a>> {
        let principal = identity.principal.as_ref()?;
        let (person, account) = *self.owners.get(&self.spellings.name(&principal.value))?;
        Some(Known {
            person,
            account,
            principal,
        })
    }

    /// The person whose account an identity may use, where no account certainly matches, and why.
    pub fn possibly(&self, identity: &'a Identity) -> Option<(Known<'a>, Why)> {
        let principal = identity.principal.as_ref()?;
        let form = self.spellings.name(&principal.value);
        if self.owners.contains_key(&form) {
            return None;
        }
        let alike = self
            .like
            .like(&form, &core(&form))
            .next()
            .map(|(other, of)| (of, why(other, &form)));
        let taken = || self.like.within(&form).next().map(|(_, of)| (of, Why::Wildcard));
        let ((person, account), why) = alike.or_else(taken)?;
        let known = Known {
            person,
            account,
            principal,
        };
        Some((known, why))
    }
}
