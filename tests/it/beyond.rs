//! Nothing is allowed beyond the model: people, bounds, windows, emergencies, waivers and who asked, in the model, Cedar and Rego alike.

use crate::in_process::{compiled, meaning};
use quorate::compile::Compilation;
use quorate::emit::decide::{Decisions, EngineChoice};
use quorate::emit::lower;
use quorate::emit::reason::Reason;
use quorate::emit::waived::Waived;
use serde_json::{Value, json};

const BASE: &str = include_str!("../../docs/codes/base.gov");

/// 2026-11-23 at noon.
const NOW: i64 = 1_795_435_200;
const DAY: i64 = 86_400;

/// Where the domain of consent goes on behind what it takes.
const REST: &str = "  purposes consent_sync; retention 2y; rollback";

/// The base with some lines replaced.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// What decides a workspace, whatever is found in it.
struct Tried {
    decisions: Decisions,
    revision: String,
}

impl Tried {
    #[track_caller]
    fn of(text: &str) -> Tried {
        Tried::compiled(&compiled(text))
    }

    fn compiled(compilation: &Compilation) -> Tried {
        let meaning = meaning(compilation);
        let waived = Waived::of(compilation);
        let policy = lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &waived);
        Tried {
            revision: policy.revision.clone(),
            decisions: Decisions::of(policy, EngineChoice::All).expect("what is emitted loads"),
        }
    }

    /// A change of consent that three people approved a minute ago, one as each function.
    fn consent(&self) -> Value {
        let slot = |by: &str| json!({ "by": format!("acme.{by}"), "at": NOW - 60, "for": "sha256:change" });
        json!({
            "subject": { "type": "agent", "id": "acme.campaign",
                         "properties": { "principal": "spiffe://acme.example/ns/marketing/sa/campaign" } },
            "action": { "name": "write.update" },
            "resource": { "type": "data", "id": "acme.crm/std.customer.customer.consent" },
            "context": {
                "task": "acme.sync_consent", "purpose": "acme.consent_sync", "inputs": { "records": 1 }, "now": NOW,
                "revision": self.revision, "binding": "sha256:change", "requested_by": "acme.gerard",
                "approvals": {
                    "acme.consent/std.prelude.business": slot("maria"),
                    "acme.consent/std.prelude.security": slot("sam"),
                    "acme.consent/std.prelude.privacy": slot("dana") },
                "credential": { "issued_at": NOW - 100, "expires_at": NOW + 100 },
                "totals": { "acme.sync_consent/records/24h": 0 },
                "evidence": { "acme.approvals_ledger": { "ready": true, "checked_at": NOW } },
                "rollback": { "acme.consent_restore": { "ready": true, "checked_at": NOW } } } })
    }

    #[track_caller]
    fn allows(&self, request: &Value) {
        let answer = self.decisions.answer(request).expect("all agree");
        assert!(answer.allow, "{:?}\n{request}", answer.denials);
    }

    #[track_caller]
    fn denies(&self, request: &Value, reason: Reason) {
        let answer = self.decisions.answer(request).expect("all agree");
        assert!(
            !answer.allow && answer.reasons().contains(&reason),
            "{:?}\n{request}",
            answer.denials
        );
    }
}

/// The request with a field of its context set.
fn with(mut request: Value, field: &str, value: Value) -> Value {
    request["context"][field] = value;
    request
}

fn by(mut request: Value, function: &str, person: &str) -> Value {
    request["context"]["approvals"][format!("acme.consent/std.prelude.{function}")]["by"] = json!(format!("acme.{person}"));
    request
}

/// The same request `seconds` later, in which everything fresh is still as fresh.
fn later(mut request: Value, seconds: i64) -> Value {
    let context = &mut request["context"];
    let shift = |value: &mut Value| *value = json!(value.as_i64().expect("a time") + seconds);
    shift(&mut context["now"]);
    shift(&mut context["credential"]["issued_at"]);
    shift(&mut context["credential"]["expires_at"]);
    for (place, field) in [("approvals", "at"), ("evidence", "checked_at"), ("rollback", "checked_at")] {
        for entry in context[place].as_object_mut().expect("there").values_mut() {
            shift(&mut entry[field]);
        }
    }
    request
}

/// What the agent does for ivy and for ben, and what each of them may do.
fn acting(ivy: &str, ben: &str, ivy_may: &str) -> String {
    let (read, both) = (
        "read.view customer.profile in crm",
        "read.view customer.profile in crm; write.update customer.consent in crm",
    );
    let of = |what: &str| if what == "read" { read } else { both };
    edited(&[
        ("  kind workload", "  kind delegated"),
        (
            "  runs_as campaign_workload;",
            &format!(
                "  acts_for ivy within {{ {} }}\n  acts_for ben within {{ {} }}\n  runs_as campaign_workload;",
                of(ivy),
                of(ben)
            ),
        ),
        (
            "accounts \"okta:ivy\"; ",
            &format!("accounts \"okta:ivy\"\n  access {{ {} }}\n  ", of(ivy_may)),
        ),
        (
            "accounts \"okta:ben\"; ",
            &format!("accounts \"okta:ben\"; until 2026-12-10\n  access {{ {both} }}\n  "),
        ),
    ])
}

#[test]
fn what_an_agent_may_do_for_one_person_it_may_not_do_for_another() {
    for text in [acting("read", "both", "both"), acting("both", "both", "read")] {
        let tried = Tried::of(&text);
        let for_whom = |person: &str| with(tried.consent(), "on_behalf_of", json!(person));
        tried.allows(&for_whom("acme.ben"));
        tried.denies(&for_whom("acme.ivy"), Reason::OutOfScope);
        tried.denies(&for_whom("acme.gerard"), Reason::OutOfScope);
        tried.denies(&tried.consent(), Reason::OutOfScope);
        let mut reading = for_whom("acme.ivy");
        reading["action"]["name"] = json!("read.view");
        reading["resource"]["id"] = json!("acme.crm/std.customer.customer.profile");
        tried.allows(&reading);
    }
    let tried = Tried::of(&acting("both", "both", "both"));
    tried.allows(&with(tried.consent(), "on_behalf_of", json!("acme.ivy")));
}

#[test]
fn nobody_who_has_left_is_acted_for_or_asks() {
    let tried = Tried::of(&acting("both", "both", "both"));
    let for_whom = |person: &str, days: i64| later(with(tried.consent(), "on_behalf_of", json!(person)), days * DAY);
    tried.allows(&for_whom("acme.ben", 17));
    tried.denies(&for_whom("acme.ben", 18), Reason::OutOfScope);
    tried.allows(&for_whom("acme.ivy", 18));
    let choice = |days: i64| with(for_whom("acme.ivy", days), "requested_by", json!("acme.ben"));
    tried.allows(&choice(17));
    tried.denies(&choice(18), Reason::Ineligible);
}

/// A second agent that calls campaign, and whose only task ends on the last day of November.
const PLANNER: &str = "
agent planner \"Planner\" { runs_as planner_workload; owner maria; calls campaign doing sync_consent }
identity planner_workload { kind workload; principal \"spiffe://acme.example/planner\"; ttl 15m; can_assume none }
task plan \"Plan\" for planner { purpose consent_sync; read.view customer.profile in crm; until 2026-11-30 }
agent first \"First\" { runs_as first_workload; owner maria; calls planner doing plan }
identity first_workload { kind workload; principal \"spiffe://acme.example/first\"; ttl 15m; can_assume none }
";

#[test]
fn a_caller_has_a_current_task() {
    let tried = Tried::of(&(BASE.to_owned() + PLANNER));
    let called = |via: Value, days: i64| later(with(tried.consent(), "via", via), days * DAY);
    tried.allows(&called(json!(["acme.planner"]), 7));
    tried.denies(&called(json!(["acme.planner"]), 8), Reason::OutOfScope);
    tried.allows(&later(tried.consent(), 8 * DAY));
    // The call is written, and the caller has no task at all.
    tried.denies(&called(json!(["acme.first", "acme.planner"]), 0), Reason::OutOfScope);
    let working = "\ntask begin \"Begin\" for first { purpose consent_sync; read.view customer.profile in crm; until 2026-12-31 }\n";
    let tried = Tried::of(&(BASE.to_owned() + PLANNER + working));
    let called = |via: Value, days: i64| later(with(tried.consent(), "via", via), days * DAY);
    tried.allows(&called(json!(["acme.first", "acme.planner"]), 7));
    tried.denies(&called(json!(["acme.first", "acme.planner"]), 8), Reason::OutOfScope);
    tried.denies(&called(json!(["acme.first"]), 0), Reason::OutOfScope);
    tried.denies(&called(json!(vec!["acme.planner"; 9]), 0), Reason::Malformed);
}

/// Security alone decides in an emergency.
fn urgent(approve: &str) -> String {
    edited(&[(
        REST,
        &format!("  emergency {{\n    approve {approve}\n    lasts   30m\n    review  business and privacy within 24h\n  }}\n{REST}"),
    )])
}

#[test]
fn an_emergency_is_declared_by_somebody_whom_it_does_not_serve() {
    let tried = Tried::of(&urgent("security"));
    let declared = |by: &str, at: i64| {
        let mut request = with(
            tried.consent(),
            "emergency",
            json!({ "declared_by": by, "at": at, "id": "incident" }),
        );
        let approvals = request["context"]["approvals"].as_object_mut().expect("there");
        approvals.retain(|slot, _| slot.ends_with("security"));
        request
    };
    tried.allows(&declared("acme.ines", NOW - 60));
    // Approved before there was an emergency.
    tried.denies(&declared("acme.ines", NOW - 59), Reason::Stale);
    tried.denies(&declared("acme.gerard", NOW - 60), Reason::Emergency);
    tried.denies(&declared("schedule", NOW - 60), Reason::Emergency);
    tried.denies(&declared("acme.campaign", NOW - 60), Reason::Emergency);
    tried.denies(&declared("acme.sam", NOW - 60), Reason::Ineligible);
    tried.allows(&by(declared("acme.sam", NOW - 60), "security", "priya"));
    tried.denies(&declared("acme.ines", NOW - 1801), Reason::Emergency);
}

/// What an allowed request owes, as `quorate decide` writes it.
#[track_caller]
fn owed(tried: &Tried, request: &Value) -> Value {
    let answer = tried.decisions.answer(request).expect("all agree");
    assert!(answer.allow, "{:?}", answer.denials);
    answer.json(&tried.revision)["context"]["obligations"].clone()
}

#[test]
fn what_is_allowed_says_what_has_to_be_done() {
    let consumed = json!([{ "obligation": "consume", "domain": "acme.consent" }]);
    let tried = Tried::of(&urgent("security"));
    assert_eq!(owed(&tried, &tried.consent()), consumed);
    let declared = json!({ "declared_by": "acme.ines", "at": NOW - 60, "id": "incident" });
    let review = json!({ "obligation": "review_due", "domain": "acme.consent", "within": 86_400 });
    assert_eq!(
        owed(&tried, &with(tried.consent(), "emergency", declared.clone())),
        json!([consumed[0], review])
    );
    // An emergency that no governing domain makes use of changes nothing.
    let plain = Tried::of(BASE);
    assert_eq!(owed(&plain, &with(plain.consent(), "emergency", declared)), consumed);
    // What was approved for a task as a whole is not used up by one of its actions.
    let reused = Tried::of(&edited(&[(REST, &format!("  binds task\n{REST}"))]));
    assert_eq!(owed(&reused, &reused.consent()), json!([]));
    // A refusal obliges to nothing.
    let refused = tried
        .decisions
        .answer(&with(tried.consent(), "approvals", json!({})))
        .expect("all agree");
    assert_eq!(refused.json(&tried.revision)["context"]["obligations"], json!([]));
    assert!(
        tried
            .decisions
            .sentences(&refused)
            .iter()
            .all(|sentence| !sentence.contains("uses up"))
    );
}

#[test]
fn an_emergency_that_asks_nobody_is_no_way_in() {
    {
        let tried = Tried::of(&urgent("none"));
        let mut request = with(
            tried.consent(),
            "emergency",
            json!({ "declared_by": "acme.ines", "at": NOW - 60, "id": "incident" }),
        );
        tried.allows(&request);
        request["context"]["approvals"] = json!({});
        tried.denies(&request, Reason::Missing);
    }
}

#[test]
fn what_is_waived_is_refused_once_the_waiver_has_ended() {
    let weaker = edited(&[("approve business and security and privacy\n", "approve business and security\n")]);
    let found = compiled(&weaker);
    let gap = found
        .findings
        .iter()
        .find(|finding| finding.code.is_some_and(|code| code.id == "GOV103"));
    let fingerprint = &gap.expect("privacy is missing").finding.fingerprint;
    let waiver = |until: &str| {
        format!(
            "{weaker}\nwaiver moving \"Moving\" {{\n  waives missing-function on consent\n  fingerprint \"{fingerprint}\"\n  reason \"a move\"\n  \
             approved business maria, security sam, privacy dana\n  granted 2026-11-20\n  until {until}\n}}\n"
        )
    };
    let compilation = compiled(&waiver("2027-01-31"));
    assert_eq!(
        compilation.waived(),
        1,
        "{:?}",
        compilation.findings.iter().map(|finding| &finding.message).collect::<Vec<_>>()
    );
    let tried = Tried::compiled(&compilation);
    let mut request = tried.consent();
    request["context"]["approvals"]
        .as_object_mut()
        .expect("there")
        .retain(|slot, _| !slot.ends_with("privacy"));
    tried.allows(&request);
    tried.allows(&later(request.clone(), 69 * DAY));
    tried.denies(&later(request.clone(), 70 * DAY), Reason::Expired);
    tried.denies(&later(request, 110 * DAY), Reason::Expired);
    // What nothing is waived of goes on.
    let reading = |request: Value| {
        let mut request = request;
        request["action"]["name"] = json!("read.view");
        request["resource"]["id"] = json!("acme.crm/std.customer.customer.profile");
        request["context"]["rollback"] = json!({});
        request["context"]["approvals"] = json!({});
        request
    };
    tried.allows(&later(reading(tried.consent()), 110 * DAY));
}

/// A task whose scope too few have approved does nothing; where that is waived it may act until the waiver ends.
#[test]
fn a_scope_that_is_waived_lets_its_task_act_for_as_long() {
    let few = edited(&[("security sam, privacy dana on 2026-11-02", "security sam on 2026-11-02")]);
    let found = compiled(&few);
    let open = |finding: &&quorate::diagnostic::Diagnostic| finding.code.is_some_and(|code| code.id == "GOV311");
    let fingerprint = &found
        .findings
        .iter()
        .find(open)
        .expect("privacy has not approved")
        .finding
        .fingerprint;
    let tried = Tried::of(&few);
    assert!(!tried.decisions.answer(&tried.consent()).expect("all agree").allow);
    let waiver = format!(
        "{few}\nwaiver late \"Late\" {{\n  waives unapproved-scope on sync_consent\n  fingerprint \"{fingerprint}\"\n  reason \"away\"\n  \
         approved business jo, security sam, privacy dana\n  granted 2026-11-20\n  until 2027-01-31\n}}\n"
    );
    let compilation = compiled(&waiver);
    assert_eq!(compilation.waived(), 1);
    let tried = Tried::compiled(&compilation);
    let request = tried.consent();
    tried.allows(&request);
    tried.allows(&later(request.clone(), 69 * DAY));
    tried.denies(&later(request, 70 * DAY), Reason::Expired);
}

#[test]
fn one_human_is_one_whatever_the_entry() {
    let same = [("accounts \"okta:priya\"; ", "accounts \"okta:priya\", \"okta:jo\"; ")];
    let tried = Tried::of(&edited(&same));
    let both = by(by(tried.consent(), "business", "jo"), "security", "priya");
    tried.denies(&both, Reason::SamePerson);
    tried.allows(&by(by(tried.consent(), "business", "maria"), "security", "priya"));
    tried.allows(&by(by(tried.consent(), "business", "jo"), "security", "sam"));
    let choice = |request: Value, person: &str| with(request, "requested_by", json!(person));
    tried.denies(&choice(by(tried.consent(), "business", "jo"), "acme.priya"), Reason::Ineligible);
    tried.allows(&choice(tried.consent(), "acme.priya"));
    let apart = Tried::of(BASE);
    apart.allows(&by(by(apart.consent(), "business", "jo"), "security", "priya"));
}

#[test]
fn whom_an_agent_runs_as_approves_nothing_that_it_does() {
    let same = [(
        "principal \"spiffe://acme.example/ns/marketing/sa/campaign\"",
        "principal \"okta:maria\"",
    )];
    let tried = Tried::of(&edited(&same));
    let mut request = tried.consent();
    request["subject"]["properties"]["principal"] = json!("okta:maria");
    tried.denies(&request, Reason::Ineligible);
    tried.allows(&by(request, "business", "jo"));
}

#[test]
fn who_asked_is_somebody_who_may() {
    let tried = Tried::of(BASE);
    let choice = |tried: &Tried, who: &str| with(tried.consent(), "requested_by", json!(who));
    for who in ["acme.nobody", "acme.campaign", "", "schedule", "outsider"] {
        tried.denies(&choice(&tried, who), Reason::Ineligible);
    }
    tried.denies(&choice(&tried, "acme.maria"), Reason::Ineligible);
    tried.allows(&choice(&tried, "acme.jo"));
    for value in [Value::Null, json!(5), json!(["acme.jo"]), json!({})] {
        tried.denies(&with(tried.consent(), "requested_by", value), Reason::Malformed);
    }
    let mut absent = tried.consent();
    absent["context"].as_object_mut().expect("there").remove("requested_by");
    tried.denies(&absent, Reason::Malformed);
    let starting = |who: &str| {
        let line = format!("  started_by {who}\n  purpose consent_sync; basis ");
        Tried::of(&edited(&[("  purpose consent_sync; basis ", &line)]))
    };
    let scheduled = starting("schedule");
    scheduled.allows(&choice(&scheduled, "schedule"));
    scheduled.allows(&choice(&scheduled, "acme.jo"));
    scheduled.denies(&choice(&scheduled, "outsider"), Reason::Ineligible);
    let named = starting("gerard, secops");
    named.allows(&choice(&named, "acme.gerard"));
    named.allows(&choice(&named, "acme.priya"));
    named.denies(&choice(&named, "acme.jo"), Reason::Ineligible);
    named.denies(&choice(&named, "schedule"), Reason::Ineligible);
}
