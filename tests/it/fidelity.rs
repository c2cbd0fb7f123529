//! The policies enforce what is listed as enforced, do not contain what is listed as documented only, and leave nothing out.

#[path = "fidelity/edits.rs"]
mod edits;

use crate::in_process::{compiled, meaning};
use crate::project::{Project, repository, run_in};
use edits::edits;
use quorate::checks::ALL;
use quorate::emit::cedar::{self, Cedar};
use quorate::emit::engines::Engines;
use quorate::emit::fidelity::table::{Carried, rows};
use quorate::emit::fidelity::{Fidelity, Status, Target};
use quorate::emit::policy::Policy;
use quorate::emit::rego::{self, Rego};
use quorate::emit::requests::derive;
use quorate::emit::waived::Waived;
use quorate::emit::{lower, reference};
use quorate::source::FileId;
use quorate::syntax::ast::Item;
use quorate::syntax::parse;
use quorate::syntax::vocabulary::{Kind, Place, sections};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const EVERY_CLAUSE: &str = include_str!("fidelity/every-clause.gov");

/// A clause by its place, its word and its form.
type Key = (Place, &'static str, &'static str);

#[test]
fn every_clause_is_in_the_table_exactly_once() {
    let grants = [Place::In(Kind::Task), Place::Access, Place::Within].map(|place| (place, "grant", "GRANT"));
    let written = sections().iter().flat_map(|section| {
        let clauses = section.clauses.iter();
        clauses.map(|clause| (section.place, clause.word, clause.signature))
    });
    let mut wanted: Vec<Key> = written.chain(grants).collect();
    let mut listed: Vec<Key> = rows().map(|(place, row)| (place, row.word, row.signature)).collect();
    wanted.sort_unstable();
    listed.sort_unstable();
    let missing: Vec<&Key> = wanted.iter().filter(|key| !listed.contains(key)).collect();
    assert!(missing.is_empty(), "not in the table: {missing:#?}");
    assert_eq!(listed, wanted);
}

#[test]
fn checks_that_the_table_names_exist() {
    let checks: BTreeSet<&str> = ALL.iter().map(|check| check.code.name).collect();
    let mut named = 0;
    for (_, row) in rows() {
        let text = match row.carried {
            Carried::Enforced { .. } => continue,
            Carried::Documented { used } => used.to_owned(),
            Carried::Impossible { why, instead } => format!("{why} {instead}"),
        };
        let quoted = text.split('`').skip(1).step_by(2);
        for word in quoted.filter(|word| word.contains('-') && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')) {
            assert!(
                checks.contains(word),
                "`{word}` of `{} {}` does not name a check",
                row.word,
                row.signature
            );
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
}

/// What decides requests: the policy of a text, with the same revision whatever the text.
fn policy(text: &str) -> Policy {
    let compilation = compiled(text);
    let meaning = meaning(&compilation);
    let mut policy = lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &Waived::default());
    policy.revision = "sha256:1".to_owned();
    policy
}

fn emitted(policy: &Policy) -> (Cedar, Rego) {
    (cedar::emit(policy).expect("Cedar can say it"), rego::emit(policy))
}

#[test]
fn what_is_enforced_decides_in_both_engines() {
    let edits = edits();
    let wanted: BTreeSet<Key> = keys(Status::Enforced);
    assert_eq!(edits.iter().map(|(key, ..)| *key).collect::<BTreeSet<_>>(), wanted);
    let before = policy(EVERY_CLAUSE);
    let derived = derive(&before, 400);
    let (old, old_rego) = emitted(&before);
    let engines = Engines::new(&old, &old_rego).expect("they load");
    let idle: Vec<String> = edits
        .par_iter()
        .filter_map(|(key, from, to)| {
            assert!(EVERY_CLAUSE.contains(from), "{from}");
            let after = policy(&EVERY_CLAUSE.replace(from, to));
            let (new, new_rego) = emitted(&after);
            if new == old || new_rego == old_rego {
                return Some(format!("{key:?}: `{to}` for `{from}` changes no policy"));
            }
            let requests = derived.iter().map(|one| one.request.clone());
            let mut requests = requests.chain(std::iter::once_with(|| derive(&after, 400)).flatten().map(|one| one.request));
            let otherwise = requests.find(|request| {
                let allowed = [&before, &after].map(|policy| reference::decide(policy, request).allow);
                allowed[0] != allowed[1]
            });
            let Some(request) = otherwise else {
                return Some(format!("{key:?}: `{to}` for `{from}` decides nothing otherwise"));
            };
            let changed = Engines::new(&new, &new_rego).expect("they load");
            for (one, other) in engines.deciders().iter().zip(changed.deciders()) {
                let [before, after] = [*one, other].map(|decider| decider.answer(&request).map(|answer| answer.allow));
                if before == after {
                    return Some(format!("{key:?}: {} decides the same of {request}", one.name()));
                }
            }
            None
        })
        .collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

fn keys(status: Status) -> BTreeSet<Key> {
    let of = |carried: &Carried| match carried {
        Carried::Enforced { .. } => Status::Enforced,
        Carried::Documented { .. } => Status::DocumentedOnly,
        Carried::Impossible { .. } => Status::ImpossibleHere,
    };
    let with_status = rows().filter(|(_, row)| of(&row.carried) == status);
    with_status.map(|(place, row)| (place, row.word, row.signature)).collect()
}

/// Clauses that decide nothing, blanked out or, where other clauses hang on the declaration, given another title.
fn blanked(text: &str, without: &BTreeSet<Key>) -> (String, BTreeSet<Key>) {
    let mut out = text.to_owned();
    let mut seen = BTreeSet::new();
    let (parsed, errors) = parse(FileId(0), text);
    assert!(errors.is_empty(), "{:?}", errors.first());
    blank(&parsed.items, Place::File, without, &mut seen, &mut out);
    (out, seen)
}

fn blank(items: &[Item], place: Place, without: &BTreeSet<Key>, seen: &mut BTreeSet<Key>, out: &mut String) {
    for item in items {
        let key = (place, item.clause.word, item.clause.signature);
        let idle = without.contains(&key);
        seen.extend(idle.then_some(key));
        if let Some(place) = item.clause.opens {
            blank(&item.block, place, without, seen, out);
        }
        let kept = match item.clause.declares {
            Some(Kind::Workspace | Kind::Team | Kind::Identity | Kind::Delegation | Kind::Ownership | Kind::Safeguards) => true,
            Some(_) | None => false,
        };
        // A name of this file is found without its `use`, one of the library is not.
        let needed = item.clause.word == "use" && !out[item.span.start as usize..item.span.end as usize].contains("support");
        if idle && !kept && !needed {
            let range = item.span.start as usize..item.span.end as usize;
            let nothing: String = out[range.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            // Letters of more than a byte would move what follows.
            assert_eq!(nothing.len(), range.len());
            out.replace_range(range, &nothing);
        } else if idle
            && kept
            && let Some(title) = item.first("title")
        {
            let range = title.span.start as usize..title.span.end as usize;
            let other = format!("\"{}\"", "x".repeat(range.len() - 2));
            out.replace_range(range, &other);
        }
    }
}

/// A policy without what only tells an enforcement point what to do once something is allowed.
fn deciding(mut policy: Policy) -> Policy {
    for domain in policy.domains.values_mut() {
        domain.single_use = true;
        domain.emergency.iter_mut().for_each(|emergency| emergency.review = None);
    }
    policy
}

#[test]
fn what_is_documented_only_or_impossible_is_in_no_policy() {
    let without: BTreeSet<Key> = keys(Status::DocumentedOnly).union(&keys(Status::ImpossibleHere)).copied().collect();
    let (blank, mut seen) = blanked(EVERY_CLAUSE, &without);
    assert_ne!(blank, EVERY_CLAUSE);
    let (before, after) = (deciding(policy(EVERY_CLAUSE)), deciding(policy(&blank)));
    assert_eq!(emitted(&before), emitted(&after));
    // What no text can say beside its opposite.
    let none = EVERY_CLAUSE.replace("adopt guidance, house, catalogue", "adopt none \"later\"");
    assert_eq!(emitted(&deciding(policy(&none))), emitted(&before));
    seen.insert((Place::File, "adopt", "none TEXT:reason"));
    let unseen: Vec<&Key> = without.difference(&seen).collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}

fn fidelity(text: &str, target: Target) -> Fidelity {
    let compilation = compiled(text);
    let meaning = meaning(&compilation);
    let policy = lower::policy(&compilation.sources, &meaning.model, &meaning.facts, &[], &Waived::default());
    Fidelity::of(&compilation.sources, &meaning.model, &meaning.facts, &policy, target)
}

#[test]
fn every_clause_that_is_written_is_listed_with_its_line() {
    for target in Target::ALL {
        let fidelity = fidelity(EVERY_CLAUSE, target);
        let said: BTreeSet<(&str, usize)> = fidelity.clauses.iter().map(|said| (said.text.as_str(), said.line)).collect();
        let mut count = 0;
        for (number, line) in EVERY_CLAUSE.lines().enumerate() {
            let text = line.split_whitespace().collect::<Vec<_>>().join(" ");
            let text = text.trim_end_matches(" {");
            if line.contains("//") && !line.contains("\"") || text.is_empty() || text == "}" || text.contains(['{', ';']) {
                continue;
            }
            assert!(said.contains(&(text, number + 1)), "line {}: {line}", number + 1);
            count += 1;
        }
        assert!(count > 150, "{count}");
        assert_eq!(fidelity.counts.values().sum::<usize>(), fidelity.clauses.len());
    }
}

#[test]
fn what_no_agent_comes_to_is_said_not_to_be_in_the_policies() {
    let fidelity = fidelity(EVERY_CLAUSE, Target::Rego);
    let of = |declaration: &str, clause: &str| {
        let found = fidelity
            .clauses
            .iter()
            .find(|said| said.declaration == declaration && said.clause == clause);
        serde_json::to_value(found.expect("it is listed")).expect("it is JSON")
    };
    let unapproved = of("acme.nowhere", "purpose");
    assert_eq!(unapproved["status"], "documented_only");
    assert!(
        unapproved["not_in_policies"]
            .as_str()
            .is_some_and(|why| why.contains("not approved")),
        "{unapproved}"
    );
    assert_eq!(of("acme.third_book", "ledger")["status"], "documented_only");
    assert_eq!(of("acme.book", "ledger")["status"], "enforced");
    let unreached = EVERY_CLAUSE.replace(
        "  write.update customer.billing in cdp\n",
        "  write.create customer.billing in cdp\n",
    );
    let fidelity = self::fidelity(&unreached, Target::Cedar);
    let tiers = fidelity
        .clauses
        .iter()
        .filter(|said| said.declaration == "acme.bills" && said.clause == "approve");
    let statuses: Vec<Status> = tiers.map(|said| said.status).collect();
    assert_eq!(statuses, [Status::DocumentedOnly, Status::DocumentedOnly]);
}

#[test]
fn build_writes_a_report_for_each_target() {
    let project = Project::new();
    let output = project.path("out").to_string_lossy().into_owned();
    run_in(
        &repository().join("examples/customer-data"),
        "2026-11-23",
        &["build", "-o", &output],
    )
    .ends_with(0);
    let read = |path: &str| std::fs::read_to_string(project.path("out").join(path)).expect("it was written");
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).expect("it is JSON");
    let listed: BTreeSet<&str> = manifest["files"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|file| file["path"].as_str())
        .collect();
    let mut parts = BTreeMap::new();
    for target in ["cedar", "rego"] {
        let [page, document] = ["md", "json"].map(|end| format!("fidelity/{target}.{end}"));
        assert!(listed.contains(page.as_str()) && listed.contains(document.as_str()), "{listed:?}");
        let document: serde_json::Value = serde_json::from_str(&read(&document)).expect("it is JSON");
        assert_eq!(document["schema"], "quorate/fidelity/1");
        assert_eq!(document["target"], target);
        assert_eq!(document["revision"], manifest["revision"]);
        let clauses = document["clauses"].as_array().expect("it lists clauses");
        let one = clauses
            .iter()
            .find(|said| said["text"] == "approve business and security and privacy")
            .expect("it is listed");
        let example = include_str!("../../examples/customer-data/marketing.gov");
        let line = example
            .lines()
            .position(|line| line.contains("approve") && line.contains("business and security and privacy"));
        let line = line.expect("it stands in the example") + 1;
        assert_eq!(
            (&one["file"], &one["line"], &one["status"]),
            (&"marketing.gov".into(), &line.into(), &"enforced".into())
        );
        parts.insert(target, one["policy"].clone());
        assert!(clauses.iter().all(|said| {
            ["enforced", "documented_only", "impossible_here"]
                .iter()
                .any(|status| said["status"] == *status)
        }));
        let page = read(&page);
        assert!(
            page.contains(&format!(
                "- `approve business and security and privacy` of `acme.consent`, `marketing.gov:{line}`\n"
            )),
            "{page}"
        );
        assert!(page.contains("**stop** People stop an agent, not a request. Instead: "), "{page}");
    }
    assert_ne!(parts["cedar"], parts["rego"]);
}

#[test]
fn what_stands_for_a_clause_that_is_left_out_is_listed_as_a_default() {
    let example = repository().join("examples/customer-data");
    let read = |name: &str| std::fs::read_to_string(example.join(name)).expect("it is there");
    let built = |change: &dyn Fn(&str) -> String| {
        let names = ["agents.gov", "marketing.gov", "people.gov", "systems.gov", "workspace.gov"];
        let files = names.iter().map(|name| (*name, change(&read(name))));
        let project = files.fold(Project::new(), |project, (name, text)| project.file(name, &text));
        project.run(&["build", "-o", "out"]).ends_with(0);
        let page = std::fs::read_to_string(project.path("out/fidelity/rego.md")).expect("it was written");
        let document = std::fs::read_to_string(project.path("out/fidelity/rego.json")).expect("it was written");
        (page, serde_json::from_str::<serde_json::Value>(&document).expect("it is JSON"))
    };
    let all = "records agent, identity, task, scope_approver, approvals, policy, revision, decision, inputs, limits, rollback, time";
    let said = |text: &str| {
        text.replace("\n  purposes ", "\n  valid 24h; binds action\n  purposes ")
            .replace("\n  keeps ", &format!("\n  {all}\n  keeps "))
    };
    let of = |document: &serde_json::Value, word: &str| -> Vec<serde_json::Value> {
        let clauses = document["clauses"].as_array().expect("it lists clauses");
        clauses.iter().filter(|said| said["clause"] == word).cloned().collect()
    };
    let (page, left_out) = built(&str::to_owned);
    // What holds is the same, so nobody has to approve anything again.
    let (_, written) = built(&said);
    assert_eq!(left_out["revision"], written["revision"]);
    let of_ledger = |document: &serde_json::Value| of(document, "records").first().cloned().expect("it is listed");
    assert_eq!(of_ledger(&written)["default"], serde_json::Value::Null);
    let default = of_ledger(&left_out);
    assert_eq!((&default["text"], &default["default"]), (&all.into(), &true.into()));
    assert_eq!(
        (&default["kind"], &default["status"]),
        (&"ledger".into(), &"impossible_here".into())
    );
    assert!(page.contains(&format!("- `{all}` (default) of `acme.")), "{page}");
    // A declaration has the line or its default, and no count leaves one out.
    for (word, kind) in [
        ("valid", "domain"),
        ("binds", "domain"),
        ("started_by", "task"),
        ("needs", "purpose"),
    ] {
        for document in [&written, &left_out] {
            let declared = of(document, kind).iter().filter(|said| said["kind"] == kind).count();
            let with: BTreeSet<String> = of(document, word).iter().map(|said| said["declaration"].to_string()).collect();
            assert!(declared > 0 && with.len() == declared, "{word}: {} of {declared}", with.len());
        }
    }
    assert!(of(&left_out, "valid").iter().all(|said| said["default"] == true));
    assert!(of(&left_out, "mutates").is_empty());
    let counted: u64 = written["counts"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, count)| count.as_u64())
        .sum();
    assert_eq!(counted, written["clauses"].as_array().map_or(0, Vec::len) as u64);
}

#[test]
fn a_clause_that_a_target_loses_stops_the_build_and_is_named_with_the_rules_that_ask_for_it() {
    let gaps: Vec<String> = (0..11)
        .map(|number| format!("(count <= {number} or count >= {})", number + 2))
        .collect();
    let tiers = format!(
        "  input count integer from 0 to 100\n  approve business and security when {}\n  approve business and security otherwise\n",
        gaps.join(" and ")
    );
    let example = repository().join("examples/customer-data");
    let mut project = Project::new();
    for name in ["agents.gov", "marketing.gov", "people.gov", "systems.gov", "workspace.gov"] {
        let text = std::fs::read_to_string(example.join(name)).expect("it is there");
        let (head, tail) = text.split_once("domain segments").unwrap_or((&text, ""));
        let middle = if tail.is_empty() { "" } else { "domain segments" };
        let tail = tail.replacen("  approve   business and security\n", &tiers, 1);
        project = project.file(name, &format!("{head}{middle}{tail}"));
    }
    let outcome = project.run(&["build", "-o", "out"]).ends_with(2);
    assert!(!project.path("out").exists());
    for said in [
        "error: Rego cannot say what the model says: group `acme.segments` is denied",
        "  lost: `approve business and security when (count <= 0 or count >= 2) and ",
        " of acme.segments, marketing.gov:",
        "  required by std.guidance: `require approvers 2 for mutates personal`, std/guidance.gov:9",
        "nothing is written",
    ] {
        assert!(outcome.error.contains(said), "{said}\n{outcome}");
    }
}
