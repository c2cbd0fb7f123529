//! The report as CSV and as a spreadsheet: the same rows as the JSON, nothing that a spreadsheet runs, the same bytes again.

use crate::examples::examples;
use crate::overlay::over_base;
use crate::project::{Project, TODAY, repository, run_in};
use crate::tools::{command, path_with};
use serde_json::Value;
use std::path::{Path, PathBuf};

const TABLES: [&str; 6] = ["controls", "findings", "domains", "agents", "people", "waivers"];

/// Prints a workbook as JSON: for each sheet its rows, each cell with its type.
const READER: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = lambda sheet: [[[cell.data_type, cell.value] for cell in row] for row in sheet.iter_rows()]
print(json.dumps({"created": str(book.properties.created), "sheets": {own.title: sheet(own) for own in book}}))
"#;

#[track_caller]
fn report(folder: &Path, out: &Path) {
    let out = out.to_string_lossy().into_owned();
    run_in(folder, TODAY, &["report", "--format", "json,csv,xlsx", "-o", &out]).ends_with(0);
}

#[track_caller]
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&text[..]);
    let each = reader
        .records()
        .map(|row| row.expect("it is CSV").iter().map(str::to_owned).collect());
    each.collect()
}

#[track_caller]
fn evidence(out: &Path) -> Value {
    let text = std::fs::read_to_string(out.join("evidence.json")).expect("it is written");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The sheets as another program reads them, if it is installed.
fn sheets(path: &Path) -> Option<Value> {
    let tools = path_with(&["openpyxl-python"], "reading a spreadsheet")?;
    let read = command("openpyxl-python", &tools)
        .args(["-c", READER])
        .arg(path)
        .output()
        .expect("the reader runs");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(serde_json::from_slice(&read.stdout).expect("the reader prints JSON"))
}

#[test]
fn every_table_has_the_rows_of_the_json() {
    for (name, folder) in examples(false).into_iter().chain(examples(true)) {
        let out = tempfile::tempdir().expect("a temporary folder can be made");
        let out = out.path().join("report");
        report(&folder, &out);
        let document = evidence(&out);
        let count = |key: &str| document[key].as_array().map_or(0, Vec::len);
        let controls = document["frameworks"].as_array().into_iter().flatten();
        let controls: usize = controls.map(|one| one["controls"].as_array().map_or(0, Vec::len)).sum();
        let sheets = sheets(&out.join("report.xlsx"));
        for table in TABLES {
            let rows = rows(&out.join(format!("{table}.csv")));
            let wanted = if table == "controls" { controls } else { count(table) };
            assert_eq!(rows.len(), wanted + 1, "{name}: {table}");
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{name}: {table}");
            if let Some(sheets) = &sheets {
                let sheet = sheets["sheets"][table].as_array().expect("there is a sheet for each table");
                assert_eq!(sheet.len(), rows.len(), "{name}: {table}");
                assert!(
                    sheets["created"].as_str().is_some_and(|created| created.starts_with(TODAY)),
                    "{name}"
                );
            }
        }
    }
}

/// A workspace in which titles are formulas, and the names of two owners together are longer than a cell.
fn hostile() -> Project {
    let long = "x".repeat(19_000);
    over_base(&format!(
        r#"
person zoe "=HYPERLINK(\"http://evil.example\",\"x\")" {{ title "+1+1"; accounts none; reports_to none }}
person yan "@SUM(1)" {{ title "-2, \"quoted\"\nand broken"; accounts none; reports_to none }}
person kim "＝1+1" {{ title "semicolons;=1+1"; accounts none; reports_to none }}
person maria "{long}" {{ title "Head of marketing"; accounts none; reports_to none }}
person sam "{long}" {{ title "Head of security"; accounts none; reports_to none }}
"#
    ))
}

#[test]
fn a_text_is_never_a_formula() {
    let project = hostile();
    report(&project.path(""), &project.path("out"));
    let people = rows(&project.path("out/people.csv"));
    let row = |id: &str| {
        people
            .iter()
            .find(|row| row[0] == id)
            .unwrap_or_else(|| panic!("{id} is not there"))
    };
    assert_eq!(row("acme.zoe")[1], "'=HYPERLINK(\"http://evil.example\",\"x\")");
    assert_eq!(row("acme.zoe")[2], "'+1+1");
    assert_eq!(row("acme.yan")[1], "'@SUM(1)");
    assert_eq!(row("acme.yan")[2], "'-2, \"quoted\"\nand broken");
    assert_eq!(row("acme.kim")[1], "'＝1+1", "the full-width sign is one too");
    let bytes = std::fs::read(project.path("out/people.csv")).expect("it is written");
    assert!(
        String::from_utf8_lossy(&bytes).contains("\"semicolons;=1+1\""),
        "a text is quoted, so that no reader splits it"
    );
    assert_eq!(row("acme.maria")[2], "Head of marketing", "other texts stay as they are");
    let domains = rows(&project.path("out/domains.csv"));
    assert!(domains[1][2].len() > 38_000, "CSV holds the whole text");
    let Some(sheets) = sheets(&project.path("out/report.xlsx")) else {
        return;
    };
    let people = sheets["sheets"]["people"].as_array().expect("there is a sheet");
    let cells = || people.iter().flat_map(|row| row.as_array().into_iter().flatten());
    assert!(cells().all(|cell| cell[0] != "f"), "a cell is a formula");
    let has = |text: &str| cells().any(|cell| cell[1] == text);
    assert!(has("=HYPERLINK(\"http://evil.example\",\"x\")") && has("@SUM(1)"));
    let domains = sheets["sheets"]["domains"].as_array().expect("there is a sheet");
    let owners = domains[1][2][1].as_str().expect("the owners are a text");
    assert!(owners.ends_with("x … (shortened: evidence.json has the whole text)") && owners.len() < 32_767);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = repository().join("examples/customer-data-gaps");
    let outs: Vec<tempfile::TempDir> = (0..2).map(|_| tempfile::tempdir().expect("a folder can be made")).collect();
    let written: Vec<PathBuf> = outs.iter().map(|out| out.path().join("report")).collect();
    written.iter().for_each(|out| report(&folder, out));
    for name in TABLES
        .map(|table| format!("{table}.csv"))
        .into_iter()
        .chain(["report.xlsx".to_owned()])
    {
        let bytes = |out: &PathBuf| std::fs::read(out.join(&name)).expect("it is written");
        assert_eq!(bytes(&written[0]), bytes(&written[1]), "{name}");
    }
}
