//! Tests what is written: the same bytes every time, no name in the module, and no loss without an error.

use crate::emit::answer::Answer;
use crate::emit::policy::{Policy, Quorum};
use crate::emit::reason::Reason;
use crate::emit::rego::tests::fixture::{Machines, consent_request, domain, group, policy, request, seat, tier};
use crate::emit::rego::{Engine, bundle, emit};
use flate2::read::GzDecoder;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::io::Read;
use tar::Archive;

#[test]
fn bundles_are_the_same_bytes() {
    let rego = emit(&policy());
    let packed = bundle(&rego).expect("a bundle");
    assert_eq!(packed, bundle(&emit(&policy())).expect("a bundle"));
    let mut archive = Archive::new(GzDecoder::new(packed.as_slice()));
    let mut files = Vec::new();
    for entry in archive.entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let header = entry.header().clone();
        assert_eq!(
            (header.mtime().ok(), header.uid().ok(), header.gid().ok(), header.mode().ok()),
            (Some(0), Some(0), Some(0), Some(0o644))
        );
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("text");
        files.push((entry.path().expect("a path").display().to_string(), content));
    }
    assert_eq!(files, rego.files().map(|(name, content)| (name.to_owned(), content)));
}

#[test]
fn hostile_names_reach_the_data_only() {
    let hostile = [
        "\"\n}\nallow := true\n# ",
        "</script><b>",
        "{{x}} \\u0000 ${y} `z`",
        "a/b/2",
        "\u{202e}\u{0}",
        "",
    ];
    for name in hostile {
        let mut policy = policy();
        let mut strange = domain(vec![tier(None, Quorum::Seat(2, name.to_owned()))]);
        strange.title = name.to_owned();
        strange.source = name.to_owned();
        let people = strange.seats["business"].clone();
        strange.seats = [(name.to_owned(), people)].into();
        policy.domains.insert(name.to_owned(), strange);
        policy.groups = vec![group(&[name], name, name)];
        policy
            .tasks
            .values_mut()
            .for_each(|task| task.scope = [(name.to_owned(), [name.to_owned()].into())].into());
        assert_eq!(emit(&policy).module, emit(&Policy::default()).module);
        let machines = Machines::new(&policy);
        let (first, second) = (format!("{name}/{name}"), format!("{name}/{name}/2"));
        machines.expect(name, &request(name, name, &[(&first, "maria"), (&second, "max")]), "allow");
        machines.expect(name, &request(name, name, &[(&first, "maria")]), "missing");
    }
}

#[test]
fn an_empty_policy_refuses_everything() {
    let machines = Machines::new(&Policy::default());
    machines.expect("nothing is known", &consent_request(), "malformed");
    machines.expect(
        "nothing is governed",
        &request("write.update", "ads/budget", &[]),
        "credential out_of_scope stale_policy",
    );
}

#[test]
fn an_operation_in_two_groups_is_refused() {
    let mut policy = policy();
    policy.groups.push(group(&["solo"], "write.update", "ads/budget"));
    let approvals = [("budget/business", "maria"), ("budget/security", "sol")];
    Machines::new(&policy).expect("claimed twice", &request("write.update", "ads/budget", &approvals), "out_of_scope");
}

#[test]
fn a_group_that_nothing_governs_is_refused() {
    let mut policy = policy();
    policy.groups = vec![
        group(&[], "write.update", "ads/budget"),
        group(&["gone"], "write.create", "crm/note"),
    ];
    let rego = emit(&policy);
    let sentences: Vec<String> = rego.losses.iter().map(ToString::to_string).collect();
    assert_eq!(
        sentences,
        [
            "group `` is denied: no domain governs it",
            "group `gone` is denied: domain `gone` is not there"
        ]
    );
    let engine = Engine::new(&rego).expect("it loads");
    for (action, resource) in [("write.update", "ads/budget"), ("write.create", "crm/note")] {
        let answer = engine.decide(&request(action, resource, &[])).answer;
        assert_eq!(answer, Answer::no(Reason::OutOfScope));
    }
}

#[test]
fn too_many_choices_are_denied_and_said() {
    let mut policy = policy();
    let names: Vec<String> = (0..5).map(|number| format!("d{number}")).collect();
    for name in &names {
        let functions = ["business", "security", "privacy", "legal", "risk", "data"].map(seat);
        policy
            .domains
            .insert(name.clone(), domain(vec![tier(None, Quorum::Threshold(1, functions.into()))]));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    policy.groups = vec![
        group(&names, "write.update", "ads/budget"),
        group(&names[..4], "write.create", "crm/note"),
    ];
    let rego = emit(&policy);
    assert_eq!(rego.losses.len(), 1, "{:?}", rego.losses);
    assert!(rego.losses[0].sentence.contains("7776"), "{:?}", rego.losses);
}

#[test]
fn many_threads_ask_one_engine() {
    let engine = Engine::new(&emit(&policy())).expect("it loads");
    let (good, bad) = (consent_request(), request("write.update", "ads/budget", &[]));
    let right = (0..400)
        .into_par_iter()
        .filter(|number| engine.decide(if number % 2 == 0 { &good } else { &bad }).answer.allow == (number % 2 == 0));
    assert_eq!(right.count(), 400);
}

/// Next to `==`, Open Policy Agent reads the whole object of a look-up, so the time for a decision would grow with
/// the number of agents.
#[test]
fn nothing_looked_up_in_data_stands_beside_an_equals_sign() {
    let rego = emit(&policy());
    let lines = [&rego.module, &rego.reasons].map(|text| text.lines());
    let looked_up = |line: &&str| line.contains("data.quorate.") && line.contains('[') && !line.starts_with('#');
    let found: Vec<&str> = lines.into_iter().flatten().filter(looked_up).collect();
    assert!(found.len() > 8, "{found:#?}");
    for line in found {
        assert!(!line.contains("=="), "{line}");
    }
}
