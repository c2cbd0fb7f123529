//! Recognises characters that look like those of the language but are different ones.

/// Letters of other scripts, each with the letter that it looks like.
const LETTERS: &[(&str, &str)] = &[
    ("а", "a"),
    ("Ь", "b"),
    ("с", "c"),
    ("ԁ", "d"),
    ("е", "e"),
    ("ɡ", "g"),
    ("һ", "h"),
    ("і", "i"),
    ("ı", "i"),
    ("ј", "j"),
    ("ӏ", "l"),
    ("о", "o"),
    ("р", "p"),
    ("ԛ", "q"),
    ("г", "r"),
    ("ѕ", "s"),
    ("υ", "u"),
    ("ѵ", "v"),
    ("ν", "v"),
    ("ԝ", "w"),
    ("х", "x"),
    ("у", "y"),
    ("α", "a"),
    ("ο", "o"),
    ("ρ", "p"),
    ("ι", "i"),
    ("κ", "k"),
    ("к", "k"),
    ("т", "t"),
    ("м", "m"),
    ("п", "n"),
    ("в", "b"),
    ("ս", "u"),
    ("օ", "o"),
    ("հ", "h"),
    ("ո", "n"),
];

/// Returns a help text for the first lookalike character in a text, with its code point.
pub(super) fn lookalike(text: &str) -> Option<String> {
    let (strange, meant) = text.chars().find_map(|character| Some((character, meant(character)?)))?;
    let code = format!("U+{:04X}", strange as u32);
    Some(match meant.as_str() {
        " " => format!("the space here is {code}, which is not an ordinary space; replace it with one"),
        "\"" => format!("`{strange}` is {code}; write texts in straight double quotes: \"…\""),
        "-" => format!("`{strange}` is {code}, which only looks like the hyphen `-`; write `-` instead"),
        meant => format!(
            "`{strange}` is {code}, {}, which only looks like `{meant}`; write `{meant}` instead",
            script(strange)
        ),
    })
}

fn meant(character: char) -> Option<String> {
    let wide = (character as u32).checked_sub(0xfee0).and_then(char::from_u32);
    Some(match character {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ".to_owned(),
        '\u{201c}'..='\u{201f}' => "\"".to_owned(),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-".to_owned(),
        '\u{ff01}'..='\u{ff5e}' => wide?.to_string(),
        other => {
            let mut held = [0; 4];
            let other: &str = other.encode_utf8(&mut held);
            LETTERS.iter().find(|(strange, _)| *strange == other)?.1.to_owned()
        }
    })
}

fn script(character: char) -> &'static str {
    match character {
        '\u{370}'..='\u{3ff}' => "a Greek letter",
        '\u{400}'..='\u{52f}' => "a Cyrillic letter",
        '\u{530}'..='\u{58f}' => "an Armenian letter",
        '\u{ff01}'..='\u{ff5e}' => "a wide form",
        _ => "another letter",
    }
}
