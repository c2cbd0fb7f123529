//! `decide` and the code of `docs/enforcement.md` refuse a request that two readers of JSON could read differently.

use crate::decide::{allowed, answers, decided};
use crate::project::repository;
use crate::readme::blocks;
use crate::tools::{command, path_with};
use serde_json::json;

/// Texts that are refused, made from one that is allowed, each with what names the field.
fn refused() -> Vec<(String, &'static str)> {
    let good = allowed().to_string();
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} stands in {good}");
        good.replacen(from, to, 1)
    };
    let records = |text: &str| {
        let from = allowed()["context"]["inputs"]["records"].to_string();
        with(&format!("\"records\":{from}"), &format!("\"records\":{text}"))
    };
    let mut all = vec![
        (with("\"now\":", "\"now\":5,\"now\":"), "`context.now` is given twice"),
        (with("\"now\":", "\"n\\u006fw\":5,\"now\":"), "`context.now` is given twice"),
        (with("\"now\":", "\"now\":5,\"\\u006eow\":"), "`context.now` is given twice"),
        (with("\"subject\":", "\"subject\":null,\"subject\":"), "`subject` is given twice"),
        (
            with("std.prelude.business\":{", "std.prelude.business\":{\"by\":\"acme.jo\","),
            "`context.approvals.\"acme.consent/std.prelude.business\".by` is given twice",
        ),
        (
            with("\"now\":", "\"via\":[{\"a\":1,\"a\":1}],\"now\":"),
            "`context.via[0].a` is given twice",
        ),
        (
            with("\"name\":\"", "\"name\":\"\\ud800"),
            "in `action.name`: a `\\u` escape there is half a character",
        ),
        (
            with("\"name\":\"", "\"name\":\"\\udc00"),
            "in `action.name`: a `\\u` escape there is half a character",
        ),
        (
            with("\"name\":\"", "\"name\":\"\\ud83d\\u0041"),
            "in `action.name`: a `\\u` escape there is half a character",
        ),
        (with("\"now\":", "\"\\ud800\":1,\"now\":"), "half a character"),
        (format!("{good} {{}}"), "there is text after the end of the request"),
        (format!("{good},"), "there is text after the end of the request"),
        (format!("\u{feff}{good}"), "byte order mark"),
        (format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)), "nested too deep"),
        (good[..good.len() - 1].to_owned(), "not valid JSON"),
    ];
    let fractions = [
        "1.0",
        "1.5",
        "1e3",
        "1E2",
        "1e0",
        "-0",
        "-0.0",
        "10000.0000000000000001",
        "-1e-400",
        "99999999999999999999",
    ];
    let beyond = [
        "9007199254740992",
        "9007199254740993",
        "-9007199254740992",
        "18446744073709551615",
        "-9223372036854775808",
    ];
    let not_json = [
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        "-01",
        "+1",
        ".5",
        "1.",
        "0x1",
        "1e999",
        "1_000",
        "--1",
    ];
    all.extend(fractions.map(|number| {
        (
            records(number),
            "`context.inputs.records` is not a whole number written in digits alone",
        )
    }));
    all.extend(beyond.map(|number| (records(number), "`context.inputs.records` is too large to be exact in every reader")));
    all.extend(not_json.map(|number| (records(number), "context.inputs")));
    all
}

/// Texts that are read: what is written otherwise and means the same, and what is no more than another request.
fn read() -> Vec<String> {
    let good = allowed().to_string();
    vec![
        good.clone(),
        format!(" \t{good}  "),
        good.replacen("\"now\"", "\"n\\u006fw\"", 1),
        good.replacen("\"write.update\"", "\"write\\u002eupdate\"", 1),
        good.replace(',', " , ")
            .replace(':', " : ")
            .replace("spiffe : ", "spiffe:")
            .replace("sha256 : ", "sha256:"),
    ]
}

#[test]
fn what_could_be_read_in_two_ways_is_malformed() {
    let refused = refused();
    let text: String = refused.iter().map(|(line, _)| format!("{line}\n")).collect();
    let outcome = decided(&text, &[]).ends_with(2);
    let given = answers(&outcome);
    assert_eq!(given.len(), refused.len());
    for ((line, names), answer) in refused.iter().zip(&given) {
        assert_eq!(answer["decision"], false, "{line}");
        assert_eq!(answer["context"]["reasons"], json!(["malformed"]), "{line}");
        let error = answer["context"]["error"].as_str().unwrap_or_default();
        assert!(error.contains(names), "{names}\n{error}\n{line}");
    }
    // The text for people names the field as well.
    let outcome = decided(&text, &["--format", "human"]).ends_with(2);
    for ((_, names), said) in refused.iter().zip(outcome.out.lines()) {
        assert!(said.contains(names), "{names}\n{said}");
    }
}

#[test]
fn what_can_be_read_in_one_way_only_is_decided() {
    let text: String = read().iter().map(|line| format!("{line}\n")).collect();
    let outcome = decided(&text, &[]).ends_with(0);
    assert!(answers(&outcome).iter().all(|answer| answer["decision"] == true), "{outcome}");
    // The largest numbers are read, and are over a limit.
    let largest = allowed()
        .to_string()
        .replacen("\"records\":", "\"records\":9007199254740991,\"x\":", 1);
    let answer = &answers(&decided(&format!("{largest}\n"), &[]).ends_with(0))[0];
    assert_eq!(answer["decision"], false, "a field that nobody knows is another shape: {answer}");
}

/// An enforcement point that reads by the lines of the page refuses the same texts.
#[test]
fn the_lines_of_the_page_refuse_the_same() {
    let Some(path) = path_with(&["python3"], "reading requests strictly") else {
        return;
    };
    let page = std::fs::read_to_string(repository().join("docs/enforcement.md")).expect("there is the page");
    let lines = blocks(&page, "python").into_iter().map(|lines| lines.join("\n"));
    let reader = lines.filter(|block| block.contains("def read(body)")).collect::<Vec<_>>().concat();
    let drive = "
import sys
texts = json.load(open(sys.argv[1]))
for text in texts['read']:
    read(text.encode())
for text in texts['refused'] + ['\\u00e9']:
    try:
        read(text.encode('utf-8') if text != '\\u00e9' else b'\"\\xe9\"')
    except ValueError:
        continue
    print('read:', text)
print('done')
";
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let texts = folder.path().join("texts.json");
    let refused: Vec<String> = refused().into_iter().map(|(text, _)| text).collect();
    std::fs::write(&texts, json!({ "read": read(), "refused": refused }).to_string()).expect("it can be written");
    let output = command("python3", &path)
        .args(["-c", &format!("{reader}\n{drive}")])
        .arg(&texts)
        .output()
        .expect("it starts");
    let [out, error] = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert_eq!(out.trim(), "done", "{out}\n{error}");
}
