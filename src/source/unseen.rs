//! Finds characters that are invisible or change the direction of writing, so that a reader sees something else
//! than the text.

/// Whether a character is always invisible, or changes the direction of writing.
pub fn unseen(character: char) -> bool {
    let separates = matches!(character, '\u{2028}' | '\u{2029}');
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let empty = matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e00ff}'
    );
    separates || turns || empty || (character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
}

/// Whether a character is invisible but necessary to write some words and emoji. A title may contain it, but a
/// name may not, because two names that look the same could differ.
pub fn joins(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The name of an invisible character, with its code point.
pub fn called(character: char) -> String {
    let name = match character {
        '\r' => "carriage return",
        '\u{b}' => "vertical tab",
        '\u{c}' => "form feed",
        '\u{85}' => "next line",
        '\u{ad}' => "soft hyphen",
        '\u{61c}' | '\u{200e}' | '\u{200f}' => "mark of the direction of writing",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "change of the direction of writing",
        '\u{2060}' => "word joiner",
        '\u{feff}' => "byte order mark",
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{e0000}'..='\u{e007f}' => "tag character",
        other if other.is_control() => "control character",
        _ => "character of no width",
    };
    format!("{name} (U+{:04X})", character as u32)
}
