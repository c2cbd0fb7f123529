//! Software that is entered as a person, by an account that is a service's.

use crate::model::spelling::{Spellings, is_software};
use crate::model::{IdentityId, IdentityKind, Model, PersonId};
use crate::source::Span;
use std::collections::BTreeMap;

/// An identity that somebody has entered as a person.
#[derive(Clone, Copy, Debug)]
pub struct Entered {
    /// The identity.
    pub identity: IdentityId,
    /// Where the person's account is written, which is its principal.
    pub account: Span,
    /// Whether it is a name of a sort that only software has; otherwise it may be the identity that has a person's account.
    pub named_so: bool,
}

/// The persons who are software: those with an account that is the principal of a service account, or of any identity where only
/// software has names of that sort. An identity that has a person's address is another fault: it runs as that person.
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
