//! Software that has an entry as a person, because the account belongs to a service.

use crate::model::spelling::{Spellings, is_software};
use crate::model::{IdentityId, IdentityKind, Model, PersonId};
use crate::source::Span;
use std::collections::BTreeMap;

/// An identity that has an entry as a person.
#[derive(Clone, Copy, Debug)]
pub struct Entered {
    /// The identity.
    pub identity: IdentityId,
    /// Where the person's account, which is the principal of the identity, is written.
    pub account: Span,
    /// Whether only software has names of this form; otherwise it may be an identity that has a person's
    /// account.
    pub named_so: bool,
}

/// The persons who are software: those whose account is the principal of a service account, or of any identity
/// if only software has names of that form. An identity that has a person's address is another fault: it runs
/// as that person.
pub fn entered(model: &Model) -> BTreeMap<PersonId, Entered> {
    let spellings = Spellings::of(model);
    let mut services: BTreeMap<String, (IdentityId, bool)> = BTreeMap::new();
    for (index, identity) in model.identities.iter().enumerate() {
        let Some(principal) = &identity.principal else { continue };
        let form = spellings.name(&principal.value);
        let is_service = identity.kind.is_some_and(|kind| kind.value == IdentityKind::ServiceAccount);
        let own = is_software(&form);
        if is_service || own {
            services.entry(form).or_insert((IdentityId(index as u32), own));
        }
    }
    let mut entered = BTreeMap::new();
    for (index, person) in model.people.iter().enumerate() {
        let addresses = person.emails.iter().map(|name| (name, true));
        let accounts = person.accounts.known().into_iter().flatten().map(|name| (name, false));
        let found = addresses.chain(accounts).find_map(|(name, address)| {
            let (identity, own) = *services.get(&spellings.name(&name.value))?;
            (own || !address).then_some(Entered {
                identity,
                account: name.span,
                named_so: own,
            })
        });
        entered.extend(found.map(|found| (PersonId(index as u32), found)));
    }
    entered
}
