//! Who acts, or on whose behalf it is done, can approve it.

use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, Witness, catalogue};
use crate::facts::atom::AtomId;
use crate::facts::eligible::{Holder, eligible};
use crate::facts::moment::asked_of;
use crate::model::build::fold;
use crate::model::{AgentId, DomainId, FunctionId, Model, Party, PersonId};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV107"),
    page: include_str!("../../docs/codes/self-approval.md"),
    looks_at: |context| context.facts.decision_points,
    run,
};

/// Somebody who acts and may approve as well.
struct Approver {
    /// `campaign`, `agnes`
    name: String,
    function: FunctionId,
    /// Where the seat is given.
    seat: Span,
    /// The person, if it is one, and why that person is eligible.
    person: Option<(PersonId, String)>,
}

/// How an agent comes to be, or to speak for, an approver.
enum Tie {
    /// It holds the seat itself, or an identity it can be does.
    Own,
    /// It runs as the person.
    RunsAs(Span),
    /// It acts on the person's behalf.
    ActsFor(Span, Party),
}

type Found = BTreeMap<DomainId, (Diagnostic, usize, BTreeSet<(String, String)>)>;

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let software = software(context);
    let persons = persons(context);
    let mut eligible: BTreeMap<DomainId, BTreeMap<PersonId, (FunctionId, Holder)>> = BTreeMap::new();
    let mut known: BTreeMap<(Party, DomainId), Vec<PersonId>> = BTreeMap::new();
    let mut found = Found::new();
    for (index, agent) in context.model.agents.iter().enumerate() {
        let id = AgentId(index as u32);
        if !software.contains_key(&id) && !persons.contains_key(&id) && agent.acts_for.is_empty() {
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
            let eligible = eligible.entry(domain).or_insert_with(|| able(context.model, domain));
            let mut as_person = |person: PersonId, tie: Tie| {
                if let Some((function, holder)) = eligible.get(&person) {
                    let approver = Approver {
                        name: context.model.people[holder.named.index()].meta.name.to_string(),
                        function: *function,
                        seat: holder.span,
                        person: Some((person, holder.because.clone())),
                    };
                    add(context, &mut found, id, domain, &atoms, &approver, &tie);
                }
            };
            for (person, span) in persons.get(&id).into_iter().flatten() {
                as_person(*person, Tie::RunsAs(*span));
            }
            for acts in &agent.acts_for {
                let both = known.entry((acts.principal, domain)).or_insert_with(|| {
                    let humans = humans(context.model, acts.principal);
                    humans.into_iter().filter(|person| eligible.contains_key(person)).collect()
                });
                for person in both.iter() {
                    as_person(*person, Tie::ActsFor(acts.span, acts.principal));
                }
            }
        }
    }
    out.extend(found.into_values().map(|(mut finding, points, _)| {
        finding.finding.decision_points = points;
        finding
    }));
}

/// The seats that agents hold, in their own name or by an identity, in functions that some quorum there asks for.
fn software(context: &Context<'_>) -> BTreeMap<AgentId, Vec<(DomainId, Approver)>> {
    let model = context.model;
    let mut found: BTreeMap<AgentId, Vec<(DomainId, Approver)>> = BTreeMap::new();
    let mut seat = |domain: DomainId, function: FunctionId, party: Party, span: Span| {
        let (agents, name): (Vec<AgentId>, &str) = match party {
            Party::Person(_) | Party::Team(_) => return,
            Party::Agent(agent) => (vec![agent], &model.agents[agent.index()].meta.name),
            Party::Identity(identity) => {
                let users = context.users.get(&identity).into_iter().flatten();
                (
                    users.map(|(agent, _)| *agent).collect(),
                    &model.identities[identity.index()].meta.name,
                )
            }
        };
        for agent in agents {
            let approver = Approver {
                name: name.to_owned(),
                function,
                seat: span,
                person: None,
            };
            found.entry(agent).or_default().push((domain, approver));
        }
    };
    for (index, domain) in model.domains.iter().enumerate() {
        let id = DomainId(index as u32);
        let asked = asked_of(model, id);
        for own in domain.seats.iter().filter(|seat| asked.contains(&seat.function)) {
            for party in std::iter::once(&own.owner).chain(&own.deputies) {
                seat(id, own.function, party.value, party.span);
            }
        }
    }
    found
}

/// The persons as whom agents run, each with the principal that says so.
fn persons(context: &Context<'_>) -> BTreeMap<AgentId, Vec<(PersonId, Span)>> {
    let model = context.model;
    let mut accounts: BTreeMap<String, PersonId> = BTreeMap::new();
    for person in &model.people {
        for name in person.emails.iter().chain(person.accounts.known().into_iter().flatten()) {
            accounts.entry(fold(&name.value)).or_insert(person.human);
        }
    }
    let mut found: BTreeMap<AgentId, Vec<(PersonId, Span)>> = BTreeMap::new();
    for (identity, users) in context.users {
        let own = &model.identities[identity.index()];
        let Some((principal, person)) = own.principal.as_ref().and_then(|at| Some((at, *accounts.get(&fold(&at.value))?))) else {
            continue;
        };
        for (agent, _) in users {
            found.entry(*agent).or_default().push((person, principal.span));
        }
    }
    found
}

/// The domains that decide what an agent does or sets going, each with those atoms.
fn domains(context: &Context<'_>, agent: AgentId) -> BTreeMap<DomainId, Vec<AtomId>> {
    let mut found: BTreeMap<DomainId, Vec<AtomId>> = BTreeMap::new();
    for (atom, _) in &context.facts.reach[agent.index()].points {
        for domain in &context.facts.group(*atom).domains {
            found.entry(*domain).or_default().push(*atom);
        }
    }
    found
}

/// Everybody who can approve in a domain as a function that some quorum there asks for.
fn able(model: &Model, domain: DomainId) -> BTreeMap<PersonId, (FunctionId, Holder)> {
    let mut found = BTreeMap::new();
    for function in asked_of(model, domain) {
        for holder in eligible(model, domain, function, model.as_of) {
            found.entry(holder.person).or_insert((function, holder));
        }
    }
    found
}

fn humans(model: &Model, party: Party) -> BTreeSet<PersonId> {
    let human = |person: PersonId| model.people[person.index()].human;
    match party {
        Party::Person(person) => BTreeSet::from([human(person)]),
        Party::Team(team) => {
            let everybody = model.teams[team.index()].everybody();
            everybody.into_iter().map(|person| human(person.value)).collect()
        }
        Party::Agent(_) | Party::Identity(_) => BTreeSet::new(),
    }
}

fn add(context: &Context<'_>, found: &mut Found, agent: AgentId, domain: DomainId, atoms: &[AtomId], approver: &Approver, tie: &Tie) {
    let model = context.model;
    let own = &model.domains[domain.index()];
    let who = model.agents[agent.index()].meta.name.to_string();
    let function = &model.functions[approver.function.index()].meta.name;
    let name = &approver.name;
    let pair = (who.clone(), name.clone());
    if let Some((finding, points, told)) = found.get_mut(&domain) {
        if told.iter().all(|(agent, _)| *agent != who) {
            *points += atoms.len();
        }
        // A few of many are enough to see what it is about.
        if told.insert(pair) && told.len() <= 4 {
            let why = match tie {
                Tie::Own => "what it does itself, too".to_owned(),
                Tie::RunsAs(_) => format!("as well, and {who} runs as {name}"),
                Tie::ActsFor(..) => format!("as well, and {who} acts for {name}"),
            };
            let more = std::mem::replace(finding, Diagnostic::unplaced(""));
            *finding = more.related(approver.seat, format!("{name} can approve as {function} {why}"));
        }
        return;
    }
    let (message, label, help) = match tie {
        Tie::Own => (
            match who == *name {
                true => format!("{who} can approve as {function} in {} what it does itself", own.meta.name),
                false => format!(
                    "{name}, as which {who} runs, can approve as {function} in {} what {who} does",
                    own.meta.name
                ),
            },
            "an approval by whoever acts is none".to_owned(),
            format!("owner {function} …  with a person, in domain {}", own.meta.name),
        ),
        Tie::RunsAs(_) => (
            format!("{who} runs as {name}, and {name} can approve as {function} in {}", own.meta.name),
            format!("what {who} does can be approved under the name it acts under"),
            "kind workload  with a principal of its own, in the identity".to_owned(),
        ),
        Tie::ActsFor(..) => (
            format!("{who} acts for {name}, and {name} can approve as {function} in {}", own.meta.name),
            format!("{name} can approve what is done on {name}'s own behalf"),
            format!("acts_for …  those who hold no function in {}, in agent {who}", own.meta.name),
        ),
    };
    let mut finding = context
        .finding(&CHECK, Kind::Domain, &own.meta, approver.seat, message)
        .label(approver.seat, label);
    finding = match tie {
        Tie::Own => finding,
        Tie::RunsAs(span) => finding.related(*span, format!("{who} runs as {name} here")),
        Tie::ActsFor(span, Party::Team(team)) => {
            let team = &model.teams[team.index()].meta.name;
            finding.related(*span, format!("{who} acts for {team} here, and {name} is in it"))
        }
        Tie::ActsFor(span, Party::Person(_) | Party::Agent(_) | Party::Identity(_)) => {
            finding.related(*span, format!("{who} acts for {name} here"))
        }
    };
    if let Some((person, because)) = &approver.person {
        finding.finding.witness.push(Witness {
            person: model.people[person.index()].meta.id.to_string(),
            stands_for: function.to_string(),
            because: because.clone(),
            span: approver.seat,
        });
    }
    finding.finding.decision = atoms.first().map(|atom| context.decision(agent, *atom));
    finding = finding.help(help);
    if let Some((person, _)) = &approver.person {
        let person = &model.people[person.index()].meta.name;
        finding = finding.help(format!(
            "owner {function} …  with people other than {person}, in domain {}",
            own.meta.name
        ));
    }
    found.insert(domain, (finding, atoms.len(), BTreeSet::from([pair])));
}
