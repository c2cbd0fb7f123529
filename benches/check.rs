//! How long a check takes as workspaces grow tenfold.

mod generator;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group.sample_size(10);
    for agents in [100, 1_000, 10_000] {
        let files = generator::workspace(agents);
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        assert!(generator::check(&files).findings.is_empty(), "a generated workspace has no finding");
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(BenchmarkId::from_parameter(agents), &files, |bencher, files| {
            bencher.iter(|| generator::check(files))
        });
    }
    group.finish();
}

criterion_group!(benches, check);
criterion_main!(benches);
