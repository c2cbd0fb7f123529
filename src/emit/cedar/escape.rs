//! Turns text into a Cedar string, name or comment without ever becoming Cedar code.

/// Words that cannot be written as an attribute after a dot.
const RESERVED: [&str; 9] = ["true", "false", "if", "then", "else", "in", "is", "like", "has"];

/// A Cedar string, with its quotes.
pub fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            hidden if is_hidden(hidden) => written.extend(hidden.escape_unicode()),
            plain => written.push(plain),
        }
    }
    written.push('"');
    written
}

/// Text for one comment line: a character that could end the line or hide in it is written as its code.
pub fn comment(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => written.push(' '),
            hidden if is_hidden(hidden) => written.extend(hidden.escape_unicode()),
            plain => written.push(plain),
        }
    }
    written.trim().to_owned()
}

/// Whether a name can stand without quotes.
pub fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_') && !name.starts_with("__") && !RESERVED.contains(&name)
}

/// Control characters, line and paragraph separators, and characters that change the direction or are
/// invisible.
fn is_hidden(character: char) -> bool {
    let invisible = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    character.is_control() || invisible
}
