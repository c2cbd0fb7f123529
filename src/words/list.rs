//! Names in a row.

/// How many names a list shows that is cut short.
const SHOWN: usize = 3;

/// `a, b and c`, with the word given before the last; `nobody` for an empty list.
pub fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>, last: &str) -> String {
    let names: Vec<T> = names.into_iter().collect();
    match &names[..] {
        [] => "nobody".to_owned(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., end] => format!(
            "{} {last} {}",
            rest.iter().map(T::as_ref).collect::<Vec<_>>().join(", "),
            end.as_ref()
        ),
    }
}

/// `a`, `a and b`, `a, b and c`; `nobody` for an empty list.
pub fn listed<T: AsRef<str>>(names: &[T]) -> String {
    list(names, "and")
}

/// `a and b`, or `a, b, c and 97 more`.
pub fn few<T: AsRef<str>>(names: &[T]) -> String {
    at_most(names, SHOWN)
}

/// The same with another number of names. A list that is one name longer is shown whole, because `1 more` takes as much room.
pub fn at_most<T: AsRef<str>>(names: &[T], shown: usize) -> String {
    if names.len() <= shown + 1 {
        return listed(names);
    }
    let more = format!("{} more", names.len() - shown);
    let shown = names[..shown].iter().map(T::as_ref).chain([&*more]);
    list(shown, "and")
}
