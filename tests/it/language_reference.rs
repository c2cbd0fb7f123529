//! The language reference: the vocabulary, with the prose of `docs/language/` around it.

use crate::golden;
use crate::project::Project;
use quorate::checks::ALL;
use quorate::diagnostic::catalogue;
use quorate::emit::fidelity::table::{Carried, carried};
use quorate::source::FileId;
use quorate::syntax::pattern::{Pattern, Slot};
use quorate::syntax::vocabulary::{self, Absence, Clause, Kind, Place, Times, clauses};
use std::collections::BTreeSet;

#[test]
fn the_reference_is_the_vocabulary() {
    golden::compare("docs/language.md", &reference());
}

#[test]
fn every_page_of_prose_has_its_place() {
    let mut known: BTreeSet<String> = kinds().into_iter().map(|(kind, _)| kind.word().to_owned()).collect();
    known.extend(["introduction", "left_out", "reading", "formatting"].map(str::to_owned));
    let pages = std::fs::read_dir(golden::path("docs/language")).expect("the prose is there");
    for page in pages {
        let name = page.expect("the folder can be read").file_name().to_string_lossy().into_owned();
        let stem = name.strip_suffix(".md").unwrap_or(&name);
        assert!(known.contains(stem), "docs/language/{name} belongs to no kind of declaration");
    }
}

#[test]
fn every_example_of_the_reference_can_be_read() {
    let reference = reference();
    let blocks = reference.split("```gov\n").skip(1).filter_map(|rest| rest.split_once("```"));
    for (text, _) in blocks {
        let (_, errors) = quorate::syntax::parse(FileId(0), text);
        let said: Vec<String> = errors.into_iter().map(|error| error.message).collect();
        assert!(said.is_empty(), "{said:?} in\n{text}");
    }
}

#[test]
fn the_example_of_the_canonical_form_stays_as_it_is() {
    let page = prose("formatting");
    let blocks: Vec<&str> = page
        .split("```gov\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(text, _)| text)
        .collect();
    assert_eq!(blocks.len(), 1);
    let project = Project::of(blocks[0]);
    let outcome = project.run(&["fmt", "--diff"]).ends_with(0);
    assert_eq!(outcome.out, "", "{outcome}");
    // Windows line ends, needless semicolons and spaces go; what shares a line still does.
    let spoiled = blocks[0].replace("; ", " ;").replace("\n  ", ";;\r\n\t").replace("{;;", "{");
    let project = Project::of(&spoiled);
    project.run(&["fmt"]).ends_with(0);
    let written = std::fs::read_to_string(project.path("main.gov")).expect("the file is there");
    assert_eq!(written, blocks[0]);
}

fn reference() -> String {
    let left_out = prose("left_out").replace("<!-- defaults -->\n", &defaults());
    let mut out = prose("introduction") + "\n" + &left_out + "\n" + &prose("reading");
    out.push_str("\n### A file\n\n");
    table(&mut out, clauses(Place::File));
    for (kind, text) in kinds() {
        out.push_str(&format!("\n### {}\n\n{text}\n", kind.word()));
        let more = prose(kind.word());
        if !more.is_empty() {
            out.push_str(&format!("\n{more}"));
        }
        out.push('\n');
        let rows = clauses(Place::In(kind));
        table(&mut out, rows);
        blocks(&mut out, rows);
    }
    out + "\n" + &prose("formatting")
}

/// The lines that have a default value if they are left out, and who is asked for it.
fn defaults() -> String {
    let mut out = "| Line | Where | Left out | Who makes sure of it |\n|---|---|---|---|\n".to_owned();
    for section in vocabulary::sections() {
        for clause in &section.clauses {
            let Absence::Default(value) = clause.absence else {
                continue;
            };
            let sees = match carried(section.place, clause).expect("every clause has a row") {
                Carried::Enforced { .. } => "The policies, at each request.",
                Carried::Documented { used } => used,
                Carried::Impossible { instead, .. } => instead,
            };
            let stands = if value.is_empty() {
                "the same".to_owned()
            } else {
                format!("`{value}`")
            };
            out.push_str(&format!(
                "| `{}` | in {} | {stands} | {sees} |\n",
                clause.word,
                section.place.phrase()
            ));
        }
    }
    out
}

#[test]
fn what_is_said_to_have_no_default_has_none() {
    let page = prose("left_out");
    let mut named = 0;
    // `- `can_assume`, `issued` and `revoked` of an identity. Why.`
    for item in page.split("\n- ").skip(1) {
        let lines = item.split_once(". ").map_or(item, |(lines, _)| lines).replace('\n', " ");
        for part in lines.split(", and `") {
            let (words, kinds_said) = part.split_once(" of ").unwrap_or_else(|| panic!("{part}"));
            for (kind, _) in kinds() {
                let kind_said = kinds_said.split([' ', ',']).any(|word| word == kind.word());
                for word in words.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_') {
                    if !kind_said || matches!(word, "" | "and" | "or") {
                        continue;
                    }
                    let rows = clauses(Place::In(kind)).iter().filter(|clause| clause.word == word);
                    assert!(rows.count() > 0, "{} takes no `{word}`", kind.word());
                    assert_eq!(vocabulary::default(Place::In(kind), word), None, "{} {word}", kind.word());
                    named += 1;
                }
            }
        }
    }
    assert!(named > 15, "{named}");
}

/// The kinds in the order in which a file may declare them, each with its sentence.
fn kinds() -> Vec<(Kind, &'static str)> {
    clauses(Place::File)
        .iter()
        .filter_map(|clause| clause.declares.map(|kind| (kind, clause.text)))
        .collect()
}

/// A page of `docs/language/`; empty where there is none.
fn prose(name: &str) -> String {
    golden::read(&format!("docs/language/{name}.md"))
}

/// What stands in the blocks that clauses open.
fn blocks(out: &mut String, rows: &[Clause]) {
    let mut shown = BTreeSet::new();
    for row in rows.iter().filter(|row| row.declares.is_none()) {
        let Some(place) = row.opens.filter(|place| shown.insert(*place)) else {
            continue;
        };
        // Of several forms the last is the longest.
        let form = rows
            .iter()
            .rfind(|other| other.word == row.word && other.opens == Some(place))
            .unwrap_or(row);
        out.push_str(&format!("\n#### {}\n\n", line(form)));
        match place.takes_grants() {
            true => {
                let grant = vocabulary::grant_clause();
                out.push_str(&format!("A grant on each line: {}\n", lower_first(grant.text)));
            }
            false => table(out, clauses(place)),
        }
    }
}

/// The clauses of one place.
fn table(out: &mut String, rows: &[Clause]) {
    if rows.is_empty() {
        out.push_str("It takes no clauses.\n");
        return;
    }
    out.push_str("| Line | Meaning | How often | Left out |\n|---|---|---|---|\n");
    let mut before = "";
    for row in rows {
        // The forms of one word share what it means that the word is not there.
        let forms = rows.iter().filter(|other| other.word == row.word);
        let absence = match row.word == before {
            true => String::new(),
            false => forms
                .map(|form| absent(form.absence))
                .find(|text| !text.is_empty())
                .unwrap_or_default(),
        };
        let times = match row.times {
            Times::Once => "once",
            Times::Many => "",
        };
        out.push_str(&format!("| {} | {} | {times} | {absence} |\n", line(row), row.text));
        before = row.word;
    }
    let slots = slots(rows);
    if !slots.is_empty() {
        out.push_str(&format!("\n{slots}\n"));
    }
}

/// A line as it is written.
fn line(row: &Clause) -> String {
    let signature = row.signature_in_words().replace('|', "\\|");
    let space = if signature.is_empty() { "" } else { " " };
    let block = if row.opens.is_some() { " { … }" } else { "" };
    let code = format!("`{}{space}{signature}{block}`", row.word);
    match row.declares {
        Some(kind) => format!("[{code}](#{})", kind.word()),
        None => code,
    }
}

/// What it means that a clause is not there.
fn absent(absence: Absence) -> String {
    match absence {
        Absence::Fine => String::new(),
        Absence::Unknown => "unknown: it may be anything".into(),
        Absence::Default("") => "the same".to_owned(),
        Absence::Default(value) => format!("as `{value}`"),
        Absence::Required(name) => {
            let code = catalogue::find(name).expect("the vocabulary names checks of the catalogue");
            match ALL.iter().any(|check| check.code == code) {
                true => format!("[{} {name}](codes/{name}.md)", code.id),
                false => format!("{} {name}", code.id),
            }
        }
    }
}

/// What the slots stand for whose names do not say it.
fn slots(rows: &[Clause]) -> String {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        each_slot(&row.pattern, &mut |name, slot| {
            let (what, slot_name) = (describe(slot), format!("`<{}>`", name.replace('_', " ")));
            if what == name || what.is_empty() {
                return;
            }
            match found.iter_mut().find(|(known, _)| *known == what) {
                Some((_, names)) if names.contains(&slot_name) => {}
                Some((_, names)) => names.push(slot_name),
                None => found.push((what, vec![slot_name])),
            }
        });
    }
    let said: Vec<String> = found
        .into_iter()
        .map(|(what, names)| format!("{}: {what}", names.join(", ")))
        .collect();
    match said.is_empty() {
        true => String::new(),
        false => format!("{}.", said.join(" · ")),
    }
}

fn each_slot(patterns: &[Pattern], visit: &mut impl FnMut(&'static str, Slot)) {
    for pattern in patterns {
        match pattern {
            Pattern::Slot(name, slot) => visit(name, *slot),
            Pattern::Keyword(..) | Pattern::Choice(..) | Pattern::Comma => {}
            Pattern::Optional(inner) | Pattern::Group(inner) | Pattern::List(inner, _) => each_slot(inner, visit),
        }
    }
}

/// What a slot takes, in words; nothing where the introduction has a heading for it.
fn describe(slot: Slot) -> String {
    match slot {
        Slot::New | Slot::Path | Slot::Use | Slot::Grant | Slot::Select | Slot::Quorum | Slot::Condition => String::new(),
        Slot::Reference(kinds) if kinds.len() > 4 => "any declaration".into(),
        Slot::Reference(kinds) => {
            let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
            match words.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                _ => words.join(""),
            }
        }
        Slot::Identifier => "a word of your own".into(),
        Slot::Check => "name or number of a check".into(),
        Slot::Text => "text".into(),
        Slot::Integer => "integer".into(),
        Slot::Duration => "duration".into(),
        Slot::Date => "date".into(),
        Slot::Currency => "currency".into(),
        Slot::Literal => "literal".into(),
        Slot::PeopleQuorum => "a quorum of people".into(),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_lowercase().collect::<String>() + chars.as_str())
}
