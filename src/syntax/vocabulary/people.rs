//! The clauses of functions, people, teams and delegations.

use crate::syntax::vocabulary::{Kind, Place, Row, clause};

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Function),
        &[clause(
            "decides",
            "(scope|use_case|runtime_access|logging|containment|rollback|lawful_basis|minimisation|retention|purpose):question,...",
            "The questions it answers.",
        )],
    ),
    (
        Place::In(Kind::Person),
        &[
            clause("email", "TEXT", "The address."),
            clause("title", "TEXT", "The role, in words.").once().prose(),
            clause("accounts", "none", "This person does not appear in logs.").once(),
            clause("accounts", "TEXT:account,...", "Every name under which a log may show this person.").unknown(),
            clause("reports_to", "none", "Nobody above.").once(),
            clause("reports_to", "PERSON:superior", "Who is above.").once().unknown(),
            clause("until", "DATE", "The last day; after it this person can no longer approve.").once(),
            clause("access", "", "What this person may do, for agents that act on the person's behalf.")
                .once()
                .opens(Place::Access),
        ],
    ),
    (
        Place::In(Kind::Team),
        &[
            clause("lead", "MEMBER:lead", "Who is accountable.")
                .once()
                .required("unowned-function"),
            clause("members", "MEMBER:member,...", "Who is in it."),
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who can change its members.")
                .once()
                .unknown(),
            clause("kept_in", "none", "Not a system: only these files list its members."),
            clause("kept_in", "SYSTEM,...", "The systems that keep the list of its members.").unknown(),
            clause("access", "", "What its members may do, for agents that act on their behalf.")
                .once()
                .opens(Place::Access),
        ],
    ),
    (
        Place::In(Kind::Delegation),
        &[
            clause("from", "PERSON:from to DELEGATE:to", "Who passes it on, and to whom.").once(),
            clause("function", "FUNCTION in DOMAIN,...", "Which function, in which domains."),
            clause("starts", "DATE", "The first day.").once().required("delegation-unbounded"),
            clause("until", "DATE", "The last day.").once().required("delegation-unbounded"),
        ],
    ),
];
