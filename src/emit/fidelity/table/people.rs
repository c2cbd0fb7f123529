//! Functions, persons, teams, delegations.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const RIGHTS: &str = "The policies deny what an agent does for this person, or for a member of this team, unless it is listed here.";
const CEDAR_RIGHTS: &str =
    "`bounds` of the `Gov::Delegation` and `Gov::Person` entities, and the clause `the agent acts for an active person` of the permits";
const REGO_RIGHTS: &str = "`bounds` of the agent in `data.json`, the rule `delegation_legal`";
const ONE_HUMAN: &str =
    "Two entries that share it are one human: together they give one approval, and one cannot approve what the other asked for.";
const EVERYBODY: &str = "`by` of each approval, `context.requested_by`, `context.on_behalf_of`, `context.emergency.declared_by`";
const CEDAR_HUMAN: &str = "`human` of the `Gov::Person` entities";
const REGO_HUMAN: &str = "`human` of each of `people` in `data.json`, the rule `two_humans`";
const IN_SEATS: &str = "`by` and `at` of each approval";
const CEDAR_SEATS: &str = "the windows that `Gov::Person` entities bear for each function of each domain";
const REGO_SEATS: &str = "the windows in `seats` of the domain in `data.json`, the rule `eligible`";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Function),
        &[clause(
            "decides",
            "(scope|use_case|runtime_access|logging|containment|rollback|lawful_basis|minimisation|retention|purpose):question,...",
        )
        .documented("Read by the check `unanswered-question`, and `quorate who`.")],
    ),
    (
        Place::In(Kind::Person),
        &[
            clause("email", "TEXT").enforced(ONE_HUMAN, EVERYBODY, CEDAR_HUMAN, REGO_HUMAN),
            clause("title", "TEXT").documented("Read by the reports."),
            clause("accounts", "none").documented("Read by the checks; no account leads to this person in `people.json`."),
            clause("accounts", "TEXT:account,...").enforced(ONE_HUMAN, EVERYBODY, CEDAR_HUMAN, REGO_HUMAN),
            clause("reports_to", "none").documented("Read by the check `conflict-of-interest`."),
            clause("reports_to", "PERSON:superior").documented("Read by the check `conflict-of-interest`."),
            clause("until", "DATE").enforced(
                "After this day this person cannot approve, ask, declare an emergency, or be acted for.",
                EVERYBODY,
                "`starts` and `ends` of the `Gov::Person` entities, and the windows that they bear for each function",
                "`starts` and `ends` of each of `people` in `data.json`, the rule `active`",
            ),
            clause("access", "").enforced(RIGHTS, "`context.on_behalf_of`", CEDAR_RIGHTS, REGO_RIGHTS),
        ],
    ),
    (
        Place::In(Kind::Team),
        &[
            clause("lead", "MEMBER:lead").enforced(
                "The lead can approve wherever the team holds a function; an agent that acts for the team can act for the lead.",
                "`by` of each approval, `context.on_behalf_of`",
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("members", "MEMBER:member,...").enforced(
                "Members can approve wherever the team holds a function; an agent that acts for the team can act for them.",
                "`by` of each approval, `context.on_behalf_of`",
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("managed_by", "PEOPLE_QUORUM:managers")
                .documented("The checks count who can put people into the team. The policies hold the members that the files name."),
            clause("kept_in", "none").documented("The checks count who can put people into the team."),
            clause("kept_in", "SYSTEM,...")
                .documented("The checks count who can put people into the team. The policies hold the members that the files name."),
            clause("access", "").enforced(RIGHTS, "`context.on_behalf_of`", CEDAR_RIGHTS, REGO_RIGHTS),
        ],
    ),
    (
        Place::In(Kind::Delegation),
        &[
            clause("from", "PERSON:from to DELEGATE:to").enforced(
                "The person who receives it can approve as the function.",
                IN_SEATS,
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("function", "FUNCTION in DOMAIN,...").enforced(
                "It covers this function in these domains, and no other.",
                "the keys of `context.approvals`, `by` and `at` of each",
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("starts", "DATE").enforced(
                "Approvals given or used before this day do not count.",
                IN_SEATS,
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("until", "DATE").enforced(
                "Approvals given or used after this day do not count.",
                IN_SEATS,
                CEDAR_SEATS,
                REGO_SEATS,
            ),
        ],
    ),
];
