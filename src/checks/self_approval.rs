//! Software that acts can approve what it does: in its own name, or in the name of a person it runs as.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Level, Magnitude, Mark, Witness, catalogue};
use crate::facts::account::Accounts;
use crate::facts::as_of::named_functions;
use crate::facts::atom::AtomId;
use crate::facts::eligible::{Holder, holders};
use crate::model::{AgentId, DomainId, FunctionId, IdentityId, Meta, Model, Party, PersonId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV107"),
    page: include_str!("../../docs/codes/self-approval.md"),
    looks_at: |context| context.facts.decision_points,
    run,
};

/// Somebody who acts and may also approve.
struct Approver {
    /// `campaign`, `agnes`
    name: String,
    /// Its id.
    id: String,
    function: FunctionId,
    /// The clause that gives the seat.
    seat: Span,
    /// The person, if it is one, and why that person is eligible.
    person: Option<(PersonId, Holder)>,
    /// The first day on which the person holds the seat, if that day is in the future.
    from: Option<Date>,
}

/// How an agent is, or acts in the name of, an approver.
enum Tie {
    /// The agent holds the seat itself, or an identity that it can act as holds it.
    Own,
    /// The agent runs as the person, by an identity.
    RunsAs(IdentityId),
}

/// By domain, and whether the fault is in the future: the finding, its decision points, and the pairs already
/// reported.
type Found = BTreeMap<(DomainId, bool), (Diagnostic, Vec<(AgentId, AtomId)>, BTreeSet<(String, String)>)>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let software = software(context);
    let persons = persons(context);
    let mut eligible: BTreeMap<DomainId, BTreeMap<PersonId, (FunctionId, Holder)>> = BTreeMap::new();
    let mut found = Found::new();
    for index in 0..context.model.agents.len() {
        let id = AgentId(index as u32);
        if !software.contains_key(&id) && !persons.contains_key(&id) {
            continue;
        }
        for (domain, atoms) in domains(context, id) {
            for approver in software
                .get(&id)
                .into_iter()
                .flatten()
                .filter(|(at, _)| *at == domain)
                .map(|(_, approver)| approver)
            {
                add(context, &mut found, id, domain, &atoms, approver, &Tie::Own);
            }
            let eligible = eligible.entry(domain).or_insert_with(|| able(context, domain));
            let mut as_person = |person: PersonId, tie: Tie| {
                if let Some((function, holder)) = eligible.get(&person) {
                    let approver = Approver {
                        name: context.model.people[holder.named.index()].meta.name.to_string(),
                        id: context.model.people[holder.named.index()].meta.id.to_string(),
                        function: *function,
                        seat: holder.span,
                        person: Some((person, holder.clone())),
                        from: holder.starts.filter(|day| *day > context.model.as_of),
                    };
                    add(context, &mut found, id, domain, &atoms, &approver, &tie);
                }
            };
            for (person, identity) in persons.get(&id).into_iter().flatten() {
                as_person(*person, Tie::RunsAs(*identity));
            }
        }
    }
    out.extend(found.into_values().map(|(mut finding, points, _)| {
        context.points_among(&mut finding, points);
        finding
    }));
}

/// The seats that agents hold, in their own name or by an identity, in functions that some quorum of the domain
/// asks for.
fn software(context: &Context<'_>) -> BTreeMap<AgentId, Vec<(DomainId, Approver)>> {
    let model = context.model;
    let mut found: BTreeMap<AgentId, Vec<(DomainId, Approver)>> = BTreeMap::new();
    let mut seat = |domain: DomainId, function: FunctionId, party: Party, span: Span| {
        let (agents, meta): (Vec<AgentId>, &Meta) = match party {
            Party::Person(_) | Party::Team(_) => return,
            Party::Agent(agent) => (vec![agent], &model.agents[agent.index()].meta),
            Party::Identity(identity) => {
                let users = context.users.get(&identity).into_iter().flatten();
                (users.map(|(agent, _)| *agent).collect(), &model.identities[identity.index()].meta)
            }
        };
        for agent in agents {
            let approver = Approver {
                name: meta.name.to_string(),
                id: meta.id.to_string(),
                function,
                seat: span,
                person: None,
                from: None,
            };
            found.entry(agent).or_default().push((domain, approver));
        }
    };
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        let named = named_functions(model, id);
        for own in domain.seats.iter().filter(|seat| named.contains(&seat.function)) {
            for party in std::iter::once(&own.owner).chain(&own.deputies) {
                seat(id, own.function, party.value, party.span);
            }
        }
    }
    found
}

/// The persons whose accounts agents run as, each with the identity. The people an agent acts for are not among
/// them: another finding covers those, even where the agent uses their rights.
fn persons(context: &Context<'_>) -> BTreeMap<AgentId, Vec<(PersonId, IdentityId)>> {
    let model = context.model;
    let accounts = Accounts::of(model);
    let mut found: BTreeMap<AgentId, Vec<(PersonId, IdentityId)>> = BTreeMap::new();
    for (identity, users) in context.users {
        let own = &model.identities[identity.index()];
        let Some(known) = accounts.person(own) else {
            continue;
        };
        let human = known.person.human;
        for (agent, _) in users {
            let mut parties = model.agents[agent.index()].acts_for.iter().map(|acts| acts.principal);
            if !own.is_delegated() || !parties.any(|party| humans(model, party).contains(&human)) {
                found.entry(*agent).or_default().push((human, *identity));
            }
        }
    }
    found
}

/// The domains that decide what an agent does or starts, each with those atoms.
fn domains(context: &Context<'_>, agent: AgentId) -> BTreeMap<DomainId, Vec<AtomId>> {
    let mut found: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (atom, _) in &context.facts.reach[agent.index()].points {
        for domain in &context.facts.group(*atom).domains {
            found.entry(*domain).or_default().push(*atom);
        }
    }
    found
}

/// Everybody who can approve in a domain as a function that some quorum of it asks for, today or from a day
/// within the horizon.
fn able(context: &Context<'_>, domain: DomainId) -> BTreeMap<PersonId, (FunctionId, Holder)> {
    let model = context.model;
    let mut found: BTreeMap<PersonId, (FunctionId, Holder)> = BTreeMap::new();
    for function in named_functions(model, domain) {
        for holder in holders(model, domain, function) {
            let later = |holder: &Holder| holder.starts.filter(|day| *day > model.as_of);
            let over = holder
                .until
                .is_some_and(|until| until < model.as_of.max(holder.starts.unwrap_or(model.as_of)));
            if over || later(&holder).is_some_and(|day| day > context.horizon()) {
                continue;
            }
            let sooner = found.get(&holder.person).is_none_or(|(_, known)| later(&holder) < later(known));
            if sooner {
                found.insert(holder.person, (function, holder));
            }
        }
    }
    found
}

fn humans(model: &Model, party: Party) -> BTreeSet<PersonId> {
    let people = party.people(model).into_iter();
    people.map(|person| model.people[person.index()].human).collect()
}

fn add(context: &Context<'_>, found: &mut Found, agent: AgentId, domain: DomainId, atoms: &[AtomId], approver: &Approver, tie: &Tie) {
    let model = context.model;
    let own = &model.domains[domain.index()];
    let who = model.agents[agent.index()].meta.name.to_string();
    let function = &model.functions[approver.function.index()].meta.name;
    let name = &approver.name;
    let pair = (who.clone(), name.clone());
    let place = (domain, approver.from.is_some());
    let when = approver.from.map_or(String::new(), |day| format!("from {day} "));
    let tied = match tie {
        Tie::Own => Mark::Own,
        Tie::RunsAs(_) => Mark::RunsAs,
    };
    let magnitude = Magnitude::new()
        .id(&model.agents[agent.index()].meta.id)
        .mark(tied)
        .id(&approver.id)
        .id(&model.functions[approver.function.index()].meta.id)
        .part(context.operations(atoms).digest);
    if let Some((finding, points, told)) = found.get_mut(&place) {
        finding.finding.magnitude.insert(magnitude);
        points.extend(atoms.iter().map(|atom| (agent, *atom)));
        // A few pairs are enough to show the problem.
        if told.insert(pair) && told.len() <= 4 {
            let why = match tie {
                Tie::Own => "what it does itself, too".to_owned(),
                Tie::RunsAs(_) => format!("as well, and {who} runs as {name}"),
            };
            let more = std::mem::replace(finding, Diagnostic::unplaced(""));
            *finding = more.related(approver.seat, format!("{when}{name} can approve as {function} {why}"));
        }
        return;
    }
    let (message, label, help) = match tie {
        Tie::Own => (
            match who == *name {
                true => format!("{who} can approve its own actions as {function} in {}", own.meta.name),
                false => format!(
                    "{name}, the identity of {who}, can approve the actions of {who} as {function} in {}",
                    own.meta.name
                ),
            },
            "an approval of one's own action does not count".to_owned(),
            format!("owner {function} …  with a person, in domain {}", own.meta.name),
        ),
        Tie::RunsAs(identity) => (
            format!(
                "{who} runs as {name}, and {when}{name} can approve as {function} in {}",
                own.meta.name
            ),
            "the identity that acts can also approve the action".to_owned(),
            own_principal(model, agent, *identity),
        ),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Domain, &own.meta, approver.seat, message)
        .label(approver.seat, label);
    finding = match tie {
        Tie::Own => finding,
        Tie::RunsAs(identity) => {
            let identity = &model.identities[identity.index()];
            let span = identity.principal.as_ref().map_or(identity.meta.span, |principal| principal.span);
            finding.related(span, format!("{who} runs as {name} here"))
        }
    };
    if approver.from.is_some() {
        finding.level = Level::Warning;
        finding.finding.selector = "later".to_owned();
    }
    if let Some((person, holder)) = &approver.person {
        finding.finding.witness.push(Witness {
            person: model.people[person.index()].meta.id.to_string(),
            name: model.people[person.index()].meta.shown().to_owned(),
            stands_for: function.to_string(),
            because: holder.because.clone(),
            span: approver.seat,
        });
    }
    finding = finding.magnitude(magnitude).help(help);
    if let Some((person, holder)) = &approver.person {
        let person = &model.people[person.index()].meta.name;
        let lent = holder.delegation.map(|delegation| &model.delegations[delegation]);
        finding = finding.help(match lent.and_then(|lent| Some((lent, lent.from?.value))) {
            Some((lent, from)) => format!(
                "from {} to …  with somebody other than {person}, in delegation {}",
                model.people[from.index()].meta.name,
                lent.meta.name
            ),
            None => format!("owner {function} …  with people other than {person}, in domain {}", own.meta.name),
        });
    }
    let points = atoms.iter().map(|atom| (agent, *atom)).collect();
    found.insert(place, (finding, points, BTreeSet::from([pair])));
}

/// What to write instead of the account of an approver: borrowed rights are those of the people the agent acts
/// for.
fn own_principal(model: &Model, agent: AgentId, id: IdentityId) -> String {
    let identity = &model.identities[id.index()];
    let name = &identity.meta.name;
    let acts_for = &model.agents[agent.index()].acts_for;
    match acts_for.first().filter(|_| identity.is_delegated()) {
        Some(acts) => format!(
            "principal …  of {}, for whom it acts, in identity {name}",
            acts.principal.meta(model).name
        ),
        None => "kind workload  with a principal of its own, in the identity".to_owned(),
    }
}
