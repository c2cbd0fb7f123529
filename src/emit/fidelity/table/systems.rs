//! Purposes, data, actions, providers, enforcements, systems.

use crate::emit::fidelity::table::{Row, clause};
use crate::syntax::vocabulary::{Kind, Place};

const FLAG: &str = "It decides which rules of the standards and which checks apply. A request does not contain it.";
const BEYOND: &str = "A request does not say where a change flows to.";
const BEYOND_INSTEAD: &str = "The checks `approval-laundering`, `silent-propagation` and `rollback-misses-system` check it before a build; the operators of the systems are responsible for the rest.";
const TOOL: &str = "`tools.json` says which requests a tool call needs. The enforcement point uses it to make them, and denies a tool that it does not list.";
const NOT_PASSED: &str = "A policy decides the requests it gets, and cannot see a call that never reaches it.";
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
                "A request is about one system and one of the smallest classes; another class is another decision.",
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
                "A request names one of the smallest actions. Each of these actions is decided separately.",
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
                .documented("Read by the reports. It says which engine decides; Quorate writes the policies of every target in any case."),
            clause("on_failure", "(deny|allow):on_failure").impossible(
                "An answer cannot say what happens if there is no answer.",
                "The enforcement point must deny if it gets no answer or an error; the check `fails-open` requires the clause.",
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
                "No task can include a class that the system does not hold, so the policies deny a request about it.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("holds", "DATA,...").enforced(
                "No task can include a class that the system does not hold, so the policies deny a request about it.",
                "`resource.id`",
                "the resources of the permits, and the tags of tasks",
                "`operations`, and `scope` of the task in `data.json`",
            ),
            clause("open", "").documented("Read by the check `unclassified-tool`."),
            clause("managed_by", "PEOPLE_QUORUM:managers").documented("The checks count who can change what is kept there."),
            clause("enforced_by", "ENFORCEMENT").impossible(
                NOT_PASSED,
                "The system must accept calls of agents only from this enforcement; the check `unenforced` requires the clause.",
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
