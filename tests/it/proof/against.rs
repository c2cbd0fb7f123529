//! `quorate prove --against`: whether a rebuilt set allows anything that the earlier one refused.

use crate::project::{Outcome, Project, TODAY, files_below, repository, run_in};
use crate::tools::path_with;
use quorate::prove::against::data::wider;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const EXAMPLE: &str = "single-provider";

/// The example with texts in the place of others, and without its own tests, which hold on to what is changed here.
fn edited(edits: &[(&str, &str)]) -> Project {
    let folder = repository().join("examples").join(EXAMPLE);
    let mut project = Project::new();
    let mut found = 0;
    for path in files_below(&folder).into_iter().filter(|path| !path.ends_with("tests.gov")) {
        let name = path.strip_prefix(&folder).expect("it is below").to_string_lossy().into_owned();
        let mut text = std::fs::read_to_string(&path).expect("it is text");
        for (from, to) in edits {
            found += text.matches(from).count();
            text = text.replace(from, to);
        }
        project = project.file(&name, &text);
    }
    assert_eq!(found, edits.len(), "each of {edits:?} stands there once");
    project
}

fn built(project: &Project, out: &Path) {
    let out = out.to_string_lossy();
    project.run(&["build", ".", "-o", &out]).ends_with(0);
}

fn held(project: &Project, earlier: &Path, options: &[&str]) -> Option<Outcome> {
    let path = path_with(&["cvc5"], "a proof against an earlier build")?;
    let output = Command::new(env!("CARGO_BIN_EXE_quorate"))
        .current_dir(project.path("."))
        .args(["--as-of", TODAY, "--color", "never", "prove", ".", "--against"])
        .arg(earlier)
        .args(options)
        .env("PATH", path)
        .env_remove("CVC5")
        .output()
        .expect("the binary starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    Some(Outcome {
        out: text(output.stdout),
        error: text(output.stderr),
        code: output.status.code(),
    })
}

/// Each edit widens what is allowed, and its reverse narrows it. The command reports the first, and proves that the second widens nothing.
#[test]
fn a_wider_policy_is_told_and_a_narrower_one_is_not() {
    let original = edited(&[]);
    let before = tempfile::tempdir().expect("a folder");
    built(&original, before.path());
    let Some(same) = held(&original, before.path(), &[]) else {
        return;
    };
    let same = same.ends_with(0);
    assert_eq!(same.out.matches("proved     ").count(), 4, "{same}");
    assert!(same.error.contains("compared with the earlier build only"), "{same}");
    let quorum = |functions: &str| format!("  approve {functions}\n  purposes data_upkeep; ");
    let (two, three) = (quorum("business and security"), quorum("business and security and privacy"));
    let seat = |owner: &str| format!("  owner   business rosa deputy timo\n  owner   security {owner}\n");
    let (deputy, alone) = (seat("ulla deputy viggo"), seat("ulla"));
    for (edits, sentence) in [
        (
            vec![
                (two.as_str(), three.as_str()),
                ("business rosa, security ulla on", "business rosa, privacy wanda, security ulla on"),
            ],
            "although privacy has not approved for Policyholder data (approvals: `std.prelude.business` from person 1",
        ),
        (
            vec![("  purposes data_upkeep; ", "  valid 12h\n  purposes data_upkeep; ")],
            "for Policyholder data",
        ),
        (
            vec![("  purposes claim_handling, data_upkeep; ", "  purposes claim_handling; ")],
            "Notes on claims",
        ),
        (
            vec![(deputy.as_str(), alone.as_str())],
            "`alder.viggo` may approve as `std.prelude.security` of `alder.policyholders` at any time, and could not",
        ),
    ] {
        let narrower = edited(&edits);
        let folder = tempfile::tempdir().expect("a folder");
        built(&narrower, folder.path());
        let wider = held(&original, folder.path(), &[]).expect("the solver is there").ends_with(1);
        assert!(wider.out.contains(sentence), "{edits:?}\n{wider}");
        assert_eq!(wider.out.matches("refuted ").count(), 1, "{edits:?}\n{wider}");
        held(&narrower, before.path(), &[]).expect("the solver is there").ends_with(0);
    }
    // Data that no earlier permit was about: the last permit is left out.
    let policies = before.path().join("cedar/policies.cedar");
    let text = std::fs::read_to_string(&policies).expect("it is text");
    let last = text.rfind("@id(").expect("there are permits");
    std::fs::write(&policies, &text[..last]).expect("it can be written");
    let json = held(&original, before.path(), &["--format", "json"])
        .expect("the solver is there")
        .ends_with(1);
    let proof: Value = serde_json::from_str(&json.out).unwrap_or_else(|error| panic!("no JSON ({error}):\n{json}"));
    assert_eq!(proof["against"].as_object().map(serde_json::Map::len), Some(4), "{json}");
    assert!(
        json.out.contains("may be allowed now; no permit of the earlier build was about it"),
        "{json}"
    );
    assert_eq!(json.out.matches("\"refuted\"").count(), 1, "{json}");
}

#[test]
fn a_folder_that_is_no_build_is_named_with_all_that_it_lacks() {
    let original = edited(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let Some(outcome) = held(&original, folder.path(), &[]) else {
        return;
    };
    let outcome = outcome.ends_with(2);
    for name in ["schema.cedarschema", "policies.cedar", "explain.cedar", "entities.json"] {
        assert!(outcome.error.contains(name), "{outcome}");
    }
    built(&original, folder.path());
    std::fs::write(folder.path().join("cedar/entities.json"), "[{}]").expect("it can be written");
    let outcome = held(&original, folder.path(), &[]).expect("the solver is there").ends_with(2);
    assert!(outcome.error.contains("a Cedar entity has not both a type and an id"), "{outcome}");
}

/// The emitted data of an example, entity by entity.
fn entities(example: &str) -> Vec<Value> {
    let out = tempfile::tempdir().expect("a folder");
    let name = out.path().to_string_lossy().into_owned();
    run_in(repository(), TODAY, &["build", &format!("examples/{example}"), "-o", &name]).ends_with(0);
    let text = std::fs::read_to_string(out.path().join("cedar/entities.json")).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Everything narrower that one thing in the data can be.
fn narrower(entity: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut with = |pointer: String, value: Value| {
        let mut changed = entity.clone();
        *changed.pointer_mut(&pointer).expect("it is there") = value;
        all.push(changed);
    };
    walk(entity, "", &mut |pointer, value| {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        match (value, name) {
            (_, "source" | "governed" | "human" | "id" | "type") => {}
            (Value::Number(number), "starts") => with(pointer.to_owned(), json!(number.as_i64().expect("whole") + 86_400)),
            (Value::Number(number), _) => with(pointer.to_owned(), json!(number.as_i64().expect("whole") - 1)),
            (Value::Bool(true), "anybody") => with(pointer.to_owned(), json!(false)),
            (Value::Bool(truth), "acts_for") => with(pointer.to_owned(), json!(!truth)),
            (Value::String(_), "purpose") => with(pointer.to_owned(), json!("another")),
            (Value::Array(list), _) if name != "parents" => {
                for at in 0..list.len() {
                    let mut fewer = list.clone();
                    fewer.remove(at);
                    with(pointer.to_owned(), Value::Array(fewer));
                }
            }
            (Value::Object(fields), "tags") => {
                for tag in fields.keys().filter(|tag| !tag.contains(" until ")) {
                    let mut fewer = fields.clone();
                    fewer.remove(tag);
                    with(pointer.to_owned(), Value::Object(fewer));
                }
            }
            _ => {}
        }
    });
    all
}

fn walk(value: &Value, pointer: &str, visit: &mut impl FnMut(&str, &Value)) {
    // A set counts as one thing, and what an asset is governed by decides nothing.
    if pointer.ends_with("/governed") {
        return;
    }
    visit(pointer, value);
    if let Value::Object(fields) = value {
        for (name, inner) in fields {
            let name = name.replace('~', "~0").replace('/', "~1");
            walk(inner, &format!("{pointer}/{name}"), visit);
        }
    }
}

/// If one thing in the earlier data was narrower, the command reports it. If it was wider, the command does not.
#[test]
fn everything_that_the_data_hold_counts() {
    let today = entities("customer-data");
    let text = |entities: &[Value]| serde_json::to_string(entities).expect("it is JSON");
    let all = text(&today);
    assert_eq!(wider(&all, &all), Ok(Vec::new()));
    let mut tried = 0;
    for (at, entity) in today.iter().enumerate() {
        let mut earlier = today.clone();
        for changed in narrower(entity) {
            earlier[at] = changed.clone();
            let earlier = text(&earlier);
            let told = wider(&all, &earlier).expect("they can be read");
            assert!(!told.is_empty(), "{entity}\nwas narrower, which is not told:\n{changed}");
            let back = wider(&earlier, &all).expect("they can be read");
            // Acting for somebody and for nobody are neither wider, and another purpose is another.
            let other =
                changed["attrs"]["acts_for"] != entity["attrs"]["acts_for"] || changed["attrs"]["purpose"] != entity["attrs"]["purpose"];
            assert_eq!(back.is_empty(), !other, "{entity}\nwas wider:\n{changed}\n{back:?}");
            tried += 1;
        }
        if entity["uid"]["type"] != "Gov::Asset" {
            let mut without = today.clone();
            without.remove(at);
            let told = wider(&all, &text(&without)).expect("they can be read");
            assert!(!told.is_empty(), "it was not there, which is not told:\n{entity}");
        }
    }
    assert!(tried > 150, "{tried}");
}

/// Two entries of one human that are two humans now, and an account that is nobody's now.
#[test]
fn humans_that_part_are_told() {
    let entity = |kind: &str, id: &str, attributes: Value, tags: Value| json!({ "uid": { "type": kind, "id": id }, "attrs": attributes, "parents": [], "tags": tags });
    let person = |id: &str, human: &str| {
        entity(
            "Gov::Person",
            id,
            json!({ "human": human, "starts": 0, "ends": 9, "bounds": [] }),
            json!({}),
        )
    };
    let agent = |human: Value| {
        entity(
            "Gov::Agent",
            "bot",
            json!({ "acts_for": false, "source": "agents.gov" }),
            json!({ "key": { "ttl": 1, "human": human } }),
        )
    };
    let of = |parts: [Value; 3]| Value::Array(parts.into()).to_string();
    let one = of([person("ada", "x"), person("ben", "x"), agent(json!("x"))]);
    let renamed = of([person("ada", "y"), person("ben", "y"), agent(json!("y"))]);
    let two = of([person("ada", "ada"), person("ben", "ben"), agent(json!("ada"))]);
    assert_eq!(wider(&renamed, &one), Ok(Vec::new()));
    assert_eq!(wider(&one, &two), Ok(Vec::new()), "two that become one are not wider");
    assert_eq!(
        wider(&two, &one),
        Ok(vec![
            "`bot` appears as `key`, which does not count as the account of `x` any more".to_owned(),
            "`ada` and `ben` counted as one human before, and do not now".to_owned(),
        ])
    );
}

/// A seat whose time is cut in two does not become wider; a seat with one more day does.
#[test]
fn times_are_compared_as_times() {
    let day = 86_400;
    let person = |tags: Value| {
        json!([{ "uid": { "type": "Gov::Person", "id": "ada" }, "attrs": { "human": "ada", "starts": 0, "ends": 9 * day, "bounds": [] }, "tags": tags }]).to_string()
    };
    let one = person(json!({ "d/f": { "starts": 0, "ends": 4 * day } }));
    let two = person(json!({ "d/f": { "starts": 0, "ends": 2 * day }, "d/f#2": { "starts": 2 * day, "ends": 4 * day } }));
    let more = person(json!({ "d/f": { "starts": 0, "ends": 2 * day }, "d/f#2": { "starts": 2 * day, "ends": 5 * day } }));
    assert_eq!(wider(&two, &one), Ok(Vec::new()));
    assert_eq!(wider(&one, &two), Ok(Vec::new()));
    assert_eq!(
        wider(&more, &one),
        Ok(vec![
            "`ada` may approve as `f` of `d` from 1970-01-05 until before 1970-01-06, and could not before".to_owned()
        ])
    );
}

/// What this version never writes is refused, since nobody can say what it allows.
#[test]
fn data_that_this_version_does_not_know_are_refused() {
    let mut all = entities("customer-data");
    let others = entities("delegated-access").into_iter();
    all.extend(others.filter(|entity| entity["uid"]["type"] == "Gov::Delegation"));
    let text = |entities: &[Value]| serde_json::to_string(entities).expect("it is JSON");
    let whole = text(&all);
    assert_eq!(wider(&whole, &whole), Ok(Vec::new()));
    let mut tried = std::collections::BTreeSet::new();
    for (at, entity) in all.iter().enumerate() {
        let kind = entity["uid"]["type"].as_str().expect("it has a kind").to_owned();
        if !tried.insert(kind.clone()) {
            continue;
        }
        let mut strange: Vec<(String, Value)> = vec![
            ("uid/type".to_owned(), json!("Gov::Stranger")),
            ("more".to_owned(), json!(1)),
            ("attrs/more".to_owned(), json!(true)),
            ("parents".to_owned(), json!([{ "type": kind, "id": "another" }])),
            ("tags".to_owned(), json!({ "strange": { "starts": "early", "ends": 0 } })),
        ];
        let attributes = entity["attrs"].as_object().expect("it has attributes");
        strange.extend(attributes.keys().flat_map(|name| {
            let path = format!("attrs/{name}");
            [(path.clone(), json!(null)), (path, json!({ "strange": {} }))]
        }));
        for (path, value) in strange {
            let mut changed = all.clone();
            let names: Vec<&str> = path.split('/').collect();
            let last = names.iter().fold(&mut changed[at], |inner, name| &mut inner[*name]);
            *last = value;
            let changed = text(&changed);
            assert!(wider(&whole, &changed).is_err(), "{kind}: {path}");
            assert!(wider(&changed, &whole).is_err(), "{kind}: {path}");
        }
        let mut twice = all.clone();
        twice.push(entity.clone());
        assert!(wider(&whole, &text(&twice)).is_err_and(|error| error.contains("is there twice")));
    }
    assert_eq!(tried.len(), 7, "{tried:?}");
}
