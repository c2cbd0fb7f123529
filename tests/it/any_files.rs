//! Files are renamed, split and joined, and nothing that they declare changes: no id, digest, revision, fingerprint or approval; what is
//! built is the same but for the places.

use crate::metamorphic::{ORDERS, means_the_same, pieces, shuffle};
use crate::project::{Project, files_below, repository};
use crate::random::Random;
use crate::silence::{EXAMPLES, Files};
use rayon::prelude::*;
use std::collections::BTreeMap;

#[test]
fn files_may_be_renamed() {
    let rename = |random: &mut Random, _: &str, files: &Files| {
        let mut names: Vec<String> = (0..files.len())
            .map(|number| format!("{}-of-them.gov", ["a", "k", "z"][number % 3].repeat(number + 1)))
            .collect();
        shuffle(random, &mut names);
        let texts = files.iter().map(|(_, text)| text.clone());
        let mut renamed: Files = names.into_iter().zip(texts).collect();
        renamed.sort();
        renamed
    };
    means_the_same(rename, ORDERS);
}

#[test]
fn files_may_be_joined() {
    let join = |random: &mut Random, _: &str, files: &Files| {
        let mut items: Vec<String> = files.iter().flat_map(|(_, text)| pieces(text).1).collect();
        shuffle(random, &mut items);
        let half = items.split_off(random.below(items.len()));
        let file = |(number, items): (usize, Vec<String>)| (format!("part{number}.gov"), items.join("\n\n") + "\n");
        [items, half].into_iter().enumerate().map(file).collect()
    };
    means_the_same(join, ORDERS);
}

/// What `build` writes, by file. Digests of files are left out: they are of the texts.
fn written(project: &Project) -> BTreeMap<String, String> {
    project.run(&["build", ".", "--output", "out"]).ends_with(0);
    let root = project.path("out");
    let texts = files_below(&root).into_iter().filter_map(|file| {
        let text = std::fs::read_to_string(&file).ok()?;
        let name = file.strip_prefix(&root).ok()?.to_string_lossy().into_owned();
        // Besides digests the manifest has only sizes.
        if name == "manifest.json" {
            return None;
        }
        Some((
            name,
            regex("sha256:[0-9a-f]+|[0-9a-f]{64}|[0-9a-f]{12}…")
                .replace_all(&text, "DIGEST")
                .into_owned(),
        ))
    });
    texts.collect()
}

fn regex(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).expect("it is a pattern")
}

/// What the engines read, without the places of the declarations, which are for people.
fn without_places(written: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let places = regex(r"[a-z]+\.gov:[0-9]+(, [a-z]+\.gov:[0-9]+)*( and [0-9]+ more)?");
    let read = |name: &str| ["cedar/", "rego/", "requests"].iter().any(|start| name.starts_with(start)) || name == "model.json";
    let all = written.into_iter().filter(|(name, _)| read(name));
    all.map(|(name, text)| (name, places.replace_all(&text, "PLACES").into_owned()))
        .collect()
}

#[test]
fn what_is_built_is_the_same_however_the_files_are_called() {
    EXAMPLES.par_iter().for_each(|name| {
        let folder = repository().join("examples").join(name);
        let files: Files = files_below(&folder)
            .into_iter()
            .filter(|file| file.extension().is_some_and(|end| end == "gov"))
            .map(|file| {
                let name = file.file_name().expect("it has one").to_string_lossy().into_owned();
                (name, std::fs::read_to_string(&file).expect("it is text"))
            })
            .collect();
        let of = |files: &Files| files.iter().fold(Project::new(), |project, (name, text)| project.file(name, text));
        let expected = written(&of(&files));
        assert!(expected.len() > 20, "{name}");

        // Other names in the same order: nothing but the names differs.
        let longer = |name: &String| name.replace(".gov", "_longer.gov");
        let renamed: Files = files.iter().map(|(name, text)| (longer(name), text.clone())).collect();
        for (file, text) in written(&of(&renamed)) {
            let text = text.replace("_longer.gov", ".gov");
            // A column in a text is as wide as the longest name.
            let (one, other) = (spaced(&expected[&file]), spaced(&text));
            assert!(one == other, "{name}: {file}: {}", first_difference(&one, &other));
        }

        // Another order, and one file: what the engines read is the same but for the places.
        let turned: Files = files
            .iter()
            .rev()
            .enumerate()
            .map(|(place, (_, text))| (format!("{}.gov", ["a", "b", "c", "d", "e", "f", "g"][place]), text.clone()))
            .collect();
        let joined = files.iter().flat_map(|(_, text)| pieces(text).1).collect::<Vec<_>>().join("\n\n");
        let expected = without_places(expected);
        assert!(expected.len() > 5, "{:?}", expected.keys());
        for other in [turned, vec![("all.gov".to_owned(), joined)]] {
            let now = without_places(written(&of(&other)));
            assert_eq!(expected.keys().collect::<Vec<_>>(), now.keys().collect::<Vec<_>>());
            for (file, text) in &expected {
                assert!(now[file] == *text, "{name}: {file}: {}", first_difference(text, &now[file]));
            }
        }
    });
}

fn spaced(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
        .collect()
}

/// The first line in which two texts differ.
fn first_difference(one: &str, other: &str) -> String {
    let differs = |(one, other): &(&str, &str)| one != other;
    one.lines()
        .zip(other.lines())
        .find(differs)
        .map_or(String::new(), |(one, other)| format!("\n- {one}\n+ {other}"))
}
