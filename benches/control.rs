//! How long it takes to find who controls a decision, where teams decide about each other and every team hangs on every other one.

mod generator;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;

/// The workspace of the pages with this number of teams, each managed by two of three others, and the gateway by two of the first three.
fn teams(count: usize) -> Vec<(String, String)> {
    let base = include_str!("../docs/codes/base.gov");
    let mut text = base.replace("managed_by    2 of (priya, ines)", "managed_by    2 of (q0, q1, q2)");
    assert!(text.contains("(q0, q1, q2)"), "the gateway is in the hands of teams");
    for team in 0..count {
        let [one, two, three] = [1, 7, count / 3 + 1].map(|step| (team + step) % count);
        let members = if team % 2 == 0 { "ivy, ben" } else { "ivy, gerard" };
        let written = writeln!(
            text,
            "team q{team} \"Q{team}\" {{ lead ivy; members {members}; managed_by 2 of (q{one}, q{two}, q{three}); kept_in none }}"
        );
        assert!(written.is_ok(), "text takes everything");
    }
    vec![("main.gov".to_owned(), text)]
}

fn control(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("control");
    group.sample_size(10);
    for count in [100, 1_000, 10_000] {
        let files = teams(count);
        let found = generator::check(&files);
        let forged = found
            .findings
            .iter()
            .filter(|finding| finding.code.is_some_and(|code| code.name == "forgeable-approval"));
        assert!(forged.count() > 0, "ivy is in every team, so the gateway is hers");
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &files, |bencher, files| {
            bencher.iter(|| generator::check(files))
        });
    }
    group.finish();
}

criterion_group!(benches, control);
criterion_main!(benches);
