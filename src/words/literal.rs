//! Values as the files write them.

use super::count::thousands;

/// `24h`, `7d`, `90s`.
pub fn duration(seconds: i64) -> String {
    match seconds {
        s if s % 86_400 == 0 && s > 86_400 => format!("{}d", s / 86_400),
        s if s % 3_600 == 0 => format!("{}h", s / 3_600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// `10_000`
pub fn integer(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", thousands(&number.unsigned_abs().to_string(), "_"))
}

/// `1_200.50 EUR`, from the amount in the smallest unit of the currency.
pub fn money(minor: i64, currency: &str) -> String {
    let places = decimals(currency);
    let unit = 10_i64.pow(places as u32);
    let whole = integer(minor / unit);
    // Below one unit the sign would be lost with the whole part.
    let sign = if minor < 0 && minor > -unit { "-" } else { "" };
    match minor % unit {
        0 => format!("{whole} {currency}"),
        rest => format!("{sign}{whole}.{:0places$} {currency}", rest.abs()),
    }
}

/// How many decimal places a currency has (ISO 4217); two for any other code.
pub fn decimals(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A text in quotes on one line, whatever it contains, so that a reader cannot take it for more than one text.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            // Control characters, and separators of lines and paragraphs: some readers end a line at each of
            // them.
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => out.extend(letter.escape_unicode()),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
