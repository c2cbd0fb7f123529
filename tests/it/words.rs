//! Lists, counts, durations and values: one way to write each.

use quorate::words::{at_most, counted, day, duration, few, grouped, list, listed, literal, plural};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

#[test]
fn a_duration_is_in_the_longest_unit_that_divides_it() {
    let written = |seconds: &[i64]| seconds.iter().map(|one| duration(*one)).collect::<Vec<_>>().join(", ");
    assert_eq!(
        written(&[0, 1, 61, MINUTE, 15 * MINUTE, HOUR, 36 * HOUR]),
        "0 seconds, 1 second, 61 seconds, 1 minute, 15 minutes, 1 hour, 36 hours"
    );
    assert_eq!(
        written(&[DAY, 2 * DAY, 7 * DAY, 365 * DAY, 730 * DAY, 366 * DAY]),
        "24 hours, 2 days, 7 days, 1 year, 2 years, 366 days"
    );
}

#[test]
fn a_value_is_written_as_the_files_write_it() {
    assert_eq!([DAY, 2 * DAY, 90, 5 * MINUTE].map(literal::duration), ["24h", "2d", "90s", "5m"]);
    assert_eq!(
        [0, 999, 10_000, -1_234_567].map(literal::integer),
        ["0", "999", "10_000", "-1_234_567"]
    );
    let money = [(50_000, "EUR"), (-5, "EUR"), (120_050, "EUR"), (500, "JPY"), (-1_500, "KWD")];
    let money: Vec<String> = money.iter().map(|(minor, currency)| literal::money(*minor, currency)).collect();
    assert_eq!(money.join(", "), "500 EUR, -0.05 EUR, 1_200.50 EUR, 500 JPY, -1.500 KWD");
    assert_eq!(literal::quoted("a\"b\n"), "\"a\\\"b\\u{a}\"");
}

#[test]
fn an_empty_list_is_nobody() {
    let names = ["a", "b", "c", "d", "e"];
    let written: Vec<String> = (0..=5).map(|count| few(&names[..count])).collect();
    assert_eq!(
        written,
        ["nobody", "a", "a and b", "a, b and c", "a, b, c and d", "a, b, c and 2 more"]
    );
    assert_eq!(listed(&names), "a, b, c, d and e");
    assert_eq!(list(&names[..3], "or"), "a, b or c");
    assert_eq!(at_most(&names, 2), "a, b and 3 more");
}

#[test]
fn numbers_of_things_have_groups_of_three_digits() {
    assert_eq!([0, 999, 1_000, 12_345_678].map(grouped), ["0", "999", "1,000", "12,345,678"]);
    assert_eq!(
        [0, 1, 2, 1_200].map(|count| plural(count, "file")),
        ["0 files", "1 file", "2 files", "1,200 files"]
    );
    assert_eq!([1, 3].map(|count| counted(count, "person", "people")), ["1 person", "3 people"]);
}

#[test]
fn a_second_is_a_day_only_where_one_begins() {
    assert_eq!([0, DAY, 1, -DAY].map(day), ["1970-01-01", "1970-01-02", "1", "1969-12-31"]);
}
