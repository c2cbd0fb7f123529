//! Every JSON that is written is as its published schema says, and holds nothing that the schema does not name.

use crate::examples::examples;
use crate::outputs::broken;
use crate::overlay::over_base;
use crate::project::{Project, TODAY, files_below, repository, run_in};
use jsonschema::Validator;
use quorate::prove::proof::{Example, Kind, Proof, Shown, Verdict};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The schemas by their names.
struct Schemas {
    each: BTreeMap<String, Validator>,
}

impl Schemas {
    fn read() -> Schemas {
        // One refers to another by its name.
        let findings = schema("findings");
        let registry = jsonschema::Registry::new().add("urn:quorate:schema:findings", findings);
        let registry = registry.and_then(|registry| registry.prepare()).expect("it is a schema");
        let one = |name: String| {
            let schema = schema(&name);
            assert!(jsonschema::meta::is_valid(&schema), "{name} is not a schema");
            let options = jsonschema::draft202012::options().with_registry(&registry);
            let validator = options.build(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, validator)
        };
        Schemas {
            each: names().into_iter().map(one).collect(),
        }
    }

    #[track_caller]
    fn holds(&self, name: &str, document: &Value, what: &str) {
        let faults: Vec<String> = self.each[name]
            .iter_errors(document)
            .take(3)
            .map(|error| format!("{}: {:.300}", error.instance_path(), error.to_string()))
            .collect();
        assert!(faults.is_empty(), "{what} is not as {name} says:\n{}", faults.join("\n"));
    }

    /// The files of a folder that was written, each by the schema it names.
    #[track_caller]
    fn folder(&self, folder: &Path, what: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        for file in files_below(folder) {
            let path = file
                .strip_prefix(folder)
                .expect("it is in the folder")
                .to_string_lossy()
                .into_owned();
            let text = || std::fs::read_to_string(&file).expect("it is text");
            if path.ends_with(".jsonl") {
                for line in text().lines() {
                    self.holds("vector", &parsed(line), what);
                }
                seen.insert("vector".to_owned());
            }
            let Some(document) = path.ends_with(".json").then(|| parsed(&text())) else {
                continue;
            };
            // What belongs to the policies of an engine has no schema here.
            match document["schema"].as_str().and_then(|schema| schema.split('/').nth(1)) {
                Some(name) if self.each.contains_key(name) => {
                    self.holds(name, &document, &format!("{what}: {path}"));
                    seen.insert(name.to_owned());
                }
                Some(_) | None => assert!(
                    path.starts_with("cedar/") || path.starts_with("rego/"),
                    "{what}: {path} names no schema that there is"
                ),
            }
        }
        seen
    }
}

fn schema(name: &str) -> Value {
    let text = std::fs::read_to_string(repository().join(format!("docs/schemas/{name}.schema.json"))).expect("it is readable");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn names() -> Vec<String> {
    let files = files_below(&repository().join("docs/schemas"));
    let names = files
        .iter()
        .filter_map(|file| file.file_name()?.to_str()?.strip_suffix(".schema.json").map(str::to_owned));
    names.collect()
}

#[track_caller]
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON ({error}):\n{text:.400}"))
}

fn all() -> Vec<(String, std::path::PathBuf)> {
    examples(false).into_iter().chain(examples(true)).collect()
}

#[test]
fn each_schema_names_itself_and_stands_in_the_list() {
    let list = std::fs::read_to_string(repository().join("docs/schemas/README.md")).expect("there is a list");
    let schemas = Schemas::read();
    for name in schemas.each.keys() {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], format!("urn:quorate:schema:{name}"));
        assert_eq!(schema["additionalProperties"], false, "{name}");
        assert!(list.contains(&format!("({name}.schema.json)")), "{name} is not in the list");
    }
}

#[test]
fn a_finding_has_one_shape_in_every_schema() {
    let definitions = |name: &str| schema(name)["$defs"].clone();
    let own = definitions("findings");
    for name in ["evidence", "tests"] {
        let mut other = definitions(name);
        // In a report, findings have numbers.
        if let Some(properties) = other["finding"]["properties"].as_object_mut() {
            properties.shift_remove("number");
        }
        if let Some(required) = other["finding"]["required"].as_array_mut() {
            required.retain(|key| key != "number");
        }
        for part in ["finding", "witness", "related", "step", "decision", "operations", "level"] {
            assert!(own[part].is_object(), "{part}");
            assert_eq!(other[part], own[part], "{part} in {name}");
        }
    }
}

#[test]
fn what_commands_write_is_as_the_schemas_say() {
    let schemas = Schemas::read();
    all().par_iter().for_each(|(name, folder)| {
        for (schema, arguments) in [
            ("findings", vec!["check", "--format", "json"]),
            ("model", vec!["model"]),
            ("diff", vec!["diff", ".", "--format", "json"]),
            (
                "diff",
                vec!["diff", ".", "../customer-data-gaps", "--prove=never", "--format", "json"],
            ),
            ("tests", vec!["test", "--format", "json"]),
        ] {
            schemas.holds(schema, &parsed(&run_in(folder, TODAY, &arguments).out), name);
        }
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        let written = out.path().join("report");
        run_in(folder, TODAY, &["report", "-o", &written.to_string_lossy()]).ends_with(0);
        let seen = schemas.folder(&written, name);
        assert!(seen.contains("manifest") && seen.contains("evidence"), "{name}: {seen:?}");
    });
}

#[test]
fn what_a_build_writes_is_as_the_schemas_say() {
    let schemas = Schemas::read();
    for (name, folder) in examples(false) {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        let written = out.path().join("build");
        run_in(&folder, TODAY, &["build", "--hosted", "-o", &written.to_string_lossy()]).ends_with(0);
        let seen = schemas.folder(&written, &name);
        let wanted = ["evidence", "fidelity", "hosted", "manifest", "model", "people", "tools", "vector"];
        assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), wanted, "{name}");
        let vectors = std::fs::read_to_string(written.join("requests/vectors.jsonl")).expect("it is there");
        requests(&schemas, &name, &folder, &vectors);
    }
}

/// What is well formed is as the schema of requests says, and every answer as that of answers.
fn requests(schemas: &Schemas, name: &str, folder: &Path, vectors: &str) {
    let mut lines = String::new();
    for line in vectors.lines() {
        let vector = parsed(line);
        let malformed = vector["denials"].to_string().contains("malformed");
        if !malformed {
            schemas.holds("request", &vector["request"], name);
        }
        lines.push_str(&format!("{}\n", vector["request"]));
    }
    lines.push_str("no request\n");
    let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    std::fs::write(file.path(), lines).expect("it can be written");
    let path = file.path().to_string_lossy().into_owned();
    for more in [&["--explain"][..], &[]] {
        let arguments = [&["decide", ".", &path, "--engine", "model"][..], more].concat();
        let outcome = run_in(folder, TODAY, &arguments);
        assert_eq!(
            outcome.out.lines().count(),
            vectors.lines().count() + 1,
            "{name}: {}",
            outcome.error
        );
        for answer in outcome.out.lines() {
            schemas.holds("answer", &parsed(answer), name);
        }
    }
}

#[test]
fn what_is_broken_and_what_is_found_is_as_the_schemas_say() {
    let schemas = Schemas::read();
    let text = &broken().sources.files.last().expect("there is a file").text.clone();
    for project in [Project::of(text), Project::new()] {
        let outcome = project.run(&["check", "--format", "json"]).ends_with(2);
        schemas.holds("findings", &parsed(&outcome.out), "a broken workspace");
    }
    crate::corpus::blocks().par_iter().for_each(|block| {
        let project = over_base(block);
        schemas.holds("findings", &project.findings().document, block);
        schemas.holds("model", &parsed(&project.run(&["model"]).out), block);
    });
}

#[test]
fn what_is_found_in_several_workspaces_is_as_the_schema_says() {
    let schemas = Schemas::read();
    let examples: Vec<String> = all().into_iter().map(|(name, _)| name).collect();
    let every = run_in(&repository().join("examples"), TODAY, &["check", "--format", "json"]).ends_with(1);
    let document = parsed(&every.out);
    schemas.holds("findings-of-several", &document, "every example");
    assert_eq!(document["workspaces"].as_array().map(Vec::len), Some(examples.len()));
    // A workspace that cannot be read stands among the others.
    let one = Project::new()
        .file("a/main.gov", "workspace a \"A\" {}\n")
        .file("b/main.gov", "nonsense\n");
    let mut document = parsed(&one.run(&["check", "a", "b", "--format", "json"]).ends_with(2).out);
    schemas.holds("findings-of-several", &document, "one that cannot be read");
    assert_eq!(document["workspaces"][1]["checked"], false);
    document["workspaces"][1]["surprise"] = true.into();
    assert!(
        !schemas.each["findings-of-several"].is_valid(&document),
        "the schema lets through what it does not name"
    );
}

#[test]
fn what_nobody_would_notice_is_as_the_schema_says() {
    let schemas = Schemas::read();
    let (name, folder) = &examples(false)[0];
    let outcome = run_in(folder, TODAY, &["test", "--mutate", "--format", "json"]);
    schemas.holds("mutation", &parsed(&outcome.out), name);
}

#[test]
fn a_proof_is_as_the_schema_says() {
    let schemas = Schemas::read();
    let shown = |kind, verdict| Shown {
        kind,
        of: "g1".to_owned(),
        domains: vec!["acme.consent".to_owned()],
        actions: vec!["write.update".to_owned()],
        questions: 3,
        verdict,
    };
    let example = Example {
        action: "write.update".to_owned(),
        sentence: "anybody may".to_owned(),
        lacking: vec!["missing".to_owned()],
    };
    let files = BTreeMap::from([("policies.cedar".to_owned(), "sha256:0".to_owned())]);
    let proof = Proof {
        schema: "quorate/proof/1",
        workspace: "acme".to_owned(),
        revision: "sha256:0".to_owned(),
        domains: vec!["acme.consent".to_owned()],
        files: files.clone(),
        against: files,
        solver: "cvc5 1".to_owned(),
        shown: vec![
            shown(Kind::Required, Verdict::Proved),
            shown(Kind::Within, Verdict::Refuted { examples: vec![example] }),
            shown(
                Kind::NeverErrs,
                Verdict::NotProved {
                    because: vec!["no answer in time".to_owned()],
                },
            ),
        ],
    };
    let mut document = serde_json::to_value(&proof).expect("it is JSON");
    schemas.holds("proof", &document, "a proof");
    document["surprise"] = true.into();
    assert!(
        !schemas.each["proof"].is_valid(&document),
        "the schema lets through what it does not name"
    );
}
