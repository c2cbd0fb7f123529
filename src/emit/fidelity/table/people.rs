//! Functions, persons, teams, delegations.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const DELEGATED: &str = "The check `delegated-access` holds agents that act for people against it. It grants nothing: only tasks do.";
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
            clause("email", "TEXT").documented("Read by the check `duplicate-person` and the reports; policies know people by their ids."),
            clause("title", "TEXT").documented("Read by the reports."),
            clause("accounts", "none").documented("Read by the checks; no account leads to this person in `people.json`."),
            clause("accounts", "TEXT:account,...").documented(
                "`people.json` says who is behind an account. The enforcement point puts the person's id into the request by it; the policies know ids only.",
            ),
            clause("reports_to", "none").documented("Read by the check `conflict-of-interest`."),
            clause("reports_to", "PERSON:superior").documented("Read by the check `conflict-of-interest`."),
            clause("until", "DATE").enforced(
                "After this day no approval of this person counts.",
                IN_SEATS,
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("access", "").documented(DELEGATED),
        ],
    ),
    (
        Place::In(Kind::Team),
        &[
            clause("lead", "PERSON:lead").enforced(
                "The lead can approve wherever the team holds a function, and is acted for where the team is.",
                "`by` of each approval, `context.on_behalf_of`",
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("members", "PERSON:member,...").enforced(
                "Members can approve wherever the team holds a function, and are acted for where the team is.",
                "`by` of each approval, `context.on_behalf_of`",
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented("The checks count who can put people into the team. The policies hold the members that the files name."),
            clause("kept_in", "none").documented("The checks count who can put people into the team."),
            clause("kept_in", "SYSTEM,...").documented("The checks count who can put people into the team. The policies hold the members that the files name."),
            clause("access", "").documented(DELEGATED),
        ],
    ),
    (
        Place::In(Kind::Delegation),
        &[
            clause("from", "PERSON:from to DELEGATE:to").enforced(
                "Whoever it is handed to can approve as the function.",
                IN_SEATS,
                CEDAR_SEATS,
                REGO_SEATS,
            ),
            clause("function", "FUNCTION in DOMAIN,...").enforced(
                "It is handed on for this function in these domains, and for no other.",
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
