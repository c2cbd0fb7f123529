//! A review of an emergency that needs the very person for whom the agent acts.

use super::{finding, review};
use crate::checks::Context;
use crate::diagnostic::{Diagnostic, Magnitude};
use crate::facts::eligible::eligible;
use crate::facts::verdict::ways;
use crate::model::{DomainId, Emergency, FunctionId, PersonId};
use std::collections::BTreeSet;

/// The first agent whose emergencies cannot be reviewed without somebody on whose behalf it acts.
pub fn of(context: &Context<'_>, id: DomainId, emergency: &Emergency) -> Option<Diagnostic> {
    let model = context.model;
    let domain = &model.domains[id.index()];
    // Another finding reports a review that nobody can give, or that the approvers give themselves.
    if review::of(context, id, emergency, model.as_of).is_some() {
        return None;
    }
    let (quorum, _) = emergency.review.as_ref()?;
    let said = ways(quorum)?;
    let others = |function: FunctionId, person: PersonId| -> usize {
        let holders = eligible(model, id, function, model.as_of).into_iter();
        let people: BTreeSet<PersonId> = holders.map(|holder| holder.person).filter(|other| *other != person).collect();
        people.len()
    };
    let enough = |(function, count): (&FunctionId, &u32), person: PersonId| others(*function, person) >= *count as usize;
    let without = |person: PersonId| said.iter().any(|way| way.iter().all(|slot| enough(slot, person)));
    let mut first: Option<Diagnostic> = None;
    for (agent, reach) in model.agents.iter().zip(&context.facts.reach) {
        let decided = |atom| context.facts.group(atom).domains.contains(&id);
        if agent.acts_for.is_empty() || !reach.points.iter().any(|(atom, _)| decided(*atom)) {
            continue;
        }
        for acts in &agent.acts_for {
            let people = acts.principal.people(model).into_iter();
            let people = people.map(|person| model.people[person.index()].human);
            let all: BTreeSet<PersonId> = people.filter(|person| !without(*person)).collect();
            let Some(person) = all.first().copied() else {
                continue;
            };
            // The fingerprint lists every agent and person; the message names the first.
            let magnitude = all
                .iter()
                .map(|person| Magnitude::new().id(&agent.meta.id).id(&model.people[person.index()].meta.id));
            if let Some(finding) = &mut first {
                finding.finding.magnitude.extend(magnitude);
                continue;
            }
            let name = &model.people[person.index()].meta.name;
            let who = &agent.meta.name;
            let short = quorum
                .functions()
                .into_iter()
                .find(|function| others(*function, person) < quorum.most(*function) as usize);
            let function = short.map_or("…", |function| &*model.functions[function.index()].meta.name);
            let message = format!(
                "{who} acts for {name}, and an emergency in {} cannot be reviewed without {name}",
                domain.meta.name
            );
            let label = format!("without {name} too few people can act as {function}");
            let at = emergency.review_span.unwrap_or(emergency.span);
            first = Some(
                finding(context, domain, "review on behalf", at, message, label)
                    .related(acts.span, format!("{who} acts for {name} here"))
                    .help(format!(
                        "owner {function} … deputy …  with somebody other than {name}, in domain {}",
                        domain.meta.name
                    ))
                    .magnitudes(magnitude),
            );
        }
    }
    first
}
