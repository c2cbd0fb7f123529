//! Prepares the page of a check for people: removes the markers that tell tests what to expect from a block of
//! code.

/// Markers at the end of a line.
const MARKS: [&str; 3] = ["// error:", "// warning:", "// note:"];

/// Returns the page without the markers.
pub(super) fn readable(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for line in page.lines().filter(|line| !line.starts_with("// without:")) {
        let kept = MARKS.iter().find_map(|mark| line.find(mark)).map(|at| line[..at].trim_end());
        if kept != Some("") {
            out += kept.unwrap_or(line);
            out.push('\n');
        }
    }
    out
}

/// The text below a heading, unchanged.
pub(super) fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let rest = page.split_once(&format!("\n## {heading}\n")).map_or("", |(_, rest)| rest);
    rest.split("\n## ").next().unwrap_or_default().trim()
}

/// The first paragraph of a text without emphasis, cut between sentences to at most `longest` characters.
pub(super) fn paragraph(text: &str, longest: usize) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    let plain: String = first.chars().filter(|letter| *letter != '*').collect::<String>().replace('\n', " ");
    let ends = plain.match_indices(". ").map(|(end, _)| end + 1).chain([plain.trim_end().len()]);
    let fits = ends.filter(|end| plain[..*end].chars().count() <= longest).last();
    plain[..fits.unwrap_or_default()].to_owned()
}

/// The first sentence of a text.
pub(super) fn sentence(text: &str) -> String {
    let whole = paragraph(text, usize::MAX);
    whole.split_once(". ").map_or(whole.clone(), |(first, _)| format!("{first}."))
}
