//! Waivers through the front door: what they relieve, what stays open, and that it all stays to be seen.

use crate::overlay::over_base;
use crate::project::{Project, TODAY, repository};

const IDENTITY: &str = "sha256:a5586f1790671b758afa69a5df3526dd5652584bc577846729de62ef39a12e76";

/// Where the domain of consent goes on behind what it takes.
const REST: &str = "  purposes consent_sync; retention 2y; rollback";

/// The workspace of the pages with a credential that lives half a day, and with more lines.
fn workspace(more: &str) -> Project {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let base = base.replace("ttl 15m", "ttl 12h");
    let digest = Project::of(&base).scopes().remove("sync_consent");
    let base = digest.map_or(base.clone(), |digest| base.replace("scope auto", &format!("scope \"{digest}\"")));
    Project::of(&(base + more))
}

fn waiver(lines: &str) -> String {
    format!(
        "\nwaiver old_broker \"Credential broker\" {{\n  reason \"The broker is being replaced\"\n  granted 2026-11-20\n  until 2027-01-31\n{lines}\n}}\n"
    )
}

fn good() -> String {
    waiver(&format!(
        "  waives standing-credential on campaign_workload\n  fingerprint \"{IDENTITY}\"\n  approved business jo, security sam, privacy dana"
    ))
}

fn open(project: &Project) -> Vec<String> {
    let findings = project.findings();
    let names = findings
        .all()
        .map(|finding| finding["name"].as_str().unwrap_or_default().to_owned());
    // Every waiver here ends within the horizon, and lapsing-approval reports that.
    names
        .filter(|name| name != "unapproved-scope" && name != "lapsing-approval")
        .collect()
}

#[test]
fn what_is_waived_is_still_found_and_fails_nothing() {
    let project = workspace(&good());
    let findings = project.findings();
    assert_eq!(findings.code, Some(0));
    assert_eq!(
        findings.waived(),
        [("standing-credential".to_owned(), "acme.old_broker".to_owned())]
    );
    let shown = project.run(&["check"]);
    assert!(shown.out.contains("waived error[GOV205] standing-credential"), "{shown}");
    assert!(shown.error.contains("1 waived"), "{shown}");
    let concise = project.run(&["check", "--format", "concise"]);
    assert!(concise.out.contains("(waived by acme.old_broker)"), "{concise}");
    let report = project.run(&["report", "-o", "evidence"]);
    assert_eq!(report.code, Some(0), "{report}");
    for file in ["report.html", "report.md"] {
        let text = std::fs::read_to_string(project.path("evidence").join(file)).expect("the report was written");
        assert!(text.contains("waived") && text.contains("The broker is being replaced"), "{file}");
    }
    let evidence = std::fs::read_to_string(project.path("evidence/evidence.json")).expect("the evidence was written");
    assert!(evidence.contains("\"waived_by\": \"acme.old_broker\""));
}

#[test]
fn a_waiver_ends_with_its_last_day() {
    let project = workspace(&good());
    assert_eq!(project.run_on("2027-01-31", &["check"]).code, Some(0));
    let after = project.run_on("2027-02-01", &["check"]);
    assert_eq!(after.code, Some(1));
    assert!(
        after.out.contains("error[GOV205] standing-credential") && after.out.contains("GOV701"),
        "{after}"
    );
    let before = project.run_on("2026-11-19", &["check"]);
    assert_eq!(before.code, Some(1));
    assert!(before.out.contains("begins only on 2026-11-20"), "{before}");
    assert_eq!(TODAY, "2026-11-23");
}

#[test]
fn nothing_waives_the_rules_about_waivers() {
    for check in [
        "expired-waiver",
        "self-waived",
        "failing-test",
        "unguarded-governance",
        "nothing-governed",
    ] {
        let outcome = workspace(&waiver(&format!("  waives {check} on campaign"))).run(&["check"]);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.out.contains(&format!("`{check}` cannot be waived")), "{outcome}");
    }
}

#[test]
fn what_comes_up_later_stays_open() {
    // Another fault of the same check at the same declaration has another fingerprint where another rule asks for it.
    let stricter = "standard house \"House rules\" {\n  require credential ttl 30m for mutates any\n}\nadopt house\n";
    let project = workspace(&(good() + stricter));
    assert_eq!(open(&project), ["standing-credential", "idle-waiver"]);
    assert_eq!(project.findings().waived(), []);
    // Another face of the same check is another fault: what was accepted is how long it lives.
    let text = std::fs::read_to_string(workspace(&good()).path("main.gov")).expect("the workspace was written");
    let standing = text.replace("ttl 12h", "ttl 15m").replace("issued just_in_time", "issued standing");
    assert_eq!(open(&Project::of(&standing)), ["standing-credential", "idle-waiver"]);
    // A fault of another check at the same declaration is not touched.
    let other = workspace(&good());
    let text = std::fs::read_to_string(other.path("main.gov")).expect("the workspace was written");
    let other = Project::of(&text.replace("revoked on_task_end;", "revoked manual;"));
    assert_eq!(open(&other), ["no-revocation"]);
}

#[test]
fn what_got_worse_is_open_again() {
    // The fingerprint of each fault is listed; then the same check at the same declaration has more to say.
    let print = |edit: &dyn Fn(&str) -> String, check: &str| {
        let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
        let findings = Project::of(&edit(&base)).findings();
        let found = findings
            .all()
            .find(|finding| finding["name"] == check)
            .unwrap_or_else(|| panic!("{check} is found"));
        found["fingerprint"].as_str().expect("it is a text").to_owned()
    };
    let replaced = |old: &str, new: &str| {
        let (old, new) = (old.to_owned(), new.to_owned());
        move |text: &str| {
            assert!(text.contains(&old), "{old}");
            text.replacen(&old, &new, 1)
        }
    };
    const THREE: &str = "approve business and security and privacy";
    const GATEWAY: &str = "deny; managed_by 2 of (priya, ines)";
    const KEEPS: &str = "  keeps audit.record in siem;";
    let records = |last: &str| {
        format!("  records agent, identity, task, scope_approver, approvals, policy, revision, decision, inputs, limits{last}\n{KEEPS}")
    };
    let (without_one, without_two) = (records(", rollback"), records(""));
    let valid = |long: &str| format!("  valid {long}\n{REST}");
    let (two_days, ninety_days) = (valid("48h"), valid("90d"));
    let pairs: [(&str, &str, &str, &str); 9] = [
        (
            "forgeable-approval",
            GATEWAY,
            "deny; managed_by ines",
            "deny; managed_by any of (ines, ben)",
        ),
        ("incomplete-evidence", KEEPS, &without_one, &without_two),
        ("untested-rollback", "tested 2026-10-12", "tested 2026-08-01", "tested 2016-08-01"),
        ("standing-credential", "ttl 15m", "ttl 12h", "ttl 30d"),
        ("single-function-approval", THREE, "approve business", "approve none"),
        (
            "missing-function",
            THREE,
            "approve business and security",
            "approve business and privacy",
        ),
        ("stale-approval", REST, &two_days, &ninety_days),
        (
            "access-beyond-scope",
            "  access {\n",
            "  access {\n    write.create customer.consent in crm\n",
            "  access {\n    write.create customer.consent in crm\n    write.delete customer.consent in crm\n",
        ),
        ("slow-rollback", "within 4h", "within 2d", "within 30d"),
    ];
    for (check, good, bad, worse) in pairs {
        let before = print(&replaced(good, bad), check);
        assert_eq!(before, print(&replaced(good, bad), check));
        assert_ne!(before, print(&replaced(good, worse), check), "{check}: {bad} and {worse}");
    }
}

/// A workspace of the pages with some edits, and with more lines at the end.
fn edited(edits: &[(&str, &str)], more: &str) -> Project {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let text = edits.iter().fold(base, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    Project::of(&(text + more))
}

#[test]
fn what_is_not_the_first_of_a_finding_is_in_its_fingerprint() {
    const STOP: &str = "  stop kill_switch by secops within 5m\n";
    const THREE: &str = "approve business and security and privacy";
    const FLOWS: (&str, &str) = ("feeds none\n  tool", "feeds cdp with customer.consent within 1h\n  tool");
    let cdp = |approve: &str| {
        format!(
            "system cdp \"CDP\" {{ holds customer.consent; managed_by ines; enforced_by gateway; feeds none }}\n\
             domain there \"Consent there\" {{\n covers write customer.consent in cdp\n owner business maria\n owner security sam\n \
             owner privacy dana\n {approve}\n}}\n"
        )
    };
    let lent = |functions: &str| format!("delegation leave \"Leave\" {{\n from dana to ivy\n{functions} starts 2026-11-16\n}}\n");
    let stops = "standard house \"House rules\" {\n  require stop within 1h for read customer.profile\n}\nadopt house\n";
    let urgent = |approve: &str| format!("  emergency {{\n    approve {approve}\n    review business within 24h\n  }}\n{REST}");
    let (haste, more_haste) = (urgent("security and privacy"), urgent("security"));
    let tiers = |to: &str| format!("  input     records integer from 0 to {to}\n  {THREE} when records <= 100");
    let (hole, wider) = (tiers("10_000"), tiers("1_000_000"));
    let nobody =
        |most: &str| format!("  input     records integer from 0 to 10_000\n  approve none when records <= {most}\n  {THREE} otherwise");
    let (few, many) = (nobody("10"), nobody("1_000"));
    let plain = format!("  {THREE}");
    type Edits<'a> = Vec<(&'a str, &'a str)>;
    let cases: Vec<(&str, Edits<'_>, String, Edits<'_>, String)> = vec![
        (
            "duplicate-person",
            vec![("\"jo@acme.example\"", "\"maria@acme.example\"")],
            String::new(),
            vec![("\"jo@acme.example\"", "\"maria@acme.example\""), ("\"okta:jo\"", "\"okta:maria\"")],
            String::new(),
        ),
        ("no-stop", vec![(STOP, "")], String::new(), vec![(STOP, "")], stops.to_owned()),
        // A second gap, in an emergency, beside the one in the normal path.
        (
            "approval-laundering",
            vec![FLOWS],
            cdp("approve 2 business and security and privacy"),
            vec![FLOWS, (REST, &more_haste)],
            cdp("approve 2 business and security and privacy"),
        ),
        (
            "delegation-unbounded",
            vec![],
            lent(" function privacy in consent\n"),
            vec![],
            lent(" function privacy in consent\n function privacy in profile_reading\n"),
        ),
        (
            "emergency-gap",
            vec![(REST, &haste)],
            String::new(),
            vec![(REST, &more_haste)],
            String::new(),
        ),
        (
            "ambiguous-tier",
            vec![(&plain, &hole)],
            String::new(),
            vec![(&plain, &wider)],
            String::new(),
        ),
        (
            "autonomy-exceeds",
            vec![(&plain, &few)],
            String::new(),
            vec![(&plain, &many)],
            String::new(),
        ),
        (
            "unowned-function",
            vec![("  owner   security sam deputy priya\n", "")],
            String::new(),
            vec![
                ("  owner   security sam deputy priya\n", ""),
                ("write.update customer.consent in crm\n  }", "write customer.consent in crm\n  }"),
            ],
            String::new(),
        ),
    ];
    let print = |check: &str, project: &Project| {
        let findings = project.findings();
        let found = findings
            .all()
            .find(|finding| finding["name"] == check)
            .unwrap_or_else(|| panic!("{check} is found: {}", project.run(&["check", "--format", "concise"])));
        found["fingerprint"].as_str().expect("it is a text").to_owned()
    };
    for (check, bad, more_bad, worse, more_worse) in &cases {
        let before = print(check, &edited(bad, more_bad));
        // What has nothing to do with it leaves it as it is.
        let beside = "\nprovider elsewhere \"Somebody else\"\n";
        assert_eq!(before, print(check, &edited(bad, &format!("{more_bad}{beside}"))), "{check}");
        assert_ne!(before, print(check, &edited(worse, more_worse)), "{check}");
    }
}

#[test]
fn who_may_sign() {
    let signed = |approved: &str| {
        let lines = format!("  waives standing-credential on campaign_workload\n  fingerprint \"{IDENTITY}\"\n{approved}");
        open(&workspace(&waiver(&lines)))
    };
    const REFUSED: [&str; 2] = ["standing-credential", "self-waived"];
    assert_eq!(signed("  approved business jo, security priya, privacy li"), [""; 0]);
    // The agent's owner does not count, whatever else she holds.
    assert_eq!(signed("  approved business maria, security sam, privacy dana"), REFUSED);
    // One person is one person, in however many functions.
    assert_eq!(signed("  approved business jo, security jo, privacy dana"), REFUSED);
    assert_eq!(signed("  approved security sam, privacy dana"), REFUSED);
    assert_eq!(signed(""), REFUSED);
    // More than it takes is never too much.
    assert_eq!(
        signed("  approved business jo, business maria, security sam, privacy dana"),
        [""; 0]
    );
}

#[test]
fn a_waiver_of_a_decision_takes_in_what_that_finding_would_have_folded_in() {
    let project = workspace("");
    let text = std::fs::read_to_string(project.path("main.gov")).expect("the workspace was written");
    let weak = text.replace("ttl 12h", "ttl 15m");
    let weak = weak.replacen("approve business and security and privacy", "approve business", 1);
    assert_ne!(weak, text);
    let findings = Project::of(&weak).findings();
    let single: Vec<_> = findings.of("single-function-approval").collect();
    assert_eq!(single.len(), 1, "{:?}", findings.all().collect::<Vec<_>>());
    let fingerprint = single[0]["fingerprint"].as_str().expect("a finding has a fingerprint").to_owned();
    let lines = format!(
        "  waives single-function-approval on consent\n  fingerprint \"{fingerprint}\"\n  approved business jo, security sam, privacy dana"
    );
    let project = Project::of(&(weak + &waiver(&lines)));
    assert_eq!(open(&project), [""; 0]);
    assert_eq!(project.findings().code, Some(0));
}

/// That two entries are one person can be accepted for a time. It makes no two people of one: what hangs on it stays open.
#[test]
fn a_waiver_of_two_entries_makes_no_two_people_of_one() {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let seats = "  owner   security sam deputy priya\n  owner   privacy dana deputy li\n  approve business";
    assert!(base.contains(seats));
    let twice =
        "\nperson mimi \"Mimi Lopez\" {\n  email \"mimi@acme.example\"\n  accounts \"okta:mimi\", \"okta:sam\"\n  reports_to gerard\n}\n";
    let text = base.replace(seats, &seats.replace("deputy priya", "deputy mimi")) + twice;
    // Sam and his deputy are one, so that nobody decides while he is away; it goes under the finding about the entries.
    let project = Project::of(&text);
    assert_eq!(open(&project), ["duplicate-person"]);
    let findings = project.findings();
    let entry = findings.of("duplicate-person").next().expect("it is found");
    let fingerprint = entry["fingerprint"].as_str().expect("a finding has a fingerprint");
    let lines =
        format!("  waives duplicate-person on sam\n  fingerprint \"{fingerprint}\"\n  approved business jo, security sam, privacy dana");
    let waived = Project::of(&(text + &waiver(&lines)));
    assert_eq!(
        waived.findings().waived(),
        [("duplicate-person".to_owned(), "acme.old_broker".to_owned())]
    );
    assert_eq!(open(&waived), ["fragile-quorum"]);
}

#[test]
fn to_be_named_by_a_waiver_is_no_use() {
    let kim = "person kim \"Kim Haas\" {\n  email \"kim@acme.example\"\n  accounts \"okta:kim\"\n  reports_to gerard\n}\n";
    let open = over_base(kim).findings();
    let print = open.of("unused-declaration").next().expect("nothing names kim")["fingerprint"].clone();
    let waiver = format!(
        "waiver keep \"Kim stays\" {{\n  waives unused-declaration on kim\n  fingerprint {print}\n  reason \"A contract names her\"\n  \
         approved business jo, security sam, privacy dana\n  granted 2026-11-20\n  until 2027-01-31\n  ticket \"RISK-1\"\n}}\n"
    );
    let findings = over_base(&format!("{kim}{waiver}")).findings();
    let waived = [("unused-declaration".to_owned(), "acme.keep".to_owned())];
    assert_eq!(findings.waived(), waived);
    assert_eq!(findings.of("idle-waiver").count(), 0, "{:#}", findings.document["findings"]);
}
