//! Purposes, data, actions, providers, enforcements, systems.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const FLAG: &str = "It decides which rules of the standards and which checks speak of it. No request bears it.";
const BEYOND: &str = "Where a change flows on to once it is made is in no request.";
const BEYOND_INSTEAD: &str = "The checks `approval-laundering`, `silent-propagation` and `rollback-misses-system` look at it before anything is built; whoever runs the systems has to see to the rest.";
const TOOL: &str =
    "`tools.json` says which requests a tool call takes. The enforcement point makes them by it, and refuses a tool that is not in it.";
const NOT_PASSED: &str = "A policy decides what it is asked and cannot see what never asked it.";
const CONTROL: &str = "The checks count who can change what the enforcement lets through.";

pub(super) const TABLE: &[(Place, &[Row])] = &[
    (
        Place::In(Kind::Purpose),
        &[
            clause("needs", "none").documented("Read by the check `beyond-need`."),
            clause("needs", "DATA,...").documented("Read by the check `beyond-need`."),
        ],
    ),
    (
        Place::In(Kind::Data),
        &[
            clause("personal", "").documented(FLAG),
            clause("restricted", "").documented(FLAG),
            clause("data", "NEW [TITLE]").enforced(
                "What a request is about is one system and one of the smallest classes; another class is another decision.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
        ],
    ),
    (
        Place::In(Kind::Action),
        &[
            clause("mutates", "").documented(FLAG),
            clause("discloses", "").documented(FLAG),
            clause("irreversible", "").documented(FLAG),
            clause("action", "NEW [TITLE]").enforced(
                "What a request is for is one of the smallest actions; another action is another decision.",
                "`action.name`",
                "the actions of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
        ],
    ),
    (
        Place::In(Kind::Provider),
        &[clause("part_of", "PROVIDER").documented("Read by the check `provider-governs-itself`.")],
    ),
    (
        Place::In(Kind::Enforcement),
        &[
            clause("engine", "(cedar|opa|other):engine")
                .documented("Read by the reports. It says which engine asks; the policies of each target are written whatever it says."),
            clause("on_failure", "(deny|allow):on_failure").impossible(
                "What happens when no answer comes is in no answer.",
                "The enforcement point has to refuse when it gets no answer or an error; the check `fails-open` asks for it to be said.",
            ),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented(CONTROL),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself`."),
            clause("configured_in", "none").documented(CONTROL),
            clause("configured_in", "SYSTEM,...").documented(CONTROL),
        ],
    ),
    (
        Place::In(Kind::System),
        &[
            clause("vendor", "TEXT").documented("Read by the reports."),
            clause("operated_by", "PROVIDER").documented("Read by the check `provider-governs-itself` and the reports."),
            clause("holds", "(any|none):all").enforced(
                "A class that the system does not hold is in no task there, and a request about it is refused.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("holds", "DATA,...").enforced(
                "A class that the system does not hold is in no task there, and a request about it is refused.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("open", "").documented("Read by the check `unclassified-tool`."),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented("The checks count who can change what is kept there."),
            clause("enforced_by", "ENFORCEMENT").impossible(
                NOT_PASSED,
                "The system has to take calls of agents from this enforcement alone; the check `unenforced` asks for it to be said.",
            ),
            clause("feeds", "none").impossible(BEYOND, BEYOND_INSTEAD),
            clause(
                "feeds",
                "SYSTEM with (DATA [as DATA:as [anonymised TEXT:anonymised]]),... [within DURATION]",
            )
            .impossible(BEYOND, BEYOND_INSTEAD),
            clause("tool", "TEXT:tool does nothing TEXT:reason").documented(TOOL),
            clause("tool", "TEXT:tool does GRANT&...").documented(TOOL),
            clause("tool", "TEXT:tool").documented(TOOL),
        ],
    ),
];
