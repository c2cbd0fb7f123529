//! A quorum names a function that nobody owns in its domain.

use crate::checks::approvals::by_domain;
use crate::checks::{Check, Context};
use crate::diagnostic::{Diagnostic, catalogue};
use crate::model::{DomainId, FunctionId, Meta, Party, Seat};
use crate::source::Span;
use crate::syntax::vocabulary::Kind;

mod leaderless;

pub(super) static CHECK: Check = Check {
    code: catalogue::get("GOV109"),
    page: include_str!("../../docs/codes/unowned-function.md"),
    looks_at: |context| context.model.domains.len(),
    run,
};

fn run(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = context.model;
    let atoms = by_domain(context);
    for (index, domain) in model.domains.iter().enumerate() {
        let from = out.len();
        let mut said: Vec<FunctionId> = Vec::new();
        let tiers = domain.tiers.iter().map(|tier| (&tier.quorum, tier.span));
        let urgent = domain
            .emergency
            .iter()
            .filter_map(|emergency| emergency.approve.as_ref())
            .map(|approve| (&approve.value, approve.span));
        for (quorum, span) in tiers.chain(urgent) {
            for function in quorum.functions() {
                if !said.contains(&function)
                    && let Some(finding) = unowned(context, (Kind::Domain, &domain.meta), &domain.seats, function, span)
                {
                    said.push(function);
                    out.push(finding);
                }
            }
        }
        // A domain needs an accountable person even where nobody has to approve.
        if domain.seats.is_empty() && said.is_empty() {
            let at = domain.meta.span;
            let message = format!("nobody is accountable for {}", domain.meta.name);
            let finding = context
                .finding(&CHECK, Kind::Domain, &domain.meta, at, message)
                .label(at, "this domain has no owner in any function");
            out.push(finding.help(format!("owner business …  in domain {}", domain.meta.name)));
        }
        let atoms = atoms.get(&DomainId(index as u32)).map_or(&[][..], |atoms| atoms);
        out[from..].iter_mut().for_each(|finding| context.points(finding, atoms));
    }
    // Changes of the files are decided like anything else. Where nobody holds any function, nobody can change
    // them: that is another finding.
    if let Some(workspace) = model.workspace.as_ref().filter(|workspace| !workspace.seats.is_empty())
        && let Some(changes) = &workspace.changes
    {
        let place = (Kind::Workspace, &workspace.meta);
        let functions = changes.value.functions().into_iter();
        out.extend(functions.filter_map(|function| unowned(context, place, &workspace.seats, function, changes.span)));
    }
    leaderless::run(context, out);
}

/// What is wrong with the holders of a required function, in a domain or for changes of the files.
fn unowned(context: &Context<'_>, (kind, meta): (Kind, &Meta), seats: &[Seat], function: FunctionId, at: Span) -> Option<Diagnostic> {
    let model = context.model;
    let name = &model.functions[function.index()].meta.name;
    let what = kind.word();
    let place = match kind == Kind::Workspace {
        true => format!("for changes of the files of {}", meta.name),
        false => format!("in {}", meta.name),
    };
    let seats: Vec<&Seat> = seats.iter().filter(|seat| seat.function == function).collect();
    let without_lead = |party: Party| match party {
        Party::Team(team) => Some(&model.teams[team.index()]).filter(|team| team.lead.is_none() && !team.led_by_software),
        Party::Person(_) | Party::Agent(_) | Party::Identity(_) => None,
    };
    let message = format!("nobody is accountable as {name} {place}");
    let mut finding = context.finding(&CHECK, kind, meta, at, message);
    // Somebody who accepts that one function has no owner has not accepted the next one.
    finding.finding.selector = model.functions[function.index()].meta.id.to_string();
    if kind == Kind::Workspace {
        // If one person, or nobody, can then change the files, the finding about the files includes this one.
        finding.finding.follows = vec!["GOV708"];
    }
    if seats.is_empty() {
        return Some(
            finding
                .label(at, format!("asks for {name}, which no `owner` of this {what} holds"))
                .help(format!("owner {name} …  in {what} {}", meta.name)),
        );
    }
    if seats.iter().any(|seat| without_lead(seat.owner.value).is_none()) {
        return None;
    }
    let seat = seats[0];
    let team = without_lead(seat.owner.value)?;
    let finding = finding
        .ids([&team.meta.id])
        .label(at, format!("asks for {name}"))
        .related(seat.owner.span, format!("held by the team {}, which nobody leads", team.meta.name));
    Some(finding.help(format!("lead …  in team {}", team.meta.name)))
}
