//! Decision domains, rollbacks, ledgers.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const INPUT: &str = "A request without this input, or with a value outside what is declared, is refused.";
const CEDAR_INPUT: &str = "the clause about the input of the permits";
const REGO_INPUT: &str = "`inputs` of the domain in `data.json`, the rule `inputs_given`";
const QUORUM: &str = "Without good approvals of different people that meet it, the request is refused.";
const APPROVALS: &str = "`context.approvals`, and `context.inputs` for a condition";
const CEDAR_QUORUM: &str = "the clauses about approvals of the permits";
const REGO_QUORUM: &str = "`tiers` of the domain in `data.json`, the rule `approved`";
const AFTERWARDS: &str = "It is about what is kept after the decision.";

const OWNER: Row = clause("owner", "FUNCTION PARTY:owner [deputy PARTY:deputy,...]").enforced(
    "An approval as this function counts only from one of these people, and from those it was handed on to.",
    "`by` and `at` of each approval",
    "the windows that `Gov::Person` entities bear for the function",
    "`seats` of the domain in `data.json`, the rule `eligible`",
);
const VALID: Row = clause("valid", "DURATION").enforced(
    "An approval that is older does not count.",
    "`at` of each approval, `context.now`",
    CEDAR_QUORUM,
    "`valid` of the domain in `data.json`, the rule `fresh`",
);
const BINDS: Row = clause("binds", "(action|task):binds").impossible(
    "An approval counts only if its `for` is the request's `binding`; what that digest is made of, a policy cannot see.",
    "The enforcement point has to make `binding` from agent, task, action, resource, inputs and revision; for `binds task` without action, resource and inputs. The obligation `consume` of an answer tells it to use approvals up.",
);
const RETENTION: Row = clause("retention", "DURATION").impossible(
    "How long data is kept is decided where it is kept.",
    "Whoever runs the system has to delete it then; the check `no-retention` asks for it to be said.",
);
const ROLLBACK: Row = clause("rollback", "ROLLBACK,...").enforced(
    "A change is refused unless each of these was found ready within the last five minutes.",
    "`context.rollback`, which the enforcement point sets",
    "the clause `can undo it` of the permits",
    "`rollbacks` of the domain in `data.json`, the rule `records_ready`",
);
const EVIDENCE: Row = clause("evidence", "LEDGER").enforced(
    "A request is refused unless the ledger was found ready within the last five minutes.",
    "`context.evidence`, which the enforcement point sets",
    "the clause `evidence can be kept` of the permits",
    "`ledgers` of the domain in `data.json`, the rule `records_ready`",
);

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Domain),
        &[
            clause("covers", "GRANT").enforced(
                "Each such action is under this domain, with all that it asks for; what no domain covers is refused.",
                "`action.name` and `resource.id`",
                "the actions and resources of the permits",
                "`operations` in `data.json`, the rule `in_scope`",
            ),
            clause("input", "IDENTIFIER:input money CURRENCY from LITERAL:from to LITERAL:to").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input integer from LITERAL:from to LITERAL:to").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input one_of (IDENTIFIER:word,...)").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            clause("input", "IDENTIFIER:input (boolean|text):type").enforced(INPUT, "`context.inputs`", CEDAR_INPUT, REGO_INPUT),
            OWNER,
            clause("ownership", "OWNERSHIP,...").enforced(
                "The lines of the ownership hold for this domain as if they stood in it. Each of them is listed by itself.",
                "what its lines take",
                "where its lines are",
                "where its lines are",
            ),
            clause("approve", "QUORUM when CONDITION").enforced(QUORUM, APPROVALS, CEDAR_QUORUM, REGO_QUORUM),
            clause("approve", "QUORUM otherwise").enforced(QUORUM, APPROVALS, CEDAR_QUORUM, REGO_QUORUM),
            clause("approve", "QUORUM").enforced(QUORUM, "`context.approvals`", CEDAR_QUORUM, REGO_QUORUM),
            clause("same_person", "allowed").enforced(
                "One person may stand for several functions, where every domain concerned says so; elsewhere that is refused.",
                "`by` of each approval",
                "the clause `different people` of the permits, which is not there",
                "`same_person` of the domain in `data.json`, the rule `apart`",
            ),
            VALID,
            BINDS,
            clause("limit", "IDENTIFIER:input LITERAL [per DURATION]").enforced(
                "A request beyond the limit is refused, and so is one that does not say how much of it was used up.",
                "`context.inputs`, and `context.totals` where it is over a time; the enforcement point keeps the totals",
                "the clause about the limit of the permits",
                "`limits` of the domain in `data.json`, the rule `limits_kept`",
            ),
            clause("purposes", "PURPOSE,...").enforced(
                "A request for another purpose is refused.",
                "`context.purpose`",
                "the clause about purposes of the permits",
                "`purposes` of the domain in `data.json`, the rule `purpose_agrees`",
            ),
            RETENTION,
            ROLLBACK,
            EVIDENCE,
            clause("safeguards", "SAFEGUARDS,...").enforced(
                "The lines of the safeguards hold for this domain as if they stood in it. Each of them is listed by itself.",
                "what its lines take",
                "where its lines are",
                "where its lines are",
            ),
            clause("emergency", "").enforced(
                "A declared emergency puts its own quorum in the place of this domain's; where the domain has none, an emergency changes nothing.",
                "`context.emergency`",
                "the clauses about an emergency of the permits",
                "`emergency` of the domain in `data.json`, the rules `emergency_sound` and `in_force`",
            ),
        ],
    ),
    (Place::In(Kind::Ownership), &[OWNER]),
    (
        Place::In(Kind::Safeguards),
        &[VALID, BINDS, RETENTION, ROLLBACK, EVIDENCE],
    ),
    (
        Place::Emergency,
        &[
            clause("approve", "QUORUM").enforced(
                "While the emergency lasts, this is what it takes.",
                "`context.emergency` and `context.approvals`",
                CEDAR_QUORUM,
                "`emergency` of the domain in `data.json`, the rule `approved`",
            ),
            clause("lasts", "DURATION").enforced(
                "After this time a request that bears the emergency is refused.",
                "`context.emergency.at`, `context.now`",
                "the clause `an emergency, if there is one` of the permits",
                "`lasts` of the emergency in `data.json`, the rule `emergency_sound`",
            ),
            clause("review", "QUORUM within DURATION").impossible(
                "The review comes after the decision.",
                "These people have to look at what was done, and the ledger has to show that they did. The obligation `review_due` of an answer says so, and until when; the check `emergency-gap` asks for it to be said.",
            ),
        ],
    ),
    (
        Place::In(Kind::Rollback),
        &[
            clause("restores", "DATA,... in SYSTEM,...").documented("Read by the check `rollback-misses-system`. A request says only whether the rollback is ready."),
            clause("method", "(journal|snapshot|versioned|compensate):method").documented("Read by the reports."),
            clause("within", "DURATION").impossible(
                "How long undoing takes is known once it is done.",
                "Whoever runs it has to try it and take the time; the check `slow-rollback` holds what is written against the standards.",
            ),
            clause("owner", "PEOPLE:owner").documented("Read by the check `dependent-rollback` and the reports."),
            clause("runs_as", "IDENTITY").documented("Read by the check `dependent-rollback`."),
            clause("tested", "DATE").documented("Read by the check `untested-rollback`."),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself`."),
        ],
    ),
    (
        Place::In(Kind::Ledger),
        &[
            clause("keeps", "DATA,... in SYSTEM,...").documented("Read by the check `evidence-in-reach`."),
            clause("approvals", "signed").impossible(
                "No policy engine here can check a signature; the policies trust what the request says of an approval.",
                "The enforcement point has to check the signature of each approval before it puts it into a request.",
            ),
            clause("approvals", "in SYSTEM:place").documented("The checks count who could write approvals there. The enforcement point reads them from there."),
            clause("tamper_evident", "(hash_chain|merkle_log|worm|none):tamper_evident").impossible(
                AFTERWARDS,
                "Whoever runs the ledger has to keep it so, and whoever audits it has to check; the check `mutable-evidence` asks for it to be said.",
            ),
            clause(
                "records",
                "(agent|identity|task|scope_approver|approvals|policy|revision|decision|inputs|limits|rollback|time):field,...",
            )
            .impossible(
                AFTERWARDS,
                "The enforcement point has to write these fields for each decision; the check `incomplete-evidence` finds one that is missing.",
            ),
            clause("retention", "DURATION").impossible(
                AFTERWARDS,
                "Whoever runs the ledger has to keep the records so long; the check `short-retention` holds what is written against the standards.",
            ),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented("The checks count who could change the evidence."),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself`."),
        ],
    ),
];
