//! Realistic workspaces of any size: for every hundred agents five domains, ten people, three systems, in a file of their own.

use jiff::civil::Date;
use quorate::compile::{Compilation, HORIZON, Options, compile};
use quorate::source::{Origin, SourceFile, Sources};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The day the workspaces are read as of.
pub const AS_OF: Date = Date::constant(2026, 11, 23);

/// A workspace with this number of agents, as files; it has no finding.
#[allow(dead_code, reason = "all benches but one ask for it")]
pub fn workspace(agents: usize) -> Vec<(String, String)> {
    let counts = (0..agents.div_ceil(100)).map(|unit| (agents - unit * 100).min(100));
    of_units(counts)
}

/// A workspace of this number of units, each with five domains and this number of agents.
#[allow(dead_code, reason = "one bench asks for it")]
pub fn units(units: usize, agents: usize) -> Vec<(String, String)> {
    of_units((0..units).map(|_| agents))
}

fn of_units(counts: impl Iterator<Item = usize>) -> Vec<(String, String)> {
    let mut files = vec![("workspace.gov".to_owned(), shared())];
    for (unit, agents) in counts.enumerate() {
        files.push((format!("unit_{unit}.gov"), self::unit(unit, agents)));
    }
    with_digests(files)
}

/// The sources of some files, the standard library among them.
pub fn sources(files: &[(String, String)]) -> Sources {
    let mut sources = quorate::workspace::library();
    let own = files
        .iter()
        .map(|(name, text)| SourceFile::new(name.clone(), text.clone(), Origin::Workspace));
    sources.files.extend(own);
    sources
}

/// Compiles some files.
pub fn check(files: &[(String, String)]) -> Compilation {
    let options = Options {
        as_of: AS_OF,
        horizon: HORIZON,
        name: None,
        levels: BTreeMap::new(),
    };
    compile(sources(files), options, Vec::new())
}

/// Writes the digest of each scope where the text says `scope auto`.
fn with_digests(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let plain: Vec<(String, String)> = files
        .iter()
        .map(|(name, text)| (name.clone(), text.replace(" scope auto", "")))
        .collect();
    let compilation = check(&plain);
    assert!(
        compilation.errors.is_empty(),
        "the generator writes what the language reads: {:?}",
        compilation.errors.first()
    );
    let meaning = compilation.meaning.as_ref().expect("a text without an error has a meaning");
    let mut digests: BTreeMap<&str, std::vec::IntoIter<String>> = BTreeMap::new();
    let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, task) in meaning.model.tasks.iter().enumerate() {
        let file = &compilation.sources.file(task.meta.span.file).name;
        let digest = quorate::facts::scope::digest(&meaning.model, &meaning.facts, quorate::model::TaskId(index as u32));
        lists.entry(file).or_default().push(digest);
    }
    for (file, list) in lists {
        digests.insert(file, list.into_iter());
    }
    let fill = |(name, text): (String, String)| {
        let mut parts = text.split(" scope auto");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digest = digests.get_mut(name.as_str()).and_then(Iterator::next).unwrap_or_default();
            let _ = write!(out, ", scope \"{digest}\"{part}");
        }
        (name, out)
    };
    files.into_iter().map(fill).collect()
}

fn shared() -> String {
    let mut out = String::from("//! What every unit shares.\n\n");
    out.push_str("workspace bench \"Generated\" {\n  changes approve 2 of (business, security, privacy)\n  owner business root_a\n  owner security root_b\n  owner privacy root_c\n}\n\n");
    for name in ["root_a", "root_b", "root_c", "root_d"] {
        let _ = writeln!(
            out,
            "person {name} {{ email \"{name}@bench.example\"; accounts none; reports_to none }}"
        );
    }
    out.push_str("\nprovider bench_it \"IT\"\nprovider bench_ai \"AI\"\n\nenforcement gateway {\n  engine cedar; on_failure deny; managed_by 3 of (root_a, root_b, root_c); operated_by bench_it\n  configured_in none\n}\n\n");
    out.push_str("system siem {\n  holds audit.record; managed_by 2 of (root_a, root_d); enforced_by gateway; feeds none\n}\n\n");
    out.push_str("system issuer {\n  holds none; managed_by 2 of (root_b, root_d); enforced_by gateway; feeds none\n}\n\n");
    out.push_str("ledger approvals_ledger {\n  keeps audit.record in siem; approvals signed; tamper_evident hash_chain; retention 7y\n  managed_by 2 of (root_a, root_d)\n}\n");
    out
}

/// The five domains of a unit: a title, what it covers, whether privacy decides too.
const DOMAINS: [(&str, &str, bool); 5] = [
    ("profile", "write customer.profile", false),
    ("consent", "write customer.consent", true),
    ("segment", "write customer.segment", false),
    ("engagement", "write customer.engagement", false),
    (
        "reading",
        "read customer.profile, customer.consent, customer.segment, customer.engagement",
        false,
    ),
];

fn unit(unit: usize, agents: usize) -> String {
    let mut out = format!("//! Unit {unit}.\nmodule bench.unit_{unit}\n\nuse bench.*\n\n");
    for person in 0..10 {
        let _ = writeln!(
            out,
            "person p{person} \"Person {person} of unit {unit}\" {{\n  email \"p{person}.u{unit}@bench.example\"; accounts \"okta:u{unit}p{person}\"; reports_to none\n}}"
        );
    }
    out.push_str("\nteam watch { lead p8; members p8, p3; managed_by 2 of (p6, p9); kept_in none }\n\n");
    for (system, feeds) in [
        ("crm", "feeds cdp with customer.segment within 1h"),
        ("cdp", "feeds none"),
        ("mail", "feeds none"),
    ] {
        let _ = writeln!(
            out,
            "system {system} \"{system} of unit {unit}\" {{\n  holds customer.profile, customer.consent, customer.segment, customer.engagement; managed_by p9\n  enforced_by gateway; {feeds}\n}}\n"
        );
    }
    out.push_str(
        "purpose service \"Serving customers\" { needs customer.profile, customer.consent, customer.segment, customer.engagement }\n\n",
    );
    out.push_str("ownership owners {\n  owner business p0 deputy p1\n  owner security p2 deputy p3\n  owner privacy p4 deputy p5\n}\n\n");
    for (name, covers, privacy) in DOMAINS {
        let approve = match (name, privacy) {
            ("reading", _) => "none",
            (_, true) => "business and security and privacy",
            (_, false) => "business and security",
        };
        let rollback = if name == "reading" { "" } else { "; rollback restore" };
        let _ = writeln!(
            out,
            "domain {name} \"{name} of unit {unit}\" {{\n  covers {covers} in crm, cdp, mail\n  ownership owners\n  approve {approve}\n  purposes service; retention 2y{rollback}; evidence approvals_ledger\n}}\n"
        );
    }
    out.push_str("rollback restore {\n  restores customer.profile, customer.consent, customer.segment, customer.engagement in crm, cdp, mail\n  method journal; within 4h; owner p6; tested 2026-10-12; operated_by bench_it\n}\n\n");
    for agent in 0..agents {
        let class = ["profile", "consent", "segment", "engagement"][agent % 4];
        let system = ["crm", "cdp", "mail"][agent % 3];
        let also = if class == "consent" { ", privacy p4" } else { "" };
        let _ = writeln!(
            out,
            "identity i{agent} {{\n  kind workload; principal \"spiffe://bench.example/u{unit}/a{agent}\"; issued_by issuer; ttl 15m\n  issued just_in_time; revoked on_task_end; can_assume none\n  access {{\n    read.view customer.profile in {system}\n    write.update customer.{class} in {system}\n  }}\n}}\n"
        );
        let _ = writeln!(
            out,
            "agent a{agent} \"Agent {agent} of unit {unit}\" {{\n  runs_as i{agent}; owner p7; provider bench_ai; autonomy act_with_approval; calls none\n  stop kill_switch by watch within 5m\n}}\n"
        );
        let _ = writeln!(
            out,
            "task t{agent} for a{agent} {{\n  purpose service; basis contract\n  read.view customer.profile in {system}\n  write.update customer.{class} in {system}\n  limit records 1_000 per 24h; until 2027-06-30\n  approved business p0, security p2{also} on 2026-11-02 scope auto\n}}\n"
        );
    }
    out
}
