//! Another name for the same thing hides no finding.

use crate::silence::{About, EXAMPLES, Files, about, compiled, example};
use quorate::compile::Compilation;
use quorate::diagnostic::Diagnostic;
use quorate::source::FileId;
use quorate::syntax::parse::parse;
use std::collections::{BTreeMap, BTreeSet};

/// What the new names of the second test end in.
const ALIAS: &str = "_by_another_name";

/// Words of the library, each with the word of an organisation that calls the same thing otherwise. A whole comes after its parts.
const OTHERWISE: [(&str, &str); 22] = [
    ("customer.profile", "client.details"),
    ("customer.engagement", "client.habits"),
    ("customer.identity", "client.papers"),
    ("customer.billing", "client.cards"),
    ("customer.consent", "client.wishes"),
    ("customer.segment", "client.group"),
    ("customer", "client"),
    ("ticket.requester", "letter.sender"),
    ("ticket.content", "letter.body"),
    ("ticket", "letter"),
    ("price.list", "fee.table"),
    ("price.discount", "fee.cut"),
    ("price", "fee"),
    ("order", "purchase"),
    ("payment.charge", "money.taken"),
    ("payment.refund", "money.returned"),
    ("payment", "money"),
    ("write.create", "change.add"),
    ("write.update", "change.amend"),
    ("write.delete", "change.remove"),
    ("write", "change"),
    ("execute", "run"),
];

/// The same classes and actions as the library's, under names of the organisation's own.
const OWN: &str = r#"
data client "Clients" {
  personal
  data details "Details"
  data habits "Habits"
  data papers "Papers" { restricted }
  data cards "Cards" { restricted }
  data wishes "Wishes"
  data group "Group"
}

data letter "Letters" {
  personal
  data sender "Sender"
  data body "Body"
}

data fee "Fees" {
  data table "Table"
  data cut "Cut"
}

data purchase "Purchases" { personal }

data money "Money" {
  personal
  restricted
  data taken "Taken"
  data returned "Returned"
}

action change "Change" {
  mutates
  action add "Add"
  action amend "Amend"
  action remove "Remove"
}

action run "Run" { mutates }
"#;

/// A text with one word for another, wherever it stands as a word outside strings and comments.
pub fn renamed(text: &str, words: &[(String, String)]) -> String {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let lines = text.lines().map(|line| {
        let mut out = String::new();
        let (mut at, mut quoted) = (0, false);
        while at < line.len() {
            let rest = &line[at..];
            if !quoted && rest.starts_with("//") {
                out.push_str(rest);
                break;
            }
            let letter = rest.chars().next().expect("there is a rest");
            quoted ^= letter == '"';
            let begins = at == 0 || !(part(line.as_bytes()[at - 1]) || line.as_bytes()[at - 1] == b'.');
            let word = words.iter().find(|(from, _)| {
                let whole = rest.starts_with(&**from) && rest.as_bytes().get(from.len()).is_none_or(|next| !part(*next));
                whole && !quoted && begins
            });
            let (taken, put) = word.map_or((letter.len_utf8(), &rest[..letter.len_utf8()]), |(from, to)| (from.len(), &**to));
            out.push_str(put);
            at += taken;
        }
        out + "\n"
    });
    lines.collect()
}

/// The names that a workspace gives to things of these kinds, each with another one.
pub fn own_names(files: &Files, kinds: &[&str]) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for (_, text) in files {
        let (tree, _) = parse(FileId(0), text);
        for node in tree.nodes.iter().filter(|node| kinds.contains(&node.word.of(text))) {
            if let Some(name) = node.tokens.first().map(|token| token.extent.of(text)) {
                names.push((name.to_owned(), format!("{name}{ALIAS}")));
            }
        }
    }
    names
}

/// Without the lines that stand there twice once two modules have become one.
fn once(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let kept = text.lines().filter(|line| !line.starts_with("use ") || seen.insert(*line));
    kept.map(|line| format!("{line}\n")).collect()
}

/// How many findings there are of each check at each declaration; a class goes by its check alone, for it has another name.
fn counted(findings: &[Diagnostic]) -> BTreeMap<About, usize> {
    let mut counted: BTreeMap<About, usize> = BTreeMap::new();
    for finding in findings {
        let (name, kind, subject) = about(finding);
        let subject = match &*kind {
            "data" | "action" => String::new(),
            _ => subject.replace(ALIAS, ""),
        };
        *counted.entry((name, kind, subject)).or_default() += 1;
    }
    counted
}

#[track_caller]
fn nothing_is_hidden(name: &str, whole: &[Diagnostic], other: &Compilation) {
    assert!(other.errors.is_empty(), "{name}: {}", other.errors[0].message);
    let now = counted(&other.findings);
    let before = counted(whole);
    let lost: Vec<_> = before
        .iter()
        .filter(|(about, count)| now.get(about).unwrap_or(&0) < count)
        .collect();
    assert!(lost.is_empty(), "{name}: {lost:?}");
}

/// The files with every word of the library that is in the list under another name.
fn in_other_words(files: &Files, workspace: &str) -> Files {
    let mut other: Files = Vec::new();
    for (name, text) in files {
        let mut text = renamed(text, &OTHERWISE.map(|(from, to)| (from.to_owned(), to.to_owned())));
        for module in ["customer", "support", "commerce"] {
            text = text.replace(&format!("use std.{module}.*"), &format!("use {workspace}.words.*"));
        }
        other.push((name.clone(), once(&text)));
    }
    other.push(("words.gov".to_owned(), OWN.to_owned()));
    other
}

#[test]
fn another_name_for_a_class_or_an_action_hides_no_finding() {
    for name in EXAMPLES {
        let files = example(&format!("{name}-gaps"));
        let whole = compiled(&files);
        let other = in_other_words(&files, &whole.workspace);
        // A rule that names a class of the library is about that class. The rules by flags are about every class.
        let by_name = |finding: &Diagnostic| finding.finding.selector.contains("customer.");
        let by_flags: Vec<Diagnostic> = whole.findings.into_iter().filter(|finding| !by_name(finding)).collect();
        nothing_is_hidden(name, &by_flags, &compiled(&other));
    }
}

#[test]
fn another_name_for_anything_else_hides_no_finding() {
    let kinds = [
        "agent",
        "domain",
        "enforcement",
        "function",
        "identity",
        "ledger",
        "provider",
        "purpose",
        "rollback",
        "system",
        "task",
    ];
    for name in EXAMPLES {
        let files = example(&format!("{name}-gaps"));
        let names = own_names(&files, &kinds);
        let other: Files = files.iter().map(|(name, text)| (name.clone(), renamed(text, &names))).collect();
        nothing_is_hidden(name, &compiled(&files).findings, &compiled(&other));
    }
}

#[test]
fn where_nothing_is_found_nothing_is_found_under_other_names() {
    for name in EXAMPLES {
        let files = example(name);
        let whole = compiled(&files);
        assert!(whole.findings.is_empty(), "{name}");
        let other = compiled(&in_other_words(&files, &whole.workspace));
        assert!(other.errors.is_empty(), "{name}: {}", other.errors[0].message);
        // What was approved is the scope in the words of the digest.
        let found = other
            .findings
            .iter()
            .filter(|finding| finding.code.is_none_or(|code| code.id != "GOV311"));
        let found: Vec<&str> = found.map(|finding| &*finding.message).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

/// A kind says how somebody is let in. What is shared, fragmented or beyond a scope is so whatever it is called. A person's own
/// account is not among the new kinds: that is the graver fault, and takes in what follows from it.
#[test]
fn another_kind_of_identity_hides_no_finding_but_of_the_kind() {
    let kinds = ["workload", "service_account", "user", "api_key"];
    let mut renamed = 0;
    for name in EXAMPLES {
        let files = example(&format!("{name}-gaps"));
        let of_the_kind = |finding: &Diagnostic| finding.code.is_some_and(|code| matches!(code.id, "GOV204" | "GOV210"));
        let whole: Vec<Diagnostic> = compiled(&files).findings.into_iter().filter(|one| !of_the_kind(one)).collect();
        for kind in ["workload", "service_account", "api_key"] {
            let line = |line: &str| match line
                .trim_start()
                .strip_prefix("kind ")
                .and_then(|rest| rest.split([' ', ';']).next())
            {
                Some(old) if kinds.contains(&old) && old != kind => {
                    renamed += 1;
                    format!("{}\n", line.replacen(old, kind, 1))
                }
                Some(_) | None => format!("{line}\n"),
            };
            let mut line = line;
            let other: Files = files
                .iter()
                .map(|(name, text)| (name.clone(), text.lines().map(&mut line).collect()))
                .collect();
            nothing_is_hidden(&format!("{name} with {kind}"), &whole, &compiled(&other));
        }
    }
    assert!(renamed > 15, "{renamed} kinds were changed");
}
