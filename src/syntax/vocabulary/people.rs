//! Functions, persons, teams, delegations.

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
            clause("accounts", "none", "No log shows this person.").once(),
            clause("accounts", "TEXT:account,...", "Every name a log may show this person under.").unknown(),
            clause("reports_to", "none", "Nobody above.").once(),
            clause("reports_to", "PERSON:superior", "Who is above.").once().unknown(),
            clause("until", "DATE", "The last day; after it this person can approve nothing.").once(),
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
            clause("managed_by", "PEOPLE_QUORUM:managers", "Who can change who is in it.")
                .once()
                .unknown(),
            clause("kept_in", "none", "No system: only these files say who is in it."),
            clause("kept_in", "SYSTEM,...", "The systems that keep who is in it.").unknown(),
            clause("access", "", "What its members may do, for agents that act on their behalf.")
                .once()
                .opens(Place::Access),
        ],
    ),
    (
        Place::In(Kind::Delegation),
        &[
            clause("from", "PERSON:from to DELEGATE:to", "Who hands it on, to whom.").once(),
            clause("function", "FUNCTION in DOMAIN,...", "Which function, in which domains."),
            clause("starts", "DATE", "The first day.").once().required("delegation-unbounded"),
            clause("until", "DATE", "The last day.").once().required("delegation-unbounded"),
        ],
    ),
];
