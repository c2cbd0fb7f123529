//! Changes that mean nothing change no finding; changes that mean something move the numbers in one direction only.

use crate::brute_force::{Case, PEOPLE, case};
use crate::project::repository;
use crate::random::Random;
use crate::renaming::{own_names, renamed};
use crate::silence::{EXAMPLES, Files, compiled, example};
use quorate::compile::Compilation;
use quorate::diagnostic::Diagnostic;
use quorate::emit::lower::revision;
use quorate::facts::approval::{Problem, SeatOf, Way};
use quorate::facts::control::Formula;
use quorate::facts::verdict::ways;
use quorate::model::{FunctionId, PersonId, Quorum};
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use quorate::syntax::tree::Node;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Where the rows of random numbers begin.
const SEED: u64 = 20_261_127;

/// How often each example is put into another order.
pub const ORDERS: usize = 2;

/// How many random problems each change is tried on.
const PROBLEMS: usize = 3_000;

/// Words whose clauses are tried in the order in which they are written.
const ORDERED: [&str; 1] = ["approve"];

/// Everything that a finding says, without where it stands.
fn said(finding: &Diagnostic) -> String {
    let (code, own) = (finding.code.map_or("", |code| code.id), &finding.finding);
    format!(
        "{code} {} {} {:?} {} {}",
        own.subject_kind, own.subject, finding.level, own.fingerprint, finding.message
    )
}

pub fn all_said<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> Vec<String> {
    let mut all: Vec<String> = findings.into_iter().map(said).collect();
    all.sort();
    all
}

fn digest(compilation: &Compilation) -> String {
    revision(&compilation.meaning.as_ref().expect("it has no error").model)
}

fn examples() -> Vec<String> {
    EXAMPLES
        .iter()
        .flat_map(|name| [(*name).to_owned(), format!("{name}-gaps")])
        .collect()
}

pub fn shuffle<T>(random: &mut Random, list: &mut [T]) {
    for place in (1..list.len()).rev() {
        list.swap(place, random.below(place + 1));
    }
}

/// Holds one change against every example.
pub fn means_the_same(change: impl Fn(&mut Random, &str, &Files) -> Files + Sync, times: usize) {
    println!("seed {SEED}");
    let faults: Vec<String> = examples()
        .par_iter()
        .flat_map_iter(|name| {
            let files = example(name);
            let whole = compiled(&files);
            assert!(whole.errors.is_empty(), "{name}");
            let (expected, before) = (all_said(&whole.findings), digest(&whole));
            let mut random = Random::new(SEED);
            let mut faults = Vec::new();
            for time in 0..times {
                let files = change(&mut random, &whole.workspace, &files);
                let other = compiled(&files);
                let error = other.errors.first().map(|error| &error.message);
                assert!(error.is_none(), "{name}, time {time}: {error:?}\n{files:#?}");
                let now = all_said(&other.findings);
                // Of two identities with one credential the finding stands at the later in the files, so it moves with them.
                let moves = |one: &&String| one.starts_with("GOV202 ");
                let mut differ: Vec<String> = Vec::new();
                differ.extend(
                    expected
                        .iter()
                        .filter(|one| !moves(one) && !now.contains(one))
                        .map(|one| format!("- {one}")),
                );
                differ.extend(
                    now.iter()
                        .filter(|one| !moves(one) && !expected.contains(one))
                        .map(|one| format!("+ {one}")),
                );
                if !differ.is_empty() || now.len() != expected.len() {
                    faults.push(format!("{name}, time {time}:\n{}", differ.join("\n")));
                }
                let prints = |findings: &[Diagnostic]| {
                    let mut all: Vec<String> = findings.iter().map(|finding| finding.finding.fingerprint.clone()).collect();
                    all.sort();
                    all
                };
                if prints(&whole.findings) != prints(&other.findings) {
                    faults.push(format!("{name}, time {time}: other fingerprints"));
                }
                if digest(&other) != before {
                    faults.push(format!("{name}, time {time}: another revision"));
                }
            }
            faults
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// A file in pieces: the text before the declarations, and each declaration with its `///` lines.
pub fn pieces(text: &str) -> (String, Vec<String>) {
    let (tree, errors) = parse(FileId(0), text);
    assert!(errors.is_empty(), "{}", errors[0].message);
    let (mut head, mut items) = (String::new(), Vec::new());
    for node in &tree.nodes {
        let whole = |node: &Node| node.docs.first().map_or(node.extent.start, |doc| doc.start) as usize..node.extent.end as usize;
        let piece = text[whole(node)].to_owned();
        match node.word.of(text) {
            "use" | "module" => head += &(piece + "\n"),
            _ => items.push(piece),
        }
    }
    (head, items)
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".gov").expect("it is a source")
}

#[test]
fn a_module_may_be_in_several_files() {
    let split = |random: &mut Random, workspace: &str, files: &Files| {
        let mut parts: Files = Vec::new();
        for (name, text) in files {
            let (head, items) = pieces(text);
            let count = 2 + random.below(3);
            // A file is part of its folder, or says so.
            let module = if random.below(2) == 0 {
                format!("module {workspace}\n")
            } else {
                String::new()
            };
            let mut texts = vec![format!("{module}{head}\n"); count];
            for item in items {
                texts[random.below(count)] += &(item + "\n\n");
            }
            parts.extend(
                texts
                    .into_iter()
                    .enumerate()
                    .map(|(part, text)| (format!("{}_{part}.gov", stem(name)), text)),
            );
        }
        parts
    };
    means_the_same(split, ORDERS);
}

#[test]
fn declarations_may_stand_in_any_order() {
    let reorder = |random: &mut Random, _: &str, files: &Files| {
        let mut files: Files = files
            .iter()
            .map(|(name, text)| {
                let (head, mut items) = pieces(text);
                shuffle(random, &mut items);
                (name.clone(), format!("{head}\n{}\n", items.join("\n\n")))
            })
            .collect();
        shuffle(random, &mut files);
        files
    };
    means_the_same(reorder, ORDERS);
}

/// A declaration with its clauses in another order, down to the innermost block.
fn reordered(random: &mut Random, node: &Node, text: &str) -> String {
    let Some(block) = &node.block else {
        return node.extent.of(text).to_owned();
    };
    let mut order: Vec<usize> = (0..block.nodes.len()).collect();
    shuffle(random, &mut order);
    // Tiers keep their order among themselves, wherever they stand.
    let ordered = |place: &usize| ORDERED.contains(&block.nodes[*place].word.of(text));
    let mut tiers = (0..block.nodes.len()).filter(ordered);
    for place in &mut order {
        if ordered(place) {
            *place = tiers.next().expect("there are as many");
        }
    }
    let clauses: Vec<String> = order.iter().map(|place| reordered(random, &block.nodes[*place], text)).collect();
    let header = &text[node.extent.start as usize..block.open.end as usize];
    format!("{header}\n{}\n}}", clauses.join("\n"))
}

#[test]
fn clauses_may_stand_in_any_order() {
    let reorder = |random: &mut Random, _: &str, files: &Files| {
        let file = |(name, text): &(String, String)| {
            let (tree, _) = parse(FileId(0), text);
            let items: Vec<String> = tree.nodes.iter().map(|node| reordered(random, node, text)).collect();
            (name.clone(), items.join("\n") + "\n")
        };
        files.iter().map(file).collect()
    };
    means_the_same(reorder, ORDERS);
}

#[test]
fn line_ends_and_comments_mean_nothing() {
    let dress = |random: &mut Random, _: &str, files: &Files| {
        let mut file = |(name, text): &(String, String)| {
            let mut out = String::from("\u{feff}");
            for line in text.lines() {
                if random.below(4) == 0 && !line.starts_with("//") {
                    out += "// ä remark, with a } and a \" in it\r\n";
                }
                out += line;
                if random.below(4) == 0 && !line.contains("//") {
                    out += "   // approve none; owner business nobody";
                }
                out += if random.below(8) == 0 { " \t\r\n" } else { "\r\n" };
            }
            (name.clone(), out)
        };
        files.iter().map(&mut file).collect()
    };
    means_the_same(dress, ORDERS);
}

#[test]
fn an_unrelated_agent_changes_no_finding() {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("it is readable");
    let (_, items) = pieces(&base);
    let own: Vec<String> = items.into_iter().filter(|item| !item.starts_with("workspace")).collect();
    let data = "data errand \"Errands\" {\n  personal\n  data note \"Notes\"\n  data wish \"Wishes\"\n}\n";
    let words = [
        ("customer.profile", "errand.note"),
        ("customer.consent", "errand.wish"),
        ("acme.example", "far.example"),
        ("acme/marketing", "far/errands"),
        ("okta:", "far:"),
        ("crm.", "errands."),
    ];
    let text = words.iter().fold(own.join("\n\n"), |text, (from, to)| text.replace(from, to));
    let kinds = [
        "agent",
        "domain",
        "enforcement",
        "identity",
        "ledger",
        "person",
        "provider",
        "purpose",
        "rollback",
        "system",
        "task",
        "team",
    ];
    let names = own_names(&vec![("far.gov".to_owned(), text.clone())], &kinds);
    let far = format!("use std.audit.*\n\n{data}\n{}", renamed(&text, &names));
    for name in examples() {
        let mut files = example(&name);
        let whole = compiled(&files);
        files.push(("far.gov".to_owned(), far.clone()));
        let other = compiled(&files);
        assert!(other.errors.is_empty(), "{name}: {}\n{far}", other.errors[0].message);
        let points = |compilation: &Compilation| compilation.meaning.as_ref().map_or(0, |meaning| meaning.facts.decision_points);
        assert!(points(&other) > points(&whole), "{name}: the agent decides nothing");
        let far = |finding: &&Diagnostic| finding.span().is_some_and(|span| other.sources.file(span.file).name == "far.gov");
        let others = other.findings.iter().filter(|finding| !far(finding));
        assert_eq!(all_said(others), all_said(&whole.findings), "{name}");
    }
}

/// The problem that some quorums make of the same seats.
fn with_quorums(case: &Case, problem: &Problem, quorums: &[Quorum]) -> Problem {
    let mut all = vec![Way::new()];
    for (domain, quorum) in quorums.iter().enumerate() {
        let options = ways(quorum).expect("small quorums have few ways");
        let seat = |function: FunctionId| {
            let known = case.seats.get(&(domain, function.index())).copied();
            known.unwrap_or(problem.seats.len() - 1)
        };
        all = all
            .iter()
            .flat_map(|way| {
                options.iter().map(|option| {
                    let more = option.iter().map(|(function, count)| (seat(*function), *count));
                    way.clone().into_iter().chain(more).collect()
                })
            })
            .collect();
    }
    Problem {
        ways: all,
        ..problem.clone()
    }
}

/// The nominal and the effective collusion number; none where nobody can decide.
fn numbers(problem: &Problem) -> Option<(usize, usize)> {
    let nominal = problem.least(&BTreeSet::new())?.people;
    let effective = match nominal {
        0 => 0,
        more => {
            problem
                .effective(more)
                .expect("an approving set is behind every slot of itself")
                .size
        }
    };
    Some((nominal, effective))
}

/// Tries one change on every problem. `tried` says what is wrong with it, or that it told nothing.
fn over_problems(seed: u64, tried: impl Fn(&mut Random, &Case) -> Result<bool, String>) {
    println!("seed {seed}, {PROBLEMS} problems");
    let mut random = Random::new(seed);
    let mut telling = 0;
    for number in 0..PROBLEMS {
        let case = case(&mut random);
        match tried(&mut random, &case) {
            Ok(tells) => telling += usize::from(tells),
            Err(fault) => panic!("problem {number} of seed {seed}: {fault}\n{:#?}\n{:#?}", case.quorums, case.problem),
        }
    }
    println!("{telling} told something");
    assert!(telling > PROBLEMS / 20, "the problems are too much alike: {telling}");
}

fn some(random: &mut Random) -> PersonId {
    PersonId(random.below(PEOPLE as usize) as u32)
}

#[test]
fn control_never_takes_more_people_than_approval() {
    over_problems(SEED, |_, case| match numbers(&case.problem) {
        Some((nominal, effective)) if effective > nominal => Err(format!("{effective} people where {nominal} can approve")),
        Some((nominal, effective)) => Ok(effective < nominal),
        None => Ok(false),
    });
}

#[test]
fn one_more_approver_never_takes_fewer_people() {
    over_problems(SEED + 1, |random, case| {
        let mut quorums = case.quorums.clone();
        let mut problem = case.problem.clone();
        let domain = random.below(quorums.len());
        // A function that is asked already may be asked for once more; a new one brings a seat of its own.
        let function = FunctionId(random.below(4) as u32);
        if !case.seats.contains_key(&(domain, function.index())) {
            problem.seats.push(SeatOf {
                domain,
                function: function.index(),
                eligible: (0..1 + random.below(3)).map(|_| some(random)).collect(),
                control_paths: (0..random.below(2)).map(|_| Formula::Person(some(random))).collect(),
            });
        }
        let asked = Quorum::Seat(1 + random.below(2) as u32, function);
        quorums[domain] = Quorum::Threshold(2, vec![quorums[domain].clone(), asked]);
        let more = with_quorums(case, &problem, &quorums);
        match (numbers(&case.problem), numbers(&more)) {
            (None, Some(_)) => Err(format!("what nobody could decide can be decided with one more: {quorums:#?}")),
            (Some(before), Some(now)) if now.0 < before.0 || now.1 < before.1 => {
                Err(format!("{before:?} before, {now:?} with one more: {quorums:#?}"))
            }
            (Some(before), Some(now)) => Ok(before != now),
            (_, None) => Ok(false),
        }
    });
}

#[test]
fn one_person_fewer_never_makes_more_resilient() {
    over_problems(SEED + 2, |random, case| {
        let gone = some(random);
        let mut problem = case.problem.clone();
        for seat in &mut problem.seats {
            seat.eligible.retain(|name| case.problem.human(*name) != gone);
        }
        let (before, now) = (case.problem.resilience(), problem.resilience());
        // None, which is undecidable, is less than any number. Who is gone counts for one.
        if now > before {
            return Err(format!("{before:?} may be away, and {now:?} without {gone:?}"));
        }
        let one_less = before
            .filter(|before| *before != usize::MAX)
            .and_then(|before| before.checked_sub(1));
        if now < one_less {
            return Err(format!("{before:?} may be away, and only {now:?} without {gone:?}"));
        }
        Ok(now < before)
    });
}

#[test]
fn one_thing_more_in_a_hand_never_takes_more_people() {
    over_problems(SEED + 3, |random, case| {
        let mut problem = case.problem.clone();
        if problem.seats.is_empty() {
            return Ok(false);
        }
        let seat = random.below(problem.seats.len());
        let own = Formula::Person(some(random));
        let control_paths = &mut problem.seats[seat].control_paths;
        match control_paths.pop() {
            // The hand is one more that may do what others can already, or it has something of its own.
            Some(control_path) if random.below(2) == 0 => control_paths.push(Formula::Threshold(1, vec![control_path, own])),
            other => control_paths.extend(other.into_iter().chain([own])),
        }
        match (numbers(&case.problem), numbers(&problem)) {
            (None, None) => Ok(false),
            (Some(before), Some(now)) if now.0 == before.0 && now.1 <= before.1 => Ok(now.1 < before.1),
            (before, now) => Err(format!("{before:?} before, {now:?} with a hand on seat {seat}")),
        }
    });
}
